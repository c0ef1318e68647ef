//! Failures that count, and until when the next try is not heard.
//!
//! | counter | of | closes | for |
//! |---|---|---|---|
//! | pair | an account from a place | that account from that place | 1 s at the 5th failure, twice as long after each more, at most 15 min |
//! | account | an account from all places | that account from places it is not known at | 15 min |
//! | address | a place, over all accounts | that place, for accounts that are not known there | 15 min |
//!
//! ([`Limits`] holds the numbers.) So at a place where somebody came in lately the pair alone holds: whatever strangers do
//! from wherever, the next try is heard within the longest wait of the pair, and the pair has to be failed at that very
//! place. What fails while a counter closes does not make it close longer. The last two count from the first failure on and
//! begin anew when their time is over: a true sliding window would need every moment of failure kept.
//!
//! A name that nobody has is counted like one that there is, so that the wait does not tell the two apart. The name itself
//! may be a password in the wrong field, so it counts as one of 65,536 numbers, from which nothing can be read back.
//!
//! Rows are bounded: one is dropped when it counts no more, and beyond [`MAX_ROWS`] those that failed longest ago go. The
//! counters of accounts that there are never go early, so nobody gets rid of one by failing elsewhere.

use std::time::Duration;

use blocklist::{Hash, Time};
use rusqlite::{Connection, OptionalExtension, Transaction, params};
use serde_json::json;

use super::query::collect;
use super::{Store, audit, known_places, rows, users};
use crate::{Actor, Error, Limits, LockRow, Result, UserId, UserName};

/// The most rows.
const MAX_ROWS: i64 = 100_000;
/// So many go at once, so that they are not counted for each one.
const DROPPED: i64 = 1_000;
/// The most that are shown.
const SHOWN: i64 = 1_000;
/// A row that was written so far ahead, in seconds, is of a clock that was wrong: else it would close for as long.
const AHEAD: i64 = 60;

/// Whoever tries, as the counters know them.
pub(super) struct Who {
    /// The account, if there is one of that name.
    user: Option<UserId>,
    /// What the counters call it.
    key: Option<String>,
    place: String,
    /// Nobody can be told apart without an address, so failures from there do not close it.
    has_address: bool,
}

impl Who {
    /// Looks up an account that may not be there.
    pub(super) fn find(
        connection: &Connection,
        account: Option<&str>,
        address: Option<std::net::IpAddr>,
    ) -> Result<Self> {
        let user = account.map(|name| {
            connection
                .prepare_cached("SELECT id FROM users WHERE name = ? AND removed_at IS NULL")
                .and_then(|mut statement| statement.query_row([name], |row| row.get(0)).optional())
                .map_err(Error::database("cannot read the account"))
        });
        let user = user.transpose()?.flatten().map(UserId);
        let key = account.map(|name| {
            let [a, b, ..] = Hash::of(name.as_bytes()).0;
            if user.is_some() { name.to_owned() } else { format!("?{a:02x}{b:02x}") }
        });
        Ok(Self { user, key, place: known_places::of(address), has_address: address.is_some() })
    }

    /// Whether there is such an account.
    pub(super) fn is_somebody(&self) -> bool {
        self.user.is_some()
    }

    fn pair(&self) -> Option<String> {
        self.key.as_ref().map(|key| format!("{key} {}", self.place))
    }
}

/// A row that counts.
struct Counter {
    failures: u32,
    first_at: Time,
    until: Option<Time>,
}

/// Until when nothing is heard of somebody, if so.
pub(super) fn until(connection: &Connection, who: &Who, now: Time, limits: &Limits) -> Result<Option<Time>> {
    let closed = |kind, key: &str| -> Result<Option<Time>> {
        let counter = read(connection, kind, key, now, limits)?;
        Ok(counter.and_then(|counter| counter.until).filter(|until| *until > now))
    };
    let mut until = None;
    if let Some(pair) = who.pair() {
        until = until.max(closed("pair", &pair)?);
    }
    let known_after = now.plus_seconds(-seconds(limits.known));
    let known = match who.user {
        Some(user) => known_places::is_known(connection, user, &who.place, known_after)?,
        None => false,
    };
    if !known {
        if let Some(key) = &who.key {
            until = until.max(closed("account", key)?);
        }
        if who.has_address {
            until = until.max(closed("address", &who.place)?);
        }
    }
    Ok(until)
}

/// Counts a failure.
pub(super) fn fail(transaction: &Transaction<'_>, who: &Who, now: Time, limits: &Limits) -> Result<()> {
    let mut made = false;
    if let (Some(key), Some(pair)) = (&who.key, who.pair()) {
        let counter = read(transaction, "pair", &pair, now, limits)?;
        let (failures, first_at) =
            counter.map_or((1, now), |row| (row.failures.saturating_add(1), row.first_at));
        let next =
            Counter { failures, first_at, until: wait(failures, limits).map(|wait| now.plus_seconds(wait)) };
        made |= write(transaction, "pair", &pair, &next, now)?;
        made |= fail_many(transaction, ("account", key), limits.account_failures, now, limits)?;
    }
    if who.has_address {
        made |= fail_many(transaction, ("address", &who.place), limits.address_failures, now, limits)?;
    }
    if made { bound(transaction, MAX_ROWS) } else { Ok(()) }
}

/// Of a counter that closes at a number of failures within some time. Whether there is a row more.
fn fail_many(
    transaction: &Transaction<'_>,
    (kind, key): (&'static str, &str),
    most: u32,
    now: Time,
    limits: &Limits,
) -> Result<bool> {
    let going_on = match read(transaction, kind, key, now, limits)? {
        // Somebody known there failed while it is closed for others.
        Some(row) if row.until.is_some_and(|until| until > now) => return Ok(false),
        Some(row) => {
            let within = now < row.first_at.plus_seconds(seconds(limits.within));
            Some(row).filter(|row| within && row.until.is_none())
        }
        None => None,
    };
    let (failures, first_at) =
        going_on.map_or((1, now), |row| (row.failures.saturating_add(1), row.first_at));
    let until = (failures >= most).then(|| now.plus_seconds(seconds(limits.closed)));
    write(transaction, kind, key, &Counter { failures, first_at, until }, now)
}

/// Somebody came in: what failed before from there was their own.
pub(super) fn succeed(transaction: &Transaction<'_>, who: &Who) -> Result<()> {
    let Some(pair) = who.pair() else { return Ok(()) };
    transaction
        .execute("DELETE FROM auth_locks WHERE kind = 'pair' AND key = ?", [pair])
        .map(drop)
        .map_err(Error::database("cannot forget failures"))
}

/// How long the next try waits after so many failures in a row, in seconds.
fn wait(failures: u32, limits: &Limits) -> Option<i64> {
    let more = failures.checked_sub(limits.pair_from)?;
    let doubled = 1_i64.checked_shl(more.min(62)).unwrap_or(i64::MAX);
    Some(seconds(limits.pair_first).saturating_mul(doubled).min(seconds(limits.pair_longest)))
}

fn seconds(duration: Duration) -> i64 {
    i64::try_from(duration.as_secs()).unwrap_or(i64::MAX)
}

/// A counter, if it still counts.
fn read(
    connection: &Connection,
    kind: &str,
    key: &str,
    now: Time,
    limits: &Limits,
) -> Result<Option<Counter>> {
    let found = connection
        .prepare_cached(
            "SELECT failures, first_at, last_at, until FROM auth_locks WHERE kind = ? AND key = ?",
        )
        .and_then(|mut statement| {
            let row = |row: &rusqlite::Row<'_>| {
                let counter = Counter {
                    failures: row.get(0)?,
                    first_at: rows::time(row, 1)?,
                    until: rows::optional_time(row, 3)?,
                };
                Ok((counter, rows::time(row, 2)?))
            };
            statement.query_row([kind, key], row).optional()
        })
        .map_err(Error::database("cannot read the failures that count"))?;
    Ok(found.and_then(|(counter, last_at)| {
        let over = counter.until.map_or(last_at, |until| until.max(last_at));
        let counts = now < over.plus_seconds(seconds(limits.forget)) && last_at <= now.plus_seconds(AHEAD);
        counts.then_some(counter)
    }))
}

/// Whether there is a row more.
fn write(transaction: &Transaction<'_>, kind: &str, key: &str, counter: &Counter, now: Time) -> Result<bool> {
    let values = params![
        kind,
        key,
        counter.failures,
        counter.first_at.unix(),
        now.unix(),
        rows::time_sql(counter.until)
    ];
    transaction
        .prepare_cached(
            "UPDATE auth_locks SET failures = ?3, first_at = ?4, last_at = ?5, until = ?6 WHERE kind = ?1 AND key = ?2",
        )
        .and_then(|mut statement| statement.execute(values))
        .and_then(|changed| {
            if changed > 0 {
                return Ok(false);
            }
            let sql = "INSERT INTO auth_locks (kind, key, failures, first_at, last_at, until) VALUES (?, ?, ?, ?, ?, ?)";
            transaction.prepare_cached(sql)?.execute(values).map(|_| true)
        })
        .map_err(Error::database("cannot count a failure"))
}

/// Keeps the rows few.
pub(super) fn bound(transaction: &Transaction<'_>, most: i64) -> Result<()> {
    let failed = || Error::database("cannot forget failures");
    let rows: i64 = transaction
        .prepare_cached("SELECT count(*) FROM auth_locks")
        .and_then(|mut statement| statement.query_row([], |row| row.get(0)))
        .map_err(failed())?;
    if rows <= most {
        return Ok(());
    }
    transaction
        .execute(
            "DELETE FROM auth_locks WHERE (kind, key) IN (SELECT kind, key FROM auth_locks
                WHERE kind <> 'account' OR key GLOB '[?]*' ORDER BY last_at LIMIT ?)",
            [rows - most + DROPPED.min(most)],
        )
        .map(drop)
        .map_err(failed())
}

/// Forgets some counters that count no more. How many.
pub(super) fn prune(transaction: &Transaction<'_>, now: Time, most: i64) -> Result<usize> {
    let forget = seconds(Limits::default().forget);
    transaction
        .execute(
            "DELETE FROM auth_locks WHERE (kind, key) IN (SELECT kind, key FROM auth_locks
                WHERE last_at <= ?1 AND ifnull(until, 0) <= ?1 ORDER BY last_at LIMIT ?2)",
            [now.plus_seconds(-forget).unix(), most],
        )
        .map_err(Error::database("cannot forget failures"))
}

impl Store {
    /// Until when a try to come in is not heard; `None` is that it is. To be asked before a password or a code is looked
    /// at; an account that is not there may be asked for and is answered like one that is.
    pub fn lock(
        &self,
        account: Option<&UserName>,
        address: Option<std::net::IpAddr>,
        limits: &Limits,
    ) -> Result<Option<Time>> {
        self.read(|connection| {
            let who = Who::find(connection, account.map(UserName::as_str), address)?;
            until(connection, &who, self.now(), limits)
        })
    }

    /// What failures count now, those that close something first; at most 1,000.
    pub fn locks(&self) -> Result<Vec<LockRow>> {
        let now = self.now();
        let forgotten = now.plus_seconds(-seconds(Limits::default().forget));
        let sql = "SELECT kind, key, failures, last_at, until FROM auth_locks
             WHERE max(last_at, ifnull(until, 0)) > ?1 AND last_at <= ?2
             ORDER BY ifnull(until, 0) > ?3 DESC, last_at DESC, kind, key LIMIT ?4";
        let times = [forgotten.unix(), now.plus_seconds(AHEAD).unix(), now.unix()];
        self.read(|connection| {
            collect(connection, sql, &[&times[0], &times[1], &times[2], &SHOWN], |row| {
                Ok(LockRow {
                    kind: row.get(0)?,
                    key: row.get(1)?,
                    failures: rows::count(row, 2)?,
                    last_at: rows::time(row, 3)?,
                    until: rows::optional_time(row, 4)?,
                })
            })
            .map_err(Error::database("cannot read the failures that count"))
        })
    }

    /// Forgets what failed at an account, from everywhere. How many counters.
    pub fn unlock(&self, name: &UserName, actor: &Actor<'_>) -> Result<usize> {
        self.change_accounts(|transaction, now| {
            users::require(transaction, name, now)?;
            // A pair is the name, a space and the place; '!' is the character after the space.
            let gone = transaction
                .execute(
                    "DELETE FROM auth_locks WHERE (kind = 'account' AND key = ?1)
                        OR (kind = 'pair' AND key >= ?1 || ' ' AND key < ?1 || '!')",
                    [name.as_str()],
                )
                .map_err(Error::database("cannot forget failures"))?;
            let before = json!({"counters": gone});
            audit::write(transaction, now, actor, "user.unlock", name.as_str(), Some(&before), None)?;
            Ok(gone)
        })
    }

    /// Forgets what failed from an address, over all accounts; those of single accounts from there stay. How many counters:
    /// one or none.
    pub fn unlock_address(&self, address: &str, actor: &Actor<'_>) -> Result<usize> {
        let place = known_places::parse(address).ok_or(Error::NoAddress)?;
        self.change_accounts(|transaction, now| {
            let gone = transaction
                .execute("DELETE FROM auth_locks WHERE kind = 'address' AND key = ?", [&place])
                .map_err(Error::database("cannot forget failures"))?;
            let before = json!({"counters": gone});
            audit::write(transaction, now, actor, "user.unlock", &place, Some(&before), None)?;
            Ok(gone)
        })
    }
}
