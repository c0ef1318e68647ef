//! The pages that people read: HTML that the server renders, in Korean and English, with one style sheet and one script.
//!
//! ```text
//! handler --asks store and Live--> a struct with a template (templates/*.html, checked when the program is built)
//!            Shell (who, words, navigation) --/   |-- parts/   tables, states, bars, forms
//!            View  (language, zone, now)    --/   |-- chart/   pictures: SVG and one PNG
//! respond::html --> the page, under a policy that lets no other script, style or place in
//! ```
//!
//! **Without scripts** every page works but for what changes while it is looked at: switches, filters, pages of tables and
//! confirmations are links and forms. Nothing is inline, so there is no `style` or `onclick` in any template.
//!
//! **Failure.** A page answers with a page ([`error`]): what happened, what still works, what to do; with 5xx an id and no
//! cause. A template that cannot be rendered is such a fault too, never half a page.

#![allow(
    dead_code,
    unused_imports,
    reason = "the parts are here before the pages that use them; this goes when the last page has come"
)]

use std::sync::Arc;

use axum::Router;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::routing::get;

use crate::App;

pub(crate) mod address;
pub(crate) mod assets;
pub(crate) mod chart;
mod dashboard;
pub(crate) mod error;
pub(crate) mod form;
mod map;
pub(crate) mod markup;
pub(crate) mod nav;
pub(crate) mod parts;
pub(crate) mod preferences;
pub(crate) mod respond;
pub(crate) mod rights;
pub(crate) mod shell;
pub(crate) mod show;
pub(crate) mod view;
pub(crate) mod visit;
pub(crate) mod words;

pub(crate) use address::Address;
pub(crate) use markup::Markup;
pub(crate) use nav::{Badge, Page};
pub(crate) use preferences::{Preferences, Theme};
pub(crate) use shell::{Shell, Who};
pub(crate) use show::Level;
pub(crate) use view::{Language, View, Zone};
pub(crate) use visit::Visit;

/// The routes of the pages. What goes wrong in one of them is answered with a page.
pub(crate) fn router(app: &Arc<App>) -> Router<Arc<App>> {
    Router::new()
        .route("/assets/{name}", get(assets::asset))
        .route("/preferences", get(preferences::choose))
        .route("/", get(dashboard::dashboard))
        .route("/map", get(map::map))
        .route("/map.png", get(map::png))
        .route("/events", get(crate::events::events))
        .route_layer(from_fn(form::check))
        .route_layer(from_fn_with_state(Arc::clone(app), error::as_page))
}

#[cfg(test)]
mod styleguide;
