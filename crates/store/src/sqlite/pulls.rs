//! Who read what, and what each consumer holds since.
//!
//! Written in batches, by a task that no reader waits for; what cannot be written is lost and harms nothing.

use blocklist::Time;
use rusqlite::{Transaction, params};

use super::import::begin;
use super::query::collect;
use super::{Store, rows};
use crate::{Error, Pull, PullQuery, PullRow, Result};

/// So many old pulls go with each batch at most: a batch has 500 at most, so they go faster than they come.
const PRUNED: i64 = 2_000;
/// 200 and 304: the reader has the list of this serial.
const GOOD: [u16; 2] = [200, 304];

impl Store {
    /// Writes reads of feeds, in one transaction, and forgets some that are older than `keep_days`.
    pub fn write_pulls(&self, pulls: &[Pull], keep_days: u32) -> Result<()> {
        let oldest = self.now().plus_seconds(-i64::from(keep_days) * 86_400);
        let mut writer = self.writer();
        let transaction = begin(&mut writer)?;
        write(&transaction, pulls, oldest)
            .and_then(|()| transaction.commit())
            .map_err(Error::database("cannot write down who read what"))
    }

    /// Reads of feeds, newest first.
    pub fn pulls(&self, query: &PullQuery, limit: usize) -> Result<Vec<PullRow>> {
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let (before, status) = (query.before.unwrap_or(i64::MAX), query.status);
        let since = query.since.map_or(i64::MIN, Time::unix);
        let until = query.until.map_or(i64::MAX, Time::unix);
        // The consumer in its own words, so that its index is used.
        let of = if query.consumer.is_some() {
            "consumer = (SELECT id FROM consumers WHERE name = ?6)"
        } else {
            "?6 IS NULL"
        };
        // Those that went wrong have an index, which is used where the statement says so itself.
        let with = match status {
            None => "?2 IS NULL",
            Some(status) if GOOD.contains(&status) => "status = ?2",
            Some(_) => "status = ?2 AND status NOT IN (200, 304)",
        };
        let sql = format!(
            "SELECT pulls.id, at, consumers.name, feed, format, address, agent, serial, status, bytes
             FROM pulls LEFT JOIN consumers ON consumers.id = consumer
             WHERE pulls.id < ?1 AND {with} AND at >= ?3 AND at < ?4 AND {of}
             ORDER BY pulls.id DESC LIMIT ?5"
        );
        let name = query.consumer.as_ref().map(blocklist::ConsumerName::as_str);
        self.read(|connection| {
            collect(connection, &sql, &[&before, &status, &since, &until, &limit, &name], |row| {
                Ok(PullRow {
                    id: row.get(0)?,
                    at: rows::time(row, 1)?,
                    consumer: row.get(2)?,
                    feed: row.get(3)?,
                    format: row.get(4)?,
                    address: row.get(5)?,
                    agent: row.get(6)?,
                    serial: rows::serial(row, 7)?,
                    status: row.get(8)?,
                    bytes: rows::count(row, 9)?,
                })
            })
            .map_err(Error::database("cannot read who read what"))
        })
    }
}

fn write(transaction: &Transaction<'_>, pulls: &[Pull], oldest: Time) -> rusqlite::Result<()> {
    // The number may be of a consumer that a restored database does not have.
    let mut pull = transaction.prepare_cached(
        "INSERT INTO pulls (at, consumer, feed, format, address, agent, serial, status, bytes)
         VALUES (?, (SELECT id FROM consumers WHERE id = ?), ?, ?, ?, ?, ?, ?, ?)",
    )?;
    let mut holding = transaction.prepare_cached(
        "INSERT INTO holdings (consumer, feed, format, serial, at, address, agent)
         SELECT id, ?2, ?3, ?4, ?5, ?6, ?7 FROM consumers WHERE id = ?1 AND removed_at IS NULL
         ON CONFLICT (consumer, feed, format) DO UPDATE SET
            serial = excluded.serial, at = excluded.at, address = excluded.address, agent = excluded.agent
         WHERE excluded.at >= at",
    )?;
    for read in pulls {
        let consumer = read.consumer.map(|consumer| consumer.0);
        let address = read.address.map(|address| address.to_canonical().to_string());
        let serial = read.serial.map(|serial| serial.0 as i64);
        pull.execute(params![
            read.at.unix(),
            consumer,
            read.feed,
            read.format,
            address,
            read.agent,
            serial,
            read.status,
            read.bytes as i64,
        ])?;
        if read.holds && consumer.is_some() && serial.is_some() && GOOD.contains(&read.status) {
            holding.execute(params![
                consumer,
                read.feed,
                read.format,
                serial,
                read.at.unix(),
                address,
                read.agent,
            ])?;
        }
    }
    // By number, the oldest first: a look at times alone would go through all of them.
    transaction
        .prepare_cached("DELETE FROM pulls WHERE id < (SELECT min(id) FROM pulls) + ? AND at < ?")?
        .execute([PRUNED, oldest.unix()])?;
    Ok(())
}
