//! Who changes something, and why: for the record of changes.

use std::net::IpAddr;

use store::{Actor, UserName};

use super::Identity;
use super::identity::Known;
use crate::api::problem::Problem;
use crate::api::reason::Reason;

/// The longest name of a person, in characters.
const MAX_BY: usize = 100;
/// The longest note, in characters.
const MAX_NOTE: usize = 1_000;
/// A program on this machine that says no name.
const LOCAL: &str = "api";

/// Who does something, as it is written down.
#[derive(Clone, Debug)]
pub(crate) struct Who {
    by: String,
    /// Whether `by` names somebody, and not merely a program.
    named: bool,
    note: Option<String>,
    address: Option<IpAddr>,
}

impl Who {
    pub(super) fn new(identity: &Identity, by: Option<&str>, note: Option<&str>) -> Result<Self, Problem> {
        let by = by.map(|by| line("by", by, MAX_BY)).transpose()?;
        let note = note.map(|note| line("note", note, MAX_NOTE)).transpose()?;
        let named = by.is_some() || identity.user().is_some();
        let by = match (&identity.known, by) {
            (Known::Local, by) => by.unwrap_or_else(|| LOCAL.to_owned()),
            (Known::Token { token, user }, None) => format!("{user} ({token})"),
            (Known::Token { token, .. }, Some(by)) => format!("{by} ({token})"),
            (Known::Session { user, .. }, None) => user.to_string(),
            (Known::Session { user, .. }, Some(by)) if by == user.as_str() => by,
            (Known::Session { user, .. }, Some(_)) => {
                return Err(Problem::bad_request(format!("'by' is {user}, who is signed in; leave it out")));
            }
        };
        Ok(Self { by, named, note, address: identity.address })
    }

    /// The owner of a token, who cannot be a second person beside that owner.
    pub(super) fn person(
        identity: &Identity,
        user: &UserName,
        by: Option<&str>,
        note: Option<&str>,
    ) -> Result<Self, Problem> {
        if by.is_some_and(|by| by.trim() != user.as_str()) {
            return Err(Problem::bad_request(format!("this token decides as {user}; leave 'by' out")));
        }
        let note = note.map(|note| line("note", note, MAX_NOTE)).transpose()?;
        Ok(Self { by: user.to_string(), named: true, note, address: identity.address })
    }

    pub(super) fn plain(identity: &Identity) -> Self {
        let by = match &identity.known {
            Known::Local => LOCAL.to_owned(),
            Known::Token { token, user } => format!("{user} ({token})"),
            Known::Session { user, .. } => user.to_string(),
        };
        Self { by, named: identity.user().is_some(), note: None, address: identity.address }
    }

    /// The same, where a decision needs a name.
    pub(crate) fn named(self) -> Result<Self, Problem> {
        if self.named { Ok(self) } else { Err(Problem::bad_request("'by' has to say who does it")) }
    }

    /// The same, where there has to be a note.
    pub(crate) fn with_note(self) -> Result<Self, Problem> {
        if self.note.is_some() {
            Ok(self)
        } else {
            Err(Problem::bad_request("'note' has to say why").because(Reason::NoteNeeded))
        }
    }

    /// As the store wants it.
    pub(crate) fn actor(&self) -> Actor<'_> {
        Actor { by: &self.by, note: self.note.as_deref(), address: self.address }
    }
}

fn line(what: &str, text: &str, most: usize) -> Result<String, Problem> {
    let text = text.trim();
    if text.is_empty() || text.chars().any(char::is_control) || text.chars().count() > most {
        let detail = format!("'{what}' is one line of 1 to {most} characters");
        return Err(Problem::bad_request(detail).because(Reason::Note(most)));
    }
    Ok(text.to_owned())
}
