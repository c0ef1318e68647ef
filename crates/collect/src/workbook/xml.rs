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

    /// What of the part is in memory and not read yet. To be asked only after an end tag.
    pub(super) fn ahead(&mut self) -> Result<&[u8], ParseError> {
        self.reader.get_mut().fill_buf().map_err(quick_xml::Error::from).map_err(bad)
    }

    /// Passes by some of what is [`Self::ahead`]: whole elements, or the end of one and the beginning of another of the
    /// same name, which leaves open what was open.
    pub(super) fn pass(&mut self, count: usize) {
        self.reader.stream().consume(count);
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
    out.push(named(entity).ok_or_else(|| bad(format!("unknown entity '{}'", crate::text::short(entity))))?);
    Ok(())
}

/// The character of a named entity; XML knows no others.
pub(super) fn named(name: &str) -> Option<char> {
    match name {
        "lt" => Some('<'),
        "gt" => Some('>'),
        "amp" => Some('&'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        _ => None,
    }
}
