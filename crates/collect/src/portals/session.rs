//! A portal's session: a few named values that are as good as the password while they last.

use std::collections::BTreeMap;
use std::fmt::{self, Debug, Formatter};

use blocklist::Time;
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

/// A session ends so long before the portal says it does: a download must not lose it half-way.
const MARGIN: i64 = 5 * 60;

/// A session.
#[derive(Clone, Default)]
pub(crate) struct Session {
    pub(super) values: BTreeMap<String, SecretString>,
    /// When the portal ends it, if it says so.
    pub(crate) expires_at: Option<Time>,
    /// It waits for a one-time code: the code has to come with it, and nothing else can be done with it.
    pub(crate) pending: bool,
    /// Where it was made. It is sent nowhere else, whatever the settings say later.
    pub(crate) origin: String,
}

/// As it is sealed.
#[derive(Serialize, Deserialize)]
struct Plain {
    values: BTreeMap<String, String>,
    expires_at: Option<Time>,
    pending: bool,
    origin: String,
}

impl Session {
    /// A session without any value, until then.
    pub(crate) fn until(expires_at: Option<Time>) -> Self {
        Self { expires_at, ..Self::default() }
    }

    /// With this value.
    pub(crate) fn with(mut self, name: &str, value: impl Into<String>) -> Self {
        self.values.insert(name.to_owned(), SecretString::from(value.into()));
        self
    }

    /// That waits for a code until then.
    pub(crate) fn waiting(self, until: Time) -> Self {
        Self { expires_at: Some(until), pending: true, ..self }
    }

    /// That waits no longer.
    pub(crate) fn waited(self) -> Self {
        Self { expires_at: None, pending: false, ..self }
    }

    /// The value of this name.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.values.get(name).map(ExposeSecret::expose_secret)
    }

    /// Whether it can be used for what begins now.
    pub(crate) fn is_good(&self, now: Time) -> bool {
        !self.pending && self.expires_at.is_none_or(|end| now.plus_seconds(MARGIN) < end)
    }

    /// The bytes that are sealed.
    pub(crate) fn to_bytes(&self) -> Zeroizing<Vec<u8>> {
        let mut plain = Plain {
            values: self
                .values
                .iter()
                .map(|(name, value)| (name.clone(), value.expose_secret().to_owned()))
                .collect(),
            expires_at: self.expires_at,
            pending: self.pending,
            origin: self.origin.clone(),
        };
        // A map of texts cannot fail to be written.
        let bytes = Zeroizing::new(serde_json::to_vec(&plain).unwrap_or_default());
        plain.values.values_mut().for_each(zeroize::Zeroize::zeroize);
        bytes
    }

    /// Reads what was sealed.
    pub(crate) fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let plain: Plain = serde_json::from_slice(bytes).ok()?;
        let values = plain.values.into_iter().map(|(name, value)| (name, SecretString::from(value)));
        Some(Self {
            values: values.collect(),
            expires_at: plain.expires_at,
            pending: plain.pending,
            origin: plain.origin,
        })
    }
}

impl Debug for Session {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let names: Vec<&String> = self.values.keys().collect();
        write!(
            f,
            "Session({names:?} of {} until {:?}, pending: {})",
            self.origin, self.expires_at, self.pending
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_session_reads_back_ends_early_and_never_shows_its_values() {
        let session =
            Session { expires_at: Some(Time::from_unix(1_000)), ..Session::default() }.with("a", "hush");
        let back = Session::from_bytes(&session.to_bytes()).unwrap();
        assert_eq!((back.get("a"), back.expires_at), (Some("hush"), session.expires_at));
        assert!(!format!("{session:?}").contains("hush"));
        assert!(session.is_good(Time::from_unix(699)) && !session.is_good(Time::from_unix(700)));
        assert!(Session::from_bytes(b"{}").is_none());
    }
}
