//! Known-good lists: loaded whole, used or kept, and what they cut out stays visible.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests only")]

mod support;

use blocklist::Mode;
use prefix::Prefix;
use store::{Actor, Error, NewKnownGood};
use support::{Bench, plain};

const KIM: Actor<'static> = Actor { address: None, by: "kim", note: None };

fn at(texts: &[&str]) -> Vec<Prefix> {
    texts.iter().map(|text| text.parse().unwrap()).collect()
}

fn list<'a>(name: &'a str, prefixes: &'a [Prefix]) -> NewKnownGood<'a> {
    NewKnownGood { name, description: Some("resolvers"), version: Some("7"), prefixes, passed_over: 2 }
}

fn bench() -> Bench {
    let bench = Bench::new();
    bench.import("a", Mode::Full, &plain(&["1.1.1.0/24", "2.2.2.2", "8.8.8.8"]));
    bench.store.load_known_good(&list("dns", &at(&["1.1.1.1", "8.8.8.8", "2001::1"])), &KIM).unwrap();
    bench
}

#[test]
fn what_a_list_names_is_not_served_and_its_hits_stay_visible() {
    let bench = bench();
    assert!(
        !bench.feed().contains(&"8.8.8.8".to_owned()) && !bench.feed().contains(&"1.1.1.0/24".to_owned())
    );
    let row = &bench.store.known_good_lists().unwrap()[0];
    assert_eq!((row.entries, row.passed_over, row.hits, row.enabled), (3, 2, 2, true));
    assert_eq!((row.version.as_deref(), row.loaded_by.as_str()), (Some("7"), "kim"));
    let hits = bench.store.known_good_hits("dns", 10).unwrap();
    assert_eq!(hits.iter().map(|hit| hit.prefix).collect::<Vec<_>>(), at(&["1.1.1.0/24", "8.8.8.8"]));
    assert_eq!(hits.iter().map(|hit| hit.guard).collect::<Vec<_>>(), at(&["1.1.1.1", "8.8.8.8"]));
    let page = bench.store.known_good_entries("dns", Some("1.1.1.1".parse().unwrap()), 1).unwrap();
    assert_eq!(page, at(&["8.8.8.8"]));
}

#[test]
fn a_list_that_is_loaded_again_is_replaced_and_stays_as_enabled_as_it_was() {
    let bench = bench();
    bench.store.enable_known_good("dns", false, &KIM).unwrap();
    assert_eq!(bench.feed(), ["1.1.1.0/24", "2.2.2.2", "8.8.8.8"]);
    let (row, _) = bench.store.load_known_good(&list("dns", &at(&["2.2.2.2"])), &KIM).unwrap();
    assert_eq!((row.entries, row.enabled), (1, false));
    assert_eq!(bench.feed().len(), 3);
    bench.store.enable_known_good("dns", true, &KIM).unwrap();
    assert_eq!(bench.feed(), ["1.1.1.0/24", "8.8.8.8"]);
    bench.store.load_known_good(&list("dns", &at(&["8.8.8.8"])), &KIM).unwrap();
    assert_eq!(bench.feed(), ["1.1.1.0/24", "2.2.2.2"]);
    bench.store.remove_known_good("dns", &KIM).unwrap();
    assert_eq!(bench.feed().len(), 3);
    assert!(matches!(bench.store.known_good_entries("dns", None, 1), Err(Error::NoKnownGood(_))));
}

#[test]
fn a_list_is_installed_once_and_never_after_a_person_removed_it() {
    let bench = bench();
    let (dns, roots) = (at(&["2.2.2.2"]), at(&["9.9.9.9"]));
    let lists = [list("dns", &dns), list("roots", &roots)];
    let (installed, _) = bench.store.install_known_good(&lists, &KIM).unwrap().unwrap();
    assert_eq!(installed.iter().map(|row| row.name.as_str()).collect::<Vec<_>>(), ["roots"]);
    assert!(bench.store.install_known_good(&lists, &KIM).unwrap().is_none());
    bench.store.remove_known_good("roots", &KIM).unwrap();
    assert!(bench.store.install_known_good(&lists, &KIM).unwrap().is_none());
    assert!(bench.feed().contains(&"2.2.2.2".to_owned()));
}

#[test]
fn what_a_new_list_takes_away_goes_at_once_and_asks_nobody() {
    let bench = Bench::new();
    let addresses: Vec<String> = (1..=12).map(|n| format!("45.9.20.{n}")).collect();
    let mut listed: Vec<&str> = addresses.iter().map(String::as_str).collect();
    listed.push("1.1.1.1");
    bench.import("a", Mode::Full, &plain(&listed));
    let prefixes = at(&listed[..12]);
    let (_, preview) = bench.store.preview_known_good(&list("many", &prefixes)).unwrap();
    assert_eq!((preview.delta.removed.len(), preview.reasons.len()), (12, 0));
    assert!(bench.store.known_good_lists().unwrap().is_empty());
    let (_, published) = bench.store.load_known_good(&list("many", &prefixes), &KIM).unwrap();
    assert!(matches!(published, store::Published::New(_)));
    assert_eq!(bench.feed(), ["1.1.1.1"]);
}

#[test]
fn a_try_changes_nothing_and_a_bad_name_is_refused() {
    let bench = bench();
    let (_, preview) = bench.store.preview_enable_known_good("dns", false).unwrap();
    assert_eq!(preview.delta.added, at(&["1.1.1.0/24", "8.8.8.8"]));
    let (_, preview) = bench.store.preview_remove_known_good("dns").unwrap();
    assert_eq!(preview.entries, 3);
    assert!(bench.store.known_good_list("dns").unwrap().unwrap().enabled);
    for name in ["", "DNS", "a b", "../x", &"x".repeat(64)] {
        assert!(matches!(bench.store.load_known_good(&list(name, &[]), &KIM), Err(Error::KnownGoodName(_))));
    }
}
