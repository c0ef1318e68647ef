//! Addresses from the command line or a file, by the rules of every import: all of them are good, or none is taken.

use std::fs::File;
use std::io::{self, Cursor, Read};
use std::path::Path;

use blocklist::{Batch, Cause, Time};
use collect::{Choice, Defaults, Limits, Options, Parser};
use prefix::Prefix;
use store::MAX_BY_HAND;

use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;

/// A file of the most rows with long reasons.
const MAX_BYTES: u64 = 64 << 20;
/// So many refused rows are told.
const TOLD: usize = 20;

/// What was read, and from where.
pub(super) struct Input {
    pub(super) batch: Batch,
    /// The file's name, or what the command line stands for.
    pub(super) name: String,
}

/// Reads addresses, or a file: a list, or a table with a header (prefix, reason, until).
pub(super) fn read(
    addresses: &[String],
    file: Option<&Path>,
    defaults: Defaults,
    context: &Context<'_>,
) -> Result<Input, Failure> {
    let options = Options {
        limits: Limits { text_bytes: MAX_BYTES, document_bytes: MAX_BYTES, ..context.config().limits },
        rules: context.config().rules(),
        defaults,
        ..Options::default()
    };
    let (name, choice, mut input): (String, Choice, Box<dyn Read>) = if let Some(path) = file {
        (path.display().to_string(), Choice::Auto, open(path)?)
    } else {
        let text = addresses.join("\n");
        ("command line".to_owned(), Choice::Is(Parser::List), Box::new(Cursor::new(text)))
    };
    let parsed = collect::parse(choice, &mut input, &options).map_err(|error| {
        let mut failure = Failure::from_error(&error).hint(error.hint());
        failure.what = format!("{name}: {}", failure.what);
        failure
    })?;
    let batch = parsed.batch;
    if batch.refused_rows() > 0 {
        return Err(refused(&batch, &name));
    }
    if batch.records.len() > MAX_BY_HAND {
        return Err(Failure::usage(format!("{name} holds more than {MAX_BY_HAND} addresses"))
            .hint("a list is a source of its own: blacklist import FILE --source NAME"));
    }
    for note in &parsed.notes {
        context.output.note(format!("note: {note}"));
    }
    Ok(Input { batch, name })
}

/// The same, of which only the prefixes and their ends are wanted.
pub(super) fn prefixes(
    addresses: &[String],
    file: Option<&Path>,
    context: &Context<'_>,
) -> Result<Vec<(Prefix, Option<Time>)>, Failure> {
    let input = read(addresses, file, Defaults::default(), context)?;
    Ok(input.batch.records.iter().map(|record| (record.prefix, record.until)).collect())
}

fn open(path: &Path) -> Result<Box<dyn Read>, Failure> {
    if path.as_os_str() == "-" {
        return Ok(Box::new(io::stdin().lock()));
    }
    match File::open(path) {
        Ok(file) => Ok(Box::new(file)),
        Err(error) => {
            Err(Failure::new(Exit::Failed, format!("cannot read {}", path.display())).because(error))
        }
    }
}

/// Every row that is no good, with its cause.
fn refused(batch: &Batch, name: &str) -> Failure {
    let count = batch.refused_rows();
    let mut failure = Failure::new(Exit::Failed, format!("{name}: {count} refused, and nothing changed"));
    for row in batch.refused.iter().take(TOLD) {
        failure.causes.push(format!("line {}: {}: {}", row.line, row.cause, row.text));
    }
    let rows: Vec<serde_json::Value> = batch
        .refused
        .iter()
        .map(|row| serde_json::json!({"line": row.line, "cause": Cause::id(row.cause), "text": row.text}))
        .collect();
    failure
        .answer(serde_json::json!({"state": "refused", "count": count, "refused": rows}))
        .hint("all of it is taken or nothing: mend these rows and give it again")
}
