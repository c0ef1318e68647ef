//! Who changes something, and why: `by` and `note` of a body or a query.

use serde::Deserialize;
use store::Actor;
use utoipa::ToSchema;

use crate::api::body::Form;
use crate::api::problem::Problem;

/// The longest name, in characters.
const MAX_NAME: usize = 100;
/// The longest note, in characters.
const MAX_NOTE: usize = 1_000;

/// Who does it, and why.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Decision {
    /// Who does it: one line of 1 to 100 characters, for the record.
    by: String,
    /// Why: one line of at most 1,000 characters.
    note: Option<String>,
}

impl Form for Decision {
    const LOOKS: &'static str = r#"{"by":"..","note":".." or null}"#;
}

impl Decision {
    /// The person, if it can be written down.
    pub(crate) fn who(self) -> Result<Who, Problem> {
        Who::new(Some(self.by), self.note)
    }
}

/// A person, found.
#[derive(Debug)]
pub(crate) struct Who {
    by: String,
    note: Option<String>,
}

impl Who {
    pub(crate) fn new(by: Option<String>, note: Option<String>) -> Result<Self, Problem> {
        let by = by.ok_or_else(|| Problem::bad_request("'by' has to say who does it"))?;
        let by = line("by", &by, MAX_NAME)?;
        let note = note.map(|note| line("note", &note, MAX_NOTE)).transpose()?;
        Ok(Self { by, note })
    }

    /// The same, where there has to be a note.
    pub(crate) fn with_note(by: Option<String>, note: Option<String>) -> Result<Self, Problem> {
        if note.is_none() {
            return Err(Problem::bad_request("'note' has to say why"));
        }
        Self::new(by, note)
    }

    pub(crate) fn actor(&self) -> Actor<'_> {
        Actor { address: None, by: &self.by, note: self.note.as_deref() }
    }
}

fn line(what: &str, text: &str, most: usize) -> Result<String, Problem> {
    let text = text.trim();
    if text.is_empty() || text.chars().any(char::is_control) || text.chars().count() > most {
        return Err(Problem::bad_request(format!("'{what}' is one line of 1 to {most} characters")));
    }
    Ok(text.to_owned())
}
