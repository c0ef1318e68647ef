//! `/api/v1/known-good`: lists of addresses that everybody uses and that are never served.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, Request, State};
use blocklist::policy::Hit;
use collect::known_good;
use serde::{Deserialize, Serialize};
use store::{KnownGoodRow, NewKnownGood};
use utoipa::{IntoParams, ToSchema};

use super::body::{self, Form};
use super::changed::{Effect, Trying, TryingBy};
use super::problem::Problem;
use super::query::{self, Query};
use super::reason::Reason;
use super::schema;
use crate::App;
use crate::auth::Identity;

/// The longest list that is taken over the wire; a longer one is loaded by the command line.
const MAX_BYTES: usize = 8 << 20;

/// Every list.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct KnownGoodLists {
    /// By name.
    #[schema(value_type = Vec<schema::KnownGoodList>)]
    pub lists: Vec<KnownGoodRow>,
}

/// Which part of a list.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct KnownGoodQuery {
    /// After the end of another page: what its `next` said.
    #[param(format = "prefix")]
    after: Option<String>,
    /// At most so many prefixes, and so many hits: 1 to 1000, 100 where nothing is said.
    #[param(minimum = 1, maximum = 1_000)]
    limit: Option<usize>,
}

/// A list, a page of its prefixes, and what it holds back.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct OneKnownGoodList {
    /// The list.
    #[schema(value_type = schema::KnownGoodList)]
    pub list: KnownGoodRow,
    /// Its prefixes, in order.
    pub prefixes: Vec<String>,
    /// Where the next page goes on, for `after`; `null` on the last page.
    pub next: Option<String>,
    /// Active listings that touch it, as of the last publication.
    #[schema(value_type = Vec<schema::Hit>)]
    pub hits: Vec<Hit>,
}

/// What is to be changed of a list.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct KnownGoodChange {
    /// Whether it is used.
    enabled: bool,
    /// Who does this; `api` where nothing is said.
    #[schema(min_length = 1, max_length = 100, format = "line")]
    by: Option<String>,
    /// Why, for the record.
    #[schema(min_length = 1, max_length = 1_000, format = "line")]
    note: Option<String>,
}

impl Form for KnownGoodChange {
    const LOOKS: &'static str = r#"{"enabled":true,"by":"..","note":".."}"#;
}

/// What came of a change of a list.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct KnownGoodChanged {
    /// The list as it is now, or would be; of a removal, as it was.
    #[schema(value_type = schema::KnownGoodList)]
    list: KnownGoodRow,
    /// What it did to the list that is served.
    effect: Effect,
}

/// The known-good lists, with how many listings each holds back.
#[utoipa::path(
    get, path = "/api/v1/known-good", tag = "safety",
    responses(
        (status = 200, body = KnownGoodLists),
        (status = 503, description = "The store cannot answer", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn lists(State(app): State<Arc<App>>) -> Result<Json<KnownGoodLists>, Problem> {
    let lists = app.ask_store(store::Store::known_good_lists).await?;
    Ok(Json(KnownGoodLists { lists }))
}

/// One list.
#[utoipa::path(
    get, path = "/api/v1/known-good/{name}", tag = "safety",
    params(("name" = String, Path, description = "Its name"), KnownGoodQuery),
    responses(
        (status = 200, body = OneKnownGoodList),
        (status = 400, description = "The query is not understood", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "No such list", body = Problem, content_type = "application/problem+json"),
        (status = 503, description = "The store cannot answer", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn list(
    State(app): State<Arc<App>>,
    Path(name): Path<String>,
    Query(asked): Query<KnownGoodQuery>,
) -> Result<Json<OneKnownGoodList>, Problem> {
    let limit = query::limit(asked.limit)?;
    let after = query::value("after", asked.after.as_deref(), "the 'next' of another page")?;
    let found = app.ask_store(move |store| {
        let Some(list) = store.known_good_list(&name)? else { return Ok(None) };
        let prefixes = store.known_good_entries(&name, after, limit + 1)?;
        Ok(Some((list, prefixes, store.known_good_hits(&name, limit)?)))
    });
    let (list, mut prefixes, hits) = found
        .await?
        .ok_or_else(|| Problem::not_found("no such known-good list").because(Reason::NoKnownGood))?;
    let next = query::cut(&mut prefixes, limit, ToString::to_string);
    let prefixes = prefixes.iter().map(ToString::to_string).collect();
    Ok(Json(OneKnownGoodList { list, prefixes, next, hits }))
}

/// Loads a list in the place of the one of its name, which stays as enabled as it was. The body is the JSON of a MISP
/// warninglist, at most 8 MiB.
#[utoipa::path(
    put, path = "/api/v1/known-good/{name}", tag = "safety",
    params(("name" = String, Path, description = "Its name"), TryingBy),
    request_body(content = schema::WarningList, content_type = "application/json"),
    responses(
        (status = 200, body = KnownGoodChanged),
        (status = 400, description = "The body is no such list", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "Not from here", body = Problem, content_type = "application/problem+json"),
        (status = 413, description = "The body is too long", body = Problem, content_type = "application/problem+json"),
        (status = 503, description = "The store cannot answer", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn load(
    State(app): State<Arc<App>>,
    identity: Identity,
    Path(name): Path<String>,
    Query(trying): Query<TryingBy>,
    request: Request,
) -> Result<Json<KnownGoodChanged>, Problem> {
    let who = identity.who(trying.by.as_deref(), trying.note.as_deref())?;
    let too_large = || {
        Problem::too_large(format!(
            "the body has at most {MAX_BYTES} bytes; `blacklist known-good load` takes more"
        ))
    };
    let bytes = body::read(request, MAX_BYTES, too_large).await?;
    let changed = app.ask_store(move |store| {
        let read = match known_good::read(&mut &*bytes) {
            Ok(read) => read,
            Err(error) => return Ok(Err(Problem::bad_request(format!("{error}; {}", error.hint())))),
        };
        let new = NewKnownGood {
            name: &name,
            description: read.description.as_deref().or(read.name.as_deref()),
            version: read.version.as_deref(),
            prefixes: &read.prefixes,
            passed_over: read.passed_over(),
        };
        let (list, effect) = if trying.dry_run {
            let (list, preview) = store.preview_known_good(&new)?;
            (list, Effect::tried(preview))
        } else {
            let (list, published) = store.load_known_good(&new, &who.actor())?;
            (list, Effect::done(&published))
        };
        Ok(Ok(KnownGoodChanged { list, effect }))
    });
    changed.await?.map(Json)
}

/// Uses a list, or keeps it without using it.
#[utoipa::path(
    patch, path = "/api/v1/known-good/{name}", tag = "safety",
    params(("name" = String, Path, description = "Its name"), Trying),
    request_body(content = KnownGoodChange, content_type = "application/json"),
    responses(
        (status = 200, body = KnownGoodChanged),
        (status = 400, description = "The body is not understood", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "Not from here", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "No such list", body = Problem, content_type = "application/problem+json"),
        (status = 503, description = "The store cannot answer", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn change(
    State(app): State<Arc<App>>,
    identity: Identity,
    Path(name): Path<String>,
    Query(trying): Query<Trying>,
    body::Json(wanted): body::Json<KnownGoodChange>,
) -> Result<Json<KnownGoodChanged>, Problem> {
    let who = identity.who(wanted.by.as_deref(), wanted.note.as_deref())?;
    let changed = app.ask_store(move |store| {
        let (list, effect) = if trying.dry_run {
            let (list, preview) = store.preview_enable_known_good(&name, wanted.enabled)?;
            (list, Effect::tried(preview))
        } else {
            let (list, published) = store.enable_known_good(&name, wanted.enabled, &who.actor())?;
            (list, Effect::done(&published))
        };
        Ok(KnownGoodChanged { list, effect })
    });
    changed.await.map(Json)
}

/// Removes a list: what it holds back is served, if policy and gate let it.
#[utoipa::path(
    delete, path = "/api/v1/known-good/{name}", tag = "safety",
    params(("name" = String, Path, description = "Its name"), TryingBy),
    responses(
        (status = 200, body = KnownGoodChanged),
        (status = 400, description = "The query is not understood", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "Not from here", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "No such list", body = Problem, content_type = "application/problem+json"),
        (status = 503, description = "The store cannot answer", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn remove(
    State(app): State<Arc<App>>,
    identity: Identity,
    Path(name): Path<String>,
    Query(trying): Query<TryingBy>,
) -> Result<Json<KnownGoodChanged>, Problem> {
    let who = identity.who(trying.by.as_deref(), trying.note.as_deref())?;
    let changed = app.ask_store(move |store| {
        let (list, effect) = if trying.dry_run {
            let (list, preview) = store.preview_remove_known_good(&name)?;
            (list, Effect::tried(preview))
        } else {
            let (list, published) = store.remove_known_good(&name, &who.actor())?;
            (list, Effect::done(&published))
        };
        Ok(KnownGoodChanged { list, effect })
    });
    changed.await.map(Json)
}
