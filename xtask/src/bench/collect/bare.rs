//! The floor of a collection: calamine reads the workbook, SQLite takes its rows, sorted by their key, in one transaction.
//! No server that is asked, no check of a row beyond its address, no history, no publication, no feed.

use std::io::Cursor;
use std::net::Ipv4Addr;
use std::path::Path;
use std::time::Instant;

use anyhow::{Context as _, ensure};
use calamine::{Data, Reader as _, Xlsx};
use rusqlite::params;

use super::super::upsert;

/// A row: address, then country, reason, both days as they stand there.
pub(super) type Row = (u32, [String; 4]);

/// Seconds from the file in memory to its rows committed.
pub(super) fn collect(file: &Path, count: usize) -> anyhow::Result<f64> {
    let dir = tempfile::tempdir()?;
    let mut connection = upsert::open(&dir.path().join("bare.db"))?;
    connection.execute_batch(
        "CREATE TABLE e (net INTEGER, len INTEGER, src INTEGER, country TEXT, reason TEXT, first TEXT, until TEXT,
         PRIMARY KEY (net, len, src)) WITHOUT ROWID",
    )?;
    let (mut rows, read) = read(file)?;
    ensure!(rows.len() == count, "calamine reads {} of {count} rows", rows.len());
    let began = Instant::now();
    rows.sort_unstable_by_key(|row| row.0);
    let transaction = connection.transaction()?;
    {
        let mut statement = transaction.prepare(
            "INSERT INTO e VALUES (?1, 32, 1, ?2, ?3, ?4, ?5)
             ON CONFLICT DO UPDATE SET reason = excluded.reason, until = excluded.until",
        )?;
        for (net, [country, reason, first, until]) in &rows {
            statement.execute(params![net, country, reason, first, until])?;
        }
    }
    transaction.commit()?;
    Ok(read + began.elapsed().as_secs_f64())
}

/// The rows of the list, and the seconds from the file in memory to them.
pub(super) fn read(file: &Path) -> anyhow::Result<(Vec<Row>, f64)> {
    let bytes = std::fs::read(file)?;
    let began = Instant::now();
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes))?;
    let sheet = book.worksheet_range("요주의 IP")?;
    let mut rows = Vec::with_capacity(sheet.height());
    for row in sheet.rows().skip(1) {
        let [address, rest @ ..] = row else { continue };
        let address: Ipv4Addr = text(address).parse().context("an address")?;
        let mut cells = rest.iter().map(|cell| text(cell).to_owned());
        rows.push((address.into(), std::array::from_fn(|_| cells.next().unwrap_or_default())));
    }
    Ok((rows, began.elapsed().as_secs_f64()))
}

fn text(cell: &Data) -> &str {
    match cell {
        Data::String(text) | Data::DateTimeIso(text) => text,
        _ => "",
    }
}
