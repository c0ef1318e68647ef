//! The cookie of a session.
//!
//! Over TLS its name begins with `__Host-`: then a browser takes it only with `Secure`, for this host alone, and no
//! neighbour of the domain can set one. `SameSite=Lax`, so that a link in a message opens the page it names; what changes
//! something asks for more than a cookie anyway.

use axum::http::HeaderMap;
use axum::http::header::COOKIE;

/// Its name over a connection that is not encrypted.
pub(crate) const NAME: &str = "blacklist_session";
const SECURE_NAME: &str = "__Host-blacklist_session";

fn name(secure: bool) -> &'static str {
    if secure { SECURE_NAME } else { NAME }
}

/// What the request's cookie of a session holds. Two of them are none.
pub(crate) fn read(headers: &HeaderMap, secure: bool) -> Option<&str> {
    let fields = headers.get_all(COOKIE).iter().filter_map(|field| field.to_str().ok());
    let pairs = fields.flat_map(|field| field.split(';')).filter_map(|pair| pair.trim().split_once('='));
    let mut found = pairs.filter(|(key, _)| *key == name(secure)).map(|(_, value)| value);
    let first = found.next()?;
    found.next().is_none().then_some(first)
}

/// Sets it, until the browser is closed: the server knows when it is over.
pub(crate) fn set(secret: &str, secure: bool) -> String {
    let attribute = if secure { "; Secure" } else { "" };
    format!("{}={secret}; Path=/; HttpOnly; SameSite=Lax{attribute}", name(secure))
}

/// Takes it back.
pub(crate) fn clear(secure: bool) -> String {
    format!("{}; Max-Age=0", set("", secure))
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    fn headers(fields: &[&'static str]) -> HeaderMap {
        fields.iter().map(|field| (COOKIE, HeaderValue::from_static(field))).collect()
    }

    #[test]
    fn the_name_says_whether_it_came_over_tls() {
        let both = headers(&["a=b; blacklist_session=plain", "__Host-blacklist_session=sealed"]);
        assert_eq!(read(&both, false), Some("plain"));
        assert_eq!(read(&both, true), Some("sealed"));
        assert!(set("x", true).starts_with("__Host-") && set("x", true).ends_with("; Secure"));
        assert!(!set("x", false).contains("Secure"));
        assert!(clear(false).contains("Max-Age=0"));
    }

    #[test]
    fn none_and_two_are_none() {
        assert_eq!(read(&headers(&[]), false), None);
        assert_eq!(read(&headers(&["blacklist_session"]), false), None);
        assert_eq!(read(&headers(&["blacklist_session=a; blacklist_session=b"]), false), None);
    }
}
