//! What a page of HTML is, when it came in the place of something else.

use std::io::{Read, Seek};

use memchr::memmem;

use crate::fetch::Body;
use crate::{Failure, Trouble};

/// How much of a page's title a message shows.
const TITLE: usize = 60;

/// How much of a body is looked at to tell what it is.
const START: u64 = 1_024;

/// The start of a body, which is then read from its beginning again.
pub(super) fn start(body: &mut Body) -> Result<Vec<u8>, Failure> {
    let mut start = Vec::new();
    let read = body.take(START).read_to_end(&mut start).and_then(|_| body.rewind());
    read.map_err(|error| Failure::new(Trouble::Local).because(error))?;
    Ok(start)
}

/// Whether the bytes begin like HTML: after white space and a byte order mark, with `<`.
pub(super) fn is_html(body: &[u8]) -> bool {
    let text = body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body).trim_ascii_start();
    text.first() == Some(&b'<')
}

/// Whether it is REGTECH's login page. The texts of the SMS pop-up stand in every page and prove nothing.
pub(super) fn is_login(body: &[u8]) -> bool {
    memmem::find(body, b"id=\"loginForm\"").is_some()
}

/// The failure that a page in the place of data stands for.
pub(super) fn failure(body: &[u8]) -> Failure {
    if is_login(body) {
        return Failure::new(Trouble::SessionLost);
    }
    let failure = Failure::new(Trouble::Maintenance);
    match title(body) {
        Some(title) => failure.with(format!("its title is \"{title}\"")),
        None => failure,
    }
}

fn title(body: &[u8]) -> Option<String> {
    let start = memmem::find(body, b"<title>")? + b"<title>".len();
    let length = memmem::find(&body[start..], b"</title>")?.min(4 * TITLE);
    let text = String::from_utf8_lossy(&body[start..start + length]);
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let text: String = text.chars().filter(|c| !c.is_control()).take(TITLE).collect();
    (!text.is_empty()).then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_login_page_is_a_lost_session_and_any_other_page_maintenance() {
        let login = b"\r\n\r\n<!DOCTYPE html><form id=\"loginForm\">";
        assert!(is_html(login) && !is_html(b"PK\x03\x04"));
        assert_eq!(failure(login).trouble, Trouble::SessionLost);
        let other = failure("<html><title> 점검\r\n 안내 </title>".as_bytes());
        assert_eq!(
            (other.trouble, other.detail.as_str()),
            (Trouble::Maintenance, "its title is \"점검 안내\"")
        );
    }
}
