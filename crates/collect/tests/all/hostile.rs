//! Random and damaged bytes: refused or read, never a panic, and never more rows than were there.

use collect::{Choice, Options, PARSERS, Parser, parse};
use jiff::civil::date;
use portal_sim::dataset::rows;
use portal_sim::workbook::{self, Sheet, Sheets, pack};
use proptest::prelude::*;

use crate::common::{auto, by, changed, parts};

fn every_parser(input: &[u8]) {
    let _ = auto(input);
    for info in PARSERS {
        let _ = parse(Choice::Is(info.parser), &mut &*input, &Options::default());
    }
}

fn book() -> Vec<u8> {
    workbook::secudium(&rows(1, 3, date(2026, 6, 1))).unwrap()
}

#[test]
fn counts_and_places_that_lie_are_not_believed() {
    for (from, to) in [
        ("uniqueCount=\"", "uniqueCount=\"18446744073709551615\" x=\""),
        ("<dimension ref=\"", "<dimension ref=\"B9:A1\"/><dimension ref=\""),
        ("<row r=\"2\"", "<row r=\"4294967295\""),
        ("<row r=\"2\"", "<row r=\"99999999999\""),
        ("r=\"A2\"", "r=\"ZZZ2\""),
        ("<v>0</v>", "<v>4294967296</v>"),
        ("<sheet name=\"", "<sheet id=\"rId1\" name=\"x\"/><sheet name=\""),
        ("worksheets/sheet1.xml", "../../../../etc/passwd"),
        ("</t></si>", "&unknown;</t></si>"),
    ] {
        every_parser(&changed(&book(), from, to));
    }
}

#[test]
fn shared_strings_that_state_a_huge_count_are_read_by_what_is_there() {
    let book = changed(&book(), "uniqueCount=\"", "uniqueCount=\"9999999999999999");
    assert_eq!(auto(&book).unwrap().batch.accepted, 3);
}

#[test]
fn deep_or_huge_values_in_known_documents_cost_their_own_size() {
    let deep = "[".repeat(200_000);
    let huge = "x".repeat(1 << 20);
    for value in [
        deep.clone(),
        format!("{deep}{}", "]".repeat(200_000)),
        format!("\"{huge}\""),
        format!("{{\"{huge}\":1}}"),
    ] {
        for (head, tail) in [
            (r#"{"type":"bundle","id":"bundle--1","objects":["#, "]}"),
            (r#"{"type":"bundle","id":"bundle--1","objects":[{"type":"indicator","pattern":"#, "}]}"),
            (r#"{"objects":[{"type":"#, "}]}"),
            (r#"{"type":"#, "}"),
            (r#"{"Event":"#, "}"),
            (r#"{"Event":{"info":"#, "}}"),
            (r#"{"Event":{"Attribute":["#, "]}}"),
            (r#"{"Event":{"Object":[{"deleted":"#, "}]}}"),
            (r#"{"response":["#, "]}"),
        ] {
            every_parser(format!("{head}{value}{tail}").as_bytes());
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn random_bytes_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..600), magic in 0..8usize) {
        let heads: [&[u8]; 8] = [b"\x1f\x8b\x08\0\0\0\0\0\0\xff", b"{\"objects\":[", b"{\"Event\":{\"Attribute\":[", b"", b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"{\"data\":[", b"ip,reason\n"];
        every_parser(&[heads[magic], &bytes].concat());
    }

    #[test]
    fn random_text_never_panics(text in "[0-9a-f.:/,;|\t\"\\[\\]{}#\r\n -]{0,300}") {
        every_parser(text.as_bytes());
    }

    #[test]
    fn damaged_documents_and_archives_never_panic_nor_grow(at in prop::collection::vec((0usize..4_000, any::<u8>()), 1..6), which in 0..4usize) {
        let stix = br#"{"type":"bundle","id":"bundle--1","objects":[{"type":"indicator","id":"indicator--1","pattern_type":"stix","pattern":"[ipv4-addr:value = '45.9.20.1' OR ipv4-addr:value ISSUBSET '45.9.21.0/24']","valid_from":"2026-05-01T00:00:00Z","revoked":true,"modified":"2026-06-01T00:00:00Z"}]}"#;
        let misp = br#"{"Event":{"info":"x","Attribute":[{"type":"ip-src|port","value":"45.9.20.1|80","to_ids":true,"timestamp":"1777593600"}],"Object":[{"Attribute":[]}]}}"#;
        let mut bytes = match which {
            0 => stix.to_vec(),
            1 => misp.to_vec(),
            2 => crate::archives::gzip(stix),
            _ => pack(&[("list.json".into(), misp.to_vec())]).unwrap(),
        };
        let length = bytes.len();
        for (at, byte) in at {
            bytes[at % length] = byte;
        }
        every_parser(&bytes);
        if let Ok(parsed) = auto(&bytes) {
            prop_assert!(parsed.batch.rows <= 8);
        }
    }

    #[test]
    fn a_damaged_legacy_workbook_never_panics_nor_grows(at in prop::collection::vec((0usize..45_000, any::<u8>()), 1..12)) {
        let mut book = include_bytes!("../data/secudium.xls").to_vec();
        let length = book.len();
        for (at, byte) in at {
            book[at % length] = byte;
        }
        if let Ok(parsed) = by(Parser::Secudium, &book) {
            prop_assert!(parsed.batch.rows <= 120);
        }
    }

    #[test]
    fn a_damaged_sheet_never_panics(at in prop::collection::vec((0usize..100_000, any::<u8>()), 1..6), part in 0..6usize) {
        let mut parts = parts(&book());
        let index = part % parts.len();
        let length = parts[index].1.len();
        for (at, byte) in at {
            parts[index].1[at % length] = byte;
        }
        every_parser(&pack(&parts).unwrap());
    }

    #[test]
    fn random_cells_round_trip_through_both_ways_of_writing(
        cells in prop::collection::vec(("[1-9]\\.[0-9]\\.[0-9]\\.[0-9]", "[가-힣a-z<>&\"' ]{0,20}"), 1..40),
    ) {
        let mut sheet = Sheet::new("요주의 IP", &workbook::REGTECH_HEADER);
        for (ip, reason) in &cells {
            sheet.rows.push(vec![ip.clone(), String::new(), reason.clone(), "2026-05-01".into(), String::new()]);
        }
        let sheets = workbook::regtech_sheets(sheet, Sheets::One);
        for book in [workbook::regtech_of(&sheets).unwrap(), workbook::secudium_of(&sheets).unwrap()] {
            let parsed = by(Parser::Regtech, &book).unwrap();
            prop_assert_eq!(parsed.batch.records.len(), cells.len());
            for (record, (ip, reason)) in parsed.batch.records.iter().zip(&cells) {
                prop_assert_eq!(&record.prefix.to_string(), ip);
                let found = parsed.batch.details.get(record.details).reason.as_deref();
                prop_assert_eq!(found, Some(reason.trim()).filter(|text| !text.is_empty()));
            }
        }
    }
}
