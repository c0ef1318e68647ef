//! How many reads of feeds there were, by the hour.

use blocklist::Time;
use rusqlite::{Connection, OptionalExtension, params};

use super::Store;
use super::query::collect;
use super::rows;
use crate::{Error, Result};

const HOUR: i64 = 3_600;

impl Store {
    /// Reads after one, by its number, and not before a time: the number of the last, and how many there were in each hour,
    /// counted from 1970. `None` when there are none. What is counted is only what came after `after`; without it the place
    /// in the log is found by halving, for times have no index.
    #[expect(clippy::type_complexity, reason = "two numbers of each hour")]
    pub fn reads_by_hour(&self, after: Option<i64>, since: Time) -> Result<Option<(i64, Vec<(i64, u64)>)>> {
        self.read(|connection| {
            let failed = || Error::database("cannot count who read what");
            let last: Option<i64> =
                connection.query_row("SELECT max(id) FROM pulls", [], |row| row.get(0)).map_err(failed())?;
            let Some(last) = last else { return Ok(None) };
            let after = match after {
                Some(after) => after,
                None => before(connection, since, last).map_err(failed())?,
            };
            let sql =
                "SELECT at / ?1, count(*) FROM pulls WHERE id > ?2 AND id <= ?3 AND at >= ?4 GROUP BY 1";
            let hours = collect(connection, sql, &[&HOUR, &after, &last, &since.unix()], |row| {
                Ok((row.get(0)?, rows::count(row, 1)?))
            });
            Ok(Some((last, hours.map_err(failed())?)))
        })
    }
}

/// The number of the last read before a time. Reads are written in the order in which they came, but for seconds.
fn before(connection: &Connection, since: Time, last: i64) -> rusqlite::Result<i64> {
    const SLACK: i64 = 60;
    let wanted = since.unix() - SLACK;
    let mut statement = connection.prepare_cached("SELECT at FROM pulls WHERE id > ? ORDER BY id LIMIT 1")?;
    let (mut low, mut high) = (0, last);
    while low < high {
        let middle = low + (high - low) / 2;
        let at: Option<i64> = statement.query_row(params![middle], |row| row.get(0)).optional()?;
        if at.is_some_and(|at| at < wanted) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    Ok(low)
}
