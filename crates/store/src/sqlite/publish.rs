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

use blocklist::gate::{Reason, Verdict};
use blocklist::{Delta, DetailsTable, Listing, SourceId, Time};
use rusqlite::{Connection, Transaction, params};

use super::attempt::{Attempt, evaluated_at};
use super::history::pinned;
use super::import::begin;
use super::query::write_log;
use super::record::{Made, last};
use super::{Store, audit, dirty, guards, held, hits};
use crate::{Actor, Error, Origin, Preview, Published, Result};

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
        let attempt = self.try_out(&transaction, None)?;
        let reasons = match pinned(&transaction)? {
            Some(serial) => vec![Reason::Pinned { serial }],
            None if attempt.is_unchanged() && attempt.last.is_some() => Vec::new(),
            None => match attempt.judge(&transaction)? {
                Verdict::Held(reasons) if !attempt.goes_on_anyway(&transaction, &reasons)? => reasons,
                Verdict::Publish | Verdict::Held(_) => Vec::new(),
            },
        };
        let hits = attempt.new_hits(&transaction)?;
        let mut preview = attempt.preview(&attempt.built.content, hits, reasons);
        if let Some(basis) = attempt.basis.as_ref().filter(|_| !preview.reasons.is_empty()) {
            let frozen = attempt.frozen(&transaction, true)?;
            preview.meanwhile = Some((Delta::of(&basis.content, &frozen), frozen.entries() as u64));
        }
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
        let attempt = self.try_out(transaction, own)?;
        if let Some(pinned) = pinned(transaction)?
            && matches!(gate, Gate::Asked)
        {
            return self.go_on(transaction, &attempt, vec![Reason::Pinned { serial: pinned }]);
        }
        if attempt.is_unchanged() {
            return self.nothing_new(transaction, &attempt);
        }
        let origin = match (gate, attempt.judge(transaction)?) {
            (Gate::Asked, Verdict::Held(reasons)) if attempt.goes_on_anyway(transaction, &reasons)? => {
                for reason in reasons {
                    write_log(transaction, attempt.setting.now, "warn", "gate", None, &reason.to_string())?;
                }
                Made { origin: Origin::Policy, content_of: None, actor: None }
            }
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
        let held = |last| Ok(Published::Held { reasons, last });
        // A store that never published has no list that goes on meanwhile, and one that lost its last file none that
        // could be told from. Whatever is marked stays so.
        let (Some(last), Some(basis)) = (&attempt.last, &attempt.basis) else {
            return held(attempt.last.clone());
        };
        let frozen = attempt.frozen(transaction, true)?;
        // What only time made dirty would be forgotten by the next publication, which remembers a later time.
        dirty::replace(transaction, attempt.unsettled(transaction, &frozen)?)?;
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
