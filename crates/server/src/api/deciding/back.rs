//! Ways back: what differs between two publications, an old one brought back, and the list let go on.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use blocklist::Serial;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::change::{self, Change, Done};
use crate::App;
use crate::api::body::{self, Form};
use crate::api::problem::Problem;
use crate::api::query::Query;
use crate::api::reason::Reason;
use crate::auth::Identity;

/// How much of a difference.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct DiffQuery {
    /// At most so many prefixes of each side: 0 to 100,000, 1000 where nothing is said.
    #[param(maximum = 100_000)]
    limit: Option<usize>,
}

/// What differs from one publication to another.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Difference {
    /// From which.
    #[schema(value_type = u64)]
    pub from: Serial,
    /// To which.
    #[schema(value_type = u64)]
    pub to: Serial,
    /// Prefixes that came and went.
    #[serde(flatten)]
    pub change: Change,
}

/// A way back, or its end.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Back {
    /// Only say what would come of it; then nobody has to be named.
    #[serde(default)]
    dry_run: bool,
    /// Who does it.
    #[schema(min_length = 1, max_length = 100, format = "line")]
    by: Option<String>,
    /// Why; a rollback needs it.
    #[schema(min_length = 1, max_length = 1_000, format = "line")]
    note: Option<String>,
}

impl Form for Back {
    const LOOKS: &'static str = r#"{"dry_run":false,"by":"..","note":".."}"#;
}

/// What differs from one publication to another, in whichever order.
#[utoipa::path(
    get, path = "/api/v1/publications/{serial}/diff/{to}", tag = "history",
    params(
        ("serial" = u64, Path, description = "From which"), ("to" = u64, Path, description = "To which"), DiffQuery,
    ),
    responses(
        (status = 200, body = Difference),
        (status = 400, description = "The query is not understood", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "One of them is not kept", body = Problem, content_type = "application/problem+json"),
        (status = 503, description = "The store cannot answer", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn diff(
    State(app): State<Arc<App>>,
    Path((from, to)): Path<(String, String)>,
    Query(asked): Query<DiffQuery>,
) -> Result<Json<Difference>, Problem> {
    let (from, to, limit) = (number(&from)?, number(&to)?, change::limit(asked.limit)?);
    let found = app.ask_store(move |store| Ok(Change::of(&store.diff(from, to)?, limit)));
    Ok(Json(Difference { from, to, change: found.await? }))
}

/// Brings an old publication back, and holds the list there until it is released.
///
/// What has ended or is protected since is left out. Runs go on meanwhile, and what they bring waits.
#[utoipa::path(
    post, path = "/api/v1/publications/{serial}/rollback", tag = "decide",
    params(("serial" = u64, Path, description = "Which")),
    request_body(content = Back, content_type = "application/json"),
    responses(
        (status = 200, body = Done),
        (status = 400, description = "The body is not understood", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "Not from here", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "It is not kept", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "Nothing of it may be served today", body = Problem, content_type = "application/problem+json"),
        (status = 503, description = "The store cannot answer", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn rollback(
    State(app): State<Arc<App>>,
    identity: Identity,
    Path(serial): Path<String>,
    body::Json(asked): body::Json<Back>,
) -> Result<Json<Done>, Problem> {
    let serial = number(&serial)?;
    if asked.dry_run {
        return app.ask_store(move |store| store.preview_rollback(serial).map(Done::dry)).await.map(Json);
    }
    let who = identity.who(asked.by.as_deref(), asked.note.as_deref())?.named()?.with_note()?;
    app.ask_store(move |store| store.rollback(serial, &who.actor()).map(Done::of)).await.map(Json)
}

/// Lets the list go on from a rollback: what is kept now is judged and published.
#[utoipa::path(
    post, path = "/api/v1/publications/release", tag = "decide",
    request_body(content = Back, content_type = "application/json"),
    responses(
        (status = 200, body = Done),
        (status = 400, description = "The body is not understood", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "Not from here", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "No rollback is in force", body = Problem, content_type = "application/problem+json"),
        (status = 503, description = "The store cannot answer", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn release(
    State(app): State<Arc<App>>,
    identity: Identity,
    body::Json(asked): body::Json<Back>,
) -> Result<Json<Done>, Problem> {
    if asked.dry_run {
        return app.ask_store(|store| store.preview_release().map(Done::dry)).await.map(Json);
    }
    let who = identity.who(asked.by.as_deref(), asked.note.as_deref())?.named()?;
    app.ask_store(move |store| store.release(&who.actor()).map(Done::of)).await.map(Json)
}

fn number(text: &str) -> Result<Serial, Problem> {
    text.parse()
        .map(Serial)
        .map_err(|_| Problem::not_found("no such publication").because(Reason::NoPublication))
}
