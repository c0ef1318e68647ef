//! `allow list`, `show` and `due`.

use blocklist::Time;
use blocklist::policy::GuardKind;
use serde::Serialize;
use store::AllowRow;

use super::{ALL, Which, find};
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::output::table;

const HEADINGS: &[&str] =
    &["number", "prefix", "state", "until (KST)", "owner", "ticket", "reason", "added by", "added (KST)"];

pub(super) fn list(all: bool, context: &Context<'_>) -> Result<Exit, Failure> {
    let rows = context.existing_store()?.allow_entries(all, None, ALL)?;
    answer(&rows, "there is no allow entry: blacklist allow add PREFIX --reason TEXT", context)
}

/// Entries that end soon; exit code 1 when there is none, so that a script can ask.
pub(super) fn due(context: &Context<'_>) -> Result<Exit, Failure> {
    let rows = context.existing_store()?.allow_due(context.clock.now())?;
    answer(&rows, "no allow entry reminds of its end", context)?;
    Ok(if rows.is_empty() { Exit::No } else { Exit::Done })
}

/// An entry with the listings it holds back.
#[derive(Serialize)]
struct Shown<'a> {
    #[serde(flatten)]
    entry: &'a AllowRow,
    hits: Vec<blocklist::policy::Hit>,
}

pub(super) fn show(which: Which, context: &Context<'_>) -> Result<Exit, Failure> {
    let store = context.existing_store()?;
    let entry = find(&store, which)?;
    let mut hits = store.hits()?;
    hits.retain(|hit| hit.kind == GuardKind::Allow && hit.guard == entry.prefix);
    let shown = Shown { entry: &entry, hits };
    context.output.answer(&shown, || {
        let mut parts = vec![table(HEADINGS, &[cells(&entry)])];
        let mut told = Vec::new();
        let change = |word: &str, by: &Option<String>, at: Option<Time>| {
            Some(format!("{word} by {} (KST {})", by.as_deref()?, at?.to_seoul()))
        };
        told.extend(change("changed", &entry.changed_by, entry.changed_at));
        told.extend(change("removed", &entry.removed_by, entry.removed_at));
        told.extend(entry.remind_days.map(|days| format!("reminds {days} days before its end")));
        parts.extend(Some(told.join("\n")).filter(|told| !told.is_empty()));
        if !shown.hits.is_empty() {
            let rows: Vec<Vec<String>> =
                shown.hits.iter().map(|hit| vec![hit.prefix.to_string(), hit.source.to_string()]).collect();
            parts.push(format!("listings that it holds back:\n{}", table(&["prefix", "source"], &rows)));
        }
        parts.join("\n\n")
    })?;
    Ok(Exit::Done)
}

fn answer(rows: &[AllowRow], none: &str, context: &Context<'_>) -> Result<Exit, Failure> {
    context.output.answer(&rows, || {
        if rows.is_empty() {
            return none.to_owned();
        }
        table(HEADINGS, &rows.iter().map(cells).collect::<Vec<_>>())
    })?;
    Ok(Exit::Done)
}

fn cells(row: &AllowRow) -> Vec<String> {
    let word = |text: &Option<String>| text.clone().unwrap_or_else(|| "-".to_owned());
    vec![
        row.id.to_string(),
        row.prefix.to_string(),
        row.state.as_str().to_owned(),
        row.until.map_or("-".to_owned(), Time::to_seoul),
        word(&row.owner),
        word(&row.ticket),
        row.reason.clone(),
        row.created_by.clone(),
        row.created_at.to_seoul(),
    ]
}
