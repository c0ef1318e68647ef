//! What pages send: forms, each with the token that only a page of this server has.
//!
//! The token is looked at here, before any handler, so that no page can forget it. Whoever is not signed in has none; the page
//! for signing in is guarded by what browsers say of where a form comes from ([`crate::writing`]).

use axum::body::{Body, Bytes};
use axum::extract::{FromRequest, Request};
use axum::http::Extensions;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use serde::de::DeserializeOwned;
use subtle::ConstantTimeEq;

use super::filed;
use crate::api::body;
use crate::api::problem::Problem;
use crate::api::reason::Reason;
use crate::auth::{Identity, Known, writes};

/// The longest form: a pasted list of addresses is the longest thing in one.
const MAX_BYTES: usize = 1 << 20;
/// The field that every form carries.
pub(crate) const FIELD: &str = "csrf";

/// Reads a form once, holds its token against the session, and hands it on.
pub(crate) async fn check(request: Request, next: Next) -> Response {
    if !writes(request.method()) {
        return next.run(request).await;
    }
    if filed::is_in_parts(request.headers()) {
        return match filed::read(request, carried).await {
            Ok(request) => next.run(request).await,
            Err(problem) => problem.into_response(),
        };
    }
    let (parts, body) = request.into_parts();
    let whole = Request::from_parts(parts.clone(), body);
    let too_large = || {
        Problem::too_large(format!("a form has at most {MAX_BYTES} bytes"))
            .because(Reason::TooLarge(MAX_BYTES))
    };
    let bytes = match body::read(whole, MAX_BYTES, too_large).await {
        Ok(bytes) => bytes,
        Err(problem) => return problem.into_response(),
    };
    if let Some(Known::Session { form_token, .. }) = parts.extensions.get::<Identity>().map(|it| &it.known)
        && !carries(&bytes, form_token)
    {
        return strange().into_response();
    }
    next.run(Request::from_parts(parts, Body::from(bytes))).await
}

fn strange() -> Problem {
    let detail = "the form is not from a page of this session; open the page again and send it anew";
    Problem::forbidden(detail).because(Reason::FormToken)
}

/// Whether the tokens that a form in parts carries are the one of the session.
fn carried(extensions: &Extensions, sent: &[String]) -> Result<(), Problem> {
    let known = extensions.get::<Identity>().map(|identity| &identity.known);
    let Some(Known::Session { form_token, .. }) = known else { return Err(strange()) };
    match sent {
        [sent] if sent.as_bytes().ct_eq(form_token.as_bytes()).into() => Ok(()),
        _ => Err(strange()),
    }
}

fn carries(form: &[u8], token: &str) -> bool {
    let mut fields = form_urlencoded::parse(form).filter(|(name, _)| name == FIELD).map(|(_, value)| value);
    let (first, second) = (fields.next(), fields.next());
    second.is_none() && first.is_some_and(|sent| sent.as_bytes().ct_eq(token.as_bytes()).into())
}

/// A form as a struct. Fields that it does not name are passed over: browsers send the names of buttons too.
#[derive(Debug)]
pub(crate) struct Posted<T>(pub(crate) T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for Posted<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        let broken = || Problem::bad_request("the form broke off").because(Reason::Form);
        let bytes = Bytes::from_request(request, state).await.map_err(|_| broken())?;
        serde_urlencoded::from_bytes(&bytes)
            .map(Self)
            // What was typed may be a secret: only that something is wrong is told.
            .map_err(|_| {
                Problem::bad_request("a field of the form is missing, or holds what it cannot")
                    .because(Reason::Form)
            })
    }
}

#[cfg(test)]
mod tests {
    use super::carries;

    #[test]
    fn a_form_carries_the_token_once() {
        assert!(carries(b"a=b&csrf=x%41", "xA"));
        for bad in ["", "csrf=", "csrf=xB", "csrf=xA&csrf=xA", "CSRF=xA"] {
            assert!(!carries(bad.as_bytes(), "xA"), "{bad}");
        }
    }
}
