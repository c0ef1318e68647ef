//! The key changed while accounts use one-time codes.

use std::fs;
use std::sync::Arc;

use blocklist::{FixedClock, Time};
use collect::random::SeededRandom;
use collect::vault::{Binding, KeySource, NewKey, Vault};
use secrecy::SecretString;
use store::{Actor, Role, Store, TOTP_TABLE, TOTP_VERSION, UserName};
use tokio_util::sync::CancellationToken;

use super::collector;

#[test]
fn a_change_of_the_key_takes_the_secrets_of_codes_along() {
    let dir = tempfile::tempdir().unwrap();
    let clock = Arc::new(FixedClock::at(Time::from_unix(1_767_225_600)));
    let store = Arc::new(Store::open(dir.path(), clock.clone()).unwrap());
    let collector = collector(&store, &clock, dir.path(), &CancellationToken::new());
    let open = || {
        let key = KeySource { create: true, ..KeySource::in_directory(dir.path()) };
        Vault::open(&key, Arc::new(SeededRandom::new(3))).unwrap()
    };
    let (first, kim): (Vault, UserName) = (open(), "kim".parse().unwrap());
    let boss = Actor { address: None, by: "boss", note: None };
    store.add_user(&kim, Role::Admin, &SecretString::from("phc"), false, None, &boss).unwrap();
    let binding = Binding { table: TOTP_TABLE, owner: kim.as_str(), version: TOTP_VERSION };
    let seal = |secret: &[u8]| first.seal(&binding, secret).unwrap();
    store.draw_totp(&kim, &seal(b"asked for")).unwrap();
    store.confirm_totp(&kim, 1, &[], &boss).unwrap();
    store.draw_totp(&kim, &seal(b"drawn beside it")).unwrap();
    collector.rotate_key(NewKey::Make).unwrap();
    let second = open();
    assert_ne!(first.key_id(), second.key_id());
    assert_eq!(store.keys_in_use().unwrap(), [second.key_id()]);
    let keys = store.user_keys(&kim).unwrap().unwrap();
    let opened = |sealed: Option<store::Sealed>| second.unseal(&binding, &sealed.unwrap()).unwrap().to_vec();
    assert_eq!(opened(keys.totp), b"asked for");
    assert_eq!(opened(keys.totp_pending), b"drawn beside it");
    // A key that was lost is not made anew over secrets that need it, though no source has a credential.
    fs::remove_file(dir.path().join("vault.key")).unwrap();
    assert!(collector.rotate_key(NewKey::Make).is_err());
    assert!(!dir.path().join("vault.key").exists());
}
