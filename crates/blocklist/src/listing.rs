//! A listing: "this source lists this prefix, for this reason, detected then, until then".

use prefix::Prefix;
use serde::{Deserialize, Serialize};

use crate::{DetailsId, SourceId, Time};

/// Where a listing stands. `expired` is never stored: it follows from `until` and the clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum State {
    /// Listed.
    Active,
    /// Its end has passed.
    Expired,
    /// A source that sends its full list no longer has it.
    Withdrawn,
    /// Taken out by a person.
    Removed,
}

impl State {
    /// Every state.
    pub const ALL: [Self; 4] = [Self::Active, Self::Expired, Self::Withdrawn, Self::Removed];

    /// The word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Expired => "expired",
            Self::Withdrawn => "withdrawn",
            Self::Removed => "removed",
        }
    }
}

/// A listing, unique by (prefix, source). 48 bytes: millions are sorted and held.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Listing {
    /// What is listed.
    pub prefix: Prefix,
    /// Who lists it.
    pub source: SourceId,
    /// What the source says of it, in the table that goes with the listings.
    pub details: DetailsId,
    /// When the source detected it; for sources that do not say, when it first came.
    pub detected: Time,
    /// The first moment at which it is no longer listed; `None` is without end.
    pub until: Option<Time>,
}

impl Listing {
    /// Whether the end has passed at `now`.
    #[inline]
    pub fn has_ended(&self, now: Time) -> bool {
        self.until.is_some_and(|until| until <= now)
    }
}
