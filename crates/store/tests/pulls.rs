//! Who read what, and what consumers hold.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests only")]

mod support;

use blocklist::{ConsumerName, ConsumerSettings, Mode, Serial, Time};
use store::{Actor, ConsumerId, Pull, PullQuery};
use support::{Bench, START, plain};

const BY: Actor<'static> = Actor { address: None, by: "kim", note: None };
const DAY: i64 = 86_400;

fn bench() -> (Bench, ConsumerName, ConsumerId) {
    let bench = Bench::new();
    let name: ConsumerName = "FW-3".parse().unwrap();
    bench.store.add_consumer(&name, &ConsumerSettings::default(), &[], &BY).unwrap();
    let id = bench.store.access().unwrap().readers[0].id;
    (bench, name, id)
}

fn pull(at: i64, consumer: Option<ConsumerId>, serial: u64, status: u16) -> Pull {
    Pull {
        at: Time::from_unix(START + at),
        consumer,
        feed: "default".into(),
        format: "plain".into(),
        address: Some("::ffff:10.0.0.7".parse().unwrap()),
        agent: Some("FortiGate".into()),
        serial: (serial > 0).then_some(Serial(serial)),
        status,
        bytes: 10,
        holds: true,
    }
}

#[test]
fn a_consumer_holds_what_it_read_last_and_lags_by_the_publications_since() {
    let (bench, name, id) = bench();
    for last in 1..=4 {
        bench.at(last);
        bench.import("a", Mode::Add, &plain(&[&format!("{last}.1.1.1")]));
    }
    let current = bench.store.files().current_serial().unwrap().unwrap().0;
    let reads = [pull(10, Some(id), current - 3, 200), pull(20, Some(id), current - 2, 304)];
    bench.store.write_pulls(&reads, 30).unwrap();
    let row = bench.store.consumer(&name).unwrap();
    let held = &row.holdings[0];
    assert_eq!((row.holdings.len(), held.serial.0, held.behind), (1, current - 2, 2));
    assert_eq!(held.address.as_deref(), Some("10.0.0.7"), "an IPv4 peer on an IPv6 socket is IPv4");
    let now = Time::from_unix(START + 20 + 3 * 3_600);
    let serial = current - 2;
    assert_eq!(row.sentence(now), format!("FW-3 holds serial {serial}, two behind, last seen 3 h ago"));

    // None of these says that the device has another list now.
    let head = Pull { holds: false, ..pull(30, Some(id), current, 200) };
    let late = pull(5, Some(id), 1, 200);
    let others =
        [head, late, pull(31, Some(id), 0, 503), pull(32, Some(id), 0, 403), pull(33, None, current, 200)];
    bench.store.write_pulls(&others, 30).unwrap();
    assert_eq!(bench.store.consumer(&name).unwrap().holdings[0].serial.0, serial);
    bench.store.write_pulls(&[pull(40, Some(id), current, 200)], 30).unwrap();
    assert_eq!(bench.store.consumer(&name).unwrap().holdings[0].behind, 0);
}

#[test]
fn one_that_read_nothing_is_said_to_have_read_nothing() {
    let (bench, name, _) = bench();
    let row = bench.store.consumer(&name).unwrap();
    assert_eq!(row.sentence(Time::from_unix(START)), "FW-3 has read nothing yet");
}

#[test]
fn pulls_are_found_by_consumer_status_and_time_and_page_by_page() {
    let (bench, name, id) = bench();
    let pulls: Vec<Pull> = (0..20)
        .map(|at| pull(at, (at % 2 == 0).then_some(id), at as u64, if at % 5 == 0 { 304 } else { 200 }))
        .collect();
    bench.store.write_pulls(&pulls, 30).unwrap();
    let times = |query: PullQuery| {
        let rows = bench.store.pulls(&query, 100).unwrap();
        rows.iter().map(|row| row.at.unix() - START).collect::<Vec<_>>()
    };
    assert_eq!(times(PullQuery::default()), (0..20).rev().collect::<Vec<_>>());
    let mine = PullQuery { consumer: Some(name.clone()), status: Some(304), ..PullQuery::default() };
    assert_eq!(times(mine), [10, 0]);
    let at = |seconds| Some(Time::from_unix(START + seconds));
    assert_eq!(times(PullQuery { since: at(3), until: at(6), ..PullQuery::default() }), [5, 4, 3]);
    let stranger = PullQuery { consumer: Some("nobody".parse().unwrap()), ..PullQuery::default() };
    assert_eq!(times(stranger), [0; 0]);
    let first = bench.store.pulls(&PullQuery::default(), 15).unwrap();
    let rest = PullQuery { before: first.last().map(|row| row.id), ..PullQuery::default() };
    assert_eq!(times(rest), [4, 3, 2, 1, 0]);
    assert_eq!(first[1].consumer.as_deref(), Some("FW-3"));
    assert_eq!((first[0].consumer.as_deref(), first[0].status), (None, 200));
}

#[test]
fn old_pulls_go_as_new_ones_come_and_holdings_stay() {
    let (bench, name, id) = bench();
    let old: Vec<Pull> = (0..2_500).map(|_| pull(0, Some(id), 1, 200)).collect();
    bench.store.write_pulls(&old, 30).unwrap();
    bench.at(30 * DAY);
    bench.store.write_pulls(&[pull(30 * DAY, None, 1, 200)], 30).unwrap();
    assert_eq!(
        bench.store.pulls(&PullQuery::default(), 9_999).unwrap().len(),
        2_501,
        "just 30 days are kept"
    );
    bench.at(30 * DAY + 1);
    bench.store.write_pulls(&[], 30).unwrap();
    assert_eq!(
        bench.store.pulls(&PullQuery::default(), 9_999).unwrap().len(),
        501,
        "a bounded number at once"
    );
    bench.store.write_pulls(&[], 30).unwrap();
    assert_eq!(bench.store.pulls(&PullQuery::default(), 9_999).unwrap().len(), 1);
    assert_eq!(bench.store.consumer(&name).unwrap().holdings.len(), 1);
}

#[test]
fn a_number_that_no_consumer_has_is_a_reader_without_a_name() {
    let (bench, _, _) = bench();
    bench.store.write_pulls(&[pull(0, Some(ConsumerId(99)), 1, 200)], 30).unwrap();
    assert_eq!(bench.store.pulls(&PullQuery::default(), 9).unwrap()[0].consumer, None);
}

#[test]
fn the_pulls_of_a_removed_consumer_keep_its_name() {
    let (bench, name, id) = bench();
    bench.store.write_pulls(&[pull(0, Some(id), 1, 200)], 30).unwrap();
    bench.store.remove_consumer(&name, &BY).unwrap();
    bench.store.write_pulls(&[pull(1, Some(id), 2, 200)], 30).unwrap();
    let query = PullQuery { consumer: Some(name.clone()), ..PullQuery::default() };
    assert_eq!(bench.store.pulls(&query, 9).unwrap().len(), 2);
    bench.store.add_consumer(&name, &ConsumerSettings::default(), &[], &BY).unwrap();
    assert!(bench.store.consumer(&name).unwrap().holdings.is_empty());
}
