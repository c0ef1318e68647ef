//! Which listings of a chunk count: what of the policy looks at one listing alone.

use std::collections::BTreeSet;

use prefix::Refusal;

use super::evaluate::{Evaluation, Kept};
use super::filter::Failed;
use super::{MANUAL, SourceRules};
use crate::{DetailsTable, Listing, SourceId, SourceName, Time};

/// A source and what the policy says of it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Source<'a> {
    pub(super) name: &'a SourceName,
    /// What people block by hand: no rule of the policy touches it.
    manual: bool,
    /// Needs nobody beside it.
    pub(super) alone: bool,
    rules: Option<&'a SourceRules>,
}

/// The sources by id.
#[derive(Debug)]
pub(super) struct Sources<'a> {
    table: Vec<(SourceId, Source<'a>)>,
}

impl<'a> Sources<'a> {
    pub(super) fn new(by: &Evaluation<'a>) -> Self {
        let trusted: BTreeSet<&SourceName> = by.policy.trusted.iter().collect();
        let source = |name: &'a SourceName| {
            let manual = name.as_str() == MANUAL;
            let rules = by.policy.sources.get(name).filter(|_| !manual);
            Source { name, manual, alone: manual || trusted.contains(name), rules }
        };
        Self { table: by.sources.iter().map(|(&id, name)| (id, source(name))).collect() }
    }

    /// How many there are.
    pub(super) fn len(&self) -> usize {
        self.table.len()
    }

    /// The position of a source and what it is.
    #[inline]
    pub(super) fn get(&self, id: SourceId) -> Option<(usize, &Source<'a>)> {
        let (first, _) = self.table.first()?;
        // Ids mostly follow each other, so mostly the place is known.
        let guess = id.0.checked_sub(first.0)? as usize;
        let at = match self.table.get(guess) {
            Some((there, _)) if *there == id => guess,
            _ => self.table.binary_search_by_key(&id, |&(id, _)| id).ok()?,
        };
        self.table.get(at).map(|(_, source)| (at, source))
    }
}

impl Source<'_> {
    /// The end after the rules.
    #[inline]
    pub(super) fn until(&self, kept: &Kept) -> Option<Time> {
        let Listing { until, detected, .. } = kept.listing;
        match self.rules {
            Some(rules) if !kept.end_is_set => rules.end.end(until, detected, kept.seen),
            _ => until,
        }
    }

    /// All that keeps a listing of this source out by itself; `until` is its end after the rules.
    #[inline]
    pub(super) fn obstacles(
        &self,
        listing: Listing,
        until: Option<Time>,
        by: &Evaluation<'_>,
    ) -> impl Iterator<Item = Obstacle> {
        let mut steps = 0..5;
        std::iter::from_fn(move || {
            steps.find_map(|step| match step {
                0 => by.rules.admit(listing.prefix).err().map(Obstacle::Refused),
                1 => until.filter(|&until| until <= by.now).map(Obstacle::Ended),
                _ if self.manual => None,
                2 => self.rules.is_some_and(|rules| rules.trial).then_some(Obstacle::Trial),
                3 => {
                    let failed = by.policy.filter.judge(&listing, by.details.get(listing.details)).err()?;
                    Some(Obstacle::Filter { own: false, failed })
                }
                _ => {
                    let filter = &self.rules?.filter;
                    let failed = filter.judge(&listing, by.details.get(listing.details)).err()?;
                    Some(Obstacle::Filter { own: true, failed })
                }
            })
        })
    }
}

/// Something that keeps a listing out by itself.
#[derive(Clone, Copy, Debug)]
pub(super) enum Obstacle {
    Refused(Refusal),
    Ended(Time),
    Trial,
    Filter { own: bool, failed: Failed },
}

/// The listings that count, with their end after the rules. A listing of a source without a name cannot be traced and
/// does not count.
pub(super) fn live(kept: &[Kept], sources: &Sources<'_>, by: &Evaluation<'_>) -> Vec<Listing> {
    let mut live = Vec::with_capacity(kept.len());
    for kept in kept {
        let Some((_, source)) = sources.get(kept.listing.source) else { continue };
        let until = source.until(kept);
        if source.obstacles(kept.listing, until, by).next().is_none() {
            live.push(Listing { until, ..kept.listing });
        }
    }
    order(&mut live, by.details);
    live
}

/// Sorts by (prefix, source) and joins what has both in common: the longest end, then the earliest detection, then the
/// lesser details.
pub(crate) fn order(listings: &mut Vec<Listing>, details: &DetailsTable) {
    let key = |listing: &Listing| (listing.prefix, listing.source);
    if !listings.is_sorted_by_key(key) {
        // Stable, because it sees the sorted runs of the sources and only merges them.
        listings.sort_by_key(key);
    }
    listings.dedup_by(|next, kept| {
        let same = key(next) == key(kept);
        if same && goes_before(next, kept, details) {
            *kept = *next;
        }
        same
    });
}

fn goes_before(a: &Listing, b: &Listing, details: &DetailsTable) -> bool {
    let end = |listing: &Listing| (listing.until.is_none(), listing.until);
    let by_end = end(b).cmp(&end(a));
    let all = by_end.then_with(|| a.detected.cmp(&b.detected));
    // By what they say, not by id: another node numbers them otherwise.
    all.then_with(|| details.get(a.details).cmp(details.get(b.details))).is_lt()
}
