//! Secrets of consumers: 256 random bits, shown once, kept as their SHA-256.
//!
//! A plain hash is enough: nobody guesses 256 bits, and a lookup by it costs every read of a feed. Old and new are valid
//! together for a while, so that a person can bring the new one to the device without haste.

use std::time::Duration;

use blocklist::{ConsumerName, Hash};
use rusqlite::{OptionalExtension, params};
use serde_json::json;

use super::{Store, audit, consumers, rows};
use crate::consumer::secret_text;
use crate::{Actor, Error, NewSecret, Result, Revoke, SecretRow};

/// So many first characters tell two secrets apart, and leave 236 bits to guess.
const HINT: usize = 4;
/// The most secrets of a consumer that are valid together; the oldest goes.
const MAX_SECRETS: i64 = 10;
/// The longest that an old secret stays valid beside a new one, in seconds: a year.
const LONGEST: u64 = 366 * 86_400;

impl Store {
    /// Makes a new secret of 32 random bytes. Those before it are valid for `old_valid_for` yet.
    pub fn new_secret(
        &self,
        consumer: &ConsumerName,
        random: [u8; 32],
        old_valid_for: Duration,
        actor: &Actor<'_>,
    ) -> Result<NewSecret> {
        let secret = secret_text(random);
        let hint = secret[..HINT].to_owned();
        let hash = Hash::of(secret.as_bytes());
        let now = self.now();
        let old_until = now.plus_seconds(old_valid_for.as_secs().min(LONGEST) as i64);
        self.change_access(|transaction| {
            let id = consumers::require(transaction, consumer)?.id;
            let failed = || Error::database("cannot keep the secret");
            transaction
                .execute("DELETE FROM consumer_secrets WHERE consumer = ? AND until <= ?", [id, now.unix()])
                .map_err(failed())?;
            transaction
                .execute(
                    "UPDATE consumer_secrets SET until = min(ifnull(until, ?1), ?1) WHERE consumer = ?2",
                    [old_until.unix(), id],
                )
                .map_err(failed())?;
            // A rotation without a time to overlap leaves nothing of the old.
            transaction
                .execute("DELETE FROM consumer_secrets WHERE consumer = ? AND until <= ?", [id, now.unix()])
                .map_err(failed())?;
            transaction
                .execute(
                    "DELETE FROM consumer_secrets WHERE consumer = ?1 AND id NOT IN
                        (SELECT id FROM consumer_secrets WHERE consumer = ?1 ORDER BY id DESC LIMIT ?2)",
                    [id, MAX_SECRETS - 1],
                )
                .map_err(failed())?;
            let last = transaction
                .query_row(
                    "SELECT max(until) FROM consumer_secrets WHERE consumer = ?",
                    [id],
                    |row| rows::optional_time(row, 0),
                )
                .optional()
                .map_err(failed())?
                .flatten();
            transaction
                .execute(
                    "INSERT INTO consumer_secrets (consumer, hash, hint, created_at, created_by) VALUES (?, ?, ?, ?, ?)",
                    params![id, hash.0, hint, now.unix(), actor.by],
                )
                .map_err(failed())?;
            let after = json!({"secret": hint, "old_until": last});
            audit::write(transaction, now, actor, "consumer.rotate", consumer.as_str(), None, Some(&after))?;
            let row = SecretRow { hint, created_at: now, created_by: actor.by.to_owned(), until: None };
            Ok(NewSecret { secret: secret.into(), row, old_until: last })
        })
    }

    /// Takes secrets back at once; how many.
    pub fn revoke_secrets(&self, consumer: &ConsumerName, which: Revoke, actor: &Actor<'_>) -> Result<usize> {
        self.change_access(|transaction| {
            let id = consumers::require(transaction, consumer)?.id;
            let old = which == Revoke::Old;
            let gone = transaction
                .execute(
                    "DELETE FROM consumer_secrets WHERE consumer = ?1 AND (NOT ?2 OR until IS NOT NULL)",
                    params![id, old],
                )
                .map_err(Error::database("cannot take back the secrets"))?;
            let before = json!({"secrets": gone, "old": old});
            let target = consumer.as_str();
            audit::write(transaction, self.now(), actor, "consumer.revoke", target, Some(&before), None)?;
            Ok(gone)
        })
    }
}
