//! Known-good lists: addresses that are never served because everybody uses them, in named lists that are loaded whole.
//!
//! What a list cuts out of the block list stays visible: its hits are counted and named.

use std::collections::BTreeSet;

use blocklist::policy::Hit;
use prefix::Prefix;
use rusqlite::{Connection, OptionalExtension, Row, Transaction, params};
use serde_json::json;

use super::history::put;
use super::hits::hit;
use super::query::collect;
use super::{Store, audit, guards, rows};
use crate::{Actor, Error, KnownGoodRow, NewKnownGood, Preview, Published, Result};

/// The longest description or version that is kept, in characters.
const MAX_TEXT: usize = 1000;
/// Before the name of each list that was ever loaded: a list that a person removed is not installed again.
const SEEN: &str = "known_good.seen.";

const COLUMNS: &str = "name, description, version, enabled, entries, passed_over, loaded_at, loaded_by, id";
const HITS: &str = "FROM hits WHERE kind = 'known_good'
    AND EXISTS (SELECT 1 FROM known_good WHERE list = ? AND known_good.prefix = hits.guard)";

impl Store {
    /// Loads a list in the place of the one of its name, which stays as enabled as it was, and publishes without it.
    pub fn load_known_good(
        &self,
        new: &NewKnownGood<'_>,
        actor: &Actor<'_>,
    ) -> Result<(KnownGoodRow, Published)> {
        self.change(|transaction| self.put_known_good(transaction, new, actor))
    }

    /// What [`Self::load_known_good`] would add and remove.
    pub fn preview_known_good(&self, new: &NewKnownGood<'_>) -> Result<(KnownGoodRow, Preview)> {
        self.preview_change(|transaction| self.put_known_good(transaction, new, &Actor::NOBODY))
    }

    /// Loads those of the lists whose names were never loaded here, in one go; answers which. Nothing is written when
    /// there is none.
    pub fn install_known_good(
        &self,
        lists: &[NewKnownGood<'_>],
        actor: &Actor<'_>,
    ) -> Result<Option<(Vec<KnownGoodRow>, Published)>> {
        if self.read(|connection| unseen(connection, lists))?.is_empty() {
            return Ok(None);
        }
        let installed = self.change(|transaction| {
            let unseen = unseen(transaction, lists)?;
            unseen.into_iter().map(|new| self.put_known_good(transaction, new, actor)).collect()
        });
        installed.map(Some)
    }

    /// Uses a list, or keeps it without using it, and publishes what follows.
    pub fn enable_known_good(
        &self,
        name: &str,
        enabled: bool,
        actor: &Actor<'_>,
    ) -> Result<(KnownGoodRow, Published)> {
        self.change(|transaction| self.switch_known_good(transaction, name, enabled, actor))
    }

    /// What [`Self::enable_known_good`] would add and remove.
    pub fn preview_enable_known_good(&self, name: &str, enabled: bool) -> Result<(KnownGoodRow, Preview)> {
        self.preview_change(|transaction| self.switch_known_good(transaction, name, enabled, &Actor::NOBODY))
    }

    /// Removes a list, and publishes what follows.
    pub fn remove_known_good(&self, name: &str, actor: &Actor<'_>) -> Result<(KnownGoodRow, Published)> {
        self.change(|transaction| self.delete_known_good(transaction, name, actor))
    }

    /// What [`Self::remove_known_good`] would add and remove.
    pub fn preview_remove_known_good(&self, name: &str) -> Result<(KnownGoodRow, Preview)> {
        self.preview_change(|transaction| self.delete_known_good(transaction, name, &Actor::NOBODY))
    }

    /// Every list, by name.
    pub fn known_good_lists(&self) -> Result<Vec<KnownGoodRow>> {
        self.read(|connection| {
            let sql = format!("SELECT {COLUMNS} FROM known_good_lists ORDER BY name");
            let found = collect(connection, &sql, &[], list).map_err(failed())?;
            found.into_iter().map(|found| counted(connection, found)).collect()
        })
    }

    /// A list by its name.
    pub fn known_good_list(&self, name: &str) -> Result<Option<KnownGoodRow>> {
        self.read(|connection| find(connection, name)?.map(|found| counted(connection, found)).transpose())
    }

    /// A page of the prefixes of a list, in order.
    pub fn known_good_entries(&self, name: &str, after: Option<Prefix>, limit: usize) -> Result<Vec<Prefix>> {
        self.read(|connection| {
            let (_, id) = find(connection, name)?.ok_or_else(|| no_list(name))?;
            let mut key = [0; Prefix::MAX_KEY];
            // Before every key.
            let after = after.map_or(&[][..], |prefix| prefix.to_key(&mut key));
            let limit = i64::try_from(limit).unwrap_or(i64::MAX);
            let sql = "SELECT prefix FROM known_good WHERE list = ? AND prefix > ? ORDER BY prefix LIMIT ?";
            collect(connection, sql, &[&id, &after, &limit], |row| rows::prefix(row, 0)).map_err(failed())
        })
    }

    /// Active listings that touch a list, as of the last publication, by prefix: what it cuts out.
    pub fn known_good_hits(&self, name: &str, limit: usize) -> Result<Vec<Hit>> {
        self.read(|connection| {
            let (_, id) = find(connection, name)?.ok_or_else(|| no_list(name))?;
            let limit = i64::try_from(limit).unwrap_or(i64::MAX);
            let sql = format!(
                "SELECT (SELECT name FROM sources WHERE id = source), prefix, kind, guard {HITS}
                 ORDER BY prefix, source LIMIT ?"
            );
            collect(connection, &sql, &[&id, &limit], hit).map_err(failed())
        })
    }

    fn put_known_good(
        &self,
        transaction: &Transaction<'_>,
        new: &NewKnownGood<'_>,
        actor: &Actor<'_>,
    ) -> Result<KnownGoodRow> {
        let now = self.now();
        check(new.name)?;
        let failed = || Error::database("cannot load the known-good list");
        let before = find(transaction, new.name)?;
        let wanted: BTreeSet<Prefix> = new.prefixes.iter().copied().collect();
        transaction
            .execute(
                "INSERT INTO known_good_lists
                    (name, description, version, enabled, entries, passed_over, loaded_at, loaded_by)
                 VALUES (?1, ?2, ?3, 1, ?4, ?5, ?6, ?7)
                 ON CONFLICT (name) DO UPDATE SET description = ?2, version = ?3, entries = ?4, passed_over = ?5,
                    loaded_at = ?6, loaded_by = ?7",
                params![
                    new.name,
                    new.description.map(cut),
                    new.version.map(cut),
                    wanted.len() as i64,
                    i64::try_from(new.passed_over).unwrap_or(i64::MAX),
                    now.unix(),
                    actor.by,
                ],
            )
            .map_err(failed())?;
        let (row, id) = find(transaction, new.name)?.ok_or_else(|| no_list(new.name))?;
        let had = prefixes(transaction, id)?;
        let (gone, come): (Vec<Prefix>, Vec<Prefix>) =
            (had.difference(&wanted).copied().collect(), wanted.difference(&had).copied().collect());
        write(transaction, "DELETE FROM known_good WHERE list = ? AND prefix = ?", id, &gone)?;
        write(transaction, "INSERT INTO known_good (list, prefix) VALUES (?, ?)", id, &come)?;
        put(transaction, &seen(new.name), "1", now)?;
        if row.enabled {
            guards::changed(transaction, had.symmetric_difference(&wanted).copied(), now)?;
        }
        let (before, after) = (before.map(|(row, _)| words(&row)), words(&row));
        audit::write(transaction, now, actor, "known_good.load", new.name, before.as_ref(), Some(&after))?;
        counted(transaction, (row, id))
    }

    fn switch_known_good(
        &self,
        transaction: &Transaction<'_>,
        name: &str,
        enabled: bool,
        actor: &Actor<'_>,
    ) -> Result<KnownGoodRow> {
        let now = self.now();
        let (mut row, id) = find(transaction, name)?.ok_or_else(|| no_list(name))?;
        if row.enabled != enabled {
            transaction
                .execute("UPDATE known_good_lists SET enabled = ?2 WHERE id = ?1", params![id, enabled])
                .map_err(Error::database("cannot change the known-good list"))?;
            guards::changed(transaction, prefixes(transaction, id)?, now)?;
            let (before, after) = (json!({"enabled": row.enabled}), json!({"enabled": enabled}));
            audit::write(transaction, now, actor, "known_good.set", name, Some(&before), Some(&after))?;
            row.enabled = enabled;
        }
        counted(transaction, (row, id))
    }

    fn delete_known_good(
        &self,
        transaction: &Transaction<'_>,
        name: &str,
        actor: &Actor<'_>,
    ) -> Result<KnownGoodRow> {
        let now = self.now();
        let found = find(transaction, name)?.ok_or_else(|| no_list(name))?;
        let (row, id) = (counted(transaction, found.clone())?, found.1);
        if row.enabled {
            guards::changed(transaction, prefixes(transaction, id)?, now)?;
        }
        transaction
            .execute("DELETE FROM known_good WHERE list = ?", [id])
            .and_then(|_| transaction.execute("DELETE FROM known_good_lists WHERE id = ?", [id]))
            .map_err(Error::database("cannot remove the known-good list"))?;
        audit::write(transaction, now, actor, "known_good.remove", name, Some(&words(&row)), None)?;
        Ok(row)
    }
}

fn failed() -> impl FnOnce(rusqlite::Error) -> Error {
    Error::database("cannot read the known-good lists")
}

fn no_list(name: &str) -> Error {
    Error::NoKnownGood(name.to_owned())
}

/// A row without its hits, and its number.
fn list(row: &Row<'_>) -> rusqlite::Result<(KnownGoodRow, i64)> {
    let found = KnownGoodRow {
        name: row.get(0)?,
        description: row.get(1)?,
        version: row.get(2)?,
        enabled: row.get(3)?,
        entries: rows::count(row, 4)?,
        passed_over: rows::count(row, 5)?,
        hits: 0,
        loaded_at: rows::time(row, 6)?,
        loaded_by: row.get(7)?,
    };
    Ok((found, row.get(8)?))
}

fn find(connection: &Connection, name: &str) -> Result<Option<(KnownGoodRow, i64)>> {
    let sql = format!("SELECT {COLUMNS} FROM known_good_lists WHERE name = ?");
    connection
        .prepare_cached(&sql)
        .and_then(|mut statement| statement.query_row([name], list).optional())
        .map_err(failed())
}

fn counted(connection: &Connection, (row, id): (KnownGoodRow, i64)) -> Result<KnownGoodRow> {
    let hits = connection
        .prepare_cached(&format!("SELECT count(*) {HITS}"))
        .and_then(|mut statement| statement.query_row([id], |row| rows::count(row, 0)))
        .map_err(failed())?;
    Ok(KnownGoodRow { hits, ..row })
}

fn prefixes(connection: &Connection, id: i64) -> Result<BTreeSet<Prefix>> {
    let sql = "SELECT prefix FROM known_good WHERE list = ? ORDER BY prefix";
    let found = collect(connection, sql, &[&id], |row| rows::prefix(row, 0)).map_err(failed())?;
    Ok(found.into_iter().collect())
}

fn write(transaction: &Transaction<'_>, sql: &str, id: i64, prefixes: &[Prefix]) -> Result<()> {
    let failed = || Error::database("cannot load the known-good list");
    let mut statement = transaction.prepare_cached(sql).map_err(failed())?;
    let mut key = [0; Prefix::MAX_KEY];
    for prefix in prefixes {
        statement.execute(params![id, prefix.to_key(&mut key)]).map_err(failed())?;
    }
    Ok(())
}

fn seen(name: &str) -> String {
    format!("{SEEN}{name}")
}

/// Those that were never loaded here.
fn unseen<'a, 'b>(
    connection: &Connection,
    lists: &'a [NewKnownGood<'b>],
) -> Result<Vec<&'a NewKnownGood<'b>>> {
    let mut unseen = Vec::new();
    for list in lists {
        if !is_seen(connection, list.name)? {
            unseen.push(list);
        }
    }
    Ok(unseen)
}

fn is_seen(connection: &Connection, name: &str) -> Result<bool> {
    connection
        .prepare_cached("SELECT EXISTS (SELECT 1 FROM settings WHERE key = ?)")
        .and_then(|mut statement| statement.query_row([seen(name)], |row| row.get(0)))
        .map_err(failed())
}

fn check(name: &str) -> Result<()> {
    let letter = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
    let sound = name.starts_with(letter)
        && name.len() <= 63
        && name.chars().all(|c| letter(c) || ['.', '_', '-'].contains(&c));
    if sound { Ok(()) } else { Err(Error::KnownGoodName(name.chars().take(80).collect())) }
}

fn cut(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).take(MAX_TEXT).collect()
}

/// What is said of a list, for the record.
fn words(row: &KnownGoodRow) -> serde_json::Value {
    json!({"version": row.version, "enabled": row.enabled, "entries": row.entries})
}
