//! Thousands of random operations against a simple model: what the store lists is what the model lists, serials only
//! grow, deltas add up.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests only")]

mod support;

use std::collections::{BTreeMap, BTreeSet};

use blocklist::{Mode, Serial};
use proptest::prelude::*;
use support::{Bench, batch};

#[derive(Clone, Debug)]
enum Step {
    Import {
        source: usize,
        mode: Mode,
        rows: Vec<(u8, Option<i64>)>,
    },
    Wait(i64),
    Publish,
    /// A source is removed; importing into it brings it back.
    Remove(usize),
    /// A removed source comes back with nothing listed yet.
    Revive(usize),
    Reopen,
    /// The process died after the commit and before the link moved.
    LoseLink,
    /// The file of the last publication is gone.
    LoseFile,
}

fn step() -> impl Strategy<Value = Step> {
    let row = (0u8..30, proptest::option::weighted(0.4, 1i64..200));
    let mode = prop_oneof![Just(Mode::Full), Just(Mode::Add)];
    prop_oneof![
        8 => (0usize..3, mode, proptest::collection::vec(row, 0..20))
            .prop_map(|(source, mode, rows)| Step::Import { source, mode, rows }),
        3 => (1i64..40).prop_map(Step::Wait),
        2 => Just(Step::Publish),
        2 => (0usize..3).prop_map(Step::Remove),
        1 => (0usize..3).prop_map(Step::Revive),
        1 => Just(Step::Reopen),
        1 => Just(Step::LoseLink),
        1 => Just(Step::LoseFile),
    ]
}

fn prefix(n: u8) -> String {
    // Hosts and networks that hold them, of both families.
    match n {
        0..10 => format!("9.9.{n}.1"),
        10..20 => format!("9.9.{}.0/24", n - 10),
        _ => format!("2a00::{n}"),
    }
}

/// What each source lists: prefix to end.
type Model = [BTreeMap<String, Option<i64>>; 3];

fn apply(model: &mut Model, source: usize, mode: Mode, rows: &[(u8, Option<i64>)], now: i64) -> bool {
    let mut joined: BTreeMap<String, Option<i64>> = BTreeMap::new();
    for &(n, until) in rows {
        let kept = joined.entry(prefix(n)).or_insert(until);
        *kept = match (*kept, until) {
            (Some(a), Some(b)) => Some(a.max(b)),
            _ => None,
        };
    }
    let had = model[source].values().filter(|until| until.is_none_or(|until| until > now)).count();
    if joined.is_empty() || mode == Mode::Full && joined.len() * 2 < had {
        return false;
    }
    if mode == Mode::Full {
        model[source].clear();
    }
    model[source].extend(joined);
    true
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, ..ProptestConfig::default() })]

    #[test]
    fn the_store_lists_what_the_model_lists(steps in proptest::collection::vec(step(), 1..40)) {
        let mut bench = Bench::new();
        let mut model = Model::default();
        let mut now = 0;
        let mut published: BTreeSet<String> = BTreeSet::new();
        let mut history: BTreeMap<Serial, BTreeSet<String>> = BTreeMap::new();
        for step in steps {
            let mut publishes = false;
            match step {
                Step::Import { source, mode, rows } => {
                    let texts: Vec<(String, Option<i64>)> = rows.iter().map(|&(n, until)| (prefix(n), until)).collect();
                    let rows_of: Vec<support::Row<'_>> = texts.iter().map(|(text, until)| (text.as_str(), *until, "")).collect();
                    let done = bench.import(["a", "b", "c"][source], mode, &batch(&rows_of));
                    let believed = apply(&mut model, source, mode, &rows, now);
                    prop_assert_eq!(believed, done.run.cause.is_none(), "{:?}", done.run.cause);
                    publishes = true;
                }
                Step::Wait(seconds) => {
                    now += seconds;
                    bench.at(now);
                }
                Step::Publish => {
                    bench.store.publish().unwrap();
                    publishes = true;
                }
                Step::Remove(source) => {
                    let of = support::name(["a", "b", "c"][source]);
                    let there = bench.store.sources().unwrap().iter().any(|row| row.name == of);
                    let removed = bench.store.remove_source(&of);
                    prop_assert_eq!(there, removed.is_ok());
                    if let Ok(removed) = removed {
                        prop_assert_eq!(removed.listings, model[source].len() as u64);
                        model[source].clear();
                        publishes = true;
                    }
                }
                Step::Revive(source) => {
                    let of = support::name(["a", "b", "c"][source]);
                    let there = bench.store.sources().unwrap().iter().any(|row| row.name == of);
                    prop_assert_eq!(there, bench.store.add_source(&of, "file", "{}", true).is_err());
                }
                Step::Reopen => bench = bench.reopen(),
                Step::LoseLink => {
                    let serials = bench.store.files().serials().unwrap();
                    if let [.., before, _] = serials[..] {
                        bench.store.files().make_current(before).unwrap();
                    }
                    bench = bench.reopen();
                }
                Step::LoseFile => {
                    if let Some(last) = bench.store.files().current_serial().unwrap() {
                        // It may be lost already, while the gate holds what would follow it.
                        if let Some(path) = bench.store.files().path(last) {
                            std::fs::remove_file(path).unwrap();
                        }
                        bench = bench.reopen();
                        // Written again from the database, or followed by a new one.
                        bench.store.publish().unwrap();
                        publishes = true;
                    }
                }
            }
            if publishes {
                let active = model.iter().flatten().filter(|(_, until)| until.is_none_or(|until| until > now));
                let active: BTreeSet<String> = active.map(|(prefix, _)| prefix.clone()).collect();
                // An empty candidate is held and the last list goes on.
                if !active.is_empty() {
                    published = active;
                }
            }
            let feed: BTreeSet<String> = match bench.store.files().load_current() {
                Ok(_) => bench.feed().into_iter().collect(),
                // Gone, and the gate holds the empty list that would follow it.
                Err(_) => published.clone(),
            };
            prop_assert_eq!(&feed, &published);
            if let Some(newest) = bench.store.publications(None, 1).unwrap().first() {
                if let Some((last, _)) = history.last_key_value() {
                    prop_assert!(newest.serial >= *last);
                }
                history.entry(newest.serial).or_insert_with(|| published.clone());
            }
        }
        // A file or link that was lost while the gate holds what would follow is told; nothing else is wrong.
        let problems = bench.store.check().unwrap();
        prop_assert!(problems.iter().all(|problem| problem.contains("publication")), "{problems:?}");
        let serials: Vec<Serial> = history.keys().copied().collect();
        for pair in serials.windows(2) {
            if let Some(delta) = bench.store.delta(pair[0], pair[1]).unwrap() {
                let mut set = history[&pair[0]].clone();
                set.retain(|text| !delta.removed.contains(&text.parse().unwrap()));
                set.extend(delta.added.iter().map(ToString::to_string));
                prop_assert_eq!(&set, &history[&pair[1]]);
            }
        }
    }
}
