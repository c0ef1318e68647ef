//! Policy, gate and how long publications are kept, set on pages: typed, looked at, confirmed.

#![allow(clippy::unwrap_used, reason = "tests")]

mod support;

use store::Role;
use support::Answer;
use support::accounts::{Browser, Desk, SETUP, english};

fn page(answer: &Answer) -> &str {
    assert_eq!(answer.status, 200, "{answer:?}");
    answer.text()
}

/// What the form of a page was filled in over.
async fn seen(browser: &Browser, path: &str) -> String {
    let form = browser.get(path).await;
    let rest = page(&form).split("name=\"seen\" value=\"").nth(1).unwrap();
    rest.split('"').next().unwrap().to_owned()
}

/// A change, first only looked at, then confirmed.
async fn changed(browser: &Browser, path: &str, fields: &[(&str, &str)]) -> (Answer, Answer) {
    let seen = seen(browser, path).await;
    let mut all = vec![("seen", seen.as_str())];
    all.extend(fields);
    let looked_at = browser.post(path, &all).await;
    all.extend([("confirmed", "yes"), ("note", "asked for by kim")]);
    (looked_at, browser.post(path, &all).await)
}

/// A source that is fetched.
fn source(desk: &Desk, name: &str) {
    let kind = collect::source::Kind::Url;
    let mut settings = collect::source::Settings::of(kind);
    settings.set_all(kind, [("url", "https://list.example/")]).unwrap();
    collect::source::add::add(&desk.store, &name.parse().unwrap(), kind, &settings, true, &SETUP).unwrap();
}

#[tokio::test]
async fn a_policy_is_shown_with_what_it_changes_and_set_when_that_is_confirmed() {
    let desk = Desk::new();
    let admin = desk.signed_in(Role::Admin);
    let (looked_at, done) =
        changed(&admin, "/settings/policy", &[("min_sources", "2"), ("family", "4")]).await;
    for part in ["최소 수집처 수", "끔 → <b>2</b>", "주소 체계", "지금 게시본에서 바뀌는 것은 없습니다"]
    {
        assert!(page(&looked_at).contains(part), "{part} in {}", looked_at.text());
    }
    assert!(done.header("location").starts_with("/settings?done="), "{done:?}");
    let policy = desk.store.policy().unwrap();
    assert_eq!((policy.min_sources, policy.filter.family.is_some()), (2, true));
    let audit = admin.get("/logs/audit?action=policy.set").await;
    assert!(page(&audit).contains("asked for by kim"), "{}", audit.text());
    // Emptied is the default again; what was not sent stays.
    let (_, done) = changed(&admin, "/settings/policy", &[("min_sources", "")]).await;
    assert!(done.header("location").starts_with("/settings?done="), "{done:?}");
    let policy = desk.store.policy().unwrap();
    assert_eq!((policy.min_sources, policy.filter.family.is_some()), (0, true));
}

#[tokio::test]
async fn looking_at_a_change_sets_nothing_and_nothing_different_is_said_to_be_so() {
    let desk = Desk::new();
    let admin = desk.signed_in(Role::Admin);
    let seen = seen(&admin, "/settings/gate").await;
    let looked_at = admin.post("/settings/gate", &[("seen", &seen), ("min_share", "off")]).await;
    assert!(page(&looked_at).contains("이 검사를 더는 하지 않습니다"), "{}", looked_at.text());
    assert_eq!(desk.store.gate().unwrap(), blocklist::gate::GateRules::default());
    let same = admin.post("/settings/gate", &[("seen", &seen), ("min_share", "")]).await;
    assert_eq!(same.header("location"), "/settings?done=same", "{same:?}");
    let (_, done) = changed(&admin, "/settings/gate", &[("min_share", "off"), ("held_hours", "24")]).await;
    assert_eq!(done.status, 303, "{}", done.text());
    let gate = desk.store.gate().unwrap();
    assert_eq!((gate.min_share, gate.held_hours), (None, Some(24)));
}

#[tokio::test]
async fn what_will_not_do_is_said_at_its_field_in_the_readers_language() {
    let desk = Desk::new();
    let admin = desk.signed_in(Role::Admin);
    for (path, field, value, says) in [
        ("/settings/policy", "min_sources", "-1", "0~100의 정수 또는 off"),
        ("/settings/policy", "categories", "scan", "only:scan,botnet"),
        ("/settings/gate", "max_covered", "1e9", "0보다 크고 100 이하인 수"),
        ("/settings/history", "days", "+1", "0~3650의 정수"),
        ("/settings/history", "least", "1", "2~1000000의 정수"),
    ] {
        let seen = seen(&admin, path).await;
        let refused = admin.post(path, &[("seen", &seen), (field, value), ("confirmed", "yes")]).await;
        assert_eq!(refused.status, 422, "{path} {field}");
        let at = format!("id=\"{field}-wrong\">");
        let wrong = refused.text().split(&at).nth(1).unwrap().split('<').next().unwrap();
        assert!(wrong.contains(says), "{path} {field}: {wrong}");
        assert!(refused.text().contains(&format!("value=\"{value}\"")), "{}", refused.text());
    }
    admin.post("/preferences", &[("set", "en"), ("next", "/")]).await;
    let seen = seen(&admin, "/settings/gate").await;
    let refused = admin.post("/settings/gate", &[("seen", &seen), ("min_share", "<b>")]).await;
    assert!(refused.text().contains("a whole number from 1 to 100, or off"), "{}", refused.text());
    assert!(!refused.text().contains("value=\"<b>"), "typed text is text");
}

#[tokio::test]
async fn a_form_over_what_holds_no_more_is_shown_again_with_what_does() {
    let desk = Desk::new();
    let admin = desk.signed_in(Role::Admin);
    let old = seen(&admin, "/settings/history").await;
    let (_, done) = changed(&admin, "/settings/history", &[("days", "90"), ("least", "500")]).await;
    assert_eq!(done.header("location"), "/settings?done=set", "{done:?}");
    let late = admin.post("/settings/history", &[("seen", &old), ("days", "7"), ("confirmed", "yes")]).await;
    assert_eq!(late.status, 409);
    assert!(late.text().contains("그사이 값이 바뀌었습니다"), "{}", late.text());
    assert!(late.text().contains("name=\"days\" value=\"90\""), "{}", late.text());
    let history = desk.store.history().unwrap();
    assert_eq!((history.days, history.least), (90, 500));
    assert!(page(&admin.get("/settings").await).contains("게시본 90일"));
}

#[tokio::test]
async fn a_source_has_rules_of_its_own_and_loses_them() {
    let desk = Desk::new();
    let admin = desk.signed_in(Role::Admin);
    source(&desk, "feed");
    assert!(page(&admin.get("/settings").await).contains("href=\"/settings/policy/feed\""));
    let path = "/settings/policy/feed";
    let (looked_at, _) = changed(&admin, path, &[("end", "detected+30d"), ("trial", "on")]).await;
    assert!(page(&looked_at).contains("시험 수집"), "{}", looked_at.text());
    let rules = desk.store.policy().unwrap().sources[&"feed".parse().unwrap()].clone();
    assert!(rules.trial && rules.end.to_string() == "detected+30d", "{rules:?}");
    assert!(page(&admin.get("/settings").await).contains("detected+30d"));
    changed(&admin, path, &[("end", ""), ("trial", "off")]).await;
    assert!(desk.store.policy().unwrap().sources.is_empty());
    for none in ["manual", "no-such", "%00"] {
        assert_eq!(admin.get(&format!("/settings/policy/{none}")).await.status, 404, "{none}");
    }
}

#[tokio::test]
async fn only_an_admin_sets_rules() {
    let desk = Desk::new();
    let operator = desk.signed_in(Role::Operator);
    let shown = operator.get("/settings").await;
    assert!(page(&shown).contains("max_covered"));
    for path in ["/settings/policy", "/settings/gate", "/settings/history"] {
        assert!(!shown.text().contains(&format!("href=\"{path}\"")), "{path}");
        assert_eq!(operator.get(path).await.status, 403, "{path}");
        assert_eq!(operator.post(path, &[("confirmed", "yes")]).await.status, 403, "{path}");
    }
    let shown = english(&desk.signed_in(Role::Admin), "/settings").await;
    assert!(page(&shown).contains("Change the policy"), "{}", shown.text());
}
