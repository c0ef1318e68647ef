//! What went wrong at others, one test each: none of it reaches a device.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests only")]

mod support;

use blocklist::gate::{GateRules, Reason};
use blocklist::{Mode, Serial, Time};
use prefix::{Net, Prefix};
use store::{Actor, Approved, Import, NewAllow, NewKnownGood, Origin, Published};
use support::{Bench, SETUP, START, batch, name, plain};

const KIM: Actor<'static> = Actor { address: None, by: "kim", note: None };
const WEEK: i64 = 7 * 86_400;

/// So many hosts from `9.<net>.0.0` on.
fn hosts(net: u8, count: u32) -> Vec<String> {
    (0..count).map(|n| Prefix::from(Net::host(0x0900_0000 | u32::from(net) << 16 | n)).to_string()).collect()
}

fn texts(hosts: &[String]) -> Vec<&str> {
    hosts.iter().map(String::as_str).collect()
}

/// Imports over the check of the import itself: the gate is the next door.
fn import_anyway(bench: &Bench, source: &str, hosts: &[String]) -> Published {
    let (source, batch) = (name(source), plain(&texts(hosts)));
    let import = Import { min_share: 0.0, ..bench.request(&source, Mode::Full, &batch) };
    bench.store.import(&import).unwrap().published
}

fn reasons(published: &Published) -> Vec<&str> {
    match published {
        Published::Held { reasons, .. } => reasons.iter().map(Reason::rule).collect(),
        _ => Vec::new(),
    }
}

fn lists(bench: &Bench, address: &str) -> bool {
    bench.store.files().load_current().unwrap().unwrap().lists(address.parse().unwrap())
}

#[test]
fn all_of_the_internet_in_a_feed_is_not_served() {
    let bench = Bench::new();
    // Refused when it is read; were it kept by a mistake, this is the last door.
    bench.import("a", Mode::Full, &plain(&["9.9.9.9", "0.0.0.0/0", "0.0.0.0/1", "128.0.0.0/1", "::/0"]));
    assert_eq!(bench.feed(), ["9.9.9.9"]);
    assert!(!lists(&bench, "8.8.8.8") && !lists(&bench, "2a00::1"));
}

#[test]
fn private_space_is_not_served_nor_what_holds_some_of_it() {
    let bench = Bench::new();
    let special =
        ["10.1.2.3", "192.168.0.0/16", "172.16.0.0/11", "127.0.0.1", "100.64.0.1", "fe80::1", "fc00::/7"];
    bench.import("a", Mode::Full, &plain(&special));
    bench.import("b", Mode::Full, &plain(&["9.9.9.9"]));
    assert_eq!(bench.feed(), ["9.9.9.9"]);
}

#[test]
fn an_emptied_source_takes_nothing_away() {
    let bench = Bench::new();
    bench.import("a", Mode::Full, &plain(&["9.9.9.9", "9.9.9.10"]));
    assert!(bench.import("a", Mode::Full, &plain(&[])).run.cause.is_some());
    assert_eq!(bench.feed().len(), 2);
    // By a person's hand it goes, and then an empty list is held.
    let removed = bench.store.remove_source(&name("a"), &SETUP).unwrap();
    assert_eq!(reasons(&removed.published), ["empty"]);
    assert_eq!(bench.feed().len(), 2);
}

#[test]
fn a_list_cut_in_half_is_held_and_the_whole_one_goes_on() {
    let bench = Bench::new();
    let all = hosts(1, 1_000);
    import_anyway(&bench, "a", &all);
    // One source of many: neither its own loss nor that of the list is too much.
    assert_eq!(reasons(&import_anyway(&bench, "a", &all[..600])), Vec::<&str>::new());
    assert_eq!(reasons(&import_anyway(&bench, "a", &all[..299])), ["shrunk", "lost"]);
    assert_eq!(bench.feed().len(), 600);
    // The import itself does not believe it either.
    let (source, half) = (name("a"), plain(&texts(&all[..100])));
    assert!(bench.store.import(&bench.request(&source, Mode::Full, &half)).unwrap().run.cause.is_some());
    // Back to its usual size it is no longer a question.
    assert_eq!(reasons(&import_anyway(&bench, "a", &all[..590])), Vec::<&str>::new());
    assert!(bench.store.held_candidate(None).unwrap().is_none());
    assert_eq!(bench.feed().len(), 590);
}

#[test]
fn the_front_door_of_a_known_good_service_is_never_served() {
    let bench = Bench::new();
    let doors: Vec<Prefix> =
        ["9.9.9.9", "9.8.0.0/24", "2a00:1::/32"].map(|text| text.parse().unwrap()).into();
    let list = NewKnownGood {
        name: "front-doors",
        description: None,
        version: None,
        prefixes: &doors,
        passed_over: 0,
    };
    bench.store.load_known_good(&list, &KIM).unwrap();
    bench.import("a", Mode::Full, &plain(&["9.9.9.9", "9.9.9.10", "9.8.0.0/23", "2a00:1::7", "2a00:2::7"]));
    assert_eq!(bench.feed(), ["9.8.1.0/24", "9.9.9.10", "2a00:2::7"]);
    // A list full of them is somebody's mistake, or an attack on the list itself.
    let many: Vec<String> = (0..11).map(|n| format!("9.8.0.{n}")).collect();
    let held = bench.import("b", Mode::Full, &plain(&texts(&[many, hosts(1, 3)].concat())));
    assert_eq!(reasons(&held.published), ["hits"]);
    assert!(!lists(&bench, "9.8.0.5") && !lists(&bench, "9.1.0.0"));
}

#[test]
fn the_firms_own_network_is_never_served_and_a_person_is_asked() {
    let bench = Bench::new();
    bench.store.add_own(&["9.7.0.0/16".parse().unwrap()], Some("front"), false, &KIM).unwrap();
    bench.import("a", Mode::Full, &plain(&["9.9.9.9"]));
    let held = bench.import("b", Mode::Full, &plain(&["9.7.1.2", "9.6.0.0/15", "9.9.9.10"]));
    assert_eq!(reasons(&held.published), ["hits"]);
    assert_eq!(bench.feed(), ["9.9.9.9"]);
    let (row, _) = bench.store.held_candidate(None).unwrap().unwrap();
    let Approved::Published(_) = bench.store.approve(row.id, row.candidate, &KIM).unwrap() else { panic!() };
    assert_eq!(bench.feed(), ["9.6.0.0/16", "9.9.9.9", "9.9.9.10"]);
    // Asked once: the same listings are no question again.
    let more = bench.import("b", Mode::Full, &plain(&["9.7.1.2", "9.6.0.0/15", "9.9.9.11"]));
    assert!(matches!(more.published, Published::New(_)));
    // Forced or not, it stays out.
    bench.store.publish_forced(&KIM).unwrap();
    assert!(!lists(&bench, "9.7.1.2"));
}

#[test]
fn a_jump_of_three_hundred_percent_is_held_and_a_new_source_is_no_jump() {
    let bench = Bench::new();
    import_anyway(&bench, "a", &hosts(1, 1_000));
    assert_eq!(reasons(&import_anyway(&bench, "b", &hosts(2, 5_000))), Vec::<&str>::new());
    let held = import_anyway(&bench, "a", &hosts(1, 4_000));
    let Published::Held { reasons, .. } = &held else { panic!("{held:?}") };
    assert_eq!(*reasons, [Reason::Jumped { from: name("a"), added: 3_000, had: 1_000, most: 200 }]);
    assert_eq!(bench.feed().len(), 6_000);
    // What another source brings meanwhile waits with it; what people block does not.
    import_anyway(&bench, "b", &hosts(2, 5_001));
    assert_eq!(bench.feed().len(), 6_000);
    let (row, delta) = bench.store.held_candidate(None).unwrap().unwrap();
    assert_eq!((row.added, delta.added.len(), row.entries), (3_001, 3_001, 9_001));
    bench.store.approve(row.id, row.candidate, &KIM).unwrap();
    assert_eq!(bench.feed().len(), 9_001);
    let last = bench.store.publications(None, 1).unwrap().remove(0);
    assert_eq!((last.origin, last.by.as_deref()), (Origin::Approved, Some("kim")));
}

#[test]
fn a_hole_in_a_slash_8_leaves_all_of_it_but_the_hole() {
    let bench = Bench::new();
    bench.store.set_gate(&GateRules { widest_v4: None, ..GateRules::default() }, &KIM).unwrap();
    bench.import("a", Mode::Full, &plain(&["9.0.0.0/8", "11.0.0.1"]));
    let hole: Prefix = "9.1.2.3".parse().unwrap();
    let (_, published) = bench.store.add_allow(&[NewAllow::new(hole, "our bank's gateway")], &KIM).unwrap();
    assert!(matches!(published, Published::New(_)), "an allow entry is on the wire at once");
    // A /8 without one address is 24 prefixes, not sixteen million.
    assert_eq!(bench.feed().len(), 25);
    let publication = bench.store.files().load_current().unwrap().unwrap();
    assert!(!publication.lists(hole));
    for neighbour in ["9.1.2.2", "9.1.2.4", "9.0.0.0", "9.255.255.255", "9.128.0.0/9"] {
        assert!(publication.lists(neighbour.parse().unwrap()), "{neighbour}");
    }
    bench.store.remove_allow(bench.store.allow_of(hole).unwrap().unwrap().id, &KIM).unwrap();
    assert_eq!(bench.feed(), ["9.0.0.0/8", "11.0.0.1"]);
}

#[test]
fn a_source_that_is_back_after_a_week_is_taken_as_it_is() {
    let bench = Bench::new();
    let day = |n: u32, until: i64| -> Vec<(String, Option<i64>)> {
        hosts(1, 2_000)
            .into_iter()
            .skip(n as usize * 100)
            .take(1_000)
            .map(|host| (host, Some(until)))
            .collect()
    };
    let import = |rows: &[(String, Option<i64>)]| {
        let rows: Vec<_> = rows.iter().map(|(host, until)| (host.as_str(), *until, "")).collect();
        bench.import("a", Mode::Full, &batch(&rows)).published
    };
    bench.import("b", Mode::Full, &plain(&["11.0.0.1"]));
    import(&day(0, 3 * 86_400));
    assert_eq!(bench.feed().len(), 1_001);
    // Nothing came for a week: what ended went at its second, and that is no accident to be held.
    bench.at(3 * 86_400);
    assert!(matches!(bench.store.publish_ended().unwrap(), Published::New(_)));
    assert_eq!(bench.feed(), ["11.0.0.1"]);
    bench.at(WEEK);
    let back = import(&day(3, WEEK + 3 * 86_400));
    assert!(matches!(back, Published::New(_)), "{back:?}");
    assert_eq!(bench.feed().len(), 1_001);
    assert!(lists(&bench, "9.1.1.44") && !lists(&bench, "9.1.0.1"));
}

#[test]
fn a_clock_that_is_set_back_neither_repeats_a_serial_nor_brings_back_what_people_removed() {
    let bench = Bench::new();
    bench.at(10_000);
    bench.import("a", Mode::Full, &batch(&[("9.9.9.9", Some(20_000), ""), ("9.9.9.10", None, "")]));
    bench.import("b", Mode::Full, &plain(&["9.9.9.11"]));
    bench.store.remove_source(&name("b"), &SETUP).unwrap();
    let before = bench.store.publications(None, 1).unwrap().remove(0);
    bench.at(0);
    bench.import("a", Mode::Add, &plain(&["9.9.9.12"]));
    let after = bench.store.publications(None, 1).unwrap().remove(0);
    assert_eq!(after.serial, Serial(before.serial.0 + 1));
    assert!(after.published_at > before.published_at && after.changed_at > before.changed_at);
    assert_eq!(bench.feed(), ["9.9.9.9", "9.9.9.10", "9.9.9.12"]);
    // And what ended by a clock that ran ahead is listed again by the right one.
    bench.at(30_000);
    bench.store.publish_ended().unwrap();
    assert!(!lists(&bench, "9.9.9.9"));
    bench.at(500);
    bench.store.publish().unwrap();
    assert!(lists(&bench, "9.9.9.9"));
    assert_eq!(bench.store.publication_at(Time::from_unix(START - 1)).unwrap(), None);
}
