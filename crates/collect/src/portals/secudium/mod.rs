//! SECUDIUM, the portal of SK쉴더스.
//!
//! ```text
//! login: page -> id and password -> token        one session an account
//! board: posts of some days, about one a day -> the file of each -> rows
//! ```
//!
//! The rows of the board carry an address of the portal's own network: listings come from the files alone. The files have
//! no end date; when such a listing ends is policy.

mod board;
mod login;

pub(crate) use board::count;
pub(crate) use login::{log_in, pasted};

use jiff::civil::Date;
use reqwest::StatusCode;
use reqwest::header::{COOKIE, HeaderName, HeaderValue};
use url::Url;

use super::{Desk, Session, cookies, page};
use crate::collector::Step;
use crate::fetch::{Answer, Request, Statuses};
use crate::parse::Parser;
use crate::{Choice, Failure, Note, Parsed, Skipped, Trouble};
use board::{Board, Post};

/// The session's cookie.
const COOKIE_NAME: &str = "JSESSIONID";
/// The token, in a header: in the address, where the portal takes it too, every proxy would write it down.
const TOKEN: &str = "x-auth-token";

/// Reads every post of the windows.
pub(crate) async fn collect(desk: &Desk<'_>, windows: &[(Date, Date)]) -> Result<Parsed, Failure> {
    let mut session = match desk.account.session()? {
        Some(session) => session,
        None => renew(desk).await?,
    };
    let mut renewed = false;
    let mut parts = Vec::new();
    for &window in windows {
        let read = match posts(desk, &session, window).await {
            Err(failure) if failure.trouble == Trouble::SessionLost && !renewed => {
                renewed = true;
                desk.account.forget()?;
                session = renew(desk).await?;
                posts(desk, &session, window).await?
            }
            result => result?,
        };
        parts.extend(read);
    }
    Ok(Parsed::join(Parser::Secudium, parts, &desk.options.limits)?)
}

async fn renew(desk: &Desk<'_>) -> Result<Session, Failure> {
    let session = log_in(desk, None).await?;
    desk.account.keep(&session)?;
    Ok(session)
}

/// The files of one window's posts.
async fn posts(desk: &Desk<'_>, session: &Session, window: (Date, Date)) -> Result<Vec<Parsed>, Failure> {
    let Board { posts, without_file } = board::read(desk, session, window).await?;
    let mut parts = Vec::with_capacity(posts.len());
    for (at, post) in posts.iter().enumerate() {
        (desk.step)(Step::Post { number: at + 1, of: posts.len() });
        parts.push(download(desk, session, post).await?);
    }
    if let Some(first) = parts.first_mut().filter(|_| without_file > 0) {
        first.notes.push(Note::Skipped { what: Skipped::WithoutFile, count: without_file });
    }
    Ok(parts)
}

async fn download(desk: &Desk<'_>, session: &Session, post: &Post) -> Result<Parsed, Failure> {
    let mut url = desk.address("/isap-api/file/SECINFO/download")?;
    url.query_pairs_mut().append_pair("serverFileName", &post.uuid).append_pair("fileName", &post.name);
    let mut answer = send(desk, &get(desk, session, url)?).await?;
    let start = page::start(&mut answer.body)?;
    let named = |failure: Failure| {
        let detail = failure.detail.clone();
        failure.with(format!("the file of post {}: {detail}", post.id))
    };
    if page::is_html(&start) {
        return Err(named(page::failure(&answer.body.bytes()?)));
    }
    if !start.starts_with(b"PK") && !start.starts_with(b"\xd0\xcf\x11\xe0") {
        return Err(named(Failure::new(Trouble::Unreadable).with("it is no workbook")));
    }
    let options = desk.options.clone();
    let read = move || crate::parse(Choice::Is(Parser::Secudium), &mut answer.body, &options);
    let parsed = tokio::task::spawn_blocking(read).await;
    let parsed = parsed.map_err(|error| Failure::new(Trouble::Local).because(error))?;
    parsed.map_err(|error| named(error.into()))
}

/// A read with the session.
fn get(desk: &Desk<'_>, session: &Session, url: Url) -> Result<Request, Failure> {
    let token = session.get(TOKEN).ok_or_else(|| Failure::new(Trouble::SessionLost))?;
    let mut token = HeaderValue::try_from(token).map_err(|_| Failure::new(Trouble::SessionLost))?;
    token.set_sensitive(true);
    Ok(Request::get(url)
        .header(HeaderName::from_static(TOKEN), token)
        .header(COOKIE, cookies::header(session, &[COOKIE_NAME])?)
        .as_set(desk.settings)
        .statuses(Statuses::Explained))
}

/// Sends it; 401 and a redirect to the login are the lost session.
async fn send(desk: &Desk<'_>, request: &Request) -> Result<Answer, Failure> {
    let answer = desk.network.send(request).await?;
    if answer.status == StatusCode::UNAUTHORIZED || answer.status.is_redirection() {
        return Err(Failure::new(Trouble::SessionLost));
    }
    if !answer.status.is_success() {
        let words = format!("{} answered {}", crate::fetch::shown(&answer.url), answer.status.as_u16());
        return Err(Failure::new(Trouble::HttpStatus).with(words));
    }
    Ok(answer)
}
