//! Tables.

use collect::{Column, Field, Options, ParseError, Parser};

use crate::common::{by, first, prefixes, refused, with};

fn options(field: Field, column: &str) -> Options {
    let mut options = Options::default();
    options.columns.set(field, column.parse().unwrap());
    options
}

#[test]
fn columns_are_found_by_korean_and_english_headers() {
    let text = "\u{feff}\"국가\",\"공격 IP\",사유,등록일,해제일,신뢰도\r\nKR,45.9.20.1,\"가, \"\"나\"\"\",2026.05.01,2026-08-01,90\r\n";
    let parsed = by(Parser::Csv, text.as_bytes()).unwrap();
    let (a, b, c, d) = first(&parsed);
    let expected = [Some("가, \"나\""), Some("KR"), Some("2026-05-01 00:00"), Some("2026-08-02 00:00")];
    assert_eq!([a, b, c, d], expected.map(|text| text.map(str::to_owned)));
    assert_eq!(parsed.batch.details.get(parsed.batch.records[0].details).confidence, Some(90));
    assert_eq!(parsed.notes.len(), 6);
}

#[test]
fn every_delimiter_is_known() {
    for delimiter in [",", ";", "\t", "|"] {
        let text = "no,ip,reason\n1,45.9.20.1,scan\n2,45.9.20.2,scan\n".replace(',', delimiter);
        let parsed = by(Parser::Csv, text.as_bytes()).unwrap();
        assert_eq!(prefixes(&parsed), ["45.9.20.1", "45.9.20.2"], "{delimiter:?}");
        assert_eq!(first(&parsed).0.as_deref(), Some("scan"));
    }
}

#[test]
fn without_a_header_the_first_column_of_addresses_is_taken_and_no_row_is_lost() {
    let parsed = by(Parser::Csv, b"a,45.9.20.1\nb,45.9.20.2\nc,nonsense\n").unwrap();
    assert_eq!(prefixes(&parsed), ["45.9.20.1", "45.9.20.2"]);
    assert_eq!(refused(&parsed), [(3, "not_an_address")]);
    let parsed = by(Parser::Csv, b"999.1.1.1,x\n45.9.20.1,y\n45.9.20.2,z\n").unwrap();
    assert_eq!((prefixes(&parsed).len(), refused(&parsed)), (2, vec![(1, "octet_over_255")]));
}

#[test]
fn a_row_of_another_width_or_without_address_is_refused_by_itself() {
    let parsed = by(Parser::Csv, b"ip,reason\n45.9.20.1\n45.9.20.2,a,b\n,c\n\n , \n45.9.20.3,ok\n").unwrap();
    assert_eq!(refused(&parsed), [(2, "shape"), (3, "shape"), (4, "no_address")]);
    assert_eq!(prefixes(&parsed), ["45.9.20.3"]);
}

#[test]
fn an_absent_column_is_refused_with_the_headers_found() {
    let error = with(Parser::Csv, b"ip,why\n45.9.20.1,x\n", &options(Field::Reason, "cause")).unwrap_err();
    assert_eq!(error.to_string(), "there is no column 'cause'; columns found: 'ip', 'why'");
    let error = with(Parser::Csv, b"ip,why\n45.9.20.1,x\n", &options(Field::Reason, "3")).unwrap_err();
    assert_eq!(error.to_string(), "there is no column 3, the table has 2; columns found: 'ip', 'why'");
    let error = by(Parser::Csv, b"host name,why\na,x\n").unwrap_err();
    assert_eq!(error.to_string(), "no column holds addresses; columns found: 'host name', 'why'");
    let error = by(Parser::Csv, b"ip,IP\n45.9.20.1,45.9.20.2\n").unwrap_err();
    assert!(error.to_string().starts_with("column 'ip' is there 2 times"), "{error}");
}

#[test]
fn named_and_numbered_columns_win_over_the_words() {
    let text = b"ip,peer,why\n45.9.20.1,45.9.21.1,x\n";
    assert_eq!(prefixes(&with(Parser::Csv, text, &options(Field::Address, "PEER")).unwrap()), ["45.9.21.1"]);
    assert_eq!(prefixes(&with(Parser::Csv, text, &options(Field::Address, "2")).unwrap()), ["45.9.21.1"]);
    let parsed = with(Parser::Csv, text, &options(Field::Reason, "why")).unwrap();
    assert_eq!(first(&parsed).0.as_deref(), Some("x"));
    let text = b"ip,date\n45.9.20.1,06/24/2025\n";
    assert_eq!(refused(&by(Parser::Csv, text).unwrap()), [(2, "date")]);
    assert_eq!(prefixes(&with(Parser::Csv, text, &options(Field::Detected, "-")).unwrap()), ["45.9.20.1"]);
    assert_eq!("-".parse::<Column>().unwrap(), Column::Unread);
}

#[test]
fn a_quote_may_hold_line_ends_and_lines_are_counted_on() {
    let parsed = by(Parser::Csv, b"ip,reason\n45.9.20.1,\"two\nlines\"\nbad,x\n").unwrap();
    assert_eq!(first(&parsed).0.as_deref(), Some("two lines"));
    assert_eq!(refused(&parsed), [(4, "not_an_address")]);
}

#[test]
fn a_quote_that_is_never_closed_refuses_the_whole_input() {
    let mut text = String::from("ip,reason\n45.9.20.1,\"open\n");
    assert!(matches!(by(Parser::Csv, text.as_bytes()), Err(ParseError::OpenQuote { line: 2 })));
    text.extend((0..200).map(|n| format!("45.9.20.{n},x\n")));
    text.push_str("45.9.21.1,\"closed\"\n");
    assert!(matches!(by(Parser::Csv, text.as_bytes()), Err(ParseError::OpenQuote { line: 2 })));
}

#[test]
fn a_table_that_is_only_a_header_or_comments_is_empty() {
    for text in ["ip,reason\n", "# nothing\n"] {
        assert_eq!(by(Parser::Csv, text.as_bytes()).unwrap().batch.rows, 0);
    }
}

#[test]
fn an_end_before_the_day_of_detection_is_refused_and_the_same_day_is_not() {
    let text = b"ip,detected,until\n45.9.20.1,2026-05-02,2026-05-01\n45.9.20.2,2026-05-02,2026-05-02\n";
    let parsed = by(Parser::Csv, text).unwrap();
    assert_eq!((refused(&parsed), prefixes(&parsed).len()), (vec![(2, "end_before_detected")], 1));
}
