//! The list day by day: written again for the same day, all rows or none.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests only")]

mod support;

use store::{Error, TrendRow};
use support::{Bench, SETUP, name};

fn row(day: i64, source: Option<&str>, entries: u64) -> TrendRow {
    TrendRow { day, source: source.map(name), entries, added: entries / 2, ended: 1 }
}

#[test]
fn a_day_is_kept_once_and_whole() {
    let bench = Bench::new();
    for source in ["b", "a"] {
        bench.store.add_source(&name(source), "url", "{}", true, &SETUP).unwrap();
    }
    let keep = |day, rows: &[TrendRow]| bench.store.keep_trend(day, rows);
    keep(9, &[row(9, Some("a"), 4)]).unwrap();
    keep(10, &[row(10, Some("a"), 5), row(10, None, 7)]).unwrap();
    keep(10, &[row(10, None, 8), row(10, Some("b"), 3)]).unwrap();
    let refused = keep(10, &[row(10, None, 99), row(10, Some("nobody"), 3)]);
    assert!(matches!(refused, Err(Error::NoSource(_))));
    bench.store.remove_source(&name("a"), &SETUP).unwrap();
    let whole = [row(10, None, 8), row(10, Some("b"), 3), row(10, Some("a"), 5)];
    assert_eq!(bench.store.trend(10).unwrap(), whole);
    assert_eq!(bench.store.trend(0).unwrap().len(), 4);
    assert!(bench.store.trend(11).unwrap().is_empty());
}
