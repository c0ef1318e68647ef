//! The failure of a run: a cause of the table in [`trouble`](crate::trouble), and what is particular about it.

use std::error::Error as StdError;
use std::fmt::{self, Display, Formatter};
use std::time::Duration;

use blocklist::Time;

use crate::{ParseError, Trouble};

/// Why a run took nothing: the cause, what is particular about it, and what lies behind.
///
/// `Display` gives the cause and the particulars. Neither holds a secret: particulars are status codes, counts, dates,
/// names of columns, and what a portal says to a login.
#[derive(Debug)]
pub struct Failure {
    /// The cause.
    pub trouble: Trouble,
    /// What is particular about it, without a secret; may be empty.
    pub detail: String,
    /// The server's wish when to come back, at most a day.
    pub retry_after: Option<Duration>,
    /// When the state ends by itself, where the portal says so.
    pub until: Option<Time>,
    /// What lies behind, for the log.
    pub source: Option<Box<dyn StdError + Send + Sync>>,
}

impl Failure {
    /// A failure with nothing particular.
    pub fn new(trouble: Trouble) -> Self {
        Self { trouble, detail: String::new(), retry_after: None, until: None, source: None }
    }

    /// With particulars. They must not hold a secret.
    #[must_use]
    pub fn with(mut self, detail: impl Display) -> Self {
        self.detail = detail.to_string();
        self
    }

    /// With what lies behind. Its text must not hold a secret.
    #[must_use]
    pub fn because(mut self, source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        self.source = Some(source.into());
        self
    }

    /// With the server's wish when to come back.
    #[must_use]
    pub fn retry_after(mut self, wait: Option<Duration>) -> Self {
        self.retry_after = wait;
        self
    }

    /// With the end of the state.
    #[must_use]
    pub fn until(mut self, until: Option<Time>) -> Self {
        self.until = until;
        self
    }
}

impl Display for Failure {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        Display::fmt(&self.trouble, f)?;
        if self.detail.is_empty() { Ok(()) } else { write!(f, ": {}", self.detail) }
    }
}

impl StdError for Failure {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.source.as_deref().map(|source| source as &(dyn StdError + 'static))
    }
}

impl From<ParseError> for Failure {
    fn from(error: ParseError) -> Self {
        let trouble = match &error {
            ParseError::Header { .. } | ParseError::Column { .. } => Trouble::HeaderChanged,
            ParseError::Html { .. } => Trouble::Maintenance,
            ParseError::Io(_) => Trouble::Local,
            ParseError::Damaged { .. } => Trouble::BrokenOff,
            ParseError::Limit { .. } => Trouble::TooLarge,
            _ => Trouble::Unreadable,
        };
        Self::new(trouble).with(&error).because(error)
    }
}

impl From<store::Error> for Failure {
    fn from(error: store::Error) -> Self {
        Self::new(Trouble::Local).with(&error).because(error)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failure_says_cause_and_particulars() {
        let failure = Failure::new(Trouble::ServerError).with("503");
        assert_eq!(failure.to_string(), "the server answered with an error of its own: 503");
        assert_eq!(Failure::from(ParseError::Empty).trouble, Trouble::Unreadable);
        assert_eq!(Failure::from(ParseError::Html { login: false }).trouble, Trouble::Maintenance);
    }
}
