//! `allow add`, `set` and `remove`.

use serde_json::json;
use store::{AllowChange, AllowRow, NewAllow};

use super::{Named, Which, find};
use crate::actor::By;
use crate::args::{AllowAdd, AllowSet};
use crate::commands::changed;
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;

pub(super) fn add(args: AllowAdd, context: &Context<'_>) -> Result<Exit, Failure> {
    for note in Named::notes(&args.prefixes) {
        context.output.note(note);
    }
    let new: Vec<NewAllow> = Named::all(&args.prefixes)
        .into_iter()
        .map(|prefix| NewAllow {
            prefix,
            reason: args.reason.clone(),
            owner: args.owner.clone(),
            ticket: args.ticket.clone(),
            until: args.until,
            remind_days: args.remind,
            wide: args.wide,
        })
        .collect();
    // An entry may come before the first listing.
    let store = context.store()?;
    let text = |word: &str, rows: &[AllowRow]| {
        let lines = rows.iter().map(|row| format!("{word} {} (entry {})", row.prefix, row.id));
        lines.collect::<Vec<_>>().join("\n")
    };
    if args.dry_run {
        let (rows, preview) = store.preview_add_allow(&new)?;
        let answer = json!({"prefixes": named(&rows)});
        let lines = || rows.iter().map(|row| format!("would allow {}", row.prefix)).collect::<Vec<_>>();
        return changed::tried(context, answer, || lines().join("\n"), &preview);
    }
    let (rows, published) = store.add_allow(&new, &args.by.who().actor())?;
    changed::done(context, json!({"entries": rows}), || text("allowed", &rows), &published)
}

fn named(rows: &[AllowRow]) -> Vec<String> {
    rows.iter().map(|row| row.prefix.to_string()).collect()
}

pub(super) fn set(args: AllowSet, context: &Context<'_>) -> Result<Exit, Failure> {
    let word = |text: Option<String>| text.map(|text| Some(text).filter(|text| !text.trim().is_empty()));
    let change = AllowChange {
        reason: args.reason,
        owner: word(args.owner),
        ticket: word(args.ticket),
        until: args.until.map(|until| until.0),
        remind_days: args.remind.map(|days| days.0),
    };
    if change.is_empty() {
        return Err(Failure::usage("nothing is named that should change").hint(
            "--reason, --owner, --ticket, --until or --remind; `none` takes an end or a reminder out",
        ));
    }
    let store = context.existing_store()?;
    let id = find(&store, args.entry)?.id;
    if args.dry_run {
        let (row, preview) = store.preview_set_allow(id, &change)?;
        return changed::tried(
            context,
            json!({"entry": row}),
            || format!("would change entry {id}"),
            &preview,
        );
    }
    let (row, published) = store.set_allow(id, &change, &args.by.who().actor())?;
    changed::done(context, json!({"entry": row}), || format!("entry {id} is changed"), &published)
}

pub(super) fn remove(entry: Which, dry_run: bool, by: By, context: &Context<'_>) -> Result<Exit, Failure> {
    let store = context.existing_store()?;
    let entry = find(&store, entry)?;
    let text = |word: &str| format!("{word} entry {}, {}", entry.id, entry.prefix);
    if dry_run {
        let (row, preview) = store.preview_remove_allow(entry.id)?;
        return changed::tried(context, json!({"entry": row}), || text("would remove"), &preview);
    }
    let (row, published) = store.remove_allow(entry.id, &by.who().actor())?;
    changed::done(context, json!({"entry": row}), || text("removed"), &published)
}
