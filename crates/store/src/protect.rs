//! What must never be served, as people say it: allow entries, own networks, known-good lists.

use std::fmt::{self, Display, Formatter};

use blocklist::Time;
use prefix::Prefix;
use prefix::prefix::Either;
use prefix::special::{MIN_LEN_V4, MIN_LEN_V6};
use serde::{Deserialize, Serialize};

use crate::model::as_text;

/// The number of an allow entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct AllowId(pub i64);

impl Display for AllowId {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        Display::fmt(&self.0, f)
    }
}

/// Where an allow entry stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum AllowState {
    /// What it names is not served.
    Holds,
    /// Its end has passed.
    Ended,
    /// A person took it back.
    Removed,
}

impl AllowState {
    /// The word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Holds => "holds",
            Self::Ended => "ended",
            Self::Removed => "removed",
        }
    }
}

/// An allow entry as it is kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct AllowRow {
    /// Its number.
    pub id: AllowId,
    /// What must never be served.
    #[serde(serialize_with = "as_text")]
    pub prefix: Prefix,
    /// Where it stands at the time of asking.
    pub state: AllowState,
    /// Why.
    pub reason: String,
    /// Who answers for it.
    pub owner: Option<String>,
    /// The ticket that asked for it.
    pub ticket: Option<String>,
    /// The first second at which it no longer holds; absent is without end.
    pub until: Option<Time>,
    /// How many days before its end a person is told.
    pub remind_days: Option<u32>,
    /// When it was added.
    pub created_at: Time,
    /// By whom.
    pub created_by: String,
    /// When it was last changed.
    pub changed_at: Option<Time>,
    /// By whom.
    pub changed_by: Option<String>,
    /// When it was taken back.
    pub removed_at: Option<Time>,
    /// By whom.
    pub removed_by: Option<String>,
}

/// An allow entry to be added.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewAllow {
    /// What must never be served, host bits cleared.
    pub prefix: Prefix,
    /// Why: 1 to 500 characters on one line.
    pub reason: String,
    /// Who answers for it: at most 200 characters.
    pub owner: Option<String>,
    /// The ticket that asked for it: at most 200 characters.
    pub ticket: Option<String>,
    /// The first second at which it no longer holds.
    pub until: Option<Time>,
    /// How many days before its end a person is told: at most 3650.
    pub remind_days: Option<u32>,
    /// A prefix shorter than /8, or for IPv6 /19, is meant.
    pub wide: bool,
}

impl NewAllow {
    /// An entry without owner, ticket and end.
    pub fn new(prefix: Prefix, reason: impl Into<String>) -> Self {
        Self {
            prefix,
            reason: reason.into(),
            owner: None,
            ticket: None,
            until: None,
            remind_days: None,
            wide: false,
        }
    }
}

/// What is to be changed of an allow entry; what is `None` stays, `Some(None)` takes it out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AllowChange {
    /// Why.
    pub reason: Option<String>,
    /// Who answers for it.
    pub owner: Option<Option<String>>,
    /// The ticket.
    pub ticket: Option<Option<String>>,
    /// Its end.
    pub until: Option<Option<Time>>,
    /// How many days before its end a person is told.
    pub remind_days: Option<Option<u32>>,
}

impl AllowChange {
    /// Whether it names nothing.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// An entry of many that is refused, so that none was taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AllowRefusal {
    /// Which, counted from 0.
    pub at: usize,
    /// What it names.
    pub prefix: Prefix,
    /// Why it is refused.
    pub cause: AllowCause,
}

impl Display for AllowRefusal {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.prefix, self.cause)
    }
}

/// Why an allow entry is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AllowCause {
    /// One that holds names the same prefix.
    #[error("allow entry {0} names it already; change that one")]
    Exists(AllowId),
    /// The same call names it twice.
    #[error("it is named twice")]
    Twice,
    /// Shorter than /8, or for IPv6 /19, and nobody said that this is meant.
    #[error(
        "wider than /8, or for IPv6 than /19; a large part of all addresses would never be served: say 'wide' if it is meant"
    )]
    TooWide,
    /// It would never hold.
    #[error("its end has passed")]
    Past,
    /// No reason, or one that is too long.
    #[error("the reason is one line of 1 to 500 characters")]
    Reason,
    /// Too long.
    #[error("the owner is one line of 1 to 200 characters")]
    Owner,
    /// Too long.
    #[error("the ticket is one line of 1 to 200 characters")]
    Ticket,
    /// Too long.
    #[error("it reminds at most 3650 days before its end")]
    Remind,
}

/// Whether a prefix is so wide that somebody must have said that it is meant. Private IPv6 space as a whole is not.
pub(crate) fn is_too_wide(prefix: Prefix) -> bool {
    match prefix.split() {
        Either::V4(net) => net.len() < MIN_LEN_V4,
        Either::V6(net) => net.len() < MIN_LEN_V6 && net.first() >> 121 != PRIVATE_V6,
    }
}

/// The seven leading bits of `fc00::/7`.
const PRIVATE_V6: u128 = 0xfc >> 1;

/// Whose an own network is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum OwnKind {
    /// The firm's, as a person said.
    Firm,
    /// An address of a machine that serves, as it found by itself.
    Server,
}

impl OwnKind {
    /// The word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Firm => "firm",
            Self::Server => "server",
        }
    }
}

/// An own network as it is kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct OwnRow {
    /// What must never be served.
    #[serde(serialize_with = "as_text")]
    pub prefix: Prefix,
    /// Whose.
    pub kind: OwnKind,
    /// What it is.
    pub note: Option<String>,
    /// When it was added.
    pub created_at: Time,
    /// By whom.
    pub created_by: String,
}

/// A known-good list to be loaded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewKnownGood<'a> {
    /// Its name: `a-z`, `0-9`, `.`, `_`, `-`, at most 63, a letter or digit first.
    pub name: &'a str,
    /// What it holds, in the publisher's words.
    pub description: Option<&'a str>,
    /// Its version or date.
    pub version: Option<&'a str>,
    /// Its prefixes.
    pub prefixes: &'a [Prefix],
    /// Entries that are no addresses.
    pub passed_over: u64,
}

/// A known-good list as it is kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct KnownGoodRow {
    /// Its name.
    pub name: String,
    /// What it holds.
    pub description: Option<String>,
    /// Its version or date.
    pub version: Option<String>,
    /// Whether it is used.
    pub enabled: bool,
    /// Prefixes in it.
    pub entries: u64,
    /// Entries of the file that are no addresses.
    pub passed_over: u64,
    /// Active listings that touch it, as of the last publication.
    pub hits: u64,
    /// When it was loaded.
    pub loaded_at: Time,
    /// By whom.
    pub loaded_by: String,
}
