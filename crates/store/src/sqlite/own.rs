//! Own networks: those of the firm, as people say, and the addresses of the machines that serve, as they find themselves.

use std::collections::{BTreeMap, BTreeSet};

use blocklist::Time;
use prefix::Prefix;
use rusqlite::{Connection, Transaction, params};
use serde_json::json;

use super::query::{collect, write_log};
use super::{Store, audit, guards, rows};
use crate::protect::is_too_wide;
use crate::{Actor, Error, OwnKind, OwnRow, Preview, Published, Result};

/// By whom the server's own addresses are kept.
const SERVER: &str = "server";

impl Store {
    /// Adds networks of the firm, all or none, and publishes without them. Private space may be named too. One that is so
    /// wide that most of the list would go is refused unless it is said to be meant.
    pub fn add_own(
        &self,
        prefixes: &[Prefix],
        note: Option<&str>,
        wide: bool,
        actor: &Actor<'_>,
    ) -> Result<Published> {
        self.change(|transaction| self.insert_own(transaction, prefixes, note, wide, actor))
            .map(|((), published)| published)
    }

    /// What [`Self::add_own`] would add and remove.
    pub fn preview_add_own(&self, prefixes: &[Prefix], wide: bool) -> Result<Preview> {
        self.preview_change(|transaction| self.insert_own(transaction, prefixes, None, wide, &Actor::NOBODY))
            .map(|((), preview)| preview)
    }

    /// Removes networks of the firm, all or none, and publishes: what is listed there is served again, if policy and gate
    /// let it.
    pub fn remove_own(&self, prefixes: &[Prefix], actor: &Actor<'_>) -> Result<Published> {
        self.change(|transaction| self.delete_own(transaction, prefixes, actor))
            .map(|((), published)| published)
    }

    /// What [`Self::remove_own`] would add and remove.
    pub fn preview_remove_own(&self, prefixes: &[Prefix]) -> Result<Preview> {
        self.preview_change(|transaction| self.delete_own(transaction, prefixes, &Actor::NOBODY))
            .map(|((), preview)| preview)
    }

    /// Every own network, by prefix.
    pub fn own_networks(&self) -> Result<Vec<OwnRow>> {
        self.read(own)
    }

    /// Says which addresses the server has, in the place of those it had, and publishes without them. `None` when they are
    /// the same: then nothing is written.
    pub fn put_server_addresses(&self, addresses: &[Prefix]) -> Result<Option<Published>> {
        let wanted: BTreeSet<Prefix> = addresses.iter().copied().collect();
        let had = |rows: Vec<OwnRow>| -> BTreeSet<Prefix> {
            rows.into_iter().filter(|row| row.kind == OwnKind::Server).map(|row| row.prefix).collect()
        };
        if had(self.own_networks()?) == wanted {
            return Ok(None);
        }
        let now = self.now();
        let changed = self.change(|transaction| {
            let had = had(own(transaction)?);
            for &prefix in had.difference(&wanted) {
                delete(transaction, prefix, OwnKind::Server)?;
            }
            for &prefix in wanted.difference(&had) {
                insert(transaction, prefix, OwnKind::Server, None, now, SERVER)?;
            }
            let list: Vec<String> = wanted.iter().map(ToString::to_string).collect();
            let text = format!("the addresses of this server are {}", list.join(", "));
            write_log(transaction, now, "info", "own", None, &text)?;
            guards::changed(transaction, had.symmetric_difference(&wanted).copied(), now)
        });
        changed.map(|((), published)| Some(published))
    }

    fn insert_own(
        &self,
        transaction: &Transaction<'_>,
        prefixes: &[Prefix],
        note: Option<&str>,
        wide: bool,
        actor: &Actor<'_>,
    ) -> Result<()> {
        let now = self.now();
        let prefixes: BTreeSet<Prefix> = prefixes.iter().copied().collect();
        let there = firm(transaction)?;
        for &prefix in &prefixes {
            if there.contains_key(&prefix) {
                return Err(Error::OwnExists(prefix));
            }
            if !wide && is_too_wide(prefix) {
                return Err(Error::OwnTooWide(prefix));
            }
            insert(transaction, prefix, OwnKind::Firm, note, now, actor.by)?;
            let after = json!({"note": note});
            audit::write(transaction, now, actor, "own.add", &prefix.to_string(), None, Some(&after))?;
        }
        guards::changed(transaction, prefixes, now)
    }

    fn delete_own(
        &self,
        transaction: &Transaction<'_>,
        prefixes: &[Prefix],
        actor: &Actor<'_>,
    ) -> Result<()> {
        let now = self.now();
        let prefixes: BTreeSet<Prefix> = prefixes.iter().copied().collect();
        let there = firm(transaction)?;
        for prefix in &prefixes {
            let row = there.get(prefix).ok_or(Error::NoOwn(*prefix))?;
            delete(transaction, *prefix, OwnKind::Firm)?;
            let before = json!({"note": row.note});
            audit::write(transaction, now, actor, "own.remove", &prefix.to_string(), Some(&before), None)?;
        }
        guards::changed(transaction, prefixes, now)
    }
}

fn own(connection: &Connection) -> Result<Vec<OwnRow>> {
    let sql = "SELECT prefix, kind, note, created_at, created_by FROM own_networks ORDER BY prefix, kind";
    collect(connection, sql, &[], |row| {
        Ok(OwnRow {
            prefix: rows::prefix(row, 0)?,
            kind: if row.get_ref(1)?.as_str()? == OwnKind::Server.as_str() {
                OwnKind::Server
            } else {
                OwnKind::Firm
            },
            note: row.get(2)?,
            created_at: rows::time(row, 3)?,
            created_by: row.get(4)?,
        })
    })
    .map_err(Error::database("cannot read the own networks"))
}

/// Those of the firm.
fn firm(connection: &Connection) -> Result<BTreeMap<Prefix, OwnRow>> {
    let firm = own(connection)?.into_iter().filter(|row| row.kind == OwnKind::Firm);
    Ok(firm.map(|row| (row.prefix, row)).collect())
}

fn insert(
    transaction: &Transaction<'_>,
    prefix: Prefix,
    kind: OwnKind,
    note: Option<&str>,
    now: Time,
    by: &str,
) -> Result<()> {
    let mut key = [0; Prefix::MAX_KEY];
    transaction
        .prepare_cached(
            "INSERT INTO own_networks (prefix, kind, note, created_at, created_by) VALUES (?, ?, ?, ?, ?)",
        )
        .and_then(|mut statement| {
            statement.execute(params![prefix.to_key(&mut key), kind.as_str(), note, now.unix(), by])
        })
        .map(drop)
        .map_err(Error::database("cannot add the own network"))
}

fn delete(transaction: &Transaction<'_>, prefix: Prefix, kind: OwnKind) -> Result<()> {
    let mut key = [0; Prefix::MAX_KEY];
    transaction
        .prepare_cached("DELETE FROM own_networks WHERE prefix = ? AND kind = ?")
        .and_then(|mut statement| statement.execute(params![prefix.to_key(&mut key), kind.as_str()]))
        .map(drop)
        .map_err(Error::database("cannot remove the own network"))
}
