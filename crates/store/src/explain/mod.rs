//! Why an address is served or not: every step from source to consumer, as data. [`words`] says it in two languages.
//!
//! What was cut at a limit says so; what is not known is `None`, never a guess.

mod sentence;
pub mod words;

use blocklist::gate::Reason;
use blocklist::policy::{GuardKind, Verdict};
use blocklist::{Serial, SourceName, Time};
use prefix::Prefix;
use serde::{Serialize, Serializer};
use serde_json::Value;

use crate::{HeldId, ListingRow, Pin, RunId};

/// The most listings that are told.
pub const MAX_LISTINGS: usize = 200;
/// The most events of one listing, newest first.
pub const MAX_EVENTS: usize = 50;
/// The most refused rows.
pub const MAX_REFUSED: usize = 50;
/// So many publications are walked back.
pub const MAX_PUBLICATIONS: usize = 1_000;
/// The most comings and goings that are told.
pub const MAX_STEPS: usize = 100;

fn as_text<S: Serializer>(prefix: &Prefix, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(prefix)
}

fn as_texts<S: Serializer>(prefixes: &[Prefix], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(prefixes.iter().map(ToString::to_string))
}

/// Every step of the way of one address or prefix.
#[derive(Clone, Debug, Serialize)]
pub struct Explanation {
    /// What was asked for.
    #[serde(rename = "ip", serialize_with = "as_text")]
    pub asked: Prefix,
    /// The time that was asked about; `null` is now.
    pub at: Option<Time>,
    /// The answer.
    pub answer: Answer,
    /// The answer in one English sentence.
    pub text: String,
    /// What each source says, in every state: prefixes that cover it, the narrowest first, then those inside.
    pub listings: Vec<ListingTold>,
    /// There are more listings inside than are told.
    pub listings_cut: bool,
    /// Rows that speak of it and were refused by the last run of their source.
    pub refused: Vec<RefusedTold>,
    /// What is protected there.
    pub protected: Vec<GuardTold>,
    /// What the gate holds.
    pub gate: GateTold,
    /// When it came and went.
    pub publications: PublicationsTold,
    /// Which feeds have it.
    pub feeds: Vec<FeedTold>,
    /// Which consumers hold it, by the publication that they fetched last.
    pub consumers: Vec<HolderTold>,
}

/// The answer.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "why", rename_all = "snake_case")]
pub enum Answer {
    /// It is served.
    Served {
        /// The prefixes that cover it, the narrowest first, as text.
        prefixes: Vec<String>,
        /// Who lists them.
        sources: Vec<SourceName>,
        /// In which publication.
        serial: Serial,
        /// Since when without a break, if the walk back came so far.
        since: Option<Time>,
    },
    /// Something protected cuts it out of a listing.
    Protected {
        /// What.
        guard: GuardTold,
        /// Of which listing, as text.
        listing: String,
        /// By whom.
        source: SourceName,
    },
    /// It is listed, and the candidate with it is held.
    Held {
        /// Which.
        held: HeldId,
    },
    /// It is listed, and an old publication is held in its place.
    Pinned {
        /// Which.
        serial: Serial,
    },
    /// The policy keeps its listing out.
    Policy {
        /// Which listing, as text.
        listing: String,
        /// By whom.
        source: SourceName,
        /// Everything that keeps it out.
        verdict: Verdict,
    },
    /// It is listed, and the next publication will have it.
    Pending {
        /// By whom.
        source: SourceName,
    },
    /// Its listing has ended.
    Ended {
        /// Of whom.
        source: SourceName,
        /// When.
        at: Time,
    },
    /// A person took its listing out.
    Removed {
        /// Of whom.
        source: SourceName,
        /// Who did.
        by: Option<String>,
    },
    /// Its source no longer has it.
    Withdrawn {
        /// Which.
        source: SourceName,
    },
    /// Rows with it were refused.
    Refused {
        /// Of whom.
        source: SourceName,
        /// In which line.
        line: u64,
        /// The id of the cause.
        cause: String,
    },
    /// Only parts of it are listed.
    Parts {
        /// How many listings lie inside; at most [`MAX_LISTINGS`].
        listings: usize,
    },
    /// No source ever named it.
    Never,
    /// Nothing was published by then.
    NothingPublished,
    /// What was published then is no longer kept.
    NotKept {
        /// Which publication.
        serial: Serial,
    },
}

/// A listing and what became of it.
#[derive(Clone, Debug, Serialize)]
pub struct ListingTold {
    /// As it is, or was at the time asked about.
    #[serde(flatten)]
    pub row: ListingRow,
    /// Whether it covers what was asked for; otherwise it lies inside.
    pub covers: bool,
    /// The run that brought it.
    pub came: Option<RunTold>,
    /// The last run that changed it, if that is another.
    pub changed: Option<RunTold>,
    /// Its history, newest first.
    pub events: Vec<EventTold>,
    /// There are more events.
    pub events_cut: bool,
    /// What the policy says of it, while it is active.
    pub policy: Option<Verdict>,
}

/// A run, as far as a listing tells of it.
#[derive(Clone, Debug, Serialize)]
pub struct RunTold {
    /// Its number.
    pub run: RunId,
    /// When it ended.
    pub at: Time,
    /// With which parser.
    pub parser: String,
    /// The file or the address.
    pub input: String,
    /// Who made it by hand.
    pub by: Option<String>,
    /// Why.
    pub note: Option<String>,
}

/// A change of a listing.
#[derive(Clone, Debug, Serialize)]
pub struct EventTold {
    /// `changed`, `withdrawn`, `relisted` or `removed`.
    pub event: String,
    /// When.
    pub at: Time,
    /// By which run.
    pub run: Option<RunId>,
    /// By whom.
    pub by: Option<String>,
    /// Why.
    pub note: Option<String>,
    /// The fields as they were.
    pub before: Value,
}

/// A refused row.
#[derive(Clone, Debug, Serialize)]
pub struct RefusedTold {
    /// Of which source.
    pub source: SourceName,
    /// Of which run.
    pub run: RunId,
    /// Its line.
    pub line: u64,
    /// The id of the cause.
    pub cause: String,
    /// Its text.
    pub text: String,
}

/// Something protected.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct GuardTold {
    /// What kind of thing it is.
    pub kind: GuardKind,
    /// What is protected.
    #[serde(serialize_with = "as_text")]
    pub prefix: Prefix,
    /// The number of the allow entry, the consumer, the list.
    pub name: String,
    /// Of an allow entry: why.
    pub reason: Option<String>,
    /// Of an allow entry: for whom.
    pub owner: Option<String>,
    /// Of an allow entry: where that is agreed.
    pub ticket: Option<String>,
    /// When it ends.
    pub until: Option<Time>,
}

/// What the gate holds.
#[derive(Clone, Debug, Default, Serialize)]
pub struct GateTold {
    /// The held candidate.
    pub held: Option<HeldTold>,
    /// An old publication that a person holds.
    pub pinned: Option<Pin>,
}

/// A held candidate, as far as it is about what was asked for.
#[derive(Clone, Debug, Serialize)]
pub struct HeldTold {
    /// Its number.
    pub id: HeldId,
    /// Since when.
    pub opened_at: Time,
    /// Every reason.
    pub reasons: Vec<Reason>,
    /// It would add a prefix that covers it.
    pub adds: bool,
    /// It would remove one.
    pub removes: bool,
}

/// When it came and went.
#[derive(Clone, Debug, Default, Serialize)]
pub struct PublicationsTold {
    /// The publication that answers.
    pub serial: Option<Serial>,
    /// Since when it is served without a break; `null` when it is not served, or since before what was looked at.
    pub since: Option<Time>,
    /// What came and went, newest first.
    pub steps: Vec<StepTold>,
    /// How many publications were looked at.
    pub looked_at: usize,
    /// There are older ones that were not looked at.
    pub cut: bool,
}

/// A publication that brought or took prefixes that cover it.
#[derive(Clone, Debug, Serialize)]
pub struct StepTold {
    /// Which.
    pub serial: Serial,
    /// When it was published.
    pub at: Time,
    /// What came.
    #[serde(serialize_with = "as_texts")]
    pub added: Vec<Prefix>,
    /// What went.
    #[serde(serialize_with = "as_texts")]
    pub removed: Vec<Prefix>,
    /// Whether it was served afterwards.
    pub served: bool,
}

/// A feed.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct FeedTold {
    /// Its name.
    pub name: String,
    /// Whether it has it; `null` where that depends on settings that are not looked at here.
    pub has: Option<bool>,
}

/// What a consumer holds.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct HolderTold {
    /// Who.
    pub consumer: String,
    /// Of which feed.
    pub feed: String,
    /// In which format.
    pub format: String,
    /// Of which publication.
    pub serial: Serial,
    /// Since when.
    pub at: Time,
    /// Whether that publication had it; `null` for one that is too old to tell.
    pub has: Option<bool>,
}
