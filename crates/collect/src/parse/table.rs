//! `csv`: a table of text.
//!
//! Read line by line, so that memory stays within one row and every refusal knows its line. A quote may carry a field
//! over a few line ends; one that stays open longer was never closed, and would have swallowed rows: that refuses the
//! whole input.

mod plan;
mod split;

use std::borrow::Cow;

use blocklist::Cause;
use prefix::Refusal;

use super::lines::{Line, lines};
use super::open::{self, Text};
use super::record::{Cell, Row};
use super::rows::Rows;
use super::sniff::{self, Sample};
use crate::ParseError;
use plan::Plan;

/// The most lines of one row.
const MAX_LINES: u64 = 64;

/// A table says so by its header, or by addresses in a column. What a list would read as entries with comments (the
/// address first, then `;` or tab, and no header) is left to the list.
pub(super) fn sniff(sample: &Sample<'_>) -> bool {
    let Some((head, _)) = sample.text() else { return false };
    if sniff::lines(head).next().is_none_or(|line| matches!(line.trim_ascii_start(), [b'{' | b'[', ..])) {
        return false;
    }
    Plan::is_table(head)
}

pub(super) fn read(text: &mut Text<'_>, rows: &mut Rows<'_>) -> Result<(), ParseError> {
    let Sample::Text { head, .. } = sniff::sample(text.head(), text.whole) else { return Ok(()) };
    let plan = Plan::new(head, rows)?;
    let mut table = Table { plan, rows, open: Vec::new(), begun: 0, seen: false };
    lines(text, |number, line| table.line(number, line))?;
    table.end()
}

struct Table<'r, 'o> {
    plan: Plan,
    rows: &'r mut Rows<'o>,
    /// The lines of a row whose quote is still open.
    open: Vec<u8>,
    /// The line on which that row begins.
    begun: u64,
    /// The first row has gone by.
    seen: bool,
}

impl Table<'_, '_> {
    fn line(&mut self, number: u64, line: Line<'_>) -> Result<(), ParseError> {
        let line = match line {
            Line::Text(line) => line,
            Line::Long(start) => return self.rows.refuse(number, Refusal::LongLine, start),
        };
        if self.open.is_empty() {
            if line.trim_ascii().is_empty() || line.starts_with(b"#") {
                return Ok(());
            }
            self.begun = number;
            if self.row(line)? {
                return Ok(());
            }
            self.open.extend_from_slice(line);
            return Ok(());
        }
        if number - self.begun >= MAX_LINES {
            return Err(ParseError::OpenQuote { line: self.begun });
        }
        self.open.push(b'\n');
        self.open.extend_from_slice(line);
        let open = std::mem::take(&mut self.open);
        if !self.row(&open)? {
            self.open = open;
        }
        Ok(())
    }

    fn end(&self) -> Result<(), ParseError> {
        if self.open.is_empty() { Ok(()) } else { Err(ParseError::OpenQuote { line: self.begun }) }
    }

    /// Takes a row; `false` when its last quote is still open.
    fn row(&mut self, line: &[u8]) -> Result<bool, ParseError> {
        let Ok(line) = std::str::from_utf8(line) else {
            return Err(ParseError::Encoding { found: open::encoding_of(line), line: self.begun });
        };
        let Some(mut fields) = split::split(line, self.plan.delimiter) else { return Ok(false) };
        if !std::mem::replace(&mut self.seen, true) && self.plan.has_header {
            return Ok(true);
        }
        if fields.iter().all(|field| field.trim().is_empty()) {
            return Ok(true);
        }
        if fields.len() != self.plan.width {
            self.rows.refuse(self.begun, Cause::Shape, line.as_bytes())?;
            return Ok(true);
        }
        let mut row = Row::default();
        for (field, column, header) in &self.plan.columns {
            if let Some(text) = fields.get_mut(*column) {
                row.set(*field, header, Cell::Text(std::mem::replace(text, Cow::Borrowed(""))));
            }
        }
        self.rows.take(self.begun, &row, || line.to_owned())?;
        Ok(true)
    }
}
