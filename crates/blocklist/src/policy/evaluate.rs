//! One chunk through the policy.

use std::collections::BTreeMap;

use prefix::Rules;

use crate::policy::{Hit, Policy, Protected};
use crate::{DetailsTable, Listing, SourceId, SourceName, Time};

/// An active listing as it is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Kept {
    /// With the end that the source says, or that a person set.
    pub listing: Listing,
    /// When a run last saw it; the detection where that is not kept.
    pub seen: Time,
    /// Whether a person set the end: then no rule changes it.
    pub end_is_set: bool,
}

/// All that a chunk is evaluated by.
#[derive(Clone, Copy, Debug)]
pub struct Evaluation<'a> {
    /// Which prefixes are admitted at all.
    pub rules: Rules,
    /// The policy.
    pub policy: &'a Policy,
    /// What must never be served.
    pub protected: &'a Protected,
    /// The names of the sources.
    pub sources: &'a BTreeMap<SourceId, SourceName>,
    /// The details that the listings name.
    pub details: &'a DetailsTable,
    /// The time.
    pub now: Time,
}

/// What comes of a chunk.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Evaluated {
    /// What is served, by (prefix, source), each pair once: listings, or what is left of them, with their end.
    pub listings: Vec<Listing>,
    /// The admitted listings that touch what is protected, in order.
    pub hits: Vec<Hit>,
}

/// Turns the active listings of one chunk, by source and prefix or in any order, into what is served of them.
pub fn evaluate(kept: &[Kept], by: &Evaluation<'_>) -> Evaluated {
    let _ = (kept, by);
    todo!()
}
