//! What differs between two sorted lists of listings, counted by source.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use prefix::prefix::Either;
use prefix::{Prefix, uncovered};

use super::judge::MAX_WIDE;
use super::{GateRules, Reason};
use crate::{Listing, SourceName};

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

/// All that differs, added part by part.
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
    /// Adds one part of the address space, as it was and as it would be. Parts come in order, and no prefix reaches from
    /// one into another.
    pub(super) fn add(&mut self, before: Listed<'_>, after: Listed<'_>, rules: &GateRules) {
        self.entries += entries(after.listings);
        self.entries_before += entries(before.listings);
        self.covered += covered(after.listings);
        self.covered_before += covered(before.listings);
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
            count.had += u64::from(order.is_le());
            count.removed += u64::from(order.is_lt());
            count.added += u64::from(order.is_gt());
            if order.is_gt() && self.wide.len() < MAX_WIDE {
                self.wide.extend(wide(prefix, names[at], rules));
            }
        }
        self.sum(names.into_iter().zip(counts));
    }

    /// Adds a part that is the same in both: a third of the work.
    pub(super) fn add_same(&mut self, both: Listed<'_>) {
        let (entries, covered) = (entries(both.listings), covered(both.listings));
        self.entries += entries;
        self.entries_before += entries;
        self.covered += covered;
        self.covered_before += covered;
        let mut counts = vec![Change::default(); both.sources.len()];
        for listing in both.listings {
            if let Some(count) = counts.get_mut(listing.source.0 as usize) {
                count.had += 1;
            }
        }
        self.sum(both.sources.iter().zip(counts));
    }

    fn sum<'a>(&mut self, counts: impl Iterator<Item = (&'a SourceName, Change)>) {
        for (name, count) in counts {
            if !self.sources.contains_key(name) {
                self.sources.insert(name.clone(), Change::default());
            }
            if let Some(sum) = self.sources.get_mut(name) {
                sum.had += count.had;
                sum.added += count.added;
                sum.removed += count.removed;
            }
        }
    }
}

fn wide(prefix: Prefix, from: &SourceName, rules: &GateRules) -> Option<Reason> {
    let widest = match prefix.split() {
        Either::V4(_) => rules.widest_v4,
        Either::V6(_) => rules.widest_v6,
    }?;
    let held = prefix.len() < widest;
    held.then(|| Reason::Wide { prefix: prefix.to_string(), from: from.clone(), widest })
}

/// How many distinct prefixes.
fn entries(listings: &[Listing]) -> u64 {
    listings.chunk_by(|a, b| a.prefix == b.prefix).count() as u64
}

/// How many IPv4 addresses. Prefixes nest, so those that no other covers hold each of them once.
fn covered(listings: &[Listing]) -> u64 {
    let nets = listings.iter().map_while(|listing| listing.prefix.v4());
    uncovered(nets).map(|net| u64::from(net.last() - net.first()) + 1).sum()
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
