//! What the first bytes and lines of a file say about it as a whole.

use super::ListError;

/// How much of the head has been judged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Head {
    /// Nothing read yet.
    Start,
    /// The bytes are text; no line with anything on it has come.
    Blank,
    /// The first line was an XML declaration: XHTML says so on this line or the next.
    Xml,
    /// It is a list.
    Passed,
}

/// Bytes looked at for control characters.
const LOOK: usize = 512;

impl Head {
    /// Judges the first bytes; gives how many of them are a byte order mark.
    pub(super) fn bytes(&mut self, bytes: &[u8]) -> Result<usize, ListError> {
        *self = Self::Blank;
        let utf16 = match bytes {
            [0xff, 0xfe, ..] | [0xfe, 0xff, ..] => true,
            // Without its mark: the upper halves of ASCII.
            [a, 0, b, 0, ..] | [0, a, 0, b, ..] => *a != 0 && *b != 0,
            _ => false,
        };
        if utf16 {
            return Err(ListError::Utf16);
        }
        let head = &bytes[..bytes.len().min(LOOK)];
        // Archives and compressed files have such bytes at once even where they have no NUL.
        if head.iter().any(|byte| matches!(byte, 0..=8 | 0x0e..=0x1a | 0x1c..=0x1f)) {
            return Err(ListError::Binary);
        }
        Ok(if bytes.starts_with("\u{feff}".as_bytes()) { "\u{feff}".len() } else { 0 })
    }

    /// Judges a line; blank ones leave the question open.
    pub(super) fn line(&mut self, line: &[u8]) -> Result<(), ListError> {
        let text = line.trim_ascii();
        if *self == Self::Passed || text.is_empty() {
            return Ok(());
        }
        let html = begins(text, b"<!doctype html") || begins(text, b"<html");
        if html
            || begins(text, b"<?xml") && text.windows(5).any(|w| begins(w, b"<html") || begins(w, b" html"))
        {
            return Err(ListError::Html);
        }
        *self = if *self == Self::Blank && begins(text, b"<?xml") { Self::Xml } else { Self::Passed };
        Ok(())
    }
}

fn begins(text: &[u8], with: &[u8]) -> bool {
    text.get(..with.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(with))
}
