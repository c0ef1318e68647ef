//! `/api/v1/runs`: the attempts to read a source, and what each refused.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use serde::{Deserialize, Serialize};
use store::{RejectedRow, Run, RunId, RunQuery, RunState};
use utoipa::{IntoParams, ToSchema};

use super::problem::Problem;
use super::query::{self, Query};
use super::reason::Reason;
use super::schema;
use crate::App;

/// The most refused rows that one answer shows; the run counts all.
const SHOWN_ROWS: usize = 1_000;

/// Which runs.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct RunsQuery {
    /// Of this source.
    #[param(pattern = "^[a-z0-9][a-z0-9._-]{0,62}$")]
    source: Option<String>,
    /// `done`, `refused` or `failed`.
    #[param(inline, value_type = Option<schema::RunState>)]
    state: Option<String>,
    /// Before this run: what the `next` of another page said.
    after: Option<i64>,
    /// At most so many: 1 to 1000, 100 where nothing is said.
    #[param(minimum = 1, maximum = 1_000)]
    limit: Option<usize>,
}

/// A page of runs.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Runs {
    /// Newest first.
    #[schema(value_type = Vec<schema::Run>)]
    pub runs: Vec<Run>,
    /// Where the next page goes on, for `after`; `null` on the last page.
    #[schema(value_type = Option<i64>)]
    pub next: Option<RunId>,
}

/// A run with the rows it refused.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct RunWithRows {
    /// The run.
    #[serde(flatten)]
    #[schema(value_type = schema::Run)]
    pub run: Run,
    /// The first refused rows in the order they were read, with the start of their text.
    #[schema(value_type = Vec<schema::RefusedRow>)]
    pub refused_rows: Vec<RejectedRow>,
}

/// Runs, newest first.
#[utoipa::path(
    get, path = "/api/v1/runs", tag = "history", params(RunsQuery),
    responses(
        (status = 200, body = Runs),
        (status = 400, description = "The query is not understood", body = Problem, content_type = "application/problem+json"),
        (status = 503, description = "The store cannot answer", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn runs(
    State(app): State<Arc<App>>,
    Query(asked): Query<RunsQuery>,
) -> Result<Json<Runs>, Problem> {
    let limit = query::limit(asked.limit)?;
    let wanted = RunQuery {
        source: query::value("source", asked.source.as_deref(), "the name of a source")?,
        state: asked.state.as_deref().map(state).transpose()?,
        before: asked.after.map(RunId),
        limit: limit + 1,
    };
    let mut runs = app.ask_store(move |store| store.runs(&wanted)).await?;
    let next = query::cut(&mut runs, limit, |last| last.run);
    Ok(Json(Runs { runs, next }))
}

/// One run with the rows it refused.
#[utoipa::path(
    get, path = "/api/v1/runs/{run}", tag = "history", params(("run" = i64, Path, description = "Its number")),
    responses(
        (status = 200, body = RunWithRows),
        (status = 404, description = "No such run", body = Problem, content_type = "application/problem+json"),
        (status = 503, description = "The store cannot answer", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn run(
    State(app): State<Arc<App>>,
    Path(run): Path<String>,
) -> Result<Json<RunWithRows>, Problem> {
    let no_such = || Problem::not_found("no such run").because(Reason::NoRun);
    let id = RunId(run.parse().map_err(|_| no_such())?);
    let found = app.ask_store(move |store| {
        let Some(run) = store.run(id)? else { return Ok(None) };
        // A run whose input was the same as an earlier one's keeps no rows of its own.
        let refused_rows = store.rejected_rows(run.same_as.unwrap_or(id), SHOWN_ROWS)?;
        Ok(Some(RunWithRows { run, refused_rows }))
    });
    found.await?.map(Json).ok_or_else(no_such)
}

fn state(text: &str) -> Result<RunState, Problem> {
    const STATES: [RunState; 3] = [RunState::Done, RunState::Refused, RunState::Failed];
    let found = STATES.into_iter().find(|state| state.as_str() == text);
    found.ok_or_else(|| {
        Problem::bad_request(format!("'state' is one of {}", STATES.map(RunState::as_str).join(", ")))
    })
}
