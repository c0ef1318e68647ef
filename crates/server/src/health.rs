//! `/healthz`: the program answers. `/readyz`: it has something to serve.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use blocklist::Serial;
use serde::Serialize;
use utoipa::ToSchema;

use crate::App;
use crate::api::problem::Problem;

/// That the program answers.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct Health {
    /// `ok`.
    pub status: &'static str,
    /// The program's version.
    pub version: &'static str,
}

/// What is served.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct Readiness {
    /// `ok`.
    pub status: &'static str,
    /// The live publication.
    #[schema(value_type = u64)]
    pub serial: Serial,
}

/// Whether the program answers.
#[utoipa::path(get, path = "/healthz", tag = "health", responses((status = 200, body = Health)))]
pub(crate) async fn healthz(State(app): State<Arc<App>>) -> Json<Health> {
    Json(Health { status: "ok", version: app.version })
}

/// Whether there is a publication to serve.
#[utoipa::path(
    get, path = "/readyz", tag = "health",
    responses(
        (status = 200, body = Readiness),
        (status = 503, description = "No publication to serve", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn readyz(State(app): State<Arc<App>>) -> Result<Json<Readiness>, Problem> {
    let serial = app.served_or_503()?.head().serial;
    Ok(Json(Readiness { status: "ok", serial }))
}
