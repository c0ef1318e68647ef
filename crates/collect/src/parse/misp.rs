//! `misp`: the addresses of a MISP event, or of the events that a search answers with.
//!
//! | of the attribute | becomes |
//! |---|---|
//! | `value` of `ip-src`, `ip-dst` and both with `\|port` | address, without its port |
//! | the event's `info` | reason |
//! | `category` | category |
//! | `timestamp` | detected |
//!
//! Attributes of an event and of its objects are read alike. Only those with `to_ids` are: the others are context, and
//! a resolver of everybody's may be among them. What is deleted is left. An attribute's number counts them all through
//! the document.

use blocklist::Cause;
use prefix::Refusal;
use serde_json::{Map, Value};

use super::Skipped;
use super::json;
use super::json::element::cell;
use super::json::find::{self, Fields};
use super::json::peek::peek;
use super::lines::MAX_LINE;
use super::record::{Cell, Row};
use super::rows::Rows;
use super::sniff::Sample;
use crate::ParseError;

pub(super) fn sniff(sample: &Sample<'_>) -> bool {
    let Some((head, _)) = sample.text() else { return false };
    let peek = peek(head);
    let answer = peek.response.is_some_and(|first| first.field.as_deref() == Some("Event"));
    (peek.event || answer) && !super::stix::sniff(sample) && !super::ndjson::sniff(sample)
}

pub(super) fn read(bytes: &[u8], rows: &mut Rows<'_>) -> Result<(), ParseError> {
    let top = find::fields(find::whole(json::text(bytes)?)?)?;
    let mut reader = Reader { rows, number: 0 };
    match (field(&top, "Event")?, field(&top, "response")?) {
        (Some(event), None) => reader.event(event),
        (None, Some(answers)) if find::is_array(answers) => json::each(answers, |_, answer| {
            let fields = find::fields(answer)?;
            match field(&fields, "Event")? {
                Some(event) => reader.event(event),
                None => Err(find::refusal("an answer is no 'Event'".into(), &fields)),
            }
        }),
        _ => {
            Err(find::refusal("there is no 'Event', nor a 'response' that is an array of them".into(), &top))
        }
    }
}

/// The one field of a name.
fn field<'t>(fields: &Fields<'t>, name: &str) -> Result<Option<&'t str>, ParseError> {
    let mut found = fields.iter().filter(|(found, _)| found == name).map(|(_, value)| *value);
    match (found.next(), found.next()) {
        (one, None) => Ok(one),
        (_, Some(_)) => Err(find::refusal(format!("'{name}' is there twice"), fields)),
    }
}

struct Reader<'r, 'o> {
    rows: &'r mut Rows<'o>,
    /// How many attributes have gone by.
    number: u64,
}

impl Reader<'_, '_> {
    fn event(&mut self, event: &str) -> Result<(), ParseError> {
        let fields = find::fields(event)?;
        if !event.starts_with('{') {
            return Err(find::refusal("'Event' is no object".into(), &fields));
        }
        let info = field(&fields, "info")?.map(json::value).transpose()?.flatten().unwrap_or_default();
        if let Some(attributes) = field(&fields, "Attribute")? {
            self.attributes(attributes, &info, false)?;
        }
        match field(&fields, "Object")? {
            Some(objects) if find::is_array(objects) => json::each(objects, |_, object| {
                let fields = find::fields(object)?;
                let deleted = field(&fields, "deleted")?.is_some_and(|value| is_yes(value.trim_matches('"')));
                match field(&fields, "Attribute")? {
                    Some(attributes) => self.attributes(attributes, &info, deleted),
                    None => Ok(()),
                }
            }),
            _ => Ok(()),
        }
    }

    fn attributes(&mut self, attributes: &str, info: &Value, deleted: bool) -> Result<(), ParseError> {
        if !find::is_array(attributes) {
            return Err(ParseError::Elements {
                problem: "'Attribute' is no array".into(),
                found: Vec::new(),
            });
        }
        json::each(attributes, |_, raw| {
            self.number += 1;
            match json::value(raw)? {
                // Long is what holds a sample or a text; no address is.
                None if !mentions_address(raw) => {
                    self.rows.skip(Skipped::OtherType);
                    Ok(())
                }
                None => self.rows.refuse(self.number, Refusal::LongLine, &raw.as_bytes()[..MAX_LINE]),
                Some(Value::Object(attribute)) => self.attribute(&attribute, raw, info, deleted),
                Some(_) => self.rows.refuse(self.number, Cause::Shape, raw.as_bytes()),
            }
        })
    }

    fn attribute(
        &mut self,
        attribute: &Map<String, Value>,
        raw: &str,
        info: &Value,
        deleted: bool,
    ) -> Result<(), ParseError> {
        let of = |name: &str| attribute.get(name).unwrap_or(&Value::Null);
        let yes = |name: &str| is_yes(&cell(of(name)).to_text());
        let with_port = match of("type").as_str() {
            Some("ip-src" | "ip-dst") => false,
            Some("ip-src|port" | "ip-dst|port") => true,
            _ => {
                self.rows.skip(Skipped::OtherType);
                return Ok(());
            }
        };
        if deleted || yes("deleted") {
            self.rows.skip(Skipped::Deleted);
            return Ok(());
        }
        if !yes("to_ids") {
            self.rows.skip(Skipped::NotForDetection);
            return Ok(());
        }
        let mut address = cell(of("value"));
        if let (true, Some(value)) = (with_port, of("value").as_str()) {
            address = Cell::of(value.split_once('|').map_or(value, |(address, _)| address));
        }
        let row = Row {
            address,
            reason: cell(info),
            category: cell(of("category")),
            detected: cell(of("timestamp")),
            ..Row::default()
        };
        self.rows.take(self.number, &row, || raw.to_owned())
    }
}

/// Flags are true or false, and in older exports 1 or 0 or either as text.
fn is_yes(value: &str) -> bool {
    matches!(value, "true" | "1")
}

fn mentions_address(raw: &str) -> bool {
    raw.contains("\"ip-src") || raw.contains("\"ip-dst")
}
