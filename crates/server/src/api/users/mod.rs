//! `/api/v1/users`: the accounts of people.

pub(crate) mod change;
pub(crate) mod keys;

use std::sync::Arc;

use axum::Json;
use axum::extract::{FromRequestParts, Path, State};
use axum::http::request::Parts;
use serde::{Deserialize, Serialize};
use store::{UserName, UserRow};
use utoipa::{IntoParams, ToSchema};

use super::problem::Problem;
use super::query::{self, Query};
use super::reason::Reason;
use super::schema;
use crate::App;

/// Which accounts.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct UserQuery {
    /// After this name: what the `next` of another page said.
    #[param(pattern = "^[a-z0-9][a-z0-9._-]{0,62}$")]
    after: Option<String>,
    /// At most so many: 1 to 1000, 100 where nothing is said.
    #[param(minimum = 1, maximum = 1_000)]
    limit: Option<usize>,
}

/// A page of accounts.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Users {
    /// By name.
    #[schema(value_type = Vec<schema::User>)]
    users: Vec<UserRow>,
    /// Where the next page goes on, for `after`; `null` on the last page.
    #[schema(value_type = Option<String>)]
    next: Option<UserName>,
}

/// The account that a path names.
#[derive(Debug)]
pub(crate) struct Named(pub(crate) UserName);

impl<S: Send + Sync> FromRequestParts<S> for Named {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let name = Path::<String>::from_request_parts(parts, state).await.ok();
        let name = name.and_then(|Path(name)| name.parse().ok());
        // A name that no account can have is one that none has.
        name.map(Self).ok_or_else(|| Problem::not_found("there is no such account").because(Reason::NoUser))
    }
}

/// The accounts by name, a page at a time, without those that were removed.
#[utoipa::path(
    get, path = "/api/v1/users", tag = "accounts", params(UserQuery),
    responses(
        (status = 200, body = Users),
        (status = 400, description = "The query is not understood", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "Not an admin", body = Problem, content_type = "application/problem+json"),
        (status = 503, description = "The store cannot answer", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn users(
    State(app): State<Arc<App>>,
    Query(asked): Query<UserQuery>,
) -> Result<Json<Users>, Problem> {
    let limit = query::limit(asked.limit)?;
    let after: Option<UserName> = query::value("after", asked.after.as_deref(), "the name of an account")?;
    let mut users = app.ask_store(store::Store::users).await?;
    users.retain(|user| after.as_ref().is_none_or(|after| user.name > *after));
    let next = query::cut(&mut users, limit, |last| last.name.clone());
    Ok(Json(Users { users, next }))
}

/// One account.
#[utoipa::path(
    get, path = "/api/v1/users/{name}", tag = "accounts",
    params(("name" = String, Path, description = "Its name")),
    responses(
        (status = 200, body = schema::User),
        (status = 403, description = "Not an admin", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "No such account", body = Problem, content_type = "application/problem+json"),
        (status = 503, description = "The store cannot answer", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn user(State(app): State<Arc<App>>, Named(name): Named) -> Result<Json<UserRow>, Problem> {
    let found = app.ask_store(move |store| store.user(&name)?.ok_or(store::Error::NoUser(name)));
    found.await.map(Json)
}
