//! Which array of a JSON document holds the elements.

use std::fmt;

use serde::de::{Deserializer as _, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;
use serde_json::{Deserializer, Value};

use super::damaged;
use crate::options::{Column, Field, Options};
use crate::parse::words;
use crate::{ParseError, text};

/// The most fields of an object on the way to the array.
const MAX_FIELDS: usize = 10_000;

/// The text of the array.
pub(super) fn array<'t>(document: &'t str, options: &Options) -> Result<&'t str, ParseError> {
    // What is cut off or goes on after its end is refused before any element.
    let whole = whole(document)?;
    match &options.json.items {
        Some(path) => at_path(whole, path),
        None => near_the_top(whole, options),
    }
}

/// The document without white space around it, if it is whole.
pub(in crate::parse) fn whole(document: &str) -> Result<&str, ParseError> {
    let whole: &RawValue = serde_json::from_str(document).map_err(damaged)?;
    Ok(whole.get())
}

fn at_path<'t>(document: &'t str, path: &str) -> Result<&'t str, ParseError> {
    let mut here = document;
    for step in path.split('.').filter(|step| !step.is_empty()) {
        let fields = fields(here)?;
        let found =
            fields.iter().filter(|(name, _)| name == step).map(|(_, value)| *value).collect::<Vec<_>>();
        here = match found.as_slice() {
            [one] => one,
            [] => {
                return Err(refusal(
                    format!("there is no '{}' of the path '{}'", text::short(step), text::short(path)),
                    &fields,
                ));
            }
            _ => return Err(refusal(format!("'{}' is there twice", text::short(step)), &fields)),
        };
    }
    if is_array(here) {
        return Ok(here);
    }
    Err(refusal(format!("'{}' is no array", text::short(path)), &fields(here).unwrap_or_default()))
}

fn near_the_top<'t>(document: &'t str, options: &Options) -> Result<&'t str, ParseError> {
    if is_array(document) {
        return Ok(document);
    }
    let fields = fields(document)?;
    let arrays: Vec<(&str, &'t str)> = fields
        .iter()
        .filter(|(_, value)| is_array(value))
        .map(|(name, value)| (name.as_str(), *value))
        .collect();
    let holding: Vec<_> = arrays.iter().filter(|(_, array)| holds_addresses(array, options)).collect();
    match (holding.as_slice(), arrays.as_slice()) {
        ([(_, array)], _) => Ok(array),
        // Empty arrays say nothing; if that is all there is, the document is an empty list.
        ([], [(_, array), ..]) if arrays.iter().all(|(_, array)| first(array).is_none()) => Ok(array),
        ([], _) => Err(refusal("no array of addresses at the top or one level down".into(), &fields)),
        (several, _) => {
            let names = several.iter().map(|(name, _)| text::short(name)).collect::<Vec<_>>().join(", ");
            Err(refusal(
                format!("several arrays hold addresses ({names}), and which is meant is not known"),
                &fields,
            ))
        }
    }
}

pub(in crate::parse) fn is_array(text: &str) -> bool {
    text.trim_start().starts_with('[')
}

fn holds_addresses(array: &str, options: &Options) -> bool {
    match first(array) {
        Some(Value::String(text)) => prefix::parse(text.trim().as_bytes()).is_ok(),
        Some(Value::Object(object)) => match options.columns.get(Field::Address) {
            Column::Name(path) => super::element::at(&Value::Object(object), path).is_some(),
            _ => !words::find(Field::Address, object.keys().map(String::as_str)).is_empty(),
        },
        _ => false,
    }
}

/// The first element of an array.
fn first(array: &str) -> Option<Value> {
    struct First;
    impl<'de> Visitor<'de> for First {
        type Value = Option<Value>;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("an array")
        }

        fn visit_seq<A: SeqAccess<'de>>(self, mut array: A) -> Result<Option<Value>, A::Error> {
            let first = array.next_element::<&RawValue>()?;
            let first = first.filter(|raw| raw.get().len() <= super::MAX_LINE);
            while array.next_element::<IgnoredAny>()?.is_some() {}
            Ok(first.and_then(|raw| serde_json::from_str(raw.get()).ok()))
        }
    }
    Deserializer::from_str(array).deserialize_seq(First).ok().flatten()
}

pub(in crate::parse) type Fields<'t> = Vec<(String, &'t str)>;

/// The fields of an object, in order; none for anything else.
pub(in crate::parse) fn fields(text: &str) -> Result<Fields<'_>, ParseError> {
    struct All;
    impl<'de> Visitor<'de> for All {
        type Value = Fields<'de>;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("an object or array")
        }

        fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Fields<'de>, A::Error> {
            let mut fields = Vec::new();
            while let Some((name, value)) = map.next_entry::<String, &'de RawValue>()? {
                if fields.len() == MAX_FIELDS {
                    return Err(serde::de::Error::custom(format!(
                        "an object of more than {MAX_FIELDS} fields"
                    )));
                }
                fields.push((name, value.get()));
            }
            Ok(fields)
        }
    }
    if !text.trim_start().starts_with('{') {
        return Ok(Vec::new());
    }
    Deserializer::from_str(text).deserialize_map(All).map_err(damaged)
}

pub(in crate::parse) fn refusal(problem: String, fields: &Fields<'_>) -> ParseError {
    ParseError::Elements { problem, found: fields.iter().map(|(name, _)| text::short(name)).collect() }
}
