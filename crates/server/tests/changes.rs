//! What came and went since a serial: exact, waited for, or refused.

#![allow(clippy::unwrap_used, clippy::panic, reason = "tests")]

mod support;

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use blocklist::{Batch, DetailsId, FixedClock, Mode, Record, Time};
use serde_json::{Value, json};
use store::{Import, Store, Trigger};
use support::{PUBLISHED, Rig, publication};

async fn changes(rig: &Rig, query: &str) -> Value {
    let answer = rig.get(&format!("/feeds/default/changes?{query}")).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    assert_eq!(answer.header("x-feed-serial"), answer.json()["to"].to_string());
    answer.json()
}

async fn feed(rig: &Rig) -> (u64, BTreeSet<String>) {
    let answer = rig.get("/feeds/default/plain").await;
    (answer.header("x-feed-serial").parse().unwrap(), answer.text().lines().map(Into::into).collect())
}

#[tokio::test]
async fn whoever_applies_the_changes_to_the_list_it_holds_has_the_list_of_now() {
    let rig = Rig::empty();
    let lists: [&[&str]; 5] = [
        &["9.1.2.3", "9.1.3.0/24", "2a00::1"],
        // A wide prefix covers what the feed showed, and uncovers it again.
        &["9.1.2.3", "9.1.3.0/24", "9.0.0.0/8", "2a00::1"],
        &["9.1.2.3", "11.0.0.1"],
        &["9.1.2.3", "9.1.3.0/24", "11.0.0.1", "2a00::/32"],
        &["9.1.2.3"],
    ];
    let mut seen = Vec::new();
    for (serial, prefixes) in (1..).zip(lists) {
        rig.app.go_live(publication(serial, prefixes)).await;
        let now = feed(&rig).await;
        assert_eq!(now.0, serial);
        seen.push(now);
        let (to, list) = seen.last().unwrap();
        for (from, held) in &seen {
            let told = changes(&rig, &format!("since={from}")).await;
            assert_eq!((told["from"].as_u64(), told["to"].as_u64()), (Some(*from), Some(*to)));
            let mut held = held.clone();
            for gone in told["removed"].as_array().unwrap() {
                assert!(held.remove(gone.as_str().unwrap()), "{gone} was not there");
            }
            for new in told["added"].as_array().unwrap() {
                assert!(held.insert(new.as_str().unwrap().to_owned()), "{new} was there");
            }
            assert_eq!(&held, list, "from {from} to {to}");
        }
    }
    let only_v6 = changes(&rig, "since=4&family=6").await;
    assert_eq!(only_v6["removed"], json!(["2a00::/32"]));
}

#[tokio::test]
async fn a_serial_that_is_not_kept_or_never_was_is_gone() {
    let rig = Rig::empty();
    assert_eq!(rig.get("/feeds/default/changes?since=1").await.status, 503);
    rig.app.go_live(publication(7, &["9.1.2.3"])).await;
    for since in [1, 6, 8, u64::MAX] {
        // Without a store nobody can look further back.
        let answer = rig.get(&format!("/feeds/default/changes?since={since}")).await;
        assert_eq!(answer.status.as_u16(), if since > 7 { 410 } else { 503 }, "{since}");
    }
    rig.get("/feeds/other/changes?since=7").await.problem(503);
    assert!(rig.get("/feeds/default/changes").await.problem(400).contains("since"));
}

#[tokio::test]
async fn a_reader_that_waits_is_told_when_there_is_news_and_when_there_is_none() {
    let rig = Rig::empty();
    rig.app.go_live(publication(1, &["9.1.2.3"])).await;
    let waiting = {
        let rig = rig.clone();
        tokio::spawn(async move { changes(&rig, "since=1&wait=50").await })
    };
    tokio::time::sleep(Duration::from_millis(50)).await;
    assert!(!waiting.is_finished());
    rig.app.go_live(publication(2, &["9.1.2.4"])).await;
    let told = waiting.await.unwrap();
    assert_eq!(told, json!({"from": 1, "to": 2, "added": ["9.1.2.4"], "removed": ["9.1.2.3"]}));
    let nothing = changes(&rig, "since=2&wait=1").await;
    assert_eq!(nothing, json!({"from": 2, "to": 2, "added": [], "removed": []}));
}

#[tokio::test]
async fn what_is_not_in_memory_is_read_from_disk_as_long_as_it_is_kept() {
    let dir = tempfile::tempdir().unwrap();
    let clock = Arc::new(FixedClock::at(Time::from_unix(PUBLISHED)));
    let store = Arc::new(Store::open(dir.path(), clock).unwrap());
    for n in 1..=3u32 {
        let mut batch = Batch::default();
        batch.accept(false);
        let prefix = prefix::Net::host(0x0901_0200 + n).into();
        batch.records.push(Record { prefix, details: DetailsId(0), detected: None, until: None });
        let import = Import {
            source: &"portal".parse().unwrap(),
            parser: "list",
            mode: Mode::Add,
            input: "a.txt",
            input_key: None,
            started_at: Time::from_unix(PUBLISHED),
            batch: &batch,
            min_share: 0.5,
            allow_empty: false,
            trigger: Trigger::Person,
            window: None,
            state: None,
        };
        store.import(&import).unwrap();
    }
    // As after a restart: only the current one is in memory.
    let rig = Rig::new(Some(Arc::clone(&store)));
    rig.app.go_live(store.files().load_current().unwrap().unwrap()).await;
    assert_eq!(changes(&rig, "since=1").await["added"], json!(["9.1.2.2", "9.1.2.3"]));
    assert_eq!(rig.get("/feeds/default/changes?since=0").await.status, 410);
}
