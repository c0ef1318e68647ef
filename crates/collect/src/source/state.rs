//! Where a source stands between two runs: kept as JSON beside its settings, written in the transaction of the run that
//! changes it.

use blocklist::Time;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::trouble::Trouble;

/// What only a person can end, or what only time ends. While it stands, no run starts by itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Condition {
    /// What it is; one of those for which [`Trouble::needs_person`] holds.
    pub trouble: Trouble,
    /// In the portal's own words, if it said any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
    /// Since when.
    pub since: Time,
    /// The earliest end, where the portal names one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Time>,
}

/// What is remembered of a source between two runs. Every field may be absent: a state that is lost costs a run that
/// fetches more than it had to, never a listing.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct SourceState {
    /// When the last run began, whatever came of it.
    pub attempted_at: Option<Time>,
    /// When the last good run ended: freshness counts from here.
    pub good_at: Option<Time>,
    /// Runs that failed since the last good one.
    pub failures: u32,
    /// No run starts by itself before this: the wait after a failure, the portal's `Retry-After`, or the open circuit.
    pub not_before: Option<Time>,
    /// The circuit is open: it failed so often that only one try at a time is made, far apart.
    pub circuit_open: bool,
    /// What a person has to end.
    pub condition: Option<Condition>,
    /// Portals: the last day that good runs have covered.
    pub covered_until: Option<Date>,
    /// URL sources: what the server needs to say "unchanged".
    pub validators: Option<Validators>,
    /// TAXII: ask for what was added after this; MISP: the newest event taken. As the server words it.
    pub cursor: Option<String>,
}

/// What makes a request conditional, and which input it belongs to.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Validators {
    /// The address they belong to: another address, another document.
    pub url: String,
    /// `ETag`, as sent.
    pub etag: Option<String>,
    /// `Last-Modified`, as sent.
    pub last_modified: Option<String>,
    /// The key of the input that came with them, in hex: `unchanged` is only believed while the store still holds that.
    pub input_key: String,
    /// What beside the bytes decided what was made of them (parser, columns, defaults), in hex: under other settings
    /// the same bytes are another list.
    pub recipe: String,
}

impl SourceState {
    /// Reads what the store keeps. What cannot be read counts as nothing remembered.
    pub fn from_json(text: Option<&str>) -> Self {
        text.and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default()
    }

    /// For the store.
    pub fn to_json(&self) -> String {
        // A struct of times, texts and numbers cannot fail to be written.
        serde_json::to_string(self).unwrap_or_else(|_| "{}".to_owned())
    }

    /// A run came to a good end.
    #[must_use]
    pub fn after_success(mut self, now: Time) -> Self {
        self.good_at = Some(now);
        self.failures = 0;
        self.not_before = None;
        self.circuit_open = false;
        self.condition = None;
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_state_reads_back_and_a_broken_one_is_nothing_remembered() {
        let state = SourceState {
            good_at: Some(Time::from_unix(1_700_000_000)),
            covered_until: Some(jiff::civil::date(2026, 11, 23)),
            condition: Some(Condition {
                trouble: Trouble::OtpNeeded,
                detail: Some("말".into()),
                since: Time::from_unix(1),
                until: None,
            }),
            ..SourceState::default()
        };
        assert_eq!(SourceState::from_json(Some(&state.to_json())), state);
        for broken in [None, Some(""), Some("{\"failures\":-1}"), Some("[]")] {
            assert_eq!(SourceState::from_json(broken), SourceState::default());
        }
        // A field that a newer program wrote does not lose the others.
        let more = "{\"failures\":3,\"something_new\":1}";
        assert_eq!(SourceState::from_json(Some(more)).failures, 3);
    }
}
