//! A source goes, and may come back.
//!
//! Its listings are taken out as a person would take them out, each with its history; nothing is deleted but the
//! credential. When the source comes back, what went with it may be listed again by its next run, while what a person had
//! taken out by itself stays out.

use blocklist::{SourceId, SourceName, Time};
use rusqlite::{Transaction, params};
use serde_json::json;

use super::import::begin;
use super::merge::{COMPARED, before};
use super::publish::Gate;
use super::query::write_log;
use super::sources::require;
use super::{Store, audit, dirty, rows};
use crate::{Actor, Error, Removed, Result};

impl Store {
    /// Removes a source: takes its listings out, forgets its credential, and publishes without it.
    pub fn remove_source(&self, name: &SourceName, actor: &Actor<'_>) -> Result<Removed> {
        let now = self.now();
        let _lock = self.files().lock()?;
        let mut writer = self.writer();
        let transaction = begin(&mut writer)?;
        let source = require(&transaction, name)?;
        let listings = take_out(&transaction, source, now)?;
        transaction
            // The session goes with its credential.
            .execute("DELETE FROM credentials WHERE source = ?", [source.0])
            .and_then(|_| {
                transaction.execute(
                    "UPDATE sources SET removed_at = ?2, changed_at = ?2, enabled = 0, state = NULL, input_key = NULL,
                        active = active - ?3, removed = removed + ?3 WHERE id = ?1",
                    params![source.0, now.unix(), listings as i64],
                )
            })
            .map_err(Error::database("cannot remove the source"))?;
        write_log(&transaction, now, "info", "source", Some(source), "the source was removed")?;
        let before = json!({"listings": listings});
        audit::write(&transaction, now, actor, "source.remove", name.as_str(), Some(&before), None)?;
        dirty::mark_all(&transaction)?;
        let published = self.publish_in(&transaction, None, Gate::Asked)?;
        self.commit(transaction, &published)?;
        Ok(Removed { listings, published })
    }
}

/// Takes all active listings of a source out. Those that ended too: a clock that is set back must not bring them back.
fn take_out(transaction: &Transaction<'_>, source: SourceId, now: Time) -> Result<u64> {
    let failed = || Error::database("cannot take the listings of the source out");
    let mut event = transaction
        .prepare_cached(
            "INSERT INTO listing_events (source, prefix, run, at, event, before) VALUES (?, ?, NULL, ?, 'removed', ?)",
        )
        .map_err(failed())?;
    let mut active = transaction
        .prepare_cached(&format!(
            "SELECT {COMPARED} FROM listings WHERE source = ? AND state = 0 ORDER BY prefix"
        ))
        .map_err(failed())?;
    let mut active = active.query([source.0]).map_err(failed())?;
    while let Some(row) = active.next().map_err(failed())? {
        let prefix = row.get_ref(0).and_then(|key| Ok(key.as_blob()?)).map_err(failed())?;
        let before = before(row).map_err(failed())?;
        event.execute(params![source.0, prefix, now.unix(), before]).map_err(failed())?;
    }
    drop(active);
    transaction
        .execute(
            "UPDATE listings SET state = ?2 WHERE source = ?1 AND state = 0",
            params![source.0, rows::REMOVED],
        )
        .map(|count| count as u64)
        .map_err(failed())
}

/// Brings a source back, as one of imports; nothing to do when it is there. Its listings count as withdrawn until a run
/// names them.
pub(super) fn revive(transaction: &Transaction<'_>, source: SourceId, now: Time) -> Result<()> {
    let failed = || Error::database("cannot bring the source back");
    let removed_at: Option<i64> = transaction
        .prepare_cached("SELECT removed_at FROM sources WHERE id = ?")
        .and_then(|mut statement| statement.query_row([source.0], |row| row.get(0)))
        .map_err(failed())?;
    let Some(removed_at) = removed_at else { return Ok(()) };
    // What went with the source is told by the removal's own events, which name nobody.
    let listings = transaction
        .execute(
            "UPDATE listings SET state = ?3 WHERE source = ?1 AND state = ?4 AND state <> 0 AND EXISTS (
                SELECT 1 FROM listing_events AS event WHERE event.source = ?1 AND event.prefix = listings.prefix
                    AND event = 'removed' AND run IS NULL AND \"by\" IS NULL AND at = ?2)",
            params![source.0, removed_at, rows::WITHDRAWN, rows::REMOVED],
        )
        .map_err(failed())?;
    transaction
        .execute(
            "UPDATE sources SET removed_at = NULL, changed_at = ?2, kind = 'file', enabled = 1, settings = '{}',
                state = NULL, withdrawn = withdrawn + ?3, removed = removed - ?3 WHERE id = ?1",
            params![source.0, now.unix(), listings as i64],
        )
        .map(drop)
        .map_err(failed())
}
