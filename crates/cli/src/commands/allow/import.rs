//! `allow import` and `allow export`. An import takes all of a file or nothing of it.

use std::io::Read;
use std::path::Path;

use serde_json::json;
use store::{AllowRow, AllowState, NewAllow, Store};

use super::ALL;
use super::table::{self, Given, Row};
use crate::args::{AllowImport, TableFormat};
use crate::commands::export::write_whole;
use crate::commands::{changed, reading};
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::output::{grouped, write_out};

/// The largest file, in bytes.
const MAX_BYTES: u64 = 16 << 20;
/// The most entries of one import.
const MAX_ENTRIES: usize = 100_000;
/// How many refused rows a person is shown; JSON names all.
const SHOWN: usize = 20;
/// How much of a row is shown, in characters.
const MAX_TEXT: usize = 120;

/// A row that is refused.
#[derive(Debug, serde::Serialize)]
struct Refused {
    row: u64,
    text: String,
    cause: String,
}

impl Refused {
    fn new(at: u64, text: &str, cause: String) -> Self {
        let text = text.chars().map(|c| if c.is_control() { ' ' } else { c }).take(MAX_TEXT).collect();
        Self { row: at, text, cause }
    }
}

pub(super) fn import(args: AllowImport, context: &Context<'_>) -> Result<Exit, Failure> {
    let rows = read(&args)?;
    if rows.is_empty() {
        return Err(file_failure(&args.file, "there is nothing in it"));
    }
    let store = context.store()?;
    let mut new: Vec<(&Row, &NewAllow)> = Vec::new();
    let (mut unchanged, mut refused) = (0u64, Vec::new());
    for row in &rows {
        match &row.entries {
            Ok(entries) => {
                for entry in entries {
                    if is_there(&store, entry)? { unchanged += 1 } else { new.push((row, entry)) }
                }
            }
            Err(cause) => refused.push(Refused::new(row.at, &row.text, cause.clone())),
        }
    }
    if new.len() > MAX_ENTRIES {
        return Err(file_failure(&args.file, format!("more than {MAX_ENTRIES} entries")));
    }
    let entries: Vec<NewAllow> = new.iter().map(|(_, entry)| (*entry).clone()).collect();
    // What can be read is tried even when something cannot, so that one look shows all that is wrong.
    let count = rows.len() as u64;
    let own =
        |added: u64| json!({"rows": count, "added_entries": added, "unchanged": unchanged, "refusals": []});
    let counts = |word: &str, added: u64| {
        format!("{word} {} entries; {} were there already", grouped(added), grouped(unchanged))
    };
    let answer = if args.dry_run || !refused.is_empty() {
        store.preview_add_allow(&entries).map(|(rows, preview)| (rows.len() as u64, Ok(preview)))
    } else {
        let who = args.by.who();
        store.add_allow(&entries, &who.actor()).map(|(rows, published)| (rows.len() as u64, Err(published)))
    };
    let of_store = |one: store::AllowRefusal| {
        let (row, entry) = new.get(one.at)?;
        Some(Refused::new(row.at, &row.text, format!("{}: {}", entry.prefix, one.cause)))
    };
    match answer {
        Err(store::Error::Allow(refusals)) => refused.extend(refusals.into_iter().filter_map(of_store)),
        Err(error) => return Err(error.into()),
        Ok(_) if !refused.is_empty() => {}
        Ok((added, Ok(preview))) => {
            return changed::tried(context, own(added), || counts("would add", added), &preview);
        }
        Ok((added, Err(published))) => {
            return changed::done(context, own(added), || counts("added", added), &published);
        }
    }
    refused.sort_by_key(|refused| refused.row);
    Err(refusal(&args.file, args.dry_run, count, &refused))
}

fn read(args: &AllowImport) -> Result<Vec<Row>, Failure> {
    let mut bytes = Vec::new();
    let input = reading::open(&args.file)?;
    input.take(MAX_BYTES + 1).read_to_end(&mut bytes).map_err(|error| file_failure(&args.file, error))?;
    if bytes.len() as u64 > MAX_BYTES {
        return Err(file_failure(&args.file, format!("larger than {} MiB", MAX_BYTES >> 20)));
    }
    let given = Given { reason: args.reason.as_deref(), wide: args.wide };
    table::read(&bytes, args.format, given).map_err(|cause| {
        file_failure(&args.file, cause).hint("`blacklist allow export` shows how such a file looks")
    })
}

/// Whether an entry says just this already.
fn is_there(store: &Store, new: &NewAllow) -> Result<bool, Failure> {
    let same = |row: &AllowRow| {
        row.state == AllowState::Holds
            && row.reason == new.reason.trim()
            && (&row.owner, &row.ticket) == (&new.owner, &new.ticket)
            && (row.until, row.remind_days) == (new.until, new.remind_days)
    };
    Ok(store.allow_of(new.prefix)?.as_ref().is_some_and(same))
}

fn refusal(file: &Path, dry_run: bool, rows: u64, refused: &[Refused]) -> Failure {
    let what = format!(
        "{}: {} of {} rows are refused, and nothing changed",
        file.display(),
        grouped(refused.len() as u64),
        grouped(rows)
    );
    let mut failure = Failure::new(Exit::Failed, what).hint("mend these rows, then import the file again");
    let shown = refused.iter().take(SHOWN);
    failure.causes.extend(shown.map(|one| format!("row {}: {} ({})", one.row, one.cause, one.text)));
    if refused.len() > SHOWN {
        failure.causes.push(format!("and {} more; --json names all", refused.len() - SHOWN));
    }
    failure.answer(json!({
        "dry_run": dry_run, "rows": rows, "added_entries": 0, "unchanged": 0, "refusals": refused,
    }))
}

fn file_failure(file: &Path, cause: impl std::fmt::Display) -> Failure {
    Failure::new(Exit::Failed, format!("{} is not imported", file.display())).because(cause)
}

pub(super) fn export(
    format: TableFormat,
    output: Option<&Path>,
    context: &Context<'_>,
) -> Result<Exit, Failure> {
    let rows = context.existing_store()?.allow_entries(false, None, ALL)?;
    let body = table::write(&rows, format)
        .map_err(|cause| Failure::new(Exit::Failed, "the entries cannot be written").because(cause))?;
    let Some(path) = output else {
        return write_out(&body).map(|()| Exit::Done);
    };
    write_whole(path, &body)?;
    context.output.answer(&json!({"file": path, "entries": rows.len(), "bytes": body.len()}), || {
        format!("wrote {} entries to {}", rows.len(), path.display())
    })?;
    Ok(Exit::Done)
}
