//! Every change by a person, written in the transaction of the change.

use blocklist::Time;
use rusqlite::{Transaction, params};
use serde_json::Value;

use super::query::collect;
use super::{Store, rows};
use crate::{Actor, AuditRow, Error, Result};

/// Writes down who did what to what. `action` is `part.verb`, as in `allow.add`; the fields that did not change stand in
/// neither `before` nor `after`. Never a secret.
pub(super) fn write(
    transaction: &Transaction<'_>,
    now: Time,
    actor: &Actor<'_>,
    action: &'static str,
    target: &str,
    before: Option<&Value>,
    after: Option<&Value>,
) -> Result<()> {
    transaction
        .prepare_cached(
            "INSERT INTO audit_log (at, \"by\", action, target, before, after, note) VALUES (?, ?, ?, ?, ?, ?, ?)",
        )
        .and_then(|mut statement| {
            statement.execute(params![
                now.unix(),
                actor.by,
                action,
                target,
                before.map(Value::to_string),
                after.map(Value::to_string),
                actor.note,
            ])
        })
        .map(drop)
        .map_err(Error::database("cannot write down who changed what"))
}

impl Store {
    /// What people changed, newest first, before an entry.
    pub fn audit(&self, before: Option<i64>, limit: usize) -> Result<Vec<AuditRow>> {
        self.read(|connection| {
            let sql = "SELECT id, at, \"by\", action, target, before, after, note, address FROM audit_log
                 WHERE id < ? ORDER BY id DESC LIMIT ?";
            let limit = i64::try_from(limit).unwrap_or(i64::MAX);
            collect(connection, sql, &[&before.unwrap_or(i64::MAX), &limit], |row| {
                let json = |column| -> rusqlite::Result<Option<Value>> {
                    Ok(rows::text(row, column)?.and_then(|text| serde_json::from_str(text).ok()))
                };
                Ok(AuditRow {
                    id: row.get(0)?,
                    at: rows::time(row, 1)?,
                    by: row.get(2)?,
                    action: row.get(3)?,
                    target: row.get(4)?,
                    before: json(5)?,
                    after: json(6)?,
                    note: row.get(7)?,
                    address: row.get(8)?,
                })
            })
            .map_err(Error::database("cannot read what people changed"))
        })
    }
}
