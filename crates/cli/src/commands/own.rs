//! `own`: the firm's own networks, and the addresses of this server as it found them itself.

use serde_json::{Value, json};
use store::OwnKind;

use super::allow::Named;
use super::changed;
use crate::actor::By;
use crate::args::Own;
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::output::table;

pub(super) fn run(args: Own, context: &Context<'_>) -> Result<Exit, Failure> {
    match args {
        Own::List => list(context),
        Own::Add { prefixes, wide, dry_run, by } => add(&prefixes, wide, dry_run, by, context),
        Own::Remove { prefixes, dry_run, by } => remove(&prefixes, dry_run, by, context),
    }
}

fn list(context: &Context<'_>) -> Result<Exit, Failure> {
    let rows = context.existing_store()?.own_networks()?;
    context.output.answer(&rows, || {
        if rows.is_empty() {
            return "no own network is named: blacklist own add PREFIX".to_owned();
        }
        let cells = rows.iter().map(|row| {
            let whose = match row.kind {
                OwnKind::Firm => "firm",
                OwnKind::Server => "this server",
            };
            vec![
                row.prefix.to_string(),
                whose.to_owned(),
                row.note.clone().unwrap_or_else(|| "-".to_owned()),
                row.created_by.clone(),
                row.created_at.to_seoul(),
            ]
        });
        table(&["prefix", "whose", "note", "added by", "added (KST)"], &cells.collect::<Vec<_>>())
    })?;
    Ok(Exit::Done)
}

fn add(named: &[Named], wide: bool, dry_run: bool, by: By, context: &Context<'_>) -> Result<Exit, Failure> {
    for note in Named::notes(named) {
        context.output.note(note);
    }
    let prefixes = Named::all(named);
    let store = context.store()?;
    if dry_run {
        let preview = store.preview_add_own(&prefixes, wide)?;
        return changed::tried(context, answer(&prefixes), || text("would add", &prefixes), &preview);
    }
    let who = by.who();
    let published = store.add_own(&prefixes, who.actor().note, wide, &who.actor())?;
    changed::done(context, answer(&prefixes), || text("added", &prefixes), &published)
}

fn remove(named: &[Named], dry_run: bool, by: By, context: &Context<'_>) -> Result<Exit, Failure> {
    let prefixes = Named::all(named);
    let store = context.existing_store()?;
    if dry_run {
        let preview = store.preview_remove_own(&prefixes)?;
        return changed::tried(context, answer(&prefixes), || text("would remove", &prefixes), &preview);
    }
    let published = store.remove_own(&prefixes, &by.who().actor())?;
    changed::done(context, answer(&prefixes), || text("removed", &prefixes), &published)
}

fn answer(prefixes: &[prefix::Prefix]) -> Value {
    json!({"prefixes": prefixes.iter().map(ToString::to_string).collect::<Vec<_>>()})
}

fn text(word: &str, prefixes: &[prefix::Prefix]) -> String {
    prefixes.iter().map(|prefix| format!("{word} {prefix}")).collect::<Vec<_>>().join("\n")
}
