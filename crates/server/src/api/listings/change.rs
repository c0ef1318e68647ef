//! What people do to listings by hand: block, change, remove. All of a request or nothing of it.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use blocklist::{Batch, Details, Record, SourceName, Time, details, when};
use prefix::Prefix;
use serde::{Deserialize, Serialize};
use serde_json::json;
use store::{Actor, ByHand, Edit, EditTo, MAX_BY_HAND, Objections, Preview, Published, Store, Texts};
use utoipa::ToSchema;

use crate::App;
use crate::api::body::{self, Form};
use crate::api::problem::Problem;

/// The longest body: the most listings with a reason each.
const MAX_BYTES: usize = 32 << 20;
/// Who it is where nobody says so.
const SOMEBODY: &str = "api";
/// The longest name, and note, in characters.
const MAX_NAME: usize = 100;
const MAX_NOTE: usize = 1_000;

/// What to block, all of it or nothing.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Block {
    /// Addresses, networks or ranges, at most 100,000.
    listings: Vec<BlockOne>,
    /// Why, where a listing does not say it itself.
    reason: Option<String>,
    /// The kind of attack.
    category: Option<String>,
    /// How grave.
    severity: Option<String>,
    /// How sure, 0 to 100.
    confidence: Option<u8>,
    /// When it ends: RFC 3339, `2026-11-23 14:30`, or a day that counts whole, both of Asia/Seoul.
    until: Option<String>,
    /// How long from now, in place of `until`: `30m`, `4h`, `7d`.
    r#for: Option<String>,
    /// Keep also what touches something protected; nothing protected is served for it.
    #[serde(default)]
    anyway: bool,
    /// Take also networks that are wider than the gate lets pass.
    #[serde(default)]
    wide: bool,
    /// Who does it, for the record.
    by: Option<String>,
    /// Why, for the record.
    note: Option<String>,
    /// Only show what would change.
    #[serde(default)]
    dry_run: bool,
}

/// One of them: a text, or an object with its own reason and end.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(untagged)]
enum BlockOne {
    /// The address.
    Text(String),
    /// The address with more.
    More(BlockMore),
}

/// An address with its own reason and end.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct BlockMore {
    /// The address.
    prefix: String,
    /// Why.
    reason: Option<String>,
    /// When it ends.
    until: Option<String>,
}

/// A change of listings: one of `until`, `for`, `own_end`, `restore`, or new texts of what was blocked by hand.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Change {
    /// Which, exactly as they are listed; at most 100,000.
    prefixes: Vec<String>,
    /// Of this source; of every source that has it, where nothing is said.
    source: Option<String>,
    /// It ends then, whatever its source says.
    until: Option<String>,
    /// It ends so long from now: `30m`, `4h`, `7d`.
    r#for: Option<String>,
    /// The end that a person set is taken back.
    #[serde(default)]
    own_end: bool,
    /// A removal is taken back.
    #[serde(default)]
    restore: bool,
    /// Why it is listed.
    reason: Option<String>,
    /// The kind of attack.
    category: Option<String>,
    /// How grave.
    severity: Option<String>,
    /// How sure, 0 to 100.
    confidence: Option<u8>,
    /// Who does it, for the record.
    by: Option<String>,
    /// Why, for the record.
    note: Option<String>,
    /// Only show what would change.
    #[serde(default)]
    dry_run: bool,
}

/// Listings to be taken out.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Remove {
    /// Which, exactly as they are listed; at most 100,000.
    prefixes: Vec<String>,
    /// Of this source; of every source that has it, where nothing is said.
    source: Option<String>,
    /// Who does it, for the record.
    by: Option<String>,
    /// Why, for the record.
    note: Option<String>,
    /// Only show what would change.
    #[serde(default)]
    dry_run: bool,
}

impl Form for Block {
    const LOOKS: &'static str = r#"{"listings":["address", {"prefix","reason","until"}, ..],"reason","until"|"for","by","note"}"#;
}

impl Form for Change {
    const LOOKS: &'static str = r#"{"prefixes":["address", ..],"source","until"|"for"|"own_end"|"restore"|"reason"..,"by","note"}"#;
}

impl Form for Remove {
    const LOOKS: &'static str = r#"{"prefixes":["address", ..],"source","by","note"}"#;
}

/// What came of it, or would.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Done {
    /// The run that blocks were kept as; `null` for other changes and trials.
    run: Option<i64>,
    /// Listings that came.
    new: u64,
    /// Listings that changed.
    changed: u64,
    /// Listings that were so already.
    unchanged: u64,
    /// The publication that holds now, or would follow: its number and how many prefixes it has.
    serial: Option<u64>,
    /// How many prefixes it has.
    entries: Option<u64>,
    /// Of a trial: prefixes that would come onto the list.
    added: Vec<String>,
    /// Of a trial: prefixes that would go.
    removed: Vec<String>,
    /// Why the gate holds, or would hold, the next publication. What is blocked by hand goes out all the same.
    held: Vec<String>,
    /// Whether it was only tried.
    dry_run: bool,
}

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
pub(crate) async fn block(State(app): State<Arc<App>>, request: Request) -> Result<Response, Problem> {
    let asked: Block = read(request).await?;
    let now = app.now();
    let until = end(asked.until.as_deref(), asked.r#for.as_deref(), now)?;
    if asked.listings.is_empty() || asked.listings.len() > MAX_BY_HAND {
        return Err(Problem::bad_request(format!("'listings' holds 1 to {MAX_BY_HAND} addresses")));
    }
    let batch = batch(&asked, until)?;
    let who = Who::check(asked.by.as_deref(), asked.note.as_deref(), asked.dry_run)?;
    let (anyway, wide) = (asked.anyway, asked.wide);
    change(&app, move |store| {
        let new = ByHand { batch: &batch, input: "api", anyway, wide };
        if who.dry_run {
            let (run, preview) = store.preview_block(&new)?;
            return Ok(Done { new: run.new, ..Done::tried(run.changed, run.unchanged, &preview) });
        }
        let done = store.block(&new, &who.actor())?;
        let (run, counts) = (done.run.run.0, &done.run);
        Ok(Done { run: Some(run), new: counts.new, ..Done::of(counts.changed, counts.unchanged, &done.published) })
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
pub(crate) async fn edit(State(app): State<Arc<App>>, request: Request) -> Result<Response, Problem> {
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
    let who = Who::check(asked.by.as_deref(), asked.note.as_deref(), asked.dry_run)?;
    edit_all(&app, &asked.prefixes, asked.source.as_deref(), &to, who).await
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
pub(crate) async fn remove(State(app): State<Arc<App>>, request: Request) -> Result<Response, Problem> {
    let asked: Remove = read(request).await?;
    let who = Who::check(asked.by.as_deref(), asked.note.as_deref(), asked.dry_run)?;
    edit_all(&app, &asked.prefixes, asked.source.as_deref(), &EditTo::Removed, who).await
}

async fn edit_all(
    app: &App,
    prefixes: &[String],
    source: Option<&str>,
    to: &EditTo,
    who: Who,
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
        if who.dry_run {
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
        let until = own.map(|own| when::end(own).map_err(|bad| Problem::bad_request(bad.to_string()))).transpose()?.or(until);
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

/// Who asks, why, and whether it is only tried.
struct Who {
    by: String,
    note: Option<String>,
    dry_run: bool,
}

impl Who {
    fn check(by: Option<&str>, note: Option<&str>, dry_run: bool) -> Result<Self, Problem> {
        let line = |name: &str, text: &str, most: usize| {
            let text = text.trim();
            let good = !text.is_empty() && !text.chars().any(char::is_control) && text.chars().count() <= most;
            let bad = || Problem::bad_request(format!("'{name}' is one line of 1 to {most} characters"));
            if good { Ok(text.to_owned()) } else { Err(bad()) }
        };
        Ok(Self {
            by: line("by", by.unwrap_or(SOMEBODY), MAX_NAME)?,
            note: note.map(|note| line("note", note, MAX_NOTE)).transpose()?,
            dry_run,
        })
    }

    fn actor(&self) -> Actor<'_> {
        Actor { by: &self.by, note: self.note.as_deref() }
    }
}

impl Done {
    fn of(changed: u64, unchanged: u64, published: &Published) -> Self {
        let current = published.current();
        let held = match published {
            Published::Held { reasons, .. } => reasons.iter().map(ToString::to_string).collect(),
            _ => Vec::new(),
        };
        Self {
            run: None,
            new: 0,
            changed,
            unchanged,
            serial: current.map(|row| row.serial.0),
            entries: current.map(|row| row.entries),
            added: Vec::new(),
            removed: Vec::new(),
            held,
            dry_run: false,
        }
    }

    fn tried(changed: u64, unchanged: u64, preview: &Preview) -> Self {
        let texts = |prefixes: &[Prefix]| prefixes.iter().map(ToString::to_string).collect();
        Self {
            run: None,
            new: 0,
            changed,
            unchanged,
            serial: None,
            entries: Some(preview.entries),
            added: texts(&preview.delta.added),
            removed: texts(&preview.delta.removed),
            held: preview.reasons.iter().map(ToString::to_string).collect(),
            dry_run: true,
        }
    }
}
