//! `/start`: the first steps of a new house, each with whether it is done and the way to where it is.
//!
//! Nothing is kept of it: a step is done when what it makes is there, whichever way it came.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use store::OwnKind;

use super::words::Start;
use super::{Level, Markup, Page, Preferences, Shell, Visit, respond, show, words};
use crate::App;
use crate::api::problem::Problem;

#[derive(Template)]
#[template(path = "start.html")]
struct StartPage {
    shell: Shell,
    t: &'static Start,
    so_far: String,
    is_done: bool,
    steps: [Step; 5],
}

/// A step.
struct Step {
    id: &'static str,
    title: &'static str,
    says: &'static str,
    is_done: bool,
    state: Markup,
    /// What to press and where it leads; the first step has its switches here.
    act: Option<(&'static str, &'static str)>,
}

/// The page.
pub(crate) async fn page(
    State(app): State<Arc<App>>,
    visit: Visit,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let found = app.ask_store(|store| {
        let own = store.own_networks()?.iter().any(|own| own.kind == OwnKind::Firm);
        // What people block by hand has its source from the beginning.
        let source = store.source_configs()?.iter().any(|source| source.kind != "manual");
        let device = !store.consumers()?.is_empty();
        let published = store.publications(None, 1)?.first().is_some_and(|last| last.entries > 0);
        Ok((own, source, device, published))
    });
    let (own, source, device, published) = found.await?;
    let t = Start::of(visit.view.language);
    let step = |id, title, says, is_done, act| {
        let (level, word) = if is_done { (Level::Ok, t.done) } else { (Level::Plain, t.todo) };
        Step { id, title, says, is_done, state: show::state(level, word), act }
    };
    let steps = [
        step("view", t.view, t.view_says, Preferences::were_chosen(&headers), None),
        step("own", t.own, t.own_says, own, Some((t.own_act, "/allow/own"))),
        step("source", t.source, t.source_says, source, Some((t.source_act, "/collect/new"))),
        step("device", t.device, t.device_says, device, Some((t.device_act, "/devices/new"))),
        step(
            "publication",
            t.publication,
            t.publication_says,
            published,
            Some((t.publication_act, "/publications")),
        ),
    ];
    let done = steps.iter().filter(|step| step.is_done).count();
    let page = StartPage {
        shell: visit.shell(&app, Page::Settings),
        t,
        so_far: words::start::so_far(visit.view, done, steps.len()),
        is_done: done == steps.len(),
        steps,
    };
    respond::html(&app, &page)
}
