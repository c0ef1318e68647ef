//! Passwords of accounts: PHC strings, made and checked by the caller.

use blocklist::Time;
use rusqlite::{OptionalExtension, params};
use secrecy::{ExposeSecret, SecretString};
use serde_json::json;

use super::query::collect;
use super::{Store, audit, rows, sessions, users};
use crate::{Actor, Error, Result, SessionId, UserName};

/// How many of an account's earlier passwords are kept.
const OLD: i64 = 10;

impl Store {
    /// Sets a password. All sessions of the account end but `keep`: whoever sat in one by the old password is out.
    pub fn set_password(
        &self,
        name: &UserName,
        password: &SecretString,
        must_change: bool,
        password_until: Option<Time>,
        keep: Option<SessionId>,
        actor: &Actor<'_>,
    ) -> Result<()> {
        self.change_accounts(|transaction, now| {
            let id = users::require(transaction, name, now)?.id;
            transaction
                .execute(
                    "INSERT INTO old_passwords (user, at, password) SELECT id, ?2, password FROM users WHERE id = ?1",
                    [id.0, now.unix()],
                )
                .and_then(|_| {
                    transaction.execute(
                        "DELETE FROM old_passwords WHERE user = ?1 AND id NOT IN
                            (SELECT id FROM old_passwords WHERE user = ?1 ORDER BY id DESC LIMIT ?2)",
                        [id.0, OLD],
                    )
                })
                .and_then(|_| {
                    transaction.execute(
                        "UPDATE users SET password = ?2, password_at = ?3, must_change = ?4, password_until = ?5, changed_at = ?3
                         WHERE id = ?1",
                        params![
                            id.0,
                            password.expose_secret(),
                            now.unix(),
                            must_change,
                            rows::time_sql(password_until)
                        ],
                    )
                })
                .map_err(Error::database("cannot keep the password"))?;
            let ended = sessions::end_all(transaction, id, keep)?;
            let after = json!({"must_change": must_change, "until": password_until, "sessions_ended": ended});
            audit::write(transaction, now, actor, "user.password", name.as_str(), None, Some(&after))
        })
    }

    /// The password of an account and those before it, the newest first: none of them is to be taken again.
    pub fn old_passwords(&self, name: &UserName) -> Result<Vec<SecretString>> {
        self.read(|connection| {
            let failed = || Error::database("cannot read the passwords of the account");
            let present: Option<(i64, String)> = connection
                .query_row(
                    "SELECT id, password FROM users WHERE name = ? AND removed_at IS NULL",
                    [name.as_str()],
                    |row| Ok((row.get(0)?, row.get(1)?)),
                )
                .optional()
                .map_err(failed())?;
            let (id, present) = present.ok_or_else(|| Error::NoUser(name.clone()))?;
            let sql = "SELECT password FROM old_passwords WHERE user = ? ORDER BY id DESC";
            let old: Vec<String> = collect(connection, sql, &[&id], |row| row.get(0)).map_err(failed())?;
            Ok([present].into_iter().chain(old).map(SecretString::from).collect())
        })
    }
}
