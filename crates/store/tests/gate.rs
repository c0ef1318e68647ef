//! A held candidate: asked about once, decided by people, and meanwhile the last good list goes on.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests only")]

mod support;

use blocklist::gate::GateRules;
use blocklist::{Mode, Time};
use store::{Actor, Approved, AuditQuery, ByHand, Error, HeldState, NewAllow, Origin, Published};
use support::{Bench, SETUP, START, batch, name, plain};

const KIM: Actor<'static> = Actor { address: None, by: "kim", note: Some("looked at it") };
const LEE: Actor<'static> = Actor { address: None, by: "lee", note: None };

/// One prefix is listed, and a /9 of another source is held.
fn held() -> Bench {
    let bench = Bench::new();
    bench.import("a", Mode::Full, &batch(&[("9.9.9.9", None, ""), ("9.9.9.10", Some(100), "")]));
    let held = bench.import("b", Mode::Full, &plain(&["11.0.0.0/9", "11.200.0.1"]));
    assert!(matches!(held.published, Published::Held { .. }));
    assert_eq!(bench.feed(), ["9.9.9.9", "9.9.9.10"]);
    bench
}

fn open(bench: &Bench) -> store::HeldRow {
    bench.store.held_candidate(None).unwrap().unwrap().0
}

#[test]
fn what_ends_is_protected_or_blocked_by_hand_does_not_wait_for_a_decision() {
    let bench = held();
    bench.at(100);
    bench.store.publish_ended().unwrap();
    assert_eq!(bench.feed(), ["9.9.9.9"], "it ended at that second");
    let order = plain(&["12.0.0.7"]);
    let tried = bench
        .store
        .preview_block(&ByHand { batch: &order, input: "-", anyway: false, wide: false })
        .unwrap()
        .1;
    assert_eq!((tried.delta.added.len(), tried.delta.removed.len(), tried.reasons.len()), (1, 0, 0));
    bench.store.block(&ByHand { batch: &order, input: "-", anyway: false, wide: false }, &KIM).unwrap();
    assert_eq!(bench.feed(), ["9.9.9.9", "12.0.0.7"]);
    bench.store.add_allow(&[NewAllow::new("9.9.9.9".parse().unwrap(), "ours")], &KIM).unwrap();
    assert_eq!(bench.feed(), ["12.0.0.7"]);
    let rows = bench.store.publications(None, 3).unwrap();
    assert!(rows.iter().all(|row| row.origin == Origin::Frozen), "{rows:?}");
    let row = open(&bench);
    bench.store.approve(row.id, row.candidate, &KIM).unwrap();
    assert_eq!(bench.feed(), ["11.0.0.0/9", "11.200.0.1", "12.0.0.7"]);
    assert!(bench.store.held_candidate(None).unwrap().is_none());
}

#[test]
fn what_is_approved_is_what_was_seen() {
    let bench = held();
    let seen = open(&bench);
    bench.import("b", Mode::Add, &plain(&["12.0.0.0/9"]));
    let error = bench.store.approve(seen.id, seen.candidate, &KIM).unwrap_err();
    assert!(matches!(error, Error::CandidateChanged(id) if id == seen.id), "{error}");
    assert_eq!(bench.feed(), ["9.9.9.9", "9.9.9.10"]);
    let now = open(&bench);
    assert_eq!((now.id, now.reasons.len()), (seen.id, 2));
    bench.store.approve(now.id, now.candidate, &KIM).unwrap();
    assert_eq!(bench.feed().len(), 5);
    assert!(matches!(
        bench.store.approve(now.id, now.candidate, &KIM),
        Err(Error::HeldIsOver(_, HeldState::Approved))
    ));
    let last = bench.store.held(None, 10).unwrap().remove(0);
    assert_eq!((last.decided_by.as_deref(), last.note.as_deref()), (Some("kim"), Some("looked at it")));
    assert_eq!(last.serial, bench.store.publications(None, 1).unwrap().first().map(|row| row.serial));
}

#[test]
fn what_only_lost_what_ended_since_it_was_seen_is_still_what_was_approved() {
    let bench = held();
    let seen = open(&bench);
    bench.at(150);
    assert!(matches!(bench.store.approve(seen.id, seen.candidate, &KIM), Ok(Approved::Published(_))));
    assert_eq!(bench.feed(), ["9.9.9.9", "11.0.0.0/9", "11.200.0.1"]);
}

#[test]
fn a_rejected_candidate_is_not_asked_about_again_and_another_one_is() {
    let bench = held();
    let row = open(&bench);
    bench.store.reject(row.id, &KIM).unwrap();
    assert!(bench.store.held_candidate(None).unwrap().is_none());
    assert!(matches!(bench.store.publish().unwrap(), Published::Held { .. }));
    assert!(bench.store.held_candidate(None).unwrap().is_none(), "the same is no question again");
    assert_eq!(bench.feed(), ["9.9.9.9", "9.9.9.10"]);
    bench.import("b", Mode::Add, &plain(&["11.200.0.2"]));
    assert_ne!(open(&bench).candidate, row.candidate);
    // Its source mends itself: the question is over.
    bench.import("b", Mode::Full, &plain(&["11.200.0.1", "11.200.0.2"]));
    assert!(bench.store.held_candidate(None).unwrap().is_none());
    assert_eq!(bench.feed(), ["9.9.9.9", "9.9.9.10", "11.200.0.1", "11.200.0.2"]);
    let states: Vec<HeldState> = bench.store.held(None, 10).unwrap().iter().map(|row| row.state).collect();
    assert_eq!(states, [HeldState::Superseded, HeldState::Rejected]);
}

#[test]
fn two_people_are_two_names() {
    let bench = held();
    bench.store.set_gate(&GateRules { second_person: true, ..GateRules::default() }, &KIM).unwrap();
    let row = open(&bench);
    for _ in 0..2 {
        assert!(matches!(bench.store.approve(row.id, row.candidate, &KIM), Ok(Approved::NeedsSecond)));
    }
    assert_eq!(bench.feed(), ["9.9.9.9", "9.9.9.10"]);
    assert!(matches!(bench.store.approve(row.id, row.candidate, &LEE), Ok(Approved::Published(_))));
    assert_eq!(bench.feed().len(), 4);
    let approvals = bench.store.held(None, 1).unwrap().remove(0).approvals;
    assert_eq!(approvals.iter().map(|one| one.by.as_str()).collect::<Vec<_>>(), ["kim", "lee"]);
}

#[test]
fn an_approval_of_another_candidate_does_not_count() {
    let bench = held();
    bench.store.set_gate(&GateRules { second_person: true, ..GateRules::default() }, &KIM).unwrap();
    let row = open(&bench);
    bench.store.approve(row.id, row.candidate, &KIM).unwrap();
    bench.import("b", Mode::Add, &plain(&["12.0.0.0/9"]));
    let row = open(&bench);
    assert!(row.approvals.is_empty());
    assert!(matches!(bench.store.approve(row.id, row.candidate, &LEE), Ok(Approved::NeedsSecond)));
}

#[test]
fn nobody_deciding_in_time_is_a_no() {
    let bench = Bench::new();
    bench.store.set_gate(&GateRules { held_hours: Some(2), ..GateRules::default() }, &KIM).unwrap();
    bench.import("a", Mode::Full, &plain(&["9.9.9.9"]));
    bench.import("b", Mode::Full, &plain(&["11.0.0.0/9"]));
    let row = open(&bench);
    assert_eq!(row.expires_at, Some(Time::from_unix(START + 7_200)));
    assert_eq!(bench.store.next_event().unwrap(), row.expires_at);
    bench.at(7_200);
    bench.store.publish_ended().unwrap();
    assert!(bench.store.held_candidate(None).unwrap().is_none());
    assert!(matches!(
        bench.store.approve(row.id, row.candidate, &KIM),
        Err(Error::HeldIsOver(_, HeldState::Expired))
    ));
    assert_eq!(bench.feed(), ["9.9.9.9"]);
    assert_eq!(bench.store.next_event().unwrap(), None);
}

#[test]
fn a_held_candidate_outlives_the_process() {
    let bench = held();
    let row = open(&bench);
    let bench = bench.reopen();
    assert_eq!(open(&bench).candidate, row.candidate);
    bench.store.approve(row.id, row.candidate, &KIM).unwrap();
    assert_eq!(bench.feed().len(), 4);
}

#[test]
fn what_a_person_forces_goes_over_the_gate_and_never_over_what_is_protected() {
    let bench = held();
    bench.store.add_allow(&[NewAllow::new("11.5.0.0/16".parse().unwrap(), "ours")], &KIM).unwrap();
    bench.store.publish_forced(&KIM).unwrap();
    let publication = bench.store.files().load_current().unwrap().unwrap();
    assert!(publication.lists("11.4.0.1".parse().unwrap()));
    assert!(!publication.lists("11.5.0.1".parse().unwrap()));
    let audit: Vec<String> =
        bench.store.audit(&AuditQuery::newest(10)).unwrap().into_iter().map(|row| row.action).collect();
    assert!(audit.contains(&"allow.add".to_owned()), "{audit:?}");
}

#[test]
fn a_limit_that_is_lifted_lets_the_candidate_through() {
    let bench = held();
    bench.store.set_gate(&GateRules { widest_v4: None, ..GateRules::default() }, &KIM).unwrap();
    assert_eq!(bench.feed().len(), 4);
    assert!(bench.store.held_candidate(None).unwrap().is_none());
}

#[test]
fn a_rollback_is_held_there_until_it_is_released() {
    let bench = Bench::new();
    bench.import("a", Mode::Full, &batch(&[("9.9.9.9", None, ""), ("9.9.9.10", Some(100), "")]));
    bench.import("a", Mode::Add, &plain(&["9.9.9.11"]));
    bench.import("b", Mode::Full, &plain(&["9.9.9.12"]));
    let published = bench.store.rollback(blocklist::Serial(1), &KIM).unwrap();
    let Published::New(row) = published else { panic!() };
    assert_eq!((row.serial.0, row.origin, row.content_of), (4, Origin::Rollback, Some(blocklist::Serial(1))));
    assert_eq!(bench.feed(), ["9.9.9.9", "9.9.9.10"]);
    let bench = bench.reopen();
    let run = bench.import("a", Mode::Add, &plain(&["9.9.9.13"]));
    let Published::Held { reasons, .. } = run.published else { panic!() };
    assert_eq!(reasons.first().map(blocklist::gate::Reason::rule), Some("pinned"));
    bench.at(100);
    bench.store.publish_ended().unwrap();
    assert_eq!(bench.feed(), ["9.9.9.9"], "what ends goes all the same");
    assert_eq!(bench.store.pinned().unwrap().map(|pin| (pin.serial.0, pin.by)), Some((1, "kim".to_owned())));
    bench.store.release(&KIM).unwrap();
    assert_eq!(bench.feed(), ["9.9.9.9", "9.9.9.11", "9.9.9.12", "9.9.9.13"]);
    assert!(matches!(bench.store.release(&KIM), Err(Error::NotPinned)));
    let delta = bench.store.diff(blocklist::Serial(1), row.serial).unwrap();
    assert!(delta.is_empty(), "the content is the old one");
}

#[test]
fn a_rollback_serves_nothing_that_may_not_be_served_today() {
    let bench = Bench::new();
    bench.import("a", Mode::Full, &batch(&[("9.9.9.0/24", None, ""), ("9.9.8.1", Some(50), "")]));
    bench.import("a", Mode::Full, &plain(&["9.9.9.0/24", "9.9.7.1"]));
    bench.at(60);
    bench.store.add_allow(&[NewAllow::new("9.9.9.0/25".parse().unwrap(), "ours")], &KIM).unwrap();
    bench.store.rollback(blocklist::Serial(1), &KIM).unwrap();
    assert_eq!(bench.feed(), ["9.9.9.128/25"]);
    bench.store.add_allow(&[NewAllow::new("9.9.9.128/25".parse().unwrap(), "ours")], &KIM).unwrap();
    assert_eq!(bench.feed(), Vec::<String>::new(), "what is protected goes, even when nothing is left");
    assert!(matches!(bench.store.rollback(blocklist::Serial(1), &KIM), Err(Error::NothingLeft(_))));
    assert!(matches!(bench.store.rollback(blocklist::Serial(99), &KIM), Err(Error::NoPublication(_))));
    bench.store.release(&KIM).unwrap();
    assert_eq!(bench.feed(), ["9.9.7.1"]);
}

#[test]
fn what_was_live_at_a_time_is_read_again() {
    let bench = Bench::new();
    for (at, host) in [(0, "9.9.9.1"), (1_000, "9.9.9.2"), (2_000, "9.9.9.3")] {
        bench.at(at);
        bench.import("a", Mode::Add, &plain(&[host]));
    }
    let serial = |seconds: i64| {
        bench.store.publication_at(Time::from_unix(START + seconds)).unwrap().map(|row| row.serial.0)
    };
    assert_eq!(
        [serial(-1), serial(0), serial(999), serial(1_000), serial(9_999)],
        [None, Some(1), Some(1), Some(2), Some(3)]
    );
    assert_eq!(bench.store.load_publication(blocklist::Serial(2)).unwrap().entries(), 2);
    let delta = bench.store.diff(blocklist::Serial(3), blocklist::Serial(1)).unwrap();
    assert_eq!((delta.added.len(), delta.removed.len()), (0, 2));
}

#[test]
fn a_removed_source_that_is_held_does_not_come_back_by_itself() {
    let bench = held();
    bench.store.remove_source(&name("a"), &SETUP).unwrap();
    // Without it the candidate is the /9 alone: still held, and the last list goes on.
    assert_eq!(bench.feed(), ["9.9.9.9", "9.9.9.10"]);
    let row = open(&bench);
    bench.store.approve(row.id, row.candidate, &KIM).unwrap();
    assert_eq!(bench.feed(), ["11.0.0.0/9", "11.200.0.1"]);
}
