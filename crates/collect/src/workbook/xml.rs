//! XML as workbooks use it: elements by local name, text with its entities.

use std::borrow::Cow;
use std::io::BufRead;

use quick_xml::events::{BytesRef, BytesStart, Event};
use quick_xml::{Reader, XmlVersion};

use super::zipped::WHAT;
use crate::ParseError;

/// A part of the workbook, read event by event. Empty elements come as a start and an end.
pub(super) struct Xml<R> {
    reader: Reader<R>,
    buffer: Vec<u8>,
}

impl<R: BufRead> Xml<R> {
    pub(super) fn new(part: R) -> Self {
        let mut reader = Reader::from_reader(part);
        reader.config_mut().expand_empty_elements = true;
        Self { reader, buffer: Vec::new() }
    }

    /// The next event. The end of the part is [`Event::Eof`]; an element that is still open there is an error.
    pub(super) fn next(&mut self) -> Result<Event<'_>, ParseError> {
        self.buffer.clear();
        self.reader.read_event_into(&mut self.buffer).map_err(bad)
    }
}

/// A problem of the XML.
pub(super) fn bad(problem: impl std::fmt::Display) -> ParseError {
    ParseError::damaged(WHAT, problem)
}

/// An attribute by its local name, unescaped.
pub(super) fn attribute<'a>(
    element: &'a BytesStart<'_>,
    name: &str,
) -> Result<Option<Cow<'a, str>>, ParseError> {
    for attribute in element.attributes().with_checks(false) {
        let attribute = attribute.map_err(bad)?;
        if attribute.key.local_name().as_ref() == name {
            return attribute.normalized_value(XmlVersion::Implicit1_0).map(Some).map_err(bad);
        }
    }
    Ok(None)
}

/// Appends what an entity stands for. A numeric one that names no character (half a surrogate pair, which some
/// writers emit) becomes U+FFFD; a named one that XML does not know is an error.
pub(super) fn entity(entity: &BytesRef<'_>, out: &mut String) -> Result<(), ParseError> {
    if entity.is_char_ref() {
        out.push(entity.resolve_char_ref().ok().flatten().unwrap_or(char::REPLACEMENT_CHARACTER));
        return Ok(());
    }
    let name: &str = entity;
    out.push(match name {
        "lt" => '<',
        "gt" => '>',
        "amp" => '&',
        "quot" => '"',
        "apos" => '\'',
        other => return Err(bad(format!("unknown entity '{}'", crate::text::short(other)))),
    });
    Ok(())
}
