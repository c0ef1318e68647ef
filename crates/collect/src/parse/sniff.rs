//! Which parser knows the content.

use super::open::{Body, HEAD};
use super::{PARSERS, Parser, ParserInfo};
use crate::ParseError;
use crate::error::SheetHeaders;
use crate::text::short;
use crate::workbook::Sheet;

/// What a parser may look at to know its own: the beginning of a text, or the first rows of every sheet.
pub(super) enum Sample<'a> {
    Text {
        /// Whole lines from the beginning.
        head: &'a [u8],
        /// Whether that is all of it.
        whole: bool,
    },
    Workbook(&'a [Sheet]),
}

impl Sample<'_> {
    /// The head of a text, and whether it is all.
    pub(super) fn text(&self) -> Option<(&[u8], bool)> {
        match self {
            Self::Text { head, whole } => Some((head, *whole)),
            Self::Workbook(_) => None,
        }
    }

    /// The sheets of a workbook.
    pub(super) fn sheets(&self) -> Option<&[Sheet]> {
        match self {
            Self::Text { .. } => None,
            Self::Workbook(sheets) => Some(sheets),
        }
    }
}

/// Every parser that claims the content.
pub(super) fn claims(body: &Body<'_>) -> Vec<Parser> {
    let sample = of(body);
    PARSERS.iter().filter(|info| (info.sniff)(&sample)).map(|info| info.parser).collect()
}

fn of<'a>(body: &'a Body<'_>) -> Sample<'a> {
    match body {
        Body::Text(text) => sample(text.head(), text.whole),
        Body::Workbook(book) => Sample::Workbook(book.sheets()),
    }
}

/// The parser that knows the content.
pub(super) fn find(body: &Body<'_>) -> Result<&'static ParserInfo, ParseError> {
    let sample = of(body);
    if let Some(info) = PARSERS.iter().find(|info| (info.sniff)(&sample)) {
        return Ok(info);
    }
    Err(match sample {
        Sample::Text { head, .. } => {
            let head = &head[..head.len().min(200)];
            ParseError::Unrecognised { begins: short(&String::from_utf8_lossy(head)) }
        }
        Sample::Workbook([]) => ParseError::NoSheet,
        Sample::Workbook(sheets) => ParseError::Header {
            problem: "no sheet has the header of a known portal".into(),
            found: sheets.iter().map(SheetHeaders::from).collect(),
        },
    })
}

/// A head that was cut ends with its last whole line, if there is one.
pub(super) fn sample(head: &[u8], whole: bool) -> Sample<'_> {
    debug_assert!(head.len() <= HEAD, "the head is read with that limit");
    let end = if whole { head.len() } else { memchr::memrchr(b'\n', head).map_or(head.len(), |at| at + 1) };
    Sample::Text { head: &head[..end], whole }
}

/// The lines of a sample that hold something beside a comment. Tabs at an end stay: they may be empty columns.
pub(super) fn lines(head: &[u8]) -> impl Iterator<Item = &[u8]> {
    head.split(|&b| b == b'\n' || b == b'\r')
        .filter(|line| line.trim_ascii_start().first().is_some_and(|first| !matches!(first, b'#' | b';')))
}
