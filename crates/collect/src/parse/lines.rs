//! Text line by line, for the parsers whose lines are not one entry each.

use std::io::{BufRead, BufReader};

use super::open::Text;
use crate::ParseError;

/// The longest line, row of a table or JSON element that is looked at.
pub(super) const MAX_LINE: usize = prefix::list::MAX_LINE;

/// A line without its end.
#[derive(Clone, Copy)]
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
        let buffer = reader.fill_buf()?;
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
