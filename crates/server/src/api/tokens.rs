//! `/api/v1/tokens`: what programs send in the place of a name and a password.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::http::header::CACHE_CONTROL;
use axum::response::{IntoResponse, Response};
use blocklist::Time;
use prefix::Prefix;
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use store::{NewToken, Role, TokenId, TokenRow, UserName};
use utoipa::{IntoParams, ToSchema};

use super::body::{self, Form};
use super::problem::Problem;
use super::query::{self, Query};
use super::reason::Reason;
use super::schema;
use crate::App;
use crate::auth::{self, Identity};

/// Which tokens.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct TokenQuery {
    /// Of this account alone.
    #[param(pattern = "^[a-z0-9][a-z0-9._-]{0,62}$")]
    user: Option<String>,
    /// Before this number: what the `next` of another page said.
    after: Option<i64>,
    /// At most so many: 1 to 1000, 100 where nothing is said.
    #[param(minimum = 1, maximum = 1_000)]
    limit: Option<usize>,
}

/// A page of tokens.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Tokens {
    /// Newest first, those that were taken back too.
    #[schema(value_type = Vec<schema::Token>)]
    tokens: Vec<TokenRow>,
    /// Where the next page goes on, for `after`; `null` on the last page.
    #[schema(value_type = Option<i64>)]
    next: Option<TokenId>,
}

/// A token to be made.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct TokenWanted {
    /// Its name: 1 to 63 characters, unlike those of other tokens that hold.
    #[schema(pattern = "^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$")]
    pub(crate) name: String,
    /// What it may do at most: `viewer`, `operator` or `admin`. It never may more than its owner.
    #[schema(value_type = schema::Role)]
    pub(crate) role: Role,
    /// Whose it is; whoever asks, where nothing is said.
    #[schema(pattern = "^[a-z0-9][a-z0-9._-]{0,62}$")]
    pub(crate) user: Option<String>,
    /// From where it is good: addresses and prefixes; from anywhere, where nothing is said.
    #[serde(default)]
    #[schema(value_type = Vec<schema::Address>)]
    pub(crate) sources: Vec<String>,
    /// The first moment at which it is no longer good; RFC 3339. Without it there is no end.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub(crate) until: Option<Time>,
}

impl Form for TokenWanted {
    const LOOKS: &'static str = r#"{"name":"..","role":"viewer|operator|admin","user":"..","sources":["10.1.0.0/16"],"until":"2026-12-31T15:00:00Z"}"#;
}

/// A token that was made.
#[derive(Serialize, ToSchema)]
#[allow(clippy::struct_field_names, reason = "the name in JSON")]
pub(crate) struct MadeToken {
    /// The token. It is not kept and cannot be shown again.
    token: String,
    /// What is shown of it from now on.
    #[schema(value_type = schema::Token)]
    row: TokenRow,
}

/// The tokens there are and were, a page at a time. None is shown itself.
#[utoipa::path(
    get, path = "/api/v1/tokens", tag = "accounts", params(TokenQuery),
    responses(
        (status = 200, body = Tokens),
        (status = 400, description = "The query is not understood", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "Not an admin", body = Problem, content_type = "application/problem+json"),
        (status = 503, description = "The store cannot answer", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn tokens(
    State(app): State<Arc<App>>,
    Query(asked): Query<TokenQuery>,
) -> Result<Json<Tokens>, Problem> {
    let limit = query::limit(asked.limit)?;
    let user: Option<UserName> = query::value("user", asked.user.as_deref(), "the name of an account")?;
    let mut tokens = app.ask_store(move |store| store.tokens(user.as_ref())).await?;
    tokens.retain(|token| asked.after.is_none_or(|after| token.id.0 < after));
    let next = query::cut(&mut tokens, limit, |last| last.id);
    Ok(Json(Tokens { tokens, next }))
}

/// Makes a token, and shows it this once.
///
/// A program sends it as `Authorization: Bearer` or `X-Api-Key`. It may do what its role may, and never more than its owner;
/// when the owner's account is closed, it is good no more.
#[utoipa::path(
    post, path = "/api/v1/tokens", tag = "accounts",
    request_body(content = TokenWanted, content_type = "application/json"),
    responses(
        (status = 201, body = MadeToken),
        (status = 400, description = "The body is not understood", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "Not an admin", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "No such account", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "One that holds has this name, or its owner may less", body = Problem, content_type = "application/problem+json"),
        (status = 503, description = "The store cannot answer", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn add(
    State(app): State<Arc<App>>,
    identity: Identity,
    body::Json(wanted): body::Json<TokenWanted>,
) -> Result<Response, Problem> {
    let (secret, row) = make(&app, &identity, wanted).await?;
    let made = MadeToken { token: secret.expose_secret().to_owned(), row };
    Ok((StatusCode::CREATED, [(CACHE_CONTROL, "no-store")], Json(made)).into_response())
}

/// Makes a token: itself, and what is shown of it from now on.
pub(crate) async fn make(
    app: &App,
    identity: &Identity,
    wanted: TokenWanted,
) -> Result<(SecretString, TokenRow), Problem> {
    let named: Option<UserName> = query::value("user", wanted.user.as_deref(), "the name of an account")?;
    let user = named.or_else(|| identity.user().cloned());
    let user = user.ok_or_else(|| Problem::bad_request("'user' has to say whose token it is"))?;
    let sources: Vec<Prefix> = wanted.sources.iter().map(|text| source(text)).collect::<Result<_, _>>()?;
    if wanted.until.is_some_and(|until| until <= app.now()) {
        return Err(Problem::bad_request("'until' has passed already").because(Reason::TokenEnd));
    }
    let (secret, hint) =
        auth::new_token(app.random()).map_err(|error| app.incident("no token can be made now", &error))?;
    let hash = auth::hash_secret(secret.expose_secret());
    let new =
        NewToken { name: wanted.name, hash, hint, role: wanted.role, user, sources, until: wanted.until };
    let who = identity.plain();
    let row = app.ask_store(move |store| store.add_token(&new, &who.actor())).await?;
    tracing::info!(token = row.name, user = %row.user, role = %row.role, "token made");
    Ok((secret, row))
}

fn source(text: &str) -> Result<Prefix, Problem> {
    let value = query::value("sources", Some(text), "a list of addresses and prefixes")?;
    value.ok_or_else(|| Problem::bad_request("'sources' is a list of addresses and prefixes"))
}

/// Takes a token back, at once and for good. Its name may be given again.
#[utoipa::path(
    delete, path = "/api/v1/tokens/{name}", tag = "accounts",
    params(("name" = String, Path, description = "Its name")),
    responses(
        (status = 204, description = "It is good no more"),
        (status = 403, description = "Not an admin", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "No such token, or it was taken back already", body = Problem, content_type = "application/problem+json"),
        (status = 503, description = "The store cannot answer", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn revoke(
    State(app): State<Arc<App>>,
    identity: Identity,
    Path(name): Path<String>,
) -> Result<StatusCode, Problem> {
    let (who, token) = (identity.plain(), name.clone());
    app.ask_store(move |store| store.revoke_token(&name, &who.actor())).await?;
    tracing::info!(token, "token taken back");
    Ok(StatusCode::NO_CONTENT)
}
