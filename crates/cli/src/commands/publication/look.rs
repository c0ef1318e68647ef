//! Looks at publications.

use std::fmt::Write as _;

use blocklist::{Serial, Time};
use serde_json::json;
use store::PublicationRow;

use crate::commands::outcome;
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::output::{grouped, table};

pub(super) fn list(limit: usize, context: &Context<'_>) -> Result<Exit, Failure> {
    let store = context.existing_store()?;
    let rows = store.publications(None, limit)?;
    outcome::pinned(&store, context)?;
    context.output.answer(&rows, || {
        let cells: Vec<Vec<String>> = rows.iter().map(cells).collect();
        let headings =
            &["serial", "published (KST)", "entries", "added", "removed", "hash", "origin", "by", "note"];
        table(headings, &cells)
    })?;
    Ok(Exit::Done)
}

pub(super) fn show(serial: Option<Serial>, context: &Context<'_>) -> Result<Exit, Failure> {
    let store = context.existing_store()?;
    let row = match serial {
        Some(serial) => store.publication(serial)?.ok_or_else(|| unknown(serial))?,
        None => store.publications(None, 1)?.pop().ok_or_else(|| {
            Failure::new(Exit::Failed, "nothing was published yet")
                .hint("blacklist import FILE --source NAME")
        })?,
    };
    let pin = outcome::pinned(&store, context)?;
    let mut answer = json!(row);
    answer["pinned"] = json!(pin);
    context.output.answer(&answer, || describe(&row))?;
    Ok(Exit::Done)
}

pub(super) fn diff(from: Serial, to: Serial, context: &Context<'_>) -> Result<Exit, Failure> {
    let store = context.existing_store()?;
    let delta = store.diff(from, to)?;
    let (added, removed) = (outcome::texts(&delta.added), outcome::texts(&delta.removed));
    context.output.answer(&json!({"from": from, "to": to, "added": added, "removed": removed}), || {
        let signed =
            |sign: &str, texts: &[String]| texts.iter().map(|text| format!("{sign}{text}")).collect();
        let mut lines: Vec<String> = signed("-", &removed);
        lines.extend::<Vec<String>>(signed("+", &added));
        lines.join("\n")
    })?;
    Ok(Exit::Done)
}

pub(super) fn at(time: Time, context: &Context<'_>) -> Result<Exit, Failure> {
    let store = context.existing_store()?;
    let row = store.publication_at(time)?.ok_or_else(|| {
        Failure::new(Exit::No, format!("nothing was published yet at {} KST", time.to_seoul()))
            .hint("`blacklist publication list` shows what is known")
    })?;
    context.output.answer(&row, || describe(&row))?;
    Ok(Exit::Done)
}

fn unknown(serial: Serial) -> Failure {
    Failure::new(Exit::No, format!("there is no publication {serial}"))
        .hint("`blacklist publication list` shows those there are")
}

fn describe(row: &PublicationRow) -> String {
    let mut text = format!(
        "serial     {}\npublished  {} KST\nchanged    {} KST\nentries    {}\nadded      {}\nremoved    {}\nnext end   {}\nhash       {}\norigin     {}",
        row.serial,
        row.published_at.to_seoul(),
        row.changed_at.to_seoul(),
        grouped(row.entries),
        grouped(row.added),
        grouped(row.removed),
        row.next_end.map_or("none".to_owned(), |end| format!("{} KST", end.to_seoul())),
        row.hash,
        row.origin.as_str(),
    );
    if let Some(serial) = row.content_of {
        let _ = write!(text, " to {serial}");
    }
    for (what, value) in [("by", &row.by), ("note", &row.note)] {
        if let Some(value) = value {
            let _ = write!(text, "\n{what:<10} {value}");
        }
    }
    text
}

fn cells(row: &PublicationRow) -> Vec<String> {
    let origin = match row.content_of {
        Some(serial) => format!("{} to {serial}", row.origin.as_str()),
        None => row.origin.as_str().to_owned(),
    };
    vec![
        row.serial.to_string(),
        row.published_at.to_seoul(),
        grouped(row.entries),
        grouped(row.added),
        grouped(row.removed),
        row.hash.to_string()[..12].to_owned(),
        origin,
        row.by.clone().unwrap_or_default(),
        row.note.clone().unwrap_or_default(),
    ]
}
