//! The first step: language, clock and theme, kept with the account.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use serde::Deserialize;

use super::{Facts, Step, Walk};
use crate::App;
use crate::api::problem::Problem;
use crate::pages::form::Posted;
use crate::pages::preferences::back;
use crate::pages::words::Start;
use crate::pages::{Page, Shell, Visit, respond};

#[derive(Template)]
#[template(path = "start/view.html")]
struct ViewPage {
    shell: Shell,
    t: &'static Start,
    walk: Walk,
    choices: [Group; 3],
}

/// One of some, of which one is chosen.
struct Group {
    name: &'static str,
    legend: &'static str,
    /// What is sent, what is shown, whether it is chosen.
    of: Vec<(&'static str, &'static str, bool)>,
}

/// What was chosen: words of [`crate::pages::Preferences`].
#[derive(Debug, Deserialize)]
pub(crate) struct Chosen {
    #[serde(default)]
    language: String,
    #[serde(default)]
    zone: String,
    #[serde(default)]
    theme: String,
}

/// The page.
pub(crate) async fn page(State(app): State<Arc<App>>, visit: Visit) -> Result<Response, Problem> {
    let facts = Facts::of(&app, &visit).await?;
    let (t, common) = (Start::of(visit.view.language), visit.common());
    let shell = visit.shell(&app, Page::Settings);
    let languages =
        shell.languages().map(|(word, _, on)| (word, if word == "ko" { "한국어" } else { "English" }, on));
    let zones = shell.zones().map(|(word, _, on)| (word, if word == "kst" { t.kst } else { t.utc }, on));
    let choices = [
        Group { name: "language", legend: t.language, of: languages.to_vec() },
        Group { name: "zone", legend: t.clock, of: zones.to_vec() },
        Group { name: "theme", legend: common.theme, of: shell.themes().to_vec() },
    ];
    let page = ViewPage { t, walk: Walk::at(&visit, &facts, Step::View), choices, shell };
    respond::html(&app, &page)
}

/// Keeps what was chosen, and goes on.
pub(crate) async fn keep(
    State(app): State<Arc<App>>,
    visit: Visit,
    Posted(typed): Posted<Chosen>,
) -> Result<Response, Problem> {
    let mut chosen = visit.preferences();
    for word in [&typed.language, &typed.zone, &typed.theme] {
        chosen.choose(word);
    }
    app.keep_preferences(&visit.identity, chosen).await?;
    Ok(back(chosen, Step::View.next().path()))
}
