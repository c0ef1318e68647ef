//! `/api/v1/publications`: the numbered block lists, newest first.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use blocklist::Serial;
use serde::{Deserialize, Serialize};
use store::PublicationRow;
use utoipa::{IntoParams, ToSchema};

use super::problem::Problem;
use super::query::{self, Query};
use super::schema;
use crate::App;

/// Which publications.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct PublicationsQuery {
    /// Before this serial: what the `next` of another page said.
    after: Option<u64>,
    /// At most so many: 1 to 1000, 100 where nothing is said.
    limit: Option<usize>,
}

/// A page of publications.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Publications {
    /// Newest first.
    #[schema(value_type = Vec<schema::Publication>)]
    pub publications: Vec<PublicationRow>,
    /// Where the next page goes on, for `after`; `null` on the last page.
    #[schema(value_type = Option<u64>)]
    pub next: Option<Serial>,
}

/// Publications, newest first.
#[utoipa::path(
    get, path = "/api/v1/publications", tag = "history", params(PublicationsQuery),
    responses(
        (status = 200, body = Publications),
        (status = 400, description = "The query is not understood", body = Problem, content_type = "application/problem+json"),
        (status = 503, description = "The store cannot answer", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn publications(
    State(app): State<Arc<App>>,
    Query(asked): Query<PublicationsQuery>,
) -> Result<Json<Publications>, Problem> {
    let limit = query::limit(asked.limit)?;
    let before = asked.after.map(Serial);
    let mut publications = app.ask_store(move |store| store.publications(before, limit + 1)).await?;
    let next = query::cut(&mut publications, limit, |last| last.serial);
    Ok(Json(Publications { publications, next }))
}

/// One publication.
#[utoipa::path(
    get, path = "/api/v1/publications/{serial}", tag = "history",
    params(("serial" = u64, Path, description = "Its number")),
    responses(
        (status = 200, body = schema::Publication),
        (status = 404, description = "No such publication", body = Problem, content_type = "application/problem+json"),
        (status = 503, description = "The store cannot answer", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn publication(
    State(app): State<Arc<App>>,
    Path(serial): Path<String>,
) -> Result<Json<PublicationRow>, Problem> {
    let no_such = || Problem::not_found("no such publication");
    let serial = Serial(serial.parse().map_err(|_| no_such())?);
    app.ask_store(move |store| store.publication(serial)).await?.map(Json).ok_or_else(no_such)
}
