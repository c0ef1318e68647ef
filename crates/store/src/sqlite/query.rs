//! What others ask of the store.

use blocklist::{Serial, SourceId, SourceName, State, Time};
use prefix::Prefix;
use prefix::prefix::Either;
use rusqlite::{Connection, OptionalExtension, ToSql, params};

use super::{Store, expired, rows};
use crate::{
    Error, ListingQuery, ListingRow, LogRow, PublicationRow, RejectedRow, Result, Run, RunId, RunQuery,
    RunState, SourceRow,
};

impl Store {
    /// Every source that is not removed, with its counts and its last run, in the order they were first seen.
    pub fn sources(&self) -> Result<Vec<SourceRow>> {
        let mut sources = self.all_sources()?;
        sources.retain(|source| source.removed_at.is_none());
        Ok(sources)
    }

    /// Every source, also those that were removed.
    pub fn all_sources(&self) -> Result<Vec<SourceRow>> {
        let now = self.now();
        self.read(|connection| {
            let failed = || Error::database("cannot read the sources");
            let sql = format!(
                "SELECT id, name, created_at, active, withdrawn, removed, {}, kind, enabled, removed_at
                 FROM sources ORDER BY id",
                rows::EXPIRED
            );
            let mut found = collect(connection, &sql, &[&now.unix()], |row| {
                let expired = rows::count(row, 6)?;
                let source = SourceRow {
                    name: rows::source(row, 1)?,
                    kind: row.get(7)?,
                    enabled: row.get(8)?,
                    created_at: rows::time(row, 2)?,
                    removed_at: rows::optional_time(row, 9)?,
                    active: rows::count(row, 3)?.saturating_sub(expired),
                    expired,
                    withdrawn: rows::count(row, 4)?,
                    removed: rows::count(row, 5)?,
                    last_run: None,
                };
                Ok((row.get::<_, u32>(0)?, source))
            })
            .map_err(failed())?;
            for (id, source) in &mut found {
                source.last_run = runs(connection, Some(SourceId(*id)), None, None, 1)?.pop();
            }
            Ok(found.into_iter().map(|(_, source)| source).collect())
        })
    }

    /// Runs, newest first.
    pub fn runs(&self, query: &RunQuery) -> Result<Vec<Run>> {
        self.read(|connection| {
            let source = match &query.source {
                None => None,
                Some(name) => match source_id(connection, name)? {
                    None => return Ok(Vec::new()),
                    some => some,
                },
            };
            runs(connection, source, query.state, query.before, query.limit)
        })
    }

    /// One run.
    pub fn run(&self, run: RunId) -> Result<Option<Run>> {
        self.read(|connection| {
            let sql = format!(
                "SELECT {} FROM runs JOIN sources ON sources.id = runs.source WHERE runs.id = ?",
                rows::RUN
            );
            connection
                .query_row(&sql, [run.0], rows::run)
                .optional()
                .map_err(Error::database("cannot read the run"))
        })
    }

    /// The refused rows of a run that were kept, in the order they were read.
    pub fn rejected_rows(&self, run: RunId, limit: usize) -> Result<Vec<RejectedRow>> {
        self.read(|connection| {
            let sql = "SELECT line, cause, text FROM rejected_rows
                 WHERE run = (SELECT ifnull(same_as, id) FROM runs WHERE id = ?) ORDER BY seq LIMIT ?";
            collect(connection, sql, &[&run.0, &limit_sql(limit)], |row| {
                Ok(RejectedRow { line: rows::count(row, 0)?, cause: row.get(1)?, text: row.get(2)? })
            })
            .map_err(Error::database("cannot read the refused rows"))
        })
    }

    /// Publications before a serial, newest first.
    pub fn publications(&self, before: Option<Serial>, limit: usize) -> Result<Vec<PublicationRow>> {
        self.read(|connection| {
            let sql = format!(
                "SELECT {} FROM publications WHERE serial < ? ORDER BY serial DESC LIMIT ?",
                rows::PUBLICATION
            );
            let before = before.map_or(i64::MAX, |serial| serial.0 as i64);
            collect(connection, &sql, &[&before, &limit_sql(limit)], rows::publication)
                .map_err(Error::database("cannot read the publications"))
        })
    }

    /// One publication.
    pub fn publication(&self, serial: Serial) -> Result<Option<PublicationRow>> {
        self.read(|connection| {
            let sql = format!("SELECT {} FROM publications WHERE serial = ?", rows::PUBLICATION);
            connection
                .query_row(&sql, [serial.0 as i64], rows::publication)
                .optional()
                .map_err(Error::database("cannot read the publication"))
        })
    }

    /// Listings in every state, in the order that [`ListingQuery::after`] says.
    pub fn listings(&self, query: &ListingQuery) -> Result<Vec<ListingRow>> {
        let now = self.now();
        self.read(|connection| {
            let failed = || Error::database("cannot read the listings");
            let sources = collect(connection, "SELECT id, name FROM sources ORDER BY id", &[], |row| {
                Ok((row.get::<_, u32>(0)?, rows::source(row, 1)?))
            })
            .map_err(failed())?;
            let start = match &query.after {
                None => 0,
                Some(after) => match source_id(connection, &after.source)? {
                    None => return Ok(Vec::new()),
                    Some(id) => id.0,
                },
            };
            let mut found = Vec::new();
            for (id, name) in sources {
                let wanted = query.source.as_ref().is_none_or(|only| *only == name) && id >= start;
                let missing = query.limit.saturating_sub(found.len());
                if !wanted || missing == 0 {
                    continue;
                }
                let after = query.after.as_ref().filter(|_| id == start);
                if query.goes_by_end() {
                    found.extend(expired::page(connection, id, &name, after, now, missing)?);
                    continue;
                }
                let after = after.map(|after| after.prefix);
                let (sql, first, last) = listings_sql(query, after);
                let rows = collect(
                    connection,
                    &sql,
                    &[&id, &first, &last, &now.unix(), &limit_sql(missing)],
                    |row| rows::listing(row, &name, now),
                );
                found.extend(rows.map_err(failed())?);
            }
            Ok(found)
        })
    }

    /// The last lines of the store's log, newest first.
    pub fn logs(&self, limit: usize) -> Result<Vec<LogRow>> {
        self.read(|connection| {
            let sql = "SELECT at, level, part, sources.name, message FROM logs
                 LEFT JOIN sources ON sources.id = logs.source ORDER BY logs.id DESC LIMIT ?";
            collect(connection, sql, &[&limit_sql(limit)], |row| {
                Ok(LogRow {
                    at: rows::time(row, 0)?,
                    level: row.get(1)?,
                    part: row.get(2)?,
                    source: rows::text(row, 3)?.and_then(|name| name.parse().ok()),
                    message: row.get(4)?,
                })
            })
            .map_err(Error::database("cannot read the log"))
        })
    }

    /// A setting, if it was ever set.
    pub fn setting(&self, key: &str) -> Result<Option<String>> {
        self.read(|connection| {
            connection
                .query_row("SELECT value FROM settings WHERE key = ?", [key], |row| row.get(0))
                .optional()
                .map_err(Error::database("cannot read the setting"))
        })
    }

    /// Keeps a setting.
    pub fn set_setting(&self, key: &str, value: &str) -> Result<()> {
        self.writer()
            .execute(
                "INSERT INTO settings (key, value, changed_at) VALUES (?, ?, ?)
                 ON CONFLICT (key) DO UPDATE SET value = excluded.value, changed_at = excluded.changed_at
                 WHERE value <> excluded.value",
                params![key, value, self.now().unix()],
            )
            .map(drop)
            .map_err(Error::database("cannot keep the setting"))
    }
}

/// The statement for one source's page of listings and its range of keys. Each state has an index of its own, or the
/// primary key; a test asks the database for the plans.
fn listings_sql(query: &ListingQuery, after: Option<Prefix>) -> (String, Vec<u8>, Vec<u8>) {
    let mut buffer = [0; Prefix::MAX_KEY];
    let (mut first, last) = match query.inside {
        None => (Vec::new(), vec![u8::MAX]),
        Some(prefix) => {
            let first = prefix.to_key(&mut buffer).to_vec();
            let end: Prefix = match prefix.split() {
                Either::V4(net) => prefix::Net::host(net.last()).into(),
                Either::V6(net) => prefix::Net::host(net.last()).into(),
            };
            (first, end.to_key(&mut buffer).to_vec())
        }
    };
    let compare = match after {
        Some(after) if after.to_key(&mut buffer) >= first.as_slice() => {
            first = after.to_key(&mut buffer).to_vec();
            ">"
        }
        _ => ">=",
    };
    let state = match query.state {
        None => "?4 IS NOT NULL",
        Some(State::Active) => "state = 0 AND ifnull(ifnull(set_until, until) > ?4, 1)",
        // Inside a prefix; all that ended goes by the end.
        Some(State::Expired) => "state = 0 AND ifnull(set_until, until) <= ?4",
        Some(State::Withdrawn) => "state = 1 AND state <> 0 AND ?4 IS NOT NULL",
        Some(State::Removed) => "state = 2 AND state <> 0 AND ?4 IS NOT NULL",
    };
    // Without statistics the database takes the primary key for as good, and walks through all that is listed.
    let by = match query.state {
        Some(State::Withdrawn | State::Removed) => "INDEXED BY listings_by_state",
        None | Some(State::Active | State::Expired) => "",
    };
    let sql = format!(
        "SELECT {} FROM listings {by} WHERE source = ?1 AND prefix {compare} ?2 AND prefix <= ?3 AND {state}
         ORDER BY prefix LIMIT ?5",
        rows::LISTING
    );
    (sql, first, last)
}

fn runs(
    connection: &Connection,
    source: Option<SourceId>,
    state: Option<RunState>,
    before: Option<RunId>,
    limit: usize,
) -> Result<Vec<Run>> {
    let only = if source.is_some() { "runs.source = ?1" } else { "?1 IS NULL" };
    let sql = format!(
        "SELECT {} FROM runs JOIN sources ON sources.id = runs.source
         WHERE {only} AND runs.id < ?2 AND (?4 IS NULL OR runs.state = ?4) ORDER BY runs.id DESC LIMIT ?3",
        rows::RUN
    );
    let before = before.map_or(i64::MAX, |run| run.0);
    let state = state.map(RunState::as_str);
    collect(connection, &sql, &[&source.map(|id| id.0), &before, &limit_sql(limit), &state], rows::run)
        .map_err(Error::database("cannot read the runs"))
}

fn source_id(connection: &Connection, name: &SourceName) -> Result<Option<SourceId>> {
    connection
        .query_row("SELECT id FROM sources WHERE name = ?", [name.as_str()], |row| row.get(0).map(SourceId))
        .optional()
        .map_err(Error::database("cannot read the source"))
}

pub(super) fn write_log(
    connection: &Connection,
    now: Time,
    level: &str,
    part: &str,
    source: Option<SourceId>,
    message: &str,
) -> Result<()> {
    connection
        .prepare_cached("INSERT INTO logs (at, level, part, source, message) VALUES (?, ?, ?, ?, ?)")
        .and_then(|mut statement| {
            statement.execute(params![now.unix(), level, part, source.map(|id| id.0), message])
        })
        .map(drop)
        .map_err(Error::database("cannot write the log"))
}

pub(super) fn limit_sql(limit: usize) -> i64 {
    i64::try_from(limit).unwrap_or(i64::MAX)
}

pub(super) fn collect<T>(
    connection: &Connection,
    sql: &str,
    parameters: &[&dyn ToSql],
    row: impl FnMut(&rusqlite::Row<'_>) -> rusqlite::Result<T>,
) -> rusqlite::Result<Vec<T>> {
    connection.prepare_cached(sql)?.query_map(parameters, row)?.collect()
}
