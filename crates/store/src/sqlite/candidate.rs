//! What would be published: the last publication with the chunks that changed evaluated anew.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use blocklist::policy::{EndRule, Evaluated, Evaluation, Hit, Kept, MANUAL, Policy, Protected, evaluate};
use blocklist::{Chunk, ChunkKey, Content, DetailsTable, Listing, SourceId, SourceName, Time};
use prefix::prefix::Either;
use prefix::{Prefix, Rules};
use rusqlite::{Connection, Row, params};

use super::dirty::Dirty;
use super::merge::intern;
use super::publish::Own;
use super::rows;
use crate::{Error, Result};

/// All that a candidate is evaluated by.
pub(super) struct Setting {
    pub(super) rules: Rules,
    pub(super) policy: Policy,
    pub(super) protected: Arc<Protected>,
    pub(super) sources: BTreeMap<SourceId, SourceName>,
    /// Those that have an active listing: the others need not be asked.
    pub(super) listing: BTreeSet<SourceId>,
    pub(super) now: Time,
}

/// A candidate.
pub(super) struct Built {
    pub(super) content: Content,
    /// The chunks that were evaluated, each with its hits.
    pub(super) hits: BTreeMap<ChunkKey, Vec<Hit>>,
}

impl Setting {
    fn evaluation<'a>(&'a self, details: &'a DetailsTable) -> Evaluation<'a> {
        Evaluation {
            rules: self.rules,
            policy: &self.policy,
            protected: &self.protected,
            sources: &self.sources,
            details,
            now: self.now,
        }
    }

    fn end_rule(&self, source: SourceId) -> Option<&EndRule> {
        self.sources.get(&source).and_then(|name| self.policy.sources.get(name)).map(|rules| &rules.end)
    }

    /// Evaluates the dirty chunks of `base`.
    pub(super) fn build(
        &self,
        connection: &Connection,
        own: Option<Own>,
        base: &Content,
        dirty: &Dirty,
    ) -> Result<Built> {
        let (mut own, mut details) = match own {
            Some(own) => (Some((own.source, own.listings)), own.details),
            None => (None, DetailsTable::default()),
        };
        // What a run has at hand lacks what a person set and when a listing was last seen.
        if let Some((source, _)) = own
            && (self.end_rule(source).is_some_and(EndRule::asks_last_seen)
                || has_set_ends(connection, source)?)
        {
            own = None;
        }
        let mut kept = BTreeMap::new();
        let mut evaluated = BTreeSet::new();
        if dirty.all {
            for &source in &self.listing {
                match &own {
                    Some((of, listings)) if *of == source => group(&mut kept, listings),
                    _ => read(connection, source, None, &mut details, |key, listing| {
                        kept.entry(key).or_default().push(listing);
                    })?,
                }
            }
            evaluated.extend(kept.keys().copied().chain(base.chunks().iter().map(|chunk| chunk.key())));
        } else {
            for &key in &dirty.chunks {
                evaluated.insert(key);
                let mut of_chunk = Vec::new();
                for &source in &self.listing {
                    match &own {
                        Some((of, listings)) if *of == source => {
                            of_chunk.extend(part(listings, key).iter().map(kept_of));
                        }
                        _ => read(connection, source, Some(key), &mut details, |_, listing| {
                            of_chunk.push(listing);
                        })?,
                    }
                }
                kept.insert(key, of_chunk);
            }
        }
        let mut changed = BTreeMap::new();
        let mut hits = BTreeMap::new();
        for key in evaluated {
            let of_chunk = kept.remove(&key).unwrap_or_default();
            let Evaluated { listings, hits: found } = evaluate(&of_chunk, &self.evaluation(&details));
            changed.insert(key, Chunk::build(key, &self.sources, &details, listings).map(Arc::new));
            hits.insert(key, found);
        }
        Ok(Built { content: base.with(&same_stay(base, changed)), hits })
    }

    /// What goes on of `base` while a candidate waits: without what has ended and what is protected, and with what people
    /// block by hand, in the chunks that were evaluated. `keep_ended` leaves what has ended.
    pub(super) fn frozen(
        &self,
        connection: &Connection,
        base: &Content,
        evaluated: impl Iterator<Item = ChunkKey>,
        by_hand: bool,
        keep_ended: bool,
    ) -> Result<Content> {
        let manual = self.sources.iter().find(|(_, name)| name.as_str() == MANUAL).map(|(&id, _)| id);
        let manual = manual.filter(|source| by_hand && self.listing.contains(source));
        let keep = Keep { by_hand, ended: keep_ended };
        let mut changed = BTreeMap::new();
        for key in evaluated {
            let mut details = DetailsTable::default();
            let mut blocked = Vec::new();
            if let Some(source) = manual {
                let mut kept = Vec::new();
                read(connection, source, Some(key), &mut details, |_, listing| kept.push(listing))?;
                blocked = evaluate(&kept, &self.evaluation(&details)).listings;
            }
            let chunk = match base.chunk(key) {
                Some(chunk)
                    if keep.ended || chunk.prefixes().any(|prefix| self.protected.touches(prefix)) =>
                {
                    self.cut(chunk, keep, details, blocked)
                }
                Some(chunk) => {
                    let listings = chunk.listings().iter().copied();
                    let rest: Vec<_> = listings.filter(|listing| self.stays(chunk, listing, keep)).collect();
                    let by_hand = Chunk::build(key, &self.sources, &details, blocked);
                    let blocked = by_hand.as_ref().map(|blocked| (blocked, blocked.listings().to_vec()));
                    let parts: Vec<_> = [(&**chunk, rest)].into_iter().chain(blocked).collect();
                    Chunk::join(key, &parts)
                }
                None => Chunk::build(key, &self.sources, &details, blocked),
            };
            changed.insert(key, chunk.map(Arc::new));
        }
        Ok(base.with(&same_stay(base, changed)))
    }

    /// Whether a listing of a publication goes on, as far as it is not protected.
    fn stays(&self, chunk: &Chunk, listing: &Listing, keep: Keep) -> bool {
        // Where everything stays, so does what people blocked.
        let replaced = keep.by_hand && !keep.ended && chunk.source_of(listing).as_str() == MANUAL;
        let is_over = !keep.ended && listing.has_ended(self.now);
        !replaced && !is_over && self.rules.admit(listing.prefix).is_ok()
    }

    /// What stays of a chunk, without what is protected, and with what people blocked. Pieces of a wide prefix may be listed
    /// by the same source too, so it is put into order anew.
    fn cut(
        &self,
        chunk: &Chunk,
        keep: Keep,
        mut details: DetailsTable,
        mut listings: Vec<Listing>,
    ) -> Option<Chunk> {
        // A publication may be older than the database, and name sources that it does not know.
        let mut sources = self.sources.clone();
        let ids: Vec<SourceId> = chunk.sources().iter().map(|name| id_of(&mut sources, name)).collect();
        for listing in chunk.listings().iter().filter(|listing| self.stays(chunk, listing, keep)) {
            let source = ids[listing.source.0 as usize];
            let texts = details.intern(chunk.details_of(listing).clone());
            let rest = self.protected.rest_of(listing.prefix).into_iter();
            listings.extend(rest.map(|prefix| Listing { prefix, source, details: texts, ..*listing }));
        }
        Chunk::build(chunk.key(), &sources, &details, listings)
    }
}

/// What goes on although it would not by itself.
#[derive(Clone, Copy)]
struct Keep {
    /// What people block by hand now is taken in, in the place of what they blocked then.
    by_hand: bool,
    /// What has ended stays.
    ended: bool,
}

fn id_of(sources: &mut BTreeMap<SourceId, SourceName>, name: &SourceName) -> SourceId {
    if let Some((&id, _)) = sources.iter().find(|(_, known)| *known == name) {
        return id;
    }
    let id = SourceId(sources.last_key_value().map_or(0, |(last, _)| last.0 + 1));
    sources.insert(id, name.clone());
    id
}

/// Leaves out what is as it was, so that both contents share it.
fn same_stay(
    base: &Content,
    mut changed: BTreeMap<ChunkKey, Option<Arc<Chunk>>>,
) -> BTreeMap<ChunkKey, Option<Arc<Chunk>>> {
    changed.retain(|&key, chunk| base.chunk(key) != chunk.as_ref());
    changed
}

fn kept_of(listing: &Listing) -> Kept {
    Kept { listing: *listing, seen: listing.detected, end_is_set: false }
}

/// The part of sorted listings that lies in a chunk.
fn part(listings: &[Listing], key: ChunkKey) -> &[Listing] {
    let from = listings.partition_point(|listing| ChunkKey::of(listing.prefix) < Some(key));
    let rest = &listings[from..];
    &rest[..rest.partition_point(|listing| ChunkKey::of(listing.prefix) <= Some(key))]
}

fn group(kept: &mut BTreeMap<ChunkKey, Vec<Kept>>, listings: &[Listing]) {
    for run in listings.chunk_by(|a, b| ChunkKey::of(a.prefix) == ChunkKey::of(b.prefix)) {
        if let Some(key) = ChunkKey::of(run[0].prefix) {
            kept.entry(key).or_default().extend(run.iter().map(kept_of));
        }
    }
}

/// The first and the last key that a prefix inside this one can have.
pub(super) fn key_range(prefix: Prefix) -> (Vec<u8>, Vec<u8>) {
    let mut key = [0; Prefix::MAX_KEY];
    let mut first = prefix.to_key(&mut key).to_vec();
    let mut last = first.clone();
    // The last byte is the length: 0 sorts before and 255 after every one.
    let end = first.len() - 1;
    first[end] = 0;
    match prefix.split() {
        Either::V4(net) => last[1..end].copy_from_slice(&net.last().to_be_bytes()),
        Either::V6(net) => last[1..end].copy_from_slice(&net.last().to_be_bytes()),
    }
    last[end] = u8::MAX;
    (first, last)
}

const COLUMNS: &str = "prefix, detected, ifnull(set_until, until), reason, country, category, severity, confidence, seen, \
     set_until IS NOT NULL";

/// Hands over the active listings of a source, of one chunk or of all, in order.
pub(super) fn read(
    connection: &Connection,
    source: SourceId,
    of: Option<ChunkKey>,
    details: &mut DetailsTable,
    mut each: impl FnMut(ChunkKey, Kept),
) -> Result<()> {
    let failed = || Error::database("cannot read the active listings");
    let within = if of.is_some() { "AND prefix BETWEEN ?2 AND ?3" } else { "AND ?2 IS ?3" };
    let sql =
        format!("SELECT {COLUMNS} FROM listings WHERE source = ?1 AND state = 0 {within} ORDER BY prefix");
    let mut statement = connection.prepare_cached(&sql).map_err(failed())?;
    let (first, last) = of.map(|key| key_range(key.net())).unzip();
    let mut found = statement.query(params![source.0, first, last]).map_err(failed())?;
    while let Some(row) = found.next().map_err(failed())? {
        let kept = kept(row, source, details).map_err(failed())?;
        // What is wider than a chunk was kept by a mistake of old and is never served.
        if let Some(key) = ChunkKey::of(kept.listing.prefix) {
            each(key, kept);
        }
    }
    Ok(())
}

fn kept(row: &Row<'_>, source: SourceId, details: &mut DetailsTable) -> rusqlite::Result<Kept> {
    let detected = rows::time(row, 1)?;
    Ok(Kept {
        listing: Listing {
            prefix: rows::prefix(row, 0)?,
            source,
            details: intern(details, row, 3)?,
            detected,
            until: rows::optional_time(row, 2)?,
        },
        seen: rows::optional_time(row, 8)?.unwrap_or(detected),
        end_is_set: row.get(9)?,
    })
}

fn has_set_ends(connection: &Connection, source: SourceId) -> Result<bool> {
    connection
        .prepare_cached(
            "SELECT EXISTS (SELECT 1 FROM listings WHERE source = ? AND set_until IS NOT NULL AND state = 0)",
        )
        .and_then(|mut statement| statement.query_row([source.0], |row| row.get(0)))
        .map_err(Error::database("cannot read the active listings"))
}
