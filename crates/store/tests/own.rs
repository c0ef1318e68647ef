//! Own networks and the server's own addresses are never served.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests only")]

mod support;

use blocklist::Mode;
use blocklist::policy::GuardKind;
use prefix::Prefix;
use store::{Actor, AuditQuery, Error, OwnKind, Published};
use support::{Bench, plain};

const KIM: Actor<'static> = Actor { address: None, by: "kim", note: None };

fn at(texts: &[&str]) -> Vec<Prefix> {
    texts.iter().map(|text| text.parse().unwrap()).collect()
}

#[test]
fn an_own_network_leaves_the_list_at_once() {
    let bench = Bench::new();
    bench.import("a", Mode::Full, &plain(&["1.1.1.1", "45.9.20.0/24"]));
    let published = bench.store.add_own(&at(&["45.9.20.0/25", "10.0.0.0/8"]), Some("office"), false, &KIM);
    assert!(matches!(published.unwrap(), Published::New(_)));
    assert_eq!(bench.feed(), ["1.1.1.1", "45.9.20.128/25"]);
    bench.store.publish_forced(&KIM).unwrap();
    let hits = bench.store.hits().unwrap();
    assert_eq!((hits.len(), hits[0].kind), (1, GuardKind::Own));
    bench.store.remove_own(&at(&["45.9.20.0/25"]), &KIM).unwrap();
    assert_eq!(bench.feed(), ["1.1.1.1", "45.9.20.0/24"]);
    let rows = bench.store.own_networks().unwrap();
    assert_eq!((rows.len(), rows[0].kind, rows[0].note.as_deref()), (1, OwnKind::Firm, Some("office")));
}

#[test]
fn all_are_taken_or_none() {
    let bench = Bench::new();
    bench.store.add_own(&at(&["10.0.0.0/8"]), None, false, &KIM).unwrap();
    let add = |prefixes: &[&str], wide| bench.store.add_own(&at(prefixes), None, wide, &KIM);
    assert!(matches!(add(&["11.0.0.0/8", "10.0.0.0/8"], false), Err(Error::OwnExists(_))));
    assert!(matches!(add(&["11.0.0.0/8", "2000::/3"], false), Err(Error::OwnTooWide(_))));
    assert!(matches!(bench.store.remove_own(&at(&["10.0.0.0/8", "12.0.0.0/8"]), &KIM), Err(Error::NoOwn(_))));
    assert_eq!(bench.store.own_networks().unwrap().len(), 1);
    add(&["fc00::/7", "0.0.0.0/1"], true).unwrap();
    assert_eq!(bench.store.own_networks().unwrap().len(), 3);
    assert_eq!(bench.store.audit(&AuditQuery::newest(10)).unwrap().len(), 3);
}

#[test]
fn a_try_changes_nothing() {
    let bench = Bench::new();
    bench.import("a", Mode::Full, &plain(&["1.1.1.1", "2.2.2.2"]));
    let preview = bench.store.preview_add_own(&at(&["2.2.2.0/24"]), false).unwrap();
    assert_eq!((preview.delta.removed, preview.reasons.len()), (at(&["2.2.2.2"]), 0));
    assert_eq!((bench.feed().len(), bench.store.own_networks().unwrap().len()), (2, 0));
    assert!(bench.store.preview_remove_own(&at(&["2.2.2.0/24"])).is_err());
}

#[test]
fn the_addresses_of_the_server_are_what_it_said_last() {
    let bench = Bench::new();
    bench.import("a", Mode::Full, &plain(&["1.1.1.1", "2.2.2.2", "3.3.3.3"]));
    bench.store.add_own(&at(&["3.3.3.3"]), None, false, &KIM).unwrap();
    assert!(bench.store.put_server_addresses(&at(&["2.2.2.2", "10.1.1.1", "fd00::1"])).unwrap().is_some());
    assert_eq!(bench.feed(), ["1.1.1.1"]);
    assert!(bench.store.put_server_addresses(&at(&["10.1.1.1", "fd00::1", "2.2.2.2"])).unwrap().is_none());
    // The gate has asked about the hits, and a person said yes.
    bench.store.publish_forced(&KIM).unwrap();
    bench.store.put_server_addresses(&at(&["3.3.3.3"])).unwrap();
    assert_eq!(bench.feed(), ["1.1.1.1", "2.2.2.2"]);
    let kinds: Vec<OwnKind> = bench.store.own_networks().unwrap().iter().map(|row| row.kind).collect();
    assert_eq!(kinds, [OwnKind::Firm, OwnKind::Server]);
    bench.store.put_server_addresses(&[]).unwrap();
    assert_eq!(bench.feed(), ["1.1.1.1", "2.2.2.2"]);
}
