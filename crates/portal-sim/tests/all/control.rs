//! The control API.

use portal_sim::{Fault, Portal, Sim};
use serde_json::{Value, json};

use crate::client::send;
use crate::visitor::{Regtech, sim};

async fn control(sim: &Sim, method: &str, path: &str, body: Value) -> (u16, Value) {
    let body = if body.is_null() { String::new() } else { body.to_string() };
    let got = send(&sim.control_url(), (method, path), &[], &body).await;
    (got.status, got.json())
}

#[tokio::test]
async fn faults_are_listed_turned_on_and_off() {
    let sim = sim().await;
    let (_, all) = control(&sim, "GET", "/faults", Value::Null).await;
    assert_eq!(all.as_array().unwrap().len(), Fault::ALL.len());
    let (status, on) =
        control(&sim, "PUT", "/faults/unavailable", json!({ "times": 1, "part": "login" })).await;
    assert_eq!((status, &on["on"]["times"]), (200, &json!(1)));
    assert_eq!(send(&sim.url(Portal::Regtech), ("GET", "/"), &[], "").await.status, 503);
    assert_eq!(send(&sim.url(Portal::Regtech), ("GET", "/"), &[], "").await.status, 200);
    control(&sim, "PUT", "/faults/stale", Value::Null).await;
    assert!(sim.faults().all().contains_key(&Fault::Stale));
    control(&sim, "DELETE", "/faults/stale", Value::Null).await;
    assert!(sim.faults().all().is_empty());
    assert_eq!(control(&sim, "PUT", "/faults/nonsense", Value::Null).await.0, 404);
    assert_eq!(control(&sim, "PUT", "/faults/stale", json!({ "time": 1 })).await.0, 400);
}

#[tokio::test]
async fn the_clock_is_read_set_and_moved() {
    let sim = sim().await;
    let (_, clock) = control(&sim, "GET", "/clock", Value::Null).await;
    assert_eq!(
        clock,
        json!({ "now": "2026-11-20T00:00:00Z", "seoul": "2026-11-20T09:00:00", "running": false })
    );
    let set = json!({ "now": "2026-12-01T00:00:00Z", "advance_seconds": 60 });
    let (_, clock) = control(&sim, "PUT", "/clock", set).await;
    assert_eq!(clock["seoul"], "2026-12-01T09:01:00");
    assert_eq!(sim.seoul().to_string(), "2026-12-01T09:01:00");
}

#[tokio::test]
async fn the_truth_is_told() {
    let sim = sim().await;
    let (_, truth) = control(&sim, "GET", "/truth", Value::Null).await;
    let rows = sim.world().truth_at(sim.seoul());
    assert_eq!(truth["regtech"].as_array().unwrap().len(), rows.len());
    assert_eq!(truth["regtech"][0]["address"], rows[0].address);
    assert!(truth["secudium"].as_array().unwrap().len() > 50);
}

#[tokio::test]
async fn accounts_are_added_locked_and_unlocked() {
    let sim = sim().await;
    let new = json!({ "name": "second", "password": "p", "portal": "secudium" });
    let (_, accounts) = control(&sim, "POST", "/accounts", new).await;
    assert_eq!(accounts[0]["names"], json!(["demo"]));
    assert_eq!(accounts[1]["names"], json!(["demo", "second"]));
    let visitor = Regtech::arrive(&sim).await;
    for _ in 0..5 {
        visitor.step1("wrong").await;
    }
    let (_, accounts) = control(&sim, "GET", "/accounts", Value::Null).await;
    assert_eq!((&accounts[0]["locked"], &accounts[0]["refused_passwords"]), (&json!(true), &json!(5)));
    control(&sim, "POST", "/unlock", Value::Null).await;
    assert!(!sim.is_locked(Portal::Regtech));
    let (_, journal) = control(&sim, "GET", "/journal", Value::Null).await;
    assert_eq!(journal.as_array().unwrap().len(), 6);
}

#[tokio::test]
async fn the_routes_are_listed() {
    let sim = sim().await;
    let (status, root) = control(&sim, "GET", "/", Value::Null).await;
    assert!(status == 200 && root["routes"].as_array().unwrap().len() > 10);
    assert_eq!(control(&sim, "GET", "/nowhere", Value::Null).await.0, 404);
}
