//! What people do at sources and credentials is in the record of changes, and no secret of it.

#![allow(clippy::unwrap_used, reason = "tests")]

mod support;

use serde_json::{Value, json};
use support::portal::{Bench, NAME, PASSWORD};

async fn record(bench: &Bench) -> Vec<Value> {
    let page = bench.rig.get("/api/v1/audit?target=regtech").await.json();
    page["audit"].as_array().unwrap().iter().rev().cloned().collect()
}

#[tokio::test]
async fn each_change_of_a_source_and_its_credential_is_written_down_without_the_secret() {
    let bench = Bench::regtech().await;
    let path = "/api/v1/sources/regtech";
    for change in [
        json!({"settings": {"timeout": "9s"}}),
        json!({"enabled": false}),
        json!({"enabled": false}),
        json!({"enabled": true}),
    ] {
        assert_eq!(bench.rig.write("PATCH", path, &change).await.status, 200, "{change}");
    }
    assert_eq!(bench.rig.write("POST", "/api/v1/credentials/regtech/verify", &json!({})).await.status, 200);
    assert_eq!(bench.rig.write("POST", &format!("{path}/run"), &json!({})).await.status, 202);
    bench.run_number(1).await;
    assert_eq!(bench.rig.write("DELETE", "/api/v1/credentials/regtech", &json!({})).await.status, 204);
    assert_eq!(bench.rig.write("DELETE", path, &json!({})).await.status, 200);
    let record = record(&bench).await;
    let actions: Vec<_> = record.iter().map(|entry| entry["action"].as_str().unwrap()).collect();
    let wanted = [
        "source.add",
        "credential.set",
        "source.set",
        "source.disable",
        "source.enable",
        "credential.verify",
        "source.run",
        "credential.remove",
        "source.remove",
    ];
    assert_eq!(actions, wanted);
    assert!(record.iter().all(|entry| entry["by"] == "api" && entry["address"] == "127.0.0.1"), "{record:?}");
    assert_eq!(record[1]["after"]["kind"], "login");
    assert_eq!(record[1]["after"]["expires_on"], "2026-12-01");
    // What did not change stands in neither.
    assert_eq!(
        (&record[2]["before"], &record[2]["after"]),
        (&json!({"timeout": "5s"}), &json!({"timeout": "9s"}))
    );
    let text = json!(record).to_string();
    assert!(!text.contains(PASSWORD) && !text.contains(NAME), "{text}");
    let missing = bench.rig.write("POST", "/api/v1/sources/none/run", &json!({})).await;
    missing.problem(404);
}

#[tokio::test]
async fn a_key_in_the_address_of_a_source_is_not_in_the_record_but_that_it_changed_is() {
    let bench = Bench::new().await;
    let url = |key: &str| format!("http://127.0.0.1:9/list?token={key}&format=plain");
    let settings = json!({"url": url("first-s3cret")});
    let body = json!({"name": "regtech", "kind": "url", "settings": settings});
    assert_eq!(bench.rig.write("POST", "/api/v1/sources", &body).await.status, 201);
    let change = json!({"settings": {"url": url("second-s3cret")}});
    assert_eq!(bench.rig.write("PATCH", "/api/v1/sources/regtech", &change).await.status, 200);
    let record = record(&bench).await;
    let hidden = "http://127.0.0.1:9/list?token=(hidden)&format=(hidden)";
    assert_eq!(record[0]["after"]["settings"]["url"], hidden, "{record:?}");
    assert_eq!(record[1]["before"]["url"], hidden, "{record:?}");
    assert_eq!(record[1]["after"]["url"], hidden.replacen("(hidden)", "(changed)", 1), "{record:?}");
    let pages = bench.rig.signed_in(store::Role::Admin);
    let mut said = json!(record).to_string();
    for path in ["/logs/audit", "/logs/audit?format=csv"] {
        let page = pages.get(path).await;
        assert_eq!(page.status, 200, "{path}");
        said.push_str(page.text());
    }
    assert!(!said.contains("s3cret"), "{said}");
    // The source itself keeps it.
    let kept = bench.rig.get("/api/v1/sources/regtech").await.json();
    assert_eq!(kept["settings"]["url"], url("second-s3cret"));
}
