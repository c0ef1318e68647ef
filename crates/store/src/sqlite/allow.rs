//! Allow entries: what must never be served, on the firm's word. Every change publishes in the same transaction, is
//! written down, and can be tried without being made.

use std::collections::BTreeSet;

use blocklist::Time;
use prefix::Prefix;
use rusqlite::{Connection, OptionalExtension, Row, Transaction, params};
use serde_json::{Map, Value, json};

use super::query::collect;
use super::{Store, audit, guards, rows};
use crate::protect::is_too_wide;
use crate::{
    Actor, AllowCause, AllowChange, AllowId, AllowRefusal, AllowRow, AllowState, Error, NewAllow, Preview,
    Published, Result,
};

/// The longest reason, in characters.
const MAX_REASON: usize = 500;
/// The longest owner or ticket.
const MAX_WORD: usize = 200;
/// The most days before its end at which an entry reminds.
const MAX_REMIND: u32 = 3650;
const DAY: i64 = 86_400;

const COLUMNS: &str = "id, prefix, reason, owner, ticket, until, remind_days, created_at, created_by, changed_at, \
     changed_by, removed_at, removed_by";

impl Store {
    /// Adds entries, all or none, and publishes without what they name. [`Error::Allow`] names every entry that is
    /// refused. An entry whose end has passed makes room for a new one.
    pub fn add_allow(&self, new: &[NewAllow], actor: &Actor<'_>) -> Result<(Vec<AllowRow>, Published)> {
        self.change(|transaction| self.insert_allow(transaction, new, actor))
    }

    /// What [`Self::add_allow`] would add and remove, and refuse.
    pub fn preview_add_allow(&self, new: &[NewAllow]) -> Result<(Vec<AllowRow>, Preview)> {
        self.preview_change(|transaction| self.insert_allow(transaction, new, &Actor::NOBODY))
    }

    /// Changes an entry that is not removed, and publishes what follows. One whose end has passed holds again when it
    /// gets another end.
    pub fn set_allow(
        &self,
        id: AllowId,
        change: &AllowChange,
        actor: &Actor<'_>,
    ) -> Result<(AllowRow, Published)> {
        self.change(|transaction| self.update_allow(transaction, id, change, actor))
    }

    /// What [`Self::set_allow`] would add and remove.
    pub fn preview_set_allow(&self, id: AllowId, change: &AllowChange) -> Result<(AllowRow, Preview)> {
        self.preview_change(|transaction| self.update_allow(transaction, id, change, &Actor::NOBODY))
    }

    /// Takes an entry back, and publishes: what is listed there is served again, if policy and gate let it.
    pub fn remove_allow(&self, id: AllowId, actor: &Actor<'_>) -> Result<(AllowRow, Published)> {
        self.change(|transaction| self.delete_allow(transaction, id, actor))
    }

    /// What [`Self::remove_allow`] would add and remove.
    pub fn preview_remove_allow(&self, id: AllowId) -> Result<(AllowRow, Preview)> {
        self.preview_change(|transaction| self.delete_allow(transaction, id, &Actor::NOBODY))
    }

    /// A page of entries, oldest first, after a number: those that hold, or all that ever did.
    pub fn allow_entries(&self, all: bool, after: Option<AllowId>, limit: usize) -> Result<Vec<AllowRow>> {
        let now = self.now();
        self.read(|connection| {
            let sql = format!(
                "SELECT {COLUMNS} FROM allow_entries
                 WHERE id > ?1 AND (?2 OR removed_at IS NULL AND (until IS NULL OR until > ?3)) ORDER BY id LIMIT ?4"
            );
            let limit = i64::try_from(limit).unwrap_or(i64::MAX);
            collect(connection, &sql, &[&after.map_or(0, |id| id.0), &all, &now.unix(), &limit], |row| {
                entry(row, now)
            })
            .map_err(failed())
        })
    }

    /// An entry by its number, also one that is removed.
    pub fn allow_entry(&self, id: AllowId) -> Result<Option<AllowRow>> {
        let now = self.now();
        self.read(|connection| by_id(connection, id, now))
    }

    /// The entry of a prefix that is not removed: the one that holds, or that ended.
    pub fn allow_of(&self, prefix: Prefix) -> Result<Option<AllowRow>> {
        let now = self.now();
        self.read(|connection| by_prefix(connection, prefix, now))
    }

    /// Entries that hold and whose reminder is due: they end within the days they were told to remind before, the next to
    /// end first.
    pub fn allow_due(&self, now: Time) -> Result<Vec<AllowRow>> {
        self.read(|connection| {
            let sql = format!(
                "SELECT {COLUMNS} FROM allow_entries
                 WHERE removed_at IS NULL AND until > ?1 AND remind_days IS NOT NULL AND until - remind_days * ?2 <= ?1
                 ORDER BY until, id"
            );
            collect(connection, &sql, &[&now.unix(), &DAY], |row| entry(row, now)).map_err(failed())
        })
    }

    fn insert_allow(
        &self,
        transaction: &Transaction<'_>,
        new: &[NewAllow],
        actor: &Actor<'_>,
    ) -> Result<Vec<AllowRow>> {
        let now = self.now();
        let mut refused = Vec::new();
        let mut named = BTreeSet::new();
        let mut ended = Vec::new();
        for (at, new) in new.iter().enumerate() {
            let prefix = new.prefix;
            let before = by_prefix(transaction, prefix, now)?;
            let cause = match &before {
                _ if !named.insert(prefix) => Some(AllowCause::Twice),
                Some(row) if row.state == AllowState::Holds => Some(AllowCause::Exists(row.id)),
                _ => check(new, now).err(),
            };
            refused.extend(cause.map(|cause| AllowRefusal { at, prefix, cause }));
            ended.extend(before.map(|row| row.id));
        }
        if !refused.is_empty() {
            return Err(Error::Allow(refused));
        }
        for id in ended {
            close(transaction, id, now, actor)?;
        }
        let added = new.iter().map(|new| insert(transaction, new, now, actor)).collect::<Result<Vec<_>>>()?;
        guards::changed(transaction, named, now)?;
        Ok(added)
    }

    fn update_allow(
        &self,
        transaction: &Transaction<'_>,
        id: AllowId,
        change: &AllowChange,
        actor: &Actor<'_>,
    ) -> Result<AllowRow> {
        let now = self.now();
        let old = by_id(transaction, id, now)?.filter(|row| row.state != AllowState::Removed);
        let old = old.ok_or(Error::NoAllow(id))?;
        let wanted = NewAllow {
            prefix: old.prefix,
            reason: change.reason.as_ref().unwrap_or(&old.reason).trim().to_owned(),
            owner: trimmed(change.owner.as_ref().unwrap_or(&old.owner).as_ref()),
            ticket: trimmed(change.ticket.as_ref().unwrap_or(&old.ticket).as_ref()),
            until: change.until.unwrap_or(old.until),
            remind_days: change.remind_days.unwrap_or(old.remind_days),
            wide: true,
        };
        match check(&wanted, now) {
            // Words of an entry that has ended may be mended.
            Err(AllowCause::Past) if change.until.is_none() => {}
            Err(cause) => return Err(Error::Allow(vec![AllowRefusal { at: 0, prefix: old.prefix, cause }])),
            Ok(()) => {}
        }
        transaction
            .execute(
                "UPDATE allow_entries SET reason = ?2, owner = ?3, ticket = ?4, until = ?5, remind_days = ?6,
                    changed_at = ?7, changed_by = ?8 WHERE id = ?1",
                params![
                    id.0,
                    wanted.reason,
                    wanted.owner,
                    wanted.ticket,
                    rows::time_sql(wanted.until),
                    wanted.remind_days,
                    now.unix(),
                    actor.by,
                ],
            )
            .map_err(Error::database("cannot change the allow entry"))?;
        if wanted.until != old.until {
            guards::changed(transaction, [old.prefix], now)?;
        }
        let row = by_id(transaction, id, now)?.ok_or(Error::NoAllow(id))?;
        let (before, after) = difference(&old, &row);
        audit::write(
            transaction,
            now,
            actor,
            "allow.set",
            &row.prefix.to_string(),
            Some(&before),
            Some(&after),
        )?;
        Ok(row)
    }

    fn delete_allow(
        &self,
        transaction: &Transaction<'_>,
        id: AllowId,
        actor: &Actor<'_>,
    ) -> Result<AllowRow> {
        let now = self.now();
        let old = by_id(transaction, id, now)?.filter(|row| row.state != AllowState::Removed);
        let old = old.ok_or(Error::NoAllow(id))?;
        close(transaction, id, now, actor)?;
        guards::changed(transaction, [old.prefix], now)?;
        let before = words(&old);
        audit::write(transaction, now, actor, "allow.remove", &old.prefix.to_string(), Some(&before), None)?;
        Ok(by_id(transaction, id, now)?.unwrap_or(old))
    }
}

fn failed() -> impl FnOnce(rusqlite::Error) -> Error {
    Error::database("cannot read the allow entries")
}

fn by_id(connection: &Connection, id: AllowId, now: Time) -> Result<Option<AllowRow>> {
    let sql = format!("SELECT {COLUMNS} FROM allow_entries WHERE id = ?");
    connection
        .prepare_cached(&sql)
        .and_then(|mut statement| statement.query_row([id.0], |row| entry(row, now)).optional())
        .map_err(failed())
}

fn by_prefix(connection: &Connection, prefix: Prefix, now: Time) -> Result<Option<AllowRow>> {
    let sql = format!("SELECT {COLUMNS} FROM allow_entries WHERE prefix = ? AND removed_at IS NULL");
    let mut key = [0; Prefix::MAX_KEY];
    connection
        .prepare_cached(&sql)
        .and_then(|mut statement| {
            statement.query_row([prefix.to_key(&mut key)], |row| entry(row, now)).optional()
        })
        .map_err(failed())
}

fn entry(row: &Row<'_>, now: Time) -> rusqlite::Result<AllowRow> {
    let (until, removed_at) = (rows::optional_time(row, 5)?, rows::optional_time(row, 11)?);
    Ok(AllowRow {
        id: AllowId(row.get(0)?),
        prefix: rows::prefix(row, 1)?,
        state: match (removed_at, until) {
            (Some(_), _) => AllowState::Removed,
            (None, Some(until)) if until <= now => AllowState::Ended,
            _ => AllowState::Holds,
        },
        reason: row.get(2)?,
        owner: row.get(3)?,
        ticket: row.get(4)?,
        until,
        remind_days: row.get(6)?,
        created_at: rows::time(row, 7)?,
        created_by: row.get(8)?,
        changed_at: rows::optional_time(row, 9)?,
        changed_by: row.get(10)?,
        removed_at,
        removed_by: row.get(12)?,
    })
}

fn insert(transaction: &Transaction<'_>, new: &NewAllow, now: Time, actor: &Actor<'_>) -> Result<AllowRow> {
    let failed = || Error::database("cannot add the allow entry");
    let mut key = [0; Prefix::MAX_KEY];
    transaction
        .prepare_cached(
            "INSERT INTO allow_entries (prefix, reason, owner, ticket, until, remind_days, created_at, created_by)
             VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        )
        .and_then(|mut statement| {
            statement.execute(params![
                new.prefix.to_key(&mut key),
                new.reason.trim(),
                trimmed(new.owner.as_ref()),
                trimmed(new.ticket.as_ref()),
                rows::time_sql(new.until),
                new.remind_days,
                now.unix(),
                actor.by,
            ])
        })
        .map_err(failed())?;
    let id = AllowId(transaction.last_insert_rowid());
    let row = by_id(transaction, id, now)?.ok_or(Error::NoAllow(id))?;
    let after = words(&row);
    audit::write(transaction, now, actor, "allow.add", &row.prefix.to_string(), None, Some(&after))?;
    Ok(row)
}

/// Takes an entry out of those that hold; the caller says that what is protected changed.
fn close(transaction: &Transaction<'_>, id: AllowId, now: Time, actor: &Actor<'_>) -> Result<()> {
    transaction
        .prepare_cached("UPDATE allow_entries SET removed_at = ?2, removed_by = ?3 WHERE id = ?1")
        .and_then(|mut statement| statement.execute(params![id.0, now.unix(), actor.by]))
        .map(drop)
        .map_err(Error::database("cannot remove the allow entry"))
}

fn check(new: &NewAllow, now: Time) -> Result<(), AllowCause> {
    let line = |text: &str, most| {
        !text.trim().is_empty() && text.trim().chars().count() <= most && !text.chars().any(char::is_control)
    };
    // An empty word is one that is left out.
    let word = |text: &Option<String>| trimmed(text.as_ref()).is_none_or(|text| line(&text, MAX_WORD));
    let sound = [
        (line(&new.reason, MAX_REASON), AllowCause::Reason),
        (word(&new.owner), AllowCause::Owner),
        (word(&new.ticket), AllowCause::Ticket),
        (new.remind_days.is_none_or(|days| days <= MAX_REMIND), AllowCause::Remind),
        (new.wide || !is_too_wide(new.prefix), AllowCause::TooWide),
        (new.until.is_none_or(|until| until > now), AllowCause::Past),
    ];
    sound.into_iter().find(|(sound, _)| !sound).map_or(Ok(()), |(_, cause)| Err(cause))
}

fn trimmed(text: Option<&String>) -> Option<String> {
    text.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty())
}

/// What a person said of an entry, for the record.
fn words(row: &AllowRow) -> Value {
    json!({
        "id": row.id, "reason": row.reason, "owner": row.owner, "ticket": row.ticket, "until": row.until,
        "remind_days": row.remind_days,
    })
}

/// What differs: how it was, and how it is.
fn difference(old: &AllowRow, new: &AllowRow) -> (Value, Value) {
    let (mut before, mut after) = (Map::new(), Map::new());
    if let (Value::Object(old), Value::Object(new)) = (words(old), words(new)) {
        for ((key, was), (_, is)) in old.into_iter().zip(new) {
            if was != is || key == "id" {
                before.insert(key.clone(), was);
                after.insert(key, is);
            }
        }
    }
    (before.into(), after.into())
}
