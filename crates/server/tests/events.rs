//! Streams of what changes, as a browser reads them.

#![allow(clippy::unwrap_used, reason = "tests")]

mod support;

use std::future::poll_fn;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::{Request, Response, StatusCode};
use blocklist::{FixedClock, Time};
use hyper::body::Body as _;
use server::{App, Budget, Rhythm};
use store::{Role, Store};
use support::accounts::{Browser, Desk, SETUP};
use support::{PUBLISHED, Rig, publication};
use tokio_util::sync::CancellationToken;
use tower::ServiceExt;

/// The answer as it begins; its body is still under way.
async fn open(browser: &Browser) -> Response<Body> {
    let request = Request::get("/events")
        .header("host", "127.0.0.1:2542")
        .header("cookie", browser.cookie())
        .extension(ConnectInfo(std::net::SocketAddr::from(([127, 0, 0, 1], 50_000))))
        .body(Body::empty())
        .unwrap();
    browser.rig.router.clone().oneshot(request).await.unwrap()
}

/// The next text of a stream; `None` when it has ended.
async fn next(stream: &mut Response<Body>) -> Option<String> {
    let frame = poll_fn(|context| Pin::new(stream.body_mut()).poll_frame(context)).await?;
    Some(String::from_utf8(frame.unwrap().into_data().unwrap().to_vec()).unwrap())
}

/// The next that tells something.
async fn told(stream: &mut Response<Body>) -> String {
    loop {
        match next(stream).await.unwrap() {
            beat if beat == ":\n\n" => {}
            told => return told,
        }
    }
}

fn with_rhythm(rhythm: Rhythm) -> (tempfile::TempDir, Arc<Store>, Rig) {
    let dir = tempfile::tempdir().unwrap();
    let clock = Arc::new(FixedClock::at(Time::from_unix(PUBLISHED)));
    let store = Arc::new(Store::open(dir.path(), clock.clone()).unwrap());
    let app = App::new(Some(store.clone()), clock.clone(), Budget::default(), "0.0.0-test");
    (dir, store, Rig::of(app.with_rhythm(rhythm), clock))
}

#[tokio::test]
async fn a_publication_is_told_to_every_page_that_is_open() {
    let desk = Desk::new();
    let viewer = desk.signed_in(Role::Viewer);
    let mut streams = [open(&viewer).await, open(&viewer).await];
    for stream in &mut streams {
        assert_eq!(stream.headers()["content-type"], "text/event-stream");
        assert_eq!(stream.headers()["cache-control"], "no-store");
        assert_eq!(next(stream).await.unwrap(), ":\n\n", "something is said at once");
    }
    desk.rig.app.go_live(publication(1, support::PREFIXES)).await;
    for stream in &mut streams {
        assert_eq!(told(stream).await, "event: changed\ndata: {\"topics\":[\"publication\"]}\n\n");
    }
    desk.rig.app.refresh_figures().await;
    assert!(told(&mut streams[0]).await.contains("\"figures\""));
}

#[tokio::test]
async fn what_changes_in_the_store_is_told_whoever_changes_it() {
    let desk = Desk::new();
    let viewer = desk.signed_in(Role::Viewer);
    let mut stream = open(&viewer).await;
    let cancel = CancellationToken::new();
    let follow = tokio::spawn(server::follow_events(Arc::clone(&desk.rig.app), cancel.clone()));
    let name = |n: usize| format!("FW-{n}").parse().unwrap();
    // The watch may begin only after the first of them.
    for n in 0.. {
        desk.store.add_consumer(&name(n), &blocklist::ConsumerSettings::default(), &[], &SETUP).unwrap();
        let heard = tokio::time::timeout(Duration::from_secs(2), told(&mut stream)).await;
        if let Ok(text) = heard {
            assert_eq!(text, "event: changed\ndata: {\"topics\":[\"devices\"]}\n\n");
            break;
        }
        assert!(n < 20, "nothing was told");
    }
    cancel.cancel();
    follow.await.unwrap();
}

#[tokio::test]
async fn a_session_has_four_streams_and_one_that_goes_makes_room() {
    let desk = Desk::new();
    let viewer = desk.signed_in(Role::Viewer);
    let mut streams = Vec::new();
    for _ in 0..4 {
        let stream = open(&viewer).await;
        assert_eq!(stream.status(), StatusCode::OK);
        streams.push(stream);
    }
    assert_eq!(open(&viewer).await.status(), StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(open(&desk.signed_in(Role::Admin)).await.status(), StatusCode::OK, "another session");
    streams.pop();
    // Its task sees that the reader has gone.
    while open(&viewer).await.status() != StatusCode::OK {
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn a_stream_ends_with_its_session() {
    let rhythm = Rhythm { beat: Duration::from_secs(15), check: Duration::from_millis(20) };
    let (_dir, store, rig) = with_rhythm(rhythm);
    let viewer = rig.signed_in(Role::Viewer);
    let mut stream = open(&viewer).await;
    assert_eq!(next(&mut stream).await.unwrap(), ":\n\n");
    let sessions = store.sessions(None, Duration::from_hours(1)).unwrap();
    store.end_session(sessions[0].id, &SETUP).unwrap();
    assert_eq!(next(&mut stream).await, None);
}

#[tokio::test]
async fn a_stream_says_now_and_then_that_it_is_there() {
    let rhythm = Rhythm { beat: Duration::from_millis(5), check: Duration::from_mins(1) };
    let (_dir, _, rig) = with_rhythm(rhythm);
    let mut stream = open(&rig.signed_in(Role::Viewer)).await;
    for _ in 0..5 {
        assert_eq!(next(&mut stream).await.unwrap(), ":\n\n");
    }
}

#[tokio::test]
async fn a_stop_does_not_wait_for_pages_that_are_open() {
    let desk = Desk::new();
    let viewer = desk.signed_in(Role::Viewer);
    let listener = server::bind(([127, 0, 0, 1], 0).into()).await.unwrap();
    let cancel = CancellationToken::new();
    let run = tokio::spawn(server::run([listener], Arc::clone(&desk.rig.app), cancel.clone()));
    let mut stream = open(&viewer).await;
    assert_eq!(next(&mut stream).await.unwrap(), ":\n\n");
    cancel.cancel();
    run.await.unwrap();
    assert_eq!(next(&mut stream).await, None);
}

#[tokio::test]
async fn a_program_with_a_token_is_sent_to_where_people_sign_in() {
    let desk = Desk::new();
    let token = format!("Bearer {}", desk.token(Role::Admin));
    let answer = desk.rig.ask("GET", "/events", &[("authorization", &token)]).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
}
