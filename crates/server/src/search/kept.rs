//! What the store keeps, in any state: searched a stretch at a time, because it has no index by reason or country.
//!
//! A request looks at no more than [`MAX_SCANNED`] rows, whatever it finds there, and says where the next goes on: an answer
//! can have fewer rows than a page and still not be the last.

use blocklist::search::Filter;
use blocklist::{Details, State};
use prefix::Prefix;
use prefix::prefix::Either;
use store::{ListingCursor, ListingQuery, ListingRow, Store};

/// The most rows that a request looks at.
pub(crate) const MAX_SCANNED: usize = 5_000;

/// What was found.
#[derive(Debug)]
pub(crate) struct Kept {
    /// By source as it was first seen, then by prefix.
    pub(crate) rows: Vec<ListingRow>,
    /// How many rows were looked at for it.
    pub(crate) scanned: usize,
    /// Where the next request goes on; `None` when all was looked at.
    pub(crate) next: Option<ListingCursor>,
}

/// Searches on from a cursor, for at most `limit` rows.
pub(crate) fn search(
    store: &Store,
    filter: &Filter,
    state: Option<State>,
    after: Option<ListingCursor>,
    limit: usize,
) -> store::Result<Kept> {
    let inside = around(&filter.places);
    let by_index = Filter {
        source: filter.source.clone(),
        places: if filter.places.len() == 1 { filter.places.clone() } else { Vec::new() },
        ..Filter::default()
    };
    // Where the store alone decides, no row is read in vain.
    let most = if *filter == by_index { limit } else { MAX_SCANNED };
    let query = ListingQuery { source: filter.source.clone(), inside, state, after, limit: most + 1 };
    let mut found = store.listings(&query)?;
    let is_more = found.len() > most;
    found.truncate(most);
    let (mut rows, mut scanned, mut last) = (Vec::new(), 0, None);
    let total = found.len();
    for row in found {
        scanned += 1;
        last = Some(ListingCursor { source: row.source.clone(), prefix: row.prefix });
        if takes(filter, &row) {
            rows.push(row);
            if rows.len() == limit {
                break;
            }
        }
    }
    let next = last.filter(|_| is_more || scanned < total);
    Ok(Kept { rows, scanned, next })
}

/// Whether a row fits.
pub(crate) fn takes(filter: &Filter, row: &ListingRow) -> bool {
    let text = |text: &Option<String>| text.as_deref().map(Into::into);
    let details = Details {
        reason: text(&row.reason),
        country: row.country,
        category: text(&row.category),
        severity: text(&row.severity),
        confidence: row.confidence,
    };
    filter.takes(row.prefix, &row.source, &details, (row.detected, row.until))
}

/// The narrowest prefix that holds all places: where the store looks. `None` when there is none, or they are of two
/// families.
fn around(places: &[Prefix]) -> Option<Prefix> {
    let (first, rest) = places.split_first()?;
    let mut wider: Box<dyn Iterator<Item = Prefix>> = match first.split() {
        Either::V4(net) => Box::new(std::iter::successors(Some(net), |net| net.parent()).map(Prefix::from)),
        Either::V6(net) => Box::new(std::iter::successors(Some(net), |net| net.parent()).map(Prefix::from)),
    };
    wider.find(|wide| rest.iter().all(|place| wide.covers(*place)))
}
