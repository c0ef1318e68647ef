//! Policy, publication, view and delta against single addresses in a small space.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests only")]

mod support;

use std::collections::{BTreeMap, BTreeSet};

use blocklist::feed::Sources;
use blocklist::{
    Chunk, Delta, DetailsTable, FeedSettings, Listing, Selection, SourceId, SourceName, Time, View,
};
use prefix::{Family, Prefix};
use proptest::prelude::*;
use support::{addresses, content, publication, rows, small_prefix, space, spread_rows};

/// A feed of one source.
fn only(source: &str) -> FeedSettings {
    FeedSettings { sources: Some(Sources::Only([source.parse().unwrap()].into())), ..FeedSettings::default() }
}

proptest! {
    #[test]
    fn parts_of_chunks_are_joined_as_their_listings_would_be(a in spread_rows(), b in spread_rows(), of_a: u64) {
        let some = |chunk: &Chunk| -> Vec<Listing> {
            let listings = chunk.listings().iter().enumerate();
            listings.filter(|(at, _)| of_a >> (at % 64) & 1 == 1).map(|(_, listing)| *listing).collect()
        };
        let (left, right) = (content(&a), content(&b));
        for key in left.chunks().iter().chain(right.chunks()).map(|chunk| chunk.key()) {
            let one = left.chunk(key).map(|chunk| (&**chunk, some(chunk)));
            let other = right.chunk(key).map(|chunk| (&**chunk, chunk.listings().to_vec()));
            let parts: Vec<_> = one.into_iter().chain(other).collect();
            // The same by names, which is what all chunks have in common.
            let names: BTreeSet<_> = parts.iter().flat_map(|(chunk, _)| chunk.sources()).cloned().collect();
            let ids: BTreeMap<SourceId, SourceName> = (0..).map(SourceId).zip(names).collect();
            let mut details = DetailsTable::default();
            let mut all = Vec::new();
            for (chunk, listings) in &parts {
                for listing in listings {
                    let name = chunk.source_of(listing);
                    let source = *ids.iter().find(|(_, known)| *known == name).unwrap().0;
                    let details = details.intern(chunk.details_of(listing).clone());
                    all.push(Listing { source, details, ..*listing });
                }
            }
            prop_assert_eq!(Chunk::join(key, &parts), Chunk::build(key, &ids, &details, all));
        }
    }

    #[test]
    fn an_address_is_listed_when_some_prefix_holds_it(rows in rows(), asked in small_prefix()) {
        let publication = publication(&rows);
        let covering: BTreeSet<Prefix> =
            publication.covering(asked).map(|position| publication.prefix(position)).collect();
        let inside: BTreeSet<Prefix> =
            publication.inside(asked).map(|position| publication.prefix(position)).collect();
        let all: BTreeSet<Prefix> = rows.iter().map(|row| row.0).collect();
        prop_assert_eq!(&covering, &all.iter().copied().filter(|prefix| prefix.covers(asked)).collect());
        prop_assert_eq!(&inside, &all.iter().copied().filter(|prefix| asked.covers(*prefix)).collect());
        prop_assert_eq!(publication.lists(asked), !covering.is_empty());
        let narrowest = publication.covering(asked).next().map(|position| publication.prefix(position));
        prop_assert_eq!(narrowest, covering.into_iter().max_by_key(|prefix| prefix.len()));
    }

    #[test]
    fn prefixes_wider_than_a_chunk_hold_what_lies_in_all_of_them(rows in spread_rows(), wide in 0u8..=16, v4: bool) {
        let asked: Prefix = if v4 {
            prefix::Net::new(0x0909_0909u32, wide).unwrap().into()
        } else {
            prefix::Net::new(0x2a00_u128 << 112, wide).unwrap().into()
        };
        let publication = publication(&rows);
        let inside: Vec<Prefix> =
            publication.inside(asked).map(|position| publication.prefix(position)).collect();
        let all: BTreeSet<Prefix> = rows.iter().map(|row| row.0).collect();
        prop_assert_eq!(inside, all.into_iter().filter(|prefix| asked.covers(*prefix)).collect::<Vec<_>>());
        prop_assert!(publication.content().prefixes().is_sorted());
        let found = |addr| publication.find_v4(addr).map(|position| publication.prefix(position));
        for row in &rows {
            if let Some(net) = row.0.v4() {
                let host = prefix::Net::host(net.last()).into();
                let narrowest = publication.covering(host).next().map(|position| publication.prefix(position));
                prop_assert_eq!(found(net.last()), narrowest);
            }
        }
    }

    #[test]
    fn a_view_holds_the_same_addresses_and_no_covered_prefix(rows in rows(), merge: bool) {
        let publication = publication(&rows);
        let view = View::new(&publication, Selection { merge, ..Selection::default() });
        let shown: Vec<Prefix> = view.prefixes().collect();
        prop_assert!(shown.is_sorted());
        prop_assert_eq!(space(shown.iter().copied()), space(rows.iter().map(|row| row.0)));
        for pair in shown.windows(2) {
            prop_assert!(!pair[0].covers(pair[1]));
        }
        if !merge {
            let listed: BTreeSet<Prefix> = rows.iter().map(|row| row.0).collect();
            prop_assert!(shown.iter().all(|prefix| listed.contains(prefix)));
        }
        prop_assert_eq!(view.entries().is_none(), merge);
    }

    #[test]
    fn pages_make_up_the_whole(rows in rows(), limit in 1usize..9) {
        let publication = publication(&rows);
        let whole: Vec<Prefix> = View::new(&publication, Selection::default()).prefixes().collect();
        let mut pages = Vec::new();
        for page in 0..=whole.len() / limit {
            let view = View::new(&publication, Selection { limit: Some(limit), page, ..Selection::default() });
            prop_assert!(view.len() <= limit);
            prop_assert_eq!(view.total(), whole.len());
            pages.extend(view.prefixes());
        }
        prop_assert_eq!(pages, whole);
    }

    #[test]
    fn the_listing_that_ends_last_speaks_for_a_prefix(rows in rows()) {
        let publication = publication(&rows);
        let view = View::new(&publication, Selection::default());
        for entry in view.entries().unwrap() {
            let same: Vec<_> = rows.iter().filter(|row| row.0 == entry.prefix).collect();
            let last = same.iter().map(|row| row.2.unwrap_or(i64::MAX)).max().unwrap();
            prop_assert_eq!(entry.until.map_or(i64::MAX, Time::unix), last);
            prop_assert_eq!(entry.sources.len(), same.len());
            let spoken = same.iter().filter(|row| row.2.unwrap_or(i64::MAX) == last);
            prop_assert!(spoken.into_iter().any(|row| support::details(row.3) == *entry.details));
        }
    }

    #[test]
    fn a_delta_leads_from_one_to_the_other_and_steps_add_up(
        a in spread_rows(), b in spread_rows(), c in spread_rows(),
    ) {
        let (a, b, c) = (content(&a), content(&b), content(&c));
        let first = Delta::of(&a, &b);
        prop_assert_eq!(&first, &Delta::between(a.prefixes(), b.prefixes()));
        let mut applied: BTreeSet<Prefix> = a.prefixes().collect();
        applied.retain(|prefix| !first.removed.contains(prefix));
        applied.extend(&first.added);
        prop_assert_eq!(applied, b.prefixes().collect::<BTreeSet<_>>());
        for selection in [
            Selection::default(),
            Selection { family: Some(Family::V6), ..Selection::default() },
            Selection { merge: true, ..Selection::default() },
        ] {
            let (old, new) = (support::published(&a), support::published(&b));
            for feed in [FeedSettings::default(), only("a"), FeedSettings { cap: Some(3), ..only("b") }] {
                let (x, y) = (View::of_feed(&old, &feed, selection), View::of_feed(&new, &feed, selection));
                let naive = Delta::between(x.prefixes(), y.prefixes());
                prop_assert_eq!(Delta::of_views(&old, &new, &feed, selection), naive);
            }
        }
        let second = Delta::between(b.prefixes(), c.prefixes());
        prop_assert_eq!(first.then(&second), Delta::between(a.prefixes(), c.prefixes()));
        prop_assert_eq!(Delta::from_bytes(&first.to_bytes()), Some(first));
    }

    #[test]
    fn noise_is_no_delta_and_no_key(bytes: Vec<u8>) {
        let _ = Delta::from_bytes(&bytes);
        if let Some(prefix) = Prefix::from_key(&bytes) {
            let mut key = [0; Prefix::MAX_KEY];
            prop_assert_eq!(prefix.to_key(&mut key), &bytes[..]);
        }
    }

    #[test]
    fn keys_order_as_prefixes_do(a in small_prefix(), b in small_prefix()) {
        let (mut x, mut y) = ([0; Prefix::MAX_KEY], [0; Prefix::MAX_KEY]);
        prop_assert_eq!(a.to_key(&mut x).cmp(b.to_key(&mut y)), a.cmp(&b));
        prop_assert_eq!(Prefix::from_key(a.to_key(&mut x)), Some(a));
    }
}

#[test]
fn a_view_of_one_family_has_none_of_the_other() {
    let rows =
        [("9.9.9.9", 0, None, 0), ("2a00::9", 0, None, 0)].map(|(p, s, u, r)| (p.parse().unwrap(), s, u, r));
    let publication = publication(&rows);
    for (family, want) in [(Family::V4, "9.9.9.9"), (Family::V6, "2a00::9")] {
        let view = View::new(&publication, Selection { family: Some(family), ..Selection::default() });
        assert_eq!(view.prefixes().map(|prefix| prefix.to_string()).collect::<Vec<_>>(), [want]);
    }
    assert_eq!(addresses(rows[1].0), 256 + 9..=256 + 9);
}
