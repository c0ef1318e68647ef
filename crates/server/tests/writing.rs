//! What a request must look like that changes something: from no web page of others, and not from just anywhere. Who may is in
//! `rights.rs`.

#![allow(clippy::unwrap_used, reason = "tests")]

mod support;

use std::net::SocketAddr;

use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::Request;
use support::portal::Bench;
use support::{PREFIXES, Rig};

/// Every route of the document that changes something, by method.
fn writing() -> Vec<(&'static str, String)> {
    let mut all = Vec::new();
    for (path, item) in server::document().paths.paths {
        let filled = path.replace("{name}", "regtech").replace("{source}", "regtech");
        let filled = filled.replace("{id}", "1").replace("{serial}", "1");
        for (method, there) in [
            ("POST", item.post.is_some() && path != "/api/v1/lookup"),
            ("PUT", item.put.is_some()),
            ("PATCH", item.patch.is_some()),
            ("DELETE", item.delete.is_some()),
        ] {
            all.extend(there.then(|| (method, filled.clone())));
        }
    }
    assert_eq!(all.len(), 56, "{all:?}");
    all
}

/// What is wrong with a request that is otherwise right.
#[derive(Clone, Copy, Debug)]
enum Wrong {
    Header(&'static str, &'static str),
    Peer(&'static str),
    NoPeer,
}

fn request(method: &str, path: &str, wrong: Wrong) -> Request<Body> {
    let mut request = Request::builder().method(method).uri(path);
    let mut headers = vec![("host", "127.0.0.1:2542"), ("content-type", support::kind_of_body(path))];
    if let Wrong::Header(name, value) = wrong {
        headers.retain(|(known, _)| *known != name);
        headers.push((name, value));
    }
    for (name, value) in headers {
        request = request.header(name, value);
    }
    let peer: SocketAddr = match wrong {
        Wrong::Peer(peer) => peer.parse().unwrap(),
        _ => "127.0.0.1:50000".parse().unwrap(),
    };
    if !matches!(wrong, Wrong::NoPeer) {
        request = request.extension(ConnectInfo(peer));
    }
    request.body(Body::from(r#"{"name":"regtech"}"#)).unwrap()
}

#[tokio::test]
async fn every_route_that_changes_something_is_closed_to_pages_of_others_and_to_strangers() {
    let bench = Bench::regtech().await;
    let before = bench.rig.get("/api/v1/sources").await.json();
    for (method, path) in writing() {
        // Nobody is known there; and nobody signs in over a way that everybody can read.
        let stranger = if (method, &*path) == ("POST", "/api/v1/session") { 403 } else { 401 };
        for (wrong, status) in [
            (Wrong::Header("origin", "https://evil.example"), 403),
            (Wrong::Header("origin", "null"), 403),
            (Wrong::Header("origin", "http://127.0.0.1:3000"), 403),
            (Wrong::Header("origin", "http://localhost:2542"), 403),
            (Wrong::Header("origin", ""), 403),
            (Wrong::Header("sec-fetch-site", "cross-site"), 403),
            (Wrong::Header("sec-fetch-site", "same-site"), 403),
            (Wrong::Header("content-type", "text/plain"), 415),
            (Wrong::Header("content-type", "application/x-www-form-urlencoded"), 415),
            (Wrong::Header("content-type", "application/jsonp"), 415),
            (Wrong::Header("content-type", ""), 415),
            (Wrong::Header("host", "evil.example:2542"), 421),
            (Wrong::Peer("192.0.2.7:50000"), stranger),
            (Wrong::Peer("[2001:db8::7]:50000"), stranger),
            (Wrong::Peer("[::ffff:192.0.2.7]:50000"), stranger),
        ] {
            let answer = bench.rig.send(request(method, &path, wrong)).await;
            assert_eq!(answer.status, status, "{method} {path} {wrong:?}: {answer:?}");
            answer.problem(status);
        }
        // Asked without the support's own peer.
        let unknown =
            tower::ServiceExt::oneshot(bench.rig.router.clone(), request(method, &path, Wrong::NoPeer));
        assert_eq!(unknown.await.unwrap().status(), stranger, "{method} {path}");
    }
    assert_eq!(bench.rig.get("/api/v1/sources").await.json(), before);
    assert!(bench.sim.journal().is_empty(), "nothing was sent to a portal");
}

#[tokio::test]
async fn a_page_of_this_server_and_a_program_may_write() {
    let bench = Bench::regtech().await;
    for right in [
        Wrong::Header("origin", "http://127.0.0.1:2542"),
        Wrong::Header("sec-fetch-site", "same-origin"),
        Wrong::Header("sec-fetch-site", "none"),
        Wrong::Header("content-type", "Application/JSON; charset=utf-8"),
        Wrong::Peer("[::1]:50000"),
        Wrong::Peer("[::ffff:127.0.0.1]:50000"),
    ] {
        // Let through to the route, which does not know the member.
        let answer = bench.rig.send(request("PATCH", "/api/v1/sources/regtech", right)).await;
        assert!(answer.problem(400).contains("unknown field `name`"), "{right:?}: {answer:?}");
    }
}

#[tokio::test]
async fn a_question_by_post_stays_open() {
    let rig = Rig::live(PREFIXES).await;
    let mut asked = request("POST", "/api/v1/lookup", Wrong::Header("content-type", "text/plain"));
    *asked.body_mut() = Body::from(r#"{"ips":["203.0.113.7"]}"#);
    assert_eq!(rig.send(asked).await.json()["results"][0]["listed"], true);
}
