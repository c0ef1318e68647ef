//! `/api/v1/sessions`: who is signed in.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use store::{SessionId, SessionRow, UserName};
use utoipa::{IntoParams, ToSchema};

use super::problem::Problem;
use super::query::{self, Query};
use super::reason::Reason;
use super::schema;
use crate::App;
use crate::auth::Identity;

/// Which sessions.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct SessionQuery {
    /// Of this account alone.
    #[param(pattern = "^[a-z0-9][a-z0-9._-]{0,62}$")]
    user: Option<String>,
    /// Before this number: what the `next` of another page said.
    after: Option<i64>,
    /// At most so many: 1 to 1000, 100 where nothing is said.
    #[param(minimum = 1, maximum = 1_000)]
    limit: Option<usize>,
}

/// A session.
#[derive(Debug, Serialize)]
pub(crate) struct Shown {
    #[serde(flatten)]
    session: SessionRow,
    own: bool,
}

/// A page of sessions.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Sessions {
    /// Newest first.
    #[schema(value_type = Vec<schema::SessionEntry>)]
    sessions: Vec<Shown>,
    /// Where the next page goes on, for `after`; `null` on the last page.
    #[schema(value_type = Option<i64>)]
    next: Option<SessionId>,
}

/// Who is signed in now, a page at a time.
#[utoipa::path(
    get, path = "/api/v1/sessions", tag = "accounts", params(SessionQuery),
    responses(
        (status = 200, body = Sessions),
        (status = 400, description = "The query is not understood", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "Not an admin", body = Problem, content_type = "application/problem+json"),
        (status = 503, description = "The store cannot answer", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn sessions(
    State(app): State<Arc<App>>,
    identity: Identity,
    Query(asked): Query<SessionQuery>,
) -> Result<Json<Sessions>, Problem> {
    let limit = query::limit(asked.limit)?;
    let user: Option<UserName> = query::value("user", asked.user.as_deref(), "the name of an account")?;
    let idle = app.accounts().idle;
    let mut sessions = app.ask_store(move |store| store.sessions(user.as_ref(), idle)).await?;
    sessions.retain(|session| asked.after.is_none_or(|after| session.id.0 < after));
    let next = query::cut(&mut sessions, limit, |last| last.id);
    let own = identity.session().map(|session| session.id);
    let shown = |session: SessionRow| Shown { own: Some(session.id) == own, session };
    Ok(Json(Sessions { sessions: sessions.into_iter().map(shown).collect(), next }))
}

/// Ends a session: its cookie opens nothing any more.
#[utoipa::path(
    delete, path = "/api/v1/sessions/{id}", tag = "accounts",
    params(("id" = i64, Path, description = "Its number")),
    responses(
        (status = 204, description = "It has ended"),
        (status = 403, description = "Not an admin", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "No such session, or it has ended already", body = Problem, content_type = "application/problem+json"),
        (status = 503, description = "The store cannot answer", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn end(
    State(app): State<Arc<App>>,
    identity: Identity,
    Path(id): Path<String>,
) -> Result<StatusCode, Problem> {
    let none =
        || Problem::not_found("there is no such session, or it has ended already").because(Reason::NoSession);
    let id = id.parse().map(SessionId).map_err(|_| none())?;
    let who = identity.plain();
    let ended = app.ask_store(move |store| store.end_session(id, &who.actor())).await?;
    if ended { Ok(StatusCode::NO_CONTENT) } else { Err(none()) }
}
