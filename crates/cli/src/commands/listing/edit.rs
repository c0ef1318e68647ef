//! `listing set`, `end`, `remove`, `restore`, and `unblock`.

use std::fmt::Write as _;

use blocklist::policy::MANUAL;
use blocklist::{SourceName, details};
use serde_json::json;
use store::{Edit, EditTo, Published, Store, Texts};

use super::block::{preview_json, preview_text, until};
use super::{read, refused};
use crate::actor::By;
use crate::args::{Change, End, Set, Unblock, Until};
use crate::commands::outcome;
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::output::grouped;

pub(super) fn set(args: Set, context: &Context<'_>) -> Result<Exit, Failure> {
    let text = |text: &Option<String>| text.as_deref().and_then(details::text);
    let texts = Texts {
        reason: text(&args.reason),
        category: text(&args.category),
        severity: text(&args.severity),
        confidence: args.confidence,
    };
    if texts == Texts::default() {
        return Err(Failure::usage("nothing is to be set").hint(
            "say --reason, --category, --severity or --confidence; an end is set by `blacklist listing end`",
        ));
    }
    let found = read::prefixes(&args.addresses, args.file.as_deref(), context)?;
    let edits: Vec<Edit> = found
        .into_iter()
        .map(|(prefix, _)| Edit { source: by_hand(), prefix, to: EditTo::Texts(texts.clone()) })
        .collect();
    run(&edits, args.dry_run, args.by, context).map(|(exit, _)| exit)
}

pub(super) fn end(args: End, context: &Context<'_>) -> Result<Exit, Failure> {
    let given = match args.until {
        Some(Until::None) => None,
        Some(Until::At(at)) => Some(at),
        None => Some(until(None, args.r#for, context).unwrap_or_else(|| context.clock.now())),
    };
    // The end of a row wins over none on the command line.
    let open = args.until.is_none() && args.r#for.is_none();
    let found = read::prefixes(&args.change.addresses, args.change.file.as_deref(), context)?;
    let edits: Vec<Edit> = found
        .into_iter()
        .map(|(prefix, of_row)| Edit {
            source: args.change.source.clone(),
            prefix,
            to: EditTo::End(of_row.filter(|_| open).or(given)),
        })
        .collect();
    run(&edits, args.change.dry_run, args.change.by, context).map(|(exit, _)| exit)
}

pub(super) fn remove(args: Change, context: &Context<'_>) -> Result<Exit, Failure> {
    change(args, &EditTo::Removed, context)
}

pub(super) fn restore(args: Change, context: &Context<'_>) -> Result<Exit, Failure> {
    change(args, &EditTo::Restored, context)
}

fn change(args: Change, to: &EditTo, context: &Context<'_>) -> Result<Exit, Failure> {
    let found = read::prefixes(&args.addresses, args.file.as_deref(), context)?;
    let edits: Vec<Edit> = found
        .into_iter()
        .map(|(prefix, _)| Edit { source: args.source.clone(), prefix, to: to.clone() })
        .collect();
    run(&edits, args.dry_run, args.by, context).map(|(exit, _)| exit)
}

/// Ends what was blocked by hand, and says who still lists it.
pub(super) fn unblock(args: Unblock, context: &Context<'_>) -> Result<Exit, Failure> {
    let found = read::prefixes(&args.addresses, None, context)?;
    let now = context.clock.now();
    let edits: Vec<Edit> = found
        .into_iter()
        .map(|(prefix, _)| Edit { source: by_hand(), prefix, to: EditTo::End(Some(now)) })
        .collect();
    let (exit, store) = run(&edits, args.dry_run, args.by, context)?;
    if args.dry_run {
        return Ok(exit);
    }
    if let Some(row) = store.publications(None, 1)?.pop() {
        let publication = store.load_publication(row.serial)?;
        for edit in &edits {
            let answer = blocklist::Answer::new(&publication, edit.prefix, now);
            let mut sources: Vec<&str> = answer.listings.iter().map(|found| found.source).collect();
            sources.dedup();
            if answer.listed {
                context.output.warn(format!(
                    "{} is still on the block list, by {}; `blacklist check {} --explain` says more",
                    edit.prefix,
                    sources.join(", "),
                    edit.prefix
                ));
            }
        }
    }
    Ok(exit)
}

fn by_hand() -> Option<SourceName> {
    MANUAL.parse().ok()
}

fn run(edits: &[Edit], dry_run: bool, by: By, context: &Context<'_>) -> Result<(Exit, Store), Failure> {
    let store = context.existing_store()?;
    if dry_run {
        let ((changed, unchanged), preview) =
            store.preview_edit(edits).map_err(|error| refused(error, context))?;
        let mut value = preview_json(&preview, context.language);
        value["changed"] = changed.into();
        value["unchanged"] = unchanged.into();
        context.output.answer(&value, || {
            format!(
                "would change {} listings\n{}",
                grouped(changed),
                preview_text(&preview, context.language)
            )
        })?;
        let exit = if preview.reasons.is_empty() { Exit::Done } else { Exit::Held };
        return Ok((exit, store));
    }
    let who = by.who();
    let done = store.edit_listings(edits, &who.actor()).map_err(|error| refused(error, context))?;
    let current = done.published.current();
    let held: Vec<String> = match &done.published {
        Published::Held { reasons, .. } => outcome::reasons_text(reasons, context.language),
        _ => Vec::new(),
    };
    let publication =
        current.map(|row| json!({"serial": row.serial, "entries": row.entries, "hash": row.hash}));
    let value = json!({"changed": done.changed, "unchanged": done.unchanged, "publication": publication, "held": held});
    context.output.answer(&value, || {
        let mut text = format!(
            "changed {} listings, {} were so already",
            grouped(done.changed),
            grouped(done.unchanged)
        );
        if let Some(row) = current {
            let _ = write!(text, "\npublication {}: {} prefixes", row.serial, grouped(row.entries));
        }
        text
    })?;
    for reason in &held {
        context.output.warn(reason);
    }
    Ok((if held.is_empty() { Exit::Done } else { Exit::Held }, store))
}
