//! `/api/v1/sources`: where listings come from.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use serde::Serialize;
use store::SourceRow;
use utoipa::ToSchema;

use super::problem::Problem;
use super::schema;
use crate::App;

/// The sources.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Sources {
    /// In the order they were first seen.
    #[schema(value_type = Vec<schema::Source>)]
    pub sources: Vec<SourceRow>,
}

/// Every source with its counts and its last run.
#[utoipa::path(
    get, path = "/api/v1/sources", tag = "history",
    responses(
        (status = 200, body = Sources),
        (status = 503, description = "The store cannot answer", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn sources(State(app): State<Arc<App>>) -> Result<Json<Sources>, Problem> {
    let sources = app.ask_store(store::Store::sources).await?;
    Ok(Json(Sources { sources }))
}
