//! What came of a run, as JSON and in words: the same for `import` and `collect`.

use blocklist::{Batch, Cause, SourceName};
use collect::collector::{Collected, Order};
use collect::trouble::Class;
use collect::{Note, Trouble};
use serde::Serialize;
use serde_json::{Value, json};
use store::{PublicationRow, Published, Run, RunState, Store};

use super::outcome;
use crate::failure::{Failure, cause_hint, cause_text};
use crate::language::Language;
use crate::output::grouped;

/// How many refused rows of each cause are shown.
const EXAMPLES: usize = 5;

/// What came of one run.
#[derive(Debug, Default, Serialize)]
pub(super) struct Report {
    /// Absent where no run is kept: of a dry run, of one that never began.
    run: Option<i64>,
    pub(super) source: String,
    parser: Option<String>,
    /// `done`, `held`, `refused`, `failed`, `busy`, `nothing`.
    pub(super) state: &'static str,
    cause_id: Option<String>,
    pub(super) cause: Option<String>,
    hint: Option<String>,
    rows: u64,
    pub(super) accepted: u64,
    refused: u64,
    refusals: Vec<Refusals>,
    host_bits: u64,
    new: u64,
    changed: u64,
    unchanged: u64,
    withdrawn: u64,
    notes: Vec<String>,
    publication: Option<Value>,
    /// Why the gate holds the next publication.
    pub(super) held: Vec<String>,
    dry_run: bool,
}

/// Refused rows of one cause.
#[derive(Debug, Serialize)]
pub(super) struct Refusals {
    cause: String,
    count: u64,
    examples: Vec<Example>,
}

#[derive(Debug, Serialize)]
struct Example {
    line: u64,
    text: String,
}

impl Report {
    /// Of a run that came to an end of its own.
    pub(super) fn of(
        run: &Run,
        refusals: Vec<Refusals>,
        published: Option<&Published>,
        notes: &[Note],
        language: Language,
    ) -> Self {
        let mut report = Self {
            publication: published.and_then(Published::current).map(publication),
            notes: notes.iter().map(ToString::to_string).collect(),
            refusals,
            dry_run: published.is_none(),
            ..Self::of_run(run)
        };
        report.run = report.run.filter(|_| published.is_some());
        if let Some(Published::Held { reasons, .. }) = published {
            report.held = outcome::reasons_text(reasons, language);
        }
        report.state = match (run.state, report.held.is_empty()) {
            (RunState::Done, true) => "done",
            (RunState::Done, false) => "held",
            _ => "refused",
        };
        let trouble = run.cause_id.as_deref().and_then(Trouble::from_id);
        report.hint = trouble.map(|trouble| cause_hint(trouble, &report.source, language));
        report
    }

    /// Of a collection.
    pub(super) fn of_collected(
        name: &SourceName,
        collected: &Collected,
        store: &Store,
        order: &Order,
        language: Language,
    ) -> Result<Self, Failure> {
        Ok(match collected {
            Collected::Run { run, published, notes, read } => {
                let refusals = match (published, read) {
                    (Some(_), _) => kept_refusals(store, run)?,
                    (None, Some(batch)) => refusals_of(batch),
                    (None, None) => Vec::new(),
                };
                Self::of(run, refusals, published.as_ref(), notes, language)
            }
            Collected::Failed { run, failure } => {
                Self::failed(name.as_str(), run.as_ref(), failure, language, order.dry_run)
            }
            Collected::Busy => Self::idle(name.as_str(), "busy"),
            Collected::Nothing => Self::idle(name.as_str(), "nothing"),
        })
    }

    /// Of a run whose input could not be read and that is kept as refused.
    pub(super) fn unreadable(run: &Run, current: Option<&PublicationRow>) -> Self {
        Self { state: "refused", publication: current.map(publication), ..Self::of_run(run) }
    }

    /// Of a source from which nothing came.
    fn failed(
        source: &str,
        run: Option<&Run>,
        failure: &collect::Failure,
        language: Language,
        dry_run: bool,
    ) -> Self {
        let content = failure.trouble.class() == Class::Content;
        Self {
            source: source.to_owned(),
            state: if content { "refused" } else { "failed" },
            cause_id: Some(failure.trouble.id().to_owned()),
            cause: Some(cause_text(failure, language)),
            hint: Some(cause_hint(failure.trouble, source, language)),
            dry_run,
            ..run.map(Self::of_run).unwrap_or_default()
        }
    }

    /// Of a source that could not even be tried.
    pub(super) fn untried(source: &str, failure: &Failure) -> Self {
        let cause = std::iter::once(&failure.what).chain(&failure.causes);
        Self {
            source: source.to_owned(),
            state: "failed",
            cause: Some(cause.map(String::as_str).collect::<Vec<_>>().join(": ")),
            hint: failure.hint.clone(),
            ..Self::default()
        }
    }

    /// Of a source that somebody else reads just now, or that holds nothing.
    pub(super) fn idle(source: &str, state: &'static str) -> Self {
        Self { source: source.to_owned(), state, ..Self::default() }
    }

    fn of_run(run: &Run) -> Self {
        Self {
            run: Some(run.run.0),
            source: run.source.to_string(),
            parser: Some(run.parser.clone()),
            cause_id: run.cause_id.clone(),
            cause: run.cause.clone(),
            rows: run.rows,
            accepted: run.accepted,
            refused: run.refused,
            host_bits: run.host_bits,
            new: run.new,
            changed: run.changed,
            unchanged: run.unchanged,
            withdrawn: run.withdrawn,
            ..Self::default()
        }
    }

    /// The value that `--json` prints.
    pub(super) fn to_json(&self) -> Value {
        // A struct of texts and numbers cannot fail to be written.
        serde_json::to_value(self).unwrap_or(Value::Null)
    }

    /// Whether its source has been read to the end.
    pub(super) fn is_good(&self) -> bool {
        matches!(self.state, "done" | "held" | "nothing")
    }

    /// What a person reads.
    pub(super) fn text(&self) -> String {
        let mut lines = Vec::new();
        match (self.state, &self.cause) {
            ("busy", _) => lines.push(format!("{}: another run of it is under way", self.source)),
            ("nothing", _) => lines.push(format!("{}: there is nothing to take", self.source)),
            (state, Some(cause)) => {
                lines.push(format!("{}: {state}, nothing changed: {cause}", self.source));
            }
            _ => lines.push(self.counts()),
        }
        lines.extend(self.refused_lines());
        lines.extend(self.notes.iter().map(|note| format!("  note: {note}")));
        lines.extend(self.hint.iter().map(|hint| format!("  hint: {hint}")));
        if let Some(publication) = self.publication.as_ref().filter(|_| self.cause.is_none()) {
            let entries = publication["entries"].as_u64().unwrap_or_default();
            lines.push(format!("publication {}: {} prefixes", publication["serial"], grouped(entries)));
        }
        lines.join("\n")
    }

    fn counts(&self) -> String {
        format!(
            "{}: {} {} of {} rows ({}): {} new, {} changed, {} unchanged, {} withdrawn",
            self.source,
            if self.dry_run { "would take" } else { "took" },
            grouped(self.accepted),
            grouped(self.rows),
            self.parser.as_deref().unwrap_or_default(),
            grouped(self.new),
            grouped(self.changed),
            grouped(self.unchanged),
            grouped(self.withdrawn),
        )
    }

    /// What was refused, for people: the id of a cause is for programs.
    pub(super) fn refused_lines(&self) -> Vec<String> {
        let mut lines = Vec::new();
        for refusal in &self.refusals {
            let meaning = Cause::all().find(|cause| cause.id() == refusal.cause);
            let meaning = meaning.map_or(refusal.cause.clone(), |cause| cause.to_string());
            let rows = if refusal.count == 1 { "row" } else { "rows" };
            lines.push(format!("  refused {} {rows}: {meaning}", grouped(refusal.count)));
            for example in &refusal.examples {
                lines.push(format!("    line {}: {}", example.line, example.text));
            }
        }
        lines
    }
}

/// The refused rows of a run that is kept, with examples.
pub(super) fn kept_refusals(store: &Store, run: &Run) -> Result<Vec<Refusals>, store::Error> {
    let mut refusals = Vec::new();
    if run.refused > 0 {
        let rows = store.rejected_rows(run.run, usize::MAX)?;
        for (cause, &count) in &run.refusals {
            let of_cause = rows.iter().filter(|row| row.cause == *cause).take(EXAMPLES);
            let examples = of_cause.map(|row| Example { line: row.line, text: row.text.clone() }).collect();
            refusals.push(Refusals { cause: cause.clone(), count, examples });
        }
    }
    Ok(refusals)
}

/// The refused rows of what was read and is not kept, with examples.
pub(super) fn refusals_of(batch: &Batch) -> Vec<Refusals> {
    let examples = |cause| {
        let rows = batch.refused.iter().filter(|row| row.cause == cause).take(EXAMPLES);
        rows.map(|row| Example { line: row.line, text: row.text.to_string() }).collect()
    };
    batch
        .refusals
        .iter()
        .map(|(&cause, &count)| Refusals { cause: cause.id().to_owned(), count, examples: examples(cause) })
        .collect()
}

fn publication(row: &PublicationRow) -> Value {
    json!({"serial": row.serial, "entries": row.entries, "hash": row.hash})
}
