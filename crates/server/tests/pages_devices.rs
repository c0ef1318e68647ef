//! The pages of feeds and devices, on a real store.

#![allow(clippy::unwrap_used, reason = "tests")]

mod support;

use axum::body::Body;
use axum::http::Request;
use blocklist::{ConsumerSettings, FeedSettings, Serial, Vendor};
use store::{ConsumerId, Pull, Role};
use support::accounts::{Browser, Desk, SETUP, english};
use support::{Answer, PREFIXES, publication};

fn page(answer: &Answer) -> &str {
    assert_eq!(answer.status, 200, "{answer:?}");
    answer.text()
}

/// A device as it would be added by command.
fn device(desk: &Desk, name: &str, vendor: Vendor) {
    let settings = ConsumerSettings { vendor, ..ConsumerSettings::default() };
    desk.store.add_consumer(&name.parse().unwrap(), &settings, &[], &SETUP).unwrap();
}

/// The first device reads the default feed.
fn pull(desk: &Desk, serial: u64, agent: &str) {
    let pull = Pull {
        at: desk.rig.app.now(),
        consumer: Some(ConsumerId(1)),
        feed: "default".into(),
        format: "plain".into(),
        address: Some([192, 0, 2, 9].into()),
        agent: Some(agent.into()),
        serial: Some(Serial(serial)),
        status: 200,
        bytes: 4_096,
        holds: true,
    };
    desk.store.write_pulls(&[pull], 90).unwrap();
}

/// What stands after a label in a page with a new secret.
fn secret_of(page: &str) -> String {
    let is_letter = |c: char| c.is_ascii_lowercase() || ('2'..='7').contains(&c);
    let found = page.split("<code>").filter_map(|part| part.split("</code>").next());
    let found = found.filter(|part| part.len() == 52 && part.chars().all(is_letter));
    found.map(str::to_owned).next().unwrap()
}

const NEW: [(&str, &str); 4] =
    [("vendor", "fortigate"), ("name", "FW-3"), ("server", "https://bl.example:2542"), ("cap", "131072")];

async fn made(browser: &Browser, more: &[(&str, &str)]) -> Answer {
    let fields: Vec<_> = NEW.into_iter().chain(more.iter().copied()).collect();
    browser.post("/devices/new", &fields).await
}

#[tokio::test]
async fn three_steps_make_a_device_whose_secret_is_shown_once_inside_what_is_pasted() {
    let desk = Desk::new();
    let admin = desk.signed_in(Role::Admin);
    let makes = admin.get("/devices/new").await;
    for vendor in Vendor::ALL {
        assert!(page(&makes).contains(&format!("/devices/new?vendor={}", vendor.as_str())), "{vendor:?}");
    }
    let form = admin.get("/devices/new?vendor=fortigate").await;
    assert!(page(&form).contains("value=\"131072\""), "the maker's limit: {}", form.text());
    assert!(form.text().contains("value=\"http://127.0.0.1:2542\""), "{}", form.text());

    let answer = made(&admin, &[("addresses", "192.0.2.9"), ("trusted", "192.0.2.10")]).await;
    let secret = secret_of(page(&answer));
    let pasted = format!("set password {secret}");
    assert!(answer.text().contains(&pasted), "{}", answer.text());
    assert!(answer.text().contains("https://bl.example:2542/feeds/default/fortigate"), "{}", answer.text());
    assert_eq!(answer.header("cache-control"), "private, no-store");

    let kept = desk.store.consumer(&"FW-3".parse().unwrap()).unwrap();
    assert_eq!((kept.settings.vendor, kept.settings.cap), (Vendor::Fortigate, Some(131_072)));
    let addresses: Vec<_> = kept.addresses.iter().map(|it| (it.prefix.to_string(), it.trusted)).collect();
    assert_eq!(addresses, [("192.0.2.9".to_owned(), false), ("192.0.2.10".to_owned(), true)]);
    for path in ["/devices", "/devices/FW-3", "/devices?format=csv"] {
        assert!(!page(&admin.get(path).await).contains(&secret), "{path}");
    }

    // The secret is a good one.
    desk.rig.app.go_live(publication(1, PREFIXES)).await;
    let basic = base64_of(&format!("FW-3:{secret}"));
    let read = desk.rig.ask("GET", "/feeds/default/fortigate", &[("authorization", &basic)]).await;
    assert_eq!(read.status, 200, "{read:?}");
}

fn base64_of(text: &str) -> String {
    use base64::Engine;
    format!("Basic {}", base64::engine::general_purpose::STANDARD.encode(text))
}

#[tokio::test]
async fn what_is_wrong_stands_at_its_field_and_what_was_typed_is_kept() {
    let desk = Desk::new();
    let admin = desk.signed_in(Role::Admin);
    for (field, value, says) in [
        ("name", "a b", "name-wrong"),
        ("name", "feeds", "name-wrong"),
        ("cap", "many", "cap-wrong"),
        ("addresses", "192.0.2.300", "addresses-wrong"),
        ("server", "https://a\"; rm", "server-wrong"),
    ] {
        let mut fields: Vec<_> = NEW.into_iter().filter(|(name, _)| *name != field).collect();
        fields.extend([(field, value), ("note", "rack <b>7</b>")]);
        let answer = admin.post("/devices/new", &fields).await;
        assert_eq!(answer.status, 422, "{field}={value}");
        assert!(answer.text().contains(says), "{field}={value}: {}", answer.text());
        assert!(answer.text().contains("rack &#60;b&#62;7&#60;/b&#62;"), "{}", answer.text());
    }
    assert!(desk.store.consumers().unwrap().is_empty());
    made(&admin, &[]).await;
    assert_eq!(made(&admin, &[]).await.status, 409, "a second press makes nothing");
    assert_eq!(desk.store.consumers().unwrap().len(), 1);
}

#[tokio::test]
async fn the_list_shows_who_lags_first_is_searched_and_is_a_file() {
    let desk = Desk::new();
    let viewer = desk.signed_in(Role::Viewer);
    assert!(page(&viewer.get("/devices").await).contains("등록한 장비가 없습니다"));
    device(&desk, "zz-late", Vendor::Nftables);
    device(&desk, "aa-new", Vendor::PaloAlto);
    pull(&desk, 1, "=cmd()<script>");
    let list = viewer.get("/devices").await;
    assert!(page(&list).contains("/publications/1"), "{}", list.text());
    assert!(list.text().contains("=cmd()&#60;script&#62;") && !list.text().contains("cmd()<script>"));
    assert!(!list.text().contains("/devices/new"), "a viewer adds none");
    for (wanted, hits) in [("LATE", 1), ("pan-os", 1), ("192.0.2.9", 1), ("nobody", 0), ("", 2)] {
        let answer = viewer.get(&format!("/devices?q={wanted}&format=csv")).await;
        assert_eq!(page(&answer).lines().count(), hits + 1, "{wanted}");
    }
    let file = viewer.get("/devices?format=csv").await;
    assert!(file.text().contains("\"'=cmd()<script>\""), "no formula: {}", file.text());

    // A day later the one that reads no more stands above the one that is switched off.
    desk.later(26 * 3_600);
    let off = store::ConsumerChange { enabled: Some(false), ..store::ConsumerChange::default() };
    desk.store.set_consumer(&"aa-new".parse().unwrap(), &off, &SETUP).unwrap();
    let list = viewer.get("/devices").await;
    let at = |name: &str| page(&list).find(&format!("href=\"/devices/{name}\"")).unwrap();
    assert!(at("zz-late") < at("aa-new"), "{}", list.text());
    assert!(
        list.text().contains("26시간째 수신 없음") && list.text().contains("사용 중지"),
        "{}",
        list.text()
    );
    let english = english(&viewer, "/devices?sort=name").await;
    let at = |name: &str| page(&english).find(&format!("href=\"/devices/{name}\"")).unwrap();
    assert!(at("aa-new") < at("zz-late") && english.text().contains("silent for 26 h"), "{}", english.text());
}

#[tokio::test]
async fn a_device_shows_what_it_holds_and_its_configuration_without_a_secret() {
    let desk = Desk::new();
    let viewer = desk.signed_in(Role::Viewer);
    device(&desk, "edge", Vendor::Cisco);
    pull(&desk, 7, "FMC");
    let one = viewer.get("/devices/edge?server=https%3A%2F%2Fbl.example").await;
    for part in [
        "/publications/7",
        "4.0 KiB",
        "https://bl.example/t/&#60;비밀키&#62;/feeds/default/plain",
        "200 전송",
    ] {
        assert!(page(&one).contains(part), "{part}: {}", one.text());
    }
    assert!(!one.text().contains("/devices/edge/remove"), "a viewer removes none");
    // What cannot be pasted is not taken for the server's address.
    let one = viewer.get("/devices/edge?server=https%3A%2F%2Fa%22%3Bid").await;
    assert!(page(&one).contains("http://127.0.0.1:2542/t/"), "{}", one.text());
    assert_eq!(viewer.get("/devices/nobody").await.status, 404);
}

#[tokio::test]
async fn settings_and_addresses_are_changed_and_refused_with_a_reason() {
    let desk = Desk::new();
    let admin = desk.signed_in(Role::Admin);
    device(&desk, "edge", Vendor::Generic);
    device(&desk, "other", Vendor::Generic);
    let kept = || desk.store.consumer(&"edge".parse().unwrap()).unwrap();
    let fields = [("vendor", "haproxy"), ("cap", "500"), ("note", "전산센터"), ("model", "")];
    let done = admin.post("/devices/edge", &fields).await;
    assert_eq!(done.header("location"), "/devices/edge?done=changed", "{}", done.text());
    let settings = kept().settings;
    assert_eq!((settings.vendor, settings.cap, settings.model), (Vendor::Haproxy, Some(500), None));
    // A field that is emptied goes back; what is not sent stays.
    admin.post("/devices/edge", &[("cap", "")]).await;
    assert_eq!((kept().settings.cap, kept().settings.note.as_deref()), (None, Some("전산센터")));
    for (fields, status) in [(("cap", "x"), 422), (("feed", "nosuch"), 400)] {
        let refused = admin.post("/devices/edge", &[fields]).await;
        assert_eq!(refused.status, status, "{fields:?}: {}", refused.text());
    }

    let done = admin.post("/devices/edge/addresses", &[("trusted", "192.0.2.8/30\n2001:db8::1")]).await;
    assert_eq!(done.header("location"), "/devices/edge?done=addresses", "{}", done.text());
    assert_eq!(kept().addresses.len(), 2);
    let taken = admin.post("/devices/other/addresses", &[("trusted", "192.0.2.8/30")]).await;
    assert_eq!(taken.status, 409, "{}", taken.text());
    assert!(taken.text().contains("192.0.2.8/30</textarea>"), "what was typed stays: {}", taken.text());
}

#[tokio::test]
async fn a_secret_is_followed_by_another_and_revoked_after_a_question() {
    let desk = Desk::new();
    let admin = desk.signed_in(Role::Admin);
    let first = secret_of(page(&made(&admin, &[]).await));
    let fields = [("days", "3"), ("server", "https://bl.example")];
    let answer = admin.post("/devices/FW-3/secret", &fields).await;
    let second = secret_of(page(&answer));
    assert_ne!(first, second);
    assert!(answer.text().contains(&format!("set password {second}")), "{}", answer.text());
    let secrets = || desk.store.consumer(&"FW-3".parse().unwrap()).unwrap().secrets;
    assert_eq!(secrets().len(), 2, "the old one stays for three days");
    let one = admin.get("/devices/FW-3").await;
    for known in secrets() {
        assert!(page(&one).contains(&known.hint), "{}", one.text());
    }
    assert!(!one.text().contains(&first) && !one.text().contains(&second));
    assert_eq!(admin.post("/devices/FW-3/secret", &[("days", "x")]).await.status, 400);

    let path = "/devices/FW-3/secret/revoke";
    let asked = admin.post(path, &[("which", "old")]).await;
    assert!(page(&asked).contains("이전 비밀키를 바로 폐기합니다"), "{}", asked.text());
    assert_eq!(secrets().len(), 2, "only asked");
    let done = admin.post(path, &[("which", "old"), ("confirmed", "yes")]).await;
    assert_eq!(done.header("location"), "/devices/FW-3?done=revoked", "{}", done.text());
    assert_eq!(secrets().len(), 1);
    admin.post(path, &[("which", "all"), ("confirmed", "yes")]).await;
    assert!(secrets().is_empty());
}

#[tokio::test]
async fn a_device_is_switched_off_and_removed_after_a_question() {
    let desk = Desk::new();
    let admin = desk.signed_in(Role::Admin);
    device(&desk, "edge", Vendor::PaloAlto);
    let enabled = || desk.store.consumer(&"edge".parse().unwrap()).unwrap().enabled;
    let asked = admin.post("/devices/edge/enable", &[("enabled", "no")]).await;
    assert!(page(&asked).contains("PAN-OS") && enabled(), "{}", asked.text());
    let sure = [("enabled", "no"), ("confirmed", "yes")];
    let done = admin.post("/devices/edge/enable", &sure).await;
    assert_eq!(done.header("location"), "/devices/edge?done=disabled");
    assert!(!enabled());
    admin.post("/devices/edge/enable", &[("enabled", "yes")]).await;
    assert!(enabled());
    assert!(page(&admin.get("/devices/edge/remove").await).contains("수신 기록은 남습니다"));
    let gone = admin.post("/devices/edge/remove", &[]).await;
    assert_eq!(gone.header("location"), "/devices?done=removed");
    assert!(desk.store.consumers().unwrap().is_empty());
}

#[tokio::test]
async fn feeds_are_shown_with_their_readers_made_changed_and_removed() {
    let desk = Desk::new();
    let admin = desk.signed_in(Role::Admin);
    desk.rig.app.go_live(publication(1, PREFIXES)).await;
    let list = admin.get("/devices/feeds").await;
    assert!(page(&list).contains("게시본 전체"), "{}", list.text());
    let fields = [("name", "perimeter"), ("family", "4"), ("cap", "50000"), ("sources", "")];
    let done = admin.post("/devices/feeds/new", &fields).await;
    assert_eq!(done.header("location"), "/devices/feeds/perimeter?done=feed-added", "{}", done.text());
    let settings = || desk.store.feed(&"perimeter".parse().unwrap()).unwrap().settings;
    assert_eq!(settings().cap, Some(50_000));
    assert!(settings().filter.family.is_some());
    for (name, status) in [("perimeter", 409), ("new", 422), ("A B", 422)] {
        assert_eq!(admin.post("/devices/feeds/new", &[("name", name)]).await.status, status, "{name}");
    }

    made(&admin, &[("feed", "perimeter")]).await;
    let list = admin.get("/devices/feeds").await;
    assert!(page(&list).contains("family=4 cap=50000"), "{}", list.text());
    let one = admin.get("/devices/feeds/perimeter").await;
    for part in ["href=\"/devices/FW-3\"", "http://127.0.0.1:2542/feeds/perimeter/nftables", "131,072건"] {
        assert!(page(&one).contains(part), "{part}: {}", one.text());
    }

    let path = "/devices/feeds/perimeter";
    let done = admin.post(path, &[("cap", ""), ("merge", "on")]).await;
    assert_eq!(done.header("location"), "/devices/feeds/perimeter?done=changed", "{}", done.text());
    assert_eq!((settings().cap, settings().merge), (None, true));
    assert!(settings().filter.family.is_some(), "what is not sent stays");
    let family = admin.post(path, &[("family", "off")]).await;
    assert_eq!(family.status, 303, "{}", family.text());
    assert_eq!(settings(), FeedSettings { merge: true, ..FeedSettings::default() });
    assert_eq!(admin.post(path, &[("min_confidence", "101")]).await.status, 422);

    assert!(page(&admin.get("/devices/feeds/perimeter/remove").await).contains("404"));
    let read = admin.post("/devices/feeds/perimeter/remove", &[]).await;
    assert_eq!(read.status, 409, "FW-3 is limited to it: {}", read.text());
    admin.post("/devices/FW-3/remove", &[]).await;
    let gone = admin.post("/devices/feeds/perimeter/remove", &[]).await;
    assert_eq!(gone.header("location"), "/devices/feeds?done=feed-removed", "{}", gone.text());
    assert_eq!(admin.post("/devices/feeds/default/remove", &[]).await.status, 409);
}

#[tokio::test]
async fn the_entries_of_a_feed_are_counted_when_somebody_read_it() {
    let desk = Desk::new();
    let viewer = desk.signed_in(Role::Viewer);
    let only_v4 = |feed: &mut FeedSettings| blocklist::feed::set(feed, "family", "4").unwrap();
    let mut settings = FeedSettings::default();
    only_v4(&mut settings);
    desk.store.add_feed(&"v4".parse().unwrap(), &settings, &SETUP).unwrap();
    device(&desk, "reader", Vendor::Generic);
    let name = "reader".parse().unwrap();
    let new = desk.store.new_secret(&name, [7; 32], std::time::Duration::ZERO, &SETUP).unwrap();
    desk.rig.app.go_live(publication(1, PREFIXES)).await;
    let count = |answer: &Answer| {
        let facts = page(answer).split("지금 항목 수</dt><dd>").nth(1).unwrap();
        facts.split("</dd>").next().unwrap().to_owned()
    };
    assert_eq!(count(&viewer.get("/devices/feeds/default").await), "3");
    assert!(count(&viewer.get("/devices/feeds/v4").await).contains("세지 않았습니다"));
    let bearer = format!("Bearer {}", secrecy::ExposeSecret::expose_secret(&new.secret));
    let read = desk.rig.ask("GET", "/feeds/v4/plain", &[("authorization", &bearer)]).await;
    assert_eq!(read.status, 200, "{read:?}");
    assert_eq!(count(&viewer.get("/devices/feeds/v4").await), "2");
}

#[tokio::test]
async fn only_an_admin_changes_anything() {
    let desk = Desk::new();
    device(&desk, "edge", Vendor::Generic);
    for role in [Role::Viewer, Role::Operator] {
        let browser = desk.signed_in(role);
        for path in ["/devices", "/devices/edge", "/devices/feeds", "/devices/feeds/default"] {
            let answer = browser.get(path).await;
            assert!(!page(&answer).contains("action=\"/devices/edge/"), "{path}");
        }
        for path in ["/devices/new", "/devices/feeds/new", "/devices/edge/remove"] {
            assert_eq!(browser.get(path).await.status, 403, "{path}");
        }
        for path in [
            "/devices/new",
            "/devices/edge",
            "/devices/edge/addresses",
            "/devices/edge/enable",
            "/devices/edge/secret",
            "/devices/edge/secret/revoke",
            "/devices/edge/remove",
            "/devices/feeds/new",
            "/devices/feeds/default",
            "/devices/feeds/default/remove",
        ] {
            assert_eq!(browser.post(path, &NEW).await.status, 403, "{path}");
        }
    }
    let kept = desk.store.consumers().unwrap();
    assert!(kept.len() == 1 && kept[0].secrets.is_empty() && kept[0].enabled);
    // Without the token of a page of this session nothing is changed, not even by an admin.
    let admin = desk.signed_in(Role::Admin);
    let bare = Request::post("/devices/edge/remove")
        .header("accept", "text/html")
        .header("sec-fetch-site", "same-origin")
        .header("content-type", "application/x-www-form-urlencoded");
    assert_eq!(admin.send(bare, Body::empty()).await.status, 403);
}
