//! `/settings/sessions`: who is signed in now, everybody's, and an end to it.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::http::Uri;
use axum::response::Response;
use serde::Deserialize;
use store::SessionRow;

use super::{cursor, of_user, tabs, told};
use crate::App;
use crate::api::problem::Problem;
use crate::api::signed_in;
use crate::pages::csv::csv;
use crate::pages::error::lead_to;
use crate::pages::form::Posted;
use crate::pages::parts::{Empty, Field, Notice, Pager, Tabs};
use crate::pages::sure::{Sure, ask};
use crate::pages::words::{Account, Settings};
use crate::pages::{Address, Page, Shell, Visit, respond, words};

#[derive(Template)]
#[template(path = "settings/sessions.html")]
struct SessionsPage {
    shell: Shell,
    t: &'static Settings,
    a: &'static Account,
    tabs: Tabs,
    notice: Option<Notice>,
    rows: Vec<SessionView>,
    user: Field,
    empty: Empty,
    pager: Pager,
}

/// A session as the table shows it.
struct SessionView {
    row: SessionRow,
    address: String,
    agent: String,
    is_this: bool,
}

/// Which is ended.
#[derive(Debug, Deserialize)]
pub(crate) struct Which {
    #[serde(default)]
    id: String,
    /// Whose, for the question alone.
    #[serde(default)]
    user: String,
    confirmed: Option<String>,
}

/// The page, or the same as a file.
pub(crate) async fn page(State(app): State<Arc<App>>, visit: Visit, uri: Uri) -> Result<Response, Problem> {
    let (t, a) = (Settings::of(visit.view.language), Account::of(visit.view.language));
    let (address, idle) = (Address::of(&uri), app.accounts().idle);
    let (user, is_name) = of_user(&address);
    let found = if is_name {
        app.ask_store(move |store| store.sessions(user.as_ref(), idle)).await?
    } else {
        // Nobody has such a name.
        Vec::new()
    };
    if address.get("format") == Some("csv") {
        return Ok(file(&found));
    }
    let of = found.len();
    let (rows, next) = cursor(found, &address, |row| row.id.0.to_string());
    let this = visit.identity.session().map(|session| session.id);
    let session = |row: SessionRow| SessionView {
        address: row.address.map_or_else(|| "–".to_owned(), |address| address.to_string()),
        agent: row.agent.clone().unwrap_or_else(|| "–".to_owned()),
        is_this: Some(row.id) == this,
        row,
    };
    let says = words::settings::rows(visit.view, rows.len(), of);
    let page = SessionsPage {
        shell: visit.shell(&app, Page::Settings),
        t,
        a,
        tabs: tabs(&visit, "/settings/sessions"),
        notice: address.get("done").and_then(|done| told(t, done)),
        rows: rows.into_iter().map(session).collect(),
        user: Field::line("user", t.name).value(address.get("user").unwrap_or_default()),
        empty: Empty { says: t.sessions_none.into(), hint: String::new(), act: None },
        pager: Pager::of(visit.common(), says, &address, next.as_deref())
            .with_csv(address.clone().without("done").with("format", "csv")),
    };
    respond::html(&app, &page)
}

fn file(rows: &[SessionRow]) -> Response {
    let header = ["id", "account", "address", "program", "since", "last_used", "ends_at", "waits_for_code"];
    let rows = rows.iter().map(|row| {
        [
            row.id.0.to_string(),
            row.user.to_string(),
            row.address.map(|address| address.to_string()).unwrap_or_default(),
            row.agent.clone().unwrap_or_default(),
            row.created_at.to_string(),
            row.seen_at.to_string(),
            row.ends_at.to_string(),
            String::from(if row.waits_for_code { "yes" } else { "no" }),
        ]
    });
    csv("sessions", &header, rows)
}

/// Ends one: first what that means, then the deed.
pub(crate) async fn end(
    State(app): State<Arc<App>>,
    visit: Visit,
    Posted(which): Posted<Which>,
) -> Result<Response, Problem> {
    let t = Settings::of(visit.view.language);
    if which.confirmed.is_none() {
        let sure = Sure {
            page: Page::Settings,
            title: t.end_session,
            target: which.user.into(),
            says: t.end_session_says,
            undo: t.end_session_undo,
            action: "/settings/sessions/end".into(),
            fields: vec![("id".to_owned(), which.id)],
            back: "/settings/sessions".into(),
        };
        return ask(&app, &visit, sure);
    }
    let (state, identity) = (State(Arc::clone(&app)), visit.identity.clone());
    signed_in::end(state, identity, axum::extract::Path(which.id)).await?;
    Ok(lead_to("/settings/sessions?done=ended"))
}
