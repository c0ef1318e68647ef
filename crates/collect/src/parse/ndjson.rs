//! `ndjson`: one JSON object, or one string, a line.
//!
//! A line that is no JSON is refused by itself, but for the last one without a line end: there the body was cut off,
//! and the whole input with it.

use blocklist::Cause;
use prefix::Refusal;
use serde_json::Value;

use super::json::element::Elements;
use super::lines::{Line, lines};
use super::open::{self, Text};
use super::rows::Rows;
use super::sniff::Sample;
use super::words;
use crate::ParseError;
use crate::options::Field;

/// Lines of objects: two at least, or a single one that is itself an element.
pub(super) fn sniff(sample: &Sample<'_>) -> bool {
    let Some((head, _)) = sample.text() else { return false };
    let mut lines = head.split(|&b| b == b'\n').map(<[u8]>::trim_ascii).filter(|line| !line.is_empty());
    let object = |line: &[u8]| match serde_json::from_slice(line) {
        Ok(Value::Object(object)) => Some(object),
        _ => None,
    };
    match (lines.next().and_then(object), lines.next()) {
        (Some(_), Some(second)) => second.starts_with(b"{"),
        (Some(only), None) => !words::find(Field::Address, only.keys().map(String::as_str)).is_empty(),
        (None, _) => false,
    }
}

pub(super) fn read(text: &mut Text<'_>, rows: &mut Rows<'_>) -> Result<(), ParseError> {
    let mut elements = Elements::default();
    // A broken line is held back until it is known whether it is the last.
    let mut broken: Option<(u64, Vec<u8>)> = None;
    lines(text, |number, line| {
        let line = match line {
            Line::Text(line) => line.trim_ascii(),
            Line::Long(start) => return rows.refuse(number, Refusal::LongLine, start),
        };
        if line.is_empty() {
            return Ok(());
        }
        if let Some((number, line)) = broken.take() {
            rows.refuse(number, Cause::Shape, &line)?;
        }
        let Ok(valid) = std::str::from_utf8(line) else {
            return Err(ParseError::Encoding { found: open::encoding_of(line), line: number });
        };
        if let Ok(value) = serde_json::from_str(valid) {
            return elements.take(number, &value, valid, rows);
        }
        broken = Some((number, line.to_vec()));
        Ok(())
    })?;
    if let Some((number, _)) = broken {
        return Err(ParseError::damaged(
            "NDJSON file",
            format!("line {number}, the last, is no whole JSON value"),
        ));
    }
    elements.finish()
}
