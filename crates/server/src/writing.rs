//! What a request that changes something must look like, whoever sends it.
//!
//! Who may is [`crate::auth`]'s. A page in somebody's browser sends that browser's cookies, and from this machine counts as
//! this machine; it is known by what browsers add to its requests, and kept from asking blindly by the type of the body, which
//! a page of another origin can only send after a question that is never answered with yes.

use axum::body::HttpBody;
use axum::extract::Request;
use axum::http::HeaderValue;
use axum::http::header::{CONTENT_TYPE, HOST, ORIGIN};

use crate::api::problem::Problem;
use crate::api::reason::Reason;
use crate::auth::{FILE_BY_API, QUESTIONS, writes};
use crate::client::Client;
use crate::pages::rights;

/// Refuses a request that would change something and may not. `route` is absent where there is none.
pub(crate) fn check(request: &Request, route: Option<&str>) -> Result<(), Problem> {
    if !writes(request.method()) || route.is_none_or(|route| QUESTIONS.contains(&route)) {
        return Ok(());
    }
    let headers = request.headers();
    let host = headers.get(HOST);
    let secure = Client::of(request.extensions()).secure;
    if !headers.get_all(ORIGIN).iter().all(|origin| is_own(origin, host, secure)) {
        return Err(Problem::forbidden("a web page of another origin may not change anything")
            .because(Reason::OtherSite));
    }
    let own = |site: &HeaderValue| site == "same-origin" || site == "none";
    if !headers.get_all("sec-fetch-site").iter().all(own) {
        return Err(Problem::forbidden("a web page of another site may not change anything")
            .because(Reason::OtherSite));
    }
    let kind = headers.get(CONTENT_TYPE);
    if route.is_some_and(|route| rights::need(route, request.method()).is_some()) {
        return match kind {
            // A browser that says neither where the form is from nor which site is none of today.
            _ if headers.get(ORIGIN).is_none() && headers.get("sec-fetch-site").is_none() => {
                Err(Problem::forbidden("a form says which page it is from; this browser says nothing")
                    .because(Reason::OtherSite))
            }
            Some(kind) if is(kind, b"application/x-www-form-urlencoded") => Ok(()),
            Some(kind) if route == Some(rights::FILE_BY_PAGE) && is(kind, b"multipart/form-data") => Ok(()),
            _ => Err(Problem::unsupported("a form is sent as application/x-www-form-urlencoded")),
        };
    }
    // Neither is a type that a page of another origin may send unasked.
    let (wanted, says): (&[u8], _) = if route == Some(FILE_BY_API) {
        (b"application/octet-stream", "the body is a file: send Content-Type: application/octet-stream")
    } else {
        (b"application/json", "the body is JSON: send Content-Type: application/json")
    };
    if !request.body().is_end_stream() && !kind.is_some_and(|kind| is(kind, wanted)) {
        return Err(Problem::unsupported(says));
    }
    Ok(())
}

/// Whether a page of this origin was served by the host that is asked. Another port of it is somebody else. A page that came
/// unencrypted may be anybody's, so it is none of a server that is asked over TLS; the other way round the server may not
/// know of a proxy before it.
fn is_own(origin: &HeaderValue, host: Option<&HeaderValue>, secure: bool) -> bool {
    let bytes = origin.as_bytes();
    let plain = || bytes.strip_prefix(b"http://").filter(|_| !secure);
    let authority = bytes.strip_prefix(b"https://").or_else(plain);
    authority.zip(host).is_some_and(|(authority, host)| authority.eq_ignore_ascii_case(host.as_bytes()))
}

fn is(kind: &HeaderValue, wanted: &[u8]) -> bool {
    let essence = kind.as_bytes().split(|&byte| byte == b';').next().unwrap_or_default();
    essence.trim_ascii().eq_ignore_ascii_case(wanted)
}
