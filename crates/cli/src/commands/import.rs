//! `import`: read a file into the store as one run of a source.

mod input;

use blocklist::{Batch, Cause, Mode, Time};
use collect::{Choice, Column, Field, JsonPaths, Note, Options, ParseError, Parser};
use serde::Serialize;
use serde_json::json;
use store::{FailedRun, ImportedRun, Published, Run, RunState, SameInput, Store, Trigger};

use crate::args::Import;
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::output::grouped;

use self::input::Input;

/// How many refused rows of each cause are shown.
const EXAMPLES: usize = 5;

/// Reads a parser's name, or `auto`.
pub(crate) fn parser_choice(name: &str) -> Result<Choice, String> {
    name.parse::<Choice>().map_err(|unknown| unknown.to_string())
}

/// Reads a number from 0 to 1.
pub(crate) fn share(text: &str) -> Result<f64, String> {
    match text.parse() {
        Ok(share) if (0.0..=1.0).contains(&share) => Ok(share),
        _ => Err("a number from 0 to 1".to_owned()),
    }
}

/// Reads `field=column`.
pub(crate) fn column(text: &str) -> Result<(Field, Column), String> {
    let fields = || Field::ALL.map(Field::name).join(", ");
    let (name, column) =
        text.split_once('=').ok_or_else(|| format!("write FIELD=COLUMN; the fields are {}", fields()))?;
    let field = Field::ALL.into_iter().find(|field| field.name() == name);
    let field = field.ok_or_else(|| format!("'{name}' is no field; the fields are {}", fields()))?;
    let Ok(column) = column.parse::<Column>();
    Ok((field, column))
}

/// What `--json` prints.
#[derive(Serialize)]
struct Answer<'a> {
    run: Option<i64>,
    source: &'a str,
    parser: &'a str,
    state: &'static str,
    cause: Option<&'a str>,
    rows: u64,
    accepted: u64,
    refused: u64,
    refusals: Vec<Refusals>,
    host_bits: u64,
    new: u64,
    changed: u64,
    unchanged: u64,
    withdrawn: u64,
    notes: Vec<String>,
    publication: Option<serde_json::Value>,
    dry_run: bool,
}

#[derive(Serialize)]
struct Refusals {
    cause: String,
    count: u64,
    examples: Vec<Example>,
}

#[derive(Serialize)]
struct Example {
    line: u64,
    text: String,
}

pub(super) fn run(args: &Import, context: &Context<'_>) -> Result<Exit, Failure> {
    let started_at = context.clock.now();
    let mode = Mode::from(args.mode);
    let input = args.file.display().to_string();
    // The file before the store: a name that is misspelt must not leave an empty database behind.
    let source_file = Input::open(&args.file)?;
    let options = options(args, context);
    let key = source_file.hash(args, &options, context)?;
    // A dry run changes nothing, so it makes no database either.
    let store =
        if args.dry_run && !Store::exists(context.data_dir()) { None } else { Some(context.store()?) };

    let policy = context.config().policy();
    if let Some(store) = store.as_ref().filter(|_| !args.dry_run)
        && let Some(key) = key
        && let Some(earlier) = store.same_input(&args.source, &key)?
    {
        let same = SameInput {
            input: &input,
            started_at,
            trigger: Trigger::Person,
            window: None,
            state: None,
            policy,
        };
        let done = store.import_same(&earlier, &same)?;
        return report(context, store, &done, &[]);
    }

    let parsed = match source_file.parse(args, &options, context) {
        Ok(parsed) => parsed,
        Err(error) => return Err(unreadable(&error, args, store.as_ref(), context, started_at, &input)),
    };
    if parsed.parser == Parser::List && !args.columns.is_empty() {
        return Err(Failure::usage(format!("{input} was read as a list, and a list has no columns"))
            .hint("if it is a table, say so: --parser csv"));
    }
    let request = store::Import {
        source: &args.source,
        parser: parsed.parser.info().name,
        mode,
        input: &input,
        input_key: key,
        started_at,
        batch: &parsed.batch,
        min_share: args.min_share.unwrap_or(context.config().min_share),
        allow_empty: false,
        trigger: Trigger::Person,
        window: None,
        state: None,
        policy,
    };
    match store {
        Some(store) if !args.dry_run => report(context, &store, &store.import(&request)?, &parsed.notes),
        store => {
            let run = match store {
                Some(store) => store.preview(&request)?,
                None => Store::preview_first(&request),
            };
            answer(context, &run, refusals_of(&parsed.batch), None, &parsed.notes, true)
        }
    }
}

fn options(args: &Import, context: &Context<'_>) -> Options {
    let mut options = Options {
        limits: context.config().limits,
        rules: context.config().rules(),
        json: JsonPaths { items: args.items.clone() },
        ..Options::default()
    };
    for (field, column) in &args.columns {
        options.columns.set(*field, column.clone());
    }
    options
}

/// The input could not be read: the run is kept as refused, and nothing else changes.
fn unreadable(
    error: &ParseError,
    args: &Import,
    store: Option<&Store>,
    context: &Context<'_>,
    started_at: Time,
    input: &str,
) -> Failure {
    let mut failure = Failure::from_error(error).hint(error.hint());
    failure.what = format!("{input}: {}", failure.what);
    let Some(store) = store.filter(|_| !args.dry_run) else { return failure };
    let parser = args.parser.to_string();
    let cause = error.to_string();
    let refused = FailedRun {
        source: &args.source,
        parser: &parser,
        mode: args.mode.into(),
        input,
        started_at,
        state: RunState::Refused,
        cause_id: None,
        cause: &cause,
        trigger: Trigger::Person,
        window: None,
        source_state: None,
    };
    match store.record_failure(&refused) {
        Ok(run) => {
            let current = store.publications(None, 1).ok().and_then(|mut rows| rows.pop());
            let shown =
                Answer::new(&run, "refused", Vec::new(), current.map(|row| publication(&row)), &[], false);
            match serde_json::to_value(&shown) {
                Ok(value) => failure.answer(value),
                Err(_) => failure,
            }
        }
        Err(error) => {
            context.output.warn(format!("the refused run could not be kept: {error}"));
            failure
        }
    }
}

fn report(context: &Context<'_>, store: &Store, done: &ImportedRun, notes: &[Note]) -> Result<Exit, Failure> {
    let mut refusals = Vec::new();
    if done.run.refused > 0 {
        let rows = store.rejected_rows(done.run.run, usize::MAX)?;
        for (cause, &count) in &done.run.refusals {
            let of_cause = rows.iter().filter(|row| row.cause == *cause).take(EXAMPLES);
            let examples = of_cause.map(|row| Example { line: row.line, text: row.text.clone() }).collect();
            refusals.push(Refusals { cause: cause.clone(), count, examples });
        }
    }
    answer(context, &done.run, refusals, Some(&done.published), notes, false)
}

fn refusals_of(batch: &Batch) -> Vec<Refusals> {
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

impl<'a> Answer<'a> {
    fn new(
        run: &'a Run,
        state: &'static str,
        refusals: Vec<Refusals>,
        publication: Option<serde_json::Value>,
        notes: &[Note],
        dry_run: bool,
    ) -> Self {
        Self {
            run: (!dry_run).then_some(run.run.0),
            source: run.source.as_str(),
            parser: &run.parser,
            state,
            cause: run.cause.as_deref(),
            rows: run.rows,
            accepted: run.accepted,
            refused: run.refused,
            refusals,
            host_bits: run.host_bits,
            new: run.new,
            changed: run.changed,
            unchanged: run.unchanged,
            withdrawn: run.withdrawn,
            notes: notes.iter().map(ToString::to_string).collect(),
            publication,
            dry_run,
        }
    }

    fn text(&self) -> String {
        let mut lines = Vec::new();
        let doing = if self.dry_run { "would take" } else { "took" };
        lines.push(format!(
            "{}: {doing} {} of {} rows ({}): {} new, {} changed, {} unchanged, {} withdrawn",
            self.source,
            grouped(self.accepted),
            grouped(self.rows),
            self.parser,
            grouped(self.new),
            grouped(self.changed),
            grouped(self.unchanged),
            grouped(self.withdrawn),
        ));
        lines.extend(self.refused_lines());
        lines.extend(self.notes.iter().map(|note| format!("  note: {note}")));
        if let Some(publication) = &self.publication {
            let entries = publication["entries"].as_u64().unwrap_or_default();
            lines.push(format!("publication {}: {} prefixes", publication["serial"], grouped(entries)));
        }
        lines.join("\n")
    }
}

impl Answer<'_> {
    /// What was refused, for people: the id of a cause is for programs.
    fn refused_lines(&self) -> Vec<String> {
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

fn publication(row: &store::PublicationRow) -> serde_json::Value {
    json!({"serial": row.serial, "entries": row.entries, "hash": row.hash})
}

fn answer(
    context: &Context<'_>,
    run: &Run,
    refusals: Vec<Refusals>,
    published: Option<&Published>,
    notes: &[Note],
    dry_run: bool,
) -> Result<Exit, Failure> {
    let current = published.and_then(Published::current).map(publication);
    let held = match published {
        Some(Published::Held { reasons, .. }) => Some(reasons),
        _ => None,
    };
    let state = match (run.state, held) {
        (RunState::Done, Some(_)) => "held",
        (RunState::Done, None) => "done",
        _ => "refused",
    };
    let shown = Answer::new(run, state, refusals, current, notes, dry_run);
    if let Some(cause) = &run.cause {
        let value = serde_json::to_value(&shown).map_err(|error| Failure::from_error(&error))?;
        let mut failure =
            Failure::new(Exit::Failed, format!("{}: the run was refused and nothing changed", run.source))
                .because(cause);
        failure.causes.extend(shown.refused_lines().iter().map(|line| line.trim_start().to_owned()));
        let hint = if run.accepted == 0 {
            "look at the file: is it the list that was meant, and all of it?"
        } else {
            "look at the file; --mode add takes it as an addition, --min-share 0 as the whole list it says it is"
        };
        return Err(failure.hint(hint).answer(value));
    }
    context.output.answer(&shown, || shown.text())?;
    let Some(reasons) = held else { return Ok(Exit::Done) };
    for reason in reasons {
        context.output.warn(reason);
    }
    Ok(Exit::Held)
}
