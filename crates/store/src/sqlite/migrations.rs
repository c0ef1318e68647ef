//! The schema, as an ordered list of SQL files that is only ever appended to.
//!
//! Each file is applied once, in a transaction, and its checksum kept: a database whose history differs from this
//! program's is refused by number rather than guessed at.

use blocklist::Time;
use rusqlite::{Connection, OptionalExtension, params};
use sha2::{Digest, Sha256};

use crate::{Error, Result};

/// One step of the schema.
#[derive(Clone, Copy, Debug)]
pub struct Migration {
    /// From 1, without gaps.
    pub version: u32,
    /// The file's name.
    pub name: &'static str,
    /// The file.
    pub sql: &'static str,
}

macro_rules! migration {
    ($version:literal, $name:literal) => {
        Migration {
            version: $version,
            name: $name,
            sql: include_str!(concat!("../../migrations/sqlite/", $name, ".sql")),
        }
    };
}

/// Every step, in order.
pub const MIGRATIONS: &[Migration] = &[
    migration!(1, "0001_begin"),
    migration!(2, "0002_collect"),
    migration!(3, "0003_safety"),
    migration!(4, "0004_accounts"),
];

/// The newest schema this program knows.
pub fn known() -> u32 {
    MIGRATIONS.last().map_or(0, |migration| migration.version)
}

/// The schema of a database; 0 is an empty one.
pub fn version(connection: &Connection) -> Result<u32> {
    let failed = "cannot read the schema of the database";
    let table: Option<i64> = connection
        .query_row(
            "SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'schema_migrations'",
            [],
            |row| row.get(0),
        )
        .optional()
        .map_err(Error::database(failed))?;
    if table.is_none() {
        return Ok(0);
    }
    let version =
        connection.query_row("SELECT ifnull(max(version), 0) FROM schema_migrations", [], |row| row.get(0));
    version.map_err(Error::database(failed))
}

/// The steps that a database still lacks. Refuses a newer schema, and one whose steps differ from this program's.
pub fn pending(connection: &Connection) -> Result<&'static [Migration]> {
    let found = version(connection)?;
    if found > known() {
        return Err(Error::NewerSchema { found, known: known() });
    }
    if found > 0 {
        let failed = "cannot read the applied migrations";
        let mut statement = connection
            .prepare("SELECT version, checksum FROM schema_migrations ORDER BY version")
            .map_err(Error::database(failed))?;
        let applied = statement
            .query_map([], |row| Ok((row.get::<_, u32>(0)?, row.get::<_, Vec<u8>>(1)?)))
            .and_then(Iterator::collect::<rusqlite::Result<Vec<_>>>)
            .map_err(Error::database(failed))?;
        for (migration, (version, checksum)) in MIGRATIONS.iter().zip(applied) {
            if migration.version != version || checksum != Sha256::digest(migration.sql)[..] {
                return Err(Error::ChangedMigration { version });
            }
        }
    }
    Ok(&MIGRATIONS[found as usize..])
}

/// Applies steps, each in a transaction of its own.
pub fn apply(connection: &mut Connection, steps: &[Migration], now: Time) -> Result<()> {
    for step in steps {
        let failed = || Error::database("cannot bring the database up to date");
        let transaction = connection
            .transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)
            .map_err(failed())?;
        // Two programs may start at once on a new directory; whoever comes second finds the work done.
        if version(&transaction)? >= step.version {
            continue;
        }
        transaction
            .execute_batch(
                "CREATE TABLE IF NOT EXISTS schema_migrations (
                    version INTEGER PRIMARY KEY, name TEXT NOT NULL, checksum BLOB NOT NULL, applied_at INTEGER NOT NULL
                 ) STRICT",
            )
            .and_then(|()| transaction.execute_batch(step.sql))
            .and_then(|()| {
                transaction.execute(
                    "INSERT INTO schema_migrations (version, name, checksum, applied_at) VALUES (?, ?, ?, ?)",
                    params![step.version, step.name, &Sha256::digest(step.sql)[..], now.unix()],
                )
            })
            .and_then(|_| transaction.commit())
            .map_err(failed())?;
    }
    Ok(())
}
