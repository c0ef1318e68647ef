//! The rows of runs, and the runs that change no listing: the same input again, and an input that never came or could
//! not be read.

use std::collections::BTreeMap;

use blocklist::{Batch, Mode, SourceId, SourceName, Time};
use rusqlite::{Transaction, params};

use super::import::{Import, begin};
use super::publish::Gate;
use super::query::write_log;
use super::seen::see_again;
use super::sources::{find_or_make, require, write_state};
use super::{Store, rows};
use crate::{Error, ImportedRun, Result, Run, RunId, RunState, Trigger, Window};

/// The cause of a run whose content is not believed.
const NOT_CREDIBLE: &str = "not_credible";

/// A run whose input was the same as that of an earlier one.
#[derive(Clone, Copy, Debug)]
pub struct SameInput<'a> {
    /// The file's name, or `-`.
    pub input: &'a str,
    /// When the run started.
    pub started_at: Time,
    /// Who wanted it.
    pub trigger: Trigger,
    /// Of a portal: the days that were asked for.
    pub window: Option<Window>,
    /// Where a fetched source stands after it, as JSON.
    pub state: Option<&'a str>,
}

/// A run that took nothing.
#[derive(Clone, Copy, Debug)]
pub struct FailedRun<'a> {
    /// Of which source; made when it is new, unless there is a `source_state`.
    pub source: &'a SourceName,
    /// The parser that would have read it.
    pub parser: &'a str,
    /// What the content would have meant.
    pub mode: Mode,
    /// The file's name, or `-`.
    pub input: &'a str,
    /// When the run started.
    pub started_at: Time,
    /// [`RunState::Refused`] or [`RunState::Failed`].
    pub state: RunState,
    /// Why, for programs: the id of a cause.
    pub cause_id: Option<&'a str>,
    /// Why, for people.
    pub cause: &'a str,
    /// Who wanted it.
    pub trigger: Trigger,
    /// Of a portal: the days that were asked for.
    pub window: Option<Window>,
    /// Where a fetched source stands after it, as JSON. Such a source must be there.
    pub source_state: Option<&'a str>,
}

impl Store {
    /// Keeps a run whose input was the same as that of `earlier`: no listing is read or written, but that its listings
    /// were seen, where that is kept.
    pub fn import_same(&self, earlier: &Run, same: &SameInput<'_>) -> Result<ImportedRun> {
        let _lock = self.files().lock()?;
        let mut writer = self.writer();
        let transaction = begin(&mut writer)?;
        let source = require(&transaction, &earlier.source)?;
        let listings = earlier.new + earlier.changed + earlier.unchanged;
        let mut run = Run {
            trigger: same.trigger,
            window: same.window,
            input: same.input.to_owned(),
            started_at: same.started_at,
            ended_at: self.now(),
            new: 0,
            changed: 0,
            unchanged: listings,
            withdrawn: 0,
            same_as: Some(earlier.same_as.unwrap_or(earlier.run)),
            ..earlier.clone()
        };
        run.run = write_run(&transaction, source, &run)?;
        write_state(&transaction, source, same.state)?;
        let published = if see_again(&transaction, source, earlier, same.started_at)? {
            self.publish_in(&transaction, None, Gate::Asked)?
        } else {
            self.publish_if_ended(&transaction)?
        };
        self.commit(transaction, &published)?;
        Ok(ImportedRun { run, published })
    }

    /// Keeps the fact that a run took nothing. No listing changes, and a removed source stays removed.
    pub fn record_failure(&self, failed: &FailedRun<'_>) -> Result<Run> {
        let mut writer = self.writer();
        let transaction = begin(&mut writer)?;
        let source =
            find_or_make(&transaction, failed.source, failed.started_at, failed.source_state.is_some())?;
        let now = self.now();
        let mut run = Run {
            state: failed.state,
            cause_id: failed.cause_id.map(str::to_owned),
            cause: Some(failed.cause.to_owned()),
            trigger: failed.trigger,
            window: failed.window,
            ended_at: now,
            ..empty(failed.source, failed.parser, failed.mode, failed.input, failed.started_at)
        };
        run.run = write_run(&transaction, source, &run)?;
        write_state(&transaction, source, failed.source_state)?;
        write_log(&transaction, now, "error", "import", Some(source), failed.cause)?;
        transaction.commit().map_err(Error::database("cannot keep the run"))?;
        Ok(run)
    }
}

/// A run as its batch tells it, before it changes any listing.
pub(super) fn begun(import: &Import<'_>) -> Run {
    let batch = import.batch;
    let mut refusals = BTreeMap::new();
    for (cause, count) in &batch.refusals {
        *refusals.entry(cause.id().to_owned()).or_default() += count;
    }
    Run {
        trigger: import.trigger,
        window: import.window,
        rows: batch.rows,
        accepted: batch.accepted,
        refused: batch.refused_rows(),
        host_bits: batch.host_bits,
        refusals,
        ..empty(import.source, import.parser, import.mode, import.input, import.started_at)
    }
}

/// Marks a run as one that is not believed.
pub(super) fn refuse(run: &mut Run, cause: String) {
    run.state = RunState::Refused;
    run.cause_id = Some(NOT_CREDIBLE.to_owned());
    run.cause = Some(cause);
}

fn empty(source: &SourceName, parser: &str, mode: Mode, input: &str, started_at: Time) -> Run {
    Run {
        run: RunId(0),
        source: source.clone(),
        parser: parser.to_owned(),
        mode,
        state: RunState::Done,
        cause_id: None,
        cause: None,
        trigger: Trigger::Person,
        window: None,
        input: input.to_owned(),
        started_at,
        ended_at: started_at,
        rows: 0,
        accepted: 0,
        refused: 0,
        host_bits: 0,
        new: 0,
        changed: 0,
        unchanged: 0,
        withdrawn: 0,
        refusals: BTreeMap::new(),
        same_as: None,
        by: None,
        note: None,
    }
}

/// Writes the row of a run.
pub(super) fn write_run(transaction: &Transaction<'_>, source: SourceId, run: &Run) -> Result<RunId> {
    let refusals =
        serde_json::to_string(&run.refusals).map_err(|_| Error::Corrupt { what: "counts of refusals" })?;
    transaction
        .prepare_cached(
            "INSERT INTO runs (source, parser, mode, state, cause, input, started_at, ended_at, rows, accepted, refused,
                host_bits, new, changed, unchanged, withdrawn, refusals, same_as, cause_id, \"trigger\", since, until,
                \"by\", note)
             VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        )
        .and_then(|mut statement| {
            statement.insert(params![
                source.0,
                run.parser,
                run.mode.as_str(),
                run.state.as_str(),
                run.cause,
                run.input,
                run.started_at.unix(),
                run.ended_at.unix(),
                run.rows as i64,
                run.accepted as i64,
                run.refused as i64,
                run.host_bits as i64,
                run.new as i64,
                run.changed as i64,
                run.unchanged as i64,
                run.withdrawn as i64,
                refusals,
                run.same_as.map(|run| run.0),
                run.cause_id,
                run.trigger.as_str(),
                rows::date_sql(run.window.map(|window| window.since)),
                rows::date_sql(run.window.map(|window| window.until)),
                run.by,
                run.note,
            ])
        })
        .map(RunId)
        .map_err(Error::database("cannot keep the run"))
}

/// Writes the refused rows of a run.
pub(super) fn write_rejected(
    transaction: &Transaction<'_>,
    source: SourceId,
    run: RunId,
    batch: &Batch,
) -> Result<()> {
    let failed = || Error::database("cannot keep the refused rows");
    let mut statement = transaction
        .prepare_cached(
            "INSERT INTO rejected_rows (run, seq, source, line, cause, text) VALUES (?, ?, ?, ?, ?, ?)",
        )
        .map_err(failed())?;
    for (seq, row) in batch.refused.iter().enumerate() {
        statement
            .execute(params![run.0, seq as i64, source.0, row.line as i64, row.cause.id(), row.text])
            .map_err(failed())?;
    }
    Ok(())
}
