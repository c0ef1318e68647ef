//! What was written down in order of time: where a moment lies in it, and the lines of the program's own log.
//!
//! These tables grow and have no index by time. Their numbers grow with it, so a moment is found by halving: some twenty
//! look-ups by number in a table of any size.

use blocklist::Time;
use rusqlite::{Connection, OptionalExtension};

use super::query::collect;
use super::{Store, rows};
use crate::{Error, LogRow, Result};

/// Entries are written a little after the moment they name, and several at once: so far may two lie in the wrong order.
const SLACK: i64 = 600;

/// A table that is written in order of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Journal {
    /// Changes by people.
    Audit,
    /// Runs, by when they ended.
    Runs,
    /// Reads of feeds.
    Pulls,
    /// Tries to come in.
    Attempts,
    /// The log of the program.
    Logs,
}

impl Journal {
    fn columns(self) -> (&'static str, &'static str) {
        match self {
            Self::Audit => ("audit_log", "at"),
            Self::Runs => ("runs", "ended_at"),
            Self::Pulls => ("pulls", "at"),
            Self::Attempts => ("auth_attempts", "at"),
            Self::Logs => ("logs", "at"),
        }
    }
}

impl Store {
    /// A number such that every entry from before `time` has a smaller one; entries a little later than `time` may too.
    pub fn journal_before(&self, journal: Journal, time: Time) -> Result<i64> {
        self.read(|connection| halve(connection, journal, time.plus_seconds(SLACK)))
    }

    /// Lines of the program's log with their numbers, newest first, before a number.
    pub fn log_lines(&self, before: Option<i64>, limit: usize) -> Result<Vec<(i64, LogRow)>> {
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        self.read(|connection| {
            let sql = "SELECT at, level, part, sources.name, message, logs.id FROM logs
                 LEFT JOIN sources ON sources.id = logs.source WHERE logs.id < ? ORDER BY logs.id DESC LIMIT ?";
            collect(connection, sql, &[&before.unwrap_or(i64::MAX), &limit], |row| {
                let line = LogRow {
                    at: rows::time(row, 0)?,
                    level: row.get(1)?,
                    part: row.get(2)?,
                    source: rows::text(row, 3)?.and_then(|name| name.parse().ok()),
                    message: row.get(4)?,
                };
                Ok((row.get(5)?, line))
            })
            .map_err(Error::database("cannot read the log"))
        })
    }
}

/// The number of the first entry at `time` or later; one more than the last when there is none.
fn halve(connection: &Connection, journal: Journal, time: Time) -> Result<i64> {
    let failed = || Error::database("cannot read when something was written down");
    let (table, at) = journal.columns();
    let (first, last): (Option<i64>, Option<i64>) = connection
        .query_row(
            &format!("SELECT (SELECT min(id) FROM {table}), (SELECT max(id) FROM {table})"),
            [],
            |row| Ok((row.get(0)?, row.get(1)?)),
        )
        .map_err(failed())?;
    let (Some(mut first), Some(last)) = (first, last) else { return Ok(i64::MAX) };
    let mut end = last + 1;
    let sql = format!("SELECT id, {at} FROM {table} WHERE id >= ? ORDER BY id LIMIT 1");
    let mut statement = connection.prepare_cached(&sql).map_err(failed())?;
    while first < end {
        let middle = first + (end - first) / 2;
        let found: Option<(i64, i64)> = statement
            .query_row([middle], |row| Ok((row.get(0)?, row.get(1)?)))
            .optional()
            .map_err(failed())?;
        match found {
            // Numbers have gaps: what is found can lie behind the middle.
            Some((id, at)) if id < end && at < time.unix() => first = id + 1,
            _ => end = middle,
        }
    }
    Ok(end)
}
