//! The index against a walk over all networks, and against the crate prefix-trie.

#![allow(clippy::unwrap_used, clippy::panic, reason = "helpers of tests stand outside of test functions")]

use ipnet::{Ipv4Net, Ipv6Net};
use prefix::index::{IndexError, Indexed};
use prefix::{Index, Net};
use prefix_trie::PrefixMap;
use proptest::prelude::*;

fn naive<A: Indexed>(nets: &[Net<A>], index: &Index<A>, probes: &[A]) {
    assert_eq!(index.len(), nets.len());
    assert!(index.iter().eq(nets.iter().copied()));
    for (at, &net) in nets.iter().enumerate() {
        assert_eq!(index.get(at), Some(net));
        assert_eq!(index.position(net), Some(at));
    }
    assert_eq!(index.get(nets.len()), None);
    let ends = nets.iter().flat_map(|net| [net.first(), net.last()]);
    let beside = nets.iter().flat_map(|net| [net.first().prev(), net.last().next()]).flatten();
    for addr in probes.iter().copied().chain(ends).chain(beside).chain([A::MIN, A::MAX]) {
        let longest = (0..nets.len()).rev().find(|&at| nets[at].holds(addr));
        assert_eq!(index.longest(addr), longest, "{addr:?} in {nets:?}");
        for len in [0, 1, 7, 8, 19, 20, 21, 24, 31, 32, A::WIDTH - 1, A::WIDTH] {
            let net = Net::new(addr, len).unwrap();
            let covering: Vec<_> = (0..nets.len()).rev().filter(|&at| nets[at].covers(net)).collect();
            assert_eq!(index.covering(net).collect::<Vec<_>>(), covering, "over {net} in {nets:?}");
            let inside: Vec<_> = (0..nets.len()).filter(|&at| net.covers(nets[at])).collect();
            assert_eq!(index.inside(net).collect::<Vec<_>>(), inside, "in {net} of {nets:?}");
        }
    }
}

fn sorted<A: Indexed>(raw: impl IntoIterator<Item = (A, u8)>) -> Vec<Net<A>> {
    let mut nets: Vec<_> = raw.into_iter().map(|(addr, len)| Net::new(addr, len).unwrap()).collect();
    nets.sort();
    nets.dedup();
    nets
}

/// Addresses with few bits that differ, at a place of their own: nests deeply, and shares leading bits.
fn crowded4() -> impl Strategy<Value = Vec<(u32, u8)>> {
    (any::<u32>(), 0u32..=28).prop_flat_map(|(base, shift)| {
        proptest::collection::vec((any::<u32>(), 0u8..=32), 0..40).prop_map(move |raw| {
            raw.into_iter().map(|(bits, len)| (base ^ (bits & 0xf) << shift, len)).collect()
        })
    })
}

fn crowded6() -> impl Strategy<Value = Vec<(u128, u8)>> {
    (any::<u128>(), 0u32..=124).prop_flat_map(|(base, shift)| {
        proptest::collection::vec((any::<u128>(), 0u8..=128), 0..40).prop_map(move |raw| {
            raw.into_iter().map(|(bits, len)| (base ^ (bits & 0xf) << shift, len)).collect()
        })
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn v4_answers_as_a_walk_over_all(raw in crowded4(), probes in proptest::collection::vec(any::<u32>(), 8)) {
        let nets = sorted(raw);
        naive(&nets, &Index::from_sorted(&nets).unwrap(), &probes);
    }

    #[test]
    fn v6_answers_as_a_walk_over_all(raw in crowded6(), probes in proptest::collection::vec(any::<u128>(), 8)) {
        let nets = sorted(raw);
        naive(&nets, &Index::from_sorted(&nets).unwrap(), &probes);
    }

    #[test]
    fn v4_agrees_with_prefix_trie(raw in proptest::collection::vec((any::<u32>(), 4u8..=32), 0..3_000), probes in proptest::collection::vec(any::<u32>(), 500)) {
        let nets = sorted(raw);
        let index = Index::from_sorted(&nets).unwrap();
        let trie: PrefixMap<Ipv4Net, usize> = nets.iter().enumerate()
            .map(|(at, net)| (Ipv4Net::new(net.first().into(), net.len()).unwrap(), at)).collect();
        for addr in probes.into_iter().chain(nets.iter().map(|net| net.last())) {
            let found = trie.get_lpm(&Ipv4Net::new(addr.into(), 32).unwrap()).map(|(_, &at)| at);
            prop_assert_eq!(index.longest(addr), found);
        }
    }

    #[test]
    fn v6_agrees_with_prefix_trie(raw in proptest::collection::vec((any::<u64>(), 12u8..=128), 0..1_000)) {
        let nets = sorted(raw.into_iter().map(|(bits, len)| (0x2a << 120 | u128::from(bits) << 40, len)));
        let index = Index::from_sorted(&nets).unwrap();
        let trie: PrefixMap<Ipv6Net, usize> = nets.iter().enumerate()
            .map(|(at, net)| (Ipv6Net::new(net.first().into(), net.len()).unwrap(), at)).collect();
        for addr in nets.iter().flat_map(|net| [net.last(), net.first() ^ 1, net.first() ^ 1 << 80]) {
            let found = trie.get_lpm(&Ipv6Net::new(addr.into(), 128).unwrap()).map(|(_, &at)| at);
            prop_assert_eq!(index.longest(addr), found);
        }
    }
}

#[test]
fn a_parent_far_away_is_found_through_the_side_table() {
    // 300,000 hosts in a /8 that is in a /4, with nested pieces between: distances pass every cell's escape.
    let hosts = (0..300_000u32).map(|n| (0x0500_0000 + n * 40, 32));
    let pieces = (0..300u32).map(|n| (0x0500_0000 + n * 40_000, 20));
    let nets =
        sorted(hosts.chain(pieces).chain([(0, 4), (0x0500_0000, 8), (0x0600_0000, 32), (0x0900_0000, 32)]));
    let index = Index::from_sorted(&nets).unwrap();
    assert!(index.bytes() < 9 * nets.len(), "{} bytes", index.bytes());
    for step in 0..100_000u32 {
        let addr = 0x0500_0000 + step * 167;
        let near = (0..=32).rev().find_map(|len| nets.binary_search(&Net::new(addr, len).unwrap()).ok());
        assert_eq!(index.longest(addr), near);
    }
    assert_eq!(index.longest(0x0900_0001), Some(0));
    assert_eq!(index.longest(0x1000_0000), None);
}

#[test]
fn a_small_index_is_small() {
    let nets = sorted((0..100u32).map(|n| (n * 0x0123_4567, 32)));
    assert!(Index::from_sorted(&nets).unwrap().bytes() < 2_048);
    assert!(Index::<u128>::from_sorted(&[]).unwrap().is_empty());
}

#[test]
fn what_is_out_of_order_or_twice_is_refused_with_its_position() {
    let (a, b) = (Net::host(5u32), Net::host(9));
    assert_eq!(Index::from_sorted(&[b, a]).unwrap_err(), IndexError::Unsorted(1));
    assert_eq!(Index::from_sorted(&[a, b, b]).unwrap_err(), IndexError::Unsorted(2));
}
