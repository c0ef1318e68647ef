//! Readers that were refused are among the tries to come in: written by the log of reads, within its bounds, closing nothing.

#![allow(clippy::unwrap_used, reason = "tests")]

mod support;

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::Request;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use blocklist::{ConsumerSettings, FeedSettings};
use secrecy::ExposeSecret;
use store::{AttemptQuery, AttemptRow};
use support::accounts::{Desk, SETUP};
use support::{PREFIXES, publication};
use tokio_util::sync::CancellationToken;

/// A desk with a consumer FW-3 that may read the feed `zone` alone, and its secret.
async fn desk() -> (Desk, String) {
    let desk = Desk::new();
    let name = "FW-3".parse().unwrap();
    desk.store.add_feed(&"zone".parse().unwrap(), &FeedSettings::default(), &SETUP).unwrap();
    let settings = ConsumerSettings { feed: Some("zone".parse().unwrap()), ..ConsumerSettings::default() };
    desk.store.add_consumer(&name, &settings, &[], &SETUP).unwrap();
    let made = desk.store.new_secret(&name, [7; 32], Duration::from_mins(1), &SETUP).unwrap();
    desk.rig.app.go_live(publication(1, PREFIXES)).await;
    (desk, made.secret.expose_secret().to_owned())
}

async fn ask(desk: &Desk, feed: &str, credential: Option<&str>) -> u16 {
    let peer: SocketAddr = "10.1.2.3:40000".parse().unwrap();
    let mut request = Request::get(format!("/feeds/{feed}/plain")).header("host", "10.0.0.1");
    if let Some(credential) = credential {
        request = request.header("authorization", credential).header("user-agent", "device");
    }
    desk.rig.send(request.extension(ConnectInfo(peer)).body(Body::empty()).unwrap()).await.status.as_u16()
}

async fn tries(desk: &Desk) -> Vec<AttemptRow> {
    let stop = CancellationToken::new();
    stop.cancel();
    server::keep_pulls(Arc::clone(&desk.rig.app), 30, stop).await;
    desk.store.attempts(&AttemptQuery { limit: 1_000, ..AttemptQuery::default() }).unwrap()
}

#[tokio::test]
async fn each_refusal_is_a_try_and_what_is_read_is_none() {
    let (desk, secret) = desk().await;
    let basic = |user: &str, secret: &str| format!("Basic {}", STANDARD.encode(format!("{user}:{secret}")));
    assert_eq!(ask(&desk, "zone", Some(&basic("FW-3", &secret))).await, 200);
    assert_eq!(ask(&desk, "zone", Some(&basic("FW-3", "old"))).await, 401);
    assert_eq!(ask(&desk, "zone", Some(&basic("hunter2", "old"))).await, 401);
    assert_eq!(ask(&desk, "zone", None).await, 401);
    assert_eq!(ask(&desk, "default", Some(&basic("FW-3", &secret))).await, 403);
    assert_eq!(ask(&desk, "none", None).await, 401);
    let tries = tries(&desk).await;
    let shown: Vec<_> =
        tries.iter().map(|row| (row.account.as_deref(), row.result.as_str(), row.count)).collect();
    let wanted =
        [(Some("FW-3"), "forbidden", 1), (None, "place", 2), (None, "wrong", 1), (Some("FW-3"), "wrong", 1)];
    assert_eq!(shown, wanted);
    assert!(tries.iter().all(|row| row.face == "feed" && row.kind == "secret"), "{tries:?}");
    assert_eq!(tries[0].agent.as_deref(), Some("device"));
    assert!(!format!("{tries:?}").contains("hunter2"), "a name that no consumer has is not kept");
}

#[tokio::test]
async fn a_thousand_strangers_are_a_row_and_lock_nobody_out() {
    let (desk, _) = desk().await;
    for _ in 0..1_000 {
        assert_eq!(ask(&desk, "zone", Some("Bearer wrong")).await, 401);
    }
    let tries = tries(&desk).await;
    assert_eq!(tries.len(), 1);
    assert!((90..=200).contains(&tries[0].count), "{tries:?}");
    assert!(desk.store.locks().unwrap().is_empty());
}
