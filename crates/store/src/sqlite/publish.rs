//! From active listings to a publication.

use std::collections::{BTreeMap, HashMap};

use blocklist::gate::{Verdict, judge};
use blocklist::{
    Content, Delta, DetailsId, DetailsTable, Hash, Head, Listing, Policy, Serial, SourceId, SourceName, Time,
    codec,
};
use rusqlite::{Connection, OptionalExtension, Transaction, params};

use super::import::begin;
use super::merge::intern;
use super::query::write_log;
use super::{Store, rows};
use crate::{Error, PublicationRow, Published, Result, RunId};

/// The active listings of the source that a transaction has just changed: they need not be read again.
pub(super) struct Own {
    pub(super) source: SourceId,
    pub(super) run: RunId,
    pub(super) listings: Vec<Listing>,
    pub(super) details: DetailsTable,
}

impl Store {
    /// Publishes what policy and gate let through, when it differs from the last publication.
    pub fn publish(&self, policy: Policy) -> Result<Published> {
        let _lock = self.files().lock()?;
        let mut writer = self.writer();
        let transaction = begin(&mut writer)?;
        let published = self.publish_in(&transaction, None, policy, true)?;
        self.commit(transaction, &published)?;
        Ok(published)
    }

    /// Publishes without what has ended since the last publication, if anything has.
    pub fn publish_ended(&self, policy: Policy) -> Result<Published> {
        let _lock = self.files().lock()?;
        let mut writer = self.writer();
        let transaction = begin(&mut writer)?;
        let published = self.publish_if_ended(&transaction, policy)?;
        self.commit(transaction, &published)?;
        Ok(published)
    }

    /// What [`Self::publish`] would publish: the delta to the last publication, and the gate's verdict.
    pub fn preview_publication(&self, policy: Policy) -> Result<(Delta, Verdict)> {
        let now = self.now();
        self.read(|connection| {
            let candidate = candidate(connection, None, None, policy, now)?;
            let last = last(connection)?;
            let newest = self.newest(last.as_ref())?;
            let old = match newest {
                Some(newest) => self.files().read(newest.serial)?.1,
                None => Content::default(),
            };
            let verdict = judge(&candidate, last.is_some() || newest.is_none());
            Ok((Delta::between(old.prefixes(), candidate.prefixes()), verdict))
        })
    }

    /// Publishes only when a listing has ended since the last publication: for transactions that changed none.
    pub(super) fn publish_if_ended(
        &self,
        transaction: &Transaction<'_>,
        policy: Policy,
    ) -> Result<Published> {
        match last(transaction)? {
            Some(last) if last.next_end.is_none_or(|end| end > self.now()) => Ok(Published::Same(last)),
            _ => self.publish_in(transaction, None, policy, false),
        }
    }

    /// Writes file and row of a new publication; the caller commits and moves the link.
    pub(super) fn publish_in(
        &self,
        transaction: &Transaction<'_>,
        own: Option<Own>,
        policy: Policy,
        anew: bool,
    ) -> Result<Published> {
        let now = self.now();
        let last = last(transaction)?;
        let newest = self.newest(last.as_ref())?;
        let served = newest.and_then(|newest| self.files().read(newest.serial).ok());
        let kept = own.as_ref().map(|own| own.run);
        let basis = match (&served, &last) {
            // The command `publish` trusts no file: it reads every listing.
            (Some((head, content)), Some(last)) if !anew && head.hash == last.hash => {
                is_in_step(transaction, last.serial, policy, kept)?.then_some(content)
            }
            _ => None,
        };
        let content = candidate(transaction, own, basis, policy, now)?;
        if let Verdict::Held(reasons) = judge(&content, last.is_some() || newest.is_none()) {
            // A store that never published has no list that goes on meanwhile.
            if newest.is_some() {
                let text = reasons.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ");
                write_log(transaction, now, "warn", "gate", None, &text)?;
            }
            return Ok(Published::Held { reasons, last });
        }
        let (bytes, hash) = codec::encode_content(&content);
        if let Some(last) = &last
            && last.hash == hash
            && newest.is_none_or(|newest| newest.serial == last.serial)
        {
            self.mend_file(last, &bytes)?;
            return Ok(Published::Same(last.clone()));
        }

        // Against what is served, which after a restored backup is not the database's last.
        let delta = served.map(|(_, served)| Delta::between(served.prefixes(), content.prefixes()));
        let same_set = delta.as_ref().is_some_and(Delta::is_empty);
        let entries = content.prefixes().count() as u64;
        let head = next_head(newest, same_set, hash, now);
        let row = PublicationRow {
            serial: head.serial,
            published_at: head.published_at,
            changed_at: head.changed_at,
            entries,
            added: delta.as_ref().map_or(entries, |delta| delta.added.len() as u64),
            removed: delta.as_ref().map_or(0, |delta| delta.removed.len() as u64),
            hash,
            next_end: content.next_end(),
        };
        self.files().write(&head, &bytes)?;
        write_row(transaction, &row, newest.map(|newest| newest.serial), delta.as_ref(), policy)?;
        Ok(Published::New(row))
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
        Ok(Some(self.files().read(serial).map_or(fallback, |(head, _)| head)))
    }

    /// Writes the file of the last publication again when it is gone or torn: the content is the same.
    fn mend_file(&self, last: &PublicationRow, content: &[u8]) -> Result<()> {
        if self.files().read(last.serial).is_err() {
            self.files().write(&last.head(), content)?;
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
}

/// The head of the next publication. Serials and times only grow, also past a clock that was set back.
fn next_head(newest: Option<Head>, same_set: bool, hash: Hash, now: Time) -> Head {
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

/// What policy lets through of all active listings.
///
/// With the listings of one source at hand, those of the others come from the last publication where it is known to
/// hold just them: a million listings are read from a file in a twentieth of the time that the database takes.
fn candidate(
    connection: &Connection,
    own: Option<Own>,
    last: Option<&Content>,
    policy: Policy,
    now: Time,
) -> Result<Content> {
    let sources = sources(connection)?;
    let (own_source, mut listings, mut details) = match own {
        Some(own) => (Some(own.source), own.listings, own.details),
        None => (None, Vec::new(), DetailsTable::default()),
    };
    match last {
        Some(last) => {
            let ids: HashMap<&SourceName, SourceId> = sources.iter().map(|(&id, name)| (name, id)).collect();
            let ids: Vec<Option<SourceId>> =
                last.sources().iter().map(|name| ids.get(name).copied()).collect();
            let texts: Vec<DetailsId> =
                last.details().iter().map(|text| details.intern(text.clone())).collect();
            let others = last.listings().iter().filter_map(|listing| {
                let source = ids[listing.source.0 as usize].filter(|&source| Some(source) != own_source)?;
                Some(Listing { source, details: texts[listing.details.0 as usize], ..*listing })
            });
            listings.extend(others);
        }
        None => {
            for &source in sources.keys().filter(|&&source| Some(source) != own_source) {
                read_active(connection, source, &mut details, &mut listings)?;
            }
        }
    }
    policy.apply(&mut listings, now);
    Ok(Content::new(&sources, &details, listings))
}

fn read_active(
    connection: &Connection,
    source: SourceId,
    details: &mut DetailsTable,
    listings: &mut Vec<Listing>,
) -> Result<()> {
    let failed = || Error::database("cannot read the active listings");
    let mut statement = connection
        .prepare_cached(
            "SELECT prefix, detected, until, reason, country, category, severity, confidence
             FROM listings WHERE source = ? AND state = 0 ORDER BY prefix",
        )
        .map_err(failed())?;
    let mut found = statement.query([source.0]).map_err(failed())?;
    while let Some(row) = found.next().map_err(failed())? {
        let listing = (|| {
            Ok(Listing {
                prefix: rows::prefix(row, 0)?,
                source,
                details: intern(details, row, 3)?,
                detected: rows::time(row, 1)?,
                until: rows::optional_time(row, 2)?,
            })
        })();
        listings.push(listing.map_err(failed())?);
    }
    Ok(())
}

/// Whether the last publication holds just what policy let through of all active listings when it was made, apart from
/// what the run that is being kept changes: the rules are the same, and neither another run nor a person changed anything
/// since.
fn is_in_step(connection: &Connection, last: Serial, policy: Policy, kept: Option<RunId>) -> Result<bool> {
    connection
        .prepare_cached(
            "SELECT policy = ?2 AND publications.run IS NOT NULL AND NOT EXISTS (
                SELECT 1 FROM runs WHERE runs.id > publications.run AND runs.id IS NOT ?3
                    AND runs.new + runs.changed + runs.withdrawn > 0)
             FROM publications WHERE serial = ?1",
        )
        .and_then(|mut statement| {
            let parameters = params![last.0 as i64, policy_text(policy), kept.map(|run| run.0)];
            statement.query_row(parameters, |row| row.get(0)).optional()
        })
        .map(|in_step| in_step.unwrap_or(false))
        .map_err(Error::database("cannot look what changed since the last publication"))
}

/// Equal for equal rules.
fn policy_text(policy: Policy) -> String {
    format!("{policy:?}")
}

fn sources(connection: &Connection) -> Result<BTreeMap<SourceId, SourceName>> {
    connection
        .prepare_cached("SELECT id, name FROM sources")
        .and_then(|mut statement| {
            statement.query_map([], |row| Ok((SourceId(row.get(0)?), rows::source(row, 1)?)))?.collect()
        })
        .map_err(Error::database("cannot read the sources"))
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
    follows: Option<Serial>,
    delta: Option<&Delta>,
    policy: Policy,
) -> Result<()> {
    transaction
        .execute(
            "INSERT INTO publications (serial, published_at, changed_at, hash, entries, added, removed, next_end,
                follows, delta, policy, run)
             VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, (SELECT max(id) FROM runs))",
            params![
                row.serial.0 as i64,
                row.published_at.unix(),
                row.changed_at.unix(),
                row.hash.0,
                row.entries as i64,
                row.added as i64,
                row.removed as i64,
                rows::time_sql(row.next_end),
                follows.map(|serial| serial.0 as i64),
                delta.map(Delta::to_bytes),
                policy_text(policy),
            ],
        )
        .map(drop)
        .map_err(Error::database("cannot keep the publication"))
}
