//! Several parsed parts of one input as one batch: the pages of a collection, the events of a feed.
//!
//! A refused row keeps its number within its part, and its text says which part that is.

use blocklist::batch::{MAX_REFUSED_KEPT, MAX_REFUSED_TEXT};
use blocklist::{Batch, Refused};

use crate::options::{Limit, Limits};
use crate::{Note, ParseError, Parsed, Parser};

/// What has been joined so far.
pub(super) struct Joined {
    parser: Parser,
    batch: Batch,
    notes: Vec<Note>,
    limits: Limits,
}

impl Joined {
    /// Nothing yet. The limits on rows and prefixes hold for all parts together.
    pub(super) fn new(parser: Parser, limits: Limits) -> Self {
        Self { parser, batch: Batch::default(), notes: Vec::new(), limits }
    }

    /// Adds a part; `part` names it to people.
    pub(super) fn add(&mut self, part: &str, parsed: Parsed) -> Result<(), ParseError> {
        let Batch { records, details, rows, accepted, host_bits, refused, refusals } = parsed.batch;
        let ids: Vec<_> = details.iter().map(|details| self.batch.details.intern(details.clone())).collect();
        self.batch.records.extend(records.into_iter().map(|mut record| {
            // Every id of a batch is one of its own table; the empty set stands in for one that is not.
            record.details = ids.get(record.details.0 as usize).copied().unwrap_or_default();
            record
        }));
        for Refused { line, cause, text } in refused {
            let before = self.batch.refused.iter().filter(|row| row.cause == cause).count() as u64;
            if before < MAX_REFUSED_KEPT {
                let text = format!("{part}: {text}");
                let text = text[..text.floor_char_boundary(MAX_REFUSED_TEXT)].into();
                self.batch.refused.push(Refused { line, cause, text });
            }
        }
        for (cause, count) in refusals {
            *self.batch.refusals.entry(cause).or_default() += count;
        }
        self.batch.rows += rows;
        self.batch.accepted += accepted;
        self.batch.host_bits += host_bits;
        parsed.notes.into_iter().for_each(|note| self.note(note));
        self.check(Limit::Rows, self.batch.rows, self.limits.rows)?;
        self.check(Limit::Prefixes, self.batch.records.len() as u64, self.limits.prefixes)
    }

    /// Adds a note, or its count to the same one.
    pub(super) fn note(&mut self, note: Note) {
        for known in &mut self.notes {
            match (known, &note) {
                (Note::Skipped { what, count }, Note::Skipped { what: same, count: more })
                    if what == same =>
                {
                    *count += more;
                    return;
                }
                (Note::Dropped { field, rows, .. }, Note::Dropped { field: same, rows: more, .. })
                    if field == same =>
                {
                    *rows += more;
                    return;
                }
                (known, note) if known == note => return,
                _ => {}
            }
        }
        self.notes.push(note);
    }

    /// All parts as one.
    pub(super) fn finish(self) -> Parsed {
        Parsed { parser: self.parser, batch: self.batch, notes: self.notes }
    }

    #[expect(clippy::unused_self, reason = "reads as what it is at the call")]
    fn check(&self, limit: Limit, count: u64, value: u64) -> Result<(), ParseError> {
        if count > value { Err(ParseError::Limit { limit, value }) } else { Ok(()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Choice, Options, parse};

    fn page(text: &str) -> Parsed {
        parse(Choice::Is(Parser::Csv), &mut text.as_bytes(), &Options::default()).unwrap()
    }

    #[test]
    fn parts_keep_their_details_counts_and_refused_rows() {
        let mut joined = Joined::new(Parser::Csv, Limits::default());
        joined.add("page 1", page("ip,reason\n1.1.1.1,scan\n1.1.1.2,spam\nbad,x\n")).unwrap();
        joined.add("page 2", page("ip,reason\n1.1.1.3,spam\n1.1.1.4/24,worm\n10.0.0.1,x\n")).unwrap();
        let Parsed { batch, notes, .. } = joined.finish();
        let reasons: Vec<_> = batch
            .records
            .iter()
            .map(|record| batch.details.get(record.details).reason.as_deref().unwrap())
            .collect();
        assert_eq!(reasons, ["scan", "spam", "spam", "worm"]);
        assert_eq!((batch.rows, batch.accepted, batch.host_bits), (6, 4, 1));
        assert_eq!(batch.refusals.values().sum::<u64>(), 2);
        let refused: Vec<_> = batch.refused.iter().map(|row| (row.line, &*row.text)).collect();
        assert_eq!(refused, [(4, "page 1: bad,x"), (4, "page 2: 10.0.0.1,x")]);
        // The same columns were found on both pages, and that is said once.
        assert_eq!(notes.len(), 2, "{notes:?}");
    }

    #[test]
    fn the_limits_hold_for_all_parts_together() {
        let limits = Limits { rows: 3, ..Limits::default() };
        let mut joined = Joined::new(Parser::Csv, limits);
        joined.add("page 1", page("ip,reason\n1.1.1.1,a\n1.1.1.2,b\n")).unwrap();
        let error = joined.add("page 2", page("ip,reason\n1.1.1.3,a\n1.1.1.4,b\n")).unwrap_err();
        assert!(matches!(error, ParseError::Limit { limit: Limit::Rows, value: 3 }));
    }
}
