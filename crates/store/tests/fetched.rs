//! Fetched sources: set up, run with a state, claimed by one at a time, known for drift.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests only")]

mod support;

use std::os::unix::fs::PermissionsExt;

use blocklist::{Mode, Record, Time};
use jiff::civil::date;
use store::{
    Error, FailedRun, Import, Known, ListingQuery, RunQuery, RunState, SameInput, StateAfter, Store, Trigger,
    Window,
};
use support::{Bench, SETUP, START, batch, name, plain, with_refusal};

const AFTER: Option<StateAfter<'_>> =
    Some(StateAfter { done: r#"{"good":1}"#, refused: r#"{"failures":1}"# });

fn state(bench: &Bench, source: &str) -> Option<String> {
    bench.store.source_config(&name(source)).unwrap().unwrap().state
}

#[test]
fn a_source_is_set_up_changed_and_switched_off() {
    let bench = Bench::new();
    let portal = name("portal");
    bench.store.add_source(&portal, "regtech", r#"{"a":1}"#, true, &SETUP).unwrap();
    let config = bench.store.source_config(&portal).unwrap().unwrap();
    assert_eq!(
        (config.kind.as_str(), config.enabled, config.settings.as_str()),
        ("regtech", true, r#"{"a":1}"#)
    );
    assert_eq!((config.state, config.removed_at), (None, None));
    assert!(matches!(bench.store.add_source(&portal, "url", "{}", true, &SETUP), Err(Error::Exists(_))));
    bench.at(60);
    bench.store.set_source(&portal, r#"{"a":2}"#, &SETUP).unwrap();
    bench.store.enable_source(&portal, false, &SETUP).unwrap();
    bench.store.put_source_state(&portal, r#"{"x":[]}"#).unwrap();
    let configs = bench.store.source_configs().unwrap();
    assert_eq!((configs.len(), configs[0].enabled, configs[0].settings.as_str()), (1, false, r#"{"a":2}"#));
    assert_eq!(configs[0].changed_at.unwrap().unix(), START + 60);
    assert_eq!(configs[0].state.as_deref(), Some(r#"{"x":[]}"#));
    let shown = bench.store.sources().unwrap();
    assert_eq!((shown[0].kind.as_str(), shown[0].enabled), ("regtech", false));
}

#[test]
fn what_is_not_there_is_not_changed_and_what_is_no_json_is_not_kept() {
    let bench = Bench::new();
    let none = name("none");
    for answer in [
        bench.store.set_source(&none, "{}", &SETUP),
        bench.store.enable_source(&none, true, &SETUP),
        bench.store.put_source_state(&none, "{}"),
        bench.store.remove_source(&none, &SETUP).map(drop),
    ] {
        assert!(matches!(answer, Err(Error::NoSource(of)) if of == none));
    }
    assert!(bench.store.source_config(&none).unwrap().is_none());
    assert!(bench.store.add_source(&none, "url", "{", true, &SETUP).is_err());
    assert!(bench.store.source_configs().unwrap().is_empty());
}

#[test]
fn a_source_of_imports_becomes_a_fetched_one_and_keeps_its_listings() {
    let bench = Bench::new();
    bench.import("a", Mode::Full, &plain(&["1.1.1.1", "2.2.2.2"]));
    assert!(matches!(bench.store.add_source(&name("a"), "file", "{}", true, &SETUP), Err(Error::Exists(_))));
    bench.store.add_source(&name("a"), "url", "{}", true, &SETUP).unwrap();
    let shown = bench.store.sources().unwrap();
    assert_eq!((shown[0].kind.as_str(), shown[0].active), ("url", 2));
}

#[test]
fn a_run_keeps_its_state_its_trigger_and_its_window_in_its_own_transaction() {
    let bench = Bench::new();
    let portal = name("portal");
    bench.store.add_source(&portal, "regtech", "{}", true, &SETUP).unwrap();
    let window = Some(Window { since: date(2025, 12, 1), until: date(2026, 1, 1) });
    let rows = plain(&["1.1.1.1", "2.2.2.2", "3.3.3.3"]);
    let request = Import {
        trigger: Trigger::Schedule,
        window,
        state: AFTER,
        input_key: Some([7; 32]),
        ..bench.request(&portal, Mode::Full, &rows)
    };
    let done = bench.store.import(&request).unwrap();
    assert_eq!(state(&bench, "portal").as_deref(), Some(r#"{"good":1}"#));
    let kept = bench.store.run(done.run.run).unwrap().unwrap();
    assert_eq!((kept.trigger, kept.window, kept.cause_id.as_deref()), (Trigger::Schedule, window, None));
    let json = serde_json::to_value(&kept).unwrap();
    assert_eq!(json["window"], serde_json::json!({"since": "2025-12-01", "until": "2026-01-01"}));
    assert_eq!(json["trigger"], "schedule");

    let few = plain(&["1.1.1.1"]);
    let refused = bench.store.import(&Import { batch: &few, ..request }).unwrap().run;
    assert_eq!((refused.state, refused.cause_id.as_deref()), (RunState::Refused, Some("not_credible")));
    assert_eq!(bench.store.run(refused.run).unwrap().unwrap().cause_id.as_deref(), Some("not_credible"));
    assert_eq!(state(&bench, "portal").as_deref(), Some(r#"{"failures":1}"#));

    let earlier = bench.store.same_input(&portal, &[7; 32]).unwrap().unwrap();
    let same = SameInput { state: Some(r#"{"good":2}"#), trigger: Trigger::Person, ..bench.same("-") };
    let same = bench.store.import_same(&earlier, &same).unwrap().run;
    assert_eq!((same.unchanged, same.trigger, same.window), (3, Trigger::Person, None));
    assert_eq!(state(&bench, "portal").as_deref(), Some(r#"{"good":2}"#));
}

#[test]
fn a_state_that_cannot_be_kept_takes_the_whole_run_back() {
    let bench = Bench::new();
    let portal = name("portal");
    bench.store.add_source(&portal, "url", "{}", true, &SETUP).unwrap();
    bench.store.put_source_state(&portal, r#"{"before":1}"#).unwrap();
    let rows = plain(&["1.1.1.1"]);
    let broken = Some(StateAfter { done: "no json", refused: "no json" });
    let request = Import { state: broken, ..bench.request(&portal, Mode::Full, &rows) };
    assert!(bench.store.import(&request).is_err());
    let nothing = plain(&[]);
    assert!(bench.store.import(&Import { batch: &nothing, ..request }).is_err());
    let failed = FailedRun { source_state: Some("no json"), ..bench.failed(&portal) };
    assert!(bench.store.record_failure(&failed).is_err());
    assert_eq!(state(&bench, "portal").as_deref(), Some(r#"{"before":1}"#));
    assert!(bench.store.runs(&RunQuery { limit: 9, ..RunQuery::default() }).unwrap().is_empty());
    assert!(bench.store.listings(&ListingQuery { limit: 9, ..ListingQuery::default() }).unwrap().is_empty());
    assert!(bench.feed().is_empty() && bench.store.logs(9).unwrap().is_empty());
}

#[test]
fn a_failed_run_keeps_its_cause_and_the_state_of_its_source() {
    let bench = Bench::new();
    let portal = name("portal");
    bench.store.add_source(&portal, "regtech", "{}", true, &SETUP).unwrap();
    let failed = FailedRun {
        state: RunState::Failed,
        cause_id: Some("timeout"),
        trigger: Trigger::Schedule,
        source_state: Some(r#"{"failures":1}"#),
        ..bench.failed(&portal)
    };
    let run = bench.store.record_failure(&failed).unwrap();
    let kept = bench.store.run(run.run).unwrap().unwrap();
    assert_eq!((kept.state, kept.cause_id.as_deref()), (RunState::Failed, Some("timeout")));
    assert_eq!(state(&bench, "portal").as_deref(), Some(r#"{"failures":1}"#));
}

#[test]
fn an_empty_input_is_believed_only_where_it_is_allowed_and_takes_nothing_away() {
    let bench = Bench::new();
    let portal = name("portal");
    let nothing = plain(&[]);
    let run = |mode, rows| {
        let request = Import {
            allow_empty: true,
            min_share: 0.0,
            batch: rows,
            ..bench.request(&portal, mode, &nothing)
        };
        bench.store.import(&request).unwrap().run.state
    };
    assert_eq!(run(Mode::Full, &nothing), RunState::Done);
    bench.import("portal", Mode::Full, &plain(&["1.1.1.1", "2.2.2.2"]));
    assert_eq!(run(Mode::Add, &nothing), RunState::Done);
    // Whatever the share: an empty full list is no reason to unblock everything.
    assert_eq!(run(Mode::Full, &nothing), RunState::Refused);
    // Rows that hold nothing are something else than no rows.
    assert_eq!(run(Mode::Add, &with_refusal(plain(&[]), 1, "x")), RunState::Refused);
    assert_eq!(bench.feed().len(), 2);
}

#[test]
fn a_claim_excludes_every_other_until_it_is_dropped() {
    let bench = Bench::new();
    let other = Store::open(bench.dir.path(), bench.clock.clone()).unwrap();
    let portal = name("portal");
    let claim = bench.store.claim(&portal).unwrap().unwrap();
    assert!(other.claim(&portal).unwrap().is_none());
    assert!(bench.store.claim(&portal).unwrap().is_none());
    assert!(other.claim(&name("portal2")).unwrap().is_some());
    drop(claim);
    let claim = other.claim(&portal).unwrap();
    assert!(claim.is_some() && bench.store.claim(&portal).unwrap().is_none());
    let file = bench.dir.path().join("locks/source-portal.lock");
    // The mask of the tests may take more away, never less.
    assert_eq!(file.metadata().unwrap().permissions().mode() & 0o777 & !0o640, 0);
}

#[test]
fn what_is_known_counts_what_is_listed_within_the_window() {
    let bench = Bench::new();
    let mut rows = batch(&[
        ("1.1.1.1", None, ""),
        ("2.2.2.2", Some(50), ""),
        ("3.3.3.3", None, ""),
        ("4.4.4.4", None, ""),
    ]);
    let days = [10, 20, 30, 40].map(|seconds| Some(Time::from_unix(START + seconds)));
    rows.records =
        rows.records.iter().zip(days).map(|(&record, detected)| Record { detected, ..record }).collect();
    bench.import("a", Mode::Full, &rows);
    bench.import("b", Mode::Full, &plain(&["5.5.5.5"]));
    let at = |seconds| Time::from_unix(START + seconds);
    let known = |now| bench.store.known(&name("a"), at(10), at(40), at(now)).unwrap();
    let newest_detected = Some(at(40));
    assert_eq!(known(49), Known { listed_in_window: 3, newest_detected, active: 4 });
    assert_eq!(known(50), Known { listed_in_window: 2, newest_detected, active: 3 });
    assert_eq!(bench.store.known(&name("none"), at(0), at(99), at(0)).unwrap(), Known::default());
}
