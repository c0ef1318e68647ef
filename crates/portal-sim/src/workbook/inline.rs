//! REGTECH's way of writing a sheet.

use std::fmt::Write;

use super::Sheet;
use super::xml::{self, Part};

pub(super) fn parts(sheets: &[Sheet]) -> Vec<Part> {
    let mut parts = xml::frame(sheets, false);
    for (at, sheet) in sheets.iter().enumerate() {
        let mut rows = String::new();
        for (number, row) in sheet.rows.iter().enumerate() {
            let _ = write!(rows, r#"<row r="{}">"#, number + 1);
            for (column, text) in row.iter().enumerate() {
                let place = xml::place(number, column);
                if text.is_empty() {
                    let _ = write!(rows, r#"<c r="{place}"/>"#);
                } else {
                    let _ = write!(
                        rows,
                        r#"<c r="{place}" t="inlineStr"><is><t>{}</t></is></c>"#,
                        entities(text)
                    );
                }
            }
            rows.push_str("</row>");
        }
        // The portal says A1 whatever the sheet holds; a reader that believes it sees one cell.
        parts.push(xml::sheet(at + 1, "A1", &rows));
    }
    parts
}

/// Every character that is not plain Latin as a numeric entity, and the five of XML too.
fn entities(text: &str) -> String {
    let mut out = String::new();
    for c in text.chars() {
        if c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | ' ' | ':' | '/') {
            out.push(c);
        } else {
            let _ = write!(out, "&#{};", c as u32);
        }
    }
    out
}
