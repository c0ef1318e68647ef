//! The limits of a site.

use serde::{Deserialize, Serialize};

use super::SETTINGS;
use crate::policy::GuardKind;
use crate::setting::{self, BadSetting};

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
    /// Changes of fewer prefixes than this never count as a jump or as a shrunken list: small lists jump by nature.
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
            jump_floor: 100,
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

impl GateRules {
    /// Whether every limit is within its own limits; the first that is not. To be asked of all that comes from outside.
    pub fn check(&self) -> Result<(), BadSetting> {
        setting::check(SETTINGS, self, "")
    }

    /// How many new hits of a kind pass without a question.
    pub fn hits(&self, kind: GuardKind) -> Option<u32> {
        match kind {
            GuardKind::Own => self.own_hits,
            GuardKind::Consumer => self.consumer_hits,
            GuardKind::Allow => self.allow_hits,
            GuardKind::KnownGood => self.known_good_hits,
        }
    }
}
