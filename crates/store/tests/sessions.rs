//! Sessions: over when they are, idle or closed; a code opens one under another hash.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests only")]

mod support;

use std::time::Duration;

use blocklist::{Clock, Time};
use store::{AuditQuery, Role};
use support::people::{BOSS, add, hash, sign_in, staffed, told, user};
use support::{Bench, START};

const IDLE: Duration = Duration::from_mins(30);

fn live(bench: &Bench, cookie: &str) -> bool {
    bench.store.session(&hash(cookie), IDLE).unwrap().is_some()
}

fn waiting(bench: &Bench, cookie: &str) -> store::SessionRow {
    let end = Time::from_unix(START + 300);
    let address = Some("2001:db8::7".parse().unwrap());
    bench.store.open_session(&hash(cookie), &user("kim"), true, end, address, None).unwrap()
}

fn places(bench: &Bench) -> Vec<String> {
    let raw = rusqlite::Connection::open(bench.dir.path().join("blacklist.db")).unwrap();
    let mut statement = raw.prepare("SELECT place FROM known_places ORDER BY place").unwrap();
    let rows = statement.query_map([], |row| row.get(0)).unwrap();
    rows.map(Result::unwrap).collect()
}

#[test]
fn a_session_is_known_by_its_cookie_until_it_is_over() {
    let bench = staffed();
    bench.at(10);
    let made = sign_in(&bench, "kim", "k1", "::ffff:192.0.2.1");
    assert_eq!(made.address, Some("192.0.2.1".parse().unwrap()));
    let (row, owner) = bench.store.session(&hash("k1"), IDLE).unwrap().unwrap();
    assert_eq!((&row, owner.name.as_str(), owner.role), (&made, "kim", Role::Operator));
    assert_eq!(owner.last_login_at, Some(Time::from_unix(START + 10)));
    assert_eq!(places(&bench), ["192.0.2.1"]);
    assert!(!live(&bench, "k2"));
    let long = Duration::from_secs(1 << 40);
    bench.at(12 * 3600 - 1);
    assert!(bench.store.session(&hash("k1"), long).unwrap().is_some());
    bench.at(12 * 3600);
    assert!(bench.store.session(&hash("k1"), long).unwrap().is_none());
}

#[test]
fn a_session_that_is_not_used_is_over_and_one_that_is_used_goes_on() {
    let bench = staffed();
    let mut row = sign_in(&bench, "kim", "k1", "192.0.2.1");
    bench.at(59);
    bench.store.touch_session(&row).unwrap();
    bench.at(60);
    let seen = |bench: &Bench| bench.store.sessions(None, IDLE).unwrap()[0].seen_at.unix() - START;
    assert_eq!(seen(&bench), 0);
    bench.store.touch_session(&row).unwrap();
    assert_eq!(seen(&bench), 60);
    for minutes in 1..=200 {
        bench.at(minutes * 60 + 60);
        row = bench.store.session(&hash("k1"), IDLE).unwrap().unwrap().0;
        bench.store.touch_session(&row).unwrap();
    }
    let last = 200 * 60 + 60;
    bench.at(last + 1799);
    assert!(live(&bench, "k1"));
    bench.at(last + 1800);
    assert!(!live(&bench, "k1") && bench.store.sessions(None, IDLE).unwrap().is_empty());
}

#[test]
fn a_code_opens_a_session_under_another_hash_and_once() {
    let bench = staffed();
    let row = waiting(&bench, "before");
    assert!(
        row.waits_for_code && bench.store.session(&hash("before"), IDLE).unwrap().unwrap().0.waits_for_code
    );
    // Nobody has come in yet.
    assert_eq!(bench.store.user(&user("kim")).unwrap().unwrap().last_login_at, None);
    assert_eq!(places(&bench), [""; 0]);
    bench.at(20);
    let open = bench.store.pass_code(row.id, &hash("after")).unwrap().unwrap();
    assert_eq!((open.id, open.waits_for_code, open.proved_at), (row.id, false, row.proved_at));
    assert!(!live(&bench, "before") && live(&bench, "after"));
    assert_eq!(bench.store.user(&user("kim")).unwrap().unwrap().last_login_at, Some(bench.clock.now()));
    assert_eq!(places(&bench), ["2001:db8::/64"]);
    assert_eq!(bench.store.pass_code(row.id, &hash("again")).unwrap(), None);
    let late = waiting(&bench, "late");
    bench.at(300);
    assert_eq!(bench.store.pass_code(late.id, &hash("x")).unwrap(), None);
}

#[test]
fn the_password_typed_again_is_remembered() {
    let bench = staffed();
    let row = sign_in(&bench, "kim", "k1", "192.0.2.1");
    bench.at(500);
    assert!(bench.store.prove_session(row.id).unwrap());
    let (row, _) = bench.store.session(&hash("k1"), IDLE).unwrap().unwrap();
    assert_eq!(row.proved_at, bench.clock.now());
    bench.store.end_session(row.id, &BOSS).unwrap();
    assert!(!bench.store.prove_session(row.id).unwrap());
}

#[test]
fn sessions_are_ended_one_by_one_or_all_but_one() {
    let bench = staffed();
    let ids: Vec<_> =
        ["k1", "k2", "k3", "k4"].map(|cookie| sign_in(&bench, "kim", cookie, "192.0.2.1").id).to_vec();
    sign_in(&bench, "boss", "b1", "192.0.2.1");
    let shown: Vec<_> =
        bench.store.sessions(Some(&user("kim")), IDLE).unwrap().iter().map(|row| row.id).collect();
    assert_eq!(shown, ids.iter().rev().copied().collect::<Vec<_>>());
    assert!(bench.store.end_session(ids[0], &BOSS).unwrap());
    assert!(!bench.store.end_session(ids[0], &BOSS).unwrap());
    assert_eq!(bench.store.end_sessions(&user("kim"), Some(ids[2]), &BOSS).unwrap(), 2);
    assert_eq!(
        ["k1", "k2", "k3", "k4", "b1"].map(|cookie| live(&bench, cookie)),
        [false, false, true, false, true]
    );
    assert_eq!(bench.store.end_sessions(&user("kim"), None, &BOSS).unwrap(), 1);
    assert_eq!(bench.store.end_sessions(&user("kim"), None, &BOSS).unwrap(), 0);
    let told: Vec<String> = told(&bench).into_iter().filter(|line| line.contains("session.end")).collect();
    assert_eq!(told, ["boss session.end kim"; 3]);
    let rows = bench.store.audit(&AuditQuery::newest(9)).unwrap();
    assert!(!format!("{rows:?}").contains(&hash("k1").to_string()[..8]));
}

#[test]
fn an_account_has_a_hundred_sessions_and_fifty_places_and_what_is_over_goes() {
    let bench = staffed();
    add(&bench, "lee", Role::Viewer);
    sign_in(&bench, "lee", "lee", "192.0.2.200");
    for n in 0..120 {
        bench.at(n);
        sign_in(&bench, "kim", &format!("c{n}"), &format!("192.0.2.{n}"));
    }
    assert_eq!(bench.store.sessions(Some(&user("kim")), IDLE).unwrap().len(), 100);
    assert!(!live(&bench, "c19") && live(&bench, "c20") && live(&bench, "lee"));
    let places = places(&bench);
    assert_eq!(places.len(), 51);
    assert!(places.contains(&"192.0.2.70".to_owned()) && !places.contains(&"192.0.2.69".to_owned()));
    assert_eq!(bench.store.prune_accounts().unwrap(), 0);
    bench.at(12 * 3600);
    assert_eq!((bench.store.prune_accounts().unwrap(), bench.store.prune_accounts().unwrap()), (101, 0));
}
