//! End the run of a source that is under way.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::LOCATION;
use axum::response::{IntoResponse, Response};
use collect::collector::NotCancelled;
use store::Ordered;

use super::run::Started;
use crate::App;
use crate::api::body::Named;
use crate::api::problem::Problem;
use crate::api::reason::Reason;
use crate::auth::Identity;

/// Ends the run of a source that is under way in this process, and does not wait for its end. Nothing that it fetched is kept:
/// listings and feeds are as before it. The run is `failed`, cause `cancelled`; it counts as no failure, and the timetable goes
/// on at its next time.
#[utoipa::path(
    post, path = "/api/v1/sources/{name}/cancel", tag = "collect", params(("name" = String, Path, description = "Its name")),
    responses(
        (status = 202, body = Started),
        (status = 403, description = "Not from here", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "No such source", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "No run is under way, or it is being kept: `cause` says which", body = Problem, content_type = "application/problem+json"),
        (status = 503, description = "Nothing is collected, or the store cannot answer", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn cancel(
    State(app): State<Arc<App>>,
    identity: Identity,
    Named(name): Named,
) -> Result<Response, Problem> {
    let collector = app.collector_or_503()?;
    // What there is not is no order to be written down.
    if !collector.alive().running.contains_key(&name) {
        app.one_source(name.clone()).await?;
        return Err(refused(&NotCancelled::NothingRuns(name)));
    }
    app.ordered(&name, Ordered::Cancel, &identity).await?;
    collector.cancel(&name).map_err(|not| refused(&not))?;
    let (look, told) = Started::of(name);
    Ok((StatusCode::ACCEPTED, [(LOCATION, look)], Json(told)).into_response())
}

fn refused(not: &NotCancelled) -> Problem {
    Problem::conflict(not.to_string()).because(Reason::of_cancel(not))
}
