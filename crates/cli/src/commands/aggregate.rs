//! `aggregate`: merge lists without any database.

use std::fs::File;
use std::io::{self, BufWriter, Read};
use std::path::{Path, PathBuf};

use prefix::aggregate::{Aggregator, Counts, Options};
use prefix::{ListError, Rules};
use serde_json::json;

use crate::args::Aggregate;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::output::{Output, grouped};
use crate::progress;

pub(super) fn run(args: &Aggregate, output: &Output) -> Result<Exit, Failure> {
    let rules = args.public_only.then(Rules::default);
    let mut aggregator = Aggregator::new(Options { ranges: args.ranges, public_only: rules });
    let standard_input = [PathBuf::from("-")];
    let files = if args.files.is_empty() { &standard_input[..] } else { &args.files };
    if files.iter().chain(&args.exclude).filter(|path| path.as_os_str() == "-").count() > 1 {
        return Err(Failure::usage("standard input can be read only once"));
    }
    for path in files {
        with_input(path, output, |input| aggregator.add(input))?;
    }
    for path in &args.exclude {
        with_input(path, output, |input| aggregator.exclude(input))?;
    }

    // Nothing is written before all is read: an input that fails half-way leaves no half list behind a pipe.
    let mut lines = Vec::new();
    let summary = if output.is_json() {
        aggregator.finish(&mut lines)
    } else {
        aggregator.finish(BufWriter::with_capacity(1 << 18, io::stdout().lock()))
    };
    let summary = match summary {
        Ok(summary) => summary,
        // Whoever closed the pipe has all they wanted.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => return Ok(Exit::Done),
        Err(error) => return Err(Failure::from_error(&error)),
    };
    if output.is_json() {
        let text = String::from_utf8_lossy(&lines);
        let prefixes: Vec<&str> = text.lines().collect();
        let answer = json!({
            "entries": prefixes,
            "addresses": {"v4": summary.addresses_v4, "v6": summary.addresses_v6.to_string()},
            "lists": counts(&summary.lists, files),
            "excludes": counts(&summary.excludes, &args.exclude),
        });
        output.answer(&answer, String::new)?;
    }
    tell(&summary.lists, files, output);
    tell(&summary.excludes, &args.exclude, output);
    Ok(Exit::Done)
}

fn with_input(
    path: &Path,
    output: &Output,
    read: impl FnOnce(Box<dyn Read>) -> Result<(), ListError>,
) -> Result<(), Failure> {
    let name = if path.as_os_str() == "-" { "standard input".to_owned() } else { path.display().to_string() };
    let cannot = |cause: &dyn std::fmt::Display| {
        Failure::new(Exit::Failed, format!("cannot read {name}")).because(cause)
    };
    let (input, bar): (Box<dyn Read>, _) = if path.as_os_str() == "-" {
        (Box::new(io::stdin().lock()), None)
    } else {
        let file = File::open(path).map_err(|error| cannot(&error))?;
        let size = file.metadata().ok().map(|about| about.len());
        let (input, bar) = progress::reading(file, size, &name, output);
        (Box::new(input), Some(bar))
    };
    let done = read(input);
    if let Some(bar) = bar {
        bar.finish_and_clear();
    }
    done.map_err(|error| {
        let mut failure = cannot(&error);
        failure.causes.extend(std::error::Error::source(&error).map(ToString::to_string));
        failure.hint("a list has one address, prefix or range a line, in UTF-8")
    })
}

fn counts(counts: &Counts, files: &[PathBuf]) -> serde_json::Value {
    let refusals: Vec<_> = counts
        .refused
        .iter()
        .map(|refused| {
            let examples: Vec<_> = refused
                .examples
                .iter()
                .map(|example| json!({"file": files.get(example.input), "line": example.line, "text": example.text}))
                .collect();
            json!({"cause": refused.cause.id(), "count": refused.count, "examples": examples})
        })
        .collect();
    json!({"lines": counts.lines, "accepted": counts.accepted, "refused": counts.refusals(), "refusals": refusals})
}

/// What was refused, on stderr: the list on stdout goes on into other programs.
fn tell(counts: &Counts, files: &[PathBuf], output: &Output) {
    for refused in &counts.refused {
        output.note(format_args!("refused {} lines: {}", grouped(refused.count), refused.cause));
        for example in &refused.examples {
            let file = files.get(example.input).map(|path| path.display().to_string()).unwrap_or_default();
            output.note(format_args!("  {file}, line {}: {}", example.line, example.text));
        }
    }
}
