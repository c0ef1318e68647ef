//! Sessions of one's own, ended from another.

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use serde::Deserialize;
use store::SessionId;

use super::own;
use crate::App;
use crate::api::problem::Problem;
use crate::api::reason::Reason;
use crate::pages::error::lead_to;
use crate::pages::form::Posted;
use crate::pages::sure::{Sure, ask};
use crate::pages::words::Account;
use crate::pages::{Page, Visit};

/// Which.
#[derive(Debug, Deserialize)]
pub(crate) struct Which {
    #[serde(default)]
    id: String,
}

/// Whether it is meant.
#[derive(Debug, Deserialize)]
pub(crate) struct Meant {
    confirmed: Option<String>,
}

/// Ends one session.
pub(crate) async fn end(
    State(app): State<Arc<App>>,
    visit: Visit,
    Posted(which): Posted<Which>,
) -> Result<Response, Problem> {
    let none =
        || Problem::not_found("there is no such session, or it has ended already").because(Reason::NoSession);
    let id = which.id.parse().map(SessionId).map_err(|_| none())?;
    let (name, who, idle) = (own(&visit)?, visit.identity.plain(), app.accounts().idle);
    let ended = app.ask_store(move |store| {
        let is_own = store.sessions(Some(&name), idle)?.iter().any(|session| session.id == id);
        Ok(is_own && store.end_session(id, &who.actor())?)
    });
    if ended.await? { Ok(lead_to("/account?done=ended")) } else { Err(none()) }
}

/// Ends all but this one.
pub(crate) async fn end_others(
    State(app): State<Arc<App>>,
    visit: Visit,
    Posted(meant): Posted<Meant>,
) -> Result<Response, Problem> {
    let t = Account::of(visit.view.language);
    let name = own(&visit)?;
    if meant.confirmed.is_none() {
        let sure = Sure {
            page: Page::Account,
            title: t.end_others,
            target: name.as_str().into(),
            says: t.end_others_says,
            undo: "",
            action: "/account/sessions/end-others".into(),
            fields: Vec::new(),
            back: "/account".into(),
        };
        return ask(&app, &visit, sure);
    }
    let this = visit.identity.session().map(|session| session.id);
    let who = visit.identity.plain();
    app.ask_store(move |store| store.end_sessions(&name, this, &who.actor())).await?;
    Ok(lead_to("/account?done=others"))
}
