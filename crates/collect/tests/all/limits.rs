//! Each limit stops where it says and names its setting.

use collect::options::{Limit, Limits};
use collect::{Options, ParseError, Parser};
use jiff::civil::date;
use portal_sim::workbook::{Sheets, regtech};

use crate::common::with;

fn with_limits(parser: Parser, input: &[u8], set: impl Fn(&mut Limits)) -> Result<u64, ParseError> {
    let mut options = Options::default();
    set(&mut options.limits);
    with(parser, input, &options).map(|parsed| parsed.batch.rows)
}

fn limit(result: Result<u64, ParseError>) -> (Limit, u64) {
    match result.unwrap_err() {
        ParseError::Limit { limit, value } => (limit, value),
        other => panic!("{other}"),
    }
}

#[test]
fn rows_and_prefixes_are_counted_with_the_refused_and_the_cut_up_ones() {
    let list = b"45.9.20.1\nbad\n45.9.20.3-45.9.20.9\n";
    assert_eq!(with_limits(Parser::List, list, |limits| limits.rows = 3).unwrap(), 3);
    assert_eq!(limit(with_limits(Parser::List, list, |limits| limits.rows = 2)), (Limit::Rows, 2));
    // 3, 4-7 and 8-9: with the first row, four prefixes.
    assert_eq!(with_limits(Parser::List, list, |limits| limits.prefixes = 4).unwrap(), 3);
    assert_eq!(limit(with_limits(Parser::List, list, |limits| limits.prefixes = 3)), (Limit::Prefixes, 3));
}

#[test]
fn sizes_are_inclusive_and_judged_by_what_comes() {
    let list = b"45.9.20.1\n".repeat(20_000);
    let size = list.len() as u64;
    assert_eq!(with_limits(Parser::List, &list, |limits| limits.text_bytes = size).unwrap(), 20_000);
    let over = with_limits(Parser::List, &list, |limits| limits.text_bytes = size - 1);
    assert_eq!(limit(over), (Limit::TextBytes, size - 1));
    let json = format!("[{}]", vec!["\"45.9.20.1\""; 10_000].join(","));
    let size = json.len() as u64;
    assert_eq!(
        with_limits(Parser::Json, json.as_bytes(), |limits| limits.document_bytes = size).unwrap(),
        10_000
    );
    let over = with_limits(Parser::Json, json.as_bytes(), |limits| limits.document_bytes = size - 1);
    assert_eq!(limit(over), (Limit::DocumentBytes, size - 1));
    let book = regtech(&portal_sim::dataset::rows(1, 3_000, date(2026, 6, 1)), Sheets::One).unwrap();
    let size = book.len() as u64;
    assert_eq!(with_limits(Parser::Regtech, &book, |limits| limits.document_bytes = size).unwrap(), 3_000);
    let over = with_limits(Parser::Regtech, &book, |limits| limits.document_bytes = size - 1);
    assert_eq!(limit(over), (Limit::DocumentBytes, size - 1));
    let over = with_limits(Parser::Regtech, &book, |limits| limits.unpacked_bytes = 100_000);
    assert_eq!(limit(over), (Limit::UnpackedBytes, 100_000));
}

#[test]
fn an_endless_input_is_stopped() {
    let mut options = Options::default();
    options.limits.text_bytes = 1 << 20;
    let error = collect::parse(collect::Choice::Auto, &mut std::io::repeat(b'\n'), &options).unwrap_err();
    assert!(
        error.to_string().contains("collect.limits.text_bytes")
            || matches!(error, ParseError::Unrecognised { .. }),
        "{error}"
    );
    let mut zip = std::io::Read::chain(&b"PK\x03\x04"[..], std::io::repeat(b'x'));
    options.limits.document_bytes = 1 << 20;
    let error = collect::parse(collect::Choice::Auto, &mut zip, &options).unwrap_err();
    assert!(error.to_string().contains("collect.limits.document_bytes"), "{error}");
}
