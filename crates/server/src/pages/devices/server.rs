//! Where this server is, as a device sees it: what the browser calls it, until somebody knows better.
//!
//! It is pasted into scripts and configurations, so it is nothing but a scheme and letters, digits and `.-:[]`.

use std::convert::Infallible;
use std::fmt::{self, Display, Formatter};

use axum::extract::FromRequestParts;
use axum::http::header::HOST;
use axum::http::request::Parts;

use crate::client::Client;

/// The longest name with its port.
const MAX: usize = 260;

/// `https://bl.example.com:2542`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Server(String);

impl Server {
    /// Of what somebody typed.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let text = text.trim().trim_end_matches('/');
        let (scheme, host) = text.split_once("://")?;
        let is_known = matches!(scheme, "http" | "https");
        let plain = |b: u8| b.is_ascii_alphanumeric() || b".-:[]".contains(&b);
        let first = host.bytes().next().is_some_and(|b| b.is_ascii_alphanumeric() || b == b'[');
        (is_known && first && host.len() <= MAX && host.bytes().all(plain)).then(|| Self(text.to_owned()))
    }

    /// Its text.
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether nobody on the way reads what is sent.
    pub(crate) fn is_encrypted(&self) -> bool {
        self.0.starts_with("https://")
    }
}

impl Display for Server {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What the browser calls this server. What it calls it in no way that can be pasted is left to whoever looks.
#[derive(Clone, Debug)]
pub(crate) struct Here(Option<Server>);

impl<S: Send + Sync> FromRequestParts<S> for Here {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        let scheme = if Client::of(&parts.extensions).secure { "https" } else { "http" };
        let field = || parts.headers.get(HOST).and_then(|host| host.to_str().ok());
        let host = parts.uri.authority().map(axum::http::uri::Authority::as_str).or_else(field);
        Ok(Self(host.and_then(|host| Server::parse(&format!("{scheme}://{host}")))))
    }
}

impl Here {
    /// What was typed where it can be used, else what the browser says.
    pub(crate) fn or(&self, typed: Option<&str>) -> Option<Server> {
        typed.and_then(Server::parse).or_else(|| self.0.clone())
    }

    /// The same as text; a place to be filled where neither will do.
    pub(crate) fn text(&self, typed: Option<&str>) -> String {
        self.or(typed).map_or_else(|| "https://<server>".to_owned(), |server| server.to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_needs_no_quoting_is_an_address_of_a_server() {
        for good in ["https://bl.example.com", "http://127.0.0.1:2542", "https://[2001:db8::1]:443"] {
            assert_eq!(Server::parse(&format!(" {good}/ ")).unwrap().as_str(), good);
        }
        for bad in [
            "bl.example.com",
            "ftp://a",
            "https://",
            "https://-a",
            "https://a b",
            "https://a/b",
            "https://a\"",
            "https://u@a",
            "https://{secret}",
            "https://$(id)",
        ] {
            assert_eq!(Server::parse(bad), None, "{bad}");
        }
        assert!(!Server::parse("http://a").unwrap().is_encrypted());
    }
}
