//! `/api/v1/pulls`: who read which feed, from where, and what was answered.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use store::{PullQuery, PullRow};
use utoipa::{IntoParams, ToSchema};

use super::problem::Problem;
use super::query::{self, Query};
use super::schema;
use crate::App;

/// Which reads.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct PullsQuery {
    /// By this consumer.
    #[param(pattern = "^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$")]
    consumer: Option<String>,
    /// With this HTTP status.
    #[param(maximum = 65_535)]
    status: Option<u16>,
    /// At this time or after: RFC 3339.
    #[param(format = DateTime)]
    since: Option<String>,
    /// Before this time: RFC 3339.
    #[param(format = DateTime)]
    until: Option<String>,
    /// After the end of another page: what its `next` said.
    after: Option<i64>,
    /// At most so many: 1 to 1000, 100 where nothing is said.
    #[param(minimum = 1, maximum = 1_000)]
    limit: Option<usize>,
}

/// A page of reads.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Pulls {
    /// Newest first.
    #[schema(value_type = Vec<schema::Pull>)]
    pulls: Vec<PullRow>,
    /// Where the next page goes on, for `after`; `null` on the last page.
    next: Option<i64>,
}

/// Reads of feeds, newest first. They are written down about a second after they were answered.
#[utoipa::path(
    get, path = "/api/v1/pulls", tag = "feeds", params(PullsQuery),
    responses(
        (status = 200, body = Pulls),
        (status = 400, description = "The query is not understood", body = Problem, content_type = "application/problem+json"),
        (status = 503, description = "The store cannot answer", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn pulls(
    State(app): State<Arc<App>>,
    Query(asked): Query<PullsQuery>,
) -> Result<Json<Pulls>, Problem> {
    let limit = query::limit(asked.limit)?;
    let time = "a time as in 2026-01-31T09:00:00Z";
    let wanted = PullQuery {
        consumer: query::value("consumer", asked.consumer.as_deref(), "the name of a consumer")?,
        status: asked.status,
        since: query::value("since", asked.since.as_deref(), time)?,
        until: query::value("until", asked.until.as_deref(), time)?,
        before: asked.after,
    };
    let mut pulls = app.ask_store(move |store| store.pulls(&wanted, limit + 1)).await?;
    let next = query::cut(&mut pulls, limit, |last| last.id);
    Ok(Json(Pulls { pulls, next }))
}
