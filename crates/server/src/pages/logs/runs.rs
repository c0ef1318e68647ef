//! `/logs/runs`: every attempt to read a source.

use std::sync::Arc;

use axum::extract::State;
use axum::http::Uri;
use axum::response::Response;
use blocklist::SourceName;
use store::{Journal, Run, RunId, RunQuery, RunState};

use super::table::{Cell, link, moment, or_dash};
use super::{Asked, Kind, Tab, Table, look};
use crate::App;
use crate::api::problem::Problem;
use crate::pages::parts::{Column, Field};
use crate::pages::words::Logs;
use crate::pages::{Markup, Visit, show, words};

const STATES: [RunState; 3] = [RunState::Done, RunState::Refused, RunState::Failed];
const HEAD: [&str; 14] = [
    "run",
    "source",
    "state",
    "cause",
    "started_at",
    "ended_at",
    "rows",
    "accepted",
    "refused",
    "new",
    "changed",
    "unchanged",
    "withdrawn",
    "by",
];

/// What runs are counted by: why they came to nothing, or that they did not.
fn group(run: &Run) -> String {
    run.cause_id.clone().unwrap_or_else(|| run.state.as_str().to_owned())
}

/// The page.
pub(crate) async fn page(State(app): State<Arc<App>>, visit: Visit, uri: Uri) -> Result<Response, Problem> {
    let (view, t, asked) = (visit.view, Logs::of(visit.view.language), Asked::of(visit.view, &uri));
    let source: Option<SourceName> = asked.field("source").and_then(|name| name.to_lowercase().parse().ok());
    let state = asked.field("state").and_then(|text| STATES.into_iter().find(|state| state.as_str() == text));
    let cause = asked.field("cause");
    let wanted = asked.clone();
    let found = app.ask_store(move |store| {
        let kind = Kind {
            journal: Journal::Runs,
            id: |run: &Run| run.run.0,
            at: |run: &Run| run.ended_at,
            text: |run: &Run| {
                let parts =
                    [&run.cause, &run.cause_id, &run.by, &run.note].map(|text| text.as_deref().unwrap_or(""));
                format!("{} {} {} {} {}", run.run, run.source, run.parser, run.input, parts.join(" "))
            },
            group,
        };
        let fits = |run: &Run| cause.as_ref().is_none_or(|cause| group(run) == *cause);
        look(store, &wanted, &kind, fits, |store, before, limit| {
            store.runs(&RunQuery { source: source.clone(), state, before: before.map(RunId), limit })
        })
    });
    let found = found.await?;
    let value = |key: &str| asked.field(key).unwrap_or_default();
    let states = STATES.map(|state| (state.as_str(), words::logs::run_state(view, state).0));
    let table = Table {
        tab: Tab::Runs,
        columns: vec![
            Column::plain(visit.common().run),
            Column::plain(t.time),
            Column::plain(visit.common().source),
            Column::plain(t.state),
            Column::plain(t.rows).number(),
            Column::plain(t.new).number(),
            Column::plain(t.changed).number(),
            Column::plain(t.withdrawn).number(),
            Column::plain(t.refused).number(),
            Column::plain(t.cause),
        ],
        filters: vec![
            Field::line("source", visit.common().source).value(value("source")),
            Field::choice("state", t.state, [("", visit.common().all)].into_iter().chain(states))
                .value(value("state")),
            Field::line("cause", t.cause).value(value("cause")),
        ],
        notices: Vec::new(),
        above: Markup::default(),
        cells: &|run: &Run| {
            let (state, level) = words::logs::run(view, run);
            let number = |count: u64| Cell::number(Markup::text(view.number(count)));
            let page = format!("/runs/{}", run.run);
            vec![
                Cell::of(link(&page, run.run)),
                Cell::of(moment(view, run.ended_at)),
                Cell::of(link(&format!("/logs/runs?source={}", run.source), &run.source)),
                Cell::of(show::state(level, state)),
                number(run.rows),
                number(run.new),
                number(run.changed),
                number(run.withdrawn),
                Cell::number(link(&page, view.number(run.refused))),
                Cell::long(or_dash(run.cause.as_deref())),
            ]
        },
        file_head: &HEAD,
        file_row: &|run: &Run| {
            vec![
                run.run.to_string(),
                run.source.to_string(),
                run.state.as_str().to_owned(),
                run.cause_id.clone().unwrap_or_default(),
                run.started_at.to_string(),
                run.ended_at.to_string(),
                run.rows.to_string(),
                run.accepted.to_string(),
                run.refused.to_string(),
                run.new.to_string(),
                run.changed.to_string(),
                run.unchanged.to_string(),
                run.withdrawn.to_string(),
                run.by.clone().unwrap_or_default(),
            ]
        },
        group: &|key| {
            let state = STATES.into_iter().find(|state| state.as_str() == key);
            (
                state
                    .map_or_else(|| key.to_owned(), |state| words::logs::run_state(view, state).0.to_owned()),
                "cause",
            )
        },
    };
    table.show(&app, &visit, &asked, &found)
}
