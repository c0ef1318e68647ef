//! The JSON of a MISP warninglist: `{"name", "description", "version", "type", "list": [..]}`. Its type is not asked
//! for: lists of type `string` hold addresses too, and what is none is passed over.

use std::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, SeqAccess, Visitor};
use serde_json::Value;
use serde_json::value::RawValue;

use super::{Entries, KnownGoodError};
use crate::text::short;

/// The longest entry that is looked at, in bytes: no address is nearly as long.
const MAX_ENTRY: usize = 1024;

#[derive(Deserialize)]
struct Warninglist<'a> {
    name: Option<Value>,
    description: Option<Value>,
    version: Option<Value>,
    /// Read one by one afterwards, so that a long list costs no tree of values.
    #[serde(borrow)]
    list: &'a RawValue,
}

pub(super) fn read(bytes: &[u8], entries: &mut Entries) -> Result<(), KnownGoodError> {
    let text = std::str::from_utf8(bytes).map_err(|_| KnownGoodError::Binary)?;
    let list: Warninglist<'_> = serde_json::from_str(text).map_err(|error| json(&error))?;
    entries.list.name = list.name.as_ref().and_then(word);
    entries.list.description = list.description.as_ref().and_then(word);
    entries.list.version = list.version.as_ref().and_then(word);
    let mut failed = Ok(());
    let read = serde_json::Deserializer::from_str(list.list.get())
        .deserialize_seq(Each { entries, failed: &mut failed });
    // A refusal of ours ends the reading with an error of serde's; ours says why.
    failed?;
    read.map_err(|error| json(&error))
}

fn json(error: &serde_json::Error) -> KnownGoodError {
    KnownGoodError::Json(short(&error.to_string()))
}

/// A text or number, as text.
fn word(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.trim().to_owned()).filter(|text| !text.is_empty()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

struct Each<'e> {
    entries: &'e mut Entries,
    failed: &'e mut Result<(), KnownGoodError>,
}

impl<'de> Visitor<'de> for Each<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an array of addresses under 'list'")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut elements: A) -> Result<(), A::Error> {
        let mut at = 0;
        while let Some(raw) = elements.next_element::<&RawValue>()? {
            at += 1;
            let raw = raw.get();
            let text = if raw.len() > MAX_ENTRY { None } else { serde_json::from_str::<String>(raw).ok() };
            let parsed = match text.as_deref().map(str::trim) {
                Some(text) => prefix::parse(text.as_bytes()),
                None => Err(prefix::Refusal::NotAnAddress),
            };
            let shown = text.as_deref().unwrap_or(raw).as_bytes();
            if let Err(error) = self.entries.add(at, shown, parsed) {
                *self.failed = Err(error);
                return Err(serde::de::Error::custom("refused"));
            }
        }
        Ok(())
    }
}
