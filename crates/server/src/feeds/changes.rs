//! `GET /feeds/{feed}/changes`: what came and went since a publication that the reader holds.
//!
//! Exact or refused: a reader that applies the answer to the list of serial `from` has the list of serial `to`, byte for
//! byte as the feed writes it. A serial that is not kept any more, or that this server never published, is 410, and the
//! reader fetches the whole feed.

use std::sync::Arc;
use std::time::Duration;

use axum::Json;
use axum::extract::{Request, State};
use axum::http::HeaderMap;
use axum::http::header::{CACHE_CONTROL, HeaderValue, X_CONTENT_TYPE_OPTIONS};
use axum::response::{IntoResponse, Response};
use blocklist::{Delta, Head, Publication, Selection, Serial, Time};
use serde::Serialize;
use utoipa::ToSchema;

use super::body::SERIAL;
use super::gate::{self, Asked};
use crate::App;
use crate::access::Grant;
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
    fn parse(grant: &Grant, query: &str) -> Result<Self, String> {
        let cap = grant.consumer.as_ref().and_then(|consumer| consumer.cap);
        // As the formats without origin write it.
        let selection = grant.feed.settings.select(Selection { cap, ..Selection::default() }, true);
        let mut question = Self { since: Serial(0), wait: Duration::ZERO, selection };
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
        (status = 401, description = "No consumer is known by what was presented", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "The consumer may read another feed", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "No such feed", body = Problem, content_type = "application/problem+json"),
        (status = 410, description = "That serial is not kept: fetch the whole feed", body = Problem, content_type = "application/problem+json"),
        (status = 503, description = "No publication to serve", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn changes(State(app): State<Arc<App>>, request: Request) -> Result<Response, Problem> {
    serve(&app, request).await
}

/// What came and went since a serial, for devices that can send nothing but a URL.
///
/// Answers as `/feeds/{feed}/changes` does, with the secret of a consumer in the path.
#[utoipa::path(
    get, path = "/t/{token}/feeds/{feed}/changes", tag = "feeds",
    params(
        ("token" = String, Path, description = "The secret of a consumer"),
        ("feed" = String, Path, description = "The feed's name"),
        ("since" = u64, Query, description = "As for `/feeds/{feed}/changes`, and the rest of the query too"),
    ),
    responses(
        (status = 200, body = Changes),
        (status = 400, description = "A parameter is not understood", body = Problem, content_type = "application/problem+json"),
        (status = 401, description = "No consumer is known by the token", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "The consumer may read another feed", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "No such feed", body = Problem, content_type = "application/problem+json"),
        (status = 410, description = "That serial is not kept: fetch the whole feed", body = Problem, content_type = "application/problem+json"),
        (status = 503, description = "No publication to serve, or who may read cannot be known now", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn changes_by_token(
    State(app): State<Arc<App>>,
    request: Request,
) -> Result<Response, Problem> {
    serve(&app, request).await
}

async fn serve(app: &Arc<App>, request: Request) -> Result<Response, Problem> {
    let (head, _) = request.into_parts();
    let asked = Asked::of(head.uri.path());
    let (mut read, admitted) = gate::enter(app, &head, &asked, Some("changes")).await;
    let answer = match admitted {
        Ok(grant) => match Question::parse(&grant, head.uri.query().unwrap_or_default()) {
            Ok(question) => answer(app, &grant, &question).await,
            Err(what) => Err(Problem::bad_request(what)),
        },
        Err(problem) => Err(problem),
    };
    match &answer {
        Ok(changes) => read.serial = Some(Serial(changes.to)),
        Err(problem) => read.status = problem.status(),
    }
    // When it was answered, which may be long after it was asked.
    read.at = app.now();
    app.log_pull(read);
    answer.map(|changes| {
        let mut headers = HeaderMap::new();
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-cache"));
        headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
        headers.insert(SERIAL, HeaderValue::from(changes.to));
        (headers, Json(changes)).into_response()
    })
}

async fn answer(app: &Arc<App>, grant: &Grant, question: &Question) -> Result<Changes, Problem> {
    let Question { since, wait, selection } = *question;
    if app.served_or_503()?.head().serial == since && !wait.is_zero() {
        // Whether it came or not is seen below.
        let _ = tokio::time::timeout(wait, app.another_than(since)).await;
    }
    let now = app.served_or_503()?.shared();
    let to = now.head().serial;
    let defined = grant.since();
    // Read while the feed or the reader's limit was defined otherwise, that serial was another list.
    let otherwise = |head: &Head| defined > Time::from_unix(0) && head.published_at <= defined;
    let redefined =
        || Problem::gone(format!("the feed was defined otherwise when {since} was read; fetch it whole"));
    if to == since {
        return if otherwise(now.head()) {
            Err(redefined())
        } else {
            Ok(Changes { from: since.0, to: to.0, added: Vec::new(), removed: Vec::new() })
        };
    }
    let before = held(app, since, to).await?;
    if otherwise(before.head()) {
        return Err(redefined());
    }
    let feed = Arc::clone(&grant.feed);
    let delta =
        tokio::task::spawn_blocking(move || Delta::of_views(&before, &now, &feed.settings, selection)).await;
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
        let grant = Grant { feed: Arc::new(crate::access::Feed::all()), consumer: None };
        let question = Question::parse(&grant, "since=41&wait=600&family=4").unwrap();
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
            let error = Question::parse(&grant, query).unwrap_err();
            assert!(error.contains(word), "{query}: {error}");
        }
    }
}
