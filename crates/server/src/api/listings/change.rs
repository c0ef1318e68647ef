//! What people do to listings by hand: block, change, remove. All of a request or nothing of it.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use blocklist::{Batch, Details, Record, SourceName, Time, details, when};
use prefix::Prefix;
use serde_json::json;
use store::{ByHand, Edit, EditTo, MAX_BY_HAND, Objections, Store, Texts};

use super::shapes::{Block, BlockOne, Change, Done, Remove};
use crate::App;
use crate::api::body::{self, Form};
use crate::api::problem::Problem;
use crate::auth::{Identity, Who};

/// The longest body: the most listings with a reason each.
const MAX_BYTES: usize = 32 << 20;

/// Blocks by hand: all of it or, with every objection, nothing.
#[utoipa::path(
    post, path = "/api/v1/listings", tag = "history", request_body(content = Block, content_type = "application/json"),
    responses(
        (status = 200, body = Done),
        (status = 400, description = "The body is not understood", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "Not from here", body = Problem, content_type = "application/problem+json"),
        (status = 413, description = "Too many", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "Something stands against it: `objections` says what", body = Problem, content_type = "application/problem+json"),
        (status = 503, description = "The store cannot answer", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn block(
    State(app): State<Arc<App>>,
    identity: Identity,
    request: Request,
) -> Result<Response, Problem> {
    let asked: Block = read(request).await?;
    let now = app.now();
    let until = end(asked.until.as_deref(), asked.r#for.as_deref(), now)?;
    if asked.listings.is_empty() || asked.listings.len() > MAX_BY_HAND {
        return Err(Problem::bad_request(format!("'listings' holds 1 to {MAX_BY_HAND} addresses")));
    }
    let batch = batch(&asked, until)?;
    let who = identity.who(asked.by.as_deref(), asked.note.as_deref())?;
    let (anyway, wide, dry_run) = (asked.anyway, asked.wide, asked.dry_run);
    change(&app, move |store| {
        let new = ByHand { batch: &batch, input: "api", anyway, wide };
        if dry_run {
            let (run, preview) = store.preview_block(&new)?;
            return Ok(Done { new: run.new, ..Done::tried(run.changed, run.unchanged, &preview) });
        }
        let done = store.block(&new, &who.actor())?;
        let (run, counts) = (done.run.run.0, &done.run);
        Ok(Done {
            run: Some(run),
            new: counts.new,
            ..Done::of(counts.changed, counts.unchanged, &done.published)
        })
    })
    .await
}

/// Changes listings by hand: their end, for what was blocked by hand their texts, or a removal that is taken back.
#[utoipa::path(
    patch, path = "/api/v1/listings", tag = "history", request_body(content = Change, content_type = "application/json"),
    responses(
        (status = 200, body = Done),
        (status = 400, description = "The body is not understood", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "Not from here", body = Problem, content_type = "application/problem+json"),
        (status = 413, description = "Too many", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "Something stands against it: `objections` says what", body = Problem, content_type = "application/problem+json"),
        (status = 503, description = "The store cannot answer", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn edit(
    State(app): State<Arc<App>>,
    identity: Identity,
    request: Request,
) -> Result<Response, Problem> {
    let asked: Change = read(request).await?;
    let until = end(asked.until.as_deref(), asked.r#for.as_deref(), app.now())?;
    let text = |text: &Option<String>| text.as_deref().and_then(details::text);
    let texts = Texts {
        reason: text(&asked.reason),
        category: text(&asked.category),
        severity: text(&asked.severity),
        confidence: asked.confidence,
    };
    let to = match (until, asked.own_end, asked.restore, texts != Texts::default()) {
        (Some(until), false, false, false) => EditTo::End(Some(until)),
        (None, true, false, false) => EditTo::End(None),
        (None, false, true, false) => EditTo::Restored,
        (None, false, false, true) => EditTo::Texts(texts),
        _ => {
            let what = "say one of 'until', 'for', 'own_end', 'restore', or new texts";
            return Err(Problem::bad_request(what));
        }
    };
    let who = identity.who(asked.by.as_deref(), asked.note.as_deref())?;
    edit_all(&app, &asked.prefixes, asked.source.as_deref(), &to, who, asked.dry_run).await
}

/// Takes listings out, and keeps them out when their source names them again.
#[utoipa::path(
    delete, path = "/api/v1/listings", tag = "history", request_body(content = Remove, content_type = "application/json"),
    responses(
        (status = 200, body = Done),
        (status = 400, description = "The body is not understood", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "Not from here", body = Problem, content_type = "application/problem+json"),
        (status = 413, description = "Too many", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "Something stands against it: `objections` says what", body = Problem, content_type = "application/problem+json"),
        (status = 503, description = "The store cannot answer", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn remove(
    State(app): State<Arc<App>>,
    identity: Identity,
    request: Request,
) -> Result<Response, Problem> {
    let asked: Remove = read(request).await?;
    let who = identity.who(asked.by.as_deref(), asked.note.as_deref())?;
    edit_all(&app, &asked.prefixes, asked.source.as_deref(), &EditTo::Removed, who, asked.dry_run).await
}

async fn edit_all(
    app: &App,
    prefixes: &[String],
    source: Option<&str>,
    to: &EditTo,
    who: Who,
    dry_run: bool,
) -> Result<Response, Problem> {
    if prefixes.is_empty() || prefixes.len() > MAX_BY_HAND {
        return Err(Problem::bad_request(format!("'prefixes' holds 1 to {MAX_BY_HAND} addresses")));
    }
    let no_source = || Problem::bad_request("'source' is the name of a source");
    let source: Option<SourceName> = source.map(|name| name.parse().map_err(|_| no_source())).transpose()?;
    let mut edits = Vec::with_capacity(prefixes.len());
    for text in prefixes {
        let prefix = text.parse::<Prefix>().map_err(|refusal| no_address(text, refusal))?;
        edits.push(Edit { source: source.clone(), prefix, to: to.clone() });
    }
    change(app, move |store| {
        if dry_run {
            let ((changed, unchanged), preview) = store.preview_edit(&edits)?;
            return Ok(Done::tried(changed, unchanged, &preview));
        }
        let done = store.edit_listings(&edits, &who.actor())?;
        Ok(Done::of(done.changed, done.unchanged, &done.published))
    })
    .await
}

/// Has the store do something; objections are told one by one.
async fn change(
    app: &App,
    work: impl FnOnce(&Store) -> store::Result<Done> + Send + 'static,
) -> Result<Response, Problem> {
    let done = app.ask_store(move |store| match work(store) {
        Ok(done) => Ok(Ok(done)),
        Err(store::Error::Objections(objections)) => Ok(Err(objections)),
        Err(error) => Err(error),
    });
    Ok(match done.await? {
        Ok(done) => Json(done).into_response(),
        Err(objections) => told(&objections),
    })
}

fn told(objections: &Objections) -> Response {
    let rows: Vec<serde_json::Value> = objections
        .first
        .iter()
        .map(|objection| {
            let mut row = json!(objection);
            row["text"] = objection.to_string().into();
            row
        })
        .collect();
    let status = StatusCode::UNPROCESSABLE_ENTITY;
    let problem = json!({"title": status.canonical_reason(), "status": status.as_u16(), "detail": objections.to_string(),
        "count": objections.count, "objections": rows});
    (status, [(CONTENT_TYPE, "application/problem+json")], problem.to_string()).into_response()
}

async fn read<T: Form>(request: Request) -> Result<T, Problem> {
    let too_large = || Problem::too_large(format!("the body has at most {MAX_BYTES} bytes"));
    let bytes = body::read(request, MAX_BYTES, too_large).await?;
    serde_json::from_slice(&bytes).map_err(|error| {
        let error: String = error.to_string().chars().take(300).collect();
        Problem::bad_request(format!("the body is {}: {error}", T::LOOKS))
    })
}

fn end(until: Option<&str>, span: Option<&str>, now: Time) -> Result<Option<Time>, Problem> {
    let bad = |bad: when::BadWhen| Problem::bad_request(bad.to_string());
    match (until, span) {
        (Some(_), Some(_)) => Err(Problem::bad_request("say 'until' or 'for', not both")),
        (Some(text), None) => when::end(text).map(Some).map_err(bad),
        (None, Some(text)) => when::span(text).map(|seconds| Some(now.plus_seconds(seconds))).map_err(bad),
        (None, None) => Ok(None),
    }
}

fn no_address(text: &str, refusal: prefix::Refusal) -> Problem {
    let shown: String = text.chars().take(80).collect();
    Problem::bad_request(format!("'{shown}' is no address: {refusal}"))
}

fn batch(asked: &Block, until: Option<Time>) -> Result<Batch, Problem> {
    let mut batch = Batch::default();
    let text = |text: &Option<String>| text.as_deref().and_then(details::text);
    if asked.confidence.is_some_and(|sure| sure > 100) {
        return Err(Problem::bad_request("'confidence' is 0 to 100"));
    }
    for one in &asked.listings {
        let (address, reason, own) = match one {
            BlockOne::Text(address) => (address, None, None),
            BlockOne::More(more) => (&more.prefix, text(&more.reason), more.until.as_deref()),
        };
        let reason = reason.or_else(|| text(&asked.reason));
        if reason.is_none() {
            let shown: String = address.chars().take(80).collect();
            return Err(Problem::bad_request(format!("'{shown}' has no reason: say 'reason'")));
        }
        let parsed = prefix::parse(address.as_bytes()).map_err(|refusal| no_address(address, refusal))?;
        let until = own
            .map(|own| when::end(own).map_err(|bad| Problem::bad_request(bad.to_string())))
            .transpose()?
            .or(until);
        let details = batch.details.intern(Details {
            reason,
            country: None,
            category: text(&asked.category),
            severity: text(&asked.severity),
            confidence: asked.confidence,
        });
        batch.accept(parsed.host_bits);
        let records = parsed.entry.prefixes().map(|prefix| Record { prefix, details, detected: None, until });
        batch.records.extend(records);
    }
    Ok(batch)
}
