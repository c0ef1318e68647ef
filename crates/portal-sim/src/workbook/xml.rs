//! The parts around the sheets, which both portals' writers share.

use std::fmt::Write;

use super::Sheet;

pub(super) const HEAD: &str = r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>"#;
const MAIN: &str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
const OFFICE: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const PACKAGE: &str = "http://schemas.openxmlformats.org/package/2006";

/// A part: its name and content.
pub(super) type Part = (String, Vec<u8>);

/// The content types, relations and workbook part.
pub(super) fn frame(sheets: &[Sheet], with_strings: bool) -> Vec<Part> {
    let (mut types, mut listed, mut relations) = (String::new(), String::new(), String::new());
    for (at, sheet) in sheets.iter().enumerate() {
        let number = at + 1;
        let _ = write!(
            types,
            r#"<Override PartName="/xl/worksheets/sheet{number}.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/>"#
        );
        let name = plain(&sheet.name);
        let _ = write!(listed, r#"<sheet name="{name}" sheetId="{number}" r:id="rId{number}"/>"#);
        let _ = write!(
            relations,
            r#"<Relationship Id="rId{number}" Type="{OFFICE}/worksheet" Target="worksheets/sheet{number}.xml"/>"#
        );
    }
    if with_strings {
        types.push_str(r#"<Override PartName="/xl/sharedStrings.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"/>"#);
        let _ = write!(
            relations,
            r#"<Relationship Id="rId{}" Type="{OFFICE}/sharedStrings" Target="sharedStrings.xml"/>"#,
            sheets.len() + 1
        );
    }
    let part = |name: &str, content: String| (name.to_owned(), content.into_bytes());
    vec![
        part(
            "[Content_Types].xml",
            format!(
                r#"{HEAD}<Types xmlns="{PACKAGE}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>{types}</Types>"#
            ),
        ),
        part(
            "_rels/.rels",
            format!(
                r#"{HEAD}<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="rId1" Type="{OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>"#
            ),
        ),
        part(
            "xl/workbook.xml",
            format!(
                r#"{HEAD}<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets>{listed}</sheets></workbook>"#
            ),
        ),
        part(
            "xl/_rels/workbook.xml.rels",
            format!(r#"{HEAD}<Relationships xmlns="{PACKAGE}/relationships">{relations}</Relationships>"#),
        ),
    ]
}

/// A sheet's part around its rows.
pub(super) fn sheet(number: usize, dimension: &str, rows: &str) -> Part {
    let content = format!(
        r#"{HEAD}<worksheet xmlns="{MAIN}"><dimension ref="{dimension}"/><sheetViews><sheetView workbookViewId="0"/></sheetViews><sheetData>{rows}</sheetData></worksheet>"#
    );
    (format!("xl/worksheets/sheet{number}.xml"), content.into_bytes())
}

/// The shared strings part.
pub(super) fn strings(count: usize, items: &[&str]) -> Part {
    let mut content = format!(r#"{HEAD}<sst xmlns="{MAIN}" count="{count}" uniqueCount="{}">"#, items.len());
    for item in items {
        let _ = write!(content, "<si><t>{}</t></si>", plain(item));
    }
    content.push_str("</sst>");
    ("xl/sharedStrings.xml".into(), content.into_bytes())
}

/// The place of a cell, row and column from 0. Columns go to `Z`; the portals have seven.
pub(super) fn place(row: usize, column: usize) -> String {
    format!("{}{}", char::from(b'A' + (column as u8).min(25)), row + 1)
}

/// Text with the five characters of XML escaped.
fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&apos;"),
            c => out.push(c),
        }
    }
    out
}
