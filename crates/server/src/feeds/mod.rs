//! `GET /feeds/{feed}/{format}`: the block list as devices read it.
//!
//! Bodies are built once per publication and shared ([`shelf`]); a request costs finding one and comparing two tags.
//! The rules of the answer are those that every known puller copes with: a full body with its length or 304, never an
//! empty or partial 200, the same fields for HEAD as for GET.

mod body;
pub(crate) mod changes;
mod conditional;
mod query;
mod shelf;

use std::sync::Arc;

use axum::body::Body as HttpBody;
use axum::extract::{Request, State};
use axum::http::header::{CONTENT_LENGTH, HeaderValue, LAST_MODIFIED};
use axum::http::request::Parts;
use axum::http::{Method, StatusCode};
use axum::response::Response;
use formats::Format;

pub(crate) use body::Body;
pub(crate) use conditional::Encoding;
pub(crate) use query::Variant;
pub(crate) use shelf::Shelf;

use crate::api::problem::Problem;
use crate::live::NoBody;
use crate::{App, Live};

/// The feeds there are.
pub const FEEDS: &[&str] = &["default"];

/// A feed in a format.
///
/// 200 with the whole body, or 304 when `If-None-Match` or `If-Modified-Since` says that the reader has it. HEAD answers
/// with the same fields. gzip where `Accept-Encoding` asks for it.
#[utoipa::path(
    get, path = "/feeds/{feed}/{format}", tag = "feeds",
    params(
        ("feed" = String, Path, description = "The feed's name: `default`"),
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
        (status = 404, description = "No such feed or format", body = Problem, content_type = "application/problem+json"),
        (status = 503, description = "No publication to serve", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn feed(State(app): State<Arc<App>>, request: Request) -> Result<Response, Problem> {
    // The route has just these two parts; names hold nothing that would be escaped.
    let mut parts = request.uri().path().rsplit('/');
    let (format, feed) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
    if !FEEDS.contains(&feed) {
        return Err(Problem::not_found(format!("no such feed; there are: {}", FEEDS.join(", "))));
    }
    let format = format.parse::<&'static Format>().map_err(|error| Problem::not_found(error.to_string()))?;
    // The request as a whole cannot be kept over a wait: its body is of one thread.
    let (head, _) = request.into_parts();
    let answer = answer(&app, format, &head).await;
    let (status, bytes) = match &answer {
        Ok((response, bytes)) => (response.status(), *bytes),
        Err(problem) => (problem.status(), 0),
    };
    app.metrics.feed(format.name, status, bytes);
    answer.map(|(response, _)| response)
}

/// The response, and how many bytes its body has.
async fn answer(app: &App, format: &'static Format, request: &Parts) -> Result<(Response, usize), Problem> {
    let (query, headers) = (request.uri.query().unwrap_or_default(), &request.headers);
    let variant =
        Variant::parse(format, query, conditional::encoding(headers)).map_err(Problem::bad_request)?;
    let live: Arc<Live> = app.served_or_503()?;
    let now = app.now();
    let body = live.body(variant, now).await.map_err(|error| match error {
        NoBody::Format(refused) => Problem::bad_request(refused.to_string()),
        NoBody::Failed(_) => app.incident("the feed cannot be built now", &error),
    })?;

    // A date in the future would make a reader wait for it: it is never later than now (RFC 9110 section 8.8.2.1).
    let modified = body.modified.min(now);
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
    Ok((response, sent))
}
