//! What a person does at the account of a source: try the credential, type a one-time code, paste a session.
//!
//! Each sends at most one login, on the word of a person, and is seen through when that person has gone: a login whose
//! answer nobody read would have to be cleared up by hand.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use collect::Failure;
use collect::collector::{CollectError, Verified, Word};
use secrecy::SecretString;
use serde::Deserialize;
use store::Ordered;
use utoipa::ToSchema;

use crate::App;
use crate::api::body::{self, Form, Named};
use crate::api::problem::Problem;
use crate::api::schema;
use crate::auth::Identity;

/// Nothing is asked.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Nothing {}

impl Form for Nothing {
    const LOOKS: &'static str = "{}";
    const SECRET: bool = true;
}

/// A one-time code.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = PortalCode)]
#[serde(deny_unknown_fields)]
pub(crate) struct Code {
    /// The code; absent to have one sent.
    #[schema(value_type = Option<String>, write_only)]
    pub(crate) code: Option<SecretString>,
}

impl Form for Code {
    const LOOKS: &'static str = r#"{} to have a code sent, or {"code":"123456"}"#;
    const SECRET: bool = true;
}

/// The session of a browser.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = PortalSession)]
#[serde(deny_unknown_fields)]
pub(crate) struct Session {
    /// Its value.
    #[schema(value_type = String, write_only)]
    pub(crate) value: SecretString,
}

impl Form for Session {
    const LOOKS: &'static str = r#"{"value":".."}"#;
    const SECRET: bool = true;
}

type Tried = Result<Result<Verified, Failure>, CollectError>;

/// Tries the credential of a source: one real login, or one real read where there is no login.
#[utoipa::path(
    post, path = "/api/v1/credentials/{source}/verify", tag = "collect", params(("source" = String, Path, description = "Its source")),
    request_body(content = Nothing, content_type = "application/json"),
    responses(
        (status = 200, body = schema::Verified),
        (status = 400, description = "The body is not understood", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "Not from here", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "No such source", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "A run of it is under way, or nothing is fetched for it", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "The portal or server said no: `cause` says why", body = Problem, content_type = "application/problem+json"),
        (status = 503, description = "Nothing is collected, the key is missing, or the store cannot answer", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn verify(
    State(app): State<Arc<App>>,
    identity: Identity,
    Named(name): Named,
    body::Json(Nothing {}): body::Json<Nothing>,
) -> Result<Json<Verified>, Problem> {
    let collector = app.collector_or_503()?;
    app.ordered(&name, Ordered::Verify, &identity).await?;
    let tried = app.see_through(async move { collector.verify(&name, &|_| {}).await }).await?;
    told(&app, tried)
}

/// Has a one-time code sent, or logs in with one.
#[utoipa::path(
    post, path = "/api/v1/credentials/{source}/otp", tag = "collect", params(("source" = String, Path, description = "Its source")),
    request_body(content = Code, content_type = "application/json"),
    responses(
        (status = 200, body = schema::Verified),
        (status = 400, description = "The body is not understood", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "Not from here", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "No such source", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "A run of it is under way, or it is no portal", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "The portal said no: `cause` says why", body = Problem, content_type = "application/problem+json"),
        (status = 503, description = "Nothing is collected, the key is missing, or the store cannot answer", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn otp(
    State(app): State<Arc<App>>,
    identity: Identity,
    Named(name): Named,
    body::Json(Code { code }): body::Json<Code>,
) -> Result<Json<Verified>, Problem> {
    let collector = app.collector_or_503()?;
    app.ordered(&name, Ordered::Otp, &identity).await?;
    let tried = app.see_through(async move {
        let word = code.as_ref().map_or(Word::Send, Word::Code);
        collector.word(&name, word, &|_| {}).await
    });
    told(&app, tried.await?)
}

/// Takes the session of a browser in which somebody is logged in.
#[utoipa::path(
    post, path = "/api/v1/credentials/{source}/session", tag = "collect", params(("source" = String, Path, description = "Its source")),
    request_body(content = Session, content_type = "application/json"),
    responses(
        (status = 200, body = schema::Verified),
        (status = 400, description = "The body is not understood", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "Not from here", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "No such source", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "A run of it is under way, or it is no portal", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "The portal said no: `cause` says why", body = Problem, content_type = "application/problem+json"),
        (status = 503, description = "Nothing is collected, the key is missing, or the store cannot answer", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn session(
    State(app): State<Arc<App>>,
    identity: Identity,
    Named(name): Named,
    body::Json(Session { value }): body::Json<Session>,
) -> Result<Json<Verified>, Problem> {
    let collector = app.collector_or_503()?;
    app.ordered(&name, Ordered::Session, &identity).await?;
    let tried = app.see_through(async move { collector.word(&name, Word::Session(&value), &|_| {}).await });
    told(&app, tried.await?)
}

fn told(app: &App, tried: Tried) -> Result<Json<Verified>, Problem> {
    match tried.map_err(|error| app.not_tried(error))? {
        Ok(verified) => Ok(Json(verified)),
        Err(failure) => Err(app.failed(&failure)),
    }
}
