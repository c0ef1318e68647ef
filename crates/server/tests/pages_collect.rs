//! The pages of sources: what they show, and what whom they let do.

#![allow(clippy::unwrap_used, clippy::panic, reason = "tests")]

mod support;

use axum::body::Body;
use axum::http::Request;
use blocklist::Clock;
use collect::catalogue::TEMPLATES;
use collect::source::KINDS;
use portal_sim::Portal;
use serde_json::{Value, json};
use store::{AuditQuery, Role};
use support::accounts::{Browser, english};
use support::portal::Bench;

async fn page(browser: &Browser, path: &str) -> String {
    let answer = browser.get(path).await;
    assert_eq!(answer.status, 200, "{path}: {}", answer.text());
    answer.text().to_owned()
}

/// The same in English.
async fn page_en(browser: &Browser, path: &str) -> String {
    let answer = english(browser, path).await;
    assert_eq!(answer.status, 200, "{path}: {}", answer.text());
    answer.text().to_owned()
}

/// Where a form led to.
async fn led(browser: &Browser, path: &str, fields: &[(&str, &str)]) -> String {
    let answer = browser.post(path, fields).await;
    assert_eq!(answer.status, 303, "{path}: {}", answer.text());
    answer.header("location").to_owned()
}

/// What is set of a source, as the API tells it.
async fn settings(bench: &Bench, source: &str) -> Value {
    bench.rig.get(&format!("/api/v1/sources/{source}")).await.json()["settings"].clone()
}

#[tokio::test]
async fn without_a_source_it_is_said_how_there_comes_one() {
    let bench = Bench::new().await;
    let viewer = page(&bench.rig.signed_in(Role::Viewer), "/collect").await;
    assert!(viewer.contains("등록한 수집처가 없습니다."), "{viewer}");
    assert!(!viewer.contains("/collect/new"), "what one may not is not offered: {viewer}");
    assert!(viewer.contains("id=\"sources\" data-live=\"sources runs\""), "the first one appears by itself");
    let admin = bench.rig.signed_in(Role::Admin);
    assert!(page(&admin, "/collect").await.contains("href=\"/collect/new\""));
    assert!(page_en(&admin, "/collect").await.contains("There is no source yet."));
}

#[tokio::test]
async fn a_card_shows_how_old_it_is_when_it_runs_next_and_how_it_went() {
    let bench = Bench::regtech().await;
    let operator = bench.rig.signed_in(Role::Operator);
    let before = page(&operator, "/collect").await;
    assert!(before.contains("아직 없음") && before.contains("<code>6h</code>"), "{before}");
    let one = page(&operator, "/collect/regtech").await;
    assert!(one.contains("아직 수집한 적이 없습니다."), "{one}");

    assert_eq!(led(&operator, "/collect/regtech/run", &[]).await, "/collect/regtech?done=run");
    let run = bench.run_number(1).await;
    let number = run["run"].as_u64().unwrap();
    let card = page(&operator, "/collect").await;
    for part in [
        "정상".to_owned(),
        "최근 1회 중 1회 정상".to_owned(),
        "href=\"/ip?source=regtech\"".to_owned(),
        format!("href=\"/runs/{number}\""),
        "마지막 정상".to_owned(),
        "다음 실행".to_owned(),
    ] {
        assert!(card.contains(&part), "{part} in {card}");
    }
    assert!(!card.contains("자동 실행 안 함"), "it runs by itself: {card}");
    let one = page_en(&operator, "/collect/regtech?done=run").await;
    for part in ["The run has begun", "Last ten runs", "done", "Last good run", "/logs/runs?source=regtech"] {
        assert!(one.contains(part), "{part} in {one}");
    }
    bench.rig.clock.set(bench.rig.clock.now().plus_seconds(30 * 86_400));
    let operator = bench.rig.signed_in(Role::Operator);
    assert!(page(&operator, "/collect").await.contains("오래됨"));
}

#[tokio::test]
async fn the_cards_are_a_file_too() {
    let bench = Bench::regtech().await;
    let viewer = bench.rig.signed_in(Role::Viewer);
    let file = viewer.get("/collect?format=csv").await;
    assert_eq!(file.header("content-type"), "text/csv; charset=utf-8");
    let lines: Vec<&str> = file.text().lines().collect();
    assert_eq!(lines.len(), 2, "{lines:?}");
    assert!(lines[1].starts_with("regtech,regtech,yes,0,never,,"), "{lines:?}");
    assert!(page(&viewer, "/collect").await.contains("href=\"/collect?format=csv\""));
}

#[tokio::test]
async fn every_kind_and_every_public_list_can_be_picked() {
    let bench = Bench::new().await;
    let admin = bench.rig.signed_in(Role::Admin);
    let korean = page(&admin, "/collect/new").await;
    let english = page_en(&admin, "/collect/new").await;
    for kind in KINDS.iter().filter(|kind| kind.kind.is_fetched()) {
        assert!(korean.contains(&format!("/collect/new?kind={}", kind.name)), "{}", kind.name);
        let form = page(&admin, &format!("/collect/new?kind={}", kind.name)).await;
        assert!(form.contains("name=\"schedule\""), "{form}");
    }
    for known in TEMPLATES {
        assert!(english.contains(&format!("/collect/new?template={}", known.id)), "{}", known.id);
    }
    let form = page(&admin, "/collect/new?template=spamhaus-drop-v4").await;
    assert!(form.contains("value=\"spamhaus-drop-v4\"") && form.contains("drop_v4.json"), "{form}");
    assert!(form.contains("탈취되었거나") && form.contains("이용 조건"), "{form}");
    for nothing in ["kind=ftp", "template=nosuch", "kind="] {
        let answer = admin.get(&format!("/collect/new?{nothing}")).await;
        assert_eq!(answer.status, 404, "{nothing}");
        assert!(answer.text().contains("그런 종류의 수집처나 공개 목록이 없습니다."), "{}", answer.text());
    }
}

#[tokio::test]
async fn a_public_list_keeps_its_own_settings_and_takes_what_is_changed() {
    let bench = Bench::new().await;
    let admin = bench.rig.signed_in(Role::Admin);
    // 6h is the default of the kind, and not what this list comes with.
    let fields =
        [("template", "spamhaus-drop-v4"), ("name", "drop"), ("schedule", "6h"), ("min_interval", "1h")];
    assert_eq!(led(&admin, "/collect/new", &fields).await, "/collect/drop?done=added");
    let set = settings(&bench, "drop").await;
    assert_eq!(set["parser"], "ndjson", "{set}");
    let shown = bench.rig.get("/api/v1/sources/drop").await.json();
    let schedule =
        shown["all_settings"].as_array().unwrap().iter().find(|it| it["name"] == "schedule").unwrap();
    assert_eq!(schedule["value"], "6h", "{shown}");
    let page = page(&admin, "/collect/drop?done=added").await;
    assert!(page.contains("수집처를 등록했습니다."), "{page}");
}

#[tokio::test]
async fn what_is_refused_is_said_in_the_language_of_the_page_and_what_was_typed_stays() {
    let bench = Bench::regtech().await;
    let admin = bench.rig.signed_in(Role::Admin);
    for (fields, status, says) in [
        (vec![("kind", "url"), ("name", "ours"), ("reason", "<b>x")], 400, "&#39;url&#39; 설정이 비었거나"),
        (
            vec![("kind", "url"), ("name", "ours"), ("url", "ftp://<b>x")],
            400,
            "&#39;url&#39; 설정이 비었거나",
        ),
        (vec![("kind", "url"), ("name", "a \"<b>x"), ("url", "http://a.example")], 400, "수집처 이름은"),
        (vec![("kind", "file"), ("name", "regtech"), ("note", "<b>x")], 409, "이미 있습니다"),
        (
            vec![("kind", "url"), ("name", "manual"), ("url", "http://a.example")],
            409,
            "직접 차단한 등재에 쓰는 이름",
        ),
    ] {
        let answer = admin.post("/collect/new", &fields).await;
        assert_eq!(answer.status, status, "{fields:?}: {}", answer.text());
        assert!(answer.text().contains(says), "{says} in {}", answer.text());
        assert!(!answer.text().contains("<b>x"), "{}", answer.text());
        assert!(answer.text().contains("받아들이지 않았습니다"), "{}", answer.text());
    }
    let answer = admin.post("/collect/new", &[("kind", "url"), ("name", "ours"), ("reason", "<b>x")]).await;
    assert!(answer.text().contains("value=\"&#60;b&#62;x\""), "kept: {}", answer.text());
    assert_eq!(bench.rig.get("/api/v1/sources").await.json()["sources"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn settings_are_changed_one_by_one_and_emptied_ones_go_back() {
    let bench = Bench::regtech().await;
    let admin = bench.rig.signed_in(Role::Admin);
    let url = bench.sim.url(Portal::Regtech);
    let shown = page(&admin, "/collect/regtech").await;
    assert!(shown.contains("value=\"5s\"") && shown.contains("실행 시점"), "{shown}");
    let change = [("timeout", "5s"), ("schedule", "12h"), ("url", url.as_str())];
    assert_eq!(led(&admin, "/collect/regtech", &change).await, "/collect/regtech?done=changed");
    let set = settings(&bench, "regtech").await;
    assert_eq!((&set["schedule"], &set["timeout"]), (&json!("12h"), &json!("5s")));
    assert!(page(&admin, "/collect").await.contains("<code>12h</code>"));
    led(&admin, "/collect/regtech", &[("schedule", "")]).await;
    assert!(settings(&bench, "regtech").await.get("schedule").is_none());

    let answer = admin.post("/collect/regtech", &[("schedule", "<i>often")]).await;
    assert_eq!(answer.status, 400);
    assert!(answer.text().contains("&#39;schedule&#39; 설정이 비었거나 쓸 수 없는 값입니다: 실행 시점"));
    assert!(!answer.text().contains("<i>often"), "{}", answer.text());
    assert!(settings(&bench, "regtech").await.get("schedule").is_none());
}

#[tokio::test]
async fn a_source_is_paused_and_goes_on() {
    let bench = Bench::regtech().await;
    let admin = bench.rig.signed_in(Role::Admin);
    assert_eq!(
        led(&admin, "/collect/regtech/enable", &[("enabled", "no")]).await,
        "/collect/regtech?done=changed"
    );
    let paused = page(&admin, "/collect").await;
    assert!(paused.contains("꺼짐") && paused.contains("자동 실행 안 함"), "{paused}");
    assert!(page(&admin, "/collect/regtech").await.contains("자동 수집 켜기"));
    led(&admin, "/collect/regtech/enable", &[("enabled", "yes")]).await;
    let on = page(&admin, "/collect/regtech").await;
    assert!(on.contains("자동 수집 끄기") && !on.contains("자동 실행 안 함"), "{on}");
}

#[tokio::test]
async fn nothing_is_done_under_a_run_and_that_is_said() {
    let bench = Bench::regtech().await;
    let admin = bench.rig.signed_in(Role::Admin);
    let claim = bench.store.claim(&"regtech".parse().unwrap()).unwrap().unwrap();
    for (path, fields) in [
        ("/collect/regtech/verify", vec![]),
        ("/collect/regtech/enable", vec![("enabled", "no")]),
        ("/collect/regtech", vec![("schedule", "12h")]),
        ("/collect/regtech/credential", vec![("username", "a"), ("secret", "hush-hush")]),
        ("/collect/regtech/remove", vec![]),
    ] {
        let answer = admin.post(path, &fields).await;
        assert_eq!(answer.status, 409, "{path}: {}", answer.text());
        assert!(
            answer.text().contains("&#39;regtech&#39; 수집이 진행 중입니다."),
            "{path}: {}",
            answer.text()
        );
        assert!(!answer.text().contains("hush-hush"), "{path}");
        let seen_at = if path.ends_with("/remove") { path } else { "/collect/regtech" };
        assert!(answer.text().contains(&format!("data-path=\"{seen_at}\"")), "{path}: {}", answer.text());
    }
    drop(claim);
    let request = Request::post("/collect/regtech/session")
        .header("accept-language", "en")
        .header("sec-fetch-site", "same-origin")
        .header("content-type", "application/x-www-form-urlencoded");
    let body = Body::from(format!("csrf={}&value=", admin.csrf()));
    let answer = admin.send(request, body).await;
    assert!(answer.status.is_client_error(), "{answer:?}");
    assert!(answer.text().contains("It was not taken"), "{}", answer.text());
}

#[tokio::test]
async fn a_removal_says_what_goes_and_asks_again() {
    let bench = Bench::regtech().await;
    let admin = bench.rig.signed_in(Role::Admin);
    led(&admin, "/collect/regtech/run", &[]).await;
    bench.run_number(1).await;
    let active = bench.rig.get("/api/v1/sources/regtech").await.json()["active"].as_u64().unwrap();
    let sure = page(&admin, "/collect/regtech/remove").await;
    assert!(sure.contains("이 수집처의 등재를 모두 빼고"), "{sure}");
    assert!(active > 0 && sure.contains("다시 등록하고 수집하면"), "how it is undone: {sure}");
    assert_eq!(led(&admin, "/collect/regtech/remove", &[]).await, "/collect?done=removed");
    assert!(page(&admin, "/collect?done=removed").await.contains("수집처를 삭제했습니다."));
    assert_eq!(admin.get("/collect/regtech").await.status, 404);
    let gone = admin.post("/collect/regtech/run", &[]).await;
    assert_eq!(gone.status, 404);
    assert!(gone.text().contains("&#39;regtech&#39; 수집처가 없습니다."), "{}", gone.text());
}

#[tokio::test]
async fn each_role_sees_and_may_what_its_rights_say() {
    let bench = Bench::regtech().await;
    for (role, runs, sets) in
        [(Role::Viewer, false, false), (Role::Operator, true, false), (Role::Admin, true, true)]
    {
        let browser = bench.rig.signed_in(role);
        let (list, one) = (page(&browser, "/collect").await, page(&browser, "/collect/regtech").await);
        for act in ["run", "verify"] {
            let action = format!("action=\"/collect/regtech/{act}\"");
            assert_eq!((list.contains(&action), one.contains(&action)), (runs, runs), "{role} {act}");
        }
        for (act, may) in [
            ("/otp\"", runs),
            ("/session\"", runs),
            ("/credential\"", sets),
            ("/enable\"", sets),
            ("\"", sets),
        ] {
            let action = format!("action=\"/collect/regtech{act}");
            assert_eq!(one.contains(&action), may, "{role} {action}");
        }
        assert_eq!(one.contains("href=\"/collect/regtech/remove\""), sets, "{role}");
        assert_eq!(list.contains("href=\"/collect/new\""), sets, "{role}");
        for path in ["/collect/new", "/collect/regtech/remove"] {
            assert_eq!(
                browser.get(path).await.status.as_u16(),
                if sets { 200 } else { 403 },
                "{role} {path}"
            );
        }
        let forms = [("credential", sets), ("enable", sets), ("remove", sets), ("run", runs), ("otp", runs)];
        for (act, _) in forms.iter().filter(|(_, may)| !may) {
            let answer = browser.post(&format!("/collect/regtech/{act}"), &[("enabled", "no")]).await;
            assert_eq!(answer.status, 403, "{role} {act}");
        }
    }
    let source = bench.rig.get("/api/v1/sources/regtech").await.json();
    assert_eq!(source["enabled"], true, "nobody changed it");
    let audit = bench.store.audit(&AuditQuery { limit: 100, ..AuditQuery::default() }).unwrap();
    assert!(audit.iter().all(|row| row.by != "viewer"), "{audit:?}");
}

#[tokio::test]
async fn hostile_texts_are_texts() {
    let bench = Bench::new().await;
    let hostile = "\"><script>alert(1)</script>";
    let settings = json!({"url": "http://127.0.0.1:9/", "reason": hostile, "category": "<img src=x>"});
    let body = json!({"name": "ours", "kind": "url", "settings": settings});
    assert_eq!(bench.rig.write("POST", "/api/v1/sources", &body).await.status, 201);
    for role in [Role::Viewer, Role::Admin] {
        let browser = bench.rig.signed_in(role);
        let query: String = form_urlencoded::byte_serialize(hostile.as_bytes()).collect();
        for path in ["/collect".to_owned(), "/collect/ours".to_owned(), format!("/collect/ours?done={query}")]
        {
            let shown = page(&browser, &path).await;
            assert!(
                !shown.contains("<script>alert") && !shown.contains("<img src"),
                "{role} {path}: {shown}"
            );
        }
        assert!(page(&browser, "/collect/ours").await.contains("&#60;script&#62;alert(1)"), "{role}");
    }
}

#[tokio::test]
async fn what_opens_the_address_of_a_source_is_shown_to_nobody_below_admin() {
    let bench = Bench::regtech().await;
    let url = "http://127.0.0.1:9/list.txt?key=0p3n-sesame&days=7";
    let settings = json!({"url": url, "proxy": "http://127.0.0.1:9/?p=0p3n-sesame", "schedule": "never"});
    let body = json!({"name": "keyed", "kind": "url", "settings": settings});
    let added = bench.rig.write("POST", "/api/v1/sources", &body).await;
    if added.status != 201 {
        // A proxy with a query may be none; the address is what is looked at.
        let body = json!({"name": "keyed", "kind": "url", "settings": {"url": url, "schedule": "never"}});
        assert_eq!(bench.rig.write("POST", "/api/v1/sources", &body).await.status, 201);
    }
    bench.rig.write("POST", "/api/v1/sources/keyed/run", &json!({})).await;
    for _ in 0..1_000 {
        if bench.rig.get("/api/v1/runs?source=keyed").await.json()["runs"] != json!([]) {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
    let run = bench.rig.get("/api/v1/runs?source=keyed").await.json()["runs"][0].clone();
    for role in Role::ALL {
        let browser = bench.rig.signed_in(role);
        for path in ["/api/v1/sources", "/api/v1/sources/keyed", "/collect/keyed"] {
            let answer = browser.get(path).await;
            assert_eq!(answer.status, 200, "{role} {path}");
            let is_shown = answer.text().contains("0p3n-sesame");
            assert_eq!(is_shown, role == Role::Admin, "{role} {path}: {}", answer.text());
            assert!(answer.text().contains("/list.txt?key="), "{role} {path}: the rest stays");
        }
        for path in [
            "/collect",
            "/collect?format=csv",
            "/logs/runs",
            "/logs/runs?format=csv",
            "/api/v1/runs",
            "/api/v1/audit",
            "/logs/audit",
            &format!("/runs/{}", run["run"]),
            &format!("/api/v1/runs/{}", run["run"]),
        ] {
            let answer = browser.get(path).await;
            assert!(!answer.text().contains("0p3n-sesame"), "{role} {path}: {}", answer.text());
        }
    }
}

#[tokio::test]
async fn no_source_gets_the_name_of_a_page() {
    let bench = Bench::regtech().await;
    let admin = bench.rig.signed_in(Role::Admin);
    for name in ["new", "upload"] {
        let body = json!({"name": name, "kind": "file"});
        let refused = bench.rig.write("POST", "/api/v1/sources", &body).await;
        assert!(refused.problem(400).contains("that of a page"), "{name}");
        assert_eq!(refused.json()["cause"], "name_of_page");
        let fields = [("kind", "url"), ("name", name), ("url", "http://127.0.0.1:9/x")];
        let refused = admin.post("/collect/new", &fields).await;
        assert_eq!(refused.status, 400);
        assert!(refused.text().contains("화면 주소로 쓰고 있습니다"), "{}", refused.text());
    }
    let names = bench.rig.get("/api/v1/sources").await.json()["sources"].as_array().unwrap().len();
    assert_eq!(names, 1);
}
