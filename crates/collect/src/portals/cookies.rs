//! The few cookies of a portal, by name.
//!
//! A jar that follows RFC 6265 was considered: it would keep whatever a portal sets, and what is not named here is not
//! needed and would only be one more secret to guard.

use reqwest::header::{HeaderMap, HeaderValue, SET_COOKIE};

use super::Session;
use crate::{Failure, Trouble};

/// The value of a cookie that an answer sets, if it sets one of this name to something.
pub(super) fn set_by(headers: &HeaderMap, name: &str) -> Option<String> {
    let values = headers.get_all(SET_COOKIE).iter().filter_map(|value| value.to_str().ok());
    values
        .filter_map(|cookie| cookie.split(';').next()?.split_once('='))
        .filter(|(known, _)| known.trim() == name)
        .map(|(_, value)| value.trim().trim_matches('"').to_owned())
        .rfind(|value| !value.is_empty())
}

/// The header that sends these values of a session, where it has them; marked so that nothing prints it.
pub(super) fn header(session: &Session, names: &[&str]) -> Result<HeaderValue, Failure> {
    let pairs: Vec<String> =
        names.iter().filter_map(|name| Some(format!("{name}={}", session.get(name)?))).collect();
    let mut value = HeaderValue::try_from(pairs.join("; "))
        .map_err(|_| Failure::new(Trouble::SessionLost).with("the session's value cannot be sent"))?;
    value.set_sensitive(true);
    Ok(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_value_set_is_taken_and_an_emptied_cookie_is_none() {
        let mut headers = HeaderMap::new();
        for cookie in ["a=1; Path=/", "b=\"2\"; HttpOnly", "a=; Max-Age=0", "a=3"] {
            headers.append(SET_COOKIE, HeaderValue::from_static(cookie));
        }
        assert_eq!(set_by(&headers, "a").as_deref(), Some("3"));
        assert_eq!(set_by(&headers, "b").as_deref(), Some("2"));
        assert_eq!(set_by(&headers, "c"), None);
        let session = Session::default().with("a", "x").with("b", "y");
        assert_eq!(header(&session, &["a", "c", "b"]).unwrap().to_str().unwrap(), "a=x; b=y");
        assert!(header(&Session::default().with("a", "x\ny"), &["a"]).is_err());
    }
}
