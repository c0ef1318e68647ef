//! `/held/{id}`: what the gate holds, why, and the decision.
//!
//! Who approves sends the hash of the candidate that was seen: one that changed meanwhile is shown again, not published.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use blocklist::Hash;
use serde::Deserialize;
use store::{Approved, Error, HeldId, HeldRow, HeldState, Role};

use crate::App;
use crate::api::problem::Problem;
use crate::api::reason::Reason;
use crate::pages::error::lead_to;
use crate::pages::form::Posted;
use crate::pages::parts::{Changes, Field, Notice};
use crate::pages::words::Publications;
use crate::pages::{Level, Markup, Page, Shell, Visit, respond, show, words};

#[derive(Template)]
#[template(path = "publications/held.html")]
struct HeldPage {
    shell: Shell,
    t: &'static Publications,
    notice: Option<Notice>,
    row: HeldRow,
    second: bool,
    changes: Changes,
    note: Field,
}

/// What happened before the page.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Asked {
    done: Option<String>,
}

/// A decision.
#[derive(Debug, Deserialize)]
pub(crate) struct Decision {
    #[serde(default)]
    candidate: String,
    #[serde(default)]
    note: String,
}

/// The page.
pub(crate) async fn page(
    State(app): State<Arc<App>>,
    visit: Visit,
    Path(id): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let id = number(&id)?;
    let found = app.ask_store(move |store| {
        let (row, delta) = store.held_candidate(Some(id))?.ok_or(Error::NoHeld(id))?;
        Ok((row, delta, store.gate()?.second_person))
    });
    let (row, delta, second) = found.await?;
    let w = Publications::of(visit.view.language);
    let changed = asked.done.as_deref() == Some("changed");
    let page = HeldPage {
        shell: visit.shell(&app, Page::Publications),
        t: w,
        notice: changed.then(|| Notice {
            level: Level::Warn,
            says: w.changed.into(),
            more: Markup::default(),
        }),
        row,
        second,
        changes: Changes::of(visit.view, &delta),
        note: Field::line("note", w.note).hint(w.note_hint),
    };
    respond::html(&app, &page)
}

/// Approves it as it was seen.
pub(crate) async fn approve(
    State(app): State<Arc<App>>,
    visit: Visit,
    Path(id): Path<String>,
    Posted(decision): Posted<Decision>,
) -> Result<Response, Problem> {
    let id = number(&id)?;
    let candidate = Hash::from_hex(&decision.candidate);
    let candidate =
        candidate.ok_or_else(|| Problem::bad_request("the form names no candidate").because(Reason::Form))?;
    let who = visit.identity.person(None, note(&decision))?;
    let done = app.ask_store(move |store| match store.approve(id, candidate, &who.actor()) {
        Ok(Approved::Published(_)) => Ok("/publications?done=approved".to_owned()),
        Ok(Approved::NeedsSecond) => Ok("/publications?done=half".to_owned()),
        Err(Error::CandidateChanged(_)) => Ok(format!("/held/{id}?done=changed")),
        Err(error) => Err(error),
    });
    Ok(lead_to(&done.await?))
}

/// Rejects it.
pub(crate) async fn reject(
    State(app): State<Arc<App>>,
    visit: Visit,
    Path(id): Path<String>,
    Posted(decision): Posted<Decision>,
) -> Result<Response, Problem> {
    let id = number(&id)?;
    let who = visit.identity.who(None, note(&decision))?;
    app.ask_store(move |store| store.reject(id, &who.actor())).await?;
    Ok(lead_to("/publications?done=rejected"))
}

fn note(decision: &Decision) -> Option<&str> {
    Some(decision.note.trim()).filter(|note| !note.is_empty())
}

fn number(text: &str) -> Result<HeldId, Problem> {
    text.parse().map(HeldId).map_err(|_| Problem::not_found("no such candidate").because(Reason::NoHeld))
}
