//! The cells of a workbook, read so that a hostile file costs a bounded amount of memory and never ends the program.
//!
//! The readers are our own and read only what a table of text needs. calamine 0.38 was tried first and given up: a
//! stated count of shared strings made it panic, and a few changed bytes of a 22 KB legacy workbook made it ask for
//! 18 GB. The program that serves the list must not end because a portal sent a strange file.
//!
//! What is read streams row by row; of a sheet only its first rows are kept. Nothing in the archive names a path that
//! is opened, and nothing is written to a disk.

mod strings;
mod xls;
mod xlsx;
mod xml;
mod zipped;

use crate::ParseError;
use crate::error::SheetHeaders;
use crate::options::Limits;
use crate::parse::Cell;
use crate::text::short;

/// The cells of a row that hold something, with their column from 0, in order.
pub(crate) type Cells<'a> = [(u32, Cell<'a>)];

/// How many rows at the top of a sheet may hold its header.
const TOP: usize = 10;
/// The most columns a sheet can have.
const MAX_COLUMNS: u32 = 16_384;

/// The most sheets that are read; each costs a look at its top.
const MAX_SHEETS: usize = 64;

/// What is called for each row of a sheet: its number from 1, and its cells. `false` ends the reading.
pub(crate) type EachRow<'f> = dyn FnMut(u32, &Cells<'_>) -> Result<bool, ParseError> + 'f;

/// A sheet: its name and its first rows.
#[derive(Debug)]
pub(crate) struct Sheet {
    /// The name on its tab.
    pub(crate) name: String,
    /// The first rows that hold something: number from 1, and cells.
    pub(crate) top: Vec<(u32, Vec<(u32, Cell<'static>)>)>,
}

impl From<&Sheet> for SheetHeaders {
    /// The first of the rows that have the most cells.
    fn from(sheet: &Sheet) -> Self {
        let row = sheet.top.iter().rev().max_by_key(|(_, cells)| cells.len());
        let headers = row.map(|(_, cells)| cells.iter().map(|(_, cell)| short(&cell.to_text())).collect());
        Self { sheet: short(&sheet.name), headers: headers.unwrap_or_default() }
    }
}

/// A workbook, opened.
pub(crate) struct Workbook {
    sheets: Vec<Sheet>,
    book: Book,
}

enum Book {
    Xlsx(Box<xlsx::Book>),
    Xls(xls::Book),
}

impl Book {
    fn read(&mut self, sheet: usize, each: &mut EachRow<'_>) -> Result<(), ParseError> {
        match self {
            Self::Xlsx(book) => book.read(sheet, each),
            Self::Xls(book) => book.read(sheet, each),
        }
    }
}

impl Workbook {
    /// Opens a workbook that is held in memory: checks the container wholly and reads the top of every sheet.
    pub(crate) fn open(bytes: Vec<u8>, limits: &Limits) -> Result<Self, ParseError> {
        let (mut book, names) = if bytes.starts_with(b"PK") {
            let book = xlsx::Book::open(bytes, limits)?;
            let names = book.names();
            (Book::Xlsx(Box::new(book)), names)
        } else {
            let book = xls::Book::open(&bytes)?;
            let names = book.names();
            (Book::Xls(book), names)
        };
        let mut sheets = Vec::new();
        for (at, name) in names.into_iter().enumerate() {
            let mut top = Vec::new();
            book.read(at, &mut |number, cells| {
                if cells.iter().any(|(_, cell)| !cell.is_blank()) {
                    top.push((number, cells.iter().map(|(at, cell)| (*at, cell.to_owned_cell())).collect()));
                }
                Ok(top.len() < TOP)
            })?;
            sheets.push(Sheet { name, top });
        }
        Ok(Self { sheets, book })
    }

    /// The sheets, in order.
    pub(crate) fn sheets(&self) -> &[Sheet] {
        &self.sheets
    }

    /// Hands on every row of a sheet.
    pub(crate) fn read(
        &mut self,
        sheet: usize,
        each: &mut dyn FnMut(u32, &Cells<'_>) -> Result<(), ParseError>,
    ) -> Result<(), ParseError> {
        self.book.read(sheet, &mut |number, cells| each(number, cells).map(|()| true))
    }
}
