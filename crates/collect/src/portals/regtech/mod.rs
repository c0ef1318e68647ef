//! REGTECH, the portal of 금융보안원.
//!
//! ```text
//! login: form page -> id and password -> login        session: two cookies, about a day
//! each window, newest first: list page (the portal's own count) -> workbook -> rows == count, dates inside
//! ```
//!
//! The workbook is the way to collect; the list page counts, and is read whole only when the portal will not give the
//! workbook. A window is asked for by 등록일, so a run is always an addition: what ended has its own 해제일.

mod list_page;
mod login;
mod windows;
mod workbook;

pub(crate) use list_page::count;
pub(crate) use login::{confirm_otp, log_in, log_out, pasted, send_otp};
pub(crate) use windows::collect;

use reqwest::header::{COOKIE, HeaderValue, ORIGIN, REFERER};

use super::{Desk, Session, cookies};
use crate::fetch::{Request, Statuses};
use crate::{Failure, Trouble};

/// The session itself.
const FRONT: &str = "regtech-front";
/// The proof of the login: the word `Bearer` directly followed by a JWT.
const PROOF: &str = "regtech-va";

const LOGIN_FORM: &str = "/login/loginForm";
const LIST_PAGE: &str = "/fcti/securityAdvisory/advisoryList";
const WORKBOOK: &str = "/fcti/securityAdvisory/advisoryListDownloadXlsx";

/// A request to the portal as its pages send them: from its own origin, with the session. Redirects are looked at, not
/// followed: a lost session is one.
fn post(desk: &Desk<'_>, path: &str, referer: &str, session: &Session) -> Result<Request, Failure> {
    let header = |text: String| {
        HeaderValue::try_from(text)
            .map_err(|error| Failure::new(Trouble::Settings).with("url").because(error))
    };
    let request = Request::post(desk.address(path)?)
        .header(ORIGIN, header(desk.origin()?)?)
        .header(REFERER, header(desk.address(referer)?.to_string())?)
        .header(COOKIE, cookies::header(session, &[FRONT, PROOF])?)
        .as_set(desk.settings)
        .statuses(Statuses::Explained);
    Ok(request)
}
