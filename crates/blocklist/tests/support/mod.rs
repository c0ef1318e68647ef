//! Random listings in a small space, where single addresses can be counted.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests only")]
#![allow(dead_code, unreachable_pub, reason = "each test file uses a part")]

use std::collections::BTreeMap;

use blocklist::{
    Content, Country, Details, DetailsTable, Hash, Head, Listing, Publication, Serial, SourceId, SourceName,
    Time, details,
};
use prefix::{Net, Prefix};
use proptest::prelude::*;

/// A prefix of the 256 addresses from 9.9.9.0, or of the 256 from `2a00::`.
pub fn small_prefix() -> impl Strategy<Value = Prefix> {
    (any::<bool>(), any::<u8>(), 0u8..=8).prop_map(|(v4, low, bits)| {
        if v4 {
            Net::new(0x0909_0900 | u32::from(low), 24 + bits).unwrap().into()
        } else {
            Net::new(0x2a00_u128 << 112 | u128::from(low), 120 + bits).unwrap().into()
        }
    })
}

/// (prefix, source 0 to 2, end 0 to 20 or none, reason 0 to 3)
pub type Row = (Prefix, u32, Option<i64>, u8);

pub fn rows() -> impl Strategy<Value = Vec<Row>> {
    let row = (small_prefix(), 0u32..3, proptest::option::of(0i64..20), 0u8..4);
    proptest::collection::vec(row, 0..60).prop_map(|rows| {
        // Unique by (prefix, source), as the store keeps them.
        let unique: BTreeMap<_, _> = rows.into_iter().map(|row| ((row.0, row.1), row)).collect();
        unique.into_values().collect()
    })
}

/// The same, over several chunks of each family.
pub fn spread_rows() -> impl Strategy<Value = Vec<Row>> {
    rows().prop_map(|mut rows| {
        for (at, row) in rows.iter_mut().enumerate() {
            let chunk = at as u32 % 4;
            row.0 = match row.0.split() {
                prefix::prefix::Either::V4(net) => {
                    Net::new(net.first() + (chunk << 24), net.len()).unwrap().into()
                }
                prefix::prefix::Either::V6(net) => {
                    Net::new(net.first() + (u128::from(chunk) << 112), net.len()).unwrap().into()
                }
            };
        }
        rows
    })
}

pub fn sources(names: [&str; 3]) -> BTreeMap<SourceId, SourceName> {
    names.iter().zip(0..).map(|(name, id)| (SourceId(id), name.parse().unwrap())).collect()
}

pub fn details(reason: u8) -> Details {
    Details {
        reason: details::text(["", "scan", "스캔", "=cmd()"][usize::from(reason)]),
        country: Country::new(["", "KR", "US", "CN"][usize::from(reason)]),
        confidence: (reason > 1).then_some(reason),
        ..Details::default()
    }
}

pub fn listings(rows: &[Row], table: &mut DetailsTable) -> Vec<Listing> {
    rows.iter()
        .map(|&(prefix, source, until, reason)| Listing {
            prefix,
            source: SourceId(source),
            details: table.intern(details(reason)),
            detected: Time::from_unix(-5),
            until: until.map(Time::from_unix),
        })
        .collect()
}

pub fn content(rows: &[Row]) -> Content {
    let mut table = DetailsTable::default();
    let listings = listings(rows, &mut table);
    Content::new(&sources(["a", "b", "c"]), &table, listings)
}

pub fn publication(rows: &[Row]) -> Publication {
    published(&content(rows))
}

pub fn published(content: &Content) -> Publication {
    let zero = Time::from_unix(0);
    let head = Head { serial: Serial(1), published_at: zero, changed_at: zero, hash: Hash([0; 32]) };
    Publication::new(head, content.clone()).unwrap()
}

/// The addresses of a small prefix, v4 as 0 to 255 and v6 as 256 to 511.
pub fn addresses(prefix: Prefix) -> std::ops::RangeInclusive<usize> {
    match prefix.split() {
        prefix::prefix::Either::V4(net) => (net.first() & 0xff) as usize..=(net.last() & 0xff) as usize,
        prefix::prefix::Either::V6(net) => {
            256 + (net.first() & 0xff) as usize..=256 + (net.last() & 0xff) as usize
        }
    }
}

/// Which of the 512 addresses some prefix holds.
pub fn space(prefixes: impl IntoIterator<Item = Prefix>) -> Vec<bool> {
    let mut space = vec![false; 512];
    for prefix in prefixes {
        space[addresses(prefix)].fill(true);
    }
    space
}
