//! A publication as it is written down: its file, its row, its link.

use blocklist::{Content, Delta, Head, Serial, Time};
use rusqlite::{Connection, OptionalExtension, Transaction, params};

use super::attempt::Attempt;
use super::{Store, rows};
use crate::{Actor, Error, Origin, PublicationRow, Published, Result};

/// How a publication came to be.
pub(super) struct Made<'a> {
    pub(super) origin: Origin,
    pub(super) content_of: Option<Serial>,
    pub(super) actor: Option<&'a Actor<'a>>,
}

impl Store {
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
        self.note_written(head.serial)?;
        write_row(transaction, &row, attempt, delta.as_ref())?;
        self.promise(&row, content.clone());
        Ok(row)
    }

    /// The newest publication there is: the database's, or one on disk that a restored database does not know.
    pub(super) fn newest(&self, last: Option<&PublicationRow>) -> Result<Option<Head>> {
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

    /// What was just written is sound when all that it stands on is.
    fn note_written(&self, serial: Serial) -> Result<()> {
        let stamp = self.files().stamp(serial)?;
        let mut sound = self.sound();
        let is_sound = stamp.is_full() || sound.as_ref().is_some_and(|before| stamp.follows(before));
        *sound = is_sound.then_some(stamp);
        Ok(())
    }

    /// Writes the last publication again when it is gone or torn: the content is the same.
    pub(super) fn mend_file(&self, last: &PublicationRow, content: &Content) -> Result<()> {
        let stamp = self.files().stamp(last.serial).ok();
        if stamp.is_none() || *self.sound() != stamp {
            if stamp.is_none() || self.files().read(last.serial).is_err() {
                self.files().write_full(&last.head(), content)?;
            }
            *self.sound() = Some(self.files().stamp(last.serial)?);
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
