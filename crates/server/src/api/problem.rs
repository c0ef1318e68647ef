//! Errors as RFC 9457 problems: `application/problem+json` with a title, a status and one sentence that helps.

use axum::http::StatusCode;
use axum::http::header::{CONTENT_TYPE, HeaderValue, RETRY_AFTER, WWW_AUTHENTICATE};
use axum::response::{IntoResponse, Response};
use blocklist::Time;
use collect::Trouble;
use serde::{Serialize, Serializer};
use utoipa::ToSchema;

use super::reason::Reason;

/// How long a reader should wait before it asks again, in seconds.
const RETRY_SECONDS: u64 = 5;

/// Why a request is not answered. Its `type` is the default `about:blank` and left out: the status says which kind.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct Problem {
    /// The name of the status.
    title: &'static str,
    /// The status.
    status: u16,
    /// What is wrong, in one sentence.
    detail: String,
    /// Under which the log has the cause; only with 5xx.
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<String>,
    /// Why, by name: the id of a cause.
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "by_id")]
    #[schema(value_type = Option<String>)]
    cause: Option<Box<Reason>>,
    /// What to do about it.
    #[serde(skip_serializing_if = "Option::is_none")]
    hint: Option<&'static str>,
    /// After how many seconds it may be asked again, for the field `Retry-After`.
    #[serde(skip)]
    retry: Option<u64>,
    /// Whether a reader of feeds is asked for its name and secret. Nobody else is: a browser would show a box of its own.
    #[serde(skip)]
    basic: bool,
}

impl Problem {
    fn new(status: StatusCode, detail: impl Into<String>) -> Self {
        let title = status.canonical_reason().unwrap_or("Error");
        let (status, detail) = (status.as_u16(), detail.into());
        Self { title, status, detail, id: None, cause: None, hint: None, retry: None, basic: false }
    }

    /// The request is not understood.
    pub(crate) fn bad_request(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, detail)
    }

    /// Nobody is known by what was presented.
    pub(crate) fn unauthorized(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::UNAUTHORIZED, detail)
    }

    /// Nobody is known by what a reader of feeds presented.
    pub(crate) fn no_reader(detail: impl Into<String>) -> Self {
        Self { basic: true, ..Self::unauthorized(detail) }
    }

    /// Too much was tried: nothing is heard before then.
    pub(crate) fn locked(until: Time, now: Time) -> Self {
        let detail = format!("too many tries failed; the next one is heard at {until}");
        let seconds = u64::try_from(until.unix().saturating_sub(now.unix())).unwrap_or(0).max(1);
        let problem = Self { retry: Some(seconds), ..Self::new(StatusCode::TOO_MANY_REQUESTS, detail) };
        problem.because(Reason::Locked(until))
    }

    /// Only others may do that.
    pub(crate) fn forbidden(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::FORBIDDEN, detail)
    }

    /// Only somebody with this role, or more, may do that.
    pub(crate) fn role(role: store::Role) -> Self {
        Self::forbidden(format!("this needs the role {role}")).because(Reason::Role(role))
    }

    /// There is no such thing.
    pub(crate) fn not_found(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::NOT_FOUND, detail)
    }

    /// The route is there, but not for this method.
    pub(crate) fn method_not_allowed() -> Self {
        Self::new(StatusCode::METHOD_NOT_ALLOWED, "this route has other methods; the field Allow names them")
    }

    /// It was there, and is not kept any more.
    pub(crate) fn gone(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::GONE, detail)
    }

    /// It does not fit what is there now.
    pub(crate) fn conflict(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::CONFLICT, detail)
    }

    /// The body is of another type.
    pub(crate) fn unsupported(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, detail)
    }

    /// The request was understood and tried, and somebody else said no.
    pub(crate) fn unprocessable(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::UNPROCESSABLE_ENTITY, detail)
    }

    /// The body is longer than it may be.
    pub(crate) fn too_large(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::PAYLOAD_TOO_LARGE, detail)
    }

    /// The request names another host.
    pub(crate) fn misdirected() -> Self {
        Self::new(
            StatusCode::MISDIRECTED_REQUEST,
            "only requests to localhost, 127.0.0.0/8 and [::1] are answered; the field Host names another host",
        )
        .because(Reason::Host)
    }

    /// The request names another host than one that a reader without a secret may name.
    pub(crate) fn misdirected_name() -> Self {
        Self::new(
            StatusCode::MISDIRECTED_REQUEST,
            "a reader that is known by its address alone asks by the server's address, or by a name that server.names has",
        )
        .because(Reason::Host)
    }

    /// Too many requests came from there.
    pub(crate) fn too_many(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::TOO_MANY_REQUESTS, detail)
    }

    /// There is no answer now; a little later there may be.
    pub(crate) fn unavailable(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::SERVICE_UNAVAILABLE, detail)
    }

    /// With the id under which the log has the cause.
    pub(crate) fn with_id(self, id: String) -> Self {
        Self { id: Some(id), ..self }
    }

    /// With what a portal, a server or the key said no for, and what to do about it.
    pub(crate) fn with_trouble(self, trouble: Trouble) -> Self {
        self.because(Reason::Trouble(trouble)).with_hint(trouble.info().english_hint)
    }

    /// With why it is refused.
    pub(crate) fn because(self, reason: Reason) -> Self {
        Self { cause: Some(Box::new(reason)), ..self }
    }

    /// The same, where that has a name.
    pub(crate) fn because_of(self, reason: Option<Reason>) -> Self {
        match reason {
            Some(reason) => self.because(reason),
            None => self,
        }
    }

    /// With what to do about it.
    pub(crate) fn with_hint(self, hint: &'static str) -> Self {
        Self { hint: Some(hint), ..self }
    }

    /// What is wrong.
    pub(crate) fn detail(&self) -> &str {
        &self.detail
    }

    /// Under which the log has the cause.
    pub(crate) fn id(&self) -> Option<&str> {
        self.id.as_deref()
    }

    /// Why it is refused, where that has a name.
    pub(crate) fn reason(&self) -> Option<&Reason> {
        self.cause.as_deref()
    }

    /// The status.
    pub(crate) fn status(&self) -> StatusCode {
        StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }
}

#[expect(clippy::ref_option, reason = "the shape of every writer: a reference to the field")]
fn by_id<S: Serializer>(reason: &Option<Box<Reason>>, serializer: S) -> Result<S::Ok, S::Error> {
    reason.as_ref().map(|reason| reason.id()).serialize(serializer)
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = self.status();
        let mut response = (status, axum::Json(&self)).into_response();
        response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        let retry = self.retry.or((status == StatusCode::SERVICE_UNAVAILABLE).then_some(RETRY_SECONDS));
        if let Some(seconds) = retry {
            response.headers_mut().insert(RETRY_AFTER, HeaderValue::from(seconds));
        }
        if status == StatusCode::UNAUTHORIZED {
            let realm = if self.basic { "Basic realm=\"blacklist\"" } else { "Bearer realm=\"blacklist\"" };
            response.headers_mut().insert(WWW_AUTHENTICATE, HeaderValue::from_static(realm));
        }
        // The layer around the pages makes a page of it.
        response.extensions_mut().insert(self);
        response
    }
}
