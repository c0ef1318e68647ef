//! Sources: how each is set up, and where it stands between two runs.
//!
//! A removed source keeps its row, so that its runs, listings and credential versions keep theirs. Whatever changes how
//! a source is set up needs one that is there; [`Error::NoSource`] otherwise.

use blocklist::policy::MANUAL;
use blocklist::{SourceId, SourceName, Time};
use rusqlite::{Connection, OptionalExtension, ToSql, Transaction, params};
use serde_json::{Value, json};

use super::import::begin;
use super::query::collect;
use super::remove::revive;
use super::{LOCKS, Store, audit, rows};
use crate::{Actor, Claim, Error, Known, Ordered, PAGE_NAMES, Result, SourceConfig};

/// The kind that nothing fetches: what an import makes.
const FILE: &str = "file";

impl Store {
    /// Adds a source. The name of a removed source may be taken again, and a source that imports made (kind `file`) may
    /// become a fetched one: either way its history stays, and nothing is remembered of earlier fetches.
    pub fn add_source(
        &self,
        name: &SourceName,
        kind: &str,
        settings: &str,
        enabled: bool,
        actor: &Actor<'_>,
    ) -> Result<()> {
        if name.as_str() == MANUAL && kind != FILE {
            return Err(Error::NotByHand { kind: kind.to_owned() });
        }
        let now = self.now();
        let mut writer = self.writer();
        let transaction = begin(&mut writer)?;
        if let Some(known) = config(&transaction, name)? {
            let adopts = known.kind == FILE && kind != FILE;
            if known.removed_at.is_none() && !adopts {
                return Err(Error::Exists(name.clone()));
            }
        }
        let source = find_or_make(&transaction, name, now, false)?;
        revive(&transaction, source, now)?;
        transaction
            .execute(
                "UPDATE sources SET kind = ?, settings = ?, enabled = ?, state = NULL, changed_at = ? WHERE id = ?",
                params![kind, settings, enabled, now.unix(), source.0],
            )
            .map_err(Error::database("cannot keep the source"))?;
        let after = json!({"kind": kind, "settings": value(settings), "enabled": enabled});
        audit::write(&transaction, now, actor, "source.add", name.as_str(), None, Some(&after))?;
        transaction.commit().map_err(Error::database("cannot keep the source"))
    }

    /// Changes the settings of a source.
    pub fn set_source(&self, name: &SourceName, settings: &str, actor: &Actor<'_>) -> Result<()> {
        self.decide_source(name, "settings = ?2", &settings, |transaction, known, now| {
            let (before, after) = difference(value(&known.settings), value(settings));
            if before == after {
                return Ok(());
            }
            audit::write(transaction, now, actor, "source.set", name.as_str(), Some(&before), Some(&after))
        })
    }

    /// Lets runs of a source start by themselves, or no longer.
    pub fn enable_source(&self, name: &SourceName, enabled: bool, actor: &Actor<'_>) -> Result<()> {
        self.decide_source(name, "enabled = ?2", &enabled, |transaction, known, now| {
            if known.enabled == enabled {
                return Ok(());
            }
            let action = if enabled { "source.enable" } else { "source.disable" };
            audit::write(transaction, now, actor, action, name.as_str(), None, None)
        })
    }

    /// Writes down that a person ordered something at a source; also where something stands against it then.
    pub fn note_order(&self, name: &SourceName, ordered: Ordered, actor: &Actor<'_>) -> Result<()> {
        let now = self.now();
        let mut writer = self.writer();
        let transaction = begin(&mut writer)?;
        require(&transaction, name)?;
        audit::write(&transaction, now, actor, ordered.action(), name.as_str(), None, None)?;
        transaction.commit().map_err(Error::database("cannot write down what a person ordered"))
    }

    /// Keeps where a source stands, outside any run.
    pub fn put_source_state(&self, name: &SourceName, state: &str) -> Result<()> {
        self.change_source(name, "state = ?2", &[&state])
    }

    /// How a source is set up, also one that was removed.
    pub fn source_config(&self, name: &SourceName) -> Result<Option<SourceConfig>> {
        self.read(|connection| config(connection, name))
    }

    /// How every source is set up that is not removed, in the order they were first seen.
    pub fn source_configs(&self) -> Result<Vec<SourceConfig>> {
        self.read(|connection| {
            let sql = format!("SELECT {} FROM sources WHERE removed_at IS NULL ORDER BY id", rows::CONFIG);
            collect(connection, &sql, &[], rows::config).map_err(Error::database("cannot read the sources"))
        })
    }

    /// What is known of a source at `now`, with `since <= detected < until` as its window. Of an unknown source: nothing.
    pub fn known(&self, name: &SourceName, since: Time, until: Time, now: Time) -> Result<Known> {
        self.read(|connection| {
            connection
                .prepare_cached(
                    "SELECT count(*) FILTER (WHERE listed AND detected >= ?2 AND detected < ?3), max(detected),
                        count(*) FILTER (WHERE listed)
                     FROM (SELECT detected, state = 0 AND ifnull(ifnull(set_until, until) > ?4, 1) AS listed FROM listings
                        WHERE source = (SELECT id FROM sources WHERE name = ?1))",
                )
                .and_then(|mut statement| {
                    let parameters = params![name.as_str(), since.unix(), until.unix(), now.unix()];
                    statement.query_row(parameters, |row| {
                        Ok(Known {
                            listed_in_window: rows::count(row, 0)?,
                            newest_detected: rows::optional_time(row, 1)?,
                            active: rows::count(row, 2)?,
                        })
                    })
                })
                .map_err(Error::database("cannot count the listings of the source"))
        })
    }

    /// The right to run a source, until it is dropped; `None` while somebody else, in this process or another, has it.
    /// Nothing in the store asks for it: whoever fetches from a source, or changes or removes it, takes it first.
    pub fn claim(&self, name: &SourceName) -> Result<Option<Claim>> {
        Claim::take(&self.dir.join(LOCKS), name)
    }

    /// A change by a person, written down with it.
    fn decide_source(
        &self,
        name: &SourceName,
        set: &str,
        to: &dyn ToSql,
        write_down: impl FnOnce(&Transaction<'_>, &SourceConfig, Time) -> Result<()>,
    ) -> Result<()> {
        let failed = || Error::database("cannot keep the source");
        let now = self.now();
        let mut writer = self.writer();
        let transaction = begin(&mut writer)?;
        let known = config(&transaction, name)?.filter(|known| known.removed_at.is_none());
        let known = known.ok_or_else(|| Error::NoSource(name.clone()))?;
        let sql = format!("UPDATE sources SET {set}, changed_at = ?3 WHERE name = ?1");
        transaction.execute(&sql, params![name.as_str(), to, now.unix()]).map_err(failed())?;
        write_down(&transaction, &known, now)?;
        transaction.commit().map_err(failed())
    }

    fn change_source(&self, name: &SourceName, set: &str, values: &[&dyn ToSql]) -> Result<()> {
        let sql = format!("UPDATE sources SET {set} WHERE name = ?1 AND removed_at IS NULL");
        let name_sql = name.as_str();
        let parameters: Vec<&dyn ToSql> =
            std::iter::once(&name_sql as &dyn ToSql).chain(values.iter().copied()).collect();
        let changed = self.writer().execute(&sql, &*parameters);
        match changed.map_err(Error::database("cannot keep the source"))? {
            0 => Err(Error::NoSource(name.clone())),
            _ => Ok(()),
        }
    }
}

/// Settings as they are kept: JSON that the store does not look into.
fn value(settings: &str) -> Value {
    serde_json::from_str(settings).unwrap_or(Value::Null)
}

/// The members that differ, before and after.
fn difference(before: Value, after: Value) -> (Value, Value) {
    match (before, after) {
        (Value::Object(mut before), Value::Object(mut after)) => {
            before.retain(|key, value| match after.get(key) {
                Some(same) if same == value => {
                    after.remove(key);
                    false
                }
                _ => true,
            });
            (Value::Object(before), Value::Object(after))
        }
        other => other,
    }
}

fn config(connection: &Connection, name: &SourceName) -> Result<Option<SourceConfig>> {
    let sql = format!("SELECT {} FROM sources WHERE name = ?", rows::CONFIG);
    connection
        .prepare_cached(&sql)
        .and_then(|mut statement| statement.query_row([name.as_str()], rows::config).optional())
        .map_err(Error::database("cannot read the source"))
}

/// The source of a run. One that is fetched must be there; one of imports is made when it is new.
pub(super) fn find_or_make(
    transaction: &Transaction<'_>,
    name: &SourceName,
    now: Time,
    fetched: bool,
) -> Result<SourceId> {
    if fetched {
        return require(transaction, name);
    }
    // One that is there, from an earlier program, goes on.
    if PAGE_NAMES.contains(&name.as_str()) && config(transaction, name)?.is_none() {
        return Err(Error::NameOfPage(name.clone()));
    }
    transaction
        .prepare_cached("INSERT INTO sources (name, created_at) VALUES (?, ?) ON CONFLICT DO NOTHING")
        .and_then(|mut statement| statement.execute(params![name.as_str(), now.unix()]))
        .and_then(|_| {
            transaction.query_row("SELECT id FROM sources WHERE name = ?", [name.as_str()], |row| row.get(0))
        })
        .map(SourceId)
        .map_err(Error::database("cannot keep the source"))
}

/// A source that is not removed.
pub(super) fn require(connection: &Connection, name: &SourceName) -> Result<SourceId> {
    connection
        .prepare_cached("SELECT id FROM sources WHERE name = ? AND removed_at IS NULL")
        .and_then(|mut statement| statement.query_row([name.as_str()], |row| row.get(0)).optional())
        .map_err(Error::database("cannot read the source"))?
        .map(SourceId)
        .ok_or_else(|| Error::NoSource(name.clone()))
}

/// Keeps where a fetched source stands, in the transaction of its run.
pub(super) fn write_state(
    transaction: &Transaction<'_>,
    source: SourceId,
    state: Option<&str>,
) -> Result<()> {
    let Some(state) = state else { return Ok(()) };
    transaction
        .prepare_cached("UPDATE sources SET state = ? WHERE id = ?")
        .and_then(|mut statement| statement.execute(params![state, source.0]))
        .map(drop)
        .map_err(Error::database("cannot keep the state of the source"))
}
