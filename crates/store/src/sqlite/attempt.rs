//! A candidate and all it stands on: what is evaluated, against which publication, by which rules.

use std::collections::{BTreeMap, BTreeSet};

use blocklist::gate::{self, Candidate, Reason, Verdict};
use blocklist::policy::{Hit, Policy};
use blocklist::{ChunkKey, Content, Delta, Head, Serial, SourceId, SourceName, Time};
use rusqlite::{Connection, OptionalExtension, Transaction};

use super::candidate::{Built, Setting};
use super::dirty::Dirty;
use super::policy::{gate_rules, policy};
use super::publish::Own;
use super::record::last;
use super::{Store, dirty, guards, hits, rows};
use crate::{Error, Preview, PublicationRow, Result};

/// A publication that is there: on disk or in memory.
pub(super) struct Basis {
    pub(super) head: Head,
    pub(super) content: Content,
}

/// A candidate and all it stands on.
pub(super) struct Attempt {
    pub(super) setting: Setting,
    pub(super) rules_text: String,
    pub(super) last: Option<PublicationRow>,
    pub(super) newest: Option<Head>,
    pub(super) basis: Option<Basis>,
    pub(super) built: Built,
}

impl Store {
    /// The candidate that follows from the state of a transaction.
    pub(super) fn try_out(&self, transaction: &Transaction<'_>, own: Option<Own>) -> Result<Attempt> {
        let now = self.now();
        let last = last(transaction)?;
        let newest = self.newest(last.as_ref())?;
        let basis = newest.and_then(|newest| self.basis(newest.serial).ok());
        let policy = policy(transaction)?;
        let rules_text = rules_text(self.rules(), &policy);
        let setting = setting(transaction, self.rules(), policy, self.protected(transaction, now)?, now)?;
        let mut dirty = dirty::read(transaction)?;
        let evaluated = evaluated_at(transaction)?;
        let in_step = match (&basis, &last, &evaluated) {
            (Some(basis), Some(last), Some((at, rules))) => {
                basis.head.hash == last.hash && *at <= now && *rules == rules_text
            }
            _ => false,
        };
        dirty.all |= !in_step;
        let nothing = Content::default();
        let base = basis.as_ref().map_or(&nothing, |basis| &basis.content);
        if let Some((at, _)) = evaluated.filter(|_| !dirty.all) {
            add_ended(&mut dirty, base, &guards::read_ended(transaction, at, now)?, now);
        }
        let built = setting.build(transaction, own, base, &dirty)?;
        Ok(Attempt { setting, rules_text, last, newest, basis, built })
    }

    /// The publication that the next one is built upon: from memory, else from its files, and then remembered.
    pub(super) fn basis(&self, serial: Serial) -> Result<Basis> {
        let latest = self.latest();
        if let Some((head, content)) = latest.clone()
            && head.serial == serial
        {
            return Ok(Basis { head, content });
        }
        let before = latest.as_ref().map(|(head, content)| (*head, content));
        // Before it is read: what is written over it meanwhile is noticed.
        let stamp = self.files().stamp(serial)?;
        let (head, content) = self.files().read_after(serial, before)?;
        // After the one before only the last file was read; what it stands on must have been read earlier.
        let mut sound = self.sound();
        if before.is_none() || stamp.is_full() || sound.as_ref().is_some_and(|sound| stamp.follows(sound)) {
            *sound = Some(stamp);
        }
        drop(sound);
        self.remember(head, content.clone());
        Ok(Basis { head, content })
    }
}

impl Attempt {
    /// Whether the last publication, which the database knows, has just this content. That nothing was ever published and
    /// nothing would be is no change either.
    pub(super) fn is_unchanged(&self) -> bool {
        let hash = self.built.content.hash();
        match (&self.last, &self.newest) {
            (Some(last), Some(newest)) => last.hash == hash && newest.serial == last.serial,
            (None, None) => self.built.content.is_empty(),
            _ => false,
        }
    }

    pub(super) fn judge(&self, connection: &Connection) -> Result<Verdict> {
        let before = match &self.basis {
            Some(_) => Some(self.frozen(connection, false)?),
            None => None,
        };
        let candidate = Candidate {
            content: &self.built.content,
            before: before.as_ref(),
            new_hits: &self.new_hits(connection)?,
            knows_history: self.last.is_some() || self.newest.is_none(),
        };
        Ok(gate::judge(&candidate, &gate_rules(connection)?))
    }

    /// What differs from the last publication if `content` were the next.
    pub(super) fn preview(&self, content: &Content, hits: Vec<Hit>, reasons: Vec<Reason>) -> Preview {
        let nothing = Content::default();
        let before = self.basis.as_ref().map_or(&nothing, |basis| &basis.content);
        let (delta, entries) = (Delta::of(before, content), content.entries() as u64);
        Preview { delta, entries, hits, reasons, meanwhile: None }
    }

    /// The hits that no publication has taken in yet.
    pub(super) fn new_hits(&self, connection: &Connection) -> Result<Vec<Hit>> {
        hits::new(connection, &self.built.hits)
    }

    /// Whether the gate objects to nothing but new hits, which are cut out, and the candidate is what goes on of the last
    /// publication in any case, or the first list ever: to hold it would ask a person about nothing, or leave devices
    /// without any list.
    pub(super) fn goes_on_anyway(&self, connection: &Connection, reasons: &[Reason]) -> Result<bool> {
        let only_hits = reasons.iter().all(|reason| matches!(reason, Reason::Hits { .. }));
        Ok(only_hits
            && (self.newest.is_none()
                || self.basis.is_some()
                    && self.frozen(connection, true)?.hash() == self.built.content.hash()))
    }

    /// The last publication without what has ended and what is protected. Where nothing would be left, what has ended
    /// stays: an empty list opens every device. What is protected goes even then.
    pub(super) fn frozen(&self, connection: &Connection, by_hand: bool) -> Result<Content> {
        let nothing = Content::default();
        let base = self.basis.as_ref().map_or(&nothing, |basis| &basis.content);
        let evaluated = || self.built.hits.keys().copied();
        let frozen = self.setting.frozen(connection, base, evaluated(), by_hand, false)?;
        if frozen.is_empty() && !base.is_empty() && by_hand {
            return self.setting.frozen(connection, base, evaluated(), by_hand, true);
        }
        Ok(frozen)
    }
}

/// Adds the chunks in which something ended, or in which something is protected no longer.
fn add_ended(dirty: &mut Dirty, base: &Content, ended: &[prefix::Prefix], now: Time) {
    let over = base.chunks().iter().filter(|chunk| chunk.next_end().is_some_and(|end| end <= now));
    dirty.chunks.extend(over.map(|chunk| chunk.key()));
    for &prefix in ended {
        match ChunkKey::of(prefix) {
            Some(key) => drop(dirty.chunks.insert(key)),
            None => dirty.all = true,
        }
    }
}

fn setting(
    connection: &Connection,
    rules: prefix::Rules,
    policy: Policy,
    protected: std::sync::Arc<blocklist::policy::Protected>,
    now: Time,
) -> Result<Setting> {
    let failed = || Error::database("cannot read the sources");
    let mut sources: BTreeMap<SourceId, SourceName> = BTreeMap::new();
    let mut listing = BTreeSet::new();
    let mut statement =
        connection.prepare_cached("SELECT id, name, active > 0 FROM sources").map_err(failed())?;
    let mut found = statement.query([]).map_err(failed())?;
    while let Some(row) = found.next().map_err(failed())? {
        let id = SourceId(row.get(0).map_err(failed())?);
        sources.insert(id, rows::source(row, 1).map_err(failed())?);
        if row.get(2).map_err(failed())? {
            listing.insert(id);
        }
    }
    Ok(Setting { rules, policy, protected, sources, listing, now })
}

/// Equal for equal rules.
fn rules_text(rules: prefix::Rules, policy: &Policy) -> String {
    let policy = serde_json::to_string(policy).unwrap_or_default();
    format!("{rules:?} {policy}")
}

/// When, and by which rules, the last publication was evaluated.
pub(super) fn evaluated_at(connection: &Connection) -> Result<Option<(Time, String)>> {
    connection
        .prepare_cached("SELECT evaluated_at, policy FROM publications ORDER BY serial DESC LIMIT 1")
        .and_then(|mut statement| {
            let row = statement.query_row([], |row| Ok((rows::optional_time(row, 0)?, row.get(1)?)));
            row.optional()
        })
        .map(|found| found.and_then(|(at, rules)| Some((at?, rules))))
        .map_err(Error::database("cannot read the last publication"))
}
