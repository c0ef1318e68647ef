//! The pages of what was written down.

#![allow(clippy::unwrap_used, reason = "tests")]

mod support;

use blocklist::{Batch, Cause, ConsumerSettings, Details, Mode, Record, Serial, Time};
use store::{Import, Pull, Role, Trigger};
use support::PUBLISHED;
use support::accounts::{Browser, Desk, SETUP};

fn import(desk: &Desk, source: &str, prefixes: &[&str]) {
    let mut batch = Batch::default();
    let details = batch.details.intern(Details::default());
    for prefix in prefixes {
        batch.accept(false);
        batch.records.push(Record { prefix: prefix.parse().unwrap(), details, detected: None, until: None });
    }
    batch.refuse(3, Cause::Date, b"=9.9.9.9,<b>never");
    batch.refuse(4, Cause::NoAddress, b"row without");
    let import = Import {
        source: &source.parse().unwrap(),
        parser: "list",
        mode: Mode::Full,
        input: "a.txt",
        input_key: None,
        started_at: desk.rig.clock_now(),
        batch: &batch,
        min_share: 0.0,
        allow_empty: false,
        trigger: Trigger::Person,
        window: None,
        state: None,
    };
    desk.store.import(&import).unwrap();
}

/// Two runs a day apart, three reads of a device, and a change by the operator.
async fn desk() -> Desk {
    let desk = Desk::new();
    import(&desk, "portal", &["9.1.2.3", "9.1.2.4"]);
    let name = "FW-1".parse().unwrap();
    desk.store.add_consumer(&name, &ConsumerSettings::default(), &[], &SETUP).unwrap();
    let id = desk.store.access().unwrap().readers[0].id;
    let pull = |status| Pull {
        at: Time::from_unix(PUBLISHED),
        consumer: Some(id),
        feed: "default".into(),
        format: "plain".into(),
        address: Some([10, 0, 0, 7].into()),
        agent: Some("<i>curl".into()),
        serial: (status == 200).then_some(Serial(1)),
        status,
        bytes: 2_048,
        holds: true,
    };
    desk.store.write_pulls(&[pull(200), pull(200), pull(403)], 30).unwrap();
    desk.later(86_400);
    import(&desk, "feed", &["9.7.0.1"]);
    let operator = desk.signed_in(Role::Operator);
    let block =
        [("lines", "9.3.0.1"), ("span", "1h"), ("reason", "공격"), ("note", "<u>왜"), ("confirmed", "yes")];
    assert_eq!(operator.post("/ip/block", &block).await.header("location"), "/ip/9.3.0.1?done=blocked");
    desk
}

async fn page(browser: &Browser, path: &str) -> String {
    let answer = browser.get(path).await;
    assert_eq!(answer.status, 200, "{path}: {}", answer.text());
    answer.text().to_owned()
}

fn count(page: &str) -> usize {
    page.split("<tbody>").nth(1).map_or(0, |body| body.matches("<tr>").count())
}

#[tokio::test]
async fn lines_are_found_by_word_field_and_time() {
    let desk = desk().await;
    let admin = desk.signed_in(Role::Admin);
    for (path, lines) in [
        ("/logs/runs", 3),
        ("/logs/runs?q=feed", 1),
        ("/logs/runs?source=portal", 1),
        ("/logs/runs?state=failed", 0),
        ("/logs/runs?until=2026-03-01T23:00", 1),
        ("/logs/runs?since=2026-03-02", 2),
        ("/logs/pulls", 3),
        ("/logs/pulls?status=403", 1),
        ("/logs/pulls?consumer=FW-1&q=curl+200", 2),
        ("/logs/pulls?consumer=FW-2", 0),
        ("/logs/audit?action=listing", 1),
        ("/logs/audit?by=operator", 1),
        ("/logs/audit?q=9.3.0.1", 1),
        ("/logs/program?q=nothing-has-this", 0),
        ("/logs/attempts", 0),
    ] {
        assert_eq!(count(&page(&admin, path).await), lines, "{path}");
    }
    assert!(page(&admin, "/logs/runs?since=yesterday").await.contains("시각은 2026-11-23"));
    assert_eq!(admin.get("/logs").await.header("location"), "/logs/runs");
    // Five in the morning is nine hours later for who chose UTC.
    for (zone, lines) in [("kst", 1), ("utc", 3)] {
        admin.post("/preferences", &[("set", zone), ("next", "/")]).await;
        assert_eq!(count(&page(&admin, "/logs/runs?until=2026-03-02T05:00").await), lines, "{zone}");
    }
}

#[tokio::test]
async fn counts_by_cause_lead_to_their_lines() {
    let desk = desk().await;
    let viewer = desk.signed_in(Role::Viewer);
    let grouped = page(&viewer, "/logs/pulls?group=cause").await;
    assert!(grouped.contains("href=\"/logs/pulls?status=403\">403</a>"), "{grouped}");
    assert_eq!(count(&grouped), 2);
    let runs = page(&viewer, "/logs/runs?group=cause").await;
    assert!(runs.contains("href=\"/logs/runs?cause=done\">완료</a>"), "{runs}");
    assert_eq!(count(&page(&viewer, "/logs/runs?cause=done").await), 3);
}

#[tokio::test]
async fn each_role_sees_its_tabs_and_no_other() {
    let desk = desk().await;
    for (role, audit, attempts) in
        [(Role::Viewer, 403, 403), (Role::Operator, 200, 403), (Role::Admin, 200, 200)]
    {
        let browser = desk.signed_in(role);
        assert_eq!(browser.get("/logs/audit").await.status.as_u16(), audit, "{role}");
        assert_eq!(browser.get("/logs/attempts").await.status.as_u16(), attempts, "{role}");
        let runs = page(&browser, "/logs/runs").await;
        assert_eq!(runs.contains("href=\"/logs/audit\""), audit == 200, "{role}");
        assert_eq!(runs.contains("href=\"/logs/attempts\""), attempts == 200, "{role}");
        let changes = browser.get("/logs/audit?verify=1").await;
        let verified = changes.text().contains("변경 기록이 온전합니다.");
        assert_eq!(verified, role == Role::Admin, "{role}");
    }
}

#[tokio::test]
async fn a_run_shows_what_it_refused_by_cause_and_as_a_file() {
    let desk = desk().await;
    let viewer = desk.signed_in(Role::Viewer);
    let run = page(&viewer, "/runs/1").await;
    for part in
        ["읽을 수 없는 날짜", "주소가 없는 행", "row without", "href=\"/runs/1?cause=date\"", "portal"]
    {
        assert!(run.contains(part), "{part} in {run}");
    }
    assert!(!run.contains("<b>never"));
    assert_eq!(count(&run), 2);
    assert_eq!(count(&page(&viewer, "/runs/1?cause=date").await), 1);
    let file = viewer.get("/runs/1?format=csv").await;
    let lines: Vec<&str> = file.text().trim_start_matches('\u{feff}').lines().collect();
    assert_eq!(lines, ["line,cause,text", "3,date,\"'=9.9.9.9,<b>never\"", "4,no_address,row without"]);
    for bad in ["/runs/99", "/runs/x"] {
        assert_eq!(viewer.get(bad).await.status, 404, "{bad}");
    }
}

#[tokio::test]
async fn texts_of_others_stay_texts_and_both_languages_are_spoken() {
    let desk = desk().await;
    let admin = desk.signed_in(Role::Admin);
    for path in ["/logs/runs", "/logs/pulls", "/logs/audit", "/logs/attempts", "/logs/program"] {
        let page = page(&admin, path).await;
        assert!(!page.contains("<i>curl") && !page.contains("<u>왜"), "{path}");
        let english = axum::http::Request::get(path).header("cookie", "blacklist-view=en.utc.dark");
        let english = admin.send(english, axum::body::Body::empty()).await;
        assert!(english.text().contains(">Sign-ins</a>"), "{path}: {}", english.text());
        let file = admin.get(&format!("{path}?format=csv")).await;
        assert_eq!(file.header("content-type"), "text/csv; charset=utf-8", "{path}");
    }
    assert!(page(&admin, "/logs/audit").await.contains(">수동 차단</td>"));
}
