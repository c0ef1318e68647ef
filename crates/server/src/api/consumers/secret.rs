//! Secrets of consumers: made, shown once, taken back.

use std::sync::Arc;
use std::time::Duration;

use axum::Json;
use axum::extract::State;
use axum::http::header::CACHE_CONTROL;
use axum::response::{IntoResponse, Response};
use blocklist::{ConsumerName, Time};
use secrecy::ExposeSecret;
use serde::{Deserialize, Serialize};
use store::Revoke;
use utoipa::{IntoParams, ToSchema};

use super::Named;
use crate::App;
use crate::api::body::{self, Form};
use crate::api::problem::Problem;
use crate::api::query::Query;
use crate::api::reason::Reason;
use crate::auth::Identity;

/// How long the old secret stays valid where nothing is said, in days: time to bring the new one to the device.
const OVERLAP: u16 = 7;
/// The longest, in days.
const LONGEST: u16 = 366;

/// How a secret is followed by a new one.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Rotation {
    /// For so many days the secrets before it stay valid: 0 to 366, 7 where nothing is said.
    #[serde(default = "overlap")]
    #[schema(maximum = 366)]
    pub(crate) old_valid_days: u16,
}

const fn overlap() -> u16 {
    OVERLAP
}

impl Form for Rotation {
    const LOOKS: &'static str = r#"{"old_valid_days":7}"#;
}

/// A new secret.
#[derive(Serialize, ToSchema)]
#[expect(clippy::struct_field_names, reason = "the name in JSON")]
pub(crate) struct Secret {
    /// Of which consumer: the user of HTTP Basic.
    pub(crate) consumer: String,
    /// The secret. It is not kept and cannot be shown again.
    pub(crate) secret: String,
    /// What is shown of it from now on.
    pub(crate) hint: String,
    /// Until when the secrets before it stay valid; `null` when there was none.
    #[schema(value_type = Option<String>)]
    pub(crate) old_until: Option<Time>,
}

/// Which secrets are taken back.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct Which {
    /// `true`: only those that were followed by a newer one.
    #[serde(default)]
    pub(crate) old: bool,
}

/// How many secrets were taken back.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Revoked {
    /// So many.
    pub(crate) secrets: usize,
}

/// Makes a new secret, and shows it this once.
///
/// The consumer reads with it as the password of HTTP Basic, as `Authorization: Bearer`, as `X-Api-Key`, or in the path
/// `/t/{token}/feeds/...`.
#[utoipa::path(
    post, path = "/api/v1/consumers/{name}/secret", tag = "feeds",
    params(("name" = String, Path, description = "The consumer's name")),
    request_body(content = Rotation, content_type = "application/json"),
    responses(
        (status = 200, body = Secret),
        (status = 400, description = "The body is not understood", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "Not from here", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "No such consumer", body = Problem, content_type = "application/problem+json"),
        (status = 503, description = "The store cannot answer", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn rotate(
    State(app): State<Arc<App>>,
    identity: Identity,
    Named(name): Named,
    body::Json(rotation): body::Json<Rotation>,
) -> Result<Response, Problem> {
    let shown = make(&app, &identity, name, &rotation).await?;
    Ok(([(CACHE_CONTROL, "no-store")], Json(shown)).into_response())
}

/// The new secret, for whoever shows it.
pub(crate) async fn make(
    app: &Arc<App>,
    identity: &Identity,
    name: ConsumerName,
    rotation: &Rotation,
) -> Result<Secret, Problem> {
    if rotation.old_valid_days > LONGEST {
        return Err(
            Problem::bad_request(format!("'old_valid_days' is 0 to {LONGEST}")).because(Reason::OldDays)
        );
    }
    let who = identity.plain();
    let valid_for = Duration::from_secs(u64::from(rotation.old_valid_days) * 86_400);
    let mut random = [0; 32];
    app.random().fill(&mut random).map_err(|error| app.incident("no secret can be made now", &error))?;
    let consumer = name.to_string();
    let made = app.ask_store(move |store| store.new_secret(&name, random, valid_for, &who.actor())).await?;
    app.refresh_access().await;
    tracing::info!(consumer, "consumer has a new secret");
    Ok(Secret {
        consumer,
        secret: made.secret.expose_secret().to_owned(),
        hint: made.row.hint,
        old_until: made.old_until,
    })
}

/// Takes secrets back: readers with one of them are not known any more at once.
#[utoipa::path(
    delete, path = "/api/v1/consumers/{name}/secret", tag = "feeds",
    params(("name" = String, Path, description = "The consumer's name"), Which),
    responses(
        (status = 200, body = Revoked),
        (status = 400, description = "The query is not understood", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "Not from here", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "No such consumer", body = Problem, content_type = "application/problem+json"),
        (status = 503, description = "The store cannot answer", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn revoke(
    State(app): State<Arc<App>>,
    identity: Identity,
    Named(name): Named,
    Query(which): Query<Which>,
) -> Result<Json<Revoked>, Problem> {
    let who = identity.plain();
    let revoke = if which.old { Revoke::Old } else { Revoke::All };
    let secrets = app.ask_store(move |store| store.revoke_secrets(&name, revoke, &who.actor())).await?;
    app.refresh_access().await;
    Ok(Json(Revoked { secrets }))
}
