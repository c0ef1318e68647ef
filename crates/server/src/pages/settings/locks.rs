//! `/settings/locks`: what keeps somebody out for a while, what is on the way to it, and the way in again.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Query, State};
use axum::response::Response;
use serde::Deserialize;
use store::{LockRow, UserName};

use super::{tabs, told};
use crate::App;
use crate::api::problem::Problem;
use crate::api::reason::Reason;
use crate::api::users::{Named, keys};
use crate::pages::error::lead_to;
use crate::pages::form::Posted;
use crate::pages::parts::{Empty, Notice, Tabs};
use crate::pages::words::Settings;
use crate::pages::{Page, Shell, Visit, respond};

#[derive(Template)]
#[template(path = "settings/locks.html")]
struct LocksPage {
    shell: Shell,
    t: &'static Settings,
    tabs: Tabs,
    notice: Option<Notice>,
    rows: Vec<LockView>,
    empty: Empty,
}

/// A counter of failures as the table shows it.
struct LockView {
    row: LockRow,
    kind: &'static str,
    /// Whose it is; empty for a name that nobody has.
    key: String,
    is_closed: bool,
    /// What the form sends: a field and its value.
    opens: Option<(&'static str, String)>,
}

/// What happened before.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Asked {
    done: Option<String>,
}

/// What is opened: an account or an address.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Which {
    #[serde(default)]
    account: String,
    #[serde(default)]
    address: String,
}

/// The page.
pub(crate) async fn page(
    State(app): State<Arc<App>>,
    visit: Visit,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let t = Settings::of(visit.view.language);
    let rows = app.ask_store(store::Store::locks).await?;
    let page = LocksPage {
        shell: visit.shell(&app, Page::Settings),
        t,
        tabs: tabs(&visit, "/settings/locks"),
        notice: asked.done.as_deref().and_then(|done| told(t, done)),
        rows: rows.into_iter().map(|row| lock(&visit, t, row)).collect(),
        empty: Empty { says: t.locks_none.into(), hint: t.locks_hint.into(), act: None },
    };
    respond::html(&app, &page)
}

fn lock(visit: &Visit, t: &'static Settings, row: LockRow) -> LockView {
    let (kind, name) = match row.kind.as_str() {
        "account" => (t.kind_account, Some(row.key.as_str())),
        "pair" => (t.kind_pair, row.key.split(' ').next()),
        _ => (t.kind_address, None),
    };
    // '?' and a number is a name that nobody has: nobody waits for it to be opened.
    let nobody = name.filter(|name| name.starts_with('?'));
    let opens = match name {
        _ if nobody.is_some() => None,
        Some(name) => Some(("account", name.to_owned())),
        None => Some(("address", row.key.clone())),
    };
    let key = nobody.map_or_else(|| row.key.clone(), |nobody| row.key.replacen(nobody, t.nobody, 1));
    let is_closed = row.until.is_some_and(|until| until > visit.view.now);
    LockView { row, kind, key, is_closed, opens }
}

/// Opens one.
pub(crate) async fn unlock(
    State(app): State<Arc<App>>,
    visit: Visit,
    Posted(which): Posted<Which>,
) -> Result<Response, Problem> {
    if which.account.is_empty() {
        let who = visit.identity.plain();
        app.ask_store(move |store| store.unlock_address(&which.address, &who.actor())).await?;
    } else {
        let name: Result<UserName, _> = which.account.parse();
        let name =
            name.map_err(|_| Problem::not_found("there is no such account").because(Reason::NoUser))?;
        let axum::Json(_) =
            keys::unlock(State(Arc::clone(&app)), visit.identity.clone(), Named(name)).await?;
    }
    Ok(lead_to("/settings/locks?done=unlocked"))
}
