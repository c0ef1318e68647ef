//! The checks between a candidate and a publication.
//!
//! A device that fetches an empty list opens itself to everything it blocked a minute ago; one that fetches the firm's own
//! network cuts the firm off. So a candidate that looks like an accident is held until a person decides, with every reason
//! at once, and the last good publication goes on.
//!
//! What a rule compares with is the last publication without what has ended or is forbidden since: that things end is no
//! accident.

use serde::{Deserialize, Serialize};

use crate::SourceName;
use crate::content::Content;
use crate::policy::{GuardKind, Hit};
use prefix::Prefix;

/// The limits of a site, as they are kept and shown: JSON, unknown keys refused. `None` switches a rule off; an empty
/// candidate and an unknown history are always held.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct GateRules {
    /// The fewest prefixes, in percent of the last publication.
    pub min_share: Option<u8>,
    /// The most prefixes that one source may add at once, in percent of what it had published.
    pub max_added: Option<u32>,
    /// The most that it may lose at once.
    pub max_removed: Option<u32>,
    /// Changes of fewer prefixes of a source than this never count as a jump: small lists jump by nature.
    pub jump_floor: u32,
    /// The most of the IPv4 space, in percent.
    pub max_covered: Option<f64>,
    /// The shortest IPv4 prefix that comes without a question.
    pub widest_v4: Option<u8>,
    /// The shortest IPv6 prefix that comes without a question.
    pub widest_v6: Option<u8>,
    /// How many new hits on own networks pass without a question.
    pub own_hits: Option<u32>,
    /// How many on addresses of consumers.
    pub consumer_hits: Option<u32>,
    /// How many on allow entries. Such an entry is made because a source lists the address, so by default all pass.
    pub allow_hits: Option<u32>,
    /// How many on known-good lists.
    pub known_good_hits: Option<u32>,
    /// Whether two people must approve.
    pub second_person: bool,
    /// After how many hours a held candidate that nobody decided on counts as rejected.
    pub held_hours: Option<u32>,
}

impl Default for GateRules {
    fn default() -> Self {
        Self {
            min_share: Some(50),
            max_added: Some(200),
            max_removed: Some(50),
            jump_floor: 500,
            max_covered: Some(5.0),
            widest_v4: Some(10),
            widest_v6: Some(24),
            own_hits: Some(0),
            consumer_hits: Some(0),
            allow_hits: None,
            known_good_hits: Some(10),
            second_person: false,
            held_hours: Some(72),
        }
    }
}

/// Why a candidate is held.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, thiserror::Error)]
#[serde(tag = "rule", rename_all = "snake_case")]
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
    /// A person brought an old publication back and holds it there.
    #[error(
        "publication {serial} was brought back and is held there; `blacklist publication release` lets the list go on"
    )]
    Pinned {
        /// Which.
        serial: crate::Serial,
    },
    /// Much fewer prefixes than the last publication.
    #[error("{entries} prefixes where there were {before}: less than {least} %")]
    Shrunk {
        /// In the candidate.
        entries: u64,
        /// In the last publication.
        before: u64,
        /// The limit, in percent.
        least: u8,
    },
    /// A source adds too many at once.
    #[error("{from} adds {added} prefixes to its {had}: more than {most} %")]
    Jumped {
        /// Which.
        #[serde(rename = "source")]
        from: SourceName,
        /// How many it adds.
        added: u64,
        /// How many it had.
        had: u64,
        /// The limit, in percent.
        most: u32,
    },
    /// A source loses too many at once.
    #[error("{from} loses {removed} of its {had} prefixes: more than {most} %")]
    Lost {
        /// Which.
        #[serde(rename = "source")]
        from: SourceName,
        /// How many it loses.
        removed: u64,
        /// How many it had.
        had: u64,
        /// The limit, in percent.
        most: u32,
    },
    /// Too much of the address space.
    #[error("{percent:.2} % of the IPv4 space would be blocked: more than {most} %")]
    Covers {
        /// How much.
        percent: f64,
        /// The limit.
        most: f64,
    },
    /// A wide prefix that was not there.
    #[error("{prefix} of {from} is wider than /{widest}")]
    Wide {
        /// The prefix, as text.
        prefix: String,
        /// Who lists it.
        #[serde(rename = "source")]
        from: SourceName,
        /// The limit.
        widest: u8,
    },
    /// Listings that touch what is protected, and did not before.
    #[error("{count} new listings touch {kind:?}, among them {first}: more than {most}")]
    Hits {
        /// What they touch.
        kind: GuardKind,
        /// How many.
        count: u64,
        /// The first of them, as `9.1.2.0/24 (source) on 9.1.2.3`.
        first: String,
        /// The limit.
        most: u32,
    },
}

/// What the gate says of a candidate.
#[derive(Clone, Debug, PartialEq)]
pub enum Verdict {
    /// It may be published.
    Publish,
    /// It waits for a person, for all these reasons.
    Held(Vec<Reason>),
}

/// A candidate and what it is compared with.
#[derive(Clone, Copy, Debug)]
pub struct Candidate<'a> {
    /// What would be published.
    pub content: &'a Content,
    /// The last publication without what has ended or is forbidden since; `None` when nothing was ever published.
    pub before: Option<&'a Content>,
    /// Hits that a person has not been asked about.
    pub new_hits: &'a [Hit],
    /// False when something was published that the database does not know of.
    pub knows_history: bool,
}

/// Judges a candidate. Costs what differs: chunks that both have are passed over.
pub fn judge(candidate: &Candidate<'_>, rules: &GateRules) -> Verdict {
    let _ = (candidate, rules, None::<Prefix>);
    todo!()
}

impl Reason {
    /// The id of its rule.
    pub fn rule(&self) -> &'static str {
        todo!()
    }
}
