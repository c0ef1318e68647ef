//! `/api/v1/consumers`: the devices and scripts that read feeds, and what each of them holds.

pub(crate) mod change;
pub(crate) mod secret;

use std::sync::Arc;

use axum::Json;
use axum::extract::{FromRequestParts, Path, State};
use axum::http::request::Parts;
use blocklist::ConsumerName;
use serde::Serialize;
use store::ConsumerRow;
use utoipa::ToSchema;

use super::problem::Problem;
use super::reason::Reason;
use super::schema;
use crate::App;

/// The consumers.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Consumers {
    /// By name.
    #[schema(value_type = Vec<schema::Consumer>)]
    consumers: Vec<ConsumerRow>,
}

/// The consumer that a path names.
#[derive(Debug)]
pub(crate) struct Named(pub(crate) ConsumerName);

impl<S: Send + Sync> FromRequestParts<S> for Named {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let name = Path::<String>::from_request_parts(parts, state).await.ok();
        let name = name.and_then(|Path(name)| name.parse().ok());
        // A name that no consumer can have is one that none has.
        name.map(Self).ok_or_else(|| Problem::not_found("no such consumer").because(Reason::NoConsumer))
    }
}

/// Every consumer.
#[utoipa::path(
    get, path = "/api/v1/consumers", tag = "feeds",
    responses(
        (status = 200, body = Consumers),
        (status = 503, description = "The store cannot answer", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn consumers(State(app): State<Arc<App>>) -> Result<Json<Consumers>, Problem> {
    let consumers = app.ask_store(store::Store::consumers).await?;
    Ok(Json(Consumers { consumers }))
}

/// One consumer.
#[utoipa::path(
    get, path = "/api/v1/consumers/{name}", tag = "feeds",
    params(("name" = String, Path, description = "Its name")),
    responses(
        (status = 200, body = schema::Consumer),
        (status = 404, description = "No such consumer", body = Problem, content_type = "application/problem+json"),
        (status = 503, description = "The store cannot answer", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn consumer(
    State(app): State<Arc<App>>,
    Named(name): Named,
) -> Result<Json<ConsumerRow>, Problem> {
    app.ask_store(move |store| store.consumer(&name)).await.map(Json)
}
