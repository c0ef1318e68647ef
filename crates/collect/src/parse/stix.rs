//! `stix`: the indicators of a STIX 2.1 bundle, or of a page of a TAXII 2.1 collection.
//!
//! | of the indicator | becomes |
//! |---|---|
//! | `pattern` | the addresses, each a row: see [`pattern`] |
//! | `name`, else `description` | reason |
//! | `indicator_types`, else `labels` | category |
//! | `confidence` | confidence |
//! | `valid_from` | detected |
//! | `valid_until` | until; of a revoked indicator no later than `modified`, when it was revoked |
//!
//! Indicators of hashes, domains and the like, patterns of other languages and observed addresses are counted in a
//! note. Of other objects nothing is said: a bundle is full of them. The document is held once, as text; objects are
//! read one by one.

mod pattern;

use blocklist::Cause;
use prefix::Refusal;
use serde::Deserialize;
use serde_json::{Map, Value};

use super::date;
use super::json::element::cell;
use super::json::peek::{Peek, peek};
use super::json::{self, find};
use super::lines::MAX_LINE;
use super::record::{Cell, Row};
use super::rows::Rows;
use super::sniff::Sample;
use super::{Note, Skipped};
use crate::ParseError;
use pattern::Pattern;

/// A bundle says what it is; an envelope is known by its paging or by the id of its first object.
pub(super) fn sniff(sample: &Sample<'_>) -> bool {
    let Some((head, _)) = sample.text() else { return false };
    let Peek { kind, id, more, objects, .. } = peek(head);
    let is_of = |kind: Option<&str>, id: Option<&str>| match (kind, id) {
        (Some(kind), Some(id)) => id.strip_prefix(kind).is_some_and(|rest| rest.starts_with("--")),
        _ => false,
    };
    let bundle = kind.as_deref() == Some("bundle") && is_of(kind.as_deref(), id.as_deref());
    let envelope = objects.is_some_and(|first| {
        let empty = first.field.is_none() && first.id.is_none();
        if empty { more } else { is_of(first.kind.as_deref(), first.id.as_deref()) }
    });
    (bundle || envelope) && !super::ndjson::sniff(sample)
}

pub(super) fn read(bytes: &[u8], rows: &mut Rows<'_>) -> Result<(), ParseError> {
    let document = find::whole(json::text(bytes)?)?;
    let fields = find::fields(document)?;
    let named =
        |wanted: &str| fields.iter().filter(|(name, _)| name == wanted).map(|(_, value)| *value).collect();
    let more: Vec<&str> = named("more");
    if more.contains(&"true") {
        rows.note(Note::MorePages);
    }
    let objects: Vec<&str> = named("objects");
    match objects.as_slice() {
        [objects] if find::is_array(objects) => json::each(objects, |number, raw| object(number, raw, rows)),
        // A page without objects leaves the field away, as the specification says.
        [] if document.starts_with('{') && fields.iter().all(|(name, _)| is_paging(name)) => Ok(()),
        [] => Err(find::refusal("there are no 'objects'".into(), &fields)),
        _ => Err(find::refusal("'objects' is no array, or is there twice".into(), &fields)),
    }
}

fn is_paging(name: &str) -> bool {
    matches!(name, "type" | "id" | "spec_version" | "more" | "next")
}

fn object(number: u64, raw: &str, rows: &mut Rows<'_>) -> Result<(), ParseError> {
    #[derive(Deserialize)]
    struct Kind {
        #[serde(rename = "type")]
        kind: String,
    }
    let Some(value) = json::value(raw)? else {
        // A report may name thousands of objects; only an indicator is a row that is lost.
        let kind = serde_json::from_str(raw).map_or(String::new(), |Kind { kind }| kind);
        return if kind == "indicator" {
            rows.refuse(number, Refusal::LongLine, &raw.as_bytes()[..MAX_LINE])
        } else {
            Ok(())
        };
    };
    let Value::Object(object) = &value else { return rows.refuse(number, Cause::Shape, raw.as_bytes()) };
    match text(object, "type") {
        Some("indicator") => indicator(number, object, raw, rows),
        Some("ipv4-addr" | "ipv6-addr") => {
            rows.skip(Skipped::Observed);
            Ok(())
        }
        Some(_) => Ok(()),
        None => rows.refuse(number, Cause::Shape, raw.as_bytes()),
    }
}

fn indicator(
    number: u64,
    object: &Map<String, Value>,
    raw: &str,
    rows: &mut Rows<'_>,
) -> Result<(), ParseError> {
    // STIX 2.0 knows no other language and has no such field.
    if object.get("pattern_type").is_some_and(|language| language != "stix") {
        rows.skip(Skipped::OtherLanguage);
        return Ok(());
    }
    let Some(pattern) = text(object, "pattern") else {
        return rows.refuse(number, Cause::Shape, raw.as_bytes());
    };
    let addresses = match pattern::read(pattern) {
        Pattern::Addresses(addresses) => addresses,
        Pattern::NoAddress => {
            rows.skip(Skipped::NoAddress);
            return Ok(());
        }
        Pattern::NotUnderstood => return rows.refuse(number, Cause::Pattern, pattern.as_bytes()),
    };
    let of = |name: &str| object.get(name).map(cell).unwrap_or_default();
    let either =
        |first: &str, second: &str| Some(of(first)).filter(|cell| !cell.is_blank()).unwrap_or(of(second));
    let mut row = Row {
        reason: either("name", "description"),
        category: either("indicator_types", "labels"),
        confidence: of("confidence"),
        detected: of("valid_from"),
        until: of("valid_until"),
        ..Row::default()
    };
    if object.get("revoked") == Some(&Value::Bool(true)) && revoke(&mut row, of("modified")).is_none() {
        // When it was revoked is not known; to list it on would be wrong.
        return rows.refuse(number, Cause::Date, raw.as_bytes());
    }
    for address in addresses {
        row.address = Cell::Text(address);
        rows.take(number, &row, || pattern.to_owned())?;
    }
    Ok(())
}

/// Ends a row when it was revoked. `None` when that moment cannot be read.
fn revoke<'a>(row: &mut Row<'a>, modified: Cell<'a>) -> Option<()> {
    let begins =
        |cell: &Cell<'_>| cell.text().and_then(|text| date::read(&text)).and_then(|at| at.begins().ok());
    let revoked = begins(&modified)?;
    if begins(&row.until).is_none_or(|until| revoked < until) {
        row.until = modified;
    }
    // Revoked before it became valid: it ends all the same, and an end before its begin would be refused.
    if begins(&row.detected).is_some_and(|detected| revoked <= detected) {
        row.detected = Cell::Empty;
    }
    Some(())
}

fn text<'v>(object: &'v Map<String, Value>, name: &str) -> Option<&'v str> {
    object.get(name).and_then(Value::as_str)
}
