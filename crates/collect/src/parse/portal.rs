//! What the parsers of portal workbooks share: finding the one table that is meant.

use super::Note;
use super::record::Row;
use super::rows::Rows;
use super::sniff::Sample;
use crate::ParseError;
use crate::error::SheetHeaders;
use crate::options::Field;
use crate::text;
use crate::workbook::{Cells, Sheet, Workbook};

/// The table a portal sends.
pub(super) struct Layout {
    /// The sheet's name, where the portal keeps to one. It decides only between two sheets with the same header.
    pub(super) sheet: Option<&'static str>,
    /// The headers that must all be there once, and what they mean.
    pub(super) columns: &'static [(&'static str, Field)],
}

/// Where the table is.
struct Place {
    sheet: usize,
    /// The header's row, from 1.
    row: u32,
    columns: Vec<(Field, u32)>,
}

pub(super) fn knows(layout: &Layout, sample: &Sample<'_>) -> bool {
    sample.sheets().is_some_and(|sheets| sheets.iter().any(|sheet| find_in(layout, sheet).is_ok()))
}

pub(super) fn read(layout: &Layout, book: &mut Workbook, rows: &mut Rows<'_>) -> Result<(), ParseError> {
    let place = find(layout, book.sheets())?;
    let names = book.sheets().iter().enumerate().filter(|(at, _)| *at != place.sheet);
    let others: Vec<String> = names.map(|(_, sheet)| text::short(&sheet.name)).collect();
    if !others.is_empty() {
        rows.note(Note::OtherSheets(others));
    }
    book.read(place.sheet, &mut |number, cells| {
        if number <= place.row || cells.iter().all(|(_, cell)| cell.is_blank()) {
            return Ok(());
        }
        let mut row = Row::default();
        for (field, column) in &place.columns {
            if let Some((_, cell)) = cells.iter().find(|(at, _)| at == column) {
                *row.slot(*field) = cell.borrowed();
            }
        }
        rows.take(number.into(), &row, || joined(cells))
    })
}

/// A row as a person would look for it in the sheet.
fn joined(cells: &Cells<'_>) -> String {
    cells.iter().map(|(_, cell)| cell.to_text()).collect::<Vec<_>>().join(" | ")
}

fn find(layout: &Layout, sheets: &[Sheet]) -> Result<Place, ParseError> {
    if sheets.is_empty() {
        return Err(ParseError::NoSheet);
    }
    let refusal =
        |problem| ParseError::Header { problem, found: sheets.iter().map(SheetHeaders::from).collect() };
    let named =
        |sheet: &Sheet| layout.sheet.is_some_and(|name| text::header(name) == text::header(&sheet.name));
    let mut places: Vec<Place> = Vec::new();
    let mut nearest: Option<Problem> = None;
    for (at, sheet) in sheets.iter().enumerate() {
        match find_in(layout, sheet) {
            Ok((row, columns)) => places.push(Place { sheet: at, row, columns }),
            Err(problem) => {
                let better = nearest.as_ref().is_none_or(|known| problem.known > known.known || named(sheet));
                if better {
                    nearest = Some(problem);
                }
            }
        }
    }
    if places.len() > 1 {
        let name = layout.sheet.unwrap_or_default();
        places.retain(|place| named(&sheets[place.sheet]));
        if places.len() != 1 {
            return Err(refusal(format!(
                "several sheets have the header, and not just one is named '{name}'"
            )));
        }
    }
    match (places.pop(), nearest) {
        (Some(place), _) => Ok(place),
        (None, Some(problem)) => Err(refusal(problem.words())),
        (None, None) => Err(ParseError::NoSheet),
    }
}

/// Why a sheet has no such table: judged by its row that holds the most of the headers.
struct Problem {
    known: usize,
    missing: Vec<&'static str>,
    doubled: Vec<&'static str>,
}

impl Problem {
    fn words(&self) -> String {
        match (self.missing.as_slice(), self.doubled.as_slice()) {
            ([], doubled) => format!("the header is there twice: {}", doubled.join(", ")),
            (missing, []) => format!("no sheet has the whole header, missing: {}", missing.join(", ")),
            (missing, doubled) => {
                format!(
                    "the header is wrong, missing: {}; there twice: {}",
                    missing.join(", "),
                    doubled.join(", ")
                )
            }
        }
    }
}

/// The header's row, and the column of each field.
type Found = (u32, Vec<(Field, u32)>);

fn find_in(layout: &Layout, sheet: &Sheet) -> Result<Found, Problem> {
    let none = Problem {
        known: 0,
        missing: layout.columns.iter().map(|(header, _)| *header).collect(),
        doubled: Vec::new(),
    };
    let mut nearest = none;
    for (number, cells) in &sheet.top {
        let names: Vec<(u32, String)> =
            cells.iter().map(|(at, cell)| (*at, text::header(&cell.to_text()))).collect();
        let mut columns = Vec::new();
        let (mut missing, mut doubled) = (Vec::new(), Vec::new());
        for &(header, field) in layout.columns {
            let wanted = text::header(header);
            let mut hits = names.iter().filter(|(_, name)| *name == wanted);
            match (hits.next(), hits.next()) {
                (Some((at, _)), None) => columns.push((field, *at)),
                (None, _) => missing.push(header),
                (Some(_), Some(_)) => doubled.push(header),
            }
        }
        if missing.is_empty() && doubled.is_empty() {
            return Ok((*number, columns));
        }
        let known = layout.columns.len() - missing.len();
        if known > nearest.known {
            nearest = Problem { known, missing, doubled };
        }
    }
    Err(nearest)
}
