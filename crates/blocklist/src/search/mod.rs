//! Searches the listings of a publication: which of a million fit a filter, the first of them in some order, and how many.
//!
//! ```text
//! Filter --once a chunk--> which of its few sources and details fit, which stretches of it can hold the places asked for
//!        --once a listing, only where some of a chunk fit and others do not--> count, and the first rows in order
//! ```
//!
//! Chunks whose listings all fit, or none, are counted without a look at their listings. The texts of a chunk are folded
//! into one block when they are first searched; publications share chunks, so they share these blocks too.
//!
//! **Cost.** At most one pass over the listings, about 5 ns each, and memory for twice the rows of a page. An index by
//! reason or country was not taken: it would have to follow every publication, for a pass that costs milliseconds.
//!
//! **Failure.** There is none: what does not fit is not found.

mod filter;
mod first;
mod folded;
mod places;

pub use filter::{Filter, MAX_WORDS};
pub use first::{By, Cursor, Order};
pub(crate) use folded::Folded;

use filter::ChunkFilter;
use first::{First, Key};

use crate::{Chunk, Content, Listing, SourceName};

/// A page of what was found.
#[derive(Debug)]
pub struct Hits<'a> {
    /// The rows, in order, each with its chunk.
    pub rows: Vec<(&'a Chunk, &'a Listing)>,
    /// How many listings fit, on all pages.
    pub count: usize,
    /// Where the next page goes on; `None` on the last.
    pub next: Option<Cursor>,
}

/// Finds the first `limit` listings after a cursor that fit, in an order, and how many fit in all.
pub fn search<'a>(
    content: &'a Content,
    filter: &Filter,
    order: Order,
    after: Option<&Cursor>,
    limit: usize,
) -> Hits<'a> {
    let names = names(content);
    let mut first = First::new(order, limit + 1);
    let after = after.map(|cursor| Key::of_cursor(cursor, order, &names));
    let mut count = 0;
    let chunks = content.chunks();
    let backwards = order == Order { by: By::Prefix, descending: true };
    for step in 0..chunks.len() {
        // Walked the way it is sorted, a page by prefix fills from the first listings and takes no other.
        let at = if backwards { chunks.len() - 1 - step } else { step };
        let chunk = &*chunks[at];
        let Some(fits) = ChunkFilter::of(filter, chunk) else { continue };
        let ranks = chunk.sources().iter().map(|name| rank(&names, name)).collect::<Vec<_>>();
        let stretches = places::stretches(&filter.places, chunk);
        for stretch in stretches {
            if fits.all && first.is_past(stretch.clone().map(|at| chunk.listings()[at].prefix)) {
                count += stretch.len();
                continue;
            }
            let mut look = |place: usize| {
                let listing = &chunk.listings()[place];
                if fits.all || fits.takes(listing) {
                    count += 1;
                    let key = Key::of(listing, order, ranks[listing.source.0 as usize]);
                    if after.is_none_or(|after| key.is_after(&after, order)) {
                        first.take(key, (at as u32, place as u32));
                    }
                }
            };
            if backwards { stretch.rev().for_each(&mut look) } else { stretch.for_each(&mut look) }
        }
    }
    let mut found = first.finish();
    let more = found.len() > limit;
    found.truncate(limit);
    let rows: Vec<_> = found
        .into_iter()
        .map(|(_, (chunk, place))| {
            let chunk = &*chunks[chunk as usize];
            (chunk, &chunk.listings()[place as usize])
        })
        .collect();
    let next = rows.last().filter(|_| more).map(|(chunk, listing)| Cursor::of(chunk, listing, order));
    Hits { rows, count, next }
}

/// Every source, sorted.
fn names(content: &Content) -> Vec<&SourceName> {
    let mut names: Vec<&SourceName> = Vec::new();
    for chunk in content.chunks() {
        for name in chunk.sources() {
            if let Err(at) = names.binary_search(&name) {
                names.insert(at, name);
            }
        }
    }
    names
}

/// Where a source stands among all; one that is gone stands between two.
fn rank(names: &[&SourceName], name: &SourceName) -> u32 {
    match names.binary_search(&name) {
        Ok(at) => 2 * at as u32 + 1,
        Err(at) => 2 * at as u32,
    }
}
