//! Who is signed in. The store knows the SHA-256 of what a cookie holds.
//!
//! A session that is ended is gone at once, so nothing has to ask whether it still holds; one that ran out is no session
//! any more and its row goes later.

use std::net::IpAddr;
use std::time::Duration;

use blocklist::{Hash, Time};
use rusqlite::{OptionalExtension, Row, Transaction, params};
use serde_json::json;

use super::query::collect;
use super::{Store, audit, known_places, rows, users};
use crate::{Actor, Error, Result, SessionId, SessionRow, UserId, UserName, UserRow};

/// The most sessions of one account; the oldest goes.
const MAX_SESSIONS: i64 = 100;
/// A use is written down when the last one that was is so long ago, in seconds.
const MINUTE: i64 = 60;
/// So much of a program's name is kept, in characters.
pub(super) const AGENT: usize = 200;

const SESSION: &str = "sessions.id, sessions.state, sessions.created_at, sessions.seen_at, sessions.ends_at,
    sessions.proved_at, sessions.address, sessions.agent, users.name";
/// How many these are.
const COLUMNS: usize = 9;

/// What holds of a session that is one: `?1` is the time, `?2` the last use that is too long ago.
const HOLDS: &str = "sessions.ends_at > ?1 AND sessions.seen_at > ?2
    AND users.disabled_at IS NULL AND users.removed_at IS NULL";

impl Store {
    /// Begins a session, for an account whose password was right. Where a code is still to come, it opens nothing, and the
    /// account has not come in yet.
    pub fn open_session(
        &self,
        hash: &Hash,
        name: &UserName,
        waits_for_code: bool,
        ends_at: Time,
        address: Option<IpAddr>,
        agent: Option<&str>,
    ) -> Result<SessionRow> {
        self.change_accounts(|transaction, now| {
            let failed = || Error::database("cannot keep the session");
            let user = users::require_open(transaction, name, now)?.id;
            let state = if waits_for_code { "password" } else { "open" };
            transaction
                .execute(
                    "INSERT INTO sessions (hash, user, state, created_at, seen_at, ends_at, proved_at, address, agent)
                     VALUES (?1, ?2, ?3, ?4, ?4, ?5, ?4, ?6, ?7)",
                    params![
                        hash.0,
                        user.0,
                        state,
                        now.unix(),
                        ends_at.unix(),
                        address.map(|address| address.to_canonical().to_string()),
                        agent.map(|agent| agent.chars().take(AGENT).collect::<String>()),
                    ],
                )
                .map_err(failed())?;
            let id = transaction.last_insert_rowid();
            transaction
                .execute(
                    "DELETE FROM sessions WHERE user = ?1 AND id NOT IN
                        (SELECT id FROM sessions WHERE user = ?1 ORDER BY id DESC LIMIT ?2)",
                    [user.0, MAX_SESSIONS],
                )
                .map_err(failed())?;
            if !waits_for_code {
                came_in(transaction, user, address, now)?;
            }
            require(transaction, SessionId(id))
        })
    }

    /// The session of a cookie, and whose it is. `None` when there is none, it is over, was not used for `idle`, or its
    /// account is closed. The last use is known to the minute, so `idle` may end up to a minute early.
    pub fn session(&self, hash: &Hash, idle: Duration) -> Result<Option<(SessionRow, UserRow)>> {
        let sql = format!(
            "SELECT {SESSION}, {} FROM sessions JOIN users ON users.id = sessions.user
             WHERE sessions.hash = ?3 AND {HOLDS}",
            users::USER
        );
        let now = self.now();
        self.read(|connection| {
            connection
                .prepare_cached(&sql)
                .and_then(|mut statement| {
                    let parameters = params![now.unix(), too_long_ago(now, idle), hash.0];
                    let row = |row: &Row<'_>| Ok((session(row)?, users::user(row, COLUMNS)?));
                    statement.query_row(parameters, row).optional()
                })
                .map_err(Error::database("cannot read the session"))
        })
    }

    /// Sessions that hold, of one account or of all, the newest first.
    pub fn sessions(&self, name: Option<&UserName>, idle: Duration) -> Result<Vec<SessionRow>> {
        let of = if name.is_some() { "users.name = ?3" } else { "?3 IS NULL" };
        let sql = format!(
            "SELECT {SESSION} FROM sessions JOIN users ON users.id = sessions.user
             WHERE {of} AND {HOLDS} ORDER BY sessions.id DESC"
        );
        let now = self.now();
        self.read(|connection| {
            let name = name.map(UserName::as_str);
            collect(connection, &sql, &[&now.unix(), &too_long_ago(now, idle), &name], session)
                .map_err(Error::database("cannot read the sessions"))
        })
    }

    /// Notes that a session is used: to be called each time, and written once a minute. The row is the one that
    /// [`Self::session`] gave.
    pub fn touch_session(&self, session: &SessionRow) -> Result<()> {
        let now = self.now();
        if now < session.seen_at.plus_seconds(MINUTE) {
            return Ok(());
        }
        self.change_session("UPDATE sessions SET seen_at = max(seen_at, ?) WHERE id = ?", now, session.id)
            .map(drop)
    }

    /// The code was right: the session is open, under another hash, so that whoever knew the first cookie has nothing.
    /// `None` when it has ended meanwhile, or waited for no code.
    pub fn pass_code(&self, id: SessionId, new_hash: &Hash) -> Result<Option<SessionRow>> {
        self.change_accounts(|transaction, now| {
            let failed = || Error::database("cannot open the session");
            let passed: Option<(i64, Option<String>)> = transaction
                .query_row(
                    "UPDATE sessions SET state = 'open', hash = ?1, seen_at = ?2
                     WHERE id = ?3 AND state = 'password' AND ends_at > ?2 AND user IN
                        (SELECT id FROM users WHERE disabled_at IS NULL AND removed_at IS NULL)
                     RETURNING user, address",
                    params![new_hash.0, now.unix(), id.0],
                    |row| Ok((row.get(0)?, row.get(1)?)),
                )
                .optional()
                .map_err(failed())?;
            let Some((user, address)) = passed else { return Ok(None) };
            let address = address.and_then(|text| text.parse().ok());
            came_in(transaction, UserId(user), address, now)?;
            require(transaction, id).map(Some)
        })
    }

    /// The password was typed again. Whether the session was still there.
    pub fn prove_session(&self, id: SessionId) -> Result<bool> {
        let now = self.now();
        self.change_session("UPDATE sessions SET proved_at = ?1 WHERE id = ?2 AND ends_at > ?1", now, id)
    }

    /// Ends a session. Whether there was one.
    pub fn end_session(&self, id: SessionId, actor: &Actor<'_>) -> Result<bool> {
        self.change_accounts(|transaction, now| {
            let ended: Option<(i64, Option<String>)> = transaction
                .query_row("DELETE FROM sessions WHERE id = ? RETURNING user, address", [id.0], |row| {
                    Ok((row.get(0)?, row.get(1)?))
                })
                .optional()
                .map_err(Error::database("cannot end the session"))?;
            let Some((user, address)) = ended else { return Ok(false) };
            let name: String = transaction
                .query_row("SELECT name FROM users WHERE id = ?", [user], |row| row.get(0))
                .map_err(Error::database("cannot read the account"))?;
            let before = json!({"session": id, "address": address});
            audit::write(transaction, now, actor, "session.end", &name, Some(&before), None)?;
            Ok(true)
        })
    }

    /// Ends the sessions of an account, but for one. How many.
    pub fn end_sessions(
        &self,
        name: &UserName,
        except: Option<SessionId>,
        actor: &Actor<'_>,
    ) -> Result<usize> {
        self.change_accounts(|transaction, now| {
            let user = users::require(transaction, name, now)?.id;
            let ended = end_all(transaction, user, except)?;
            if ended > 0 {
                let before = json!({"sessions": ended});
                audit::write(transaction, now, actor, "session.end", name.as_str(), Some(&before), None)?;
            }
            Ok(ended)
        })
    }

    fn change_session(&self, sql: &str, now: Time, id: SessionId) -> Result<bool> {
        let changed = self.writer().execute(sql, [now.unix(), id.0]);
        Ok(changed.map_err(Error::database("cannot keep the session"))? > 0)
    }
}

/// Ends all sessions of an account but one, without a word of it in the record.
pub(super) fn end_all(
    transaction: &Transaction<'_>,
    user: UserId,
    except: Option<SessionId>,
) -> Result<usize> {
    transaction
        .execute(
            "DELETE FROM sessions WHERE user = ? AND id IS NOT ?",
            params![user.0, except.map(|session| session.0)],
        )
        .map_err(Error::database("cannot end the sessions"))
}

fn came_in(transaction: &Transaction<'_>, user: UserId, address: Option<IpAddr>, now: Time) -> Result<()> {
    transaction
        .execute("UPDATE users SET last_login_at = ? WHERE id = ?", [now.unix(), user.0])
        .map_err(Error::database("cannot keep who came in"))?;
    known_places::add(transaction, user, address, now)
}

/// The first last use that is not too long ago is one second later.
fn too_long_ago(now: Time, idle: Duration) -> i64 {
    now.unix().saturating_sub(i64::try_from(idle.as_secs()).unwrap_or(i64::MAX))
}

fn require(transaction: &Transaction<'_>, id: SessionId) -> Result<SessionRow> {
    let sql = format!(
        "SELECT {SESSION} FROM sessions JOIN users ON users.id = sessions.user WHERE sessions.id = ?"
    );
    transaction.query_row(&sql, [id.0], session).map_err(Error::database("cannot read the session"))
}

fn session(row: &Row<'_>) -> rusqlite::Result<SessionRow> {
    Ok(SessionRow {
        id: SessionId(row.get(0)?),
        user: users::name(row, 8)?,
        waits_for_code: row.get_ref(1)?.as_str()? != "open",
        created_at: rows::time(row, 2)?,
        seen_at: rows::time(row, 3)?,
        ends_at: rows::time(row, 4)?,
        proved_at: rows::time(row, 5)?,
        address: rows::address(row, 6)?,
        agent: row.get(7)?,
    })
}
