//! `/collect`: every source as a card, what needs a hand first.

pub(crate) mod act;
mod days;
pub(crate) mod key;
pub(crate) mod new;
pub(crate) mod one;
pub(crate) mod upload;

use std::sync::Arc;

use askama::Template;
use axum::extract::{Query, State};
use axum::response::Response;
use blocklist::Time;
use collect::collector::{Running, SourceView, view};
use collect::source::{Kind, SETTINGS, Settings};
use serde::Deserialize;
use store::{Role, Run, RunQuery, RunState};

use super::chart::Strip;
use super::csv::csv;
use super::parts::{Empty, Notice};
use super::words::Collect;
use super::{Level, Markup, Page, Shell, View, Visit, respond, show, words};
use crate::App;
use crate::api::problem::Problem;
use crate::events::Phase;

#[derive(Template)]
#[template(path = "collect/list.html")]
struct ListPage {
    shell: Shell,
    t: &'static Collect,
    notice: Option<Notice>,
    cards: Vec<Card>,
    empty: Empty,
}

/// A source as the list shows it.
struct Card {
    source: SourceView,
    word: String,
    level: Level,
    strip: Strip,
    last: Option<(Run, &'static str, Level)>,
    /// What to do about its condition.
    todo: Option<&'static str>,
    doing: Option<Doing>,
    schedule: String,
}

/// A run under way, in the words of the page.
struct Doing {
    started_at: Time,
    step: String,
    /// A person has told it to end.
    is_ending: bool,
}

impl Doing {
    fn of(view: View, running: &Running) -> Self {
        let step = words::progress::of(view, &Phase::of(running));
        Self { started_at: running.started_at, step, is_ending: running.cancelled }
    }
}

/// What happened before, and whether it is to be a file.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Asked {
    done: Option<String>,
    format: Option<String>,
}

/// The page.
pub(crate) async fn list(
    State(app): State<Arc<App>>,
    visit: Visit,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let (alive, now) = (app.alive(), app.now());
    let found = app.ask_store(move |store| {
        let mut found = Vec::new();
        for source in view::sources(store, now, &alive)? {
            let of_it =
                RunQuery { source: Some(source.row.name.clone()), limit: Strip::RUNS, ..RunQuery::default() };
            found.push((store.runs(&of_it)?, source));
        }
        Ok(found)
    });
    let t = Collect::of(visit.view.language);
    let mut cards: Vec<Card> =
        found.await?.into_iter().map(|(runs, source)| card(&visit, source, runs)).collect();
    cards.sort_by_key(|card| std::cmp::Reverse(card.level));
    if asked.format.as_deref() == Some("csv") {
        return Ok(file(&cards));
    }
    let act = visit.identity.may(Role::Admin).then(|| (t.add.to_owned(), "/collect/new".to_owned()));
    let page = ListPage {
        shell: visit.shell(&app, Page::Collect),
        t,
        notice: asked.done.as_deref().and_then(|done| told(visit.view, done)),
        cards,
        empty: Empty { says: t.empty.into(), hint: t.empty_hint.into(), act },
    };
    respond::html(&app, &page)
}

fn card(visit: &Visit, source: SourceView, runs: Vec<Run>) -> Card {
    let (word, level) = words::collect::state(visit.view, &source);
    let good = runs.iter().filter(|run| run.state == RunState::Done).count();
    let strip = Strip {
        label: words::collect::strip(visit.view, good, runs.len()),
        runs: runs.iter().rev().map(|run| words::collect::run(visit.view, run).1).collect(),
    };
    let last = runs.into_iter().next().map(|run| {
        let (word, level) = words::collect::run(visit.view, &run);
        (run, word, level)
    });
    let todo = source.condition.as_ref().map(|condition| {
        let info = condition.id.info();
        visit.view.pick(info.korean_hint, info.english_hint)
    });
    let doing = source.running.as_ref().map(|running| Doing::of(visit.view, running));
    let schedule = schedule(&source);
    Card { source, word, level, strip, last, todo, doing, schedule }
}

/// What its timetable says: what is set, or the default of its kind. Empty where nothing is fetched or nothing can be read.
fn schedule(source: &SourceView) -> String {
    let Ok(kind) = source.row.kind.parse::<Kind>() else { return String::new() };
    if source.freshness.is_none() {
        return String::new();
    }
    let known = SETTINGS.iter().find(|setting| setting.name == "schedule");
    let set = source.settings.get("schedule").cloned();
    set.or_else(|| known.map(|setting| setting.show(&Settings::of(kind)))).unwrap_or_default()
}

/// The sources as a file.
fn file(cards: &[Card]) -> Response {
    let header = [
        "source",
        "kind",
        "enabled",
        "active",
        "freshness",
        "good_at",
        "next_run_at",
        "schedule",
        "last_run",
        "last_state",
        "last_started_at",
    ];
    let at = |time: Option<Time>| time.map(|time| time.to_string()).unwrap_or_default();
    let rows = cards.iter().map(|Card { source, last, schedule, .. }| {
        let last = last.as_ref().map(|(run, ..)| run);
        [
            source.row.name.to_string(),
            source.row.kind.clone(),
            String::from(if source.row.enabled { "yes" } else { "no" }),
            source.row.active.to_string(),
            source.freshness.unwrap_or_default().to_owned(),
            at(source.good_at),
            at(source.next_run_at),
            schedule.clone(),
            last.map(|run| run.run.to_string()).unwrap_or_default(),
            last.map(|run| run.state.as_str().to_owned()).unwrap_or_default(),
            at(last.map(|run| run.started_at)),
        ]
    });
    csv("sources", &header, rows)
}

impl Card {
    /// Whether it is fetched by itself at all.
    fn is_fetched(&self) -> bool {
        self.source.freshness.is_some()
    }
}

/// What was done just now: a code of the address, never a text of it.
fn told(view: View, done: &str) -> Option<Notice> {
    let t = Collect::of(view.language);
    let says = match done {
        "run" => t.done_run,
        "cancel" => t.done_cancel,
        "running" => t.done_running,
        "verify" => t.done_verify,
        "otp" => t.done_otp,
        "sent" => t.done_sent,
        "credential" => t.done_credential,
        "changed" => t.done_changed,
        "added" => t.done_added,
        "removed" => t.done_removed,
        "forgotten" => t.done_forgotten,
        "held" => t.held,
        "imported" => words::Upload::of(view.language).done,
        "not_imported" => words::Upload::of(view.language).done_refused,
        _ => return None,
    };
    let level = if matches!(done, "held" | "not_imported") { Level::Warn } else { Level::Ok };
    Some(Notice { level, says: says.into(), more: Markup::default() })
}
