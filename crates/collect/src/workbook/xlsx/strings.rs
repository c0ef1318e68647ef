//! The shared strings of a workbook, in one piece of memory: a text costs its bytes and one number, whatever count the
//! file states.

use std::io::BufRead;

use quick_xml::events::Event;

use super::super::xml::{Xml, entity};
use super::Value;
use crate::ParseError;

#[derive(Debug, Default)]
pub(super) struct Strings {
    text: String,
    /// Where each string ends.
    ends: Vec<usize>,
}

impl Strings {
    pub(super) fn read(part: impl BufRead) -> Result<Self, ParseError> {
        let mut xml = Xml::new(part);
        let mut strings = Self::default();
        let mut value = Value::default();
        loop {
            match xml.next()? {
                Event::Start(start) => value.open(start.local_name().as_ref()),
                Event::End(end) => match end.local_name().as_ref() {
                    "si" => {
                        strings.text.push_str(&value.text);
                        strings.ends.push(strings.text.len());
                        value.text.clear();
                    }
                    name => value.close(name),
                },
                Event::Text(text) => value.push(&text.xml10_content()),
                Event::CData(text) => value.push(&text.xml10_content()),
                Event::GeneralRef(reference) if value.taking() => entity(&reference, &mut value.text)?,
                Event::Eof => return Ok(strings),
                _ => {}
            }
        }
    }

    pub(super) fn get(&self, index: usize) -> Option<&str> {
        let end = *self.ends.get(index)?;
        let start = index.checked_sub(1).map_or(0, |before| self.ends[before]);
        self.text.get(start..end)
    }
}
