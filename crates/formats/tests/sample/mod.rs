//! The reference set: 203.0.113.7, 198.51.100.0/24 and `2001:db8::/32`, with tame or hostile texts.

#![allow(dead_code, clippy::unwrap_used, reason = "each test binary uses a part of it, and only tests do")]

use std::collections::BTreeMap;

use blocklist::{
    Content, Country, Details, DetailsTable, Hash, Head, Listing, Publication, Serial, SourceId, Time,
};

/// What the sources write into reason, category and severity.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Texts {
    /// Ordinary words, and nothing for one of the entries.
    Tame,
    /// What breaks readers that do not quote.
    Hostile,
}

/// A moment in 2026.
pub(crate) fn time(text: &str) -> Time {
    text.parse().unwrap()
}

/// The head of every sample.
pub(crate) fn head() -> Head {
    Head {
        serial: Serial(42),
        published_at: time("2026-03-01T00:00:00Z"),
        changed_at: time("2026-02-28T15:00:00Z"),
        hash: Hash([0xab; 32]),
    }
}

/// The reference set as a publication. Two sources list the network, with different ends.
pub(crate) fn publication(texts: Texts) -> Publication {
    let mut table = DetailsTable::default();
    let hostile = texts == Texts::Hostile;
    let scan = table.intern(Details {
        reason: Some(if hostile { "=cmd|'/c calc'!A1" } else { "port scan" }.into()),
        country: Country::new("KR"),
        category: Some(if hostile { "-2+3,\"x\"" } else { "스캐닝" }.into()),
        severity: Some(if hostile { "＝HYPERLINK(\"http://x\")" } else { "high" }.into()),
        confidence: Some(90),
    });
    let long = "아주 긴 사유 ".repeat(200);
    let other = table.intern(Details {
        reason: Some(if hostile { &long } else { "web attack, \"SQL\" injection" }.into()),
        category: Some(if hostile { "back\\slash\ttab" } else { "web" }.into()),
        ..Details::default()
    });
    let sources: BTreeMap<_, _> = ["portal", "analyst"]
        .into_iter()
        .enumerate()
        .map(|(id, name)| (SourceId(id as u32), name.parse().unwrap()))
        .collect();
    let listing = |prefix: &str, source, details, until: Option<&str>| Listing {
        prefix: prefix.parse().unwrap(),
        source: SourceId(source),
        details,
        detected: time("2026-02-01T03:04:05Z"),
        until: until.map(time),
    };
    let listings = vec![
        listing("203.0.113.7", 0, scan, Some("2026-05-01T15:00:00Z")),
        listing("198.51.100.0/24", 0, scan, Some("2026-05-01T15:00:00Z")),
        listing("198.51.100.0/24", 1, other, None),
        listing("2001:db8::/32", 1, if hostile { scan } else { blocklist::DetailsId(0) }, None),
    ];
    Publication::new(head(), Content::new(&sources, &table, listings)).unwrap()
}
