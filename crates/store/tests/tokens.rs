//! Tokens of programs: never more than their owner may, good until they are over or taken back.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests only")]

mod support;

use blocklist::{Clock, Time};
use store::{AuditQuery, Error, NewToken, Role, UserChange};
use support::people::{BOSS, hash, staffed, told, user};
use support::{Bench, START};

fn new(name: &str, role: Role) -> NewToken {
    NewToken {
        name: name.to_owned(),
        hash: hash(&format!("secret of {name}")),
        hint: "ab12".to_owned(),
        role,
        user: user("kim"),
        sources: vec!["192.0.2.0/24".parse().unwrap()],
        until: None,
    }
}

fn role_of(bench: &Bench, name: &str) -> Option<Role> {
    let found = bench.store.token(&hash(&format!("secret of {name}"))).unwrap();
    found.map(|(token, owner)| {
        assert_eq!(owner.name.as_str(), "kim");
        token.role
    })
}

#[test]
fn a_token_may_never_do_more_than_its_owner() {
    let bench = staffed();
    let above = bench.store.add_token(&new("siem", Role::Admin), &BOSS);
    assert!(matches!(above, Err(Error::RoleAbove { most: Role::Operator, .. })));
    let row = bench.store.add_token(&new("siem", Role::Operator), &BOSS).unwrap();
    assert_eq!((row.sources, row.created_by.as_str()), (vec!["192.0.2.0/24".to_owned()], "boss"));
    bench.store.add_token(&new("look", Role::Viewer), &BOSS).unwrap();
    assert_eq!(
        (role_of(&bench, "siem"), role_of(&bench, "look")),
        (Some(Role::Operator), Some(Role::Viewer))
    );
    let set = |role| {
        bench.store.set_user(&user("kim"), &UserChange { role: Some(role), disabled: None }, &BOSS).unwrap();
    };
    set(Role::Viewer);
    assert_eq!(role_of(&bench, "siem"), Some(Role::Viewer));
    assert_eq!(bench.store.tokens(None).unwrap()[1].role, Role::Operator);
    set(Role::Admin);
    assert_eq!(role_of(&bench, "siem"), Some(Role::Operator));
}

#[test]
fn a_token_holds_until_it_is_over_or_taken_back() {
    let bench = staffed();
    let until = Some(Time::from_unix(START + 100));
    bench.store.add_token(&NewToken { until, ..new("short", Role::Viewer) }, &BOSS).unwrap();
    bench.store.add_token(&new("long", Role::Viewer), &BOSS).unwrap();
    bench.at(99);
    assert!(role_of(&bench, "short").is_some());
    bench.at(100);
    assert!(role_of(&bench, "short").is_none() && role_of(&bench, "long").is_some());
    bench.store.revoke_token("long", &BOSS).unwrap();
    assert!(role_of(&bench, "long").is_none());
    assert!(matches!(bench.store.revoke_token("long", &BOSS), Err(Error::NoToken(_))));
    let rows = bench.store.tokens(Some(&user("kim"))).unwrap();
    assert_eq!((rows[0].revoked_at, rows[0].revoked_by.as_deref()), (Some(bench.clock.now()), Some("boss")));
    assert!(bench.store.tokens(Some(&user("boss"))).unwrap().is_empty());
    assert_eq!(told(&bench)[2..], ["boss token.add short", "boss token.add long", "boss token.revoke long"]);
    let audit = format!("{:?}", bench.store.audit(&AuditQuery::newest(9)).unwrap());
    assert!(!audit.contains(&hash("secret of long").to_string()[..8]));
}

#[test]
fn a_name_holds_once_and_is_free_when_the_token_was_taken_back() {
    let bench = staffed();
    bench.store.add_token(&new("siem", Role::Viewer), &BOSS).unwrap();
    let second = NewToken { hash: hash("other"), ..new("siem", Role::Viewer) };
    assert!(matches!(bench.store.add_token(&second, &BOSS), Err(Error::TokenExists(_))));
    bench.store.revoke_token("siem", &BOSS).unwrap();
    bench.store.add_token(&second, &BOSS).unwrap();
    assert!(role_of(&bench, "siem").is_none() && bench.store.token(&hash("other")).unwrap().is_some());
    for bad in ["", " siem", "a\nb", &"x".repeat(64)] {
        assert!(
            matches!(bench.store.add_token(&new(bad, Role::Viewer), &BOSS), Err(Error::TokenName)),
            "{bad}"
        );
    }
    bench.store.add_token(&new("관제 수집기", Role::Viewer), &BOSS).unwrap();
    let close = UserChange { role: None, disabled: Some(true) };
    bench.store.set_user(&user("kim"), &close, &BOSS).unwrap();
    assert!(matches!(bench.store.add_token(&new("x", Role::Viewer), &BOSS), Err(Error::UserClosed(_))));
}

#[test]
fn a_use_is_written_once_a_minute() {
    let bench = staffed();
    bench.store.add_token(&new("siem", Role::Viewer), &BOSS).unwrap();
    let touch = |at: i64, address: &str| {
        bench.at(at);
        let (row, _) = bench.store.token(&hash("secret of siem")).unwrap().unwrap();
        bench.store.touch_token(&row, Some(address.parse().unwrap())).unwrap();
        let row = bench.store.tokens(None).unwrap().remove(0);
        (row.last_used_at.unwrap().unix() - START, row.last_address.unwrap().to_string())
    };
    assert_eq!(touch(5, "192.0.2.1"), (5, "192.0.2.1".to_owned()));
    assert_eq!(touch(64, "192.0.2.2"), (5, "192.0.2.1".to_owned()));
    assert_eq!(touch(65, "192.0.2.2"), (65, "192.0.2.2".to_owned()));
}
