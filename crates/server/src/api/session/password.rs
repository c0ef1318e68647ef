//! `/api/v1/session/password`: another password for whoever is signed in.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::HeaderMap;
use secrecy::SecretString;
use serde::Deserialize;
use utoipa::ToSchema;

use super::{Session, over, place, refused};
use crate::App;
use crate::api::body::{self, Form};
use crate::api::problem::Problem;
use crate::auth::Identity;
use crate::client::Client;

/// The present password and the next.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PasswordChange {
    /// The password of now.
    #[schema(value_type = String)]
    current: SecretString,
    /// The one that takes its place.
    #[schema(value_type = String)]
    new: SecretString,
}

impl Form for PasswordChange {
    const LOOKS: &'static str = r#"{"current":"..","new":".."}"#;
    const SECRET: bool = true;
}

/// Sets another password for whoever is signed in. All other sessions of the account end.
#[utoipa::path(
    post, path = "/api/v1/session/password", tag = "accounts",
    request_body(content = PasswordChange, content_type = "application/json"),
    responses(
        (status = 200, body = Session),
        (status = 400, description = "The body is not understood, or the new password is too easy", body = Problem, content_type = "application/problem+json"),
        (status = 401, description = "The present password is not right", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "Not by a session, one that waits for a code, or X-CSRF-Token is missing or wrong", body = Problem, content_type = "application/problem+json"),
        (status = 429, description = "Too many tries failed; `Retry-After` says when the next one is heard", body = Problem, content_type = "application/problem+json"),
        (status = 503, description = "The store cannot answer", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn change(
    State(app): State<Arc<App>>,
    identity: Identity,
    client: Client,
    headers: HeaderMap,
    body::Json(typed): body::Json<PasswordChange>,
) -> Result<Json<Session>, Problem> {
    let place = place(&client, &headers);
    let changed = app.change_password(&identity, typed.current, typed.new, place).await;
    changed.map_err(|not| refused(&app, not, "the present password is not right"))?;
    // What had to be done first may be done now.
    let identity = app.identify(&client, &headers).await?.ok_or_else(over)?;
    Ok(Json(Session::of(&identity)))
}
