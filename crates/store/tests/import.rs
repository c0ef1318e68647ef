//! A run into the store: all of it or none, only differences written.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests only")]

mod support;

use blocklist::{Mode, State};
use store::{FailedRun, ListingQuery, Published, RunQuery, RunState};
use support::{Bench, batch, name, plain, with_refusal};

#[test]
fn a_first_run_keeps_every_listing_and_publishes() {
    let bench = Bench::new();
    let done = bench.import("a", Mode::Full, &plain(&["8.8.4.4", "2a00::/32", "1.1.1.0/24"]));
    assert_eq!((done.run.new, done.run.unchanged, done.run.withdrawn), (3, 0, 0));
    let Published::New(row) = done.published else { panic!("not published") };
    assert_eq!((row.serial.0, row.entries, row.added, row.removed), (1, 3, 3, 0));
    assert_eq!(bench.feed(), ["1.1.1.0/24", "8.8.4.4", "2a00::/32"]);
}

#[test]
fn the_same_list_again_changes_no_listing_and_makes_no_publication() {
    let bench = Bench::new();
    let rows = plain(&["8.8.4.4", "1.1.1.0/24"]);
    bench.import("a", Mode::Full, &rows);
    let before = bench.store.listings(&ListingQuery { limit: 10, ..ListingQuery::default() }).unwrap();
    bench.at(3600);
    let again = bench.import("a", Mode::Full, &rows);
    assert_eq!((again.run.new, again.run.changed, again.run.unchanged), (0, 0, 2));
    assert!(matches!(again.published, Published::Same(_)));
    assert_eq!(bench.store.listings(&ListingQuery { limit: 10, ..ListingQuery::default() }).unwrap(), before);
    assert_eq!(bench.store.publications(None, 10).unwrap().len(), 1);
}

#[test]
fn a_full_list_withdraws_what_it_lost_and_an_addition_does_not() {
    let bench = Bench::new();
    bench.import("a", Mode::Full, &plain(&["8.8.4.4", "1.1.1.0/24", "9.9.9.9"]));
    let added = bench.import("a", Mode::Add, &plain(&["4.4.4.4"]));
    assert_eq!((added.run.new, added.run.withdrawn), (1, 0));
    assert_eq!(bench.feed().len(), 4);
    let full = bench.import("a", Mode::Full, &plain(&["8.8.4.4", "4.4.4.4"]));
    assert_eq!((full.run.unchanged, full.run.withdrawn), (2, 2));
    assert_eq!(bench.feed(), ["4.4.4.4", "8.8.4.4"]);
    let query = ListingQuery { state: Some(State::Withdrawn), limit: 10, ..ListingQuery::default() };
    assert_eq!(bench.store.listings(&query).unwrap().len(), 2);
}

#[test]
fn what_comes_back_is_listed_again_with_its_first_date() {
    let bench = Bench::new();
    bench.import("a", Mode::Full, &plain(&["8.8.4.4", "1.1.1.1"]));
    bench.import("a", Mode::Full, &plain(&["8.8.4.4"]));
    bench.at(500);
    let back = bench.import("a", Mode::Full, &plain(&["8.8.4.4", "1.1.1.1"]));
    assert_eq!((back.run.new, back.run.unchanged), (1, 1));
    let rows = bench.store.listings(&ListingQuery { limit: 10, ..ListingQuery::default() }).unwrap();
    assert!(rows.iter().all(|row| row.detected.unix() == support::START && row.state == State::Active));
    assert!(bench.store.check().unwrap().is_empty());
}

#[test]
fn a_changed_reason_or_end_is_a_change_and_a_publication_with_an_empty_delta() {
    let bench = Bench::new();
    bench.import("a", Mode::Full, &batch(&[("8.8.4.4", None, "scan"), ("1.1.1.1", None, "scan")]));
    let done =
        bench.import("a", Mode::Full, &batch(&[("8.8.4.4", Some(900), "scan"), ("1.1.1.1", None, "worm")]));
    assert_eq!((done.run.changed, done.run.unchanged), (2, 0));
    let Published::New(row) = done.published else { panic!("not published") };
    assert_eq!((row.added, row.removed), (0, 0));
    assert_eq!(row.changed_at.unix(), support::START);
    assert!(row.published_at > row.changed_at);
}

#[test]
fn a_repeated_prefix_keeps_its_latest_end() {
    let bench = Bench::new();
    let rows = [("8.8.4.4", Some(10), "a"), ("8.8.4.4", Some(900), "b"), ("8.8.4.4", Some(20), "c")];
    let done = bench.import("a", Mode::Full, &batch(&rows));
    assert_eq!((done.run.rows, done.run.new), (3, 1));
    let row = bench.store.listings(&ListingQuery { limit: 10, ..ListingQuery::default() }).unwrap().remove(0);
    assert_eq!((row.until.unwrap().unix(), row.reason.as_deref()), (support::START + 900, Some("b")));
}

#[test]
fn an_empty_or_collapsed_full_list_changes_nothing_and_says_why() {
    let bench = Bench::new();
    bench.import("a", Mode::Full, &plain(&["1.1.1.1", "2.2.2.2", "3.3.3.3", "4.4.4.4"]));
    let feed = bench.feed();
    for (rows, why) in [
        (plain(&[]), "no row at all"),
        (plain(&["1.1.1.1"]), "fewer than 2"),
        (with_refusal(plain(&[]), 7, "nonsense"), "its one row holds no address"),
    ] {
        let done = bench.import("a", Mode::Full, &rows);
        assert_eq!(done.run.state, RunState::Refused);
        assert!(done.run.cause.as_ref().unwrap().contains(why), "{:?}", done.run.cause);
        assert_eq!(bench.feed(), feed);
    }
    assert_eq!(bench.import("a", Mode::Full, &plain(&["1.1.1.1", "2.2.2.2"])).run.state, RunState::Done);
    assert_eq!(bench.store.logs(10).unwrap().len(), 3);
}

#[test]
fn what_ended_does_not_count_against_a_smaller_list() {
    let bench = Bench::new();
    bench.import(
        "a",
        Mode::Full,
        &batch(&[("1.1.1.1", Some(5), ""), ("2.2.2.2", Some(5), ""), ("3.3.3.3", None, "")]),
    );
    bench.at(10);
    assert_eq!(bench.import("a", Mode::Full, &plain(&["3.3.3.3"])).run.state, RunState::Done);
}

#[test]
fn refused_rows_are_kept_with_line_cause_and_text() {
    let bench = Bench::new();
    let done = bench.import("a", Mode::Add, &with_refusal(plain(&["1.1.1.1"]), 42, "what\tis this"));
    let rows = bench.store.rejected_rows(done.run.run, 10).unwrap();
    assert_eq!(rows.len(), 1);
    assert_eq!(
        (rows[0].line, rows[0].cause.as_str(), rows[0].text.as_str()),
        (42, "not_an_address", "what is this")
    );
    assert_eq!(done.run.refusals.get("not_an_address"), Some(&1));
}

#[test]
fn the_same_input_is_known_until_something_else_touches_the_source() {
    let bench = Bench::new();
    let source = name("a");
    let rows = with_refusal(plain(&["1.1.1.1"]), 3, "x");
    let key = [7; 32];
    let request = store::Import { input_key: Some(key), ..bench.request(&source, Mode::Full, &rows) };
    assert!(bench.store.same_input(&source, &key).unwrap().is_none());
    let first = bench.store.import(&request).unwrap();
    let earlier = bench.store.same_input(&source, &key).unwrap().unwrap();
    assert_eq!(earlier.run, first.run.run);
    let same = bench.store.import_same(&earlier, &bench.same("a.txt")).unwrap();
    assert_eq!((same.run.new, same.run.unchanged, same.run.refused), (0, 1, 1));
    assert_eq!(bench.store.rejected_rows(same.run.run, 10).unwrap().len(), 1);
    bench.import("a", Mode::Add, &plain(&["2.2.2.2"]));
    assert!(bench.store.same_input(&source, &key).unwrap().is_none());
}

#[test]
fn a_dry_run_tells_and_changes_nothing() {
    let bench = Bench::new();
    let source = name("a");
    let rows = plain(&["1.1.1.1"]);
    assert_eq!(bench.store.preview(&bench.request(&source, Mode::Full, &rows)).unwrap().new, 1);
    assert!(bench.store.sources().unwrap().is_empty());
    assert!(bench.store.runs(&RunQuery { limit: 10, ..RunQuery::default() }).unwrap().is_empty());
    assert!(bench.feed().is_empty());
}

#[test]
fn an_input_that_cannot_be_read_is_kept_as_a_refused_run() {
    let bench = Bench::new();
    let source = name("a");
    let failed = FailedRun { cause: "a login page", ..bench.failed(&source) };
    let run = bench.store.record_failure(&failed).unwrap();
    let runs =
        bench.store.runs(&RunQuery { source: Some(name("a")), limit: 10, ..RunQuery::default() }).unwrap();
    assert_eq!(
        (runs[0].run, runs[0].state, runs[0].cause.as_deref()),
        (run.run, RunState::Refused, Some("a login page"))
    );
}
