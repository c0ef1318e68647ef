//! Publications: numbered, exact, on disk, and never back.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests only")]

mod support;

use std::fs;

use blocklist::{Delta, Mode, Serial};
use store::{Actor, Error, History, Published};
use support::{Bench, batch, plain};

const ACTOR: Actor<'static> = Actor { address: None, by: "kim", note: None };

#[test]
fn what_ends_leaves_the_next_publication_at_that_second() {
    let bench = Bench::new();
    bench.import("a", Mode::Full, &batch(&[("1.1.1.1", Some(100), ""), ("2.2.2.2", None, "")]));
    bench.at(99);
    assert!(matches!(bench.store.publish().unwrap(), Published::Same(_)));
    bench.at(100);
    let Published::New(row) = bench.store.publish().unwrap() else { panic!("not published") };
    assert_eq!((row.serial.0, row.removed, row.next_end), (2, 1, None));
    assert_eq!(bench.feed(), ["2.2.2.2"]);
}

#[test]
fn a_candidate_that_lists_nothing_is_held_and_the_last_list_goes_on() {
    let bench = Bench::new();
    bench.import("a", Mode::Full, &batch(&[("1.1.1.1", Some(100), "")]));
    bench.at(100);
    let Published::Held { last, reasons } = bench.store.publish().unwrap() else { panic!("published") };
    assert_eq!((last.unwrap().serial.0, reasons.len()), (1, 1));
    assert_eq!(bench.feed(), ["1.1.1.1"]);
}

#[test]
fn two_sources_that_list_one_prefix_make_one_entry() {
    let bench = Bench::new();
    bench.import("b", Mode::Full, &plain(&["1.1.1.1", "2.2.2.2"]));
    bench.import("a", Mode::Full, &plain(&["1.1.1.1"]));
    let publication = bench.store.files().load_current().unwrap().unwrap();
    assert_eq!((publication.entries(), publication.content().len()), (2, 3));
    let names: Vec<String> = publication
        .content()
        .listings()
        .map(|(chunk, listing)| chunk.source_of(listing).to_string())
        .collect();
    assert_eq!(names, ["a", "b", "b"]);
}

#[test]
fn the_order_of_imports_does_not_change_the_content() {
    let hash = |order: [usize; 3]| {
        let bench = Bench::new();
        let batches =
            [plain(&["1.1.1.1", "5.0.0.0/16"]), batch(&[("2.2.2.2", None, "scan")]), plain(&["2a00::1"])];
        for at in order {
            bench.import(["c", "a", "b"][at], Mode::Full, &batches[at]);
        }
        bench.store.files().load_current().unwrap().unwrap().head().hash
    };
    assert_eq!(hash([0, 1, 2]), hash([2, 0, 1]));
}

#[test]
fn what_differs_is_the_same_by_the_steps_between_and_by_what_both_hold() {
    let bench = Bench::new();
    for hosts in
        [["1.1.1.1", "2.2.2.2"], ["2.2.2.2", "3.3.3.3"], ["1.1.1.1", "3.3.3.3"], ["1.1.1.1", "2.2.2.2"]]
    {
        bench.import("a", Mode::Full, &plain(&hosts));
    }
    let diff = |from, to| bench.store.diff(Serial(from), Serial(to));
    let held = |serial| bench.store.load_publication(Serial(serial)).unwrap();
    for (from, to) in (1..=4).flat_map(|from| (1..=4).map(move |to| (from, to))) {
        assert_eq!(
            diff(from, to).unwrap(),
            Delta::of(held(from).content(), held(to).content()),
            "{from} to {to}"
        );
    }
    for (from, to) in [(0, 3), (3, 0), (2, 9), (9, 9)] {
        assert!(matches!(diff(from, to), Err(Error::NoPublication(_))), "{from} to {to}");
    }
}

#[test]
fn a_publication_whose_process_died_before_the_link_moved_is_finished_at_the_next_start() {
    let bench = Bench::new();
    bench.import("a", Mode::Full, &plain(&["1.1.1.1"]));
    bench.import("a", Mode::Add, &plain(&["2.2.2.2"]));
    bench.store.files().make_current(Serial(1)).unwrap();
    assert_eq!(bench.feed().len(), 1);
    let bench = bench.reopen();
    assert_eq!(bench.feed(), ["1.1.1.1", "2.2.2.2"]);
}

#[test]
fn an_orphan_of_a_killed_process_is_overwritten() {
    let bench = Bench::new();
    bench.import("a", Mode::Full, &plain(&["1.1.1.1"]));
    let orphan = bench.store.files().path(Serial(1)).unwrap().with_file_name("000000000002.change");
    fs::write(orphan, b"torn").unwrap();
    let bench = bench.reopen();
    assert_eq!(bench.feed(), ["1.1.1.1"]);
    bench.import("a", Mode::Add, &plain(&["2.2.2.2"]));
    assert_eq!(bench.feed(), ["1.1.1.1", "2.2.2.2"]);
}

#[test]
fn a_torn_file_is_an_error_and_is_written_again_from_the_database() {
    let bench = Bench::new();
    bench.import("a", Mode::Full, &plain(&["1.1.1.1"]));
    let path = bench.store.files().path(Serial(1)).unwrap();
    let whole = fs::read(&path).unwrap();
    for at in [0, 20, 50, 90, whole.len() - 1] {
        let mut torn = whole.clone();
        torn[at] ^= 1;
        fs::write(&path, torn).unwrap();
        assert!(matches!(bench.store.files().load_current(), Err(Error::Publication { .. })), "byte {at}");
    }
    fs::write(&path, &whole[..whole.len() - 1]).unwrap();
    assert_eq!(bench.store.check().unwrap().len(), 1);
    assert!(matches!(bench.store.publish().unwrap(), Published::Same(_)));
    assert_eq!(fs::read(&path).unwrap(), whole);
    // Under a process that has read it, made one after it, and reads no more.
    bench.import("a", Mode::Add, &plain(&["2.2.2.2"]));
    for time in ["once", "again"] {
        let path = bench.store.files().path(Serial(2)).unwrap();
        let mut torn = fs::read(&path).unwrap();
        *torn.last_mut().unwrap() ^= 1;
        fs::write(&path, torn).unwrap();
        assert!(matches!(bench.store.files().load_current(), Err(Error::Publication { .. })), "{time}");
        assert!(matches!(bench.store.publish().unwrap(), Published::Same(_)));
        assert_eq!(bench.feed(), ["1.1.1.1", "2.2.2.2"], "{time}");
    }
}

#[test]
fn publications_are_kept_for_so_long_and_their_rows_for_ever() {
    let bench = Bench::new();
    bench.store.set_history(&History { days: 1, least: 4 }, &ACTOR).unwrap();
    for n in 1..=32 {
        bench.at(n * 3_600);
        bench.import("a", Mode::Add, &plain(&[&format!("1.1.{n}.1")]));
    }
    let kept = bench.store.files().serials().unwrap();
    assert!(kept.first() > Some(&Serial(1)) && kept.first() <= Some(&Serial(9)), "{kept:?}");
    for serial in 9..=32 {
        let publication = bench.store.files().load(Serial(serial)).unwrap();
        assert_eq!(publication.entries() as u64, serial, "every one of the last day is whole");
    }
    assert!(matches!(bench.store.load_publication(Serial(1)), Err(Error::NoPublication(Serial(1)))));
    assert_eq!(bench.store.publications(None, 100).unwrap().len(), 32);
    let delta = bench.store.diff(Serial(1), Serial(12)).unwrap();
    assert_eq!(delta.added.len(), 11, "what changed is in the rows");
}

#[test]
fn a_preview_of_the_publication_names_what_would_change() {
    let bench = Bench::new();
    bench.import("a", Mode::Full, &batch(&[("1.1.1.1", Some(100), ""), ("2.2.2.2", None, "")]));
    bench.at(200);
    let preview = bench.store.preview_publication().unwrap();
    assert_eq!((preview.delta.added.len(), preview.delta.removed.len(), preview.entries), (0, 1, 1));
    assert_eq!(preview.reasons, []);
    assert_eq!(bench.feed().len(), 2);
}
