//! The pages of one's own account, on a real store.

#![allow(clippy::unwrap_used, reason = "tests")]

mod support;

use server::{AccountRules, AskCodes};
use store::Role;
use support::Answer;
use support::accounts::{Browser, Desk, PASSWORD, english};
use totp_rs::{Builder, Secret};

fn page(answer: &Answer) -> &str {
    assert_eq!(answer.status, 200, "{answer:?}");
    answer.text()
}

/// What stands between two texts of a page.
fn between<'a>(page: &'a str, start: &str, end: &str) -> &'a str {
    page.split(start).nth(1).and_then(|rest| rest.split(end).next()).unwrap()
}

/// The code that a telephone shows now.
fn code(desk: &Desk, secret: &str) -> String {
    let secret = Secret::try_from_base32(secret.replace(' ', "")).unwrap();
    let totp = Builder::new().with_secret(secret).with_account_name("x").build().unwrap();
    totp.generate(desk.rig.clock_now().unix() as u64).to_string()
}

/// Sets codes up: the secret, and the page with the recovery codes.
async fn enrol(desk: &Desk, browser: &Browser) -> (String, Answer) {
    let drawn = browser.post("/account/code", &[]).await;
    assert!(page(&drawn).contains("<svg") && !drawn.text().contains("<?xml"), "{}", drawn.text());
    let secret = between(drawn.text(), "id=\"secret\">", "<").to_owned();
    let wrong = browser.post("/account/code/confirm", &[("code", "12345")]).await;
    assert_eq!(wrong.status, 422);
    assert!(wrong.text().contains(&secret), "it can still be typed: {}", wrong.text());
    let confirmed = browser.post("/account/code/confirm", &[("code", &code(desk, &secret))]).await;
    (secret, confirmed)
}

#[tokio::test]
async fn the_page_says_who_one_is_in_both_languages() {
    let desk = Desk::new();
    let operator = desk.signed_in(Role::Operator);
    let shown = operator.get("/account?done=password").await;
    for part in ["<b>operator</b>", "운영자", "비밀번호를 바꿨습니다", "href=\"/password\"", "지금 이 화면"]
    {
        assert!(page(&shown).contains(part), "{part} in {}", shown.text());
    }
    let shown = english(&operator, "/account?done=%3Cb%3E").await;
    assert!(page(&shown).contains("Set up one-time codes"), "{}", shown.text());
    assert!(!shown.text().contains("callout"), "what nobody did is not told: {}", shown.text());
}

#[tokio::test]
async fn codes_are_set_up_shown_once_and_taken_away_with_the_password() {
    let desk = Desk::new();
    let browser = desk.signed_in(Role::Operator);
    let name = "operator".parse().unwrap();
    let (secret, confirmed) = enrol(&desk, &browser).await;
    assert_eq!(confirmed.header("cache-control"), "private, no-store");
    let codes = between(page(&confirmed), "id=\"recovery\">", "</ul>");
    assert_eq!(codes.matches("<code>").count(), 10, "{codes}");
    assert!(desk.store.user(&name).unwrap().unwrap().totp);
    let after = browser.get("/account/code").await;
    assert!(!page(&after).contains(&secret), "never again");
    assert!(after.text().contains("복구 코드 10개 남음"), "{}", after.text());
    // The password, and nothing less, takes them away and makes new ones.
    let wrong = browser.post("/account/code/remove", &[("present", "no such password")]).await;
    assert_eq!(wrong.status, 422);
    assert!(wrong.text().contains("비밀번호가 맞지 않습니다"), "{}", wrong.text());
    assert!(desk.store.user(&name).unwrap().unwrap().totp);
    let renewed = browser.post("/account/code/recovery", &[("password", PASSWORD)]).await;
    let again = between(page(&renewed), "id=\"recovery\">", "</ul>");
    assert_eq!(again.matches("<code>").count(), 10);
    assert_ne!(again, codes);
    let gone = browser.post("/account/code/remove", &[("present", PASSWORD)]).await;
    assert_eq!(gone.header("location"), "/account?done=codes-removed");
    assert!(!desk.store.user(&name).unwrap().unwrap().totp);
}

#[tokio::test]
async fn a_secret_is_drawn_for_whoever_types_the_password_again_after_a_while() {
    let desk = Desk::new();
    let browser = desk.signed_in(Role::Viewer);
    desk.later(16 * 60);
    assert!(page(&browser.get("/account/code").await).contains("name=\"password\""));
    let none = browser.post("/account/code", &[]).await;
    assert_eq!(none.status, 422);
    assert!(!none.text().contains("<figure"), "{}", none.text());
    let wrong = browser.post("/account/code", &[("password", "no such password")]).await;
    assert_eq!(wrong.status, 422);
    let drawn = browser.post("/account/code", &[("password", PASSWORD)]).await;
    assert!(page(&drawn).contains("<svg"), "{}", drawn.text());
}

#[tokio::test]
async fn who_has_to_set_up_codes_is_led_there_and_goes_on_from_there() {
    let desk = Desk::with(AccountRules { local_role: None, codes: AskCodes::All, ..AccountRules::default() });
    let browser = desk.signed_in(Role::Viewer);
    assert_eq!(browser.get("/account").await.header("location"), "/account/code");
    let shown = browser.get("/account/code").await;
    assert!(page(&shown).contains("꼭 써야 합니다") && !shown.text().contains("<nav"), "{}", shown.text());
    let (_, confirmed) = enrol(&desk, &browser).await;
    page(&confirmed);
    page(&browser.get("/account").await);
    // A code that is still to come comes first.
    let half = desk.half_signed_in(Role::Viewer);
    assert_eq!(half.get("/account/code").await.header("location"), "/login/code");
    assert_eq!(half.post("/account/code", &[]).await.header("location"), "/login/code");
}

#[tokio::test]
async fn sessions_of_ones_own_are_ended_and_no_others() {
    let desk = Desk::new();
    let (here, there, far) =
        (desk.signed_in(Role::Viewer), desk.signed_in(Role::Viewer), desk.signed_in(Role::Viewer));
    let admin = desk.signed_in(Role::Admin);
    let name = "viewer".parse().unwrap();
    let idle = AccountRules::default().idle;
    let sessions = desk.store.sessions(Some(&name), idle).unwrap();
    assert_eq!(page(&here.get("/account").await).matches("name=\"id\"").count(), 2, "not this one");
    let others = desk.store.sessions(Some(&"admin".parse().unwrap()), idle).unwrap();
    let not_mine = others[0].id.0.to_string();
    assert_eq!(here.post("/account/sessions/end", &[("id", &not_mine)]).await.status, 404);
    page(&admin.get("/account").await);
    // Newest first: `far` is the last that came.
    let ended = here.post("/account/sessions/end", &[("id", &sessions[0].id.0.to_string())]).await;
    assert_eq!(ended.header("location"), "/account?done=ended", "{}", ended.text());
    assert!(far.get("/account").await.header("location").starts_with("/login"));
    let sure = here.post("/account/sessions/end-others", &[]).await;
    assert!(page(&sure).contains("다시 로그인해야 합니다"), "{}", sure.text());
    page(&there.get("/account").await);
    let ended = here.post("/account/sessions/end-others", &[("confirmed", "yes")]).await;
    assert_eq!(ended.header("location"), "/account?done=others");
    assert!(there.get("/account").await.header("location").starts_with("/login"));
    page(&here.get("/account").await);
}

#[tokio::test]
async fn a_token_is_shown_once_does_what_its_owner_may_and_is_taken_back() {
    let desk = Desk::new();
    let operator = desk.signed_in(Role::Operator);
    let made = operator
        .post("/account/tokens", &[("name", "siem <b>1</b>"), ("role", "viewer"), ("until", "2026-12-31")])
        .await;
    let token = between(page(&made), "id=\"once\"><code>", "<").to_owned();
    assert!(token.starts_with("bl_") && made.text().contains("siem &#60;b&#62;1"), "{}", made.text());
    let header = format!("Bearer {token}");
    let asked = desk.rig.ask("GET", "/api/v1/session", &[("authorization", &header)]).await;
    assert_eq!(asked.json()["role"], "viewer", "{asked:?}");
    let list = operator.get("/account").await;
    assert!(page(&list).contains("siem &#60;b&#62;1") && !list.text().contains(&token), "{}", list.text());
    let row = &desk.store.tokens(None).unwrap()[0];
    assert_eq!(row.until.unwrap().to_string(), "2026-12-31T15:00:00Z");
    let id = row.id.0.to_string();
    assert_eq!(desk.signed_in(Role::Admin).post("/account/tokens/revoke", &[("id", &id)]).await.status, 404);
    let sure = operator.post("/account/tokens/revoke", &[("id", &id)]).await;
    assert!(page(&sure).contains("바로 거절됩니다"), "{}", sure.text());
    assert!(desk.store.tokens(None).unwrap()[0].revoked_at.is_none(), "only asked");
    let done = operator.post("/account/tokens/revoke", &[("id", &id), ("confirmed", "yes")]).await;
    assert_eq!(done.header("location"), "/account?done=revoked");
    assert_eq!(desk.rig.ask("GET", "/api/v1/session", &[("authorization", &header)]).await.status, 401);
}

#[tokio::test]
async fn what_is_wrong_with_a_token_stands_at_its_field() {
    let desk = Desk::new();
    let operator = desk.signed_in(Role::Operator);
    page(&operator.post("/account/tokens", &[("name", "one"), ("role", "viewer")]).await);
    for (fields, says) in [
        ([("name", " "), ("role", "viewer"), ("until", "")], "1~63자"),
        ([("name", "one"), ("role", "viewer"), ("until", "")], "이미 있습니다"),
        ([("name", "two"), ("role", "admin"), ("until", "")], "내 권한보다"),
        ([("name", "two"), ("role", "viewer"), ("until", "soon")], "2026-12-31처럼"),
        ([("name", "two"), ("role", "viewer"), ("until", "2020-01-01")], "이미 지난"),
    ] {
        let answer = operator.post("/account/tokens", &fields).await;
        assert_eq!(answer.status, 422, "{fields:?}");
        assert!(answer.text().contains(says), "{fields:?}: {}", answer.text());
    }
    assert_eq!(desk.store.tokens(None).unwrap().len(), 1);
}
