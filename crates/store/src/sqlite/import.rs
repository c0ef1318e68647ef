//! One run into the store: listings, the run itself, its refused rows and the publication after it, in one transaction.

use blocklist::{Batch, Mode, SourceId, SourceName, Time};
use rusqlite::{Connection, OptionalExtension, Transaction, TransactionBehavior, params};
use serde_json::json;

use super::merge::{Brought, Merged, join, merge};
use super::publish::{Gate, Own};
use super::query::write_log;
use super::remove::revive;
use super::run::{begun, refuse, write_rejected, write_run};
use super::seen::{asks_last_seen, write_seen};
use super::sources::{find_or_make, write_state};
use super::write::write_changes;
use super::{Store, audit, rows};
use crate::{Actor, Error, ImportedRun, Preview, Result, Run, Trigger, Window};

/// One run, read and validated, to be kept.
#[derive(Clone, Copy, Debug)]
pub struct Import<'a> {
    /// Of which source.
    pub source: &'a SourceName,
    /// The parser that read it.
    pub parser: &'a str,
    /// What the content means.
    pub mode: Mode,
    /// The file's name, or `-`.
    pub input: &'a str,
    /// Identifies input, parser, mode and rules, so that the same again can be told without reading it; see
    /// [`Store::same_input`].
    pub input_key: Option<[u8; 32]>,
    /// When the run started; listings without a date of their own count as detected then.
    pub started_at: Time,
    /// What was read.
    pub batch: &'a Batch,
    /// A full list with less than this share (0 to 1) of what the source had is refused.
    pub min_share: f64,
    /// Whether an input without any row is believed: an addition may bring nothing, and a full list may be empty where
    /// there was nothing before. Without this it is refused.
    pub allow_empty: bool,
    /// Who wanted the run.
    pub trigger: Trigger,
    /// Of a portal: the days that were asked for.
    pub window: Option<Window>,
    /// Where a fetched source stands after the run. Such a source must be there: one that a person removed meanwhile is
    /// an error, and stays removed. Without a state, the source is made when it is new, and comes back when it was removed.
    pub state: Option<StateAfter<'a>>,
}

/// Where a fetched source stands after a run, as JSON: one of the two is kept, in the transaction of the run.
#[derive(Clone, Copy, Debug)]
pub struct StateAfter<'a> {
    /// When the run was done.
    pub done: &'a str,
    /// When its content was not credible.
    pub refused: &'a str,
}

impl Store {
    /// Keeps a run and publishes. What is not credible (nothing accepted, or a full list that lost more than it may)
    /// is kept as a refused run and changes no listing.
    pub fn import(&self, import: &Import<'_>) -> Result<ImportedRun> {
        self.import_as(import, None)
    }

    /// The same for a file that a person brings: who, and what came of it, is written down in the same transaction.
    pub fn import_by(&self, import: &Import<'_>, actor: &Actor<'_>) -> Result<ImportedRun> {
        self.import_as(import, Some(actor))
    }

    fn import_as(&self, import: &Import<'_>, actor: Option<&Actor<'_>>) -> Result<ImportedRun> {
        let _lock = self.files().lock()?;
        let mut writer = self.writer();
        let transaction = begin(&mut writer)?;
        let source = find_or_make(&transaction, import.source, import.started_at, import.state.is_some())?;
        let (run, merged) = self.apply(&transaction, source, import, None)?;
        if let Some(actor) = actor {
            let after = json!({
                "run": run.run, "input": run.input, "mode": run.mode.as_str(), "state": run.state.as_str(),
                "new": run.new, "changed": run.changed, "withdrawn": run.withdrawn,
            });
            let (now, name) = (self.now(), import.source.as_str());
            audit::write(&transaction, now, actor, "source.import", name, None, Some(&after))?;
        }
        let published = match merged {
            Some(merged) if !merged.is_nothing() => {
                merged.mark(&transaction)?;
                // Of a few listings of a big source the rest is not at hand.
                let whole = !merged.few;
                let own = Own { source, listings: merged.after, details: merged.details };
                self.publish_in(&transaction, whole.then_some(own), Gate::Asked)?
            }
            _ => self.publish_if_ended(&transaction)?,
        };
        self.commit(transaction, &published)?;
        Ok(ImportedRun { run, published })
    }

    /// What [`Self::import`] would do, without doing it. The run has the number it would get.
    pub fn preview(&self, import: &Import<'_>) -> Result<Run> {
        let mut writer = self.writer();
        let transaction = begin(&mut writer)?;
        let source = find_or_make(&transaction, import.source, import.started_at, import.state.is_some())?;
        // Dropped without a commit: rolled back.
        self.apply(&transaction, source, import, None).map(|(run, _)| run)
    }

    /// The same, with what would come of the run: what the next publication would add and remove, and whether the gate
    /// would hold it.
    pub fn preview_import(&self, import: &Import<'_>) -> Result<(Run, Preview)> {
        self.preview_change(|transaction| {
            let source = find_or_make(transaction, import.source, import.started_at, import.state.is_some())?;
            let (run, merged) = self.apply(transaction, source, import, None)?;
            if let Some(merged) = merged.filter(|merged| !merged.is_nothing()) {
                merged.mark(transaction)?;
            }
            Ok(run)
        })
    }

    /// What [`Self::import`] would do where no store is yet.
    pub fn preview_first(import: &Import<'_>) -> Run {
        let mut run = begun(import);
        run.new = join(&import.batch.records).len() as u64;
        if let Some(cause) = nothing_in(import) {
            refuse(&mut run, cause);
        }
        run
    }

    /// The last run of a source, if it was done with this very input and nothing has touched the source's listings
    /// since.
    pub fn same_input(&self, source: &SourceName, input_key: &[u8; 32]) -> Result<Option<Run>> {
        self.read(|connection| {
            let known: Option<i64> = connection
                .query_row(
                    "SELECT id FROM sources WHERE name = ? AND input_key = ?",
                    params![source.as_str(), input_key],
                    |row| row.get(0),
                )
                .optional()
                .map_err(Error::database("cannot look for an earlier run"))?;
            let Some(id) = known else { return Ok(None) };
            let sql = format!(
                "SELECT {} FROM runs JOIN sources ON sources.id = runs.source
                 WHERE runs.source = ? AND runs.state = 'done' ORDER BY runs.id DESC LIMIT 1",
                rows::RUN
            );
            connection
                .query_row(&sql, [id], rows::run)
                .optional()
                .map_err(Error::database("cannot read the earlier run"))
        })
    }

    /// Writes the run and, when it is credible, what it changes.
    pub(super) fn apply(
        &self,
        transaction: &Transaction<'_>,
        source: SourceId,
        import: &Import<'_>,
        actor: Option<&Actor<'_>>,
    ) -> Result<(Run, Option<Merged>)> {
        let mut run = begun(import);
        run.by = actor.map(|actor| actor.by.to_owned());
        run.note = actor.and_then(|actor| actor.note).map(str::to_owned);
        let records = join(&import.batch.records);
        let now = self.now();
        if let Some(cause) = not_credible(transaction, source, import, records.len() as u64, now)? {
            write_log(transaction, now, "warn", "import", Some(source), &cause)?;
            refuse(&mut run, cause);
            run.ended_at = self.now();
            run.run = write_run(transaction, source, &run)?;
            write_rejected(transaction, source, run.run, import.batch)?;
            write_state(transaction, source, import.state.map(|state| state.refused))?;
            return Ok((run, None));
        }
        if import.state.is_none() {
            revive(transaction, source, now)?;
        }
        let brought = Brought {
            source,
            batch: import.batch,
            records: &records,
            mode: import.mode,
            first_seen: import.started_at,
            asks_last_seen: asks_last_seen(transaction, import.source)?,
        };
        let merged = merge(transaction, &brought)?;
        (run.new, run.changed) = (merged.new, merged.changed);
        (run.unchanged, run.withdrawn) = (merged.unchanged, merged.withdrawn);
        run.ended_at = self.now();
        run.run = write_run(transaction, source, &run)?;
        write_changes(transaction, source, run.run, &merged, now)?;
        write_seen(transaction, source, &merged.seen, import.started_at)?;
        write_rejected(transaction, source, run.run, import.batch)?;
        transaction
            .execute(
                "UPDATE sources SET input_key = ?, active = active + ?, withdrawn = withdrawn + ? WHERE id = ?",
                params![
                    import.input_key,
                    merged.new as i64 - merged.withdrawn as i64,
                    merged.withdrawn as i64 - merged.relisted as i64,
                    source.0
                ],
            )
            .map_err(Error::database("cannot keep the state of the source"))?;
        write_state(transaction, source, import.state.map(|state| state.done))?;
        Ok((run, Some(merged)))
    }
}

pub(super) fn begin(writer: &mut Connection) -> Result<Transaction<'_>> {
    writer
        .transaction_with_behavior(TransactionBehavior::Immediate)
        .map_err(Error::database("cannot begin to write"))
}

/// Why the content of a run is not credible, if it is not.
fn not_credible(
    transaction: &Transaction<'_>,
    source: SourceId,
    import: &Import<'_>,
    listings: u64,
    now: Time,
) -> Result<Option<String>> {
    let nothing = nothing_in(import);
    if nothing.is_some() {
        return Ok(nothing);
    }
    if import.mode == Mode::Add {
        return Ok(None);
    }
    let had: i64 = transaction
        .query_row(
            &format!("SELECT active - {} FROM sources WHERE id = ?2", rows::EXPIRED),
            params![now.unix(), source.0],
            |row| row.get(0),
        )
        .map_err(Error::database("cannot count the listings of the source"))?;
    // An empty full list never takes away what is there, whatever the share.
    let least = ((had as f64 * import.min_share).ceil() as u64).max(u64::from(listings == 0 && had > 0));
    Ok((listings < least).then(|| {
        format!(
            "a full list of {listings} listings where there were {had}: fewer than {least} are not believed"
        )
    }))
}

fn nothing_in(import: &Import<'_>) -> Option<String> {
    let batch = import.batch;
    let believed = !batch.records.is_empty() || import.allow_empty && batch.rows == 0;
    (!believed).then(|| match batch.rows {
        0 => "the input holds no row at all".to_owned(),
        1 => "its one row holds no address that can be listed".to_owned(),
        rows => format!("none of the {rows} rows holds an address that can be listed"),
    })
}
