//! `/api/v1/feeds`: the named views of the block list.

use std::sync::Arc;

use axum::Json;
use axum::extract::{FromRequestParts, Path, State};
use axum::http::StatusCode;
use axum::http::header::LOCATION;
use axum::http::request::Parts;
use axum::response::{IntoResponse, Response};
use blocklist::{FeedName, FeedSettings};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use store::FeedRow;
use utoipa::ToSchema;

use super::body::{self, Form};
use super::problem::Problem;
use super::reason::Reason;
use super::{patch, schema};
use crate::App;
use crate::auth::Identity;

/// The feeds.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Feeds {
    /// The default one first, the rest by name.
    #[schema(value_type = Vec<schema::Feed>)]
    feeds: Vec<FeedRow>,
}

/// A feed to be added.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewFeed {
    /// Its name: `a-z`, `0-9`, `.`, `_`, `-`, at most 63.
    #[schema(value_type = String, pattern = "^[a-z0-9][a-z0-9._-]{0,62}$")]
    pub(crate) name: FeedName,
    /// What it shows; what is not named, or `null`, is at its default.
    #[serde(default, deserialize_with = "patch::named")]
    #[schema(value_type = schema::FeedMembers)]
    pub(crate) settings: FeedSettings,
}

impl Form for NewFeed {
    const LOOKS: &'static str =
        r#"{"name":"..","settings":{"sources":..,"filter":{..},"merge":false,"cap":null}}"#;
}

/// What is to be changed of a feed; what is not named stays, `null` goes back to the default.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct FeedChange {
    /// What it shows.
    #[schema(value_type = schema::FeedMembers)]
    pub(crate) settings: Value,
}

impl Form for FeedChange {
    const LOOKS: &'static str = r#"{"settings":{"sources":..,"filter":{..},"merge":false,"cap":null}}"#;
}

/// The feed that a path names.
#[derive(Debug)]
pub(crate) struct Named(pub(crate) FeedName);

impl<S: Send + Sync> FromRequestParts<S> for Named {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let name = Path::<String>::from_request_parts(parts, state).await.ok();
        let name = name.and_then(|Path(name)| name.parse().ok());
        // A name that no feed can have is one that none has.
        name.map(Self).ok_or_else(|| Problem::not_found("no such feed").because(Reason::NoFeed))
    }
}

/// Every feed.
#[utoipa::path(
    get, path = "/api/v1/feeds", tag = "feeds",
    responses(
        (status = 200, body = Feeds),
        (status = 503, description = "The store cannot answer", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn feeds(State(app): State<Arc<App>>) -> Result<Json<Feeds>, Problem> {
    let feeds = app.ask_store(store::Store::feeds).await?;
    Ok(Json(Feeds { feeds }))
}

/// One feed.
#[utoipa::path(
    get, path = "/api/v1/feeds/{name}", tag = "feeds", params(("name" = String, Path, description = "Its name")),
    responses(
        (status = 200, body = schema::Feed),
        (status = 404, description = "No such feed", body = Problem, content_type = "application/problem+json"),
        (status = 503, description = "The store cannot answer", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn feed(State(app): State<Arc<App>>, Named(name): Named) -> Result<Json<FeedRow>, Problem> {
    app.ask_store(move |store| store.feed(&name)).await.map(Json)
}

/// Adds a feed.
#[utoipa::path(
    post, path = "/api/v1/feeds", tag = "feeds",
    request_body(content = NewFeed, content_type = "application/json"),
    responses(
        (status = 201, body = schema::Feed),
        (status = 400, description = "The body is not understood, or a setting is refused", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "Not from here", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "There is one of that name", body = Problem, content_type = "application/problem+json"),
        (status = 503, description = "The store cannot answer", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn add(
    State(app): State<Arc<App>>,
    identity: Identity,
    body::Json(new): body::Json<NewFeed>,
) -> Result<Response, Problem> {
    let who = identity.plain();
    let location = format!("/api/v1/feeds/{}", new.name);
    let added = app.ask_store(move |store| {
        store.add_feed(&new.name, &new.settings, &who.actor())?;
        store.feed(&new.name)
    });
    let added = added.await?;
    app.refresh_access().await;
    Ok((StatusCode::CREATED, [(LOCATION, location)], Json(added)).into_response())
}

/// Changes what a feed shows.
#[utoipa::path(
    patch, path = "/api/v1/feeds/{name}", tag = "feeds", params(("name" = String, Path, description = "Its name")),
    request_body(content = FeedChange, content_type = "application/json"),
    responses(
        (status = 200, body = schema::Feed),
        (status = 400, description = "The body is not understood, or a setting is refused", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "Not from here", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "No such feed", body = Problem, content_type = "application/problem+json"),
        (status = 503, description = "The store cannot answer", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn change(
    State(app): State<Arc<App>>,
    identity: Identity,
    Named(name): Named,
    body::Json(wanted): body::Json<FeedChange>,
) -> Result<Json<FeedRow>, Problem> {
    let who = identity.plain();
    let feed = name.clone();
    let before = app.ask_store(move |store| store.feed(&feed)).await?;
    let settings: FeedSettings = patch::over(&before.settings, &wanted.settings, &["filter"])?;
    let changed = app.ask_store(move |store| {
        store.set_feed(&name, &settings, &who.actor())?;
        store.feed(&name)
    });
    let changed = changed.await?;
    app.refresh_access().await;
    Ok(Json(changed))
}

/// Removes a feed that no consumer is limited to. The default one is always there.
#[utoipa::path(
    delete, path = "/api/v1/feeds/{name}", tag = "feeds", params(("name" = String, Path, description = "Its name")),
    responses(
        (status = 204, description = "It is removed"),
        (status = 403, description = "Not from here", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "No such feed", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "It is the default one, or a consumer is limited to it", body = Problem, content_type = "application/problem+json"),
        (status = 503, description = "The store cannot answer", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn remove(
    State(app): State<Arc<App>>,
    identity: Identity,
    Named(name): Named,
) -> Result<StatusCode, Problem> {
    let who = identity.plain();
    app.ask_store(move |store| store.remove_feed(&name, &who.actor())).await?;
    app.refresh_access().await;
    Ok(StatusCode::NO_CONTENT)
}
