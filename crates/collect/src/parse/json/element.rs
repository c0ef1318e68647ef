//! One element of a JSON source: a string that is an address, or an object that holds one.

use std::borrow::Cow;
use std::collections::HashMap;

use blocklist::Cause;
use serde_json::{Map, Value};

use crate::options::{Column, Field};
use crate::parse::record::{Cell, Row};
use crate::parse::rows::Rows;
use crate::parse::{Skipped, words};
use crate::{ParseError, text};

/// What is remembered from element to element.
#[derive(Default)]
pub(in crate::parse) struct Elements {
    /// Which field a name means, and how sure that word is (0 is surest). Names repeat in every element.
    known: HashMap<String, Option<(Field, usize)>>,
    /// An address was found in some element.
    found: bool,
    /// The names of the first object that held none.
    names: Option<Vec<String>>,
    /// Fields that were noted.
    noted: Vec<Field>,
}

/// How many names are remembered; a source that makes up new ones for every element costs time, not memory.
const MAX_KNOWN: usize = 1_000;

impl Elements {
    /// Takes an element; `raw` is its text.
    pub(in crate::parse) fn take(
        &mut self,
        number: u64,
        value: &Value,
        raw: &str,
        rows: &mut Rows<'_>,
    ) -> Result<(), ParseError> {
        match value {
            Value::String(address) => {
                self.found = true;
                let row = Row { address: Cell::of(address), ..Row::default() };
                rows.take(number, &row, || raw.to_owned())
            }
            Value::Object(object) => {
                let row = self.row(value, object, rows);
                if row.address == Cell::Empty {
                    if object.get("type").and_then(Value::as_str) == Some("metadata") {
                        rows.skip(Skipped::Metadata);
                        return Ok(());
                    }
                    if self.names.is_none() {
                        self.names = Some(object.keys().map(|name| text::short(name)).collect());
                    }
                } else {
                    self.found = true;
                }
                rows.take(number, &row, || raw.to_owned())
            }
            _ => rows.refuse(number, Cause::Shape, raw.as_bytes()),
        }
    }

    /// Refuses a source in which no object had the address where it should be: its fields have other names.
    pub(in crate::parse) fn finish(self) -> Result<(), ParseError> {
        match self.names {
            Some(found) if !self.found => Err(ParseError::Column {
                field: Field::Address,
                problem: "no element holds an address".into(),
                found,
            }),
            _ => Ok(()),
        }
    }

    fn row<'v>(&mut self, value: &'v Value, object: &'v Map<String, Value>, rows: &mut Rows<'_>) -> Row<'v> {
        let mut row = Row::default();
        let mut ranks = [usize::MAX; Field::ALL.len()];
        let mut is_range = false;
        for (name, value) in object {
            let Some((field, rank)) = self.meaning(name) else { continue };
            if *rows.options.columns.get(field) == Column::Auto && rank < ranks[field as usize] {
                ranks[field as usize] = rank;
                row.set(field, name, cell(value));
                is_range = if field == Field::Address { words::begins_range(name) } else { is_range };
                if !self.noted.contains(&field) {
                    self.noted.push(field);
                    rows.note_column(field, name);
                }
            }
        }
        for field in Field::ALL {
            match rows.options.columns.get(field) {
                Column::Name(path) => row.set(field, path, at(value, path).map(cell).unwrap_or_default()),
                Column::Number(name) => {
                    *row.slot(field) = at(value, &name.to_string()).map(cell).unwrap_or_default();
                }
                Column::Auto | Column::Unread => {}
            }
        }
        // An object may have an address and a range around it; only the beginning of the range goes with its end.
        if !is_range && *rows.options.columns.get(Field::Last) == Column::Auto {
            row.last = Cell::Empty;
        }
        row
    }

    fn meaning(&mut self, name: &str) -> Option<(Field, usize)> {
        if let Some(&known) = self.known.get(name) {
            return known;
        }
        let header = text::header(name);
        let meaning = Field::ALL.into_iter().find_map(|field| {
            let rank = words::of(field).iter().position(|word| *word == header)?;
            Some((field, rank))
        });
        if self.known.len() < MAX_KNOWN {
            self.known.insert(name.to_owned(), meaning);
        }
        meaning
    }
}

/// The value at a dotted path; a name that holds a dot itself is found first.
pub(in crate::parse) fn at<'v>(value: &'v Value, path: &str) -> Option<&'v Value> {
    let object = value.as_object()?;
    if let Some(found) = object.get(path) {
        return Some(found);
    }
    let (first, rest) = path.split_once('.')?;
    at(object.get(first)?, rest)
}

/// A value as a cell. Of an array the strings are joined (tags); an object says nothing that a cell could hold.
pub(in crate::parse) fn cell(value: &Value) -> Cell<'_> {
    match value {
        Value::Null | Value::Object(_) => Cell::Empty,
        Value::Bool(value) => Cell::of(if *value { "true" } else { "false" }),
        Value::Number(number) => number.as_f64().map_or(Cell::Empty, Cell::Number),
        Value::String(text) => Cell::of(text),
        Value::Array(items) => {
            let words: Vec<&str> = items.iter().filter_map(Value::as_str).collect();
            if words.is_empty() { Cell::Empty } else { Cell::Text(Cow::Owned(words.join(", "))) }
        }
    }
}
