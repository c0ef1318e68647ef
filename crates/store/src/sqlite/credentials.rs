//! What sources log in with, and what they got for it: sealed, and never seen open here.
//!
//! A secret is sealed to its source and version. So the version is chosen inside the transaction, and whoever holds the
//! key seals when it is told. `E` is the caller's own error, which can hold one of the store.

use blocklist::{SourceId, SourceName, Time};
use rusqlite::{Connection, OptionalExtension, params};
use serde_json::json;

use super::import::begin;
use super::query::collect;
use super::sources::require;
use super::{Store, audit, rows, totp};
use crate::{Actor, Answer, CredentialRow, Error, NewCredential, PortalSession, Result, Sealed, SealedRow};

impl Store {
    /// The credential of a source.
    pub fn credential(&self, source: &SourceName) -> Result<Option<CredentialRow>> {
        self.read(|connection| {
            let sql = format!(
                "SELECT {} FROM credentials JOIN sources ON sources.id = credentials.source WHERE sources.name = ?",
                rows::CREDENTIAL
            );
            connection
                .query_row(&sql, [source.as_str()], rows::credential)
                .optional()
                .map_err(Error::database("cannot read the credential"))
        })
    }

    /// Every credential, in the order the sources were first seen.
    pub fn credentials(&self) -> Result<Vec<CredentialRow>> {
        self.read(|connection| {
            let sql = format!(
                "SELECT {} FROM credentials JOIN sources ON sources.id = credentials.source ORDER BY sources.id",
                rows::CREDENTIAL
            );
            collect(connection, &sql, &[], rows::credential)
                .map_err(Error::database("cannot read the credentials"))
        })
    }

    /// Keeps a new credential in the place of the one before, with nothing known of it yet and without a session. `seal`
    /// is told the version; its error is handed on, and nothing changes. Returns the version.
    pub fn put_credential<E: From<Error>>(
        &self,
        source: &SourceName,
        new: &NewCredential,
        actor: &Actor<'_>,
        seal: impl FnOnce(u32) -> Result<Sealed, E>,
    ) -> Result<u32, E> {
        let failed = || Error::database("cannot keep the credential");
        let now = self.now();
        let mut writer = self.writer();
        let transaction = begin(&mut writer)?;
        let id = require(&transaction, source)?;
        let version: u32 = transaction
            .query_row(
                "UPDATE sources SET credential_version = credential_version + 1 WHERE id = ?
                 RETURNING credential_version",
                [id.0],
                |row| row.get(0),
            )
            .map_err(failed())?;
        let sealed = seal(version)?;
        transaction
            // Its session goes with it.
            .execute("DELETE FROM credentials WHERE source = ?", [id.0])
            .and_then(|_| {
                transaction.execute(
                    "INSERT INTO credentials (source, kind, version, key_id, sealed, changed_at, expires_on, remind_days)
                     VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                    params![
                        id.0,
                        new.kind.as_str(),
                        version,
                        sealed.key_id,
                        sealed.bytes,
                        now.unix(),
                        rows::date_sql(new.expires_on),
                        new.remind_days,
                    ],
                )
            })
            .map_err(failed())?;
        let after = json!({
            "kind": new.kind, "version": version, "expires_on": new.expires_on, "remind_days": new.remind_days,
        });
        audit::write(&transaction, now, actor, "credential.set", source.as_str(), None, Some(&after))?;
        transaction.commit().map_err(failed())?;
        Ok(version)
    }

    /// Forgets the credential of a source, and its session. Whether there was one.
    pub fn remove_credential(&self, source: &SourceName, actor: &Actor<'_>) -> Result<bool> {
        let failed = || Error::database("cannot forget the credential");
        let now = self.now();
        let mut writer = self.writer();
        let transaction = begin(&mut writer)?;
        let gone: Option<(String, u32)> = transaction
            .query_row(
                "DELETE FROM credentials WHERE source = (SELECT id FROM sources WHERE name = ?) RETURNING kind, version",
                [source.as_str()],
                |row| Ok((row.get(0)?, row.get(1)?)),
            )
            .optional()
            .map_err(failed())?;
        let Some((kind, version)) = gone else { return Ok(false) };
        let before = json!({"kind": kind, "version": version});
        audit::write(&transaction, now, actor, "credential.remove", source.as_str(), Some(&before), None)?;
        transaction.commit().map_err(failed())?;
        Ok(true)
    }

    /// Counts a login that is about to be sent: on disk when this returns, so that a program that dies over it is not
    /// one that never asked. `false` when this version is no longer the one that is kept: then it must not be sent.
    pub fn credential_attempt(&self, source: &SourceName, version: u32) -> Result<bool> {
        self.change_credential(
            "UPDATE credentials SET unanswered = unanswered + 1
             WHERE source = (SELECT id FROM sources WHERE name = ?) AND version = ?",
            &[&source.as_str(), &version],
        )
    }

    /// Keeps what was said to a login. `false` when the credential has changed since: the answer is about another one.
    pub fn credential_answered(
        &self,
        source: &SourceName,
        version: u32,
        answer: Answer<'_>,
        at: Time,
    ) -> Result<bool> {
        let (verified, rejected, by) = match answer {
            Answer::Accepted => (Some(at.unix()), None, None),
            Answer::Rejected(by) => (None, Some(at.unix()), Some(by)),
            // Only this one attempt is taken back: what was said to others before still stands.
            Answer::NotJudged => {
                return self.change_credential(
                    "UPDATE credentials SET unanswered = max(0, unanswered - 1)
                     WHERE source = (SELECT id FROM sources WHERE name = ?1) AND version = ?2",
                    &[&source.as_str(), &version],
                );
            }
        };
        self.change_credential(
            "UPDATE credentials SET unanswered = 0, verified_at = ifnull(?3, verified_at), rejected_at = ?4, rejected_by = ?5
             WHERE source = (SELECT id FROM sources WHERE name = ?1) AND version = ?2",
            &[&source.as_str(), &version, &verified, &rejected, &by],
        )
    }

    /// What the portal of a source gave for the last login.
    pub fn portal_session(&self, source: &SourceName) -> Result<Option<PortalSession>> {
        self.read(|connection| {
            connection
                .query_row(
                    "SELECT credential_version, key_id, sealed, expires_at FROM portal_sessions
                     WHERE source = (SELECT id FROM sources WHERE name = ?)",
                    [source.as_str()],
                    |row| {
                        Ok(PortalSession {
                            credential_version: row.get(0)?,
                            sealed: rows::sealed(row, 1)?,
                            expires_at: rows::optional_time(row, 3)?,
                        })
                    },
                )
                .optional()
                .map_err(Error::database("cannot read the session"))
        })
    }

    /// Keeps a session in the place of the one before. `false`, and nothing kept, when the credential it was given for is
    /// no longer the one that is kept.
    pub fn put_portal_session(&self, source: &SourceName, session: &PortalSession) -> Result<bool> {
        self.change_credential(
            "INSERT OR REPLACE INTO portal_sessions
                (source, credential_version, key_id, sealed, expires_at, changed_at)
             SELECT source, version, ?3, ?4, ?5, ?6 FROM credentials
             WHERE source = (SELECT id FROM sources WHERE name = ?1) AND version = ?2",
            &[
                &source.as_str(),
                &session.credential_version,
                &session.sealed.key_id,
                &session.sealed.bytes,
                &rows::time_sql(session.expires_at),
                &self.now().unix(),
            ],
        )
    }

    /// Forgets the session of a source. Whether there was one.
    pub fn remove_portal_session(&self, source: &SourceName) -> Result<bool> {
        self.change_credential(
            "DELETE FROM portal_sessions WHERE source = (SELECT id FROM sources WHERE name = ?)",
            &[&source.as_str()],
        )
    }

    /// The ids of the keys without which a credential or a secret of one-time codes could not be opened. Sessions at portals
    /// are not among them: one that does not open is worth a new login, no more.
    pub fn keys_in_use(&self) -> Result<Vec<String>> {
        self.read(|connection| {
            let sql = "SELECT key_id FROM credentials UNION SELECT totp_key_id FROM users WHERE totp_key_id IS NOT NULL
                 UNION SELECT next_key_id FROM users WHERE next_key_id IS NOT NULL ORDER BY 1";
            collect(connection, sql, &[], |row| row.get(0))
                .map_err(Error::database("cannot read which keys are in use"))
        })
    }

    /// Seals every secret anew, for a new key: all of them or, when one fails, none. Returns how many.
    pub fn reseal<E: From<Error>>(
        &self,
        mut seal: impl FnMut(&SealedRow) -> Result<Sealed, E>,
    ) -> Result<u64, E> {
        let mut writer = self.writer();
        let transaction = begin(&mut writer)?;
        let mut count = 0;
        for (table, version) in [("credentials", "version"), ("portal_sessions", "credential_version")] {
            for (id, row) in sealed_rows(&transaction, table, version)? {
                let sealed = seal(&row)?;
                let sql = format!("UPDATE {table} SET key_id = ?, sealed = ? WHERE source = ?");
                transaction
                    .execute(&sql, params![sealed.key_id, sealed.bytes, id.0])
                    .map_err(Error::database("cannot keep the secret under the new key"))?;
                count += 1;
            }
        }
        for (columns, row) in totp::sealed_rows(&transaction)? {
            totp::put_sealed(&transaction, &columns, &seal(&row)?)?;
            count += 1;
        }
        transaction.commit().map_err(Error::database("cannot keep the secrets under the new key"))?;
        Ok(count)
    }

    /// Runs a statement that touches one row or none. Whether it touched one.
    fn change_credential(&self, sql: &str, parameters: &[&dyn rusqlite::ToSql]) -> Result<bool> {
        let changed = self.writer().execute(sql, parameters);
        Ok(changed.map_err(Error::database("cannot keep the credential"))? > 0)
    }
}

fn sealed_rows(
    connection: &Connection,
    table: &'static str,
    version: &str,
) -> Result<Vec<(SourceId, SealedRow)>> {
    let sql = format!(
        "SELECT source, sources.name, {table}.{version}, key_id, sealed
         FROM {table} JOIN sources ON sources.id = source ORDER BY source"
    );
    collect(connection, &sql, &[], |row| {
        let sealed =
            SealedRow { table, owner: row.get(1)?, version: row.get(2)?, sealed: rows::sealed(row, 3)? };
        Ok((SourceId(row.get(0)?), sealed))
    })
    .map_err(Error::database("cannot read the secrets"))
}
