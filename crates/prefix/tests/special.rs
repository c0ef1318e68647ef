//! What is admitted and what is not, against the table read block by block.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests only")]

use prefix::prefix::Either;
use prefix::special::{SPECIAL, is_special_v4, is_special_v6};
use prefix::{Entry, Net, Prefix, Range, Refusal, Rules, parse};
use proptest::prelude::*;

fn prefix(text: &str) -> Prefix {
    text.parse().unwrap()
}

/// The blocks as prefixes. The mapped space is left out: its text means IPv4.
fn blocks() -> Vec<(Prefix, bool)> {
    SPECIAL
        .iter()
        .filter(|block| block.text != "::ffff:0:0/96")
        .map(|block| (prefix(block.text), block.documentation))
        .collect()
}

fn naive(prefix: Prefix, rules: Rules) -> bool {
    let wide = prefix.len() < if prefix.v4().is_some() { 8 } else { 19 };
    let special = blocks().into_iter().any(|(block, documentation)| {
        (block.covers(prefix) || prefix.covers(block)) && !(documentation && rules.allow_documentation)
    });
    !wide && !special
}

proptest! {
    #[test]
    fn v4_is_admitted_as_the_table_says(addr: u32, len in 0u8..=32, allow_documentation: bool) {
        let rules = Rules { allow_documentation };
        let prefix = Net::new(addr, len).unwrap().into();
        prop_assert_eq!(rules.admit(prefix).is_ok(), naive(prefix, rules));
    }

    #[test]
    fn v4_near_the_blocks_is_admitted_as_the_table_says(at in 0usize..14, off in -300i64..300, len in 8u8..=32) {
        let Either::V4(block) = prefix(SPECIAL[at].text).split() else { panic!("no IPv4 block") };
        for edge in [block.first(), block.last()] {
            let prefix = Net::new((i64::from(edge) + off) as u32, len).unwrap().into();
            prop_assert_eq!(Rules::default().admit(prefix).is_ok(), naive(prefix, Rules::default()));
        }
    }

    #[test]
    fn v6_is_admitted_as_the_table_says(at in 14usize..23, off in -300i128..300, len in 0u8..=128) {
        let Either::V6(block) = prefix(SPECIAL[at].text).split() else { return Ok(()) };
        for edge in [block.first(), block.last()] {
            let Ok(prefix) = Net::new(edge.wrapping_add(off as u128), len).unwrap().to_string().parse::<Prefix>() else {
                continue;
            };
            if prefix.v6().is_some_and(|net| !net.overlaps(Net::new(0xffff_u128 << 32, 96).unwrap())) {
                prop_assert_eq!(Rules::default().admit(prefix).is_ok(), naive(prefix, Rules::default()));
            }
        }
    }

    #[test]
    fn a_range_is_admitted_only_when_all_of_it_is(first: u32, len in 0u32..3000) {
        let range = Range::new(first, first.saturating_add(len)).unwrap();
        let whole = Rules::default().admit_entry(Entry::Range4(range)).is_ok();
        let parts = range.nets().all(|net| Rules::default().admit(net.into()).is_ok());
        prop_assert_eq!(whole, parts);
    }
}

#[test]
fn every_block_is_refused_whole_in_part_and_from_outside() {
    for (block, documentation) in blocks() {
        let refused = |prefix: Prefix| Rules::default().admit(prefix).is_err();
        assert!(refused(block), "{block}");
        let (inside, around): (Prefix, Prefix) = match block.split() {
            Either::V4(net) => (Net::host(net.last()).into(), net.parent().unwrap().into()),
            Either::V6(net) => (Net::host(net.last()).into(), net.parent().unwrap().into()),
        };
        assert!(refused(inside) && refused(around), "{block}");
        let allowed = Rules { allow_documentation: true }.admit(block);
        assert_eq!(allowed.is_ok(), documentation, "{block}");
        match block.split() {
            Either::V4(net) => assert!(is_special_v4(net)),
            Either::V6(net) => assert!(is_special_v6(net)),
        }
    }
}

#[test]
fn what_is_too_wide_is_refused_as_that() {
    for text in ["0.0.0.0/0", "12.0.0.0/7", "::/0", "2a00::/18", "1.0.0.0-3.0.0.0"] {
        let entry = parse(text.as_bytes()).unwrap().entry;
        assert_eq!(Rules::default().admit_entry(entry), Err(Refusal::TooWide), "{text}");
    }
    for text in ["12.0.0.0/8", "2a00::/19", "8.8.8.8", "::ffff:8.8.8.8", "2606:4700::1111"] {
        let entry = parse(text.as_bytes()).unwrap().entry;
        assert_eq!(Rules::default().admit_entry(entry), Ok(()), "{text}");
    }
    let mapped = parse(b"::fffe:0:0/95").unwrap().entry;
    assert_eq!(Rules::default().admit_entry(mapped), Err(Refusal::Special));
}
