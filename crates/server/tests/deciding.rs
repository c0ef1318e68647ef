//! The routes by which people decide: policy, gate, held candidates, ways back, on a real store.

#![allow(clippy::unwrap_used, reason = "tests")]

mod support;

use std::sync::Arc;

use blocklist::{Batch, Details, FixedClock, Mode, Record, Time};
use serde_json::{Value, json};
use store::{Import, Published, Store, Trigger};
use support::{Answer, PUBLISHED, Rig};
use tempfile::TempDir;

/// Imports hosts as the whole list of a source.
fn import(store: &Store, source: &str, count: usize) -> Published {
    let mut batch = Batch::default();
    let details = batch.details.intern(Details::default());
    for n in 0..count {
        let prefix = format!("9.{}.{}.{}", source.len(), n / 256, n % 256).parse().unwrap();
        batch.accept(false);
        batch.records.push(Record { prefix, details, detected: None, until: None });
    }
    let import = Import {
        source: &source.parse().unwrap(),
        parser: "list",
        mode: Mode::Full,
        input: "a.txt",
        input_key: None,
        started_at: Time::from_unix(PUBLISHED),
        batch: &batch,
        min_share: 0.0,
        allow_empty: false,
        trigger: Trigger::Person,
        window: None,
        state: None,
    };
    store.import(&import).unwrap().published
}

struct Bench {
    _dir: TempDir,
    store: Arc<Store>,
    rig: Rig,
}

impl Bench {
    /// 300 hosts of `feed` are published, and nothing is held.
    fn published() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let clock = Arc::new(FixedClock::at(Time::from_unix(PUBLISHED)));
        let store = Arc::new(Store::open(dir.path(), clock).unwrap());
        assert!(matches!(import(&store, "feed", 300), Published::New(_)));
        let rig = Rig::new(Some(Arc::clone(&store)));
        Self { _dir: dir, store, rig }
    }

    /// The same, and the next list of the source, with 10 of them, is held.
    fn held() -> Self {
        let bench = Self::published();
        assert!(matches!(import(&bench.store, "feed", 10), Published::Held { .. }));
        bench
    }

    fn entries(&self) -> u64 {
        self.store.publications(None, 1).unwrap()[0].entries
    }

    async fn get(&self, path: &str) -> Value {
        let answer = self.rig.get(path).await;
        assert_eq!(answer.status, 200, "{path}: {answer:?}");
        answer.json()
    }

    async fn write(&self, method: &str, path: &str, body: Value) -> Answer {
        self.rig.write(method, path, &body).await
    }

    async fn done(&self, method: &str, path: &str, body: Value) -> Value {
        let answer = self.write(method, path, body).await;
        assert_eq!(answer.status, 200, "{path}: {answer:?}");
        answer.json()
    }
}

fn rules(why: &Value) -> Vec<&str> {
    why.as_array().unwrap().iter().map(|why| why["rule"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn a_held_candidate_is_seen_with_its_reasons_and_approved_by_its_hash() {
    let bench = Bench::held();
    let page = bench.get("/api/v1/held").await;
    assert_eq!((&page["held"][0]["state"], &page["next"]), (&json!("open"), &Value::Null));
    let one = bench.get("/api/v1/held/1?limit=3").await;
    assert_eq!(rules(&one["why"]), ["shrunk", "lost"]);
    assert!(one["why"][0]["korean"].as_str().unwrap().contains("줄었습니다"));
    assert_eq!(
        (&one["change"]["removed"], &one["change"]["truncated"], &one["change"]["removed_prefixes"]),
        (&json!(290), &json!(true), &json!(["9.4.0.10", "9.4.0.11", "9.4.0.12"]))
    );
    assert_eq!(bench.get("/api/v1/held/1").await["change"]["truncated"], false);
    bench.rig.get("/api/v1/held/1?limit=100001").await.problem(400);

    let approve = "/api/v1/held/1/approve";
    let answer = bench.write("POST", approve, json!({"candidate": "0".repeat(64), "by": "kim"})).await;
    assert!(answer.problem(409).contains("has changed"), "{answer:?}");
    assert!(answer.json()["hint"].as_str().unwrap().contains("/api/v1/held"));
    let candidate = one["candidate"].clone();
    bench.write("POST", approve, json!({"candidate": candidate})).await.problem(400);
    bench.write("POST", approve, json!({"candidate": "abc", "by": "kim"})).await.problem(400);
    bench.write("POST", approve, json!({"candidate": candidate, "by": "a\nb"})).await.problem(400);
    assert_eq!(bench.entries(), 300);
    let done =
        bench.done("POST", approve, json!({"candidate": candidate, "by": "kim", "note": "seen"})).await;
    assert_eq!((&done["needs_second"], &done["outcome"]["state"]), (&json!(false), &json!("published")));
    assert_eq!((&done["outcome"]["publication"]["by"], bench.entries()), (&json!("kim"), 10));
    bench.write("POST", approve, json!({"candidate": candidate, "by": "kim"})).await.problem(409);
    for nowhere in ["/api/v1/held/7", "/api/v1/held/x"] {
        bench.rig.get(nowhere).await.problem(404);
        let body = json!({"candidate": candidate, "by": "kim"});
        bench.write("POST", &format!("{nowhere}/approve"), body).await.problem(404);
        bench.write("POST", &format!("{nowhere}/reject"), json!({"by": "kim"})).await.problem(404);
    }
    let audit = bench.get("/api/v1/audit?limit=1").await;
    assert_eq!((&audit["audit"][0]["action"], &audit["next"]), (&json!("held.approve"), &Value::Null));
}

#[tokio::test]
async fn where_two_people_are_asked_for_the_second_publishes() {
    let bench = Bench::held();
    bench.write("PATCH", "/api/v1/gate", json!({"second_person": true})).await.problem(400);
    bench.done("PATCH", "/api/v1/gate?by=lead", json!({"second_person": true})).await;
    let one = bench.get("/api/v1/held/1").await;
    assert_eq!(one["second_person"], true);
    let yes = async |by: &str| {
        bench.done("POST", "/api/v1/held/1/approve", json!({"candidate": one["candidate"], "by": by})).await
    };
    let first = yes("kim").await;
    assert_eq!((&first["needs_second"], &first["outcome"]), (&json!(true), &Value::Null));
    assert_eq!(bench.entries(), 300);
    assert_eq!(yes("lee").await["outcome"]["state"], "published");
    assert_eq!(bench.entries(), 10);
}

#[tokio::test]
async fn force_comes_after_the_answer_to_what_waits_and_names_who_and_why() {
    let bench = Bench::held();
    let force = json!({"force": true, "by": "kim", "note": "the feed was cleaned"});
    assert!(bench.write("POST", "/api/v1/publish", force.clone()).await.problem(409).contains("waits"));
    let rejected = bench.done("POST", "/api/v1/held/1/reject", json!({"by": "kim"})).await;
    assert_eq!((&rejected["state"], &rejected["decided_by"]), (&json!("rejected"), &json!("kim")));
    let again = bench.done("POST", "/api/v1/publish", json!({})).await;
    assert_eq!(rules(&again["outcome"]["held"]), ["shrunk", "lost"]);
    let tried = bench.done("POST", "/api/v1/publish", json!({"dry_run": true})).await;
    assert_eq!((&tried["tried"]["entries"], &tried["outcome"]), (&json!(10), &Value::Null));
    bench.write("POST", "/api/v1/publish", json!({"force": true, "by": "kim"})).await.problem(400);
    assert_eq!(bench.entries(), 300);
    assert_eq!(bench.done("POST", "/api/v1/publish", force).await["outcome"]["state"], "published");
    assert_eq!(bench.entries(), 10);
}

#[tokio::test]
async fn a_change_of_the_policy_is_merged_and_does_what_its_dry_run_said() {
    let bench = Bench::published();
    import(&bench.store, "other", 5);
    let patch = json!({"sources": {"other": {"trial": true}}});
    let tried = bench.done("PATCH", "/api/v1/policy?dry_run=true", patch.clone()).await;
    assert_eq!((&tried["dry_run"], &tried["tried"]["change"]["removed"]), (&json!(true), &json!(5)));
    assert_eq!(bench.entries(), 305);
    bench.write("PATCH", "/api/v1/policy", patch.clone()).await.problem(400);
    let done = bench.done("PATCH", "/api/v1/policy?by=kim&note=trial", patch).await;
    assert_eq!(
        (&done["policy"], done["outcome"]["publication"]["entries"].as_u64()),
        (&tried["policy"], Some(300))
    );
    bench.done("PATCH", "/api/v1/policy?by=kim", json!({"filter": {"family": 4}})).await;
    let policy = bench.get("/api/v1/policy").await;
    assert_eq!(
        (&policy["filter"]["family"], &policy["sources"]["other"]["trial"]),
        (&json!(4), &json!(true))
    );
    let back = json!({"sources": {"other": null}, "filter": null});
    assert_eq!(bench.done("PATCH", "/api/v1/policy?by=kim", back).await["policy"]["sources"], json!({}));
    assert_eq!(bench.entries(), 305);
    for bad in [
        json!({"min_source": 2}),
        json!({"min_sources": 101}),
        json!({"sources": {"manual": {"trial": true}}}),
        json!({"sources": {"other": {"end": "detected"}}}),
        json!([1]),
    ] {
        bench.write("PATCH", "/api/v1/policy?by=kim", bad).await.problem(400);
    }
    let actions = bench.get("/api/v1/audit").await;
    assert_eq!(
        (&actions["audit"][2]["action"], &actions["audit"][2]["note"]),
        (&json!("policy.set"), &json!("trial"))
    );
}

#[tokio::test]
async fn a_limit_that_is_null_is_off() {
    let bench = Bench::held();
    let done = bench.done("PATCH", "/api/v1/gate?by=kim", json!({"min_share": null})).await;
    assert_eq!((&done["gate"]["min_share"], rules(&done["outcome"]["held"])), (&Value::Null, vec!["lost"]));
    let done = bench.done("PATCH", "/api/v1/gate?by=kim", json!({"max_removed": null})).await;
    assert_eq!((&done["outcome"]["state"], bench.entries()), (&json!("published"), 10));
    let gate = bench.get("/api/v1/gate").await;
    assert_eq!((&gate["max_removed"], &gate["max_added"]), (&Value::Null, &json!(200)));
    bench.write("PATCH", "/api/v1/gate?by=kim", json!({"widest_v4": 4})).await.problem(400);
    bench.write("PATCH", "/api/v1/gate?by=kim", json!({"jump_floor": null})).await.problem(400);
}

#[tokio::test]
async fn a_rollback_is_tried_made_seen_and_released() {
    let bench = Bench::published();
    import(&bench.store, "other", 5);
    let (rollback, release) = ("/api/v1/publications/1/rollback", "/api/v1/publications/release");
    bench.write("POST", release, json!({"by": "kim"})).await.problem(409);
    let tried = bench.done("POST", rollback, json!({"dry_run": true})).await;
    assert_eq!(tried["tried"]["change"]["removed"], 5);
    bench.write("POST", rollback, json!({"by": "kim"})).await.problem(400);
    bench
        .write("POST", "/api/v1/publications/9/rollback", json!({"by": "kim", "note": "x"}))
        .await
        .problem(404);
    let done = bench.done("POST", rollback, json!({"by": "kim", "note": "other is wrong"})).await;
    assert_eq!(done["outcome"]["publication"]["content_of"], 1);
    let page = bench.get("/api/v1/publications?limit=1").await;
    assert_eq!((&page["pinned"]["serial"], &page["pinned"]["by"]), (&json!(1), &json!("kim")));
    import(&bench.store, "other", 7);
    assert_eq!(bench.entries(), 300);
    let force = json!({"force": true, "by": "kim", "note": "x"});
    bench.write("POST", "/api/v1/publish", force).await.problem(409);
    let tried = bench.done("POST", release, json!({"dry_run": true})).await;
    assert_eq!((&tried["tried"]["change"]["added"], &tried["tried"]["held"]), (&json!(7), &json!([])));
    bench.done("POST", release, json!({"by": "kim"})).await;
    assert_eq!(bench.entries(), 307);
    assert_eq!(bench.get("/api/v1/publications").await["pinned"], Value::Null);

    let diff = bench.get("/api/v1/publications/4/diff/1?limit=2").await;
    assert_eq!((&diff["removed"], &diff["added"], &diff["truncated"]), (&json!(7), &json!(0), &json!(true)));
    assert_eq!(diff["removed_prefixes"], json!(["9.5.0.0", "9.5.0.1"]));
    bench.rig.get("/api/v1/publications/1/diff/9").await.problem(404);
    bench.rig.get("/api/v1/publications/1/diff/x").await.problem(404);
}

#[tokio::test]
async fn a_past_moment_has_the_publication_that_was_live_then() {
    let bench = Bench::published();
    let at = async |time: &str| {
        bench.get(&format!("/api/v1/publications?at={time}")).await["publications"].clone()
    };
    assert_eq!(at("2026-03-01T00:00:00Z").await[0]["serial"], 1);
    assert_eq!(at("2026-03-01%2009:00").await[0]["serial"], 1);
    assert_eq!(at("2026-03-01").await, json!([]), "nine hours before");
    bench.rig.get("/api/v1/publications?at=yesterday").await.problem(400);
}

#[tokio::test]
async fn what_waits_is_counted_by_rule() {
    let bench = Bench::held();
    let metrics = bench.rig.get("/metrics").await;
    let has = |text: &str, line: &str| assert!(text.lines().any(|it| it == line), "no {line} in {text}");
    has(metrics.text(), "blacklist_held 1");
    has(metrics.text(), "blacklist_held_reasons{rule=\"shrunk\"} 1");
    has(metrics.text(), "blacklist_held_reasons{rule=\"empty\"} 0");
    has(metrics.text(), "blacklist_publication_pinned 0");
    bench.done("POST", "/api/v1/publications/1/rollback", json!({"by": "kim", "note": "x"})).await;
    let metrics = bench.rig.get("/metrics").await;
    has(metrics.text(), "blacklist_held 0");
    has(metrics.text(), "blacklist_held_reasons{rule=\"shrunk\"} 0");
    has(metrics.text(), "blacklist_publication_pinned 1");
}

#[tokio::test]
async fn the_shapes_of_the_document_are_those_of_the_answers() {
    let bench = Bench::held();
    bench
        .done("PATCH", "/api/v1/policy?by=kim", json!({"sources": {"feed": {"end": "detected+3650d"}}}))
        .await;
    let document = bench.get("/api/v1/openapi.json").await;
    for (shape, path, pointer) in [
        ("HeldPage", "/api/v1/held", ""),
        ("Held", "/api/v1/held", "/held/0"),
        ("OneHeld", "/api/v1/held/1", ""),
        ("Change", "/api/v1/held/1", "/change"),
        ("Why", "/api/v1/held/1", "/why/0"),
        ("Policy", "/api/v1/policy", ""),
        ("Filter", "/api/v1/policy", "/filter"),
        ("SourceRules", "/api/v1/policy", "/sources/feed"),
        ("Gate", "/api/v1/gate", ""),
        ("Difference", "/api/v1/publications/1/diff/1", ""),
        ("Hits", "/api/v1/hits", ""),
        ("Audit", "/api/v1/audit", ""),
        ("AuditEntry", "/api/v1/audit", "/audit/0"),
    ] {
        let answer = bench.get(path).await;
        support::has_shape(&document, shape, answer.pointer(pointer).unwrap());
    }
    let back = bench.done("POST", "/api/v1/publications/1/rollback", json!({"by": "kim", "note": "x"})).await;
    support::has_shape(&document, "Done", &back);
    support::has_shape(&document, "Outcome", &back["outcome"]);
    let page = bench.get("/api/v1/publications").await;
    support::has_shape(&document, "Publication", &page["publications"][0]);
    support::has_shape(&document, "Pin", &page["pinned"]);
    let tried = bench.done("PATCH", "/api/v1/policy?dry_run=true", json!({})).await;
    support::has_shape(&document, "PolicyChanged", &tried);
    support::has_shape(&document, "Tried", &tried["tried"]);
}
