//! `audit`: what people changed.

use serde_json::Value;
use store::{AuditQuery, AuditRow};

use crate::args::Audit;
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::output::table;

/// So much of a value is shown in a cell, in characters.
const WIDEST: usize = 60;

pub(super) fn run(args: &Audit, context: &Context<'_>) -> Result<Exit, Failure> {
    let Audit::List { limit } = args;
    let rows = context.existing_store()?.audit(&AuditQuery::newest(*limit))?;
    context.output.answer(&rows, || {
        if rows.is_empty() {
            return "nobody has changed anything yet".to_owned();
        }
        let cells: Vec<Vec<String>> = rows.iter().map(cells).collect();
        table(&["id", "at (KST)", "by", "action", "target", "change", "note"], &cells)
    })?;
    Ok(Exit::Done)
}

fn cells(row: &AuditRow) -> Vec<String> {
    vec![
        row.id.to_string(),
        row.at.to_seoul(),
        row.by.clone(),
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
