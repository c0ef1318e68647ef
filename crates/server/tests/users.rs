//! Accounts by the API: made, changed, closed, removed, and written down.

#![allow(clippy::unwrap_used, reason = "tests")]

mod support;

use serde_json::{Value, json};
use store::Role;
use support::Answer;
use support::accounts::{Desk, PASSWORD, set_cookie};

async fn sign_in(desk: &Desk, name: &str, password: &str) -> Answer {
    desk.rig.write("POST", "/api/v1/session", &json!({"name": name, "password": password})).await
}

#[tokio::test]
async fn a_password_that_is_drawn_opens_the_way_to_another_one_and_no_more() {
    let desk = Desk::new();
    let admin = desk.signed_in(Role::Admin);
    let made = admin.json("POST", "/api/v1/users", &json!({"name": "Kim", "role": "operator"})).await;
    assert_eq!((made.status.as_u16(), made.header("location")), (201, "/api/v1/users/kim"), "{made:?}");
    assert_eq!(made.header("cache-control"), "no-store");
    let document = admin.get("/api/v1/openapi.json").await.json();
    support::has_shape(&document, "User", &made.json()["user"]);
    assert_eq!(made.json()["until"], desk.rig.clock_now().plus_seconds(72 * 3_600).to_string());
    let password = made.json()["one_time_password"].as_str().unwrap().to_owned();
    let entered = sign_in(&desk, "kim", &password).await;
    assert_eq!(entered.json()["pending"], "password");
    let kim = desk.rig.browser(&set_cookie(&entered).unwrap());
    assert!(kim.get("/api/v1/runs").await.problem(403).contains("set another"));
    let new = json!({"current": password, "new": PASSWORD});
    let set = kim.json("POST", "/api/v1/session/password", &new).await;
    assert_eq!(set.json()["pending"], Value::Null, "{set:?}");
    assert_eq!(kim.get("/api/v1/runs").await.status, 200);
    sign_in(&desk, "kim", &password).await.problem(401);
    let audit = admin.get("/api/v1/audit?target=kim").await.json().to_string();
    assert!(audit.contains("user.add") && audit.contains("user.password"), "{audit}");
    assert!(!audit.contains(&password) && !audit.contains("argon2"), "{audit}");
}

#[tokio::test]
async fn a_drawn_password_is_over_after_three_days() {
    let desk = Desk::new();
    let admin = desk.signed_in(Role::Admin);
    let made = admin.json("POST", "/api/v1/users", &json!({"name": "kim", "role": "viewer"})).await.json();
    let password = made["one_time_password"].as_str().unwrap();
    desk.later(72 * 3_600 - 1);
    assert_eq!(sign_in(&desk, "kim", password).await.status, 200);
    desk.later(1);
    sign_in(&desk, "kim", password).await.problem(401);
}

#[tokio::test]
async fn a_password_that_is_given_is_held_against_the_rules() {
    let desk = Desk::new();
    let admin = desk.signed_in(Role::Admin);
    let add = async |name: &str, password: &str| {
        let new = json!({"name": name, "role": "viewer", "password": password});
        admin.json("POST", "/api/v1/users", &new).await
    };
    assert!(add("kim", "short").await.problem(400).contains("at least"));
    assert!(add("kim", "kim likes long walks").await.problem(400).contains("name"));
    assert!(add("-kim", PASSWORD).await.problem(400).contains("a-z"));
    let made = add("kim", PASSWORD).await;
    assert_eq!((made.status.as_u16(), &made.json()["one_time_password"]), (201, &Value::Null));
    assert!(!made.text().contains(PASSWORD));
    assert_eq!(sign_in(&desk, "kim", PASSWORD).await.json()["pending"], Value::Null);
    add("KIM", PASSWORD).await.problem(409);
    let bad = admin.json("POST", "/api/v1/users", &json!({"name": "x", "role": "root", "hunter2": 1})).await;
    bad.problem(400);
    assert!(!bad.text().contains("hunter2"));
}

#[tokio::test]
async fn an_admin_gives_another_password_and_every_session_ends() {
    let desk = Desk::new();
    desk.person("kim", Role::Viewer);
    let admin = desk.signed_in(Role::Admin);
    let entered = sign_in(&desk, "kim", PASSWORD).await;
    let kim = desk.rig.browser(&set_cookie(&entered).unwrap());
    let given = admin.json("POST", "/api/v1/users/kim/password", &json!({})).await;
    let password = given.json()["one_time_password"].as_str().unwrap().to_owned();
    kim.get("/api/v1/session").await.problem(401);
    sign_in(&desk, "kim", PASSWORD).await.problem(401);
    assert_eq!(sign_in(&desk, "kim", &password).await.json()["pending"], "password");
    admin.json("POST", "/api/v1/users/lee/password", &json!({})).await.problem(404);
}

#[tokio::test]
async fn roles_change_at_once_and_the_last_admin_stays_one() {
    let desk = Desk::new();
    desk.person("kim", Role::Operator);
    let admin = desk.signed_in(Role::Admin);
    let entered = sign_in(&desk, "kim", PASSWORD).await;
    let kim = desk.rig.browser(&set_cookie(&entered).unwrap());
    let more = admin.json("PATCH", "/api/v1/users/kim", &json!({"role": "admin"})).await;
    assert_eq!(more.json()["role"], "admin");
    assert_eq!(kim.get("/api/v1/users").await.status, 200, "the session may more at once");
    admin.json("PATCH", "/api/v1/users/kim", &json!({"role": "viewer"})).await;
    kim.get("/api/v1/session").await.problem(401);
    for change in [json!({"role": "viewer"}), json!({"disabled": true})] {
        admin.json("PATCH", "/api/v1/users/admin", &change).await.problem(409);
    }
    admin.delete("/api/v1/users/admin").await.problem(409);
    admin.json("PATCH", "/api/v1/users/kim", &json!({})).await.problem(400);
    admin.json("PATCH", "/api/v1/users/kim", &json!({"name": "lee"})).await.problem(400);
    admin.json("PATCH", "/api/v1/users/lee", &json!({"role": "viewer"})).await.problem(404);
}

#[tokio::test]
async fn one_that_is_closed_may_be_opened_again_and_one_that_is_removed_never() {
    let desk = Desk::new();
    desk.person("kim", Role::Viewer);
    let admin = desk.signed_in(Role::Admin);
    let closed = admin.json("PATCH", "/api/v1/users/kim", &json!({"disabled": true})).await.json();
    assert!(closed["disabled_at"].is_string(), "{closed}");
    sign_in(&desk, "kim", PASSWORD).await.problem(401);
    admin.json("PATCH", "/api/v1/users/kim", &json!({"disabled": false})).await;
    assert_eq!(sign_in(&desk, "kim", PASSWORD).await.status, 200);
    assert_eq!(admin.delete("/api/v1/users/kim").await.status, 204);
    sign_in(&desk, "kim", PASSWORD).await.problem(401);
    admin.get("/api/v1/users/kim").await.problem(404);
    admin.get("/api/v1/users/No%20Name").await.problem(404);
    admin.json("POST", "/api/v1/users", &json!({"name": "kim", "role": "viewer"})).await.problem(409);
}

#[tokio::test]
async fn accounts_are_listed_by_name_a_page_at_a_time() {
    let desk = Desk::new();
    for name in ["lee", "kim", "choi"] {
        desk.person(name, Role::Viewer);
    }
    let admin = desk.signed_in(Role::Admin);
    let names = async |query: &str| {
        let page = admin.get(&format!("/api/v1/users{query}")).await.json();
        let rows = page["users"].as_array().unwrap().clone();
        let names: Vec<_> = rows.iter().map(|row| row["name"].as_str().unwrap().to_owned()).collect();
        (names, page["next"].clone())
    };
    assert_eq!(names("").await, (["admin", "choi", "kim", "lee"].map(str::to_owned).to_vec(), Value::Null));
    let (first, next) = names("?limit=2").await;
    assert_eq!((first, &next), (vec!["admin".to_owned(), "choi".to_owned()], &json!("choi")));
    assert_eq!(names("?limit=2&after=choi").await.0, ["kim", "lee"]);
}

#[tokio::test]
async fn the_record_is_filtered_and_checked() {
    let desk = Desk::new();
    let admin = desk.signed_in(Role::Admin);
    admin.json("POST", "/api/v1/users", &json!({"name": "kim", "role": "viewer"})).await;
    admin.json("PATCH", "/api/v1/users/kim", &json!({"role": "operator"})).await;
    let actions = async |query: &str| {
        let page = admin.get(&format!("/api/v1/audit{query}")).await.json();
        let rows = page["audit"].as_array().unwrap().clone();
        rows.iter().map(|row| row["action"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(actions("?by=admin").await, ["user.set", "user.add"]);
    assert_eq!(actions("?by=setup").await, ["user.add"], "who set the test up");
    assert_eq!(actions("?action=user.set").await, ["user.set"]);
    assert_eq!(actions("?action=user&target=kim").await, ["user.set", "user.add"]);
    assert!(actions("?action=allow").await.is_empty());
    let entry = admin.get("/api/v1/audit?action=user.set").await.json()["audit"][0].clone();
    let document = admin.get("/api/v1/openapi.json").await.json();
    support::has_shape(&document, "AuditEntry", &entry);
    assert_eq!(entry["address"], "127.0.0.1");
    let whole = admin.get("/api/v1/audit/verify").await.json();
    assert_eq!(whole, json!({"state": "whole", "entries": 3, "before": 0}));
}
