//! A scripted MISP feed.

use collect::fetch::misp::{EVENTS_A_RUN, fetch};
use collect::source::Kind;
use collect::{Note, Trouble};

use super::bench::{Bench, content, is_unchanged};
use crate::common::prefixes;
use crate::support::{NOW, Server, Step, answer};

fn uuid(n: usize) -> String {
    format!("5f2a9c3e-1b7d-4c1e-9a53-{n:012x}")
}

/// A feed of `count` events, one a second from 1,000 on, each with one address.
fn script(path: &str, count: usize) -> Vec<Step> {
    if path == "/feed/manifest.json" {
        let entry = |n| format!(r#""{}":{{"timestamp":"{}","info":"x"}}"#, uuid(n), 1_000 + n);
        let entries: Vec<_> = (0..count).map(entry).collect();
        return answer(200, &[], format!("{{{}}}", entries.join(",")));
    }
    match (0..count).find(|n| path == format!("/feed/{}.json", uuid(*n))) {
        Some(n) => answer(200, &[], event(&format!("1.1.{}.{}", n / 256, n % 256))),
        None => answer(404, &[], ""),
    }
}

fn event(address: &str) -> String {
    format!(
        r#"{{"Event":{{"info":"scan","Attribute":[{{"type":"ip-src","category":"Network activity","to_ids":true,"value":"{address}","timestamp":"1700000000"}}]}}}}"#
    )
}

fn bench(server: &Server, path: &str) -> Bench {
    Bench::new(Kind::Misp, &[("url", server.url(path).as_str())])
}

async fn fails(manifest: &'static str) -> Trouble {
    let server = Server::start(move |asked| match asked.target() {
        "/feed/manifest.json" => answer(200, &[], manifest),
        _ => answer(404, &[], ""),
    })
    .await;
    fetch(&bench(&server, "/feed/").ask()).await.unwrap_err().trouble
}

#[tokio::test]
async fn events_newer_than_the_last_are_taken() {
    let server = Server::start(|asked| script(asked.target(), 3)).await;
    for path in ["/feed", "/feed/", "/feed/manifest.json"] {
        let mut bench = bench(&server, path);
        bench.state.cursor = Some("1000".to_owned());
        let some = content(fetch(&bench.ask()).await);
        assert_eq!(prefixes(&some.parsed), ["1.1.0.1", "1.1.0.2"], "{path}");
        assert_eq!(some.cursor.as_deref(), Some("1002"));
        bench.keep(&some);
        assert!(is_unchanged(fetch(&bench.ask()).await));
    }
}

#[tokio::test]
async fn a_long_feed_is_read_over_several_runs() {
    let count = EVENTS_A_RUN + 3;
    let server = Server::start(move |asked| script(asked.target(), count)).await;
    let mut bench = bench(&server, "/feed");
    let one = content(fetch(&bench.ask()).await);
    assert_eq!(
        (one.parsed.batch.records.len(), one.parsed.notes.contains(&Note::MorePages)),
        (EVENTS_A_RUN, true)
    );
    bench.keep(&one);
    let two = content(fetch(&bench.ask()).await);
    assert_eq!((two.parsed.batch.records.len(), two.parsed.notes.contains(&Note::MorePages)), (3, false));
}

#[tokio::test]
async fn an_event_from_the_future_hides_none_that_comes_before_it() {
    let server = Server::start(|asked| match asked.target() {
        "/feed/manifest.json" => {
            answer(200, &[], format!(r#"{{"{}":{{"timestamp":99999999999}}}}"#, uuid(1)))
        }
        _ => answer(200, &[], event("1.1.1.1")),
    })
    .await;
    let content = content(fetch(&bench(&server, "/feed").ask()).await);
    assert_eq!(content.cursor, Some(NOW.to_string()));
}

#[tokio::test]
async fn a_manifest_that_names_no_uuid_reaches_no_other_path() {
    assert_eq!(fails(r#"{"../../../secret":{"timestamp":"1"}}"#).await, Trouble::Unreadable);
    assert_eq!(fails(r#"{"https://a.example/x":{"timestamp":"1"}}"#).await, Trouble::Unreadable);
}

#[tokio::test]
async fn half_a_feed_is_none() {
    let missing = r#"{"5f2a9c3e-1b7d-4c1e-9a53-0123456789ab":{"timestamp":"1"}}"#;
    assert_eq!(fails(missing).await, Trouble::HttpStatus);
    assert_eq!(
        fails(r#"{"5f2a9c3e-1b7d-4c1e-9a53-0123456789ab":{"timestamp":"x"}}"#).await,
        Trouble::Unreadable
    );
    assert_eq!(fails("[]").await, Trouble::Unreadable);
    assert_eq!(fails("<html><body>").await, Trouble::Maintenance);
    let server = Server::start(|asked| match asked.target() {
        "/feed/manifest.json" => script("/feed/manifest.json", 2),
        path if path.contains(&uuid(0)) => answer(200, &[], event("1.1.1.1")),
        _ => answer(200, &[], "{}"),
    })
    .await;
    let error = fetch(&bench(&server, "/feed").ask()).await.unwrap_err();
    assert_eq!(error.trouble, Trouble::Unreadable);
    assert!(error.detail.contains(&uuid(1)), "{error}");
}

#[tokio::test]
async fn all_events_together_are_limited() {
    let server = Server::start(|asked| script(asked.target(), 100)).await;
    let mut bench = bench(&server, "/feed");
    bench.settings.max_bytes = 10_000;
    assert_eq!(fetch(&bench.ask()).await.unwrap_err().trouble, Trouble::TooLarge);
    assert!(server.asked().len() < 50);
}
