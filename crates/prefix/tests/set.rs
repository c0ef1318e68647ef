//! The set algebra against sets of single addresses, in the first 64 addresses of a space and in its last 64.

#![allow(clippy::unwrap_used, clippy::panic, reason = "helpers of tests stand outside of test functions")]

use std::collections::BTreeSet;

use prefix::{Address, Net, Range, Set, uncovered};
use proptest::prelude::*;

/// A family with a small space at either end, so that wrap-around is met.
trait Small: Address {
    fn at(offset: u8, top: bool) -> Self;
}

impl Small for u32 {
    fn at(offset: u8, top: bool) -> Self {
        if top { Self::MAX - Self::from(offset) } else { offset.into() }
    }
}

impl Small for u128 {
    fn at(offset: u8, top: bool) -> Self {
        if top { Self::MAX - Self::from(offset) } else { offset.into() }
    }
}

const SPACE: u8 = 64;

fn ranges<A: Small>(raw: &[(u8, u8)], top: bool) -> Vec<Range<A>> {
    raw.iter()
        .map(|&(a, b)| {
            let (a, b) = (A::at(a % SPACE, top), A::at(b % SPACE, top));
            Range::new(a.min(b), a.max(b)).unwrap()
        })
        .collect()
}

fn singles<A: Small>(ranges: &[Range<A>]) -> BTreeSet<A> {
    let mut all = BTreeSet::new();
    for range in ranges {
        let mut next = Some(range.first());
        while let Some(addr) = next.filter(|&addr| addr <= range.last()) {
            all.insert(addr);
            next = addr.next();
        }
    }
    all
}

/// The model's answer as ranges that are neither joined nor in order of need.
fn model<A: Small>(addrs: impl IntoIterator<Item = A>) -> Set<A> {
    addrs.into_iter().map(Range::host).collect()
}

fn algebra<A: Small>(raw: &[(u8, u8)], other: &[(u8, u8)], top: bool) {
    let (a, b) = (ranges::<A>(raw, top), ranges::<A>(other, top));
    let (x, y) = (Set::from_ranges(a.clone()), Set::from_ranges(b.clone()));
    let (mine, theirs) = (singles(&a), singles(&b));

    assert_eq!(x.addresses(), mine.len() as u128);
    assert_eq!(x, model(mine.iter().copied()));
    assert_eq!(x.union(&y), model(mine.union(&theirs).copied()));
    assert_eq!(x.subtract(&y), model(mine.difference(&theirs).copied()));
    assert_eq!(x.intersect(&y), model(mine.intersection(&theirs).copied()));
    for range in &b {
        let inside = singles(&[*range]);
        assert_eq!(x.covers(*range), inside.is_subset(&mine));
        assert_eq!(x.overlaps(*range), !inside.is_disjoint(&mine));
    }
    for offset in 0..SPACE {
        let addr = A::at(offset, top);
        assert_eq!(x.holds(addr), mine.contains(&addr));
    }
    for pair in x.ranges().windows(2) {
        assert!(pair[0].last().next().unwrap() < pair[1].first(), "disjoint, with a gap");
    }
    let hosts = theirs.iter().rev().copied().collect();
    assert_eq!(Set::from_parts(hosts, a), x.union(&y));
    minimal(&x);
}

/// The prefixes make the set up again, and no two of them could be one: the fewest there are.
fn minimal<A: Small>(set: &Set<A>) {
    let nets: Vec<Net<A>> = set.nets().collect();
    assert_eq!(&nets.iter().copied().collect::<Set<A>>(), set);
    for pair in nets.windows(2) {
        assert!(pair[0].last() < pair[1].first(), "in order, without overlap");
        assert!(pair[0].len() != pair[1].len() || pair[0].parent() != pair[1].parent(), "not siblings");
    }
}

proptest! {
    #[test]
    fn the_algebra_is_that_of_sets_of_addresses(
        a in proptest::collection::vec(any::<(u8, u8)>(), 0..12),
        b in proptest::collection::vec(any::<(u8, u8)>(), 0..12),
        top: bool,
    ) {
        algebra::<u32>(&a, &b, top);
        algebra::<u128>(&a, &b, top);
    }

    #[test]
    fn a_range_becomes_the_fewest_prefixes(a: u32, b: u32, c: u128, d: u128) {
        minimal(&Set::from_ranges(vec![Range::new(a.min(b), a.max(b)).unwrap()]));
        minimal(&Set::from_ranges(vec![Range::new(c.min(d), c.max(d)).unwrap()]));
    }

    #[test]
    fn uncovered_drops_just_what_a_wider_one_covers(raw in proptest::collection::vec((any::<u32>(), 24u8..=32), 0..60)) {
        let mut nets: Vec<Net<u32>> = raw.iter().map(|&(addr, len)| Net::new(addr % 512, len).unwrap()).collect();
        nets.sort();
        let kept: Vec<_> = uncovered(nets.iter().copied()).collect();
        nets.dedup();
        let expected: Vec<_> =
            nets.iter().copied().filter(|net| !nets.iter().any(|wide| wide != net && wide.covers(*net))).collect();
        prop_assert_eq!(kept, expected);
    }

    #[test]
    fn many_values_sort_by_radix_as_by_comparison(seed: u32, shift in 0u32..24) {
        let mut next = seed;
        let hosts: Vec<u32> = (0..9_000).map(|_| {
            next = next.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            next >> shift
        }).collect();
        let mut sorted = hosts.clone();
        sorted.sort_unstable();
        let wide = hosts.iter().map(|&host| Range::host(host)).collect();
        let set = Set::from_parts(hosts, Vec::new());
        prop_assert_eq!(&set, &Set::from_ranges(wide));
        prop_assert_eq!(set, model(sorted));
    }
}

#[test]
fn whole_spaces_are_one_prefix_and_are_counted() {
    let v4 = Set::from_ranges(vec![Range::new(u32::MIN, u32::MAX).unwrap()]);
    assert_eq!(v4.addresses(), 1 << 32);
    assert_eq!(v4.nets().map(|net| net.to_string()).collect::<Vec<_>>(), ["0.0.0.0/0"]);
    let v6 = Set::from_ranges(vec![Range::new(u128::MIN, u128::MAX).unwrap()]);
    assert_eq!(v6.addresses(), u128::MAX, "2^128, as near as the type can say it");
    assert_eq!(v6.nets().map(|net| net.to_string()).collect::<Vec<_>>(), ["::/0"]);
    assert!(v6.subtract(&v6).is_empty());
}

#[test]
fn a_hole_in_a_24_leaves_its_other_prefixes() {
    let all = Set::from_iter([Net::new(0x0506_0700_u32, 24).unwrap()]);
    let hole = Set::from_iter([Net::host(0x0506_0707_u32)]);
    let left: Vec<_> = all.subtract(&hole).nets().map(|net| net.to_string()).collect();
    assert_eq!(
        left,
        [
            "5.6.7.0/30",
            "5.6.7.4/31",
            "5.6.7.6",
            "5.6.7.8/29",
            "5.6.7.16/28",
            "5.6.7.32/27",
            "5.6.7.64/26",
            "5.6.7.128/25"
        ]
    );
}
