//! `/api/v1/held`: candidates that the gate held, and a person's word on them.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use blocklist::Hash;
use serde::{Deserialize, Serialize};
use store::{Approved, HeldId, HeldRow};
use utoipa::{IntoParams, ToSchema};

use super::by::Decision;
use super::change::{self, Change, Outcome, Why};
use crate::App;
use crate::api::body::{self, Form};
use crate::api::problem::Problem;
use crate::api::query::{self, Query};
use crate::api::reason::Reason;
use crate::api::schema;
use crate::auth::Identity;

/// Which held candidates.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct HeldQuery {
    /// Before this number: what the `next` of another page said.
    after: Option<i64>,
    /// At most so many: 1 to 1000, 100 where nothing is said.
    #[param(minimum = 1, maximum = 1_000)]
    limit: Option<usize>,
}

/// How much of a candidate.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct OneHeldQuery {
    /// At most so many prefixes of each side: 0 to 100,000, 1000 where nothing is said.
    #[param(maximum = 100_000)]
    limit: Option<usize>,
}

/// A page of held candidates.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct HeldPage {
    /// Newest first.
    #[schema(value_type = Vec<schema::Held>)]
    pub held: Vec<HeldRow>,
    /// Where the next page goes on, for `after`; `null` on the last page.
    #[schema(value_type = Option<i64>)]
    pub next: Option<HeldId>,
}

/// A held candidate with what it changes.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct OneHeld {
    /// The candidate.
    #[serde(flatten)]
    #[schema(value_type = schema::Held)]
    pub row: HeldRow,
    /// Its reasons in words.
    pub why: Vec<Why>,
    /// Prefixes that would come and go.
    pub change: Change,
    /// Whether two people have to approve.
    pub second_person: bool,
}

/// A yes to a candidate.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Approve {
    /// The hash of the candidate that was seen.
    #[schema(pattern = "^[0-9a-f]{64}$")]
    candidate: String,
    /// Who approves: one line of 1 to 100 characters. Only from a program on this machine: an account speaks for itself.
    #[schema(min_length = 1, max_length = 100, format = "line")]
    by: Option<String>,
    /// Why.
    #[schema(min_length = 1, max_length = 1_000, format = "line")]
    note: Option<String>,
}

impl Form for Approve {
    const LOOKS: &'static str = r#"{"candidate":"64 hex digits","by":"..","note":".." or null}"#;
}

/// What came of a yes.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Approval {
    /// Whether somebody else has to approve too; nothing is published before.
    pub needs_second: bool,
    /// What came of it; `null` while somebody else has to approve.
    pub outcome: Option<Outcome>,
}

/// Held candidates, newest first.
#[utoipa::path(
    get, path = "/api/v1/held", tag = "decide", params(HeldQuery),
    responses(
        (status = 200, body = HeldPage),
        (status = 400, description = "The query is not understood", body = Problem, content_type = "application/problem+json"),
        (status = 503, description = "The store cannot answer", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn list(
    State(app): State<Arc<App>>,
    Query(asked): Query<HeldQuery>,
) -> Result<Json<HeldPage>, Problem> {
    let limit = query::limit(asked.limit)?;
    let before = asked.after.map(HeldId);
    let mut held = app.ask_store(move |store| store.held(before, limit + 1)).await?;
    let next = query::cut(&mut held, limit, |last| last.id);
    Ok(Json(HeldPage { held, next }))
}

/// One held candidate, with every reason and what it would change.
#[utoipa::path(
    get, path = "/api/v1/held/{id}", tag = "decide",
    params(("id" = i64, Path, description = "Its number"), OneHeldQuery),
    responses(
        (status = 200, body = OneHeld),
        (status = 400, description = "The query is not understood", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "No such candidate", body = Problem, content_type = "application/problem+json"),
        (status = 503, description = "The store cannot answer", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn one(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
    Query(asked): Query<OneHeldQuery>,
) -> Result<Json<OneHeld>, Problem> {
    let (id, limit) = (number(&id)?, change::limit(asked.limit)?);
    app.one_held(id, limit).await.map(Json)
}

/// Approves the open candidate as it was seen.
///
/// `candidate` is the hash of what was seen; a candidate that has changed since is refused with 409.
#[utoipa::path(
    post, path = "/api/v1/held/{id}/approve", tag = "decide", params(("id" = i64, Path, description = "Its number")),
    request_body(content = Approve, content_type = "application/json"),
    responses(
        (status = 200, body = Approval),
        (status = 400, description = "The body is not understood", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "Not from here", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "No such candidate", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "It has changed, or was decided on", body = Problem, content_type = "application/problem+json"),
        (status = 503, description = "The store cannot answer", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn approve(
    State(app): State<Arc<App>>,
    identity: Identity,
    Path(id): Path<String>,
    body::Json(asked): body::Json<Approve>,
) -> Result<Json<Approval>, Problem> {
    let id = number(&id)?;
    let candidate = Hash::from_hex(&asked.candidate).ok_or_else(|| {
        Problem::bad_request("'candidate' is the 64 hex digits of the candidate that was seen")
    })?;
    let who = identity.person(asked.by.as_deref(), asked.note.as_deref())?;
    let approved = app.ask_store(move |store| store.approve(id, candidate, &who.actor())).await?;
    Ok(Json(match approved {
        Approved::Published(published) => Approval { needs_second: false, outcome: Some(published.into()) },
        Approved::NeedsSecond => Approval { needs_second: true, outcome: None },
    }))
}

/// Rejects the open candidate: the last publication goes on, and the same candidate is not asked about again.
#[utoipa::path(
    post, path = "/api/v1/held/{id}/reject", tag = "decide", params(("id" = i64, Path, description = "Its number")),
    request_body(content = Decision, content_type = "application/json"),
    responses(
        (status = 200, body = OneHeld),
        (status = 400, description = "The body is not understood", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "Not from here", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "No such candidate", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "It was decided on already", body = Problem, content_type = "application/problem+json"),
        (status = 503, description = "The store cannot answer", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn reject(
    State(app): State<Arc<App>>,
    identity: Identity,
    Path(id): Path<String>,
    body::Json(decision): body::Json<Decision>,
) -> Result<Json<OneHeld>, Problem> {
    let (id, who) = (number(&id)?, identity.who(decision.by.as_deref(), decision.note.as_deref())?.named()?);
    app.ask_store(move |store| store.reject(id, &who.actor())).await?;
    app.one_held(id, change::DEFAULT_PREFIXES).await.map(Json)
}

impl App {
    async fn one_held(&self, id: HeldId, limit: usize) -> Result<OneHeld, Problem> {
        let found = self.ask_store(move |store| {
            let (row, delta) = store.held_candidate(Some(id))?.ok_or(store::Error::NoHeld(id))?;
            let second_person = store.gate()?.second_person;
            Ok(OneHeld { why: Why::of(&row.reasons), change: Change::of(&delta, limit), row, second_person })
        });
        found.await
    }
}

fn number(text: &str) -> Result<HeldId, Problem> {
    text.parse().map(HeldId).map_err(|_| Problem::not_found("no such held candidate").because(Reason::NoHeld))
}
