//! Active listings that touch what is protected: which of them a person, or the gate's limits, have been asked about.

use std::collections::{BTreeMap, HashSet};

use blocklist::policy::{GuardKind, Hit};
use blocklist::{ChunkKey, SourceId, SourceName};
use prefix::Prefix;
use rusqlite::{Connection, Transaction, params};

use super::query::collect;
use super::{Store, rows};
use crate::{Error, Result};

/// The most that are answered at once.
const MOST: usize = 10_000;

fn kind_sql(kind: GuardKind) -> &'static str {
    match kind {
        GuardKind::Own => "own",
        GuardKind::Consumer => "consumer",
        GuardKind::Allow => "allow",
        GuardKind::KnownGood => "known_good",
    }
}

/// Source, prefix, kind, guard.
pub(super) fn hit(row: &rusqlite::Row<'_>) -> rusqlite::Result<Hit> {
    Ok(Hit {
        source: rows::source(row, 0)?,
        prefix: rows::prefix(row, 1)?,
        kind: match row.get_ref(2)?.as_str()? {
            "own" => GuardKind::Own,
            "consumer" => GuardKind::Consumer,
            "allow" => GuardKind::Allow,
            _ => GuardKind::KnownGood,
        },
        guard: rows::prefix(row, 3)?,
    })
}

/// Those of `found` that are not kept yet.
pub(super) fn new(connection: &Connection, found: &BTreeMap<ChunkKey, Vec<Hit>>) -> Result<Vec<Hit>> {
    let sql =
        "SELECT name, prefix, hits.kind, guard FROM hits JOIN sources ON sources.id = source WHERE chunk = ?";
    let mut new = Vec::new();
    for (key, hits) in found.iter().filter(|(_, hits)| !hits.is_empty()) {
        let kept = collect(connection, sql, &[&key.number()], hit)
            .map_err(Error::database("cannot read what touched something protected"))?;
        let kept: HashSet<Hit> = kept.into_iter().collect();
        new.extend(hits.iter().filter(|hit| !kept.contains(hit)).cloned());
    }
    Ok(new)
}

/// The evaluated chunks of which other hits are kept than were found.
pub(super) fn unsettled(
    connection: &Connection,
    found: &BTreeMap<ChunkKey, Vec<Hit>>,
) -> Result<Vec<ChunkKey>> {
    let sql = "SELECT name, prefix, hits.kind, guard, chunk FROM hits JOIN sources ON sources.id = source";
    let all = collect(connection, sql, &[], |row| Ok((row.get::<_, u32>(4)?, hit(row)?)))
        .map_err(Error::database("cannot read what touched something protected"))?;
    let mut kept: BTreeMap<u32, HashSet<Hit>> = BTreeMap::new();
    for (chunk, hit) in all {
        kept.entry(chunk).or_default().insert(hit);
    }
    let nothing = HashSet::new();
    let differs = |(key, hits): &(&ChunkKey, &Vec<Hit>)| {
        let kept = kept.get(&key.number()).unwrap_or(&nothing);
        kept.len() != hits.len() || hits.iter().any(|hit| !kept.contains(hit))
    };
    Ok(found.iter().filter(differs).map(|(key, _)| *key).collect())
}

/// Keeps one hit that a person has been asked about.
pub(super) fn add(
    transaction: &Transaction<'_>,
    chunk: ChunkKey,
    source: SourceId,
    prefix: Prefix,
    kind: GuardKind,
    guard: Prefix,
) -> Result<()> {
    let (mut a, mut b) = ([0; Prefix::MAX_KEY], [0; Prefix::MAX_KEY]);
    transaction
        .prepare_cached(
            "INSERT INTO hits (chunk, source, prefix, kind, guard) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
        )
        .and_then(|mut statement| {
            let (prefix, guard) = (prefix.to_key(&mut a), guard.to_key(&mut b));
            statement.execute(params![chunk.number(), source.0, prefix, kind_sql(kind), guard])
        })
        .map(drop)
        .map_err(Error::database("cannot keep what touches something protected"))
}

/// Keeps the hits of evaluated chunks in the place of what was kept of them.
pub(super) fn keep(
    transaction: &Transaction<'_>,
    sources: &BTreeMap<SourceId, SourceName>,
    found: &BTreeMap<ChunkKey, Vec<Hit>>,
) -> Result<()> {
    let failed = || Error::database("cannot keep what touches something protected");
    let ids: BTreeMap<&SourceName, u32> = sources.iter().map(|(id, name)| (name, id.0)).collect();
    let mut forget = transaction.prepare_cached("DELETE FROM hits WHERE chunk = ?").map_err(failed())?;
    let mut keep = transaction
        .prepare_cached("INSERT INTO hits (chunk, source, prefix, kind, guard) VALUES (?, ?, ?, ?, ?)")
        .map_err(failed())?;
    let (mut a, mut b) = ([0; Prefix::MAX_KEY], [0; Prefix::MAX_KEY]);
    for (key, hits) in found {
        forget.execute([key.number()]).map_err(failed())?;
        for hit in hits {
            let Some(source) = ids.get(&hit.source) else { continue };
            let (prefix, guard) = (hit.prefix.to_key(&mut a), hit.guard.to_key(&mut b));
            keep.execute(params![key.number(), source, prefix, kind_sql(hit.kind), guard])
                .map_err(failed())?;
        }
    }
    Ok(())
}

impl Store {
    /// Active listings that touch what is protected, as of the last publication: what the policy cuts out.
    pub fn hits(&self) -> Result<Vec<Hit>> {
        self.read(|connection| {
            let sql = "SELECT name, prefix, hits.kind, guard FROM hits JOIN sources ON sources.id = source
                 ORDER BY prefix, name LIMIT ?";
            collect(connection, sql, &[&(MOST as i64)], hit)
                .map_err(Error::database("cannot read what touches something protected"))
        })
    }
}
