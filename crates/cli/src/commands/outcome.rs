//! What a change does to the list, and what the gate says of it: the same words for every command that publishes.

use blocklist::gate::Reason;
use blocklist::policy::Hit;
use prefix::Prefix;
use serde_json::{Value, json};
use store::{HeldState, Pin, Preview, PublicationRow, Published, Store};

use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::language::Language;
use crate::output::grouped;

/// So many prefixes of each side, and so many hits, are shown to people; programs get all.
pub(super) const SHOWN: usize = 20;

/// A reason in a language.
pub(super) fn reason(reason: &Reason, language: Language) -> String {
    match language {
        Language::English => reason.to_string(),
        Language::Korean => reason.korean(),
    }
}

/// Reasons for programs: each as the gate keeps it, with its text.
pub(super) fn reasons_json(reasons: &[Reason], language: Language) -> Vec<Value> {
    let one = |it: &Reason| {
        let mut value = json!(it);
        if let Some(members) = value.as_object_mut() {
            members.insert("text".to_owned(), json!(reason(it, language)));
        }
        value
    };
    reasons.iter().map(one).collect()
}

/// Reasons as texts.
pub(super) fn reasons_text(reasons: &[Reason], language: Language) -> Vec<String> {
    reasons.iter().map(|it| reason(it, language)).collect()
}

/// Prefixes as texts.
pub(super) fn texts(prefixes: &[Prefix]) -> Vec<String> {
    prefixes.iter().map(ToString::to_string).collect()
}

/// The first prefixes of one side, a line each.
pub(super) fn side(sign: char, prefixes: &[Prefix], lines: &mut Vec<String>) {
    lines.extend(prefixes.iter().take(SHOWN).map(|prefix| format!("  {sign} {prefix}")));
    let more = prefixes.len().saturating_sub(SHOWN);
    if more > 0 {
        lines.push(format!("  {sign} and {} more; --json names them all", grouped(more as u64)));
    }
}

/// What a change would do, for programs.
pub(super) fn preview_json(preview: &Preview, language: Language) -> Value {
    json!({
        "entries": preview.entries,
        "added": texts(&preview.delta.added),
        "removed": texts(&preview.delta.removed),
        "hits": preview.hits,
        "reasons": reasons_json(&preview.reasons, language),
        "held": reasons_text(&preview.reasons, language),
    })
}

/// What a change would do, for people; `done` says it in the past, and leaves what the gate says to [`tell`].
pub(super) fn preview_text(preview: &Preview, done: bool, language: Language) -> String {
    let (added, removed) = (&preview.delta.added, &preview.delta.removed);
    let mut lines = vec![format!(
        "{} {} and {} {}: {} prefixes {}",
        if done { "came" } else { "would add" },
        grouped(added.len() as u64),
        if done { "went" } else { "remove" },
        grouped(removed.len() as u64),
        grouped(preview.entries),
        if done { "now" } else { "then" },
    )];
    side('+', added, &mut lines);
    side('-', removed, &mut lines);
    hits(&preview.hits, language, &mut lines);
    if !done {
        let reasons = reasons_text(&preview.reasons, language).into_iter();
        lines.extend(reasons.map(|reason| format!("would be held: {reason}")));
    }
    lines.join("\n")
}

fn hits(hits: &[Hit], language: Language, lines: &mut Vec<String>) {
    if hits.is_empty() {
        return;
    }
    lines.push(format!("new hits on what is protected: {}", grouped(hits.len() as u64)));
    let kind = |hit: &Hit| match language {
        Language::English => hit.kind.to_string(),
        Language::Korean => hit.kind.korean().to_owned(),
    };
    let line = |hit: &Hit| format!("  {} of {} on {} ({})", hit.prefix, hit.source, hit.guard, kind(hit));
    lines.extend(hits.iter().take(SHOWN).map(line));
}

/// The exit code of something that was only tried.
pub(super) fn exit_of(preview: &Preview) -> Exit {
    if preview.reasons.is_empty() { Exit::Done } else { Exit::Held }
}

/// What came of a wish to publish: its word, the publication that holds now, and why the gate holds the candidate.
pub(super) fn parts(published: &Published) -> (&'static str, Option<&PublicationRow>, &[Reason]) {
    match published {
        Published::New(row) => ("published", Some(row), &[]),
        Published::Same(row) => ("unchanged", Some(row), &[]),
        Published::Held { reasons, last } => ("held", last.as_ref(), reasons),
    }
}

/// The same for programs.
pub(super) fn published_json(published: &Published, language: Language) -> Value {
    let (state, row, reasons) = parts(published);
    json!({
        "state": state,
        "publication": row,
        "reasons": reasons_json(reasons, language),
        "held": reasons_text(reasons, language),
    })
}

/// The same for people, in one line.
pub(super) fn published_text(published: &Published) -> String {
    match parts(published) {
        ("held", Some(row), _) => format!("held, and this goes on: {}", describe(row)),
        (state, Some(row), _) => format!("{state}: {}", describe(row)),
        (state, None, _) => format!("{state}: nothing is published"),
    }
}

/// Names every reason on standard error, with what to do next, and gives the exit code.
pub(super) fn tell(published: &Published, store: &Store, context: &Context<'_>) -> Result<Exit, Failure> {
    let (_, _, reasons) = parts(published);
    if reasons.is_empty() {
        return Ok(Exit::Done);
    }
    for text in reasons_text(reasons, context.language) {
        context.output.warn(text);
    }
    match store.held(None, 1)?.first().filter(|row| row.state == HeldState::Open) {
        Some(row) => context.output.note(format_args!(
            "next: `blacklist held show` shows candidate {id}; then blacklist held approve {id}, or blacklist held reject {id}",
            id = row.id
        )),
        None if reasons.iter().any(|reason| matches!(reason, Reason::Pinned { .. } | Reason::Empty)) => {}
        None => context
            .output
            .note("next: mend what is named above, or blacklist publish --force --note WHY"),
    }
    Ok(Exit::Held)
}

/// The same after a change of the rules: where nothing was ever published and nothing would be, nothing waits for anybody.
pub(super) fn tell_change(
    published: &Published,
    store: &Store,
    context: &Context<'_>,
) -> Result<Exit, Failure> {
    match published {
        Published::Held { reasons, last: None } if matches!(reasons[..], [Reason::Empty]) => {
            context.output.note("nothing is listed yet, so nothing is published");
            Ok(Exit::Done)
        }
        published => tell(published, store, context),
    }
}

/// Says what to do next about a candidate that waits; of a rollback the reason says it itself.
pub(super) fn next(reasons: &[Reason], context: &Context<'_>) {
    if !reasons.is_empty() && !reasons.iter().any(|reason| matches!(reason, Reason::Pinned { .. })) {
        context.output.note("next: `blacklist held show` shows what waits and how to decide on it");
    }
}

/// Says that an old publication is held, where one is.
pub(super) fn pinned(store: &Store, context: &Context<'_>) -> Result<Option<Pin>, Failure> {
    let pin = store.pinned()?;
    if let Some(pin) = &pin {
        let note = pin.note.as_ref().map_or(String::new(), |note| format!(" ({note})"));
        context.output.warn(format_args!(
            "publication {} was brought back by {} at {} KST{note} and is held there; `blacklist publication release` lets \
             the list go on",
            pin.serial,
            pin.by,
            pin.at.to_seoul()
        ));
    }
    Ok(pin)
}

/// One line about a publication.
pub(super) fn describe(row: &PublicationRow) -> String {
    format!(
        "publication {}, {} prefixes (+{} -{}), {}",
        row.serial,
        grouped(row.entries),
        grouped(row.added),
        grouped(row.removed),
        row.published_at.to_seoul()
    )
}
