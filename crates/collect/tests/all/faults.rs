//! Each fault of the portals' files by name.

use std::collections::BTreeMap;

use collect::options::Limit;
use collect::{Options, ParseError, Parser};
use jiff::civil::date;
use portal_sim::damage::{BAD_ROWS, Damage as Fault, bomb, regtech};
use portal_sim::dataset::rows;
use portal_sim::workbook::{self, Sheets, pack, regtech_sheet};

use crate::common::{auto, by, changed, prefixes, with};

fn faulty(fault: Fault) -> Result<collect::Parsed, ParseError> {
    by(Parser::Regtech, &regtech(&rows(1, 30, date(2026, 6, 1)), fault).unwrap())
}

#[test]
fn a_renamed_header_is_refused_with_the_headers_found() {
    let error = faulty(Fault::HeaderRenamed).unwrap_err();
    let text = error.to_string();
    assert!(matches!(error, ParseError::Header { .. }));
    for word in ["missing: 해제일", "'요주의 IP'", "'등록사유'", "'해제 예정일'"] {
        assert!(text.contains(word), "{word} in {text}");
    }
}

#[test]
fn a_doubled_header_is_refused() {
    let text = faulty(Fault::HeaderDoubled).unwrap_err().to_string();
    assert!(text.contains("missing: 등록일; there twice: 해제일"), "{text}");
}

#[test]
fn a_missing_column_is_refused() {
    assert!(faulty(Fault::ColumnMissing).unwrap_err().to_string().contains("missing: 해제일"));
}

#[test]
fn moved_columns_change_nothing() {
    let rows = rows(1, 30, date(2026, 6, 1));
    let right = by(Parser::Regtech, &workbook::regtech(&rows, Sheets::One).unwrap()).unwrap();
    let moved = faulty(Fault::ColumnMoved).unwrap();
    assert_eq!(moved.batch.records, right.batch.records);
}

#[test]
fn a_workbook_without_the_sheet_is_refused_with_the_sheets_found() {
    let text = faulty(Fault::SheetMissing).unwrap_err().to_string();
    assert!(text.contains("'보안권고문' with '유형', '제목', '작성일'"), "{text}");
}

#[test]
fn a_workbook_without_any_sheet_is_refused() {
    let book = workbook::regtech(&[], Sheets::None).unwrap();
    assert!(matches!(by(Parser::Regtech, &book), Err(ParseError::NoSheet)));
    assert!(matches!(auto(&book), Err(ParseError::NoSheet)));
}

#[test]
fn a_cut_archive_is_refused_wherever_it_is_cut() {
    assert!(matches!(faulty(Fault::TruncatedZip), Err(ParseError::Damaged { .. })));
    let book = workbook::regtech(&rows(1, 20, date(2026, 6, 1)), Sheets::One).unwrap();
    for end in (4..book.len()).step_by(7) {
        assert!(by(Parser::Regtech, &book[..end]).is_err(), "cut at {end}");
    }
}

#[test]
fn a_flipped_bit_in_a_part_is_refused() {
    let book = workbook::regtech(&rows(1, 20, date(2026, 6, 1)), Sheets::One).unwrap();
    // The sheet is the last part, and by far the longest: the middle of the file is inside it.
    let mut flipped = book.clone();
    flipped[book.len() / 2] ^= 0x10;
    assert!(by(Parser::Regtech, &flipped).is_err());
}

#[test]
fn a_zip_bomb_is_stopped_by_what_comes_out_of_it() {
    let error = faulty(Fault::ZipBomb).unwrap_err();
    assert!(
        matches!(error, ParseError::Limit { limit: Limit::UnpackedBytes, value: 536_870_912 }),
        "{error}"
    );
    let mut options = Options::default();
    options.limits.unpack_ratio = u64::MAX;
    options.limits.unpacked_bytes = 50 << 20;
    let honest = bomb("xl/worksheets/sheet1.xml", 1 << 30, 1 << 30).unwrap();
    let error = with(Parser::Regtech, &honest, &options).unwrap_err();
    assert!(matches!(error, ParseError::Limit { limit: Limit::UnpackedBytes, value: 52_428_800 }), "{error}");
}

#[test]
fn a_zip_bomb_that_states_a_small_size_is_refused_as_damaged() {
    let lying = bomb("xl/worksheets/sheet1.xml", 1 << 30, 1000).unwrap();
    let error = by(Parser::Regtech, &lying).unwrap_err();
    assert!(matches!(error, ParseError::Damaged { .. }), "{error}");
}

#[test]
fn an_honest_bomb_is_stopped_too() {
    let part = ("xl/worksheets/sheet1.xml".to_owned(), vec![0; 64 << 20]);
    let error = by(Parser::Regtech, &pack(&[part]).unwrap()).unwrap_err();
    assert!(error.to_string().contains("250 times the packed size (collect.limits.unpack_ratio)"), "{error}");
    assert!(error.hint().contains("collect.limits.unpack_ratio"));
}

#[test]
fn bad_rows_are_refused_each_for_its_cause_and_cost_no_good_one() {
    let parsed = faulty(Fault::BadRows).unwrap();
    let mut expected: BTreeMap<&str, u64> = BTreeMap::new();
    for (_, cause) in BAD_ROWS.iter().filter(|(_, cause)| cause.is_some()) {
        *expected.entry(cause.unwrap()).or_default() += 1;
    }
    let found: BTreeMap<&str, u64> =
        parsed.batch.refusals.iter().map(|(cause, count)| (cause.id(), *count)).collect();
    assert_eq!(found, expected);
    // 30 good rows, three more that only look bad, and a blank one that is no row.
    assert_eq!(parsed.batch.accepted, 33);
    assert_eq!(parsed.batch.rows, 33 + 10);
    assert_eq!(parsed.batch.host_bits, 1);
    assert_eq!(prefixes(&parsed)[30..], ["45.9.20.0/24", "45.9.21.0/24", "45.9.22.1"]);
    let first = &parsed.batch.refused[0];
    assert_eq!(
        (first.line, &*first.text),
        (32, "999.1.1.1 | US | 범위를 넘는 주소 | 2026-05-01 | 2026-08-01")
    );
}

#[test]
fn thirty_thousand_duplicates_stay_for_the_store_to_join() {
    let row = rows(1, 1, date(2026, 6, 1)).remove(0);
    let rows = vec![row; 30_000];
    let parsed = auto(&workbook::regtech(&rows, Sheets::One).unwrap()).unwrap();
    assert_eq!(parsed.batch.records.len(), 30_000);
    assert_eq!(parsed.batch.details.len(), 2);
}

#[test]
fn two_cells_of_one_place_are_refused() {
    let book = workbook::regtech_of(&[regtech_sheet(&rows(1, 3, date(2026, 6, 1)))]).unwrap();
    let error = auto(&changed(&book, "r=\"A3\"", "r=\"A2\"")).unwrap_err();
    assert!(error.to_string().contains("not of it"), "{error}");
}

#[test]
fn every_fault_has_its_own_name() {
    let mut names: Vec<_> = Fault::ALL.iter().map(|fault| fault.name()).collect();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), Fault::ALL.len());
}
