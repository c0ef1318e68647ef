//! `audit`: what people changed, and whether the record of it is whole.

use serde_json::Value;
use store::{AuditQuery, AuditRow, Chain};

use crate::args::{Audit, AuditFilter};
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::output::table;

/// So much of a value is shown in a cell, in characters.
const WIDEST: usize = 60;

pub(super) fn run(args: Audit, context: &Context<'_>) -> Result<Exit, Failure> {
    match args {
        Audit::List(filter) => list(filter, context),
        Audit::Verify => verify(context),
    }
}

fn list(filter: AuditFilter, context: &Context<'_>) -> Result<Exit, Failure> {
    let AuditFilter { by, action, target, limit } = filter;
    let all = by.is_none() && action.is_none() && target.is_none();
    let query = AuditQuery { by, action, target, ..AuditQuery::newest(limit) };
    let rows = context.existing_store()?.audit(&query)?;
    context.output.answer(&rows, || {
        if rows.is_empty() {
            let nothing = if all { "nobody has changed anything yet" } else { "there is no such change" };
            return nothing.to_owned();
        }
        let cells: Vec<Vec<String>> = rows.iter().map(cells).collect();
        table(&["id", "at (KST)", "by", "from", "action", "target", "change", "note"], &cells)
    })?;
    Ok(Exit::Done)
}

fn verify(context: &Context<'_>) -> Result<Exit, Failure> {
    let chain = context.existing_store()?.verify_audit()?;
    context.output.answer(&chain, || match &chain {
        Chain::Whole { entries, before: 0 } => format!("the record is whole: {entries} entries"),
        Chain::Whole { entries, before } => {
            format!("the record is whole: {entries} entries; {before} more are older than the chain, and nothing guards those")
        }
        Chain::Broken { id, what } => format!("the record is broken at entry {id}: {what}"),
    })?;
    Ok(match chain {
        Chain::Whole { .. } => Exit::Done,
        Chain::Broken { .. } => {
            context.output.note(
                "somebody wrote to the database by hand, or it is damaged: `blacklist db check` looks for damage, a backup from \
                 before shows how the entry was",
            );
            Exit::No
        }
    })
}

fn cells(row: &AuditRow) -> Vec<String> {
    vec![
        row.id.to_string(),
        row.at.to_seoul(),
        row.by.clone(),
        row.address.clone().unwrap_or_else(|| "-".to_owned()),
        row.action.clone(),
        short(&row.target),
        short(&changed(row.before.as_ref(), row.after.as_ref())),
        row.note.clone().unwrap_or_default(),
    ]
}

/// The members that differ, as `key: before -> after`.
fn changed(before: Option<&Value>, after: Option<&Value>) -> String {
    let members = |value: Option<&Value>| value.and_then(Value::as_object).cloned().unwrap_or_default();
    let (before, after) = (members(before), members(after));
    let mut parts: Vec<String> = Vec::new();
    for (key, new) in &after {
        match before.get(key) {
            Some(old) if old == new => {}
            Some(old) => parts.push(format!("{key}: {old} -> {new}")),
            None => parts.push(format!("{key}: {new}")),
        }
    }
    let gone = before.iter().filter(|(key, _)| !after.contains_key(*key));
    parts.extend(gone.map(|(key, old)| format!("{key}: {old} -> none")));
    parts.join(", ")
}

fn short(text: &str) -> String {
    if text.chars().count() <= WIDEST {
        return text.to_owned();
    }
    text.chars().take(WIDEST).chain(['…']).collect()
}
