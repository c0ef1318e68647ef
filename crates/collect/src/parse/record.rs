//! A row before it is checked: cells as they came, by what they mean.

use std::borrow::Cow;

use blocklist::Cause;

use super::date::{self, Moment};
use crate::options::Field;

/// One cell or field.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) enum Cell<'a> {
    /// Nothing.
    #[default]
    Empty,
    /// Text, as it came.
    Text(Cow<'a, str>),
    /// A number.
    Number(f64),
    /// A day and time of a workbook, in days since 1899-12-30.
    Serial(f64),
}

impl<'a> Cell<'a> {
    /// A cell of text that lives elsewhere.
    pub(crate) fn of(text: &'a str) -> Self {
        Self::Text(Cow::Borrowed(text))
    }

    /// The cell as a person sees it.
    pub(crate) fn to_text(&self) -> Cow<'_, str> {
        match self {
            Self::Empty => Cow::Borrowed(""),
            Self::Text(text) => Cow::Borrowed(text),
            Self::Number(number) => Cow::Owned(number.to_string()),
            Self::Serial(days) => {
                Cow::Owned(Moment::from_serial(*days).map_or(days.to_string(), |m| m.to_string()))
            }
        }
    }

    /// The text of a cell that says something: not empty, and not the `-` that portals write for "nothing".
    pub(crate) fn text(&self) -> Option<Cow<'_, str>> {
        let text = match self.to_text() {
            Cow::Borrowed(text) => Cow::Borrowed(text.trim()),
            Cow::Owned(text) => Cow::Owned(text),
        };
        (!text.is_empty() && text != "-").then_some(text)
    }

    /// The cell as a moment: `None` when it says nothing.
    pub(super) fn moment(&self) -> Result<Option<Moment>, Cause> {
        match self {
            Self::Empty => Ok(None),
            Self::Text(_) => match self.text() {
                Some(text) => date::read(&text).map(Some).ok_or(Cause::Date),
                None => Ok(None),
            },
            Self::Number(number) => Moment::from_number(*number).map(Some).ok_or(Cause::Date),
            Self::Serial(days) => Moment::from_serial(*days).map(Some).ok_or(Cause::Date),
        }
    }

    /// The same cell, its text where it is.
    pub(crate) fn borrowed(&self) -> Cell<'_> {
        match self {
            Self::Empty => Cell::Empty,
            Self::Text(text) => Cell::of(text),
            Self::Number(number) => Cell::Number(*number),
            Self::Serial(days) => Cell::Serial(*days),
        }
    }

    /// The cell with its own text.
    pub(crate) fn to_owned_cell(&self) -> Cell<'static> {
        match self {
            Self::Empty => Cell::Empty,
            Self::Text(text) => Cell::Text(Cow::Owned(text.clone().into_owned())),
            Self::Number(number) => Cell::Number(*number),
            Self::Serial(days) => Cell::Serial(*days),
        }
    }

    /// Whether the cell holds nothing at all.
    pub(crate) fn is_blank(&self) -> bool {
        match self {
            Self::Empty => true,
            Self::Text(text) => text.trim().is_empty(),
            Self::Number(_) | Self::Serial(_) => false,
        }
    }
}

/// One row, by meaning.
#[derive(Clone, Debug, Default)]
pub(super) struct Row<'a> {
    pub(super) address: Cell<'a>,
    pub(super) reason: Cell<'a>,
    pub(super) country: Cell<'a>,
    pub(super) category: Cell<'a>,
    pub(super) severity: Cell<'a>,
    pub(super) detected: Cell<'a>,
    pub(super) until: Cell<'a>,
    pub(super) confidence: Cell<'a>,
    pub(super) last: Cell<'a>,
}

impl<'a> Row<'a> {
    /// Puts a cell where the field is. `header` is the name of its column: one that ends with `utc` names the zone that
    /// the dates under it leave away.
    pub(super) fn set(&mut self, field: Field, header: &str, cell: Cell<'a>) {
        let in_utc = matches!(field, Field::Detected | Field::Until)
            && header.trim_end().to_ascii_lowercase().ends_with("utc");
        *self.slot(field) = match cell.text().filter(|_| in_utc).and_then(|text| date::in_utc(&text)) {
            Some(text) => Cell::Text(Cow::Owned(text)),
            None => cell,
        };
    }

    /// The place of a field.
    pub(super) fn slot(&mut self, field: Field) -> &mut Cell<'a> {
        match field {
            Field::Address => &mut self.address,
            Field::Reason => &mut self.reason,
            Field::Country => &mut self.country,
            Field::Category => &mut self.category,
            Field::Severity => &mut self.severity,
            Field::Detected => &mut self.detected,
            Field::Until => &mut self.until,
            Field::Confidence => &mut self.confidence,
            Field::Last => &mut self.last,
        }
    }
}
