//! `/api/v1/listings`: what each source lists, in every state, as the store keeps it.

pub(crate) mod change;
mod shapes;

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use blocklist::search::{Filter, MAX_WORDS};
use blocklist::{Country, State as ListingState, Time, when};
use serde::{Deserialize, Serialize};
use store::ListingRow;
use utoipa::{IntoParams, ToSchema};

use crate::App;
use crate::api::problem::Problem;
use crate::api::query::{self, Query};
use crate::api::schema;
use crate::search::kept;

/// Which listings.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct ListingsQuery {
    /// Of this source.
    #[param(pattern = "^[a-z0-9][a-z0-9._-]{0,62}$")]
    source: Option<String>,
    /// That lie inside this address or prefix, itself included.
    #[param(format = "prefix")]
    inside: Option<String>,
    /// `active`, `expired`, `withdrawn` or `removed`.
    #[param(inline, value_type = Option<schema::ListingState>)]
    state: Option<String>,
    /// Said to be in this country: a code of two letters.
    #[param(pattern = "^[A-Za-z]{2}$")]
    country: Option<String>,
    /// With this category, whatever its case.
    category: Option<String>,
    /// With each of these words in reason, category, severity or the name of the source, whatever their case.
    words: Option<String>,
    /// Detected then or later: RFC 3339, or a day of Asia/Seoul.
    #[param(format = "moment")]
    detected_since: Option<String>,
    /// That end before then: RFC 3339, or a day of Asia/Seoul.
    #[param(format = "moment")]
    ends_before: Option<String>,
    /// After the end of another page: what its `next` said.
    #[param(min_length = 1)]
    after: Option<String>,
    /// At most so many: 1 to 1000, 100 where nothing is said.
    #[param(minimum = 1, maximum = 1_000)]
    limit: Option<usize>,
}

/// A page of listings.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Listings {
    /// By source, then by prefix; with `state=expired` and no `inside`, the latest end first.
    #[schema(value_type = Vec<schema::Listing>)]
    pub listings: Vec<ListingRow>,
    /// Where the next page goes on, for `after`; `null` on the last page. Opaque. A request looks at 5000 listings at most:
    /// its page can have fewer rows than asked for, or none, and still have a next.
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
    let time = "a time as 2026-11-23T05:30:00Z, or a day";
    let country = asked.country.as_deref().map(|text| Country::new(text).ok_or_else(|| no_country(text)));
    let filter = Filter {
        places: query::value("inside", asked.inside.as_deref(), "an address or prefix")?
            .into_iter()
            .collect(),
        source: query::value("source", asked.source.as_deref(), "the name of a source")?,
        country: country.transpose()?,
        category: asked.category,
        words: asked.words.iter().flat_map(|words| words.split_whitespace()).map(str::to_owned).collect(),
        family: None,
        detected_since: moment("detected_since", asked.detected_since.as_deref(), time)?,
        ends_before: moment("ends_before", asked.ends_before.as_deref(), time)?,
    };
    if filter.words.len() > MAX_WORDS {
        return Err(Problem::bad_request(format!("'words' are at most {MAX_WORDS}")));
    }
    let state = asked.state.as_deref().map(state).transpose()?;
    let after = query::value("after", asked.after.as_deref(), "the 'next' of another page")?;
    let kept = app.ask_store(move |store| kept::search(store, &filter, state, after, limit)).await?;
    let (listings, next) = (kept.rows, kept.next.map(|next| next.to_string()));
    Ok(Json(Listings { listings, next }))
}

fn no_country(text: &str) -> Problem {
    let shown: String = text.chars().take(80).collect();
    Problem::bad_request(format!("'country' is a code of two letters, not '{shown}'"))
}

fn moment(key: &str, text: Option<&str>, what: &str) -> Result<Option<Time>, Problem> {
    let read =
        |text: &str| when::moment(text).map_err(|_| Problem::bad_request(format!("'{key}' is {what}")));
    text.map(read).transpose()
}

fn state(text: &str) -> Result<ListingState, Problem> {
    let found = ListingState::ALL.into_iter().find(|state| state.as_str() == text);
    found.ok_or_else(|| {
        let names = ListingState::ALL.map(ListingState::as_str).join(", ");
        Problem::bad_request(format!("'state' is one of {names}"))
    })
}
