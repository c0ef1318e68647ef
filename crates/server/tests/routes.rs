//! Every route of the document: that it is there, whom it answers, and what it says to the rest.

#![allow(clippy::unwrap_used, reason = "tests")]

mod support;

use std::collections::BTreeSet;

use serde_json::Value;
use support::{PREFIXES, Rig};

/// A path with a value for each parameter.
fn fill(path: &str) -> String {
    let path = path
        .replace("{token}", "abc")
        .replace("{feed}", "default")
        .replace("{format}", "plain")
        .replace("{run}", "1")
        .replace("{serial}", "1")
        .replace("{to}", "1")
        .replace("{id}", "1")
        .replace("{name}", "portal")
        .replace("{source}", "portal");
    assert!(!path.contains('{'), "{path}");
    path
}

/// The paths of the document with a value for each parameter.
fn paths() -> Vec<String> {
    let paths: Vec<String> = server::document().paths.paths.keys().map(|path| fill(path)).collect();
    assert!(paths.len() >= 20, "{paths:?}");
    paths
}

#[test]
fn the_document_is_the_one_that_was_looked_at() {
    insta::assert_snapshot!(server::document().to_pretty_json().unwrap());
}

#[tokio::test]
async fn every_route_of_the_document_answers_the_methods_it_has_and_refuses_the_rest_by_name() {
    let rig = Rig::live(PREFIXES).await;
    for (path, item) in server::document().paths.paths {
        let path = fill(&path);
        let methods = [
            ("GET", item.get.is_some()),
            ("HEAD", item.get.is_some()),
            ("POST", item.post.is_some()),
            ("PUT", item.put.is_some()),
            ("PATCH", item.patch.is_some()),
            ("DELETE", item.delete.is_some()),
            ("OPTIONS", false),
        ];
        for (method, there) in methods {
            let answer = rig.ask(method, &path, &[]).await;
            if there {
                assert!(![404, 405].contains(&answer.status.as_u16()), "{method} {path}: {answer:?}");
                continue;
            }
            if method != "HEAD" {
                answer.problem(405);
            }
            let allow: Vec<&str> = answer.header("allow").split(',').collect();
            for (method, there) in methods {
                assert_eq!(allow.contains(&method), there, "{method} {path}: {answer:?}");
            }
        }
        if item.get.is_some() {
            let (get, head) = (rig.get(&path).await, rig.ask("HEAD", &path, &[]).await);
            assert_eq!(head.status, get.status, "{path}");
            assert!(head.body.is_empty(), "{path}");
        }
    }
}

#[tokio::test]
async fn a_path_that_is_not_there_is_a_problem_and_counts_as_no_route() {
    let rig = Rig::live(PREFIXES).await;
    for path in
        ["/feed", "/feeds", "/feeds/default", "/feeds/default/plain/", "/api/v1/nosuch", "/../etc/passwd"]
    {
        assert!(rig.get(path).await.problem(404).contains("openapi.json"), "{path}");
    }
    let metrics = rig.get("/metrics").await;
    assert!(metrics.text().contains(r#"blacklist_http_requests_total{route="none",status="404"} 6"#));
    assert!(!metrics.text().contains("nosuch"));
}

#[tokio::test]
async fn a_request_for_another_host_is_misdirected() {
    let rig = Rig::live(PREFIXES).await;
    for path in paths() {
        let answer = rig.ask("GET", &path, &[("host", "evil.example:2542")]).await;
        assert!(answer.problem(421).contains("localhost"), "{path}");
    }
    for host in ["localhost", "127.0.0.1:2542", "[::1]:2542"] {
        assert_eq!(rig.ask("GET", "/healthz", &[("host", host)]).await.status, 200, "{host}");
    }
    // A request line that names another host than the field does counts too.
    let absolute = rig.ask("GET", "http://evil.example/feeds/default/plain", &[("host", "localhost")]).await;
    absolute.problem(421);
    rig.ask("GET", "/healthz", &[("host", "localhost"), ("host", "evil.example")]).await.problem(400);
}

#[tokio::test]
async fn alive_is_not_ready() {
    let rig = Rig::empty();
    assert_eq!(rig.get("/healthz").await.status, 200);
    assert!(rig.get("/readyz").await.problem(503).contains("no publication"));
    rig.app.go_live(support::publication(5, PREFIXES)).await;
    assert_eq!(rig.get("/readyz").await.json()["serial"], 5);
}

#[tokio::test]
async fn the_metrics_name_what_was_served() {
    let rig = Rig::live(PREFIXES).await;
    let body = rig.get("/feeds/default/plain").await;
    rig.ask("GET", "/feeds/default/plain", &[("if-none-match", "*")]).await;
    rig.get("/feeds/default/plain?x").await;
    let metrics = rig.get("/metrics").await;
    assert!(metrics.header("content-type").starts_with("application/openmetrics-text"));
    for line in [
        r#"blacklist_build_info{version="0.0.0-test"} 1"#,
        r#"blacklist_feed_requests_total{format="plain",status="2xx"} 1"#,
        r#"blacklist_feed_requests_total{format="plain",status="3xx"} 1"#,
        r#"blacklist_feed_requests_total{format="plain",status="4xx"} 1"#,
        &format!(r#"blacklist_feed_sent_bytes_total{{format="plain"}} {}"#, body.body.len()),
        r#"blacklist_http_requests_total{route="/feeds/{feed}/{format}",status="304"} 1"#,
        r#"blacklist_http_request_duration_seconds_count{route="/feeds/{feed}/{format}"} 3"#,
        "blacklist_publication_serial 1",
        "blacklist_publication_entries 3",
        "blacklist_publication_age_seconds 3600",
        "# HELP blacklist_publication_failures Publications that could not be read; the last good one stayed live.",
        "# EOF",
    ] {
        assert!(metrics.text().lines().any(|found| found == line), "{line}\n{}", metrics.text());
    }
}

/// Every reference of a part of the document.
fn references(value: &Value, found: &mut BTreeSet<String>) {
    match value {
        Value::Object(members) => {
            for (key, value) in members {
                match value {
                    Value::String(to) if key == "$ref" => drop(found.insert(to.clone())),
                    value => references(value, found),
                }
            }
        }
        Value::Array(elements) => elements.iter().for_each(|element| references(element, found)),
        _ => {}
    }
}

#[test]
fn what_the_document_refers_to_is_in_it() {
    let document = serde_json::to_value(server::document()).unwrap();
    let mut found = BTreeSet::new();
    references(&document, &mut found);
    assert!(found.len() > 50, "{found:?}");
    for reference in found {
        let place = reference.strip_prefix('#').unwrap();
        assert!(document.pointer(place).is_some(), "{reference}");
    }
}

#[test]
fn the_document_says_how_one_is_let_in_and_refused_where_the_table_of_rights_asks_for_somebody() {
    let document = serde_json::to_value(server::document()).unwrap();
    let schemes = &document["components"]["securitySchemes"];
    let methods = ["get", "post", "put", "patch", "delete"];
    let mut seen = BTreeSet::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in
            item.as_object().unwrap().iter().filter(|(key, _)| methods.contains(&&***key))
        {
            let needs = operation["x-needs"].as_str().unwrap();
            seen.insert(needs.to_owned());
            let ways = operation["security"].as_array().unwrap();
            let named = ways.iter().flat_map(|way| way.as_object().unwrap().keys());
            for scheme in named {
                assert!(schemes.get(scheme).is_some(), "{method} {path}: {scheme}");
            }
            let open = ways.is_empty() || ways.iter().any(|way| way.as_object().unwrap().is_empty());
            assert_eq!(open, ["nothing", "feed"].contains(&needs), "{method} {path}: {ways:?}");
            let refused = |status: &str| operation["responses"].get(status).is_some();
            assert!(needs == "nothing" || (refused("401") && refused("403")), "{method} {path}");
            assert!(needs == "feed" || refused("429"), "{method} {path}");
        }
    }
    assert_eq!(
        seen.into_iter().collect::<Vec<_>>(),
        ["admin", "anybody", "feed", "nothing", "operator", "viewer"]
    );
}
