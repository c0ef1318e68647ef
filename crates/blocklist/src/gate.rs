//! The checks between a candidate and a publication.
//!
//! A device that fetches an empty list opens itself to everything it blocked a minute ago, so an empty candidate is
//! held and the last good publication goes on. So is the first candidate of a database that was made anew beside
//! publications of an older one: it may lack most of what is served.

use serde::Serialize;

use crate::content::Content;

/// Why a candidate is held.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, thiserror::Error)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// It lists nothing.
    #[error("the candidate lists nothing; an empty list would open every device that reads it")]
    Empty,
    /// Publications lie on disk, and the database knows none: it was lost or replaced, so nobody can say what the
    /// candidate takes away.
    #[error(
        "there are publications on disk that this database does not know; restore a backup of it, or move the \
         directory of publications away to begin anew"
    )]
    UnknownHistory,
}

/// What the gate says of a candidate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It may be published.
    Publish,
    /// It waits for a person, for all these reasons.
    Held(Vec<Reason>),
}

/// Judges a candidate. `knows_history` is false when something was published that the database does not know of.
pub fn judge(candidate: &Content, knows_history: bool) -> Verdict {
    let mut reasons = Vec::new();
    if candidate.listings().is_empty() {
        reasons.push(Reason::Empty);
    }
    if !knows_history {
        reasons.push(Reason::UnknownHistory);
    }
    if reasons.is_empty() { Verdict::Publish } else { Verdict::Held(reasons) }
}
