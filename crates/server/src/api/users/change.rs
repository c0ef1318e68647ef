//! Make, change, remove an account.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::{CACHE_CONTROL, LOCATION};
use axum::response::{IntoResponse, Response};
use blocklist::Time;
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use store::{Role, UserChange, UserName, UserRow};
use utoipa::ToSchema;

use super::Named;
use crate::App;
use crate::api::body::{self, Form};
use crate::api::problem::Problem;
use crate::api::reason::Reason;
use crate::api::schema;
use crate::api::session::refused;
use crate::auth::{Given, Identity};

/// An account to be made.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewUser {
    /// What is typed to sign in: 1 to 63 of `a-z 0-9 . _ -`, a letter or digit first.
    #[schema(pattern = "^[a-z0-9][a-z0-9._-]{0,62}$")]
    name: String,
    /// What it may do: `viewer`, `operator` or `admin`.
    #[schema(value_type = schema::Role)]
    role: Role,
    /// The password. Without it one is drawn that is good once.
    #[schema(value_type = Option<String>, format = Password)]
    password: Option<SecretString>,
}

impl Form for NewUser {
    const LOOKS: &'static str = r#"{"name":"..","role":"viewer|operator|admin","password":".."}"#;
    const SECRET: bool = true;
}

/// What is to be changed of an account; what is not named stays.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ChangedUser {
    /// What it may do: `viewer`, `operator` or `admin`. With less than before its sessions end.
    #[schema(value_type = Option<schema::Role>)]
    pub(crate) role: Option<Role>,
    /// Whether it is closed. Closing ends its sessions and takes its tokens back.
    pub(crate) disabled: Option<bool>,
}

impl Form for ChangedUser {
    const LOOKS: &'static str = r#"{"role":"viewer|operator|admin","disabled":false}"#;
}

/// An account that was made.
#[derive(Serialize, ToSchema)]
pub(crate) struct MadeUser {
    /// The account.
    #[schema(value_type = schema::User)]
    user: UserRow,
    /// The password that was drawn; `null` when one was given. It is not kept and cannot be shown again.
    one_time_password: Option<String>,
    /// The first moment at which it is no longer good.
    #[schema(value_type = Option<String>)]
    until: Option<Time>,
}

/// Makes an account.
///
/// Without a password one is drawn: it is shown this once, is good for 72 hours, and opens nothing but the way to another one.
#[utoipa::path(
    post, path = "/api/v1/users", tag = "accounts",
    request_body(content = NewUser, content_type = "application/json"),
    responses(
        (status = 201, body = MadeUser),
        (status = 400, description = "The body is not understood, or the password is too easy", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "Not an admin", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "There is, or was, one of that name", body = Problem, content_type = "application/problem+json"),
        (status = 503, description = "The store cannot answer", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn add(
    State(app): State<Arc<App>>,
    identity: Identity,
    body::Json(new): body::Json<NewUser>,
) -> Result<Response, Problem> {
    let name: UserName = new
        .name
        .parse()
        .map_err(|bad: store::BadUserName| Problem::bad_request(bad.to_string()).because(Reason::UserName))?;
    let added = app.add_user(name, new.role, new.password, &identity).await;
    let (user, given) = added.map_err(|not| refused(&app, not, ""))?;
    tracing::info!(user = %user.name, role = %user.role, "account made");
    let location = format!("/api/v1/users/{}", user.name);
    let (one_time_password, until) = given.as_ref().map(shown).unzip();
    let made = MadeUser { user, one_time_password, until };
    let headers = [(LOCATION, location), (CACHE_CONTROL, "no-store".to_owned())];
    Ok((StatusCode::CREATED, headers, Json(made)).into_response())
}

pub(super) fn shown(given: &Given) -> (String, Time) {
    (given.password.expose_secret().to_owned(), given.until)
}

/// Changes what an account may do, closes or opens it.
#[utoipa::path(
    patch, path = "/api/v1/users/{name}", tag = "accounts",
    params(("name" = String, Path, description = "Its name")),
    request_body(content = ChangedUser, content_type = "application/json"),
    responses(
        (status = 200, body = schema::User),
        (status = 400, description = "The body is not understood", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "Not an admin", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "No such account", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "It is the last open admin", body = Problem, content_type = "application/problem+json"),
        (status = 503, description = "The store cannot answer", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn change(
    State(app): State<Arc<App>>,
    identity: Identity,
    Named(name): Named,
    body::Json(wanted): body::Json<ChangedUser>,
) -> Result<Json<UserRow>, Problem> {
    let change = UserChange { role: wanted.role, disabled: wanted.disabled };
    if change == UserChange::default() {
        return Err(Problem::bad_request("nothing is named that should change"));
    }
    let who = identity.plain();
    let user = app.ask_store(move |store| store.set_user(&name, &change, &who.actor())).await?;
    tracing::info!(user = %user.name, "account changed");
    Ok(Json(user))
}

/// Removes an account for good: its sessions and tokens end, and its name is never given again.
#[utoipa::path(
    delete, path = "/api/v1/users/{name}", tag = "accounts",
    params(("name" = String, Path, description = "Its name")),
    responses(
        (status = 204, description = "It is removed"),
        (status = 403, description = "Not an admin", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "No such account", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "It is the last open admin", body = Problem, content_type = "application/problem+json"),
        (status = 503, description = "The store cannot answer", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn remove(
    State(app): State<Arc<App>>,
    identity: Identity,
    Named(name): Named,
) -> Result<StatusCode, Problem> {
    let (who, user) = (identity.plain(), name.clone());
    app.ask_store(move |store| store.remove_user(&name, &who.actor())).await?;
    tracing::info!(%user, "account removed");
    Ok(StatusCode::NO_CONTENT)
}
