//! Reads of feeds by the hour. Each read is counted once: the next look begins after the last one that was counted.

use std::collections::BTreeMap;

use blocklist::Time;
use store::{Result, Store};

const HOUR: i64 = 3_600;
/// Hours that are shown.
const HOURS: i64 = 24;

/// What was counted so far.
#[derive(Debug, Default)]
pub(crate) struct Reads {
    last: Option<i64>,
    hours: BTreeMap<i64, u64>,
}

/// Reads of the last 24 hours.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Counts {
    /// When the first of the hours began.
    pub(crate) since: Time,
    /// By the hour, the oldest first; the last one is under way.
    pub(crate) hours: Vec<u64>,
}

impl Counts {
    /// All of them.
    pub(crate) fn all(&self) -> u64 {
        self.hours.iter().sum()
    }
}

impl Reads {
    /// Counts what was read since the last time.
    pub(super) fn take(&mut self, store: &Store, now: Time) -> Result<Counts> {
        let this = now.unix().div_euclid(HOUR);
        let first = this - HOURS + 1;
        let since = Time::from_unix(first * HOUR);
        if let Some((last, counted)) = store.reads_by_hour(self.last, since)? {
            self.last = Some(last);
            for (hour, count) in counted {
                *self.hours.entry(hour).or_default() += count;
            }
        }
        self.hours = self.hours.split_off(&first);
        let hours = (first..=this).map(|hour| self.hours.get(&hour).copied().unwrap_or(0));
        Ok(Counts { since, hours: hours.collect() })
    }
}
