//! Tries as the tests make them.

use blocklist::Clock;
use rusqlite::Connection;
use store::{Attempt, Face, Limits, Outcome, Proof};

use crate::support::Bench;
use crate::support::people::user;

pub(crate) const HOME: &str = "192.0.2.1";
pub(crate) const AWAY: &str = "198.51.100.9";

pub(crate) fn limits() -> Limits {
    Limits::default()
}

pub(crate) fn attempt<'a>(account: &'a str, address: &str, outcome: Outcome) -> Attempt<'a> {
    Attempt {
        face: Face::Page,
        proof: Proof::Password,
        account: Some(account),
        address: address.parse().ok(),
        outcome,
        agent: Some("a browser"),
    }
}

/// In how many seconds another try is heard, after this one.
pub(crate) fn wait(bench: &Bench, attempt: &Attempt<'_>) -> Option<i64> {
    let until = bench.store.attempt(attempt, &limits()).unwrap();
    until.map(|until| until.unix() - bench.clock.now().unix())
}

pub(crate) fn fail(bench: &Bench, account: &str, address: &str) -> Option<i64> {
    wait(bench, &attempt(account, address, Outcome::Wrong))
}

pub(crate) fn enter(bench: &Bench, account: &str, address: &str) -> Option<i64> {
    wait(bench, &attempt(account, address, Outcome::Ok))
}

pub(crate) fn locked(bench: &Bench, account: &str, address: &str) -> bool {
    bench.store.lock(Some(&user(account)), address.parse().ok(), &limits()).unwrap().is_some()
}

/// Fails at an account from so many addresses, once from each.
pub(crate) fn spray(bench: &Bench, account: &str, count: u8) {
    for n in 0..count {
        fail(bench, account, &format!("203.0.113.{n}"));
    }
}

pub(crate) fn database(bench: &Bench) -> Connection {
    Connection::open(bench.dir.path().join("blacklist.db")).unwrap()
}

pub(crate) fn count(bench: &Bench, table: &str) -> i64 {
    database(bench).query_row(&format!("SELECT count(*) FROM {table}"), [], |row| row.get(0)).unwrap()
}
