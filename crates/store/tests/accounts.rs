//! Accounts: names that are never given twice, an admin who is always left, passwords that are not taken again.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests only")]

mod support;

use std::time::Duration;

use blocklist::{Clock, Time};
use secrecy::ExposeSecret;
use serde_json::json;
use store::{Actor, AuditQuery, Error, NewToken, Role, UserChange};
use support::people::{BOSS, add, hash, phc, sign_in, staffed, told, user};
use support::{Bench, START};

const DAY: Duration = Duration::from_hours(24);

fn role(role: Role) -> UserChange {
    UserChange { role: Some(role), disabled: None }
}

fn disabled(disabled: bool) -> UserChange {
    UserChange { role: None, disabled: Some(disabled) }
}

fn token(bench: &Bench, name: &str, owner: &str) {
    let new = NewToken {
        name: name.to_owned(),
        hash: hash(name),
        hint: "ab12".to_owned(),
        role: Role::Viewer,
        user: user(owner),
        sources: Vec::new(),
        until: None,
    };
    bench.store.add_token(&new, &BOSS).unwrap();
}

#[test]
fn an_account_is_shown_without_what_opens_it() {
    let bench = staffed();
    let until = Time::from_unix(START + 60);
    let made =
        bench.store.add_user(&user("lee"), Role::Viewer, &phc("first"), true, Some(until), &BOSS).unwrap();
    assert_eq!((made.role, made.must_change, made.password_until), (Role::Viewer, true, Some(until)));
    assert_eq!((made.created_by.as_str(), made.totp, made.last_login_at), ("boss", false, None));
    let names: Vec<String> = bench.store.users().unwrap().iter().map(|row| row.name.to_string()).collect();
    assert_eq!(names, ["boss", "kim", "lee"]);
    assert_eq!(bench.store.user(&user("LEE")).unwrap(), Some(made));
    assert_eq!(bench.store.user(&user("nobody")).unwrap(), None);
    assert!(bench.store.user_keys(&user("nobody")).unwrap().is_none());
    let keys = bench.store.user_keys(&user("lee")).unwrap().unwrap();
    assert_eq!(keys.password.expose_secret(), phc("first").expose_secret());
    let audit = bench.store.audit(&AuditQuery::newest(100)).unwrap();
    for shown in [format!("{keys:?}"), format!("{audit:?}"), serde_json::to_string(&keys.row).unwrap()] {
        assert!(!shown.contains("argon2id"), "{shown}");
    }
}

#[test]
fn a_name_is_never_given_twice() {
    let bench = staffed();
    bench.store.remove_user(&user("kim"), &BOSS).unwrap();
    for name in ["kim", "boss"] {
        let again = bench.store.add_user(&user(name), Role::Viewer, &phc("x"), false, None, &BOSS);
        assert!(matches!(again, Err(Error::UserExists(_))));
    }
    assert_eq!(bench.store.users().unwrap().len(), 1);
}

#[test]
fn the_last_open_admin_stays_one() {
    let bench = staffed();
    let boss = user("boss");
    for attempt in [
        bench.store.set_user(&boss, &role(Role::Operator), &BOSS).map(drop),
        bench.store.set_user(&boss, &disabled(true), &BOSS).map(drop),
        bench.store.remove_user(&boss, &BOSS),
    ] {
        assert!(matches!(attempt, Err(Error::LastAdmin(_))));
    }
    // A closed admin is none.
    bench.store.set_user(&user("kim"), &role(Role::Admin), &BOSS).unwrap();
    bench.store.set_user(&user("kim"), &disabled(true), &BOSS).unwrap();
    assert!(matches!(bench.store.remove_user(&boss, &BOSS), Err(Error::LastAdmin(_))));
    // And may be removed, or made less, though it is an admin by name.
    bench.store.set_user(&user("kim"), &role(Role::Viewer), &BOSS).unwrap();
    let open = UserChange { role: Some(Role::Admin), disabled: Some(false) };
    bench.store.set_user(&user("kim"), &open, &BOSS).unwrap();
    bench.store.remove_user(&boss, &BOSS).unwrap();
    assert!(matches!(
        bench.store.set_user(&user("kim"), &role(Role::Operator), &BOSS),
        Err(Error::LastAdmin(_))
    ));
}

#[test]
fn who_is_closed_or_may_do_less_is_out_at_once() {
    let bench = staffed();
    add(&bench, "lee", Role::Operator);
    let live = |cookie: &str| bench.store.session(&hash(cookie), DAY).unwrap().is_some();
    sign_in(&bench, "kim", "k1", "192.0.2.1");
    sign_in(&bench, "lee", "l1", "192.0.2.1");
    token(&bench, "siem", "kim");
    // More rights, or the same, end nothing.
    bench.store.set_user(&user("kim"), &role(Role::Admin), &BOSS).unwrap();
    assert!(live("k1"));
    bench.store.set_user(&user("kim"), &role(Role::Viewer), &BOSS).unwrap();
    assert!(!live("k1") && live("l1"));
    assert!(bench.store.token(&hash("siem")).unwrap().is_some());
    sign_in(&bench, "kim", "k2", "192.0.2.1");
    let closed = bench.store.set_user(&user("kim"), &disabled(true), &BOSS).unwrap();
    assert_eq!(closed.disabled_at, Some(bench.clock.now()));
    assert!(!live("k2") && bench.store.token(&hash("siem")).unwrap().is_none());
    let end = Time::from_unix(START + 60);
    let none = bench.store.open_session(&hash("k3"), &user("kim"), false, end, None, None);
    assert!(matches!(none, Err(Error::UserClosed(_))));
    // Opened again, it starts with nothing.
    bench.store.set_user(&user("kim"), &disabled(false), &BOSS).unwrap();
    assert!(!live("k2") && bench.store.token(&hash("siem")).unwrap().is_none());
}

#[test]
fn a_removed_account_is_gone_and_what_opened_it_too() {
    let bench = staffed();
    sign_in(&bench, "kim", "k1", "192.0.2.1");
    token(&bench, "siem", "kim");
    bench.store.set_password(&user("kim"), &phc("new"), false, None, None, &BOSS).unwrap();
    bench.store.remove_user(&user("kim"), &BOSS).unwrap();
    let kim = user("kim");
    assert!(bench.store.user(&kim).unwrap().is_none() && bench.store.user_keys(&kim).unwrap().is_none());
    assert!(bench.store.session(&hash("k1"), DAY).unwrap().is_none());
    assert!(bench.store.token(&hash("siem")).unwrap().is_none());
    let revoked = bench.store.tokens(None).unwrap().remove(0);
    assert_eq!((revoked.user.as_str(), revoked.revoked_by.as_deref()), ("kim", Some("boss")));
    for refused in [
        bench.store.set_user(&kim, &role(Role::Admin), &BOSS).map(drop),
        bench.store.remove_user(&kim, &BOSS),
        bench.store.set_password(&kim, &phc("x"), false, None, None, &BOSS),
        bench.store.set_preferences(&kim, &json!({})),
        bench.store.old_passwords(&kim).map(drop),
    ] {
        assert!(matches!(refused, Err(Error::NoUser(_))));
    }
    let raw = rusqlite::Connection::open(bench.dir.path().join("blacklist.db")).unwrap();
    let left: i64 = raw
        .query_row(
            "SELECT (SELECT count(*) FROM old_passwords) + (SELECT count(*) FROM known_places)
                + (SELECT count(*) FROM users WHERE name = 'kim' AND password <> '!')",
            [],
            |row| row.get(0),
        )
        .unwrap();
    assert_eq!(left, 0);
}

#[test]
fn a_new_password_ends_the_other_sessions_and_the_old_ones_are_remembered() {
    let bench = staffed();
    let kim = user("kim");
    let here = sign_in(&bench, "kim", "here", "192.0.2.1");
    sign_in(&bench, "kim", "there", "192.0.2.2");
    sign_in(&bench, "boss", "boss", "192.0.2.3");
    let until = Some(Time::from_unix(START + 3600));
    bench.store.set_password(&kim, &phc("0"), true, until, Some(here.id), &BOSS).unwrap();
    let live = |cookie: &str| bench.store.session(&hash(cookie), DAY).unwrap().is_some();
    assert_eq!((live("here"), live("there"), live("boss")), (true, false, true));
    let row = bench.store.user(&kim).unwrap().unwrap();
    assert_eq!((row.must_change, row.password_until), (true, until));
    // All in one second.
    for n in 1..=12 {
        bench.store.set_password(&kim, &phc(&n.to_string()), false, None, None, &BOSS).unwrap();
    }
    assert!(!live("here"));
    let row = bench.store.user(&kim).unwrap().unwrap();
    assert_eq!((row.must_change, row.password_until), (false, None));
    let old: Vec<String> = bench
        .store
        .old_passwords(&kim)
        .unwrap()
        .iter()
        .map(|phc| phc.expose_secret().rsplit('$').next().unwrap().to_owned())
        .collect();
    assert_eq!(old, ["12", "11", "10", "9", "8", "7", "6", "5", "4", "3", "2"]);
}

#[test]
fn preferences_are_kept_and_bounded() {
    let bench = staffed();
    let wish = json!({"theme": "dark", "rows": 50});
    bench.store.set_preferences(&user("kim"), &wish).unwrap();
    assert_eq!(bench.store.user(&user("kim")).unwrap().unwrap().preferences, wish);
    let long = json!({"x": "y".repeat(20_000)});
    assert!(matches!(bench.store.set_preferences(&user("kim"), &long), Err(Error::TooMany { .. })));
    assert_eq!(bench.store.user(&user("kim")).unwrap().unwrap().preferences, wish);
}

#[test]
fn every_change_is_written_down_with_who_and_from_where() {
    let bench = staffed();
    let boss = Actor {
        address: Some("::ffff:192.0.2.9".parse().unwrap()),
        by: "boss",
        note: Some("she moved to another team"),
    };
    bench.store.set_user(&user("kim"), &role(Role::Viewer), &boss).unwrap();
    // Nothing changes, so nothing is written.
    bench.store.set_user(&user("kim"), &role(Role::Viewer), &boss).unwrap();
    let last = bench.store.audit(&AuditQuery::newest(1)).unwrap().remove(0);
    assert_eq!(last.before, Some(json!({"role": "operator"})));
    assert_eq!(last.after, Some(json!({"role": "viewer", "sessions_ended": 0})));
    assert_eq!((last.note.as_deref(), last.address.as_deref()), (boss.note, Some("192.0.2.9")));
    bench.store.set_password(&user("kim"), &phc("x"), true, None, None, &BOSS).unwrap();
    bench.store.remove_user(&user("kim"), &BOSS).unwrap();
    assert_eq!(
        told(&bench),
        [
            "boss user.add boss",
            "boss user.add kim",
            "boss user.set kim",
            "boss user.password kim",
            "boss user.remove kim"
        ]
    );
}

#[test]
fn changes_are_found_by_who_what_and_to_what() {
    let bench = staffed();
    let kim = Actor { by: "kim", ..BOSS };
    bench.store.set_password(&user("kim"), &phc("x"), false, None, None, &kim).unwrap();
    token(&bench, "user", "kim");
    let found = |query: AuditQuery| -> Vec<String> {
        let rows = bench.store.audit(&AuditQuery { limit: 9, ..query }).unwrap();
        rows.into_iter().map(|row| format!("{} {}", row.action, row.target)).collect()
    };
    let action = |text: &str| AuditQuery { action: Some(text.to_owned()), ..AuditQuery::default() };
    assert_eq!(found(action("user")), ["user.password kim", "user.add kim", "user.add boss"]);
    assert_eq!(found(action("user.add")), ["user.add kim", "user.add boss"]);
    assert_eq!(found(action("use")), [""; 0]);
    assert_eq!(found(action("user.")), [""; 0]);
    let by = AuditQuery { by: Some("kim".into()), ..AuditQuery::default() };
    assert_eq!(found(by), ["user.password kim"]);
    let to = AuditQuery { target: Some("kim".into()), before: Some(3), ..AuditQuery::default() };
    assert_eq!(found(to), ["user.add kim"]);
}
