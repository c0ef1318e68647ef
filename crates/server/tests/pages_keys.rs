//! The pages of everybody's sessions and tokens, and the list of accounts page by page.

#![allow(clippy::unwrap_used, reason = "tests")]

mod support;

use store::Role;
use support::Answer;
use support::accounts::{Desk, PASSWORD, SETUP, english, passwords, person};

fn page(answer: &Answer) -> &str {
    assert_eq!(answer.status, 200, "{answer:?}");
    answer.text()
}

/// The rows of the table.
fn count(page: &str) -> usize {
    page.split("<tbody>").nth(1).map_or(0, |body| body.matches("<tr").count())
}

/// Where the next page is.
fn next(page: &str) -> Option<String> {
    let link =
        page.split("href=\"").find(|part| part.starts_with("/settings/") && part.contains("after="))?;
    Some(link.split('"').next().unwrap().replace("&#38;", "&"))
}

#[tokio::test]
async fn the_accounts_come_page_by_page_and_all_in_the_file() {
    let desk = Desk::new();
    let admin = desk.signed_in(Role::Admin);
    let random = collect::random::SystemRandom;
    let password = passwords().hash_now(&PASSWORD.into(), &random).unwrap();
    for number in 0..130 {
        let name = format!("user-{number:03}").parse().unwrap();
        desk.store.add_user(&name, Role::Viewer, &password, false, None, &SETUP).unwrap();
    }
    let first = admin.get("/settings/users").await;
    assert_eq!(count(page(&first)), 100);
    assert!(first.text().contains("131건 중 100건"), "{}", first.text());
    let link = next(first.text()).unwrap();
    let second = admin.get(&link).await;
    assert_eq!((count(page(&second)), next(second.text())), (31, None));
    assert!(second.text().contains("user-129") && !second.text().contains("user-000"));
    let file = admin.get("/settings/users?format=csv").await;
    assert_eq!(page(&file).lines().count(), 132);
    // The last row of the page before is gone meanwhile: no row is passed over unseen.
    let lost = admin.get("/settings/users?after=nobody").await;
    assert_eq!(count(page(&lost)), 100);
}

#[tokio::test]
async fn an_admin_ends_the_session_of_somebody_else() {
    let desk = Desk::new();
    let admin = desk.signed_in(Role::Admin);
    let operator = desk.signed_in(Role::Operator);
    let list = admin.get("/settings/sessions").await;
    assert_eq!(count(page(&list)), 2);
    assert!(list.text().contains("지금 이 화면") && list.text().contains("127.0.0.1"), "{}", list.text());
    let only = admin.get("/settings/sessions?user=operator").await;
    assert_eq!(count(page(&only)), 1);
    assert_eq!(count(page(&admin.get("/settings/sessions?user=%3Cb%3E").await)), 0);
    assert!(page(&admin.get("/settings/users/operator").await).contains("/settings/sessions?user=operator"));
    let file = admin.get("/settings/sessions?format=csv").await;
    assert!(page(&file).contains(",operator,127.0.0.1,a test,"), "{}", file.text());

    let id = only.text().split("name=\"id\" value=\"").nth(1).unwrap().split('"').next().unwrap();
    let which = [("id", id), ("user", "operator")];
    let asks = admin.post("/settings/sessions/end", &which).await;
    assert!(page(&asks).contains("operator: 이 로그인이 바로 끊깁니다."), "{}", asks.text());
    assert_eq!(operator.get("/collect").await.status, 200, "asked, not done");
    let sure = [("id", id), ("confirmed", "yes")];
    let done = admin.post("/settings/sessions/end", &sure).await;
    assert_eq!(done.header("location"), "/settings/sessions?done=ended");
    assert!(page(&admin.get("/settings/sessions?done=ended").await).contains("로그인을 끊었습니다."));
    assert_eq!(operator.get("/collect").await.status, 303, "signed out");
    let again = admin.post("/settings/sessions/end", &sure).await;
    assert_eq!(again.status, 404);
    assert!(again.text().contains("그런 세션이 없거나 이미 끝났습니다."), "{}", again.text());
}

#[tokio::test]
async fn an_admin_takes_back_the_token_of_somebody_else() {
    let desk = Desk::new();
    let admin = desk.signed_in(Role::Admin);
    assert!(page(&admin.get("/settings/tokens").await).contains("토큰이 없습니다."));
    let token = desk.token(Role::Operator);
    let list = admin.get("/settings/tokens").await;
    assert_eq!(count(page(&list)), 1);
    assert!(list.text().contains("href=\"/settings/users/robots\""), "{}", list.text());
    assert!(!list.text().contains(&token), "its first characters alone");
    let bearer = format!("Bearer {token}");
    let asked = async || desk.rig.ask("GET", "/api/v1/runs", &[("authorization", &bearer)]).await.status;
    assert_eq!(asked().await, 200);

    let which = [("name", "operator")];
    let asks = admin.post("/settings/tokens/revoke", &which).await;
    assert!(page(&asks).contains("이 토큰을 쓰는 프로그램은 바로 거절됩니다."), "{}", asks.text());
    let sure = [("name", "operator"), ("confirmed", "yes")];
    let done = admin.post("/settings/tokens/revoke", &sure).await;
    assert_eq!(done.header("location"), "/settings/tokens?done=revoked");
    assert_eq!(asked().await, 401);
    let shown = english(&admin, "/settings/tokens?done=revoked").await;
    assert!(page(&shown).contains("The token is taken back.") && shown.text().contains("taken back"));
    assert!(!shown.text().contains("action=\"/settings/tokens/revoke\""), "it is over: {}", shown.text());
    let file = admin.get("/settings/tokens?format=csv").await;
    assert!(
        page(&file).contains("operator,") && file.text().contains(",robots,operator,"),
        "{}",
        file.text()
    );
    let again = admin.post("/settings/tokens/revoke", &sure).await;
    assert_eq!(again.status, 404);
    assert!(again.text().contains("그런 토큰이 없거나"), "{}", again.text());
}

#[tokio::test]
async fn only_admins_see_the_keys_of_others() {
    let desk = Desk::new();
    person(&desk.store, "somebody", Role::Viewer);
    for role in [Role::Viewer, Role::Operator] {
        let browser = desk.signed_in(role);
        for path in ["/settings/sessions", "/settings/tokens", "/settings/users"] {
            assert_eq!(browser.get(path).await.status, 403, "{role} {path}");
            assert!(!page(&browser.get("/settings").await).contains(path), "{role} {path}");
        }
        for path in ["/settings/sessions/end", "/settings/tokens/revoke"] {
            let answer = browser.post(path, &[("id", "1"), ("name", "x"), ("confirmed", "yes")]).await;
            assert_eq!(answer.status, 403, "{role} {path}");
            assert!(answer.text().contains("권한이 필요합니다."), "{}", answer.text());
        }
    }
}
