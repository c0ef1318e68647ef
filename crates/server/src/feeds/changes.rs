//! `GET /feeds/{feed}/changes`: what came and went since a publication that the reader holds.
//!
//! Exact or refused: a reader that applies the answer to the list of serial `from` has the list of serial `to`, byte for
//! byte as the feed writes it. A serial that is not kept any more, or that this server never published, is 410, and the
//! reader fetches the whole feed.

use std::sync::Arc;
use std::time::Duration;

use axum::Json;
use axum::extract::{Path, RawQuery, State};
use axum::http::HeaderMap;
use axum::http::header::{CACHE_CONTROL, HeaderValue};
use axum::response::{IntoResponse, Response};
use blocklist::{Delta, FeedSettings, Publication, Selection, Serial};
use serde::Serialize;
use utoipa::ToSchema;

use super::FEEDS;
use super::body::SERIAL;
use crate::App;
use crate::api::problem::Problem;

/// The longest wait that is granted: below what proxies cut off.
const MOST_WAIT: Duration = Duration::from_secs(55);

/// What came and went. `from` without what is removed, with what is added, is `to`.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Changes {
    /// The serial that the reader holds.
    from: u64,
    /// The serial that the feed shows now.
    to: u64,
    /// Prefixes that came, in order.
    added: Vec<String>,
    /// Prefixes that went, in order.
    removed: Vec<String>,
}

/// What is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Question {
    since: Serial,
    wait: Duration,
    selection: Selection,
}

impl Question {
    fn parse(query: &str) -> Result<Self, String> {
        let mut question = Self { since: Serial(0), wait: Duration::ZERO, selection: Selection::default() };
        let (mut since, mut seen) = (None, Vec::new());
        for pair in query.split('&').filter(|pair| !pair.is_empty()) {
            let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
            if seen.contains(&key) {
                return Err(format!("'{key}' is given twice"));
            }
            seen.push(key);
            match key {
                "since" => since = Some(Serial(whole(key, value)?)),
                "wait" => question.wait = Duration::from_secs(whole(key, value)?).min(MOST_WAIT),
                "family" => question.selection.family = super::query::family(value)?,
                _ => {
                    let key: String = key.chars().take(80).collect();
                    return Err(format!("unknown '{key}'; there are: since, wait, family"));
                }
            }
        }
        question.since = since.ok_or("'since' is missing: the serial of the list that you hold")?;
        Ok(question)
    }
}

fn whole(key: &str, value: &str) -> Result<u64, String> {
    let digits = !value.is_empty() && value.bytes().all(|b| b.is_ascii_digit());
    value.parse().ok().filter(|_| digits).ok_or_else(|| format!("'{key}' is a whole number"))
}

/// What came and went since a serial.
///
/// Answers at once when the feed shows another serial; with `wait` as soon as it does, or after so many seconds with two
/// empty lists.
#[utoipa::path(
    get, path = "/feeds/{feed}/changes", tag = "feeds",
    params(
        ("feed" = String, Path, description = "The feed's name"),
        ("since" = u64, Query, description = "The serial that you hold: X-Feed-Serial of your last read"),
        ("wait" = Option<u64>, Query, description = "Seconds to wait for news, at most 55"),
        ("family" = Option<String>, Query, description = "4, 6 or all"),
    ),
    responses(
        (status = 200, body = Changes),
        (status = 400, description = "A parameter is not understood", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "No such feed", body = Problem, content_type = "application/problem+json"),
        (status = 410, description = "That serial is not kept: fetch the whole feed", body = Problem, content_type = "application/problem+json"),
        (status = 503, description = "No publication to serve", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn changes(
    State(app): State<Arc<App>>,
    Path(feed): Path<String>,
    RawQuery(query): RawQuery,
) -> Result<Response, Problem> {
    if !FEEDS.contains(&feed.as_str()) {
        return Err(Problem::not_found(format!("no such feed; there are: {}", FEEDS.join(", "))));
    }
    let question = Question::parse(query.as_deref().unwrap_or_default()).map_err(Problem::bad_request)?;
    answer(&app, &question).await.map(|changes| {
        let mut headers = HeaderMap::new();
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-cache"));
        headers.insert(SERIAL, HeaderValue::from(changes.to));
        (headers, Json(changes)).into_response()
    })
}

async fn answer(app: &Arc<App>, question: &Question) -> Result<Changes, Problem> {
    let Question { since, wait, selection } = *question;
    if app.served_or_503()?.head().serial == since && !wait.is_zero() {
        // Whether it came or not is seen below.
        let _ = tokio::time::timeout(wait, app.another_than(since)).await;
    }
    let now = app.served_or_503()?.shared();
    let to = now.head().serial;
    if to == since {
        return Ok(Changes { from: since.0, to: to.0, added: Vec::new(), removed: Vec::new() });
    }
    let before = held(app, since, to).await?;
    let delta = tokio::task::spawn_blocking(move || {
        Delta::of_views(&before, &now, &FeedSettings::default(), selection)
    })
    .await;
    let delta = delta.map_err(|error| app.incident("the changes cannot be told now", &error))?;
    let texts = |prefixes: &[prefix::Prefix]| prefixes.iter().map(ToString::to_string).collect();
    Ok(Changes { from: since.0, to: to.0, added: texts(&delta.added), removed: texts(&delta.removed) })
}

/// The publication that the reader holds.
async fn held(app: &App, since: Serial, to: Serial) -> Result<Arc<Publication>, Problem> {
    let gone = || {
        Problem::gone(format!("publication {since} is not kept here; fetch the whole feed, which is at {to}"))
    };
    // A serial of the future was published by somebody else, or before a backup was restored.
    if since > to {
        return Err(gone());
    }
    if let Some(found) = app.recent().find(since) {
        return Ok(found);
    }
    let loaded = app.ask_store(move |store| match store.load_publication(since) {
        Err(store::Error::NoPublication(_)) => Ok(None),
        loaded => loaded.map(Some),
    });
    loaded.await?.map(Arc::new).ok_or_else(gone)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_asked_is_read_strictly() {
        let question = Question::parse("since=41&wait=600&family=4").unwrap();
        assert_eq!((question.since, question.wait), (Serial(41), MOST_WAIT));
        assert_eq!(question.selection.family, Some(prefix::Family::V4));
        for (query, word) in [
            ("", "since"),
            ("wait=3", "since"),
            ("since=", "since"),
            ("since=-1", "since"),
            ("since=+1", "since"),
            ("since=1&since=2", "twice"),
            ("since=1&limit=5", "limit"),
            ("since=1&wait=x", "wait"),
            ("since=1&family=5", "family"),
            ("since=99999999999999999999999", "since"),
        ] {
            let error = Question::parse(query).unwrap_err();
            assert!(error.contains(word), "{query}: {error}");
        }
    }
}
