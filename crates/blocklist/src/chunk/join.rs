//! A chunk out of parts of others, whose numbers mean what each of them says.

use super::{Chunk, ChunkKey};
use crate::{DetailsId, DetailsTable, Listing, SourceId};

/// Not named by any listing.
const UNUSED: u32 = u32::MAX;

impl Chunk {
    /// Some listings of some chunks as one chunk of their own, by the rules of [`Self::build`]; `None` when nothing is in
    /// them. Costs what the parts hold, not what the chunks do: only texts that a listing names are looked at.
    pub fn join(key: ChunkKey, parts: &[(&Self, Vec<Listing>)]) -> Option<Self> {
        let source_ids = |listings: &[Listing]| named(listings, |listing| listing.source.0);
        let detail_ids = |listings: &[Listing]| named(listings, |listing| listing.details.0);
        let (sources, sources_at) = merged(parts, source_ids, |chunk| &chunk.sources);
        let (details, details_at) = merged(parts, detail_ids, |chunk| &chunk.details);
        let mut listings = Vec::with_capacity(parts.iter().map(|(_, listings)| listings.len()).sum());
        for ((_, part), (sources_at, details_at)) in parts.iter().zip(sources_at.iter().zip(&details_at)) {
            listings.extend(part.iter().map(|listing| Listing {
                source: SourceId(sources_at[listing.source.0 as usize]),
                details: DetailsId(details_at[listing.details.0 as usize]),
                ..*listing
            }));
        }
        // Stable, because it sees the sorted runs of the parts and only merges them.
        listings.sort_by_key(|listing| (listing.prefix, listing.source));
        if listings.is_sorted_by(|a, b| (a.prefix, a.source) < (b.prefix, b.source)) {
            return Self::assemble(key, sources, details, listings, None);
        }
        // Two parts say something of one listing. Which of them stays may leave a text that nothing names.
        let mut table = DetailsTable::default();
        let ids: Vec<DetailsId> = details.into_iter().map(|one| table.intern(one)).collect();
        for listing in &mut listings {
            listing.details = ids[listing.details.0 as usize];
        }
        Self::build(key, &(0..).map(SourceId).zip(sources).collect(), &table, listings)
    }
}

/// The numbers that listings name, in order.
fn named(listings: &[Listing], number: impl Fn(&Listing) -> u32) -> Vec<u32> {
    let mut numbers: Vec<u32> = listings.iter().map(number).collect();
    numbers.sort_unstable();
    numbers.dedup();
    numbers
}

/// What the parts name, sorted, and for each part where each of its chunk's numbers stands there.
fn merged<'a, T: Ord + Clone + 'a>(
    parts: &[(&'a Chunk, Vec<Listing>)],
    numbers: impl Fn(&[Listing]) -> Vec<u32>,
    table: impl Fn(&'a Chunk) -> &'a [T],
) -> (Vec<T>, Vec<Vec<u32>>) {
    let mut all: Vec<(&T, usize, u32)> = Vec::new();
    for (part, (chunk, listings)) in parts.iter().enumerate() {
        let table = table(chunk);
        all.extend(numbers(listings).into_iter().map(|number| (&table[number as usize], part, number)));
    }
    // Stable for the same reason as above.
    all.sort_by(|a, b| a.0.cmp(b.0));
    let mut items: Vec<T> = Vec::new();
    let mut places: Vec<Vec<u32>> = parts.iter().map(|(chunk, _)| vec![UNUSED; table(chunk).len()]).collect();
    for (item, part, number) in all {
        if items.last() != Some(item) {
            items.push(item.clone());
        }
        places[part][number as usize] = items.len() as u32 - 1;
    }
    (items, places)
}
