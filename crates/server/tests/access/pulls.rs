//! What is written down of reads and of refusals, and that it holds no reader up.

use std::sync::Arc;
use std::time::Duration;

use blocklist::Clock;
use store::PullQuery;
use tokio_util::sync::CancellationToken;

use crate::bench::{Bench, DEVICE, WEEK};

#[tokio::test]
async fn reads_are_written_down_with_who_what_and_how_and_held_by_those_who_got_the_list() {
    let bench = Bench::new().await;
    let secret = bench.secret(1, WEEK);
    let agent = format!("Forti\tGate {}", "x".repeat(300));
    let key = [("x-api-key", secret.as_str()), ("user-agent", agent.as_str())];
    let path = "/feeds/default/plain";
    let first = bench.ask(DEVICE, path, &key).await;
    let tag = [key[0], ("if-none-match", first.header("etag"))];
    bench.ask(DEVICE, path, &tag).await;
    bench.ask(DEVICE, "/feeds/default/changes?since=1", &key).await;
    bench.ask(DEVICE, "/feeds/%3Cscript%3E/x", &[("x-api-key", "wrong")]).await;
    bench.rig.ask("HEAD", path, &[]).await;
    let pulls: Vec<_> = bench.pulls().await.into_iter().rev().collect();
    let short: Vec<_> = pulls
        .iter()
        .map(|it| {
            (it.consumer.as_deref(), it.feed.as_str(), it.format.as_str(), it.status, it.serial.map(|s| s.0))
        })
        .collect();
    assert_eq!(
        short,
        [
            (Some("FW-3"), "default", "plain", 200, Some(1)),
            (Some("FW-3"), "default", "plain", 304, Some(1)),
            (Some("FW-3"), "default", "changes", 200, Some(1)),
            (None, "-", "-", 401, None),
            (None, "default", "plain", 200, Some(1)),
        ]
    );
    assert_eq!(pulls[0].bytes, first.body.len() as u64);
    assert_eq!(pulls[0].address.as_deref(), Some("10.1.2.3"));
    let seen = pulls[0].agent.as_deref().unwrap();
    assert!(seen.starts_with("Forti Gate xxx") && seen.len() == 120, "{seen}");
    let held = bench.store.consumer(&"FW-3".parse().unwrap()).unwrap().holdings;
    let formats: Vec<&str> = held.iter().map(|it| it.format.as_str()).collect();
    assert_eq!((formats, held[0].serial.0), (vec!["changes", "plain"], 1));
}

#[tokio::test]
async fn a_flood_of_strangers_is_counted_and_few_of_them_are_written_down() {
    let bench = Bench::new().await;
    for n in 0..250 {
        bench.ask(DEVICE, "/feeds/default/plain", &[("x-api-key", &n.to_string())]).await.problem(401);
    }
    bench.rig.clock.set(bench.rig.clock.now().plus_seconds(60));
    bench.ask(DEVICE, "/feeds/default/plain", &[]).await.problem(401);
    assert_eq!(bench.pulls().await.len(), 101);
    let metrics = bench.rig.get("/metrics").await;
    let line = r#"blacklist_feed_denials_total{status="401"} 251"#;
    assert!(metrics.text().lines().any(|found| found == line), "{}", metrics.text());
}

#[tokio::test]
async fn a_full_queue_holds_no_reader_up_and_what_is_lost_is_counted() {
    let bench = Bench::new().await;
    // Nobody writes meanwhile.
    for _ in 0..8_192 + 7 {
        assert_eq!(bench.rig.get("/feeds/default/plain").await.status, 200);
    }
    let metrics = bench.rig.get("/metrics").await;
    assert!(metrics.text().contains("blacklist_pulls_lost_total 7\n"));
    bench.pulls().await;
    let all = bench.store.pulls(&PullQuery::default(), 10_000).unwrap();
    assert_eq!(all.len(), 8_192, "on a stop all that is queued is written");
}

#[tokio::test]
async fn the_log_is_written_while_the_server_runs() {
    let bench = Bench::new().await;
    let stop = CancellationToken::new();
    let writing = tokio::spawn(server::keep_pulls(Arc::clone(&bench.rig.app), 30, stop.clone()));
    bench.rig.get("/feeds/default/plain").await;
    while bench.store.pulls(&PullQuery::default(), 9).unwrap().is_empty() {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    stop.cancel();
    writing.await.unwrap();
}
