//! `/publications/{serial}/rollback` and `/publications/release`: first what would change, then the deed.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use serde::Deserialize;
use store::Preview;

use super::number;
use crate::App;
use crate::api::problem::Problem;
use crate::pages::error::lead_to;
use crate::pages::form::Posted;
use crate::pages::parts::{Changes, Field};
use crate::pages::words::Publications;
use crate::pages::{Page, Shell, Visit, respond, words};

#[derive(Template)]
#[template(path = "publications/back.html")]
struct BackPage {
    shell: Shell,
    title: &'static str,
    says: String,
    undo: &'static str,
    action: String,
    note: Field,
    changes: Changes,
    reasons: Vec<String>,
}

/// Why.
#[derive(Debug, Deserialize)]
pub(crate) struct Why {
    #[serde(default)]
    note: String,
}

impl Why {
    fn note(&self) -> Option<&str> {
        Some(self.note.trim()).filter(|note| !note.is_empty())
    }
}

/// What a rollback would change.
pub(crate) async fn rollback_form(
    State(app): State<Arc<App>>,
    visit: Visit,
    Path(serial): Path<String>,
) -> Result<Response, Problem> {
    show_rollback(&app, &visit, &serial, None, StatusCode::OK).await
}

async fn show_rollback(
    app: &App,
    visit: &Visit,
    serial: &str,
    wrong: Option<&'static str>,
    status: StatusCode,
) -> Result<Response, Problem> {
    let serial = number(serial)?;
    let preview = app.ask_store(move |store| store.preview_rollback(serial)).await?;
    let w = Publications::of(visit.view.language);
    let (come, go) = (preview.delta.added.len() as u64, preview.delta.removed.len() as u64);
    let page = BackPage {
        shell: visit.shell(app, Page::Publications),
        title: w.rollback,
        says: words::publications::would_return(visit.view, serial, come, go),
        undo: w.rollback_undo,
        action: format!("/publications/{serial}/rollback"),
        note: Field::line("note", w.why).wrong(wrong).required().focused(),
        changes: Changes::of(visit.view, &preview.delta),
        reasons: reasons(visit, &preview),
    };
    respond::with_status(app, status, &page)
}

fn reasons(visit: &Visit, preview: &Preview) -> Vec<String> {
    let one = |reason: &blocklist::gate::Reason| visit.view.pick(reason.korean(), reason.to_string());
    preview.reasons.iter().map(one).collect()
}

/// Rolls back.
pub(crate) async fn rollback(
    State(app): State<Arc<App>>,
    visit: Visit,
    Path(serial): Path<String>,
    Posted(why): Posted<Why>,
) -> Result<Response, Problem> {
    let Some(note) = why.note() else {
        let w = Publications::of(visit.view.language);
        let status = StatusCode::UNPROCESSABLE_ENTITY;
        return show_rollback(&app, &visit, &serial, Some(w.note_needed), status).await;
    };
    let (serial, who) = (number(&serial)?, visit.identity.who(None, Some(note))?);
    app.ask_store(move |store| store.rollback(serial, &who.actor())).await?;
    Ok(lead_to("/publications?done=rollback"))
}

/// What a release would change.
pub(crate) async fn release_form(State(app): State<Arc<App>>, visit: Visit) -> Result<Response, Problem> {
    let preview = app.ask_store(store::Store::preview_release).await?;
    let w = Publications::of(visit.view.language);
    let (come, go) = (preview.delta.added.len() as u64, preview.delta.removed.len() as u64);
    let page = BackPage {
        shell: visit.shell(&app, Page::Publications),
        title: w.release,
        says: words::publications::would_release(visit.view, come, go),
        undo: w.approve_undo,
        action: "/publications/release".into(),
        note: Field::line("note", w.why),
        changes: Changes::of(visit.view, &preview.delta),
        reasons: reasons(&visit, &preview),
    };
    respond::html(&app, &page)
}

/// Lets the list go on.
pub(crate) async fn release(
    State(app): State<Arc<App>>,
    visit: Visit,
    Posted(why): Posted<Why>,
) -> Result<Response, Problem> {
    let who = visit.identity.who(None, why.note())?;
    app.ask_store(move |store| store.release(&who.actor())).await?;
    Ok(lead_to("/publications?done=release"))
}
