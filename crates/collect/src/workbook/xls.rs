//! The cells of a legacy xls workbook: BIFF8 records ([MS-XLS]) in a compound file ([MS-CFB]).
//!
//! Only what a table of text needs is read. Every offset and count of the file is checked against what is there.

mod biff;
mod cfb;
mod text;

use super::EachRow;
use super::strings::Strings;
use crate::ParseError;
use crate::parse::Cell;
use biff::{Globals, Raw};

const WHAT: &str = "xls workbook";

fn bad(problem: impl std::fmt::Display) -> ParseError {
    ParseError::damaged(WHAT, problem)
}

/// A legacy workbook.
pub(super) struct Book {
    stream: Vec<u8>,
    globals: Globals,
}

/// Days between counting from 1904 and from 1900.
const TO_1900: f64 = 1462.0;

impl Book {
    pub(super) fn open(bytes: &[u8]) -> Result<Self, ParseError> {
        let file = cfb::File::open(bytes)?;
        if file.has("EncryptedPackage") {
            return Err(ParseError::Encrypted { what: "workbook" });
        }
        let stream = match file.stream("Workbook")? {
            Some(stream) => stream,
            None if file.has("Book") => {
                return Err(ParseError::Format { found: "a workbook of Excel 95 or older" });
            }
            None => return Err(ParseError::Format { found: "an Office document that is no workbook" }),
        };
        let globals = Globals::read(&stream)?;
        Ok(Self { stream, globals })
    }

    pub(super) fn names(&self) -> Vec<String> {
        self.globals.sheets.iter().map(|(name, _)| name.clone()).collect()
    }

    pub(super) fn read(&mut self, sheet: usize, each: &mut EachRow<'_>) -> Result<(), ParseError> {
        let (_, offset) = self.globals.sheets.get(sheet).ok_or(ParseError::NoSheet)?;
        let found = biff::cells(&self.stream, *offset)?;
        let mut cells = Vec::new();
        let mut row = None;
        for (place, raw) in &found.cells {
            let (here, column) = (place >> 16, place & 0xffff);
            if row.is_some_and(|row| row != here) && !each(row.unwrap_or_default() + 1, &cells)? {
                return Ok(());
            }
            if row != Some(here) {
                row = Some(here);
                cells.clear();
            }
            cells.push((column, self.cell(*raw, &found.texts)?));
        }
        if let Some(row) = row {
            each(row + 1, &cells)?;
        }
        Ok(())
    }

    fn cell<'a>(&'a self, raw: Raw, texts: &'a Strings) -> Result<Cell<'a>, ParseError> {
        Ok(match raw {
            Raw::Shared(index) => {
                let text = self.globals.strings.get(index as usize);
                Cell::of(text.ok_or_else(|| bad("a cell names a text that is not there"))?)
            }
            Raw::Text(index) => Cell::of(texts.get(index as usize).unwrap_or_default()),
            Raw::Number(days) if self.globals.from_1904 && days.is_finite() => Cell::Serial(days + TO_1900),
            Raw::Number(number) => Cell::Number(number),
            Raw::Bool(value) => Cell::of(if value { "TRUE" } else { "FALSE" }),
            Raw::Error => Cell::of("#ERROR"),
        })
    }
}
