//! One line of a list: entry and comment.

use crate::parse::{self, Parsed};
use crate::{Refusal, parse as parse_entry};

/// What the line means; `None` for a blank one or a comment.
pub(super) fn read(line: &[u8]) -> Option<Result<Parsed, Refusal>> {
    let text = line.trim_ascii();
    if matches!(text, [] | [b'#' | b';', ..] | [b'/', b'/', ..]) {
        return None;
    }
    let (entry, rest) = token(text);
    if let Some(last) = behind_dash(rest)
        && parse::is_address(entry)
    {
        // Short texts both: at most 45 characters, or what looks like an address.
        return Some(parse_entry(&[entry, b"-", last].concat()));
    }
    Some(parse_entry(entry))
}

/// The text up to where a comment may begin, and what follows.
fn token(text: &[u8]) -> (&[u8], &[u8]) {
    let end = text.iter().position(|byte| matches!(byte, b' ' | b'\t' | b'#' | b';')).unwrap_or(text.len());
    text.split_at(end)
}

/// The address of ` - ADDRESS`: a dash before anything else is a comment. What was meant as an address and is none
/// (`1.2.3.4 - 1.2.3.300`) counts too, so that the row is refused: to take its first address alone would be a guess.
fn behind_dash(rest: &[u8]) -> Option<&[u8]> {
    let rest = rest.trim_ascii_start().strip_prefix(b"-")?;
    let (last, _) = token(rest.trim_ascii_start());
    let four_numbers = last.len() <= 20
        && last.split(|&byte| byte == b'.').count() == 4
        && last
            .split(|&byte| byte == b'.')
            .all(|part| !part.is_empty() && part.iter().all(u8::is_ascii_digit));
    (four_numbers || parse::is_address(last)).then_some(last)
}
