//! From active listings to a publication, through policy and gate.
//!
//! ```text
//! what changed -> candidate -> the gate: publish  -> the next publication
//!                                        hold     -> a held candidate, and the last publication goes on: without what ends
//!                                                    and what is protected, with what people block by hand
//! ```
//!
//! The file of a publication is written inside the transaction and its link moved after the commit; see the head of
//! the crate. What is published last stays in memory with its chunks, which the next one shares.

use std::collections::{BTreeMap, BTreeSet};

use blocklist::gate::{self, Candidate, GateRules, Reason, Verdict};
use blocklist::policy::{Hit, Policy};
use blocklist::{ChunkKey, Content, Delta, DetailsTable, Head, Listing, Serial, SourceId, SourceName, Time};
use rusqlite::{Connection, OptionalExtension, Transaction, params};

use super::candidate::{Built, Setting};
use super::dirty::Dirty;
use super::import::begin;
use super::query::write_log;
use super::{Store, audit, dirty, guards, held, hits, rows};
use crate::{Actor, Error, Origin, Preview, PublicationRow, Published, Result};

/// The keys under which policy, gate and a way back are kept, as JSON.
pub(super) const POLICY: &str = "policy";
pub(super) const GATE: &str = "gate";
pub(super) const PIN: &str = "publication.pinned";

/// The active listings of the source that a transaction has just changed: they need not be read again.
pub(super) struct Own {
    pub(super) source: SourceId,
    /// By prefix.
    pub(super) listings: Vec<Listing>,
    pub(super) details: DetailsTable,
}

/// How the gate's word is taken.
#[derive(Clone, Copy, Debug)]
pub(super) enum Gate<'a> {
    /// As it is.
    Asked,
    /// A person has heard it and decided.
    Overruled(Origin, &'a Actor<'a>),
}

/// A publication that is there: on disk or in memory.
pub(super) struct Basis {
    pub(super) head: Head,
    pub(super) content: Content,
}

impl Store {
    /// Publishes what policy and gate let through, when it differs from the last publication. Trusts no earlier
    /// evaluation: every listing is read.
    pub fn publish(&self) -> Result<Published> {
        self.change_with(Gate::Asked, dirty::mark_all).map(|((), published)| published)
    }

    /// The same over the gate's objections. Nothing protected is served for that, and an empty list is answered with 503.
    pub fn publish_forced(&self, actor: &Actor<'_>) -> Result<Published> {
        self.change_with(Gate::Overruled(Origin::Forced, actor), dirty::mark_all)
            .map(|((), published)| published)
    }

    /// Publishes what time alone changes: what has ended, and what is protected no longer.
    pub fn publish_ended(&self) -> Result<Published> {
        let _lock = self.files().lock()?;
        let mut writer = self.writer();
        let transaction = begin(&mut writer)?;
        let published = self.publish_if_ended(&transaction)?;
        self.commit(transaction, &published)?;
        Ok(published)
    }

    /// When time alone will change something next: a listing or an allow entry ends, a held candidate runs out.
    pub fn next_event(&self) -> Result<Option<Time>> {
        let now = self.now();
        self.read(|connection| next_event(connection, now))
    }

    /// What a change would add and remove, without making it: `change` is done and taken back.
    pub(super) fn preview_change<T>(
        &self,
        change: impl FnOnce(&Transaction<'_>) -> Result<T>,
    ) -> Result<(T, Preview)> {
        let _lock = self.files().lock()?;
        let mut writer = self.writer();
        let transaction = begin(&mut writer)?;
        let done = change(&transaction)?;
        let attempt = self.attempt(&transaction, None)?;
        let reasons = match pinned(&transaction)? {
            Some(serial) => vec![Reason::Pinned { serial }],
            None if attempt.is_unchanged() && attempt.last.is_some() => Vec::new(),
            None => match attempt.judge(&transaction)? {
                Verdict::Publish => Vec::new(),
                Verdict::Held(reasons) => reasons,
            },
        };
        let hits = attempt.new_hits(&transaction)?;
        let preview = attempt.preview(&attempt.built.content, hits, reasons);
        // Dropped without a commit: rolled back.
        drop(transaction);
        // What was read of the guards was read inside of it.
        *self.guards() = None;
        Ok((done, preview))
    }

    /// What [`Self::publish`] would publish.
    pub fn preview_publication(&self) -> Result<Preview> {
        self.preview_change(dirty::mark_all).map(|((), preview)| preview)
    }

    /// Makes a change and publishes what follows from it, in one transaction. `change` marks the chunks that it touches.
    pub(super) fn change<T>(
        &self,
        change: impl FnOnce(&Transaction<'_>) -> Result<T>,
    ) -> Result<(T, Published)> {
        self.change_with(Gate::Asked, change)
    }

    pub(super) fn change_with<T>(
        &self,
        gate: Gate<'_>,
        change: impl FnOnce(&Transaction<'_>) -> Result<T>,
    ) -> Result<(T, Published)> {
        let _lock = self.files().lock()?;
        let mut writer = self.writer();
        let transaction = begin(&mut writer)?;
        let done = change(&transaction)?;
        let published = self.publish_in(&transaction, None, gate)?;
        self.commit(transaction, &published)?;
        Ok((done, published))
    }

    /// Publishes only when time alone changed something: for transactions that changed no listing.
    pub(super) fn publish_if_ended(&self, transaction: &Transaction<'_>) -> Result<Published> {
        let now = self.now();
        match last(transaction)? {
            Some(last) if next_event(transaction, now)?.is_none_or(|event| event > now) => {
                Ok(Published::Same(last))
            }
            _ => self.publish_in(transaction, None, Gate::Asked),
        }
    }

    /// Writes file and row of a new publication; the caller commits and moves the link.
    pub(super) fn publish_in(
        &self,
        transaction: &Transaction<'_>,
        own: Option<Own>,
        gate: Gate<'_>,
    ) -> Result<Published> {
        let attempt = self.attempt(transaction, own)?;
        if let Some(pinned) = pinned(transaction)?
            && matches!(gate, Gate::Asked)
        {
            return self.go_on(transaction, &attempt, vec![Reason::Pinned { serial: pinned }]);
        }
        if attempt.is_unchanged() {
            return self.nothing_new(transaction, &attempt);
        }
        let origin = match (gate, attempt.judge(transaction)?) {
            (Gate::Asked, Verdict::Held(reasons)) => {
                let reasons = held::hold(self, transaction, &attempt, reasons)?;
                return self.go_on(transaction, &attempt, reasons);
            }
            (Gate::Asked, Verdict::Publish) => Made { origin: Origin::Policy, content_of: None, actor: None },
            (Gate::Overruled(origin, actor), verdict) => {
                if origin == Origin::Forced {
                    self.write_force(transaction, actor, verdict)?;
                }
                Made { origin, content_of: None, actor: Some(actor) }
            }
        };
        let row = self.write_publication(transaction, &attempt, &attempt.built.content, &origin)?;
        settle(transaction, &attempt)?;
        held::superseded(transaction, attempt.setting.now)?;
        Ok(Published::New(row))
    }

    /// Writes down who published over which objections.
    fn write_force(&self, transaction: &Transaction<'_>, actor: &Actor<'_>, verdict: Verdict) -> Result<()> {
        let reasons = match verdict {
            Verdict::Publish => Vec::new(),
            Verdict::Held(reasons) => reasons,
        };
        let after = serde_json::json!({"reasons": reasons});
        audit::write(transaction, self.now(), actor, "publication.force", "publication", None, Some(&after))
    }

    /// The candidate that follows from the state of a transaction.
    pub(super) fn attempt(&self, transaction: &Transaction<'_>, own: Option<Own>) -> Result<Attempt> {
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

    /// The content of a publication: from memory, else from its file.
    pub(super) fn basis(&self, serial: Serial) -> Result<Basis> {
        if let Some((head, content)) = self.latest()
            && head.serial == serial
        {
            return Ok(Basis { head, content });
        }
        let latest = self.latest();
        let before = latest.as_ref().map(|(head, content)| (*head, content));
        let (head, content) = self.files().read_after(serial, before)?;
        Ok(Basis { head, content })
    }

    /// Nothing differs from the last publication: its file is looked after, and what was touched is settled.
    fn nothing_new(&self, transaction: &Transaction<'_>, attempt: &Attempt) -> Result<Published> {
        let Some(last) = &attempt.last else {
            return Ok(Published::Held { reasons: vec![Reason::Empty], last: None });
        };
        self.mend_file(last, &attempt.built.content)?;
        held::superseded(transaction, attempt.setting.now)?;
        for hit in attempt.new_hits(transaction)?.iter().take(10) {
            let text = format!("{} of {} touches {}", hit.prefix, hit.source, hit.guard);
            write_log(transaction, attempt.setting.now, "info", "policy", None, &text)?;
        }
        settle(transaction, attempt)?;
        transaction
            .execute(
                "UPDATE publications SET evaluated_at = ?, policy = ? WHERE serial = ?",
                params![attempt.setting.now.unix(), attempt.rules_text, last.serial.0 as i64],
            )
            .map_err(Error::database("cannot keep when the publication was looked at"))?;
        Ok(Published::Same(last.clone()))
    }

    /// The last publication goes on while a candidate waits, or while a person holds an older one.
    fn go_on(
        &self,
        transaction: &Transaction<'_>,
        attempt: &Attempt,
        reasons: Vec<Reason>,
    ) -> Result<Published> {
        // What only time made dirty would be forgotten by the next publication, which remembers a later time.
        dirty::mark(transaction, attempt.built.hits.keys().copied())?;
        let held = |last| Ok(Published::Held { reasons, last });
        // A store that never published has no list that goes on meanwhile, and one that lost its last file none that
        // could be told from.
        let (Some(last), Some(basis)) = (&attempt.last, &attempt.basis) else {
            return held(attempt.last.clone());
        };
        let frozen = attempt.frozen(transaction, true)?;
        if frozen.hash() == basis.content.hash() {
            // What time did is marked above, and is not an event any more.
            transaction
                .execute(
                    "UPDATE publications SET evaluated_at = ? WHERE serial = ?",
                    params![attempt.setting.now.unix(), last.serial.0 as i64],
                )
                .map_err(Error::database("cannot keep when the publication was looked at"))?;
            return held(Some(last.clone()));
        }
        let made = Made { origin: Origin::Frozen, content_of: None, actor: None };
        let row = self.write_publication(transaction, attempt, &frozen, &made)?;
        self.promise(&row, frozen);
        held(Some(row))
    }

    /// Writes file and row of a content.
    pub(super) fn write_publication(
        &self,
        transaction: &Transaction<'_>,
        attempt: &Attempt,
        content: &Content,
        made: &Made<'_>,
    ) -> Result<PublicationRow> {
        let now = attempt.setting.now;
        let basis = attempt.basis.as_ref();
        // Against what is served, which after a restored backup is not the database's last.
        let delta = basis.map(|basis| Delta::of(&basis.content, content));
        let same_set = delta.as_ref().is_some_and(Delta::is_empty);
        let entries = content.entries() as u64;
        let head = next_head(attempt.newest, same_set, content, now);
        let row = PublicationRow {
            serial: head.serial,
            published_at: head.published_at,
            changed_at: head.changed_at,
            entries,
            added: delta.as_ref().map_or(entries, |delta| delta.added.len() as u64),
            removed: delta.as_ref().map_or(0, |delta| delta.removed.len() as u64),
            hash: head.hash,
            next_end: content.next_end(),
            origin: made.origin,
            content_of: made.content_of,
            by: made.actor.map(|actor| actor.by.to_owned()),
            note: made.actor.and_then(|actor| actor.note).map(str::to_owned),
        };
        self.files().write(&head, content, basis.map(|basis| (basis.head, &basis.content)))?;
        write_row(transaction, &row, attempt, delta.as_ref())?;
        self.promise(&row, content.clone());
        Ok(row)
    }

    /// The newest publication there is: the database's, or one on disk that a restored database does not know.
    fn newest(&self, last: Option<&PublicationRow>) -> Result<Option<Head>> {
        let known = last.map(PublicationRow::head);
        let current = self
            .files()
            .current_serial()?
            .filter(|&current| known.is_none_or(|known| known.serial < current));
        let Some(serial) = current else { return Ok(known) };
        // Torn or gone, its serial still counts.
        let fallback = Head { serial, ..known.unwrap_or_else(|| Head::before_all(serial)) };
        Ok(Some(self.basis(serial).map_or(fallback, |basis| basis.head)))
    }

    /// Writes the last publication again when it is gone or torn: the content is the same.
    fn mend_file(&self, last: &PublicationRow, content: &Content) -> Result<()> {
        if self.files().read(last.serial).is_err() {
            self.files().write_full(&last.head(), content)?;
        }
        if self.files().current_serial()? == Some(last.serial) {
            return Ok(());
        }
        self.files().make_current(last.serial)
    }

    /// Moves the link to a publication that was committed by a process that was killed before it could. Done at every
    /// opening; a program that stays does it now and then.
    pub fn finish_publication(&self) -> Result<()> {
        let behind = |store: &Self| -> Result<Option<Serial>> {
            let committed = last(&store.writer())?.map(|row| row.serial);
            Ok(committed
                .filter(|&serial| store.files().current_serial().ok().flatten().is_none_or(|c| c < serial)))
        };
        if behind(self)?.is_none() {
            return Ok(());
        }
        let _lock = self.files().lock()?;
        match behind(self)? {
            Some(serial) if self.files().read(serial).is_ok() => self.files().make_current(serial),
            _ => Ok(()),
        }
    }

    /// Makes a committed publication visible, first in memory.
    pub(super) fn commit(&self, transaction: Transaction<'_>, published: &Published) -> Result<()> {
        transaction.commit().map_err(Error::database("cannot commit"))?;
        let current = published.current().map(|row| row.serial);
        match self.keep_promise(current) {
            Some(serial) => {
                self.files().make_current(serial)?;
                self.tell();
                self.forget_old(serial)
            }
            None => Ok(()),
        }
    }
}

/// How a publication came to be.
pub(super) struct Made<'a> {
    pub(super) origin: Origin,
    pub(super) content_of: Option<Serial>,
    pub(super) actor: Option<&'a Actor<'a>>,
}

/// A candidate and all it stands on.
pub(super) struct Attempt {
    pub(super) setting: Setting,
    rules_text: String,
    pub(super) last: Option<PublicationRow>,
    pub(super) newest: Option<Head>,
    pub(super) basis: Option<Basis>,
    pub(super) built: Built,
}

impl Attempt {
    /// Whether the last publication, which the database knows, has just this content. That nothing was ever published and
    /// nothing would be is no change either.
    fn is_unchanged(&self) -> bool {
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
        Preview { delta: Delta::of(before, content), entries: content.entries() as u64, hits, reasons }
    }

    /// The hits that no publication has taken in yet.
    pub(super) fn new_hits(&self, connection: &Connection) -> Result<Vec<Hit>> {
        hits::new(connection, &self.built.hits)
    }

    /// The last publication without what has ended and what is protected. Where nothing would be left, what has ended
    /// stays: an empty list opens every device. What is protected goes even then.
    fn frozen(&self, connection: &Connection, by_hand: bool) -> Result<Content> {
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

/// When time alone will change something next, or should have.
fn next_event(connection: &Connection, now: Time) -> Result<Option<Time>> {
    let published = last(connection)?.and_then(|last| last.next_end);
    // Those that ended since the last look too: what was read now does not hold them any more.
    let looked = evaluated_at(connection)?.map_or(now, |(at, _)| at);
    let guarded = guards::next_end(connection, looked)?;
    let held = held::runs_out(connection)?;
    Ok([published, guarded, held].into_iter().flatten().min())
}

/// A publication took everything in: nothing is dirty, and what was hit has been asked about.
fn settle(transaction: &Transaction<'_>, attempt: &Attempt) -> Result<()> {
    hits::keep(transaction, &attempt.setting.sources, &attempt.built.hits)?;
    dirty::clear(transaction)
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

/// The head of the next publication. Serials and times only grow, also past a clock that was set back.
fn next_head(newest: Option<Head>, same_set: bool, content: &Content, now: Time) -> Head {
    let hash = content.hash();
    let Some(newest) = newest else {
        return Head { serial: Serial(1), published_at: now, changed_at: now, hash };
    };
    let after = |time: Time| now.max(time.plus_seconds(1));
    let changed_at = if same_set { newest.changed_at } else { after(newest.changed_at) };
    Head {
        serial: newest.serial.next(),
        published_at: after(newest.published_at).max(changed_at),
        changed_at,
        hash,
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

/// A setting that is kept as JSON; its default when it was never set. One that cannot be read stops everything: a policy
/// that is guessed could serve what it forbids.
pub(super) fn json_setting<T: serde::de::DeserializeOwned + Default>(
    connection: &Connection,
    key: &str,
    what: &'static str,
) -> Result<T> {
    let text: Option<String> = connection
        .prepare_cached("SELECT value FROM settings WHERE key = ?")
        .and_then(|mut statement| statement.query_row([key], |row| row.get(0)).optional())
        .map_err(Error::database("cannot read a setting"))?;
    match text {
        Some(text) => serde_json::from_str(&text).map_err(|_| Error::Corrupt { what }),
        None => Ok(T::default()),
    }
}

pub(super) fn policy(connection: &Connection) -> Result<Policy> {
    json_setting(connection, POLICY, "a policy")
}

pub(super) fn gate_rules(connection: &Connection) -> Result<GateRules> {
    json_setting(connection, GATE, "rules of the gate")
}

/// The publication that a person brought back and holds.
pub(super) fn pinned(connection: &Connection) -> Result<Option<Serial>> {
    let pin: Option<crate::Pin> = json_setting(connection, PIN, "a publication that is held")?;
    Ok(pin.map(|pin| pin.serial))
}

/// Equal for equal rules.
fn rules_text(rules: prefix::Rules, policy: &Policy) -> String {
    let policy = serde_json::to_string(policy).unwrap_or_default();
    format!("{rules:?} {policy}")
}

/// When, and by which rules, the last publication was evaluated.
fn evaluated_at(connection: &Connection) -> Result<Option<(Time, String)>> {
    connection
        .prepare_cached("SELECT evaluated_at, policy FROM publications ORDER BY serial DESC LIMIT 1")
        .and_then(|mut statement| {
            let row = statement.query_row([], |row| Ok((rows::optional_time(row, 0)?, row.get(1)?)));
            row.optional()
        })
        .map(|found| found.and_then(|(at, rules)| Some((at?, rules))))
        .map_err(Error::database("cannot read the last publication"))
}

/// The newest publication.
pub(super) fn last(connection: &Connection) -> Result<Option<PublicationRow>> {
    let sql = format!("SELECT {} FROM publications ORDER BY serial DESC LIMIT 1", rows::PUBLICATION);
    connection
        .prepare_cached(&sql)
        .and_then(|mut statement| statement.query_row([], rows::publication).optional())
        .map_err(Error::database("cannot read the last publication"))
}

fn write_row(
    transaction: &Transaction<'_>,
    row: &PublicationRow,
    attempt: &Attempt,
    delta: Option<&Delta>,
) -> Result<()> {
    transaction
        .execute(
            "INSERT INTO publications (serial, published_at, changed_at, hash, entries, added, removed, next_end,
                follows, delta, policy, run, origin, content_of, \"by\", note, evaluated_at)
             VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, (SELECT max(id) FROM runs), ?, ?, ?, ?, ?)",
            params![
                row.serial.0 as i64,
                row.published_at.unix(),
                row.changed_at.unix(),
                row.hash.0,
                row.entries as i64,
                row.added as i64,
                row.removed as i64,
                rows::time_sql(row.next_end),
                attempt.newest.map(|newest| newest.serial.0 as i64),
                delta.map(Delta::to_bytes),
                attempt.rules_text,
                row.origin.as_str(),
                row.content_of.map(|serial| serial.0 as i64),
                row.by,
                row.note,
                attempt.setting.now.unix(),
            ],
        )
        .map(drop)
        .map_err(Error::database("cannot keep the publication"))
}
