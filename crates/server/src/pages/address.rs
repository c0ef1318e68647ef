//! An address of a page with its filters: what is shown is in the address, so that it can be sent to a colleague.

use std::fmt::{self, Display, Formatter, Write};

use axum::extract::Query;
use axum::http::Uri;

/// A path and a query, of which links to other sorts, filters and pages are made. What it prints is encoded; a template
/// escapes it as any text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Address {
    path: String,
    query: Vec<(String, String)>,
}

impl Address {
    /// A path without a query. The path is one of ours, or has been through [`encoded`].
    pub(crate) fn new(path: impl Into<String>) -> Self {
        Self { path: path.into(), query: Vec::new() }
    }

    /// Of a request. Empty values are left out: a form sends those of all its fields.
    pub(crate) fn of(uri: &Uri) -> Self {
        let query = Query::<Vec<(String, String)>>::try_from_uri(uri)
            .map_or_else(|_| Vec::new(), |Query(query)| query);
        let query = query.into_iter().filter(|(_, value)| !value.is_empty()).collect();
        Self { path: uri.path().to_owned(), query }
    }

    /// The value of a key.
    pub(crate) fn get(&self, key: &str) -> Option<&str> {
        self.query.iter().find(|(known, _)| known == key).map(|(_, value)| value.as_str())
    }

    /// With this value for a key, in place of any that it had.
    #[must_use]
    pub(crate) fn with(mut self, key: &str, value: impl Display) -> Self {
        self.query.retain(|(known, _)| known != key);
        self.query.push((key.to_owned(), value.to_string()));
        self
    }

    /// Without a key.
    #[must_use]
    pub(crate) fn without(mut self, key: &str) -> Self {
        self.query.retain(|(known, _)| known != key);
        self
    }
}

impl Display for Address {
    fn fmt(&self, out: &mut Formatter<'_>) -> fmt::Result {
        out.write_str(&self.path)?;
        for (place, (key, value)) in self.query.iter().enumerate() {
            let sign = if place == 0 { '?' } else { '&' };
            write!(out, "{sign}{}={}", encoded(key), encoded(value))?;
        }
        Ok(())
    }
}

/// A text as a part of a path or a query: all but letters, digits and `-._~:` as %XX. The colon of an IPv6 address has no
/// meaning in either.
pub(crate) fn encoded(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~:".contains(&byte) {
            out.push(byte.into());
        } else {
            // Writing to a string does not fail.
            let _ = write!(out, "%{byte:02X}");
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_changes_one_key_and_keeps_the_others() {
        let address = Address::of(&"/ip?q=%EC%8A%A4%EC%BA%94+1&state=&sort=end".parse().unwrap());
        assert_eq!(address.get("q"), Some("스캔 1"));
        assert_eq!(address.get("state"), None);
        assert_eq!(
            address.clone().with("sort", "-end").to_string(),
            "/ip?q=%EC%8A%A4%EC%BA%94%201&sort=-end"
        );
        assert_eq!(address.without("q").without("sort").to_string(), "/ip");
    }

    #[test]
    fn no_value_breaks_out_of_its_place() {
        let address = Address::new("/ip").with("q", "a&b=c#d?e/f\"<>");
        let again = Address::of(&address.to_string().parse().unwrap());
        assert_eq!(again, address);
        assert!(!address.to_string().contains(['"', '<', '#']));
    }
}
