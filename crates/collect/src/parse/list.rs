//! `list`: one address, prefix or range a line, read by [`prefix::list`].

use prefix::list::{ListError, ListReader};

use super::open::Text;
use super::rows::Rows;
use super::sniff::Sample;
use super::table;
use crate::ParseError;
use crate::error::Encoding;

/// How many lines tell what a text is.
const LOOKED_AT: usize = 100;

/// A list is what is mostly entries, one a line, and is not plainly a table.
pub(super) fn sniff(sample: &Sample<'_>) -> bool {
    let Some((head, whole)) = sample.text() else { return false };
    if table::sniff(sample) {
        return false;
    }
    let (mut lines, mut entries) = (0, 0);
    let mut reader = ListReader::new(head);
    while lines < LOOKED_AT
        && let Ok(Some(row)) = reader.next_row()
    {
        lines += 1;
        entries += usize::from(row.parsed.is_ok());
    }
    entries * 2 >= lines && (entries > 0 || whole)
}

pub(super) fn read(text: &mut Text<'_>, rows: &mut Rows<'_>) -> Result<(), ParseError> {
    let mut reader = ListReader::new(text);
    while let Some(row) = reader.next_row().map_err(error)? {
        rows.take_entry(row.line, row.parsed, row.text)?;
    }
    Ok(())
}

fn error(problem: ListError) -> ParseError {
    match problem {
        ListError::Io(problem) => problem.into(),
        ListError::Html => ParseError::Html { login: false },
        ListError::Utf16 => ParseError::Encoding { found: Encoding::Utf16, line: 1 },
        ListError::Binary => ParseError::Format { found: "a binary file" },
    }
}
