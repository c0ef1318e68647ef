//! `/api/v1/hits`: listings that touch what is protected. `/api/v1/audit`: what people changed.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use blocklist::policy::Hit;
use serde::{Deserialize, Serialize};
use store::AuditRow;
use utoipa::{IntoParams, ToSchema};

use crate::App;
use crate::api::problem::Problem;
use crate::api::query::{self, Query};
use crate::api::schema;

/// Which changes.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct AuditQuery {
    /// By this one, as the record shows it.
    by: Option<String>,
    /// Of this action: whole as in `allow.add`, or the part before the dot.
    action: Option<String>,
    /// To this.
    target: Option<String>,
    /// Before this number: what the `next` of another page said.
    after: Option<i64>,
    /// At most so many: 1 to 1000, 100 where nothing is said.
    #[param(minimum = 1, maximum = 1_000)]
    limit: Option<usize>,
}

/// Listings that touch what is protected.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Hits {
    /// By prefix; at most 10,000.
    #[schema(value_type = Vec<schema::Hit>)]
    pub hits: Vec<Hit>,
}

/// A page of what people changed.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Audit {
    /// Newest first.
    #[schema(value_type = Vec<schema::AuditEntry>)]
    pub audit: Vec<AuditRow>,
    /// Where the next page goes on, for `after`; `null` on the last page.
    pub next: Option<i64>,
}

/// Active listings that touch what is protected, as of the last publication: what the policy cuts out.
#[utoipa::path(
    get, path = "/api/v1/hits", tag = "decide",
    responses(
        (status = 200, body = Hits),
        (status = 503, description = "The store cannot answer", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn hits(State(app): State<Arc<App>>) -> Result<Json<Hits>, Problem> {
    app.ask_store(store::Store::hits).await.map(|hits| Json(Hits { hits }))
}

/// What people changed, newest first.
#[utoipa::path(
    get, path = "/api/v1/audit", tag = "history", params(AuditQuery),
    responses(
        (status = 200, body = Audit),
        (status = 400, description = "The query is not understood", body = Problem, content_type = "application/problem+json"),
        (status = 503, description = "The store cannot answer", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn audit(
    State(app): State<Arc<App>>,
    Query(asked): Query<AuditQuery>,
) -> Result<Json<Audit>, Problem> {
    let limit = query::limit(asked.limit)?;
    let which = store::AuditQuery {
        before: asked.after,
        limit: limit + 1,
        by: asked.by,
        action: asked.action,
        target: asked.target,
    };
    let mut audit = app.ask_store(move |store| store.audit(&which)).await?;
    let next = query::cut(&mut audit, limit, |last| last.id);
    Ok(Json(Audit { audit, next }))
}

/// Whether the record of changes is whole: each entry is chained to the one before. Reads all of it.
#[utoipa::path(
    get, path = "/api/v1/audit/verify", tag = "history",
    responses(
        (status = 200, body = schema::Chain),
        (status = 403, description = "Not an admin", body = Problem, content_type = "application/problem+json"),
        (status = 503, description = "The store cannot answer", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn verify(State(app): State<Arc<App>>) -> Result<Json<store::Chain>, Problem> {
    app.ask_store(store::Store::verify_audit).await.map(Json)
}
