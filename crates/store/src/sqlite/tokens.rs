//! Tokens of programs: 256 random bits that the caller draws, kept as their SHA-256.
//!
//! A token may never do more than its owner: it is refused when it is made, and cut down at each use, because what its
//! owner may do can shrink later.

use std::net::IpAddr;

use blocklist::{Hash, Time};
use rusqlite::{OptionalExtension, Row, Transaction, params};
use serde_json::json;

use super::query::collect;
use super::{Store, audit, rows, users};
use crate::{Actor, Error, NewToken, Result, TokenId, TokenRow, UserId, UserName, UserRow};

/// The most tokens that hold.
const MAX_TOKENS: usize = 10_000;
/// The most prefixes that one is good from.
const MAX_SOURCES: usize = 1_000;
/// A use is written down when the last one that was is so long ago, in seconds.
const MINUTE: i64 = 60;

const TOKEN: &str = "tokens.id, tokens.name, tokens.hint, tokens.role, tokens.sources, tokens.created_at,
    tokens.created_by, tokens.until, tokens.last_used_at, tokens.last_address, tokens.revoked_at, tokens.revoked_by,
    users.name";
/// How many these are.
const COLUMNS: usize = 13;

impl Store {
    /// Keeps a token.
    pub fn add_token(&self, new: &NewToken, actor: &Actor<'_>) -> Result<TokenRow> {
        let name = new.name.as_str();
        if !(1..=63).contains(&name.chars().count())
            || name.trim() != name
            || name.chars().any(char::is_control)
        {
            return Err(Error::TokenName);
        }
        if new.sources.len() > MAX_SOURCES {
            return Err(Error::TooMany { what: "prefixes of a token", most: MAX_SOURCES });
        }
        self.change_accounts(|transaction, now| {
            let failed = || Error::database("cannot keep the token");
            let owner = users::require_open(transaction, &new.user, now)?;
            if new.role > owner.role {
                return Err(Error::RoleAbove { user: owner.name, role: new.role, most: owner.role });
            }
            let (taken, count): (bool, i64) = transaction
                .query_row(
                    "SELECT ifnull(max(name = ?), 0), count(*) FROM tokens WHERE revoked_at IS NULL",
                    [name],
                    |row| Ok((row.get(0)?, row.get(1)?)),
                )
                .map_err(failed())?;
            if taken {
                return Err(Error::TokenExists(new.name.clone()));
            }
            if count >= MAX_TOKENS as i64 {
                return Err(Error::TooMany { what: "tokens", most: MAX_TOKENS });
            }
            let sources: Vec<String> = new.sources.iter().map(ToString::to_string).collect();
            transaction
                .execute(
                    "INSERT INTO tokens (name, hash, hint, role, user, sources, created_at, created_by, until)
                     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                    params![
                        name,
                        new.hash.0,
                        new.hint,
                        new.role.as_str(),
                        owner.id.0,
                        json!(sources).to_string(),
                        now.unix(),
                        actor.by,
                        rows::time_sql(new.until),
                    ],
                )
                .map_err(failed())?;
            let id = transaction.last_insert_rowid();
            let after = json!({"hint": new.hint, "role": new.role, "user": new.user, "sources": sources, "until": new.until});
            audit::write(transaction, now, actor, "token.add", name, None, Some(&after))?;
            let sql = format!("SELECT {TOKEN} FROM tokens JOIN users ON users.id = tokens.user WHERE tokens.id = ?");
            transaction.query_row(&sql, [id], token).map_err(failed())
        })
    }

    /// The token of a hash that holds now, with what it may do now, and whose it is. Whether it is good from where it is
    /// used is for the caller to say.
    pub fn token(&self, hash: &Hash) -> Result<Option<(TokenRow, UserRow)>> {
        let sql = format!(
            "SELECT {TOKEN}, {} FROM tokens JOIN users ON users.id = tokens.user
             WHERE tokens.hash = ?2 AND tokens.revoked_at IS NULL AND (tokens.until IS NULL OR tokens.until > ?1)
                AND users.disabled_at IS NULL AND users.removed_at IS NULL",
            users::USER
        );
        self.read(|connection| {
            connection
                .prepare_cached(&sql)
                .and_then(|mut statement| {
                    let found = statement.query_row(params![self.now().unix(), hash.0], |row| {
                        let (mut token, owner) = (token(row)?, users::user(row, COLUMNS)?);
                        token.role = token.role.min(owner.role);
                        Ok((token, owner))
                    });
                    found.optional()
                })
                .map_err(Error::database("cannot read the token"))
        })
    }

    /// The tokens there are and were, of one account or of all, the newest first. The role is the one they were made with.
    pub fn tokens(&self, name: Option<&UserName>) -> Result<Vec<TokenRow>> {
        let of = if name.is_some() { "users.name = ?1" } else { "?1 IS NULL" };
        let sql = format!(
            "SELECT {TOKEN} FROM tokens JOIN users ON users.id = tokens.user WHERE {of} ORDER BY tokens.id DESC"
        );
        self.read(|connection| {
            collect(connection, &sql, &[&name.map(UserName::as_str)], token)
                .map_err(Error::database("cannot read the tokens"))
        })
    }

    /// Notes that a token is used: to be called each time, and written once a minute. The row is the one that
    /// [`Self::token`] gave.
    pub fn touch_token(&self, token: &TokenRow, address: Option<IpAddr>) -> Result<()> {
        let now = self.now();
        if token.last_used_at.is_some_and(|last| now < last.plus_seconds(MINUTE)) {
            return Ok(());
        }
        let address = address.map(|address| address.to_canonical().to_string());
        self.writer()
            .execute(
                "UPDATE tokens SET last_used_at = ?1, last_address = ?2
                 WHERE id = ?3 AND (last_used_at IS NULL OR last_used_at < ?1)",
                params![now.unix(), address, token.id.0],
            )
            .map(drop)
            .map_err(Error::database("cannot note that a token is used"))
    }

    /// Takes a token back, at once and for good.
    pub fn revoke_token(&self, name: &str, actor: &Actor<'_>) -> Result<()> {
        self.change_accounts(|transaction, now| {
            let hint: Option<String> = transaction
                .query_row(
                    "UPDATE tokens SET revoked_at = ?, revoked_by = ? WHERE name = ? AND revoked_at IS NULL RETURNING hint",
                    params![now.unix(), actor.by, name],
                    |row| row.get(0),
                )
                .optional()
                .map_err(Error::database("cannot take back the token"))?;
            let hint = hint.ok_or_else(|| Error::NoToken(name.to_owned()))?;
            audit::write(transaction, now, actor, "token.revoke", name, Some(&json!({"hint": hint})), None)
        })
    }
}

/// Takes back all tokens of an account. How many held.
pub(super) fn revoke_all(
    transaction: &Transaction<'_>,
    user: UserId,
    now: Time,
    actor: &Actor<'_>,
) -> Result<usize> {
    transaction
        .execute(
            "UPDATE tokens SET revoked_at = ?, revoked_by = ? WHERE user = ? AND revoked_at IS NULL",
            params![now.unix(), actor.by, user.0],
        )
        .map_err(Error::database("cannot take back the tokens"))
}

fn token(row: &Row<'_>) -> rusqlite::Result<TokenRow> {
    Ok(TokenRow {
        id: TokenId(row.get(0)?),
        name: row.get(1)?,
        hint: row.get(2)?,
        role: users::role(row, 3)?,
        user: users::name(row, 12)?,
        sources: rows::json(row, 4, "the prefixes of a token")?,
        created_at: rows::time(row, 5)?,
        created_by: row.get(6)?,
        until: rows::optional_time(row, 7)?,
        last_used_at: rows::optional_time(row, 8)?,
        last_address: rows::address(row, 9)?,
        revoked_at: rows::optional_time(row, 10)?,
        revoked_by: row.get(11)?,
    })
}
