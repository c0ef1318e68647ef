//! What the policy says of one listing, for people who ask why.

use serde::Serialize;

use super::evaluate::{Evaluation, Kept};
use super::filter::Failed;
use crate::Time;

/// What the policy says of one listing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Verdict {
    /// Whether all of it, some of it or nothing of it is served.
    pub served: Served,
    /// Its end after the rules.
    pub until: Option<Time>,
    /// Everything that keeps it, or a part of it, out.
    pub why: Vec<Why>,
}

/// How much of a listing is served.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Served {
    /// All of it.
    Whole,
    /// What is left after the protected, or too lonely, addresses are cut out.
    Part,
    /// Nothing.
    Nothing,
}

/// Something that keeps a listing out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "rule", rename_all = "snake_case")]
pub enum Why {
    /// Special space, or too wide.
    Refused {
        /// The id of the cause.
        cause: String,
    },
    /// Its end has passed.
    Ended {
        /// When.
        at: Time,
    },
    /// The source is on trial.
    Trial,
    /// A filter, of the source or of all.
    Filter {
        /// Whether it is the source's own.
        own: bool,
        /// Which condition.
        failed: Failed,
    },
    /// Too few sources list some of its addresses.
    TooFewSources {
        /// How many there must be.
        need: u16,
        /// How many list it where the fewest do.
        have: u16,
    },
    /// It touches what is protected.
    Protected {
        /// Why that is protected.
        kind: super::GuardKind,
        /// What.
        guard: String,
        /// Under which name a person finds it.
        name: String,
    },
}

/// What the policy says of `listing`, one of the listings of its chunk.
pub fn verdict(listing: &Kept, chunk: &[Kept], by: &Evaluation<'_>) -> Verdict {
    let _ = (listing, chunk, by);
    todo!()
}
