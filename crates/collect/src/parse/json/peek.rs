//! What a JSON document of a known kind says of itself at its beginning, which may be all there is to look at.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::Value;

/// The fields at the top that tell a document's kind.
#[derive(Debug, Default, PartialEq)]
pub(in crate::parse) struct Peek {
    pub(in crate::parse) kind: Option<String>,
    pub(in crate::parse) id: Option<String>,
    /// `more` is there and says yes or no.
    pub(in crate::parse) more: bool,
    /// `objects` is an array.
    pub(in crate::parse) objects: Option<First>,
    /// `response` is an array.
    pub(in crate::parse) response: Option<First>,
    /// `Event` is an object.
    pub(in crate::parse) event: bool,
}

/// The first object of an array.
#[derive(Debug, Default, PartialEq)]
pub(in crate::parse) struct First {
    pub(in crate::parse) kind: Option<String>,
    pub(in crate::parse) id: Option<String>,
    /// The name of its first field.
    pub(in crate::parse) field: Option<String>,
}

/// Looks at the beginning of a document as far as it goes.
pub(in crate::parse) fn peek(head: &[u8]) -> Peek {
    let mut peek = Peek::default();
    if head.trim_ascii_start().starts_with(b"{") {
        // Where the head ends, or is no JSON, the looking ends too: what was seen until then has been noted.
        let _ = serde_json::Deserializer::from_slice(head).deserialize_map(&mut peek);
    }
    peek
}

fn word<'de, A: MapAccess<'de>>(map: &mut A) -> Result<Option<String>, A::Error> {
    Ok(map.next_value::<Value>()?.as_str().map(str::to_owned))
}

impl<'de> Visitor<'de> for &mut Peek {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(name) = map.next_key::<String>()? {
            match name.as_str() {
                "type" => self.kind = word(&mut map)?,
                "id" => self.id = word(&mut map)?,
                "more" => self.more = map.next_value::<Value>()?.is_boolean(),
                "objects" => map.next_value_seed(Array(&mut self.objects))?,
                "response" => map.next_value_seed(Array(&mut self.response))?,
                "Event" => {
                    let mut event = None;
                    let seen = map.next_value_seed(Object(&mut event));
                    self.event = event.is_some();
                    seen?;
                }
                _ => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        Ok(())
    }
}

struct Array<'f>(&'f mut Option<First>);

impl<'de> DeserializeSeed<'de> for Array<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_seq(self)
    }
}

impl<'de> Visitor<'de> for Array<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an array")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut array: A) -> Result<(), A::Error> {
        *self.0 = Some(First::default());
        if array.next_element_seed(Object(self.0))?.is_some() {
            while array.next_element::<IgnoredAny>()?.is_some() {}
        }
        Ok(())
    }
}

struct Object<'f>(&'f mut Option<First>);

impl<'de> DeserializeSeed<'de> for Object<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Object<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let first = self.0.insert(First::default());
        while let Some(name) = map.next_key::<String>()? {
            match name.as_str() {
                "type" => first.kind = word(&mut map)?,
                "id" => first.id = word(&mut map)?,
                _ => {
                    // Noted before its value is read, which may be cut off.
                    first.field.get_or_insert(name);
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        Ok(())
    }
}
