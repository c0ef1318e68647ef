//! What a change of what must never be served did to the list, or would do: the same words for each such command.

use blocklist::gate::Reason;
use serde_json::{Map, Value, json};
use store::{Preview, PublicationRow, Published};

use super::outcome::{next, reason, reasons_text, texts};
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::output::grouped;

/// How many prefixes a person is shown of each kind.
const SHOWN: usize = 20;

/// Answers a change that was made: `own` are the command's own fields, `text` its own words.
pub(super) fn done(
    context: &Context<'_>,
    own: Value,
    text: impl FnOnce() -> String,
    published: &Published,
) -> Result<Exit, Failure> {
    let (state, row, reasons) = match published {
        Published::New(row) => ("published", Some(row), &[][..]),
        Published::Same(row) => ("unchanged", Some(row), &[][..]),
        // A store that never published waits for its first listings, and for nobody's decision.
        Published::Held { last: None, reasons } if reasons.iter().all(|reason| *reason == Reason::Empty) => {
            ("nothing published", None, &[][..])
        }
        Published::Held { last, reasons } => ("held", last.as_ref(), &reasons[..]),
    };
    let held = reasons_text(reasons, context.language);
    let mut answer = fields(own);
    answer.extend(fields(json!({"dry_run": false, "state": state, "publication": row, "held": held})));
    context.output.answer(&answer, || {
        let list = row.map_or_else(|| "nothing is published yet".to_owned(), describe);
        let goes_on = if state == "held" { ", and this goes on" } else { "" };
        format!("{}\n{state}{goes_on}: {list}", text())
    })?;
    for reason in &held {
        context.output.warn(reason);
    }
    next(reasons, context);
    Ok(if held.is_empty() { Exit::Done } else { Exit::Held })
}

/// Answers a change that was only tried.
pub(super) fn tried(
    context: &Context<'_>,
    own: Value,
    text: impl FnOnce() -> String,
    preview: &Preview,
) -> Result<Exit, Failure> {
    // See above.
    let empty = preview.entries == 0 && preview.delta.removed.is_empty();
    let reasons = preview.reasons.iter().filter(|it| !(empty && **it == Reason::Empty));
    let held: Vec<String> = reasons.map(|it| reason(it, context.language)).collect();
    let (added, removed) = (texts(&preview.delta.added), texts(&preview.delta.removed));
    let mut answer = fields(own);
    answer.extend(fields(json!({
        "dry_run": true, "added": added, "removed": removed, "entries": preview.entries, "hits": preview.hits,
        "held": held,
    })));
    context.output.answer(&answer, || {
        let mut lines = vec![text()];
        for (word, prefixes) in [("add", &added), ("remove", &removed)] {
            lines.push(format!("would {word} {} prefixes", grouped(prefixes.len() as u64)));
            lines.extend(prefixes.iter().take(SHOWN).map(|prefix| format!("  {prefix}")));
            if prefixes.len() > SHOWN {
                lines.push(format!("  and {} more", grouped((prefixes.len() - SHOWN) as u64)));
            }
        }
        lines.extend(held.iter().map(|reason| format!("would be held: {reason}")));
        lines.join("\n")
    })?;
    Ok(if held.is_empty() { Exit::Done } else { Exit::Held })
}

fn fields(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(fields) => fields,
        _ => Map::new(),
    }
}

fn describe(row: &PublicationRow) -> String {
    format!(
        "publication {}, {} prefixes (+{} -{})",
        row.serial,
        grouped(row.entries),
        grouped(row.added),
        grouped(row.removed)
    )
}
