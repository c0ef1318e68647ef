//! Consumers: added, changed, removed, and shown with what they hold.
//!
//! What a consumer reads from is never on the block list, so a change of its addresses publishes what follows from it, in
//! the same transaction. A removed consumer keeps its row, so that its pulls keep its name; its addresses, secrets and
//! holdings go, and its name may be taken again.

use std::collections::{BTreeMap, BTreeSet};

use blocklist::setting::BadSetting;
use blocklist::{ConsumerName, ConsumerSettings, Time};
use prefix::{Family, Prefix};
use rusqlite::{Connection, OptionalExtension, Transaction, params};
use serde_json::json;

use super::query::collect;
use super::{Store, access, audit, feeds, guards, rows};
use crate::{
    Actor, ConsumerAddress, ConsumerChange, ConsumerRow, Error, Holding, Published, Result, SecretRow,
};

/// The most consumers.
const MAX_CONSUMERS: usize = 10_000;
/// The most addresses of one.
const MAX_ADDRESSES: usize = 1_000;
/// An address that is wider than this is a mistake, and would keep all of it off the block list.
const WIDEST: [u8; 2] = [8, 19];

impl Store {
    /// The consumers by name, with what they hold.
    pub fn consumers(&self) -> Result<Vec<ConsumerRow>> {
        self.read(|connection| read(connection, None, self.now()))
    }

    /// One consumer.
    pub fn consumer(&self, name: &ConsumerName) -> Result<ConsumerRow> {
        self.read(|connection| read(connection, Some(name), self.now()))?
            .pop()
            .ok_or_else(|| Error::NoConsumer(name.clone()))
    }

    /// Adds a consumer. It has no secret yet.
    pub fn add_consumer(
        &self,
        name: &ConsumerName,
        settings: &ConsumerSettings,
        addresses: &[ConsumerAddress],
        actor: &Actor<'_>,
    ) -> Result<Published> {
        settings.check()?;
        check_addresses(addresses)?;
        let added = self.change(|transaction| {
            let now = self.now();
            let taken: Option<String> = transaction
                .query_row(
                    "SELECT name FROM consumers WHERE removed_at IS NULL AND name = ? COLLATE NOCASE",
                    [name.as_str()],
                    |row| row.get(0),
                )
                .optional()
                .map_err(Error::database("cannot read the consumers"))?;
            if let Some(taken) = taken {
                return Err(Error::ConsumerExists(taken.parse().unwrap_or_else(|_| name.clone())));
            }
            let count: i64 = transaction
                .query_row("SELECT count(*) FROM consumers WHERE removed_at IS NULL", [], |row| row.get(0))
                .map_err(Error::database("cannot count the consumers"))?;
            if count >= MAX_CONSUMERS as i64 {
                return Err(Error::TooMany { what: "consumers", most: MAX_CONSUMERS });
            }
            require_feed(transaction, settings)?;
            transaction
                .execute(
                    "INSERT INTO consumers (name, settings, created_at, created_by) VALUES (?1, ?2, ?3, ?4)
                     ON CONFLICT (name) DO UPDATE SET settings = ?2, enabled = 1, created_at = ?3, created_by = ?4,
                        changed_at = ?3, changed_by = ?4, removed_at = NULL",
                    params![name.as_str(), text(settings)?, now.unix(), actor.by],
                )
                .map_err(Error::database("cannot keep the consumer"))?;
            let id = require(transaction, name)?.id;
            put_addresses(transaction, id, addresses, now)?;
            access::changed(transaction, now)?;
            let after = json!({"settings": settings, "addresses": addresses});
            audit::write(transaction, now, actor, "consumer.add", name.as_str(), None, Some(&after))
        });
        added.map(|((), published)| published)
    }

    /// Changes a consumer.
    pub fn set_consumer(
        &self,
        name: &ConsumerName,
        change: &ConsumerChange,
        actor: &Actor<'_>,
    ) -> Result<Published> {
        if let Some(settings) = &change.settings {
            settings.check()?;
        }
        check_addresses(change.addresses.as_deref().unwrap_or_default())?;
        let changed = self.change(|transaction| {
            let now = self.now();
            let known = require(transaction, name)?;
            let (mut before, mut after) = (serde_json::Map::new(), serde_json::Map::new());
            if let Some(settings) = change.settings.as_ref().filter(|&new| *new != known.settings) {
                require_feed(transaction, settings)?;
                before.insert("settings".into(), json!(known.settings));
                after.insert("settings".into(), json!(settings));
            }
            if let Some(enabled) = change.enabled.filter(|&new| new != known.enabled) {
                before.insert("enabled".into(), json!(known.enabled));
                after.insert("enabled".into(), json!(enabled));
            }
            if let Some(addresses) = &change.addresses {
                let old = addresses_of(transaction, known.id)?;
                let mut new = addresses.clone();
                new.sort_unstable();
                if old != new {
                    put_addresses(transaction, known.id, &new, now)?;
                    before.insert("addresses".into(), json!(old));
                    after.insert("addresses".into(), json!(new));
                }
            }
            if after.is_empty() {
                return Ok(());
            }
            let settings = change.settings.as_ref().unwrap_or(&known.settings);
            // Grows with each change: readers compare dates, which have whole seconds.
            let at = now.max(known.changed_at.plus_seconds(1));
            transaction
                .execute(
                    "UPDATE consumers SET settings = ?, enabled = ?, changed_at = ?, changed_by = ? WHERE id = ?",
                    params![
                        text(settings)?,
                        change.enabled.unwrap_or(known.enabled),
                        at.unix(),
                        actor.by,
                        known.id
                    ],
                )
                .map_err(Error::database("cannot keep the consumer"))?;
            access::changed(transaction, now)?;
            let (before, after) = (before.into(), after.into());
            audit::write(transaction, now, actor, "consumer.set", name.as_str(), Some(&before), Some(&after))
        });
        changed.map(|((), published)| published)
    }

    /// Removes a consumer: from the commit on it may read nothing, and its addresses are protected no longer.
    pub fn remove_consumer(&self, name: &ConsumerName, actor: &Actor<'_>) -> Result<Published> {
        let removed = self.change(|transaction| {
            let now = self.now();
            let known = require(transaction, name)?;
            let addresses = addresses_of(transaction, known.id)?;
            put_addresses(transaction, known.id, &[], now)?;
            for table in ["consumer_secrets", "holdings"] {
                transaction
                    .execute(&format!("DELETE FROM {table} WHERE consumer = ?"), [known.id])
                    .map_err(Error::database("cannot remove what the consumer has"))?;
            }
            transaction
                .execute("UPDATE consumers SET removed_at = ? WHERE id = ?", [now.unix(), known.id])
                .map_err(Error::database("cannot remove the consumer"))?;
            access::changed(transaction, now)?;
            let before = json!({"settings": known.settings, "addresses": addresses});
            audit::write(transaction, now, actor, "consumer.remove", name.as_str(), Some(&before), None)
        });
        removed.map(|((), published)| published)
    }
}

/// A consumer that is there, as its row has it.
pub(super) struct Kept {
    pub(super) id: i64,
    settings: ConsumerSettings,
    enabled: bool,
    changed_at: Time,
}

/// A consumer that is there; [`Error::NoConsumer`] otherwise.
pub(super) fn require(connection: &Connection, name: &ConsumerName) -> Result<Kept> {
    connection
        .prepare_cached(
            "SELECT id, settings, enabled, ifnull(changed_at, created_at) FROM consumers
             WHERE name = ? AND removed_at IS NULL",
        )
        .and_then(|mut statement| {
            let row = |row: &rusqlite::Row<'_>| {
                Ok(Kept {
                    id: row.get(0)?,
                    settings: rows::json(row, 1, "the settings of a consumer")?,
                    enabled: row.get(2)?,
                    changed_at: rows::time(row, 3)?,
                })
            };
            statement.query_row([name.as_str()], row).optional()
        })
        .map_err(Error::database("cannot read the consumer"))?
        .ok_or_else(|| Error::NoConsumer(name.clone()))
}

fn text(settings: &ConsumerSettings) -> Result<String> {
    serde_json::to_string(settings).map_err(|_| Error::Corrupt { what: "a consumer" })
}

/// A consumer is limited to a feed that there is.
fn require_feed(connection: &Connection, settings: &ConsumerSettings) -> Result<()> {
    let Some(feed) = &settings.feed else { return Ok(()) };
    match feeds::require(connection, feed) {
        Err(Error::NoFeed(_)) => Err(Error::Setting(BadSetting::Value {
            key: "feed".into(),
            text: feed.to_string(),
            expected: "the name of a feed that there is, or off".into(),
        })),
        found => found.map(drop),
    }
}

fn check_addresses(addresses: &[ConsumerAddress]) -> Result<()> {
    if addresses.len() > MAX_ADDRESSES {
        return Err(Error::TooMany { what: "addresses of a consumer", most: MAX_ADDRESSES });
    }
    let mut seen = BTreeSet::new();
    for address in addresses {
        let widest = WIDEST[usize::from(address.prefix.family() == Family::V6)];
        if address.prefix.len() < widest {
            return Err(Error::AddressTooWide { prefix: address.prefix, widest });
        }
        if !seen.insert(address.prefix) {
            return Err(Error::AddressTwice(address.prefix));
        }
    }
    Ok(())
}

/// Replaces the addresses of a consumer, and marks what is protected otherwise now.
fn put_addresses(
    transaction: &Transaction<'_>,
    consumer: i64,
    addresses: &[ConsumerAddress],
    now: Time,
) -> Result<()> {
    let failed = || Error::database("cannot keep the addresses of the consumer");
    let before: BTreeSet<Prefix> =
        addresses_of(transaction, consumer)?.iter().map(|address| address.prefix).collect();
    let after: BTreeSet<Prefix> = addresses.iter().map(|address| address.prefix).collect();
    transaction.execute("DELETE FROM consumer_addresses WHERE consumer = ?", [consumer]).map_err(failed())?;
    let mut statement = transaction
        .prepare_cached("INSERT INTO consumer_addresses (consumer, prefix, trusted) VALUES (?, ?, ?)")
        .map_err(failed())?;
    for address in addresses {
        let mut key = [0; Prefix::MAX_KEY];
        let key = address.prefix.to_key(&mut key);
        if address.trusted
            && let Some(other) = who_trusts(transaction, consumer, key)?
        {
            return Err(Error::AddressTaken { prefix: address.prefix, consumer: other });
        }
        statement.execute(params![consumer, key, address.trusted]).map_err(failed())?;
    }
    let changed: Vec<Prefix> = before.symmetric_difference(&after).copied().collect();
    if changed.is_empty() { Ok(()) } else { guards::changed(transaction, changed, now) }
}

/// The other consumer that is known by just this address.
fn who_trusts(connection: &Connection, consumer: i64, key: &[u8]) -> Result<Option<String>> {
    connection
        .prepare_cached(
            "SELECT name FROM consumer_addresses JOIN consumers ON id = consumer
             WHERE prefix = ? AND trusted = 1 AND consumer <> ? AND removed_at IS NULL",
        )
        .and_then(|mut it| it.query_row(params![key, consumer], |row| row.get(0)).optional())
        .map_err(Error::database("cannot read the addresses of the consumers"))
}

fn addresses_of(connection: &Connection, consumer: i64) -> Result<Vec<ConsumerAddress>> {
    let sql = "SELECT prefix, trusted FROM consumer_addresses WHERE consumer = ? ORDER BY prefix";
    collect(connection, sql, &[&consumer], |row| {
        Ok(ConsumerAddress { prefix: rows::prefix(row, 0)?, trusted: row.get(1)? })
    })
    .map_err(Error::database("cannot read the addresses of the consumer"))
}

fn read(connection: &Connection, name: Option<&ConsumerName>, now: Time) -> Result<Vec<ConsumerRow>> {
    let failed = || Error::database("cannot read the consumers");
    // One moment for all of it.
    let transaction = connection.unchecked_transaction().map_err(failed())?;
    let sql =
        "SELECT id, name, settings, enabled, created_at, created_by, changed_at, changed_by FROM consumers
         WHERE removed_at IS NULL AND (?1 IS NULL OR name = ?1) ORDER BY name";
    let name = name.map(ConsumerName::as_str);
    let found = collect(&transaction, sql, &[&name], |row| {
        let name: String = row.get(1)?;
        let consumer = ConsumerRow {
            name: name.parse().map_err(|_| rows::unreadable(1, "a consumer's name"))?,
            settings: rows::json(row, 2, "the settings of a consumer")?,
            enabled: row.get(3)?,
            created_at: rows::time(row, 4)?,
            created_by: row.get(5)?,
            changed_at: rows::optional_time(row, 6)?,
            changed_by: row.get(7)?,
            addresses: Vec::new(),
            secrets: Vec::new(),
            holdings: Vec::new(),
        };
        Ok((row.get(0)?, consumer))
    });
    let mut consumers: BTreeMap<i64, ConsumerRow> = found.map_err(failed())?.into_iter().collect();
    for (&id, consumer) in &mut consumers {
        consumer.addresses = addresses_of(&transaction, id)?;
        consumer.secrets = secrets(&transaction, id, now)?;
        consumer.holdings = holdings(&transaction, id)?;
    }
    let mut consumers: Vec<ConsumerRow> = consumers.into_values().collect();
    consumers.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(consumers)
}

fn secrets(connection: &Connection, consumer: i64, now: Time) -> Result<Vec<SecretRow>> {
    let sql = "SELECT hint, created_at, created_by, until FROM consumer_secrets
         WHERE consumer = ? AND (until IS NULL OR until > ?) ORDER BY id DESC";
    collect(connection, sql, &[&consumer, &now.unix()], |row| {
        Ok(SecretRow {
            hint: row.get(0)?,
            created_at: rows::time(row, 1)?,
            created_by: row.get(2)?,
            until: rows::optional_time(row, 3)?,
        })
    })
    .map_err(Error::database("cannot read the secrets of the consumer"))
}

fn holdings(connection: &Connection, consumer: i64) -> Result<Vec<Holding>> {
    let sql = "SELECT feed, format, serial, at, address, agent,
            max(0, ifnull((SELECT max(serial) FROM publications), serial) - serial)
         FROM holdings WHERE consumer = ? ORDER BY at DESC, feed, format";
    collect(connection, sql, &[&consumer], |row| {
        Ok(Holding {
            feed: row.get(0)?,
            format: row.get(1)?,
            serial: rows::serial(row, 2)?.unwrap_or_default(),
            behind: rows::count(row, 6)?,
            at: rows::time(row, 3)?,
            address: row.get(4)?,
            agent: row.get(5)?,
        })
    })
    .map_err(Error::database("cannot read what the consumer holds"))
}
