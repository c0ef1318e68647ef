//! `/api/v1/allow`: what must never be served, on the firm's word.

pub(crate) mod change;

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use blocklist::policy::{GuardKind, Hit};
use serde::{Deserialize, Serialize};
use store::{AllowId, AllowRow};
use utoipa::{IntoParams, ToSchema};

use super::problem::Problem;
use super::query::{self, Query};
use super::reason::Reason;
use super::schema;
use crate::App;

/// Which entries.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct AllowQuery {
    /// `true`: those that ended or were removed too.
    #[serde(default)]
    all: bool,
    /// The entry of just this prefix, unless it was removed.
    #[param(format = "prefix")]
    prefix: Option<String>,
    /// After the end of another page: what its `next` said.
    after: Option<i64>,
    /// At most so many: 1 to 1000, 100 where nothing is said.
    #[param(minimum = 1, maximum = 1_000)]
    limit: Option<usize>,
}

/// A page of entries.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AllowEntries {
    /// Oldest first.
    #[schema(value_type = Vec<schema::AllowEntry>)]
    pub entries: Vec<AllowRow>,
    /// Where the next page goes on, for `after`; `null` on the last page.
    #[schema(value_type = Option<i64>)]
    pub next: Option<AllowId>,
}

/// An entry and what it holds back.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct OneAllowEntry {
    /// The entry.
    #[schema(value_type = schema::AllowEntry)]
    pub entry: AllowRow,
    /// Active listings that touch it, as of the last publication.
    #[schema(value_type = Vec<schema::Hit>)]
    pub hits: Vec<Hit>,
}

/// Allow entries, a page at a time.
#[utoipa::path(
    get, path = "/api/v1/allow", tag = "safety", params(AllowQuery),
    responses(
        (status = 200, body = AllowEntries),
        (status = 400, description = "The query is not understood", body = Problem, content_type = "application/problem+json"),
        (status = 503, description = "The store cannot answer", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn entries(
    State(app): State<Arc<App>>,
    Query(asked): Query<AllowQuery>,
) -> Result<Json<AllowEntries>, Problem> {
    if let Some(prefix) = query::value("prefix", asked.prefix.as_deref(), "an address or prefix")? {
        let found = app.ask_store(move |store| store.allow_of(prefix)).await?;
        return Ok(Json(AllowEntries { entries: found.into_iter().collect(), next: None }));
    }
    let limit = query::limit(asked.limit)?;
    let (all, after) = (asked.all, asked.after.map(AllowId));
    let mut entries = app.ask_store(move |store| store.allow_entries(all, after, limit + 1)).await?;
    let next = query::cut(&mut entries, limit, |last| last.id);
    Ok(Json(AllowEntries { entries, next }))
}

/// Entries whose reminder is due, the next to end first.
#[utoipa::path(
    get, path = "/api/v1/allow/due", tag = "safety",
    responses(
        (status = 200, body = AllowEntries),
        (status = 503, description = "The store cannot answer", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn due(State(app): State<Arc<App>>) -> Result<Json<AllowEntries>, Problem> {
    let now = app.now();
    let entries = app.ask_store(move |store| store.allow_due(now)).await?;
    Ok(Json(AllowEntries { entries, next: None }))
}

/// One entry, also one that was removed.
#[utoipa::path(
    get, path = "/api/v1/allow/{id}", tag = "safety", params(("id" = i64, Path, description = "Its number")),
    responses(
        (status = 200, body = OneAllowEntry),
        (status = 404, description = "No such entry", body = Problem, content_type = "application/problem+json"),
        (status = 503, description = "The store cannot answer", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn entry(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
) -> Result<Json<OneAllowEntry>, Problem> {
    let id = number(&id)?;
    let found = app.ask_store(move |store| {
        let Some(entry) = store.allow_entry(id)? else { return Ok(None) };
        let mut hits = store.hits()?;
        hits.retain(|hit| hit.kind == GuardKind::Allow && hit.guard == entry.prefix);
        Ok(Some(OneAllowEntry { entry, hits }))
    });
    found.await?.map(Json).ok_or_else(no_such)
}

/// The number that a path names.
fn number(text: &str) -> Result<AllowId, Problem> {
    text.parse().map(AllowId).map_err(|_| no_such())
}

fn no_such() -> Problem {
    Problem::not_found("no such allow entry").because(Reason::NoAllow)
}
