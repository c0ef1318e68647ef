//! Shapes of policy, gate, held candidates and the record of changes.

use std::collections::BTreeMap;

use utoipa::ToSchema;

use super::Choice;

/// The rules that turn active listings into the block list.
#[derive(ToSchema)]
pub(crate) struct Policy {
    /// For all sources.
    pub filter: Filter,
    /// An address is served when at least so many sources list it; 0 and 1 are the same.
    pub min_sources: u16,
    /// Sources that need nobody beside them.
    pub trusted: Vec<String>,
    /// For single sources, by name.
    pub sources: BTreeMap<String, SourceRules>,
}

/// The rules of one source.
#[derive(ToSchema)]
pub(crate) struct SourceRules {
    /// Which of its listings count.
    pub filter: Filter,
    /// When its listings end: `source`, `detected+90d`, `last_seen+14d`, `earlier(..,..)` or `later(..,..)`.
    pub end: String,
    /// It is collected and kept, and nothing of it is served.
    pub trial: bool,
}

/// Which listings count.
#[derive(ToSchema)]
pub(crate) struct Filter {
    /// At least so sure: 0 to 100.
    pub min_confidence: Option<u8>,
    /// Whether a listing without a confidence fails `min_confidence`.
    pub confidence_required: bool,
    /// Which categories; `null` for all of them. The empty name is a listing without one.
    pub categories: Option<Choice>,
    /// Only this family: 4 or 6.
    pub family: Option<u8>,
}

/// The limits of the gate; `null` is off.
#[derive(ToSchema)]
pub(crate) struct Gate {
    /// The fewest prefixes, in percent of the last publication.
    pub min_share: Option<u8>,
    /// The most prefixes that one source may add at once, in percent of what it had.
    pub max_added: Option<u32>,
    /// The most that it may lose at once.
    pub max_removed: Option<u32>,
    /// Changes of fewer prefixes than this are no jump.
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
    /// How many on allow entries.
    pub allow_hits: Option<u32>,
    /// How many on known-good lists.
    pub known_good_hits: Option<u32>,
    /// Whether two people must approve.
    pub second_person: bool,
    /// After how many hours a held candidate counts as rejected.
    pub held_hours: Option<u32>,
}

/// A candidate that the gate held.
#[derive(ToSchema)]
pub(crate) struct Held {
    /// Its number.
    pub id: i64,
    /// `open`, `approved`, `rejected`, `expired` or `superseded`.
    pub state: String,
    /// Since when something is held.
    pub opened_at: String,
    /// When the candidate last changed.
    pub changed_at: String,
    /// When it counts as rejected.
    pub expires_at: Option<String>,
    /// The publication that goes on meanwhile.
    pub follows: Option<u64>,
    /// Identifies the candidate: who approves names it.
    pub candidate: String,
    /// Prefixes in it.
    pub entries: u64,
    /// Prefixes that would come.
    pub added: u64,
    /// Prefixes that would go.
    pub removed: u64,
    /// Every reason: its `rule` and the figures of it.
    #[schema(value_type = Vec<Object>)]
    pub reasons: Vec<()>,
    /// Who approved so far.
    pub approvals: Vec<OneApproval>,
    /// When it was decided.
    pub decided_at: Option<String>,
    /// By whom.
    pub decided_by: Option<String>,
    /// Why.
    pub note: Option<String>,
    /// The publication it became.
    pub serial: Option<u64>,
}

/// Somebody's yes.
#[derive(ToSchema)]
pub(crate) struct OneApproval {
    /// Who.
    pub by: String,
    /// When.
    pub at: String,
    /// Why.
    pub note: Option<String>,
}

/// A listing that touches what is protected.
#[derive(ToSchema)]
pub(crate) struct Hit {
    /// Who lists it.
    pub source: String,
    /// What is listed.
    pub prefix: String,
    /// Why the other is protected: `own`, `consumer`, `allow` or `known_good`.
    pub kind: String,
    /// What is protected.
    pub guard: String,
}

/// An old publication that a person brought back.
#[derive(ToSchema)]
pub(crate) struct Pin {
    /// Which.
    pub serial: u64,
    /// Who.
    pub by: String,
    /// Why.
    pub note: Option<String>,
    /// When.
    pub at: String,
}

/// A change by a person.
#[derive(ToSchema)]
pub(crate) struct AuditEntry {
    /// Its number.
    pub id: i64,
    /// When.
    pub at: String,
    /// Who.
    pub by: String,
    /// What was done, as in `policy.set`.
    pub action: String,
    /// To what.
    pub target: String,
    /// How it was.
    #[schema(value_type = Option<Object>)]
    pub before: Option<()>,
    /// How it is.
    #[schema(value_type = Option<Object>)]
    pub after: Option<()>,
    /// Why.
    pub note: Option<String>,
    /// From which address; `null` for a command on this machine.
    pub address: Option<String>,
}
