//! `source list` and `source show`.

use std::collections::BTreeMap;

use blocklist::policy::{SOURCE_SETTINGS, SourceRules};
use blocklist::{SourceName, Time};
use collect::collector::SourceView;
use collect::source::{Kind, SETTINGS, Settings};
use serde::Serialize;
use store::{RejectedRow, Run, RunQuery, Store};

use super::{no_source, views};
use crate::commands::credential;
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::{Failure, cause_hint};
use crate::language::Language;
use crate::output::{grouped, table};

const HEADINGS: &[&str] = &[
    "source",
    "kind",
    "enabled",
    "active",
    "expired",
    "withdrawn",
    "fresh",
    "last run (KST)",
    "result",
    "next run (KST)",
];

pub(super) fn list(context: &Context<'_>) -> Result<Exit, Failure> {
    let views = views(&context.existing_store()?, context)?;
    context.output.answer(&views, || {
        if views.is_empty() {
            return "there is no source yet: blacklist source add NAME --kind KIND, or blacklist import FILE --source NAME"
                .to_owned();
        }
        let cells: Vec<Vec<String>> = views.iter().map(cells).collect();
        let mut text = table(HEADINGS, &cells);
        for view in &views {
            let lines = problems(view, context.language);
            if !lines.is_empty() {
                text.push_str("\n\n");
                text.push_str(&lines.join("\n"));
            }
        }
        text
    })?;
    Ok(Exit::Done)
}

/// How much of a source is shown.
pub(super) struct Wanted {
    /// The settings at their defaults too.
    pub(super) all: bool,
    pub(super) runs: usize,
    pub(super) refused: usize,
}

/// The source itself, with its last runs and the refused rows of the last one.
#[derive(Serialize)]
struct Shown<'a> {
    #[serde(flatten)]
    source: &'a SourceView,
    #[serde(skip_serializing_if = "Option::is_none")]
    all_settings: Option<BTreeMap<&'static str, String>>,
    /// What the policy says of it alone.
    policy: SourceRules,
    runs: &'a [Run],
    refused_rows: &'a [RejectedRow],
}

pub(super) fn show(name: &SourceName, wanted: &Wanted, context: &Context<'_>) -> Result<Exit, Failure> {
    let store = context.existing_store()?;
    let views = views(&store, context)?;
    let source = views.iter().find(|view| view.row.name == *name).ok_or_else(|| no_source(name))?;
    let query = RunQuery { source: Some(name.clone()), limit: wanted.runs, ..RunQuery::default() };
    let runs = store.runs(&query)?;
    let rejected = match runs.first() {
        Some(run) => store.rejected_rows(run.run, wanted.refused)?,
        None => Vec::new(),
    };
    let all_settings = if wanted.all { Some(all_settings(&store, name)?) } else { None };
    let policy = store.policy()?.sources.remove(name).unwrap_or_default();
    let answer = Shown { source, all_settings, policy, runs: &runs, refused_rows: &rejected };
    context.output.answer(&answer, || {
        let mut parts = vec![table(HEADINGS, &[cells(source)])];
        parts.extend(Some(problems(source, context.language).join("\n")).filter(|text| !text.is_empty()));
        let settings = answer.all_settings.as_ref().unwrap_or(&source.settings);
        if !settings.is_empty() {
            let cells: Vec<Vec<String>> =
                settings.iter().map(|(name, value)| vec![(*name).to_owned(), value.clone()]).collect();
            parts.push(table(&["setting", "value"], &cells));
        }
        parts.push(rules(&answer.policy));
        if let Some(credential) = &source.credential {
            parts.push(format!("credential: {}", credential::describe(credential)));
        }
        if !runs.is_empty() {
            parts.push(runs_table(&runs));
        }
        if !rejected.is_empty() {
            let cells: Vec<Vec<String>> = rejected
                .iter()
                .map(|row| vec![row.line.to_string(), row.cause.clone(), row.text.clone()])
                .collect();
            parts.push(format!(
                "refused rows of the last run:\n{}",
                table(&["line", "cause", "text"], &cells)
            ));
        }
        parts.join("\n\n")
    })?;
    Ok(Exit::Done)
}

/// What the policy says of a source alone: when its listings end, and whatever is not at its default.
fn rules(rules: &SourceRules) -> String {
    let told = SOURCE_SETTINGS.iter().map(|it| (it, it.get(rules)));
    let told = told.filter(|(it, value)| it.key == "end" || *value != it.default());
    let texts: Vec<String> = told.map(|(it, value)| format!("{}={value}", it.key)).collect();
    format!("policy: {}", texts.join(" "))
}

/// The settings with those at their defaults; of a source whose settings cannot be read, nothing.
fn all_settings(store: &Store, name: &SourceName) -> Result<BTreeMap<&'static str, String>, Failure> {
    let Some(config) = store.source_config(name)? else { return Ok(BTreeMap::new()) };
    let Ok(kind) = config.kind.parse::<Kind>() else { return Ok(BTreeMap::new()) };
    let Ok(settings) = Settings::from_json(kind, &config.settings) else { return Ok(BTreeMap::new()) };
    let of_kind = SETTINGS.iter().filter(|setting| setting.applies_to(kind));
    Ok(of_kind.map(|setting| (setting.name, setting.show(&settings))).collect())
}

fn cells(source: &SourceView) -> Vec<String> {
    let row = &source.row;
    let seoul = |time: Option<Time>, none: &str| time.map_or(none.to_owned(), Time::to_seoul);
    let last = row.last_run.as_ref();
    vec![
        row.name.to_string(),
        row.kind.clone(),
        if row.enabled { "yes" } else { "no" }.to_owned(),
        grouped(row.active),
        grouped(row.expired),
        grouped(row.withdrawn),
        source.freshness.unwrap_or("-").to_owned(),
        seoul(last.map(|run| run.ended_at), "never"),
        last.map_or("", |run| run.state.as_str()).to_owned(),
        seoul(source.next_run_at, "-"),
    ]
}

/// What a person has to look at, with what to do about it.
fn problems(source: &SourceView, language: Language) -> Vec<String> {
    let name = &source.row.name;
    let mut lines = Vec::new();
    if let Some(problem) = &source.settings_problem {
        lines.push(format!("{name}: the settings cannot be read: {problem}"));
        lines.push(format!("  hint: blacklist source set {name} KEY=VALUE; an empty value is the default"));
    }
    if let Some(condition) = &source.condition {
        let info = condition.id.info();
        let what = if language == Language::Korean { info.korean } else { info.english };
        let detail = condition.detail.as_ref().map_or(String::new(), |detail| format!(": {detail}"));
        lines.push(format!("{name}: {what}{detail} (KST {})", condition.since.to_seoul()));
        lines.push(format!("  hint: {}", cause_hint(condition.id, name.as_str(), language)));
    } else if source.failures > 0 {
        let times = if source.failures == 1 { "time" } else { "times" };
        let circuit = if source.circuit_open { "; it is tried only now and then" } else { "" };
        lines.push(format!("{name}: failed {} {times} since the last good run{circuit}", source.failures));
    }
    if let Some(credential) = source.credential.as_ref().filter(|it| credential::ends(it)) {
        lines.push(format!("{name}: credential {}", credential::describe(credential)));
    }
    lines
}

fn runs_table(runs: &[Run]) -> String {
    let cells: Vec<Vec<String>> = runs.iter().map(run_cells).collect();
    table(
        &["run", "started (KST)", "state", "rows", "refused", "new", "changed", "withdrawn", "input"],
        &cells,
    )
}

fn run_cells(run: &Run) -> Vec<String> {
    vec![
        run.run.to_string(),
        run.started_at.to_seoul(),
        run.cause
            .as_ref()
            .map_or(run.state.as_str().to_owned(), |cause| format!("{}: {cause}", run.state.as_str())),
        grouped(run.rows),
        grouped(run.refused),
        grouped(run.new),
        grouped(run.changed),
        grouped(run.withdrawn),
        run.input.clone(),
    ]
}
