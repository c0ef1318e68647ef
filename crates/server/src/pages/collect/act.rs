//! What people do with a source. Each asks what the API asks, so that both follow the same rules; what is refused is shown
//! above the source.

use std::collections::BTreeMap;
use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use blocklist::SourceName;
use serde::Deserialize;

use super::days::Days;
use super::one::{done, refused, wrong_days};
use crate::App;
use crate::api::body::{Json, Named};
use crate::api::problem::Problem;
use crate::api::reason::Reason;
use crate::api::sources::{cancel as end, change, run};
use crate::pages::error::lead_to;
use crate::pages::form::Posted;
use crate::pages::parts::{Confirm, Notice};
use crate::pages::words::Collect;
use crate::pages::{Level, Markup, Page, Shell, Visit, respond, words};

/// Nothing but the token.
#[derive(Debug, Deserialize)]
pub(crate) struct Nothing {}

/// Whether runs start by themselves.
#[derive(Debug, Deserialize)]
pub(crate) struct Enable {
    #[serde(default)]
    enabled: String,
}

#[derive(Template)]
#[template(path = "collect/sure.html")]
struct SurePage<'a> {
    shell: &'a Shell,
    title: &'a str,
    confirm: Confirm<'a>,
}

/// Asks whether it is meant. `act` is the end of the address that the answer is sent to.
pub(super) fn sure(
    app: &App,
    visit: &Visit,
    name: &SourceName,
    act: &str,
    [title, says, undo]: [&str; 3],
) -> Result<Response, Problem> {
    let shell = visit.shell(app, Page::Collect);
    let page = SurePage {
        shell: &shell,
        title,
        confirm: Confirm {
            shell: &shell,
            says: format!("{name}: {says}"),
            undo: undo.into(),
            action: format!("/collect/{name}/{act}"),
            fields: Vec::new(),
            button: title.into(),
            back: format!("/collect/{name}"),
        },
    };
    respond::html(app, &page)
}

/// After it: back to the source, or the source with what was refused.
pub(super) async fn after<T>(
    app: &App,
    visit: &Visit,
    name: SourceName,
    done: Result<T, Problem>,
    code: &str,
) -> Result<Response, Problem> {
    match done {
        Ok(_) => Ok(lead_to(&format!("/collect/{name}?done={code}"))),
        Err(problem) => refused(app, visit, name, &problem).await,
    }
}

/// Starts a run, of the days that were typed.
pub(crate) async fn start(
    State(app): State<Arc<App>>,
    visit: Visit,
    Named(name): Named,
    Posted(days): Posted<Days>,
) -> Result<Response, Problem> {
    let order = match days.order(visit.view) {
        Ok(order) => order,
        Err(wrong) => return wrong_days(&app, &visit, name, &days, wrong).await,
    };
    let begun = run::run(State(Arc::clone(&app)), visit.identity.clone(), Named(name.clone()), Json(order));
    let begun = begun.await;
    if let Some(wrong) = begun.as_ref().err().and_then(|problem| days.against(visit.view, problem)) {
        return wrong_days(&app, &visit, name, &days, wrong).await;
    }
    match begun {
        // It came by itself a moment earlier: what was wanted is under way.
        Err(problem) if days.are_none() && matches!(problem.reason(), Some(Reason::RunUnderWay(_))) => {
            Ok(lead_to(&format!("/collect/{name}?done=running")))
        }
        begun => after(&app, &visit, name, begun, "run").await,
    }
}

/// Ends the run that is under way.
pub(crate) async fn cancel(
    State(app): State<Arc<App>>,
    visit: Visit,
    Named(name): Named,
    Posted(Nothing {}): Posted<Nothing>,
) -> Result<Response, Problem> {
    let (state, identity) = (State(Arc::clone(&app)), visit.identity.clone());
    let ended = end::cancel(state, identity, Named(name.clone())).await;
    after(&app, &visit, name, ended, "cancel").await
}

/// Fetches and reads as a run would, keeps nothing, and says what came.
pub(crate) async fn test(
    State(app): State<Arc<App>>,
    visit: Visit,
    Named(name): Named,
    Posted(Nothing {}): Posted<Nothing>,
) -> Result<Response, Problem> {
    let order = run::RunOrder { since: None, until: None };
    let tried = run::test(State(Arc::clone(&app)), Named(name.clone()), Json(order)).await;
    match tried {
        Ok(preview) => {
            let says = words::collect::tried(visit.view, preview.0.run.as_ref());
            let notice = Notice { level: Level::Ok, says, more: Markup::default() };
            done(&app, &visit, name, notice).await
        }
        Err(problem) => refused(&app, &visit, name, &problem).await,
    }
}

/// Switches the timetable on or off.
pub(crate) async fn enable(
    State(app): State<Arc<App>>,
    visit: Visit,
    Named(name): Named,
    Posted(typed): Posted<Enable>,
) -> Result<Response, Problem> {
    let wanted = change::SourceChange { settings: BTreeMap::new(), enabled: Some(typed.enabled == "yes") };
    apply(&app, &visit, name, wanted).await
}

/// Sets what the form names; a setting that is emptied goes back to its default.
pub(crate) async fn set(
    State(app): State<Arc<App>>,
    visit: Visit,
    Named(name): Named,
    Posted(mut typed): Posted<BTreeMap<String, String>>,
) -> Result<Response, Problem> {
    typed.remove(crate::pages::form::FIELD);
    // Only what differs: what was not touched stays as it was set, or not set.
    let known = app.one_source(name.clone()).await?;
    let held = |key: &str| known.all_settings.iter().find(|setting| setting.name == key);
    let settings = typed
        .into_iter()
        .filter(|(key, value)| held(key).is_some_and(|setting| setting.value != *value))
        .map(|(key, value)| (key, Some(value).filter(|value| !value.is_empty())))
        .collect();
    apply(&app, &visit, name, change::SourceChange { settings, enabled: None }).await
}

async fn apply(
    app: &Arc<App>,
    visit: &Visit,
    name: SourceName,
    wanted: change::SourceChange,
) -> Result<Response, Problem> {
    let (state, identity) = (State(Arc::clone(app)), visit.identity.clone());
    let changed = change::change(state, identity, Named(name.clone()), Json(wanted)).await;
    after(app, visit, name, changed, "changed").await
}

/// What a removal means.
pub(crate) async fn remove_form(
    State(app): State<Arc<App>>,
    visit: Visit,
    Named(name): Named,
) -> Result<Response, Problem> {
    let known = app.one_source(name.clone()).await?;
    let t = Collect::of(visit.view.language);
    let listings = visit.view.number(known.source.row.active);
    let says = format!("{} {listings}. {}", t.listings, t.remove_says);
    sure(&app, &visit, &name, "remove", [t.remove, &says, t.remove_undo])
}

/// Removes it.
pub(crate) async fn remove(
    State(app): State<Arc<App>>,
    visit: Visit,
    Named(name): Named,
    Posted(Nothing {}): Posted<Nothing>,
) -> Result<Response, Problem> {
    let (state, identity) = (State(Arc::clone(&app)), visit.identity.clone());
    match change::remove(state, identity, Named(name.clone())).await {
        Ok(_) => Ok(lead_to("/collect?done=removed")),
        Err(problem) => refused(&app, &visit, name, &problem).await,
    }
}
