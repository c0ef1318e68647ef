//! What people do at the account of a source: its credential, one-time codes, the session of a browser. What is typed here
//! goes to the vault or the portal and comes back on no page.

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;

use super::act::{Nothing, after, sure};
use super::one::refused;
use crate::App;
use crate::api::body::{Json, Named};
use crate::api::credentials::{self, NewCredential, account};
use crate::api::problem::Problem;
use crate::api::reason::Reason;
use crate::pages::Visit;
use crate::pages::form::Posted;
use crate::pages::words::Collect;

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
    let day = typed.expires_on.trim();
    let expires_on = if day.is_empty() {
        None
    } else if let Ok(day) = day.parse() {
        Some(day)
    } else {
        let problem = Problem::bad_request("the last day is a date, as 2026-12-31");
        return refused(&app, &visit, name, &problem.because(Reason::LastDay)).await;
    };
    let username = Some(typed.username).filter(|name| !name.expose_secret().trim().is_empty());
    let new = NewCredential { username, secret: typed.secret, expires_on, remind_days: None };
    let (state, identity) = (State(Arc::clone(&app)), visit.identity.clone());
    let kept = credentials::put(state, identity, Named(name.clone()), Json(new)).await;
    after(&app, &visit, name, kept, "credential").await
}

/// What forgetting it means.
pub(crate) async fn forget_form(
    State(app): State<Arc<App>>,
    visit: Visit,
    Named(name): Named,
) -> Result<Response, Problem> {
    app.one_source(name.clone()).await?;
    let t = Collect::of(visit.view.language);
    sure(&app, &visit, &name, "credential/remove", [t.forget, t.forget_says, t.forget_undo])
}

/// Forgets it.
pub(crate) async fn forget(
    State(app): State<Arc<App>>,
    visit: Visit,
    Named(name): Named,
    Posted(Nothing {}): Posted<Nothing>,
) -> Result<Response, Problem> {
    let (state, identity) = (State(Arc::clone(&app)), visit.identity.clone());
    let forgotten = credentials::remove(state, identity, Named(name.clone())).await;
    after(&app, &visit, name, forgotten, "forgotten").await
}
