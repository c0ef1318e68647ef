//! Each rule of the gate just under and just over its limit, and switched off.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests only")]

use std::collections::{BTreeMap, BTreeSet};

use blocklist::gate::{Candidate, GateRules, MAX_WIDE, RULES, Reason, SETTINGS, Verdict, judge, set};
use blocklist::policy::{GuardKind, Hit};
use blocklist::{Content, DetailsId, DetailsTable, Listing, SourceId, SourceName, Time};
use prefix::{Net, Prefix};
use proptest::prelude::*;

/// Listings as (source, prefixes), canonical.
fn content(lists: &[(&str, Vec<Prefix>)]) -> Content {
    let mut sources: BTreeMap<SourceId, SourceName> = BTreeMap::new();
    let mut listings = Vec::new();
    for ((name, prefixes), id) in lists.iter().zip(0..) {
        sources.insert(SourceId(id), name.parse().unwrap());
        listings.extend(prefixes.iter().map(|&prefix| Listing {
            prefix,
            source: SourceId(id),
            details: DetailsId(0),
            detected: Time::from_unix(0),
            until: None,
        }));
    }
    Content::new(&sources, &DetailsTable::default(), listings)
}

/// Hosts from 9.0.0.0 on.
fn hosts(range: std::ops::Range<u32>) -> Vec<Prefix> {
    range.map(|host| Net::host(0x0900_0000 | host).into()).collect()
}

fn nets(texts: &[&str]) -> Vec<Prefix> {
    texts.iter().map(|text| text.parse().unwrap()).collect()
}

fn verdict(before: Option<&Content>, content: &Content, hits: &[Hit], rules: &GateRules) -> Vec<Reason> {
    match judge(&Candidate { content, before, new_hits: hits, knows_history: true }, rules) {
        Verdict::Publish => Vec::new(),
        Verdict::Held(reasons) => reasons,
    }
}

/// All rules off, then those that are named.
fn only(settings: &[(&str, &str)]) -> GateRules {
    let mut rules = GateRules::default();
    for setting in SETTINGS {
        // What is not a limit has no off, or means the same.
        let _ = setting.set(&mut rules, "off");
    }
    for (key, value) in settings {
        set(&mut rules, key, value).unwrap();
    }
    rules
}

struct Case {
    what: &'static str,
    settings: &'static [(&'static str, &'static str)],
    before: Vec<(&'static str, Vec<Prefix>)>,
    after: Vec<(&'static str, Vec<Prefix>)>,
    reason: Option<&'static str>,
}

fn cases() -> Vec<Case> {
    let a = |prefixes| vec![("a", prefixes)];
    let case = |what, settings, before, after, reason| Case { what, settings, before, after, reason };
    let share = &[("min_share", "50"), ("jump_floor", "1")];
    let added = &[("max_added", "200"), ("jump_floor", "10")];
    let removed = &[("max_removed", "50"), ("jump_floor", "10")];
    let covered = &[("max_covered", "0.390625")]; // one /8
    let v4 = &[("widest_v4", "10")];
    let v6 = &[("widest_v6", "24")];
    vec![
        case("half is left", share, a(hosts(0..100)), a(hosts(0..50)), None),
        case("less than half is left", share, a(hosts(0..100)), a(hosts(0..49)), Some("shrunk")),
        case("nothing was published", share, vec![], a(hosts(0..1)), None),
        case(
            "prefixes count, not listings",
            share,
            vec![("a", hosts(0..10)), ("b", hosts(0..10))],
            a(hosts(0..5)),
            None,
        ),
        case("twice as many are added", added, a(hosts(0..100)), a(hosts(0..300)), None),
        case("more than twice as many", added, a(hosts(0..100)), a(hosts(0..301)), Some("jumped")),
        case("under the floor", added, a(hosts(0..1)), a(hosts(0..10)), None),
        case("at the floor", added, a(hosts(0..1)), a(hosts(0..11)), Some("jumped")),
        case("a new source", added, a(hosts(0..1)), vec![("a", hosts(0..1)), ("b", hosts(0..999))], None),
        case("by hand", added, vec![("manual", hosts(0..1))], vec![("manual", hosts(0..999))], None),
        case("half is lost", removed, a(hosts(0..100)), a(hosts(50..100)), None),
        case("more than half is lost", removed, a(hosts(0..100)), a(hosts(51..100)), Some("lost")),
        case("lost under the floor", removed, a(hosts(0..10)), a(hosts(9..10)), None),
        case("lost at the floor", removed, a(hosts(0..11)), a(hosts(10..11)), Some("lost")),
        case("lost by hand", removed, vec![("manual", hosts(0..99))], a(hosts(0..1)), None),
        case(
            "a source is gone",
            removed,
            vec![("a", hosts(0..9)), ("b", hosts(0..99))],
            a(hosts(0..9)),
            Some("lost"),
        ),
        case("as many others", removed, a(hosts(0..100)), a(hosts(100..200)), Some("lost")),
        case("one /8 is covered", covered, vec![], a(nets(&["9.0.0.0/8", "9.1.0.0/16"])), None),
        case("a bit more", covered, vec![], a(nets(&["9.0.0.0/8", "11.0.0.1"])), Some("covers")),
        case(
            "as much as before",
            covered,
            a(nets(&["9.0.0.0/8", "11.0.0.1"])),
            a(nets(&["9.0.0.0/8", "11.0.0.2"])),
            None,
        ),
        case(
            "still more than before",
            covered,
            a(nets(&["9.0.0.0/8", "11.0.0.1"])),
            a(nets(&["9.0.0.0/8", "11.0.0.0/31"])),
            Some("covers"),
        ),
        case("IPv6 is not counted", covered, vec![], a(nets(&["9.0.0.0/8", "2a00::/19"])), None),
        case("a /10", v4, a(hosts(0..1)), a(nets(&["9.64.0.0/10"])), None),
        case("a /9", v4, a(hosts(0..1)), a(nets(&["9.128.0.0/9"])), Some("wide")),
        case("a /9 that was there", v4, a(nets(&["9.128.0.0/9"])), a(nets(&["9.128.0.0/9"])), None),
        case(
            "a /9 that another had",
            v4,
            vec![("a", nets(&["9.128.0.0/9"]))],
            vec![("b", nets(&["9.128.0.0/9"]))],
            Some("wide"),
        ),
        case("a first /9", v4, vec![], a(nets(&["9.128.0.0/9"])), Some("wide")),
        case("an IPv6 /9 is another rule", v4, vec![], a(nets(&["2a00::/20"])), None),
        case("an IPv6 /24", v6, vec![], a(nets(&["2a00::/24"])), None),
        case("an IPv6 /23", v6, vec![], a(nets(&["2a00::/23"])), Some("wide")),
    ]
}

#[test]
fn each_rule_holds_what_is_over_its_limit_and_nothing_when_it_is_off() {
    for Case { what, settings, before, after, reason } in cases() {
        let (before, after) = (content(&before), content(&after));
        let ids = |rules: &GateRules| -> Vec<&str> {
            verdict(Some(&before), &after, &[], rules).iter().map(Reason::rule).collect()
        };
        assert_eq!(ids(&only(settings)), reason.into_iter().collect::<Vec<_>>(), "{what}");
        assert_eq!(ids(&only(&[])), [""; 0], "{what}, but off");
        if before.is_empty() {
            let never = verdict(None, &after, &[], &only(settings));
            assert_eq!(never, verdict(Some(&before), &after, &[], &only(settings)), "{what}");
        }
    }
}

#[test]
fn hits_are_counted_by_kind_against_the_limit_of_the_kind() {
    let content = content(&[("a", hosts(0..1))]);
    let hit = |kind, host: u32| Hit {
        source: "a".parse().unwrap(),
        prefix: Net::host(0x0900_0000 | host).into(),
        kind,
        guard: "9.0.0.0/24".parse().unwrap(),
    };
    for (kind, key) in
        GuardKind::ALL.into_iter().zip(["own_hits", "consumer_hits", "allow_hits", "known_good_hits"])
    {
        let other = GuardKind::ALL.into_iter().find(|other| *other != kind).unwrap();
        let hits = [hit(kind, 5), hit(kind, 4), hit(other, 1), hit(kind, 6)];
        assert_eq!(verdict(None, &content, &hits, &only(&[(key, "3")])), []);
        assert_eq!(verdict(None, &content, &hits, &only(&[])), []);
        let first = "9.0.0.4 (a) on 9.0.0.0/24".to_owned();
        let expected = Reason::Hits { kind, count: 3, first, most: 2 };
        assert_eq!(verdict(None, &content, &hits, &only(&[(key, "2")])), [expected]);
        assert_eq!(verdict(None, &content, &[hit(other, 1)], &only(&[(key, "0")])), []);
    }
}

#[test]
fn nothing_and_an_unknown_history_are_always_held() {
    let (empty, full) = (content(&[]), content(&[("a", hosts(0..100))]));
    let judged = |content, before, knows_history, rules: &GateRules| {
        judge(&Candidate { content, before, new_hits: &[], knows_history }, rules)
    };
    for rules in [only(&[]), GateRules::default()] {
        assert_eq!(judged(&empty, Some(&full), true, &rules), Verdict::Held(vec![Reason::Empty]));
        assert_eq!(judged(&empty, None, true, &rules), Verdict::Held(vec![Reason::Empty]));
        let both = Verdict::Held(vec![Reason::Empty, Reason::UnknownHistory]);
        assert_eq!(judged(&empty, None, false, &rules), both);
        assert_eq!(judged(&full, None, false, &rules), Verdict::Held(vec![Reason::UnknownHistory]));
        assert_eq!(judged(&full, None, true, &rules), Verdict::Publish);
        assert_eq!(judged(&full, Some(&full), true, &rules), Verdict::Publish);
    }
}

#[test]
fn all_reasons_are_told_at_once_in_the_order_of_the_table() {
    let before = content(&[("a", hosts(0..2000)), ("b", hosts(0..2000)), ("c", hosts(4000..4500))]);
    let mut wide: Vec<Prefix> = (30..90u32).map(|top| Net::new(top << 24, 9).unwrap().into()).collect();
    wide.extend(hosts(5000..6500));
    let after = content(&[("c", wide), ("d", hosts(0..1))]);
    let rules = only(&[
        ("min_share", "90"),
        ("max_added", "200"),
        ("max_removed", "50"),
        ("jump_floor", "500"),
        ("max_covered", "5"),
        ("widest_v4", "10"),
        ("own_hits", "0"),
    ]);
    let hits: Vec<Hit> = GuardKind::ALL
        .into_iter()
        .map(|kind| Hit {
            source: "c".parse().unwrap(),
            prefix: "30.0.0.0/9".parse().unwrap(),
            kind,
            guard: "30.0.0.1".parse().unwrap(),
        })
        .collect();
    let reasons = verdict(Some(&before), &after, &hits, &rules);
    let from: Vec<&str> = reasons.iter().map(Reason::rule).collect();
    let mut expected = vec!["shrunk", "jumped", "lost", "lost", "lost", "covers"];
    expected.extend(vec!["wide"; MAX_WIDE]);
    expected.push("hits");
    assert_eq!(from, expected);
    let place = |reason: &Reason| RULES.iter().position(|rule| rule.id == reason.rule());
    assert!(reasons.is_sorted_by_key(place));
    let json = serde_json::to_string(&reasons).unwrap();
    assert_eq!(serde_json::from_str::<Vec<Reason>>(&json).unwrap(), reasons);
}

proptest! {
    #[test]
    fn changes_of_a_source_are_its_prefixes_that_come_and_go(
        before in proptest::collection::vec((0u32..3, 0u32..12), 0..30),
        after in proptest::collection::vec((0u32..3, 0u32..12), 1..30),
        most in 0u32..150,
        floor in 0u32..4,
    ) {
        let names = ["a", "b", "c"];
        let of = |rows: &[(u32, u32)], source: u32| -> BTreeSet<Prefix> {
            rows.iter().filter(|row| row.0 == source).flat_map(|row| hosts(row.1..row.1 + 1)).collect()
        };
        let lists = |rows: &[(u32, u32)]| -> Content {
            let lists = names.into_iter().zip(0..).map(|(name, at)| (name, of(rows, at).into_iter().collect()));
            content(&lists.collect::<Vec<_>>())
        };
        let (most_removed, floor_text) = (most.min(100).to_string(), floor.to_string());
        let rules =
            only(&[("max_added", &most.to_string()), ("max_removed", &most_removed), ("jump_floor", &floor_text)]);
        let mut expected = Vec::new();
        for lost in [false, true] {
            for (name, at) in names.into_iter().zip(0..) {
                let (old, new) = (of(&before, at), of(&after, at));
                let from: SourceName = name.parse().unwrap();
                let had = old.len() as u64;
                let count = if lost { old.difference(&new) } else { new.difference(&old) }.count() as u64;
                let most = if lost { most.min(100) } else { most };
                if had > 0 && count >= u64::from(floor) && count * 100 > had * u64::from(most) {
                    expected.push(if lost {
                        Reason::Lost { from, removed: count, had, most }
                    } else {
                        Reason::Jumped { from, added: count, had, most }
                    });
                }
            }
        }
        let (old, new) = (lists(&before), lists(&after));
        prop_assert_eq!(verdict(Some(&old), &new, &[], &rules), expected);
        prop_assert_eq!(verdict(Some(&new), &new, &[], &GateRules { min_share: Some(100), ..rules }), []);
    }
}
