//! SECUDIUM's way of writing a sheet.

use std::collections::HashMap;
use std::fmt::Write;

use super::Sheet;
use super::xml::{self, Part};

pub(super) fn parts(sheets: &[Sheet]) -> Vec<Part> {
    let mut parts = xml::frame(sheets, true);
    let mut items: Vec<&str> = Vec::new();
    let mut known: HashMap<&str, usize> = HashMap::new();
    let mut count = 0;
    for (at, sheet) in sheets.iter().enumerate() {
        let mut rows = String::new();
        for (number, row) in sheet.rows.iter().enumerate() {
            let _ = write!(rows, r#"<row r="{}">"#, number + 1);
            for (column, text) in row.iter().enumerate().filter(|(_, text)| !text.is_empty()) {
                let item = *known.entry(text).or_insert_with(|| {
                    items.push(text);
                    items.len() - 1
                });
                count += 1;
                let _ = write!(rows, r#"<c r="{}" t="s"><v>{item}</v></c>"#, xml::place(number, column));
            }
            rows.push_str("</row>");
        }
        let width = sheet.rows.iter().map(Vec::len).max().unwrap_or(1).max(1);
        let dimension = format!("A1:{}", xml::place(sheet.rows.len().max(1) - 1, width - 1));
        parts.push(xml::sheet(at + 1, &dimension, &rows));
    }
    parts.push(xml::strings(count, &items));
    parts
}
