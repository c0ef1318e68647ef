//! Who may read which feed, read whole at one moment: a server holds it in memory, so that no read of a feed waits for the
//! database.
//!
//! Whoever changes feeds, consumers, addresses or secrets calls [`changed`] in the same transaction.

use std::collections::HashMap;

use blocklist::{Hash, Time};
use rusqlite::{Connection, OptionalExtension, Transaction, params};

use super::query::collect;
use super::{Store, feeds, rows};
use crate::{Access, AccessVersion, ConsumerId, Error, Reader, Result};

/// Counts the changes of feeds and consumers.
const VERSION: &str = "access.version";

/// Notes that who may read what has changed.
pub(super) fn changed(transaction: &Transaction<'_>, now: Time) -> Result<()> {
    transaction
        .execute(
            "INSERT INTO settings (key, value, changed_at) VALUES (?1, '1', ?2)
             ON CONFLICT (key) DO UPDATE SET value = CAST(value AS INTEGER) + 1, changed_at = ?2",
            params![VERSION, now.unix()],
        )
        .map(drop)
        .map_err(Error::database("cannot note that feeds or consumers changed"))
}

impl Store {
    /// Which state feeds and consumers are in: cheap, to be asked often.
    pub fn access_version(&self) -> Result<AccessVersion> {
        self.read(version)
    }

    /// Who may read what.
    pub fn access(&self) -> Result<Access> {
        self.read(|connection| {
            // One moment for all of it.
            let transaction = connection
                .unchecked_transaction()
                .map_err(Error::database("cannot read feeds and consumers"))?;
            let now = self.now();
            Ok(Access {
                version: version(&transaction)?,
                feeds: feeds::read(&transaction)?,
                readers: readers(&transaction, now)?,
                names: names(&transaction)?,
            })
        })
    }
}

fn version(connection: &Connection) -> Result<AccessVersion> {
    // The time beside the count, for a database that was restored counts anew.
    connection
        .prepare_cached("SELECT CAST(value AS INTEGER), changed_at FROM settings WHERE key = ?")
        .and_then(|mut statement| {
            let row = |row: &rusqlite::Row<'_>| Ok(AccessVersion { count: row.get(0)?, at: row.get(1)? });
            statement.query_row([VERSION], row).optional()
        })
        .map(|found| found.unwrap_or(AccessVersion { count: 0, at: 0 }))
        .map_err(Error::database("cannot read whether feeds or consumers changed"))
}

fn names(connection: &Connection) -> Result<Vec<String>> {
    let sql = "SELECT name FROM consumers WHERE removed_at IS NULL";
    collect(connection, sql, &[], |row| row.get(0)).map_err(Error::database("cannot read the consumers"))
}

fn readers(connection: &Connection, now: Time) -> Result<Vec<Reader>> {
    let failed = || Error::database("cannot read the consumers");
    let sql = "SELECT id, name, settings, changed_at FROM consumers
         WHERE removed_at IS NULL AND enabled = 1 ORDER BY id";
    let mut readers: Vec<Reader> = collect(connection, sql, &[], |row| {
        let name: String = row.get(1)?;
        Ok(Reader {
            id: ConsumerId(row.get(0)?),
            name: name.parse().map_err(|_| rows::unreadable(1, "a consumer's name"))?,
            settings: rows::json(row, 2, "the settings of a consumer")?,
            changed_at: rows::optional_time(row, 3)?,
            secrets: Vec::new(),
            trusted: Vec::new(),
        })
    })
    .map_err(failed())?;
    let at: HashMap<i64, usize> = readers.iter().zip(0..).map(|(reader, at)| (reader.id.0, at)).collect();
    let sql = "SELECT consumer, hash, until FROM consumer_secrets WHERE until IS NULL OR until > ?";
    let secrets = collect(connection, sql, &[&now.unix()], |row| {
        Ok((row.get(0)?, (Hash(row.get(1)?), rows::optional_time(row, 2)?)))
    });
    for (consumer, secret) in secrets.map_err(failed())? {
        let consumer: i64 = consumer;
        if let Some(&at) = at.get(&consumer) {
            readers[at].secrets.push(secret);
        }
    }
    let sql = "SELECT consumer, prefix FROM consumer_addresses WHERE trusted = 1";
    let trusted = collect(connection, sql, &[], |row| Ok((row.get(0)?, rows::prefix(row, 1)?)));
    for (consumer, prefix) in trusted.map_err(failed())? {
        let consumer: i64 = consumer;
        if let Some(&at) = at.get(&consumer) {
            readers[at].trusted.push(prefix);
        }
    }
    Ok(readers)
}
