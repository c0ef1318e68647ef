//! `GET /feeds/{feed}/{format}`: the block list as devices read it.
//!
//! Bodies are built once per publication and shared ([`shelf`]); a request costs finding one and comparing two tags.
//! The rules of the answer are those that every known puller copes with: a full body with its length or 304, never an
//! empty or partial 200, the same fields for HEAD as for GET.

mod body;
pub(crate) mod changes;
pub(crate) mod conditional;
mod gate;
mod query;
mod shelf;

use std::sync::Arc;

use axum::body::Body as HttpBody;
use axum::extract::{Request, State};
use axum::http::header::{CONTENT_LENGTH, HeaderValue, LAST_MODIFIED};
use axum::http::request::Parts;
use axum::http::{Method, StatusCode};
use axum::response::Response;
use blocklist::Serial;
use formats::Format;

pub(crate) use body::Body;
pub(crate) use conditional::Encoding;
pub(crate) use query::Variant;
pub(crate) use shelf::Shelf;

use gate::Asked;

use crate::access::Grant;
use crate::api::problem::Problem;
use crate::live::NoBody;
use crate::{App, Live};

/// A feed in a format.
///
/// 200 with the whole body, or 304 when `If-None-Match` or `If-Modified-Since` says that the reader has it. HEAD answers
/// with the same fields. gzip where `Accept-Encoding` asks for it.
#[utoipa::path(
    get, path = "/feeds/{feed}/{format}", tag = "feeds",
    params(
        ("feed" = String, Path, description = "The feed's name, as in `default`"),
        ("format" = String, Path, description = "plain, fortigate, paloalto, nftables, ipset, csv, json or ndjson"),
        ("family" = Option<String>, Query, description = "`4`, `6` or `all`"),
        ("limit" = Option<u64>, Query, description = "At most so many entries, from 1; `X-Truncated` says when more are left"),
        ("page" = Option<u64>, Query, description = "Which page of `limit` entries, from 1"),
        ("comments" = Option<u8>, Query, description = "`1`: begin with a comment line, where the format has comments"),
        ("merge" = Option<u8>, Query, description = "`1`: join neighbours into wider prefixes, where the format shows no origin"),
    ),
    responses(
        (status = 200, description = "The feed", content_type = "text/plain", body = String, headers(
            ("etag" = String, description = "Strong, made of the bytes of this encoding"),
            ("last-modified" = String, description = "When what the format shows last changed"),
            ("x-feed-serial" = u64, description = "The publication"),
            ("x-entries-total" = u64, description = "Entries on all pages"),
            ("x-entries-served" = u64, description = "Entries in this body"),
            ("x-truncated" = bool, description = "`true` when a limit left entries out"),
        )),
        (status = 304, description = "As the reader has it"),
        (status = 400, description = "The query is not understood", body = Problem, content_type = "application/problem+json"),
        (status = 401, description = "No consumer is known by what was presented", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "The consumer may read another feed", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "No such feed or format", body = Problem, content_type = "application/problem+json"),
        (status = 503, description = "No publication to serve, or who may read cannot be known now", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn feed(State(app): State<Arc<App>>, request: Request) -> Result<Response, Problem> {
    serve(&app, request).await
}

/// A feed in a format, for devices that can send nothing but a URL.
///
/// Answers as `/feeds/{feed}/{format}` does, with the secret of a consumer in the path.
#[utoipa::path(
    get, path = "/t/{token}/feeds/{feed}/{format}", tag = "feeds",
    params(
        ("token" = String, Path, description = "The secret of a consumer"),
        ("feed" = String, Path, description = "The feed's name, as in `default`"),
        ("format" = String, Path, description = "As in `/feeds/{feed}/{format}`, and its query too"),
    ),
    responses(
        (status = 200, description = "The feed", content_type = "text/plain", body = String),
        (status = 304, description = "As the reader has it"),
        (status = 400, description = "The query is not understood", body = Problem, content_type = "application/problem+json"),
        (status = 401, description = "No consumer is known by the token", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "The consumer may read another feed", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "No such feed or format", body = Problem, content_type = "application/problem+json"),
        (status = 503, description = "No publication to serve, or who may read cannot be known now", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn feed_by_token(
    State(app): State<Arc<App>>,
    request: Request,
) -> Result<Response, Problem> {
    serve(&app, request).await
}

async fn serve(app: &App, request: Request) -> Result<Response, Problem> {
    // The request as a whole cannot be kept over a wait: its body is of one thread.
    let (head, _) = request.into_parts();
    let asked = Asked::of(head.uri.path());
    let format = Format::by_name(asked.last).map(|format| format.name);
    let (mut read, admitted) = gate::enter(app, &head, &asked, format).await;
    let answer = match admitted {
        Ok(grant) => answer(app, &grant, asked.last, &head).await,
        Err(problem) => Err(problem),
    };
    match &answer {
        Ok((response, bytes, serial)) => {
            (read.status, read.bytes, read.serial) = (response.status(), *bytes, Some(*serial));
        }
        Err(problem) => read.status = problem.status(),
    }
    if let Some(format) = format {
        app.metrics.feed(format, read.status, read.bytes);
    }
    app.log_pull(read);
    answer.map(|(response, ..)| response)
}

/// The response, how many bytes its body has, and which publication it shows.
async fn answer(
    app: &App,
    grant: &Grant,
    format: &str,
    request: &Parts,
) -> Result<(Response, usize, Serial), Problem> {
    let format = format.parse::<&'static Format>().map_err(|error| Problem::not_found(error.to_string()))?;
    let (query, headers) = (request.uri.query().unwrap_or_default(), &request.headers);
    let cap = grant.consumer.as_ref().and_then(|consumer| consumer.cap);
    let encoding = conditional::encoding(headers);
    let variant = Variant::parse(Arc::clone(&grant.feed), cap, format, query, encoding)
        .map_err(Problem::bad_request)?;
    let live: Arc<Live> = app.served_or_503()?;
    let now = app.now();
    let of_both = variant.selection.family.is_none();
    let body = live.body(variant, now).await.map_err(|error| match error {
        NoBody::Format(refused) => Problem::bad_request(refused.to_string()),
        NoBody::Failed(_) => app.incident("the feed cannot be built now", &error),
    })?;
    // One family of a list may be empty; a whole feed that is would open the device that reads it.
    if of_both && body.total() == 0 {
        return Err(Problem::unavailable(
            "the feed shows nothing now, and no empty list is served; see which sources and categories it is set to",
        ));
    }

    // What the reader had before its feed or its limit changed is old, whatever the list's date.
    let since = grant.since();
    // A date in the future would make a reader wait for it: it is never later than now (RFC 9110 section 8.8.2.1).
    let modified = body.modified.max(since).min(now);
    let mut response = Response::new(HttpBody::empty());
    let mut sent = 0;
    if conditional::is_unchanged(headers, &body.etag, modified) {
        *response.status_mut() = StatusCode::NOT_MODIFIED;
        *response.headers_mut() = body.unchanged.clone();
        // Left alone, the connection would announce 0 bytes, which for HEAD means those of the 200 (RFC 9110 section 8.6).
        if request.method == Method::HEAD
            && let Some(length) = body.full.get(CONTENT_LENGTH)
        {
            response.headers_mut().insert(CONTENT_LENGTH, length.clone());
        }
    } else {
        *response.headers_mut() = body.full.clone();
        *response.body_mut() = HttpBody::from(body.bytes.clone());
        sent = body.bytes.len();
    }
    if modified != body.modified
        && let Ok(date) = HeaderValue::try_from(conditional::http_date(modified))
    {
        response.headers_mut().insert(LAST_MODIFIED, date);
    }
    Ok((response, sent, live.head().serial))
}
