//! What stands before every route: whom the request names, whether it may write, and how it is counted. One
//! layer, and none that boxes what it wraps, because each costs every request: an unchanged feed is answered in a few
//! microseconds.

use std::convert::Infallible;
use std::future::Future;
use std::net::{IpAddr, SocketAddr};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Instant;

use axum::extract::{MatchedPath, Request};
use axum::http::header::{ALLOW, HOST};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, Uri, Version};
use axum::response::{IntoResponse, Response};
use tower::{Layer, Service};

use subtle::ConstantTimeEq;

use crate::api::problem::Problem;
use crate::api::reason::Reason;
use crate::auth::{self, Known, Need, Pending};
use crate::client::{self, Client, Told};
use crate::pages::error;
use crate::pages::rights;
use crate::{App, fields, writing};

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
    S: Service<Request, Response = Response, Error = Infallible> + Clone + Send + 'static,
    S::Future: Send + 'static,
{
    type Response = Response;
    type Error = Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<Response, Infallible>> + Send>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, mut request: Request) -> Self::Future {
        let began = Instant::now();
        let app = Arc::clone(&self.app);
        let route = request.extensions().get::<MatchedPath>().cloned();
        let path = route.as_ref().map(MatchedPath::as_str);
        let here = names_loopback(&request);
        let (client, told) = client::settle(&mut request, here, &app.front().trusted_proxies);
        if told == Told::Unreadable {
            app.metrics.forwarded_unread();
        }
        let need = need(path, request.method());
        let allowed = within_rate(&app, &client, need)
            .and_then(|()| origin(&request, &client, here, app.names()))
            .and_then(|()| writing::check(&request, path));
        let answer = match (allowed, need) {
            (Err(problem), _) => Answer::Now(Box::new(refuse(&app, &request, path, problem))),
            // The way of feeds: nothing is waited for.
            (Ok(()), Need::Nothing | Need::Feed) => Answer::Later(self.inner.call(request)),
            (Ok(()), need) => {
                // The clone is ready by the next call; this one, which is, serves this request.
                let next = self.inner.clone();
                Answer::Ask(std::mem::replace(&mut self.inner, next), Box::new(request), need)
            }
        };
        Box::pin(async move {
            let mut response = match answer {
                Answer::Now(response) => *response,
                Answer::Later(answer) => with_problem(answer.await?),
                Answer::Ask(mut inner, mut request, need) => {
                    let path = route.as_ref().map(MatchedPath::as_str);
                    match admit(&app, &mut request, path, need).await {
                        Ok(()) => with_problem(inner.call(*request).await?),
                        Err(refusal) => refusal.answer(&app, &request, path),
                    }
                }
            };
            // A feed that is read brings the few fields that it has; an answer that it is not is like any other.
            if need != Need::Feed
                || response.status().is_client_error()
                || response.status().is_server_error()
            {
                fields::add(&mut response, if client.connection.tls { app.front().hsts_seconds } else { 0 });
            }
            // Paths that no route has are one route: labels must not grow with what strangers ask for.
            let route = route.as_ref().map_or("none", MatchedPath::as_str);
            app.metrics.request(route, response.status(), began.elapsed());
            Ok(response)
        })
    }
}

/// How a request is answered.
enum Answer<S, F> {
    Now(Box<Response>),
    Later(F),
    Ask(S, Box<Request>, Need),
}

/// What a path asks of whoever asks for it. A path that no route has is answered like one that nobody may read: what there
/// is, is not for strangers. A route that has no rights is nobody's.
pub(crate) fn need(route: Option<&str>, method: &Method) -> Need {
    match route {
        None => Need::Anybody,
        Some(route) => {
            auth::need(route, method).or_else(|| rights::need(route, method)).unwrap_or(Need::Nobody)
        }
    }
}

/// Whether a route is a page, whose refusals are pages.
fn is_page(route: Option<&str>) -> bool {
    route.is_some_and(|route| rights::need(route, &Method::GET).is_some())
}

fn refuse(app: &App, request: &Request, route: Option<&str>, problem: Problem) -> Response {
    match route {
        // What is not there is to a browser like a page that it may not see.
        None => error::answer(app, request, problem),
        Some(_) if is_page(route) => error::refused(app, request, problem),
        Some(_) => problem.into_response(),
    }
}

/// Finds out who asks, and whether that one may; leaves the [`Identity`] with the request.
async fn admit(app: &App, request: &mut Request, route: Option<&str>, need: Need) -> Result<(), Refusal> {
    let client = Client::of(request.extensions());
    let page = is_page(route);
    let identity = app.identify(&client, request.headers()).await?;
    // Pages are for people: a token, or a program on this machine, has the API.
    let identity = identity.filter(|identity| !page || identity.session().is_some());
    let Some(identity) = identity else {
        return Err(Problem::unauthorized("sign in, or send a token").because(Reason::SignIn).into());
    };
    // Also for who is refused: the page that says so is in their language.
    request.extensions_mut().insert(identity.clone());
    if let (Some(pending), Need::Role(_)) = (identity.pending, need) {
        return Err(Refusal::Pending(pending));
    }
    match need {
        Need::Nobody => return Err(Problem::forbidden("nobody may do this").because(Reason::Nobody).into()),
        Need::Role(role) => identity.require(role)?,
        Need::Nothing | Need::Feed | Need::Anybody => {}
    }
    // A form brings it among its fields: `pages::form` looks there.
    if !page
        && auth::writes(request.method())
        && let Known::Session { form_token, .. } = &identity.known
    {
        let sent = request.headers().get(FORM_TOKEN).map(HeaderValue::as_bytes).unwrap_or_default();
        if !bool::from(sent.ct_eq(form_token.as_bytes())) {
            return Err(Problem::forbidden(
                "a request with a cookie that changes something brings the field X-CSRF-Token",
            )
            .with_hint("GET /api/v1/session says what it is; a token needs none")
            .into());
        }
    }
    Ok(())
}

/// Why somebody is not let through.
enum Refusal {
    Problem(Problem),
    /// Something has to be done first.
    Pending(Pending),
}

impl From<Problem> for Refusal {
    fn from(problem: Problem) -> Self {
        Self::Problem(problem)
    }
}

impl Refusal {
    /// Pages lead to where it is done; programs are told.
    fn answer(self, app: &App, request: &Request, route: Option<&str>) -> Response {
        match self {
            Self::Pending(pending) if is_page(route) => error::lead_to(pending.path()),
            Self::Pending(pending) => Problem::forbidden(pending.what()).into_response(),
            Self::Problem(problem) => refuse(app, request, route, problem),
        }
    }
}

/// What a request with a cookie brings to show that a page of this server made it.
pub(crate) const FORM_TOKEN: &str = "x-csrf-token";

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

/// Refuses what comes too often from one address. Feeds have their own gate, and devices behind one address are many.
fn within_rate(app: &App, client: &Client, need: Need) -> Result<(), Problem> {
    let limits = &app.front().limits;
    let Some(address) = client.address.filter(|_| need != Need::Feed && !client.local) else { return Ok(()) };
    if limits.requests_per_second == 0 || app.rates.admit(address, limits, app.now()) {
        return Ok(());
    }
    app.metrics.request_refused();
    Err(Problem::too_many(
        "too many requests come from this address; wait a second, and ask for many addresses at once by POST /api/v1/lookup",
    )
    .because(Reason::TooManyRequests))
}

/// Refuses a request that names no host, or two, or from this machine one that was meant for another.
///
/// A web page can make a browser ask 127.0.0.1 under the name of the page's own server ("DNS rebinding") and would then read
/// the answer; the name gives it away. One that names the server as other machines do was brought by a proxy, so it counts as
/// theirs. From other machines any name will do: nobody there is let in for the place they ask from alone, but for readers
/// with a trusted address, whose names [`crate::access`] looks at.
fn origin(request: &Request, client: &Client, here: bool, names: &[Box<str>]) -> Result<(), Problem> {
    let mut fields = request.headers().get_all(HOST).iter();
    let (first, second) = (fields.next(), fields.next());
    if first.is_none() && request.uri().authority().is_none() && request.version() >= Version::HTTP_11 {
        return Err(Problem::bad_request("the request names no host"));
    }
    if second.is_some() {
        return Err(Problem::bad_request("the request names two hosts"));
    }
    if client.is_from_loopback()
        && !here
        && !hosts(request.uri(), request.headers()).all(|host| is_name(host, names))
    {
        return Err(Problem::misdirected());
    }
    Ok(())
}

/// Whether a request speaks to this machine as a program on it does.
fn names_loopback(request: &Request) -> bool {
    hosts(request.uri(), request.headers()).all(is_loopback)
}

/// Whether a request names the server by an address or by one of its names. A browser that was led here by the name of a
/// page's own server names that; and no page can make it name another.
pub(crate) fn names_server(request: &Parts, names: &[Box<str>]) -> bool {
    hosts(&request.uri, &request.headers)
        .all(|host| is_loopback(host) || is_address(host) || is_name(host, names))
}

/// Whom the request names: in its line, where it has a whole URL, and in its field.
fn hosts<'a>(uri: &'a Uri, headers: &'a HeaderMap) -> impl Iterator<Item = &'a [u8]> {
    let line = uri.authority().map(|authority| authority.as_str().as_bytes());
    line.into_iter().chain(headers.get_all(HOST).iter().map(HeaderValue::as_bytes))
}

/// Whether `host[:port]` is an address, of whatever machine.
fn is_address(authority: &[u8]) -> bool {
    let Ok(text) = std::str::from_utf8(authority) else { return false };
    text.parse::<IpAddr>().is_ok_and(|address| address.is_ipv4())
        || text.parse::<SocketAddr>().is_ok()
        || text
            .strip_prefix('[')
            .and_then(|rest| rest.strip_suffix(']'))
            .is_some_and(|inside| inside.parse::<std::net::Ipv6Addr>().is_ok())
}

/// Whether `host[:port]` is one of the names.
fn is_name(authority: &[u8], names: &[Box<str>]) -> bool {
    let Ok(text) = std::str::from_utf8(authority) else { return false };
    let (name, port) = text.split_once(':').unwrap_or((text, ""));
    port.bytes().all(|b| b.is_ascii_digit()) && names.iter().any(|known| known.eq_ignore_ascii_case(name))
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
    use super::{is_address, is_loopback, is_name};

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

    #[test]
    fn an_address_is_no_name_and_a_name_is_only_one_that_is_given() {
        for good in ["10.0.0.7", "10.0.0.7:2542", "[2001:db8::1]", "[2001:db8::1]:2542"] {
            assert!(is_address(good.as_bytes()), "{good}");
        }
        for bad in ["", "evil.example", "10.0.0.7.evil.example", "10.1", "2001:db8::1", "10.0.0.7:x", "[::1"]
        {
            assert!(!is_address(bad.as_bytes()), "{bad}");
        }
        let names = ["bl.example".into()];
        for good in ["bl.example", "BL.example:80"] {
            assert!(is_name(good.as_bytes(), &names), "{good}");
        }
        for bad in ["", "a.bl.example", "bl.example.evil.example", "bl.example:x", "bl.example:80:80"] {
            assert!(!is_name(bad.as_bytes(), &names), "{bad}");
        }
    }
}
