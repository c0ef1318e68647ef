//! One run into the store: listings, the run itself, its refused rows and the publication after it, in one transaction.

use std::collections::BTreeMap;

use blocklist::{Batch, Mode, Policy, SourceId, SourceName, Time};
use rusqlite::{Connection, OptionalExtension, Transaction, TransactionBehavior, params};

use super::merge::{Merged, join, merge};
use super::publish::Own;
use super::write::write_changes;
use super::{Store, rows};
use crate::{Error, ImportedRun, Published, Result, Run, RunId, RunState};

/// One run, read and validated, to be kept.
#[derive(Clone, Copy, Debug)]
pub struct Import<'a> {
    /// Of which source; made when it is new.
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
    /// The policy of the publication that follows.
    pub policy: Policy,
}

impl Store {
    /// Keeps a run and publishes. What is not credible (nothing accepted, or a full list that lost more than it may)
    /// is kept as a refused run and changes no listing.
    pub fn import(&self, import: &Import<'_>) -> Result<ImportedRun> {
        let _lock = self.files().lock()?;
        let mut writer = self.writer();
        let transaction = begin(&mut writer)?;
        let source = ensure_source(&transaction, import.source, import.started_at)?;
        let (run, merged) = self.apply(&transaction, source, import)?;
        let published = match merged {
            Some(merged) if merged.changes.is_empty() => {
                self.publish_if_ended(&transaction, import.policy)?
            }
            Some(merged) => {
                let own = Own { source, run: run.run, listings: merged.after, details: merged.details };
                self.publish_in(&transaction, Some(own), import.policy, false)?
            }
            None => self.publish_if_ended(&transaction, import.policy)?,
        };
        self.commit(transaction, &published)?;
        Ok(ImportedRun { run, published })
    }

    /// What [`Self::import`] would do, without doing it. The run has the number it would get.
    pub fn preview(&self, import: &Import<'_>) -> Result<Run> {
        let mut writer = self.writer();
        let transaction = begin(&mut writer)?;
        let source = ensure_source(&transaction, import.source, import.started_at)?;
        // Dropped without a commit: rolled back.
        self.apply(&transaction, source, import).map(|(run, _)| run)
    }

    /// What [`Self::import`] would do where no store is yet.
    pub fn preview_first(import: &Import<'_>) -> Run {
        let mut run = empty_run(
            import.source,
            import.parser,
            import.mode,
            import.input,
            import.started_at,
            import.batch,
        );
        run.new = join(&import.batch.records).len() as u64;
        run.cause = nothing_in(import.batch);
        if run.cause.is_some() {
            run.state = RunState::Refused;
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

    /// Keeps a run whose input was the same as that of `earlier`: no listing is read or written.
    pub fn import_same(
        &self,
        earlier: &Run,
        input: &str,
        started_at: Time,
        policy: Policy,
    ) -> Result<ImportedRun> {
        let _lock = self.files().lock()?;
        let mut writer = self.writer();
        let transaction = begin(&mut writer)?;
        let source = ensure_source(&transaction, &earlier.source, started_at)?;
        let listings = earlier.new + earlier.changed + earlier.unchanged;
        let mut run = Run {
            input: input.to_owned(),
            started_at,
            ended_at: self.now(),
            new: 0,
            changed: 0,
            unchanged: listings,
            withdrawn: 0,
            same_as: Some(earlier.same_as.unwrap_or(earlier.run)),
            ..earlier.clone()
        };
        run.run = write_run(&transaction, source, &run)?;
        let published = self.publish_if_ended(&transaction, policy)?;
        self.commit(transaction, &published)?;
        Ok(ImportedRun { run, published })
    }

    /// Keeps the fact that a run could not be read. Nothing else changes.
    pub fn record_refusal(
        &self,
        source: &SourceName,
        parser: &str,
        mode: Mode,
        input: &str,
        started_at: Time,
        cause: &str,
    ) -> Result<Run> {
        let mut writer = self.writer();
        let transaction = begin(&mut writer)?;
        let id = ensure_source(&transaction, source, started_at)?;
        let batch = Batch::default();
        let mut run = empty_run(source, parser, mode, input, started_at, &batch);
        run.state = RunState::Refused;
        run.cause = Some(cause.to_owned());
        run.ended_at = self.now();
        run.run = write_run(&transaction, id, &run)?;
        super::query::write_log(&transaction, self.now(), "error", "import", Some(id), cause)?;
        transaction.commit().map_err(Error::database("cannot keep the run"))?;
        Ok(run)
    }

    /// Writes the run and, when it is credible, what it changes.
    fn apply(
        &self,
        transaction: &Transaction<'_>,
        source: SourceId,
        import: &Import<'_>,
    ) -> Result<(Run, Option<Merged>)> {
        let mut run = empty_run(
            import.source,
            import.parser,
            import.mode,
            import.input,
            import.started_at,
            import.batch,
        );
        let records = join(&import.batch.records);
        let now = self.now();
        run.cause = not_credible(transaction, source, import, records.len() as u64, now)?;
        if let Some(cause) = &run.cause {
            run.state = RunState::Refused;
            run.ended_at = self.now();
            run.run = write_run(transaction, source, &run)?;
            write_rejected(transaction, source, run.run, import.batch)?;
            super::query::write_log(transaction, now, "warn", "import", Some(source), cause)?;
            return Ok((run, None));
        }
        let merged = merge(transaction, source, import.batch, &records, import.mode, import.started_at)?;
        (run.new, run.changed) = (merged.new, merged.changed);
        (run.unchanged, run.withdrawn) = (merged.unchanged, merged.withdrawn);
        run.ended_at = self.now();
        run.run = write_run(transaction, source, &run)?;
        write_changes(transaction, source, run.run, &merged, now)?;
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
        Ok((run, Some(merged)))
    }
}

pub(super) fn begin(writer: &mut Connection) -> Result<Transaction<'_>> {
    writer
        .transaction_with_behavior(TransactionBehavior::Immediate)
        .map_err(Error::database("cannot begin to write"))
}

fn ensure_source(transaction: &Transaction<'_>, name: &SourceName, now: Time) -> Result<SourceId> {
    transaction
        .prepare_cached("INSERT INTO sources (name, created_at) VALUES (?, ?) ON CONFLICT DO NOTHING")
        .and_then(|mut statement| statement.execute(params![name.as_str(), now.unix()]))
        .and_then(|_| {
            transaction.query_row("SELECT id FROM sources WHERE name = ?", [name.as_str()], |row| row.get(0))
        })
        .map(SourceId)
        .map_err(Error::database("cannot keep the source"))
}

/// Why the content of a run is not credible, if it is not.
fn not_credible(
    transaction: &Transaction<'_>,
    source: SourceId,
    import: &Import<'_>,
    listings: u64,
    now: Time,
) -> Result<Option<String>> {
    let nothing = nothing_in(import.batch);
    if nothing.is_some() {
        return Ok(nothing);
    }
    if import.mode == Mode::Add {
        return Ok(None);
    }
    let had: i64 = transaction
        .query_row(
            "SELECT active - (SELECT count(*) FROM listings
                WHERE source = ?1 AND until IS NOT NULL AND until <= ?2 AND state = 0)
             FROM sources WHERE id = ?1",
            params![source.0, now.unix()],
            |row| row.get(0),
        )
        .map_err(Error::database("cannot count the listings of the source"))?;
    let least = (had as f64 * import.min_share).ceil() as u64;
    Ok((listings < least).then(|| {
        format!(
            "a full list of {listings} listings where there were {had}: fewer than {least} are not believed"
        )
    }))
}

fn nothing_in(batch: &Batch) -> Option<String> {
    batch.records.is_empty().then(|| match batch.rows {
        0 => "the input holds no row at all".to_owned(),
        1 => "its one row holds no address that can be listed".to_owned(),
        rows => format!("none of the {rows} rows holds an address that can be listed"),
    })
}

fn empty_run(
    source: &SourceName,
    parser: &str,
    mode: Mode,
    input: &str,
    started_at: Time,
    batch: &Batch,
) -> Run {
    let mut refusals = BTreeMap::new();
    for (cause, count) in &batch.refusals {
        *refusals.entry(cause.id().to_owned()).or_default() += count;
    }
    Run {
        run: RunId(0),
        source: source.clone(),
        parser: parser.to_owned(),
        mode,
        state: RunState::Done,
        cause: None,
        input: input.to_owned(),
        started_at,
        ended_at: started_at,
        rows: batch.rows,
        accepted: batch.accepted,
        refused: batch.refused_rows(),
        host_bits: batch.host_bits,
        new: 0,
        changed: 0,
        unchanged: 0,
        withdrawn: 0,
        refusals,
        same_as: None,
    }
}

fn write_run(transaction: &Transaction<'_>, source: SourceId, run: &Run) -> Result<RunId> {
    let refusals =
        serde_json::to_string(&run.refusals).map_err(|_| Error::Corrupt { what: "counts of refusals" })?;
    transaction
        .prepare_cached(
            "INSERT INTO runs (source, parser, mode, state, cause, input, started_at, ended_at, rows, accepted, refused,
                host_bits, new, changed, unchanged, withdrawn, refusals, same_as)
             VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
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
            ])
        })
        .map(RunId)
        .map_err(Error::database("cannot keep the run"))
}

fn write_rejected(transaction: &Transaction<'_>, source: SourceId, run: RunId, batch: &Batch) -> Result<()> {
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

/// Makes a committed publication visible.
impl Store {
    pub(super) fn commit(&self, transaction: Transaction<'_>, published: &Published) -> Result<()> {
        transaction.commit().map_err(Error::database("cannot commit"))?;
        match published {
            Published::New(row) => self.files().make_current(row.serial),
            Published::Same(_) | Published::Held { .. } => Ok(()),
        }
    }
}
