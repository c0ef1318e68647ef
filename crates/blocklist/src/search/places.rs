//! Which listings of a chunk can share an address with the places asked for.

use std::ops::Range;

use prefix::prefix::Either;
use prefix::{Net, Prefix};

use crate::{Chunk, Listing};

/// The stretches of a chunk's listings that share an address with one of the places, in order and apart. Everything when
/// none is asked for.
#[expect(clippy::single_range_in_vec_init, reason = "one stretch, not its numbers")]
pub(super) fn stretches(places: &[Prefix], chunk: &Chunk) -> Vec<Range<usize>> {
    let listings = chunk.listings();
    if places.is_empty() {
        return vec![0..listings.len()];
    }
    let net = chunk.key().net();
    let mut found = Vec::new();
    for &place in places {
        if place.covers(net) {
            return vec![0..listings.len()];
        }
        if !net.covers(place) {
            continue;
        }
        // Prefixes order by address, then by length: what lies inside is one stretch, and each wider one has its own.
        let last = last(place);
        let inside = bound(listings, place)..listings.partition_point(|listing| listing.prefix <= last);
        found.push(inside);
        for wider in wider(place).take_while(|wider| net.covers(*wider)) {
            let from = bound(listings, wider);
            let count = listings[from..].iter().take_while(|listing| listing.prefix == wider).count();
            found.push(from..from + count);
        }
    }
    found.retain(|stretch| !stretch.is_empty());
    found.sort_unstable_by_key(|stretch| (stretch.start, stretch.end));
    let mut apart: Vec<Range<usize>> = Vec::new();
    for stretch in found {
        match apart.last_mut() {
            Some(last) if stretch.start <= last.end => last.end = last.end.max(stretch.end),
            _ => apart.push(stretch),
        }
    }
    apart
}

fn bound(listings: &[Listing], prefix: Prefix) -> usize {
    listings.partition_point(|listing| listing.prefix < prefix)
}

/// The last prefix that lies inside, in the order of prefixes.
fn last(place: Prefix) -> Prefix {
    match place.split() {
        Either::V4(net) => Net::host(net.last()).into(),
        Either::V6(net) => Net::host(net.last()).into(),
    }
}

/// The prefixes that hold it, the narrowest first.
fn wider(place: Prefix) -> Box<dyn Iterator<Item = Prefix>> {
    match place.split() {
        Either::V4(net) => {
            Box::new(std::iter::successors(net.parent(), |net| net.parent()).map(Prefix::from))
        }
        Either::V6(net) => {
            Box::new(std::iter::successors(net.parent(), |net| net.parent()).map(Prefix::from))
        }
    }
}
