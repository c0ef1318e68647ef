//! Tries to come in: how long one waits, whom a stranger can keep out, and what is written down.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests only")]

mod support;

use std::net::IpAddr;
use std::time::Duration;

use blocklist::{Clock, Time};
use rusqlite::Connection;
use store::{Attempt, AttemptQuery, Error, Face, Limits, Outcome, Proof, Sealed};
use support::people::{BOSS, sign_in, staffed, told, user};
use support::{Bench, START};

const HOME: &str = "192.0.2.1";
const AWAY: &str = "198.51.100.9";

fn limits() -> Limits {
    Limits::default()
}

fn attempt<'a>(account: &'a str, address: &str, outcome: Outcome) -> Attempt<'a> {
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
fn wait(bench: &Bench, attempt: &Attempt<'_>) -> Option<i64> {
    let until = bench.store.attempt(attempt, &limits()).unwrap();
    until.map(|until| until.unix() - bench.clock.now().unix())
}

fn fail(bench: &Bench, account: &str, address: &str) -> Option<i64> {
    wait(bench, &attempt(account, address, Outcome::Wrong))
}

fn enter(bench: &Bench, account: &str, address: &str) -> Option<i64> {
    wait(bench, &attempt(account, address, Outcome::Ok))
}

fn locked(bench: &Bench, account: &str, address: &str) -> bool {
    bench.store.lock(Some(&user(account)), address.parse().ok(), &limits()).unwrap().is_some()
}

/// Fails at an account from so many addresses, once from each.
fn spray(bench: &Bench, account: &str, count: u8) {
    for n in 0..count {
        fail(bench, account, &format!("203.0.113.{n}"));
    }
}

fn database(bench: &Bench) -> Connection {
    Connection::open(bench.dir.path().join("blacklist.db")).unwrap()
}

fn count(bench: &Bench, table: &str) -> i64 {
    database(bench).query_row(&format!("SELECT count(*) FROM {table}"), [], |row| row.get(0)).unwrap()
}

#[test]
fn the_wait_doubles_from_the_fifth_failure_to_a_quarter_of_an_hour() {
    let bench = staffed();
    let mut now = 0;
    let mut waits = Vec::new();
    for _ in 0..17 {
        bench.at(now);
        let wait = fail(&bench, "kim", HOME).unwrap_or(0);
        waits.push(wait);
        // The first second at which another try is heard.
        now += wait.max(1);
        if wait > 0 {
            bench.at(now - 1);
            assert!(locked(&bench, "kim", HOME));
        }
        bench.at(now);
        assert!(!locked(&bench, "kim", HOME));
    }
    assert_eq!(waits, [0, 0, 0, 0, 1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900, 900]);
    // A success clears it.
    assert_eq!(enter(&bench, "kim", HOME), None);
    assert_eq!(fail(&bench, "kim", HOME), None);
}

#[test]
fn what_is_tried_while_it_is_locked_neither_comes_in_nor_makes_it_longer() {
    let bench = staffed();
    for _ in 0..7 {
        bench.store.attempt(&attempt("kim", HOME, Outcome::Wrong), &limits()).unwrap();
        bench.at(bench.clock.now().unix() - START + 5);
    }
    assert_eq!(fail(&bench, "kim", HOME), Some(8));
    for _ in 0..50 {
        assert_eq!(fail(&bench, "kim", HOME), Some(8));
    }
    // A thousand at once are past the first question; the right one among them is not heard either.
    assert_eq!(enter(&bench, "kim", HOME), Some(8));
    let query = AttemptQuery { result: Some("ok".into()), limit: 9, ..AttemptQuery::default() };
    assert!(bench.store.attempts(&query).unwrap().is_empty());
    let query = AttemptQuery { result: Some("locked".into()), limit: 9, ..AttemptQuery::default() };
    assert_eq!(bench.store.attempts(&query).unwrap()[0].count, 51);
    bench.at(bench.clock.now().unix() - START + 8);
    assert_eq!(enter(&bench, "kim", HOME), None);
}

#[test]
fn failures_are_forgotten_half_an_hour_after_the_last() {
    for (pause, next) in [(1799, Some(1)), (1800, None)] {
        let bench = staffed();
        for _ in 0..4 {
            fail(&bench, "kim", HOME);
        }
        bench.at(pause);
        assert_eq!(fail(&bench, "kim", HOME), next);
    }
    // A wait counts as long as it lasts.
    for (pause, next) in [(900 + 1799, Some(900)), (900 + 1800, None)] {
        let bench = staffed();
        let mut now = 0;
        for _ in 0..15 {
            bench.at(now);
            now += fail(&bench, "kim", HOME).unwrap_or(0);
        }
        bench.at(now - 900 + pause);
        assert_eq!(fail(&bench, "kim", HOME), next);
    }
}

#[test]
fn a_stranger_locks_an_account_for_strangers_and_not_for_its_owner() {
    let bench = staffed();
    sign_in(&bench, "kim", "k1", HOME);
    spray(&bench, "kim", 29);
    assert!(!locked(&bench, "kim", AWAY));
    spray(&bench, "kim", 30);
    assert!(locked(&bench, "kim", AWAY) && locked(&bench, "kim", "") && !locked(&bench, "kim", HOME));
    assert!(!locked(&bench, "boss", AWAY));
    assert_eq!(
        bench.store.user(&user("kim")).unwrap().unwrap().locked_until,
        Some(Time::from_unix(START + 900))
    );
    assert_eq!(enter(&bench, "kim", AWAY), Some(900));
    assert_eq!(enter(&bench, "kim", HOME), None);
    // Somebody known there who fails does not make it longer, nor does a success open it for strangers.
    bench.at(600);
    fail(&bench, "kim", HOME);
    assert!(locked(&bench, "kim", AWAY));
    bench.at(900);
    assert!(!locked(&bench, "kim", AWAY));
    assert_eq!(bench.store.user(&user("kim")).unwrap().unwrap().locked_until, None);
    // It begins anew.
    spray(&bench, "kim", 29);
    assert!(!locked(&bench, "kim", AWAY));
}

#[test]
fn a_place_is_known_for_thirty_days() {
    let bench = staffed();
    sign_in(&bench, "kim", "k1", HOME);
    let month = 30 * 86_400;
    bench.at(month - 1);
    spray(&bench, "kim", 30);
    assert!(!locked(&bench, "kim", HOME));
    bench.at(month);
    assert!(locked(&bench, "kim", HOME));
}

#[test]
fn a_place_that_fails_at_many_accounts_is_closed_but_for_those_known_there() {
    let bench = staffed();
    sign_in(&bench, "kim", "k1", AWAY);
    for n in 0..49 {
        fail(&bench, &format!("name{n}"), AWAY);
    }
    assert!(!locked(&bench, "boss", AWAY));
    let token = Attempt { proof: Proof::Token, account: None, ..attempt("", AWAY, Outcome::Wrong) };
    assert_eq!(wait(&bench, &token), None);
    assert!(locked(&bench, "boss", AWAY) && !locked(&bench, "boss", HOME) && !locked(&bench, "kim", AWAY));
    assert!(bench.store.lock(None, AWAY.parse().ok(), &limits()).unwrap().is_some());
    bench.at(900);
    assert!(!locked(&bench, "boss", AWAY));
}

#[test]
fn a_slash_64_of_ipv6_is_one_place() {
    let bench = staffed();
    for n in 0..5 {
        fail(&bench, "kim", &format!("2001:db8:1:2::{n}"));
    }
    assert!(locked(&bench, "kim", "2001:db8:1:2:ffff::1") && !locked(&bench, "kim", "2001:db8:1:3::1"));
    for _ in 0..5 {
        fail(&bench, "boss", "::ffff:192.0.2.77");
    }
    assert!(locked(&bench, "boss", "192.0.2.77"));
    let keys: Vec<String> = bench.store.locks().unwrap().into_iter().map(|row| row.key).collect();
    assert!(
        keys.contains(&"kim 2001:db8:1:2::/64".to_owned()) && keys.contains(&"boss 192.0.2.77".to_owned())
    );
}

#[test]
fn whoever_has_the_password_cannot_guess_at_codes_for_ever() {
    let bench = staffed();
    let kim = user("kim");
    let secret = Sealed { key_id: "k".into(), bytes: vec![1] };
    bench.store.draw_totp(&kim, &secret).unwrap();
    bench.store.confirm_totp(&kim, 1, &[], &BOSS).unwrap();
    let code = |outcome| Attempt { proof: Proof::Code, ..attempt("kim", HOME, outcome) };
    for _ in 0..4 {
        assert_eq!(enter(&bench, "kim", HOME), None);
        assert_eq!(wait(&bench, &code(Outcome::Wrong)), None);
    }
    assert_eq!(enter(&bench, "kim", HOME), None);
    assert_eq!(wait(&bench, &code(Outcome::Wrong)), Some(1));
    bench.at(1);
    assert_eq!(wait(&bench, &code(Outcome::Ok)), None);
    assert_eq!(wait(&bench, &code(Outcome::Wrong)), None);
}

#[test]
fn what_holds_enough_chance_is_never_locked_and_never_locks_an_account() {
    let bench = staffed();
    // A consumer may be called like a person.
    let secret =
        |outcome| Attempt { face: Face::Feed, proof: Proof::Secret, ..attempt("kim", AWAY, outcome) };
    for _ in 0..60 {
        bench.store.attempt(&secret(Outcome::Wrong), &limits()).unwrap();
    }
    assert_eq!(wait(&bench, &secret(Outcome::Ok)), None);
    assert!(locked(&bench, "kim", AWAY) && !locked(&bench, "kim", HOME));
    let kinds: Vec<String> = bench.store.locks().unwrap().into_iter().map(|row| row.kind).collect();
    assert_eq!(kinds, ["address"]);
    // The cookie of a session that is over, asked with by a page that refreshes itself.
    for _ in 0..100 {
        let cookie = Attempt { proof: Proof::Session, ..attempt("kim", HOME, Outcome::Wrong) };
        bench.store.attempt(&cookie, &limits()).unwrap();
    }
    assert!(!locked(&bench, "kim", HOME));
}

#[test]
fn the_wait_does_not_tell_which_accounts_there_are_nor_keeps_what_was_typed() {
    let bench = staffed();
    let (mut there, mut not) = (Vec::new(), Vec::new());
    for _ in 0..8 {
        there.push(fail(&bench, "kim", HOME));
        not.push(fail(&bench, "hunter2", AWAY));
        bench.at(bench.clock.now().unix() - START + 10);
    }
    assert_eq!(there, not);
    assert_eq!(not[7], Some(8));
    let shown = format!(
        "{:?} {:?}",
        bench.store.locks().unwrap(),
        bench.store.attempts(&AttemptQuery { limit: 99, ..AttemptQuery::default() }).unwrap()
    );
    assert!(shown.contains("kim") && shown.contains('?') && !shown.contains("hunter2"), "{shown}");
    drop(bench.store.backup(Some(&bench.dir.path().join("copy.db"))).unwrap());
    let bytes = std::fs::read(bench.dir.path().join("copy.db")).unwrap();
    assert!(!bytes.windows(7).any(|window| window == b"hunter2"));
}

#[test]
fn a_person_takes_locks_away() {
    let bench = staffed();
    bench
        .store
        .add_user(&user("kim.lee"), store::Role::Viewer, &support::people::phc("x"), false, None, &BOSS)
        .unwrap();
    for name in ["kim", "kim.lee"] {
        for _ in 0..5 {
            fail(&bench, name, HOME);
        }
    }
    fail(&bench, "kim", AWAY);
    let before = bench.store.locks().unwrap();
    assert_eq!((before.len(), before[0].kind.as_str(), before[0].failures), (7, "pair", 5));
    assert!(before[0].until.is_some() && before[2].until.is_none());
    assert_eq!(bench.store.unlock(&user("kim"), &BOSS).unwrap(), 3);
    assert!(!locked(&bench, "kim", HOME) && locked(&bench, "kim.lee", HOME));
    for address in ["2001:db8::1", HOME] {
        for _ in 0..50 {
            let token =
                Attempt { proof: Proof::Token, account: None, ..attempt("", address, Outcome::Wrong) };
            wait(&bench, &token);
        }
    }
    assert!(locked(&bench, "kim", HOME) && locked(&bench, "kim", "2001:db8::2"));
    assert_eq!(bench.store.unlock_address(HOME, &BOSS).unwrap(), 1);
    assert_eq!(bench.store.unlock_address("2001:db8::/64", &BOSS).unwrap(), 1);
    assert_eq!(bench.store.unlock_address("local", &BOSS).unwrap(), 0);
    assert!(!locked(&bench, "kim", HOME) && !locked(&bench, "kim", "2001:db8::2"));
    assert!(matches!(bench.store.unlock_address("192.0.2", &BOSS), Err(Error::NoAddress)));
    assert!(matches!(bench.store.unlock(&user("nobody"), &BOSS), Err(Error::NoUser(_))));
    assert!(told(&bench).contains(&"boss user.unlock 2001:db8::/64".to_owned()));
}

#[test]
fn a_clock_that_ran_ahead_locks_nobody_out() {
    let bench = staffed();
    bench.at(400 * 86_400);
    for _ in 0..6 {
        fail(&bench, "kim", HOME);
    }
    spray(&bench, "kim", 30);
    bench.at(0);
    assert!(!locked(&bench, "kim", HOME) && !locked(&bench, "kim", AWAY));
    assert!(bench.store.locks().unwrap().is_empty());
    assert_eq!(fail(&bench, "kim", HOME), None);
}

#[test]
fn the_same_try_within_a_minute_is_one_row() {
    let bench = staffed();
    let mut shown = Vec::new();
    for (at, account, address) in
        [(0, "kim", HOME), (30, "kim", HOME), (59, "kim", HOME), (59, "boss", HOME), (60, "kim", HOME)]
    {
        bench.at(at);
        fail(&bench, account, address);
    }
    enter(&bench, "kim", HOME);
    let all = AttemptQuery { limit: 9, ..AttemptQuery::default() };
    for row in bench.store.attempts(&all).unwrap() {
        let account = row.account.unwrap();
        shown.push((row.at.unix() - START, row.last_at.unix() - START, row.count, account, row.result));
    }
    let row = |at, last, count, account: &str, result: &str| {
        (at, last, count, account.to_owned(), result.to_owned())
    };
    assert_eq!(
        shown,
        [
            row(60, 60, 1, "kim", "ok"),
            row(60, 60, 1, "kim", "wrong"),
            row(59, 59, 1, "boss", "wrong"),
            row(0, 59, 3, "kim", "wrong")
        ]
    );
    let found =
        |query: AttemptQuery| bench.store.attempts(&AttemptQuery { limit: 9, ..query }).unwrap().len();
    assert_eq!(found(AttemptQuery { account: Some("kim".into()), ..AttemptQuery::default() }), 3);
    assert_eq!(
        found(AttemptQuery { address: Some(HOME.into()), before: Some(2), ..AttemptQuery::default() }),
        1
    );
    assert_eq!(found(AttemptQuery { address: Some(AWAY.into()), ..AttemptQuery::default() }), 0);
}

#[test]
fn rows_are_bounded_and_nobody_gets_rid_of_a_counter_by_failing_elsewhere() {
    let bench = staffed();
    spray(&bench, "kim", 30);
    let raw = database(&bench);
    raw.execute_batch(
        "WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 100000)
         INSERT INTO auth_locks SELECT 'address', 'x' || n, 1, 1767225600, 1767225600, NULL FROM n;
         UPDATE sqlite_sequence SET seq = 200005 WHERE name = 'auth_attempts';",
    )
    .unwrap();
    bench.at(1);
    fail(&bench, "boss", AWAY);
    assert_eq!(count(&bench, "auth_locks"), 99_000);
    assert!(locked(&bench, "kim", AWAY));
    // Numbers 1 to 6 of 30 are gone, and there is one more.
    assert_eq!(count(&bench, "auth_attempts"), 25);
    let longest = "x".repeat(100_000);
    let long = Attempt {
        proof: Proof::Token,
        account: Some(&longest),
        agent: Some(&longest),
        ..attempt("", AWAY, Outcome::Wrong)
    };
    bench.store.attempt(&long, &limits()).unwrap();
    let row = bench.store.attempts(&AttemptQuery { limit: 1, ..AttemptQuery::default() }).unwrap().remove(0);
    assert_eq!((row.account.unwrap().len(), row.agent.unwrap().len()), (63, 200));
    // What counts no more goes, a bounded part at a time; what still may close something stays.
    bench.at(1801);
    let pruned: Vec<usize> = (0..12).map(|_| bench.store.prune_accounts().unwrap()).collect();
    assert_eq!((pruned[0], pruned[11]), (10_000, 0));
    bench.at(90 * 86_400 + 2);
    assert_eq!(bench.store.prune_accounts().unwrap(), 26);
    assert_eq!((count(&bench, "auth_locks"), count(&bench, "auth_attempts")), (0, 0));
}

#[test]
fn the_numbers_are_settable() {
    let bench = staffed();
    let limits = Limits {
        pair_from: 2,
        pair_first: Duration::from_secs(10),
        pair_longest: Duration::from_secs(30),
        ..Limits::default()
    };
    let address: Option<IpAddr> = HOME.parse().ok();
    let mut waits = Vec::new();
    for _ in 0..5 {
        let until = bench.store.attempt(&attempt("kim", HOME, Outcome::Wrong), &limits).unwrap();
        assert_eq!(bench.store.lock(Some(&user("kim")), address, &limits).unwrap(), until);
        let wait = until.map_or(0, |until| until.unix() - bench.clock.now().unix());
        bench.at(bench.clock.now().unix() - START + wait);
        waits.push(wait);
    }
    assert_eq!(waits, [0, 10, 20, 30, 30]);
}

#[test]
fn no_look_up_of_a_request_scans_a_table() {
    let bench = staffed();
    let raw = database(&bench);
    for sql in [
        "SELECT 1 FROM sessions JOIN users ON users.id = sessions.user WHERE sessions.hash = x'00' AND sessions.ends_at > 1",
        "SELECT 1 FROM tokens JOIN users ON users.id = tokens.user WHERE tokens.hash = x'00' AND tokens.revoked_at IS NULL",
        "SELECT count(*) FROM recovery_codes WHERE user = 1 AND used_at IS NULL",
        "SELECT id FROM users WHERE name = 'kim' AND removed_at IS NULL",
        "SELECT failures, first_at, last_at, until FROM auth_locks WHERE kind = 'pair' AND key = 'kim x'",
        "SELECT 1 FROM known_places WHERE user = 1 AND place = 'x' AND last_at > 1",
        "SELECT id FROM auth_attempts WHERE account IS 'kim' AND address IS NULL AND face = 'page' AND kind = 'password'
            AND result = 'wrong' AND at > 1 ORDER BY at DESC LIMIT 1",
        "DELETE FROM auth_attempts WHERE id <= 5",
        "SELECT id FROM auth_attempts WHERE id < 9 AND account = 'kim' ORDER BY id DESC LIMIT 5",
        "SELECT id FROM auth_attempts WHERE id < 9 AND address = 'x' ORDER BY id DESC LIMIT 5",
        "SELECT id FROM sessions WHERE user = 1 ORDER BY id DESC LIMIT 100",
        "SELECT id FROM audit_log WHERE id > 5 ORDER BY id LIMIT 5",
    ] {
        let plan: Vec<String> = raw
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
