//! What must never be served, read together: own networks, consumers, allow entries, known-good lists.
//!
//! Whoever changes one of them calls [`changed`] with the prefixes, in the same transaction.

use std::sync::Arc;

use blocklist::Time;
use blocklist::policy::{Guard, GuardKind, Protected};
use prefix::Prefix;
use rusqlite::{Connection, Transaction, params};

use super::query::collect;
use super::{Store, dirty, rows};
use crate::{Error, Result};

/// Another number after each change of what is protected, so that it need not be read again for each publication. It is
/// drawn, not counted: what was read inside a transaction that failed must not be taken for what the next one makes.
const VERSION: &str = "guards.version";

/// What was read last.
#[derive(Clone, Debug)]
pub(super) struct Read {
    version: i64,
    at: Time,
    protected: Arc<Protected>,
}

/// Notes that what is protected changes at these prefixes.
pub(super) fn changed(
    transaction: &Transaction<'_>,
    prefixes: impl IntoIterator<Item = Prefix>,
    now: Time,
) -> Result<()> {
    dirty::mark_prefixes(transaction, prefixes)?;
    transaction
        .execute(
            "INSERT INTO settings (key, value, changed_at) VALUES (?1, CAST(random() AS TEXT), ?2)
             ON CONFLICT (key) DO UPDATE SET value = excluded.value, changed_at = ?2",
            params![VERSION, now.unix()],
        )
        .map(drop)
        .map_err(Error::database("cannot note that what is protected changed"))
}

impl Store {
    /// What is protected at `now`.
    pub(super) fn protected(&self, connection: &Connection, now: Time) -> Result<Arc<Protected>> {
        let version = connection
            .prepare_cached("SELECT ifnull((SELECT CAST(value AS INTEGER) FROM settings WHERE key = ?), 0)")
            .and_then(|mut statement| statement.query_row([VERSION], |row| row.get::<_, i64>(0)))
            .map_err(Error::database("cannot read what is protected"))?;
        let mut kept = self.guards();
        if let Some(read) = &*kept
            && read.version == version
            && read.at <= now
            && read.protected.next_end().is_none_or(|end| end > now)
        {
            return Ok(Arc::clone(&read.protected));
        }
        let protected = Arc::new(Protected::new(read(connection)?, now));
        *kept = Some(Read { version, at: now, protected: Arc::clone(&protected) });
        Ok(protected)
    }
}

/// The prefixes that stopped being protected after `since`, at `now` or before.
pub(super) fn read_ended(connection: &Connection, since: Time, now: Time) -> Result<Vec<Prefix>> {
    collect(
        connection,
        "SELECT prefix FROM allow_entries WHERE removed_at IS NULL AND until > ? AND until <= ?",
        &[&since.unix(), &now.unix()],
        |row| rows::prefix(row, 0),
    )
    .map_err(Error::database("cannot read what is protected no longer"))
}

/// When something stops being protected next after `since`.
pub(super) fn next_end(connection: &Connection, since: Time) -> Result<Option<Time>> {
    connection
        .prepare_cached("SELECT min(until) FROM allow_entries WHERE removed_at IS NULL AND until > ?")
        .and_then(|mut statement| statement.query_row([since.unix()], |row| rows::optional_time(row, 0)))
        .map_err(Error::database("cannot read what is protected"))
}

/// Every guard, also those that no longer hold.
pub(super) fn read(connection: &Connection) -> Result<Vec<Guard>> {
    let failed = || Error::database("cannot read what is protected");
    // Columns: prefix, kind, name, end.
    let mut statement = connection
        .prepare_cached(
            "SELECT prefix, 0, CASE kind WHEN 'server' THEN 'this server' ELSE ifnull(note, 'own network') END, NULL
                FROM own_networks
             UNION ALL SELECT prefix, 1, name, NULL FROM consumer_addresses
                JOIN consumers ON consumers.id = consumer WHERE removed_at IS NULL
             UNION ALL SELECT prefix, 2, CAST(id AS TEXT), until FROM allow_entries WHERE removed_at IS NULL
             UNION ALL SELECT prefix, 3, name, NULL FROM known_good
                JOIN known_good_lists ON known_good_lists.id = list WHERE enabled",
        )
        .map_err(failed())?;
    let mut found = statement.query([]).map_err(failed())?;
    let mut guards = Vec::new();
    while let Some(row) = found.next().map_err(failed())? {
        let guard = (|| {
            Ok(Guard {
                prefix: rows::prefix(row, 0)?,
                kind: match row.get::<_, i64>(1)? {
                    0 => GuardKind::Own,
                    1 => GuardKind::Consumer,
                    2 => GuardKind::Allow,
                    _ => GuardKind::KnownGood,
                },
                name: rows::text(row, 2)?.unwrap_or_default().into(),
                until: rows::optional_time(row, 3)?,
            })
        })();
        guards.push(guard.map_err(failed())?);
    }
    Ok(guards)
}
