//! Secrets of a device: a new one, shown once inside what is pasted, and their end.
//!
//! The page that shows a secret is the answer to the form itself. It is in no address and no cache, and leading to another
//! page first would mean to keep it somewhere.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use serde::Deserialize;
use store::ConsumerRow;

use super::act::ask;
use super::again::Again;
use super::fields::Typed;
use super::one::{again, feed_of};
use super::recipe::{self, Filled};
use super::server::{Here, Server};
use crate::App;
use crate::api::consumers::Named;
use crate::api::consumers::secret::{self, Rotation, Secret, Which};
use crate::api::problem::Problem;
use crate::api::query::Query;
use crate::api::reason::Reason;
use crate::pages::error::lead_to;
use crate::pages::form::Posted;
use crate::pages::parts::Notice;
use crate::pages::words::Devices;
use crate::pages::{Level, Markup, Page, Shell, Visit, respond};

#[derive(Template)]
#[template(path = "devices/made.html")]
struct MadePage {
    shell: Shell,
    t: &'static Devices,
    step: &'static str,
    notice: Notice,
    unencrypted: Option<Notice>,
    made: Secret,
    pieces: Vec<Filled>,
    notes: Vec<&'static str>,
}

/// How long the old one stays.
#[derive(Debug, Deserialize)]
pub(crate) struct Rotate {
    #[serde(default)]
    days: String,
    #[serde(default)]
    server: String,
}

/// Which are revoked.
#[derive(Debug, Deserialize)]
pub(crate) struct Revoke {
    #[serde(default)]
    which: String,
    confirmed: Option<String>,
}

/// Makes a new secret, and shows it.
pub(crate) async fn rotate(
    State(app): State<Arc<App>>,
    visit: Visit,
    Named(name): Named,
    here: Here,
    Posted(typed): Posted<Rotate>,
) -> Result<Response, Problem> {
    let made = match typed.days.trim().parse() {
        Ok(old_valid_days) => {
            secret::make(&app, &visit.identity, name.clone(), &Rotation { old_valid_days }).await
        }
        Err(_) => Err(Problem::bad_request("the days are a whole number, 0 to 366").because(Reason::OldDays)),
    };
    let made = match made {
        Ok(made) => made,
        Err(problem) => {
            let again_with = Again::refused(problem, Typed::new());
            return again(&app, &visit, name, &here, again_with).await;
        }
    };
    let row = app.ask_store(move |store| store.consumer(&name)).await?;
    shown(&app, &visit, &row, made, here.or(Some(&typed.server)), "")
}

/// The page with the secret, inside the configuration of its device.
#[expect(clippy::needless_pass_by_value, reason = "a secret ends with the page that shows it")]
pub(super) fn shown(
    app: &App,
    visit: &Visit,
    row: &ConsumerRow,
    made: Secret,
    server: Option<Server>,
    step: &'static str,
) -> Result<Response, Problem> {
    let (view, t) = (visit.view, Devices::of(visit.view.language));
    let recipe = recipe::of(row.settings.vendor);
    let text = server.as_ref().map_or("https://<server>", Server::as_str);
    let device =
        recipe::Device { server: text, feed: feed_of(row), user: row.name.as_str(), secret: &made.secret };
    let bare = server.as_ref().is_some_and(|server| !server.is_encrypted());
    let page = MadePage {
        shell: visit.shell(app, Page::Devices),
        t,
        step,
        notice: Notice { level: Level::Warn, says: t.once.into(), more: Markup::text(t.once_more) },
        unencrypted: bare.then(|| Notice {
            level: Level::Warn,
            says: t.unencrypted.into(),
            more: Markup::default(),
        }),
        pieces: recipe.fill(view, device),
        notes: recipe.notes(view),
        made,
    };
    respond::html(app, &page)
}

/// Revokes secrets: first what that means, then the deed.
pub(crate) async fn revoke(
    State(app): State<Arc<App>>,
    visit: Visit,
    Named(name): Named,
    here: Here,
    Posted(typed): Posted<Revoke>,
) -> Result<Response, Problem> {
    let old = match typed.which.as_str() {
        "old" => true,
        "all" => false,
        _ => return Err(Problem::bad_request("say which secrets: old or all").because(Reason::WhichSecret)),
    };
    if typed.confirmed.is_none() {
        let t = Devices::of(visit.view.language);
        let (title, says) =
            if old { (t.revoke_old, t.revoke_old_says) } else { (t.revoke_all, t.revoke_all_says) };
        let fields = vec![("which".to_owned(), typed.which)];
        return ask(&app, &visit, &name, "secret/revoke", [title, says, t.revoke_undo], fields);
    }
    let (state, identity) = (State(Arc::clone(&app)), visit.identity.clone());
    match secret::revoke(state, identity, Named(name.clone()), Query(Which { old })).await {
        Ok(_) => Ok(lead_to(&format!("/devices/{name}?done=revoked"))),
        Err(problem) => {
            let again_with = Again::refused(problem, Typed::new());
            again(&app, &visit, name, &here, again_with).await
        }
    }
}
