//! What a run changes: the source's kept listings and the run's records walk side by side in order of their prefixes.
//!
//! Only differences come out, so a list that came a thousand times costs one scan and no write.

use std::cmp::Ordering;

use blocklist::{Batch, Country, DetailsId, DetailsTable, Listing, Mode, Record, SourceId, Time};
use prefix::Prefix;
use rusqlite::{Connection, Row, Transaction, params};
use serde_json::{Map, Value};

use super::{dirty, rows, seen};
use crate::{Error, Result};

/// What of a kept listing is compared, and told by [`before`].
pub(super) const COMPARED: &str =
    "prefix, state, detected, until, reason, country, category, severity, confidence, set_until, seen";

/// One change to write. Small, because a new list is a million insertions.
pub(super) enum Change {
    /// A listing that was not there: its place in [`Merged::after`].
    Insert(u32),
    /// A listing whose fields or state change.
    Update(Box<Known>),
    /// A listing that a full list no longer has.
    Withdraw(Box<Known>),
}

/// A change of a listing that was there.
pub(super) struct Known {
    pub(super) listing: Listing,
    /// How its fields were, as JSON.
    pub(super) before: String,
    pub(super) event: &'static str,
}

/// What a run changes, in order of prefix, and how the source stands after it.
#[derive(Default)]
pub(super) struct Merged {
    pub(super) changes: Vec<Change>,
    /// Every active listing of the source afterwards, in order; only those that the run names when it was [`Self::few`].
    pub(super) after: Vec<Listing>,
    /// Whether only what the run names was looked at.
    pub(super) few: bool,
    /// Listings of which it is to be kept that this run saw them, in order.
    pub(super) seen: Vec<Prefix>,
    /// What was last seen before this is to be seen again; absent where nobody asks.
    stale: Option<Time>,
    pub(super) details: DetailsTable,
    pub(super) new: u64,
    /// Of the new: those that were withdrawn before.
    pub(super) relisted: u64,
    pub(super) changed: u64,
    pub(super) unchanged: u64,
    pub(super) withdrawn: u64,
}

/// Sorts records by prefix and joins those that repeat one: the latest end wins and brings its details, the earliest
/// detection stays; of equals the first in the input.
pub(super) fn join(records: &[Record]) -> Vec<Record> {
    let mut sorted = sort(records);
    sorted.dedup_by(|later, kept| {
        let repeats = later.prefix == kept.prefix;
        if repeats {
            let detected = match (kept.detected, later.detected) {
                (Some(a), Some(b)) => Some(a.min(b)),
                (a, b) => a.or(b),
            };
            if ends_later(later.until, kept.until) {
                *kept = *later;
            }
            kept.detected = detected;
        }
        repeats
    });
    sorted
}

/// Sorts stably by prefix. The places are sorted, not the records: they are a third of the size.
fn sort(records: &[Record]) -> Vec<Record> {
    if records.is_sorted_by_key(|record| record.prefix) {
        return records.to_vec();
    }
    let v4 =
        |record: &Record| record.prefix.v4().map(|net| u64::from(net.first()) << 8 | u64::from(net.len()));
    let mut places: Vec<(u64, u32)> = Vec::with_capacity(records.len());
    let mut others = Vec::new();
    for (at, record) in records.iter().enumerate() {
        match v4(record) {
            Some(key) => places.push((key, at as u32)),
            None => others.push(*record),
        }
    }
    places.sort_unstable();
    others.sort_by_key(|record| record.prefix);
    places.iter().map(|&(_, at)| records[at as usize]).chain(others).collect()
}

/// No end is the latest of all.
fn ends_later(a: Option<Time>, b: Option<Time>) -> bool {
    match (a, b) {
        (Some(a), Some(b)) => a > b,
        (None, Some(_)) => true,
        (_, None) => false,
    }
}

/// What a run brings to a source.
#[derive(Clone, Copy, Debug)]
pub(super) struct Brought<'a> {
    pub(super) source: SourceId,
    pub(super) batch: &'a Batch,
    /// Sorted, each prefix once.
    pub(super) records: &'a [Record],
    pub(super) mode: Mode,
    /// Listings without a date of their own count as detected then.
    pub(super) first_seen: Time,
    /// Whether it is kept when a run last saw a listing.
    pub(super) asks_last_seen: bool,
}

/// Compares what a run brings with what the source has.
pub(super) fn merge(connection: &Connection, brought: &Brought<'_>) -> Result<Merged> {
    let stale = brought.first_seen.plus_seconds(-seen::STEP);
    let mut merged = Merged {
        details: brought.batch.details.clone(),
        stale: brought.asks_last_seen.then_some(stale),
        ..Merged::default()
    };
    merged.after.reserve(brought.records.len());
    if brought.mode == Mode::Add && is_few(connection, brought)? {
        merged.few = true;
        look_up(connection, brought, &mut merged)?;
    } else {
        walk(connection, brought, &mut merged)?;
    }
    Ok(merged)
}

/// Whether there are so few records that looking each up costs less than reading all that the source has.
fn is_few(connection: &Connection, brought: &Brought<'_>) -> Result<bool> {
    connection
        .prepare_cached("SELECT active + withdrawn + removed FROM sources WHERE id = ?")
        .and_then(|mut statement| statement.query_row([brought.source.0], |row| rows::count(row, 0)))
        .map(|has| (brought.records.len() as u64).saturating_mul(16) < has)
        .map_err(Error::database("cannot count the listings of the source"))
}

/// Looks each record up.
fn look_up(connection: &Connection, brought: &Brought<'_>, merged: &mut Merged) -> Result<()> {
    let failed = || Error::database("cannot read the listings of the source");
    let sql = format!("SELECT {COMPARED} FROM listings WHERE source = ? AND prefix = ?");
    let mut statement = connection.prepare_cached(&sql).map_err(failed())?;
    let mut key = [0; Prefix::MAX_KEY];
    for record in brought.records {
        let mut found =
            statement.query(params![brought.source.0, record.prefix.to_key(&mut key)]).map_err(failed())?;
        match found.next().map_err(failed())? {
            Some(row) => merged.meet(row, record, brought.source).map_err(failed())?,
            None => merged.insert(listing_of(record, brought.source, brought.first_seen)),
        }
    }
    Ok(())
}

/// Walks over all that the source has, beside the records.
fn walk(connection: &Connection, brought: &Brought<'_>, merged: &mut Merged) -> Result<()> {
    let failed = || Error::database("cannot read the listings of the source");
    let &Brought { source, mode, first_seen, .. } = brought;
    let mut records = brought.records.iter().peekable();
    let sql = format!("SELECT {COMPARED} FROM listings WHERE source = ? ORDER BY prefix");
    let mut statement = connection.prepare_cached(&sql).map_err(failed())?;
    let mut kept = statement.query(params![source.0]).map_err(failed())?;
    while let Some(row) = kept.next().map_err(failed())? {
        let prefix = rows::prefix(row, 0).map_err(failed())?;
        loop {
            match records.peek().map(|record| record.prefix.cmp(&prefix)) {
                Some(Ordering::Less) => {
                    if let Some(record) = records.next() {
                        merged.insert(listing_of(record, source, first_seen));
                    }
                }
                Some(Ordering::Equal) => {
                    if let Some(record) = records.next() {
                        merged.meet(row, record, source).map_err(failed())?;
                    }
                    break;
                }
                Some(Ordering::Greater) | None => {
                    merged.missing(row, source, mode).map_err(failed())?;
                    break;
                }
            }
        }
    }
    for record in records {
        merged.insert(listing_of(record, source, first_seen));
    }
    Ok(())
}

fn listing_of(record: &Record, source: SourceId, first_seen: Time) -> Listing {
    let detected = record.detected.unwrap_or(first_seen);
    Listing { prefix: record.prefix, source, details: record.details, detected, until: record.until }
}

impl Merged {
    /// The prefixes of its changes, in order.
    fn changed_prefixes(&self) -> impl Iterator<Item = Prefix> + '_ {
        self.changes.iter().map(|change| match change {
            Change::Insert(at) => self.after[*at as usize].prefix,
            Change::Update(known) | Change::Withdraw(known) => known.listing.prefix,
        })
    }

    /// Whether the run changes nothing.
    pub(super) fn is_nothing(&self) -> bool {
        self.changes.is_empty() && self.seen.is_empty()
    }

    /// Marks the chunks that it touches.
    pub(super) fn mark(&self, transaction: &Transaction<'_>) -> Result<()> {
        dirty::mark_prefixes(transaction, self.changed_prefixes())?;
        dirty::mark_prefixes(transaction, self.seen.iter().copied())
    }

    fn insert(&mut self, listing: Listing) {
        self.new += 1;
        if self.stale.is_some() {
            self.seen.push(listing.prefix);
        }
        self.changes.push(Change::Insert(self.after.len() as u32));
        self.after.push(listing);
    }

    /// The source still has it.
    fn meet(&mut self, row: &Row<'_>, record: &Record, source: SourceId) -> rusqlite::Result<()> {
        let state: i64 = row.get(1)?;
        let detected = rows::time(row, 2)?;
        // A source that gives no date never moves the one that was kept.
        let listing = listing_of(record, source, detected);
        if state == rows::REMOVED {
            // A person took it out; that its source still has it changes nothing.
            self.unchanged += 1;
            return Ok(());
        }
        self.after.push(listing);
        if let Some(stale) = self.stale
            && rows::optional_time(row, 10)?.is_none_or(|seen| seen < stale)
        {
            self.seen.push(listing.prefix);
        }
        let same = listing.detected == detected
            && listing.until == rows::optional_time(row, 3)?
            && rows::has_details(row, 4, self.details.get(record.details))?;
        match (state, same) {
            (rows::ACTIVE, true) => self.unchanged += 1,
            (rows::ACTIVE, false) => {
                self.changed += 1;
                self.changes
                    .push(Change::Update(Known { listing, before: before(row)?, event: "changed" }.into()));
            }
            _ => {
                self.new += 1;
                self.relisted += 1;
                self.changes
                    .push(Change::Update(Known { listing, before: before(row)?, event: "relisted" }.into()));
            }
        }
        Ok(())
    }

    /// The run does not name it.
    fn missing(&mut self, row: &Row<'_>, source: SourceId, mode: Mode) -> rusqlite::Result<()> {
        if row.get::<_, i64>(1)? != rows::ACTIVE {
            return Ok(());
        }
        let listing = Listing {
            prefix: rows::prefix(row, 0)?,
            source,
            details: intern(&mut self.details, row, 4)?,
            detected: rows::time(row, 2)?,
            until: rows::optional_time(row, 3)?,
        };
        match mode {
            Mode::Add => self.after.push(listing),
            Mode::Full => {
                self.withdrawn += 1;
                self.changes.push(Change::Withdraw(
                    Known { listing, before: before(row)?, event: "withdrawn" }.into(),
                ));
            }
        }
        Ok(())
    }
}

/// The id of a row's details. Most rows have none, or those of many others, so an id is the rule and a copy the exception.
pub(super) fn intern(table: &mut DetailsTable, row: &Row<'_>, first: usize) -> rusqlite::Result<DetailsId> {
    if rows::has_details(row, first, table.get(DetailsId(0)))? {
        return Ok(DetailsId(0));
    }
    rows::details(row, first).map(|details| table.intern(details))
}

/// A row's fields as JSON for the history; absent ones are left out. The columns are [`COMPARED`].
pub(super) fn before(row: &Row<'_>) -> rusqlite::Result<String> {
    let details = rows::details(row, 4)?;
    let mut fields = Map::new();
    fields.insert("detected".into(), row.get::<_, i64>(2)?.into());
    let optional = [
        ("until", row.get::<_, Option<i64>>(3)?.map(Value::from)),
        ("set_until", row.get::<_, Option<i64>>(9)?.map(Value::from)),
        ("reason", details.reason.map(|text| text.into_string().into())),
        ("country", details.country.as_ref().map(Country::as_str).map(Value::from)),
        ("category", details.category.map(|text| text.into_string().into())),
        ("severity", details.severity.map(|text| text.into_string().into())),
        ("confidence", details.confidence.map(Value::from)),
    ];
    fields.extend(optional.into_iter().filter_map(|(name, value)| Some((name.into(), value?))));
    Ok(Value::Object(fields).to_string())
}
