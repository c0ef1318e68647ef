//! A source goes: its listings leave the list and its history stays. And it may come back.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests only")]

mod support;

use blocklist::{Mode, Serial, State};
use rusqlite::Connection;
use store::{
    CredentialKind, Error, FailedRun, Import, ListingQuery, NewCredential, Published, RunQuery, RunState,
    Sealed, StateAfter,
};
use support::{Bench, SETUP, batch, name, plain};

fn states(bench: &Bench, source: &str) -> Vec<State> {
    let query = ListingQuery { source: Some(name(source)), limit: 99, ..ListingQuery::default() };
    bench.store.listings(&query).unwrap().iter().map(|row| row.state).collect()
}

#[test]
fn a_removed_source_leaves_the_list_at_once_and_its_history_stays() {
    let bench = Bench::new();
    bench.import("a", Mode::Full, &batch(&[("1.1.1.1", Some(10), "scan"), ("2.2.2.2", None, "worm")]));
    bench.import("b", Mode::Full, &plain(&["2.2.2.2", "3.3.3.3"]));
    bench.at(20);
    let removed = bench.store.remove_source(&name("a"), &SETUP).unwrap();
    assert_eq!(removed.listings, 2);
    let Published::New(row) = removed.published else { panic!("not published") };
    assert_eq!((row.serial, bench.store.files().current_serial().unwrap()), (Serial(3), Some(Serial(3))));
    assert_eq!(bench.feed(), ["2.2.2.2", "3.3.3.3"]);
    assert_eq!(states(&bench, "a"), [State::Removed, State::Removed]);
    let runs = RunQuery { source: Some(name("a")), limit: 9, ..RunQuery::default() };
    assert_eq!(bench.store.runs(&runs).unwrap().len(), 1);

    let shown: Vec<String> = bench.store.sources().unwrap().iter().map(|row| row.name.to_string()).collect();
    assert_eq!(shown, ["b"]);
    let all = bench.store.all_sources().unwrap();
    assert_eq!((all.len(), all[0].active, all[0].expired, all[0].removed), (2, 0, 0, 2));
    assert!(all[0].removed_at.is_some() && !all[0].enabled);
    assert_eq!((bench.store.status().unwrap().sources, bench.store.source_configs().unwrap().len()), (1, 1));
    assert!(bench.store.source_config(&name("a")).unwrap().unwrap().removed_at.is_some());
    assert!(matches!(bench.store.remove_source(&name("a"), &SETUP), Err(Error::NoSource(_))));
    assert!(bench.store.check().unwrap().is_empty());

    let connection = Connection::open(bench.dir.path().join("blacklist.db")).unwrap();
    let before: Vec<String> = connection
        .prepare("SELECT before FROM listing_events WHERE event = 'removed' AND run IS NULL ORDER BY id")
        .unwrap()
        .query_map([], |row| row.get(0))
        .unwrap()
        .map(Result::unwrap)
        .collect();
    assert_eq!(before.len(), 2);
    assert!(before[1].contains("worm"), "{before:?}");
}

#[test]
fn a_removal_that_the_gate_holds_is_not_undone_by_the_next_publication() {
    let bench = Bench::new();
    bench.import("a", Mode::Full, &plain(&["1.1.1.1"]));
    let removed = bench.store.remove_source(&name("a"), &SETUP).unwrap();
    assert!(matches!(removed.published, Published::Held { .. }));
    assert_eq!(bench.feed(), ["1.1.1.1"]);
    // Back, but nothing of it is listed yet.
    bench.store.add_source(&name("a"), "url", "{}", true, &SETUP).unwrap();
    bench.import("b", Mode::Full, &plain(&["2.2.2.2"]));
    assert_eq!(bench.feed(), ["2.2.2.2"]);
}

#[test]
fn a_source_that_comes_back_may_list_again_what_went_with_it() {
    let bench = Bench::new();
    bench.import("b", Mode::Full, &plain(&["9.9.9.9"]));
    let rows = plain(&["1.1.1.1", "2.2.2.2", "3.3.3.3"]);
    let source = name("a");
    let request = Import { input_key: Some([1; 32]), ..bench.request(&source, Mode::Full, &rows) };
    bench.store.import(&request).unwrap();
    // One was taken out by a person before.
    Connection::open(bench.dir.path().join("blacklist.db"))
        .unwrap()
        .execute_batch(
            "UPDATE listings SET state = 2 WHERE prefix = x'040303030320';
             UPDATE sources SET active = 2, removed = 1 WHERE name = 'a';
             INSERT INTO listing_events (source, prefix, at, event, before) VALUES (2, x'040303030320', 5, 'removed', '{}')",
        )
        .unwrap();
    bench.at(60);
    assert_eq!(bench.store.remove_source(&source, &SETUP).unwrap().listings, 2);
    // The same file again is not "unchanged".
    assert!(bench.store.same_input(&source, &[1; 32]).unwrap().is_none());
    bench.at(120);
    let again = bench.store.import(&request).unwrap().run;
    assert_eq!((again.new, again.unchanged), (2, 1));
    assert_eq!(bench.feed(), ["1.1.1.1", "2.2.2.2", "9.9.9.9"]);
    assert_eq!(states(&bench, "a"), [State::Active, State::Active, State::Removed]);
    let config = bench.store.source_config(&source).unwrap().unwrap();
    assert_eq!((config.kind.as_str(), config.enabled, config.removed_at), ("file", true, None));
    assert!(bench.store.check().unwrap().is_empty());
}

#[test]
fn a_run_that_ends_after_its_source_was_removed_does_not_bring_it_back() {
    let bench = Bench::new();
    let source = name("a");
    bench.store.add_source(&source, "url", "{}", true, &SETUP).unwrap();
    bench.import("b", Mode::Full, &plain(&["9.9.9.9"]));
    let rows = plain(&["1.1.1.1"]);
    let earlier = bench.import("a", Mode::Full, &rows).run;
    bench.store.remove_source(&source, &SETUP).unwrap();
    let state = Some(StateAfter { done: "{}", refused: "{}" });
    let late = bench.store.import(&Import { state, ..bench.request(&source, Mode::Full, &rows) });
    assert!(matches!(late, Err(Error::NoSource(_))));
    let late = bench.store.import_same(&earlier, &bench.same("-"));
    assert!(matches!(late, Err(Error::NoSource(_))));
    let late = FailedRun { source_state: Some("{}"), ..bench.failed(&source) };
    assert!(matches!(bench.store.record_failure(&late), Err(Error::NoSource(_))));
    // A file that cannot be read, or is not believed, is a run in its history, and does not bring it back either.
    bench.store.record_failure(&bench.failed(&source)).unwrap();
    assert_eq!(bench.import("a", Mode::Full, &plain(&[])).run.state, RunState::Refused);
    assert_eq!(bench.store.sources().unwrap().len(), 1);
    assert_eq!(bench.feed(), ["9.9.9.9"]);
}

#[test]
fn a_removed_source_forgets_its_credential_and_never_gives_its_version_again() {
    let bench = Bench::new();
    let source = name("a");
    bench.store.add_source(&source, "regtech", "{}", true, &SETUP).unwrap();
    let new = NewCredential { kind: CredentialKind::Login, expires_on: None, remind_days: None };
    let put = || {
        let seal = |version: u32| Ok(Sealed { key_id: "k".into(), bytes: vec![version as u8] });
        bench.store.put_credential::<Error>(&source, &new, &SETUP, seal)
    };
    assert_eq!(put().unwrap(), 1);
    bench.store.remove_source(&source, &SETUP).unwrap();
    assert!(bench.store.credential(&source).unwrap().is_none());
    assert!(matches!(put(), Err(Error::NoSource(_))));
    bench.store.add_source(&source, "regtech", "{}", true, &SETUP).unwrap();
    assert_eq!(put().unwrap(), 2);
}
