//! `/api/v1/publications`: the numbered block lists, newest first.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use blocklist::{Serial, Time};
use serde::{Deserialize, Serialize};
use store::{Pin, PublicationRow};
use utoipa::{IntoParams, ToSchema};

use super::problem::Problem;
use super::query::{self, Query};
use super::reason::Reason;
use super::schema;
use crate::App;

/// Which publications.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct PublicationsQuery {
    /// Before this serial: what the `next` of another page said.
    #[param(maximum = 9_223_372_036_854_775_807_i64)]
    after: Option<u64>,
    /// At most so many: 1 to 1000, 100 where nothing is said.
    #[param(minimum = 1, maximum = 1_000)]
    limit: Option<usize>,
    /// Only the one that was live at this time: RFC 3339, or `YYYY-MM-DD[ HH:MM[:SS]]` in Asia/Seoul.
    #[param(format = "moment")]
    at: Option<String>,
}

/// A page of publications.
#[expect(clippy::struct_field_names, reason = "the name of the member in the answer")]
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Publications {
    /// Newest first.
    #[schema(value_type = Vec<schema::Publication>)]
    pub publications: Vec<PublicationRow>,
    /// Where the next page goes on, for `after`; `null` on the last page.
    #[schema(value_type = Option<u64>)]
    pub next: Option<Serial>,
    /// The publication that a person brought back and that is held there; `null` when the list goes on.
    #[schema(value_type = Option<schema::Pin>)]
    pub pinned: Option<Pin>,
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
    if asked.after.is_some_and(|after| i64::try_from(after).is_err()) {
        return Err(Problem::bad_request("'after' is what the `next` of another page said"));
    }
    let before = asked.after.map(Serial);
    let at = asked.at.as_deref().map(moment).transpose()?;
    let found = app.ask_store(move |store| {
        let rows = match at {
            Some(at) => store.publication_at(at)?.into_iter().collect(),
            None => store.publications(before, limit + 1)?,
        };
        Ok((rows, store.pinned()?))
    });
    let (mut publications, pinned) = found.await?;
    let next = query::cut(&mut publications, limit, |last| last.serial);
    Ok(Json(Publications { publications, next, pinned }))
}

fn moment(text: &str) -> Result<Time, Problem> {
    let bad =
        || Problem::bad_request("'at' is a time as in 2026-03-01T00:30:00Z or 2026-03-01 09:30 (Asia/Seoul)");
    Time::from_person(text).ok_or_else(bad)
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
    let no_such = || Problem::not_found("no such publication").because(Reason::NoPublication);
    let serial = Serial(serial.parse().map_err(|_| no_such())?);
    app.ask_store(move |store| store.publication(serial)).await?.map(Json).ok_or_else(no_such)
}
