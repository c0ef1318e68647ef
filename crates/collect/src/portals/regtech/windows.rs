//! A collection from REGTECH: window by window, newest first, each compared with what the portal counts.

use blocklist::Time;
use jiff::civil::Date;

use super::super::{Desk, Session};
use super::workbook::{Downloaded, download};
use super::{list_page, log_in};
use crate::{Failure, Note, Parsed, Parser, Trouble};

/// Reads the windows. The session that is kept is used, or a new one made, once.
pub(crate) async fn collect(desk: &Desk<'_>, windows: &[(Date, Date)]) -> Result<Parsed, Failure> {
    let mut session = match desk.account.session()? {
        Some(session) => session,
        None => renew(desk).await?,
    };
    let mut renewed = false;
    let mut parts = Vec::with_capacity(windows.len());
    for &window in windows {
        let part = match read(desk, &session, window).await {
            Err(failure) if failure.trouble == Trouble::SessionLost && !renewed => {
                renewed = true;
                desk.account.forget()?;
                session = renew(desk).await?;
                read(desk, &session, window).await?
            }
            result => result?,
        };
        parts.push(part);
    }
    Ok(Parsed::join(Parser::Regtech, parts, &desk.options.limits)?)
}

async fn renew(desk: &Desk<'_>) -> Result<Session, Failure> {
    let session = log_in(desk).await?;
    desk.account.keep(&session)?;
    Ok(session)
}

/// One window. The portal may take in rows between its page and its workbook, so a difference is looked at once more.
async fn read(desk: &Desk<'_>, session: &Session, window: (Date, Date)) -> Result<Parsed, Failure> {
    let mut last = Failure::new(Trouble::CountMismatch);
    for _ in 0..2 {
        let counted = list_page::count(desk, session, window).await?;
        let parsed = match download(desk, session, window).await? {
            Downloaded::Rows(parsed) => parsed,
            Downloaded::NoWorkbook(_) if counted == 0 => Parsed::empty(Parser::Regtech),
            Downloaded::NoWorkbook(failure) if !desk.settings.list_page => return Err(failure),
            Downloaded::NoWorkbook(_) => {
                let mut parsed = list_page::read(desk, session, window).await?;
                parsed.notes.push(Note::ListPage);
                parsed
            }
        };
        inside(&parsed, window)?;
        if parsed.batch.rows == counted {
            return Ok(parsed);
        }
        let (from, to) = window;
        let rows = parsed.batch.rows;
        last = last.with(format!("{from} to {to}: the page counts {counted}, the workbook has {rows}"));
    }
    Err(last)
}

/// Whether every row was registered on a day that was asked for. A portal that ignores the dates sends its whole list,
/// which would be believed to be one window of it.
fn inside(parsed: &Parsed, (from, to): (Date, Date)) -> Result<(), Failure> {
    let (Some(start), Some(end)) = (Time::start_of_day(from), Time::end_of_day(to)) else { return Ok(()) };
    let outside = |time: &Time| *time < start || *time >= end;
    let mut others = parsed.batch.records.iter().filter_map(|record| record.detected).filter(outside);
    let Some(first) = others.next() else { return Ok(()) };
    let count = 1 + others.count();
    let day = first.to_seoul();
    let words = format!("{from} to {to}: {count} rows, such as one of {}", &day[..day.len().min(10)]);
    Err(Failure::new(Trouble::WindowIgnored).with(words))
}
