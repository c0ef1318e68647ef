//! Legacy workbooks.

use collect::{ParseError, Parser};
use jiff::civil::date;

use crate::common::{auto, by, prefixes};

const BOOK: &[u8] = include_bytes!("../data/secudium.xls");

#[test]
fn a_legacy_workbook_reads_like_the_new_one() {
    let legacy = auto(BOOK).unwrap();
    assert_eq!((legacy.parser, legacy.batch.accepted), (Parser::Secudium, 113));
    let new = auto(&portal_sim::workbook::secudium(&portal_sim::feeds::secudium_rows()).unwrap()).unwrap();
    assert_eq!(legacy.batch.records, new.batch.records);
    assert!(legacy.batch.details.iter().eq(new.batch.details.iter()));
    assert_eq!(legacy.batch.records[0].detected, blocklist::Time::start_of_day(date(2026, 11, 20)));
    assert_eq!(prefixes(&legacy).len(), 113);
}

#[test]
fn a_legacy_workbook_that_is_cut_off_is_refused() {
    for end in (8..BOOK.len()).step_by(97) {
        match by(Parser::Secudium, &BOOK[..end]) {
            Err(ParseError::Damaged { .. } | ParseError::Format { .. }) => {}
            // Only what follows the last byte of the records may be gone.
            Ok(parsed) => assert_eq!(parsed.batch.accepted, 113, "cut at {end}"),
            Err(other) => panic!("cut at {end}: {other}"),
        }
    }
}

#[test]
fn an_encrypted_workbook_is_named_as_one() {
    let wide = |text: &str| text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>();
    let (name, other) = (wide("Workbook"), wide("EncryptedPackage"));
    let at = BOOK.windows(name.len()).position(|bytes| bytes == name).unwrap();
    let mut book = BOOK.to_vec();
    book[at..at + other.len()].copy_from_slice(&other);
    book[at + 64] = other.len() as u8 + 2;
    assert!(matches!(auto(&book), Err(ParseError::Encrypted { what: "workbook" })));
}

#[test]
fn an_office_document_that_is_no_workbook_is_named() {
    let name: Vec<u8> = "Workbook".encode_utf16().flat_map(u16::to_le_bytes).collect();
    let at = BOOK.windows(name.len()).position(|bytes| bytes == name).unwrap();
    let mut book = BOOK.to_vec();
    book[at] = b'X';
    assert_eq!(
        auto(&book).unwrap_err().to_string(),
        "this is an Office document that is no workbook, which no parser reads"
    );
}
