//! The pages of listings: the search, one address, and what people do there.

#![allow(clippy::unwrap_used, reason = "tests")]

mod support;

use blocklist::{Batch, Cause, Country, Details, Mode, Record, Time, details};
use store::{AuditQuery, Import, ListingQuery, Role, Trigger};
use support::PUBLISHED;
use support::accounts::{Browser, Desk};

const ENGLISH: &str = "blacklist-view=en.utc.dark";
/// Prefix, reason, country, days to the end.
const ROWS: [(&str, &str, &str, Option<i64>); 4] = [
    ("9.1.2.3", "Port scan", "KR", None),
    ("9.1.2.4", "<script>alert(1)</script>", "CN", Some(5)),
    ("9.1.0.0/16", "=HYPERLINK(1)", "CN", Some(1)),
    ("2a00::7", "웹쉘 업로드", "US", Some(30)),
];

fn batch() -> Batch {
    let mut batch = Batch::default();
    for (prefix, reason, country, days) in ROWS {
        let details = batch.details.intern(Details {
            reason: details::text(reason),
            country: Country::new(country),
            category: details::text("recon"),
            ..Details::default()
        });
        batch.accept(false);
        let until = days.map(|days| Time::from_unix(PUBLISHED + days * 86_400));
        batch.records.push(Record { prefix: prefix.parse().unwrap(), details, detected: None, until });
    }
    batch.refuse(7, Cause::Date, b"9.9.9.9,<b>31.02.2026");
    batch
}

async fn desk() -> Desk {
    let desk = Desk::new();
    let batch = batch();
    let import = Import {
        source: &"portal".parse().unwrap(),
        parser: "list",
        mode: Mode::Full,
        input: "a.txt",
        input_key: None,
        started_at: Time::from_unix(PUBLISHED),
        batch: &batch,
        min_share: 0.0,
        allow_empty: false,
        trigger: Trigger::Person,
        window: None,
        state: None,
    };
    desk.store.import(&import).unwrap();
    go_live(&desk).await;
    desk
}

async fn go_live(desk: &Desk) {
    let serial = desk.store.publications(None, 1).unwrap()[0].serial;
    desk.rig.app.go_live(desk.store.load_publication(serial).unwrap()).await;
}

async fn page(browser: &Browser, path: &str) -> String {
    let answer = browser.get(path).await;
    assert_eq!(answer.status, 200, "{path}: {}", answer.text());
    answer.text().to_owned()
}

/// The prefixes of the rows of a page, as its table links them.
fn rows(page: &str) -> Vec<String> {
    let body = page.split("<tbody>").nth(1).unwrap_or("");
    let heads = body.split("<th scope=\"row\"><a class=\"ip\" href=\"/ip/").skip(1);
    heads.map(|head| head.split('"').next().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn one_box_finds_places_countries_sources_and_words() {
    let desk = desk().await;
    let viewer = desk.signed_in(Role::Viewer);
    let all = ["9.1.0.0/16", "9.1.2.3", "9.1.2.4", "2a00::7"];
    let cases: [(&str, &[&str]); 12] = [
        ("", &all),
        ("?q=9.1.2.0/24", &all[..3]),
        ("?q=9.1.2.4-9.1.2.9", &["9.1.0.0/16", "9.1.2.4"]),
        ("?q=kr", &["9.1.2.3"]),
        ("?q=%EC%A4%91%EA%B5%AD", &["9.1.0.0/16", "9.1.2.4"]),
        ("?q=portal+SCAN", &["9.1.2.3"]),
        ("?q=%EC%9B%B9%EC%89%98", &["2a00::7"]),
        ("?family=6", &["2a00::7"]),
        ("?country=US&category=RECON", &["2a00::7"]),
        ("?before=2026-03-03", &["9.1.0.0/16"]),
        ("?sort=-until", &["9.1.2.3", "2a00::7", "9.1.2.4", "9.1.0.0/16"]),
        ("?source=nobody", &[]),
    ];
    for (query, expected) in cases {
        assert_eq!(rows(&page(&viewer, &format!("/ip{query}")).await), expected, "{query}");
    }
    // What cannot be read finds nothing, and says so: it is not passed over.
    let wrong = page(&viewer, "/ip?since=tomorrow").await;
    assert!(rows(&wrong).is_empty() && wrong.contains("이날부터 탐지 값을 알 수 없어"), "{wrong}");
    let answer = viewer.get("/ip?q=9.1.2.3").await;
    assert_eq!((answer.status.as_u16(), answer.header("location")), (303, "/ip/9.1.2.3"));
}

#[tokio::test]
async fn each_state_has_its_rows() {
    let desk = desk().await;
    let operator = desk.signed_in(Role::Operator);
    let edit = [("prefix", "9.1.2.3"), ("source", "portal"), ("act", "remove"), ("confirmed", "yes")];
    assert_eq!(operator.post("/ip/edit", &edit).await.header("location"), "/ip/9.1.2.3?done=removed");
    desk.later(2 * 86_400);
    let cases: [(&str, &[&str]); 5] = [
        ("active", &["9.1.2.4", "2a00::7"]),
        ("expired", &["9.1.0.0/16"]),
        ("removed", &["9.1.2.3"]),
        ("withdrawn", &[]),
        ("manual", &[]),
    ];
    for (state, expected) in cases {
        let viewer = desk.signed_in(Role::Viewer);
        let page = page(&viewer, &format!("/ip?state={state}")).await;
        assert_eq!(rows(&page), expected, "{state}");
        let words = self::page(&viewer, &format!("/ip?state={state}&q=nothing-has-this")).await;
        assert!(rows(&words).is_empty(), "{state}");
    }
}

#[tokio::test]
async fn texts_of_sources_stay_texts_on_the_page_and_in_the_file() {
    let desk = desk().await;
    let viewer = desk.signed_in(Role::Viewer);
    for path in ["/ip", "/ip/9.1.2.4", "/ip/9.9.9.9", "/ip?q=%3Cscript%3Ealert(1)", "/runs/1"] {
        let page = page(&viewer, path).await;
        assert!(!page.contains("<script>alert") && !page.contains("<b>31"), "{path}");
    }
    let file = viewer.get("/ip?format=csv&country=CN").await;
    assert_eq!(file.header("content-type"), "text/csv; charset=utf-8");
    let lines: Vec<&str> = file.text().trim_start_matches('\u{feff}').lines().collect();
    assert_eq!(lines.len(), 3, "{lines:?}");
    assert!(lines[1].starts_with("9.1.0.0/16,portal,\"'=HYPERLINK(1)\",CN,recon,"), "{lines:?}");
}

#[tokio::test]
async fn an_address_says_why_it_is_blocked_and_one_that_is_not_says_so() {
    let desk = desk().await;
    let viewer = desk.signed_in(Role::Viewer);
    let listed = page(&viewer, "/ip/9.1.2.3").await;
    for part in [
        "9.1.2.3: 게시 중",
        "Port scan",
        "KR 대한민국",
        "href=\"/runs/1\"",
        "/publications/1\"",
        "9.1.0.0/16",
    ] {
        assert!(listed.contains(part), "{part}");
    }
    assert_eq!(listed.matches("<li class=\"step").count(), 2 * 8, "the host and the network around it");
    // 9.1.2.3 and 9.1.2.4 lie in the /16, which covers the square whole.
    assert!(listed.contains("256개 중 256개 게시 중"));
    assert!(!listed.contains("<form method=\"post\" action=\"/ip/"), "a viewer changes nothing");
    let never = page(&viewer, "/ip/9.2.0.1").await;
    assert!(never.contains("어느 수집처도 등재한 적이 없습니다."), "{never}");
    let refused = page(&viewer, "/ip/9.9.9.9").await;
    assert!(refused.contains("읽을 수 없는 날짜") && refused.contains("step bad"), "{refused}");
    let other_eyes = viewer
        .send(axum::http::Request::get("/ip/9.1.2.3").header("cookie", ENGLISH), axum::body::Body::empty())
        .await;
    assert!(other_eyes.text().contains("9.1.2.3 is served"), "{}", other_eyes.text());
    for (path, to) in [("/ip/9.1.2.9/24", "/ip/9.1.2.0/24"), ("/ip/9.1.2.1-9.1.2.9", "/ip?q=9.1.2.1-9.1.2.9")]
    {
        assert_eq!(viewer.get(path).await.header("location"), to, "{path}");
    }
    assert_eq!(viewer.get("/ip/nonsense").await.status, 404);
}

#[tokio::test]
async fn the_past_can_be_asked_and_not_changed() {
    let desk = desk().await;
    let operator = desk.signed_in(Role::Operator);
    let before = page(&operator, "/ip/9.1.2.3?at=2026-02-01").await;
    assert!(before.contains("2026-02-01 00:00:00 KST 기준입니다."), "{before}");
    assert!(!before.contains("action=\"/ip/block\""));
    assert!(page(&operator, "/ip/9.1.2.3?at=once").await.contains("시각을 알 수 없습니다."));
}

#[tokio::test]
async fn a_block_is_shown_before_it_is_done() {
    let desk = desk().await;
    let operator = desk.signed_in(Role::Operator);
    let form = [
        ("lines", "9.3.0.1\r\nexample.org\r\n9.3.0.2 # door\r\n010.1.1.1"),
        ("span", "24h"),
        ("reason", "공격"),
    ];
    let shown = operator.post("/ip/block", &form).await;
    assert_eq!(shown.status, 200, "{}", shown.text());
    for part in [
        "새로 2건을 차단",
        "2건이 들어갑니다",
        "example.org",
        "010.1.1.1",
        "name=\"confirmed\" value=\"yes\"",
    ] {
        assert!(shown.text().contains(part), "{part} in {}", shown.text());
    }
    let manual = || {
        desk.store.listings(&ListingQuery {
            source: "manual".parse().ok(),
            limit: 9,
            ..ListingQuery::default()
        })
    };
    assert_eq!(manual().unwrap().len(), 0, "only shown");
    let until = (PUBLISHED + 3_600 + 86_400).to_string();
    let done = operator
        .post(
            "/ip/block",
            &[&form[..], &[("until", until.as_str()), ("confirmed", "yes"), ("note", "표 17")]].concat(),
        )
        .await;
    assert_eq!(done.header("location"), "/ip?state=manual&done=blocked", "{}", done.text());
    let rows = manual().unwrap();
    assert_eq!(rows.len(), 2);
    assert_eq!(rows[0].until, Some(Time::from_unix(PUBLISHED + 3_600 + 86_400)));
    let audit = desk.store.audit(&AuditQuery::newest(1)).unwrap();
    assert_eq!((audit[0].by.as_str(), audit[0].note.as_deref()), ("operator", Some("표 17")));
}

#[tokio::test]
async fn what_stands_against_a_block_is_told_and_nothing_is_done() {
    let desk = desk().await;
    let operator = desk.signed_in(Role::Operator);
    let form = |lines: &'static str, reason: &'static str| {
        [("lines", lines), ("span", "1h"), ("reason", reason), ("confirmed", "yes")]
    };
    for (lines, reason, says) in [
        ("9.3.0.1\n10.0.0.1", "공격", "특수 대역(사설, 루프백, 멀티캐스트 등)을 포함"),
        ("9.3.0.1", " ", "왜 막는지 적으세요."),
        ("# nothing", "공격", "차단할 주소가 한 줄도 없습니다."),
        ("<html><body>", "공격", "목록으로 읽을 수 없는 내용입니다."),
    ] {
        let answer = operator.post("/ip/block", &form(lines, reason)).await;
        assert_eq!(answer.status, 422, "{lines}");
        assert!(answer.text().contains(says), "{says} in {}", answer.text());
    }
    let long: Vec<String> =
        (0..10_001).map(|n| format!("9.{}.{}.{}", n >> 16, n >> 8 & 255, n & 255)).collect();
    let long = long.join("\n");
    let answer = operator.post("/ip/block", &[("lines", &long), ("span", "1h"), ("reason", "x")]).await;
    assert!(answer.text().contains("10,000줄까지"), "{}", answer.status);
    assert_eq!(desk.store.sources().unwrap().len(), 1, "no listing by hand");
}

#[tokio::test]
async fn an_end_is_set_and_taken_back_and_a_removal_too() {
    let desk = desk().await;
    let operator = desk.signed_in(Role::Operator);
    let row = || {
        let inside = "9.1.2.4".parse().ok();
        desk.store.listings(&ListingQuery { inside, limit: 9, ..ListingQuery::default() }).unwrap().remove(0)
    };
    let own = row().until;
    let edit = async |fields: &[(&str, &str)]| {
        let all = [&[("prefix", "9.1.2.4"), ("source", "portal")][..], fields].concat();
        let shown = operator.post("/ip/edit", &all).await;
        assert_eq!(shown.status, 200, "{}", shown.text());
        let was = row();
        assert!(shown.text().contains("name=\"confirmed\""), "{}", shown.text());
        let done = operator.post("/ip/edit", &[&all[..], &[("confirmed", "yes")]].concat()).await;
        assert_ne!(row(), was, "{}", done.text());
        done.header("location").to_owned()
    };
    assert_eq!(edit(&[("act", "end"), ("span", "1h")]).await, "/ip/9.1.2.4?done=end-set");
    assert_eq!(row().until, Some(Time::from_unix(PUBLISHED + 7_200)));
    assert_eq!(edit(&[("act", "own_end")]).await, "/ip/9.1.2.4?done=end-own");
    assert_eq!(row().until, own);
    assert_eq!(edit(&[("act", "end_now")]).await, "/ip/9.1.2.4?done=ended");
    assert_eq!(edit(&[("act", "remove")]).await, "/ip/9.1.2.4?done=removed");
    assert_eq!(edit(&[("act", "restore")]).await, "/ip/9.1.2.4?done=restored");
    let history = page(&operator, "/ip/9.1.2.4").await;
    for word in ["제거", "재등재", "변경", "operator"] {
        assert!(history.contains(word), "{word}");
    }
}

#[tokio::test]
async fn who_may_not_change_is_refused() {
    let desk = desk().await;
    let viewer = desk.signed_in(Role::Viewer);
    assert_eq!(viewer.get("/ip/block").await.status, 403);
    assert_eq!(viewer.post("/ip/block", &[("lines", "9.3.0.1")]).await.status, 403);
    assert_eq!(viewer.post("/ip/edit", &[("act", "remove")]).await.status, 403);
    let nobody = desk.rig.get("/ip").await;
    assert!(nobody.header("location").starts_with("/login"), "{nobody:?}");
    assert!(!page(&viewer, "/ip").await.contains("href=\"/ip/block\""));
}

#[tokio::test]
async fn pages_of_rows_go_on_where_the_last_ended() {
    let desk = Desk::new();
    let hosts: Vec<String> = (0..250).map(|n| format!("9.5.0.{n}")).collect();
    let hosts: Vec<&str> = hosts.iter().map(String::as_str).collect();
    desk.rig.app.go_live(support::publication(1, &hosts)).await;
    let viewer = desk.signed_in(Role::Viewer);
    for sort in ["prefix", "-prefix", "detected", "-until", "source"] {
        let (mut seen, mut path) = (Vec::new(), format!("/ip?sort={sort}"));
        loop {
            let page = page(&viewer, &path).await;
            assert!(page.contains("등재 250건"));
            seen.extend(rows(&page));
            let Some(next) = page.split("rel=\"next\"").next().filter(|_| page.contains("rel=\"next\""))
            else {
                break;
            };
            path = next.rsplit("href=\"").next().unwrap().split('"').next().unwrap().replace("&#38;", "&");
        }
        seen.sort();
        seen.dedup();
        assert_eq!(seen.len(), 250, "{sort}");
    }
}
