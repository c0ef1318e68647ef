//! Listings of any source, changed by hand: their end, their removal, and for what was blocked by hand their texts.
//!
//! All of an order or nothing; see [`Objections`]. Each change is told by the history with who and why, and the source is
//! read again although its input may be the same.

use std::collections::BTreeMap;

use blocklist::policy::MANUAL;
use blocklist::{SourceId, SourceName, Time};
use prefix::Prefix;
use rusqlite::{Connection, OptionalExtension, Transaction, params};
use serde_json::{Value, json};

use super::manual::target;
use super::merge::{COMPARED, before};
use super::publish::Gate;
use super::query::collect;
use super::{Store, audit, dirty, rows};
use crate::manual::{Edit, EditTo, Edited, MAX_BY_HAND, Objections, Texts, Unfit};
use crate::{Actor, Error, Preview, Result};

/// A listing that is there.
struct Kept {
    state: i64,
    /// As the source says.
    until: Option<Time>,
    /// As a person set it.
    set_until: Option<Time>,
    texts: Texts,
    before: String,
}

/// What becomes of a listing in the database.
struct Write {
    event: &'static str,
    state: i64,
    until: Option<Time>,
    set_until: Option<Time>,
    texts: Texts,
}

/// Counts of listings, by how they move between states.
type Moves = BTreeMap<SourceId, [i64; 3]>;

impl Store {
    /// Changes listings by hand, and publishes.
    pub fn edit_listings(&self, edits: &[Edit], actor: &Actor<'_>) -> Result<Edited> {
        let ((changed, unchanged), published) =
            self.change_with(Gate::Asked, |transaction| self.edit_in(transaction, edits, actor))?;
        Ok(Edited { changed, unchanged, published })
    }

    /// What [`Self::edit_listings`] would do: how many listings would change, how many would not, and the list.
    pub fn preview_edit(&self, edits: &[Edit]) -> Result<((u64, u64), Preview)> {
        self.preview_change(|transaction| self.edit_in(transaction, edits, &Actor::NOBODY))
    }

    fn edit_in(
        &self,
        transaction: &Transaction<'_>,
        edits: &[Edit],
        actor: &Actor<'_>,
    ) -> Result<(u64, u64)> {
        if edits.len() > MAX_BY_HAND {
            return Err(Error::OrderTooLong { most: MAX_BY_HAND });
        }
        let now = self.now();
        let sources = sources(transaction)?;
        let mut objections = Objections::default();
        let mut moves = Moves::new();
        let (mut changed, mut unchanged) = (0, 0);
        for edit in edits {
            let mut found = 0;
            for (id, name) in
                sources.iter().filter(|(_, name)| edit.source.as_ref().is_none_or(|only| only == name))
            {
                let Some(kept) = kept(transaction, *id, edit.prefix)? else { continue };
                let write = match intend(transaction, (*id, name), edit, &kept)? {
                    Ok(write) => write,
                    // Where every source is meant, one that cannot is passed over.
                    Err(_) if edit.source.is_none() => continue,
                    Err(why) => {
                        objections.add(edit.prefix, why);
                        found += 1;
                        continue;
                    }
                };
                found += 1;
                if kept.is(&write) {
                    unchanged += 1;
                    continue;
                }
                changed += 1;
                kept.write(transaction, *id, edit.prefix, &write, now, actor)?;
                let moved = moves.entry(*id).or_default();
                moved[kept.state.clamp(0, 2) as usize] -= 1;
                moved[write.state.clamp(0, 2) as usize] += 1;
            }
            if found == 0 {
                let why = if edit.to == EditTo::Restored { Unfit::NotRemoved } else { Unfit::NotListed };
                objections.add(edit.prefix, why);
            }
        }
        objections.none()?;
        settle(transaction, &moves)?;
        let mut prefixes: Vec<Prefix> = edits.iter().map(|edit| edit.prefix).collect();
        tell(transaction, edits, &prefixes, now, actor)?;
        prefixes.sort_unstable();
        dirty::mark_prefixes(transaction, prefixes)?;
        Ok((changed, unchanged))
    }
}

/// What a person wants of a listing, or why that cannot be.
fn intend(
    transaction: &Transaction<'_>,
    (id, name): (SourceId, &SourceName),
    edit: &Edit,
    kept: &Kept,
) -> Result<Result<Write, Unfit>> {
    let by_hand = name.as_str() == MANUAL;
    let same = Write {
        event: "changed",
        state: kept.state,
        until: kept.until,
        set_until: kept.set_until,
        texts: kept.texts.clone(),
    };
    Ok(match &edit.to {
        // Where every source is meant, it is what is listed that ends.
        EditTo::End(_) if edit.source.is_none() && kept.state != rows::ACTIVE => Err(Unfit::NotListed),
        EditTo::End(until) if by_hand => Ok(Write { until: *until, set_until: None, ..same }),
        EditTo::End(until) => Ok(Write { set_until: *until, ..same }),
        EditTo::Texts(_) if !by_hand => Err(Unfit::NotByHand { source: name.clone() }),
        EditTo::Texts(new) => Ok(Write { texts: new.over(&kept.texts), ..same }),
        EditTo::Removed => Ok(Write { event: "removed", state: rows::REMOVED, ..same }),
        EditTo::Restored if kept.state != rows::REMOVED => Err(Unfit::NotRemoved),
        EditTo::Restored => {
            let state = state_before_removal(transaction, id, edit.prefix)?;
            let event = if state == rows::ACTIVE { "relisted" } else { "withdrawn" };
            Ok(Write { event, state, ..same })
        }
    })
}

impl Kept {
    fn is(&self, write: &Write) -> bool {
        self.state == write.state
            && self.until == write.until
            && self.set_until == write.set_until
            && self.texts == write.texts
    }

    fn write(
        &self,
        transaction: &Transaction<'_>,
        source: SourceId,
        prefix: Prefix,
        write: &Write,
        now: Time,
        actor: &Actor<'_>,
    ) -> Result<()> {
        let failed = || Error::database("cannot change the listing");
        let mut buffer = [0; Prefix::MAX_KEY];
        let key = prefix.to_key(&mut buffer);
        transaction
            .prepare_cached(
                "INSERT INTO listing_events (source, prefix, run, at, event, before, \"by\", note)
                 VALUES (?, ?, NULL, ?, ?, ?, ?, ?)",
            )
            .and_then(|mut statement| {
                statement.execute(params![
                    source.0,
                    key,
                    now.unix(),
                    write.event,
                    self.before,
                    actor.by,
                    actor.note
                ])
            })
            .map_err(failed())?;
        transaction
            .prepare_cached(
                "UPDATE listings SET state = ?3, until = ?4, set_until = ?5, reason = ?6, category = ?7, severity = ?8,
                    confidence = ?9 WHERE source = ?1 AND prefix = ?2",
            )
            .and_then(|mut statement| {
                statement.execute(params![
                    source.0,
                    key,
                    write.state,
                    rows::time_sql(write.until),
                    rows::time_sql(write.set_until),
                    write.texts.reason,
                    write.texts.category,
                    write.texts.severity,
                    write.texts.confidence,
                ])
            })
            .map(drop)
            .map_err(failed())
    }
}

impl Texts {
    /// These over older ones.
    fn over(&self, old: &Self) -> Self {
        let new = self.clone();
        let old = old.clone();
        Self {
            reason: new.reason.or(old.reason),
            category: new.category.or(old.category),
            severity: new.severity.or(old.severity),
            confidence: new.confidence.or(old.confidence),
        }
    }
}

fn sources(connection: &Connection) -> Result<Vec<(SourceId, SourceName)>> {
    let sql = "SELECT id, name FROM sources WHERE removed_at IS NULL ORDER BY id";
    collect(connection, sql, &[], |row| Ok((SourceId(row.get(0)?), rows::source(row, 1)?)))
        .map_err(Error::database("cannot read the sources"))
}

fn kept(connection: &Connection, source: SourceId, prefix: Prefix) -> Result<Option<Kept>> {
    let sql = format!("SELECT {COMPARED} FROM listings WHERE source = ? AND prefix = ?");
    let mut key = [0; Prefix::MAX_KEY];
    connection
        .prepare_cached(&sql)
        .and_then(|mut statement| {
            let row = statement.query_row(params![source.0, prefix.to_key(&mut key)], |row| {
                let details = rows::details(row, 4)?;
                let state: i64 = row.get(1)?;
                Ok(Kept {
                    state,
                    until: rows::optional_time(row, 3)?,
                    set_until: rows::optional_time(row, 9)?,
                    texts: Texts {
                        reason: details.reason,
                        category: details.category,
                        severity: details.severity,
                        confidence: details.confidence,
                    },
                    before: with_state(&before(row)?, state),
                })
            });
            row.optional()
        })
        .map_err(Error::database("cannot read the listing"))
}

/// A listing that a full list no longer had says so, so that a removal can be taken back to that.
fn with_state(before: &str, state: i64) -> String {
    match serde_json::from_str(before) {
        Ok(Value::Object(mut fields)) if state == rows::WITHDRAWN => {
            fields.insert("state".into(), "withdrawn".into());
            Value::Object(fields).to_string()
        }
        _ => before.to_owned(),
    }
}

fn state_before_removal(connection: &Connection, source: SourceId, prefix: Prefix) -> Result<i64> {
    let mut key = [0; Prefix::MAX_KEY];
    let was: Option<bool> = connection
        .prepare_cached(
            "SELECT before ->> 'state' IS 'withdrawn' FROM listing_events
             WHERE source = ? AND prefix = ? AND event = 'removed' ORDER BY id DESC LIMIT 1",
        )
        .and_then(|mut statement| {
            statement.query_row(params![source.0, prefix.to_key(&mut key)], |row| row.get(0)).optional()
        })
        .map_err(Error::database("cannot read the history of the listing"))?;
    Ok(if was == Some(true) { rows::WITHDRAWN } else { rows::ACTIVE })
}

/// Keeps the counts, and that the input of these sources has to be read again.
fn settle(transaction: &Transaction<'_>, moves: &Moves) -> Result<()> {
    for (source, [active, withdrawn, removed]) in moves {
        transaction
            .execute(
                "UPDATE sources SET active = active + ?2, withdrawn = withdrawn + ?3, removed = removed + ?4,
                    input_key = NULL WHERE id = ?1",
                params![source.0, active, withdrawn, removed],
            )
            .map_err(Error::database("cannot keep the counts of the source"))?;
    }
    Ok(())
}

/// Writes down what was done.
fn tell(
    transaction: &Transaction<'_>,
    edits: &[Edit],
    prefixes: &[Prefix],
    now: Time,
    actor: &Actor<'_>,
) -> Result<()> {
    let Some(first) = edits.first() else { return Ok(()) };
    let (action, mut after) = match &first.to {
        EditTo::End(until) => ("listing.end", json!({"until": until})),
        EditTo::Texts(texts) => (
            "listing.set",
            json!({"reason": texts.reason, "category": texts.category, "severity": texts.severity,
                "confidence": texts.confidence}),
        ),
        EditTo::Removed => ("listing.remove", json!({})),
        EditTo::Restored => ("listing.restore", json!({})),
    };
    if let (Some(source), Value::Object(fields)) = (&first.source, &mut after) {
        fields.insert("source".into(), source.as_str().into());
    }
    audit::write(transaction, now, actor, action, &target(prefixes), None, Some(&after))
}
