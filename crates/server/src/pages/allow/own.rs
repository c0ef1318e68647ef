//! `/allow/own`: the firm's own networks, and the addresses of this server.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use prefix::Prefix;
use serde::Deserialize;
use store::{OwnKind, OwnRow, Preview, Role};

use super::super::error::lead_to;
use super::super::form::Posted;
use super::super::parts::{Changes, Confirm, Empty, Field, Notice, Tabs};
use super::super::words::Allow;
use super::super::{Page, Shell, Visit, respond, show, words};
use super::form::SurePage;
use super::{tabs, told};
use crate::App;
use crate::api::problem::Problem;

#[derive(Template)]
#[template(path = "allow/own.html")]
struct OwnPage {
    shell: Shell,
    t: &'static Allow,
    tabs: Tabs,
    notice: Option<Notice>,
    rows: Vec<OwnRow>,
    fields: Vec<Field>,
    empty: Empty,
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
    prefix: String,
    #[serde(default)]
    note: String,
    wide: Option<String>,
    confirmed: Option<String>,
}

/// The page.
pub(crate) async fn page(
    State(app): State<Arc<App>>,
    visit: Visit,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let t = Allow::of(visit.view.language);
    let notice = asked.done.as_deref().and_then(|done| told(t, done));
    look(&app, &visit, notice, &Typed::default(), None).await
}

async fn look(
    app: &App,
    visit: &Visit,
    notice: Option<Notice>,
    typed: &Typed,
    wrong: Option<String>,
) -> Result<Response, Problem> {
    let rows = app.ask_store(store::Store::own_networks).await?;
    let t = Allow::of(visit.view.language);
    let status = if wrong.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let page = OwnPage {
        shell: visit.shell(app, Page::Allow),
        t,
        tabs: tabs(t, "/allow/own"),
        notice,
        rows,
        fields: vec![
            Field::text("prefix", t.what).value(&typed.prefix).hint(t.what_hint).wrong(wrong).required(),
            Field::line("note", t.note).value(&typed.note),
            Field::tick("wide", t.wide, typed.wide.is_some()),
        ],
        empty: Empty { says: t.own_empty.into(), hint: t.own_hint.into(), act: None },
    };
    respond::with_status(app, status, &page)
}

/// The networks of a form's lines, or what is wrong with one of them.
fn read(visit: &Visit, text: &str) -> Result<Vec<Prefix>, String> {
    let mut found = Vec::new();
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let shown: String = line.chars().take(80).collect();
        let parsed = prefix::parse(line.as_bytes())
            .map_err(|refusal| words::allow::not_taken(visit.view, &shown, refusal))?;
        found.extend(parsed.entry.prefixes());
    }
    let hint = Allow::of(visit.view.language).what_hint;
    if found.is_empty() { Err(hint.to_owned()) } else { Ok(found) }
}

/// Adds networks: first what would change, then the deed.
pub(crate) async fn add(
    State(app): State<Arc<App>>,
    visit: Visit,
    Posted(typed): Posted<Typed>,
) -> Result<Response, Problem> {
    let prefixes = match read(&visit, &typed.prefix) {
        Ok(prefixes) => prefixes,
        Err(wrong) => return look(&app, &visit, None, &typed, Some(wrong)).await,
    };
    let t = Allow::of(visit.view.language);
    let note = Some(typed.note.trim()).filter(|note| !note.is_empty()).map(str::to_owned);
    let (who, wide, confirmed) = (visit.identity.plain(), typed.wide.is_some(), typed.confirmed.is_some());
    let done = app.ask_store(move |store| {
        let done = if confirmed {
            store.add_own(&prefixes, note.as_deref(), wide, &who.actor()).map(|_| None)
        } else {
            store.preview_add_own(&prefixes, wide).map(Some)
        };
        match done {
            Err(store::Error::OwnTooWide(_)) => Ok(Err(())),
            other => other.map(Ok),
        }
    });
    match done.await? {
        Ok(None) => Ok(lead_to("/allow/own?done=added")),
        Ok(Some(preview)) => {
            let mut fields = vec![("prefix".to_owned(), typed.prefix), ("note".to_owned(), typed.note)];
            fields.extend(typed.wide.map(|wide| ("wide".to_owned(), wide)));
            sure(&app, &visit, &preview, t.add_own, t.add_undo, "/allow/own", fields)
        }
        Err(()) => look(&app, &visit, None, &typed, Some(t.too_wide.to_owned())).await,
    }
}

/// Removes a network: first what would change, then the deed.
pub(crate) async fn remove(
    State(app): State<Arc<App>>,
    visit: Visit,
    Posted(typed): Posted<Typed>,
) -> Result<Response, Problem> {
    let prefixes = read(&visit, &typed.prefix).map_err(Problem::bad_request)?;
    if typed.confirmed.is_some() {
        let who = visit.identity.who(None, None)?;
        app.ask_store(move |store| store.remove_own(&prefixes, &who.actor())).await?;
        return Ok(lead_to("/allow/own?done=removed-own"));
    }
    let preview = app.ask_store(move |store| store.preview_remove_own(&prefixes)).await?;
    let t = Allow::of(visit.view.language);
    let fields = vec![("prefix".to_owned(), typed.prefix)];
    sure(&app, &visit, &preview, t.remove_own, t.remove_undo, "/allow/own/remove", fields)
}

fn sure(
    app: &App,
    visit: &Visit,
    preview: &Preview,
    title: &'static str,
    undo: &'static str,
    action: &'static str,
    fields: Vec<(String, String)>,
) -> Result<Response, Problem> {
    let shell = visit.shell(app, Page::Allow);
    let (come, go) = (preview.delta.added.len() as u64, preview.delta.removed.len() as u64);
    let page = SurePage {
        shell: &shell,
        title,
        confirm: Confirm {
            shell: &shell,
            says: words::allow::effect(visit.view, come, go),
            undo: undo.into(),
            action: action.into(),
            fields,
            button: title.into(),
            back: "/allow/own".into(),
        },
        changes: Changes::of(visit.view, &preview.delta),
    };
    respond::html(app, &page)
}
