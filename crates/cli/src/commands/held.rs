//! `held`: candidates that the gate held, and a person's word on them. What is approved is the candidate that was seen: its
//! hash goes to the store, which refuses another.

use blocklist::Hash;
use serde_json::{Value, json};
use store::{Approved, HeldId, HeldRow, HeldState, Store};

use super::outcome;
use crate::actor::By;
use crate::args::Held;
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::language::Language;
use crate::output::{grouped, table};

pub(super) fn run(args: Held, context: &Context<'_>) -> Result<Exit, Failure> {
    match args {
        Held::List { limit } => list(limit, context),
        Held::Show { id } => show(id, context),
        Held::Approve { id, candidate, by } => approve(id, candidate, by, context),
        Held::Reject { id, by } => reject(id, by, context),
    }
}

fn list(limit: usize, context: &Context<'_>) -> Result<Exit, Failure> {
    let store = context.existing_store()?;
    let rows = store.held(None, limit)?;
    outcome::pinned(&store, context)?;
    context.output.answer(&rows, || {
        if rows.is_empty() {
            return "nothing was ever held".to_owned();
        }
        let cells: Vec<Vec<String>> = rows.iter().map(cells).collect();
        table(&["id", "state", "since (KST)", "entries", "added", "removed", "rules", "by"], &cells)
    })?;
    Ok(Exit::Done)
}

fn cells(row: &HeldRow) -> Vec<String> {
    let mut rules: Vec<&str> = row.reasons.iter().map(blocklist::gate::Reason::rule).collect();
    rules.dedup();
    vec![
        row.id.to_string(),
        row.state.to_string(),
        row.opened_at.to_seoul(),
        grouped(row.entries),
        grouped(row.added),
        grouped(row.removed),
        rules.join(" "),
        row.decided_by.clone().unwrap_or_default(),
    ]
}

fn show(id: Option<HeldId>, context: &Context<'_>) -> Result<Exit, Failure> {
    let store = context.existing_store()?;
    outcome::pinned(&store, context)?;
    let found = store.held_candidate(id)?;
    let (row, delta) = match (found, id) {
        (Some(found), _) => found,
        (None, Some(id)) => return Err(store::Error::NoHeld(id).into()),
        (None, None) => {
            return Err(Failure::new(Exit::No, "nothing is held")
                .hint("`blacklist held list` shows what was held before"));
        }
    };
    let second = store.gate()?.second_person;
    let mut answer = json!(row);
    answer["reasons"] = json!(outcome::reasons_json(&row.reasons, context.language));
    answer["added_prefixes"] = json!(outcome::texts(&delta.added));
    answer["removed_prefixes"] = json!(outcome::texts(&delta.removed));
    answer["second_person"] = json!(second);
    answer["next"] = json!(next(&row, second));
    context.output.answer(&answer, || {
        let mut lines = describe(&row, context.language);
        outcome::side('+', &delta.added, &mut lines);
        outcome::side('-', &delta.removed, &mut lines);
        lines.extend(next(&row, second).into_iter().map(|step| format!("next: {step}")));
        lines.join("\n")
    })?;
    Ok(Exit::Done)
}

/// All of a held candidate but its prefixes.
fn describe(row: &HeldRow, language: Language) -> Vec<String> {
    let mut lines = vec![
        format!("held candidate {}, {}, since {} KST", row.id, row.state, row.opened_at.to_seoul()),
        format!("candidate  {}", row.candidate),
        format!(
            "entries    {} (+{} -{}) in place of publication {}",
            grouped(row.entries),
            grouped(row.added),
            grouped(row.removed),
            row.follows.map_or("none".to_owned(), |serial| serial.to_string()),
        ),
    ];
    if let Some(time) = row.expires_at.filter(|_| row.state == HeldState::Open) {
        lines.push(format!("runs out   {} KST, which counts as rejected", time.to_seoul()));
    }
    for approval in &row.approvals {
        let note = approval.note.as_ref().map_or(String::new(), |note| format!(": {note}"));
        lines.push(format!("approved   by {} at {} KST{note}", approval.by, approval.at.to_seoul()));
    }
    if let (Some(by), Some(at)) = (&row.decided_by, row.decided_at) {
        let note = row.note.as_ref().map_or(String::new(), |note| format!(": {note}"));
        lines.push(format!("decided    by {by} at {} KST{note}", at.to_seoul()));
    }
    if let Some(serial) = row.serial {
        lines.push(format!("became     publication {serial}"));
    }
    let reasons = outcome::reasons_text(&row.reasons, language).into_iter();
    lines.extend(reasons.map(|reason| format!("reason: {reason}")));
    lines
}

/// What a person may do about it.
fn next(row: &HeldRow, second: bool) -> Vec<String> {
    if row.state != HeldState::Open {
        return Vec::new();
    }
    let id = row.id;
    let who = match (second, row.approvals.first()) {
        (true, Some(first)) => format!(" (by somebody other than {})", first.by),
        (true, None) => " (two people have to)".to_owned(),
        (false, _) => String::new(),
    };
    vec![
        format!("blacklist held approve {id} --candidate {} --note WHY{who}", row.candidate),
        format!("blacklist held reject {id} --note WHY"),
    ]
}

fn approve(id: HeldId, candidate: Option<Hash>, by: By, context: &Context<'_>) -> Result<Exit, Failure> {
    let store = context.existing_store()?;
    let candidate = match candidate {
        Some(candidate) => candidate,
        None => seen(id, &store, context)?,
    };
    let approved = store.approve(id, candidate, &by.who().actor())?;
    let (answer, text, exit) = match &approved {
        Approved::Published(published) => {
            let mut answer = outcome::published_json(published, context.language);
            answer["id"] = json!(id);
            (answer, outcome::published_text(published), Exit::Done)
        }
        Approved::NeedsSecond => (
            json!({"id": id, "state": "needs_second", "candidate": candidate}),
            format!("approved; one more person has to: blacklist held approve {id} --candidate {candidate}"),
            Exit::Held,
        ),
    };
    context.output.answer(&answer, || text)?;
    Ok(exit)
}

/// Shows the open candidate, and gives the hash of what was shown.
fn seen(id: HeldId, store: &Store, context: &Context<'_>) -> Result<Hash, Failure> {
    let row = store.held_candidate(Some(id))?.map(|(row, _)| row).ok_or(store::Error::NoHeld(id))?;
    for line in describe(&row, context.language) {
        context.output.note(line);
    }
    Ok(row.candidate)
}

fn reject(id: HeldId, by: By, context: &Context<'_>) -> Result<Exit, Failure> {
    let store = context.existing_store()?;
    store.reject(id, &by.who().actor())?;
    let row = store.held_candidate(Some(id))?.map_or(Value::Null, |(row, _)| json!(row));
    context.output.answer(&row, || {
        format!("rejected {id}: the last publication goes on, and this candidate is not asked about again")
    })?;
    Ok(Exit::Done)
}
