//! Publications of the past: read again, compared, brought back.

use std::collections::BTreeSet;
use std::sync::PoisonError;

use blocklist::{Content, Delta, Head, Publication, Serial, Time};
use rusqlite::{Connection, OptionalExtension, Transaction, params};
use serde_json::json;

use super::attempt::Attempt;
use super::import::begin;
use super::policy::json_setting;
use super::record::Made;
use super::{Store, audit, dirty, held, rows};
use crate::{Actor, Error, History, Origin, Pin, Preview, PublicationRow, Published, Result};

/// The key under which a way back is kept, as JSON.
const PIN: &str = "publication.pinned";
/// The key under which it is kept how long publications are, as JSON.
const HISTORY: &str = "history";
/// Old publications are looked for at every so many new ones.
const FORGET_EVERY: u64 = 16;
/// How many bytes of steps are put together rather than two publications read: a million prefixes or so.
const MOST_TOLD: usize = 8 << 20;

impl Store {
    /// What a publication held, with its index. [`Error::NoPublication`] for one that was forgotten or never was.
    pub fn load_publication(&self, serial: Serial) -> Result<Publication> {
        let (head, content) = self.content_of(serial)?;
        Publication::new(head, content).map_err(|_| Error::NoPublication(serial))
    }

    /// The same of a publication as the database knows it: at once when it is the one that is served.
    pub(super) fn load_known(&self, row: &PublicationRow) -> Result<Publication> {
        // By its hash too: after a restored backup a number can come a second time.
        match self.latest().filter(|(head, _)| (head.serial, head.hash) == (row.serial, row.hash)) {
            Some((head, content)) => {
                Publication::new(head, content).map_err(|_| Error::NoPublication(row.serial))
            }
            None => self.load_publication(row.serial),
        }
    }

    /// Remembers the publication that this process serves. Its chunks are shared, so it takes no memory of its own.
    pub fn remember_served(&self, publication: &Publication) {
        self.remember(*publication.head(), publication.content().clone());
    }

    /// The content of any publication there is.
    fn content_of(&self, serial: Serial) -> Result<(Head, Content)> {
        let latest = self.latest();
        let before = latest.as_ref().map(|(head, content)| (*head, content));
        self.files().read_after(serial, before).map_err(|error| match error {
            Error::File { cause, .. } if cause.kind() == std::io::ErrorKind::NotFound => {
                Error::NoPublication(serial)
            }
            error => error,
        })
    }

    /// What differs from one publication to another, in whichever order.
    pub fn diff(&self, from: Serial, to: Serial) -> Result<Delta> {
        let (old, new) = (from.min(to), from.max(to));
        let delta = match self.read(|connection| told(connection, old, new))? {
            Some(delta) => delta,
            None => Delta::of(&self.content_of(old)?.1, &self.content_of(new)?.1),
        };
        Ok(if from <= to { delta } else { Delta { added: delta.removed, removed: delta.added } })
    }

    /// The publication that was live at a time: the last one published then or before.
    pub fn publication_at(&self, time: Time) -> Result<Option<PublicationRow>> {
        self.read(|connection| {
            let sql = format!(
                "SELECT {} FROM publications WHERE published_at <= ? ORDER BY serial DESC LIMIT 1",
                rows::PUBLICATION
            );
            connection
                .query_row(&sql, [time.unix()], rows::publication)
                .optional()
                .map_err(Error::database("cannot read the publications"))
        })
    }

    /// Brings the content of an old publication back under a new serial, and holds it there until [`Self::release`]: without
    /// what has ended or is protected since, and with what people block by hand now.
    pub fn rollback(&self, to: Serial, actor: &Actor<'_>) -> Result<Published> {
        // A publication never changes: it is read before anybody has to wait for it.
        let (_, old) = self.content_of(to)?;
        let _lock = self.files().lock()?;
        let mut writer = self.writer();
        let transaction = begin(&mut writer)?;
        let now = self.now();
        let (attempt, content) = self.brought_back(&transaction, to, &old)?;
        let before = pin(&transaction)?.map(|pin| json!(pin));
        let pin = Pin { serial: to, by: actor.by.to_owned(), note: actor.note.map(str::to_owned), at: now };
        let text = serde_json::to_string(&pin).map_err(|_| Error::Corrupt { what: "a pin" })?;
        put(&transaction, PIN, &text, now)?;
        audit::write(
            &transaction,
            now,
            actor,
            "publication.rollback",
            &to.to_string(),
            before.as_ref(),
            Some(&json!(pin)),
        )?;
        held::superseded(&transaction, now)?;
        // Whatever is dirty stays so: it is taken in after the release.
        dirty::mark(&transaction, attempt.built.hits.keys().copied())?;
        let made = Made { origin: Origin::Rollback, content_of: Some(to), actor: Some(actor) };
        let row = self.write_publication(&transaction, &attempt, &content, &made)?;
        // What differs between the two is evaluated again after the release.
        let nothing = Content::default();
        let base = attempt.basis.as_ref().map_or(&nothing, |basis| &basis.content);
        let differing: Vec<_> =
            base.differing(&content).filter_map(|(a, b)| a.or(b).map(|chunk| chunk.key())).collect();
        dirty::mark(&transaction, differing)?;
        let published = Published::New(row);
        self.commit(transaction, &published)?;
        Ok(published)
    }

    /// What [`Self::rollback`] would add and remove.
    pub fn preview_rollback(&self, to: Serial) -> Result<Preview> {
        let (_, old) = self.content_of(to)?;
        let _lock = self.files().lock()?;
        let mut writer = self.writer();
        let transaction = begin(&mut writer)?;
        let (attempt, content) = self.brought_back(&transaction, to, &old)?;
        Ok(attempt.preview(&content, Vec::new(), Vec::new()))
    }

    /// What of an old publication may be served today.
    fn brought_back(
        &self,
        transaction: &Transaction<'_>,
        to: Serial,
        old: &Content,
    ) -> Result<(Attempt, Content)> {
        let attempt = self.try_out(transaction, None)?;
        let nothing = Content::default();
        let base = attempt.basis.as_ref().map_or(&nothing, |basis| &basis.content);
        // What people block by hand stays, wherever it is.
        let both = old.chunks().iter().chain(base.chunks()).map(|chunk| chunk.key());
        let chunks: BTreeSet<_> = both.chain(attempt.built.hits.keys().copied()).collect();
        let content = attempt.setting.frozen(transaction, old, chunks.into_iter(), true, false)?;
        if content.is_empty() { Err(Error::NothingLeft(to)) } else { Ok((attempt, content)) }
    }

    /// What [`Self::release`] would add and remove.
    pub fn preview_release(&self) -> Result<Preview> {
        self.preview_change(|transaction| self.unpin(transaction, &Actor::NOBODY))
            .map(|((), preview)| preview)
    }

    /// Lets the list go on from a rollback: what is kept now is judged and published.
    pub fn release(&self, actor: &Actor<'_>) -> Result<Published> {
        self.change(|transaction| self.unpin(transaction, actor)).map(|((), published)| published)
    }

    fn unpin(&self, transaction: &Transaction<'_>, actor: &Actor<'_>) -> Result<()> {
        let before = pin(transaction)?.ok_or(Error::NotPinned)?;
        transaction
            .execute("DELETE FROM settings WHERE key = ?", [PIN])
            .map_err(Error::database("cannot release the publication"))?;
        let (now, target) = (self.now(), before.serial.to_string());
        audit::write(transaction, now, actor, "publication.release", &target, Some(&json!(before)), None)
    }

    /// The publication that a person brought back and that is held there.
    pub fn pinned(&self) -> Result<Option<Pin>> {
        self.read(pin)
    }

    /// How long publications are kept.
    pub fn history(&self) -> Result<History> {
        self.read(|connection| json_setting(connection, HISTORY, "how long publications are kept"))
    }

    /// Changes how long publications are kept.
    pub fn set_history(&self, history: &History, actor: &Actor<'_>) -> Result<()> {
        let mut writer = self.writer();
        let transaction = begin(&mut writer)?;
        let now = self.now();
        let before: History = json_setting(&transaction, HISTORY, "how long publications are kept")?;
        let text = serde_json::to_string(history).map_err(|_| Error::Corrupt { what: "a setting" })?;
        put(&transaction, HISTORY, &text, now)?;
        let (before, after) = (json!(before), json!(history));
        audit::write(&transaction, now, actor, "history.set", HISTORY, Some(&before), Some(&after))?;
        transaction.commit().map_err(Error::database("cannot keep the setting"))
    }

    /// Forgets publications that are older than they are kept. A failure is told by the next try: nothing waits for it.
    pub(super) fn forget_old(&self, newest: Serial) -> Result<()> {
        if !newest.0.is_multiple_of(FORGET_EVERY) {
            return Ok(());
        }
        let History { days, least } = self.history()?;
        let since = self.now().plus_seconds(-i64::from(days) * 86_400);
        let oldest: Option<i64> = self.read(|connection| {
            connection
                .query_row(
                    "SELECT min(serial) FROM publications WHERE published_at >= ? OR serial > ?",
                    params![since.unix(), newest.0.saturating_sub(u64::from(least)) as i64],
                    |row| row.get(0),
                )
                .map_err(Error::database("cannot read the publications"))
        })?;
        match oldest {
            Some(oldest) => self.files().forget_before(Serial(oldest.max(0) as u64)).map(drop),
            None => Ok(()),
        }
    }

    /// The newest publication that this process made, serves or built upon.
    pub fn latest(&self) -> Option<(Head, Content)> {
        self.latest.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Whoever follows the publications may be a step behind whoever makes them, which takes nothing back.
    pub(super) fn remember(&self, head: Head, content: Content) {
        let mut latest = self.latest.lock().unwrap_or_else(PoisonError::into_inner);
        if latest.as_ref().is_none_or(|(known, _)| known.serial <= head.serial) {
            *latest = Some((head, content));
        }
    }

    /// Calls `told` after each publication of this process, when it can be read.
    pub fn on_publication(&self, told: impl Fn() + Send + Sync + 'static) {
        self.told.lock().unwrap_or_else(PoisonError::into_inner).push(Box::new(told));
    }

    pub(super) fn tell(&self) {
        self.told.lock().unwrap_or_else(PoisonError::into_inner).iter().for_each(|told| told());
    }

    /// Remembers a publication that is about to be committed.
    pub(super) fn promise(&self, row: &PublicationRow, content: Content) {
        *self.promised.lock().unwrap_or_else(PoisonError::into_inner) = Some((row.head(), content));
    }

    /// After the commit: what was promised, if it is what came of it.
    pub(super) fn keep_promise(&self, current: Option<Serial>) -> Option<Serial> {
        let promised = self.promised.lock().unwrap_or_else(PoisonError::into_inner).take();
        let (head, content) = promised.filter(|(head, _)| Some(head.serial) == current)?;
        *self.latest.lock().unwrap_or_else(PoisonError::into_inner) = Some((head, content));
        Some(head.serial)
    }
}

pub(super) fn pin(connection: &Connection) -> Result<Option<Pin>> {
    json_setting(connection, PIN, "a publication that is held")
}

/// Keeps a setting inside a transaction.
pub(super) fn put(transaction: &Transaction<'_>, key: &str, value: &str, now: Time) -> Result<()> {
    transaction
        .execute(
            "INSERT INTO settings (key, value, changed_at) VALUES (?1, ?2, ?3)
             ON CONFLICT (key) DO UPDATE SET value = ?2, changed_at = ?3",
            params![key, value, now.unix()],
        )
        .map(drop)
        .map_err(Error::database("cannot keep the setting"))
}

/// The publication that a person brought back and holds.
pub(super) fn pinned(connection: &Connection) -> Result<Option<Serial>> {
    let pin: Option<Pin> = json_setting(connection, PIN, "a publication that is held")?;
    Ok(pin.map(|pin| pin.serial))
}

/// What differs between two publications, by what was written down with each step from one to the other. `None` where a step
/// is not known, or where the steps are so many that reading the two is less work.
fn told(connection: &Connection, old: Serial, new: Serial) -> Result<Option<Delta>> {
    let failed = || Error::database("cannot read what changed from one publication to another");
    let mut statement = connection
        .prepare_cached(
            "SELECT serial, follows, delta FROM publications WHERE serial > ? AND serial <= ? ORDER BY serial",
        )
        .map_err(failed())?;
    let mut steps = statement.query([old.0 as i64, new.0 as i64]).map_err(failed())?;
    let (mut at, mut all, mut bytes) = (old, Delta::default(), 0);
    while let Some(row) = steps.next().map_err(failed())? {
        let serial = rows::serial(row, 0).map_err(failed())?;
        let follows = rows::serial(row, 1).map_err(failed())?;
        let step = row.get_ref(2).and_then(|value| Ok(value.as_blob_or_null()?)).map_err(failed())?;
        let (Some(serial), Some(step)) = (serial, step) else { return Ok(None) };
        bytes += step.len();
        if follows != Some(at) || bytes > MOST_TOLD {
            return Ok(None);
        }
        at = serial;
        let step = Delta::from_bytes(step).ok_or(Error::Corrupt { what: "what a publication changed" })?;
        all = if all.is_empty() { step } else { all.then(&step) };
    }
    // Of a publication and itself there is no step that would say that it is there.
    Ok((at == new && old != new).then_some(all))
}
