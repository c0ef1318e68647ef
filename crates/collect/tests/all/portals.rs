//! The portals' workbooks, whole and right.

use collect::{Note, Parser};
use jiff::civil::date;
use portal_sim::dataset::rows;
use portal_sim::workbook::{
    REGTECH_HEADER, Sheet, Sheets, regtech, regtech_of, regtech_sheet, regtech_sheets, secudium, secudium_of,
    secudium_sheet,
};

use crate::common::{auto, by, changed, first, prefixes, refused};

#[test]
fn a_regtech_workbook_of_22664_rows_gives_every_row() {
    let rows = rows(1, 22_664, date(2026, 6, 1));
    let parsed = auto(&regtech(&rows, Sheets::One).unwrap()).unwrap();
    assert_eq!(parsed.parser, Parser::Regtech);
    assert_eq!((parsed.batch.rows, parsed.batch.accepted), (22_664, 22_664));
    assert_eq!(prefixes(&parsed), rows.iter().map(|row| row.address.clone()).collect::<Vec<_>>());
    for (record, row) in parsed.batch.records.iter().zip(&rows) {
        let details = parsed.batch.details.get(record.details);
        assert_eq!(details.reason.as_deref(), Some(row.reason));
        assert_eq!(details.country.unwrap().as_str(), row.country);
        assert_eq!(record.detected, blocklist::Time::start_of_day(row.detected));
        assert_eq!(record.until, blocklist::Time::end_of_day(row.until.unwrap()));
    }
    assert!(parsed.notes.is_empty(), "{:?}", parsed.notes);
}

#[test]
fn a_secudium_workbook_of_113_rows_gives_every_row_without_an_end() {
    let rows = rows(2, 113, date(2026, 6, 1));
    let parsed = auto(&secudium(&rows).unwrap()).unwrap();
    assert_eq!(parsed.parser, Parser::Secudium);
    assert_eq!((parsed.batch.rows, parsed.batch.accepted), (113, 113));
    for (record, row) in parsed.batch.records.iter().zip(&rows) {
        let details = parsed.batch.details.get(record.details);
        assert_eq!(record.prefix.to_string(), row.address);
        assert_eq!(details.reason.as_deref(), Some(row.reason));
        assert_eq!(details.category.as_deref(), Some(row.category));
        assert_eq!(details.severity.as_deref(), Some(row.severity));
        assert_eq!(record.detected, blocklist::Time::start_of_day(row.detected));
        assert_eq!(record.until, None);
    }
}

#[test]
fn the_list_is_found_between_two_other_sheets() {
    let rows = rows(3, 50, date(2026, 6, 1));
    let parsed = auto(&regtech(&rows, Sheets::Three).unwrap()).unwrap();
    assert_eq!(parsed.batch.accepted, 50);
    assert_eq!(parsed.notes, [Note::OtherSheets(vec!["보안권고문".into(), "취약점 정보".into()])]);
}

#[test]
fn the_header_may_stand_below_a_title_and_hold_white_space() {
    let mut sheet = Sheet {
        name: " 요주의  IP ".into(),
        rows: vec![vec!["금융 목록".into()], vec![String::new()]],
    };
    sheet.rows.push(["IP ", " 국 가", "등록 사유", "등록일\n", "해제일"].map(String::from).to_vec());
    sheet.rows.push(["45.9.20.1", "us", "이유", "2026-05-01", "2026-08-01"].map(String::from).to_vec());
    let parsed = by(Parser::Regtech, &regtech_of(&[sheet]).unwrap()).unwrap();
    let expected = [Some("이유"), Some("US"), Some("2026-05-01 00:00"), Some("2026-08-02 00:00")];
    let (a, b, c, d) = first(&parsed);
    assert_eq!([a, b, c, d], expected.map(|text| text.map(str::to_owned)));
}

#[test]
fn a_header_below_the_tenth_row_is_not_looked_for() {
    let mut sheet = regtech_sheet(&rows(4, 5, date(2026, 6, 1)));
    for _ in 0..10 {
        sheet.rows.insert(0, vec!["제목".into()]);
    }
    assert!(by(Parser::Regtech, &regtech_of(&[sheet]).unwrap()).is_err());
}

#[test]
fn of_two_sheets_with_the_header_the_one_with_the_name_counts() {
    let mut other = Sheet::new("지난 목록", &REGTECH_HEADER);
    other.rows.push(["45.9.20.9", "US", "지난 것", "2026-01-01", "2026-02-01"].map(String::from).to_vec());
    let list = regtech_sheet(&rows(5, 5, date(2026, 6, 1)));
    let parsed = auto(&regtech_of(&[other.clone(), list]).unwrap()).unwrap();
    assert_eq!(parsed.batch.accepted, 5);
    let mut twin = other.clone();
    twin.name = "또 다른 목록".into();
    let error = by(Parser::Regtech, &regtech_of(&[other, twin]).unwrap()).unwrap_err().to_string();
    assert!(error.contains("several sheets") && error.contains("지난 목록"), "{error}");
}

#[test]
fn a_workbook_with_a_header_and_no_row_is_an_empty_list() {
    let parsed = auto(&regtech(&[], Sheets::One).unwrap()).unwrap();
    assert_eq!((parsed.batch.rows, parsed.batch.records.len()), (0, 0));
}

#[test]
fn dates_of_secudium_come_in_words_too_and_dashes_mean_nothing() {
    let mut sheet = secudium_sheet(&rows(6, 1, date(2026, 6, 1)));
    sheet.rows[1] = ["2025년 06월 24일", "-", " ", "-", "45.9.20.1", "Korea", "-"].map(String::from).to_vec();
    let parsed = auto(&secudium_of(&[sheet]).unwrap()).unwrap();
    assert_eq!(first(&parsed), (None, None, Some("2025-06-24 00:00".into()), None));
    assert_eq!(parsed.batch.details.get(parsed.batch.records[0].details).category, None);
    assert!(parsed.notes[0].to_string().contains("'Korea'"), "{}", parsed.notes[0]);
}

#[test]
fn both_portals_way_of_writing_reads_the_same() {
    let sheets = regtech_sheets(regtech_sheet(&rows(7, 40, date(2026, 6, 1))), Sheets::Three);
    let inline = auto(&regtech_of(&sheets).unwrap()).unwrap();
    let shared = auto(&secudium_of(&sheets).unwrap()).unwrap();
    assert_eq!(inline.batch.records, shared.batch.records);
    assert!(refused(&inline).is_empty());
}

#[test]
fn dates_may_be_cells_of_numbers_or_iso_text() {
    let book = secudium(&rows(8, 1, date(2026, 6, 1))).unwrap();
    let cell = r#"<c r="A2" t="s"><v>7</v></c>"#;
    for (other, expected) in [
        (r#"<c r="A2"><v>45832.5</v></c>"#, "2025-06-24 12:00"),
        (r#"<c r="A2" s="3" t="n"><v>45832</v></c>"#, "2025-06-24 00:00"),
        (r#"<c r="A2" t="n"><v>20250624</v></c>"#, "2025-06-24 00:00"),
        (r#"<c r="A2" t="d"><v>2025-06-24T12:00:00</v></c>"#, "2025-06-24 12:00"),
        (r#"<c r="A2" t="str"><f>TEXT(1,1)</f><v>2025-06-24</v></c>"#, "2025-06-24 00:00"),
        (
            r#"<c r="A2" t="inlineStr"><is><r><t>2025-</t></r><r><t>06-24</t></r><rPh><t>x</t></rPh></is></c>"#,
            "2025-06-24 00:00",
        ),
    ] {
        let parsed = auto(&changed(&book, cell, other)).unwrap();
        assert_eq!(first(&parsed).2.as_deref(), Some(expected), "{other}");
    }
    let from_1904 = changed(
        &changed(&book, cell, r#"<c r="A2"><v>44370</v></c>"#),
        "<sheets>",
        r#"<workbookPr date1904="1"/><sheets>"#,
    );
    assert_eq!(first(&auto(&from_1904).unwrap()).2.as_deref(), Some("2025-06-24 00:00"));
    for bad in
        [r#"<c r="A2" t="b"><v>1</v></c>"#, r#"<c r="A2" t="e"><v>#N/A</v></c>"#, r#"<c r="A2"><v>1</v></c>"#]
    {
        assert_eq!(refused(&auto(&changed(&book, cell, bad)).unwrap()), [(2, "date")], "{bad}");
    }
}
