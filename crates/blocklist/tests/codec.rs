//! A publication as bytes: whole and the same, or refused.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests only")]

mod support;

use blocklist::codec::{File, HEAD_LEN, Malformed, decode, encode_delta, encode_full, replay};
use blocklist::{Content, DetailsTable, Hash, Head, Serial, Time};
use proptest::prelude::*;
use support::{content, listings, rows, sources, spread_rows};

fn head(content: &Content) -> Head {
    let time = Time::from_unix(1_700_000_000);
    Head { serial: Serial(41), published_at: time, changed_at: time.plus_seconds(-7), hash: content.hash() }
}

fn full(content: &Content) -> Vec<u8> {
    encode_full(&head(content), content)
}

/// What a file says: of a delta, after `before`.
fn read(bytes: &[u8], before: &Content) -> Result<(Head, Content), Malformed> {
    match decode(bytes)? {
        File::Full(head, content) => Ok((head, content)),
        File::Change(head, change) => Ok((head, change.apply(before)?)),
    }
}

proptest! {
    #[test]
    fn what_is_written_is_read_back(rows in spread_rows()) {
        let content = content(&rows);
        prop_assert_eq!(read(&full(&content), &Content::default()), Ok((head(&content), content)));
    }

    #[test]
    fn a_change_leads_from_one_content_to_the_other_and_from_no_third(
        a in spread_rows(), b in spread_rows(), c in spread_rows(),
    ) {
        let (a, b, c) = (content(&a), content(&b), content(&c));
        let change = encode_delta(&head(&b), &a, &b);
        prop_assert_eq!(read(&change, &a), Ok((head(&b), b)));
        if c != a {
            prop_assert_eq!(read(&change, &c), Err(Malformed::Basis));
        }
    }

    #[test]
    fn changes_replayed_at_once_lead_where_they_lead_one_by_one(all in prop::collection::vec(spread_rows(), 1..6), skip: prop::sample::Index) {
        let all: Vec<Content> = all.iter().map(|rows| content(rows)).collect();
        let files: Vec<Vec<u8>> = all.windows(2).map(|two| encode_delta(&head(&two[1]), &two[0], &two[1])).collect();
        let changes = || files.iter().map(|file| match decode(file) {
            Ok(File::Change(_, change)) => change,
            other => panic!("{other:?}"),
        });
        let last = replay(&all[0], &changes().collect::<Vec<_>>());
        prop_assert_eq!(last.as_ref(), Ok(&all[all.len() - 1]));
        // One that is missing is noticed, unless it changed nothing.
        if !files.is_empty() {
            let skip = skip.index(files.len());
            let rest: Vec<_> = changes().enumerate().filter(|(at, _)| *at != skip).map(|(_, change)| change).collect();
            if all[skip] != all[skip + 1] && skip + 1 < files.len() {
                prop_assert_eq!(replay(&all[0], &rest), Err(Malformed::Basis));
            }
        }
    }

    #[test]
    fn a_flipped_bit_anywhere_is_noticed(a in spread_rows(), b in spread_rows(), at: prop::sample::Index, bit in 0u8..8) {
        let (a, b) = (content(&a), content(&b));
        for mut file in [full(&b), encode_delta(&head(&b), &a, &b)] {
            let at = at.index(file.len());
            file[at] ^= 1 << bit;
            prop_assert!(read(&file, &a).is_err());
        }
    }

    #[test]
    fn a_cut_anywhere_is_noticed(a in spread_rows(), b in spread_rows(), at: prop::sample::Index) {
        let (a, b) = (content(&a), content(&b));
        for file in [full(&b), encode_delta(&head(&b), &a, &b)] {
            prop_assert!(read(&file[..at.index(file.len())], &a).is_err());
        }
    }

    #[test]
    fn bytes_under_a_right_seal_and_with_a_wrong_layout_never_panic(
        noise: Vec<u8>, rows in spread_rows(), at: prop::sample::Index, kind in 0u64..3,
    ) {
        // As a hostile writer would: everything is sealed rightly, the body is noise or a changed one.
        let content = content(&rows);
        let mut changed = full(&content)[HEAD_LEN..].to_vec();
        if !changed.is_empty() {
            let at = at.index(changed.len());
            changed[at] ^= 0x81;
        }
        for body in [noise, changed] {
            let _ = read(&sealed(&content, kind, &body), &content);
        }
    }

    #[test]
    fn numbering_and_order_of_a_store_do_not_reach_the_bytes(rows in spread_rows(), seed: u64) {
        let mut shuffled = rows.clone();
        // Another store saw the sources in another order, the rows too, and interned other details first.
        let names = ["c", "a", "b"];
        for row in &mut shuffled {
            row.1 = (row.1 + 1) % 3;
        }
        let turn = seed as usize % shuffled.len().max(1);
        shuffled.rotate_left(turn);
        let mut table = DetailsTable::default();
        table.intern(support::details(3));
        let listings = listings(&shuffled, &mut table);
        let other = Content::new(&sources(names), &table, listings);
        prop_assert_eq!(full(&other), full(&content(&rows)));
    }

    #[test]
    fn contents_with_other_listings_have_other_hashes(a in rows(), b in rows()) {
        prop_assert_eq!(a == b, content(&a).hash() == content(&b).hash());
    }
}

/// A body under a head that fits it, as only the writer could seal it.
fn sealed(content: &Content, kind: u64, body: &[u8]) -> Vec<u8> {
    let mut file = full(content)[..8].to_vec();
    let time = 0i64.to_le_bytes();
    for word in [kind.to_le_bytes(), 1u64.to_le_bytes(), time, time, (body.len() as u64).to_le_bytes()] {
        file.extend(word);
    }
    for hash in [content.hash(), content.hash(), Hash::of(body)] {
        file.extend(hash.0);
    }
    let seal = Hash::of(&file);
    file.extend(seal.0);
    file.extend(body);
    assert_eq!(file.len(), HEAD_LEN + body.len());
    file
}

#[test]
fn a_million_like_listings_cost_a_byte_or_two_each() {
    let rows: Vec<support::Row> =
        (0..10_000u32).map(|n| (prefix::Net::host(0x0900_0000 + n * 300).into(), 0, None, 0)).collect();
    let bytes = full(&content(&rows));
    assert!(bytes.len() < 10_000 * 2 + 400, "{}", bytes.len());
}

#[test]
fn a_change_of_one_listing_is_a_few_bytes() {
    let rows: Vec<support::Row> =
        (0..10_000u32).map(|n| (prefix::Net::host(0x0900_0000 + n * 300).into(), 0, None, 0)).collect();
    let (before, after) = (content(&rows[1..]), content(&rows));
    let change = encode_delta(&head(&after), &before, &after);
    assert!(change.len() < HEAD_LEN + 150, "{}", change.len());
    assert!(matches!(decode(&change), Ok(File::Change(..))));
}

#[test]
fn few_values_are_named_and_many_are_written_out() {
    for distinct in [1, 2, 255, 256, 257, 700] {
        let rows: Vec<support::Row> = (0..700u32)
            .map(|n| (prefix::Net::host(0x0900_0000 + n).into(), 0, Some(i64::from(n % distinct)), 0))
            .collect();
        let content = content(&rows);
        let file = full(&content);
        assert_eq!(read(&file, &Content::default()), Ok((head(&content), content)), "{distinct}");
        let written_out = file.len() > 700 + 700 * 8;
        assert_eq!(written_out, distinct > 256, "{distinct}: {}", file.len());
    }
}
