//! The routes that show what the store keeps, on a real store.

#![allow(clippy::unwrap_used, reason = "tests")]

mod support;

use std::sync::Arc;

use blocklist::{Batch, Cause, Details, FixedClock, Mode, Record, Time, details};
use serde_json::{Value, json};
use store::{Import, Store, Trigger};
use support::{PUBLISHED, Rig};
use tempfile::TempDir;

/// A store with two sources of five listings each, and a run with a refused row.
fn store() -> (TempDir, Arc<Store>) {
    let dir = tempfile::tempdir().unwrap();
    let store = Store::open(dir.path(), Arc::new(FixedClock::at(Time::from_unix(PUBLISHED)))).unwrap();
    for (source, first) in [("portal", 9), ("analyst", 11)] {
        let mut batch = Batch::default();
        for n in 0..5 {
            let details =
                batch.details.intern(Details { reason: details::text("scan"), ..Details::default() });
            let prefix = format!("{first}.0.0.{n}").parse().unwrap();
            batch.accept(false);
            batch.records.push(Record { prefix, details, detected: None, until: None });
        }
        batch.refuse(6, Cause::Address(prefix::Refusal::Name), b"example.com");
        let import = Import {
            source: &source.parse().unwrap(),
            parser: "list",
            mode: Mode::Full,
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
    (dir, Arc::new(store))
}

#[tokio::test]
async fn pages_of_listings_go_on_where_the_last_ended() {
    let (_dir, store) = store();
    let rig = Rig::new(Some(store));
    let (mut after, mut prefixes, mut pages) = (String::new(), Vec::new(), 0);
    loop {
        let page = rig.get(&format!("/api/v1/listings?limit=3{after}")).await.json();
        let listings = page["listings"].as_array().unwrap();
        prefixes.extend(listings.iter().map(|row| row["prefix"].as_str().unwrap().to_owned()));
        pages += 1;
        let Some(next) = page["next"].as_str() else { break };
        assert_eq!(listings.len(), 3);
        after = format!("&after={next}");
    }
    let want: Vec<String> =
        [9, 11].into_iter().flat_map(|a| (0..5).map(move |n| format!("{a}.0.0.{n}"))).collect();
    assert_eq!((pages, prefixes), (4, want));
}

#[tokio::test]
async fn listings_are_filtered_by_source_place_and_state() {
    let (_dir, store) = store();
    let rig = Rig::new(Some(store));
    let count = async |query: &str| {
        rig.get(&format!("/api/v1/listings?{query}")).await.json()["listings"].as_array().unwrap().len()
    };
    assert_eq!(count("").await, 10);
    assert_eq!(count("source=portal").await, 5);
    assert_eq!(count("inside=9.0.0.0/31").await, 2);
    assert_eq!(count("inside=9.0.0.3").await, 1);
    assert_eq!(count("state=withdrawn").await, 0);
    assert_eq!(count("state=active&source=analyst").await, 5);
}

#[tokio::test]
async fn queries_of_the_api_are_as_strict_as_those_of_the_feeds() {
    let (_dir, store) = store();
    let rig = Rig::new(Some(store));
    for (path, word) in [
        ("/api/v1/listings?limit=0", "limit"),
        ("/api/v1/listings?limit=1001", "1000"),
        ("/api/v1/listings?limit=x", "limit"),
        ("/api/v1/listings?state=dead", "withdrawn"),
        ("/api/v1/listings?inside=x", "inside"),
        ("/api/v1/listings?after=x", "after"),
        ("/api/v1/listings?source=A%20B", "source"),
        ("/api/v1/listings?sauce=a", "sauce"),
        ("/api/v1/runs?after=x", "after"),
        ("/api/v1/runs?state=dead", "refused"),
        ("/api/v1/publications?limit=0", "limit"),
    ] {
        let detail = rig.get(path).await.problem(400);
        assert!(detail.contains(word), "{path}: {detail}");
    }
    for path in ["/api/v1/runs/99", "/api/v1/runs/x", "/api/v1/publications/99", "/api/v1/publications/-1"] {
        rig.get(path).await.problem(404);
    }
}

#[tokio::test]
async fn runs_and_publications_are_newest_first_and_runs_show_what_they_refused() {
    let (_dir, store) = store();
    let rig = Rig::new(Some(store));
    let runs = rig.get("/api/v1/runs?limit=1").await.json();
    assert_eq!(runs["runs"][0]["source"], "analyst");
    let older = rig.get(&format!("/api/v1/runs?after={}", runs["next"])).await.json();
    assert_eq!((&older["runs"][0]["source"], &older["next"]), (&json!("portal"), &Value::Null));
    let run = rig.get(&format!("/api/v1/runs/{}", older["runs"][0]["run"])).await.json();
    assert_eq!(run["accepted"], 5);
    assert_eq!(run["refused_rows"], json!([{"line": 6, "cause": "name", "text": "example.com"}]));

    let publications = rig.get("/api/v1/publications").await.json();
    let serials: Vec<u64> = publications["publications"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| row["serial"].as_u64().unwrap())
        .collect();
    assert_eq!(serials, [2, 1]);
    assert_eq!(rig.get("/api/v1/publications/2").await.json()["entries"], 10);
    let sources = rig.get("/api/v1/sources").await.json();
    assert_eq!(sources["sources"][0]["active"], 5);
}

#[tokio::test]
async fn a_broken_store_is_503_without_its_cause_and_the_feeds_go_on() {
    let (dir, store) = store();
    let rig = Rig::new(Some(store));
    rig.app.go_live(support::publication(1, support::PREFIXES)).await;
    std::fs::remove_file(dir.path().join("blacklist.db")).unwrap();
    for path in
        ["/api/v1/listings", "/api/v1/runs", "/api/v1/runs/1", "/api/v1/publications", "/api/v1/sources"]
    {
        let answer = rig.get(path).await;
        answer.problem(503);
        assert_eq!(answer.header("retry-after"), "5");
        assert!(!answer.json()["id"].as_str().unwrap().is_empty());
        let text = answer.text().to_lowercase();
        assert!(!text.contains("sqlite") && !text.contains(&dir.path().display().to_string()), "{text}");
    }
    assert_eq!(rig.get("/feeds/default/plain").await.status, 200);
    assert_eq!(rig.get("/api/v1/lookup?ip=203.0.113.7").await.json()["listed"], true);
    assert_eq!(rig.get("/readyz").await.status, 200);
}

#[tokio::test]
async fn without_a_store_what_it_keeps_is_503() {
    let rig = Rig::live(support::PREFIXES).await;
    rig.get("/api/v1/listings").await.problem(503);
    assert_eq!(rig.get("/feeds/default/plain").await.status, 200);
}

#[tokio::test]
async fn the_shapes_of_the_document_are_those_of_the_answers() {
    let (_dir, store) = store();
    let rig = Rig::new(Some(store));
    rig.app.go_live(support::publication(1, support::PREFIXES)).await;
    let document = rig.get("/api/v1/openapi.json").await.json();
    for (shape, path, pointer) in [
        ("Answer", "/api/v1/lookup?ip=203.0.113.7", ""),
        ("Found", "/api/v1/lookup?ip=203.0.113.7", "/listings/0"),
        ("Listings", "/api/v1/listings", ""),
        ("Listing", "/api/v1/listings", "/listings/0"),
        ("Runs", "/api/v1/runs", ""),
        ("Run", "/api/v1/runs", "/runs/0"),
        ("RunWithRows", "/api/v1/runs/1", ""),
        ("RefusedRow", "/api/v1/runs/1", "/refused_rows/0"),
        ("Publications", "/api/v1/publications", ""),
        ("Publication", "/api/v1/publications/1", ""),
        ("Sources", "/api/v1/sources", ""),
        ("SourceView", "/api/v1/sources", "/sources/0"),
        ("OneSource", "/api/v1/sources/portal", ""),
        ("Stats", "/api/v1/stats", ""),
        ("Share", "/api/v1/stats", "/by_source/0"),
        ("Health", "/healthz", ""),
        ("Readiness", "/readyz", ""),
    ] {
        let answer = rig.get(path).await.json();
        support::has_shape(&document, shape, answer.pointer(pointer).unwrap());
    }
}

#[tokio::test]
async fn listings_are_found_by_what_is_said_of_them() {
    let (_dir, store) = store();
    let rig = Rig::new(Some(store));
    let ask = async |query: &str| rig.get(&format!("/api/v1/listings?{query}")).await;
    let found = ask("words=SCAN+portal&limit=3").await.json();
    assert_eq!(found["listings"].as_array().unwrap().len(), 3);
    assert!(found["next"].is_string());
    for query in ["words=nothing-has-this", "country=XQ", "category=none", "detected_since=2999-01-01"] {
        let none = ask(query).await.json();
        assert_eq!(none["listings"].as_array().unwrap().len(), 0, "{query}");
        assert!(none["next"].is_null(), "{query}");
    }
    for query in ["country=Korea", "ends_before=once"] {
        ask(query).await.problem(400);
    }
}
