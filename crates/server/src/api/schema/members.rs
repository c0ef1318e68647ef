//! Members of settings as requests name them: each may be left out and stays, and `null` goes back to its default. The same
//! settings in an answer have all of their members.

use std::collections::BTreeMap;

use utoipa::ToSchema;

use super::Choice;

/// Members of the policy.
#[derive(ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PolicyMembers {
    /// For all sources.
    pub filter: Option<FilterMembers>,
    /// An address is served when at least so many sources list it; 0 and 1 are the same.
    #[schema(maximum = 100)]
    pub min_sources: Option<u16>,
    /// Sources that need nobody beside them.
    #[schema(value_type = Option<Vec<super::Name>>)]
    pub trusted: Option<Vec<String>>,
    /// For single sources, by name.
    #[schema(value_type = Option<BTreeMap<super::Name, SourceRulesMembers>>)]
    pub sources: Option<BTreeMap<String, Option<SourceRulesMembers>>>,
}

/// Members of the rules of one source.
#[derive(ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SourceRulesMembers {
    /// Which of its listings count.
    pub filter: Option<FilterMembers>,
    /// When its listings end: `source`, `detected+90d`, `last_seen+14d`, `earlier(..,..)` or `later(..,..)`.
    #[schema(format = "end-rule")]
    pub end: Option<String>,
    /// It is collected and kept, and nothing of it is served.
    pub trial: Option<bool>,
}

/// Members of the conditions that listings must meet.
#[derive(ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct FilterMembers {
    /// At least so sure.
    #[schema(maximum = 100)]
    pub min_confidence: Option<u8>,
    /// Whether a listing without a confidence fails `min_confidence`.
    pub confidence_required: Option<bool>,
    /// Which categories; the empty name is a listing without one.
    pub categories: Option<Choice>,
    /// Only this family: 4 or 6.
    #[schema(minimum = 4, maximum = 6, multiple_of = 2)]
    pub family: Option<u8>,
}

/// Members of the limits of the gate; `null` is off.
#[derive(ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct GateMembers {
    /// The fewest prefixes, in percent of the last publication.
    #[schema(minimum = 1, maximum = 100)]
    pub min_share: Option<u8>,
    /// The most prefixes that one source may add at once, in percent of what it had.
    #[schema(maximum = 1_000_000)]
    pub max_added: Option<u32>,
    /// The most that it may lose at once.
    #[schema(maximum = 100)]
    pub max_removed: Option<u32>,
    /// Changes of fewer prefixes than this are no jump.
    #[schema(required = false, maximum = 1_000_000_000)]
    pub jump_floor: u32,
    /// The most of the IPv4 space, in percent.
    #[schema(exclusive_minimum = 0, maximum = 100)]
    pub max_covered: Option<f64>,
    /// The shortest IPv4 prefix that comes without a question.
    #[schema(minimum = 8, maximum = 32)]
    pub widest_v4: Option<u8>,
    /// The shortest IPv6 prefix that comes without a question.
    #[schema(minimum = 19, maximum = 128)]
    pub widest_v6: Option<u8>,
    /// How many new hits on own networks pass without a question.
    #[schema(maximum = 1_000_000)]
    pub own_hits: Option<u32>,
    /// How many on addresses of consumers.
    #[schema(maximum = 1_000_000)]
    pub consumer_hits: Option<u32>,
    /// How many on allow entries.
    #[schema(maximum = 1_000_000)]
    pub allow_hits: Option<u32>,
    /// How many on known-good lists.
    #[schema(maximum = 1_000_000)]
    pub known_good_hits: Option<u32>,
    /// Whether two people must approve.
    #[schema(required = false)]
    pub second_person: bool,
    /// After how many hours a held candidate counts as rejected.
    #[schema(minimum = 1, maximum = 8_760)]
    pub held_hours: Option<u32>,
}

/// Members of what a feed shows.
#[derive(ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct FeedMembers {
    /// Which sources.
    pub sources: Option<Choice>,
    /// Which of their listings.
    pub filter: Option<FilterMembers>,
    /// Join neighbours, in formats that show no origin.
    pub merge: Option<bool>,
    /// At most so many entries; what matters least is cut.
    #[schema(minimum = 1, maximum = 100_000_000)]
    pub cap: Option<u32>,
}

/// Members of how a consumer is set up.
#[derive(ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ConsumerMembers {
    /// The one feed that it may read; `null` is any.
    #[schema(pattern = "^[a-z0-9][a-z0-9._-]{0,62}$")]
    pub feed: Option<String>,
    /// The make: `fortigate`, `paloalto`, `nftables` and so on, or `generic`.
    pub vendor: Option<String>,
    /// Which model.
    pub model: Option<String>,
    /// The most entries that it takes; the smaller of this and the feed's holds.
    #[schema(minimum = 1, maximum = 100_000_000)]
    pub cap: Option<u32>,
    /// What people want to know of it.
    pub note: Option<String>,
}
