//! `/api/v1/listings`: what each source lists, in every state, as the store keeps it.

pub(crate) mod change;
mod shapes;

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use blocklist::State as ListingState;
use serde::{Deserialize, Serialize};
use store::{ListingCursor, ListingQuery, ListingRow};
use utoipa::{IntoParams, ToSchema};

use crate::App;
use crate::api::problem::Problem;
use crate::api::query::{self, Query};
use crate::api::schema;

/// Which listings.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct ListingsQuery {
    /// Of this source.
    source: Option<String>,
    /// That lie inside this address or prefix, itself included.
    inside: Option<String>,
    /// `active`, `expired`, `withdrawn` or `removed`.
    state: Option<String>,
    /// After the end of another page: what its `next` said.
    after: Option<String>,
    /// At most so many: 1 to 1000, 100 where nothing is said.
    limit: Option<usize>,
}

/// A page of listings.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Listings {
    /// By source, then by prefix.
    #[schema(value_type = Vec<schema::Listing>)]
    pub listings: Vec<ListingRow>,
    /// Where the next page goes on, for `after`; `null` on the last page. Opaque.
    pub next: Option<String>,
}

/// Listings of every source, a page at a time.
#[utoipa::path(
    get, path = "/api/v1/listings", tag = "history", params(ListingsQuery),
    responses(
        (status = 200, body = Listings),
        (status = 400, description = "The query is not understood", body = Problem, content_type = "application/problem+json"),
        (status = 503, description = "The store cannot answer", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn listings(
    State(app): State<Arc<App>>,
    Query(asked): Query<ListingsQuery>,
) -> Result<Json<Listings>, Problem> {
    let limit = query::limit(asked.limit)?;
    let wanted = ListingQuery {
        source: query::value("source", asked.source.as_deref(), "the name of a source")?,
        inside: query::value("inside", asked.inside.as_deref(), "an address or prefix")?,
        state: asked.state.as_deref().map(state).transpose()?,
        after: query::value("after", asked.after.as_deref(), "the 'next' of another page")?,
        limit: limit + 1,
    };
    let mut listings = app.ask_store(move |store| store.listings(&wanted)).await?;
    let next = query::cut(&mut listings, limit, |last| {
        ListingCursor { source: last.source.clone(), prefix: last.prefix }.to_string()
    });
    Ok(Json(Listings { listings, next }))
}

fn state(text: &str) -> Result<ListingState, Problem> {
    let found = ListingState::ALL.into_iter().find(|state| state.as_str() == text);
    found.ok_or_else(|| {
        let names = ListingState::ALL.map(ListingState::as_str).join(", ");
        Problem::bad_request(format!("'state' is one of {names}"))
    })
}
