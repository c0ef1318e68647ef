//! What stands before every route: whom the request names, whether it may write, and how it is counted. One
//! layer, and none that boxes what it wraps, because each costs every request: an unchanged feed is answered in a few
//! microseconds.

use std::convert::Infallible;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Instant;

use axum::extract::{MatchedPath, Request};
use axum::http::header::{ALLOW, HOST};
use axum::http::{StatusCode, Version};
use axum::response::{IntoResponse, Response};
use tower::{Layer, Service};

use crate::api::problem::Problem;
use crate::{App, writing};

/// The layer.
#[derive(Clone)]
pub(crate) struct Guard(pub(crate) Arc<App>);

impl<S> Layer<S> for Guard {
    type Service = Guarded<S>;

    fn layer(&self, inner: S) -> Guarded<S> {
        Guarded { app: Arc::clone(&self.0), inner }
    }
}

/// A route behind the layer.
#[derive(Clone)]
pub(crate) struct Guarded<S> {
    app: Arc<App>,
    inner: S,
}

impl<S> Service<Request> for Guarded<S>
where
    S: Service<Request, Response = Response, Error = Infallible>,
    S::Future: Send + 'static,
{
    type Response = Response;
    type Error = Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<Response, Infallible>> + Send>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, request: Request) -> Self::Future {
        let began = Instant::now();
        let app = Arc::clone(&self.app);
        let route = request.extensions().get::<MatchedPath>().cloned();
        let allowed =
            host(&request).and_then(|()| writing::check(&request, route.as_ref().map(MatchedPath::as_str)));
        let answer = allowed.map(|()| self.inner.call(request));
        Box::pin(async move {
            let response = match answer {
                Ok(answer) => with_problem(answer.await?),
                Err(problem) => problem.into_response(),
            };
            // Paths that no route has are one route: labels must not grow with what strangers ask for.
            let route = route.as_ref().map_or("none", MatchedPath::as_str);
            app.metrics.request(route, response.status(), began.elapsed());
            Ok(response)
        })
    }
}

/// A wrong method is answered by the router without a body; everybody else gets a problem, so does this.
fn with_problem(response: Response) -> Response {
    if response.status() != StatusCode::METHOD_NOT_ALLOWED {
        return response;
    }
    let allow = response.headers().get(ALLOW).cloned();
    let mut problem = Problem::method_not_allowed().into_response();
    problem.headers_mut().extend(allow.map(|allow| (ALLOW, allow)));
    problem
}

/// Refuses a request that was meant for another host. A web page can make a browser ask 127.0.0.1 under the name of the
/// page's own server ("DNS rebinding") and would then read the answer; the name gives it away.
fn host(request: &Request) -> Result<(), Problem> {
    let mut named = request.headers().get_all(HOST).iter();
    let (first, second) = (named.next(), named.next());
    let asked = request.uri().authority().map(|authority| authority.as_str().as_bytes());
    match (first, second) {
        (None, None) if asked.is_none() && request.version() >= Version::HTTP_11 => {
            Err(Problem::bad_request("the request names no host"))
        }
        (_, Some(_)) => Err(Problem::bad_request("the request names two hosts")),
        (first, None) => {
            let field = first.map(axum::http::HeaderValue::as_bytes);
            if asked.into_iter().chain(field).all(is_loopback) { Ok(()) } else { Err(Problem::misdirected()) }
        }
    }
}

/// Whether `host[:port]` is a name of this machine's loopback.
fn is_loopback(authority: &[u8]) -> bool {
    let Ok(text) = std::str::from_utf8(authority) else { return false };
    let is_port = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    if let Some(rest) = text.strip_prefix("[::1]") {
        return rest.is_empty() || rest.strip_prefix(':').is_some_and(is_port);
    }
    let (name, port) = text.split_once(':').unwrap_or((text, ""));
    let is_name = || name.eq_ignore_ascii_case("localhost");
    let is_address = || name.parse::<std::net::Ipv4Addr>().is_ok_and(|addr| addr.is_loopback());
    is_port(port) && (is_address() || is_name())
}

#[cfg(test)]
mod tests {
    use super::is_loopback;

    #[test]
    fn only_names_of_loopback_pass() {
        for good in ["localhost", "LOCALHOST:80", "127.0.0.1", "127.8.9.10:2542", "[::1]", "[::1]:2542"] {
            assert!(is_loopback(good.as_bytes()), "{good}");
        }
        for bad in [
            "",
            "evil.example",
            "localhost.evil.example",
            "127.0.0.1.evil.example",
            "128.0.0.1",
            "10.0.0.1:80",
            "[::2]",
            "[::1]x",
            "localhost:8x",
            "user@localhost",
            "127.1",
            "0x7f.0.0.1",
            "::1",
            "localhost:80:80",
        ] {
            assert!(!is_loopback(bad.as_bytes()), "{bad}");
        }
    }
}
