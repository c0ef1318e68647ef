//! `source`: where listings come from, and how it went lately.

use serde::Serialize;
use store::{RejectedRow, Run, RunQuery, SourceRow};

use crate::args::Source;
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::output::{grouped, table};

pub(super) fn run(args: &Source, context: &Context<'_>) -> Result<Exit, Failure> {
    let store = context.existing_store()?;
    let sources = store.sources()?;
    match args {
        Source::List => {
            context.output.answer(&sources, || {
                if sources.is_empty() {
                    return "there is no source yet: blacklist import FILE --source NAME".to_owned();
                }
                let cells: Vec<Vec<String>> = sources.iter().map(cells).collect();
                table(
                    &["source", "active", "expired", "withdrawn", "removed", "last run (KST)", "result"],
                    &cells,
                )
            })?;
        }
        Source::Show { name, runs, refused } => {
            let Some(source) = sources.iter().find(|source| source.name == *name) else {
                return Err(Failure::new(Exit::No, format!("there is no source '{name}'"))
                    .hint("`blacklist source list` shows those there are"));
            };
            let query = RunQuery { source: Some(name.clone()), limit: *runs, ..RunQuery::default() };
            let runs = store.runs(&query)?;
            let rejected = match runs.first() {
                Some(run) => store.rejected_rows(run.run, *refused)?,
                None => Vec::new(),
            };
            let answer = Shown { source, runs: &runs, refused_rows: &rejected };
            context.output.answer(&answer, || {
                let mut text = table(
                    &["source", "active", "expired", "withdrawn", "removed", "last run (KST)", "result"],
                    &[cells(source)],
                );
                let cells: Vec<Vec<String>> = runs.iter().map(run_cells).collect();
                text.push_str("\n\n");
                text.push_str(&table(
                    &[
                        "run",
                        "started (KST)",
                        "state",
                        "rows",
                        "refused",
                        "new",
                        "changed",
                        "withdrawn",
                        "input",
                    ],
                    &cells,
                ));
                if !rejected.is_empty() {
                    let cells: Vec<Vec<String>> = rejected
                        .iter()
                        .map(|row| vec![row.line.to_string(), row.cause.clone(), row.text.clone()])
                        .collect();
                    text.push_str("\n\nrefused rows of the last run:\n");
                    text.push_str(&table(&["line", "cause", "text"], &cells));
                }
                text
            })?;
        }
    }
    Ok(Exit::Done)
}

/// The source itself, with its last runs and the refused rows of the last one.
#[derive(Serialize)]
struct Shown<'a> {
    #[serde(flatten)]
    source: &'a SourceRow,
    runs: &'a [Run],
    refused_rows: &'a [RejectedRow],
}

fn cells(source: &SourceRow) -> Vec<String> {
    let (ended, state) = source
        .last_run
        .as_ref()
        .map_or(("never".to_owned(), ""), |run| (run.ended_at.to_seoul(), run.state.as_str()));
    vec![
        source.name.to_string(),
        grouped(source.active),
        grouped(source.expired),
        grouped(source.withdrawn),
        grouped(source.removed),
        ended,
        state.to_owned(),
    ]
}

fn run_cells(run: &Run) -> Vec<String> {
    vec![
        run.run.to_string(),
        run.started_at.to_seoul(),
        run.cause
            .as_ref()
            .map_or(run.state.as_str().to_owned(), |cause| format!("{}: {cause}", run.state.as_str())),
        grouped(run.rows),
        grouped(run.refused),
        grouped(run.new),
        grouped(run.changed),
        grouped(run.withdrawn),
        run.input.clone(),
    ]
}
