//! Tries to come in, written down and counted in one transaction.
//!
//! Whoever guesses may send a thousand tries at once, all of them past the question whether they are heard before the first
//! has failed. So the question is asked again here, under the write lock: a try that is locked by then is not heard,
//! whatever came of it.
//!
//! Rows are bounded: the same try within a minute is one row, and of more than [`MAX_ROWS`] the oldest go.

use blocklist::Time;
use rusqlite::{OptionalExtension, Transaction, params};

use super::query::collect;
use super::sessions::AGENT;
use super::{Store, locks, rows};
use crate::{Attempt, AttemptQuery, AttemptRow, Error, Face, FeedRefusal, Limits, Outcome, Proof, Result};

/// The most rows.
const MAX_ROWS: i64 = 200_000;
/// How long one is kept, in seconds.
const KEPT: i64 = 90 * 86_400;
/// The same try within so many seconds of the first is the same row.
const MINUTE: i64 = 60;
/// So much of a name is kept, in characters: the longest of an account, a consumer or a token.
const NAME: usize = 63;
/// So many rows of a kind go at once.
const PRUNED: i64 = 10_000;

impl Store {
    /// Writes down a try to come in and counts it. Returns until when nothing more is heard of them.
    ///
    /// After [`Outcome::Ok`], an answer is a no: they may not be let in, for too much failed meanwhile, and the try is
    /// written down as not heard.
    pub fn attempt(&self, attempt: &Attempt<'_>, limits: &Limits) -> Result<Option<Time>> {
        self.change_accounts(|transaction, now| {
            let guessed = attempt.proof.can_be_guessed();
            // The names of consumers and tokens are others than those of accounts.
            let who = locks::Who::find(transaction, attempt.account.filter(|_| guessed), attempt.address)?;
            let locked = if guessed { locks::until(transaction, &who, now, limits)? } else { None };
            let outcome = if locked.is_some() { Outcome::Locked } else { attempt.outcome };
            let account = attempt.account.filter(|_| !guessed || who.is_somebody());
            record(transaction, attempt, account, outcome, now)?;
            if outcome == Outcome::Ok && guessed && is_in(transaction, attempt)? {
                locks::succeed(transaction, &who)?;
            } else if outcome.is_failure() && attempt.proof.counts() {
                locks::fail(transaction, &who, now, limits)?;
                return if guessed { locks::until(transaction, &who, now, limits) } else { Ok(None) };
            }
            Ok(locked)
        })
    }

    /// Writes down reads of feeds that were refused. They close nothing: a secret of a consumer cannot be guessed, and a
    /// device with an old one asks every minute, maybe from behind the address of people.
    pub fn write_refusals(&self, refusals: &[FeedRefusal]) -> Result<()> {
        self.change_accounts(|transaction, _| {
            refusals.iter().try_for_each(|refusal| {
                let attempt = Attempt {
                    face: Face::Feed,
                    proof: Proof::Secret,
                    account: refusal.consumer.as_deref(),
                    address: refusal.address,
                    outcome: refusal.outcome,
                    agent: refusal.agent.as_deref(),
                };
                record(transaction, &attempt, attempt.account, attempt.outcome, refusal.at)
            })
        })
    }

    /// Tries to come in, newest first.
    pub fn attempts(&self, query: &AttemptQuery) -> Result<Vec<AttemptRow>> {
        let of = |column: &str, at: usize, asked: bool| {
            if asked { format!("{column} = ?{at}") } else { format!("?{at} IS NULL") }
        };
        let sql = format!(
            "SELECT id, at, last_at, count, face, kind, account, address, result, agent FROM auth_attempts
             WHERE id < ?1 AND {} AND {} AND {} ORDER BY id DESC LIMIT ?2",
            of("account", 3, query.account.is_some()),
            of("address", 4, query.address.is_some()),
            of("result", 5, query.result.is_some()),
        );
        let before = query.before.unwrap_or(i64::MAX);
        let limit = i64::try_from(query.limit).unwrap_or(i64::MAX);
        self.read(|connection| {
            let asked: [&dyn rusqlite::ToSql; 5] =
                [&before, &limit, &query.account, &query.address, &query.result];
            collect(connection, &sql, &asked, |row| {
                Ok(AttemptRow {
                    id: row.get(0)?,
                    at: rows::time(row, 1)?,
                    last_at: rows::time(row, 2)?,
                    count: rows::count(row, 3)?,
                    face: row.get(4)?,
                    kind: row.get(5)?,
                    account: row.get(6)?,
                    address: row.get(7)?,
                    result: row.get(8)?,
                    agent: row.get(9)?,
                })
            })
            .map_err(Error::database("cannot read who tried to come in"))
        })
    }

    /// Forgets some of the sessions that are over, of the old tries and of the counters that count no more. How many rows;
    /// to be called now and then, and again while there were any.
    pub fn prune_accounts(&self) -> Result<usize> {
        self.change_accounts(|transaction, now| {
            let failed = || Error::database("cannot forget what is over");
            let sessions = transaction
                .execute(
                    "DELETE FROM sessions WHERE id IN (SELECT id FROM sessions WHERE ends_at <= ? LIMIT ?)",
                    [now.unix(), PRUNED],
                )
                .map_err(failed())?;
            let attempts = transaction
                .execute(
                    "DELETE FROM auth_attempts WHERE id IN (SELECT id FROM auth_attempts WHERE last_at <= ? LIMIT ?)",
                    [now.plus_seconds(-KEPT).unix(), PRUNED],
                )
                .map_err(failed())?;
            Ok(sessions + attempts + locks::prune(transaction, now, PRUNED)?)
        })
    }
}

/// Whether what was right opens the account. A password alone does not while a code is asked for, and so forgives no
/// failure: otherwise whoever has the password could guess at codes for ever.
fn is_in(transaction: &Transaction<'_>, attempt: &Attempt<'_>) -> Result<bool> {
    if attempt.proof != Proof::Password {
        return Ok(true);
    }
    transaction
        .prepare_cached(
            "SELECT EXISTS (SELECT 1 FROM users WHERE name = ? AND removed_at IS NULL AND totp_sealed IS NULL)",
        )
        .and_then(|mut statement| statement.query_row([attempt.account], |row| row.get(0)))
        .map_err(Error::database("cannot read the account"))
}

fn record(
    transaction: &Transaction<'_>,
    attempt: &Attempt<'_>,
    account: Option<&str>,
    outcome: Outcome,
    now: Time,
) -> Result<()> {
    let failed = || Error::database("cannot write down a try to come in");
    let account = account.map(|name| name.chars().take(NAME).collect::<String>());
    let address = attempt.address.map(|address| address.to_canonical().to_string());
    let (face, kind, result) = (attempt.face.as_str(), attempt.proof.as_str(), outcome.as_str());
    let alike: Option<i64> = transaction
        .prepare_cached(
            "SELECT id FROM auth_attempts WHERE account IS ? AND address IS ? AND face = ? AND kind = ? AND result = ?
                AND at > ? ORDER BY at DESC LIMIT 1",
        )
        .and_then(|mut statement| {
            let since = now.plus_seconds(-MINUTE).unix();
            statement
                .query_row(params![account, address, face, kind, result, since], |row| row.get(0))
                .optional()
        })
        .map_err(failed())?;
    if let Some(id) = alike {
        return transaction
            .prepare_cached(
                "UPDATE auth_attempts SET count = count + 1, last_at = max(last_at, ?) WHERE id = ?",
            )
            .and_then(|mut statement| statement.execute([now.unix(), id]))
            .map(drop)
            .map_err(failed());
    }
    let agent = attempt.agent.map(|agent| agent.chars().take(AGENT).collect::<String>());
    transaction
        .prepare_cached(
            "INSERT INTO auth_attempts (at, last_at, face, kind, account, address, result, agent)
             VALUES (?1, ?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        )
        .and_then(|mut statement| {
            statement.execute(params![now.unix(), face, kind, account, address, result, agent])
        })
        // Numbers grow by one, so this is the count, without counting.
        .and_then(|_| bound(transaction, transaction.last_insert_rowid(), MAX_ROWS))
        .map_err(failed())
}

/// Keeps the last rows.
fn bound(transaction: &Transaction<'_>, last: i64, most: i64) -> rusqlite::Result<()> {
    transaction.prepare_cached("DELETE FROM auth_attempts WHERE id <= ?")?.execute([last - most]).map(drop)
}
