//! What stands before the routes: proxies, limits, and the fields of every answer.

#![allow(clippy::unwrap_used, clippy::panic, reason = "tests")]

mod support;

use std::convert::Infallible;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::{Body, Bytes, HttpBody};
use axum::extract::ConnectInfo;
use axum::http::{Method, Request};
use blocklist::{FixedClock, Time};
use hyper::body::Frame;
use server::{App, Budget, Front, Limits, bind, run};
use support::{Answer, PREFIXES, PUBLISHED, Rig, publication};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio_util::sync::CancellationToken;

const PROXY: &str = "10.0.0.1:40000";
const STRANGER: &str = "192.0.2.7:40000";

/// A rig with other settings of what stands before the routes.
async fn rig(front: Front) -> Rig {
    let clock = Arc::new(FixedClock::at(Time::from_unix(PUBLISHED + 3_600)));
    let app = App::new(None, clock.clone(), Budget::default(), "test").with_front(front);
    let rig = Rig::of(app, clock);
    rig.app.go_live(publication(1, PREFIXES)).await;
    rig
}

async fn ask(rig: &Rig, peer: &str, path: &str, fields: &[(&str, &str)]) -> Answer {
    let mut request = Request::get(path).header("host", "10.0.0.9:2542");
    for (name, value) in fields {
        request = request.header(*name, *value);
    }
    let peer: SocketAddr = peer.parse().unwrap();
    rig.send(request.extension(ConnectInfo(peer)).body(Body::empty()).unwrap()).await
}

#[tokio::test]
async fn what_no_trusted_proxy_says_is_counted_when_it_cannot_be_read() {
    let rig = rig(Front { trusted_proxies: vec!["10.0.0.0/24".parse().unwrap()], ..Front::default() }).await;
    for (peer, said) in [(PROXY, "192.0.2.7"), (PROXY, "garbage"), (STRANGER, "garbage")] {
        assert_eq!(ask(&rig, peer, "/healthz", &[("x-forwarded-for", said)]).await.status, 200);
    }
    let metrics = rig.get("/metrics").await;
    assert!(metrics.text().contains("blacklist_forwarded_unread_total 1\n"), "{}", metrics.text());
}

#[tokio::test]
async fn a_program_on_this_machine_loses_its_place_when_a_proxy_brings_its_request() {
    let rig = Rig::live(PREFIXES).await;
    assert_eq!(rig.get("/feeds/default/plain").await.status, 200);
    for field in ["x-forwarded-for", "x-forwarded-proto", "x-real-ip", "forwarded", "via"] {
        let answer = rig.ask("GET", "/feeds/default/plain", &[(field, "127.0.0.1")]).await;
        assert_ne!(answer.status, 200, "{field}");
    }
}

#[tokio::test]
async fn who_asks_too_often_waits_and_feeds_and_this_machine_go_on() {
    let limits = Limits { requests_per_second: 2, requests_at_once: 5, ..Limits::default() };
    let trusted_proxies = vec!["10.0.0.1".parse().unwrap()];
    let rig = rig(Front { limits, trusted_proxies, ..Front::default() }).await;
    for _ in 0..5 {
        assert_eq!(ask(&rig, STRANGER, "/healthz", &[]).await.status, 200);
    }
    for path in ["/healthz", "/", "/nosuch", "/api/v1/session"] {
        let refused = ask(&rig, STRANGER, path, &[]).await;
        assert_eq!((refused.status.as_u16(), refused.header("retry-after")), (429, "1"), "{path}");
    }
    let through = [("x-forwarded-for", "192.0.2.7")];
    ask(&rig, PROXY, "/healthz", &through).await.problem(429);
    assert_eq!(ask(&rig, PROXY, "/healthz", &[("x-forwarded-for", "192.0.2.8")]).await.status, 200);
    assert_ne!(ask(&rig, STRANGER, "/feeds/default/plain", &[]).await.status, 429);
    for _ in 0..20 {
        assert_eq!(rig.get("/healthz").await.status, 200, "this machine");
    }
    rig.clock.set(Time::from_unix(PUBLISHED + 3_601));
    let admitted = async || {
        let mut admitted = 0;
        while ask(&rig, STRANGER, "/healthz", &[]).await.status == 200 {
            admitted += 1;
        }
        admitted
    };
    assert_eq!(admitted().await, 2, "what a second refills");
    let metrics = rig.get("/metrics").await;
    assert!(metrics.text().contains("blacklist_requests_refused_total 6\n"), "{}", metrics.text());
}

/// The fields that keep browsers from doing more with an answer than showing it.
fn is_dressed(answer: &Answer) -> bool {
    [
        ("x-content-type-options", "nosniff"),
        ("x-frame-options", "DENY"),
        ("referrer-policy", "same-origin"),
        ("cross-origin-opener-policy", "same-origin"),
        ("cross-origin-resource-policy", "same-origin"),
    ]
    .iter()
    .all(|(name, value)| answer.header(name) == *value)
        && answer.header("permissions-policy").contains("camera=()")
        && answer.header("content-security-policy").contains("default-src 'none'")
        && answer.header("content-security-policy").contains("frame-ancestors 'none'")
        && !answer.headers.contains_key("server")
        && !answer.headers.contains_key("strict-transport-security")
}

#[tokio::test]
async fn every_answer_but_a_feed_that_is_read_is_dressed() {
    let rig = Rig::live(PREFIXES).await;
    for path in server::document().paths.paths.into_keys().filter(|path| !path.contains('{')) {
        let answer = rig.get(&path).await;
        assert!(is_dressed(&answer), "{path}: {answer:?}");
        assert_eq!(answer.header("cache-control"), "no-store", "{path}");
    }
    for path in ["/nosuch", "/feeds/nosuch/plain", "/feeds/default/nosuch"] {
        assert!(is_dressed(&rig.get(path).await), "{path}");
    }
    let misdirected = rig.ask("GET", "/healthz", &[("host", "evil.example")]).await;
    assert!(misdirected.status == 421 && is_dressed(&misdirected), "{misdirected:?}");
}

#[tokio::test]
async fn a_page_keeps_its_own_policy_and_its_files_their_year() {
    let rig = Rig::live(PREFIXES).await;
    let page = rig.ask("GET", "/nosuch", &[("accept", "text/html")]).await;
    assert!(is_dressed(&page), "{page:?}");
    assert!(page.header("content-security-policy").contains("script-src 'self'"), "{page:?}");
    let style = page.text().split('"').find(|part| part.starts_with("/assets/app")).unwrap();
    let style = rig.get(style).await;
    assert!(is_dressed(&style) && style.header("cache-control").contains("immutable"), "{style:?}");
}

#[tokio::test]
async fn a_feed_has_nosniff_and_what_caches_need() {
    let rig = Rig::live(PREFIXES).await;
    for path in ["/feeds/default/plain", "/feeds/default/json", "/feeds/default/changes?since=1"] {
        let feed = rig.get(path).await;
        assert_eq!((feed.status.as_u16(), feed.header("x-content-type-options")), (200, "nosniff"), "{path}");
        assert_eq!(feed.header("cache-control"), "no-cache", "{path}");
        assert!(!feed.headers.contains_key("content-security-policy"), "{path}");
    }
}

/// A body without end, and how much of it was taken.
struct Endless(Arc<AtomicUsize>);

impl HttpBody for Endless {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        const PART: &[u8] = &[b' '; 64 << 10];
        let taken = self.0.fetch_add(PART.len(), Ordering::Relaxed);
        assert!(taken < 1 << 30, "it reads on and on");
        Poll::Ready(Some(Ok(Frame::data(Bytes::from_static(PART)))))
    }
}

/// Every path of the document, filled.
fn paths() -> Vec<String> {
    let fill = |path: &String| {
        path.split('/')
            .map(|part| if part.starts_with('{') { "1" } else { part })
            .collect::<Vec<_>>()
            .join("/")
    };
    server::document().paths.paths.keys().map(fill).collect()
}

#[tokio::test]
async fn no_route_reads_a_body_without_end() {
    let rig = Rig::live(PREFIXES).await;
    let mut refused = 0;
    for path in paths() {
        for method in [Method::GET, Method::POST, Method::PUT, Method::PATCH, Method::DELETE] {
            let taken = Arc::new(AtomicUsize::new(0));
            let request = Request::builder().method(&method).uri(&path).header("host", "localhost");
            let request = request.header("content-type", "application/json");
            let answer = rig.send(request.body(Body::new(Endless(Arc::clone(&taken)))).unwrap()).await;
            let taken = taken.load(Ordering::Relaxed);
            // The longest body of any route, and the part in which it was too long.
            assert!(taken <= (32 << 20) + (64 << 10), "{method} {path} read {taken} bytes");
            assert!(taken == 0 || answer.status == 413, "{method} {path}: {answer:?}");
            refused += usize::from(answer.status == 413);
        }
    }
    assert!(refused > 0);
}

/// A body that never comes.
struct Never;
impl HttpBody for Never {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        Poll::Pending
    }
}

#[tokio::test(start_paused = true)]
async fn a_body_that_does_not_come_is_waited_for_no_longer_than_its_time() {
    let rig = Rig::live(PREFIXES).await;
    assert!(rig.post("/api/v1/lookup", Body::new(Never)).await.problem(503).contains("took too long"));
}

/// A server on the network with these limits.
async fn listening(limits: Limits) -> (Rig, SocketAddr, CancellationToken) {
    let rig = rig(Front { limits, ..Front::default() }).await;
    let listener = bind("127.0.0.1:0".parse().unwrap()).await.unwrap();
    let (address, cancel) = (listener.local_addr().unwrap(), CancellationToken::new());
    tokio::spawn(run([listener], Arc::clone(&rig.app), cancel.clone()));
    (rig, address, cancel)
}

#[tokio::test]
async fn one_address_has_so_many_connections_and_gets_one_back_when_one_ends() {
    let (rig, address, cancel) = listening(Limits { connections_per_address: 2, ..Limits::default() }).await;
    let request = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n";
    let answered = async |stream: &mut TcpStream| {
        let mut buffer = [0; 12];
        stream.write_all(request).await.is_ok()
            && stream.read_exact(&mut buffer).await.is_ok_and(|_| &buffer == b"HTTP/1.1 200")
    };
    let mut first = TcpStream::connect(address).await.unwrap();
    let mut second = TcpStream::connect(address).await.unwrap();
    assert!(answered(&mut first).await && answered(&mut second).await);
    let mut third = TcpStream::connect(address).await.unwrap();
    assert!(!answered(&mut third).await);
    drop(second);
    let again = async {
        while !answered(&mut TcpStream::connect(address).await.unwrap()).await {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    tokio::time::timeout(Duration::from_mins(1), again).await.expect("a place is free again");
    let metrics = rig.get("/metrics").await;
    assert!(!metrics.text().contains("blacklist_connections_refused_total 0\n"), "{}", metrics.text());
    cancel.cancel();
}

#[tokio::test]
async fn a_reader_that_never_reads_is_let_go() {
    let (rig, address, cancel) =
        listening(Limits { stalled: Duration::from_millis(200), ..Limits::default() }).await;
    // More than both ends of a connection keep for it.
    let many: Vec<String> = (0..400_000_u32)
        .map(|number| (0x0b00_0000 + number * 2).to_be_bytes())
        .map(|[a, b, c, d]| format!("{a}.{b}.{c}.{d}"))
        .collect();
    let many: Vec<&str> = many.iter().map(String::as_str).collect();
    rig.app.go_live(publication(2, &many)).await;
    let mut stream = TcpStream::connect(address).await.unwrap();
    let request = "GET /feeds/default/json HTTP/1.1\r\nHost: localhost\r\n\r\n".repeat(4);
    stream.write_all(request.as_bytes()).await.unwrap();
    // The server lets go although nothing was read: with data left unread, a later write fails.
    let gone = async {
        while stream.write_all(b"GET /healthz HTTP/1.1\r\n").await.is_ok() {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(Duration::from_mins(1), gone).await.expect("it is let go");
    cancel.cancel();
}

#[tokio::test]
async fn every_address_is_answered_and_a_taken_one_is_refused() {
    let rig = Rig::live(PREFIXES).await;
    let any: SocketAddr = "127.0.0.1:0".parse().unwrap();
    let listeners = [bind(any).await.unwrap(), bind(any).await.unwrap(), bind(any).await.unwrap()];
    let addresses: Vec<SocketAddr> = listeners.iter().map(|it| it.local_addr().unwrap()).collect();
    assert!(bind(addresses[1]).await.unwrap_err().to_string().contains(&addresses[1].to_string()));
    let cancel = CancellationToken::new();
    let server = tokio::spawn(run(listeners, Arc::clone(&rig.app), cancel.clone()));
    for address in &addresses {
        let mut stream = TcpStream::connect(address).await.unwrap();
        let request = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
        stream.write_all(request).await.unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.unwrap();
        assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
        assert!(!answer.to_ascii_lowercase().contains("\r\nserver:"), "{answer}");
    }
    cancel.cancel();
    server.await.unwrap();
    for address in &addresses {
        assert!(TcpStream::connect(address).await.is_err());
    }
}
