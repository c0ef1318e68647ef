//! REGTECH's workbook of one window.

use jiff::civil::Date;

use super::super::{Desk, Session, page};
use super::{LIST_PAGE, WORKBOOK, list_page, post};
use crate::collector::Step;
use crate::parse::Parser;
use crate::{Choice, Failure, ParseError, Parsed, Trouble};

/// What came of a download.
pub(super) enum Downloaded {
    /// The workbook's rows.
    Rows(Parsed),
    /// A workbook without any sheet, as was seen once, or an answer that says there is no such download.
    NoWorkbook(Failure),
}

/// Downloads and reads the workbook of a window.
pub(super) async fn download(
    desk: &Desk<'_>,
    session: &Session,
    (from, to): (Date, Date),
) -> Result<Downloaded, Failure> {
    (desk.step)(Step::Download { from, to });
    let request = post(desk, WORKBOOK, LIST_PAGE, session)?.repeatable();
    let fields = list_page::fields(from, to);
    let request = fields.iter().fold(request, |request, (name, value)| request.field(name, value));
    let mut answer = desk.network.send(&request).await?;
    if answer.status.is_redirection() {
        return Err(Failure::new(Trouble::SessionLost));
    }
    let start = page::start(&mut answer.body)?;
    if !answer.status.is_success() {
        let words = format!("the download answered {}", answer.status.as_u16());
        return Ok(Downloaded::NoWorkbook(Failure::new(Trouble::HttpStatus).with(words)));
    }
    if page::is_html(&start) {
        return Err(refusal(&answer.body.bytes()?, (from, to)));
    }
    if start.is_empty() {
        return Err(Failure::new(Trouble::BrokenOff).with("an empty answer in the place of the workbook"));
    }
    if !start.starts_with(b"PK") {
        return Err(Failure::new(Trouble::Unreadable).with("the answer is no workbook"));
    }
    (desk.step)(Step::Read { bytes: answer.body.len() });
    let options = desk.options.clone();
    let read = move || crate::parse(Choice::Is(Parser::Regtech), &mut answer.body, &options);
    let parsed = tokio::task::spawn_blocking(read).await;
    match parsed.map_err(|error| Failure::new(Trouble::Local).because(error))? {
        Ok(parsed) => Ok(Downloaded::Rows(parsed)),
        Err(error @ ParseError::NoSheet) => Ok(Downloaded::NoWorkbook(error.into())),
        Err(error) => Err(error.into()),
    }
}

/// A page of HTML in the place of the workbook: the login, the portal's words on the dates, or something else.
fn refusal(body: &[u8], (from, to): (Date, Date)) -> Failure {
    let text = String::from_utf8_lossy(body);
    if !page::is_login(body) && text.contains("alert(") && text.contains("개월") {
        return Failure::new(Trouble::WindowRefused).with(format!("{from} to {to}"));
    }
    page::failure(body)
}
