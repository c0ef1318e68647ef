//! A form that carries a file, which browsers send in parts. Read whole within limits, before any handler; its token is held
//! against the session as that of every form. The guard lets only the route through that takes one.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::extract::multipart::MultipartError;
use axum::extract::{DefaultBodyLimit, FromRequest, FromRequestParts, Multipart, Request};
use axum::http::header::CONTENT_TYPE;
use axum::http::request::Parts;
use axum::http::{Extensions, HeaderMap, StatusCode};

use super::form::FIELD;
use crate::api::import::{MAX_BYTES, too_large};
use crate::api::problem::Problem;
use crate::api::reason::Reason;

/// How long it may take to come.
const PATIENCE: Duration = Duration::from_mins(1);
/// What the fields beside the file, and what stands between, may take.
const AROUND: usize = 64 << 10;
/// The most fields, and the most bytes of one.
const FIELDS: usize = 32;
const FIELD_BYTES: usize = 4 << 10;

/// The form.
#[derive(Clone, Debug, Default)]
pub(crate) struct Filed {
    /// What was typed, by the name of its field; of two of a name the last.
    pub(crate) fields: BTreeMap<String, String>,
    /// The file's name as the browser says it, and what it holds; none when none was chosen.
    pub(crate) file: Option<(String, Arc<[u8]>)>,
}

/// Whether a form comes in parts.
pub(super) fn is_in_parts(headers: &HeaderMap) -> bool {
    let kind = headers.get(CONTENT_TYPE).map_or(&b""[..], |kind| kind.as_bytes());
    let essence = kind.split(|&byte| byte == b';').next().unwrap_or_default();
    essence.trim_ascii().eq_ignore_ascii_case(b"multipart/form-data")
}

/// Reads it, and leaves it with the request, which has no body any more.
pub(super) async fn read(
    mut request: Request,
    carried: impl FnOnce(&Extensions, &[String]) -> Result<(), Problem>,
) -> Result<Request, Problem> {
    DefaultBodyLimit::max(MAX_BYTES + AROUND).apply(&mut request);
    let (mut parts, body) = request.into_parts();
    let request = Request::from_parts(parts.clone(), body);
    let form = Multipart::from_request(request, &()).await.map_err(|_| broken())?;
    let (form, tokens) = tokio::time::timeout(PATIENCE, gather(form))
        .await
        .map_err(|_| Problem::unavailable("the form took too long to come"))??;
    carried(&parts.extensions, &tokens)?;
    parts.extensions.insert(form);
    Ok(Request::from_parts(parts, Body::empty()))
}

async fn gather(mut parts: Multipart) -> Result<(Filed, Vec<String>), Problem> {
    let (mut form, mut tokens, mut count) = (Filed::default(), Vec::new(), 0);
    while let Some(part) = parts.next_field().await.map_err(|error| failed(&error))? {
        count += 1;
        let name = part.name().unwrap_or_default().to_owned();
        let file = part.file_name().map(str::to_owned);
        let bytes = part.bytes().await.map_err(|error| failed(&error))?;
        if count > FIELDS {
            return Err(broken());
        }
        if let Some(file) = file {
            if bytes.len() > MAX_BYTES {
                return Err(too_large());
            }
            // A browser sends an empty part when no file was chosen.
            if !(file.is_empty() && bytes.is_empty()) {
                form.file = Some((file, bytes.as_ref().into()));
            }
            continue;
        }
        if bytes.len() > FIELD_BYTES {
            return Err(broken());
        }
        let text = String::from_utf8(bytes.into()).map_err(|_| broken())?;
        if name == FIELD {
            tokens.push(text);
        } else {
            form.fields.insert(name, text);
        }
    }
    Ok((form, tokens))
}

fn failed(error: &MultipartError) -> Problem {
    if error.status() == StatusCode::PAYLOAD_TOO_LARGE { too_large() } else { broken() }
}

fn broken() -> Problem {
    Problem::bad_request("the form broke off, or is none").because(Reason::Form)
}

impl<S: Send + Sync> FromRequestParts<S> for Filed {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        parts.extensions.remove::<Self>().ok_or_else(broken)
    }
}
