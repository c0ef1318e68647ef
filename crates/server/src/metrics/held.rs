//! What waits for a person, read from the store when it is asked for. Labels are the rules of the gate, so they are bounded.

use blocklist::gate::{RULES, Reason};
use prometheus_client::encoding::EncodeLabelSet;
use store::{HeldState, Store};

use super::Metrics;

/// A rule of the gate.
#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
pub(super) struct RuleLabels {
    rule: &'static str,
}

/// What the store says waits now.
#[derive(Debug, Default)]
pub(crate) struct Waiting {
    held: bool,
    /// The rule of each reason.
    rules: Vec<&'static str>,
    pinned: u64,
}

impl Waiting {
    /// Reads the open candidate, which is the newest if there is one, and the rollback in force.
    pub(super) fn take(store: &Store) -> store::Result<Self> {
        let pinned = store.pinned()?.map_or(0, |pin| pin.serial.0);
        let newest = store.held(None, 1)?.pop();
        let open = newest.filter(|row| row.state == HeldState::Open);
        let rules = open.as_ref().map(|row| row.reasons.iter().map(Reason::rule).collect());
        Ok(Self { held: open.is_some(), rules: rules.unwrap_or_default(), pinned })
    }
}

impl Metrics {
    /// Sets the figures of what waits; every rule has one, so that its absence is never a doubt.
    pub(super) fn show_waiting(&self, waiting: &Waiting) {
        self.held.set(waiting.held.into());
        self.publication_pinned.set(waiting.pinned as i64);
        for rule in RULES {
            let count = waiting.rules.iter().filter(|id| **id == rule.id).count();
            self.held_reasons.get_or_create_owned(&RuleLabels { rule: rule.id }).set(count as i64);
        }
    }
}
