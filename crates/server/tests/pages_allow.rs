//! The pages of what must never be served, on a real store.

#![allow(clippy::unwrap_used, reason = "tests")]

mod support;

use blocklist::{Batch, Details, Mode, Record, Time};
use store::{Import, Role, Store, Trigger};
use support::accounts::{Browser, Desk};
use support::{Answer, PUBLISHED};

/// Two hosts are published.
fn published() -> Desk {
    let desk = Desk::new();
    import(&desk.store, &["9.4.0.1", "9.4.0.2"]);
    desk
}

fn import(store: &Store, hosts: &[&str]) {
    let mut batch = Batch::default();
    let details = batch.details.intern(Details::default());
    for host in hosts {
        batch.accept(false);
        batch.records.push(Record { prefix: host.parse().unwrap(), details, detected: None, until: None });
    }
    let import = Import {
        source: &"feed".parse().unwrap(),
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
    store.import(&import).unwrap();
}

fn page(answer: &Answer) -> &str {
    assert_eq!(answer.status, 200, "{answer:?}");
    answer.text()
}

async fn add(browser: &Browser, fields: &[(&str, &str)]) -> Answer {
    let sure: Vec<_> = fields.iter().copied().chain([("confirmed", "yes")]).collect();
    browser.post("/allow/new", &sure).await
}

#[tokio::test]
async fn an_entry_is_shown_with_what_it_does_before_it_is_made() {
    let desk = published();
    let operator = desk.signed_in(Role::Operator);
    let fields = [("prefix", "9.4.0.0/31"), ("reason", "partner"), ("until", "2026-12-31")];
    let shown = operator.post("/allow/new", &fields).await;
    assert!(page(&shown).contains("차단 목록에서 1건이 빠집니다"), "{}", shown.text());
    assert!(desk.store.allow_entries(true, None, 9).unwrap().is_empty(), "only shown");
    let done = add(&operator, &fields).await;
    assert_eq!(done.header("location"), "/allow?done=added", "{}", done.text());
    let entry = &desk.store.allow_entries(true, None, 9).unwrap()[0];
    assert_eq!((entry.reason.as_str(), entry.created_by.as_str()), ("partner", "operator"));
    // The whole day counts, as it does in Seoul.
    assert_eq!(entry.until.unwrap().to_string(), "2026-12-31T15:00:00Z");
    let list = operator.get("/allow").await;
    assert!(page(&list).contains("9.4.0.0/31"), "{}", list.text());
    let one = operator.get("/allow/1").await;
    assert!(page(&one).contains("href=\"/ip/9.4.0.1\""), "what it keeps out: {}", one.text());
}

#[tokio::test]
async fn what_is_wrong_stands_at_its_field_and_nothing_is_lost() {
    let desk = published();
    let operator = desk.signed_in(Role::Operator);
    for (fields, says) in [
        (&[("prefix", "9.4.0.300"), ("reason", "x")][..], "IP나 대역이 아닙니다"),
        (&[("prefix", "9.4.0.1"), ("reason", "")], "1~500자"),
        (&[("prefix", "9.4.0.1"), ("reason", "x"), ("until", "tomorrow")], "2026-12-31처럼"),
        (&[("prefix", "9.4.0.1"), ("reason", "x"), ("until", "2020-01-01")], "이미 지난"),
        (&[("prefix", "0.0.0.0/0"), ("reason", "x")], "너무 넓은"),
        (&[("prefix", " "), ("reason", "typed <b>once</b>")], "typed &#60;b&#62;once"),
    ] {
        let answer = add(&operator, fields).await;
        assert_eq!(answer.status, 422, "{fields:?}");
        assert!(answer.text().contains(says), "{fields:?}: {}", answer.text());
    }
    assert!(desk.store.allow_entries(true, None, 9).unwrap().is_empty());
}

#[tokio::test]
async fn the_list_is_searched_by_address_and_by_words_and_is_a_file() {
    let desk = published();
    let operator = desk.signed_in(Role::Operator);
    add(&operator, &[("prefix", "9.4.0.0/24"), ("reason", "=partner()"), ("owner", "Lee")]).await;
    add(&operator, &[("prefix", "8.8.4.4"), ("reason", "resolver")]).await;
    for (wanted, hits) in [("9.4.0.7", 1), ("LEE", 1), ("resolver", 1), ("nobody", 0), ("", 2)] {
        let answer = operator.get(&format!("/allow?q={wanted}&format=csv")).await;
        assert_eq!(answer.text().lines().count(), hits + 1, "{wanted}");
    }
    let file = operator.get("/allow?format=csv").await;
    assert!(file.text().contains("\"'=partner()\""), "no formula: {}", file.text());
}

#[tokio::test]
async fn an_entry_is_changed_and_taken_back() {
    let desk = published();
    let operator = desk.signed_in(Role::Operator);
    add(&operator, &[("prefix", "9.4.0.1"), ("reason", "first")]).await;
    let done = operator.post("/allow/1", &[("reason", "second"), ("ticket", "T-7")]).await;
    assert_eq!(done.header("location"), "/allow/1?done=changed");
    let entry = desk.store.allow_entries(true, None, 9).unwrap().remove(0);
    assert_eq!((entry.reason.as_str(), entry.ticket.as_deref()), ("second", Some("T-7")));
    let shown = operator.post("/allow/1/remove", &[]).await;
    assert!(page(&shown).contains("차단 목록에 1건이 들어갑니다"), "{}", shown.text());
    let done = operator.post("/allow/1/remove", &[("confirmed", "yes")]).await;
    assert_eq!(done.header("location"), "/allow?done=removed");
    assert!(desk.store.allow_entries(false, None, 9).unwrap().is_empty());
}

#[tokio::test]
async fn own_networks_are_an_admins() {
    let desk = published();
    let (operator, admin) = (desk.signed_in(Role::Operator), desk.signed_in(Role::Admin));
    assert!(!page(&operator.get("/allow/own").await).contains("name=\"prefix\""));
    assert_eq!(operator.post("/allow/own", &[("prefix", "9.4.0.0/24")]).await.status, 403);
    let fields = [("prefix", "9.4.0.0/24\n10.0.0.0/8"), ("note", "head office")];
    let shown = admin.post("/allow/own", &fields).await;
    assert!(page(&shown).contains("차단 목록에서"), "{}", shown.text());
    let sure = [fields[0], fields[1], ("confirmed", "yes")];
    assert_eq!(admin.post("/allow/own", &sure).await.header("location"), "/allow/own?done=added");
    let list = admin.get("/allow/own").await;
    assert!(page(&list).contains("head office") && list.text().contains("10.0.0.0/8"), "{}", list.text());
    let gone = admin.post("/allow/own/remove", &[("prefix", "10.0.0.0/8"), ("confirmed", "yes")]).await;
    assert_eq!(gone.header("location"), "/allow/own?done=removed-own");
    assert_eq!(desk.store.own_networks().unwrap().len(), 1);
}

#[tokio::test]
async fn a_known_good_list_is_switched_by_an_admin() {
    let desk = published();
    let new = store::NewKnownGood {
        name: "resolvers",
        description: Some("open resolvers"),
        version: None,
        prefixes: &["9.4.0.1".parse().unwrap()],
        passed_over: 0,
    };
    desk.store.load_known_good(&new, &support::accounts::SETUP).unwrap();
    let admin = desk.signed_in(Role::Admin);
    assert!(page(&admin.get("/allow/known-good").await).contains("open resolvers"));
    let path = "/allow/known-good/resolvers";
    let shown = admin.post(path, &[("enabled", "no")]).await;
    assert!(page(&shown).contains("1건이 들어갑니다"), "{}", shown.text());
    let done = admin.post(path, &[("enabled", "no"), ("confirmed", "yes")]).await;
    assert_eq!(done.header("location"), "/allow/known-good?done=disabled");
    assert!(!desk.store.known_good_list("resolvers").unwrap().unwrap().enabled);
}
