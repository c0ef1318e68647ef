//! The pages of the settings, of accounts and of locks, on a real store.

#![allow(clippy::unwrap_used, reason = "tests")]

mod support;

use blocklist::policy::Policy;
use store::{Attempt, Face, Limits, Outcome, Proof, Role};
use support::Answer;
use support::accounts::{Desk, PASSWORD, SETUP, english, set_cookie};

fn page(answer: &Answer) -> &str {
    assert_eq!(answer.status, 200, "{answer:?}");
    answer.text()
}

/// The one-time password of a page.
fn once(answer: &Answer) -> String {
    let rest = page(answer).split("id=\"once\"><code>").nth(1).unwrap();
    rest.split('<').next().unwrap().to_owned()
}

#[tokio::test]
async fn the_overview_shows_what_is_set_in_both_languages() {
    let desk = Desk::new();
    let mut policy = Policy { min_sources: 2, ..Policy::default() };
    blocklist::policy::set_source(policy.sources.entry("feed".parse().unwrap()).or_default(), "trial", "on")
        .unwrap();
    desk.store.set_policy(&policy, &SETUP).unwrap();
    let viewer = desk.signed_in(Role::Viewer);
    let shown = viewer.get("/settings").await;
    for part in [
        "0.0.0-test",
        "<b>2</b>",
        "이 수 이상의 수집처가",
        "max_covered",
        "href=\"/collect/feed\"",
        "<b>켬</b>",
        "30일",
    ] {
        assert!(page(&shown).contains(part), "{part} in {}", shown.text());
    }
    assert!(!shown.text().contains("/settings/users"), "what one may not is not offered");
    let shown = english(&desk.signed_in(Role::Admin), "/settings").await;
    assert!(page(&shown).contains("at least so many sources"), "{}", shown.text());
    assert!(shown.text().contains("/settings/users") && shown.text().contains("/settings/locks"));
}

#[tokio::test]
async fn an_account_is_made_with_a_password_that_is_shown_once() {
    let desk = Desk::new();
    let admin = desk.signed_in(Role::Admin);
    let made = admin.post("/settings/users", &[("name", "Kim"), ("role", "operator")]).await;
    let password = once(&made);
    assert_eq!(made.header("cache-control"), "private, no-store");
    let list = admin.get("/settings/users").await;
    assert!(page(&list).contains("href=\"/settings/users/kim\""), "{}", list.text());
    assert!(list.text().contains("새 비밀번호를 정해야 함") && !list.text().contains(&password));
    let session = serde_json::json!({"name": "kim", "password": password});
    let entered = desk.rig.write("POST", "/api/v1/session", &session).await;
    assert_eq!(entered.json()["pending"], "password", "{entered:?}");
    // Only an admin is led to the first steps of the house.
    let kim = desk.rig.browser(&set_cookie(&entered).unwrap());
    let new = [
        ("current", password.as_str()),
        ("new", "river lamp nine badger"),
        ("again", "river lamp nine badger"),
    ];
    assert_eq!(kim.post("/password", &new).await.header("location"), "/");
    for (name, says) in [("kim", "이미 썼습니다"), ("a b", "소문자나 숫자로"), ("", "소문자나 숫자로")]
    {
        let answer = admin.post("/settings/users", &[("name", name), ("role", "viewer")]).await;
        assert_eq!(answer.status, 422, "{name}");
        assert!(answer.text().contains(says), "{name}: {}", answer.text());
    }
    let file = admin.get("/settings/users?format=csv").await;
    assert!(file.text().contains("kim,operator,yes"), "{}", file.text());
}

#[tokio::test]
async fn an_account_is_changed_closed_opened_and_removed() {
    let desk = Desk::new();
    let (admin, kim) = (desk.signed_in(Role::Admin), desk.person("kim", Role::Viewer));
    let of = |act: &str| format!("/settings/users/kim{act}");
    let done = admin.post(&of("/role"), &[("role", "operator")]).await;
    assert_eq!(done.header("location"), "/settings/users/kim?done=role", "{}", done.text());
    assert_eq!(desk.store.user(&kim).unwrap().unwrap().role, Role::Operator);
    let sure = admin.post(&of("/state"), &[("closed", "yes")]).await;
    assert!(page(&sure).contains("토큰이 모두 회수됩니다"), "{}", sure.text());
    assert!(desk.store.user(&kim).unwrap().unwrap().disabled_at.is_none(), "only asked");
    let done = admin.post(&of("/state"), &[("closed", "yes"), ("confirmed", "yes")]).await;
    assert_eq!(done.header("location"), "/settings/users/kim?done=closed");
    assert!(desk.store.user(&kim).unwrap().unwrap().disabled_at.is_some());
    assert!(page(&admin.get(&of("")).await).contains("계정 열기"));
    admin.post(&of("/state"), &[("closed", "no")]).await;
    assert!(desk.store.user(&kim).unwrap().unwrap().disabled_at.is_none());
    page(&admin.post(&of("/password"), &[]).await);
    let password = once(&admin.post(&of("/password"), &[("confirmed", "yes")]).await);
    assert!(password.len() > 15, "{password}");
    assert!(desk.store.user(&kim).unwrap().unwrap().must_change);
    let done = admin.post(&of("/no-code"), &[("confirmed", "yes")]).await;
    assert_eq!(done.header("location"), "/settings/users/kim?done=codes");
    assert!(page(&admin.post(&of("/remove"), &[]).await).contains("되돌릴 수 없고"));
    let done = admin.post(&of("/remove"), &[("confirmed", "yes")]).await;
    assert_eq!(done.header("location"), "/settings/users?done=removed");
    assert!(desk.store.user(&kim).unwrap().is_none());
    assert_eq!(admin.get(&of("")).await.status, 404);
}

#[tokio::test]
async fn the_last_admin_stays() {
    let desk = Desk::new();
    let admin = desk.signed_in(Role::Admin);
    for (act, fields) in [
        ("role", [("role", "viewer"), ("confirmed", "yes")]),
        ("state", [("closed", "yes"), ("confirmed", "yes")]),
        ("remove", [("x", ""), ("confirmed", "yes")]),
    ] {
        let answer = admin.post(&format!("/settings/users/admin/{act}"), &fields).await;
        assert_eq!(answer.status, 409, "{act}");
        assert!(answer.text().contains("마지막 관리자"), "{act}: {}", answer.text());
    }
    page(&admin.get("/settings/users").await);
}

#[tokio::test]
async fn what_is_locked_is_shown_and_opened() {
    let desk = Desk::new();
    let (admin, kim) = (desk.signed_in(Role::Admin), desk.person("kim", Role::Viewer));
    assert!(page(&admin.get("/settings/locks").await).contains("지금 잠긴 것이 없습니다"));
    let attempt = |account| Attempt {
        face: Face::Page,
        proof: Proof::Password,
        account: Some(account),
        address: Some("192.0.2.7".parse().unwrap()),
        outcome: Outcome::Wrong,
        agent: None,
    };
    for _ in 0..6 {
        desk.store.attempt(&attempt("kim"), &Limits::default()).unwrap();
        desk.store.attempt(&attempt("nobody-here"), &Limits::default()).unwrap();
    }
    let shown = admin.get("/settings/locks").await;
    for part in ["kim 192.0.2.7", "계정과 주소", "없는 계정", "name=\"address\" value=\"192.0.2.7\""]
    {
        assert!(page(&shown).contains(part), "{part} in {}", shown.text());
    }
    assert!(!shown.text().contains("nobody-here"), "what was typed is not kept");
    let done = admin.post("/settings/locks", &[("account", "kim")]).await;
    assert_eq!(done.header("location"), "/settings/locks?done=unlocked", "{}", done.text());
    admin.post("/settings/locks", &[("address", "192.0.2.7")]).await;
    let left = desk.store.locks().unwrap();
    assert!(left.iter().all(|lock| !lock.key.contains("kim") && lock.kind != "address"), "{left:?}");
    let done = admin.post("/settings/users/kim/unlock", &[]).await;
    assert_eq!(done.header("location"), "/settings/users/kim?done=unlocked");
    assert_eq!(desk.store.user(&kim).unwrap().unwrap().locked_until, None);
}

#[tokio::test]
async fn accounts_of_others_are_an_admins() {
    let desk = Desk::new();
    desk.person("kim", Role::Viewer);
    let operator = desk.signed_in(Role::Operator);
    for path in ["/settings/users", "/settings/users/kim", "/settings/locks", "/start"] {
        assert_eq!(operator.get(path).await.status, 403, "{path}");
    }
    let taken = operator.post("/settings/users/kim/password", &[("confirmed", "yes")]).await;
    assert_eq!(taken.status, 403);
    let sign_in = serde_json::json!({"name": "kim", "password": PASSWORD});
    assert_eq!(desk.rig.write("POST", "/api/v1/session", &sign_in).await.status, 200);
}
