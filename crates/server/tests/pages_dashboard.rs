//! The dashboard and the map, on a real store.

#![allow(clippy::unwrap_used, reason = "tests")]

mod support;

use blocklist::{Batch, ConsumerSettings, Country, Details, Mode, Record, Time, details};
use store::{Actor, Import, Role, Trigger};
use support::accounts::{Desk, SETUP};
use support::{Answer, PUBLISHED};

/// Imports hosts as the whole list of a source.
fn import(desk: &Desk, source: &str, hosts: std::ops::Range<usize>, reason: &str) {
    let mut batch = Batch::default();
    let details = batch.details.intern(Details {
        reason: details::text(reason),
        country: Country::new("KR"),
        category: details::text("scan"),
        ..Details::default()
    });
    for n in hosts {
        let prefix = format!("9.4.{}.{}", n / 256, n % 256).parse().unwrap();
        batch.accept(false);
        batch.records.push(Record { prefix, details, detected: None, until: None });
    }
    let import = Import {
        source: &source.parse().unwrap(),
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
}

async fn refresh(desk: &Desk) {
    if let Some(publication) = desk.store.files().load_current().unwrap() {
        desk.rig.app.go_live(publication).await;
    }
    desk.rig.app.refresh_figures().await;
}

fn page(answer: &Answer) -> &str {
    assert_eq!(answer.status, 200, "{answer:?}");
    assert!(answer.header("content-security-policy").contains("default-src 'none'"));
    answer.text()
}

fn has(page: &str, parts: &[&str]) {
    for part in parts {
        assert!(page.contains(part), "{part} in {page}");
    }
}

#[tokio::test]
async fn whoever_is_not_signed_in_is_led_to_where_that_is_done() {
    let desk = Desk::new();
    let answer = desk.rig.ask("GET", "/", &[("accept", "text/html")]).await;
    assert_eq!((answer.status.as_u16(), answer.header("location")), (303, "/login"));
    for path in ["/map", "/map.png", "/events"] {
        assert_eq!(desk.rig.ask("GET", path, &[("accept", "text/html")]).await.status, 303, "{path}");
    }
}

#[tokio::test]
async fn before_anything_is_set_up_the_page_leads_to_the_setup() {
    let desk = Desk::new();
    let early = desk.signed_in(Role::Admin).get("/").await;
    assert!(page(&early).contains("집계하는 중입니다."), "{}", early.text());
    refresh(&desk).await;
    let admin = desk.signed_in(Role::Admin).get("/").await;
    has(page(&admin), &["아직 수집처도 게시본도 없습니다.", "href=\"/start\""]);
    let viewer = desk.signed_in(Role::Viewer).get("/").await;
    assert!(!page(&viewer).contains("href=\"/start\""), "who may not set it up is not sent there");
}

#[tokio::test]
async fn all_is_well_and_only_that_is_said() {
    let desk = Desk::new();
    import(&desk, "feed", 0..300, "port scan");
    refresh(&desk).await;
    let answer = desk.signed_in(Role::Viewer).get("/").await;
    let text = page(&answer);
    has(
        text,
        &[
            "차단은 정상입니다.",
            "300건",
            "href=\"/ip?country=KR\"",
            "KR 대한민국",
            "href=\"/ip?q=%22port%20scan%22\"",
            "href=\"/ip?category=scan\"",
            "href=\"/collect/feed\"",
            "href=\"/publications/1\"",
            "src=\"/map.png?serial=1\"",
            "data-live=\"figures\"",
        ],
    );
    assert!(!text.contains("사람 손이 필요한"), "{text}");
    assert!(!text.contains("class=\"todo\""), "{text}");
}

#[tokio::test]
async fn what_needs_a_hand_is_named_with_the_link_that_does_it() {
    let desk = Desk::new();
    import(&desk, "feed", 0..300, "port scan");
    desk.store.add_consumer(&"FW-7".parse().unwrap(), &ConsumerSettings::default(), &[], &SETUP).unwrap();
    import(&desk, "feed", 0..10, "port scan");
    desk.later(2 * 3_600);
    refresh(&desk).await;
    let viewer = desk.signed_in(Role::Viewer);
    let korean = viewer.get("/").await;
    has(
        page(&korean),
        &[
            "사람 손이 필요한 일이 2건 있습니다.",
            "href=\"/held/1\"",
            "href=\"/devices/FW-7\"",
            "FW-7: 받아 간 적 없음",
        ],
    );
    let badges =
        page(&korean).split("</nav>").next().unwrap().matches("<span class=\"dot warn\">1</span>").count();
    assert_eq!(badges, 2, "at publications and at devices");
    let cookie = format!("{}; blacklist-view=en.utc.light", viewer.cookie());
    let english = desk.rig.ask("GET", "/", &[("accept", "text/html"), ("cookie", &cookie)]).await;
    has(page(&english), &["Blocking is fine.", "2 things need a hand.", "FW-7: has read nothing"]);
}

#[tokio::test]
async fn of_many_the_first_are_shown_and_the_rest_is_one_line() {
    let desk = Desk::new();
    for n in 0..6 {
        import(&desk, &format!("feed-{n}"), n * 10..n * 10 + 10, "port scan");
        let name = format!("FW-{n}").parse().unwrap();
        desk.store.add_consumer(&name, &ConsumerSettings::default(), &[], &SETUP).unwrap();
    }
    desk.later(2 * 3_600);
    refresh(&desk).await;
    let answer = desk.signed_in(Role::Viewer).get("/").await;
    let text = page(&answer);
    has(text, &["그 밖 2곳 정상", "그 밖 2대, 2대 점검 필요", "그 밖 2건", "사람 손이 필요한 일이 6건"]);
    assert_eq!(text.matches("<a class=\"node ok\" href=\"/collect/").count(), 4);
    assert_eq!(text.matches("<a class=\"node warn\" href=\"/devices/").count(), 4);
}

#[tokio::test]
async fn who_changed_what_is_told_to_operators_alone() {
    let desk = Desk::new();
    import(&desk, "feed", 0..30, "port scan");
    let actor = Actor { by: "night-op", note: None, address: None };
    desk.store.add_consumer(&"FW-7".parse().unwrap(), &ConsumerSettings::default(), &[], &actor).unwrap();
    refresh(&desk).await;
    let operator = desk.signed_in(Role::Operator).get("/").await;
    has(page(&operator), &["night-op: 장비 추가 FW-7", "feed 수집 완료: 신규 30건"]);
    let viewer = desk.signed_in(Role::Viewer).get("/").await;
    assert!(!page(&viewer).contains("night-op"), "{}", viewer.text());
    assert!(page(&viewer).contains("feed 수집 완료: 신규 30건"));
}

#[tokio::test]
async fn what_sources_and_people_write_is_text() {
    let desk = Desk::new();
    import(&desk, "feed", 0..30, "<script>alert(1)</script>\" onclick=x");
    let model =
        ConsumerSettings { model: Some("<script>alert(2)</script>".into()), ..ConsumerSettings::default() };
    desk.store.add_consumer(&"FW-7".parse().unwrap(), &model, &[], &SETUP).unwrap();
    refresh(&desk).await;
    let answer = desk.signed_in(Role::Operator).get("/").await;
    let text = page(&answer);
    assert!(!text.contains("<script>") && text.contains("&#60;script&#62;alert(2)"), "{text}");
    assert!(text.contains("&#60;script&#62;alert(1)"), "{text}");
}

#[tokio::test]
async fn the_map_goes_from_the_whole_space_down_to_listings() {
    let desk = Desk::new();
    import(&desk, "feed", 0..300, "port scan");
    refresh(&desk).await;
    let viewer = desk.signed_in(Role::Viewer);
    has(page(&viewer.get("/map").await), &["href=\"/map?net=9.0.0.0%2F8\"", "주소 300개"]);
    has(page(&viewer.get("/map?net=9.0.0.0/8").await), &["href=\"/map?net=9.4.0.0%2F16\"", "href=\"/map\""]);
    let finest = viewer.get("/map?net=9.4.0.0/16").await;
    has(page(&finest), &["href=\"/ip?q=9.4.1.0%2F24\"", "주소 44개", "href=\"/map?net=9.0.0.0%2F8\""]);
    has(page(&viewer.get("/map?net=8.0.0.0/8").await), &["이 대역에는 차단된 주소가 없습니다."]);
    for bad in ["9.4.0.0/24", "2001:db8::/32", "x"] {
        assert_eq!(viewer.get(&format!("/map?net={bad}")).await.status, 400, "{bad}");
    }
}

#[tokio::test]
async fn a_picture_is_sent_anew_only_when_the_list_is_another() {
    let desk = Desk::new();
    let viewer = desk.signed_in(Role::Viewer);
    assert_eq!(viewer.get("/map.png").await.status, 503);
    import(&desk, "feed", 0..300, "port scan");
    refresh(&desk).await;
    let first = viewer.get("/map.png?serial=1").await;
    assert_eq!((first.status.as_u16(), first.header("content-type")), (200, "image/png"));
    assert!(first.body.starts_with(b"\x89PNG"));
    let tag = first.header("etag").to_owned();
    let cookie = viewer.cookie();
    let fields = [("cookie", &*cookie), ("if-none-match", &*tag)];
    let again = desk.rig.ask("GET", "/map.png?serial=1", &fields).await;
    assert_eq!((again.status.as_u16(), again.body.len()), (304, 0));
    import(&desk, "other", 300..400, "port scan");
    refresh(&desk).await;
    let next = desk.rig.ask("GET", "/map.png?serial=2", &fields).await;
    assert_eq!(next.status, 200);
    assert_ne!(next.body, first.body);
}
