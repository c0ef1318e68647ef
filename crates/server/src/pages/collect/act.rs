//! What people do with a source. Each asks what the API asks, so that both follow the same rules; what is refused is shown
//! above the source.

use std::collections::BTreeMap;
use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use blocklist::SourceName;
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;

use super::one::refused;
use crate::App;
use crate::api::body::{Json, Named};
use crate::api::credentials::{self, NewCredential, account};
use crate::api::problem::Problem;
use crate::api::reason::Reason;
use crate::api::sources::{change, run};
use crate::pages::error::lead_to;
use crate::pages::form::Posted;
use crate::pages::parts::Confirm;
use crate::pages::words::Collect;
use crate::pages::{Page, Shell, Visit, respond};

/// Nothing but the token.
#[derive(Debug, Deserialize)]
pub(crate) struct Nothing {}

/// Whether runs start by themselves.
#[derive(Debug, Deserialize)]
pub(crate) struct Enable {
    #[serde(default)]
    enabled: String,
}

/// A code, or the wish to have one sent.
#[derive(Deserialize)]
pub(crate) struct Code {
    #[serde(default)]
    code: SecretString,
    #[serde(default)]
    act: String,
}

/// The session of a browser.
#[derive(Deserialize)]
pub(crate) struct Session {
    #[serde(default)]
    value: SecretString,
}

/// A credential.
#[derive(Deserialize)]
pub(crate) struct Credential {
    #[serde(default)]
    username: SecretString,
    #[serde(default)]
    secret: SecretString,
    #[serde(default)]
    expires_on: String,
}

#[derive(Template)]
#[template(path = "collect/sure.html")]
struct SurePage<'a> {
    shell: &'a Shell,
    title: String,
    confirm: Confirm<'a>,
}

/// After it: back to the source, or the source with what was refused.
async fn after<T>(
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

/// Starts a run.
pub(crate) async fn start(
    State(app): State<Arc<App>>,
    visit: Visit,
    Named(name): Named,
    Posted(Nothing {}): Posted<Nothing>,
) -> Result<Response, Problem> {
    let order = run::RunOrder { since: None, until: None };
    let begun = run::run(State(Arc::clone(&app)), visit.identity.clone(), Named(name.clone()), Json(order));
    let begun = begun.await;
    after(&app, &visit, name, begun, "run").await
}

/// Tries the credential.
pub(crate) async fn verify(
    State(app): State<Arc<App>>,
    visit: Visit,
    Named(name): Named,
    Posted(Nothing {}): Posted<Nothing>,
) -> Result<Response, Problem> {
    let (state, identity) = (State(Arc::clone(&app)), visit.identity.clone());
    let tried = account::verify(state, identity, Named(name.clone()), Json(account::Nothing {})).await;
    after(&app, &visit, name, tried, "verify").await
}

/// Logs in with a code, or has one sent.
pub(crate) async fn otp(
    State(app): State<Arc<App>>,
    visit: Visit,
    Named(name): Named,
    Posted(typed): Posted<Code>,
) -> Result<Response, Problem> {
    let send = typed.act == "send";
    if !send && typed.code.expose_secret().trim().is_empty() {
        // To the API no code means that one is sent; here that has a button of its own.
        let problem = Problem::unprocessable("no code was typed").because(Reason::NoCode);
        return refused(&app, &visit, name, &problem).await;
    }
    let code = (!send).then_some(typed.code);
    let (state, identity) = (State(Arc::clone(&app)), visit.identity.clone());
    let tried = account::otp(state, identity, Named(name.clone()), Json(account::Code { code })).await;
    after(&app, &visit, name, tried, if send { "sent" } else { "otp" }).await
}

/// Goes on with the session of a browser.
pub(crate) async fn session(
    State(app): State<Arc<App>>,
    visit: Visit,
    Named(name): Named,
    Posted(typed): Posted<Session>,
) -> Result<Response, Problem> {
    let (state, identity) = (State(Arc::clone(&app)), visit.identity.clone());
    let value = Json(account::Session { value: typed.value });
    let tried = account::session(state, identity, Named(name.clone()), value).await;
    after(&app, &visit, name, tried, "otp").await
}

/// Keeps a credential.
pub(crate) async fn credential(
    State(app): State<Arc<App>>,
    visit: Visit,
    Named(name): Named,
    Posted(typed): Posted<Credential>,
) -> Result<Response, Problem> {
    let expires_on = match typed.expires_on.trim() {
        "" => None,
        day => match day.parse() {
            Ok(day) => Some(day),
            Err(_) => {
                let problem = Problem::bad_request("the last day is a date, as 2026-12-31");
                return refused(&app, &visit, name, &problem.because(Reason::LastDay)).await;
            }
        },
    };
    let username = Some(typed.username).filter(|name| !name.expose_secret().trim().is_empty());
    let new = NewCredential { username, secret: typed.secret, expires_on, remind_days: None };
    let (state, identity) = (State(Arc::clone(&app)), visit.identity.clone());
    let kept = credentials::put(state, identity, Named(name.clone()), Json(new)).await;
    after(&app, &visit, name, kept, "credential").await
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
    let (t, shell) = (Collect::of(visit.view.language), visit.shell(&app, Page::Collect));
    let page = SurePage {
        shell: &shell,
        title: t.remove.to_owned(),
        confirm: Confirm {
            shell: &shell,
            says: format!("{name} ({}): {}", visit.view.number(known.source.row.active), t.remove_says),
            undo: t.remove_undo.into(),
            action: format!("/collect/{name}/remove"),
            fields: Vec::new(),
            button: t.remove.into(),
            back: format!("/collect/{name}"),
        },
    };
    respond::html(&app, &page)
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
