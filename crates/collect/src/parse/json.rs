//! `json`: one document with an array of addresses, or of objects that hold one.
//!
//! The array is at the path that is set, or at the top level, or one level down where just one array holds addresses.
//! Elements are read one by one from the raw text, so that a document costs its own size and no tree of values.

pub(super) mod element;
pub(super) mod find;
pub(super) mod peek;

use std::fmt;

use prefix::Refusal;
use serde::de::{DeserializeSeed, Deserializer, SeqAccess, Visitor};
use serde_json::Value;
use serde_json::value::RawValue;

use super::lines::MAX_LINE;
use super::open;
use super::rows::Rows;
use super::sniff::Sample;
use crate::ParseError;
use element::Elements;

pub(super) fn sniff(sample: &Sample<'_>) -> bool {
    let Some((head, whole)) = sample.text() else { return false };
    let begins = matches!(head.trim_ascii_start(), [b'{' | b'[', ..]);
    // A document may be longer than what is looked at; what is there must at least go on like JSON.
    let goes_on = match serde_json::from_slice::<serde::de::IgnoredAny>(head) {
        Ok(_) => true,
        Err(problem) => !whole && problem.is_eof() || whole && !problem.is_syntax(),
    };
    let other = super::ndjson::sniff(sample) || super::stix::sniff(sample) || super::misp::sniff(sample);
    begins && goes_on && !other
}

pub(super) fn read(bytes: &[u8], rows: &mut Rows<'_>) -> Result<(), ParseError> {
    let document = text(bytes)?;
    let array = find::array(document, rows.options)?;
    let mut elements = Elements::default();
    each(array, |number, raw| match value(raw)? {
        Some(value) => elements.take(number, &value, raw, rows),
        None => rows.refuse(number, Refusal::LongLine, &raw.as_bytes()[..MAX_LINE]),
    })?;
    elements.finish()
}

/// The text of a document.
pub(super) fn text(bytes: &[u8]) -> Result<&str, ParseError> {
    std::str::from_utf8(bytes).map_err(|problem| {
        let valid = &bytes[..problem.valid_up_to()];
        let line = memchr::memchr_iter(b'\n', valid).count() as u64 + 1;
        ParseError::Encoding { found: open::encoding_of(&bytes[valid.len()..]), line }
    })
}

pub(super) fn damaged(problem: serde_json::Error) -> ParseError {
    ParseError::damaged("JSON document", problem)
}

/// An element as a value; `None` when it is too long to be one.
pub(super) fn value(raw: &str) -> Result<Option<Value>, ParseError> {
    if raw.len() > MAX_LINE {
        return Ok(None);
    }
    serde_json::from_str(raw).map(Some).map_err(damaged)
}

/// Hands on the text of each element of an array, with its number from 1.
pub(super) fn each<'t>(
    array: &'t str,
    take: impl FnMut(u64, &'t str) -> Result<(), ParseError>,
) -> Result<(), ParseError> {
    let mut failed = Ok(());
    let read = Each { take, failed: &mut failed }.deserialize(&mut serde_json::Deserializer::from_str(array));
    // A refusal of ours ends the reading with an error of serde's; ours says why.
    failed?;
    read.map_err(damaged)
}

struct Each<'e, F> {
    take: F,
    failed: &'e mut Result<(), ParseError>,
}

impl<'de, F: FnMut(u64, &'de str) -> Result<(), ParseError>> DeserializeSeed<'de> for Each<'_, F> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_seq(self)
    }
}

impl<'de, F: FnMut(u64, &'de str) -> Result<(), ParseError>> Visitor<'de> for Each<'_, F> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an array")
    }

    fn visit_seq<A: SeqAccess<'de>>(mut self, mut array: A) -> Result<(), A::Error> {
        let mut number = 0;
        while let Some(raw) = array.next_element::<&RawValue>()? {
            number += 1;
            if let Err(refusal) = (self.take)(number, raw.get()) {
                *self.failed = Err(refusal);
                return Err(serde::de::Error::custom("refused"));
            }
        }
        Ok(())
    }
}
