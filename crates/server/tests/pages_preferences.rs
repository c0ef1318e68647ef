//! How pages look is kept with the account, and by a cookie for who is signed out; and what browsers get where nothing is.

#![allow(clippy::unwrap_used, reason = "tests")]

mod support;

use axum::body::Body;
use axum::http::Request;
use store::Role;
use support::Answer;
use support::accounts::{Browser, Desk};

async fn with_cookie(browser: &Browser, view: &str) -> Answer {
    let request = Request::get("/account").header("accept", "text/html");
    browser.send(request.header("cookie", format!("blacklist-view={view}")), Body::empty()).await
}

#[tokio::test]
async fn a_choice_is_kept_with_the_account_and_another_browser_shows_the_same() {
    let desk = Desk::new();
    let browser = desk.signed_in(Role::Viewer);
    let chosen = browser.post("/preferences", &[("set", "en"), ("next", "/account")]).await;
    assert_eq!((chosen.status.as_u16(), chosen.header("location")), (303, "/account"), "{chosen:?}");
    assert!(chosen.header("set-cookie").starts_with("blacklist-view=en.kst.system;"), "{chosen:?}");
    browser.post("/preferences", &[("set", "dark"), ("next", "/account")]).await;
    let kept = desk.store.user(&"viewer".parse().unwrap()).unwrap().unwrap().preferences;
    assert_eq!(kept, serde_json::json!({"language": "en", "zone": "kst", "theme": "dark"}));
    // Another browser of the same account, whose cookie says otherwise.
    let other = desk.signed_in(Role::Viewer);
    let shown = with_cookie(&other, "ko.utc.light").await;
    assert!(shown.text().contains("lang=\"en\" data-theme=\"dark\""), "{}", shown.text());
    // Somebody else has chosen nothing, and has what the cookie says.
    let else_ = with_cookie(&desk.signed_in(Role::Admin), "en.utc.light").await;
    assert!(else_.text().contains("lang=\"en\" data-theme=\"light\""), "{}", else_.text());
}

#[tokio::test]
async fn a_choice_by_address_or_by_a_page_of_others_does_not_reach_the_account() {
    let desk = Desk::new();
    let browser = desk.signed_in(Role::Viewer);
    browser.get("/preferences?set=en&next=/").await;
    let form = Request::post("/preferences")
        .header("sec-fetch-site", "same-origin")
        .header("content-type", "application/x-www-form-urlencoded");
    assert_eq!(browser.send(form, Body::from("set=en&next=/")).await.status, 403, "no token");
    let kept = desk.store.user(&"viewer".parse().unwrap()).unwrap().unwrap().preferences;
    assert_eq!(kept, serde_json::json!({}));
    let nonsense = browser.post("/preferences", &[("set", "<b>"), ("next", "//evil.example")]).await;
    assert_eq!(nonsense.header("location"), "/");
    let kept = desk.store.user(&"viewer".parse().unwrap()).unwrap().unwrap().preferences;
    assert_eq!(kept["language"], "ko", "{kept}");
}

#[tokio::test]
async fn what_is_typed_is_read_in_the_zone_that_its_label_names() {
    let desk = Desk::new();
    let browser = desk.signed_in(Role::Operator);
    let midnights = [("kst", "KST", "2026-12-31T15:00:00Z"), ("utc", "UTC", "2027-01-01T00:00:00Z")];
    for (host, (zone, name, midnight)) in ["9.4.0.1", "9.4.0.2"].into_iter().zip(midnights) {
        browser.post("/preferences", &[("set", zone), ("next", "/")]).await;
        for path in ["/logs/runs", "/ip", "/ip/9.4.0.1", "/ip/block", "/allow/new", "/account"] {
            let shown = browser.get(path).await;
            let other = if name == "KST" { "(UTC)" } else { "(KST)" };
            assert!(
                shown.text().contains(&format!(" ({name})</label>"))
                    || shown.text().contains(&format!(" ({name})<input")),
                "{path}"
            );
            assert!(!shown.text().contains(other), "{path}");
        }
        let fields = [("prefix", host), ("reason", "partner"), ("until", "2026-12-31"), ("confirmed", "yes")];
        browser.post("/allow/new", &fields).await;
        let entries = desk.store.allow_entries(false, None, 9).unwrap();
        let entry = entries.iter().find(|entry| entry.prefix.to_string() == host).unwrap();
        assert_eq!(entry.until.unwrap().to_string(), midnight, "{zone}");
        // The form of the entry shows the same moment, and sent again as it is it moves nothing.
        let path = format!("/allow/{}", entry.id);
        let shown = browser.get(&path).await;
        let typed = shown
            .text()
            .split("name=\"until\" value=\"")
            .nth(1)
            .unwrap()
            .split('"')
            .next()
            .unwrap()
            .to_owned();
        assert_eq!(typed, "2027-01-01 00:00:00");
        let fields = [("reason", "partner"), ("until", typed.as_str())];
        assert_eq!(browser.post(&path, &fields).await.status, 303);
        let entries = desk.store.allow_entries(false, None, 9).unwrap();
        let entry = entries.iter().find(|entry| entry.prefix.to_string() == host).unwrap();
        assert_eq!(entry.until.unwrap().to_string(), midnight, "{zone}");
    }
}

#[tokio::test]
async fn the_pages_before_the_others_and_those_of_errors_are_in_the_language_of_the_account() {
    let desk = Desk::new();
    let browser = desk.signed_in(Role::Viewer);
    browser.post("/preferences", &[("set", "en"), ("next", "/")]).await;
    let form = browser.get("/password").await;
    assert!(form.text().contains("lang=\"en\""), "{}", form.text());
    assert!(form.text().contains("method=\"post\" action=\"/preferences\""), "{}", form.text());
    for path in ["/settings/users", "/no-such"] {
        let refused = browser.get(path).await;
        assert!(refused.text().contains("lang=\"en\""), "{path}: {}", refused.text());
        assert!(!refused.text().contains("/preferences?set"), "a link that would do nothing: {path}");
    }
}

#[tokio::test]
async fn what_is_not_there_leads_a_browser_to_the_page_for_signing_in() {
    let desk = Desk::new();
    let ask = |path: &'static str, accept: &'static str| {
        let desk = &desk;
        async move { desk.rig.ask("GET", path, &[("accept", accept)]).await }
    };
    let led = ask("/no-such?a=1", "text/html,*/*;q=0.8").await;
    assert_eq!((led.status.as_u16(), led.header("location")), (303, "/login?next=%2Fno-such%3Fa%3D1"));
    ask("/no-such", "*/*").await.problem(401);
    ask("/api/v1/no-such", "text/html").await.problem(401);
    ask("/feeds/no/such/path", "text/html").await.problem(401);
    let signed_in = desk.signed_in(Role::Viewer).get("/no-such").await;
    assert_eq!(signed_in.status, 404);
    assert_eq!(signed_in.header("content-type"), "text/html; charset=utf-8");
    assert!(signed_in.text().contains("API 경로는 모두"), "{}", signed_in.text());
}

#[tokio::test]
async fn no_refusal_of_a_page_is_in_another_language_than_the_page() {
    let desk = Desk::new();
    let browser = desk.signed_in(Role::Admin);
    let paths = [
        "/no-such",
        "/logout",
        "/runs/99",
        "/ip/x",
        "/map.png",
        "/devices/new?vendor=x",
        "/settings/policy/x",
    ];
    for (language, other) in [("ko", "lang=\"en\""), ("en", "lang=\"ko\"")] {
        browser.post("/preferences", &[("set", language), ("next", "/")]).await;
        for path in paths {
            let refused = browser.get(path).await;
            assert!(refused.status.is_client_error() || refused.status.is_server_error(), "{path}");
            let main = refused.text().split("<main").nth(1).unwrap();
            assert!(!main.contains(other), "{path}: {main}");
        }
    }
}
