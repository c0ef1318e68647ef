//! Where every parser puts its rows: checks them, counts them, keeps the limits.

use std::collections::BTreeMap;

use blocklist::{Batch, Cause, Country, Details, DetailsId, Record, Time, details};

use super::record::{Cell, Row};
use super::{Note, Skipped};
use crate::options::{Field, Limit, Options};
use crate::text::short;
use crate::{Column, ParseError};

/// A batch that is being filled.
pub(super) struct Rows<'o> {
    pub(super) options: &'o Options,
    batch: Batch,
    notes: Vec<Note>,
    /// Dropped countries and confidences: how many, and the first.
    dropped: [(Field, u64, String); 2],
    skipped: BTreeMap<Skipped, u64>,
    /// What a row says that says nothing.
    silent: DetailsId,
    /// The details of the row before. Neighbours mostly share them, and a comparison is cheaper than a hash.
    last: DetailsId,
}

impl<'o> Rows<'o> {
    pub(super) fn new(options: &'o Options) -> Self {
        let dropped = [Field::Country, Field::Confidence].map(|field| (field, 0, String::new()));
        let mut batch = Batch::default();
        let silent = batch.details.intern(options.defaults.details());
        Self { options, batch, notes: Vec::new(), dropped, skipped: BTreeMap::new(), silent, last: silent }
    }

    pub(super) fn note(&mut self, note: Note) {
        self.notes.push(note);
    }

    /// Notes where a field was found, unless a person named the column.
    pub(super) fn note_column(&mut self, field: Field, column: &str) {
        if *self.options.columns.get(field) == Column::Auto {
            self.note(Note::Column { field, column: short(column) });
        }
    }

    /// Counts an entry that is no row.
    pub(super) fn skip(&mut self, what: Skipped) {
        *self.skipped.entry(what).or_default() += 1;
    }

    /// Counts a refused row. `text` is the row as a person would look for it.
    pub(super) fn refuse(
        &mut self,
        line: u64,
        cause: impl Into<Cause>,
        text: &[u8],
    ) -> Result<(), ParseError> {
        self.batch.refuse(line, cause.into(), text);
        self.check(Limit::Rows, self.batch.rows, self.options.limits.rows)
    }

    /// Takes an entry that says nothing but its address.
    pub(super) fn take_entry(
        &mut self,
        line: u64,
        parsed: Result<prefix::parse::Parsed, prefix::Refusal>,
        text: &[u8],
    ) -> Result<(), ParseError> {
        let admitted =
            parsed.and_then(|parsed| self.options.rules.admit_entry(parsed.entry).map(|()| parsed));
        match admitted {
            Ok(parsed) => self.push(parsed, self.silent, None, None),
            Err(refusal) => self.refuse(line, refusal, text),
        }
    }

    /// Takes a row, or refuses it. `text` is only asked for a refused row.
    pub(super) fn take(
        &mut self,
        line: u64,
        row: &Row<'_>,
        text: impl FnOnce() -> String,
    ) -> Result<(), ParseError> {
        match self.read(row) {
            Ok((parsed, detected, until)) => {
                let details = self.details(row);
                self.push(parsed, details, detected, until)
            }
            Err(cause) => self.refuse(line, cause, text().as_bytes()),
        }
    }

    /// The batch and the notes.
    pub(super) fn finish(mut self) -> (Batch, Vec<Note>) {
        for (field, rows, example) in self.dropped {
            if rows > 0 {
                self.notes.push(Note::Dropped { field, rows, example });
            }
        }
        self.notes.extend(self.skipped.into_iter().map(|(what, count)| Note::Skipped { what, count }));
        (self.batch, self.notes)
    }

    fn entry(&self, address: &[u8]) -> Result<prefix::parse::Parsed, Cause> {
        let parsed = prefix::parse(address)?;
        self.options.rules.admit_entry(parsed.entry)?;
        Ok(parsed)
    }

    fn read(&self, row: &Row<'_>) -> Result<(prefix::parse::Parsed, Option<Time>, Option<Time>), Cause> {
        let address = row.address.to_text();
        let address = address.trim();
        if address.is_empty() {
            return Err(Cause::NoAddress);
        }
        let parsed = match row.last.text() {
            Some(last) => self.entry(format!("{address}-{last}").as_bytes())?,
            None => self.entry(address.as_bytes())?,
        };
        let detected = row.detected.moment()?.map(super::date::Moment::begins).transpose()?;
        let until = row.until.moment()?.map(super::date::Moment::ends).transpose()?;
        match (detected, until) {
            (Some(detected), Some(until)) if until <= detected => Err(Cause::EndBeforeDetected),
            _ => Ok((parsed, detected, until)),
        }
    }

    fn push(
        &mut self,
        parsed: prefix::parse::Parsed,
        details: DetailsId,
        detected: Option<Time>,
        until: Option<Time>,
    ) -> Result<(), ParseError> {
        self.batch.accept(parsed.host_bits);
        let records = parsed.entry.prefixes().map(|prefix| Record { prefix, details, detected, until });
        self.batch.records.extend(records);
        self.check(Limit::Rows, self.batch.rows, self.options.limits.rows)?;
        self.check(Limit::Prefixes, self.batch.records.len() as u64, self.options.limits.prefixes)
    }

    #[expect(clippy::unused_self, reason = "reads as what it is at the call")]
    fn check(&self, limit: Limit, count: u64, value: u64) -> Result<(), ParseError> {
        if count > value { Err(ParseError::Limit { limit, value }) } else { Ok(()) }
    }

    fn details(&mut self, row: &Row<'_>) -> DetailsId {
        let defaults = self.batch.details.get(self.silent);
        let words = |cell: &Cell<'_>, default: &Option<Box<str>>| {
            cell.text().and_then(|text| details::text(&text)).or_else(|| default.clone())
        };
        let mut details = Details {
            reason: words(&row.reason, &defaults.reason),
            category: words(&row.category, &defaults.category),
            severity: words(&row.severity, &defaults.severity),
            country: defaults.country,
            confidence: defaults.confidence,
        };
        // What a row says and nobody understands is still said: no default takes its place.
        if let Some(country) = row.country.text() {
            details.country = self.or_drop(0, &country, Country::new);
        }
        if let Some(confidence) = row.confidence.text() {
            let percent = |text: &str| text.parse().ok().filter(|&n: &u8| n <= 100);
            details.confidence = self.or_drop(1, &confidence, percent);
        }
        if *self.batch.details.get(self.last) != details {
            self.last = self.batch.details.intern(details);
        }
        self.last
    }

    fn or_drop<T>(&mut self, index: usize, text: &str, read: impl Fn(&str) -> Option<T>) -> Option<T> {
        let value = read(text);
        if value.is_none() {
            let (_, rows, example) = &mut self.dropped[index];
            if *rows == 0 {
                *example = short(text);
            }
            *rows += 1;
        }
        value
    }
}
