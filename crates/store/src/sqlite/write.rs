//! Writes what a run changes, in order of the key, so that each page of the tree is touched once.
//!
//! Listings that differ in their prefix alone, as all of a text list do, are inserted many at a time, and others a few
//! dozen at a time: a statement that is started for each row spends as much on starting as on writing, and looks for its
//! place from the root of the tree each time.

use std::rc::Rc;

use blocklist::{DetailsId, Listing, SourceId, Time};
use prefix::Prefix;
use rusqlite::types::Value;
use rusqlite::{CachedStatement, Transaction, params};

use super::merge::{Change, Merged};
use super::rows;
use crate::{Error, Result, RunId};

/// The most listings of one statement: enough that starting it costs nothing, few enough that their keys stay in the
/// cache.
const MANY: usize = 2048;
/// Fewer than this are written one by one.
const FEW: usize = 8;
/// How many listings that differ in more than their prefix are written by one statement. From here on more of them gain
/// nothing.
const BLOCK: usize = 32;

/// Writes every change and its history.
pub(super) fn write_changes(
    transaction: &Transaction<'_>,
    source: SourceId,
    run: RunId,
    merged: &Merged,
    now: Time,
) -> Result<()> {
    let failed = || Error::database("cannot keep the listings");
    let prepare = |sql| transaction.prepare_cached(sql).map_err(failed());
    let row = |sql| Row::prepare(transaction, sql, source, run).map_err(failed());
    let mut insert = row(
        "INSERT INTO listings (source, prefix, state, detected, until, reason, country, category, severity,
            confidence, first_run, changed_run) VALUES (?1, ?2, 0, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?10)",
    )?;
    // OR FAIL: the transaction is rolled back as a whole, so the statement need not be able to by itself.
    let mut insert_many = row(
        "INSERT OR FAIL INTO listings (source, prefix, state, detected, until, reason, country, category, severity,
            confidence, first_run, changed_run) SELECT ?1, value, 0, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?10 FROM rarray(?2)",
    )?;
    let mut update = row(
        "UPDATE listings SET state = 0, detected = ?3, until = ?4, reason = ?5, country = ?6, category = ?7,
            severity = ?8, confidence = ?9, changed_run = ?10 WHERE source = ?1 AND prefix = ?2",
    )?;
    let mut withdraw =
        prepare("UPDATE listings SET state = 1, changed_run = ?3 WHERE source = ?1 AND prefix = ?2")?;
    let mut event = prepare(
        "INSERT INTO listing_events (source, prefix, run, at, event, before) VALUES (?, ?, ?, ?, ?, ?)",
    )?;
    // Made when first needed: most runs bring less than a block.
    let mut blocks = None;
    let mut rest = merged.changes.as_slice();
    let mut key = [0; Prefix::MAX_KEY];
    while let Some(change) = rest.first() {
        let alike = alike(rest, &merged.after);
        if alike.len() >= FEW {
            rest = &rest[alike.len()..];
            insert_many.write_many(alike, merged).map_err(failed())?;
            continue;
        }
        let block = inserts(rest, &merged.after, BLOCK, |_, _| true);
        if block.len() == BLOCK {
            rest = &rest[BLOCK..];
            let statement = match &mut blocks {
                Some(statement) => statement,
                None => blocks.insert(prepare_block(transaction, source, run).map_err(failed())?),
            };
            write_block(statement, block, merged).map_err(failed())?;
            continue;
        }
        rest = &rest[1..];
        let known = match change {
            Change::Insert(at) => {
                insert.write(&merged.after[*at as usize], merged).map_err(failed())?;
                continue;
            }
            Change::Update(known) => {
                update.write(&known.listing, merged).map_err(failed())?;
                known
            }
            Change::Withdraw(known) => {
                let key = known.listing.prefix.to_key(&mut key);
                withdraw.execute(params![source.0, key, run.0]).map_err(failed())?;
                known
            }
        };
        let key = known.listing.prefix.to_key(&mut key);
        event
            .execute(params![source.0, key, run.0, now.unix(), known.event, known.before])
            .map_err(failed())?;
    }
    Ok(())
}

/// The insertions at the beginning that differ in their prefix alone.
fn alike<'a>(changes: &[Change], after: &'a [Listing]) -> &'a [Listing] {
    let shared = |listing: &Listing| (listing.details, listing.detected, listing.until);
    inserts(changes, after, MANY, |first, listing| shared(first) == shared(listing))
}

/// The insertions at the beginning that stand side by side in `after` and go `with` the first of them, at most so many.
fn inserts<'a>(
    changes: &[Change],
    after: &'a [Listing],
    most: usize,
    with: impl Fn(&Listing, &Listing) -> bool,
) -> &'a [Listing] {
    let Some(Change::Insert(first)) = changes.first() else { return &[] };
    let rest = &after[*first as usize..];
    let count = (changes.iter().take(most).zip(rest).enumerate())
        .take_while(|(at, (change, listing))| {
            matches!(change, Change::Insert(place) if *place == first + *at as u32) && with(&rest[0], listing)
        })
        .count();
    &rest[..count]
}

/// The values of a listing that each row of a block has of its own.
const OWN: usize = 8;

/// The statement that inserts a block.
fn prepare_block<'a>(
    transaction: &'a Transaction<'_>,
    source: SourceId,
    run: RunId,
) -> rusqlite::Result<CachedStatement<'a>> {
    let rows = (0..BLOCK).map(|row| {
        let own: Vec<_> = (0..OWN).map(|at| format!("?{}", first_of(row) + at)).collect();
        format!("(?1, {}, 0, {}, ?2, ?2)", own[0], own[1..].join(", "))
    });
    let sql = format!(
        "INSERT OR FAIL INTO listings (source, prefix, state, detected, until, reason, country, category, severity,
            confidence, first_run, changed_run) VALUES {}",
        rows.collect::<Vec<_>>().join(", ")
    );
    let mut statement = transaction.prepare_cached(&sql)?;
    statement.raw_bind_parameter(1, source.0)?;
    statement.raw_bind_parameter(2, run.0)?;
    Ok(statement)
}

/// The number of the first value of a row of a block.
fn first_of(row: usize) -> usize {
    3 + row * OWN
}

fn write_block(
    statement: &mut CachedStatement<'_>,
    block: &[Listing],
    merged: &Merged,
) -> rusqlite::Result<()> {
    let mut key = [0; Prefix::MAX_KEY];
    for (row, listing) in block.iter().enumerate() {
        let first = first_of(row);
        let details = merged.details.get(listing.details);
        statement.raw_bind_parameter(first, listing.prefix.to_key(&mut key))?;
        statement.raw_bind_parameter(first + 1, listing.detected.unix())?;
        statement.raw_bind_parameter(first + 2, rows::time_sql(listing.until))?;
        statement.raw_bind_parameter(first + 3, &details.reason)?;
        statement.raw_bind_parameter(first + 4, rows::country_sql(details.country.as_ref()))?;
        statement.raw_bind_parameter(first + 5, &details.category)?;
        statement.raw_bind_parameter(first + 6, &details.severity)?;
        statement.raw_bind_parameter(first + 7, details.confidence)?;
    }
    statement.raw_execute().map(drop)
}

/// A statement over the columns of a listing. What a million rows share (source, run, mostly the details and dates) is
/// bound once and stays bound.
struct Row<'a> {
    statement: CachedStatement<'a>,
    details: Option<DetailsId>,
    detected: Option<Time>,
    /// `Err` before the first row: "no end" is a value too.
    until: std::result::Result<Option<Time>, ()>,
}

impl<'a> Row<'a> {
    fn prepare(
        transaction: &'a Transaction<'_>,
        sql: &str,
        source: SourceId,
        run: RunId,
    ) -> rusqlite::Result<Self> {
        let mut statement = transaction.prepare_cached(sql)?;
        statement.raw_bind_parameter(1, source.0)?;
        statement.raw_bind_parameter(10, run.0)?;
        Ok(Self { statement, details: None, detected: None, until: Err(()) })
    }

    fn write(&mut self, listing: &Listing, merged: &Merged) -> rusqlite::Result<()> {
        let mut key = [0; Prefix::MAX_KEY];
        self.statement.raw_bind_parameter(2, listing.prefix.to_key(&mut key))?;
        self.write_bound(listing, merged)
    }

    /// Writes listings that differ in their prefix alone.
    fn write_many(&mut self, alike: &[Listing], merged: &Merged) -> rusqlite::Result<()> {
        let Some(first) = alike.first() else { return Ok(()) };
        let mut key = [0; Prefix::MAX_KEY];
        let keys = alike.iter().map(|listing| Value::Blob(listing.prefix.to_key(&mut key).to_vec()));
        self.statement.raw_bind_parameter(2, Rc::new(keys.collect::<Vec<_>>()))?;
        self.write_bound(first, merged)
    }

    /// Binds what is not bound already, and runs the statement.
    fn write_bound(&mut self, listing: &Listing, merged: &Merged) -> rusqlite::Result<()> {
        if self.detected.replace(listing.detected) != Some(listing.detected) {
            self.statement.raw_bind_parameter(3, listing.detected.unix())?;
        }
        if self.until != Ok(listing.until) {
            self.until = Ok(listing.until);
            self.statement.raw_bind_parameter(4, rows::time_sql(listing.until))?;
        }
        if self.details.replace(listing.details) != Some(listing.details) {
            let details = merged.details.get(listing.details);
            self.statement.raw_bind_parameter(5, &details.reason)?;
            self.statement.raw_bind_parameter(6, rows::country_sql(details.country.as_ref()))?;
            self.statement.raw_bind_parameter(7, &details.category)?;
            self.statement.raw_bind_parameter(8, &details.severity)?;
            self.statement.raw_bind_parameter(9, details.confidence)?;
        }
        self.statement.raw_execute().map(drop)
    }
}
