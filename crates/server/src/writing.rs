//! Who may change something: a program on this machine, and no web page.
//!
//! There are no accounts yet, so whoever may write is told by where the request comes from. A page in somebody's browser
//! also asks from this machine; it is known by what browsers add to its requests, and kept from asking blindly by the
//! type of the body, which a page of another origin can only send after a question that is never answered with yes.

use std::net::SocketAddr;

use axum::body::HttpBody;
use axum::extract::{ConnectInfo, Request};
use axum::http::header::{CONTENT_TYPE, HOST, ORIGIN};
use axum::http::{HeaderValue, Method};

use crate::api::problem::Problem;

/// Questions that come by POST because they are long. They change nothing.
const QUESTIONS: [&str; 1] = ["/api/v1/lookup"];

/// Refuses a request that would change something and may not. `route` is absent where there is none.
pub(crate) fn check(request: &Request, route: Option<&str>) -> Result<(), Problem> {
    let writes = ![Method::GET, Method::HEAD, Method::OPTIONS].contains(request.method());
    if !writes || route.is_none_or(|route| QUESTIONS.contains(&route)) {
        return Ok(());
    }
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>();
    // Without a peer nobody knows who asks.
    if !peer.is_some_and(|ConnectInfo(peer)| peer.ip().to_canonical().is_loopback()) {
        return Err(Problem::forbidden("only programs on this machine itself may change something"));
    }
    let headers = request.headers();
    let host = headers.get(HOST);
    if !headers.get_all(ORIGIN).iter().all(|origin| is_own(origin, host)) {
        return Err(Problem::forbidden("a web page of another origin may not change anything"));
    }
    let own = |site: &HeaderValue| site == "same-origin" || site == "none";
    if !headers.get_all("sec-fetch-site").iter().all(own) {
        return Err(Problem::forbidden("a web page of another site may not change anything"));
    }
    if !request.body().is_end_stream() && !headers.get(CONTENT_TYPE).is_some_and(is_json) {
        return Err(Problem::unsupported("the body is JSON: send Content-Type: application/json"));
    }
    Ok(())
}

/// Whether a page of this origin was served by the host that is asked. The host is known to be loopback by then, but
/// another port of it is somebody else.
fn is_own(origin: &HeaderValue, host: Option<&HeaderValue>) -> bool {
    let authority = origin.as_bytes().strip_prefix(b"http://");
    authority.zip(host).is_some_and(|(authority, host)| authority.eq_ignore_ascii_case(host.as_bytes()))
}

fn is_json(kind: &HeaderValue) -> bool {
    let essence = kind.as_bytes().split(|&byte| byte == b';').next().unwrap_or_default();
    essence.trim_ascii().eq_ignore_ascii_case(b"application/json")
}
