//! When a run last saw a listing: kept only for sources whose end rule asks for it, and only to the hour, so that a list that
//! comes every minute is not written every minute.

use std::collections::BTreeSet;

use blocklist::{ChunkKey, Mode, SourceId, SourceName, Time};
use prefix::Prefix;
use rusqlite::{Connection, Transaction, params};

use super::{dirty, policy, rows};
use crate::{Error, Result, Run};

/// So old it may be before it is written again, in seconds.
pub(super) const STEP: i64 = 3_600;

/// Whether the end rule of a source asks when its listings were last seen.
pub(super) fn asks_last_seen(connection: &Connection, source: &SourceName) -> Result<bool> {
    Ok(policy::policy(connection)?.sources.get(source).is_some_and(|rules| rules.end.asks_last_seen()))
}

/// Keeps that a run saw these listings.
pub(super) fn write_seen(
    transaction: &Transaction<'_>,
    source: SourceId,
    seen: &[Prefix],
    at: Time,
) -> Result<()> {
    let failed = || Error::database("cannot keep when the listings were seen");
    let mut statement = transaction
        .prepare_cached("UPDATE listings SET seen = ?3 WHERE source = ?1 AND prefix = ?2")
        .map_err(failed())?;
    let mut key = [0; Prefix::MAX_KEY];
    for prefix in seen {
        statement.execute(params![source.0, prefix.to_key(&mut key), at.unix()]).map_err(failed())?;
    }
    Ok(())
}

/// Keeps that the listings of an earlier run were seen again, by a run with the same input. Of a full list these are all
/// that are active; of an addition those that were seen when that run was. Whether there was anything to keep.
pub(super) fn see_again(
    transaction: &Transaction<'_>,
    source: SourceId,
    earlier: &Run,
    at: Time,
) -> Result<bool> {
    if !asks_last_seen(transaction, &earlier.source)? {
        return Ok(false);
    }
    let failed = || Error::database("cannot keep when the listings were seen");
    let met = match earlier.mode {
        Mode::Full => "?4 IS NOT NULL",
        Mode::Add => "seen >= ?4",
    };
    let sql = format!(
        "UPDATE listings SET seen = ?2 WHERE source = ?1 AND state = 0 AND (seen IS NULL OR seen < ?3) AND {met}
         RETURNING prefix"
    );
    let since = earlier.started_at.plus_seconds(-STEP);
    let mut statement = transaction.prepare_cached(&sql).map_err(failed())?;
    let mut found = statement
        .query(params![source.0, at.unix(), at.plus_seconds(-STEP).unix(), since.unix()])
        .map_err(failed())?;
    let mut chunks = BTreeSet::new();
    while let Some(row) = found.next().map_err(failed())? {
        chunks.extend(ChunkKey::of(rows::prefix(row, 0).map_err(failed())?));
    }
    dirty::mark(transaction, chunks.iter().copied())?;
    Ok(!chunks.is_empty())
}
