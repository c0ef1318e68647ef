//! `/allow/{id}`: an entry, what it keeps out, and its change and removal.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use blocklist::policy::{GuardKind, Hit};
use serde::Deserialize;
use store::{AllowChange, AllowId, AllowRow, AllowState, Error, Role};

use super::super::error::lead_to;
use super::super::form::Posted;
use super::super::parts::{Changes, Confirm, Field, Notice};
use super::super::words::Allow;
use super::super::{Page, Shell, View, Visit, respond, show, words};
use super::form::SurePage;
use super::told;
use crate::App;
use crate::api::problem::Problem;
use crate::api::reason::Reason;

/// So many listings that it keeps out are named.
const HITS: usize = 200;

#[derive(Template)]
#[template(path = "allow/entry.html")]
struct EntryPage {
    shell: Shell,
    t: &'static Allow,
    notice: Option<Notice>,
    entry: AllowRow,
    word: &'static str,
    level: super::Level,
    hits: Vec<Hit>,
    count: u64,
    fields: Vec<Field>,
}

/// What happened before.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Asked {
    done: Option<String>,
}

/// What was typed.
#[derive(Clone, Debug, Default, Deserialize)]
pub(crate) struct Typed {
    #[serde(default)]
    reason: String,
    #[serde(default)]
    owner: String,
    #[serde(default)]
    ticket: String,
    #[serde(default)]
    until: String,
    #[serde(default)]
    remind: String,
    confirmed: Option<String>,
}

/// The page.
pub(crate) async fn page(
    State(app): State<Arc<App>>,
    visit: Visit,
    Path(id): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let t = Allow::of(visit.view.language);
    let notice = asked.done.as_deref().and_then(|done| told(t, done));
    look(&app, &visit, number(&id)?, notice, None).await
}

async fn look(
    app: &App,
    visit: &Visit,
    id: AllowId,
    notice: Option<Notice>,
    wrong: Option<(&'static str, String)>,
) -> Result<Response, Problem> {
    let found = app.ask_store(move |store| {
        let Some(entry) = store.allow_entry(id)? else { return Ok(None) };
        let mut hits = store.hits()?;
        hits.retain(|hit| hit.kind == GuardKind::Allow && hit.guard == entry.prefix);
        Ok(Some((entry, hits)))
    });
    let (entry, mut hits) = found.await?.ok_or_else(no_such)?;
    let (view, t) = (visit.view, Allow::of(visit.view.language));
    let (word, level) = words::allow::state(view, entry.state);
    let count = hits.len() as u64;
    hits.truncate(HITS);
    let status = if wrong.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let page = EntryPage {
        shell: visit.shell(app, Page::Allow),
        t,
        notice,
        word,
        level,
        hits,
        count,
        fields: fields(view, &entry, wrong.as_ref()),
        entry,
    };
    respond::with_status(app, status, &page)
}

fn fields(view: View, entry: &AllowRow, wrong: Option<&(&'static str, String)>) -> Vec<Field> {
    let t = Allow::of(view.language);
    let wrong = |name: &str| wrong.filter(|(field, _)| *field == name).map(|(_, says)| says.clone());
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    let until = entry.until.map(|until| view.typed(until)).unwrap_or_default();
    let remind = entry.remind_days.map(|days| days.to_string()).unwrap_or_default();
    vec![
        Field::line("reason", t.reason).value(&entry.reason).wrong(wrong("reason")).required(),
        Field::line("owner", t.owner).value(text(&entry.owner)).wrong(wrong("owner")),
        Field::line("ticket", t.ticket).value(text(&entry.ticket)).wrong(wrong("ticket")),
        Field::line("until", view.in_zone(t.until))
            .value(until)
            .hint(t.until_hint)
            .example("2026-12-31")
            .wrong(wrong("until")),
        Field::typed("remind", t.remind, "number").value(remind).wrong(wrong("remind")),
    ]
}

/// Changes it. Nothing that it names changes, so only its end can change the list; the page that follows says so.
pub(crate) async fn change(
    State(app): State<Arc<App>>,
    visit: Visit,
    Path(id): Path<String>,
    Posted(typed): Posted<Typed>,
) -> Result<Response, Problem> {
    let id = number(&id)?;
    let change = match read(visit.view, &typed) {
        Ok(change) => change,
        Err(wrong) => return look(&app, &visit, id, None, Some(wrong)).await,
    };
    let who = visit.identity.who(None, None)?;
    let done = app.ask_store(move |store| match store.set_allow(id, &change, &who.actor()) {
        Err(Error::Allow(refused)) => Ok(Err(refused)),
        other => other.map(|_| Ok(())),
    });
    match done.await? {
        Ok(()) => Ok(lead_to(&format!("/allow/{id}?done=changed"))),
        Err(refused) => {
            let wrong = refused.first().map(|one| words::allow::refused(visit.view, &one.cause));
            look(&app, &visit, id, None, wrong).await
        }
    }
}

fn read(view: View, typed: &Typed) -> Result<AllowChange, (&'static str, String)> {
    let t = Allow::of(view.language);
    let some = |text: &str| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
    let until = some(&typed.until).map(|text| view.end(&text)).transpose();
    let remind = some(&typed.remind).map(|text| text.parse()).transpose();
    Ok(AllowChange {
        reason: Some(typed.reason.trim().to_owned()),
        owner: Some(some(&typed.owner)),
        ticket: Some(some(&typed.ticket)),
        until: Some(until.map_err(|_| ("until", t.bad_end.to_owned()))?),
        remind_days: Some(remind.map_err(|_| ("remind", t.remind_long.to_owned()))?),
    })
}

/// Removes it: first what would change, then the deed.
pub(crate) async fn remove(
    State(app): State<Arc<App>>,
    visit: Visit,
    Path(id): Path<String>,
    Posted(typed): Posted<Typed>,
) -> Result<Response, Problem> {
    let id = number(&id)?;
    if typed.confirmed.is_some() {
        let who = visit.identity.who(None, None)?;
        app.ask_store(move |store| store.remove_allow(id, &who.actor())).await?;
        return Ok(lead_to("/allow?done=removed"));
    }
    let (entry, preview) = app.ask_store(move |store| store.preview_remove_allow(id)).await?;
    let (t, shell) = (Allow::of(visit.view.language), visit.shell(&app, Page::Allow));
    let (come, go) = (preview.delta.added.len() as u64, preview.delta.removed.len() as u64);
    let effect = words::allow::effect(visit.view, come, go);
    let page = SurePage {
        shell: &shell,
        title: t.remove,
        confirm: Confirm {
            shell: &shell,
            says: format!("{}: {effect}", entry.prefix),
            undo: t.remove_undo.into(),
            action: format!("/allow/{id}/remove"),
            fields: Vec::new(),
            button: t.remove.into(),
            back: format!("/allow/{id}"),
        },
        changes: Changes::of(visit.view, &preview.delta),
    };
    respond::html(&app, &page)
}

fn number(text: &str) -> Result<AllowId, Problem> {
    text.parse().map(AllowId).map_err(|_| no_such())
}

fn no_such() -> Problem {
    Problem::not_found("no such allow entry").because(Reason::NoAllow)
}
