//! `/api/v1/auth-attempts`: tries to come in. `/api/v1/auth-locks`: what keeps somebody out for a while.

use std::net::IpAddr;
use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use store::{AttemptQuery, AttemptRow, LockRow, Outcome};
use utoipa::{IntoParams, ToSchema};

use super::problem::Problem;
use super::query::{self, Query};
use super::schema;
use super::users::keys::Unlocked;
use crate::App;
use crate::auth::Identity;

/// Which tries.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct TryQuery {
    /// By this account, consumer or token.
    account: Option<String>,
    /// From this address.
    #[param(format = "ip")]
    address: Option<String>,
    /// That came to this: `ok`, `wrong`, `locked`, `disabled`, `expired`, `place` or `forbidden`.
    #[param(inline, value_type = Option<schema::TryResult>)]
    result: Option<String>,
    /// Before this number: what the `next` of another page said.
    after: Option<i64>,
    /// At most so many: 1 to 1000, 100 where nothing is said.
    #[param(minimum = 1, maximum = 1_000)]
    limit: Option<usize>,
}

/// A page of tries.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Attempts {
    /// Newest first.
    #[schema(value_type = Vec<schema::AttemptEntry>)]
    attempts: Vec<AttemptRow>,
    /// Where the next page goes on, for `after`; `null` on the last page.
    next: Option<i64>,
}

/// What keeps somebody out.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Locks {
    /// Those that close something first; at most 1,000.
    #[schema(value_type = Vec<schema::Lock>)]
    locks: Vec<LockRow>,
}

/// What is opened again.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct Place {
    /// An address, or a key of kind `address` as the list of locks shows it.
    #[param(format = "ip")]
    address: String,
}

/// Tries to come in, a page at a time: the same within a minute is one. Kept for 90 days, 200,000 at most.
#[utoipa::path(
    get, path = "/api/v1/auth-attempts", tag = "accounts", params(TryQuery),
    responses(
        (status = 200, body = Attempts),
        (status = 400, description = "The query is not understood", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "Not an admin", body = Problem, content_type = "application/problem+json"),
        (status = 503, description = "The store cannot answer", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn attempts(
    State(app): State<Arc<App>>,
    Query(asked): Query<TryQuery>,
) -> Result<Json<Attempts>, Problem> {
    let limit = query::limit(asked.limit)?;
    let address: Option<IpAddr> = query::value("address", asked.address.as_deref(), "an address")?;
    let results = Outcome::ALL.map(Outcome::as_str);
    if asked.result.as_deref().is_some_and(|result| !results.contains(&result)) {
        return Err(Problem::bad_request(format!("'result' is one of {}", results.join(", "))));
    }
    let which = AttemptQuery {
        account: asked.account,
        address: address.map(|address| address.to_canonical().to_string()),
        result: asked.result,
        before: asked.after,
        limit: limit + 1,
    };
    let mut attempts = app.ask_store(move |store| store.attempts(&which)).await?;
    let next = query::cut(&mut attempts, limit, |last| last.id);
    Ok(Json(Attempts { attempts, next }))
}

/// What keeps somebody out for a while, and what is on the way to it. POST /api/v1/users/{name}/unlock lets an account in again.
#[utoipa::path(
    get, path = "/api/v1/auth-locks", tag = "accounts",
    responses(
        (status = 200, body = Locks),
        (status = 403, description = "Not an admin", body = Problem, content_type = "application/problem+json"),
        (status = 503, description = "The store cannot answer", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn locks(State(app): State<Arc<App>>) -> Result<Json<Locks>, Problem> {
    app.ask_store(store::Store::locks).await.map(|locks| Json(Locks { locks }))
}

/// Forgets what failed from an address over all accounts; what failed at single accounts from there stays.
#[utoipa::path(
    delete, path = "/api/v1/auth-locks", tag = "accounts", params(Place),
    responses(
        (status = 200, body = Unlocked),
        (status = 400, description = "The query is not understood", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "Not an admin", body = Problem, content_type = "application/problem+json"),
        (status = 503, description = "The store cannot answer", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn unlock(
    State(app): State<Arc<App>>,
    identity: Identity,
    Query(place): Query<Place>,
) -> Result<Json<Unlocked>, Problem> {
    let who = identity.plain();
    let counters = app.ask_store(move |store| store.unlock_address(&place.address, &who.actor())).await?;
    Ok(Json(Unlocked { counters }))
}
