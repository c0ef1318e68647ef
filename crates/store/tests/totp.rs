//! One-time codes: drawn, shown to be right, used once; recovery codes too; sealed anew with the other secrets.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests only")]

mod support;

use std::sync::atomic::{AtomicU32, Ordering};

use blocklist::Hash;
use store::{AuditQuery, Error, Sealed, SealedRow, TOTP_TABLE, TOTP_VERSION};
use support::people::{BOSS, hash, staffed, user};

fn sealed(key: &str, text: &str) -> Sealed {
    Sealed { key_id: key.to_owned(), bytes: text.as_bytes().to_owned() }
}

fn codes() -> Vec<Hash> {
    ["r1", "r2", "r3"].map(hash).to_vec()
}

#[test]
fn a_secret_that_is_drawn_is_not_asked_for_until_a_code_was_right() {
    let bench = staffed();
    let (store, kim) = (&bench.store, user("kim"));
    assert!(matches!(store.confirm_totp(&kim, 7, &codes(), &BOSS), Err(Error::TotpNotPending(_))));
    store.draw_totp(&kim, &sealed("k", "one")).unwrap();
    let keys = store.user_keys(&kim).unwrap().unwrap();
    assert_eq!((keys.row.totp, keys.totp, keys.totp_pending), (false, None, Some(sealed("k", "one"))));
    assert!(!store.use_totp_step(&kim, 8).unwrap());
    store.confirm_totp(&kim, 7, &codes(), &BOSS).unwrap();
    let keys = store.user_keys(&kim).unwrap().unwrap();
    assert_eq!((keys.row.totp, keys.row.recovery_codes), (true, 3));
    assert_eq!((keys.totp, keys.totp_pending), (Some(sealed("k", "one")), None));
    // Another one beside it: the first is asked for until the second was shown to be right.
    store.draw_totp(&kim, &sealed("k", "two")).unwrap();
    let keys = store.user_keys(&kim).unwrap().unwrap();
    assert_eq!((keys.totp, keys.totp_pending), (Some(sealed("k", "one")), Some(sealed("k", "two"))));
    store.confirm_totp(&kim, 9, &codes()[..1], &BOSS).unwrap();
    let keys = store.user_keys(&kim).unwrap().unwrap();
    assert_eq!((keys.totp, keys.row.recovery_codes), (Some(sealed("k", "two")), 1));
    assert!(matches!(store.draw_totp(&user("nobody"), &sealed("k", "x")), Err(Error::NoUser(_))));
}

#[test]
fn no_code_is_good_twice() {
    let bench = staffed();
    let (store, kim) = (&bench.store, user("kim"));
    store.draw_totp(&kim, &sealed("k", "one")).unwrap();
    store.confirm_totp(&kim, 7, &codes(), &BOSS).unwrap();
    let used: Vec<bool> =
        [7, 6, 8, 8, 7, 10, 9].map(|step| store.use_totp_step(&kim, step).unwrap()).to_vec();
    assert_eq!(used, [false, false, true, false, false, true, false]);
    let won = AtomicU32::new(0);
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| {
                let step = store.use_totp_step(&kim, 11).unwrap();
                let code = store.use_recovery_code(&kim, &hash("r1")).unwrap();
                won.fetch_add(u32::from(step) + 100 * u32::from(code), Ordering::Relaxed);
            });
        }
    });
    assert_eq!(won.into_inner(), 101);
}

#[test]
fn a_recovery_code_is_good_once_for_its_account_and_until_there_are_new_ones() {
    let bench = staffed();
    let (store, kim, boss) = (&bench.store, user("kim"), user("boss"));
    assert!(matches!(store.new_recovery_codes(&kim, &codes(), &BOSS), Err(Error::NoTotp(_))));
    for name in [&kim, &boss] {
        store.draw_totp(name, &sealed("k", "one")).unwrap();
    }
    store.confirm_totp(&kim, 7, &codes(), &BOSS).unwrap();
    store.confirm_totp(&boss, 7, &[hash("b1")], &BOSS).unwrap();
    assert!(!store.use_recovery_code(&boss, &hash("r1")).unwrap());
    assert!(!store.use_recovery_code(&kim, &hash("r9")).unwrap());
    assert!(store.use_recovery_code(&kim, &hash("r1")).unwrap());
    assert!(!store.use_recovery_code(&kim, &hash("r1")).unwrap());
    assert_eq!(store.user(&kim).unwrap().unwrap().recovery_codes, 2);
    store.new_recovery_codes(&kim, &[hash("n1"), hash("r1")], &BOSS).unwrap();
    assert!(!store.use_recovery_code(&kim, &hash("r2")).unwrap());
    assert!(store.use_recovery_code(&kim, &hash("n1")).unwrap());
    assert!(store.remove_totp(&kim, &BOSS).unwrap());
    assert!(!store.remove_totp(&kim, &BOSS).unwrap());
    let row = store.user(&kim).unwrap().unwrap();
    assert_eq!((row.totp, row.recovery_codes), (false, 0));
    assert!(!store.use_recovery_code(&kim, &hash("r1")).unwrap() && !store.use_totp_step(&kim, 99).unwrap());
    let told = AuditQuery { action: Some("user.totp".into()), ..AuditQuery::newest(9) };
    let told = store.audit(&told).unwrap();
    assert_eq!(told.len(), 4);
    assert!(!format!("{told:?}").contains(&hash("n1").to_string()[..8]));
}

#[test]
fn secrets_of_codes_are_sealed_anew_with_all_others_or_not_at_all() {
    let bench = staffed();
    let (store, kim) = (&bench.store, user("kim"));
    assert_eq!(store.keys_in_use().unwrap(), [""; 0]);
    store.draw_totp(&kim, &sealed("k1", "one")).unwrap();
    store.confirm_totp(&kim, 7, &[], &BOSS).unwrap();
    store.draw_totp(&kim, &sealed("k2", "two")).unwrap();
    store.draw_totp(&user("boss"), &sealed("k1", "three")).unwrap();
    assert_eq!(store.keys_in_use().unwrap(), ["k1", "k2"]);
    let mut seen = Vec::new();
    let failed = store.reseal(|row: &SealedRow| {
        seen.push((row.table, row.owner.clone(), row.version, row.sealed.bytes.clone()));
        if seen.len() == 3 { Err(Error::NoAddress) } else { Ok(sealed("k9", "new")) }
    });
    assert!(matches!(failed, Err(Error::NoAddress)));
    let row = |owner: &str, bytes: &[u8]| (TOTP_TABLE, owner.to_owned(), TOTP_VERSION, bytes.to_owned());
    assert_eq!(seen, [row("kim", b"one"), row("boss", b"three"), row("kim", b"two")]);
    assert_eq!(store.keys_in_use().unwrap(), ["k1", "k2"]);
    let again =
        |row: &SealedRow| Ok::<_, Error>(Sealed { key_id: "k9".into(), bytes: row.sealed.bytes.clone() });
    assert_eq!(store.reseal(again).unwrap(), 3);
    assert_eq!(store.keys_in_use().unwrap(), ["k9"]);
    let keys = store.user_keys(&kim).unwrap().unwrap();
    assert_eq!((keys.totp, keys.totp_pending), (Some(sealed("k9", "one")), Some(sealed("k9", "two"))));
}
