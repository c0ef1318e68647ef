//! Lists merged, against a naive merge of single addresses and on small examples.

#![allow(clippy::unwrap_used, clippy::panic, reason = "helpers of tests stand outside of test functions")]

use std::collections::BTreeSet;

use prefix::aggregate::{Aggregator, Options, Summary};
use prefix::parse::Entry;
use prefix::{ListError, Refusal, Rules, parse};
use proptest::prelude::*;

fn merge(options: Options, lists: &[&str], excludes: &[&str]) -> (String, Summary) {
    let mut aggregator = Aggregator::new(options);
    for list in lists {
        aggregator.add(list.as_bytes()).unwrap();
    }
    for list in excludes {
        aggregator.exclude(list.as_bytes()).unwrap();
    }
    let mut out = Vec::new();
    let summary = aggregator.finish(&mut out).unwrap();
    (String::from_utf8(out).unwrap(), summary)
}

#[test]
fn lists_of_both_families_become_the_fewest_prefixes_in_order() {
    let lists = ["2a00::1\n5.6.7.1\n10.0.0.0/8\n", "5.6.7.0 # c\n2a00::\n5.6.7.2-5.6.7.4\n# c\n\n5.6.7.0"];
    let (text, summary) = merge(Options::default(), &lists, &[]);
    assert_eq!(text, "5.6.7.0/30\n5.6.7.4\n10.0.0.0/8\n2a00::/127\n");
    assert_eq!((summary.lists.lines, summary.lists.accepted, summary.written), (9, 7, 4));
    assert_eq!((summary.addresses_v4, summary.addresses_v6), (5 + (1 << 24), 2));
    assert_eq!(summary.lists.inputs, 2);
}

#[test]
fn ranges_are_written_when_asked_and_single_addresses_bare() {
    let options = Options { ranges: true, ..Options::default() };
    let (text, _) = merge(options, &["5.6.7.0/24\n5.6.8.0\n9.9.9.9\n2a00::/127\n"], &["5.6.7.7"]);
    assert_eq!(text, "5.6.7.0-5.6.7.6\n5.6.7.8-5.6.8.0\n9.9.9.9\n2a00::-2a00::1\n");
}

#[test]
fn refused_rows_are_counted_by_cause_with_their_first_examples() {
    let bad = (0..9).map(|n| format!("1.2.3.{n}00")).collect::<Vec<_>>().join("\n");
    let (text, summary) = merge(Options::default(), &["x\n9.9.9.9\n", &bad], &["# none\nexample.com"]);
    assert_eq!(text, "1.2.3.100\n1.2.3.200\n9.9.9.9\n");
    let [first, second, third] = &summary.lists.refused[..] else { panic!("{:?}", summary.lists) };
    assert_eq!((first.cause, first.count), (Refusal::NotAnAddress, 1));
    assert_eq!((second.cause, second.count), (Refusal::LeadingZero, 1));
    assert_eq!((third.cause, third.count, third.examples.len()), (Refusal::Octet, 6, 5));
    let example = &third.examples[0];
    assert_eq!((example.input, example.line, &*example.text), (1, 4, "1.2.3.300"));
    assert_eq!(summary.lists.refusals(), 8);
    assert_eq!(summary.excludes.refused[0].cause, Refusal::Name);
}

#[test]
fn special_space_is_dropped_only_when_asked() {
    let list = "10.1.1.1\n9.9.9.9\n0.0.0.0/0\nfe80::1\n192.0.2.7\n9.255.255.255-10.0.0.3\n";
    let (all, summary) = merge(Options::default(), &[list], &[]);
    assert_eq!((&*all, summary.written), ("0.0.0.0/0\nfe80::1\n", 2));
    let public = |allow_documentation| {
        let options = Options { public_only: Some(Rules { allow_documentation }), ..Options::default() };
        merge(options, &[list], &[])
    };
    let (text, summary) = public(false);
    assert_eq!((&*text, summary.lists.accepted), ("9.9.9.9\n", 1));
    assert_eq!(summary.lists.refused.iter().map(|refused| refused.count).collect::<Vec<_>>(), [4, 1]);
    assert_eq!(public(true).0, "9.9.9.9\n192.0.2.7\n");
}

#[test]
fn an_input_that_is_no_list_adds_nothing() {
    let mut aggregator = Aggregator::new(Options::default());
    aggregator.add(&b"1.2.3.4\nx\n"[..]).unwrap();
    let late = "5.6.7.8\n".repeat(50_000) + "y\n5.6.7.0/24\n2a00::1\n2a00::/64\n\0";
    assert!(matches!(aggregator.add(late.as_bytes()), Err(ListError::Binary)));
    let mut out = Vec::new();
    let summary = aggregator.finish(&mut out).unwrap();
    assert_eq!(out, b"1.2.3.4\n");
    assert_eq!((summary.lists.lines, summary.lists.accepted, summary.lists.refusals()), (2, 1, 1));
}

/// The last bits of the addresses that a text of small prefixes and ranges names, by family.
fn naive(lines: &[String]) -> BTreeSet<(bool, u128)> {
    let entries = lines.iter().filter_map(|line| parse(line.as_bytes()).ok()).map(|parsed| parsed.entry);
    let ranges = entries.map(|entry| match entry {
        Entry::Prefix(prefix) => match (prefix.v4(), prefix.v6()) {
            (Some(net), _) => (false, net.first().into(), net.last().into()),
            (_, Some(net)) => (true, net.first(), net.last()),
            _ => unreachable!(),
        },
        Entry::Range4(range) => (false, range.first().into(), range.last().into()),
        Entry::Range6(range) => (true, range.first(), range.last()),
    });
    ranges.flat_map(|(v6, first, last)| (first..=last).map(move |addr| (v6, addr))).collect()
}

fn line() -> impl Strategy<Value = String> {
    prop_oneof![
        any::<u8>().prop_map(|n| format!("5.6.7.{n}")),
        (any::<u8>(), 24u8..=32).prop_map(|(n, len)| format!("5.6.7.{n}/{len}")),
        (any::<u8>(), any::<u8>()).prop_map(|(a, b)| format!("5.6.7.{a}-5.6.7.{b}")),
        any::<u8>().prop_map(|n| format!("2a00::{n:x}")),
        (any::<u8>(), 120u8..=128).prop_map(|(n, len)| format!("2a00::{n:x}/{len}")),
        (any::<u8>(), any::<u8>()).prop_map(|(a, b)| format!("2a00::{a:x}-2a00::{b:x}")),
    ]
}

proptest! {
    #[test]
    fn what_is_written_is_what_was_read_without_the_excluded(
        lists in proptest::collection::vec(line(), 0..30),
        excludes in proptest::collection::vec(line(), 0..10),
        ranges: bool,
    ) {
        let options = Options { ranges, ..Options::default() };
        let (text, summary) = merge(options, &[&lists.join("\n")], &[&excludes.join("\n")]);
        let expected: BTreeSet<_> = naive(&lists).difference(&naive(&excludes)).copied().collect();
        let lines: Vec<String> = text.lines().map(str::to_owned).collect();
        prop_assert_eq!(naive(&lines), expected.clone());
        prop_assert_eq!(u128::from(summary.addresses_v4) + summary.addresses_v6, expected.len() as u128);
        prop_assert_eq!(summary.written, lines.len() as u64);
        // Merging what is merged changes nothing, so nothing was left to join.
        prop_assert_eq!(merge(options, &[&text], &[]).0, text);
    }
}
