//! The floor of an import: SQLite takes the rows, sorted by their key, in one prepared statement and one transaction.
//! No parsing, no history, no publication.

use std::path::Path;
use std::time::Instant;

use rusqlite::{Connection, params};

/// What it took, in seconds.
#[derive(Clone, Copy)]
pub(crate) struct Took {
    /// From opening the database to the end of the commit.
    pub(crate) commit: f64,
    /// To the end of closing it, where SQLite copies the log into the database: what every process that writes pays for.
    pub(crate) close: f64,
}

/// Inserts the rows, or updates those that are there. `now` goes into each row.
pub(crate) fn upsert(path: &Path, sorted: &[u32], now: i64) -> anyhow::Result<Took> {
    let began = Instant::now();
    let mut connection = open(path)?;
    connection.execute_batch(
        "CREATE TABLE IF NOT EXISTS e (net INTEGER, len INTEGER, src INTEGER, first INTEGER, last INTEGER,
         reason TEXT, PRIMARY KEY (net, len, src)) WITHOUT ROWID",
    )?;
    let transaction = connection.transaction()?;
    {
        let mut statement = transaction.prepare(
            "INSERT INTO e VALUES (?1, 32, 1, ?2, ?2, NULL)
             ON CONFLICT DO UPDATE SET last = excluded.last, reason = excluded.reason",
        )?;
        for net in sorted {
            statement.execute(params![net, now])?;
        }
    }
    transaction.commit()?;
    let commit = began.elapsed().as_secs_f64();
    connection.close().map_err(|(_, error)| error)?;
    Ok(Took { commit, close: began.elapsed().as_secs_f64() })
}

/// Reads all rows: how many there are, and the seconds it took with opening the database.
pub(crate) fn scan(path: &Path) -> anyhow::Result<(usize, f64)> {
    let began = Instant::now();
    let connection = open(path)?;
    let mut statement =
        connection.prepare("SELECT net, len, src, first, last, reason FROM e ORDER BY net")?;
    let mut rows = statement.query([])?;
    let (mut count, mut sum) = (0, 0_i64);
    while let Some(row) = rows.next()? {
        for column in 0..5 {
            sum = sum.wrapping_add(row.get::<_, i64>(column)?);
        }
        sum = sum.wrapping_add(i64::from(row.get_ref(5)? != rusqlite::types::ValueRef::Null));
        count += 1;
    }
    std::hint::black_box(sum);
    Ok((count, began.elapsed().as_secs_f64()))
}

/// As the program opens its own: the log beside the database, each commit on the disk when it is done.
pub(super) fn open(path: &Path) -> anyhow::Result<Connection> {
    let connection = Connection::open(path)?;
    connection.pragma_update(None, "journal_mode", "WAL")?;
    connection.pragma_update(None, "synchronous", "FULL")?;
    connection.pragma_update(None, "cache_size", -64_000)?;
    Ok(connection)
}
