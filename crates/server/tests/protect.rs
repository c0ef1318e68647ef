//! The routes of what must never be served: allow entries, own networks, known-good lists.

#![allow(clippy::unwrap_used, reason = "tests")]

mod support;

use std::sync::Arc;

use blocklist::{Batch, Details, FixedClock, Mode, Record, Time};
use serde_json::{Value, json};
use store::{AuditQuery, Import, Store, Trigger};
use support::{PUBLISHED, Rig, has_shape};
use tempfile::TempDir;

/// A store that lists these.
fn rig(prefixes: &[&str]) -> (TempDir, Arc<Store>, Rig) {
    let dir = tempfile::tempdir().unwrap();
    let store = Store::open(dir.path(), Arc::new(FixedClock::at(Time::from_unix(PUBLISHED)))).unwrap();
    let mut batch = Batch::default();
    for prefix in prefixes {
        let details = batch.details.intern(Details::default());
        batch.accept(false);
        batch.records.push(Record { prefix: prefix.parse().unwrap(), details, detected: None, until: None });
    }
    let import = Import {
        source: &"portal".parse().unwrap(),
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
    let store = Arc::new(store);
    let rig = Rig::new(Some(Arc::clone(&store)));
    (dir, store, rig)
}

fn served(store: &Store) -> Vec<String> {
    let publication = store.files().load_current().unwrap().unwrap();
    publication.prefixes().map(|prefix| prefix.to_string()).collect()
}

fn document() -> Value {
    serde_json::to_value(server::document()).unwrap()
}

#[tokio::test]
async fn an_allow_entry_is_tried_added_changed_shown_and_removed() {
    let (_dir, store, rig) = rig(&["45.9.20.0/24", "45.9.30.7"]);
    let new =
        json!({"prefix": "45.9.20.9/25", "reason": "partner", "until": "2026-12-31T15:00:00Z", "by": "kim"});
    let tried = rig.write("POST", "/api/v1/allow?dry_run=true", &new).await;
    assert_eq!(tried.status, 200);
    let preview = &tried.json()["effect"]["preview"];
    assert_eq!((&preview["added"], &preview["removed_count"]), (&json!(["45.9.20.128/25"]), &json!(1)));
    assert_eq!(rig.get("/api/v1/allow").await.json()["entries"], json!([]));

    let added = rig.write("POST", "/api/v1/allow", &new).await;
    assert_eq!(added.status, 201);
    let added = added.json();
    assert_eq!((&added["entries"][0]["prefix"], &added["host_bits"]), (&json!("45.9.20.0/25"), &json!(true)));
    assert_eq!(added["effect"]["publication"]["serial"], 2);
    has_shape(&document(), "AllowChanged", &added);
    assert_eq!(served(&store), ["45.9.20.128/25", "45.9.30.7"]);
    assert_eq!(
        rig.write("POST", "/api/v1/allow", &new).await.problem(409),
        "45.9.20.0/25: allow entry 1 names it already; change that one"
    );

    let change = json!({"until": null, "owner": "network team"});
    let changed = rig.write("PATCH", "/api/v1/allow/1", &change).await.json();
    assert_eq!(
        (&changed["entries"][0]["until"], &changed["entries"][0]["reason"]),
        (&Value::Null, &json!("partner"))
    );
    let one = rig.get("/api/v1/allow/1").await.json();
    assert_eq!(one["hits"][0]["prefix"], "45.9.20.0/24");
    has_shape(&document(), "OneAllowEntry", &one);
    assert_eq!(rig.get("/api/v1/allow?prefix=45.9.20.0/25").await.json()["entries"][0]["id"], 1);
    assert_eq!(rig.get("/api/v1/allow/due").await.json()["entries"], json!([]));

    rig.ask("DELETE", "/api/v1/allow/1?dry_run=true", &[]).await;
    assert_eq!(served(&store).len(), 2);
    let removed = rig.ask("DELETE", "/api/v1/allow/1?by=lee&note=over", &[]).await.json();
    assert_eq!(removed["entries"][0]["removed_by"], "lee");
    assert_eq!(served(&store), ["45.9.20.0/24", "45.9.30.7"]);
    rig.ask("DELETE", "/api/v1/allow/1", &[]).await.problem(404);
    let told = store.audit(&AuditQuery::newest(1)).unwrap();
    assert_eq!((told[0].by.as_str(), told[0].note.as_deref()), ("lee", Some("over")));
}

#[tokio::test]
async fn what_is_not_understood_changes_nothing() {
    let (_dir, store, rig) = rig(&["45.9.20.0/24", "45.9.30.7"]);
    for (body, word) in [
        (json!({"prefix": "example.com", "reason": "x"}), "name"),
        (json!({"prefix": "45.9.30.7"}), "reason"),
        (json!({"prefix": "45.9.30.7", "reason": " "}), "reason"),
        (json!({"prefix": "45.9.30.7", "reason": "x", "untill": null}), "untill"),
        (json!({"prefix": "45.9.30.7", "reason": "x", "until": "tomorrow"}), "body"),
        (json!({"prefix": "45.9.30.7", "reason": "x", "until": "2001-01-01T00:00:00Z"}), "passed"),
        (json!({"prefix": "0.0.0.0/0", "reason": "x"}), "wider"),
        (json!({"prefix": "45.9.30.7", "reason": "x", "by": "a\nb"}), "by"),
    ] {
        let detail = rig.write("POST", "/api/v1/allow", &body).await.problem(400);
        assert!(detail.contains(word), "{body}: {detail}");
    }
    rig.write("PATCH", "/api/v1/allow/1", &json!({"owner": "x"})).await.problem(404);
    rig.write("PATCH", "/api/v1/allow/1", &json!({})).await.problem(400);
    rig.write("POST", "/api/v1/allow?dryrun=true", &json!({})).await.problem(400);
    for path in ["/api/v1/allow/9", "/api/v1/allow/x", "/api/v1/known-good/x"] {
        rig.get(path).await.problem(404);
    }
    assert_eq!((served(&store).len(), store.audit(&AuditQuery::newest(10)).unwrap().len()), (2, 0));
}

#[tokio::test]
async fn pages_of_allow_entries_go_on_where_the_last_ended() {
    let (_dir, store, rig) = rig(&["45.9.20.7"]);
    let new: Vec<store::NewAllow> =
        (1..=5).map(|n| store::NewAllow::new(format!("45.9.30.{n}").parse().unwrap(), "x")).collect();
    store.add_allow(&new, &store::Actor { address: None, by: "kim", note: None }).unwrap();
    let first = rig.get("/api/v1/allow?limit=3").await.json();
    let second = rig.get(&format!("/api/v1/allow?limit=3&after={}", first["next"])).await.json();
    assert_eq!(
        (first["entries"].as_array().unwrap().len(), second["entries"].as_array().unwrap().len()),
        (3, 2)
    );
    assert_eq!(second["next"], Value::Null);
}

#[tokio::test]
async fn own_networks_leave_the_list_at_once() {
    let (_dir, store, rig) = rig(&["45.9.20.0/24", "45.9.30.7"]);
    let new = json!({"prefix": "45.9.30.0/24", "note": "office"});
    let added = rig.write("POST", "/api/v1/own", &new).await.json();
    has_shape(&document(), "OwnChanged", &added);
    assert_eq!(added["effect"]["held"], json!([]));
    assert_eq!(served(&store), ["45.9.20.0/24"]);
    rig.write("POST", "/api/v1/own", &new).await.problem(409);
    rig.write("POST", "/api/v1/own", &json!({"prefix": "::/0"})).await.problem(400);
    let listed = rig.get("/api/v1/own").await.json();
    assert_eq!(
        (&listed["networks"][0]["kind"], &listed["networks"][0]["note"]),
        (&json!("firm"), &json!("office"))
    );
    has_shape(&document(), "OwnNetworks", &listed);
    let tried = rig.ask("DELETE", "/api/v1/own?prefix=45.9.30.0/24&dry_run=true", &[]).await.json();
    assert_eq!(tried["effect"]["preview"]["added"], json!(["45.9.30.7"]));
    rig.ask("DELETE", "/api/v1/own?prefix=45.9.30.0/24", &[]).await;
    assert_eq!(served(&store).len(), 2);
    rig.ask("DELETE", "/api/v1/own?prefix=45.9.30.0/24", &[]).await.problem(404);
    rig.ask("DELETE", "/api/v1/own", &[]).await.problem(400);
}

#[tokio::test]
async fn a_known_good_list_is_put_switched_shown_and_removed() {
    let (_dir, store, rig) = rig(&["45.9.20.0/24", "45.9.30.7", "45.9.40.7"]);
    let list = json!({"name": "Doors", "version": 3, "list": ["45.9.30.7", "45.9.40.7", "a.example"]});
    let path = "/api/v1/known-good/doors";
    let tried = rig.write("PUT", &format!("{path}?dry_run=true"), &list).await.json();
    assert_eq!(tried["effect"]["preview"]["removed"], json!(["45.9.30.7", "45.9.40.7"]));
    let put = rig.write("PUT", &format!("{path}?by=kim"), &list).await.json();
    has_shape(&document(), "KnownGoodChanged", &put);
    assert_eq!((&put["list"]["loaded_by"], &put["list"]["passed_over"]), (&json!("kim"), &json!(1)));
    assert_eq!(served(&store), ["45.9.20.0/24"]);
    let lists = rig.get("/api/v1/known-good").await.json();
    has_shape(&document(), "KnownGoodLists", &lists);
    assert_eq!(lists["lists"][0]["hits"], 2);
    let page = rig.get(&format!("{path}?limit=1")).await.json();
    has_shape(&document(), "OneKnownGoodList", &page);
    let next = page["next"].as_str().unwrap();
    let page = rig.get(&format!("{path}?limit=1&after={next}")).await.json();
    assert_eq!((&page["prefixes"], &page["next"]), (&json!(["45.9.40.7"]), &Value::Null));
    rig.write("PATCH", path, &json!({"enabled": false})).await;
    assert_eq!(served(&store).len(), 3);
    rig.write("PUT", path, &json!({"list": ["a.example"]})).await.problem(400);
    rig.write("PUT", "/api/v1/known-good/No%20Name", &list).await.problem(400);
    rig.ask("DELETE", path, &[]).await;
    rig.get(path).await.problem(404);
}
