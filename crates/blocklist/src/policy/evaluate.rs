//! One chunk through the policy.
//!
//! Nothing here can fail. The listings that count are sorted once; what is left of each is found by walking the ranges of
//! what may be served beside them, so that a listing of which nothing is cut costs one comparison and no allocation.

use std::collections::BTreeMap;

use prefix::{Address, Family, Net, Prefix, Range, Rules, Set};

use super::admit::{Sources, live, order};
use super::hits::Hits;
use super::pieces;
use crate::policy::{Hit, Policy, Protected};
use crate::{DetailsTable, Listing, SourceId, SourceName, Time};

/// An active listing as it is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Kept {
    /// With the end that the source says, or that a person set.
    pub listing: Listing,
    /// When a run last saw it; the detection where that is not kept.
    pub seen: Time,
    /// Whether a person set the end: then no rule changes it.
    pub end_is_set: bool,
}

/// All that a chunk is evaluated by.
#[derive(Clone, Copy, Debug)]
pub struct Evaluation<'a> {
    /// Which prefixes are admitted at all.
    pub rules: Rules,
    /// The policy.
    pub policy: &'a Policy,
    /// What must never be served.
    pub protected: &'a Protected,
    /// The names of the sources.
    pub sources: &'a BTreeMap<SourceId, SourceName>,
    /// The details that the listings name.
    pub details: &'a DetailsTable,
    /// The time.
    pub now: Time,
}

/// What comes of a chunk.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Evaluated {
    /// What is served, by (prefix, source), each pair once: listings, or what is left of them, with their end.
    pub listings: Vec<Listing>,
    /// The admitted listings that touch what is protected, in order: at most [`MAX_HITS`](super::MAX_HITS), the
    /// gravest.
    pub hits: Vec<Hit>,
}

/// Turns the active listings of one chunk, by source and prefix or in any order, into what is served of them. A listing
/// of a source that `by` does not name cannot be traced and is not served.
pub fn evaluate(kept: &[Kept], by: &Evaluation<'_>) -> Evaluated {
    let sources = Sources::new(by);
    let live = live(kept, &sources, by);
    let (v4, v6) = live.split_at(live.partition_point(|listing| listing.prefix.family() == Family::V4));
    if untouched::<u32>(v4, by) && untouched::<u128>(v6, by) {
        return Evaluated { listings: live, hits: Vec::new() };
    }
    let mut served = Vec::with_capacity(live.len());
    let mut hits = Hits::default();
    serve::<u32>(v4, &sources, by, &mut served, &mut hits);
    serve::<u128>(v6, &sources, by, &mut served, &mut hits);
    order(&mut served, by.details);
    Evaluated { listings: served, hits: hits.into_sorted() }
}

/// What the two families do not have in common.
pub(super) trait Side: Address {
    fn net(prefix: Prefix) -> Option<Net<Self>>;
    fn free(protected: &Protected) -> &Set<Self>;
    fn prefix(net: Net<Self>) -> Prefix;
}

impl Side for u32 {
    fn net(prefix: Prefix) -> Option<Net<Self>> {
        prefix.v4()
    }
    fn free(protected: &Protected) -> &Set<Self> {
        protected.free4()
    }
    fn prefix(net: Net<Self>) -> Prefix {
        net.into()
    }
}

impl Side for u128 {
    fn net(prefix: Prefix) -> Option<Net<Self>> {
        prefix.v6()
    }
    fn free(protected: &Protected) -> &Set<Self> {
        protected.free6()
    }
    fn prefix(net: Net<Self>) -> Prefix {
        net.into()
    }
}

/// The networks of sorted listings of one family, with them.
fn nets<A: Side>(live: &[Listing]) -> impl Iterator<Item = (&Listing, Net<A>)> {
    live.iter().filter_map(|listing| A::net(listing.prefix).map(|net| (listing, net)))
}

/// Whether nothing of these is cut, seen at once: one source is enough, and nothing between the first address and the
/// last is protected.
fn untouched<A: Side>(live: &[Listing], by: &Evaluation<'_>) -> bool {
    let first = nets::<A>(live).next().map(|(_, net)| net.first());
    let Some(first) = first else { return true };
    let last = nets::<A>(live).map(|(_, net)| net.last()).max();
    let span = last.and_then(|last| Range::new(first, last));
    by.policy.min_sources <= 1 && span.is_some_and(|span| A::free(by.protected).covers(span))
}

/// Adds what is left of sorted listings of one family, and what of them touches what is protected.
fn serve<'a, A: Side>(
    live: &[Listing],
    sources: &Sources<'a>,
    by: &Evaluation<'a>,
    served: &mut Vec<Listing>,
    hits: &mut Hits<'a>,
) {
    let Some((_, first)) = nets::<A>(live).next() else { return };
    let crowded = (by.policy.min_sources > 1).then(|| admitted::<A>(live, sources, by));
    let mut free = pieces::from(A::free(by.protected).ranges(), first.first());
    let mut shared = crowded.as_ref().map(|set| pieces::from(set.ranges(), first.first()));
    for (listing, net) in nets::<A>(live) {
        let mut whole = free.holds(net);
        let mut left = free;
        let source = || sources.get(listing.source).map(|(_, source)| source);
        if !whole && let Some(source) = source() {
            hits.add(source.name, listing.prefix, by.protected);
        }
        if let Some(shared) = &mut shared
            && !source().is_some_and(|source| source.alone)
        {
            whole = shared.holds(net);
            left = *shared;
        }
        if whole {
            served.push(*listing);
        } else {
            served.extend(left.pieces(net).map(|piece| Listing { prefix: A::prefix(piece), ..*listing }));
        }
    }
}

/// What a source that needs others beside it may have served: what enough sources list, minus what is protected. Only
/// right within the networks of `live`, which are sorted.
pub(super) fn admitted<A: Side>(live: &[Listing], sources: &Sources<'_>, by: &Evaluation<'_>) -> Set<A> {
    let enough = enough::<A>(live, sources, by.policy.min_sources.into());
    let (Some(first), Some(last)) = (enough.ranges().first(), enough.ranges().last()) else { return enough };
    let free = A::free(by.protected).ranges();
    // Only the part that this chunk can meet: the guards may be many and the chunk is one of hundreds.
    let begin = free.partition_point(|range| range.last() < first.first());
    let end = free.partition_point(|range| range.first() <= last.last());
    let free = free.get(begin..end).unwrap_or_default();
    enough.intersect(&Set::from_ranges(free.to_vec()))
}

/// The addresses that at least `need` sources list. Prefixes nest, so the listings that hold an address are those that
/// are open where the narrowest of them begins: wherever the count of open sources reaches `need`, all of that network
/// is listed by enough.
fn enough<A: Side>(live: &[Listing], sources: &Sources<'_>, need: usize) -> Set<A> {
    let mut open: Vec<(Net<A>, usize)> = Vec::new();
    let mut counts = vec![0u32; sources.len()];
    let mut distinct = 0;
    let mut found = Vec::new();
    for (listing, net) in nets::<A>(live) {
        let Some((source, _)) = sources.get(listing.source) else { continue };
        while let Some(&(outer, closed)) = open.last()
            && outer.last() < net.first()
        {
            open.pop();
            counts[closed] -= 1;
            distinct -= usize::from(counts[closed] == 0);
        }
        open.push((net, source));
        counts[source] += 1;
        if counts[source] == 1 {
            distinct += 1;
            if distinct == need {
                found.push(Range::from(net));
            }
        }
    }
    Set::from_ranges(found)
}
