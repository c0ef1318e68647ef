//! Random orders by hand between random imports, against a naive model: counts and states are right, and the list is what
//! is active.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests only")]

mod support;

use std::collections::{BTreeMap, BTreeSet};

use blocklist::{Mode, State, Time};
use proptest::prelude::*;
use store::{Actor, ByHand, Edit, EditTo, ListingQuery};
use support::{Bench, START, batch, name};

const KIM: Actor<'static> = Actor { address: None, by: "kim", note: None };
const SOURCES: [&str; 3] = ["a", "b", "manual"];

#[derive(Clone, Debug)]
enum Step {
    Import { source: usize, mode: Mode, rows: Vec<(u8, Option<i64>)> },
    Block(Vec<(u8, Option<i64>)>),
    End { source: usize, n: u8, until: Option<i64> },
    Remove { source: usize, n: u8 },
    Restore { source: usize, n: u8 },
    Wait(i64),
}

fn step() -> impl Strategy<Value = Step> {
    let rows = || proptest::collection::vec((0u8..8, proptest::option::weighted(0.4, 1i64..100)), 1..8);
    let until = proptest::option::weighted(0.7, 1i64..100);
    prop_oneof![
        3 => (0usize..2, prop_oneof![Just(Mode::Full), Just(Mode::Add)], rows())
            .prop_map(|(source, mode, rows)| Step::Import { source, mode, rows }),
        3 => rows().prop_map(Step::Block),
        3 => (0usize..3, 0u8..8, until).prop_map(|(source, n, until)| Step::End { source, n, until }),
        3 => (0usize..3, 0u8..8).prop_map(|(source, n)| Step::Remove { source, n }),
        2 => (0usize..3, 0u8..8).prop_map(|(source, n)| Step::Restore { source, n }),
        2 => (1i64..30).prop_map(Step::Wait),
    ]
}

fn prefix(n: u8) -> String {
    format!("9.9.{n}.1")
}

/// A listing of the model.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Known {
    withdrawn: bool,
    removed: bool,
    until: Option<i64>,
    set_until: Option<i64>,
}

impl Known {
    fn end(&self) -> Option<i64> {
        self.set_until.or(self.until)
    }

    fn state(&self, now: i64) -> State {
        match self {
            Self { removed: true, .. } => State::Removed,
            Self { withdrawn: true, .. } => State::Withdrawn,
            _ if self.end().is_some_and(|end| end <= now) => State::Expired,
            _ => State::Active,
        }
    }
}

type Model = BTreeMap<(usize, u8), Known>;

fn join(rows: &[(u8, Option<i64>)]) -> BTreeMap<u8, Option<i64>> {
    let mut joined = BTreeMap::new();
    for &(n, until) in rows {
        let kept = joined.entry(n).or_insert(until);
        *kept = kept.zip(until).map(|(a, b)| a.max(b));
    }
    joined
}

fn texts(rows: &[(u8, Option<i64>)]) -> Vec<(String, Option<i64>)> {
    rows.iter().map(|&(n, until)| (prefix(n), until)).collect()
}

fn edit(bench: &Bench, source: usize, n: u8, to: EditTo) -> bool {
    let edit = Edit { source: Some(name(SOURCES[source])), prefix: prefix(n).parse().unwrap(), to };
    bench.store.edit_listings(&[edit], &KIM).is_ok()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 50, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_orders_between_any_imports_leave_counts_and_states_right(steps in proptest::collection::vec(step(), 1..30)) {
        let bench = Bench::new();
        let mut model = Model::new();
        let mut now = 0;
        for step in steps {
            match step {
                Step::Import { source, mode, rows } => {
                    let texts = texts(&rows);
                    let rows_of: Vec<support::Row<'_>> = texts.iter().map(|(text, until)| (text.as_str(), *until, "")).collect();
                    let source_name = name(SOURCES[source]);
                    let batch = batch(&rows_of);
                    // The share of what it had is another test's matter.
                    let request = store::Import { min_share: 0.0, ..bench.request(&source_name, mode, &batch) };
                    bench.store.import(&request).unwrap();
                    let joined = join(&rows);
                    if mode == Mode::Full {
                        for ((of, n), known) in &mut model {
                            known.withdrawn |= *of == source && !known.removed && !joined.contains_key(n);
                        }
                    }
                    for (n, until) in joined {
                        let fresh = Known { withdrawn: false, removed: false, until, set_until: None };
                        let known = model.entry((source, n)).or_insert(fresh);
                        if !known.removed {
                            (known.withdrawn, known.until) = (false, until);
                        }
                    }
                }
                Step::Block(rows) => {
                    let rows: Vec<(u8, Option<i64>)> = rows.iter().map(|&(n, until)| (n, until.map(|until| now + until))).collect();
                    let texts = texts(&rows);
                    let rows_of: Vec<support::Row<'_>> = texts.iter().map(|(text, until)| (text.as_str(), *until, "")).collect();
                    let batch = batch(&rows_of);
                    bench.store.block(&ByHand { batch: &batch, input: "-", anyway: false, wide: false }, &KIM).unwrap();
                    for (n, until) in join(&rows) {
                        let until = match model.get(&(2, n)) {
                            Some(known) if !known.removed && !known.withdrawn => until.zip(known.end()).map(|(a, b)| a.max(b)),
                            _ => until,
                        };
                        model.insert((2, n), Known { withdrawn: false, removed: false, until, set_until: None });
                    }
                }
                Step::End { source, n, until } => {
                    let done = edit(&bench, source, n, EditTo::End(until.map(|until| Time::from_unix(START + until))));
                    prop_assert_eq!(done, model.contains_key(&(source, n)));
                    if let Some(known) = model.get_mut(&(source, n)) {
                        if source == 2 { known.until = until } else { known.set_until = until }
                    }
                }
                Step::Remove { source, n } => {
                    prop_assert_eq!(edit(&bench, source, n, EditTo::Removed), model.contains_key(&(source, n)));
                    if let Some(known) = model.get_mut(&(source, n)) {
                        known.removed = true;
                    }
                }
                Step::Restore { source, n } => {
                    let can = model.get(&(source, n)).is_some_and(|known| known.removed);
                    prop_assert_eq!(edit(&bench, source, n, EditTo::Restored), can);
                    if let Some(known) = model.get_mut(&(source, n)) {
                        known.removed = false;
                    }
                }
                Step::Wait(seconds) => {
                    now += seconds;
                    bench.at(now);
                    bench.store.publish_ended().unwrap();
                }
            }
            let mut states: BTreeMap<(usize, u8), (State, Option<i64>)> = BTreeMap::new();
            for (at, source) in SOURCES.iter().enumerate() {
                let query = ListingQuery { source: Some(name(source)), limit: 99, ..ListingQuery::default() };
                for row in bench.store.listings(&query).unwrap() {
                    let n = (0..8).find(|&n| prefix(n) == row.prefix.to_string()).unwrap();
                    states.insert((at, n), (row.state, row.until.map(|until| until.unix() - START)));
                }
            }
            let expected: BTreeMap<(usize, u8), (State, Option<i64>)> =
                model.iter().map(|(&of, known)| (of, (known.state(now), known.end()))).collect();
            prop_assert_eq!(&states, &expected);
            let active: BTreeSet<String> =
                states.iter().filter(|(_, (state, _))| *state == State::Active).map(|((_, n), _)| prefix(*n)).collect();
            // An empty list is held.
            if !active.is_empty() {
                let feed: BTreeSet<String> = bench.feed().into_iter().collect();
                prop_assert_eq!(&feed, &active);
            }
            for source in bench.store.sources().unwrap() {
                let at = SOURCES.iter().position(|name| *name == source.name.as_str()).unwrap();
                let count = |wanted| states.iter().filter(|((of, _), (state, _))| *of == at && *state == wanted).count() as u64;
                prop_assert_eq!(
                    [source.active, source.expired, source.withdrawn, source.removed],
                    [State::Active, State::Expired, State::Withdrawn, State::Removed].map(count)
                );
            }
        }
        let problems = bench.store.check().unwrap();
        prop_assert!(problems.is_empty(), "{problems:?}");
    }
}
