//! The bodies as their readers see them: JSON and CSV parsed back, and what a format refuses.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a failed test panics")]

mod sample;

use blocklist::{Selection, View};
use formats::{Format, FormatError, Options};
use serde_json::Value;

fn body(format: &str, texts: sample::Texts, selection: Selection) -> Vec<u8> {
    let publication = sample::publication(texts);
    let format = Format::by_name(format).unwrap();
    format.render(&View::new(&publication, selection), &Options::default()).unwrap()
}

#[test]
fn json_and_ndjson_hold_the_same_entries_with_the_same_keys() {
    for texts in [sample::Texts::Tame, sample::Texts::Hostile] {
        let json: Value = serde_json::from_slice(&body("json", texts, Selection::default())).unwrap();
        let lines: Vec<Value> = body("ndjson", texts, Selection::default())
            .split(|&byte| byte == b'\n')
            .filter(|line| !line.is_empty())
            .map(|line| serde_json::from_slice(line).unwrap())
            .collect();
        assert_eq!(json["entries"].as_array().unwrap(), &lines);
        assert_eq!(json["count"], 3);
        let keys = |entry: &Value| entry.as_object().unwrap().keys().cloned().collect::<Vec<_>>();
        assert!(lines.iter().all(|entry| keys(entry) == keys(&lines[0])), "absent is null, never left out");
    }
}

#[test]
fn the_listing_that_ends_last_speaks_and_every_source_is_named() {
    let json: Value =
        serde_json::from_slice(&body("json", sample::Texts::Tame, Selection::default())).unwrap();
    let entry = &json["entries"][0];
    assert_eq!(entry["prefix"], "198.51.100.0/24");
    assert_eq!(entry["sources"], serde_json::json!(["analyst", "portal"]));
    assert_eq!(entry["reason"], "web attack, \"SQL\" injection");
    assert_eq!(entry["until"], Value::Null);
}

#[test]
fn a_page_says_how_many_entries_there_are_in_all() {
    let page = Selection { limit: Some(2), page: 1, ..Selection::default() };
    let json: Value = serde_json::from_slice(&body("json", sample::Texts::Tame, page)).unwrap();
    assert_eq!((json["count"].as_u64(), json["total"].as_u64()), (Some(1), Some(3)));
}

#[test]
fn a_view_without_entries_is_still_whole() {
    let beyond = Selection { limit: Some(10), page: 9, ..Selection::default() };
    let json: Value = serde_json::from_slice(&body("json", sample::Texts::Tame, beyond)).unwrap();
    assert_eq!(json["entries"], serde_json::json!([]));
    let text = String::from_utf8(body("nftables", sample::Texts::Tame, beyond)).unwrap();
    assert!(text.contains("set bl4") && text.contains("set bl6") && !text.contains("elements"), "{text}");
    assert_eq!(body("plain", sample::Texts::Tame, beyond), b"");
}

/// The rows of RFC 4180 text, by its grammar.
fn rows(text: &str) -> Vec<Vec<String>> {
    let (mut rows, mut row, mut field, mut quoted) = (Vec::new(), Vec::new(), String::new(), false);
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '"' if quoted && chars.peek() == Some(&'"') => field.extend(chars.next()),
            '"' => quoted = !quoted,
            ',' if !quoted => row.push(std::mem::take(&mut field)),
            '\n' if !quoted => {
                row.push(std::mem::take(&mut field));
                rows.push(std::mem::take(&mut row));
            }
            c => field.push(c),
        }
    }
    rows
}

#[test]
fn no_csv_cell_is_a_formula_and_every_row_is_as_wide_as_the_header() {
    let text = String::from_utf8(body("csv", sample::Texts::Hostile, Selection::default())).unwrap();
    let rows = rows(&text);
    assert_eq!(rows.len(), 4);
    for row in &rows {
        assert_eq!(row.len(), rows[0].len(), "{row:?}");
        assert!(row.iter().all(|cell| !cell.starts_with(['=', '+', '-', '@', '＝', '\t'])), "{row:?}");
    }
    assert_eq!(rows[2][4], "'=cmd|'/c calc'!A1");
    assert_eq!(rows[2][6], "'-2+3,\"x\"");
}

#[test]
fn comments_where_readers_do_not_skip_them_are_refused_by_name() {
    let publication = sample::publication(sample::Texts::Tame);
    let view = View::new(&publication, Selection::default());
    let refused = Format::by_name("fortigate").unwrap().render(&view, &Options { comments: true });
    assert_eq!(refused, Err(FormatError::NoComments("fortigate")));
    assert!(refused.unwrap_err().to_string().contains("fortigate"));
}
