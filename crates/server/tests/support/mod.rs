//! An app with a clock that is set by hand, asked without a network.

#![allow(
    dead_code,
    unreachable_pub,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "each test file uses a part, and only tests do"
)]

pub mod accounts;
pub mod portal;

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::Arc;

use axum::Router;
use axum::body::{Body, Bytes, to_bytes};
use axum::extract::ConnectInfo;
use axum::http::{HeaderMap, Method, Request, StatusCode};
use blocklist::{
    Content, Details, DetailsTable, FixedClock, Hash, Head, Listing, Publication, Serial, SourceId, Time,
    details,
};
use serde_json::Value;
use server::{AccountRules, App, Budget, Passwords, router};
use store::Store;
use tower::ServiceExt;

/// 2026-03-01T00:00:00Z, when the publications of the tests are published.
pub const PUBLISHED: i64 = 1_772_323_200;
/// A day before, when their prefixes last changed.
pub const CHANGED: i64 = PUBLISHED - 86_400;
/// The prefixes of most tests.
pub const PREFIXES: &[&str] = &["198.51.100.0/24", "203.0.113.7", "2001:db8::/32"];

/// A publication of these prefixes, all from the source `portal`.
pub fn publication(serial: u64, prefixes: &[&str]) -> Publication {
    let mut table = DetailsTable::default();
    let details = table.intern(Details { reason: details::text("port scan"), ..Details::default() });
    let sources: BTreeMap<_, _> = [(SourceId(0), "portal".parse().unwrap())].into();
    let listing = |prefix: &&str| Listing {
        prefix: prefix.parse().unwrap(),
        source: SourceId(0),
        details,
        detected: Time::from_unix(CHANGED),
        until: None,
    };
    let head = Head {
        serial: Serial(serial),
        published_at: Time::from_unix(PUBLISHED),
        changed_at: Time::from_unix(CHANGED),
        hash: Hash([serial as u8; 32]),
    };
    Publication::new(head, Content::new(&sources, &table, prefixes.iter().map(listing).collect())).unwrap()
}

/// An app and its routes.
#[derive(Clone)]
pub struct Rig {
    pub app: Arc<App>,
    pub clock: Arc<FixedClock>,
    pub router: Router,
}

/// What came back.
#[derive(Debug)]
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Bytes,
}

impl Answer {
    pub fn text(&self) -> &str {
        std::str::from_utf8(&self.body).unwrap()
    }

    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap()
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    /// The detail of the problem that this answer must be, of this status.
    pub fn problem(&self, status: u16) -> String {
        assert_eq!(self.status.as_u16(), status, "{self:?}");
        assert_eq!(self.header("content-type"), "application/problem+json");
        let problem = self.json();
        assert_eq!(problem["status"], status);
        assert_eq!(problem["title"].as_str(), self.status.canonical_reason());
        problem["detail"].as_str().unwrap().to_owned()
    }
}

impl Rig {
    /// Without a publication and without a store.
    pub fn empty() -> Self {
        Self::new(None)
    }

    pub fn new(store: Option<Arc<Store>>) -> Self {
        let clock = Arc::new(FixedClock::at(Time::from_unix(PUBLISHED + 3_600)));
        let app = App::new(store, clock.clone(), Budget::default(), "0.0.0-test");
        Self::of(app, clock)
    }

    /// A program on this machine may do everything: who may do what has tests of its own.
    pub fn of(app: App, clock: Arc<FixedClock>) -> Self {
        let rules = AccountRules { local_role: Some(store::Role::Admin), ..AccountRules::default() };
        Self::strict(app.with_accounts(rules).with_passwords(Passwords::with_cost(8, 1)), clock)
    }

    /// With the rules of accounts that the app has.
    pub fn strict(app: App, clock: Arc<FixedClock>) -> Self {
        let app = Arc::new(app);
        let router = router(&app);
        Self { app, clock, router }
    }

    /// With a live publication.
    pub async fn live(prefixes: &[&str]) -> Self {
        let rig = Self::empty();
        rig.app.go_live(publication(1, prefixes)).await;
        rig
    }

    /// As a connection from this machine would send it, unless the request says otherwise.
    pub async fn send(&self, mut request: Request<Body>) -> Answer {
        if request.extensions().get::<ConnectInfo<SocketAddr>>().is_none() {
            request.extensions_mut().insert(ConnectInfo(SocketAddr::from(([127, 0, 0, 1], 50_000))));
        }
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        // A stream of events has no end to wait for.
        let endless = parts.headers.get("content-type").is_some_and(|kind| kind == "text/event-stream");
        let body = if endless { Bytes::new() } else { to_bytes(body, usize::MAX).await.unwrap() };
        Answer { status: parts.status, headers: parts.headers, body }
    }

    pub async fn ask(&self, method: &str, path: &str, headers: &[(&str, &str)]) -> Answer {
        let mut request = Request::builder().method(Method::from_bytes(method.as_bytes()).unwrap()).uri(path);
        if !headers.iter().any(|(name, _)| *name == "host") {
            request = request.header("host", "127.0.0.1:2542");
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        self.send(request.body(Body::empty()).unwrap()).await
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.ask("GET", path, &[]).await
    }

    /// With a body of JSON.
    pub async fn write(&self, method: &str, path: &str, body: &Value) -> Answer {
        let request = Request::builder().method(method).uri(path).header("host", "localhost");
        let request = request.header("content-type", "application/json");
        self.send(request.body(Body::from(body.to_string())).unwrap()).await
    }

    pub async fn post(&self, path: &str, body: impl Into<Body>) -> Answer {
        let request =
            Request::post(path).header("host", "localhost").header("content-type", "application/json");
        self.send(request.body(body.into()).unwrap()).await
    }
}

/// The type of the body that a route of the API takes.
pub fn kind_of_body(path: &str) -> &'static str {
    if path.starts_with("/api/v1/import") { "application/octet-stream" } else { "application/json" }
}

/// The keys that the document promises for a shape, those of flattened parts included.
fn promised(document: &Value, shape: &Value) -> Vec<String> {
    let name = |reference: &str| reference.rsplit('/').next().unwrap().to_owned();
    let mut keys = Vec::new();
    if let Some(reference) = shape["$ref"].as_str() {
        keys.extend(promised(document, &document["components"]["schemas"][name(reference)]));
    }
    for part in shape["allOf"].as_array().into_iter().flatten() {
        keys.extend(promised(document, part));
    }
    keys.extend(shape["properties"].as_object().into_iter().flatten().map(|(key, _)| key.clone()));
    keys.sort();
    keys
}

/// Holds an answer against what the document promises of it.
pub fn has_shape(document: &Value, shape: &str, answer: &Value) {
    let mut keys: Vec<String> = answer.as_object().unwrap().keys().cloned().collect();
    keys.sort();
    assert_eq!(promised(document, &document["components"]["schemas"][shape]), keys, "{shape}");
}
