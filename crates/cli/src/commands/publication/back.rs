//! `publication rollback` brings an old publication back and holds it there; `publication release` lets the list go on.

use blocklist::Serial;
use serde_json::json;
use store::Preview;

use crate::actor::By;
use crate::commands::outcome;
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;

pub(super) fn rollback(
    serial: Serial,
    dry_run: bool,
    by: By,
    context: &Context<'_>,
) -> Result<Exit, Failure> {
    let store = context.existing_store()?;
    if dry_run {
        return tried(&store.preview_rollback(serial)?, context);
    }
    let who = by.who_says("why the list goes back")?;
    let published = store.rollback(serial, &who.actor())?;
    let mut answer = outcome::published_json(&published, context.language);
    answer["pinned"] = json!(store.pinned()?);
    context.output.answer(&answer, || {
        format!(
            "brought back {serial} as {}\nit is held there: runs go on, and what they bring waits until `blacklist \
             publication release`",
            published.current().map_or_else(String::new, outcome::describe)
        )
    })?;
    Ok(Exit::Done)
}

pub(super) fn release(dry_run: bool, by: By, context: &Context<'_>) -> Result<Exit, Failure> {
    let store = context.existing_store()?;
    if dry_run {
        return tried(&store.preview_release()?, context);
    }
    let published = store.release(&by.who().actor())?;
    context.output.answer(&outcome::published_json(&published, context.language), || {
        format!("released\n{}", outcome::published_text(&published))
    })?;
    outcome::tell(&published, &store, context)
}

fn tried(preview: &Preview, context: &Context<'_>) -> Result<Exit, Failure> {
    let mut answer = outcome::preview_json(preview, context.language);
    answer["dry_run"] = json!(true);
    context.output.answer(&answer, || outcome::preview_text(preview, false, context.language))?;
    Ok(outcome::exit_of(preview))
}
