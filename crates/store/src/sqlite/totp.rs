//! One-time codes: their secret, which the caller seals and opens, the steps that were used, and recovery codes.
//!
//! A secret is sealed to [`TOTP_TABLE`](crate::TOTP_TABLE), the name of the account and
//! [`TOTP_VERSION`](crate::TOTP_VERSION). A new one is drawn beside the one that is asked for, and takes its place when a
//! code of it was shown to be right: a person who loses the new telephone half-way still comes in with the old one.

use blocklist::{Hash, Time};
use rusqlite::{Transaction, params};
use serde_json::json;

use super::query::collect;
use super::{Store, audit, rows, users};
use crate::{Actor, Error, Result, Sealed, SealedRow, TOTP_TABLE, TOTP_VERSION, UserId, UserName};

impl Store {
    /// Keeps a secret that was drawn, in the place of one that was drawn before and not confirmed. It is not asked for yet.
    pub fn draw_totp(&self, name: &UserName, secret: &Sealed) -> Result<()> {
        let sql = "UPDATE users SET next_key_id = ?, next_sealed = ? WHERE name = ? AND removed_at IS NULL";
        if self.change_totp(sql, params![secret.key_id, secret.bytes, name.as_str()])? {
            Ok(())
        } else {
            Err(Error::NoUser(name.clone()))
        }
    }

    /// From now on codes of the secret that was drawn are asked for. `step` is that of the code which showed it, and is
    /// used by that; the recovery codes are new.
    pub fn confirm_totp(
        &self,
        name: &UserName,
        step: u64,
        recovery: &[Hash],
        actor: &Actor<'_>,
    ) -> Result<()> {
        self.change_accounts(|transaction, now| {
            let known = users::require(transaction, name, now)?;
            let changed = transaction
                .execute(
                    "UPDATE users SET totp_key_id = next_key_id, totp_sealed = next_sealed, totp_step = ?1,
                        next_key_id = NULL, next_sealed = NULL, changed_at = ?2
                     WHERE id = ?3 AND next_sealed IS NOT NULL",
                    [step_sql(step), now.unix(), known.id.0],
                )
                .map_err(Error::database("cannot keep the secret of one-time codes"))?;
            if changed == 0 {
                return Err(Error::TotpNotPending(name.clone()));
            }
            put_recovery_codes(transaction, known.id, recovery)?;
            let (before, after) =
                (json!({"totp": known.totp}), json!({"totp": true, "recovery_codes": recovery.len()}));
            write(transaction, now, actor, name, &before, &after)
        })
    }

    /// Uses up a step whose code was right. `false` when it, or a later one, was used before: then the code is not good.
    pub fn use_totp_step(&self, name: &UserName, step: u64) -> Result<bool> {
        let sql = "UPDATE users SET totp_step = ?1 WHERE name = ?2 AND removed_at IS NULL AND totp_sealed IS NOT NULL
             AND (totp_step IS NULL OR totp_step < ?1)";
        self.change_totp(sql, params![step_sql(step), name.as_str()])
    }

    /// Uses up a recovery code. `false` when it is none of the account's, or was used.
    pub fn use_recovery_code(&self, name: &UserName, code: &Hash) -> Result<bool> {
        let sql = "UPDATE recovery_codes SET used_at = ?1 WHERE hash = ?2 AND used_at IS NULL
             AND user = (SELECT id FROM users WHERE name = ?3 AND removed_at IS NULL AND totp_sealed IS NOT NULL)";
        self.change_totp(sql, params![self.now().unix(), code.0, name.as_str()])
    }

    /// Puts new recovery codes in the place of all those before.
    pub fn new_recovery_codes(&self, name: &UserName, codes: &[Hash], actor: &Actor<'_>) -> Result<()> {
        self.change_accounts(|transaction, now| {
            let known = users::require(transaction, name, now)?;
            if !known.totp {
                return Err(Error::NoTotp(name.clone()));
            }
            put_recovery_codes(transaction, known.id, codes)?;
            let (before, after) =
                (json!({"recovery_codes": known.recovery_codes}), json!({"recovery_codes": codes.len()}));
            write(transaction, now, actor, name, &before, &after)
        })
    }

    /// No codes are asked for any more; the secret, one that was drawn, and the recovery codes are forgotten. Whether codes
    /// were asked for.
    pub fn remove_totp(&self, name: &UserName, actor: &Actor<'_>) -> Result<bool> {
        self.change_accounts(|transaction, now| {
            let known = users::require(transaction, name, now)?;
            transaction
                .execute(
                    "UPDATE users SET totp_key_id = NULL, totp_sealed = NULL, totp_step = NULL,
                        next_key_id = NULL, next_sealed = NULL WHERE id = ?",
                    [known.id.0],
                )
                .map_err(Error::database("cannot forget the secret of one-time codes"))?;
            put_recovery_codes(transaction, known.id, &[])?;
            if known.totp {
                let (before, after) = (json!({"totp": true}), json!({"totp": false}));
                write(transaction, now, actor, name, &before, &after)?;
            }
            Ok(known.totp)
        })
    }

    /// Runs a statement that touches one row or none. Whether it touched one.
    fn change_totp(&self, sql: &str, parameters: &[&dyn rusqlite::ToSql]) -> Result<bool> {
        let changed = self.writer().execute(sql, parameters);
        Ok(changed.map_err(Error::database("cannot keep what is known of one-time codes"))? > 0)
    }
}

/// A step is seconds by 30: it fits for longer than the sun shines.
fn step_sql(step: u64) -> i64 {
    i64::try_from(step).unwrap_or(i64::MAX)
}

fn put_recovery_codes(transaction: &Transaction<'_>, user: UserId, codes: &[Hash]) -> Result<()> {
    let put = || -> rusqlite::Result<()> {
        transaction.execute("DELETE FROM recovery_codes WHERE user = ?", [user.0])?;
        let mut statement =
            transaction.prepare_cached("INSERT OR IGNORE INTO recovery_codes (user, hash) VALUES (?, ?)")?;
        codes.iter().try_for_each(|code| statement.execute(params![user.0, code.0]).map(drop))
    };
    put().map_err(Error::database("cannot keep the recovery codes"))
}

fn write(
    transaction: &Transaction<'_>,
    now: Time,
    actor: &Actor<'_>,
    name: &UserName,
    before: &serde_json::Value,
    after: &serde_json::Value,
) -> Result<()> {
    audit::write(transaction, now, actor, "user.totp", name.as_str(), Some(before), Some(after))
}

/// Where a sealed secret stands.
pub(super) struct Place {
    user: i64,
    /// The first part of the names of its columns.
    columns: &'static str,
}

/// Every sealed secret, for a change of the key.
pub(super) fn sealed_rows(transaction: &Transaction<'_>) -> Result<Vec<(Place, SealedRow)>> {
    let mut found = Vec::new();
    for columns in ["totp", "next"] {
        let sql = format!(
            "SELECT id, name, {columns}_key_id, {columns}_sealed FROM users WHERE {columns}_sealed IS NOT NULL ORDER BY id"
        );
        let rows = collect(transaction, &sql, &[], |row| {
            let sealed = SealedRow {
                table: TOTP_TABLE,
                owner: row.get(1)?,
                version: TOTP_VERSION,
                sealed: rows::sealed(row, 2)?,
            };
            Ok((Place { user: row.get(0)?, columns }, sealed))
        });
        found.extend(rows.map_err(Error::database("cannot read the secrets of one-time codes"))?);
    }
    Ok(found)
}

/// Keeps one under another key.
pub(super) fn put_sealed(transaction: &Transaction<'_>, place: &Place, sealed: &Sealed) -> Result<()> {
    let columns = place.columns;
    let sql = format!("UPDATE users SET {columns}_key_id = ?, {columns}_sealed = ? WHERE id = ?");
    transaction
        .execute(&sql, params![sealed.key_id, sealed.bytes, place.user])
        .map(drop)
        .map_err(Error::database("cannot keep the secret under the new key"))
}
