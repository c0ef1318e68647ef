//! Add, change, remove a source. Each takes the source's claim first: nothing changes under a run that is under way.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::LOCATION;
use axum::response::{IntoResponse, Response};
use blocklist::SourceName;
use collect::catalogue;
use collect::source::{BadSetting, Kind, SETTINGS, Settings};
use serde::{Deserialize, Serialize};
use store::{PublicationRow, Published, Store};
use utoipa::ToSchema;

use super::OneSource;
use super::run::busy;
use crate::App;
use crate::api::body::{self, Form, Named};
use crate::api::problem::Problem;
use crate::api::reason::Reason;
use crate::api::schema;
use crate::auth::Identity;

/// A source to be added: of a kind, or by a template.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewSource {
    /// Its name: `a-z`, `0-9`, `.`, `_`, `-`, at most 63. With a template, the template's where it is left out.
    #[schema(value_type = Option<String>, pattern = "^[a-z0-9][a-z0-9._-]{0,62}$")]
    pub(crate) name: Option<SourceName>,
    /// How it is read: one of `/api/v1/source-kinds`.
    pub(crate) kind: Option<String>,
    /// In place of the kind: one of `/api/v1/source-templates`.
    pub(crate) template: Option<String>,
    /// What is set; over the template's own.
    #[serde(default)]
    pub(crate) settings: BTreeMap<String, String>,
    /// Whether runs start by themselves; `true` where nothing is said.
    #[serde(default = "yes")]
    pub(crate) enabled: bool,
}

const fn yes() -> bool {
    true
}

impl Form for NewSource {
    const LOOKS: &'static str =
        r#"{"name":"..","kind":".." or "template":"..","settings":{"key":"text",..},"enabled":true}"#;
}

/// What is to be changed of a source; what is not named stays.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SourceChange {
    /// What is set; `null` goes back to the default.
    #[serde(default)]
    pub(crate) settings: BTreeMap<String, Option<String>>,
    /// Whether runs start by themselves.
    pub(crate) enabled: Option<bool>,
}

impl Form for SourceChange {
    const LOOKS: &'static str = r#"{"settings":{"key":"text" or null,..},"enabled":true}"#;
}

/// What came of a removal.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct RemovedSource {
    /// Which.
    #[schema(value_type = String)]
    source: SourceName,
    /// Listings that were taken out.
    listings: u64,
    /// The publication that holds now; `null` when nothing was ever published.
    #[schema(value_type = Option<schema::Publication>)]
    publication: Option<PublicationRow>,
    /// Why the gate holds the list without this source, so that the publication above still has it; else empty.
    held: Vec<String>,
}

/// Adds a source.
///
/// The name of a removed source may be taken again, and a source of kind `file` may become one that is fetched. Where its
/// kind names no end dates, the policy gets an end rule for it, which the answer shows.
#[utoipa::path(
    post, path = "/api/v1/sources", tag = "collect",
    request_body(content = NewSource, content_type = "application/json"),
    responses(
        (status = 201, body = OneSource),
        (status = 400, description = "The body is not understood, or a setting is refused", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "Not from here", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "There is one of that name", body = Problem, content_type = "application/problem+json"),
        (status = 503, description = "Nothing is collected, or the store cannot answer", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn add(
    State(app): State<Arc<App>>,
    identity: Identity,
    body::Json(new): body::Json<NewSource>,
) -> Result<Response, Problem> {
    app.collector_or_503()?;
    let (name, kind, template) = what(&new)?;
    let given = new.settings.iter().map(|(name, value)| (name.as_str(), value.as_str()));
    let mut settings = Settings::of(kind);
    settings.set_all(kind, template.iter().copied().chain(given)).map_err(|bad| refused(&bad))?;
    let (enabled, source) = (new.enabled, name.clone());
    let who = identity.plain();
    let added = app.claimed(&name, move |store| {
        collect::source::add::add(store, &source, kind, &settings, enabled, &who.actor())
    });
    added.await?;
    tracing::info!(source = %name, kind = kind.name(), "source added");
    let location = format!("/api/v1/sources/{name}");
    let added = app.one_source(name).await?;
    Ok((StatusCode::CREATED, [(LOCATION, location)], Json(added)).into_response())
}

/// Changes how a source is set up.
#[utoipa::path(
    patch, path = "/api/v1/sources/{name}", tag = "collect", params(("name" = String, Path, description = "Its name")),
    request_body(content = SourceChange, content_type = "application/json"),
    responses(
        (status = 200, body = OneSource),
        (status = 400, description = "The body is not understood, or a setting is refused", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "Not from here", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "No such source", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "A run of it is under way", body = Problem, content_type = "application/problem+json"),
        (status = 503, description = "Nothing is collected, or the store cannot answer", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn change(
    State(app): State<Arc<App>>,
    identity: Identity,
    Named(name): Named,
    body::Json(wanted): body::Json<SourceChange>,
) -> Result<Json<OneSource>, Problem> {
    app.collector_or_503()?;
    app.is_there(&name).await?;
    let (source, who) = (name.clone(), identity.plain());
    let changed = app.claimed(&name, move |store| {
        let config = store.source_config(&source)?.ok_or_else(|| store::Error::NoSource(source.clone()))?;
        if !wanted.settings.is_empty() {
            let settings = match over(&config.kind, &config.settings, &wanted.settings) {
                Ok(settings) => settings,
                Err(bad) => return Ok(Err(bad)),
            };
            store.set_source(&source, &settings, &who.actor())?;
        }
        if let Some(enabled) = wanted.enabled {
            store.enable_source(&source, enabled, &who.actor())?;
        }
        Ok(Ok(()))
    });
    changed.await?.map_err(|bad| refused(&bad))?;
    tracing::info!(source = %name, "source changed");
    app.one_source(name).await.map(Json)
}

/// Removes a source: its listings are taken out and its credential is forgotten. Its runs and its history stay.
#[utoipa::path(
    delete, path = "/api/v1/sources/{name}", tag = "collect", params(("name" = String, Path, description = "Its name")),
    responses(
        (status = 200, body = RemovedSource),
        (status = 403, description = "Not from here", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "No such source", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "A run of it is under way", body = Problem, content_type = "application/problem+json"),
        (status = 503, description = "Nothing is collected, or the store cannot answer", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn remove(
    State(app): State<Arc<App>>,
    identity: Identity,
    Named(name): Named,
) -> Result<Json<RemovedSource>, Problem> {
    let collector = app.collector_or_503()?;
    let removed = collector.remove_source(&name, &identity.plain().actor(), &|_| {}).await;
    let removed = removed.map_err(|error| app.not_tried(error))?;
    tracing::info!(source = %name, listings = removed.listings, "source removed");
    let held = match &removed.published {
        Published::Held { reasons, .. } => reasons.iter().map(ToString::to_string).collect(),
        Published::New(_) | Published::Same(_) => Vec::new(),
    };
    let publication = removed.published.current().cloned();
    Ok(Json(RemovedSource { source: name, listings: removed.listings, publication, held }))
}

impl App {
    /// Whether there is such a source. Asked before a claim, which would say of any name that it is free.
    async fn is_there(&self, name: &SourceName) -> Result<(), Problem> {
        let asked = name.clone();
        let config = self.ask_store(move |store| store.source_config(&asked)).await?;
        let there = config.is_some_and(|config| config.removed_at.is_none());
        if there { Ok(()) } else { Err(self.store_problem(&store::Error::NoSource(name.clone()))) }
    }

    /// Changes a source while nobody collects from it.
    async fn claimed<T: Send + 'static>(
        &self,
        name: &SourceName,
        work: impl FnOnce(&Store) -> store::Result<T> + Send + 'static,
    ) -> Result<T, Problem> {
        let source = name.clone();
        let done = self.ask_store(move |store| {
            let Some(_claim) = store.claim(&source)? else { return Ok(None) };
            work(store).map(Some)
        });
        done.await?.ok_or_else(|| busy(name))
    }
}

type Pairs = &'static [(&'static str, &'static str)];

/// The name, the kind, and what the template sets.
fn what(new: &NewSource) -> Result<(SourceName, Kind, Pairs), Problem> {
    match (&new.kind, &new.template) {
        (Some(kind), None) => {
            let kind = kind.parse::<Kind>().map_err(|unknown| no_kind(unknown.to_string()))?;
            let name = new.name.clone().ok_or_else(|| Problem::bad_request("'name' has to be given"))?;
            Ok((name, kind, &[]))
        }
        (None, Some(id)) => {
            let template = catalogue::find(id).ok_or_else(|| {
                no_kind("no such template; /api/v1/source-templates lists them all".to_owned())
            })?;
            let name = new.name.clone().map_or_else(|| template.id.parse(), Ok);
            let name =
                name.map_err(|bad| Problem::bad_request(bad.to_string()).because(Reason::SourceName))?;
            Ok((name, template.kind, template.settings))
        }
        _ => Err(Problem::bad_request("either 'kind' or 'template' has to be given")),
    }
}

/// What is kept, with the changes over it. What is kept is read as texts, so that a setting that a newer program no longer
/// takes can still be set right here.
fn over(kind: &str, kept: &str, changes: &BTreeMap<String, Option<String>>) -> Result<String, BadSetting> {
    let bad = |name: &str, problem: String| BadSetting { name: name.to_owned(), problem };
    let kind: Kind = kind
        .parse()
        .map_err(|unknown: collect::source::kind::UnknownKind| bad("kind", unknown.to_string()))?;
    let mut values: BTreeMap<String, String> =
        serde_json::from_str(kept).map_err(|error| bad("settings", error.to_string()))?;
    for (name, value) in changes {
        let known = SETTINGS.iter().any(|setting| setting.name == name && setting.applies_to(kind));
        match value {
            None if known || values.contains_key(name) => drop(values.remove(name)),
            // A name that is none is refused below like any other, with those there are.
            value => drop(values.insert(name.clone(), value.clone().unwrap_or_default())),
        }
    }
    let mut settings = Settings::of(kind);
    settings.set_all(kind, values.iter().map(|(name, value)| (name.as_str(), value.as_str())))?;
    Ok(settings.to_json(kind))
}

fn refused(bad: &BadSetting) -> Problem {
    Problem::bad_request(bad.to_string()).because(Reason::SourceSetting(bad.name.clone()))
}

fn no_kind(detail: String) -> Problem {
    Problem::bad_request(detail).because(Reason::UnknownKind)
}
