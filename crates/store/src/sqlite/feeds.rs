//! Feeds: added, changed, removed. They change no listing and no publication, only what is shown of it.
//!
//! The default feed is always there: its row is made when somebody first changes it.

use blocklist::{FeedName, FeedSettings};
use rusqlite::{Connection, OptionalExtension, Transaction, params};
use serde_json::json;

use super::import::begin;
use super::query::collect;
use super::{Store, access, audit, rows};
use crate::{Actor, Error, FeedRow, Result};

/// The most feeds: each is a definition that every request may name, and a body for each format.
const MAX_FEEDS: i64 = 1000;

impl Store {
    /// The feeds, the default one first, the rest by name.
    pub fn feeds(&self) -> Result<Vec<FeedRow>> {
        self.read(read)
    }

    /// One feed.
    pub fn feed(&self, name: &FeedName) -> Result<FeedRow> {
        self.read(|connection| require(connection, name))
    }

    /// Adds a feed.
    pub fn add_feed(&self, name: &FeedName, settings: &FeedSettings, actor: &Actor<'_>) -> Result<()> {
        settings.check()?;
        self.change_access(|transaction| {
            if find(transaction, name)?.is_some() {
                return Err(Error::FeedExists(name.clone()));
            }
            let count: i64 = transaction
                .query_row("SELECT count(*) FROM feeds", [], |row| row.get(0))
                .map_err(Error::database("cannot count the feeds"))?;
            if count >= MAX_FEEDS {
                return Err(Error::TooMany { what: "feeds", most: MAX_FEEDS as usize });
            }
            insert(transaction, self.now().unix(), name, settings, actor)?;
            let after = json!(settings);
            audit::write(transaction, self.now(), actor, "feed.add", name.as_str(), None, Some(&after))
        })
    }

    /// Changes what a feed shows.
    pub fn set_feed(&self, name: &FeedName, settings: &FeedSettings, actor: &Actor<'_>) -> Result<()> {
        settings.check()?;
        self.change_access(|transaction| {
            let before = require(transaction, name)?;
            if before.created_at.is_none() {
                insert(transaction, self.now().unix(), name, &before.settings, actor)?;
            }
            // Grows with each change: readers compare dates, which have whole seconds.
            let last = before.changed_at.or(before.created_at);
            let at = last.map_or(self.now(), |last| self.now().max(last.plus_seconds(1)));
            transaction
                .execute(
                    "UPDATE feeds SET settings = ?, changed_at = ?, changed_by = ? WHERE name = ?",
                    params![text(settings)?, at.unix(), actor.by, name.as_str()],
                )
                .map_err(Error::database("cannot keep the feed"))?;
            let (before, after) = (json!(before.settings), json!(settings));
            let target = name.as_str();
            audit::write(transaction, self.now(), actor, "feed.set", target, Some(&before), Some(&after))
        })
    }

    /// Removes a feed that no consumer is limited to.
    pub fn remove_feed(&self, name: &FeedName, actor: &Actor<'_>) -> Result<()> {
        if name.is_default() {
            return Err(Error::DefaultFeed);
        }
        self.change_access(|transaction| {
            let before = require(transaction, name)?;
            let sql = "SELECT name FROM consumers WHERE removed_at IS NULL AND settings ->> 'feed' = ? ORDER BY name";
            let readers: Vec<String> = collect(transaction, sql, &[&name.as_str()], |row| row.get(0))
                .map_err(Error::database("cannot read the consumers"))?;
            if !readers.is_empty() {
                return Err(Error::FeedIsRead { feed: name.clone(), readers: readers.join(", ") });
            }
            transaction
                .execute("DELETE FROM feeds WHERE name = ?", [name.as_str()])
                .map_err(Error::database("cannot remove the feed"))?;
            let before = json!(before.settings);
            audit::write(transaction, self.now(), actor, "feed.remove", name.as_str(), Some(&before), None)
        })
    }

    /// A change of who may read what, that changes no publication.
    pub(super) fn change_access<T>(&self, change: impl FnOnce(&Transaction<'_>) -> Result<T>) -> Result<T> {
        let mut writer = self.writer();
        let transaction = begin(&mut writer)?;
        let done = change(&transaction)?;
        access::changed(&transaction, self.now())?;
        transaction.commit().map_err(Error::database("cannot commit"))?;
        Ok(done)
    }
}

fn insert(
    transaction: &Transaction<'_>,
    now: i64,
    name: &FeedName,
    settings: &FeedSettings,
    actor: &Actor<'_>,
) -> Result<()> {
    transaction
        .execute(
            "INSERT INTO feeds (name, settings, created_at, created_by) VALUES (?, ?, ?, ?)",
            params![name.as_str(), text(settings)?, now, actor.by],
        )
        .map(drop)
        .map_err(Error::database("cannot keep the feed"))
}

fn text(settings: &FeedSettings) -> Result<String> {
    serde_json::to_string(settings).map_err(|_| Error::Corrupt { what: "a feed" })
}

const SELECT: &str = "SELECT name, settings, created_at, created_by, changed_at, changed_by FROM feeds";

/// Every feed. One that cannot be read stops the reading: a feed that is guessed could show what it must not.
pub(super) fn read(connection: &Connection) -> Result<Vec<FeedRow>> {
    let sql = format!("{SELECT} ORDER BY name");
    let mut feeds = collect(connection, &sql, &[], row).map_err(Error::database("cannot read the feeds"))?;
    match feeds.iter().position(|feed| feed.name.is_default()) {
        Some(at) => feeds[..=at].rotate_right(1),
        None => feeds.insert(0, default()),
    }
    Ok(feeds)
}

/// A feed that is there; [`Error::NoFeed`] otherwise.
pub(super) fn require(connection: &Connection, name: &FeedName) -> Result<FeedRow> {
    find(connection, name)?.ok_or_else(|| Error::NoFeed(name.clone()))
}

/// One that is there, the default one always.
fn find(connection: &Connection, name: &FeedName) -> Result<Option<FeedRow>> {
    let sql = format!("{SELECT} WHERE name = ?");
    connection
        .prepare_cached(&sql)
        .and_then(|mut statement| statement.query_row([name.as_str()], row).optional())
        .map(|found| found.or_else(|| name.is_default().then(default)))
        .map_err(Error::database("cannot read the feed"))
}

fn default() -> FeedRow {
    FeedRow {
        name: FeedName::default_feed(),
        settings: FeedSettings::default(),
        created_at: None,
        created_by: None,
        changed_at: None,
        changed_by: None,
    }
}

fn row(row: &rusqlite::Row<'_>) -> rusqlite::Result<FeedRow> {
    let name: String = row.get(0)?;
    Ok(FeedRow {
        name: name.parse().map_err(|_| rows::unreadable(0, "a feed name"))?,
        settings: rows::json(row, 1, "the settings of a feed")?,
        created_at: rows::optional_time(row, 2)?,
        created_by: row.get(3)?,
        changed_at: rows::optional_time(row, 4)?,
        changed_by: row.get(5)?,
    })
}
