//! Bodies of requests: read within limits of bytes and time, strict, and never shown again.

use std::time::Duration;

use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, FromRequest, FromRequestParts, Path, Request};
use axum::http::StatusCode;
use axum::http::request::Parts;
use blocklist::SourceName;
use serde::de::DeserializeOwned;

use super::problem::Problem;
use super::reason::Reason;

/// The longest body of a request that changes something.
const MAX_BYTES: usize = 64 << 10;
/// How long a body may take. What is done with it afterwards has its own limits: a login at a portal is not broken off
/// because half a minute is over.
const PATIENCE: Duration = Duration::from_secs(30);
/// So much of what is wrong with a body is told, in characters.
const MAX_SHOWN: usize = 300;

/// A body as a struct that refuses unknown members.
pub(crate) trait Form: DeserializeOwned {
    /// How it looks.
    const LOOKS: &'static str;
    /// Something in it is secret: what is wrong with it is told by its place alone. Also the name of an unknown member
    /// could be a secret, in the hand of somebody who mixed up name and value.
    const SECRET: bool = false;
}

/// The body of a request; an empty one counts as `{}`.
#[derive(Debug)]
pub(crate) struct Json<T>(pub(crate) T);

impl<S: Sync, T: Form> FromRequest<S> for Json<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, _: &S) -> Result<Self, Problem> {
        let too_large = || Problem::too_large(format!("the body has at most {MAX_BYTES} bytes"));
        let bytes = read(request, MAX_BYTES, too_large).await?;
        let json: &[u8] = if bytes.is_empty() { b"{}" } else { &bytes };
        serde_json::from_slice(json).map(Self).map_err(|error| {
            let looks = T::LOOKS;
            Problem::bad_request(if T::SECRET {
                let (line, column) = (error.line(), error.column());
                format!("the body is {looks}; what came is something else at line {line}, column {column}")
            } else {
                let error: String = error.to_string().chars().take(MAX_SHOWN).collect();
                format!("the body is {looks}: {error}")
            })
        })
    }
}

/// Reads a body of at most `most` bytes.
pub(crate) async fn read(
    mut request: Request,
    most: usize,
    too_large: impl FnOnce() -> Problem,
) -> Result<Bytes, Problem> {
    DefaultBodyLimit::max(most).apply(&mut request);
    match tokio::time::timeout(PATIENCE, Bytes::from_request(request, &())).await {
        Ok(Ok(bytes)) => Ok(bytes),
        Ok(Err(rejection)) if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE => Err(too_large()),
        Ok(Err(_)) => Err(Problem::bad_request("the body broke off")),
        Err(_) => Err(Problem::unavailable("the body of the request took too long")),
    }
}

/// The source that a path names.
#[derive(Debug)]
pub(crate) struct Named(pub(crate) SourceName);

impl<S: Send + Sync> FromRequestParts<S> for Named {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        // A name that no source can have is one that none has.
        let name = Path::<String>::from_request_parts(parts, state).await.ok();
        let name = name.and_then(|Path(name)| name.parse().ok());
        name.map(Self).ok_or_else(|| Problem::not_found("no such source").because(Reason::SourceName))
    }
}
