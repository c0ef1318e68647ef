//! What changed in the database is told to those who watch, whoever changed it.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests only")]

mod support;

use blocklist::{ConsumerSettings, Mode, Serial, Time};
use store::{NewAllow, Part, Pull, Store};
use support::{Bench, SETUP, START, plain};

const HOUR: i64 = 3_600;

fn pull(at: i64) -> Pull {
    Pull {
        at: Time::from_unix(START + at),
        consumer: None,
        feed: "default".into(),
        format: "plain".into(),
        address: None,
        agent: None,
        serial: Some(Serial(1)),
        status: 200,
        bytes: 10,
        holds: true,
    }
}

#[test]
fn each_change_is_told_once_with_the_parts_that_it_changed() {
    let bench = Bench::new();
    let mut changes = bench.store.changes().unwrap();
    let mut look = || changes.look().unwrap().into_iter().collect::<Vec<_>>();
    assert_eq!(look(), []);
    bench.import("a", Mode::Add, &plain(&["9.9.9.9"]));
    assert_eq!(look(), [Part::Publications, Part::Runs, Part::Sources]);
    assert_eq!(look(), [], "it is told already");
    let allow = NewAllow {
        prefix: "8.8.4.4".parse().unwrap(),
        reason: "ours".into(),
        owner: None,
        ticket: None,
        until: None,
        remind_days: None,
        wide: false,
    };
    bench.store.add_allow(&[allow], &SETUP).unwrap();
    assert!(look().contains(&Part::Allow));
    bench.store.add_consumer(&"FW-1".parse().unwrap(), &ConsumerSettings::default(), &[], &SETUP).unwrap();
    assert_eq!(look(), [Part::Devices]);
    bench.store.write_pulls(&[pull(0)], 30).unwrap();
    assert_eq!(look(), [Part::Reads]);
    bench.store.enable_source(&"a".parse().unwrap(), false, &SETUP).unwrap();
    assert_eq!(look(), [Part::Sources]);
    bench.store.set_setting("x", "1").unwrap();
    assert_eq!(look(), [], "nothing that anybody watches");
}

#[test]
fn what_another_process_changes_is_told_as_well() {
    let bench = Bench::new();
    let mut changes = bench.store.changes().unwrap();
    let other = Store::open(bench.dir.path(), bench.clock.clone()).unwrap();
    other.add_consumer(&"FW-1".parse().unwrap(), &ConsumerSettings::default(), &[], &SETUP).unwrap();
    assert_eq!(changes.look().unwrap().into_iter().collect::<Vec<_>>(), [Part::Devices]);
}

#[test]
fn reads_are_counted_by_the_hour_and_each_once() {
    let bench = Bench::new();
    let first_hour = START / HOUR;
    let since = Time::from_unix(START);
    assert_eq!(bench.store.reads_by_hour(None, since).unwrap(), None);
    let before: Vec<Pull> = (1..500).rev().map(|minutes| pull(-60 * minutes)).collect();
    bench.store.write_pulls(&before, 30).unwrap();
    let reads: Vec<Pull> = [0, 10, HOUR, HOUR + 1, HOUR + 2].map(pull).into();
    bench.store.write_pulls(&reads, 30).unwrap();
    let (last, hours) = bench.store.reads_by_hour(None, since).unwrap().unwrap();
    assert_eq!(hours, [(first_hour, 2), (first_hour + 1, 3)]);
    assert_eq!(bench.store.reads_by_hour(Some(last), since).unwrap(), Some((last, vec![])));
    bench.store.write_pulls(&[pull(HOUR + 3)], 30).unwrap();
    let more = bench.store.reads_by_hour(Some(last), since).unwrap();
    assert_eq!(more, Some((last + 1, vec![(first_hour + 1, 1)])));
    let later = Time::from_unix(START + HOUR);
    assert_eq!(bench.store.reads_by_hour(None, later).unwrap().unwrap().1, [(first_hour + 1, 4)]);
}
