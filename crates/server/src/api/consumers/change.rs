//! Add, change, remove a consumer. What it reads from is never on the block list, so each of these may publish.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::LOCATION;
use axum::response::{IntoResponse, Response};
use blocklist::{ConsumerName, ConsumerSettings};
use serde::Deserialize;
use serde_json::Value;
use store::{ConsumerAddress, ConsumerChange, ConsumerRow};
use utoipa::ToSchema;

use super::Named;
use crate::App;
use crate::api::body::{self, Form};
use crate::api::problem::Problem;
use crate::api::{patch, schema};
use crate::auth::Identity;

/// A consumer to be added. It has no secret yet.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewConsumer {
    /// Its name: letters, digits, `.`, `_`, `-`, at most 63.
    #[schema(value_type = String, pattern = "^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$")]
    pub(crate) name: ConsumerName,
    /// How it is set up; what is not named, or `null`, is at its default.
    #[serde(default, deserialize_with = "patch::named")]
    #[schema(value_type = schema::ConsumerMembers)]
    pub(crate) settings: ConsumerSettings,
    /// Where it reads from.
    #[serde(default)]
    #[schema(value_type = Vec<schema::ConsumerAddress>)]
    pub(crate) addresses: Vec<ConsumerAddress>,
}

impl Form for NewConsumer {
    const LOOKS: &'static str =
        r#"{"name":"..","settings":{"feed":..,"vendor":..},"addresses":[{"prefix":"..","trusted":false}]}"#;
}

/// What is to be changed of a consumer; what is not named stays.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ChangedConsumer {
    /// How it is set up; what is not named stays, `null` goes back to the default.
    #[schema(value_type = Option<schema::ConsumerMembers>)]
    pub(crate) settings: Option<Value>,
    /// Where it reads from: all of it.
    #[schema(value_type = Option<Vec<schema::ConsumerAddress>>)]
    pub(crate) addresses: Option<Vec<ConsumerAddress>>,
    /// Whether it may read.
    pub(crate) enabled: Option<bool>,
}

impl Form for ChangedConsumer {
    const LOOKS: &'static str =
        r#"{"settings":{"cap":50000},"addresses":[{"prefix":"..","trusted":false}],"enabled":true}"#;
}

/// Adds a consumer.
#[utoipa::path(
    post, path = "/api/v1/consumers", tag = "feeds",
    request_body(content = NewConsumer, content_type = "application/json"),
    responses(
        (status = 201, body = schema::Consumer),
        (status = 400, description = "The body is not understood, or a setting is refused", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "Not from here", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "There is one of that name, or another is trusted by the address", body = Problem, content_type = "application/problem+json"),
        (status = 503, description = "The store cannot answer", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn add(
    State(app): State<Arc<App>>,
    identity: Identity,
    body::Json(new): body::Json<NewConsumer>,
) -> Result<Response, Problem> {
    let who = identity.plain();
    let location = format!("/api/v1/consumers/{}", new.name);
    let added = app.ask_store(move |store| {
        store.add_consumer(&new.name, &new.settings, &new.addresses, &who.actor())?;
        store.consumer(&new.name)
    });
    let added = added.await?;
    app.refresh_access().await;
    tracing::info!(consumer = %added.name, "consumer added");
    Ok((StatusCode::CREATED, [(LOCATION, location)], Json(added)).into_response())
}

/// Changes a consumer.
#[utoipa::path(
    patch, path = "/api/v1/consumers/{name}", tag = "feeds",
    params(("name" = String, Path, description = "Its name")),
    request_body(content = ChangedConsumer, content_type = "application/json"),
    responses(
        (status = 200, body = schema::Consumer),
        (status = 400, description = "The body is not understood, or a setting is refused", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "Not from here", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "No such consumer", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "Another is trusted by the address", body = Problem, content_type = "application/problem+json"),
        (status = 503, description = "The store cannot answer", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn change(
    State(app): State<Arc<App>>,
    identity: Identity,
    Named(name): Named,
    body::Json(wanted): body::Json<ChangedConsumer>,
) -> Result<Json<ConsumerRow>, Problem> {
    let who = identity.plain();
    let asked = name.clone();
    let before = app.ask_store(move |store| store.consumer(&asked)).await?;
    let settings = wanted.settings.map(|changes| patch::over(&before.settings, &changes, &[])).transpose()?;
    let change = ConsumerChange { settings, addresses: wanted.addresses, enabled: wanted.enabled };
    let changed = app.ask_store(move |store| {
        store.set_consumer(&name, &change, &who.actor())?;
        store.consumer(&name)
    });
    let changed = changed.await?;
    app.refresh_access().await;
    tracing::info!(consumer = %changed.name, "consumer changed");
    Ok(Json(changed))
}

/// Removes a consumer: it may read nothing from now on. Its pulls stay.
#[utoipa::path(
    delete, path = "/api/v1/consumers/{name}", tag = "feeds",
    params(("name" = String, Path, description = "Its name")),
    responses(
        (status = 204, description = "It is removed"),
        (status = 403, description = "Not from here", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "No such consumer", body = Problem, content_type = "application/problem+json"),
        (status = 503, description = "The store cannot answer", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn remove(
    State(app): State<Arc<App>>,
    identity: Identity,
    Named(name): Named,
) -> Result<StatusCode, Problem> {
    let who = identity.plain();
    let consumer = name.clone();
    app.ask_store(move |store| store.remove_consumer(&name, &who.actor())).await?;
    app.refresh_access().await;
    tracing::info!(%consumer, "consumer removed");
    Ok(StatusCode::NO_CONTENT)
}
