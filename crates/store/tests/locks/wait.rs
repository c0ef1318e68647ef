//! How long somebody waits after failures, what lengthens that, and what ends it.

use std::net::IpAddr;
use std::time::Duration;

use blocklist::Clock;
use store::{Attempt, AttemptQuery, Limits, Outcome, Proof, Sealed};

use crate::support::START;
use crate::support::people::{BOSS, staffed, user};
use crate::tries::{AWAY, HOME, attempt, enter, fail, limits, locked, spray, wait};

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
