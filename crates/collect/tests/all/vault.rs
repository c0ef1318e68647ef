//! Credentials at rest: where the key comes from, and what a change of the key leaves wherever it is stopped.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt, chown, symlink};
use std::path::Path;
use std::sync::Arc;

use blocklist::SourceName;
use collect::random::{Random, SystemRandom};
use collect::vault::{Binding, KeySource, NewKey, Origin, Rotated, Sealed, Settled, Vault, VaultError};

const KEY: &str = "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=";
const OTHER: &str = "606162636465666768696a6b6c6d6e6f707172737475767778797a7b7c7d7e7f";

fn random() -> Arc<dyn Random> {
    Arc::new(SystemRandom)
}

fn made(data: &Path) -> KeySource {
    KeySource { create: true, ..KeySource::in_directory(data) }
}

fn open(source: &KeySource) -> Vault {
    Vault::open(source, random()).unwrap()
}

fn put(path: &Path, text: &str, mode: u32) {
    fs::write(path, text).unwrap();
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
}

fn names(directory: &Path) -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(directory)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

/// The table that a store would keep: sealed rows by source, changed all or not at all.
#[derive(Clone)]
struct Rows(BTreeMap<SourceName, Sealed>);

impl Rows {
    fn sealed_by(vault: &Vault) -> Self {
        let rows = ["regtech", "secudium", "feed"].map(|name| {
            let source: SourceName = name.parse().unwrap();
            let row = vault.seal(&binding(&source), format!("secret of {name}").as_bytes()).unwrap();
            (source, row)
        });
        Self(rows.into())
    }

    fn reseal(&mut self, vault: &Vault) -> Result<(), VaultError> {
        let mut changed = self.0.clone();
        for (source, row) in &mut changed {
            *row = vault.seal(&binding(source), &vault.unseal(&binding(source), row)?)?;
        }
        self.0 = changed;
        Ok(())
    }

    fn used(&self) -> Vec<&str> {
        self.0.values().map(|row| row.key_id.as_str()).collect()
    }

    fn all_open(&self, vault: &Vault) {
        for (source, row) in &self.0 {
            let plain = vault.unseal(&binding(source), row).unwrap();
            assert_eq!(*plain, format!("secret of {source}").into_bytes());
        }
    }
}

fn binding(source: &SourceName) -> Binding<'_> {
    Binding { table: "credentials", owner: source.as_str(), version: 1 }
}

#[test]
fn a_key_file_is_made_once_and_for_its_owner_alone() {
    let data = tempfile::tempdir().unwrap();
    let missing = Vault::open(&KeySource::in_directory(data.path()), random());
    assert!(matches!(missing, Err(VaultError::NoKey { .. })));
    let vault = open(&made(data.path()));
    assert_eq!(names(data.path()), ["vault.key"]);
    let path = data.path().join("vault.key");
    assert_eq!(fs::metadata(&path).unwrap().mode() & 0o7777, 0o600);
    let text = fs::read_to_string(&path).unwrap();
    assert!(text.starts_with("blacklist-vault-key-1 ") && text.ends_with("=\n") && text.lines().count() == 1);
    let again = open(&made(data.path()));
    assert_eq!(again.key_id(), vault.key_id());
    assert_eq!(again.origin(), &Origin::File(path));
    Rows::sealed_by(&vault).all_open(&again);
    assert!(!format!("{vault:?}").contains(text.trim().rsplit(' ').next().unwrap()));
}

#[test]
fn a_key_that_root_makes_belongs_to_the_owner_of_the_directory() {
    // Whoever is not root can give nothing away; there the directory and the key are of one owner anyway.
    let data = tempfile::tempdir().unwrap();
    let owner = if fs::metadata(data.path()).unwrap().uid() == 0 {
        12_345
    } else {
        rustix::process::getuid().as_raw()
    };
    chown(data.path(), Some(owner), None).unwrap();
    let mut vault = open(&made(data.path()));
    let key = data.path().join("vault.key");
    assert_eq!(fs::metadata(&key).unwrap().uid(), owner);
    vault.rotate(NewKey::Make, |_| Ok::<_, VaultError>(())).unwrap();
    assert_eq!(fs::metadata(&key).unwrap().uid(), owner);
    assert_eq!(fs::metadata(&key).unwrap().mode() & 0o7777, 0o600);
}

#[test]
fn programs_that_start_together_make_one_key() {
    let data = tempfile::tempdir().unwrap();
    let source = made(data.path());
    let ids: Vec<String> = std::thread::scope(|scope| {
        let all: Vec<_> = (0..8).map(|_| scope.spawn(|| open(&source).key_id().to_owned())).collect();
        all.into_iter().map(|one| one.join().unwrap()).collect()
    });
    assert!(ids.iter().all(|id| *id == ids[0]), "{ids:?}");
    assert_eq!(names(data.path()), ["vault.key"]);
}

#[test]
fn a_key_that_others_can_read_or_that_is_no_file_is_refused() {
    let data = tempfile::tempdir().unwrap();
    let path = data.path().join("vault.key");
    put(&path, KEY, 0o640);
    let refused = Vault::open(&made(data.path()), random()).unwrap_err().to_string();
    assert_eq!(refused, format!("{0} can be read by others (mode 0640): chmod 600 '{0}'", path.display()));
    put(&path, KEY, 0o600);
    let link = data.path().join("link");
    symlink(&path, &link).unwrap();
    for file in [link, data.path().to_owned()] {
        let source = KeySource { file: Some(file), ..made(data.path()) };
        assert!(matches!(Vault::open(&source, random()), Err(VaultError::NotAFile { .. })));
    }
    put(&path, "", 0o600);
    assert!(matches!(Vault::open(&made(data.path()), random()), Err(VaultError::BadKey { .. })));
    put(&path, &format!("{KEY}{}", " ".repeat(1_000)), 0o600);
    assert!(matches!(Vault::open(&made(data.path()), random()), Err(VaultError::BadKey { .. })));
}

#[test]
fn the_key_comes_from_systemd_then_a_named_file_then_the_environment_then_the_data_directory() {
    let data = tempfile::tempdir().unwrap();
    let named = data.path().join("named.key");
    let credentials = data.path().join("credentials");
    fs::create_dir(&credentials).unwrap();
    let mut source = made(data.path());
    let own = open(&source).key_id().to_owned();
    source.value = Some(OTHER.into());
    let value = open(&source);
    assert_eq!(value.origin(), &Origin::Environment);
    assert_ne!(value.key_id(), own);
    source.file = Some(named.clone());
    // What was named and is not there is not passed over.
    assert!(matches!(Vault::open(&source, random()), Err(VaultError::NoKey { path }) if path == named));
    put(&named, KEY, 0o400);
    assert_eq!(open(&source).origin(), &Origin::File(named));
    // A directory of other credentials is passed over.
    source.credentials = Some(credentials.clone());
    assert!(matches!(open(&source).origin(), Origin::File(_)));
    // systemd hands over the bytes themselves too, and under rights of its own.
    put(&credentials.join("vault-key"), "0123456789abcdef0123456789abcdef", 0o444);
    let systemd = open(&source);
    assert_eq!(systemd.origin(), &Origin::Systemd(credentials.join("vault-key")));
    source.credentials = None;
    assert_eq!(open(&source).key_id(), systemd.key_id());
    let bad = KeySource { value: Some("secret words".into()), ..made(data.path()) };
    let refused = Vault::open(&bad, random()).unwrap_err().to_string();
    assert!(refused.starts_with("the environment holds no vault key") && !refused.contains("words"));
}

#[test]
fn another_key_says_which_one_is_missing() {
    let (one, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let (vault, stranger) = (open(&made(one.path())), open(&made(other.path())));
    let rows = Rows::sealed_by(&vault);
    let (source, row) = rows.0.iter().next().unwrap();
    let refused = stranger.unseal(&binding(source), row).unwrap_err();
    assert!(matches!(&refused, VaultError::UnknownKey { key_id } if key_id == vault.key_id()));
    let failure = collect::Failure::from(refused);
    assert_eq!(failure.trouble, collect::Trouble::VaultLocked);
    // A key id that was exchanged does not help.
    let forged = Sealed { key_id: stranger.key_id().to_owned(), ..row.clone() };
    assert!(matches!(stranger.unseal(&binding(source), &forged), Err(VaultError::Tampered)));
}

#[test]
fn a_change_of_the_key_leaves_the_new_key_and_rows_that_open() {
    let data = tempfile::tempdir().unwrap();
    let mut vault = open(&made(data.path()));
    let (old, mut rows) = (vault.key_id().to_owned(), Rows::sealed_by(&vault));
    let Rotated::Done { key_id } = vault.rotate(NewKey::Make, |vault| rows.reseal(vault)).unwrap() else {
        panic!("the key is in a file")
    };
    assert_ne!(key_id, old);
    assert_eq!(names(data.path()), ["vault.key"]);
    assert!(rows.used().iter().all(|id| *id == key_id));
    rows.all_open(&vault);
    rows.all_open(&open(&made(data.path())));
    assert_eq!(vault.settle(rows.used()).unwrap(), Settled::Nothing);
    // A program that was running meanwhile learns of it by opening anew.
    assert_eq!(open(&KeySource::in_directory(data.path())).key_id(), key_id);
}

/// Where a change of the key is stopped.
#[derive(Clone, Copy, Debug)]
enum Stop {
    HalfWritten,
    BeforeReseal,
    Resealed,
}

#[test]
fn a_change_of_the_key_that_is_stopped_anywhere_opens_and_can_be_finished() {
    for stop in [Stop::HalfWritten, Stop::BeforeReseal, Stop::Resealed] {
        let data = tempfile::tempdir().unwrap();
        let source = made(data.path());
        let mut vault = open(&source);
        let (old, mut rows) = (vault.key_id().to_owned(), Rows::sealed_by(&vault));
        match stop {
            Stop::HalfWritten => {
                put(&data.path().join("vault.key.next.00000001.new"), "blacklist-vau", 0o600);
            }
            Stop::BeforeReseal | Stop::Resealed => {
                let stopped = vault.rotate(NewKey::Make, |vault| {
                    if matches!(stop, Stop::Resealed) {
                        rows.reseal(vault)?;
                    }
                    Err::<(), _>(VaultError::Busy)
                });
                assert!(matches!(stopped, Err(VaultError::Busy)));
            }
        }
        drop(vault);

        let mut vault = open(&source);
        rows.all_open(&vault);
        // What is sealed in between opens later too.
        let feed: SourceName = "feed".parse().unwrap();
        rows.0.insert(feed.clone(), vault.seal(&binding(&feed), b"secret of feed").unwrap());
        let settled = vault.settle(rows.used()).unwrap();
        rows.all_open(&open(&source));
        match stop {
            Stop::HalfWritten => assert_eq!(settled, Settled::Nothing),
            Stop::BeforeReseal => assert_eq!(settled, Settled::Pending),
            Stop::Resealed => {
                assert_eq!(settled, Settled::Finished);
                assert_eq!(names(data.path()), ["vault.key"]);
                assert!(!open(&source).key_ids().any(|id| id == old));
            }
        }
        // And a change begun again comes to its end, with every row.
        vault.rotate(NewKey::Make, |vault| rows.reseal(vault)).unwrap();
        let vault = open(&source);
        assert_eq!(vault.key_ids().count(), 1, "{stop:?}");
        assert_ne!(vault.key_id(), old);
        rows.all_open(&vault);
    }
}

#[test]
fn a_change_that_was_stopped_goes_on_with_the_key_it_began_with() {
    let data = tempfile::tempdir().unwrap();
    let mut vault = open(&made(data.path()));
    let mut rows = Rows::sealed_by(&vault);
    vault.rotate(NewKey::Make, |_| Err::<(), _>(VaultError::Busy)).unwrap_err();
    let next = vault.key_id().to_owned();
    let new = data.path().join("new.key");
    put(&new, OTHER, 0o600);
    let refused = vault.rotate(NewKey::File(&new), |vault| rows.reseal(vault)).unwrap_err();
    assert!(matches!(refused, VaultError::OtherChange { key_id } if key_id == next));
    assert_eq!(
        vault.rotate(NewKey::Make, |vault| rows.reseal(vault)).unwrap(),
        Rotated::Done { key_id: next }
    );
}

#[test]
fn one_change_of_the_key_at_a_time() {
    let data = tempfile::tempdir().unwrap();
    let (mut one, mut other) = (open(&made(data.path())), open(&made(data.path())));
    let mut rows = Rows::sealed_by(&one);
    one.rotate(NewKey::Make, |vault| {
        assert!(matches!(other.rotate(NewKey::Make, |_| Ok(())), Err(VaultError::Busy)));
        let mut started = open(&made(data.path()));
        assert_eq!(started.settle(rows.used())?, Settled::Pending);
        rows.reseal(vault)
    })
    .unwrap();
    // The other still has the old key in memory, and begins from what the file holds now.
    other.rotate(NewKey::Make, |vault| rows.reseal(vault)).unwrap();
    rows.all_open(&open(&made(data.path())));
}

#[test]
fn what_rows_use_says_nothing_of_keys_that_came_later() {
    let data = tempfile::tempdir().unwrap();
    let mut vault = open(&made(data.path()));
    let mut rows = Rows::sealed_by(&vault);
    vault.rotate(NewKey::Make, |_| Err::<(), _>(VaultError::Busy)).unwrap_err();
    let before = rows.used().into_iter().map(str::to_owned).collect::<Vec<_>>();
    let mut late = open(&made(data.path()));
    vault.rotate(NewKey::Make, |vault| rows.reseal(vault)).unwrap();
    vault.rotate(NewKey::Make, |_| Err::<(), _>(VaultError::Busy)).unwrap_err();
    assert_eq!(late.settle(before.iter().map(String::as_str)).unwrap(), Settled::Pending);
    rows.all_open(&open(&made(data.path())));
}

#[test]
fn a_key_from_outside_is_changed_by_hand_and_opens_all_the_while() {
    let data = tempfile::tempdir().unwrap();
    let new = data.path().join("new.key");
    let mut source = KeySource { value: Some(KEY.into()), ..made(data.path()) };
    let mut vault = open(&source);
    let mut rows = Rows::sealed_by(&vault);
    assert!(matches!(
        vault.rotate(NewKey::Make, |vault| rows.reseal(vault)),
        Err(VaultError::NewKeyNeeded { .. })
    ));
    put(&new, KEY, 0o600);
    assert!(matches!(vault.rotate(NewKey::File(&new), |_| Ok(())), Err(VaultError::SameKey)));
    put(&new, OTHER, 0o644);
    assert!(matches!(vault.rotate(NewKey::File(&new), |_| Ok(())), Err(VaultError::Rights { .. })));
    put(&new, OTHER, 0o600);
    let rotated = vault.rotate(NewKey::File(&new), |vault| rows.reseal(vault)).unwrap();
    let copy = data.path().join("vault.key.next");
    assert!(matches!(&rotated, Rotated::ByHand { copy: at, origin: Origin::Environment, .. } if *at == copy));

    let mut vault = open(&source);
    rows.all_open(&vault);
    assert_eq!(vault.settle(rows.used()).unwrap(), Settled::ByHand);
    rows = Rows::sealed_by(&vault);
    source.value = Some(OTHER.into());
    let mut vault = open(&source);
    rows.all_open(&vault);
    assert_eq!(vault.settle(rows.used()).unwrap(), Settled::Finished);
    assert!(!copy.exists());
    rows.all_open(&open(&source));
}
