//! The model: single addresses in maps, and the rules written out by hand. Slow, and simple enough to be believed.

use std::collections::{BTreeMap, BTreeSet};

use blocklist::{Mode, Serial};
use prefix::Prefix;

use crate::step::{Place, addresses, prefix};

pub(crate) const SOURCES: [&str; 3] = ["a", "b", "manual"];
pub(crate) const MANUAL: usize = 2;

/// Who lists an address, and until when at the longest; `i64::MAX` is without end.
pub(crate) type Served = BTreeMap<(Prefix, usize), i64>;

#[derive(Clone, Debug, Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of its own")]
pub(crate) struct Model {
    /// What each source lists: prefix to end.
    pub(crate) kept: [BTreeMap<Prefix, i64>; 3],
    /// Each allow entry and its end.
    pub(crate) allowed: Vec<(Prefix, i64)>,
    pub(crate) two: bool,
    pub(crate) trial: bool,
    pub(crate) only_v4: bool,
    pub(crate) now: i64,
    pub(crate) pinned: bool,
    /// Something waits, or was rejected, since the last publication that took all in.
    pub(crate) waits: bool,
    /// What the last publication serves.
    pub(crate) served: Served,
    pub(crate) history: BTreeMap<Serial, Served>,
}

impl Model {
    pub(crate) fn forbidden(&self) -> BTreeSet<Prefix> {
        let holds = self.allowed.iter().filter(|(_, until)| *until > self.now);
        holds.flat_map(|(prefix, _)| addresses(*prefix)).collect()
    }

    /// The candidate: single addresses, by hand.
    pub(crate) fn candidate(&self) -> Served {
        let mut listed: BTreeMap<Prefix, BTreeMap<usize, i64>> = BTreeMap::new();
        for (source, kept) in self.kept.iter().enumerate() {
            for (&prefix, &until) in kept {
                let trial = self.trial && source == 0;
                let family = self.only_v4 && source == 1 && prefix.v4().is_none();
                if until <= self.now || trial || family {
                    continue;
                }
                for address in addresses(prefix) {
                    let longest = listed.entry(address).or_default().entry(source).or_insert(until);
                    *longest = until.max(*longest);
                }
            }
        }
        let forbidden = self.forbidden();
        let mut served = Served::new();
        for (address, sources) in listed.into_iter().filter(|(address, _)| !forbidden.contains(address)) {
            for (&source, &until) in &sources {
                if source == MANUAL || !self.two || sources.len() >= 2 {
                    served.insert((address, source), until);
                }
            }
        }
        served
    }

    /// What goes on while nothing new may come: without what ended and what is protected, with what people block.
    pub(crate) fn frozen(&self) -> Served {
        let forbidden = self.forbidden();
        let by_hand = self.candidate().into_iter().filter(|((_, source), _)| *source == MANUAL);
        let by_hand: Served = by_hand.collect();
        let go_on = |ended: bool| -> Served {
            let stay = self.served.iter().filter(|((address, source), until)| {
                !forbidden.contains(address) && (ended || *source != MANUAL && **until > self.now)
            });
            let mut all: Served = stay.map(|(key, until)| (*key, *until)).collect();
            for (key, until) in &by_hand {
                let longest = all.entry(*key).or_insert(*until);
                *longest = (*until).max(*longest);
            }
            all
        };
        let frozen = go_on(false);
        if frozen.is_empty() && !self.served.is_empty() { go_on(true) } else { frozen }
    }
}

/// Takes rows into what a source lists; false when a run with them is not believed.
pub(crate) fn take(model: &mut Model, source: usize, mode: Mode, rows: &[(Place, Option<i64>)]) -> bool {
    let mut joined: BTreeMap<Prefix, i64> = BTreeMap::new();
    for &(place, until) in rows {
        let until = until.unwrap_or(i64::MAX);
        let kept = joined.entry(prefix(place)).or_insert(until);
        *kept = until.max(*kept);
    }
    let had = model.kept[source].values().filter(|until| **until > model.now).count();
    if joined.is_empty() || mode == Mode::Full && joined.len() * 2 < had {
        return false;
    }
    if mode == Mode::Full {
        model.kept[source].clear();
    }
    model.kept[source].extend(joined);
    true
}

/// Every address that somebody lists.
pub(crate) fn addresses_of(served: &Served) -> BTreeSet<Prefix> {
    served.keys().map(|(address, _)| *address).collect()
}
