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
/// So many are read at once.
const STEP: usize = 500;

/// What was found.
#[derive(Debug)]
pub(crate) struct Kept {
    /// By source as it was first seen, then by prefix; what ended by its end, the latest first.
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
    // What ended, and not inside a prefix, has an index by its end; what is listed is nearly all that there is.
    let around = around(&filter.places);
    let by_store = state.filter(|state| match state {
        State::Withdrawn | State::Removed => true,
        State::Expired => around.is_none(),
        State::Active => false,
    });
    let mut kept = Kept { rows: Vec::new(), scanned: 0, next: after };
    while kept.scanned < MAX_SCANNED {
        let query = ListingQuery {
            source: filter.source.clone(),
            inside: around,
            state: by_store,
            after: kept.next.take(),
            limit: STEP + 1,
        };
        let found = store.listings(&query)?;
        let is_more = found.len() > STEP;
        for row in found.into_iter().take(STEP) {
            let fits = state.is_none_or(|state| state == row.state) && takes(filter, &row);
            if fits && kept.rows.len() == limit {
                // One more than the page has: so the last page knows that it is the last.
                kept.next = kept.rows.last().map(|row| query.cursor(row));
                return Ok(kept);
            }
            kept.scanned += 1;
            kept.next = Some(query.cursor(&row));
            if fits {
                kept.rows.push(row);
            }
        }
        if !is_more {
            kept.next = None;
            break;
        }
    }
    Ok(kept)
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
