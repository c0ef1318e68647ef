//! `listing add` and `block`.

use std::path::Path;

use blocklist::Time;
use collect::Defaults;
use serde_json::json;
use store::{ByHand, Preview, Published, Run};

use super::read::read;
use super::refused;
use crate::actor::By;
use crate::args::{Add, Block};
use crate::commands::outcome;
use crate::commands::report::Report;
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::language::Language;
use crate::output::grouped;

/// What both commands come down to.
struct Order<'a> {
    addresses: &'a [String],
    file: Option<&'a Path>,
    defaults: Defaults,
    /// Of rows that say none.
    until: Option<Time>,
    anyway: bool,
    wide: bool,
    dry_run: bool,
}

pub(super) fn add(args: Add, context: &Context<'_>) -> Result<Exit, Failure> {
    let defaults = Defaults {
        reason: args.reason,
        category: args.category,
        severity: args.severity,
        confidence: args.confidence,
        country: None,
    };
    let order = Order {
        addresses: &args.addresses,
        file: args.file.as_deref(),
        defaults,
        until: until(args.until, args.r#for, context),
        anyway: args.anyway,
        wide: args.wide,
        dry_run: args.dry_run,
    };
    run(order, args.by, context)
}

pub(super) fn block(args: Block, context: &Context<'_>) -> Result<Exit, Failure> {
    let order = Order {
        addresses: &args.addresses,
        file: None,
        defaults: Defaults { reason: Some(args.reason), ..Defaults::default() },
        until: until(args.until, args.r#for, context),
        anyway: args.anyway,
        wide: args.wide,
        dry_run: args.dry_run,
    };
    run(order, args.by, context)
}

/// The end that was given, one way or the other.
pub(super) fn until(until: Option<Time>, span: Option<i64>, context: &Context<'_>) -> Option<Time> {
    until.or_else(|| span.map(|seconds| context.clock.now().plus_seconds(seconds)))
}

fn run(order: Order<'_>, by: By, context: &Context<'_>) -> Result<Exit, Failure> {
    let mut input = read(order.addresses, order.file, order.defaults, context)?;
    for record in &mut input.batch.records {
        record.until = record.until.or(order.until);
    }
    let new = ByHand { batch: &input.batch, input: &input.name, anyway: order.anyway, wide: order.wide };
    let store = context.store()?;
    if order.dry_run {
        let (run, preview) = store.preview_block(&new).map_err(|error| refused(error, context))?;
        return told(&run, &preview, context);
    }
    let who = by.who();
    let done = store.block(&new, &who.actor()).map_err(|error| refused(error, context))?;
    let report = Report::of(&done.run, Vec::new(), Some(&done.published), &[], context.language);
    context.output.answer(&report, || report.text())?;
    if let Published::Held { last, .. } = &done.published {
        // What is blocked by hand goes out all the same.
        report.held.iter().for_each(|reason| context.output.warn(reason));
        return Ok(if last.is_some() { Exit::Done } else { Exit::Held });
    }
    Ok(Exit::Done)
}

fn told(run: &Run, preview: &Preview, context: &Context<'_>) -> Result<Exit, Failure> {
    let mut value = preview_json(preview, context.language);
    value["new"] = run.new.into();
    value["changed"] = run.changed.into();
    value["unchanged"] = run.unchanged.into();
    context.output.answer(&value, || {
        let counts = format!(
            "would block {} new and change {} of {} given",
            grouped(run.new),
            grouped(run.changed),
            grouped(run.accepted)
        );
        format!("{counts}\n{}", preview_text(preview, context.language))
    })?;
    Ok(if preview.reasons.is_empty() { Exit::Done } else { Exit::Held })
}

/// What a change would do to the list, as JSON.
pub(super) fn preview_json(preview: &Preview, language: Language) -> serde_json::Value {
    let texts = |prefixes: &[prefix::Prefix]| prefixes.iter().map(ToString::to_string).collect::<Vec<_>>();
    let reasons = outcome::reasons_text(&preview.reasons, language);
    json!({"dry_run": true, "entries": preview.entries, "added": texts(&preview.delta.added),
        "removed": texts(&preview.delta.removed), "held": reasons})
}

/// The same in words.
pub(super) fn preview_text(preview: &Preview, language: Language) -> String {
    const SHOWN: usize = 50;
    let delta = &preview.delta;
    let mut lines = vec![format!(
        "the list would have {} prefixes: {} more, {} less",
        grouped(preview.entries),
        grouped(delta.added.len() as u64),
        grouped(delta.removed.len() as u64)
    )];
    let signed = delta.removed.iter().map(|prefix| format!("-{prefix}"));
    let signed = signed.chain(delta.added.iter().map(|prefix| format!("+{prefix}")));
    lines.extend(signed.take(SHOWN));
    if delta.added.len() + delta.removed.len() > SHOWN {
        lines.push("...".to_owned());
    }
    let reasons = outcome::reasons_text(&preview.reasons, language).into_iter();
    lines.extend(reasons.map(|reason| format!("the gate would hold it: {reason}")));
    lines.join("\n")
}
