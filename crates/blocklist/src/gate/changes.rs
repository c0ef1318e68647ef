//! What differs between two contents, counted by source.

use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::sync::Arc;

use prefix::Prefix;
use prefix::prefix::Either;

use super::judge::MAX_WIDE;
use super::{GateRules, Reason};
use crate::content::Content;
use crate::policy::MANUAL;
use crate::{Chunk, Listing, SourceName};

/// Listings sorted by (prefix, source), each pair once, with the sorted names that their sources are positions in.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Listed<'a> {
    pub(super) sources: &'a [SourceName],
    pub(super) listings: &'a [Listing],
}

/// What one source had, and what it gains and loses.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Change {
    pub(super) had: u64,
    pub(super) added: u64,
    pub(super) removed: u64,
}

impl<'a> Listed<'a> {
    fn of(chunk: Option<&'a Arc<Chunk>>) -> Self {
        chunk.map(|chunk| Self { sources: chunk.sources(), listings: chunk.listings() }).unwrap_or_default()
    }
}

/// All that differs.
#[derive(Debug, Default)]
pub(super) struct Changes {
    /// Distinct prefixes.
    pub(super) entries: u64,
    pub(super) entries_before: u64,
    /// IPv4 addresses.
    pub(super) covered: u64,
    pub(super) covered_before: u64,
    pub(super) sources: BTreeMap<SourceName, Change>,
    /// Wide prefixes that are new: at most [`MAX_WIDE`].
    pub(super) wide: Vec<Reason>,
}

impl Changes {
    /// What differs. Costs the chunks that are not the same in both, and a look at every listing of a source only when it
    /// changed by more than a jump takes.
    pub(super) fn between(before: &Content, after: &Content, rules: &GateRules) -> Self {
        let covered =
            |content: &Content| content.chunks().iter().map(|chunk| u64::from(chunk.covered_v4())).sum();
        let mut changes = Self {
            entries: after.entries() as u64,
            entries_before: before.entries() as u64,
            covered: covered(after),
            covered_before: covered(before),
            ..Self::default()
        };
        for (old, new) in before.differing(after) {
            changes.add(Listed::of(old), Listed::of(new), rules);
        }
        let floor = u64::from(rules.jump_floor);
        changes.sources.retain(|_, change| change.added.max(change.removed) >= floor);
        if !changes.sources.is_empty() {
            changes.count(before);
        }
        changes
    }

    /// Counts what the sources that changed had.
    fn count(&mut self, before: &Content) {
        for chunk in before.chunks() {
            let mut counts = vec![0; chunk.sources().len()];
            for listing in chunk.listings() {
                counts[listing.source.0 as usize] += 1;
            }
            for (name, count) in chunk.sources().iter().zip(counts) {
                if let Some(change) = self.sources.get_mut(name) {
                    change.had += count;
                }
            }
        }
    }

    /// Adds one part of the address space, as it was and as it would be. Parts come in order, and no prefix reaches from
    /// one into another.
    fn add(&mut self, before: Listed<'_>, after: Listed<'_>, rules: &GateRules) {
        let names = union(before.sources, after.sources);
        let mut counts = vec![Change::default(); names.len()];
        let (ranks_before, ranks_after) = (ranks(before.sources, &names), ranks(after.sources, &names));
        let rank = |ranks: &[usize], listing: &Listing| ranks.get(listing.source.0 as usize).copied();
        let mut old = before.listings.iter().peekable();
        let mut new = after.listings.iter().peekable();
        loop {
            let of_old = old.peek().map(|listing| (listing.prefix, rank(&ranks_before, listing)));
            let of_new = new.peek().map(|listing| (listing.prefix, rank(&ranks_after, listing)));
            let order = match (of_old, of_new) {
                (None, None) => break,
                (Some(_), None) => Ordering::Less,
                (None, Some(_)) => Ordering::Greater,
                (Some(a), Some(b)) => a.cmp(&b),
            };
            if order.is_le() {
                old.next();
            }
            if order.is_ge() {
                new.next();
            }
            let Some((prefix, Some(at))) = (if order.is_le() { of_old } else { of_new }) else { continue };
            let Some(count) = counts.get_mut(at) else { continue };
            count.removed += u64::from(order.is_lt());
            count.added += u64::from(order.is_gt());
            if order.is_gt() && self.wide.len() < MAX_WIDE {
                self.wide.extend(wide(prefix, names[at], rules));
            }
        }
        self.sum(names.into_iter().zip(counts));
    }

    fn sum<'a>(&mut self, counts: impl Iterator<Item = (&'a SourceName, Change)>) {
        for (name, count) in counts {
            if !self.sources.contains_key(name) {
                self.sources.insert(name.clone(), Change::default());
            }
            if let Some(sum) = self.sources.get_mut(name) {
                sum.added += count.added;
                sum.removed += count.removed;
            }
        }
    }
}

fn wide(prefix: Prefix, from: &SourceName, rules: &GateRules) -> Option<Reason> {
    // Whoever blocks by hand has been asked already.
    if from.as_str() == MANUAL {
        return None;
    }
    let widest = match prefix.split() {
        Either::V4(_) => rules.widest_v4,
        Either::V6(_) => rules.widest_v6,
    }?;
    let held = prefix.len() < widest;
    held.then(|| Reason::Wide { prefix: prefix.to_string(), from: from.clone(), widest })
}

/// The names of both, in order.
fn union<'a>(a: &'a [SourceName], b: &'a [SourceName]) -> Vec<&'a SourceName> {
    let mut names: Vec<&SourceName> = a.iter().chain(b).collect();
    names.sort_unstable();
    names.dedup();
    names
}

/// Of each of `sources`, its position in `names`, which holds them all.
fn ranks(sources: &[SourceName], names: &[&SourceName]) -> Vec<usize> {
    sources.iter().map(|name| names.partition_point(|other| *other < name)).collect()
}
