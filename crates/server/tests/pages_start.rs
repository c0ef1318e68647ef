//! The first steps of a new house: one page a step, each done when what it makes is there.

#![allow(clippy::unwrap_used, clippy::panic, reason = "tests")]

mod support;

use std::time::Duration;

use portal_sim::Portal;
use store::{OwnKind, Role};
use support::Answer;
use support::accounts::{Browser, Desk, PASSWORD, SETUP, english, passwords, set_cookie};
use support::portal::{self, Bench};

const STEPS: [&str; 5] = ["/start/view", "/start/own", "/start/source", "/start/device", "/start/done"];

fn page(answer: &Answer) -> &str {
    assert_eq!(answer.status, 200, "{answer:?}");
    answer.text()
}

/// How many steps of the line are done.
fn done(page: &str) -> usize {
    page.matches("<li class=\"done\">").count()
}

fn firm(desk: &Desk) -> Vec<String> {
    let own = desk.store.own_networks().unwrap();
    own.into_iter().filter(|row| row.kind == OwnKind::Firm).map(|row| row.prefix.to_string()).collect()
}

/// An admin with a password that somebody else set, who has signed in with it.
async fn newcomer(desk: &Desk, name: &str) -> Browser {
    let password = passwords().hash_now(&PASSWORD.into(), &collect::random::SystemRandom).unwrap();
    desk.store.add_user(&name.parse().unwrap(), Role::Admin, &password, true, None, &SETUP).unwrap();
    let typed = serde_json::json!({"name": name, "password": PASSWORD});
    let entered = desk.rig.write("POST", "/api/v1/session", &typed).await;
    desk.rig.browser(&set_cookie(&entered).unwrap())
}

async fn first_password(browser: &Browser) -> String {
    let new = "river lamp nine badger";
    let set = browser.post("/password", &[("current", PASSWORD), ("new", new), ("again", new)]).await;
    set.header("location").to_owned()
}

#[tokio::test]
async fn the_first_password_of_an_admin_leads_to_the_first_step() {
    let desk = Desk::new();
    let admin = newcomer(&desk, "first").await;
    assert_eq!(first_password(&admin).await, "/start");
    assert_eq!(admin.get("/start").await.header("location"), "/start/view");
    // The house is left alone from then on.
    let left = admin.post("/start/leave", &[]).await;
    assert_eq!(left.header("location"), "/", "{left:?}");
    assert!(desk.store.first_steps_left().unwrap());
    let second = newcomer(&desk, "second").await;
    assert_eq!(first_password(&second).await, "/");
    assert_eq!(admin.get("/start").await.status, 303, "and it can be opened all the same");
    let audit = admin.get("/logs/audit?action=first_steps.leave").await;
    assert!(page(&audit).contains("처음 설정 그만두기"), "{}", audit.text());
}

#[tokio::test]
async fn each_step_is_a_page_in_both_languages_that_leads_on_without_being_done() {
    let desk = Desk::new();
    let admin = desk.signed_in(Role::Admin);
    for (place, path) in STEPS.iter().enumerate() {
        let shown = admin.get(path).await;
        assert!(page(&shown).contains(&format!("5단계 중 {}단계", place + 1)), "{path}: {}", shown.text());
        assert!(shown.text().contains("aria-current=\"step\""), "{path}");
        assert_eq!(done(shown.text()), 0, "{path}");
        let next = STEPS.get(place + 1).copied().unwrap_or("/");
        assert!(shown.text().contains(&format!("class=\"button\" href=\"{next}\"")) || next == "/", "{path}");
        let shown = english(&admin, path).await;
        assert!(page(&shown).contains(&format!("Step {} of 5", place + 1)), "{path}: {}", shown.text());
    }
}

#[tokio::test]
async fn nobody_but_an_admin_sees_them() {
    let desk = Desk::new();
    for role in [Role::Viewer, Role::Operator] {
        let browser = desk.signed_in(role);
        for path in STEPS.iter().chain(&["/start"]) {
            assert_eq!(browser.get(path).await.status, 403, "{role} {path}");
        }
        for path in ["/start/view", "/start/own", "/start/source", "/start/device", "/start/leave"] {
            assert_eq!(browser.post(path, &[]).await.status, 403, "{role} {path}");
        }
        assert!(!browser.get("/settings").await.text().contains("\"/start\""), "{role}");
    }
    assert!(!desk.store.first_steps_left().unwrap());
}

#[tokio::test]
async fn language_clock_and_theme_are_kept_with_the_account() {
    let desk = Desk::new();
    let admin = desk.signed_in(Role::Admin);
    let kept = admin.post("/start/view", &[("language", "en"), ("zone", "utc"), ("theme", "light")]).await;
    assert_eq!(kept.header("location"), "/start/own", "{kept:?}");
    let user = desk.store.user(&"admin".parse().unwrap()).unwrap().unwrap();
    assert_eq!(user.preferences, serde_json::json!({"language": "en", "zone": "utc", "theme": "light"}));
    let shown = admin.get("/start/view").await;
    assert!(page(&shown).contains("value=\"utc\" checked"), "{}", shown.text());
    assert_eq!(done(shown.text()), 1);
    assert_eq!(admin.get("/start").await.header("location"), "/start/own");
}

#[tokio::test]
async fn own_networks_are_proposed_and_only_those_ticked_or_typed_are_kept() {
    let desk = Desk::new();
    desk.store.put_server_addresses(&["45.9.20.1".parse().unwrap()]).unwrap();
    let admin = desk.signed_in(Role::Admin);
    let shown = admin.get("/start/own").await;
    for part in ["value=\"10.0.0.0/8\" checked", "value=\"45.9.20.0/24\"><code>", "절대 게시하지 않습니다"]
    {
        assert!(page(&shown).contains(part), "{part} in {}", shown.text());
    }
    let wrong = admin.post("/start/own", &[("pick", "10.0.0.0/8"), ("more", "<b>nothing")]).await;
    assert_eq!(wrong.status, 422);
    assert!(wrong.text().contains("id=\"more-wrong\"") && !wrong.text().contains("<b>nothing"));
    assert!(wrong.text().contains("value=\"192.168.0.0/16\"><code>"), "what was not ticked stays so");
    assert_eq!(admin.post("/start/own", &[("more", "0.0.0.0/1")]).await.status, 422);
    assert!(firm(&desk).is_empty());
    let fields = [("pick", "10.0.0.0/8"), ("pick", "fc00::/7"), ("more", "9.4.0.0/24\r\n9.5.0.0-9.5.0.1")];
    let kept = admin.post("/start/own", &fields).await;
    assert_eq!(kept.header("location"), "/start/source", "{}", kept.text());
    assert_eq!(firm(&desk), ["9.4.0.0/24", "9.5.0.0/31", "10.0.0.0/8", "fc00::/7"]);
    // Again with one that is there already.
    let kept = admin.post("/start/own", &[("pick", "10.0.0.0/8"), ("pick", "192.168.0.0/16")]).await;
    assert_eq!(kept.header("location"), "/start/source", "{}", kept.text());
    assert_eq!(firm(&desk).len(), 5);
    assert_eq!(done(admin.get("/start/own").await.text()), 1);
}

#[tokio::test]
async fn a_device_ends_in_what_is_pasted_with_its_secret() {
    let desk = Desk::new();
    let admin = desk.signed_in(Role::Admin);
    let makes = admin.get("/start/device").await;
    assert!(page(&makes).contains("/start/device?vendor=fortigate"), "{}", makes.text());
    let form = admin.get("/start/device?vendor=fortigate").await;
    assert!(page(&form).contains("value=\"http://127.0.0.1:2542\""), "{}", form.text());
    assert_eq!(admin.get("/start/device?vendor=toaster").await.status, 404);
    let fields = |name, addresses| {
        [("vendor", "fortigate"), ("name", name), ("server", "https://bl.example"), ("addresses", addresses)]
    };
    for (name, addresses, says) in [("a b", "", "name-wrong"), ("FW-1", "nowhere", "addresses-wrong")] {
        let refused = admin.post("/start/device", &fields(name, addresses)).await;
        assert_eq!(refused.status, 422);
        assert!(refused.text().contains(says), "{}", refused.text());
    }
    let made = admin.post("/start/device", &fields("FW-1", "9.4.0.9")).await;
    assert!(page(&made).contains("set password "), "{}", made.text());
    assert!(made.text().contains("https://bl.example/feeds/default/fortigate"), "{}", made.text());
    assert_eq!(made.header("cache-control"), "private, no-store");
    let kept = desk.store.consumer(&"FW-1".parse().unwrap()).unwrap();
    assert_eq!((kept.settings.cap, kept.addresses.len()), (Some(131_072), 1));
    let end = admin.get("/start/done").await;
    assert!(page(&end).contains("FW-1: 아직 받아 간 적이 없습니다"), "{}", end.text());
    let twice = admin.post("/start/device", &fields("FW-1", "")).await;
    assert_eq!(twice.status, 409, "{twice:?}");
}

/// What the page of the source shows when its run has ended.
async fn ended(admin: &Browser) -> Answer {
    for _ in 0..2_000 {
        let shown = admin.get("/start/source?name=regtech").await;
        if page(&shown).contains("href=\"/runs/") && !shown.text().contains("<progress") {
            return shown;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("the run does not end");
}

#[tokio::test]
async fn a_portal_is_added_with_its_credential_run_at_once_and_run_again_with_a_better_one() {
    let bench = Bench::new().await;
    let admin = bench.rig.signed_in(Role::Admin);
    let choice = admin.get("/start/source").await;
    for part in ["pick=regtech", "pick=secudium", "pick=public", "pick=directory"] {
        assert!(page(&choice).contains(part), "{part}");
    }
    let url = bench.sim.url(Portal::Regtech);
    let fields = |secret| {
        [
            ("pick", "regtech"),
            ("name", "regtech"),
            ("url", url.as_str()),
            ("username", portal::NAME),
            ("secret", secret),
        ]
    };
    let form = admin.get("/start/source?pick=regtech").await;
    assert!(page(&form).contains("type=\"password\""), "{}", form.text());
    let begun = admin.post("/start/source", &fields("wrong-secret")).await;
    assert!(!begun.text().contains("wrong-secret"), "a secret is never sent back");
    let shown = ended(&admin).await;
    assert!(shown.text().contains("name=\"act\" value=\"credential\""), "{}", shown.text());
    assert_eq!(done(shown.text()), 0, "a source that cannot be read is not done");
    let again = [
        ("name", "regtech"),
        ("act", "credential"),
        ("username", portal::NAME),
        ("secret", portal::PASSWORD),
    ];
    let begun = admin.post("/start/source/again", &again).await;
    assert_eq!(begun.header("location"), "/start/source?name=regtech", "{}", begun.text());
    for _ in 0..2_000 {
        if ended(&admin).await.text().contains("행 받음") {
            break;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    let shown = ended(&admin).await;
    assert_eq!(done(shown.text()), 1);
    assert!(shown.text().contains("행 받음") && !shown.text().contains("value=\"credential\""));
    assert!(shown.text().contains("class=\"button main\" href=\"/start/device\""), "{}", shown.text());
    let end = admin.get("/start/done").await;
    assert!(page(&end).contains("regtech: 등재 "), "{}", end.text());
    let twice = admin.post("/start/source", &fields("x")).await;
    assert_eq!(twice.status, 409);
}

#[tokio::test]
async fn a_public_list_shows_its_terms_and_a_folder_asks_for_its_path() {
    let bench = Bench::new().await;
    let admin = bench.rig.signed_in(Role::Admin);
    let lists = admin.get("/start/source?pick=public").await;
    for known in collect::catalogue::TEMPLATES {
        assert!(page(&lists).contains(&format!("template={}", known.id)), "{}", known.id);
    }
    let form = admin.get("/start/source?template=spamhaus-drop-v4").await;
    assert!(page(&form).contains("Spamhaus를 출처로 밝히고"), "{}", form.text());
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join("list.txt"), "9.4.0.1\n9.4.0.2\n").unwrap();
    let path = dir.path().display().to_string();
    let nothing = admin.post("/start/source", &[("pick", "directory"), ("name", "files")]).await;
    assert_eq!(nothing.status, 400, "{}", nothing.text());
    let added =
        admin.post("/start/source", &[("pick", "directory"), ("name", "files"), ("path", &path)]).await;
    assert_eq!(added.header("location"), "/start/source?name=files", "{}", added.text());
    let source = bench.store.source_config(&"files".parse().unwrap()).unwrap().unwrap();
    assert!(source.kind == "directory" && source.settings.contains(&path), "{source:?}");
    assert_eq!(admin.post("/start/source", &[("pick", "toaster"), ("name", "x")]).await.status, 404);
}
