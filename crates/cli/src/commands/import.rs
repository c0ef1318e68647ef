//! `import`: read a file into the store as one run of a source.

mod input;

use blocklist::{Mode, Time};
use collect::{Choice, Column, Field, JsonPaths, Note, Options, ParseError, Parser};
use store::{FailedRun, ImportedRun, Published, Run, RunState, SameInput, Store, Trigger};

use super::outcome;
use super::report::{self, Refusals, Report};
use crate::args::Import;
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;

use self::input::Input;

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

pub(super) fn run(args: &Import, context: &Context<'_>) -> Result<Exit, Failure> {
    if args.source.as_str() == blocklist::policy::MANUAL {
        return Err(Failure::usage("the source 'manual' holds what people block by hand")
            .hint("blacklist listing add --file FILE adds to it; a list of others has a name of its own"));
    }
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

    if let Some(store) = store.as_ref().filter(|_| !args.dry_run)
        && let Some(key) = key
        && let Some(earlier) = store.same_input(&args.source, &key)?
    {
        let same =
            SameInput { input: &input, started_at, trigger: Trigger::Person, window: None, state: None };
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
    };
    match store {
        Some(store) if !args.dry_run => report(context, &store, &store.import(&request)?, &parsed.notes),
        store => {
            let run = match store {
                Some(store) => store.preview(&request)?,
                None => Store::preview_first(&request),
            };
            answer(context, &run, report::refusals_of(&parsed.batch), None, &parsed.notes)
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
            let shown = Report::unreadable(&run, current.as_ref());
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
    let refusals = report::kept_refusals(store, &done.run)?;
    answer(context, &done.run, refusals, Some(&done.published), notes)
}

fn answer(
    context: &Context<'_>,
    run: &Run,
    refusals: Vec<Refusals>,
    published: Option<&Published>,
    notes: &[Note],
) -> Result<Exit, Failure> {
    let shown = Report::of(run, refusals, published, notes, context.language);
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
    for reason in &shown.held {
        context.output.warn(reason);
    }
    if let Some(Published::Held { reasons, .. }) = published {
        outcome::next(reasons, context);
    }
    Ok(if shown.held.is_empty() { Exit::Done } else { Exit::Held })
}
