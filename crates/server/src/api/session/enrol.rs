//! `/api/v1/session/code/..`: one-time codes of whoever is signed in, set up and taken away.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::header::CACHE_CONTROL;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use secrecy::zeroize::Zeroizing;
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::code::{Code, WRONG};
use super::{place, refused};
use crate::App;
use crate::api::body::{self, Form};
use crate::api::problem::Problem;
use crate::auth::Identity;
use crate::client::Client;

/// Whatever was wrong with a password that is typed again.
const WRONG_PASSWORD: &str = "the password is not right";

/// The password, where it was not typed a little while ago.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct CodeSetup {
    /// The password; it may be left out within a quarter of an hour after it was typed.
    #[schema(value_type = Option<String>)]
    password: Option<SecretString>,
}

impl Form for CodeSetup {
    const LOOKS: &'static str = r#"{"password":".."}"#;
    const SECRET: bool = true;
}

/// The password again.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Again {
    /// The password.
    #[schema(value_type = String)]
    password: SecretString,
}

impl Form for Again {
    const LOOKS: &'static str = r#"{"password":".."}"#;
    const SECRET: bool = true;
}

/// A secret of one-time codes, shown this once.
#[derive(Serialize, ToSchema)]
pub(crate) struct CodeSecretShown {
    /// What is typed into a telephone, in groups of four.
    secret: String,
    /// What its camera reads: an SVG picture.
    picture: String,
}

/// Recovery codes, shown this once. Each is good once, in the place of a one-time code.
#[derive(Serialize, ToSchema)]
pub(crate) struct RecoveryCodes {
    /// The codes.
    recovery_codes: Vec<String>,
}

/// Draws a secret for one-time codes, and shows it this once. It is not asked for before a code of it was confirmed.
#[utoipa::path(
    post, path = "/api/v1/session/code/setup", tag = "accounts",
    request_body(content = CodeSetup, content_type = "application/json"),
    responses(
        (status = 200, body = CodeSecretShown),
        (status = 400, description = "The body is not understood", body = Problem, content_type = "application/problem+json"),
        (status = 401, description = "The password is not right", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "Not by a session, one that waits for a code, or the password has to be typed again", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "One-time codes are set up already", body = Problem, content_type = "application/problem+json"),
        (status = 429, description = "Too many tries failed; `Retry-After` says when the next one is heard", body = Problem, content_type = "application/problem+json"),
        (status = 503, description = "The store cannot answer, or there is no key to seal the secret with", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn setup(
    State(app): State<Arc<App>>,
    identity: Identity,
    client: Client,
    headers: HeaderMap,
    body::Json(typed): body::Json<CodeSetup>,
) -> Result<Response, Problem> {
    let drawn = app.draw_codes(&identity, typed.password, place(&client, &headers)).await;
    let drawn = drawn.map_err(|not| refused(&app, not, WRONG_PASSWORD))?;
    let shown = CodeSecretShown { secret: drawn.text.to_string(), picture: drawn.picture.to_string() };
    Ok(([(CACHE_CONTROL, "no-store")], Json(shown)).into_response())
}

/// Takes the first code of the secret that was drawn: from now on codes are asked for. Answers the recovery codes.
#[utoipa::path(
    post, path = "/api/v1/session/code/confirm", tag = "accounts",
    request_body(content = Code, content_type = "application/json"),
    responses(
        (status = 200, body = RecoveryCodes),
        (status = 400, description = "The body is not understood", body = Problem, content_type = "application/problem+json"),
        (status = 401, description = "The code is not right", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "Not by a session, or one that waits for a code", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "No secret was drawn", body = Problem, content_type = "application/problem+json"),
        (status = 503, description = "The store cannot answer", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn confirm(
    State(app): State<Arc<App>>,
    identity: Identity,
    body::Json(typed): body::Json<Code>,
) -> Result<Response, Problem> {
    let codes = app.confirm_codes(&identity, typed.code.expose_secret()).await;
    Ok(shown(&codes.map_err(|not| refused(&app, not, WRONG))?))
}

/// Makes new recovery codes in the place of all those before, and shows them this once.
#[utoipa::path(
    post, path = "/api/v1/session/code/recovery", tag = "accounts",
    request_body(content = Again, content_type = "application/json"),
    responses(
        (status = 200, body = RecoveryCodes),
        (status = 400, description = "The body is not understood", body = Problem, content_type = "application/problem+json"),
        (status = 401, description = "The password is not right", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "Not by a session, or one that waits for a code", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "One-time codes are not set up", body = Problem, content_type = "application/problem+json"),
        (status = 429, description = "Too many tries failed; `Retry-After` says when the next one is heard", body = Problem, content_type = "application/problem+json"),
        (status = 503, description = "The store cannot answer", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn recovery(
    State(app): State<Arc<App>>,
    identity: Identity,
    client: Client,
    headers: HeaderMap,
    body::Json(typed): body::Json<Again>,
) -> Result<Response, Problem> {
    let codes = app.renew_recovery(&identity, typed.password, place(&client, &headers)).await;
    Ok(shown(&codes.map_err(|not| refused(&app, not, WRONG_PASSWORD))?))
}

/// Takes one-time codes and recovery codes away: the password alone opens the account.
#[utoipa::path(
    post, path = "/api/v1/session/code/remove", tag = "accounts",
    request_body(content = Again, content_type = "application/json"),
    responses(
        (status = 204, description = "No codes are asked for any more"),
        (status = 400, description = "The body is not understood", body = Problem, content_type = "application/problem+json"),
        (status = 401, description = "The password is not right", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "Not by a session, or one that waits for a code", body = Problem, content_type = "application/problem+json"),
        (status = 429, description = "Too many tries failed; `Retry-After` says when the next one is heard", body = Problem, content_type = "application/problem+json"),
        (status = 503, description = "The store cannot answer", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn remove(
    State(app): State<Arc<App>>,
    identity: Identity,
    client: Client,
    headers: HeaderMap,
    body::Json(typed): body::Json<Again>,
) -> Result<StatusCode, Problem> {
    let removed = app.remove_codes(&identity, typed.password, place(&client, &headers)).await;
    removed.map_err(|not| refused(&app, not, WRONG_PASSWORD))?;
    Ok(StatusCode::NO_CONTENT)
}

fn shown(codes: &[Zeroizing<String>]) -> Response {
    let recovery_codes = codes.iter().map(|code| code.to_string()).collect();
    ([(CACHE_CONTROL, "no-store")], Json(RecoveryCodes { recovery_codes })).into_response()
}
