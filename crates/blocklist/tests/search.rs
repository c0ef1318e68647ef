//! The search against a filter that looks at every listing.

#![allow(clippy::unwrap_used, reason = "tests")]

mod support;

use blocklist::search::{By, Cursor, Filter, Hits, Order, search};
use blocklist::{Content, Country, Details, DetailsTable, Listing, SourceId, Time, details};
use prefix::{Family, Prefix};
use proptest::prelude::*;
use support::{Row, small_prefix, sources, spread_rows};

const SOURCES: [&str; 3] = ["krcert", "portal", "scans"];

/// Four sets, of which some share a word and one says nothing.
fn says(of: u8) -> Details {
    let (reason, category, country) = match of {
        0 => ("", "", None),
        1 => ("Port SCAN 탐지", "Recon", Country::new("KR")),
        2 => ("디렉토리 경로 우회", "web", Country::new("US")),
        _ => ("scan of the web", "", Country::new("KR")),
    };
    Details {
        reason: details::text(reason),
        category: details::text(category),
        country,
        ..Details::default()
    }
}

fn content(rows: &[Row]) -> Content {
    let mut table = DetailsTable::default();
    let listings = rows.iter().enumerate().map(|(at, &(prefix, source, until, reason))| Listing {
        prefix,
        source: SourceId(source),
        details: table.intern(says(reason)),
        detected: Time::from_unix(at as i64 % 7),
        until: until.map(Time::from_unix),
    });
    let listings = listings.collect();
    Content::new(&sources(SOURCES), &table, listings)
}

fn filters() -> impl Strategy<Value = Filter> {
    let wide = small_prefix().prop_map(|prefix| match prefix.family() {
        Family::V4 => "9.0.0.0/8".parse().unwrap(),
        Family::V6 => "2a00::/19".parse().unwrap(),
    });
    let place = prop_oneof![4 => small_prefix(), 1 => wide];
    let word = prop_oneof![Just("scan"), Just("SCAN"), Just("경로"), Just("port"), Just("s"), Just("없음")];
    (
        proptest::collection::vec(place, 0..3),
        proptest::option::weighted(0.3, 0usize..4),
        proptest::option::weighted(0.3, prop_oneof![Just("KR"), Just("US"), Just("JP")]),
        proptest::option::weighted(0.2, prop_oneof![Just("recon"), Just("WEB"), Just("none")]),
        proptest::collection::vec(word, 0..3),
        proptest::option::weighted(0.2, prop_oneof![Just(Family::V4), Just(Family::V6)]),
        proptest::option::weighted(0.3, 0i64..8),
        proptest::option::weighted(0.3, 0i64..21),
    )
        .prop_map(|(places, source, country, category, words, family, since, before)| Filter {
            places,
            source: source.map(|at| ["krcert", "portal", "scans", "nobody"][at].parse().unwrap()),
            country: country.and_then(Country::new),
            category: category.map(str::to_owned),
            words: words.into_iter().map(str::to_owned).collect(),
            family,
            detected_since: since.map(Time::from_unix),
            ends_before: before.map(Time::from_unix),
        })
}

/// A row as it is compared: source, prefix, detected, until, details.
type Shown = (String, Prefix, i64, Option<i64>, Details);

fn naive(content: &Content, filter: &Filter, order: Order) -> Vec<Shown> {
    let lower = |text: &Option<Box<str>>| text.as_deref().unwrap_or("").to_lowercase();
    let mut found: Vec<Shown> = Vec::new();
    for (chunk, listing) in content.listings() {
        let (details, source) = (chunk.details_of(listing), chunk.source_of(listing).as_str());
        let touches = |place: &Prefix| place.covers(listing.prefix) || listing.prefix.covers(*place);
        let has = |word: &String| {
            let word = word.to_lowercase();
            [lower(&details.reason), lower(&details.category), source.to_owned()]
                .iter()
                .any(|text| text.contains(&word))
        };
        let fits = (filter.places.is_empty() || filter.places.iter().any(touches))
            && filter.source.as_ref().is_none_or(|only| only.as_str() == source)
            && (filter.country.is_none() || filter.country == details.country)
            && filter
                .category
                .as_ref()
                .is_none_or(|category| category.to_lowercase() == lower(&details.category))
            && filter.words.iter().all(has)
            && filter.family.is_none_or(|family| family == listing.prefix.family())
            && filter.detected_since.is_none_or(|since| since <= listing.detected)
            && filter.ends_before.is_none_or(|before| listing.until.is_some_and(|until| until < before));
        if fits {
            let until = listing.until.map(Time::unix);
            found.push((source.to_owned(), listing.prefix, listing.detected.unix(), until, details.clone()));
        }
    }
    found.sort_by(|a, b| {
        let by = match order.by {
            By::Prefix => a.1.cmp(&b.1),
            By::Detected => a.2.cmp(&b.2),
            By::Until => a.3.unwrap_or(i64::MAX).cmp(&b.3.unwrap_or(i64::MAX)),
            By::Source => a.0.cmp(&b.0),
        };
        let by = if order.descending { by.reverse() } else { by };
        by.then(a.1.cmp(&b.1)).then(a.0.cmp(&b.0))
    });
    found
}

fn shown(hits: &Hits<'_>) -> Vec<Shown> {
    let row = |(chunk, listing): &(&blocklist::Chunk, &Listing)| {
        let source = chunk.source_of(listing).to_string();
        let until = listing.until.map(Time::unix);
        (source, listing.prefix, listing.detected.unix(), until, chunk.details_of(listing).clone())
    };
    hits.rows.iter().map(row).collect()
}

fn orders() -> impl Strategy<Value = Order> {
    let by = prop_oneof![Just(By::Prefix), Just(By::Detected), Just(By::Until), Just(By::Source)];
    (by, any::<bool>()).prop_map(|(by, descending)| Order { by, descending })
}

proptest! {
    #[test]
    fn page_after_page_it_finds_what_a_look_at_every_listing_finds(
        rows in spread_rows(), filter in filters(), order in orders(), limit in 1usize..9,
    ) {
        let content = content(&rows);
        let expected = naive(&content, &filter, order);
        let (mut found, mut after) = (Vec::new(), None::<Cursor>);
        loop {
            let hits = search(&content, &filter, order, after.as_ref(), limit);
            prop_assert_eq!(hits.count, expected.len());
            prop_assert!(hits.rows.len() == limit || hits.next.is_none());
            found.extend(shown(&hits));
            let Some(next) = hits.next else { break };
            // As it goes through an address and back.
            after = Some(next.to_string().parse().unwrap());
        }
        prop_assert_eq!(found, expected);
    }

    #[test]
    fn a_listing_outside_a_publication_is_judged_alike(rows in spread_rows(), filter in filters()) {
        let content = content(&rows);
        let taken = content.listings().filter(|(chunk, listing)| {
            let times = (listing.detected, listing.until);
            filter.takes(listing.prefix, chunk.source_of(listing), chunk.details_of(listing), times)
        });
        prop_assert_eq!(taken.count(), naive(&content, &filter, Order::default()).len());
    }
}

#[test]
fn a_page_goes_on_where_the_last_row_was_although_it_is_gone() {
    let row = |prefix: &str, source| (prefix.parse().unwrap(), source, None, 1);
    let all = [row("9.9.9.1", 0), row("9.9.9.2", 1), row("9.9.9.3", 2), row("9.9.9.4", 2)];
    let order = Order { by: By::Source, descending: false };
    let hits = content(&all);
    let next = search(&hits, &Filter::default(), order, None, 2).next.unwrap();
    let without = content(&[all[0], all[2], all[3]]);
    let rest = search(&without, &Filter::default(), order, Some(&next), 9);
    assert_eq!(shown(&rest).iter().map(|row| row.1.to_string()).collect::<Vec<_>>(), ["9.9.9.3", "9.9.9.4"]);
}

#[test]
fn a_cursor_that_somebody_made_up_is_none() {
    for bad in ["", "1", "1/portal", "x/portal/1.2.3.4", "1/Bad Name/1.2.3.4", "1/portal/x"] {
        assert!(bad.parse::<Cursor>().is_err(), "{bad}");
    }
}
