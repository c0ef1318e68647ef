//! Feeds, consumers, their addresses and their secrets.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests only")]

mod support;

use std::time::Duration;

use blocklist::{ConsumerName, ConsumerSettings, FeedName, FeedSettings, Hash, Mode, Time};
use secrecy::ExposeSecret;
use store::{Actor, AuditQuery, ConsumerAddress, ConsumerChange, Error, Published, Revoke};
use support::{Bench, START, plain};

const BY: Actor<'static> = Actor { address: None, by: "kim", note: Some("ticket 7") };
const WEEK: Duration = Duration::from_hours(7 * 24);

fn feed(text: &str) -> FeedName {
    text.parse().unwrap()
}

fn consumer(text: &str) -> ConsumerName {
    text.parse().unwrap()
}

fn capped(cap: u32) -> FeedSettings {
    FeedSettings { cap: Some(cap), ..FeedSettings::default() }
}

fn limited_to(name: &str) -> ConsumerSettings {
    ConsumerSettings { feed: Some(feed(name)), ..ConsumerSettings::default() }
}

fn address(text: &str, trusted: bool) -> ConsumerAddress {
    ConsumerAddress { prefix: text.parse().unwrap(), trusted }
}

fn add(bench: &Bench, name: &str, addresses: &[ConsumerAddress]) -> Published {
    bench.store.add_consumer(&consumer(name), &ConsumerSettings::default(), addresses, &BY).unwrap()
}

fn actions(bench: &Bench) -> Vec<(String, String)> {
    let rows = bench.store.audit(&AuditQuery::newest(100)).unwrap().into_iter().rev();
    rows.map(|row| {
        assert_eq!((row.by.as_str(), row.note.as_deref()), ("kim", Some("ticket 7")));
        (row.action, row.target)
    })
    .collect()
}

#[test]
fn feeds_are_added_changed_and_removed_and_the_default_one_is_always_there() {
    let bench = Bench::new();
    let names = |bench: &Bench| {
        bench.store.feeds().unwrap().iter().map(|row| row.name.to_string()).collect::<Vec<_>>()
    };
    assert_eq!(names(&bench), ["default"]);
    bench.store.add_feed(&feed("zone"), &capped(5), &BY).unwrap();
    bench.store.add_feed(&feed("aaa"), &FeedSettings::default(), &BY).unwrap();
    bench.store.set_feed(&feed("zone"), &capped(6), &BY).unwrap();
    bench.store.set_feed(&feed("default"), &capped(7), &BY).unwrap();
    let bench = bench.reopen();
    assert_eq!(names(&bench), ["default", "aaa", "zone"]);
    assert_eq!(bench.store.feed(&feed("zone")).unwrap().settings, capped(6));
    assert_eq!(bench.store.feed(&feed("default")).unwrap().settings, capped(7));

    let again = bench.store.add_feed(&feed("default"), &capped(1), &BY).unwrap_err();
    assert!(matches!(again, Error::FeedExists(_)));
    assert!(matches!(bench.store.add_feed(&feed("zone"), &capped(1), &BY), Err(Error::FeedExists(_))));
    assert!(matches!(bench.store.set_feed(&feed("no"), &capped(1), &BY), Err(Error::NoFeed(_))));
    assert!(matches!(bench.store.set_feed(&feed("zone"), &capped(0), &BY), Err(Error::Setting(_))));
    assert!(matches!(bench.store.remove_feed(&feed("default"), &BY), Err(Error::DefaultFeed)));
    bench.store.remove_feed(&feed("zone"), &BY).unwrap();
    assert!(matches!(bench.store.feed(&feed("zone")), Err(Error::NoFeed(_))));
    let done = actions(&bench);
    let done: Vec<&str> = done.iter().map(|(action, _)| action.as_str()).collect();
    assert_eq!(done, ["feed.add", "feed.add", "feed.set", "feed.set", "feed.remove"]);
}

#[test]
fn a_feed_that_a_consumer_is_limited_to_stays() {
    let bench = Bench::new();
    let missing = bench.store.add_consumer(&consumer("FW-3"), &limited_to("zone"), &[], &BY);
    assert!(missing.unwrap_err().to_string().contains("'zone'"));
    bench.store.add_feed(&feed("zone"), &capped(5), &BY).unwrap();
    bench.store.add_consumer(&consumer("FW-3"), &limited_to("zone"), &[], &BY).unwrap();
    let error = bench.store.remove_feed(&feed("zone"), &BY).unwrap_err();
    assert!(error.to_string().contains("FW-3"), "{error}");
    bench.store.remove_consumer(&consumer("FW-3"), &BY).unwrap();
    bench.store.remove_feed(&feed("zone"), &BY).unwrap();
}

#[test]
fn each_change_of_a_feed_has_a_later_time_also_within_a_second() {
    let bench = Bench::new();
    bench.store.add_feed(&feed("zone"), &capped(1), &BY).unwrap();
    bench.store.set_feed(&feed("zone"), &capped(2), &BY).unwrap();
    let first = bench.store.feed(&feed("zone")).unwrap().changed_at.unwrap();
    bench.store.set_feed(&feed("zone"), &capped(3), &BY).unwrap();
    let second = bench.store.feed(&feed("zone")).unwrap().changed_at.unwrap();
    assert!(Time::from_unix(START) < first && first < second);
}

#[test]
fn a_consumer_is_kept_as_it_was_set_up_and_changed_part_by_part() {
    let bench = Bench::new();
    add(&bench, "FW-3", &[address("10.0.0.7", true), address("10.1.0.0/16", false)]);
    let name = consumer("FW-3");
    let settings =
        ConsumerSettings { cap: Some(50_000), model: Some("PA-3260".into()), ..Default::default() };
    let change = ConsumerChange { settings: Some(settings.clone()), ..Default::default() };
    bench.store.set_consumer(&name, &change, &BY).unwrap();
    let change = ConsumerChange { enabled: Some(false), ..Default::default() };
    bench.store.set_consumer(&name, &change, &BY).unwrap();
    let row = bench.reopen().store.consumer(&name).unwrap();
    assert_eq!((row.settings, row.enabled), (settings, false));
    assert_eq!(row.addresses, [address("10.0.0.7", true), address("10.1.0.0/16", false)]);
    assert_eq!(row.changed_by.as_deref(), Some("kim"));
}

#[test]
fn a_change_that_changes_nothing_is_not_written_down() {
    let bench = Bench::new();
    add(&bench, "FW-3", &[address("10.0.0.7", true)]);
    let version = bench.store.access_version().unwrap();
    let change = ConsumerChange {
        settings: Some(ConsumerSettings::default()),
        addresses: Some(vec![address("10.0.0.7", true)]),
        enabled: Some(true),
    };
    bench.store.set_consumer(&consumer("FW-3"), &change, &BY).unwrap();
    assert_eq!(actions(&bench).len(), 1);
    assert_eq!(bench.store.access_version().unwrap(), version);
}

#[test]
fn names_differ_by_more_than_their_case_and_may_be_taken_again_when_free() {
    let bench = Bench::new();
    add(&bench, "FW-3", &[address("10.0.0.7", true)]);
    bench.store.new_secret(&consumer("FW-3"), [1; 32], WEEK, &BY).unwrap();
    let none = ConsumerSettings::default();
    let again = bench.store.add_consumer(&consumer("fw-3"), &none, &[], &BY);
    assert!(matches!(again, Err(Error::ConsumerExists(name)) if name.as_str() == "FW-3"));
    bench.store.remove_consumer(&consumer("FW-3"), &BY).unwrap();
    assert!(matches!(bench.store.consumer(&consumer("FW-3")), Err(Error::NoConsumer(_))));
    assert!(matches!(bench.store.remove_consumer(&consumer("FW-3"), &BY), Err(Error::NoConsumer(_))));
    assert!(bench.store.access().unwrap().readers.is_empty());
    add(&bench, "FW-3", &[]);
    let row = bench.store.consumer(&consumer("FW-3")).unwrap();
    assert!(row.secrets.is_empty() && row.addresses.is_empty(), "nothing of the one before: {row:?}");
}

#[test]
fn where_a_consumer_reads_from_leaves_the_block_list_at_once_and_may_come_back() {
    let bench = Bench::new();
    bench.import("a", Mode::Full, &plain(&["7.7.7.7", "9.9.9.9"]));
    let published = add(&bench, "FW-3", &[address("7.7.7.0/24", false)]);
    assert!(matches!(published, Published::New(_)), "{published:?}");
    assert_eq!(bench.feed(), ["9.9.9.9"]);
    let name = consumer("FW-3");
    let change = ConsumerChange { addresses: Some(vec![address("9.9.9.9", true)]), ..Default::default() };
    bench.store.set_consumer(&name, &change, &BY).unwrap();
    assert!(!bench.feed().contains(&"9.9.9.9".to_owned()), "{:?}", bench.feed());
    bench.store.remove_consumer(&name, &BY).unwrap();
    assert_eq!(bench.feed(), ["7.7.7.7", "9.9.9.9"]);
}

#[test]
fn an_address_that_is_too_wide_given_twice_or_trusted_for_another_is_refused_and_changes_nothing() {
    let bench = Bench::new();
    add(&bench, "FW-1", &[address("10.0.0.7", true), address("10.0.0.8", false)]);
    let none = ConsumerSettings::default();
    let refused = |addresses: &[ConsumerAddress]| {
        bench.store.add_consumer(&consumer("FW-2"), &none, addresses, &BY).unwrap_err()
    };
    assert!(matches!(refused(&[address("0.0.0.0/0", true)]), Error::AddressTooWide { .. }));
    assert!(matches!(refused(&[address("2000::/3", false)]), Error::AddressTooWide { .. }));
    assert!(matches!(
        refused(&[address("10.0.0.9", true), address("10.0.0.9", false)]),
        Error::AddressTwice(_)
    ));
    let taken = refused(&[address("10.0.0.9", true), address("10.0.0.7", true)]);
    assert!(taken.to_string().contains("FW-1"), "{taken}");
    assert!(matches!(bench.store.consumer(&consumer("FW-2")), Err(Error::NoConsumer(_))));
    // Two devices behind one address are no contradiction as long as it is no credential.
    add(&bench, "FW-2", &[address("10.0.0.8", true), address("10.0.0.7", false)]);
}

#[test]
fn a_secret_is_shown_once_and_kept_as_its_hash_alone() {
    let bench = Bench::new();
    add(&bench, "FW-3", &[]);
    let made = bench.store.new_secret(&consumer("FW-3"), [7; 32], WEEK, &BY).unwrap();
    let secret = made.secret.expose_secret().to_owned();
    assert_eq!((secret.len(), made.old_until), (52, None));
    assert!(!format!("{made:?}").contains(&secret));
    let reader = bench.store.access().unwrap().readers.remove(0);
    assert_eq!(reader.secrets, [(Hash::of(secret.as_bytes()), None)]);
    let told = format!(
        "{:?} {:?}",
        bench.store.consumers().unwrap(),
        bench.store.audit(&AuditQuery::newest(10)).unwrap()
    );
    assert!(told.contains(&secret[..4]) && !told.contains(&secret[..5]), "{told}");
    for entry in std::fs::read_dir(bench.dir.path()).unwrap() {
        let path = entry.unwrap().path();
        if path.is_file() {
            let bytes = std::fs::read(&path).unwrap();
            assert!(!bytes.windows(12).any(|part| part == &secret.as_bytes()[..12]), "{}", path.display());
        }
    }
}

#[test]
fn after_a_rotation_the_old_secret_is_valid_until_its_time_and_never_longer_by_the_next() {
    let bench = Bench::new();
    add(&bench, "FW-3", &[]);
    let name = consumer("FW-3");
    let rotate = |random: u8, valid: u64| {
        bench.store.new_secret(&name, [random; 32], Duration::from_secs(valid), &BY).unwrap()
    };
    let valid = || {
        let secrets = bench.store.access().unwrap().readers.remove(0).secrets;
        secrets.iter().map(|(_, until)| until.map(|until| until.unix() - START)).collect::<Vec<_>>()
    };
    rotate(1, 100);
    assert_eq!(rotate(2, 100).old_until, Some(Time::from_unix(START + 100)));
    assert_eq!(valid(), [Some(100), None]);
    bench.at(50);
    rotate(3, 1000);
    assert_eq!(valid(), [Some(100), Some(1050), None], "a promised end is not put off");
    bench.at(100);
    assert_eq!(valid(), [Some(1050), None]);
    assert_eq!(rotate(4, 0).old_until, None);
    assert_eq!(valid(), [None], "without a time to overlap the old ones go at once");
    for random in 10..40 {
        rotate(random, 1000);
    }
    assert_eq!(valid().len(), 10, "a bounded number");
}

#[test]
fn what_is_revoked_is_no_longer_valid_all_of_it_or_only_what_was_followed() {
    let bench = Bench::new();
    add(&bench, "FW-3", &[]);
    let name = consumer("FW-3");
    for random in 1..4 {
        bench.store.new_secret(&name, [random; 32], WEEK, &BY).unwrap();
    }
    assert_eq!(bench.store.revoke_secrets(&name, Revoke::Old, &BY).unwrap(), 2);
    assert_eq!(bench.store.consumer(&name).unwrap().secrets.len(), 1);
    assert_eq!(bench.store.revoke_secrets(&name, Revoke::All, &BY).unwrap(), 1);
    assert!(bench.store.consumer(&name).unwrap().secrets.is_empty());
    let nobody = consumer("nobody");
    assert!(matches!(bench.store.new_secret(&nobody, [1; 32], WEEK, &BY), Err(Error::NoConsumer(_))));
    assert!(matches!(bench.store.revoke_secrets(&nobody, Revoke::All, &BY), Err(Error::NoConsumer(_))));
}

#[test]
fn whoever_may_not_read_is_no_reader_and_every_change_has_a_version_of_its_own() {
    let bench = Bench::new();
    let mut versions = vec![bench.store.access_version().unwrap()];
    let mut seen = |what: &str| {
        let access = bench.store.access().unwrap();
        assert_eq!(access.version, bench.store.access_version().unwrap());
        assert!(!versions.contains(&access.version), "{what}");
        versions.push(access.version);
        access
    };
    add(&bench, "FW-3", &[address("10.0.0.7", true), address("10.0.0.8", false)]);
    let access = seen("added");
    assert_eq!(access.readers[0].trusted, [address("10.0.0.7", true).prefix]);
    let name = consumer("FW-3");
    bench.store.new_secret(&name, [1; 32], WEEK, &BY).unwrap();
    seen("secret");
    bench.store.add_feed(&feed("zone"), &capped(1), &BY).unwrap();
    assert_eq!(seen("feed").feeds.len(), 2);
    let change = |enabled| ConsumerChange { enabled: Some(enabled), ..Default::default() };
    bench.store.set_consumer(&name, &change(false), &BY).unwrap();
    assert!(seen("disabled").readers.is_empty());
    bench.store.set_consumer(&name, &change(true), &BY).unwrap();
    assert_eq!(seen("enabled").readers[0].secrets.len(), 1);
    bench.store.revoke_secrets(&name, Revoke::All, &BY).unwrap();
    assert!(seen("revoked").readers[0].secrets.is_empty());
    bench.store.remove_consumer(&name, &BY).unwrap();
    assert!(seen("removed").readers.is_empty());
}
