//! `/allow/known-good`: lists of what everybody uses.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use serde::Deserialize;
use store::{KnownGoodRow, Role};

use super::super::error::lead_to;
use super::super::form::Posted;
use super::super::parts::{Changes, Confirm, Empty, Notice, Tabs};
use super::super::words::Allow;
use super::super::{Level, Page, Shell, Visit, respond, show, words};
use super::form::SurePage;
use super::{tabs, told};
use crate::App;
use crate::api::problem::Problem;

#[derive(Template)]
#[template(path = "allow/known_good.html")]
struct KnownGoodPage {
    shell: Shell,
    t: &'static Allow,
    tabs: Tabs,
    notice: Option<Notice>,
    rows: Vec<KnownGoodRow>,
    empty: Empty,
}

/// What happened before.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Asked {
    done: Option<String>,
}

/// Whether a list is to be used.
#[derive(Clone, Debug, Default, Deserialize)]
pub(crate) struct Typed {
    #[serde(default)]
    enabled: String,
    confirmed: Option<String>,
}

/// The page.
pub(crate) async fn page(
    State(app): State<Arc<App>>,
    visit: Visit,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let rows = app.ask_store(store::Store::known_good_lists).await?;
    let t = Allow::of(visit.view.language);
    let page = KnownGoodPage {
        shell: visit.shell(&app, Page::Allow),
        t,
        tabs: tabs(t, "/allow/known-good"),
        notice: asked.done.as_deref().and_then(|done| told(t, done)),
        rows,
        empty: Empty { says: t.known_good_empty.into(), hint: t.known_good_hint.into(), act: None },
    };
    respond::html(&app, &page)
}

/// Uses a list, or does not: first what would change, then the deed.
pub(crate) async fn change(
    State(app): State<Arc<App>>,
    visit: Visit,
    Path(name): Path<String>,
    Posted(typed): Posted<Typed>,
) -> Result<Response, Problem> {
    let (t, enabled) = (Allow::of(visit.view.language), typed.enabled == "yes");
    let who = visit.identity.who(None, None)?;
    if typed.confirmed.is_some() {
        app.ask_store(move |store| store.enable_known_good(&name, enabled, &who.actor())).await?;
        let done = if enabled { "enabled" } else { "disabled" };
        return Ok(lead_to(&format!("/allow/known-good?done={done}")));
    }
    let (row, preview) = app.ask_store(move |store| store.preview_enable_known_good(&name, enabled)).await?;
    let shell = visit.shell(&app, Page::Allow);
    let (come, go) = (preview.delta.added.len() as u64, preview.delta.removed.len() as u64);
    let effect = words::allow::effect(visit.view, come, go);
    let title = if enabled { t.use_it } else { t.leave_it };
    let page = SurePage {
        shell: &shell,
        title,
        confirm: Confirm {
            shell: &shell,
            says: format!("{}: {effect}", row.name),
            undo: String::new(),
            action: format!("/allow/known-good/{}", row.name),
            fields: vec![("enabled".to_owned(), typed.enabled)],
            button: title.into(),
            back: "/allow/known-good".into(),
        },
        changes: Changes::of(visit.view, &preview.delta),
    };
    respond::html(&app, &page)
}
