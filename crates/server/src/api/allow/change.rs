//! Add, change, remove an allow entry. Each can be tried first.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use blocklist::Time;
use serde::{Deserialize, Serialize};
use store::{AllowChange, AllowRow, NewAllow};
use utoipa::ToSchema;

use super::number;
use crate::App;
use crate::api::body::{self, Form};
use crate::api::changed::{Effect, Trying, TryingBy, nullable, prefixes};
use crate::api::problem::Problem;
use crate::api::query::Query;
use crate::api::schema;
use crate::auth::Identity;

/// An allow entry to be added.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewAllowEntry {
    /// What must never be served: an address, a prefix, or a range, which makes an entry for each of its prefixes.
    #[schema(format = "prefix")]
    prefix: String,
    /// Why: 1 to 500 characters.
    #[schema(min_length = 1, max_length = 500, format = "line")]
    reason: String,
    /// Who answers for it.
    #[schema(max_length = 200, format = "line")]
    owner: Option<String>,
    /// The ticket that asked for it.
    #[schema(max_length = 200, format = "line")]
    ticket: Option<String>,
    /// The first moment at which it no longer holds; RFC 3339. Without it there is no end.
    #[schema(value_type = Option<String>, format = DateTime)]
    until: Option<Time>,
    /// How many days before its end a person is told.
    #[schema(maximum = 3_650)]
    remind_days: Option<u32>,
    /// A prefix shorter than /8, or for IPv6 /19, is meant.
    #[serde(default)]
    wide: bool,
    /// Who does this; `api` where nothing is said.
    #[schema(min_length = 1, max_length = 100, format = "line")]
    by: Option<String>,
    /// Why, for the record.
    #[schema(min_length = 1, max_length = 1_000, format = "line")]
    note: Option<String>,
}

impl Form for NewAllowEntry {
    const LOOKS: &'static str = r#"{"prefix":"..","reason":"..","owner":"..","ticket":"..","until":"2026-12-31T15:00:00Z","remind_days":14,"wide":false,"by":"..","note":".."}"#;
}

/// What is to be changed of an entry; what is not named stays, `null` takes it out.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[expect(clippy::option_option, reason = "left out, null, or a value")]
pub(crate) struct AllowEntryChange {
    /// Why.
    #[schema(min_length = 1, max_length = 500, format = "line")]
    reason: Option<String>,
    /// Who answers for it.
    #[serde(default, deserialize_with = "nullable")]
    #[schema(value_type = Option<String>, max_length = 200, format = "line")]
    owner: Option<Option<String>>,
    /// The ticket that asked for it.
    #[serde(default, deserialize_with = "nullable")]
    #[schema(value_type = Option<String>, max_length = 200, format = "line")]
    ticket: Option<Option<String>>,
    /// The first moment at which it no longer holds; RFC 3339.
    #[serde(default, deserialize_with = "nullable")]
    #[schema(value_type = Option<String>, format = DateTime)]
    until: Option<Option<Time>>,
    /// How many days before its end a person is told.
    #[serde(default, deserialize_with = "nullable")]
    #[schema(value_type = Option<u32>, maximum = 3_650)]
    remind_days: Option<Option<u32>>,
    /// Who does this; `api` where nothing is said.
    #[schema(min_length = 1, max_length = 100, format = "line")]
    by: Option<String>,
    /// Why, for the record.
    #[schema(min_length = 1, max_length = 1_000, format = "line")]
    note: Option<String>,
}

impl Form for AllowEntryChange {
    const LOOKS: &'static str = r#"{"reason":"..","owner":".." or null,"ticket":".." or null,"until":"2026-12-31T15:00:00Z" or null,"remind_days":14 or null,"by":"..","note":".."}"#;
}

/// What came of a change of entries.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AllowChanged {
    /// The entries as they are now, or would be.
    #[schema(value_type = Vec<schema::AllowEntry>)]
    entries: Vec<AllowRow>,
    /// Host bits were cleared.
    host_bits: bool,
    /// What it did to the list.
    effect: Effect,
}

/// Adds an allow entry: at once, what it names is not served any more.
#[utoipa::path(
    post, path = "/api/v1/allow", tag = "safety", params(Trying),
    request_body(content = NewAllowEntry, content_type = "application/json"),
    responses(
        (status = 200, description = "It was only tried", body = AllowChanged),
        (status = 201, body = AllowChanged),
        (status = 400, description = "The body is not understood, or the entry is refused", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "Not from here", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "One that holds names the same prefix", body = Problem, content_type = "application/problem+json"),
        (status = 503, description = "The store cannot answer", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn add(
    State(app): State<Arc<App>>,
    identity: Identity,
    Query(trying): Query<Trying>,
    body::Json(new): body::Json<NewAllowEntry>,
) -> Result<(StatusCode, Json<AllowChanged>), Problem> {
    let (prefixes, host_bits) = prefixes(&new.prefix)?;
    let who = identity.who(new.by.as_deref(), new.note.as_deref())?;
    let one = |prefix| NewAllow {
        prefix,
        reason: new.reason.clone(),
        owner: new.owner.clone(),
        ticket: new.ticket.clone(),
        until: new.until,
        remind_days: new.remind_days,
        wide: new.wide,
    };
    let new: Vec<NewAllow> = prefixes.into_iter().map(one).collect();
    let changed = app.ask_store(move |store| {
        if trying.dry_run {
            let (entries, preview) = store.preview_add_allow(&new)?;
            return Ok(AllowChanged { entries, host_bits, effect: Effect::tried(preview) });
        }
        let (entries, published) = store.add_allow(&new, &who.actor())?;
        Ok(AllowChanged { entries, host_bits, effect: Effect::done(&published) })
    });
    let changed = changed.await?;
    let status = if trying.dry_run { StatusCode::OK } else { StatusCode::CREATED };
    Ok((status, Json(changed)))
}

/// Changes an allow entry that was not removed. One that ended holds again when it gets another end.
#[utoipa::path(
    patch, path = "/api/v1/allow/{id}", tag = "safety",
    params(("id" = i64, Path, description = "Its number"), Trying),
    request_body(content = AllowEntryChange, content_type = "application/json"),
    responses(
        (status = 200, body = AllowChanged),
        (status = 400, description = "The body is not understood, or the change is refused", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "Not from here", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "No such entry, or it was removed", body = Problem, content_type = "application/problem+json"),
        (status = 503, description = "The store cannot answer", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn change(
    State(app): State<Arc<App>>,
    identity: Identity,
    Path(id): Path<String>,
    Query(trying): Query<Trying>,
    body::Json(wanted): body::Json<AllowEntryChange>,
) -> Result<Json<AllowChanged>, Problem> {
    let id = number(&id)?;
    let who = identity.who(wanted.by.as_deref(), wanted.note.as_deref())?;
    let change = AllowChange {
        reason: wanted.reason,
        owner: wanted.owner,
        ticket: wanted.ticket,
        until: wanted.until,
        remind_days: wanted.remind_days,
    };
    if change.is_empty() {
        return Err(Problem::bad_request("nothing is named that should change"));
    }
    let changed = app.ask_store(move |store| {
        let (entry, effect) = if trying.dry_run {
            let (entry, preview) = store.preview_set_allow(id, &change)?;
            (entry, Effect::tried(preview))
        } else {
            let (entry, published) = store.set_allow(id, &change, &who.actor())?;
            (entry, Effect::done(&published))
        };
        Ok(AllowChanged { entries: vec![entry], host_bits: false, effect })
    });
    changed.await.map(Json)
}

/// Removes an allow entry: what is listed there is served again, if policy and gate let it.
#[utoipa::path(
    delete, path = "/api/v1/allow/{id}", tag = "safety",
    params(("id" = i64, Path, description = "Its number"), TryingBy),
    responses(
        (status = 200, body = AllowChanged),
        (status = 400, description = "The query is not understood", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "Not from here", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "No such entry, or it was removed", body = Problem, content_type = "application/problem+json"),
        (status = 503, description = "The store cannot answer", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn remove(
    State(app): State<Arc<App>>,
    identity: Identity,
    Path(id): Path<String>,
    Query(trying): Query<TryingBy>,
) -> Result<Json<AllowChanged>, Problem> {
    let id = number(&id)?;
    let who = identity.who(trying.by.as_deref(), trying.note.as_deref())?;
    let changed = app.ask_store(move |store| {
        let (entry, effect) = if trying.dry_run {
            let (entry, preview) = store.preview_remove_allow(id)?;
            (entry, Effect::tried(preview))
        } else {
            let (entry, published) = store.remove_allow(id, &who.actor())?;
            (entry, Effect::done(&published))
        };
        Ok(AllowChanged { entries: vec![entry], host_bits: false, effect })
    });
    changed.await.map(Json)
}
