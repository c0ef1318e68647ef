//! `/api/v1/sources`: where listings come from, how each source is set up, where it stands.
//!
//! | module | what |
//! |---|---|
//! | `cancel` | end the run that is under way |
//! | `change` | add, change, remove a source |
//! | `run` | start a run, or see what one would do |

pub(crate) mod cancel;
pub(crate) mod change;
pub(crate) mod run;

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use blocklist::SourceName;
use blocklist::policy::SourceRules;
use collect::collector::{SourceView, view};
use collect::source::{Kind, SETTINGS, Settings};
use serde::Serialize;
use store::{Role, Run, RunQuery};
use utoipa::ToSchema;

use super::body::Named;
use super::problem::Problem;
use super::schema;
use crate::App;
use crate::auth::Identity;

/// Runs that the answer about one source shows.
const SHOWN_RUNS: usize = 10;

/// The sources.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Sources {
    /// In the order they were first seen.
    #[schema(value_type = Vec<schema::SourceView>)]
    pub sources: Vec<SourceView>,
}

/// One source, with all its settings and its last runs.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct OneSource {
    /// The source.
    #[serde(flatten)]
    #[schema(value_type = schema::SourceView)]
    pub source: SourceView,
    /// Every setting of its kind; none when what is kept cannot be read, and none for a source of kind `file`.
    pub all_settings: Vec<SettingValue>,
    /// What the policy says of it alone: when its listings end, which of them count.
    #[schema(value_type = schema::SourceRules)]
    pub policy: SourceRules,
    /// Newest first, at most ten.
    #[schema(value_type = Vec<schema::Run>)]
    pub runs: Vec<Run>,
}

/// A setting of a source.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SettingValue {
    /// Its name.
    pub name: &'static str,
    /// What holds; empty is absent.
    pub value: String,
    /// What holds where nothing is set.
    pub default: String,
}

/// Every source with its settings, its counts, its last run, and what happens next. What opens an address that a setting
/// names (a key in the query, a user name and password) is shown to an `admin` alone.
#[utoipa::path(
    get, path = "/api/v1/sources", tag = "collect",
    responses(
        (status = 200, body = Sources),
        (status = 503, description = "The store cannot answer", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn sources(
    State(app): State<Arc<App>>,
    identity: Identity,
) -> Result<Json<Sources>, Problem> {
    let (alive, now) = (app.alive(), app.now());
    let mut sources = app.ask_store(move |store| view::sources(store, now, &alive)).await?;
    for source in &mut sources {
        hide(source, &identity);
    }
    Ok(Json(Sources { sources }))
}

/// One source with all its settings and its last runs. What opens an address that a setting names is shown to an `admin`
/// alone.
#[utoipa::path(
    get, path = "/api/v1/sources/{name}", tag = "collect", params(("name" = String, Path, description = "Its name")),
    responses(
        (status = 200, body = OneSource),
        (status = 404, description = "No such source", body = Problem, content_type = "application/problem+json"),
        (status = 503, description = "The store cannot answer", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn source(
    State(app): State<Arc<App>>,
    identity: Identity,
    Named(name): Named,
) -> Result<Json<OneSource>, Problem> {
    Ok(Json(app.one_source(name).await?.shown_to(&identity)))
}

/// Hides what opens an address from everybody who does not set it.
fn hide(source: &mut SourceView, identity: &Identity) {
    if identity.may(Role::Admin) {
        return;
    }
    for value in source.settings.values_mut() {
        *value = store::without_keys(value);
    }
    // It may quote a value that is none.
    if source.settings_problem.is_some() {
        source.settings_problem = Some("a setting cannot be read; an admin is shown which".to_owned());
    }
}

impl OneSource {
    /// The source as whoever asks may see it.
    pub(crate) fn shown_to(mut self, identity: &Identity) -> Self {
        hide(&mut self.source, identity);
        if !identity.may(Role::Admin) {
            for setting in &mut self.all_settings {
                setting.value = store::without_keys(&setting.value);
            }
        }
        self
    }
}

impl App {
    /// A source as the answers about one show it.
    pub(crate) async fn one_source(&self, name: SourceName) -> Result<OneSource, Problem> {
        let (alive, now) = (self.alive(), self.now());
        let asked = name.clone();
        let found = self.ask_store(move |store| {
            let sources = view::sources(store, now, &alive)?;
            let Some(source) = sources.into_iter().find(|source| source.row.name == asked) else {
                return Ok(None);
            };
            let of_it = RunQuery { source: Some(asked), limit: SHOWN_RUNS, ..RunQuery::default() };
            let runs = store.runs(&of_it)?;
            let policy = store.policy()?.sources.remove(&source.row.name).unwrap_or_default();
            Ok(Some(OneSource { all_settings: all_settings(&source), source, policy, runs }))
        });
        found.await?.ok_or_else(|| self.store_problem(&store::Error::NoSource(name)))
    }
}

fn all_settings(source: &SourceView) -> Vec<SettingValue> {
    let Ok(kind) = source.row.kind.parse::<Kind>() else { return Vec::new() };
    if source.settings_problem.is_some() {
        return Vec::new();
    }
    let defaults = Settings::of(kind);
    let settings = SETTINGS.iter().filter(|setting| setting.applies_to(kind));
    settings
        .map(|setting| {
            let default = setting.show(&defaults);
            let value = source.settings.get(setting.name).unwrap_or(&default).clone();
            SettingValue { name: setting.name, value, default }
        })
        .collect()
}
