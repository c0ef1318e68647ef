//! Query strings of the API. Strict, as those of the feeds: an unknown key is refused by name.

use std::str::FromStr;

use axum::extract::FromRequestParts;
use axum::extract::rejection::QueryRejection;
use axum::http::request::Parts;
use serde::de::DeserializeOwned;

use super::problem::Problem;

/// Elements of a page where the request does not say.
pub(crate) const DEFAULT_LIMIT: usize = 100;
/// The most elements of a page.
pub(crate) const MAX_LIMIT: usize = 1_000;

/// A query string as a struct that refuses unknown keys.
pub(crate) struct Query<T>(pub(crate) T);

impl<S: Sync, T: DeserializeOwned> FromRequestParts<S> for Query<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        match axum::extract::Query::try_from_uri(&parts.uri) {
            Ok(axum::extract::Query(query)) => Ok(Self(query)),
            Err(QueryRejection::FailedToDeserializeQueryString(error)) => {
                Err(Problem::bad_request(error.body_text()))
            }
            Err(error) => Err(Problem::bad_request(error.body_text())),
        }
    }
}

/// How many elements a page has.
pub(crate) fn limit(limit: Option<usize>) -> Result<usize, Problem> {
    match limit.unwrap_or(DEFAULT_LIMIT) {
        limit @ 1..=MAX_LIMIT => Ok(limit),
        other => Err(Problem::bad_request(format!("'limit' is 1 to {MAX_LIMIT}, not {other}"))),
    }
}

/// A value of the query in its own type. `what` says how it should look.
pub(crate) fn value<T: FromStr>(key: &str, text: Option<&str>, what: &str) -> Result<Option<T>, Problem> {
    let Some(text) = text else { return Ok(None) };
    let shown: String = text.chars().take(80).collect();
    text.parse().map(Some).map_err(|_| Problem::bad_request(format!("'{key}' is {what}, not '{shown}'")))
}

/// Takes one element more than the page has, and says from where the next page goes on.
pub(crate) fn cut<T, C>(rows: &mut Vec<T>, limit: usize, cursor: impl Fn(&T) -> C) -> Option<C> {
    let more = rows.len() > limit;
    rows.truncate(limit);
    rows.last().filter(|_| more).map(cursor)
}
