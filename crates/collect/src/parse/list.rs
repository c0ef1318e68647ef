//! `list`: one address, prefix or range a line.
//!
//! Blank lines and comments (`#`, `;`) count as nothing. After an entry, a comment may follow a space, tab, `#` or `;`.

use std::io::{BufRead, BufReader};

use prefix::Refusal;

use super::open::{self, Text};
use super::rows::Rows;
use super::sniff::{self, Sample};
use super::table;
use crate::ParseError;

/// The longest line that is looked at; [`Refusal::LongLine`] names it.
pub(super) const MAX_LINE: usize = 64 << 10;

/// How many lines tell what a text is.
const LOOKED_AT: usize = 100;

/// A list is what is mostly entries, one a line, and is not plainly a table.
pub(super) fn sniff(sample: &Sample<'_>) -> bool {
    let Some((head, whole)) = sample.text() else { return false };
    if table::sniff(sample) {
        return false;
    }
    let (mut lines, mut entries) = (0, 0);
    for line in sniff::lines(head).take(LOOKED_AT) {
        lines += 1;
        entries += usize::from(prefix::parse(entry(line)).is_ok());
    }
    entries * 2 >= lines && (entries > 0 || whole)
}

pub(super) fn read(text: &mut Text<'_>, rows: &mut Rows<'_>) -> Result<(), ParseError> {
    lines(text, |number, line| match line {
        Line::Text(line) => {
            let line = line.trim_ascii();
            if line.is_empty() || matches!(line[0], b'#' | b';') {
                return Ok(());
            }
            rows.take_bare(number, entry(line), line)
        }
        Line::Long(start) => rows.refuse(number, Refusal::LongLine, start),
    })
}

/// The entry of a line, without the comment after it.
fn entry(line: &[u8]) -> &[u8] {
    let end = line.iter().position(|b| matches!(b, b' ' | b'\t' | b'#' | b';')).unwrap_or(line.len());
    &line[..end]
}

/// A line without its end.
pub(super) enum Line<'a> {
    Text(&'a [u8]),
    /// Longer than [`MAX_LINE`]: its beginning.
    Long(&'a [u8]),
}

/// Hands on every line with its number, from 1. `\n`, `\r\n` and a lone `\r` end a line. Memory stays within one line.
pub(super) fn lines(
    text: &mut Text<'_>,
    mut each: impl FnMut(u64, Line<'_>) -> Result<(), ParseError>,
) -> Result<(), ParseError> {
    let mut reader = BufReader::with_capacity(MAX_LINE, text);
    let mut line = Vec::new();
    let (mut number, mut long, mut after_cr) = (1, false, false);
    loop {
        let buffer = reader.fill_buf().map_err(open::error)?;
        if buffer.is_empty() {
            break;
        }
        if std::mem::take(&mut after_cr) && buffer[0] == b'\n' {
            reader.consume(1);
            continue;
        }
        let end = memchr::memchr2(b'\n', b'\r', buffer);
        let piece = &buffer[..end.unwrap_or(buffer.len())];
        let room = MAX_LINE - line.len();
        long |= piece.len() > room;
        line.extend_from_slice(&piece[..piece.len().min(room)]);
        let used = match end {
            Some(end) => {
                after_cr = buffer[end] == b'\r';
                end + 1
            }
            None => piece.len(),
        };
        reader.consume(used);
        if end.is_some() {
            each(number, if long { Line::Long(&line) } else { Line::Text(&line) })?;
            number += 1;
            long = false;
            line.clear();
        }
    }
    if line.is_empty() {
        Ok(())
    } else {
        each(number, if long { Line::Long(&line) } else { Line::Text(&line) })
    }
}
