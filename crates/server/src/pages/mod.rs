//! The pages that people read: HTML that the server renders, in Korean and English, with one style sheet and one script.
//!
//! ```text
//! handler --asks store and Live--> a struct with a template (templates/*.html, checked when the program is built)
//!            Shell (who, words, navigation) --/   |-- parts/   tables, states, bars, forms
//!            View  (language, zone, now)    --/   |-- chart/   pictures: SVG and one PNG
//! respond::html --> the page, under a policy that lets no other script, style or place in
//! ```
//!
//! **A new page** is five things: its words (`words/x.rs`), its template (`templates/x.html`, `{% extends "base.html" %}` with
//! the blocks `title`, `heading` or the whole `head`, `actions`, `main`), a struct with the field `shell` and what the template
//! shows, a handler, and its line in [`router`] and in [`rights`]:
//!
//! ```ignore
//! #[derive(Template)]
//! #[template(path = "allow.html")]
//! struct AllowPage { shell: Shell, words: &'static AllowWords, head: Head, rows: Vec<AllowEntry>, pager: Pager }
//!
//! pub(crate) async fn allow(State(app): State<Arc<App>>, visit: Visit, uri: Uri) -> Result<Response, Problem> {
//!     let address = Address::of(&uri);
//!     let rows = app.ask_store(move |store| store.allow_entries(..)).await?;
//!     respond::html(&app, &AllowPage { shell: visit.shell(&app, Page::Allow), .. })
//! }
//! ```
//!
//! **Without scripts** every page works but for what changes while it is looked at: switches, filters, pages of tables and
//! confirmations are links and forms. Nothing is inline, so there is no `style` or `onclick` in any template.
//!
//! **Failure.** A page answers with a page ([`error`]): what happened, what still works, what to do; with 5xx an id and no
//! cause. A template that cannot be rendered is such a fault too, never half a page.

use std::sync::Arc;

use axum::Router;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::routing::{get, post};

use crate::App;

pub(crate) mod account;
pub(crate) mod address;
pub(crate) mod allow;
pub(crate) mod assets;
pub(crate) mod chart;
pub(crate) mod collect;
pub(crate) mod csv;
mod dashboard;
pub(crate) mod devices;
pub(crate) mod error;
pub(crate) mod filed;
pub(crate) mod form;
pub(crate) mod ip;
pub(crate) mod login;
pub(crate) mod logs;
mod map;
pub(crate) mod markup;
pub(crate) mod nav;
pub(crate) mod parts;
pub(crate) mod preferences;
pub(crate) mod publications;
pub(crate) mod respond;
pub(crate) mod rights;
pub(crate) mod settings;
pub(crate) mod shell;
pub(crate) mod show;
pub(crate) mod start;
pub(crate) mod sure;
pub(crate) mod view;
pub(crate) mod visit;
pub(crate) mod words;

pub(crate) use address::Address;
use collect::{act, key};
use devices::{act as device, feeds};
pub(crate) use markup::Markup;
pub(crate) use nav::{Badge, Page};
pub(crate) use preferences::{Preferences, Theme};
use publications::{back, held};
use settings::edit;
pub(crate) use shell::Shell;
pub(crate) use show::Level;
pub(crate) use view::{View, Zone};
pub(crate) use visit::Visit;

/// The routes of the pages. What goes wrong in one of them is answered with a page.
pub(crate) fn router(app: &Arc<App>) -> Router<Arc<App>> {
    Router::new()
        .route("/assets/{name}", get(assets::asset))
        .route("/preferences", get(preferences::choose).post(preferences::keep))
        .route("/", get(dashboard::dashboard))
        .route("/map", get(map::map))
        .route("/map.png", get(map::png))
        .route("/events", get(crate::events::events))
        .route("/login", get(login::form).post(login::enter))
        .route("/login/code", get(login::code_form).post(login::send_code))
        .route("/logout", post(login::leave))
        .route("/password", get(login::password::form).post(login::password::change))
        .route("/ip", get(ip::list::list))
        .route("/ip/block", get(ip::block::form).post(ip::block::block))
        .route("/ip/edit", post(ip::edit::edit))
        .route("/ip/{*prefix}", get(ip::one::page))
        .route("/logs", get(logs::begin))
        .route("/logs/runs", get(logs::runs::page))
        .route("/logs/pulls", get(logs::pulls::page))
        .route("/logs/program", get(logs::program::page))
        .route("/logs/audit", get(logs::audit::page))
        .route("/logs/attempts", get(logs::attempts::page))
        .route("/runs/{id}", get(logs::run::page))
        .route("/publications", get(publications::list))
        .route("/publications/release", get(back::release_form).post(back::release))
        .route("/publications/{serial}", get(publications::one::page))
        .route("/publications/{serial}/rollback", get(back::rollback_form).post(back::rollback))
        .route("/held/{id}", get(held::page))
        .route("/held/{id}/approve", post(held::approve))
        .route("/held/{id}/reject", post(held::reject))
        .route("/allow", get(allow::list))
        .route("/allow/new", get(allow::new).post(allow::add))
        .route("/allow/own", get(allow::own::page).post(allow::own::add))
        .route("/allow/own/remove", post(allow::own::remove))
        .route("/allow/known-good", get(allow::known_good::page))
        .route("/allow/known-good/{name}", post(allow::known_good::change))
        .route("/allow/{id}", get(allow::entry::page).post(allow::entry::change))
        .route("/allow/{id}/remove", post(allow::entry::remove))
        .route("/collect", get(collect::list))
        .route("/collect/new", get(collect::new::form).post(collect::new::add))
        .route("/collect/upload", get(collect::upload::form).post(collect::upload::look))
        .route("/collect/upload/keep", post(collect::upload::keep))
        .route("/collect/{name}", get(collect::one::page).post(act::set))
        .route("/collect/{name}/run", post(act::start))
        .route("/collect/{name}/cancel", post(act::cancel))
        .route("/collect/{name}/test", post(act::test))
        .route("/collect/{name}/verify", post(key::verify))
        .route("/collect/{name}/otp", post(key::otp))
        .route("/collect/{name}/session", post(key::session))
        .route("/collect/{name}/credential", post(key::credential))
        .route("/collect/{name}/credential/remove", get(key::forget_form).post(key::forget))
        .route("/collect/{name}/enable", post(act::enable))
        .route("/collect/{name}/remove", get(act::remove_form).post(act::remove))
        .route("/devices", get(devices::list))
        .route("/devices/new", get(devices::new::form).post(devices::new::add))
        .route("/devices/feeds", get(feeds::list))
        .route("/devices/feeds/new", get(feeds::new).post(feeds::add))
        .route("/devices/feeds/{name}", get(feeds::one::page).post(feeds::one::change))
        .route("/devices/feeds/{name}/remove", get(feeds::one::remove_form).post(feeds::one::remove))
        .route("/devices/{name}", get(devices::one::page).post(device::set))
        .route("/devices/{name}/addresses", post(device::addresses))
        .route("/devices/{name}/enable", post(device::enable))
        .route("/devices/{name}/secret", post(devices::secret::rotate))
        .route("/devices/{name}/secret/revoke", post(devices::secret::revoke))
        .route("/devices/{name}/remove", get(device::remove_form).post(device::remove))
        .route("/start", get(start::begin))
        .route("/start/view", get(start::view::page).post(start::view::keep))
        .route("/start/own", get(start::own::page).post(start::own::add))
        .route("/start/source", get(start::source::page).post(start::source::add))
        .route("/start/source/again", post(start::watch::again))
        .route("/start/device", get(start::device::page).post(start::device::add))
        .route("/start/done", get(start::done::page))
        .route("/start/leave", post(start::leave))
        .route("/account", get(account::page))
        .route("/account/code", get(account::code::page).post(account::code::draw))
        .route("/account/code/confirm", post(account::code::confirm))
        .route("/account/code/recovery", post(account::code::recovery))
        .route("/account/code/remove", post(account::code::remove))
        .route("/account/sessions/end", post(account::sessions::end))
        .route("/account/sessions/end-others", post(account::sessions::end_others))
        .route("/account/tokens", post(account::tokens::make))
        .route("/account/tokens/revoke", post(account::tokens::revoke))
        .route("/settings", get(settings::page))
        .route("/settings/policy", get(edit::policy).post(edit::set_policy))
        .route("/settings/policy/{source}", get(edit::source).post(edit::set_source))
        .route("/settings/gate", get(edit::gate).post(edit::set_gate))
        .route("/settings/history", get(edit::history).post(edit::set_history))
        .route("/settings/locks", get(settings::locks::page).post(settings::locks::unlock))
        .route("/settings/sessions", get(settings::sessions::page))
        .route("/settings/sessions/end", post(settings::sessions::end))
        .route("/settings/tokens", get(settings::tokens::page))
        .route("/settings/tokens/revoke", post(settings::tokens::revoke))
        .route("/settings/users", get(settings::users::page).post(settings::users::add))
        .route("/settings/users/{name}", get(settings::user::page))
        .route("/settings/users/{name}/role", post(settings::user::set_role))
        .route("/settings/users/{name}/state", post(settings::user::set_state))
        .route("/settings/users/{name}/password", post(settings::user::password))
        .route("/settings/users/{name}/no-code", post(settings::user::no_code))
        .route("/settings/users/{name}/unlock", post(settings::user::unlock))
        .route("/settings/users/{name}/remove", post(settings::user::remove))
        .route_layer(from_fn(form::check))
        .route_layer(from_fn_with_state(Arc::clone(app), error::as_page))
}

#[cfg(test)]
mod styleguide;
