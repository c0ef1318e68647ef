//! A publication as bytes: whole and the same, or refused.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests only")]

mod support;

use blocklist::codec::{HEAD_LEN, Malformed, decode, encode_content, encode_head};
use blocklist::{Content, DetailsTable, Head, Serial, Time};
use proptest::prelude::*;
use support::{content, listings, rows, sources};

fn file(content: &Content) -> (Head, Vec<u8>) {
    let (bytes, hash) = encode_content(content);
    let time = Time::from_unix(1_700_000_000);
    let head = Head { serial: Serial(41), published_at: time, changed_at: time.plus_seconds(-7), hash };
    let mut file = encode_head(&head, bytes.len()).to_vec();
    file.extend(bytes);
    (head, file)
}

proptest! {
    #[test]
    fn what_is_written_is_read_back(rows in rows()) {
        let content = content(&rows);
        let (head, file) = file(&content);
        prop_assert_eq!(decode(&file), Ok((head, content)));
    }

    #[test]
    fn a_flipped_bit_anywhere_is_noticed(rows in rows(), at: prop::sample::Index, bit in 0u8..8) {
        let (_, mut file) = file(&content(&rows));
        let at = at.index(file.len());
        file[at] ^= 1 << bit;
        prop_assert!(decode(&file).is_err());
    }

    #[test]
    fn a_cut_anywhere_is_noticed(rows in rows(), at: prop::sample::Index) {
        let (_, file) = file(&content(&rows));
        prop_assert!(decode(&file[..at.index(file.len())]).is_err());
    }

    #[test]
    fn bytes_with_a_right_hash_and_a_wrong_layout_never_panic(mut bytes: Vec<u8>, rows in rows(), at: prop::sample::Index) {
        // As a hostile writer would: head and hash are right, the content is noise or a changed one.
        for noise in [true, false] {
            if !noise {
                bytes = encode_content(&content(&rows)).0;
                let at = at.index(bytes.len());
                bytes[at] ^= 0x81;
            }
            let hash = blocklist::Hash(<sha2::Sha256 as sha2::Digest>::digest(&bytes).into());
            let zero = Time::from_unix(0);
            let head = Head { serial: Serial(1), published_at: zero, changed_at: zero, hash };
            let mut file = encode_head(&head, bytes.len()).to_vec();
            file.extend(&bytes);
            if let Err(error) = decode(&file) {
                prop_assert_eq!(error, Malformed::Content);
            }
        }
    }

    #[test]
    fn numbering_and_order_of_a_store_do_not_reach_the_bytes(rows in rows(), seed: u64) {
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
        prop_assert_eq!(encode_content(&other), encode_content(&content(&rows)));
    }
}

#[test]
fn a_million_like_listings_cost_little_more_than_their_addresses() {
    let rows: Vec<support::Row> =
        (0..10_000u32).map(|n| (prefix::Net::host(0x0900_0000 + n * 3).into(), 0, None, 0)).collect();
    let (bytes, _) = encode_content(&content(&rows));
    assert!(bytes.len() < 10_000 * 4 + 200, "{}", bytes.len());
    assert_eq!(HEAD_LEN, 104);
}

#[test]
fn few_values_are_named_and_many_are_written_out() {
    for distinct in [1, 2, 255, 256, 257, 700] {
        let rows: Vec<support::Row> = (0..700u32)
            .map(|n| (prefix::Net::host(0x0900_0000 + n).into(), 0, Some(i64::from(n % distinct)), 0))
            .collect();
        let content = content(&rows);
        let (head, file) = file(&content);
        assert_eq!(decode(&file), Ok((head, content)), "{distinct}");
        let written_out = file.len() > 700 * 4 + 700 * 8;
        assert_eq!(written_out, distinct > 256, "{distinct}: {}", file.len());
    }
}
