//! Allow entries: what they name is never served, to the second, and every change is published, tried and written down.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests only")]

mod support;

use blocklist::{Mode, Time};
use prefix::Prefix;
use store::{
    Actor, AllowCause, AllowChange, AllowId, AllowRefusal, AllowState, AuditQuery, Error, NewAllow, Published,
};
use support::{Bench, START, batch, plain};

const KIM: Actor<'static> = Actor { address: None, by: "kim", note: Some("asked by phone") };

fn at(text: &str) -> Prefix {
    text.parse().unwrap()
}

fn allow(prefix: &str) -> NewAllow {
    NewAllow::new(at(prefix), "our partner")
}

fn until(prefix: &str, seconds: i64) -> NewAllow {
    NewAllow { until: Some(Time::from_unix(START + seconds)), ..allow(prefix) }
}

/// A store that lists these and allows those.
fn bench(listed: &[&str], allowed: &[NewAllow]) -> Bench {
    let bench = Bench::new();
    bench.import("a", Mode::Full, &plain(listed));
    bench.store.add_allow(allowed, &KIM).unwrap();
    bench
}

fn refusals(result: Result<impl Sized, Error>) -> Vec<AllowRefusal> {
    match result {
        Err(Error::Allow(refusals)) => refusals,
        Err(other) => panic!("{other}"),
        Ok(_) => panic!("taken"),
    }
}

#[test]
fn an_entry_inside_a_listed_prefix_leaves_the_rest_of_it() {
    let bench = bench(&["45.9.20.0/24", "1.1.1.1"], &[allow("45.9.20.128/26")]);
    assert_eq!(bench.feed(), ["1.1.1.1", "45.9.20.0/25", "45.9.20.192/26"]);
}

#[test]
fn an_entry_that_covers_or_equals_a_listing_leaves_nothing_of_it() {
    let bench = bench(&["45.9.20.0/24", "45.9.21.7", "1.1.1.1"], &[allow("45.9.20.0/23"), allow("1.1.1.1")]);
    assert!(bench.feed().iter().all(|prefix| !prefix.starts_with("45.9.")), "{:?}", bench.feed());
}

#[test]
fn ipv6_is_cut_as_ipv4_is() {
    let bench = bench(&["2a00:1:2::/47", "1.1.1.1"], &[allow("2a00:1:3::/48")]);
    assert_eq!(bench.feed(), ["1.1.1.1", "2a00:1:2::/48"]);
}

#[test]
fn an_entry_ends_at_its_second_and_what_it_held_back_is_served_again() {
    let bench = bench(&["1.1.1.1", "2.2.2.2"], &[until("2.2.2.2", 100)]);
    assert_eq!(bench.feed(), ["1.1.1.1"]);
    assert_eq!(bench.store.next_event().unwrap(), Some(Time::from_unix(START + 100)));
    bench.at(99);
    assert!(matches!(bench.store.publish_ended().unwrap(), Published::Same(_)));
    assert_eq!(bench.feed(), ["1.1.1.1"]);
    bench.at(100);
    assert!(matches!(bench.store.publish_ended().unwrap(), Published::New(_)));
    assert_eq!(bench.feed(), ["1.1.1.1", "2.2.2.2"]);
    assert!(bench.store.allow_entries(false, None, 10).unwrap().is_empty());
    assert_eq!(bench.store.allow_entries(true, None, 10).unwrap()[0].state, AllowState::Ended);
}

#[test]
fn an_entry_that_is_removed_lets_its_listing_be_served_again() {
    let bench = bench(&["1.1.1.1", "2.2.2.2"], &[allow("2.2.2.2")]);
    let (row, _) = bench.store.remove_allow(AllowId(1), &KIM).unwrap();
    assert_eq!((row.state, row.removed_by.as_deref()), (AllowState::Removed, Some("kim")));
    assert_eq!(bench.feed(), ["1.1.1.1", "2.2.2.2"]);
    assert!(matches!(bench.store.remove_allow(AllowId(1), &KIM), Err(Error::NoAllow(AllowId(1)))));
    assert!(matches!(
        bench.store.set_allow(AllowId(1), &AllowChange::default(), &KIM),
        Err(Error::NoAllow(_))
    ));
}

#[test]
fn a_listing_that_comes_later_is_cut_as_well() {
    let bench = bench(&["1.1.1.1"], &[allow("2.2.2.0/25")]);
    bench.import("b", Mode::Full, &plain(&["2.2.2.0/24"]));
    assert_eq!(bench.feed(), ["1.1.1.1", "2.2.2.128/25"]);
}

#[test]
fn one_bad_entry_of_many_is_named_and_none_is_taken() {
    let bench = bench(&["1.1.1.1", "2.2.2.2", "3.3.3.3"], &[allow("2.2.2.2")]);
    let long = "x".repeat(501);
    let given = [
        allow("3.3.3.3"),
        allow("2.2.2.2"),
        allow("3.3.3.3"),
        allow("0.0.0.0/0"),
        until("4.4.4.4", 0),
        NewAllow::new(at("5.5.5.5"), " "),
        NewAllow::new(at("6.6.6.6"), long),
        NewAllow { owner: Some("a\nb".into()), ..allow("7.7.7.7") },
        NewAllow { ticket: Some("x".repeat(201)), ..allow("8.8.8.8") },
        NewAllow { remind_days: Some(3651), ..allow("8.8.4.4") },
    ];
    let refused = refusals(bench.store.add_allow(&given, &KIM));
    let found: Vec<(usize, AllowCause)> = refused.iter().map(|one| (one.at, one.cause)).collect();
    assert_eq!(
        found,
        [
            (1, AllowCause::Exists(AllowId(1))),
            (2, AllowCause::Twice),
            (3, AllowCause::TooWide),
            (4, AllowCause::Past),
            (5, AllowCause::Reason),
            (6, AllowCause::Reason),
            (7, AllowCause::Owner),
            (8, AllowCause::Ticket),
            (9, AllowCause::Remind),
        ]
    );
    assert_eq!(bench.feed(), ["1.1.1.1", "3.3.3.3"]);
    assert_eq!(bench.store.allow_entries(true, None, 10).unwrap().len(), 1);
}

#[test]
fn a_wide_entry_is_taken_only_when_it_is_meant() {
    let bench = bench(&["1.1.1.1", "77.7.7.7"], &[allow("10.0.0.0/8"), allow("fc00::/7")]);
    for wide in ["64.0.0.0/7", "2000::/18", "::/0"] {
        assert_eq!(refusals(bench.store.add_allow(&[allow(wide)], &KIM))[0].cause, AllowCause::TooWide);
    }
    bench.store.add_allow(&[NewAllow { wide: true, ..allow("64.0.0.0/4") }], &KIM).unwrap();
    assert_eq!(bench.feed(), ["1.1.1.1"]);
}

#[test]
fn an_entry_that_ended_makes_room_for_a_new_one_or_holds_again() {
    let bench = bench(&["1.1.1.1", "2.2.2.2", "3.3.3.3"], &[until("2.2.2.2", 10), until("3.3.3.3", 10)]);
    bench.at(10);
    bench.store.publish_ended().unwrap();
    assert_eq!(bench.feed().len(), 3);
    let (rows, _) = bench.store.add_allow(&[allow("2.2.2.2")], &KIM).unwrap();
    assert_eq!(rows[0].id, AllowId(3));
    let forever = AllowChange { until: Some(None), ..AllowChange::default() };
    let (row, _) = bench.store.set_allow(AllowId(2), &forever, &KIM).unwrap();
    assert_eq!(row.state, AllowState::Holds);
    assert_eq!(bench.feed(), ["1.1.1.1"]);
    let states: Vec<AllowState> =
        bench.store.allow_entries(true, None, 10).unwrap().iter().map(|row| row.state).collect();
    assert_eq!(states, [AllowState::Removed, AllowState::Holds, AllowState::Holds]);
}

#[test]
fn only_what_is_named_is_changed() {
    let bench = bench(&["1.1.1.1"], &[NewAllow { ticket: Some("OPS-1".into()), ..until("2.2.2.2", 50) }]);
    let change = AllowChange { owner: Some(Some("network team ".into())), ..AllowChange::default() };
    let (row, _) = bench.store.set_allow(AllowId(1), &change, &KIM).unwrap();
    assert_eq!((row.owner.as_deref(), row.ticket.as_deref()), (Some("network team"), Some("OPS-1")));
    assert_eq!((row.reason.as_str(), row.changed_by.as_deref()), ("our partner", Some("kim")));
    bench.at(50);
    let reason = AllowChange { reason: Some("it was our partner".into()), ..AllowChange::default() };
    assert_eq!(bench.store.set_allow(AllowId(1), &reason, &KIM).unwrap().0.state, AllowState::Ended);
    let past = AllowChange { until: Some(Some(Time::from_unix(START))), ..AllowChange::default() };
    assert_eq!(refusals(bench.store.set_allow(AllowId(1), &past, &KIM))[0].cause, AllowCause::Past);
}

#[test]
fn a_try_says_what_would_happen_and_changes_nothing() {
    let bench = bench(&["1.1.1.1", "45.9.20.0/24"], &[allow("1.1.1.1")]);
    let before = (bench.feed(), bench.store.audit(&AuditQuery::newest(100)).unwrap().len());
    let (rows, preview) = bench.store.preview_add_allow(&[allow("45.9.20.0/25")]).unwrap();
    assert_eq!((rows[0].prefix, preview.entries), (at("45.9.20.0/25"), 1));
    assert_eq!(preview.delta.added, [at("45.9.20.128/25")]);
    assert_eq!(preview.delta.removed, [at("45.9.20.0/24")]);
    assert_eq!(preview.hits.len(), 1);
    let (_, preview) = bench.store.preview_remove_allow(AllowId(1)).unwrap();
    assert_eq!(preview.delta.added, [at("1.1.1.1")]);
    let soon = AllowChange { until: Some(Some(Time::from_unix(START + 9))), ..AllowChange::default() };
    assert!(bench.store.preview_set_allow(AllowId(1), &soon).unwrap().1.delta.is_empty());
    assert_eq!(refusals(bench.store.preview_add_allow(&[allow("1.1.1.1")])).len(), 1);
    // What was only tried is not taken for what a change makes.
    bench.store.add_allow(&[allow("45.9.20.128/25")], &KIM).unwrap();
    assert_eq!(bench.feed(), ["45.9.20.0/25"]);
    assert_eq!(before, (vec!["45.9.20.0/24".to_owned()], 1));
    assert_eq!(bench.store.audit(&AuditQuery::newest(100)).unwrap().len(), 2);
}

#[test]
fn what_a_failed_change_read_is_forgotten() {
    let bench = bench(&["1.1.1.1", "2.2.2.2", "3.3.3.3"], &[]);
    // A directory in the place of the next file: the publication fails after what is protected was read.
    let first = bench.store.files().path(blocklist::Serial(1)).unwrap();
    let name = first.file_name().unwrap().to_str().unwrap().replacen('1', "2", 1);
    let next = first.with_file_name(name);
    std::fs::create_dir(&next).unwrap();
    bench.store.add_allow(&[allow("2.2.2.2")], &KIM).unwrap_err();
    std::fs::remove_dir(&next).unwrap();
    bench.store.add_allow(&[allow("3.3.3.3")], &KIM).unwrap();
    assert_eq!(bench.feed(), ["1.1.1.1", "2.2.2.2"]);
}

#[test]
fn a_reminder_is_due_within_its_days_and_until_the_end() {
    let day = 86_400;
    let remind = |prefix, days| NewAllow { remind_days: days, ..until(prefix, 10 * day) };
    let bench = bench(&["1.1.1.1"], &[remind("2.2.2.2", Some(3)), remind("3.3.3.3", None), allow("4.4.4.4")]);
    let due = |seconds| bench.store.allow_due(Time::from_unix(START + seconds)).unwrap().len();
    assert_eq!([0, 7 * day - 1, 7 * day, 10 * day - 1, 10 * day].map(due), [0, 0, 1, 1, 0]);
}

#[test]
fn pages_go_on_after_a_number_and_entries_are_found_by_number_and_prefix() {
    let bench = bench(&["1.1.1.1"], &[allow("2.2.2.2"), allow("3.3.3.3"), allow("4.4.4.4")]);
    let page = bench.store.allow_entries(false, Some(AllowId(1)), 1).unwrap();
    assert_eq!(page.iter().map(|row| row.id.0).collect::<Vec<_>>(), [2]);
    assert_eq!(bench.store.allow_of(at("4.4.4.4")).unwrap().unwrap().id, AllowId(3));
    assert!(bench.store.allow_of(at("4.4.4.0/24")).unwrap().is_none());
    assert!(bench.store.allow_entry(AllowId(9)).unwrap().is_none());
}

#[test]
fn every_change_is_written_down_with_who_and_why() {
    let bench = bench(&["1.1.1.1"], &[allow("2.2.2.2")]);
    let change = AllowChange { ticket: Some(Some("OPS-7".into())), ..AllowChange::default() };
    bench.store.set_allow(AllowId(1), &change, &KIM).unwrap();
    bench.store.remove_allow(AllowId(1), &Actor { address: None, by: "lee", note: None }).unwrap();
    let rows = bench.store.audit(&AuditQuery::newest(10)).unwrap();
    let told: Vec<(&str, &str, &str)> =
        rows.iter().map(|row| (&*row.by, &*row.action, &*row.target)).collect();
    assert_eq!(
        told,
        [
            ("lee", "allow.remove", "2.2.2.2"),
            ("kim", "allow.set", "2.2.2.2"),
            ("kim", "allow.add", "2.2.2.2")
        ]
    );
    assert_eq!(rows[1].note.as_deref(), Some("asked by phone"));
    let (before, after) = (rows[1].before.as_ref().unwrap(), rows[1].after.as_ref().unwrap());
    assert_eq!((&before["ticket"], &after["ticket"]), (&serde_json::Value::Null, &"OPS-7".into()));
    assert!(after.get("reason").is_none());
}

#[test]
fn an_end_of_a_listing_under_an_entry_changes_nothing() {
    let bench = Bench::new();
    bench.import("a", Mode::Full, &batch(&[("1.1.1.1", None, ""), ("2.2.2.2", Some(5), "")]));
    bench.store.add_allow(&[allow("2.2.2.2")], &KIM).unwrap();
    bench.at(5);
    assert!(matches!(bench.store.publish().unwrap(), Published::Same(_)));
}
