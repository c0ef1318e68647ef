//! What opens somebody's account, mended by an admin: another password, no codes, no lock.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::CACHE_CONTROL;
use axum::response::{IntoResponse, Response};
use blocklist::Time;
use serde::Serialize;
use utoipa::ToSchema;

use super::Named;
use super::change::shown;
use crate::App;
use crate::api::problem::Problem;
use crate::api::session::refused;
use crate::auth::Identity;

/// A password that was drawn.
#[derive(Serialize, ToSchema)]
pub(crate) struct OneTimePassword {
    /// The password. It is not kept and cannot be shown again.
    one_time_password: String,
    /// The first moment at which it is no longer good; RFC 3339.
    #[schema(value_type = String)]
    until: Time,
}

/// How many counters of failures were forgotten.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Unlocked {
    /// So many.
    pub(crate) counters: usize,
}

/// Gives somebody another password, and shows it this once.
///
/// It is good for 72 hours and opens nothing but the way to another one. All sessions of the account end.
#[utoipa::path(
    post, path = "/api/v1/users/{name}/password", tag = "accounts",
    params(("name" = String, Path, description = "The account's name")),
    responses(
        (status = 200, body = OneTimePassword),
        (status = 403, description = "Not an admin", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "No such account", body = Problem, content_type = "application/problem+json"),
        (status = 503, description = "The store cannot answer", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn password(
    State(app): State<Arc<App>>,
    identity: Identity,
    Named(name): Named,
) -> Result<Response, Problem> {
    let user = name.clone();
    let given = app.give_password(name, &identity).await.map_err(|not| refused(&app, not, ""))?;
    tracing::info!(%user, "account has a password that is good once");
    let (one_time_password, until) = shown(&given);
    Ok(([(CACHE_CONTROL, "no-store")], Json(OneTimePassword { one_time_password, until })).into_response())
}

/// Takes somebody's one-time codes and recovery codes away, for somebody who lost the telephone.
#[utoipa::path(
    delete, path = "/api/v1/users/{name}/code", tag = "accounts",
    params(("name" = String, Path, description = "The account's name")),
    responses(
        (status = 204, description = "No codes are asked for any more"),
        (status = 403, description = "Not an admin", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "No such account", body = Problem, content_type = "application/problem+json"),
        (status = 503, description = "The store cannot answer", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn no_code(
    State(app): State<Arc<App>>,
    identity: Identity,
    Named(name): Named,
) -> Result<StatusCode, Problem> {
    let who = identity.plain();
    app.ask_store(move |store| store.remove_totp(&name, &who.actor())).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Forgets what failed at an account, from everywhere: the next try is heard at once.
#[utoipa::path(
    post, path = "/api/v1/users/{name}/unlock", tag = "accounts",
    params(("name" = String, Path, description = "The account's name")),
    responses(
        (status = 200, body = Unlocked),
        (status = 403, description = "Not an admin", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "No such account", body = Problem, content_type = "application/problem+json"),
        (status = 503, description = "The store cannot answer", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn unlock(
    State(app): State<Arc<App>>,
    identity: Identity,
    Named(name): Named,
) -> Result<Json<Unlocked>, Problem> {
    let who = identity.plain();
    let counters = app.ask_store(move |store| store.unlock(&name, &who.actor())).await?;
    Ok(Json(Unlocked { counters }))
}
