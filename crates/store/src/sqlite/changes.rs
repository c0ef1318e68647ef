//! What changed in the database, whoever changed it, for those who watch.
//!
//! SQLite tells a connection of the commits of all others, so this one does nothing but ask: as long as nothing was
//! committed, a look is one pragma and no row is read. After a commit a few rows at the ends of indexes say what it was.

use std::collections::BTreeSet;
use std::hash::{DefaultHasher, Hash, Hasher};

use rusqlite::types::ValueRef;
use rusqlite::{Connection, OpenFlags};

use super::{Store, connect};
use crate::{Error, Part, Result};

/// What tells a change of a part. The newest entry of the record of changes by people says what they changed.
const MARKS: [(Part, &str); 6] = [
    (Part::Publications, "SELECT max(serial) FROM publications"),
    (Part::Held, "SELECT id, state, changed_at, approvals FROM held_publications ORDER BY id DESC LIMIT 1"),
    (Part::Runs, "SELECT max(id) FROM runs"),
    (
        Part::Sources,
        "SELECT sources.id, enabled, settings, state, removed_at, version, verified_at, rejected_at, expires_on
         FROM sources LEFT JOIN credentials ON credentials.source = sources.id ORDER BY sources.id",
    ),
    (Part::Reads, "SELECT max(id) FROM pulls"),
    (Part::Accounts, "SELECT max(id) FROM users"),
];

/// Watches a database.
pub struct Changes {
    connection: Connection,
    version: i64,
    marks: [u64; MARKS.len()],
    /// The newest change by a person.
    audit: i64,
}

impl Store {
    /// Begins to watch: what changes from now on is told.
    pub fn changes(&self) -> Result<Changes> {
        let connection = connect(&self.database(), OpenFlags::SQLITE_OPEN_READ_ONLY)?;
        let version = version(&connection)?;
        let audit = newest_audit(&connection)?;
        Ok(Changes { marks: marks(&connection)?, audit, version, connection })
    }
}

impl Changes {
    /// What changed since the last look.
    pub fn look(&mut self) -> Result<BTreeSet<Part>> {
        // The version first: what is committed after it is seen by the next look, at the worst once more.
        let version = version(&self.connection)?;
        if version == self.version {
            return Ok(BTreeSet::new());
        }
        let marks = marks(&self.connection)?;
        let pairs = MARKS.iter().zip(marks.iter().zip(&self.marks));
        let mut changed: BTreeSet<Part> =
            pairs.filter(|(_, (now, before))| now != before).map(|((part, _), _)| *part).collect();
        let audit = newest_audit(&self.connection)?;
        changed.extend(self.by_people()?);
        (self.version, self.marks, self.audit) = (version, marks, audit);
        Ok(changed)
    }

    /// What people changed.
    fn by_people(&self) -> Result<Vec<Part>> {
        self.connection
            .prepare_cached("SELECT DISTINCT action FROM audit_log WHERE id > ?")
            .and_then(|mut statement| {
                let actions = statement.query_map([self.audit], |row| row.get::<_, String>(0))?;
                actions.map(|action| action.map(|action| of_action(&action))).collect()
            })
            .map_err(Error::database("cannot read what changed"))
    }
}

/// What an entry of the record of changes says was changed.
fn of_action(action: &str) -> Part {
    match action.split('.').next().unwrap_or_default() {
        "allow" | "own" | "known_good" => Part::Allow,
        "consumer" | "feed" => Part::Devices,
        "listing" => Part::Listings,
        "held" => Part::Held,
        "source" | "credential" => Part::Sources,
        "user" | "token" | "session" => Part::Accounts,
        _ => Part::Publications,
    }
}

fn version(connection: &Connection) -> Result<i64> {
    connection
        .pragma_query_value(None, "data_version", |row| row.get(0))
        .map_err(Error::database("cannot ask whether the database changed"))
}

fn newest_audit(connection: &Connection) -> Result<i64> {
    connection
        .query_row("SELECT ifnull(max(id), 0) FROM audit_log", [], |row| row.get(0))
        .map_err(Error::database("cannot read what changed"))
}

fn marks(connection: &Connection) -> Result<[u64; MARKS.len()]> {
    let mut marks = [0; MARKS.len()];
    for (mark, (_, sql)) in marks.iter_mut().zip(MARKS) {
        *mark = hash(connection, sql).map_err(Error::database("cannot read what changed"))?;
    }
    Ok(marks)
}

/// A number that is another one when the rows are others. It is compared within this process alone.
fn hash(connection: &Connection, sql: &str) -> rusqlite::Result<u64> {
    let mut hasher = DefaultHasher::new();
    let mut statement = connection.prepare_cached(sql)?;
    let columns = statement.column_count();
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        for column in 0..columns {
            match row.get_ref(column)? {
                ValueRef::Null => 0_u8.hash(&mut hasher),
                ValueRef::Integer(number) => number.hash(&mut hasher),
                ValueRef::Real(number) => number.to_bits().hash(&mut hasher),
                ValueRef::Text(bytes) | ValueRef::Blob(bytes) => bytes.hash(&mut hasher),
            }
        }
    }
    Ok(hasher.finish())
}
