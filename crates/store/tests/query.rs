//! What others ask: pages that neither skip nor repeat, and no statement of a hot path that scans a table.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests only")]

mod support;

use blocklist::{Mode, State, Time};
use rusqlite::Connection;
use store::{Actor, Edit, EditTo, Journal, ListingCursor, ListingQuery, ListingRow, RunQuery};
use support::{Bench, START, batch, name, plain};

fn pages(bench: &Bench, query: &ListingQuery) -> Vec<ListingRow> {
    let mut all: Vec<ListingRow> = Vec::new();
    loop {
        let after = all.last().map(|row| query.cursor(row).to_string().parse::<ListingCursor>().unwrap());
        let page = bench.store.listings(&ListingQuery { after, limit: 3, ..query.clone() }).unwrap();
        if page.is_empty() {
            return all;
        }
        all.extend(page);
    }
}

fn filled() -> Bench {
    let bench = Bench::new();
    let rows: Vec<String> =
        (0..10).map(|n| format!("1.1.{n}.0/24")).chain((0..4).map(|n| format!("2a00::{n}"))).collect();
    let rows: Vec<&str> = rows.iter().map(String::as_str).collect();
    bench.import("b", Mode::Full, &plain(&rows));
    bench.import(
        "a",
        Mode::Full,
        &batch(&[("1.1.2.3", Some(50), "x"), ("1.1.2.4", None, "x"), ("9.9.9.9", None, "")]),
    );
    bench.import("a", Mode::Full, &batch(&[("1.1.2.3", Some(50), "x"), ("1.1.2.4", None, "x")]));
    bench.at(100);
    bench
}

#[test]
fn pages_neither_skip_nor_repeat() {
    let bench = filled();
    let whole = bench.store.listings(&ListingQuery { limit: 100, ..ListingQuery::default() }).unwrap();
    assert_eq!(whole.len(), 17);
    assert_eq!(pages(&bench, &ListingQuery::default()), whole);
    let of_a = ListingQuery { source: Some(name("a")), ..ListingQuery::default() };
    assert_eq!(pages(&bench, &of_a).len(), 3);
}

#[test]
fn what_ended_is_paged_from_the_latest_end_on_whoever_set_it() {
    let bench = Bench::new();
    let hosts: Vec<String> = (0..12).map(|n| format!("1.1.2.{n}")).collect();
    // Pairs share an end.
    let rows: Vec<_> = (0..12).map(|n| (hosts[n].as_str(), Some(50 + n as i64 / 2), "x")).collect();
    bench.import("b", Mode::Full, &batch(&rows));
    bench.import("a", Mode::Full, &batch(&rows[..4]));
    let edit = |host: &str, end| Edit {
        source: Some(name("b")),
        prefix: host.parse().unwrap(),
        to: EditTo::End(Some(Time::from_unix(START + end))),
    };
    let edits = [edit(&hosts[0], 53), edit(&hosts[11], 40), edit(&hosts[10], 900)];
    bench.store.edit_listings(&edits, &Actor { by: "kim", note: None, address: None }).unwrap();
    bench.at(100);
    let query = ListingQuery { state: Some(State::Expired), ..ListingQuery::default() };
    let told: Vec<_> = pages(&bench, &query)
        .iter()
        .map(|row| {
            format!("{} {} {}", row.source, row.until.unwrap().unix() - START, &row.prefix.to_string()[6..])
        })
        .collect();
    let b = ["54 9", "54 8", "53 7", "53 6", "53 0", "52 5", "52 4", "51 3", "51 2", "50 1", "40 11"];
    let a = ["51 3", "51 2", "50 1", "50 0"];
    let expected = b.iter().map(|row| format!("b {row}")).chain(a.iter().map(|row| format!("a {row}")));
    assert_eq!(told, expected.collect::<Vec<_>>());
    let whole = bench.store.listings(&ListingQuery { limit: 99, ..query }).unwrap();
    assert_eq!(whole.len(), told.len());
}

#[test]
fn listings_are_found_by_state_and_by_the_network_they_lie_in() {
    let bench = filled();
    let count = |query: ListingQuery| pages(&bench, &query).len();
    let inside =
        |prefix: &str| ListingQuery { inside: Some(prefix.parse().unwrap()), ..ListingQuery::default() };
    assert_eq!(count(inside("1.1.2.0/24")), 3);
    assert_eq!(count(inside("1.1.0.0/16")), 12);
    assert_eq!(count(inside("2a00::/16")), 4);
    assert_eq!(count(inside("::/0")), 4);
    let state = |state| ListingQuery { state: Some(state), ..ListingQuery::default() };
    assert_eq!(count(state(State::Active)), 15);
    assert_eq!(count(state(State::Expired)), 1);
    assert_eq!(count(state(State::Withdrawn)), 1);
    assert_eq!(count(state(State::Removed)), 0);
}

#[test]
fn sources_count_by_state_and_know_their_last_run() {
    let bench = filled();
    let sources = bench.store.sources().unwrap();
    let a = sources.iter().find(|source| source.name == name("a")).unwrap();
    assert_eq!((a.active, a.expired, a.withdrawn, a.removed), (1, 1, 1, 0));
    assert_eq!(a.last_run.as_ref().unwrap().withdrawn, 1);
    assert!(
        bench
            .store
            .runs(&RunQuery { source: Some(name("none")), limit: 9, ..RunQuery::default() })
            .unwrap()
            .is_empty()
    );
    let runs = bench.store.runs(&RunQuery { limit: 2, ..RunQuery::default() }).unwrap();
    let older = RunQuery { before: Some(runs[1].run), limit: 9, ..RunQuery::default() };
    assert_eq!(bench.store.runs(&older).unwrap().len(), 1);
}

#[test]
fn no_statement_of_a_hot_path_scans_a_table() {
    let bench = filled();
    let connection = Connection::open(bench.dir.path().join("blacklist.db")).unwrap();
    let by_listing = "SELECT prefix FROM listings WHERE source = 1 AND prefix >= x'04' AND prefix <= x'ff'";
    for sql in [
        &format!("{by_listing} AND 1 IS NOT NULL ORDER BY prefix LIMIT 5"),
        &format!("{by_listing} AND state = 1 AND state <> 0 ORDER BY prefix LIMIT 5"),
        "SELECT prefix FROM listings WHERE source = 1 ORDER BY prefix",
        "SELECT count(*) FROM listings WHERE source = 1 AND until IS NOT NULL AND until <= 9 AND state = 0 AND set_until IS NULL",
        "SELECT reason FROM listings WHERE source = 1 AND until IS NOT NULL AND set_until IS NULL AND state = 0 AND until <= 9
            AND (until < 9 OR prefix < x'ff') ORDER BY until DESC, prefix DESC LIMIT 5",
        "SELECT reason FROM listings WHERE source = 1 AND set_until IS NOT NULL AND state = 0 AND set_until <= 9
            AND (set_until < 9 OR prefix < x'ff') ORDER BY set_until DESC, prefix DESC LIMIT 5",
        "SELECT line FROM rejected_rows WHERE run = 1 ORDER BY seq LIMIT 5",
        "SELECT id FROM runs WHERE source = 1 AND id < 9 ORDER BY id DESC LIMIT 5",
        "SELECT serial FROM publications WHERE serial < 9 ORDER BY serial DESC LIMIT 5",
        "SELECT id FROM sources WHERE name = 'a'",
        "SELECT id FROM pulls WHERE id < 9 AND status = 401 AND status NOT IN (200, 304) ORDER BY id DESC LIMIT 5",
    ] {
        let plan: Vec<String> = connection
            .prepare(&format!("EXPLAIN QUERY PLAN {sql}"))
            .unwrap()
            .query_map([], |row| row.get(3))
            .unwrap()
            .map(Result::unwrap)
            .collect();
        let plan = plan.join("; ");
        assert!(
            plan.contains("SEARCH") && !plan.contains("SCAN") && !plan.contains("TEMP B-TREE"),
            "{sql}: {plan}"
        );
    }
}

#[test]
fn a_moment_is_found_in_what_was_written_down_although_numbers_are_missing() {
    let bench = Bench::new();
    for at in 0..40 {
        bench.at(at * 1_000);
        bench.import("a", Mode::Full, &plain(&[&format!("9.9.9.{at}"), "9.9.8.0/24"]));
    }
    let runs = bench.store.runs(&RunQuery { limit: 100, ..RunQuery::default() }).unwrap();
    let first = runs.last().unwrap().ended_at;
    for (after, expected) in [(-10_000, 1), (0, 2), (20_000, 22), (100_000, 41)] {
        let before = bench.store.journal_before(Journal::Runs, first.plus_seconds(after)).unwrap();
        assert_eq!(before, expected, "{after}");
    }
    assert_eq!(bench.store.journal_before(Journal::Pulls, first).unwrap(), i64::MAX, "nothing is there");
}
