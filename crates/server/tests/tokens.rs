//! Tokens of programs: what they may do, from where, and until when.

#![allow(clippy::unwrap_used, reason = "tests")]

mod support;

use serde_json::{Value, json};
use store::{AttemptQuery, Role, UserChange};
use support::Answer;
use support::accounts::{Browser, Desk, SETUP};

async fn made(admin: &Browser, wanted: &Value) -> String {
    let answer = admin.json("POST", "/api/v1/tokens", wanted).await;
    assert_eq!(answer.status, 201, "{answer:?}");
    assert_eq!(answer.header("cache-control"), "no-store");
    answer.json()["token"].as_str().unwrap().to_owned()
}

async fn ask(desk: &Desk, token: &str, path: &str) -> Answer {
    desk.rig.ask("GET", path, &[("authorization", &format!("Bearer {token}"))]).await
}

/// What was written down of tokens.
fn tries(desk: &Desk) -> Vec<(Option<String>, String, u64)> {
    let rows = desk.store.attempts(&AttemptQuery { limit: 100, ..AttemptQuery::default() }).unwrap();
    let tokens = rows.into_iter().filter(|row| row.kind == "token");
    tokens.map(|row| (row.account, row.result, row.count)).collect()
}

#[tokio::test]
async fn a_token_is_shown_once_and_kept_as_a_hash() {
    let desk = Desk::new();
    let admin = desk.signed_in(Role::Admin);
    let token = made(&admin, &json!({"name": "siem", "role": "viewer"})).await;
    let session = ask(&desk, &token, "/api/v1/session").await.json();
    assert_eq!(
        (&session["by"], &session["user"], &session["token"], &session["role"], &session["csrf_token"]),
        (&json!("token"), &json!("admin"), &json!("siem"), &json!("viewer"), &Value::Null)
    );
    let by_key = desk.rig.ask("GET", "/api/v1/session", &[("x-api-key", &token)]).await;
    assert_eq!(by_key.json()["token"], "siem");
    let listed = admin.get("/api/v1/tokens").await;
    assert!(!listed.text().contains(&token));
    let row = &listed.json()["tokens"][0];
    assert!(token.starts_with(row["hint"].as_str().unwrap()));
    let document = admin.get("/api/v1/openapi.json").await.json();
    support::has_shape(&document, "Token", row);
    for name in ["blacklist.db", "blacklist.db-wal"] {
        let bytes = std::fs::read(desk.dir.path().join(name)).unwrap_or_default();
        assert!(!bytes.windows(token.len()).any(|part| part == token.as_bytes()), "{name}");
    }
    let audit = admin.get("/api/v1/audit?action=token").await.json();
    assert_eq!(audit["audit"][0]["by"], "admin");
    assert!(!audit.to_string().contains(&token));
}

#[tokio::test]
async fn it_may_what_its_role_may_and_never_more_than_its_owner() {
    let desk = Desk::new();
    let admin = desk.signed_in(Role::Admin);
    let kim = desk.person("kim", Role::Operator);
    let above = json!({"name": "x", "role": "admin", "user": "kim"});
    admin.json("POST", "/api/v1/tokens", &above).await.problem(409);
    let token = made(&admin, &json!({"name": "x", "role": "operator", "user": "kim"})).await;
    assert_eq!(ask(&desk, &token, "/api/v1/audit").await.status, 200);
    ask(&desk, &token, "/api/v1/users").await.problem(403);
    let less = UserChange { role: Some(Role::Viewer), ..UserChange::default() };
    desk.store.set_user(&kim, &less, &SETUP).unwrap();
    assert_eq!(ask(&desk, &token, "/api/v1/session").await.json()["role"], "viewer");
    ask(&desk, &token, "/api/v1/audit").await.problem(403);
    let closed = UserChange { disabled: Some(true), ..UserChange::default() };
    desk.store.set_user(&kim, &closed, &SETUP).unwrap();
    ask(&desk, &token, "/api/v1/session").await.problem(401);
}

#[tokio::test]
async fn it_is_good_from_its_places_and_until_its_end() {
    let desk = Desk::new();
    let admin = desk.signed_in(Role::Admin);
    let here =
        made(&admin, &json!({"name": "here", "role": "viewer", "sources": ["127.0.0.0/8", "::1"]})).await;
    let there = made(&admin, &json!({"name": "there", "role": "viewer", "sources": ["192.0.2.0/24"]})).await;
    assert_eq!(ask(&desk, &here, "/api/v1/session").await.status, 200);
    let wrong = ask(&desk, &there, "/api/v1/session").await;
    let nobody = ask(&desk, "bl_nobody", "/api/v1/session").await;
    wrong.problem(401);
    assert_eq!(wrong.text(), nobody.text(), "nobody learns that a token is good elsewhere");
    let until = desk.rig.clock_now().plus_seconds(60).to_string();
    let short = made(&admin, &json!({"name": "short", "role": "viewer", "until": until})).await;
    desk.later(59);
    assert_eq!(ask(&desk, &short, "/api/v1/session").await.status, 200);
    desk.later(1);
    ask(&desk, &short, "/api/v1/session").await.problem(401);
    let past = json!({"name": "past", "role": "viewer", "until": until});
    admin.json("POST", "/api/v1/tokens", &past).await.problem(400);
    for sources in [json!(["here"]), json!(["10.0.0.1/33"])] {
        let bad = json!({"name": "bad", "role": "viewer", "sources": sources});
        admin.json("POST", "/api/v1/tokens", &bad).await.problem(400);
    }
    assert!(tries(&desk).contains(&(Some("there".to_owned()), "place".to_owned(), 1)), "{:?}", tries(&desk));
}

#[tokio::test]
async fn one_that_is_taken_back_opens_nothing_at_once_and_its_name_is_free() {
    let desk = Desk::new();
    let admin = desk.signed_in(Role::Admin);
    let wanted = json!({"name": "siem 1", "role": "viewer"});
    let first = made(&admin, &wanted).await;
    admin.json("POST", "/api/v1/tokens", &wanted).await.problem(409);
    assert_eq!(admin.delete("/api/v1/tokens/siem%201").await.status, 204);
    ask(&desk, &first, "/api/v1/session").await.problem(401);
    admin.delete("/api/v1/tokens/siem%201").await.problem(404);
    let second = made(&admin, &wanted).await;
    assert_eq!(ask(&desk, &second, "/api/v1/session").await.status, 200);
    let rows = admin.get("/api/v1/tokens").await.json();
    let revoked: Vec<_> =
        rows["tokens"].as_array().unwrap().iter().map(|row| row["revoked_by"].clone()).collect();
    assert_eq!(revoked, [Value::Null, json!("admin")]);
}

#[tokio::test]
async fn what_is_wrong_is_written_down_and_what_can_be_no_token_is_not() {
    let desk = Desk::new();
    for _ in 0..3 {
        ask(&desk, "bl_wrong", "/api/v1/session").await.problem(401);
    }
    assert_eq!(tries(&desk), [(None, "wrong".to_owned(), 3)]);
    for bad in [&[("authorization", "Bearer ")][..], &[("x-api-key", "a"), ("x-api-key", "b")]] {
        desk.rig.ask("GET", "/api/v1/session", bad).await.problem(401);
    }
    assert_eq!(tries(&desk), [(None, "wrong".to_owned(), 3)]);
}

#[tokio::test]
async fn a_program_on_this_machine_says_whose_it_is() {
    let rules = server::AccountRules { local_role: Some(Role::Admin), ..server::AccountRules::default() };
    let desk = Desk::with(rules);
    desk.person("kim", Role::Viewer);
    let nobody = desk.rig.write("POST", "/api/v1/tokens", &json!({"name": "x", "role": "viewer"})).await;
    assert!(nobody.problem(400).contains("'user'"));
    let kim = json!({"name": "x", "role": "viewer", "user": "kim"});
    assert_eq!(desk.rig.write("POST", "/api/v1/tokens", &kim).await.status, 201);
    let none = json!({"name": "y", "role": "viewer", "user": "lee"});
    desk.rig.write("POST", "/api/v1/tokens", &none).await.problem(404);
}
