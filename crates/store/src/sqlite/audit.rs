//! Every change by a person, written in the transaction of the change, and chained to the one before.
//!
//! ```text
//! chain(entry) = SHA-256(chain(the entry before), or 32 zero bytes | each field)
//! field        = 0 where it is absent, else 1 | length (8 bytes, little end first) | bytes
//! fields       = id, at (8 bytes each), by, action, target, before, after, note, address, as they are kept
//! ```
//!
//! `audit_head` holds the last entry and its chain. So an entry that was changed, taken out or put in shows, wherever it
//! stood. The chain has no key: whoever can write the database and knows all this can make it anew from some entry on. It
//! shows what was done in passing or by mistake, not what somebody did who rewrote everything after it.

use blocklist::Time;
use rusqlite::{Connection, OptionalExtension, Row, Transaction, params};
use serde_json::Value;
use sha2::{Digest, Sha256};

use super::query::collect;
use super::{Store, redact, rows};
use crate::{ACTIONS, Actor, AuditQuery, AuditRow, Chain, Error, Result};

/// So many entries are read at once, so that a long record holds no snapshot for long.
const PAGE: i64 = 500;

type Link = [u8; 32];

/// Writes down who did what to what. `action` is `part.verb`, as in `allow.add`; the fields that did not change stand in
/// neither `before` nor `after`. Never a secret: what opens an address is hidden ([`redact`]).
pub(super) fn write(
    transaction: &Transaction<'_>,
    now: Time,
    actor: &Actor<'_>,
    action: &'static str,
    target: &str,
    before: Option<&Value>,
    after: Option<&Value>,
) -> Result<()> {
    debug_assert!(ACTIONS.contains(&action), "{action} is missing among the actions");
    let (before, after) = redact::pair(before, after);
    let [before, after] = [before, after].map(|value| value.as_ref().map(Value::to_string));
    let address = actor.address.map(|address| address.to_canonical().to_string());
    let put = || -> rusqlite::Result<()> {
        let mut insert = transaction.prepare_cached(
            "INSERT INTO audit_log (at, \"by\", action, target, before, after, note, address)
             VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        )?;
        insert.execute(params![now.unix(), actor.by, action, target, before, after, actor.note, address])?;
        let id = transaction.last_insert_rowid();
        let last: Option<Link> = transaction
            .prepare_cached("SELECT chain FROM audit_head")?
            .query_row([], |row| row.get(0))
            .optional()?;
        let texts = [
            Some(actor.by),
            Some(action),
            Some(target),
            before.as_deref(),
            after.as_deref(),
            actor.note,
            address.as_deref(),
        ];
        let chain = link(&last.unwrap_or_default(), id, now.unix(), texts);
        transaction
            .prepare_cached("UPDATE audit_log SET chain = ? WHERE id = ?")?
            .execute(params![chain, id])?;
        // A head that was taken away does not keep people from working: verify tells of it.
        transaction
            .prepare_cached(
                "INSERT INTO audit_head (one, since, id, chain) VALUES (1, ?1 - 1, ?1, ?2)
                 ON CONFLICT (one) DO UPDATE SET id = ?1, chain = ?2",
            )?
            .execute(params![id, chain])
            .map(drop)
    };
    put().map_err(Error::database("cannot write down who changed what"))
}

fn link(last: &Link, id: i64, at: i64, texts: [Option<&str>; 7]) -> Link {
    let mut hash = Sha256::new_with_prefix(last);
    let (id, at) = (id.to_le_bytes(), at.to_le_bytes());
    let numbers = [Some(&id[..]), Some(&at[..])];
    for field in numbers.into_iter().chain(texts.map(|text| text.map(str::as_bytes))) {
        match field {
            None => hash.update([0]),
            Some(bytes) => {
                hash.update([1]);
                hash.update((bytes.len() as u64).to_le_bytes());
                hash.update(bytes);
            }
        }
    }
    hash.finalize().into()
}

impl Store {
    /// What people changed, newest first.
    pub fn audit(&self, query: &AuditQuery) -> Result<Vec<AuditRow>> {
        let sql = "SELECT id, at, \"by\", action, target, before, after, note, address FROM audit_log
             WHERE id < ?1 AND (?3 IS NULL OR \"by\" = ?3) AND (?5 IS NULL OR target = ?5)
                AND (?4 IS NULL OR action = ?4 OR substr(action, 1, length(?4) + 1) = ?4 || '.')
             ORDER BY id DESC LIMIT ?2";
        let before = query.before.unwrap_or(i64::MAX);
        let limit = i64::try_from(query.limit).unwrap_or(i64::MAX);
        self.read(|connection| {
            let asked: [&dyn rusqlite::ToSql; 5] = [&before, &limit, &query.by, &query.action, &query.target];
            collect(connection, sql, &asked, |row| {
                let json = |column| -> rusqlite::Result<Option<Value>> {
                    Ok(rows::text(row, column)?.and_then(|text| serde_json::from_str(text).ok()))
                };
                Ok(AuditRow {
                    id: row.get(0)?,
                    at: rows::time(row, 1)?,
                    by: row.get(2)?,
                    action: row.get(3)?,
                    target: row.get(4)?,
                    before: json(5)?,
                    after: json(6)?,
                    note: row.get(7)?,
                    address: row.get(8)?,
                })
            })
            .map_err(Error::database("cannot read what people changed"))
        })
    }

    /// Whether the record of changes is whole, from its first chained entry to its last. Reads all of it, a page at a time.
    pub fn verify_audit(&self) -> Result<Chain> {
        let mut walk: Option<Walk> = None;
        loop {
            let done = self.read(|connection| {
                // The last page and the head are of one moment.
                let moment = connection
                    .unchecked_transaction()
                    .map_err(Error::database("cannot read what people changed"))?;
                let walk = match &mut walk {
                    Some(walk) => walk,
                    None => match Walk::begin(&moment)? {
                        Ok(begun) => walk.insert(begun),
                        Err(broken) => return Ok(Some(broken)),
                    },
                };
                walk.page(&moment)
            })?;
            if let Some(chain) = done {
                return Ok(chain);
            }
        }
    }
}

/// How far a walk along the chain has come.
struct Walk {
    since: i64,
    id: i64,
    chain: Link,
    entries: u64,
    before: u64,
}

struct Entry {
    id: i64,
    chain: Option<Link>,
    at: i64,
    texts: [Option<String>; 7],
}

impl Walk {
    fn begin(connection: &Connection) -> Result<std::result::Result<Self, Chain>> {
        let failed = || Error::database("cannot read what people changed");
        let since: Option<i64> = connection
            .query_row("SELECT since FROM audit_head", [], |row| row.get(0))
            .optional()
            .map_err(failed())?;
        let Some(since) = since else { return Ok(Err(broken(0, "the head of the record is missing"))) };
        let (before, first, chained): (u64, Option<i64>, Option<i64>) = connection
            .query_row(
                "SELECT count(*), min(id), min(CASE WHEN chain IS NOT NULL THEN id END) FROM audit_log WHERE id <= ?",
                [since],
                |row| Ok((rows::count(row, 0)?, row.get(1)?, row.get(2)?)),
            )
            .map_err(failed())?;
        Ok(match (first, chained) {
            (Some(id), _) if id < 1 => Err(broken(id, "no entry has such a number")),
            (_, Some(id)) => Err(broken(id, "the chain was begun anew after it")),
            _ => Ok(Self { since, id: since, chain: Link::default(), entries: 0, before }),
        })
    }

    /// Goes on by a page; the answer, when it was the last.
    fn page(&mut self, connection: &Connection) -> Result<Option<Chain>> {
        let failed = || Error::database("cannot read what people changed");
        let sql = "SELECT id, at, \"by\", action, target, before, after, note, address, chain FROM audit_log
             WHERE id > ? ORDER BY id LIMIT ?";
        let entries = collect(connection, sql, &[&self.id, &PAGE], entry).map_err(failed())?;
        for entry in &entries {
            if let Some(broken) = self.step(entry) {
                return Ok(Some(broken));
            }
        }
        if entries.len() as i64 == PAGE { Ok(None) } else { self.end(connection).map(Some) }
    }

    fn step(&mut self, entry: &Entry) -> Option<Chain> {
        if entry.id != self.id + 1 {
            return Some(broken(self.id + 1, "it is missing"));
        }
        let texts = entry.texts.each_ref().map(Option::as_deref);
        match entry.chain {
            None => Some(broken(entry.id, "it is not chained to the one before")),
            Some(chain) if chain != link(&self.chain, entry.id, entry.at, texts) => {
                Some(broken(entry.id, "it is not as it was written, or not after the one before"))
            }
            Some(chain) => {
                (self.id, self.chain) = (entry.id, chain);
                self.entries += 1;
                None
            }
        }
    }

    fn end(&self, connection: &Connection) -> Result<Chain> {
        let failed = || Error::database("cannot read what people changed");
        let head: Option<(i64, i64, Link)> = connection
            .query_row("SELECT since, id, chain FROM audit_head", [], |row| {
                Ok((row.get(0)?, row.get(1)?, row.get(2)?))
            })
            .optional()
            .map_err(failed())?;
        let Some((since, id, chain)) = head else {
            return Ok(broken(0, "the head of the record is missing"));
        };
        // The highest number that SQLite ever gave here: it outlives the head that somebody mended.
        let given: i64 = connection
            .query_row(
                "SELECT ifnull(max(seq), 0) FROM sqlite_sequence WHERE name = 'audit_log'",
                [],
                |row| row.get(0),
            )
            .map_err(failed())?;
        Ok(if id.max(given) > self.id {
            broken(self.id + 1, "it is missing")
        } else if id < self.id {
            broken(id + 1, "it was put after the last one")
        } else if chain != self.chain || since != self.since {
            broken(id, "the head of the record is of another entry")
        } else {
            Chain::Whole { entries: self.entries, before: self.before }
        })
    }
}

fn broken(id: i64, what: &'static str) -> Chain {
    Chain::Broken { id, what }
}

fn entry(row: &Row<'_>) -> rusqlite::Result<Entry> {
    let mut texts: [Option<String>; 7] = Default::default();
    for (text, column) in texts.iter_mut().zip(2..) {
        *text = row.get(column)?;
    }
    // A blob of another length is a chain that was changed: no entry has zeros.
    let chain = row.get_ref(9)?.as_blob_or_null()?.map(|blob| Link::try_from(blob).unwrap_or_default());
    Ok(Entry { id: row.get(0)?, at: row.get(1)?, texts, chain })
}
