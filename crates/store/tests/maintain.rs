//! Status, check, backup, restore and the schema.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests only")]

mod support;

use std::fs;

use blocklist::{Mode, Serial};
use rusqlite::Connection;
use store::{Error, Store};
use support::{Bench, plain};

fn tamper(bench: &Bench, sql: &str) {
    let connection = Connection::open(bench.dir.path().join("blacklist.db")).unwrap();
    connection.execute_batch(sql).unwrap();
}

#[test]
fn a_backup_put_back_brings_the_listings_back_and_the_serial_still_grows() {
    let bench = Bench::new();
    bench.import("a", Mode::Full, &plain(&["1.1.1.1"]));
    let backup = bench.store.backup(None).unwrap();
    bench.import("a", Mode::Add, &plain(&["2.2.2.2"]));
    bench.import("a", Mode::Add, &plain(&["3.3.3.3"]));
    let before = bench.store.restore(&backup).unwrap();
    assert!(before.exists());
    let published = bench.store.publish().unwrap();
    assert!(published.current().is_some());
    bench.import("a", Mode::Add, &plain(&["4.4.4.4"]));
    let bench = bench.reopen();
    assert_eq!(bench.feed(), ["1.1.1.1", "4.4.4.4"]);
    assert!(bench.store.files().current_serial().unwrap().unwrap() > Serial(3));
    assert!(bench.store.check().unwrap().is_empty());
}

#[test]
fn a_database_made_anew_beside_publications_publishes_nothing_by_itself() {
    let bench = Bench::new();
    bench.import("a", Mode::Full, &plain(&["1.1.1.1", "2.2.2.2"]));
    bench.import("b", Mode::Full, &plain(&["3.3.3.3"]));
    let lost = Store::set_aside(bench.dir.path(), blocklist::Clock::now(&*bench.clock)).unwrap();
    assert!(lost.exists());
    let bench = bench.reopen();
    let done = bench.import("b", Mode::Full, &plain(&["3.3.3.3"]));
    let store::Published::Held { reasons, .. } = done.published else { panic!("published") };
    assert_eq!(reasons, [blocklist::gate::Reason::UnknownHistory]);
    assert_eq!(bench.feed().len(), 3);
    // Began anew on purpose.
    fs::remove_dir_all(Store::publications_dir(bench.dir.path())).unwrap();
    let bench = bench.reopen();
    bench.store.publish().unwrap();
    assert_eq!(bench.feed(), ["3.3.3.3"]);
}

#[test]
fn a_publication_after_a_restored_backup_counts_from_what_was_served() {
    let bench = Bench::new();
    bench.import("a", Mode::Full, &plain(&["1.1.1.1"]));
    let backup = bench.store.backup(None).unwrap();
    bench.import("a", Mode::Add, &plain(&["2.2.2.2", "3.3.3.3"]));
    bench.store.restore(&backup).unwrap();
    let store::Published::New(row) = bench.store.publish().unwrap() else { panic!("not published") };
    assert_eq!((row.serial, row.added, row.removed), (Serial(3), 0, 2));
    // What changed since 1 is not the sum of the steps that this database knows.
    assert!(bench.store.diff(Serial(1), Serial(3)).unwrap().is_empty());
}

#[test]
fn a_backup_never_overwrites_and_is_for_the_owner_alone() {
    use std::os::unix::fs::PermissionsExt;
    let bench = Bench::new();
    let path = bench.store.backup(None).unwrap();
    assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    assert!(matches!(bench.store.backup(Some(&path)), Err(Error::File { .. })));
    assert_ne!(bench.store.backup(None).unwrap(), path);
}

#[test]
fn what_is_no_backup_is_refused_and_the_database_stays() {
    let bench = Bench::new();
    bench.import("a", Mode::Full, &plain(&["1.1.1.1"]));
    let junk = bench.dir.path().join("junk");
    fs::write(&junk, b"not a database at all").unwrap();
    assert!(bench.store.restore(&junk).is_err());
    Connection::open(bench.dir.path().join("other.db")).unwrap().execute_batch("CREATE TABLE x (y)").unwrap();
    assert!(matches!(bench.store.restore(&bench.dir.path().join("other.db")), Err(Error::NotABackup { .. })));
    assert!(matches!(bench.store.restore(&bench.dir.path().join("none")), Err(Error::File { .. })));
    assert_eq!(bench.store.status().unwrap().listings, 1);
}

#[test]
fn a_newer_schema_is_refused_by_number() {
    let bench = Bench::new();
    tamper(&bench, "INSERT INTO schema_migrations VALUES (99, 'x', x'00', 0)");
    let again = Store::open(bench.dir.path(), bench.clock.clone());
    assert!(matches!(again.err(), Some(Error::NewerSchema { found: 99, .. })));
}

#[test]
fn a_migration_that_differs_is_refused() {
    let bench = Bench::new();
    tamper(&bench, "UPDATE schema_migrations SET checksum = x'00'");
    let again = Store::open(bench.dir.path(), bench.clock.clone());
    assert!(matches!(again.err(), Some(Error::ChangedMigration { version: 1 })));
}

#[test]
fn check_finds_wrong_counts_and_keys_that_are_no_prefixes() {
    let bench = Bench::new();
    bench.import("a", Mode::Full, &plain(&["1.1.1.1", "2.2.2.2"]));
    assert!(bench.store.check().unwrap().is_empty());
    tamper(&bench, "UPDATE sources SET active = 5");
    assert!(bench.store.check().unwrap()[0].contains("counts 5 listings and has 2"));
    tamper(
        &bench,
        "UPDATE sources SET active = 2; UPDATE listings SET prefix = x'04' WHERE prefix = x'040101010120'",
    );
    assert!(bench.store.check().unwrap()[0].contains("no prefix"));
}

#[test]
fn settings_are_kept() {
    let bench = Bench::new();
    assert_eq!(bench.store.setting("x").unwrap(), None);
    bench.store.set_setting("x", "1").unwrap();
    bench.store.set_setting("x", "2").unwrap();
    assert_eq!(bench.store.setting("x").unwrap().as_deref(), Some("2"));
}

#[test]
fn two_stores_on_one_directory_take_turns() {
    let bench = Bench::new();
    let other = Store::open(bench.dir.path(), bench.clock.clone()).unwrap();
    std::thread::scope(|scope| {
        for (store, source) in [(&bench.store, "a"), (&other, "b")] {
            let bench = &bench;
            scope.spawn(move || {
                for n in 0..10 {
                    let source = support::name(source);
                    let rows = plain(&[&format!("1.{}.1.{n}", u8::from(source.as_str() == "b"))]);
                    store.import(&bench.request(&source, Mode::Add, &rows)).unwrap();
                }
            });
        }
    });
    assert_eq!(bench.feed().len(), 20);
    let serials: Vec<u64> =
        bench.store.publications(None, 100).unwrap().iter().map(|row| row.serial.0).collect();
    assert_eq!(serials, (1..=20).rev().collect::<Vec<_>>());
}

#[test]
fn check_finds_listings_of_no_source() {
    let bench = Bench::new();
    bench.import("a", Mode::Full, &plain(&["1.1.1.1"]));
    bench.import("b", Mode::Full, &plain(&["2.2.2.2", "3.3.3.3"]));
    assert!(bench.store.check().unwrap().is_empty());
    tamper(&bench, "UPDATE listings SET source = 77 WHERE source = 2");
    assert!(bench.store.check().unwrap().iter().any(|problem| problem.contains("source 77")));
}
