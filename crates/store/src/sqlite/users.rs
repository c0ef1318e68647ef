//! Accounts: made, changed, closed, removed.
//!
//! A removed account keeps its row, so that what it did stays its own and its name is never somebody else's; what opened it
//! goes. The last open admin stays an open admin: whoever locks the door from inside keeps the key.

use blocklist::Time;
use rusqlite::{Connection, OptionalExtension, Row, Transaction, params};
use secrecy::{ExposeSecret, SecretString};
use serde_json::{Value, json};

use super::import::begin;
use super::query::collect;
use super::{Store, audit, rows, sessions, tokens};
use crate::{Actor, Error, Result, Role, UserChange, UserId, UserKeys, UserName, UserRow};

/// The most accounts, those that were removed included.
const MAX_USERS: usize = 10_000;
/// The most bytes of one account's preferences.
const MAX_PREFERENCES: usize = 16 << 10;

/// Columns of an account; `?1` is the time.
pub(super) const USER: &str = "users.id, users.name, users.role, users.must_change, users.password_at,
    users.password_until, users.totp_sealed IS NOT NULL,
    (SELECT count(*) FROM recovery_codes WHERE user = users.id AND used_at IS NULL), users.preferences,
    users.created_at, users.created_by, users.last_login_at, users.disabled_at,
    (SELECT until FROM auth_locks WHERE kind = 'account' AND key = users.name AND until > ?1)";

impl Store {
    /// The accounts by name, without those that were removed.
    pub fn users(&self) -> Result<Vec<UserRow>> {
        let sql = format!("SELECT {USER} FROM users WHERE removed_at IS NULL ORDER BY name");
        self.read(|connection| {
            collect(connection, &sql, &[&self.now().unix()], |row| user(row, 0))
                .map_err(Error::database("cannot read the accounts"))
        })
    }

    /// One account.
    pub fn user(&self, name: &UserName) -> Result<Option<UserRow>> {
        self.read(|connection| find(connection, name, self.now()))
    }

    /// What opens an account, for whoever checks it. A closed account has its keys too: only who has them is told that it
    /// is closed.
    pub fn user_keys(&self, name: &UserName) -> Result<Option<UserKeys>> {
        let sql = format!(
            "SELECT {USER}, password, totp_key_id, totp_sealed, next_key_id, next_sealed FROM users
             WHERE name = ?2 AND removed_at IS NULL"
        );
        self.read(|connection| {
            connection
                .prepare_cached(&sql)
                .and_then(|mut statement| {
                    let keys = statement.query_row(params![self.now().unix(), name.as_str()], |row| {
                        let sealed = |column| -> rusqlite::Result<_> {
                            let kept = row.get::<_, Option<String>>(column)?.is_some();
                            kept.then(|| rows::sealed(row, column)).transpose()
                        };
                        Ok(UserKeys {
                            row: user(row, 0)?,
                            password: SecretString::from(row.get::<_, String>(14)?),
                            totp: sealed(15)?,
                            totp_pending: sealed(17)?,
                        })
                    });
                    keys.optional()
                })
                .map_err(Error::database("cannot read the account"))
        })
    }

    /// Makes an account.
    pub fn add_user(
        &self,
        name: &UserName,
        role: Role,
        password: &SecretString,
        must_change: bool,
        password_until: Option<Time>,
        actor: &Actor<'_>,
    ) -> Result<UserRow> {
        self.change_accounts(|transaction, now| {
            let failed = || Error::database("cannot keep the account");
            let (taken, count): (bool, i64) = transaction
                .query_row("SELECT ifnull(max(name = ?), 0), count(*) FROM users", [name.as_str()], |row| {
                    Ok((row.get(0)?, row.get(1)?))
                })
                .map_err(failed())?;
            if taken {
                return Err(Error::UserExists(name.clone()));
            }
            if count >= MAX_USERS as i64 {
                return Err(Error::TooMany { what: "accounts", most: MAX_USERS });
            }
            transaction
                .execute(
                    "INSERT INTO users (name, role, password, password_at, must_change, password_until, created_at, created_by)
                     VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?4, ?7)",
                    params![
                        name.as_str(),
                        role.as_str(),
                        password.expose_secret(),
                        now.unix(),
                        must_change,
                        rows::time_sql(password_until),
                        actor.by,
                    ],
                )
                .map_err(failed())?;
            let after = json!({"role": role});
            audit::write(transaction, now, actor, "user.add", name.as_str(), None, Some(&after))?;
            require(transaction, name, now)
        })
    }

    /// Changes what an account may do, closes or opens it. An account that is closed or may do less has its sessions
    /// ended; one that is closed, its tokens too.
    pub fn set_user(&self, name: &UserName, change: &UserChange, actor: &Actor<'_>) -> Result<UserRow> {
        self.change_accounts(|transaction, now| {
            let known = require(transaction, name, now)?;
            let (mut before, mut after) = (serde_json::Map::new(), serde_json::Map::new());
            let role = change.role.unwrap_or(known.role);
            if role != known.role {
                before.insert("role".into(), json!(known.role));
                after.insert("role".into(), json!(role));
            }
            let was_closed = known.disabled_at.is_some();
            let closed = change.disabled.unwrap_or(was_closed);
            if closed != was_closed {
                before.insert("disabled".into(), json!(was_closed));
                after.insert("disabled".into(), json!(closed));
            }
            if after.is_empty() {
                return Ok(known);
            }
            if closed || role < Role::Admin {
                keep_an_admin(transaction, &known)?;
            }
            let disabled_at = if closed { known.disabled_at.or(Some(now)) } else { None };
            transaction
                .execute(
                    "UPDATE users SET role = ?, disabled_at = ?, changed_at = ? WHERE id = ?",
                    params![role.as_str(), rows::time_sql(disabled_at), now.unix(), known.id.0],
                )
                .map_err(Error::database("cannot keep the account"))?;
            if closed || role < known.role {
                let ended = sessions::end_all(transaction, known.id, None)?;
                after.insert("sessions_ended".into(), json!(ended));
            }
            if closed {
                let revoked = tokens::revoke_all(transaction, known.id, now, actor)?;
                after.insert("tokens_revoked".into(), json!(revoked));
            }
            let (before, after) = (Value::Object(before), Value::Object(after));
            audit::write(transaction, now, actor, "user.set", name.as_str(), Some(&before), Some(&after))?;
            require(transaction, name, now)
        })
    }

    /// Removes an account for good. Its sessions and tokens end, and what opened it is forgotten.
    pub fn remove_user(&self, name: &UserName, actor: &Actor<'_>) -> Result<()> {
        self.change_accounts(|transaction, now| {
            let known = require(transaction, name, now)?;
            keep_an_admin(transaction, &known)?;
            sessions::end_all(transaction, known.id, None)?;
            tokens::revoke_all(transaction, known.id, now, actor)?;
            let failed = || Error::database("cannot remove the account");
            for table in ["old_passwords", "recovery_codes", "known_places"] {
                let sql = format!("DELETE FROM {table} WHERE user = ?");
                transaction.execute(&sql, [known.id.0]).map_err(failed())?;
            }
            transaction
                .execute(
                    "UPDATE users SET removed_at = ?1, changed_at = ?1, password = '!', totp_key_id = NULL,
                        totp_sealed = NULL, next_key_id = NULL, next_sealed = NULL WHERE id = ?2",
                    [now.unix(), known.id.0],
                )
                .map_err(failed())?;
            let before = json!({"role": known.role});
            audit::write(transaction, now, actor, "user.remove", name.as_str(), Some(&before), None)
        })
    }

    /// Keeps how the pages look to somebody. Not written down as a change: it is nobody else's business.
    pub fn set_preferences(&self, name: &UserName, preferences: &Value) -> Result<()> {
        let text = preferences.to_string();
        if text.len() > MAX_PREFERENCES {
            return Err(Error::TooMany { what: "bytes of preferences", most: MAX_PREFERENCES });
        }
        let sql = "UPDATE users SET preferences = ? WHERE name = ? AND removed_at IS NULL";
        let changed = self
            .writer()
            .execute(sql, params![text, name.as_str()])
            .map_err(Error::database("cannot keep the preferences"))?;
        if changed == 0 { Err(Error::NoUser(name.clone())) } else { Ok(()) }
    }

    /// A change of accounts, all of it or nothing, with one time for all of it. Nothing is published from it.
    pub(super) fn change_accounts<T>(
        &self,
        change: impl FnOnce(&Transaction<'_>, Time) -> Result<T>,
    ) -> Result<T> {
        let mut writer = self.writer();
        let transaction = begin(&mut writer)?;
        let done = change(&transaction, self.now())?;
        transaction.commit().map_err(Error::database("cannot keep what changed of accounts"))?;
        Ok(done)
    }
}

/// The columns of [`USER`], from `first` on.
pub(super) fn user(row: &Row<'_>, first: usize) -> rusqlite::Result<UserRow> {
    Ok(UserRow {
        id: UserId(row.get(first)?),
        name: name(row, first + 1)?,
        role: role(row, first + 2)?,
        must_change: row.get(first + 3)?,
        password_at: rows::time(row, first + 4)?,
        password_until: rows::optional_time(row, first + 5)?,
        totp: row.get(first + 6)?,
        recovery_codes: rows::count(row, first + 7)?,
        preferences: rows::json(row, first + 8, "the preferences of an account")?,
        created_at: rows::time(row, first + 9)?,
        created_by: row.get(first + 10)?,
        last_login_at: rows::optional_time(row, first + 11)?,
        disabled_at: rows::optional_time(row, first + 12)?,
        locked_until: rows::optional_time(row, first + 13)?,
    })
}

pub(super) fn name(row: &Row<'_>, column: usize) -> rusqlite::Result<UserName> {
    let text: String = row.get(column)?;
    text.parse().map_err(|_| rows::unreadable(column, "the name of an account"))
}

pub(super) fn role(row: &Row<'_>, column: usize) -> rusqlite::Result<Role> {
    row.get_ref(column)?.as_str()?.parse().map_err(|_| rows::unreadable(column, "a role"))
}

/// An account that is not removed.
pub(super) fn require(connection: &Connection, name: &UserName, now: Time) -> Result<UserRow> {
    find(connection, name, now)?.ok_or_else(|| Error::NoUser(name.clone()))
}

/// The same, and it is open.
pub(super) fn require_open(connection: &Connection, name: &UserName, now: Time) -> Result<UserRow> {
    let known = require(connection, name, now)?;
    if known.disabled_at.is_some() { Err(Error::UserClosed(name.clone())) } else { Ok(known) }
}

fn find(connection: &Connection, name: &UserName, now: Time) -> Result<Option<UserRow>> {
    let sql = format!("SELECT {USER} FROM users WHERE name = ?2 AND removed_at IS NULL");
    connection
        .prepare_cached(&sql)
        .and_then(|mut statement| {
            statement.query_row(params![now.unix(), name.as_str()], |row| user(row, 0)).optional()
        })
        .map_err(Error::database("cannot read the account"))
}

/// Refuses what would leave nobody who sets up accounts.
fn keep_an_admin(transaction: &Transaction<'_>, known: &UserRow) -> Result<()> {
    if known.role < Role::Admin || known.disabled_at.is_some() {
        return Ok(());
    }
    let others: bool = transaction
        .query_row(
            "SELECT EXISTS (SELECT 1 FROM users
             WHERE role = 'admin' AND disabled_at IS NULL AND removed_at IS NULL AND id <> ?)",
            [known.id.0],
            |row| row.get(0),
        )
        .map_err(Error::database("cannot read the accounts"))?;
    if others { Ok(()) } else { Err(Error::LastAdmin(known.name.clone())) }
}
