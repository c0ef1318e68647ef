//! `/api/v1/lookup`: is this address on the block list, and why. From the live publication alone, never the store.

use std::borrow::Cow;
use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use blocklist::{Answer, Publication, Serial, Time, when};
use prefix::Prefix;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::problem::Problem;
use super::query::Query;
use super::{body, schema};
use crate::App;

/// The most addresses of one call.
const MAX_BULK: usize = 100_000;
/// The longest body of a call: the most addresses at their longest, with quotes and comma.
const MAX_BULK_BYTES: usize = 8 << 20;
/// From so many bytes on a call leaves the async threads: a thousand addresses take less than a millisecond.
const BLOCKING_FROM: usize = 16 << 10;
/// About what the answer for an address takes that is not listed, in bytes.
const ANSWER_BYTES: usize = 72;

/// What is looked up.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct LookupQuery {
    /// An address or a prefix; a prefix is listed when another covers it whole.
    #[param(format = "prefix")]
    ip: String,
    /// Whether to say why, step by step: an explanation in place of the answer.
    explain: Option<bool>,
    /// As it was then: RFC 3339, or `YYYY-MM-DD[ HH:MM[:SS]]` of Asia/Seoul.
    #[param(format = "moment")]
    at: Option<String>,
}

/// What is looked up in one call.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Bulk<'a> {
    /// Addresses or prefixes, at most 100,000.
    #[serde(borrow)]
    #[schema(value_type = Vec<String>)]
    ips: Vec<Text<'a>>,
    /// As it was then: RFC 3339, or `YYYY-MM-DD[ HH:MM[:SS]]` of Asia/Seoul.
    #[schema(format = "moment")]
    at: Option<String>,
}

/// A text that is borrowed from the request where it holds no escapes.
#[derive(Debug, Deserialize)]
struct Text<'a>(#[serde(borrow)] Cow<'a, str>);

/// One element of a bulk answer.
#[derive(Serialize)]
#[serde(untagged)]
enum Element<'a> {
    Answer(Answer<'a>),
    Refused(Refused<'a>),
}

/// What was asked for is no address.
#[derive(Debug, Serialize)]
pub(crate) struct Refused<'a> {
    /// As it was asked for.
    ip: &'a str,
    /// Why it is none.
    error: String,
}

/// An answer, or why there is none.
#[derive(ToSchema)]
#[serde(untagged)]
#[expect(dead_code, reason = "the shape, for the document; the answer is written piece by piece")]
enum BulkAnswer {
    Answer(schema::Answer),
    Refused(schema::NoAddress),
}

/// The answers of a bulk call, in the order of the question.
#[derive(ToSchema)]
#[expect(dead_code, reason = "the shape, for the document; the answer is written piece by piece")]
struct Results {
    /// One for each address; an address that cannot be read has `error` instead.
    results: Vec<BulkAnswer>,
}

/// Is this address on the block list?
#[utoipa::path(
    get, path = "/api/v1/lookup", tag = "lookup", params(LookupQuery),
    responses(
        (status = 200, body = schema::Told),
        (status = 400, description = "No address", body = Problem, content_type = "application/problem+json"),
        (status = 503, description = "No publication to serve", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn lookup(
    State(app): State<Arc<App>>,
    Query(asked): Query<LookupQuery>,
) -> Result<Response, Problem> {
    let prefix = asked.ip.parse::<Prefix>().map_err(|refusal| {
        let shown: String = asked.ip.chars().take(80).collect();
        Problem::bad_request(format!("'{shown}' is no address: {refusal}"))
    })?;
    let at = asked.at.as_deref().map(moment).transpose()?;
    if asked.explain == Some(true) || at.is_some() {
        return past(&app, prefix, asked.explain == Some(true), at).await;
    }
    let live = app.live_or_503()?;
    app.metrics.looked_up(1);
    let answer = Answer::new(live.publication(), prefix, app.now());
    let body =
        serde_json::to_vec(&answer).map_err(|error| app.incident("the answer cannot be written", &error))?;
    Ok(json(body))
}

/// From the store: what was served at a time, or why something is served or not. That nothing was published by then, or
/// is kept no longer, is an answer: the explanation says so.
async fn past(app: &App, asked: Prefix, explain: bool, at: Option<Time>) -> Result<Response, Problem> {
    let body = app.ask_store(move |store| {
        let row = if explain { None } else { at.map(|at| store.publication_at(at)).transpose()?.flatten() };
        let publication = match row.map(|row| store.load_publication(row.serial)).transpose() {
            Err(store::Error::NoPublication(_)) => None,
            other => other?,
        };
        match (publication, at) {
            (Some(publication), Some(at)) => Ok(serde_json::to_vec(&Then {
                answer: Answer::new(&publication, asked, at),
                at,
                serial: publication.head().serial,
            })),
            _ => store.explain(asked, at).map(|told| serde_json::to_vec(&told)),
        }
    });
    let body = body.await?.map_err(|error| app.incident("the answer cannot be written", &error))?;
    app.metrics.looked_up(1);
    Ok(json(body))
}

/// The answer of a publication of the past.
#[derive(Serialize)]
struct Then<'a> {
    #[serde(flatten)]
    answer: Answer<'a>,
    at: Time,
    serial: Serial,
}

fn moment(text: &str) -> Result<Time, Problem> {
    when::moment(text).map_err(|bad| Problem::bad_request(format!("'at': {bad}")))
}

/// The publication that was live at a time.
async fn then(app: &App, at: Time) -> Result<Publication, Problem> {
    let found = app.ask_store(move |store| {
        let Some(row) = store.publication_at(at)? else {
            return Ok(Err("nothing was published by then".to_owned()));
        };
        match store.load_publication(row.serial) {
            Ok(publication) => Ok(Ok(publication)),
            Err(error @ store::Error::NoPublication(_)) => Ok(Err(error.to_string())),
            Err(error) => Err(error),
        }
    });
    found.await?.map_err(Problem::not_found)
}

/// What comes of reading a call.
enum Step {
    /// So many answers.
    Answered(usize, serde_json::Result<Vec<u8>>),
    /// The answers are those of another time.
    At(Time),
}

/// Are these addresses on the block list?
///
/// One answer for each, in the same order. An address that cannot be read gets `{"ip","error"}` in its place.
#[utoipa::path(
    post, path = "/api/v1/lookup", tag = "lookup", request_body(content = Bulk, content_type = "application/json"),
    responses(
        (status = 200, body = Results),
        (status = 400, description = "The body is not understood", body = Problem, content_type = "application/problem+json"),
        (status = 413, description = "Too many addresses", body = Problem, content_type = "application/problem+json"),
        (status = 503, description = "No publication to serve", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn bulk(State(app): State<Arc<App>>, request: Request) -> Result<Response, Problem> {
    let too_many =
        || Problem::too_large(format!("at most {MAX_BULK} addresses and {MAX_BULK_BYTES} bytes a call"));
    let body = body::read(request, MAX_BULK_BYTES, too_many).await?;
    let small = body.len() < BLOCKING_FROM;
    let (live, now) = (app.live_or_503(), app.now());
    let question = body.clone();
    let work = move || {
        let bulk = read(&question)?;
        if bulk.ips.len() > MAX_BULK {
            return Err(too_many());
        }
        if let Some(at) = bulk.at {
            return moment(&at).map(Step::At);
        }
        Ok(Step::Answered(bulk.ips.len(), answers(live?.publication(), &bulk.ips, now)))
    };
    let mut step = off(&app, small, work).await?;
    if let Step::At(at) = step {
        let publication = then(&app, at).await?;
        let work = move || {
            let bulk = read(&body)?;
            Ok(Step::Answered(bulk.ips.len(), answers(&publication, &bulk.ips, at)))
        };
        step = off(&app, false, work).await?;
    }
    match step {
        Step::Answered(count, answers) => {
            app.metrics.looked_up(count);
            answers.map(json).map_err(|error| app.incident("the answer cannot be written", &error))
        }
        Step::At(_) => Err(Problem::bad_request("'at' is one time")),
    }
}

/// Does a small piece of work here, and a larger one off the async threads.
async fn off<T: Send + 'static>(
    app: &App,
    small: bool,
    work: impl FnOnce() -> Result<T, Problem> + Send + 'static,
) -> Result<T, Problem> {
    if small {
        return work();
    }
    match tokio::task::spawn_blocking(work).await {
        Ok(worked) => worked,
        Err(error) => Err(app.incident("the answer cannot be written", &error)),
    }
}

fn read(body: &[u8]) -> Result<Bulk<'_>, Problem> {
    serde_json::from_slice(body).map_err(|error| {
        Problem::bad_request(format!(
            "the body is {{\"ips\":[\"address\", ..],\"at\":\"time\"}}, 'at' optional: {error}"
        ))
    })
}

fn answers(publication: &Publication, ips: &[Text<'_>], now: Time) -> serde_json::Result<Vec<u8>> {
    let mut body = Vec::with_capacity(16 + ips.len() * ANSWER_BYTES);
    body.extend_from_slice(b"{\"results\":[");
    for (at, Text(ip)) in ips.iter().enumerate() {
        if at > 0 {
            body.push(b',');
        }
        let element = match ip.parse::<Prefix>() {
            Ok(prefix) => Element::Answer(Answer::new(publication, prefix, now)),
            Err(refusal) => Element::Refused(Refused { ip, error: refusal.to_string() }),
        };
        serde_json::to_writer(&mut body, &element)?;
    }
    body.extend_from_slice(b"]}");
    Ok(body)
}

fn json(body: Vec<u8>) -> Response {
    ([(CONTENT_TYPE, "application/json")], body).into_response()
}
