//! `/api/v1/policy` and `/api/v1/gate`: the rules, read and changed. A change names the members that differ; who makes it
//! stands in the query, so that the body is the rules alone.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use blocklist::gate::GateRules;
use blocklist::policy::Policy;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use utoipa::{IntoParams, ToSchema};

use super::change::{Done, Outcome};
use crate::App;
use crate::api::body::{self, Form};
use crate::api::problem::Problem;
use crate::api::query::Query;
use crate::api::schema;
use crate::auth::Identity;

/// Who changes the policy.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct PolicyQuery {
    /// Only say what would come of it; then nobody has to be named.
    #[serde(default)]
    dry_run: bool,
    /// Who does it.
    #[param(min_length = 1, max_length = 100, format = "line")]
    by: Option<String>,
    /// Why.
    #[param(min_length = 1, max_length = 1_000, format = "line")]
    note: Option<String>,
}

/// Who changes the gate.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct GateQuery {
    /// Who does it.
    #[param(min_length = 1, max_length = 100, format = "line")]
    by: Option<String>,
    /// Why.
    #[param(min_length = 1, max_length = 1_000, format = "line")]
    note: Option<String>,
}

/// Members of an object.
#[derive(Debug, Deserialize)]
#[serde(transparent)]
pub(crate) struct Members(Map<String, Value>);

impl Form for Members {
    const LOOKS: &'static str = r#"an object with the members that change, as in {"min_sources":2}"#;
}

/// The policy after a change, and what came of it.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PolicyChanged {
    /// The policy, with the change in it.
    #[schema(value_type = schema::Policy)]
    pub policy: Policy,
    /// What came of it, or what would.
    #[serde(flatten)]
    pub done: Done,
}

/// The gate after a change, and what came of it.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct GateChanged {
    /// The limits.
    #[schema(value_type = schema::Gate)]
    pub gate: GateRules,
    /// What came of it.
    pub outcome: Outcome,
}

/// The policy.
#[utoipa::path(
    get, path = "/api/v1/policy", tag = "decide",
    responses(
        (status = 200, body = schema::Policy),
        (status = 503, description = "The store cannot answer", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn policy(State(app): State<Arc<App>>) -> Result<Json<Policy>, Problem> {
    app.ask_store(store::Store::policy).await.map(Json)
}

/// Changes the policy and publishes what follows.
///
/// The body holds the members that change, merged into the policy; `null` takes a member away, so that its default holds
/// again: `{"sources":{"feed":null}}` has no rule for that source any more.
#[utoipa::path(
    patch, path = "/api/v1/policy", tag = "decide", params(PolicyQuery),
    request_body(content = schema::PolicyMembers, content_type = "application/json"),
    responses(
        (status = 200, body = PolicyChanged),
        (status = 400, description = "The query or the body is not understood, or a value will not do", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "Not from here", body = Problem, content_type = "application/problem+json"),
        (status = 503, description = "The store cannot answer", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn set_policy(
    State(app): State<Arc<App>>,
    identity: Identity,
    Query(query): Query<PolicyQuery>,
    body::Json(Members(members)): body::Json<Members>,
) -> Result<Json<PolicyChanged>, Problem> {
    let who = if query.dry_run {
        None
    } else {
        Some(identity.who(query.by.as_deref(), query.note.as_deref())?.named()?)
    };
    let changed = app.ask_store(move |store| {
        let mut value = json!(store.policy()?);
        merge(&mut value, Value::Object(members));
        let policy: Policy = match read(value) {
            Ok(policy) => policy,
            Err(problem) => return Ok(Err(problem)),
        };
        if let Err(bad) = policy.check() {
            return Ok(Err(Problem::bad_request(bad.to_string())));
        }
        let done = match who {
            None => Done::dry(store.preview_policy(&policy)?),
            Some(who) => Done::of(store.set_policy(&policy, &who.actor())?),
        };
        Ok(Ok(PolicyChanged { policy, done }))
    });
    changed.await?.map(Json)
}

/// The limits of the gate.
#[utoipa::path(
    get, path = "/api/v1/gate", tag = "decide",
    responses(
        (status = 200, body = schema::Gate),
        (status = 503, description = "The store cannot answer", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn gate(State(app): State<Arc<App>>) -> Result<Json<GateRules>, Problem> {
    app.ask_store(store::Store::gate).await.map(Json)
}

/// Changes limits of the gate, and judges what is held by them.
///
/// The body holds the limits that change; `null` switches a rule off.
#[utoipa::path(
    patch, path = "/api/v1/gate", tag = "decide", params(GateQuery),
    request_body(content = schema::GateMembers, content_type = "application/json"),
    responses(
        (status = 200, body = GateChanged),
        (status = 400, description = "The query or the body is not understood, or a value will not do", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "Not from here", body = Problem, content_type = "application/problem+json"),
        (status = 503, description = "The store cannot answer", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn set_gate(
    State(app): State<Arc<App>>,
    identity: Identity,
    Query(query): Query<GateQuery>,
    body::Json(Members(members)): body::Json<Members>,
) -> Result<Json<GateChanged>, Problem> {
    let who = identity.who(query.by.as_deref(), query.note.as_deref())?.named()?;
    let changed = app.ask_store(move |store| {
        let mut value = json!(store.gate()?);
        if let Some(limits) = value.as_object_mut() {
            // Here `null` is a value: off.
            limits.extend(members);
        }
        let gate: GateRules = match read(value) {
            Ok(gate) => gate,
            Err(problem) => return Ok(Err(problem)),
        };
        if let Err(bad) = gate.check() {
            return Ok(Err(Problem::bad_request(bad.to_string())));
        }
        let outcome = store.set_gate(&gate, &who.actor())?.into();
        Ok(Ok(GateChanged { gate, outcome }))
    });
    changed.await?.map(Json)
}

fn read<T: DeserializeOwned>(value: Value) -> Result<T, Problem> {
    serde_json::from_value(value).map_err(|error| {
        let error: String = error.to_string().chars().take(300).collect();
        Problem::bad_request(format!("this will not do: {error}"))
    })
}

/// A merge patch as RFC 7396 has it. The body's limit of bytes and the parser's limit of depth bound it.
fn merge(of: &mut Value, patch: Value) {
    let Value::Object(patch) = patch else {
        *of = patch;
        return;
    };
    if !of.is_object() {
        *of = json!({});
    }
    let Some(members) = of.as_object_mut() else { return };
    for (key, value) in patch {
        if value.is_null() {
            members.remove(&key);
        } else {
            merge(members.entry(key).or_insert(Value::Null), value);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_merge_takes_away_what_is_null_and_leaves_what_is_not_named() {
        let mut value = json!({"a": 1, "b": {"c": 2, "d": 3}, "e": [1]});
        merge(&mut value, json!({"a": null, "b": {"c": null, "x": {"y": null}}, "e": [2]}));
        assert_eq!(value, json!({"b": {"d": 3, "x": {}}, "e": [2]}));
    }
}
