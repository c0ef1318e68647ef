//! Look-ups, one and many, and the figures.

#![allow(clippy::unwrap_used, reason = "tests")]

mod support;

use serde_json::json;
use support::{PREFIXES, Rig};

#[tokio::test]
async fn a_listed_address_comes_with_the_prefix_and_listing_that_cover_it() {
    let rig = Rig::live(PREFIXES).await;
    let answer = rig.get("/api/v1/lookup?ip=198.51.100.77").await;
    assert_eq!(answer.header("content-type"), "application/json");
    assert_eq!(
        answer.json(),
        json!({
            "ip": "198.51.100.77", "listed": true, "prefix": "198.51.100.0/24",
            "listings": [{
                "source": "portal", "prefix": "198.51.100.0/24", "reason": "port scan", "country": null,
                "category": null, "severity": null, "confidence": null, "detected": "2026-02-28T00:00:00Z",
                "until": null, "state": "active",
            }],
        })
    );
}

#[tokio::test]
async fn what_is_not_listed_says_so() {
    let rig = Rig::live(PREFIXES).await;
    let answer = rig.get("/api/v1/lookup?ip=8.8.8.8").await;
    assert_eq!(answer.json(), json!({"ip": "8.8.8.8", "listed": false, "prefix": null, "listings": []}));
}

#[tokio::test]
async fn prefixes_and_ipv6_can_be_asked_however_they_are_escaped() {
    let rig = Rig::live(PREFIXES).await;
    for (ip, listed) in [
        ("198.51.100.0/25", true),
        ("198.51.100.0%2F25", true),
        ("198.51.0.0/16", false),
        ("2001:db8::1", true),
        ("2001%3Adb8%3A%3A1", true),
        ("::ffff:203.0.113.7", true),
    ] {
        assert_eq!(rig.get(&format!("/api/v1/lookup?ip={ip}")).await.json()["listed"], listed, "{ip}");
    }
}

#[tokio::test]
async fn nonsense_is_a_problem_that_names_it() {
    let rig = Rig::live(PREFIXES).await;
    assert!(rig.get("/api/v1/lookup?ip=300.1.1.1").await.problem(400).contains("300.1.1.1"));
    assert!(rig.get("/api/v1/lookup").await.problem(400).contains("ip"));
    assert!(rig.get("/api/v1/lookup?ip=1.1.1.1&x=1").await.problem(400).contains('x'));
}

#[tokio::test]
async fn many_are_answered_in_order_and_a_bad_one_spoils_nothing() {
    let rig = Rig::live(PREFIXES).await;
    let answer = rig.post("/api/v1/lookup", r#"{"ips":["203.0.113.7","01.2.3.4","8.8.8.8","\u0041"]}"#).await;
    let results = answer.json()["results"].as_array().unwrap().clone();
    assert_eq!(results[0]["listed"], true);
    assert_eq!(results[1]["ip"], "01.2.3.4");
    assert!(!results[1]["error"].as_str().unwrap().is_empty());
    assert_eq!(results[2]["listed"], false);
    assert_eq!(results[3]["ip"], "A");
    assert_eq!(rig.post("/api/v1/lookup", r#"{"ips":[]}"#).await.json(), json!({"results": []}));
}

#[tokio::test]
async fn a_large_call_equals_its_single_answers() {
    let rig = Rig::live(PREFIXES).await;
    let ips: Vec<String> = (0..2_000).map(|n| format!("198.51.{}.{}", 99 + n % 3, n % 256)).collect();
    let results = rig.post("/api/v1/lookup", json!({ "ips": ips }).to_string()).await.json();
    for (ip, result) in ips.iter().zip(results["results"].as_array().unwrap()).step_by(97) {
        assert_eq!(&rig.get(&format!("/api/v1/lookup?ip={ip}")).await.json(), result);
    }
    let metrics = rig.get("/metrics").await;
    assert!(metrics.text().contains("blacklist_lookups_total 2021"), "{}", metrics.text());
}

#[tokio::test]
async fn too_many_addresses_and_too_long_bodies_are_refused_whole() {
    let rig = Rig::live(PREFIXES).await;
    let ask = async |count: usize| {
        rig.post("/api/v1/lookup", json!({ "ips": vec!["1.1.1.1"; count] }).to_string()).await
    };
    assert_eq!(ask(100_000).await.json()["results"].as_array().unwrap().len(), 100_000);
    assert!(ask(100_001).await.problem(413).contains("100000"));
    assert!(rig.post("/api/v1/lookup", " ".repeat(9 << 20)).await.problem(413).contains("bytes"));
}

#[tokio::test]
async fn a_body_of_another_shape_is_refused() {
    let rig = Rig::live(PREFIXES).await;
    for body in [
        "",
        "[]",
        r#"["1.1.1.1"]"#,
        r#"{"ips":[1]}"#,
        r#"{"ips":["1.1.1.1"]"#,
        r#"{"ip":["1.1.1.1"]}"#,
        "\u{0}",
    ] {
        assert!(rig.post("/api/v1/lookup", body).await.problem(400).contains("ips"), "{body}");
    }
}

#[tokio::test]
async fn without_a_publication_nothing_is_said_to_be_unlisted() {
    let rig = Rig::empty();
    rig.get("/api/v1/lookup?ip=1.1.1.1").await.problem(503);
    rig.post("/api/v1/lookup", r#"{"ips":["1.1.1.1"]}"#).await.problem(503);
    rig.get("/api/v1/stats").await.problem(503);
}

#[tokio::test]
async fn the_figures_count_each_covered_address_once() {
    let rig = Rig::live(&["9.0.0.0/24", "9.0.0.7", "9.0.1.1", "2a00::/32"]).await;
    let stats = rig.get("/api/v1/stats").await.json();
    assert_eq!(
        (&stats["entries"], &stats["entries_v4"], &stats["entries_v6"]),
        (&json!(4), &json!(3), &json!(1))
    );
    assert_eq!(stats["addresses_v4"], 257);
    assert_eq!(stats["addresses_v6"], (1_u128 << 96).to_string());
    assert_eq!(stats["by_source"], json!([{"name": "portal", "listings": 4}]));
    assert_eq!(stats["by_country"], json!([{"name": null, "listings": 4}]));
    assert_eq!((&stats["serial"], &stats["age_seconds"]), (&json!(1), &json!(3_600)));
}
