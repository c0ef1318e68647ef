//! The list reader: lines, comments, files that are no list, and readers that give little at a time.

#![allow(clippy::unwrap_used, clippy::panic, reason = "helpers of tests stand outside of test functions")]

use std::io::{self, Read};

use prefix::list::MAX_LINE;
use prefix::{ListError, ListReader, Prefix, Refusal, parse};
use proptest::prelude::*;

/// Line number, text, and the prefixes or the cause.
type Seen = (u64, Vec<u8>, Result<Vec<String>, Refusal>);

fn read(input: impl Read) -> Result<Vec<Seen>, ListError> {
    let mut rows = Vec::new();
    ListReader::new(input).for_each(|row| {
        let parsed =
            row.parsed.map(|parsed| parsed.entry.prefixes().map(|prefix| prefix.to_string()).collect());
        rows.push((row.line, row.text.to_vec(), parsed));
    })?;
    Ok(rows)
}

fn entries(input: &str) -> Vec<(u64, String)> {
    let rows = read(input.as_bytes()).unwrap();
    let one = |(line, _, parsed): Seen| {
        (line, parsed.map_or_else(|cause| cause.id().to_owned(), |all| all.join(" ")))
    };
    rows.into_iter().map(one).collect()
}

/// Gives one byte a call, and is interrupted before each.
struct Drip<'a>(&'a [u8], bool);

impl Read for Drip<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.1 = !self.1;
        if self.1 { Err(io::ErrorKind::Interrupted.into()) } else { self.0.read(&mut buffer[..1]) }
    }
}

#[test]
fn each_kind_of_line_is_read() {
    let cases = [
        ("1.2.3.4", "1.2.3.4"),
        ("1.2.3.4\r", "1.2.3.4"),
        ("  1.2.3.4  ", "1.2.3.4"),
        ("\t1.2.3.0/24\t10", "1.2.3.0/24"),
        ("1.2.3.4# c", "1.2.3.4"),
        ("1.2.3.4 - 1.2.3.300", "octet_over_255"),
        ("1.2.3.4 - 1.2.3.04", "leading_zero"),
        ("1.2.3.4 - 2026.01.02 seen", "1.2.3.4"),
        ("1.2.3.4;c", "1.2.3.4"),
        ("1.2.3.4 ; SBL1", "1.2.3.4"),
        ("1.2.3.4 - seen at night", "1.2.3.4"),
        ("1.2.3.4 -", "1.2.3.4"),
        ("1.2.3.0/24 - 1.2.4.0", "1.2.3.0/24"),
        ("1.2.3.4 - 1.2.3.5", "1.2.3.4/31"),
        ("1.2.3.4\t-\t1.2.3.7 # four", "1.2.3.4/30"),
        ("1.2.3.4-1.2.3.7;four", "1.2.3.4/30"),
        ("2a00::1 - 2a00::2", "2a00::1 2a00::2"),
        ("1.2.3.5 - 1.2.3.4", "range_backwards"),
        ("1.2.3.4 - 2a00::1", "range_of_two_families"),
        ("1.2.3.4 \u{ac00}\u{b098}", "1.2.3.4"),
        ("1.2.3.4,bot", "not_an_address"),
        ("1.2.3", "short_form"),
    ];
    for (line, meant) in cases {
        assert_eq!(entries(line), [(1, meant.to_owned())], "{line:?}");
        assert_eq!(entries(&format!("# c\n{line}\n")), [(2, meant.to_owned())], "{line:?}");
        assert_eq!(entries(&format!("9.9.9.9\n{line}\n8.8.8.8"))[1], (2, meant.to_owned()), "{line:?}");
    }
    for nothing in ["", " \t ", "# 1.2.3.4", "; 1.2.3.4", "// 1.2.3.4", "  # c", "\r"] {
        assert_eq!(
            entries(&format!("{nothing}\n{nothing}\n1.2.3.4\n{nothing}")),
            [(3, "1.2.3.4".to_owned())]
        );
    }
}

#[test]
fn a_comment_in_another_encoding_does_not_harm_its_entry() {
    // EUC-KR, as Korean sources write it.
    let rows = read(&b"1.2.3.4 \xb0\xa1\xb3\xaa\n\xb0\xa1\n"[..]).unwrap();
    assert_eq!(rows[0].2, Ok(vec!["1.2.3.4".to_owned()]));
    assert_eq!(rows[1].2, Err(Refusal::NotText));
    assert_eq!(rows[1].1, b"\xb0\xa1");
}

#[test]
fn a_byte_order_mark_crlf_and_a_last_line_without_end_are_all_right() {
    let rows = entries("\u{feff}1.2.3.4\r\n\r\n2a00::1\r\n5.6.7.8");
    assert_eq!(rows, [(1, "1.2.3.4".to_owned()), (3, "2a00::1".to_owned()), (4, "5.6.7.8".to_owned())]);
    assert_eq!(read(&b"1.2.3.4\r"[..]).unwrap()[0].1, b"1.2.3.4");
    assert!(entries("").is_empty());
    assert!(entries("\u{feff}").is_empty());
}

#[test]
fn a_line_too_long_is_refused_and_the_next_is_read() {
    for len in [MAX_LINE - 1, MAX_LINE, MAX_LINE + 1, MAX_LINE + 2, 262_143, 262_144, 262_145, 3 << 20] {
        for end in ["\n", "\r\n", ""] {
            let line = format!("1.2.3.4 {}", "x".repeat(len - 8));
            let text = format!("9.9.9.9\n{line}{end}");
            let after = if end.is_empty() { "" } else { "5.6.7.8\n" };
            let rows = read(format!("{text}{after}").as_bytes()).unwrap();
            let expected =
                if len > MAX_LINE { Err(Refusal::LongLine) } else { Ok(vec!["1.2.3.4".to_owned()]) };
            assert_eq!(rows[1].2, expected, "{len} {end:?}");
            assert_eq!(rows[1].1.len(), len.min(MAX_LINE));
            assert_eq!(rows.len(), if end.is_empty() { 2 } else { 3 });
            assert!(end.is_empty() || rows[2].0 == 3 && rows[2].1 == b"5.6.7.8");
        }
    }
}

#[test]
fn a_web_page_is_refused_as_a_whole() {
    let pages = [
        "<!DOCTYPE html><p>1.2.3.4",
        "<!doctype HTML>\n1.2.3.4\n",
        "\n \r\n\t<HTML>\n1.2.3.4",
        "\u{feff}<html lang=ko>",
        "<?xml version=\"1.0\"?><!DOCTYPE html>",
        "<?xml version=\"1.0\"?>\n\n<html xmlns=\"x\">\n1.2.3.4",
    ];
    for page in pages {
        assert!(matches!(read(page.as_bytes()), Err(ListError::Html)), "{page:?}");
        assert!(matches!(read(Drip(page.as_bytes(), false)), Err(ListError::Html)), "{page:?}");
    }
    let long = format!("<html>{}", "x".repeat(MAX_LINE));
    assert!(matches!(read(long.as_bytes()), Err(ListError::Html)));
    // Not its first line: a row like any other.
    assert_eq!(entries("1.2.3.4\n<html>\n")[1].1, "not_an_address");
}

#[test]
fn what_is_no_text_is_refused_as_a_whole() {
    let utf16 = |text: &str| text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>();
    assert!(matches!(read(&utf16("\u{feff}1.2.3.4")[..]), Err(ListError::Utf16)));
    assert!(matches!(read(&utf16("1.2.3.4")[..]), Err(ListError::Utf16)));
    assert!(matches!(read(&b"\xfe\xff\x001\x00."[..]), Err(ListError::Utf16)));
    assert!(matches!(read(&b"\x1f\x8b\x08stuff"[..]), Err(ListError::Binary)), "gzip");
    assert!(matches!(read(&b"PK\x03\x04"[..]), Err(ListError::Binary)), "a workbook");
    let late = "1.2.3.4\n".repeat(100_000) + "5.6.7.8\0\n";
    assert!(matches!(read(late.as_bytes()), Err(ListError::Binary)), "a NUL far behind");
}

#[test]
fn a_reader_that_fails_says_so() {
    struct Broken;
    impl Read for Broken {
        fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
            Err(io::ErrorKind::ConnectionReset.into())
        }
    }
    let read = read(b"1.2.3.4\n".chain(Broken));
    assert!(matches!(read, Err(ListError::Io(cause)) if cause.kind() == io::ErrorKind::ConnectionReset));
}

proptest! {
    #[test]
    fn rows_are_what_splitting_at_line_ends_gives(lines in proptest::collection::vec("[0-9.:/a]{0,20}|([0-9]{1,3}\\.){3}[0-9]{1,3}(/[0-9]{1,2})?", 0..200), crlf: bool) {
        let text = lines.join(if crlf { "\r\n" } else { "\n" });
        let rows = read(text.as_bytes()).unwrap();
        let mut expected = Vec::new();
        for (line, text) in (1..).zip(lines.iter()) {
            if !text.is_empty() && !text.starts_with("//") {
                let parsed = parse(text.as_bytes()).map(|parsed| parsed.entry.prefixes().map(|p: Prefix| p.to_string()).collect());
                expected.push((line, text.as_bytes().to_vec(), parsed));
            }
        }
        prop_assert_eq!(&rows, &expected);
        prop_assert_eq!(read(Drip(text.as_bytes(), false)).unwrap(), rows);
    }

    #[test]
    fn no_bytes_make_it_panic(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        let whole = read(&bytes[..]).map_err(|error| error.to_string());
        prop_assert_eq!(read(Drip(&bytes, false)).map_err(|error| error.to_string()), whole);
    }
}
