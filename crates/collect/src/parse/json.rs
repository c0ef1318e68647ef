//! `json`: one document with an array of addresses, or of objects that hold one.
//!
//! The array is at the path that is set, or at the top level, or one level down where just one array holds addresses.
//! Elements are read one by one from the raw text, so that a document costs its own size and no tree of values.

pub(super) mod element;
mod find;

use std::fmt;

use prefix::Refusal;
use serde::de::{DeserializeSeed, Deserializer, SeqAccess, Visitor};
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
    begins && goes_on && !super::ndjson::sniff(sample)
}

pub(super) fn read(bytes: &[u8], rows: &mut Rows<'_>) -> Result<(), ParseError> {
    let text = std::str::from_utf8(bytes).map_err(|problem| {
        let valid = &bytes[..problem.valid_up_to()];
        let line = memchr::memchr_iter(b'\n', valid).count() as u64 + 1;
        ParseError::Encoding { found: open::encoding_of(&bytes[valid.len()..]), line }
    })?;
    let array = find::array(text, rows.options)?;
    let mut elements = Elements::default();
    let mut failed = Ok(());
    let each = Each { elements: &mut elements, rows, failed: &mut failed };
    let read = each.deserialize(&mut serde_json::Deserializer::from_str(array));
    // A refusal of ours ends the reading with an error of serde's; ours says why.
    failed?;
    read.map_err(damaged)?;
    elements.finish()
}

pub(super) fn damaged(problem: serde_json::Error) -> ParseError {
    ParseError::damaged("JSON document", problem)
}

/// Hands on each element of an array.
struct Each<'e, 'r, 'o> {
    elements: &'e mut Elements,
    rows: &'r mut Rows<'o>,
    failed: &'e mut Result<(), ParseError>,
}

impl<'de> DeserializeSeed<'de> for Each<'_, '_, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_seq(self)
    }
}

impl<'de> Visitor<'de> for Each<'_, '_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an array")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut array: A) -> Result<(), A::Error> {
        let mut number = 0;
        while let Some(raw) = array.next_element::<&RawValue>()? {
            number += 1;
            let raw = raw.get();
            let taken = if raw.len() > MAX_LINE {
                self.rows.refuse(number, Refusal::LongLine, &raw.as_bytes()[..MAX_LINE])
            } else {
                let value = serde_json::from_str(raw).map_err(serde::de::Error::custom)?;
                self.elements.take(number, &value, raw, self.rows)
            };
            if let Err(refusal) = taken {
                *self.failed = Err(refusal);
                return Err(serde::de::Error::custom("refused"));
            }
        }
        Ok(())
    }
}
