//! `publication`: the publications there were.

use blocklist::Serial;
use serde_json::json;
use store::PublicationRow;

use crate::args::Publication;
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::output::{grouped, table};

pub(super) fn run(args: &Publication, context: &Context<'_>) -> Result<Exit, Failure> {
    let store = context.existing_store()?;
    match *args {
        Publication::List { limit } => {
            let rows = store.publications(None, limit)?;
            context.output.answer(&rows, || {
                let cells: Vec<Vec<String>> = rows.iter().map(cells).collect();
                table(&["serial", "published (KST)", "entries", "added", "removed", "hash"], &cells)
            })?;
        }
        Publication::Show { serial } => {
            let row = match serial {
                Some(serial) => store.publication(Serial(serial))?.ok_or_else(|| unknown(serial))?,
                None => store.publications(None, 1)?.pop().ok_or_else(|| {
                    Failure::new(Exit::Failed, "nothing was published yet")
                        .hint("blacklist import FILE --source NAME")
                })?,
            };
            context.output.answer(&row, || {
                format!(
                    "serial     {}\npublished  {} KST\nchanged    {} KST\nentries    {}\nadded      {}\nremoved    {}\nnext end   {}\nhash       {}",
                    row.serial,
                    row.published_at.to_seoul(),
                    row.changed_at.to_seoul(),
                    grouped(row.entries),
                    grouped(row.added),
                    grouped(row.removed),
                    row.next_end.map_or("none".to_owned(), |end| format!("{} KST", end.to_seoul())),
                    row.hash,
                )
            })?;
        }
        Publication::Diff { from, to } => {
            for serial in [from, to] {
                store.publication(Serial(serial))?.ok_or_else(|| unknown(serial))?;
            }
            let (older, newer) = (from.min(to), from.max(to));
            let mut delta = store.delta(Serial(older), Serial(newer))?.ok_or_else(|| {
                Failure::new(Exit::Failed, format!("what changed between {from} and {to} is not known"))
                    .hint("a step between them was made without the one before it at hand")
            })?;
            if from > to {
                std::mem::swap(&mut delta.added, &mut delta.removed);
            }
            let texts =
                |prefixes: &[prefix::Prefix]| prefixes.iter().map(ToString::to_string).collect::<Vec<_>>();
            let (added, removed) = (texts(&delta.added), texts(&delta.removed));
            context.output.answer(
                &json!({"from": from, "to": to, "added": added, "removed": removed}),
                || {
                    let signed = |sign: &str, texts: &[String]| {
                        texts.iter().map(|text| format!("{sign}{text}")).collect::<Vec<_>>()
                    };
                    let mut lines = signed("-", &removed);
                    lines.extend(signed("+", &added));
                    lines.join("\n")
                },
            )?;
        }
    }
    Ok(Exit::Done)
}

fn unknown(serial: u64) -> Failure {
    Failure::new(Exit::No, format!("there is no publication {serial}"))
        .hint("`blacklist publication list` shows those there are")
}

fn cells(row: &PublicationRow) -> Vec<String> {
    vec![
        row.serial.to_string(),
        row.published_at.to_seoul(),
        grouped(row.entries),
        grouped(row.added),
        grouped(row.removed),
        row.hash.to_string()[..12].to_owned(),
    ]
}
