//! Whom a stranger can keep out: an account for strangers, a place for whoever is not known there, and nobody else.

use blocklist::Time;
use store::{Attempt, Error, Face, Outcome, Proof};

use crate::support;
use crate::support::START;
use crate::support::people::{BOSS, sign_in, staffed, told, user};
use crate::tries::{AWAY, HOME, attempt, enter, fail, limits, locked, spray, wait};

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
