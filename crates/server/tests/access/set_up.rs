//! Feeds and consumers that somebody sets up are followed: over the API at once, by another process soon.

use std::sync::Arc;
use std::time::Duration;

use serde_json::json;
use store::Revoke;
use tokio_util::sync::CancellationToken;

use crate::bench::{BY, Bench, DEVICE, WEEK};
use crate::support;

#[tokio::test]
async fn changes_by_others_are_followed() {
    let bench = Bench::new().await;
    let stop = CancellationToken::new();
    let app = Arc::clone(&bench.rig.app);
    let following = tokio::spawn(server::follow_access(app, Duration::from_millis(5), stop.clone()));
    let secret = bench.secret(1, WEEK);
    bench.all_forms_are(&secret, "default", 200).await;
    // Nobody asks for what is taken back, so this is seen by following alone.
    bench.store.revoke_secrets(&"FW-3".parse().unwrap(), Revoke::All, &BY).unwrap();
    while bench.ask(DEVICE, "/feeds/default/plain", &[("x-api-key", &secret)]).await.status == 200 {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    stop.cancel();
    following.await.unwrap();
}

#[tokio::test]
async fn feeds_and_consumers_are_set_up_over_the_api_and_are_there_at_once() {
    let bench = Bench::new().await;
    let rig = &bench.rig;
    let made = rig.write("POST", "/api/v1/feeds", &json!({"name": "zone", "settings": {"cap": 2}})).await;
    assert_eq!((made.status.as_u16(), made.header("location")), (201, "/api/v1/feeds/zone"));
    assert_eq!(rig.get("/feeds/zone/plain").await.header("x-entries-served"), "2");
    let changed =
        rig.write("PATCH", "/api/v1/feeds/zone", &json!({"settings": {"filter": {"family": 6}}})).await;
    assert_eq!((&changed.json()["settings"]["cap"], changed.status.as_u16()), (&json!(2), 200));
    assert_eq!(rig.get("/feeds/zone/plain").await.text(), "2001:db8::/32\n");

    let new = json!({"name": "PA-1", "settings": {"feed": "zone", "vendor": "paloalto"},
        "addresses": [{"prefix": "10.9.9.9", "trusted": true}]});
    assert_eq!(rig.write("POST", "/api/v1/consumers", &new).await.status, 201);
    let rotated = rig.write("POST", "/api/v1/consumers/PA-1/secret", &json!({})).await;
    assert_eq!(rotated.header("cache-control"), "no-store");
    let secret = rotated.json()["secret"].as_str().unwrap().to_owned();
    bench.all_forms_of("PA-1", &secret, "default", 403).await;
    assert_eq!(bench.ask("10.9.9.9:1", "/feeds/zone/plain", &[]).await.status, 200);
    let key = [("x-api-key", secret.as_str())];
    assert_eq!(bench.ask(DEVICE, "/feeds/zone/plain", &key).await.status, 200);
    bench.pulls().await;

    let document = rig.get("/api/v1/openapi.json").await.json();
    let listed = rig.get("/api/v1/consumers").await;
    assert!(!listed.text().contains(&secret));
    for (shape, path, pointer) in [
        ("Feeds", "/api/v1/feeds", ""),
        ("Feed", "/api/v1/feeds/zone", ""),
        ("FeedSettings", "/api/v1/feeds/zone", "/settings"),
        ("Filter", "/api/v1/feeds/zone", "/settings/filter"),
        ("Consumers", "/api/v1/consumers", ""),
        ("Consumer", "/api/v1/consumers/PA-1", ""),
        ("ConsumerSettings", "/api/v1/consumers/PA-1", "/settings"),
        ("ConsumerAddress", "/api/v1/consumers/PA-1", "/addresses/0"),
        ("ConsumerSecret", "/api/v1/consumers/PA-1", "/secrets/0"),
        ("Holding", "/api/v1/consumers/PA-1", "/holdings/0"),
        ("Pulls", "/api/v1/pulls?consumer=PA-1&status=200", ""),
        ("Pull", "/api/v1/pulls?consumer=PA-1&status=200", "/pulls/0"),
    ] {
        let answer = rig.get(path).await.json();
        support::has_shape(&document, shape, answer.pointer(pointer).unwrap());
    }
    support::has_shape(&document, "Secret", &rotated.json());

    for (method, path, body, status) in [
        ("POST", "/api/v1/feeds", json!({"name": "zone"}), 409),
        ("POST", "/api/v1/feeds", json!({"name": "a b"}), 400),
        ("POST", "/api/v1/feeds", json!({"name": "x", "settings": {"caps": 1}}), 400),
        ("POST", "/api/v1/feeds", json!({"name": "x", "settings": {"cap": 0}}), 400),
        ("PATCH", "/api/v1/feeds/zone", json!({"settings": {"filter": {"x": 1}}}), 400),
        ("PATCH", "/api/v1/feeds/nosuch", json!({"settings": {}}), 404),
        ("DELETE", "/api/v1/feeds/zone", json!({}), 409),
        ("DELETE", "/api/v1/feeds/default", json!({}), 409),
        ("POST", "/api/v1/consumers", json!({"name": "pa-1"}), 409),
        ("POST", "/api/v1/consumers", json!({"name": "x", "secret": "y"}), 400),
        ("POST", "/api/v1/consumers", json!({"name": "x", "settings": {"feed": "nosuch"}}), 400),
        ("POST", "/api/v1/consumers", json!({"name": "x", "addresses": [{"prefix": "0.0.0.0/0"}]}), 400),
        ("POST", "/api/v1/consumers", json!({"name": "x", "addresses": [{"prefix": "a"}]}), 400),
        ("PATCH", "/api/v1/consumers/nosuch", json!({}), 404),
        ("POST", "/api/v1/consumers/nosuch/secret", json!({}), 404),
        ("POST", "/api/v1/consumers/PA-1/secret", json!({"old_valid_days": 367}), 400),
    ] {
        rig.write(method, path, &body).await.problem(status);
    }
    assert_eq!(rig.write("PATCH", "/api/v1/consumers/PA-1", &json!({"enabled": false})).await.status, 200);
    bench.all_forms_of("PA-1", &secret, "zone", 401).await;
    rig.write("PATCH", "/api/v1/consumers/PA-1", &json!({"enabled": true})).await;
    let revoked = rig.ask("DELETE", "/api/v1/consumers/PA-1/secret?old=false", &[]).await;
    assert_eq!(revoked.json()["secrets"], 1);
    bench.all_forms_of("PA-1", &secret, "zone", 401).await;
    assert_eq!(rig.ask("DELETE", "/api/v1/consumers/PA-1", &[]).await.status, 204);
    bench.ask("10.9.9.9:1", "/feeds/zone/plain", &[]).await.problem(401);
    assert_eq!(rig.ask("DELETE", "/api/v1/feeds/zone", &[]).await.status, 204);
    rig.get("/feeds/zone/plain").await.problem(404);
}
