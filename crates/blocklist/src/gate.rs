//! The checks between a candidate and a publication.
//!
//! A device that fetches an empty list opens itself to everything it blocked a minute ago, so an empty candidate is
//! held and the last good publication goes on.

use serde::Serialize;

use crate::content::Content;

/// Why a candidate is held.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, thiserror::Error)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// It lists nothing.
    #[error("the candidate lists nothing; an empty list would open every device that reads it")]
    Empty,
}

/// What the gate says of a candidate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It may be published.
    Publish,
    /// It waits for a person, for all these reasons.
    Held(Vec<Reason>),
}

/// Judges a candidate.
pub fn judge(candidate: &Content) -> Verdict {
    let reasons: Vec<Reason> = candidate.listings().is_empty().then_some(Reason::Empty).into_iter().collect();
    if reasons.is_empty() { Verdict::Publish } else { Verdict::Held(reasons) }
}
