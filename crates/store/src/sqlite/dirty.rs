//! Which chunks changed since the last publication that took all of them in.
//!
//! Written in the transaction of whatever changes a listing or what is protected, and cleared in that of the publication.
//! So a candidate that is held, and a process that dies, forget nothing, and a publication costs what was touched.

use std::collections::BTreeSet;

use blocklist::ChunkKey;
use prefix::Prefix;
use rusqlite::{Connection, Transaction};

use crate::{Error, Result};

/// Stands for every chunk; no chunk has this number.
const ALL: i64 = -1;

/// Chunks to be evaluated anew.
#[derive(Clone, Debug, Default)]
pub(super) struct Dirty {
    /// Every one.
    pub(super) all: bool,
    /// These.
    pub(super) chunks: BTreeSet<ChunkKey>,
}

/// Marks chunks.
pub(super) fn mark(transaction: &Transaction<'_>, chunks: impl IntoIterator<Item = ChunkKey>) -> Result<()> {
    let failed = || Error::database("cannot note what changed");
    let mut statement = transaction
        .prepare_cached("INSERT INTO dirty (chunk) VALUES (?) ON CONFLICT DO NOTHING")
        .map_err(failed())?;
    for chunk in chunks {
        statement.execute([chunk.number()]).map_err(failed())?;
    }
    Ok(())
}

/// Marks the chunks of prefixes that come in order, each chunk once.
pub(super) fn mark_prefixes(
    transaction: &Transaction<'_>,
    prefixes: impl IntoIterator<Item = Prefix>,
) -> Result<()> {
    let mut last = None;
    for prefix in prefixes {
        match ChunkKey::of(prefix) {
            Some(key) if last == Some(key) => {}
            Some(key) => {
                mark(transaction, [key])?;
                last = Some(key);
            }
            // Wider than a chunk, as only what is protected can be.
            None => mark_all(transaction)?,
        }
    }
    Ok(())
}

/// Marks everything, as a change of the policy does.
pub(super) fn mark_all(transaction: &Transaction<'_>) -> Result<()> {
    transaction
        .execute("INSERT INTO dirty (chunk) VALUES (?) ON CONFLICT DO NOTHING", [ALL])
        .map(drop)
        .map_err(Error::database("cannot note what changed"))
}

pub(super) fn read(connection: &Connection) -> Result<Dirty> {
    let failed = || Error::database("cannot read what changed");
    let mut statement = connection.prepare_cached("SELECT chunk FROM dirty").map_err(failed())?;
    let mut found = statement.query([]).map_err(failed())?;
    let mut dirty = Dirty::default();
    while let Some(row) = found.next().map_err(failed())? {
        match u32::try_from(row.get::<_, i64>(0).map_err(failed())?).ok().and_then(ChunkKey::from_number) {
            Some(chunk) => drop(dirty.chunks.insert(chunk)),
            // Also a number that means nothing to this program: everything is never too much.
            None => dirty.all = true,
        }
    }
    Ok(dirty)
}

/// Marks these in the place of whatever is marked: all of that was evaluated.
pub(super) fn replace(
    transaction: &Transaction<'_>,
    chunks: impl IntoIterator<Item = ChunkKey>,
) -> Result<()> {
    clear(transaction)?;
    mark(transaction, chunks)
}

pub(super) fn clear(transaction: &Transaction<'_>) -> Result<()> {
    transaction
        .execute("DELETE FROM dirty", [])
        .map(drop)
        .map_err(Error::database("cannot note what was published"))
}
