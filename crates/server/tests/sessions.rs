//! Signing in by the API: what opens, what locks, and when it is over.

#![allow(clippy::unwrap_used, reason = "tests")]

mod support;

use axum::body::Body;
use axum::http::Request;
use serde_json::{Value, json};
use server::{AccountRules, AskCodes};
use store::{AttemptQuery, Role, UserChange};
use support::Answer;
use support::accounts::{Browser, Desk, PASSWORD, SETUP, passwords, set_cookie};
use totp_rs::{Builder, Secret};

async fn sign_in(desk: &Desk, name: &str, password: &str) -> Answer {
    desk.rig.write("POST", "/api/v1/session", &json!({"name": name, "password": password})).await
}

/// A browser in which somebody signed in by name and password.
async fn entered(desk: &Desk, name: &str) -> Browser {
    let answer = sign_in(desk, name, PASSWORD).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    desk.rig.browser(&set_cookie(&answer).unwrap())
}

/// The code that a telephone with this secret shows now.
fn code(desk: &Desk, secret: &str) -> String {
    let secret = Secret::try_from_base32(secret.replace(' ', "")).unwrap();
    let totp = Builder::new().with_secret(secret).with_account_name("x").build().unwrap();
    totp.generate(desk.rig.clock_now().unix() as u64).to_string()
}

/// Sets codes up for whoever is signed in. The secret and the recovery codes.
async fn enrol(desk: &Desk, browser: &Browser) -> (String, Vec<String>) {
    let drawn = browser.json("POST", "/api/v1/session/code/setup", &json!({})).await;
    assert_eq!(drawn.status, 200, "{drawn:?}");
    assert_eq!(drawn.header("cache-control"), "no-store");
    let secret = drawn.json()["secret"].as_str().unwrap().to_owned();
    assert!(drawn.json()["picture"].as_str().unwrap().contains("<svg"));
    let sent = json!({"code": code(desk, &secret)});
    let confirmed = browser.json("POST", "/api/v1/session/code/confirm", &sent).await;
    assert_eq!(confirmed.status, 200, "{confirmed:?}");
    let codes = confirmed.json()["recovery_codes"].as_array().unwrap().clone();
    (secret, codes.iter().map(|code| code.as_str().unwrap().to_owned()).collect())
}

async fn send_code(browser: &Browser, code: &str) -> Answer {
    browser.json("POST", "/api/v1/session/code", &json!({"code": code})).await
}

#[tokio::test]
async fn name_and_password_open_a_session_and_signing_out_ends_it() {
    let desk = Desk::new();
    desk.person("kim", Role::Operator);
    let answer = sign_in(&desk, " Kim ", PASSWORD).await;
    let cookie = answer.header("set-cookie");
    assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax"), "{cookie}");
    assert_eq!(answer.header("cache-control"), "no-store");
    let session = answer.json();
    let browser = desk.rig.browser(&set_cookie(&answer).unwrap());
    let until = desk.rig.clock_now().plus_seconds(12 * 3_600).to_string();
    let wanted = json!({
        "by": "session", "user": "kim", "token": null, "role": "operator", "csrf_token": browser.csrf(),
        "codes": false, "pending": null, "ends_at": until,
    });
    assert_eq!(session, wanted);
    assert_eq!(browser.get("/api/v1/session").await.json(), wanted);
    let gone = browser.delete("/api/v1/session").await;
    assert_eq!(gone.status, 204, "{gone:?}");
    assert!(gone.header("set-cookie").contains("Max-Age=0"));
    desk.rig
        .ask("GET", "/api/v1/session", &[("cookie", &format!("blacklist_session={}", "x"))])
        .await
        .problem(401);
    assert!(desk.store.sessions(None, AccountRules::default().idle).unwrap().is_empty());
}

#[tokio::test]
async fn whatever_is_wrong_is_answered_in_the_same_words() {
    let desk = Desk::new();
    desk.person("kim", Role::Viewer);
    desk.person("root", Role::Admin);
    let closed = desk.person("closed", Role::Viewer);
    desk.store
        .set_user(&closed, &UserChange { disabled: Some(true), ..UserChange::default() }, &SETUP)
        .unwrap();
    let (late, phc) = ("late".parse().unwrap(), hash(PASSWORD));
    let until = desk.rig.clock_now();
    desk.store.add_user(&late, Role::Viewer, &phc, true, Some(until), &SETUP).unwrap();
    let mut told = Vec::new();
    for (name, password) in [
        ("kim", "another lamp seven otter"),
        ("nobody", PASSWORD),
        ("no name at all!", PASSWORD),
        ("closed", PASSWORD),
        ("late", PASSWORD),
        ("", ""),
    ] {
        let answer = sign_in(&desk, name, password).await;
        assert_eq!(answer.header("set-cookie"), "", "{name}");
        assert!(answer.header("www-authenticate").starts_with("Bearer"), "a browser must show no box");
        answer.problem(401);
        told.push(answer.text().to_owned());
    }
    told.dedup();
    assert_eq!(told.len(), 1, "{told:?}");
    // What was typed as a name that nobody has is nowhere.
    let tries = desk.store.attempts(&AttemptQuery { limit: 100, ..AttemptQuery::default() }).unwrap();
    let names: Vec<_> = tries.iter().filter_map(|row| row.account.as_deref()).collect();
    assert!(names.iter().all(|name| ["kim", "closed", "late"].contains(name)), "{names:?}");
    let locks = desk.store.locks().unwrap();
    assert!(locks.iter().all(|lock| !lock.key.contains("nobody")), "{locks:?}");
}

fn hash(password: &str) -> secrecy::SecretString {
    passwords().hash_now(&password.into(), &collect::random::SystemRandom).unwrap()
}

#[tokio::test]
async fn too_many_failures_lock_a_name_that_is_there_and_one_that_is_not_alike() {
    let mut seen = Vec::new();
    for name in ["kim", "nobody"] {
        let desk = Desk::new();
        desk.person("kim", Role::Viewer);
        let mut statuses = Vec::new();
        for wait in [0, 0, 0, 0, 0, 0, 1, 0, 1, 1, 0, 4] {
            desk.later(wait);
            let answer = sign_in(&desk, name, "wrong").await;
            statuses.push((answer.status.as_u16(), answer.header("retry-after").to_owned()));
        }
        seen.push(statuses);
    }
    assert_eq!(seen[0], seen[1]);
    assert_eq!(seen[0][5], (429, "1".to_owned()));
    assert_eq!(seen[0][6].0, 401, "heard again after the wait");
    assert_eq!(seen[0][7], (429, "2".to_owned()), "twice as long");
}

#[tokio::test]
async fn a_lock_keeps_the_right_password_out_until_it_ends_or_an_admin_takes_it_away() {
    let desk = Desk::new();
    desk.person("kim", Role::Viewer);
    for _ in 0..5 {
        sign_in(&desk, "kim", "wrong").await.problem(401);
    }
    let locked = sign_in(&desk, "kim", PASSWORD).await;
    assert_eq!(locked.header("retry-after"), "1");
    assert!(locked.problem(429).contains(&desk.rig.clock_now().plus_seconds(1).to_string()));
    desk.later(1);
    assert_eq!(sign_in(&desk, "kim", PASSWORD).await.status, 200);
    for _ in 0..5 {
        sign_in(&desk, "kim", "wrong").await.problem(401);
    }
    sign_in(&desk, "kim", PASSWORD).await.problem(429);
    let admin = desk.signed_in(Role::Admin);
    let locks = admin.get("/api/v1/auth-locks").await.json();
    assert!(locks["locks"].as_array().unwrap().iter().any(|lock| lock["key"] == "kim 127.0.0.1"), "{locks}");
    let unlocked = admin.json("POST", "/api/v1/users/kim/unlock", &json!({})).await;
    assert!(unlocked.json()["counters"].as_u64().unwrap() >= 1, "{unlocked:?}");
    assert_eq!(sign_in(&desk, "kim", PASSWORD).await.status, 200);
}

#[tokio::test]
async fn nobody_signs_in_over_a_way_that_everybody_can_read() {
    let desk = Desk::new();
    desk.person("kim", Role::Viewer);
    let request = || {
        let peer: std::net::SocketAddr = "192.0.2.7:50000".parse().unwrap();
        let request = Request::post("/api/v1/session").header("host", "bl.example");
        let request = request.header("content-type", "application/json");
        let body = json!({"name": "kim", "password": PASSWORD}).to_string();
        request.extension(axum::extract::ConnectInfo(peer)).body(Body::from(body)).unwrap()
    };
    assert!(desk.rig.send(request()).await.problem(403).contains("not encrypted"));
    let tries = desk.store.attempts(&AttemptQuery { limit: 10, ..AttemptQuery::default() }).unwrap();
    assert!(tries.is_empty(), "the password was not looked at");
    // Where the configuration says so, it is taken.
    let desk = Desk::with(AccountRules { unencrypted: true, ..AccountRules::default() });
    desk.person("kim", Role::Viewer);
    assert_eq!(desk.rig.send(request()).await.status, 200);
}

#[tokio::test]
async fn a_body_with_a_secret_is_never_shown_again() {
    let desk = Desk::new();
    for body in [
        r#"{"name":"kim","hunter2":1}"#,
        r#"{"name":"kim","password":{"hunter2":1}}"#,
        r#"{"name":"kim","password":"hunter2""#,
    ] {
        let answer = desk.rig.post("/api/v1/session", body).await;
        answer.problem(400);
        assert!(!answer.text().contains("hunter2"), "{answer:?}");
    }
}

#[tokio::test]
async fn a_code_opens_once_and_the_session_goes_on_under_another_cookie() {
    let desk = Desk::new();
    desk.person("kim", Role::Operator);
    let (secret, _) = enrol(&desk, &entered(&desk, "kim").await).await;
    // The code that showed the secret to be right is used up.
    let browser = entered(&desk, "kim").await;
    send_code(&browser, &code(&desk, &secret)).await.problem(401);
    assert_eq!(browser.get("/api/v1/session").await.json()["pending"], "code");
    assert!(browser.get("/api/v1/stats").await.problem(403).contains("one-time code"));
    for (path, body) in [
        ("/api/v1/session/password", json!({"current": PASSWORD, "new": "four grey doors ajar"})),
        ("/api/v1/session/code/setup", json!({"password": PASSWORD})),
        ("/api/v1/session/code/confirm", json!({"code": "123456"})),
        ("/api/v1/session/code/recovery", json!({"password": PASSWORD})),
        ("/api/v1/session/code/remove", json!({"password": PASSWORD})),
    ] {
        assert!(browser.json("POST", path, &body).await.problem(403).contains("one-time code"), "{path}");
    }
    desk.later(30);
    let before = browser.secret();
    let opened = send_code(&browser, &code(&desk, &secret)).await;
    assert_eq!((opened.status.as_u16(), &opened.json()["pending"]), (200, &Value::Null), "{opened:?}");
    assert_ne!(browser.secret(), before);
    assert_eq!(opened.json()["csrf_token"], browser.csrf());
    assert_eq!(browser.get("/api/v1/runs").await.status, 200);
    desk.rig.browser(&before).get("/api/v1/runs").await.problem(401);
    send_code(&browser, &code(&desk, &secret)).await.problem(409);
    // Nor does the same code open another session.
    let second = entered(&desk, "kim").await;
    send_code(&second, &code(&desk, &secret)).await.problem(401);
}

#[tokio::test]
async fn a_recovery_code_opens_once_and_new_ones_take_the_place_of_all() {
    let desk = Desk::new();
    desk.person("kim", Role::Operator);
    let (_, codes) = enrol(&desk, &entered(&desk, "kim").await).await;
    assert_eq!(codes.len(), 10);
    let browser = entered(&desk, "kim").await;
    assert_eq!(send_code(&browser, &codes[3].to_uppercase()).await.status, 200);
    let second = entered(&desk, "kim").await;
    send_code(&second, &codes[3]).await.problem(401);
    let wrong = json!({"password": "wrong"});
    browser.json("POST", "/api/v1/session/code/recovery", &wrong).await.problem(401);
    let made = browser.json("POST", "/api/v1/session/code/recovery", &json!({"password": PASSWORD})).await;
    let made = made.json()["recovery_codes"][0].as_str().unwrap().to_owned();
    send_code(&second, &codes[4]).await.problem(401);
    assert_eq!(send_code(&second, &made).await.status, 200);
}

#[tokio::test]
async fn codes_are_taken_away_with_the_password_and_by_an_admin() {
    let desk = Desk::new();
    desk.person("kim", Role::Operator);
    let browser = entered(&desk, "kim").await;
    enrol(&desk, &browser).await;
    browser.json("POST", "/api/v1/session/code/setup", &json!({})).await.problem(409);
    browser.json("POST", "/api/v1/session/code/remove", &json!({"password": "wrong"})).await.problem(401);
    let removed = browser.json("POST", "/api/v1/session/code/remove", &json!({"password": PASSWORD})).await;
    assert_eq!(removed.status, 204, "{removed:?}");
    assert_eq!(sign_in(&desk, "kim", PASSWORD).await.json()["pending"], Value::Null);
    enrol(&desk, &browser).await;
    assert_eq!(sign_in(&desk, "kim", PASSWORD).await.json()["pending"], "code");
    let admin = desk.signed_in(Role::Admin);
    assert_eq!(admin.delete("/api/v1/users/kim/code").await.status, 204);
    assert_eq!(sign_in(&desk, "kim", PASSWORD).await.json()["pending"], Value::Null);
}

#[tokio::test]
async fn an_open_screen_is_not_enough_to_set_codes_up() {
    let desk = Desk::new();
    desk.person("kim", Role::Operator);
    let browser = entered(&desk, "kim").await;
    desk.later(15 * 60);
    let asked = browser.json("POST", "/api/v1/session/code/setup", &json!({})).await;
    assert!(asked.problem(403).contains("type it again"));
    browser.json("POST", "/api/v1/session/code/setup", &json!({"password": "wrong"})).await.problem(401);
    let drawn = browser.json("POST", "/api/v1/session/code/setup", &json!({"password": PASSWORD})).await;
    assert_eq!(drawn.status, 200, "{drawn:?}");
    // Nothing is asked for until a code of it was right.
    browser.json("POST", "/api/v1/session/code/confirm", &json!({"code": "000000x"})).await.problem(401);
    assert_eq!(sign_in(&desk, "kim", PASSWORD).await.json()["pending"], Value::Null);
}

#[tokio::test]
async fn where_codes_are_asked_of_everybody_the_first_thing_is_to_set_them_up() {
    let rules = AccountRules { codes: AskCodes::All, local_role: None, ..AccountRules::default() };
    let desk = Desk::with(rules);
    desk.person("kim", Role::Viewer);
    let browser = entered(&desk, "kim").await;
    assert_eq!(browser.get("/api/v1/session").await.json()["pending"], "enrol");
    assert!(browser.get("/api/v1/runs").await.problem(403).contains("one-time codes"));
    enrol(&desk, &browser).await;
    assert_eq!(browser.get("/api/v1/session").await.json()["pending"], Value::Null);
    assert_eq!(browser.get("/api/v1/runs").await.status, 200);
}

#[tokio::test]
async fn a_session_ends_when_nobody_uses_it_and_when_its_day_is_over() {
    let desk = Desk::new();
    desk.person("kim", Role::Viewer);
    let idle = entered(&desk, "kim").await;
    desk.later(30 * 60);
    idle.get("/api/v1/session").await.problem(401);
    let busy = entered(&desk, "kim").await;
    for _ in 0..35 {
        desk.later(20 * 60);
        assert_eq!(busy.get("/api/v1/session").await.status, 200);
    }
    desk.later(20 * 60);
    busy.get("/api/v1/session").await.problem(401);
}

#[tokio::test]
async fn an_admin_sees_who_is_signed_in_and_ends_it() {
    let desk = Desk::new();
    desk.person("kim", Role::Viewer);
    let kim = entered(&desk, "kim").await;
    let admin = desk.signed_in(Role::Admin);
    let all = admin.get("/api/v1/sessions").await.json();
    let rows = all["sessions"].as_array().unwrap();
    let shown: Vec<_> =
        rows.iter().map(|row| (row["user"].as_str().unwrap(), row["own"].as_bool().unwrap())).collect();
    assert_eq!(shown, [("admin", true), ("kim", false)]);
    assert!(!all.to_string().contains(&kim.secret()), "the cookie is nowhere");
    support::has_shape(&document(&admin).await, "SessionEntry", &rows[1]);
    let page = admin.get("/api/v1/sessions?limit=1").await.json();
    let next = admin.get(&format!("/api/v1/sessions?limit=1&after={}", page["next"])).await.json();
    assert_eq!((&next["sessions"][0]["user"], &next["next"]), (&json!("kim"), &Value::Null));
    let path = format!("/api/v1/sessions/{}", rows[1]["id"]);
    assert_eq!(admin.delete(&path).await.status, 204);
    kim.get("/api/v1/session").await.problem(401);
    admin.delete(&path).await.problem(404);
    admin.delete("/api/v1/sessions/x").await.problem(404);
}

async fn document(browser: &Browser) -> Value {
    browser.get("/api/v1/openapi.json").await.json()
}

#[tokio::test]
async fn another_password_ends_the_other_sessions_and_must_be_a_good_one() {
    let desk = Desk::new();
    desk.person("kim", Role::Viewer);
    let (mine, other) = (entered(&desk, "kim").await, entered(&desk, "kim").await);
    let set = async |current: &str, new: &str| {
        mine.json("POST", "/api/v1/session/password", &json!({"current": current, "new": new})).await
    };
    set("wrong", "four grey doors ajar").await.problem(401);
    assert!(set(PASSWORD, "short").await.problem(400).contains("at least 12"));
    assert!(set(PASSWORD, "password1234").await.problem(400).contains("tried first"));
    assert!(set(PASSWORD, PASSWORD).await.problem(400).contains("used before"));
    assert_eq!(other.get("/api/v1/session").await.status, 200);
    let done = set(PASSWORD, "four grey doors ajar").await;
    assert_eq!((done.status.as_u16(), &done.json()["user"]), (200, &json!("kim")), "{done:?}");
    other.get("/api/v1/session").await.problem(401);
    assert_eq!(mine.get("/api/v1/session").await.status, 200);
    sign_in(&desk, "kim", PASSWORD).await.problem(401);
    assert_eq!(sign_in(&desk, "kim", "four grey doors ajar").await.status, 200);
}

#[tokio::test]
async fn tries_are_shown_to_admins_by_account_address_and_result() {
    let desk = Desk::new();
    desk.person("kim", Role::Viewer);
    entered(&desk, "kim").await;
    sign_in(&desk, "kim", "wrong").await;
    sign_in(&desk, "nobody", "wrong").await;
    let admin = desk.signed_in(Role::Admin);
    let rows = async |query: &str| {
        let answer = admin.get(&format!("/api/v1/auth-attempts{query}")).await;
        answer.json()["attempts"].as_array().unwrap_or_else(|| panic!("{answer:?}")).clone()
    };
    assert_eq!(rows("").await.len(), 3);
    assert_eq!(rows("?account=kim").await.len(), 2);
    assert_eq!(rows("?account=kim&result=wrong").await.len(), 1);
    assert_eq!(rows("?address=127.0.0.1").await.len(), 3);
    assert_eq!(rows("?address=%3A%3Affff%3A127.0.0.1").await.len(), 3);
    assert_eq!(rows("?address=192.0.2.1").await.len(), 0);
    let first = rows("?limit=1").await.remove(0);
    assert_eq!((&first["account"], &first["face"]), (&Value::Null, &json!("api")));
    assert_eq!(rows(&format!("?after={}", first["id"])).await.len(), 2);
    support::has_shape(&document(&admin).await, "AttemptEntry", &first);
    admin.get("/api/v1/auth-attempts?result=maybe").await.problem(400);
    admin.get("/api/v1/auth-attempts?address=here").await.problem(400);
    let locks = admin.get("/api/v1/auth-locks").await.json();
    support::has_shape(&document(&admin).await, "Lock", &locks["locks"][0]);
    assert_eq!(admin.delete("/api/v1/auth-locks?address=127.0.0.1").await.json()["counters"], 1);
    assert_eq!(admin.delete("/api/v1/auth-locks?address=127.0.0.1").await.json()["counters"], 0);
    admin.delete("/api/v1/auth-locks?address=there").await.problem(400);
    admin.delete("/api/v1/auth-locks").await.problem(400);
}
