//! The policy against single addresses in a small space.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests only")]

mod small;

use std::collections::{BTreeMap, BTreeSet};

use blocklist::policy::{Failed, Hit, MAX_HITS, Protected, Served, Why, evaluate, verdict};
use blocklist::{ChunkKey, Details, Listing, SourceId, Time};
use prefix::{Family, Prefix, Rules};
use proptest::prelude::*;
use small::{Case, addresses, case, guard, guards, prefixes, space, time};

/// The end of a listing, said anew.
fn end(case: &Case, at: usize) -> Option<Time> {
    let kept = &case.kept[at];
    let rules = case.policy.sources.get(case.name(kept.listing.source));
    match rules.filter(|_| !case.is_manual(kept.listing.source) && !kept.end_is_set) {
        Some(rules) => rules.end.end(kept.listing.until, kept.listing.detected, kept.seen),
        None => kept.listing.until,
    }
}

/// Whether a listing counts, said anew.
fn counts(case: &Case, at: usize) -> bool {
    let listing = &case.kept[at].listing;
    let details = case.details.get(listing.details);
    let rules = case.policy.sources.get(case.name(listing.source));
    Rules::default().admit(listing.prefix).is_ok()
        && end(case, at).is_none_or(|until| until > case.now)
        && (case.is_manual(listing.source)
            || (case.policy.filter.judge(listing, details).is_ok()
                && rules.is_none_or(|rules| !rules.trial && rules.filter.judge(listing, details).is_ok())))
}

/// The addresses that are served of a listing, one by one.
fn naive(case: &Case, at: usize) -> BTreeSet<usize> {
    if !counts(case, at) {
        return BTreeSet::new();
    }
    let listing = &case.kept[at].listing;
    let alone = case.is_manual(listing.source) || case.policy.trusted.contains(case.name(listing.source));
    let holding = |address: usize| -> BTreeSet<SourceId> {
        let others = (0..case.kept.len()).filter(|&other| counts(case, other));
        let holds = |other: &usize| addresses(case.kept[*other].listing.prefix).contains(&address);
        others.filter(holds).map(|other| case.kept[other].listing.source).collect()
    };
    let protected = space(case.protected.guards().iter().map(|guard| guard.prefix));
    addresses(listing.prefix)
        .filter(|&address| !protected[address])
        .filter(|&address| alone || holding(address).len() >= usize::from(case.policy.min_sources))
        .collect()
}

/// What is served, by source: each address with all ends under which it is.
fn ends(listings: &[Listing]) -> BTreeMap<(SourceId, usize), BTreeSet<Option<Time>>> {
    let mut ends: BTreeMap<_, BTreeSet<_>> = BTreeMap::new();
    for listing in listings {
        for address in addresses(listing.prefix) {
            ends.entry((listing.source, address)).or_default().insert(listing.until);
        }
    }
    ends
}

fn longest(ends: &BTreeSet<Option<Time>>) -> Option<Time> {
    if ends.contains(&None) { None } else { *ends.last().unwrap() }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn just_the_addresses_are_served_that_each_rule_leaves(case in case()) {
        let served = evaluate(&case.kept, &case.by()).listings;
        let mut expected: BTreeMap<_, BTreeSet<_>> = BTreeMap::new();
        for (at, kept) in case.kept.iter().enumerate() {
            for address in naive(&case, at) {
                expected.entry((kept.listing.source, address)).or_default().insert(end(&case, at));
            }
        }
        let found = ends(&served);
        prop_assert_eq!(found.keys().collect::<Vec<_>>(), expected.keys().collect::<Vec<_>>());
        for (key, ends) in &expected {
            // Where two listings of a source leave the same prefix the longer end stays; each end is one of theirs.
            prop_assert_eq!(longest(&found[key]), longest(ends));
            prop_assert!(found[key].is_subset(ends));
        }
    }

    #[test]
    fn it_is_in_order_each_pair_once_and_the_same_for_any_order_of_input(case in case(), seed: u64) {
        let evaluated = evaluate(&case.kept, &case.by());
        let key = |listing: &Listing| (listing.prefix, listing.source);
        prop_assert!(evaluated.listings.is_sorted_by(|a, b| key(a) < key(b)));
        prop_assert!(evaluated.hits.is_sorted_by(|a, b| a < b));
        let mut shuffled = case.kept.clone();
        shuffled.sort_by_key(|kept| {
            let bytes = format!("{seed}{kept:?}");
            bytes.bytes().fold(seed, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x100_0000_01b3))
        });
        prop_assert_eq!(evaluated, evaluate(&shuffled, &case.by()));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]

    #[test]
    fn hits_are_what_counts_and_shares_an_address_with_a_guard(case in case()) {
        let mut expected = BTreeSet::new();
        for (at, kept) in case.kept.iter().enumerate().filter(|(at, _)| counts(&case, *at)) {
            for guard in case.protected.guards() {
                let listed = addresses(kept.listing.prefix);
                if addresses(guard.prefix).any(|address| listed.contains(&address)) {
                    expected.insert(Hit {
                        source: case.name(case.kept[at].listing.source).clone(),
                        prefix: kept.listing.prefix,
                        kind: guard.kind,
                        guard: guard.prefix,
                    });
                }
            }
        }
        prop_assert_eq!(evaluate(&case.kept, &case.by()).hits, expected.into_iter().collect::<Vec<_>>());
    }

    #[test]
    fn a_verdict_says_what_is_served_and_why_not_all(case in case()) {
        for (at, kept) in case.kept.iter().enumerate() {
            let verdict = verdict(kept, &case.kept, &case.by());
            let (left, all) = (naive(&case, at).len(), addresses(kept.listing.prefix).count());
            let served = if left == all {
                Served::Whole
            } else if left == 0 {
                Served::Nothing
            } else {
                Served::Part
            };
            prop_assert_eq!(verdict.served, served);
            prop_assert_eq!(verdict.until, end(&case, at));
            prop_assert_eq!(verdict.why.is_empty(), served == Served::Whole, "{:?}", verdict.why);
            let guards = verdict.why.iter().filter(|why| matches!(why, Why::Protected { .. })).count();
            prop_assert_eq!(guards, case.protected.touching(kept.listing.prefix).count());
        }
    }

    #[test]
    fn what_too_few_sources_list_is_told_with_the_least_count(case in case()) {
        for (at, kept) in case.kept.iter().enumerate().filter(|(at, _)| counts(&case, *at)) {
            let listing = &kept.listing;
            let holders = |address: usize| {
                let counted = (0..case.kept.len()).filter(|&other| counts(&case, other));
                let holds = |other: &usize| addresses(case.kept[*other].listing.prefix).contains(&address);
                counted.filter(holds).map(|other| case.kept[other].listing.source).collect::<BTreeSet<_>>().len()
            };
            let least = addresses(listing.prefix).map(holders).min().unwrap();
            let alone = case.is_manual(listing.source) || case.policy.trusted.contains(case.name(listing.source));
            let need = case.policy.min_sources;
            let expected = (!alone && least < usize::from(need))
                .then(|| Why::TooFewSources { need, have: u16::try_from(least).unwrap() });
            let verdict = verdict(&case.kept[at], &case.kept, &case.by());
            let told = verdict.why.into_iter().find(|why| matches!(why, Why::TooFewSources { .. }));
            prop_assert_eq!(told, expected);
        }
    }

    #[test]
    fn what_is_protected_is_the_union_of_the_guards_that_hold(guards in guards(), now in 0i64..20) {
        let holding: Vec<_> =
            guards.iter().filter(|guard| guard.until.is_none_or(|until| until > time(now))).cloned().collect();
        let protected = Protected::new(guards.clone(), time(now));
        prop_assert_eq!(protected.guards().len(), holding.len());
        prop_assert!(protected.guards().is_sorted_by_key(|guard| (guard.prefix, guard.kind)));
        prop_assert_eq!(protected.next_end(), holding.iter().filter_map(|guard| guard.until).min());
        let naive = space(holding.iter().map(|guard| guard.prefix));
        for asked in prefixes() {
            let touching: Vec<_> = protected.touching(asked).collect();
            let expected: Vec<_> = protected
                .guards()
                .iter()
                .filter(|guard| guard.prefix.covers(asked) || asked.covers(guard.prefix))
                .collect();
            prop_assert_eq!(touching, expected);
            let hit = addresses(asked).any(|address| naive[address]);
            prop_assert_eq!(protected.touches(asked), hit);
            let rest = protected.rest_of(asked);
            let mut left = space(rest.iter().copied());
            for address in addresses(asked) {
                prop_assert_eq!(left[address], !naive[address]);
                left[address] = false;
            }
            prop_assert!(left.iter().all(|left| !left));
            prop_assert!(hit || rest == [asked]);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn of_each_listing_the_fewest_prefixes_are_left(case in case()) {
        let evaluated = evaluate(&case.kept, &case.by()).listings;
        let mut expected = BTreeSet::new();
        for (at, kept) in case.kept.iter().enumerate() {
            let left = naive(&case, at);
            if left.len() == addresses(kept.listing.prefix).count() {
                expected.insert((kept.listing.prefix, kept.listing.source));
                continue;
            }
            // The widest prefixes that hold nothing else: those whose parent does.
            let inside = |prefix: &Prefix| addresses(*prefix).all(|address| left.contains(&address));
            let all: Vec<Prefix> =
                prefixes().into_iter().filter(|prefix| kept.listing.prefix.covers(*prefix)).filter(inside).collect();
            for prefix in &all {
                if !all.iter().any(|wider| wider != prefix && wider.covers(*prefix)) {
                    expected.insert((*prefix, kept.listing.source));
                }
            }
        }
        let found: BTreeSet<_> = evaluated.iter().map(|listing| (listing.prefix, listing.source)).collect();
        prop_assert_eq!(found, expected);
    }
}

proptest! {
    #[test]
    fn a_change_of_guards_changes_nothing_but_the_changed_chunks(case in case(), guards in guards()) {
        let mut other = case.clone();
        other.protected = Protected::new(guards, time(10));
        let all = [Family::V4, Family::V6];
        let [v4, v6] = all.map(|family| prefixes().into_iter().find(|prefix| prefix.family() == family).unwrap());
        let chunks = [v4, v6].map(|prefix| ChunkKey::of(prefix).unwrap());
        let changed = case.protected.changed_chunks(&other.protected, &chunks);
        for chunk in chunks.into_iter().filter(|chunk| !changed.contains(chunk)) {
            let mut kept = case.kept.clone();
            kept.retain(|kept| chunk.net().covers(kept.listing.prefix));
            prop_assert_eq!(evaluate(&kept, &case.by()), evaluate(&kept, &other.by()));
        }
    }
}

#[test]
fn of_what_leaves_the_same_prefix_the_longest_end_and_then_the_earliest_detection_stay() {
    let mut case = Case::plain(0..2);
    let [spam, scan] = ["spam", "scan"].map(|category| {
        case.details.intern(Details { category: Some(category.into()), ..Details::default() })
    });
    let base = Listing { until: Some(time(50)), details: spam, ..case.kept[0].listing };
    // (the one that stays, the other)
    let pairs = [
        (Listing { until: None, detected: time(9), ..base }, Listing { until: Some(time(99)), ..base }),
        (Listing { until: Some(time(51)), detected: time(9), ..base }, base),
        (base, Listing { detected: time(1), details: scan, ..base }),
        // By the text, not by the number, which is another on each node.
        (Listing { details: scan, ..base }, base),
    ];
    for (stays, other) in pairs {
        // A half of one is protected, so that what is left of it is the prefix of the other.
        let wide = "9.0.0.0/31".parse().unwrap();
        case.protected = Protected::new(vec![guard("9.0.0.1", "own")], time(0));
        for (narrow, cut) in [(stays, other), (other, stays)] {
            case.kept[0].listing = narrow;
            case.kept[1].listing = Listing { prefix: wide, ..cut };
            assert_eq!(evaluate(&case.kept, &case.by()).listings, [stays]);
        }
    }
}

#[test]
fn a_changed_guard_touches_the_chunks_it_overlaps_and_no_other() {
    let chunks: Vec<ChunkKey> = ["8.0.0.0/8", "9.0.0.0/8", "10.0.0.0/8", "2a00::/16", "2a01::/16"]
        .iter()
        .map(|net| ChunkKey::of(net.parse().unwrap()).unwrap())
        .collect();
    let changed = |before: &[(&str, &str)], after: &[(&str, &str)]| -> Vec<String> {
        let set = |guards: &[(&str, &str)]| {
            Protected::new(guards.iter().map(|(prefix, kind)| guard(prefix, kind)).collect(), time(0))
        };
        let (before, after) = (set(before), set(after));
        let found = before.changed_chunks(&after, &chunks);
        assert_eq!(found, after.changed_chunks(&before, &chunks));
        found.iter().map(|chunk| chunk.net().to_string()).collect()
    };
    let own = ("9.1.2.3", "own");
    assert_eq!(changed(&[own], &[own]), [""; 0]);
    assert_eq!(changed(&[own], &[own, own]), [""; 0]);
    assert_eq!(changed(&[], &[own]), ["9.0.0.0/8"]);
    // As many addresses as before, but another hit.
    assert_eq!(changed(&[own], &[own, ("9.1.2.3", "allow")]), ["9.0.0.0/8"]);
    assert_eq!(changed(&[("9.0.0.0/8", "own"), own], &[("9.0.0.0/8", "own")]), ["9.0.0.0/8"]);
    assert_eq!(changed(&[own], &[own, ("8.0.0.0/7", "own")]), ["8.0.0.0/8", "9.0.0.0/8"]);
    assert_eq!(changed(&[own], &[own, ("::/0", "own")]), ["2a00::/16", "2a01::/16"]);
    assert_eq!(changed(&[own], &[own, ("2a01::1", "own"), ("11.0.0.1", "own")]), ["2a01::/16"]);
    assert_eq!(changed(&[("0.0.0.0/0", "own")], &[]), ["8.0.0.0/8", "9.0.0.0/8", "10.0.0.0/8"]);
}

#[test]
fn a_chunk_keeps_the_gravest_hits_of_a_flood() {
    let mut case = Case::plain(0..3000);
    let mut guards = vec![guard("9.0.0.0/8", "allow")];
    guards.extend((0..40).map(|n| guard(&format!("9.0.11.{n}"), "own")));
    case.protected = Protected::new(guards, time(0));
    let hits = evaluate(&case.kept, &case.by()).hits;
    assert_eq!(hits.len(), MAX_HITS);
    assert_eq!(hits.iter().filter(|hit| hit.kind.as_str() == "own").count(), 40);
    assert!(hits.is_sorted_by(|a, b| a < b));
    let mut backwards = case.kept.clone();
    backwards.reverse();
    assert_eq!(evaluate(&backwards, &case.by()).hits, hits);
}

#[test]
fn what_a_person_set_stays_and_what_a_person_blocked_needs_no_rule() {
    let mut case = Case::plain(0..3);
    let feed = "a".parse().unwrap();
    let rules = blocklist::policy::SourceRules { end: "detected+1d".parse().unwrap(), ..Default::default() };
    case.policy.sources.insert(feed, rules);
    case.now = time(86_400);
    case.kept[1].end_is_set = true;
    let served = evaluate(&case.kept, &case.by()).listings;
    assert_eq!(served, [case.kept[1].listing]);
    assert_eq!(verdict(&case.kept[0], &case.kept, &case.by()).why, [Why::Ended { at: time(86_400) }]);

    let mut case = Case::plain(0..1);
    case.policy.min_sources = 2;
    case.policy.filter.min_confidence = Some(90);
    case.policy.filter.confidence_required = true;
    let why = verdict(&case.kept[0], &case.kept, &case.by()).why;
    let failed = Failed::Confidence;
    assert_eq!(why, [Why::Filter { own: false, failed }, Why::TooFewSources { need: 2, have: 1 }]);
    assert!(evaluate(&case.kept, &case.by()).listings.is_empty());
    case.kept[0].listing.source = SourceId(3);
    assert_eq!(evaluate(&case.kept, &case.by()).listings, [case.kept[0].listing]);
}

#[test]
fn special_space_and_unknown_sources_never_pass() {
    let mut case = Case::plain(0..1);
    for special in ["10.1.2.3", "0.0.0.0/0", "9.0.0.0/7", "::/0", "fe80::1", "203.0.113.7"] {
        case.kept[0].listing.prefix = special.parse().unwrap();
        case.kept[0].listing.source = SourceId(3);
        assert!(evaluate(&case.kept, &case.by()).listings.is_empty(), "{special}");
        let verdict = verdict(&case.kept[0], &case.kept, &case.by());
        assert!(matches!(verdict.why[..], [Why::Refused { .. }]), "{special}");
    }
    let mut case = Case::plain(0..1);
    case.kept[0].listing.source = SourceId(77);
    assert!(evaluate(&case.kept, &case.by()).listings.is_empty());
    assert_eq!(verdict(&case.kept[0], &case.kept, &case.by()).why, [Why::UnknownSource]);
}
