//! `/api/v1/credentials`: what sources log in with. Secrets go in and never come out.
//!
//! A secret is a [`SecretString`] from the moment its body is read; what is wrong with such a body is told by its place
//! alone.

pub(crate) mod account;

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use collect::collector::{CredentialView, KeyError, view};
use collect::vault::Credential;
use jiff::civil::Date;
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::body::{self, Form, Named};
use super::problem::Problem;
use super::reason::Reason;
use super::schema;
use crate::App;
use crate::auth::Identity;

/// The credentials.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Credentials {
    /// In the order the sources were first seen.
    #[schema(value_type = Vec<schema::Credential>)]
    pub credentials: Vec<CredentialView>,
}

/// A credential to be kept.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewCredential {
    /// The user name; absent for a token.
    #[schema(value_type = Option<String>, write_only, format = "line", min_length = 1)]
    pub(crate) username: Option<SecretString>,
    /// The password or the token.
    #[schema(value_type = String, write_only, format = Password, min_length = 1)]
    pub(crate) secret: SecretString,
    /// The last day it is good, `YYYY-MM-DD`.
    #[schema(value_type = Option<String>, format = Date)]
    pub(crate) expires_on: Option<Date>,
    /// So many days before that it counts as ending soon.
    #[schema(maximum = 3_650)]
    pub(crate) remind_days: Option<u32>,
}

impl Form for NewCredential {
    const LOOKS: &'static str = r#"{"username":"..","secret":"..","expires_on":"YYYY-MM-DD","remind_days":14}, all but the secret optional"#;
    const SECRET: bool = true;
}

/// Every credential, without what is secret in it.
#[utoipa::path(
    get, path = "/api/v1/credentials", tag = "collect",
    responses(
        (status = 200, body = Credentials),
        (status = 503, description = "The store cannot answer", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn credentials(State(app): State<Arc<App>>) -> Result<Json<Credentials>, Problem> {
    let now = app.now();
    let credentials = app.ask_store(move |store| view::credentials(store, now)).await?;
    Ok(Json(Credentials { credentials }))
}

/// Keeps the credential of a source, sealed, in the place of the one before. What stood against that one stands no longer.
#[utoipa::path(
    put, path = "/api/v1/credentials/{source}", tag = "collect", params(("source" = String, Path, description = "Its source")),
    request_body(content = NewCredential, content_type = "application/json"),
    responses(
        (status = 200, body = schema::Credential),
        (status = 400, description = "The body is not understood, or no credential", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "Not from here", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "No such source", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "The source takes none or another, or a run of it is under way", body = Problem, content_type = "application/problem+json"),
        (status = 503, description = "Nothing is collected, the key is missing, or the store cannot answer", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn put(
    State(app): State<Arc<App>>,
    identity: Identity,
    Named(name): Named,
    body::Json(new): body::Json<NewCredential>,
) -> Result<Json<CredentialView>, Problem> {
    let collector = app.collector_or_503()?;
    let (now, who) = (app.now(), identity.plain());
    let NewCredential { username, secret, expires_on, remind_days } = new;
    let work = move || {
        let credential = match &username {
            Some(username) => Credential::login(username.expose_secret(), secret),
            None => Credential::token(secret),
        };
        collector.set_credential(&name, &credential?, expires_on, remind_days, &who.actor())?;
        let all = view::credentials(collector.store(), now)?;
        let kept = all.into_iter().find(|credential| credential.source == name);
        // Another request may have removed it again.
        Ok::<_, KeyError>(kept.ok_or(store::Error::NoSource(name))?)
    };
    let kept = app.see_through(async { tokio::task::spawn_blocking(work).await }).await?;
    let kept = kept.map_err(|error| app.incident("the credential could not be kept", &error))?;
    kept.map(Json).map_err(|error| app.not_kept(error))
}

/// Forgets the credential of a source, and ends its session at the portal.
#[utoipa::path(
    delete, path = "/api/v1/credentials/{source}", tag = "collect", params(("source" = String, Path, description = "Its source")),
    responses(
        (status = 204, description = "It is forgotten"),
        (status = 403, description = "Not from here", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "No such source, or it has none", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "A run of it is under way", body = Problem, content_type = "application/problem+json"),
        (status = 503, description = "Nothing is collected, or the store cannot answer", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn remove(
    State(app): State<Arc<App>>,
    identity: Identity,
    Named(name): Named,
) -> Result<StatusCode, Problem> {
    let collector = app.collector_or_503()?;
    let (source, who) = (name.clone(), identity.plain());
    let removed =
        app.see_through(async move { collector.remove_credential(&source, &who.actor(), &|_| {}).await });
    if removed.await?.map_err(|error| app.not_tried(error))? {
        Ok(StatusCode::NO_CONTENT)
    } else {
        let detail = format!("there is no credential for '{name}'");
        Err(Problem::not_found(detail).because(Reason::NoCredential))
    }
}
