//! `/api/v1/publish`: make a publication of what is kept now.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use serde::Deserialize;
use utoipa::ToSchema;

use super::change::Done;
use crate::App;
use crate::api::body::{self, Form};
use crate::api::problem::Problem;
use crate::auth::Identity;

/// How to publish.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Publish {
    /// Over the gate's objections; asks for `by` and `note`.
    #[serde(default)]
    force: bool,
    /// Only say what would come of it.
    #[serde(default)]
    dry_run: bool,
    /// Who does it.
    #[schema(min_length = 1, max_length = 100, format = "line")]
    by: Option<String>,
    /// Why.
    #[schema(min_length = 1, max_length = 1_000, format = "line")]
    note: Option<String>,
}

impl Form for Publish {
    const LOOKS: &'static str = r#"{"force":false,"dry_run":false,"by":"..","note":".."}"#;
}

/// Publishes what is kept now, if it differs from the last publication.
///
/// `force` publishes over the gate's objections. It is refused while a candidate is held, which is to be approved or
/// rejected, while a rollback is in force, and where two people have to agree.
#[utoipa::path(
    post, path = "/api/v1/publish", tag = "decide",
    request_body(content = Publish, content_type = "application/json"),
    responses(
        (status = 200, body = Done),
        (status = 400, description = "The body is not understood", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "Not from here", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "It cannot be forced now", body = Problem, content_type = "application/problem+json"),
        (status = 503, description = "The store cannot answer", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn publish(
    State(app): State<Arc<App>>,
    identity: Identity,
    body::Json(wanted): body::Json<Publish>,
) -> Result<Json<Done>, Problem> {
    if wanted.dry_run {
        return app.ask_store(|store| store.preview_publication().map(Done::dry)).await.map(Json);
    }
    if !wanted.force {
        return app.ask_store(|store| store.publish().map(Done::of)).await.map(Json);
    }
    let who = identity.who(wanted.by.as_deref(), wanted.note.as_deref())?.named()?.with_note()?;
    let forced = app.ask_store(move |store| {
        store.check_force()?;
        store.publish_forced(&who.actor()).map(Done::of)
    });
    forced.await.map(Json)
}
