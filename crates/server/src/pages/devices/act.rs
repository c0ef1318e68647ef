//! What is done with a device: its settings, its addresses, whether it may read, and its removal.

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use blocklist::ConsumerName;
use blocklist::consumer::SETTINGS;
use serde::Deserialize;

use super::again::Again;
use super::fields::{self, Typed};
use super::one::again;
use super::server::Here;
use crate::App;
use crate::api::body::Json;
use crate::api::consumers::Named;
use crate::api::consumers::change::{self, ChangedConsumer};
use crate::api::problem::Problem;
use crate::pages::error::lead_to;
use crate::pages::form::Posted;
use crate::pages::sure::{self, Sure};
use crate::pages::words::Devices;
use crate::pages::{Page, Visit};

/// Whether it may read.
#[derive(Debug, Deserialize)]
pub(crate) struct Enable {
    #[serde(default)]
    enabled: String,
    confirmed: Option<String>,
}

/// Nothing but the token.
#[derive(Debug, Deserialize)]
pub(crate) struct Nothing {}

/// Sets what the form names.
pub(crate) async fn set(
    State(app): State<Arc<App>>,
    visit: Visit,
    Named(name): Named,
    here: Here,
    Posted(typed): Posted<Typed>,
) -> Result<Response, Problem> {
    let asked = name.clone();
    let before = app.ask_store(move |store| store.consumer(&asked)).await?;
    let settings = match fields::read(visit.view, SETTINGS, &before.settings, &typed) {
        Ok(settings) => settings,
        Err(wrong) => {
            let again_with = Again::unread(typed, wrong);
            return again(&app, &visit, name, &here, again_with).await;
        }
    };
    let settings = serde_json::to_value(&settings)
        .map_err(|error| app.incident("the settings cannot be written", &error))?;
    let wanted = ChangedConsumer { settings: Some(settings), addresses: None, enabled: None };
    apply(&app, &visit, name, &here, wanted, typed, "changed").await
}

/// Sets where it reads from.
pub(crate) async fn addresses(
    State(app): State<Arc<App>>,
    visit: Visit,
    Named(name): Named,
    here: Here,
    Posted(typed): Posted<Typed>,
) -> Result<Response, Problem> {
    let addresses = match fields::read_addresses(visit.view, &typed) {
        Ok(addresses) => addresses,
        Err(wrong) => {
            let again_with = Again::unread(typed, wrong);
            return again(&app, &visit, name, &here, again_with).await;
        }
    };
    let wanted = ChangedConsumer { settings: None, addresses: Some(addresses), enabled: None };
    apply(&app, &visit, name, &here, wanted, typed, "addresses").await
}

/// Lets it read, or no more: the latter is asked twice, for there are devices that stop enforcing their list then.
pub(crate) async fn enable(
    State(app): State<Arc<App>>,
    visit: Visit,
    Named(name): Named,
    here: Here,
    Posted(typed): Posted<Enable>,
) -> Result<Response, Problem> {
    let enabled = typed.enabled == "yes";
    if !enabled && typed.confirmed.is_none() {
        let t = Devices::of(visit.view.language);
        let texts = [t.disable, t.disable_says, t.disable_undo];
        let fields = vec![("enabled".to_owned(), "no".to_owned())];
        return ask(&app, &visit, &name, "enable", texts, fields);
    }
    let wanted = ChangedConsumer { settings: None, addresses: None, enabled: Some(enabled) };
    let done = if enabled { "enabled" } else { "disabled" };
    apply(&app, &visit, name, &here, wanted, Typed::new(), done).await
}

async fn apply(
    app: &Arc<App>,
    visit: &Visit,
    name: ConsumerName,
    here: &Here,
    wanted: ChangedConsumer,
    typed: Typed,
    done: &str,
) -> Result<Response, Problem> {
    let (state, identity) = (State(Arc::clone(app)), visit.identity.clone());
    match change::change(state, identity, Named(name.clone()), Json(wanted)).await {
        Ok(_) => Ok(lead_to(&format!("/devices/{name}?done={done}"))),
        Err(problem) => {
            let again_with = Again::refused(problem, typed);
            again(app, visit, name, here, again_with).await
        }
    }
}

/// Asks before something dangerous; `act` is the end of the address that the answer is sent to.
pub(super) fn ask(
    app: &App,
    visit: &Visit,
    name: &ConsumerName,
    act: &str,
    [title, says, undo]: [&str; 3],
    fields: Vec<(String, String)>,
) -> Result<Response, Problem> {
    let sure = Sure {
        page: Page::Devices,
        title,
        target: name.as_str().into(),
        says,
        undo,
        action: format!("/devices/{name}/{act}"),
        fields,
        back: format!("/devices/{name}"),
    };
    sure::ask(app, visit, sure)
}

/// What a removal means.
pub(crate) async fn remove_form(
    State(app): State<Arc<App>>,
    visit: Visit,
    Named(name): Named,
) -> Result<Response, Problem> {
    let asked = name.clone();
    app.ask_store(move |store| store.consumer(&asked)).await?;
    let t = Devices::of(visit.view.language);
    ask(&app, &visit, &name, "remove", [t.remove, t.remove_says, t.remove_undo], Vec::new())
}

/// Removes it.
pub(crate) async fn remove(
    State(app): State<Arc<App>>,
    visit: Visit,
    Named(name): Named,
    here: Here,
    Posted(Nothing {}): Posted<Nothing>,
) -> Result<Response, Problem> {
    let (state, identity) = (State(Arc::clone(&app)), visit.identity.clone());
    match change::remove(state, identity, Named(name.clone())).await {
        Ok(_) => Ok(lead_to("/devices?done=removed")),
        Err(problem) => {
            let again_with = Again::refused(problem, Typed::new());
            again(&app, &visit, name, &here, again_with).await
        }
    }
}
