//! What ended, the latest end first: read from the two indexes by end, those of sources and those of people, and merged.

use std::cmp::Reverse;

use blocklist::{SourceName, Time};
use prefix::Prefix;
use rusqlite::Connection;

use super::query::{collect, limit_sql};
use super::rows;
use crate::{Error, ListingCursor, ListingRow, Result};

/// After every key of a prefix.
const LAST: [u8; 1] = [u8::MAX];

/// A page of what ended of a source. A row that was listed anew meanwhile leaves its place to the next.
pub(super) fn page(
    connection: &Connection,
    source: u32,
    name: &SourceName,
    after: Option<&ListingCursor>,
    now: Time,
    limit: usize,
) -> Result<Vec<ListingRow>> {
    let mut buffer = [0; Prefix::MAX_KEY];
    let (end, key) = match after.and_then(|after| Some((after.end?, after.prefix.to_key(&mut buffer)))) {
        // Nothing ends later than now among what ended, whatever a cursor says.
        Some((end, key)) if end <= now => (end, key),
        _ => (now, LAST.as_slice()),
    };
    let mut found = Vec::new();
    for index in INDEXES {
        let rows =
            collect(connection, &sql(index), &[&source, &end.unix(), &key, &limit_sql(limit)], |row| {
                rows::listing(row, name, now)
            });
        found.extend(rows.map_err(Error::database("cannot read the listings"))?);
    }
    found.sort_by_key(|row| Reverse((row.until, row.prefix)));
    found.truncate(limit);
    Ok(found)
}

/// The end of a listing, and which listings have it there.
const INDEXES: [(&str, &str); 2] =
    [("until", "until IS NOT NULL AND set_until IS NULL"), ("set_until", "set_until IS NOT NULL")];

fn sql((end, has): (&str, &str)) -> String {
    format!(
        "SELECT {} FROM listings WHERE source = ?1 AND {has} AND state = 0 AND {end} <= ?2 AND ({end} < ?2 OR prefix < ?3)
         ORDER BY {end} DESC, prefix DESC LIMIT ?4",
        rows::LISTING
    )
}
