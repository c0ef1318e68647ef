//! `known-good`: lists of addresses that everybody uses and that are never served.

use std::path::Path;

use collect::known_good::shipped::{SHIPPED, Shipped};
use collect::known_good::{self, KnownGood as File};
use prefix::Prefix;
use serde::Serialize;
use serde_json::json;
use store::{Actor, KnownGoodRow, NewKnownGood, Published, Store};

use super::{changed, reading};
use crate::actor::By;
use crate::args::KnownGood;
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::output::{grouped, table};

/// Who loads the lists that come with the program where no person asks for it.
const PROGRAM: Actor<'static> =
    Actor { address: None, by: "blacklist", note: Some("comes with the program") };

const HEADINGS: &[&str] = &[
    "name",
    "used",
    "entries",
    "passed over",
    "hits",
    "version",
    "loaded by",
    "loaded (KST)",
    "description",
];

pub(super) fn run(args: KnownGood, context: &Context<'_>) -> Result<Exit, Failure> {
    match args {
        KnownGood::List => list(context),
        KnownGood::Show { name, limit } => show(&name, limit, context),
        KnownGood::Load { file, name, dry_run, by } => load(&file, &name, dry_run, by, context),
        KnownGood::Install { by } => {
            let store = context.store()?;
            let Some((rows, published)) = put_shipped(&store, &by.who().actor())? else {
                let answer = json!({"lists": [], "state": "unchanged"});
                context.output.answer(&answer, || {
                    "the lists that come with the program were all loaded here before".to_owned()
                })?;
                return Ok(Exit::Done);
            };
            let text = || lines(&rows, "installed");
            changed::done(context, json!({"lists": rows}), text, &published)
        }
        KnownGood::Enable { name, dry_run, by } => enable(&name, true, dry_run, by, context),
        KnownGood::Disable { name, dry_run, by } => enable(&name, false, dry_run, by, context),
        KnownGood::Remove { name, dry_run, by } => remove(&name, dry_run, by, context),
    }
}

/// Loads the lists that come with the program into a store that never had them, and says so. A failure keeps nobody from
/// what was asked for.
pub(crate) fn install(store: &Store, told: impl Fn(&str)) {
    match put_shipped(store, &PROGRAM) {
        Ok(None) => {}
        Ok(Some((rows, _))) => told(&lines(&rows, "installed")),
        Err(error) => told(&format!("the known-good lists of the program could not be installed: {error}")),
    }
}

fn put_shipped(
    store: &Store,
    actor: &Actor<'_>,
) -> Result<Option<(Vec<KnownGoodRow>, Published)>, store::Error> {
    let prefixes: Vec<Vec<Prefix>> = SHIPPED.iter().map(Shipped::prefixes).collect();
    let lists: Vec<NewKnownGood<'_>> = SHIPPED
        .iter()
        .zip(&prefixes)
        .map(|(list, prefixes)| NewKnownGood {
            name: list.name,
            description: Some(list.description),
            version: Some(list.version),
            prefixes,
            passed_over: 0,
        })
        .collect();
    store.install_known_good(&lists, actor)
}

fn lines(rows: &[KnownGoodRow], word: &str) -> String {
    let line =
        |row: &KnownGoodRow| format!("{word} known-good list {}, {} entries", row.name, grouped(row.entries));
    rows.iter().map(line).collect::<Vec<_>>().join("\n")
}

fn list(context: &Context<'_>) -> Result<Exit, Failure> {
    let rows = context.existing_store()?.known_good_lists()?;
    context.output.answer(&rows, || {
        if rows.is_empty() {
            return "no known-good list is loaded: blacklist known-good install, or load FILE --name NAME"
                .to_owned();
        }
        table(HEADINGS, &rows.iter().map(cells).collect::<Vec<_>>())
    })?;
    Ok(Exit::Done)
}

fn cells(row: &KnownGoodRow) -> Vec<String> {
    vec![
        row.name.clone(),
        if row.enabled { "yes" } else { "no" }.to_owned(),
        grouped(row.entries),
        grouped(row.passed_over),
        grouped(row.hits),
        row.version.clone().unwrap_or_else(|| "-".to_owned()),
        row.loaded_by.clone(),
        row.loaded_at.to_seoul(),
        row.description.clone().unwrap_or_default().chars().take(60).collect(),
    ]
}

/// A list with the begin of its prefixes, and the listings that it holds back.
#[derive(Serialize)]
struct Shown<'a> {
    #[serde(flatten)]
    list: &'a KnownGoodRow,
    prefixes: Vec<String>,
    held_back: Vec<blocklist::policy::Hit>,
}

fn show(name: &str, limit: usize, context: &Context<'_>) -> Result<Exit, Failure> {
    let store = context.existing_store()?;
    let list = store.known_good_list(name)?.ok_or_else(|| store::Error::NoKnownGood(name.to_owned()))?;
    let prefixes = store.known_good_entries(name, None, limit)?;
    let shown = Shown {
        list: &list,
        prefixes: prefixes.iter().map(ToString::to_string).collect(),
        held_back: store.known_good_hits(name, limit)?,
    };
    context.output.answer(&shown, || {
        let mut parts = vec![table(HEADINGS, &[cells(&list)]), shown.prefixes.join("\n")];
        if list.entries > shown.prefixes.len() as u64 {
            parts.push(format!(
                "the first {} of them; --limit shows more",
                grouped(shown.prefixes.len() as u64)
            ));
        }
        if !shown.held_back.is_empty() {
            let row = |hit: &blocklist::policy::Hit| {
                vec![hit.prefix.to_string(), hit.source.to_string(), hit.guard.to_string()]
            };
            let rows: Vec<Vec<String>> = shown.held_back.iter().map(row).collect();
            parts.push(format!(
                "listings that it holds back:\n{}",
                table(&["prefix", "source", "touches"], &rows)
            ));
        }
        parts.join("\n\n")
    })?;
    Ok(Exit::Done)
}

fn load(file: &Path, name: &str, dry_run: bool, by: By, context: &Context<'_>) -> Result<Exit, Failure> {
    let read = known_good::read(&mut *reading::open(file)?).map_err(|error| {
        let mut failure = Failure::from_error(&error).hint(error.hint());
        failure.what = format!("{}: {}", file.display(), failure.what);
        failure
    })?;
    let new = NewKnownGood {
        name,
        description: read.description.as_deref().or(read.name.as_deref()),
        version: read.version.as_deref(),
        prefixes: &read.prefixes,
        passed_over: read.passed_over(),
    };
    for line in passed_over(&read) {
        context.output.note(line);
    }
    let passed = read.passed_over.iter().map(|(cause, passed)| {
        let examples = passed.examples.iter().map(|(at, text)| json!({"line": at, "text": text}));
        json!({"cause": cause.id(), "count": passed.count, "examples": examples.collect::<Vec<_>>()})
    });
    let passed: Vec<_> = passed.collect();
    let answer =
        |row: &KnownGoodRow| json!({"list": row, "host_bits": read.host_bits, "passed_over": passed});
    let store = context.store()?;
    if dry_run {
        let (row, preview) = store.preview_known_good(&new)?;
        return changed::tried(
            context,
            answer(&row),
            || lines(std::slice::from_ref(&row), "would load"),
            &preview,
        );
    }
    let (row, published) = store.load_known_good(&new, &by.who().actor())?;
    changed::done(context, answer(&row), || lines(std::slice::from_ref(&row), "loaded"), &published)
}

fn passed_over(read: &File) -> Vec<String> {
    let mut lines = Vec::new();
    for (cause, passed) in &read.passed_over {
        lines.push(format!("passed over {} entries: {cause}", grouped(passed.count)));
        lines.extend(passed.examples.iter().map(|(at, text)| format!("  line {at}: {text}")));
    }
    lines
}

fn enable(name: &str, enabled: bool, dry_run: bool, by: By, context: &Context<'_>) -> Result<Exit, Failure> {
    let store = context.existing_store()?;
    let word = if enabled { "used" } else { "kept and not used" };
    if dry_run {
        let (row, preview) = store.preview_enable_known_good(name, enabled)?;
        let text = || format!("{name} would be {word}");
        return changed::tried(context, json!({"list": row}), text, &preview);
    }
    let (row, published) = store.enable_known_good(name, enabled, &by.who().actor())?;
    changed::done(context, json!({"list": row}), || format!("{name} is {word}"), &published)
}

fn remove(name: &str, dry_run: bool, by: By, context: &Context<'_>) -> Result<Exit, Failure> {
    let store = context.existing_store()?;
    if dry_run {
        let (row, preview) = store.preview_remove_known_good(name)?;
        return changed::tried(
            context,
            json!({"list": row}),
            || lines(std::slice::from_ref(&row), "would remove"),
            &preview,
        );
    }
    let (row, published) = store.remove_known_good(name, &by.who().actor())?;
    changed::done(context, json!({"list": row}), || lines(std::slice::from_ref(&row), "removed"), &published)
}
