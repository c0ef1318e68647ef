//! The pages of publications and of what is held, on a real store.

#![allow(clippy::unwrap_used, reason = "tests")]

mod support;

use std::sync::Arc;

use blocklist::{Batch, Details, Mode, Record, Time};
use store::{HeldState, Import, Published, Role, Store, Trigger};
use support::accounts::Desk;
use support::{Answer, PUBLISHED};

/// Imports hosts as the whole list of a source.
fn import(store: &Store, count: usize) -> Published {
    let mut batch = Batch::default();
    let details = batch.details.intern(Details::default());
    for n in 0..count {
        let prefix = format!("9.4.{}.{}", n / 256, n % 256).parse().unwrap();
        batch.accept(false);
        batch.records.push(Record { prefix, details, detected: None, until: None });
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
    store.import(&import).unwrap().published
}

fn published() -> (Desk, Arc<Store>) {
    let desk = Desk::new();
    let store = Arc::clone(&desk.store);
    assert!(matches!(import(&store, 300), Published::New(_)));
    (desk, store)
}

fn held() -> (Desk, Arc<Store>) {
    let (desk, store) = published();
    assert!(matches!(import(&store, 10), Published::Held { .. }));
    (desk, store)
}

fn page(answer: &Answer) -> &str {
    assert_eq!(answer.status, 200, "{answer:?}");
    assert!(answer.header("content-security-policy").contains("default-src 'none'"));
    answer.text()
}

/// What a form of the page would send as this field.
fn hidden<'a>(page: &'a str, name: &str) -> &'a str {
    let (_, rest) = page.split_once(&format!("name=\"{name}\" value=\"")).unwrap();
    rest.split('"').next().unwrap()
}

#[tokio::test]
async fn without_a_publication_the_page_says_how_one_comes_to_be() {
    let desk = Desk::new();
    let answer = desk.signed_in(Role::Viewer).get("/publications").await;
    assert!(page(&answer).contains("아직 게시본이 없습니다"), "{}", answer.text());
}

#[tokio::test]
async fn the_list_leads_to_each_publication_and_to_what_is_held() {
    let (desk, _) = held();
    let viewer = desk.signed_in(Role::Viewer);
    let list = viewer.get("/publications").await;
    let text = page(&list);
    assert!(text.contains("href=\"/publications/1\"") && text.contains("href=\"/held/1\""), "{text}");
    assert!(text.contains("안전 게이트가 게시를 보류했습니다"), "{text}");
    let one = viewer.get("/publications/1").await;
    assert!(page(&one).contains("300"), "{}", one.text());
    let csv = viewer.get("/publications?format=csv").await;
    assert!(csv.text().starts_with("\u{feff}serial,published_at,entries"), "{}", csv.text());
    assert_eq!(csv.text().lines().count(), 2);
}

#[tokio::test]
async fn the_gates_reasons_are_told_in_the_language_of_the_reader() {
    let (desk, _) = held();
    let operator = desk.signed_in(Role::Operator);
    let korean = operator.get("/held/1").await;
    assert!(page(&korean).contains("보류 사유"), "{}", korean.text());
    let english = support::accounts::english(&operator, "/held/1").await;
    assert!(page(&english).contains("Reasons"), "{}", english.text());
    assert!(!english.text().contains("보류"), "{}", english.text());
}

#[tokio::test]
async fn who_looked_at_the_candidate_approves_it() {
    let (desk, store) = held();
    let operator = desk.signed_in(Role::Operator);
    let shown = operator.get("/held/1").await;
    let candidate = hidden(page(&shown), "candidate").to_owned();
    let done =
        operator.post("/held/1/approve", &[("candidate", &candidate), ("note", "portal cleaned up")]).await;
    assert_eq!((done.status.as_u16(), done.header("location")), (303, "/publications?done=approved"));
    let last = &store.publications(None, 1).unwrap()[0];
    assert_eq!(
        (last.entries, last.by.as_deref(), last.note.as_deref()),
        (10, Some("operator"), Some("portal cleaned up"))
    );
    assert!(page(&operator.get("/publications?done=approved").await).contains("승인했습니다"));
}

#[tokio::test]
async fn a_candidate_that_changed_meanwhile_is_shown_again() {
    let (desk, store) = held();
    let operator = desk.signed_in(Role::Operator);
    let candidate = hidden(page(&operator.get("/held/1").await), "candidate").to_owned();
    import(&store, 9);
    let done = operator.post("/held/1/approve", &[("candidate", &candidate)]).await;
    assert_eq!(done.header("location"), "/held/1?done=changed");
    assert!(page(&operator.get("/held/1?done=changed").await).contains("후보가 바뀌었습니다"));
    assert_eq!(store.publications(None, 1).unwrap()[0].entries, 300);
}

#[tokio::test]
async fn what_is_rejected_is_kept_as_such() {
    let (desk, store) = held();
    let operator = desk.signed_in(Role::Operator);
    let done = operator.post("/held/1/reject", &[("note", "half a list")]).await;
    assert_eq!(done.header("location"), "/publications?done=rejected");
    let row = &store.held(None, 1).unwrap()[0];
    assert_eq!((row.state, row.decided_by.as_deref()), (HeldState::Rejected, Some("operator")));
}

#[tokio::test]
async fn a_rollback_is_shown_before_it_is_done_and_needs_a_reason() {
    let (desk, store) = published();
    assert!(matches!(import(&store, 290), Published::New(_)));
    let operator = desk.signed_in(Role::Operator);
    let form = operator.get("/publications/1/rollback").await;
    assert!(page(&form).contains("10건이 추가되고 0건이 빠집니다"), "{}", form.text());
    let silent = operator.post("/publications/1/rollback", &[("note", " ")]).await;
    assert_eq!(silent.status, 422);
    assert_eq!(store.publications(None, 1).unwrap()[0].serial.0, 2, "nothing was done");
    let done = operator.post("/publications/1/rollback", &[("note", "wrong list")]).await;
    assert_eq!(done.header("location"), "/publications?done=rollback");
    let list = operator.get("/publications").await;
    assert!(page(&list).contains("목록이 고정되어 있습니다"), "{}", list.text());
    let released = operator.post("/publications/release", &[]).await;
    assert_eq!(released.header("location"), "/publications?done=release");
    assert!(store.pinned().unwrap().is_none());
}

#[tokio::test]
async fn a_viewer_sees_no_buttons_and_may_not_press_them() {
    let (desk, store) = held();
    let viewer = desk.signed_in(Role::Viewer);
    let shown = viewer.get("/held/1").await;
    assert!(!page(&shown).contains("/held/1/approve"), "{}", shown.text());
    assert_eq!(viewer.post("/held/1/reject", &[]).await.status, 403);
    assert_eq!(viewer.get("/publications/1/rollback").await.status, 403);
    assert_eq!(store.held(None, 1).unwrap()[0].state, HeldState::Open);
}
