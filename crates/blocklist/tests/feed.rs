//! Feeds against a naive model: every listing looked at by itself, every cut by sorting everything.

#![allow(clippy::unwrap_used, reason = "tests only")]

mod support;

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use blocklist::feed::Sources;
use blocklist::policy::{Categories, Filter};
use blocklist::{
    Content, Details, DetailsTable, FeedSettings, Hash, Head, Listing, Publication, Selection, Serial,
    SourceId, SourceName, Time, View, details,
};
use prefix::{Family, Prefix};
use proptest::prelude::*;
use support::{small_prefix, space, spread_rows};

const NAMES: [&str; 3] = ["a", "b", "manual"];

/// A listing as the model has it.
#[derive(Clone, Debug)]
struct Row {
    prefix: Prefix,
    source: u32,
    details: Details,
    detected: i64,
    until: Option<i64>,
}

fn made() -> impl Strategy<Value = Vec<Row>> {
    let details = (
        proptest::option::of(0u8..4),
        proptest::option::of(prop_oneof![Just("scan"), Just("spam")]),
        proptest::option::of(prop_oneof![Just("low"), Just("HIGH"), Just("critical"), Just("9/10")]),
    )
        .prop_map(|(confidence, category, severity)| Details {
            confidence,
            category: category.and_then(details::text),
            severity: severity.and_then(details::text),
            ..Details::default()
        });
    let more = (details, 0i64..5, proptest::option::of(0i64..5));
    (spread_rows(), proptest::collection::vec(more, 60)).prop_map(|(rows, more)| {
        // Moved apart, two rows may have come to be one.
        let unique: BTreeMap<(Prefix, u32), Row> = rows
            .into_iter()
            .zip(more)
            .map(|((prefix, source, ..), (details, detected, until))| {
                ((prefix, source), Row { prefix, source, details, detected, until })
            })
            .collect();
        unique.into_values().collect()
    })
}

fn feeds() -> impl Strategy<Value = FeedSettings> {
    let names = proptest::sample::subsequence(NAMES.to_vec(), 1..=2);
    let sources = proptest::option::of((any::<bool>(), names).prop_map(|(only, names)| {
        let names: BTreeSet<SourceName> = names.iter().map(|name| name.parse().unwrap()).collect();
        if only { Sources::Only(names) } else { Sources::Except(names) }
    }));
    let categories = proptest::option::of((any::<bool>(), any::<bool>()).prop_map(|(only, unnamed)| {
        let names = BTreeSet::from(["SCAN".to_owned(), if unnamed { "" } else { "x" }.to_owned()]);
        if only { Categories::Only(names) } else { Categories::Except(names) }
    }));
    let family = proptest::option::of(prop_oneof![Just(Family::V4), Just(Family::V6)]);
    let sure = (proptest::option::of(0u8..4), any::<bool>());
    (sources, categories, family, sure).prop_map(|(sources, categories, family, sure)| FeedSettings {
        sources,
        filter: Filter { min_confidence: sure.0, confidence_required: sure.1, categories, family },
        ..FeedSettings::default()
    })
}

fn publish(rows: &[Row]) -> Publication {
    let mut table = DetailsTable::default();
    let listings = rows.iter().map(|row| Listing {
        prefix: row.prefix,
        source: SourceId(row.source),
        details: table.intern(row.details.clone()),
        detected: Time::from_unix(row.detected),
        until: row.until.map(Time::from_unix),
    });
    let listings = listings.collect();
    let content = Content::new(&support::sources(NAMES), &table, listings);
    let zero = Time::from_unix(0);
    let head = Head { serial: Serial(1), published_at: zero, changed_at: zero, hash: Hash::ZERO };
    Publication::new(head, content).unwrap()
}

fn passes(row: &Row, feed: &FeedSettings) -> bool {
    let sources = match &feed.sources {
        None => true,
        Some(Sources::Only(names)) => names.iter().any(|name| name.as_str() == NAMES[row.source as usize]),
        Some(Sources::Except(names)) => names.iter().all(|name| name.as_str() != NAMES[row.source as usize]),
    };
    let sure = match (feed.filter.min_confidence, row.details.confidence) {
        (None, _) => true,
        (Some(least), Some(sure)) => sure >= least,
        (Some(_), None) => !feed.filter.confidence_required,
    };
    let category = row.details.category.as_deref().unwrap_or_default();
    let categories = match &feed.filter.categories {
        None => true,
        Some(Categories::Only(names)) => names.iter().any(|name| name.to_lowercase() == category),
        Some(Categories::Except(names)) => names.iter().all(|name| name.to_lowercase() != category),
    };
    sources && sure && categories && feed.filter.family.is_none_or(|only| only == row.prefix.family())
}

/// How much a listing matters.
fn rank(row: &Row) -> (bool, usize, i32, i64) {
    let words = ["low", "medium", "high", "critical"];
    let severity = row.details.severity.as_deref().unwrap_or_default().to_lowercase();
    let grave = words.iter().position(|word| *word == severity).map_or(0, |at| at + 1);
    let sure = row.details.confidence.map_or(-1, i32::from);
    (NAMES[row.source as usize] == "manual", grave, sure, row.detected)
}

proptest! {
    #[test]
    fn a_feed_shows_what_passes_and_with_it_only_what_passes(rows in made(), feed in feeds()) {
        let publication = publish(&rows);
        let view = View::of_feed(&publication, &feed, Selection::default());
        let passing: Vec<&Row> = rows.iter().filter(|row| passes(row, &feed)).collect();
        let all: BTreeSet<Prefix> = passing.iter().map(|row| row.prefix).collect();
        let covered = |prefix: Prefix| all.iter().any(|&other| other != prefix && other.covers(prefix));
        let wanted: Vec<Prefix> = all.iter().copied().filter(|&prefix| !covered(prefix)).collect();
        prop_assert_eq!(view.prefixes().collect::<Vec<_>>(), wanted);
        for entry in view.entries().unwrap() {
            let mut own: Vec<&&Row> = passing.iter().filter(|row| row.prefix == entry.prefix).collect();
            own.sort_by_key(|row| NAMES[row.source as usize]);
            let sources: Vec<&str> = own.iter().map(|row| NAMES[row.source as usize]).collect();
            prop_assert_eq!(&entry.sources, &sources);
            let detected = own.iter().map(|row| row.detected).min().unwrap();
            prop_assert_eq!(entry.detected, Time::from_unix(detected));
            let last = own.iter().map(|row| row.until.unwrap_or(i64::MAX)).max().unwrap();
            prop_assert_eq!(entry.until.map_or(i64::MAX, Time::unix), last);
        }
    }

    #[test]
    fn a_cut_leaves_what_matters_most_and_is_the_same_each_time(
        rows in made(), feed in feeds(), cap in 0usize..30, merge: bool,
    ) {
        let publication = publish(&rows);
        let whole = View::of_feed(&publication, &feed, Selection { merge, ..Selection::default() });
        let asked = Selection { merge, cap: Some(cap), ..Selection::default() };
        let view = View::of_feed(&publication, &feed, asked);
        let mut ranked: Vec<(Prefix, _)> = whole
            .prefixes()
            .map(|prefix| {
                let inside = rows.iter().filter(|row| passes(row, &feed) && prefix.covers(row.prefix));
                (prefix, inside.map(rank).max())
            })
            .collect();
        // Stable: of equal ones the first stays.
        ranked.sort_by_key(|&(_, rank)| Reverse(rank));
        let wanted: BTreeSet<Prefix> = ranked.iter().take(cap).map(|&(prefix, _)| prefix).collect();
        prop_assert_eq!(view.prefixes().collect::<Vec<_>>(), wanted.into_iter().collect::<Vec<_>>());
        prop_assert_eq!(view.total(), whole.len());
        let pages = (0..).map(|page| {
            let asked = Selection { limit: Some(7), page, ..asked };
            View::of_feed(&publication, &feed, asked).prefixes().collect::<Vec<_>>()
        });
        let paged: Vec<Prefix> = pages.take_while(|page| !page.is_empty()).flatten().collect();
        prop_assert_eq!(paged, view.prefixes().collect::<Vec<_>>());
    }

    #[test]
    fn settings_that_let_everything_pass_show_what_no_feed_would(rows in made(), merge: bool) {
        let publication = publish(&rows);
        let all = FeedSettings {
            sources: Some(Sources::Except(BTreeSet::from(["nosuch".parse().unwrap()]))),
            ..FeedSettings::default()
        };
        prop_assert!(!all.shows_all() && FeedSettings::default().shows_all());
        for family in [None, Some(Family::V4), Some(Family::V6)] {
            let asked = Selection { merge, family, ..Selection::default() };
            let plain = View::new(&publication, asked);
            let sifted = View::of_feed(&publication, &all, asked);
            prop_assert_eq!(plain.prefixes().collect::<Vec<_>>(), sifted.prefixes().collect::<Vec<_>>());
        }
    }

    #[test]
    fn a_joined_feed_holds_the_same_addresses(rows in made(), feed in feeds(), _asked in small_prefix()) {
        // The model's space has one chunk of each family.
        let near = |row: &Row| row.prefix.to_string().starts_with("9.") || row.prefix.to_string().starts_with("2a00:");
        let rows: Vec<Row> = rows.into_iter().filter(near).collect();
        let publication = publish(&rows);
        let joined = View::of_feed(&publication, &feed, Selection { merge: true, ..Selection::default() });
        let passing = rows.iter().filter(|row| passes(row, &feed)).map(|row| row.prefix);
        prop_assert_eq!(space(joined.prefixes()), space(passing));
    }
}

#[test]
fn the_smaller_cap_holds_and_a_feed_is_joined_only_where_the_format_can() {
    let feed = FeedSettings { cap: Some(10), merge: true, ..FeedSettings::default() };
    let asked = |cap| Selection { cap, ..Selection::default() };
    assert_eq!(feed.select(asked(None), true).cap, Some(10));
    assert_eq!(feed.select(asked(Some(3)), true).cap, Some(3));
    assert_eq!(feed.select(asked(Some(30)), true).cap, Some(10));
    assert_eq!(FeedSettings::default().select(asked(None), true), Selection::default());
    assert!(feed.select(asked(None), true).merge && !feed.select(asked(None), false).merge);
    let wanted = Selection { merge: true, ..Selection::default() };
    assert!(FeedSettings::default().select(wanted, false).merge, "what a reader asks for is not forgotten");
}

#[test]
fn feeds_that_show_the_same_have_one_key_and_others_have_their_own() {
    let key = |text: &[(&str, &str)]| {
        let mut feed = FeedSettings::default();
        for (key, value) in text {
            blocklist::feed::set(&mut feed, key, value).unwrap();
        }
        feed.key()
    };
    assert_eq!(key(&[]), FeedSettings::default().key());
    assert_eq!(key(&[("sources", "only:a,b")]), key(&[("sources", "only:b,a")]));
    let keys = [
        key(&[]),
        key(&[("sources", "only:a")]),
        key(&[("sources", "except:a")]),
        key(&[("min_confidence", "0")]),
        key(&[("confidence_required", "on")]),
        key(&[("categories", "only:a")]),
        key(&[("family", "4")]),
        key(&[("merge", "on")]),
        key(&[("cap", "4")]),
    ];
    let distinct: BTreeSet<[u8; 32]> = keys.iter().map(|key| key.0).collect();
    assert_eq!(distinct.len(), keys.len());
}
