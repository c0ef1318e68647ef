//! `/api/v1/session/code`: the one-time code that a session waits for.

use std::sync::Arc;

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use utoipa::ToSchema;

use super::{Session, over, place, refused, with_cookie};
use crate::App;
use crate::api::body::{self, Form};
use crate::api::problem::Problem;
use crate::auth::{self, Identity};
use crate::client::Client;

/// A code.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Code {
    /// Six digits of the telephone, or a recovery code.
    #[schema(value_type = String)]
    pub(super) code: SecretString,
}

impl Form for Code {
    const LOOKS: &'static str = r#"{"code":".."}"#;
    const SECRET: bool = true;
}

/// Takes the one-time code that the session waits for, or a recovery code, which is used up by it.
///
/// The session goes on under another cookie, and with another `csrf_token`.
#[utoipa::path(
    post, path = "/api/v1/session/code", tag = "accounts",
    request_body(content = Code, content_type = "application/json"),
    responses(
        (status = 200, body = Session, headers(("Set-Cookie" = String, description = "The new cookie"))),
        (status = 400, description = "The body is not understood", body = Problem, content_type = "application/problem+json"),
        (status = 401, description = "The code is not right, or was used", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "The field X-CSRF-Token is missing or wrong", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "This session waits for no code", body = Problem, content_type = "application/problem+json"),
        (status = 429, description = "Too many tries failed; `Retry-After` says when the next one is heard", body = Problem, content_type = "application/problem+json"),
        (status = 503, description = "The store cannot answer", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn send(
    State(app): State<Arc<App>>,
    identity: Identity,
    client: Client,
    headers: HeaderMap,
    body::Json(typed): body::Json<Code>,
) -> Result<Response, Problem> {
    let sent = app.send_code(&identity, typed.code.expose_secret(), place(&client, &headers)).await;
    let secret = sent.map_err(|not| refused(&app, not, WRONG))?;
    let cookie = auth::set_cookie(&secret, client.secure);
    with_cookie(&app.by_session(secret, &client).await?.ok_or_else(over)?, &cookie)
}

/// Whatever was wrong with a code.
pub(super) const WRONG: &str =
    "the code is not right; one that was used is not good again, the next one comes in half a minute";
