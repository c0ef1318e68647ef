//! `/api/v1/own`: the firm's own networks, and the addresses of this server as it found them itself.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use store::OwnRow;
use utoipa::{IntoParams, ToSchema};

use super::body::{self, Form};
use super::changed::{Effect, Trying, prefixes};
use super::problem::Problem;
use super::query::Query;
use super::schema;
use crate::App;
use crate::auth::Identity;

/// Every own network.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct OwnNetworks {
    /// By prefix.
    #[schema(value_type = Vec<schema::OwnNetwork>)]
    pub networks: Vec<OwnRow>,
}

/// A network to be added.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewOwnNetwork {
    /// An address, a prefix, or a range, which makes a network of each of its prefixes. Private ones too.
    #[schema(format = "prefix")]
    prefix: String,
    /// A prefix shorter than /8, or for IPv6 /19, is meant.
    #[serde(default)]
    wide: bool,
    /// Who does this; `api` where nothing is said.
    #[schema(min_length = 1, max_length = 100, format = "line")]
    by: Option<String>,
    /// What it is.
    #[schema(min_length = 1, max_length = 1_000, format = "line")]
    note: Option<String>,
}

impl Form for NewOwnNetwork {
    const LOOKS: &'static str = r#"{"prefix":"..","wide":false,"by":"..","note":".."}"#;
}

/// Which network is to be removed.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct OldOwnNetwork {
    /// As it stands in the list.
    #[param(format = "prefix")]
    prefix: String,
    /// `true`: says what would come of it and changes nothing.
    #[serde(default)]
    dry_run: bool,
    /// Who does this; `api` where nothing is said.
    #[param(min_length = 1, max_length = 100, format = "line")]
    by: Option<String>,
    /// Why, for the record.
    #[param(min_length = 1, max_length = 1_000, format = "line")]
    note: Option<String>,
}

/// What came of a change of own networks.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct OwnChanged {
    /// What was named.
    prefixes: Vec<String>,
    /// Host bits were cleared.
    host_bits: bool,
    /// What it did to the list.
    effect: Effect,
}

/// The own networks.
#[utoipa::path(
    get, path = "/api/v1/own", tag = "safety",
    responses(
        (status = 200, body = OwnNetworks),
        (status = 503, description = "The store cannot answer", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn networks(State(app): State<Arc<App>>) -> Result<Json<OwnNetworks>, Problem> {
    let networks = app.ask_store(store::Store::own_networks).await?;
    Ok(Json(OwnNetworks { networks }))
}

/// Adds an own network: at once, nothing of it is served any more.
#[utoipa::path(
    post, path = "/api/v1/own", tag = "safety", params(Trying),
    request_body(content = NewOwnNetwork, content_type = "application/json"),
    responses(
        (status = 200, description = "It was only tried", body = OwnChanged),
        (status = 201, body = OwnChanged),
        (status = 400, description = "The body is not understood, or the network is refused", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "Not from here", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "It is one already", body = Problem, content_type = "application/problem+json"),
        (status = 503, description = "The store cannot answer", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn add(
    State(app): State<Arc<App>>,
    identity: Identity,
    Query(trying): Query<Trying>,
    body::Json(new): body::Json<NewOwnNetwork>,
) -> Result<(StatusCode, Json<OwnChanged>), Problem> {
    let (networks, host_bits) = prefixes(&new.prefix)?;
    let who = identity.who(new.by.as_deref(), new.note.as_deref())?;
    let named = networks.iter().map(ToString::to_string).collect();
    let effect = app.ask_store(move |store| {
        if trying.dry_run {
            return store.preview_add_own(&networks, new.wide).map(Effect::tried);
        }
        let actor = who.actor();
        store.add_own(&networks, actor.note, new.wide, &actor).map(|published| Effect::done(&published))
    });
    let changed = OwnChanged { prefixes: named, host_bits, effect: effect.await? };
    let status = if trying.dry_run { StatusCode::OK } else { StatusCode::CREATED };
    Ok((status, Json(changed)))
}

/// Removes an own network: what is listed there is served again, if policy and gate let it.
#[utoipa::path(
    delete, path = "/api/v1/own", tag = "safety", params(OldOwnNetwork),
    responses(
        (status = 200, body = OwnChanged),
        (status = 400, description = "The query is not understood", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "Not from here", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "No network of the firm is named so", body = Problem, content_type = "application/problem+json"),
        (status = 503, description = "The store cannot answer", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn remove(
    State(app): State<Arc<App>>,
    identity: Identity,
    Query(old): Query<OldOwnNetwork>,
) -> Result<Json<OwnChanged>, Problem> {
    let (networks, host_bits) = prefixes(&old.prefix)?;
    let who = identity.who(old.by.as_deref(), old.note.as_deref())?;
    let named = networks.iter().map(ToString::to_string).collect();
    let effect = app.ask_store(move |store| {
        if old.dry_run {
            return store.preview_remove_own(&networks).map(Effect::tried);
        }
        store.remove_own(&networks, &who.actor()).map(|published| Effect::done(&published))
    });
    Ok(Json(OwnChanged { prefixes: named, host_bits, effect: effect.await? }))
}
