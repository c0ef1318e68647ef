//! The list day by day. A row is small and there is one a source and day, so none is ever removed.

use blocklist::{SourceId, SourceName};
use rusqlite::{OptionalExtension, Transaction, params};

use super::import::begin;
use super::query::collect;
use super::{Store, rows};
use crate::{Error, Result, TrendRow};

/// The whole list, in the place of a source.
const WHOLE: SourceId = SourceId(0);

impl Store {
    /// Keeps what a day came to, in the place of what was kept of it before: all rows or none. They are kept under `day`,
    /// whatever day they name.
    pub fn keep_trend(&self, day: i64, rows: &[TrendRow]) -> Result<()> {
        let failed = || Error::database("cannot keep what the day came to");
        let mut writer = self.writer();
        let transaction = begin(&mut writer)?;
        for row in rows {
            let source = row.source.as_ref().map_or(Ok(WHOLE), |name| number(&transaction, name))?;
            let [entries, added, ended] =
                [row.entries, row.added, row.ended].map(|count| i64::try_from(count).unwrap_or(i64::MAX));
            transaction
                .prepare_cached(
                    "INSERT INTO trend (day, source, entries, added, ended) VALUES (?1, ?2, ?3, ?4, ?5)
                     ON CONFLICT (day, source) DO UPDATE SET entries = ?3, added = ?4, ended = ?5",
                )
                .and_then(|mut statement| statement.execute(params![day, source.0, entries, added, ended]))
                .map_err(failed())?;
        }
        transaction.commit().map_err(failed())
    }

    /// What days came to, from one on: by day, the whole list first, then the sources as they were first seen. Sources that
    /// were removed are among them.
    pub fn trend(&self, since_day: i64) -> Result<Vec<TrendRow>> {
        let sql = "SELECT day, sources.name, entries, added, ended FROM trend LEFT JOIN sources ON sources.id = source
             WHERE day >= ? AND (source = 0 OR sources.id IS NOT NULL) ORDER BY day, source";
        self.read(|connection| {
            collect(connection, sql, &[&since_day], |row| {
                let named = row.get_ref(1)? != rusqlite::types::ValueRef::Null;
                Ok(TrendRow {
                    day: row.get(0)?,
                    source: named.then(|| rows::source(row, 1)).transpose()?,
                    entries: rows::count(row, 2)?,
                    added: rows::count(row, 3)?,
                    ended: rows::count(row, 4)?,
                })
            })
            .map_err(Error::database("cannot read what the days came to"))
        })
    }
}

/// Of a source that was removed too: what ended with it belongs to the day.
fn number(transaction: &Transaction<'_>, name: &SourceName) -> Result<SourceId> {
    transaction
        .prepare_cached("SELECT id FROM sources WHERE name = ?")
        .and_then(|mut statement| statement.query_row([name.as_str()], |row| row.get(0)).optional())
        .map_err(Error::database("cannot read the source"))?
        .map(SourceId)
        .ok_or_else(|| Error::NoSource(name.clone()))
}
