//! What people block by hand: a run of the source `manual`, through the way of every other run.
//!
//! All of an order or nothing: an objection to one prefix is an [`Error::Objections`] with every one. A block goes out in
//! the transaction that keeps it, also while something else is held. It never shortens another one: of an address that is
//! blocked already the later end stays.

use blocklist::policy::MANUAL;
use blocklist::{ChunkKey, Mode, Record, SourceId, SourceName, Time};
use prefix::Prefix;
use prefix::prefix::Either;
use rusqlite::{OptionalExtension, Transaction, params};
use serde_json::json;

use super::import::Import;
use super::policy::gate_rules;
use super::publish::Gate;
use super::remove::revive;
use super::sources::find_or_make;
use super::{Store, audit, hits, rows};
use crate::manual::{MAX_BY_HAND, Objections, Unfit};
use crate::{Actor, ByHand, Error, ImportedRun, Preview, Result, Run, Trigger};

/// The kind of the source: nothing fetches it.
const KIND: &str = "manual";
/// What stands in the place of a parser.
const PARSER: &str = "manual";
/// So many guards of one prefix are told.
const GUARDS_TOLD: usize = 3;

impl Store {
    /// Blocks by hand, and publishes.
    pub fn block(&self, new: &ByHand<'_>, actor: &Actor<'_>) -> Result<ImportedRun> {
        let (run, published) =
            self.change_with(Gate::Asked, |transaction| self.block_in(transaction, new, actor))?;
        Ok(ImportedRun { run, published })
    }

    /// What [`Self::block`] would do. What somebody else's change is held for does not hold a block.
    pub fn preview_block(&self, new: &ByHand<'_>) -> Result<(Run, Preview)> {
        let block = |transaction: &Transaction<'_>| self.block_in(transaction, new, &Actor::NOBODY);
        let (run, mut preview) = self.preview_change(block)?;
        if let Some((delta, entries)) = preview.meanwhile.take() {
            preview = Preview { delta, entries, reasons: Vec::new(), ..preview };
        }
        Ok((run, preview))
    }

    fn block_in(&self, transaction: &Transaction<'_>, new: &ByHand<'_>, actor: &Actor<'_>) -> Result<Run> {
        let now = self.now();
        let name = manual()?;
        self.object(transaction, new, now)?;
        let source = find_or_make(transaction, &name, now, false)?;
        adopt(transaction, source, now)?;
        let mut batch = new.batch.clone();
        for record in &mut batch.records {
            make_way(transaction, source, record)?;
        }
        let import = Import {
            source: &name,
            parser: PARSER,
            mode: Mode::Add,
            input: new.input,
            input_key: None,
            started_at: now,
            batch: &batch,
            min_share: 0.0,
            allow_empty: false,
            trigger: Trigger::Person,
            window: None,
            state: None,
        };
        let (run, merged) = self.apply(transaction, source, &import, Some(actor))?;
        // A source that was removed came back as one of files.
        set_kind(transaction, source)?;
        if let Some(merged) = &merged {
            merged.mark(transaction)?;
        }
        if new.anyway {
            self.was_asked(transaction, source, &batch.records, now)?;
        }
        let prefixes: Vec<Prefix> = batch.records.iter().map(|record| record.prefix).collect();
        let after = json!({"run": run.run, "new": run.new, "changed": run.changed, "anyway": new.anyway, "wide": new.wide});
        audit::write(transaction, now, actor, "listing.add", &target(&prefixes), None, Some(&after))?;
        Ok(run)
    }

    /// All that stands against it.
    fn object(&self, transaction: &Transaction<'_>, new: &ByHand<'_>, now: Time) -> Result<()> {
        if new.batch.records.len() > MAX_BY_HAND {
            return Err(Error::OrderTooLong { most: MAX_BY_HAND });
        }
        let gate = gate_rules(transaction)?;
        let protected = self.protected(transaction, now)?;
        let mut objections = Objections::default();
        for record in &new.batch.records {
            let prefix = record.prefix;
            if let Err(refusal) = self.rules().admit(prefix) {
                objections.add(prefix, Unfit::Refused { refusal: refusal.id().to_owned() });
                continue;
            }
            if let Some(at) = record.until.filter(|&until| until <= now) {
                objections.add(prefix, Unfit::Ended { at });
            }
            let widest = match prefix.split() {
                Either::V4(_) => gate.widest_v4,
                Either::V6(_) => gate.widest_v6,
            };
            if let Some(widest) = widest.filter(|&widest| prefix.len() < widest && !new.wide) {
                objections.add(prefix, Unfit::Wide { widest });
            }
            if new.anyway {
                continue;
            }
            for guard in protected.touching(prefix).take(GUARDS_TOLD) {
                let (guard_text, name) = (guard.prefix.to_string(), guard.name.to_string());
                objections.add(prefix, Unfit::Protected { kind: guard.kind, guard: guard_text, name });
            }
        }
        objections.none()
    }

    /// A person who blocks something although it is protected has been asked: the gate need not hold the list for it.
    fn was_asked(
        &self,
        transaction: &Transaction<'_>,
        source: SourceId,
        records: &[Record],
        now: Time,
    ) -> Result<()> {
        let protected = self.protected(transaction, now)?;
        for record in records {
            let Some(chunk) = ChunkKey::of(record.prefix) else { continue };
            for guard in protected.touching(record.prefix).take(blocklist::policy::MAX_HITS) {
                hits::add(transaction, chunk, source, record.prefix, guard.kind, guard.prefix)?;
            }
        }
        Ok(())
    }
}

/// The name of the source.
pub(super) fn manual() -> Result<SourceName> {
    MANUAL.parse().map_err(|_| Error::Corrupt { what: "the name of the source of blocks by hand" })
}

/// Makes the source one of blocks by hand.
fn adopt(transaction: &Transaction<'_>, source: SourceId, now: Time) -> Result<()> {
    revive(transaction, source, now)?;
    let kind: String = transaction
        .query_row("SELECT kind FROM sources WHERE id = ?", [source.0], |row| row.get(0))
        .map_err(Error::database("cannot read the source"))?;
    match kind.as_str() {
        KIND | "file" => set_kind(transaction, source),
        _ => Err(Error::NotByHand { kind }),
    }
}

fn set_kind(transaction: &Transaction<'_>, source: SourceId) -> Result<()> {
    transaction
        .execute("UPDATE sources SET kind = ?2 WHERE id = ?1 AND kind <> ?2", params![source.0, KIND])
        .map(drop)
        .map_err(Error::database("cannot keep the source"))
}

/// Lets a record in where a person took the same out before, and keeps the later of two ends.
fn make_way(transaction: &Transaction<'_>, source: SourceId, record: &mut Record) -> Result<()> {
    let failed = || Error::database("cannot read what is blocked already");
    let mut buffer = [0; Prefix::MAX_KEY];
    let key = record.prefix.to_key(&mut buffer);
    let kept = transaction
        .prepare_cached(
            "SELECT state, ifnull(set_until, until), set_until IS NOT NULL FROM listings WHERE source = ? AND prefix = ?",
        )
        .and_then(|mut statement| {
            let row = statement.query_row(params![source.0, key], |row| {
                Ok((row.get::<_, i64>(0)?, rows::optional_time(row, 1)?, row.get::<_, bool>(2)?))
            });
            row.optional()
        })
        .map_err(failed())?;
    let Some((state, until, end_is_set)) = kept else { return Ok(()) };
    if state == rows::ACTIVE {
        record.until = record.until.zip(until).map(|(new, old)| new.max(old));
    }
    if state == rows::REMOVED || end_is_set {
        // The run tells that it is listed again.
        let (to, moved) = if state == rows::REMOVED { (rows::WITHDRAWN, 1) } else { (state, 0) };
        transaction
            .execute(
                "UPDATE listings SET state = ?3, set_until = NULL WHERE source = ?1 AND prefix = ?2",
                params![source.0, key, to],
            )
            .and_then(|_| {
                transaction.execute(
                    "UPDATE sources SET removed = removed - ?2, withdrawn = withdrawn + ?2 WHERE id = ?1",
                    params![source.0, moved],
                )
            })
            .map_err(failed())?;
    }
    Ok(())
}

/// What an order was about, short enough for a table.
pub(super) fn target(prefixes: &[Prefix]) -> String {
    const TOLD: usize = 5;
    let text = prefixes.iter().take(TOLD).map(ToString::to_string).collect::<Vec<_>>().join(" ");
    match prefixes.len().saturating_sub(TOLD) {
        0 => text,
        more => format!("{text} and {more} more"),
    }
}
