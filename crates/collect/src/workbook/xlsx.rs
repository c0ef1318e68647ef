//! The cells of an xlsx workbook (ECMA-376).
//!
//! A sheet's stated `dimension` is not read: one of the portals states `A1` over twenty thousand rows. Rows and columns
//! that do not ascend are refused, because two cells of one place leave open which is meant.

mod parts;

use std::io::{BufRead, BufReader};

use quick_xml::events::Event;

use super::strings::Strings;
use super::xml::{Xml, attribute, bad, entity};
use super::{EachRow, MAX_COLUMNS, zipped};
use crate::ParseError;
use crate::options::Limits;
use crate::parse::Cell;

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
        let mut xml = Xml::new(BufReader::with_capacity(64 << 10, part));
        let mut scan = Scan::new(&self.strings, self.from_1904);
        loop {
            match xml.next()? {
                Event::Eof => return Err(bad("a sheet without its data")),
                event => {
                    if !scan.take(&event, each)? {
                        return Ok(());
                    }
                }
            }
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

/// Where in a sheet the reading is.
struct Scan<'s> {
    strings: &'s Strings,
    from_1904: bool,
    in_data: bool,
    /// Number of the row, from 1; 0 before the first.
    row: u32,
    cells: Vec<(u32, Cell<'s>)>,
    /// The least column that the next cell may have.
    next_column: u32,
    kind: Kind,
    value: Value,
}

impl<'s> Scan<'s> {
    fn new(strings: &'s Strings, from_1904: bool) -> Self {
        let (kind, value) = (Kind::Number, Value::default());
        Self { strings, from_1904, in_data: false, row: 0, cells: Vec::new(), next_column: 0, kind, value }
    }

    /// Takes an event; `false` when no more is wanted.
    fn take(&mut self, event: &Event<'_>, each: &mut EachRow<'_>) -> Result<bool, ParseError> {
        match event {
            Event::Start(start) => match start.local_name().as_ref() {
                "sheetData" => self.in_data = true,
                "row" if self.in_data => self.begin_row(attribute(start, "r")?.as_deref())?,
                "c" if self.in_data => {
                    self.begin_cell(attribute(start, "r")?.as_deref())?;
                    self.kind = match attribute(start, "t")?.as_deref() {
                        Some("s") => Kind::Shared,
                        Some("b") => Kind::Bool,
                        None | Some("n") => Kind::Number,
                        Some(_) => Kind::Text,
                    };
                    self.value = Value::default();
                }
                name => self.value.open(name),
            },
            Event::End(end) => match end.local_name().as_ref() {
                "sheetData" => return Ok(false),
                "row" if self.in_data => return each(self.row, &self.cells),
                "c" if self.in_data => self.end_cell()?,
                name => self.value.close(name),
            },
            Event::Text(text) => self.value.push(&text.xml10_content()),
            Event::CData(text) => self.value.push(&text.xml10_content()),
            Event::GeneralRef(reference) if self.value.taking() => entity(reference, &mut self.value.text)?,
            _ => {}
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
