//! The rules of waits against a naive model that reads all that ever happened: any tries, at any moments, from anywhere.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests only")]

mod support;

use std::net::IpAddr;

use proptest::prelude::*;
use store::{Attempt, Face, Limits, Outcome, Proof};
use support::people::{sign_in, staffed, user};
use support::{Bench, START};

/// The first two there are, the third not.
const NAMES: [&str; 3] = ["kim", "boss", "nobody"];
/// The owner of `kim` comes in from the first; the last two are one place; the empty one is no address.
const ADDRESSES: [&str; 6] =
    ["192.0.2.1", "192.0.2.2", "198.51.100.3", "2001:db8:1:2::a", "2001:db8:1:2:ffff::b", ""];
const HOME: usize = 0;

#[derive(Clone, Debug)]
enum Step {
    /// So many tries, so many seconds between them.
    Fail {
        name: usize,
        address: usize,
        times: u8,
        pause: i64,
    },
    /// So many tries at an account, each from another address.
    Spray {
        name: usize,
        first: u8,
        times: u8,
    },
    Enter {
        name: usize,
        address: usize,
    },
    Wait(i64),
}

fn step() -> impl Strategy<Value = Step> {
    let pause = prop_oneof![Just(0), Just(1), 1..40_i64];
    prop_oneof![
        4 => (0..3_usize, 0..6_usize, 1..25_u8, pause)
            .prop_map(|(name, address, times, pause)| Step::Fail { name, address, times, pause }),
        3 => (0..3_usize, any::<u8>(), 1..40_u8).prop_map(|(name, first, times)| Step::Spray { name, first, times }),
        3 => (0..3_usize, 0..6_usize).prop_map(|(name, address)| Step::Enter { name, address }),
        3 => prop_oneof![1..60_i64, 1..1_000_i64, 880..920_i64, 1_700..2_800_i64].prop_map(Step::Wait),
    ]
}

/// A try that was heard.
struct Heard {
    at: i64,
    name: &'static str,
    place: String,
    failed: bool,
}

#[derive(Default)]
struct Model(Vec<Heard>);

/// The /64 in the words of the test: what stands before the fifth group.
fn place(address: &str) -> String {
    let v6 = address.parse::<IpAddr>().is_ok_and(|address| address.is_ipv6());
    if v6 { address.split(':').take(4).collect::<Vec<_>>().join(":") } else { address.to_owned() }
}

impl Model {
    fn pair(&self, name: &str, place: &str, now: i64) -> Option<i64> {
        let (mut failures, mut until, mut over) = (0, None, None);
        for heard in self.0.iter().filter(|heard| heard.name == name && heard.place == place) {
            if !heard.failed || over.is_some_and(|over| heard.at >= over + 1800) {
                (failures, until) = (0, None);
            }
            if heard.failed {
                failures += 1;
                if failures >= 5 {
                    until = Some(heard.at + (1_i64 << (failures - 5).min(20)).min(900));
                }
                over = Some(until.unwrap_or(heard.at));
            }
        }
        until.filter(|until| *until > now)
    }

    fn many(&self, most: u32, now: i64, counts: impl Fn(&Heard) -> bool) -> Option<i64> {
        let (mut failures, mut first, mut last, mut until) = (0, 0, 0, None::<i64>);
        for heard in self.0.iter().filter(|heard| heard.failed && counts(heard)) {
            if until.is_some_and(|until| heard.at < until) {
                continue;
            }
            if failures == 0 || until.is_some() || heard.at >= first + 900 || heard.at >= last + 1800 {
                (failures, first, until) = (0, heard.at, None);
            }
            (failures, last) = (failures + 1, heard.at);
            if failures >= most {
                until = Some(heard.at + 900);
            }
        }
        until.filter(|until| *until > now)
    }

    fn until(&self, name: &str, address: &str, now: i64) -> Option<i64> {
        let place = place(address);
        let mut until = self.pair(name, &place, now);
        if !(name == "kim" && address == ADDRESSES[HOME]) {
            until = until.max(self.many(30, now, |heard| heard.name == name));
            if !address.is_empty() {
                until = until.max(self.many(50, now, |heard| heard.place == place));
            }
        }
        until
    }
}

/// The store, the model, and the time, moved together.
struct Both {
    bench: Bench,
    model: Model,
    now: i64,
}

impl Both {
    fn new() -> Self {
        let bench = staffed();
        sign_in(&bench, "kim", "k1", ADDRESSES[HOME]);
        Self { bench, model: Model::default(), now: 0 }
    }

    fn wait(&mut self, seconds: i64) {
        self.now += seconds;
        self.bench.at(self.now);
    }

    /// Whether it was heard; what the store answers is what the model says.
    fn attempt(&mut self, name: &'static str, address: &str, ok: bool) -> bool {
        let before = self.model.until(name, address, self.now);
        if before.is_none() {
            // What is right for nobody is nothing that happens.
            self.model.0.push(Heard { at: self.now, name, place: place(address), failed: !ok });
        }
        let after = if before.is_none() && ok { None } else { self.model.until(name, address, self.now) };
        let attempt = Attempt {
            face: Face::Page,
            proof: Proof::Password,
            account: Some(name),
            address: address.parse().ok(),
            outcome: if ok { Outcome::Ok } else { Outcome::Wrong },
            agent: None,
        };
        let said = self.bench.store.attempt(&attempt, &Limits::default()).unwrap();
        assert_eq!(said.map(|until| until.unix() - START), after, "{name} from {address} at {}", self.now);
        before.is_none()
    }

    fn locks_agree(&self) {
        for name in NAMES {
            for address in ADDRESSES {
                let said = self
                    .bench
                    .store
                    .lock(Some(&user(name)), address.parse().ok(), &Limits::default())
                    .unwrap()
                    .map(|until| until.unix() - START);
                assert_eq!(
                    said,
                    self.model.until(name, address, self.now),
                    "{name} {address} at {}",
                    self.now
                );
            }
        }
    }

    fn run(&mut self, step: &Step, not_from: Option<usize>) {
        match *step {
            Step::Fail { name, address, times, pause } if Some(address) != not_from => {
                for _ in 0..times {
                    self.attempt(NAMES[name], ADDRESSES[address], false);
                    self.wait(pause);
                }
            }
            Step::Spray { name, first, times } => {
                for n in 0..times {
                    let address = format!("203.0.113.{}", first.wrapping_add(n));
                    self.attempt(NAMES[name], &address, false);
                }
            }
            Step::Enter { name, address } if Some(address) != not_from && name < 2 => {
                self.attempt(NAMES[name], ADDRESSES[address], true);
            }
            Step::Wait(seconds) => self.wait(seconds),
            Step::Fail { .. } | Step::Enter { .. } => {}
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_tries_wait_as_the_model_says(steps in proptest::collection::vec(step(), 1..25)) {
        let mut both = Both::new();
        for step in &steps {
            both.run(step, None);
            both.locks_agree();
        }
    }

    #[test]
    fn nobody_elsewhere_keeps_an_owner_out_of_a_known_place(steps in proptest::collection::vec(step(), 1..25)) {
        let mut both = Both::new();
        for step in &steps {
            both.run(step, Some(HOME));
            prop_assert!(both.attempt("kim", ADDRESSES[HOME], true));
        }
    }

    #[test]
    fn not_even_somebody_at_that_place_for_longer_than_a_quarter_of_an_hour(
        steps in proptest::collection::vec(step(), 1..25)
    ) {
        let mut both = Both::new();
        for step in &steps {
            both.run(step, None);
            let wait = both.model.until("kim", ADDRESSES[HOME], both.now).map_or(0, |until| until - both.now);
            prop_assert!(wait <= 900);
            let (now, kept) = (both.now, both.model.0.len());
            both.wait(wait);
            let lock = both.bench.store.lock(Some(&user("kim")), ADDRESSES[HOME].parse().ok(), &Limits::default());
            prop_assert_eq!(lock.unwrap(), None);
            both.now = now;
            both.bench.at(now);
            prop_assert_eq!(both.model.0.len(), kept);
        }
    }

    #[test]
    fn rows_are_never_more_than_tries_allow(steps in proptest::collection::vec(step(), 1..25)) {
        let mut both = Both::new();
        for step in &steps {
            both.run(step, None);
        }
        let heard: std::collections::BTreeSet<_> = both.model.0.iter().map(|heard| (heard.name, &heard.place)).collect();
        let shown = both.bench.store.locks().unwrap().len();
        prop_assert!(shown <= heard.len() * 2 + NAMES.len(), "{} rows", shown);
        both.wait(900 + 1800);
        prop_assert!(both.bench.store.locks().unwrap().is_empty());
        both.bench.store.prune_accounts().unwrap();
        let raw = rusqlite::Connection::open(both.bench.dir.path().join("blacklist.db")).unwrap();
        let left: i64 = raw.query_row("SELECT count(*) FROM auth_locks", [], |row| row.get(0)).unwrap();
        prop_assert_eq!(left, 0);
    }
}
