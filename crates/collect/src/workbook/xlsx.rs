//! The cells of an xlsx workbook (ECMA-376).
//!
//! A sheet's stated `dimension` is not read: one of the portals states `A1` over twenty thousand rows. Rows and columns
//! that do not ascend are refused, because two cells of one place leave open which is meant.

mod parts;
mod plain;

use std::io::{BufRead, BufReader};

use quick_xml::events::Event;

use super::strings::Strings;
use super::xml::{Xml, attribute, bad, entity};
use super::{EachRow, MAX_COLUMNS, zipped};
use crate::ParseError;
use crate::options::Limits;
use crate::parse::Cell;
use plain::Plain;

/// An xlsx workbook.
pub(super) struct Book {
    archive: zipped::Archive,
    /// Each sheet's name, and its part of the archive.
    sheets: Vec<(String, usize)>,
    strings: Strings,
    /// Days count from 1904 rather than 1900.
    from_1904: bool,
}

/// Days between the two ways of counting.
const TO_1900: f64 = 1462.0;

impl Book {
    pub(super) fn open(bytes: Vec<u8>, limits: &Limits) -> Result<Self, ParseError> {
        let mut archive = zipped::open(bytes, limits)?;
        let parts = parts::find(&mut archive)?;
        let strings = match parts.strings {
            Some(part) => read_strings(BufReader::new(archive.by_index(part).map_err(zipped::error)?))?,
            None => Strings::default(),
        };
        Ok(Self { archive, sheets: parts.sheets, strings, from_1904: parts.from_1904 })
    }

    pub(super) fn names(&self) -> Vec<String> {
        self.sheets.iter().map(|(name, _)| name.clone()).collect()
    }

    pub(super) fn read(&mut self, sheet: usize, each: &mut EachRow<'_>) -> Result<(), ParseError> {
        let (_, part) = self.sheets.get(sheet).ok_or(ParseError::NoSheet)?;
        let part = self.archive.by_index(*part).map_err(zipped::error)?;
        read_sheet(BufReader::with_capacity(64 << 10, part), &self.strings, self.from_1904, each)
    }
}

fn read_sheet(
    part: impl BufRead,
    strings: &Strings,
    from_1904: bool,
    each: &mut EachRow<'_>,
) -> Result<(), ParseError> {
    let mut xml = Xml::new(part);
    let mut scan = Scan::new(strings, from_1904);
    loop {
        let more = match xml.next()? {
            Event::Eof => return Err(bad("a sheet without its data")),
            event => scan.take(&event, each)?,
        };
        if !more || !scan.take_plain(&mut xml, each)? {
            return Ok(());
        }
    }
}

/// What a cell says it holds.
#[derive(Clone, Copy, PartialEq)]
enum Kind {
    Number,
    Shared,
    Bool,
    Text,
}

impl Kind {
    /// What the attribute `t` says.
    fn of(name: Option<&str>) -> Self {
        match name {
            Some("s") => Self::Shared,
            Some("b") => Self::Bool,
            None | Some("n") => Self::Number,
            Some(_) => Self::Text,
        }
    }
}

/// Where in a sheet the reading is.
struct Scan<'s> {
    strings: &'s Strings,
    from_1904: bool,
    in_data: bool,
    /// Number of the row, from 1; 0 before the first.
    row: u32,
    /// How many elements are open.
    depth: u32,
    /// How many were when the row was, itself included; 0 outside of rows.
    row_depth: u32,
    /// A cell has just ended, and the row is open.
    between_cells: bool,
    cells: Vec<(u32, Cell<'s>)>,
    /// The least column that the next cell may have.
    next_column: u32,
    kind: Kind,
    value: Value,
}

impl<'s> Scan<'s> {
    fn new(strings: &'s Strings, from_1904: bool) -> Self {
        Self {
            strings,
            from_1904,
            in_data: false,
            row: 0,
            depth: 0,
            row_depth: 0,
            between_cells: false,
            cells: Vec::new(),
            next_column: 0,
            kind: Kind::Number,
            value: Value::default(),
        }
    }

    /// Takes an event; `false` when no more is wanted.
    fn take(&mut self, event: &Event<'_>, each: &mut EachRow<'_>) -> Result<bool, ParseError> {
        self.between_cells = false;
        match event {
            Event::Start(start) => {
                self.depth += 1;
                match start.local_name().as_ref() {
                    "sheetData" => self.in_data = true,
                    "row" if self.in_data => {
                        self.begin_row(attribute(start, "r")?.as_deref())?;
                        // What is plain has no prefix, and what ends it must not have one either.
                        self.row_depth = if start.name().as_ref() == "row" { self.depth } else { 0 };
                    }
                    "c" if self.in_data => {
                        self.begin_cell(attribute(start, "r")?.as_deref())?;
                        self.kind = Kind::of(attribute(start, "t")?.as_deref());
                        self.value = Value::default();
                    }
                    name => self.value.open(name),
                }
            }
            Event::End(end) => {
                self.depth = self.depth.saturating_sub(1);
                match end.local_name().as_ref() {
                    "sheetData" => return Ok(false),
                    "row" if self.in_data => {
                        self.row_depth = 0;
                        return each(self.row, &self.cells);
                    }
                    "c" if self.in_data => {
                        self.end_cell()?;
                        self.between_cells = self.depth > 0 && self.depth == self.row_depth;
                    }
                    name => self.value.close(name),
                }
            }
            Event::Text(text) => self.value.push(&text.xml10_content()),
            Event::CData(text) => self.value.push(&text.xml10_content()),
            Event::GeneralRef(reference) if self.value.taking() => entity(reference, &mut self.value.text)?,
            _ => {}
        }
        Ok(true)
    }

    /// Takes what is plain from here on, past the XML reader; `false` when no more is wanted. Only after an end tag do the
    /// next bytes begin where the reader stands.
    fn take_plain(
        &mut self,
        xml: &mut Xml<impl BufRead>,
        each: &mut EachRow<'_>,
    ) -> Result<bool, ParseError> {
        while self.between_cells {
            let Some((plain, count)) = plain::read(xml.ahead()?, &mut self.value.text) else {
                self.value = Value::default();
                break;
            };
            match plain {
                Plain::Cell { place, kind } => {
                    self.begin_cell(place)?;
                    self.kind = Kind::of(kind);
                    self.end_cell()?;
                }
                Plain::Row { number } => {
                    if !each(self.row, &self.cells)? {
                        return Ok(false);
                    }
                    self.begin_row(number)?;
                }
            }
            xml.pass(count);
        }
        Ok(true)
    }

    fn begin_row(&mut self, number: Option<&str>) -> Result<(), ParseError> {
        let number = match number {
            Some(text) => text.parse().map_err(|_| bad("a row without a number"))?,
            None => self.row.saturating_add(1),
        };
        if number <= self.row {
            return Err(bad(format!("row {number} comes after row {}", self.row)));
        }
        self.row = number;
        self.next_column = 0;
        self.cells.clear();
        Ok(())
    }

    fn begin_cell(&mut self, place: Option<&str>) -> Result<(), ParseError> {
        let column = match place {
            Some(place) => column(place, self.row)
                .ok_or_else(|| bad(format!("a cell in row {} that is not of it", self.row)))?,
            None => self.next_column,
        };
        if column < self.next_column || column >= MAX_COLUMNS {
            return Err(bad(format!("the cells of row {} are out of order", self.row)));
        }
        self.next_column = column + 1;
        Ok(())
    }

    fn end_cell(&mut self) -> Result<(), ParseError> {
        let text = std::mem::take(&mut self.value).text;
        let cell = match self.kind {
            _ if text.trim().is_empty() => return Ok(()),
            Kind::Shared => {
                let string = text.trim().parse().ok().and_then(|index: usize| self.strings.get(index));
                let string =
                    string.ok_or_else(|| bad(format!("row {} names a text that is not there", self.row)))?;
                Cell::of(string)
            }
            Kind::Number => match text.trim().parse::<f64>() {
                Ok(days) if self.from_1904 && days.is_finite() => Cell::Serial(days + TO_1900),
                Ok(number) if number.is_finite() => Cell::Number(number),
                _ => Cell::Text(text.into()),
            },
            Kind::Bool => Cell::of(if text.trim() == "0" { "FALSE" } else { "TRUE" }),
            Kind::Text => Cell::Text(text.into()),
        };
        self.cells.push((self.next_column - 1, cell));
        Ok(())
    }
}

/// The text inside a cell or shared string: of `v`, and of `t` outside of phonetic hints.
#[derive(Default)]
struct Value {
    text: String,
    in_text: bool,
    in_phonetic: bool,
}

impl Value {
    fn taking(&self) -> bool {
        self.in_text && !self.in_phonetic
    }

    fn open(&mut self, name: &str) {
        match name {
            "v" | "t" => self.in_text = true,
            "rPh" => self.in_phonetic = true,
            _ => {}
        }
    }

    fn close(&mut self, name: &str) {
        match name {
            "v" | "t" => self.in_text = false,
            "rPh" => self.in_phonetic = false,
            _ => {}
        }
    }

    fn push(&mut self, text: &str) {
        if self.taking() {
            self.text.push_str(text);
        }
    }
}

fn read_strings(part: impl BufRead) -> Result<Strings, ParseError> {
    let mut xml = Xml::new(part);
    let mut strings = Strings::default();
    let mut value = Value::default();
    loop {
        match xml.next()? {
            Event::Start(start) => value.open(start.local_name().as_ref()),
            Event::End(end) => match end.local_name().as_ref() {
                "si" => {
                    strings.push(&value.text);
                    value.text.clear();
                }
                name => value.close(name),
            },
            Event::Text(text) => value.push(&text.xml10_content()),
            Event::CData(text) => value.push(&text.xml10_content()),
            Event::GeneralRef(reference) if value.taking() => entity(&reference, &mut value.text)?,
            Event::Eof => return Ok(strings),
            _ => {}
        }
    }
}

/// The column from 0 of a place such as `C12`, which must lie in row 12.
fn column(place: &str, row: u32) -> Option<u32> {
    let letters = place.bytes().take_while(u8::is_ascii_alphabetic).count();
    let (letters, digits) = place.split_at(letters);
    if letters.is_empty() || letters.len() > 3 || digits.parse() != Ok(row) {
        return None;
    }
    let number = letters.bytes().fold(0, |sum, b| sum * 26 + u32::from(b.to_ascii_uppercase() - b'A') + 1);
    Some(number - 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every row of a sheet with its cells as text, or why there are none.
    fn rows(data: &str) -> Result<Vec<String>, String> {
        let part = format!("<worksheet><sheetData>{data}</sheetData></worksheet>");
        let mut strings = Strings::default();
        for text in ["하나", "둘"] {
            strings.push(text);
        }
        let mut rows = Vec::new();
        let mut each = |number: u32, cells: &super::super::Cells<'_>| {
            rows.push(format!("{number}: {cells:?}"));
            Ok(number < 9)
        };
        read_sheet(part.as_bytes(), &strings, false, &mut each).map_err(|error| error.to_string())?;
        Ok(rows)
    }

    #[test]
    fn what_is_plain_reads_as_it_would_by_the_reader() {
        let first = r#"<row r="1"><c r="A1"><v>7</v></c>"#;
        for rest in [
            r#"<c r="B1" t="s"><v>1</v></c><c r="D1" t="b"><v>1</v></c><c r="E1"/></row><row r="3"><c r="A3"/></row>"#,
            r#"<c r="B1" t="inlineStr"><is><t> &#44397;&amp; </t></is></c></row><row><c t="str"><v>x</v></c></row>"#,
            r#"</row><row r="2" spans="1:2"><c r="A2" t="e"><v>#REF!</v></c><c t="n"><v>1e400</v></c></row>"#,
            r#"</row><row r="9"><c r="A9"><v>1</v></c></row><row r="10"><c r="A10"><v>1</v></c></row>"#,
            r#"</row><row r="9"><c r="A9"><v>1</v></c></row><row r="10"><c r="A2"><v>1</v></c></row>"#,
            // What is wrong is wrong in the same words.
            r#"</row><row r="1"><c r="A1"><v>1</v></c></row>"#,
            r#"</row><row r="x"><c r="A1"><v>1</v></c></row>"#,
            r#"<c r="A1"><v>1</v></c></row>"#,
            r#"<c r="B2"><v>1</v></c></row>"#,
            r#"<c r="B1" t="s"><v>2</v></c></row>"#,
            r#"<x><c r="B1"><v>1</v></c></row><row r="2"></row>"#,
            r#"<c r="B1"><v>1</v></c></x>"#,
        ] {
            let plain = format!("{first}{rest}");
            // A comment between two cells makes both, and the row's end, something for the reader.
            let commented = plain.replace("</c>", "</c><!-- -->").replace("/>", "/><!-- -->");
            assert_eq!(rows(&plain), rows(&commented), "{rest}");
        }
        let prefixed = r#"<x:row r="1"><c r="A1"><v>7</v></c></row><row r="2"></x:row>"#;
        assert!(rows(prefixed).is_err());
    }

    #[test]
    fn a_place_names_its_column_and_must_be_of_its_row() {
        assert_eq!(column("A1", 1), Some(0));
        assert_eq!(column("XFD1048576", 1_048_576), Some(16_383));
        assert_eq!(column("aa7", 7), Some(26));
        for bad in ["", "A", "7", "A8", "AAAA7", "A-7", "$A$7", "가7", "A7 "] {
            assert_eq!(column(bad, 7), None, "{bad}");
        }
    }
}
