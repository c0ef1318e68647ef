//! Several inputs as one: the windows of a portal, the pages of a collection, the events of a feed.

use blocklist::{Batch, Record};

use super::{Note, Parsed, Parser};
use crate::ParseError;
use crate::options::{Limit, Limits};

impl Parsed {
    /// What a parser makes of nothing.
    pub fn empty(parser: Parser) -> Self {
        Self { parser, batch: Batch::default(), notes: Vec::new() }
    }

    /// Joins parts that one parser read, in their order; without any part, nothing. The limits on rows and prefixes hold
    /// for the whole. The line of a refused row counts in its own part.
    pub fn join(
        parser: Parser,
        parts: impl IntoIterator<Item = Self>,
        limits: &Limits,
    ) -> Result<Self, ParseError> {
        let mut parts = parts.into_iter();
        let mut whole = match parts.next() {
            Some(first) => Self { parser, ..first },
            None => Self::empty(parser),
        };
        for part in parts {
            whole.add(part);
            let over = |limit, value| Err(ParseError::Limit { limit, value });
            if whole.batch.rows > limits.rows {
                return over(Limit::Rows, limits.rows);
            }
            if whole.batch.records.len() as u64 > limits.prefixes {
                return over(Limit::Prefixes, limits.prefixes);
            }
        }
        Ok(whole)
    }

    fn add(&mut self, part: Self) {
        let Batch { records, details, rows, accepted, host_bits, refused, refusals } = part.batch;
        let whole = &mut self.batch;
        // The table of one part is not that of another: each of its sets gets an id of the whole.
        let ids: Vec<_> = details.iter().map(|set| whole.details.intern(set.clone())).collect();
        whole.records.extend(records.into_iter().map(|record| Record {
            details: ids.get(record.details.0 as usize).copied().unwrap_or_default(),
            ..record
        }));
        whole.rows += rows;
        whole.accepted += accepted;
        whole.host_bits += host_bits;
        for (cause, count) in refusals {
            *whole.refusals.entry(cause).or_default() += count;
        }
        let kept =
            |batch: &Batch, cause| batch.refused.iter().filter(|row| row.cause == cause).count() as u64;
        for row in refused {
            if kept(whole, row.cause) < blocklist::batch::MAX_REFUSED_KEPT {
                whole.refused.push(row);
            }
        }
        for note in part.notes {
            self.note(note);
        }
    }

    /// The same note of many parts stands once; what is skipped is counted together.
    fn note(&mut self, note: Note) {
        if let Note::Skipped { what, count } = &note {
            for known in &mut self.notes {
                if let Note::Skipped { what: same, count: sum } = known
                    && same == what
                {
                    *sum += count;
                    return;
                }
            }
        }
        if !self.notes.contains(&note) {
            self.notes.push(note);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Choice, Options};

    fn csv(text: &str) -> Parsed {
        crate::parse(Choice::Is(Parser::Csv), &mut text.as_bytes(), &Options::default()).unwrap()
    }

    #[test]
    fn joined_parts_hold_what_one_input_of_their_rows_would() {
        let (one, two) =
            ("45.9.20.1,US,scan\n10.0.0.1,US,scan\n", "45.9.20.2,KR,brute force\n45.9.20.3,US,scan\nx,y,z\n");
        let head = "ip,country,reason\n";
        let parts = [one, two].map(|rows| csv(&format!("{head}{rows}")));
        let joined = Parsed::join(Parser::Csv, parts, &Limits::default()).unwrap();
        let whole = csv(&format!("{head}{one}{two}"));
        let told = |parsed: &Parsed| -> Vec<_> {
            let batch = &parsed.batch;
            batch
                .records
                .iter()
                .map(|record| (record.prefix, batch.details.get(record.details).clone()))
                .collect()
        };
        assert_eq!(told(&joined), told(&whole));
        assert_eq!(joined.batch.refusals, whole.batch.refusals);
        assert_eq!((joined.batch.rows, joined.batch.accepted), (whole.batch.rows, whole.batch.accepted));
        assert_eq!(joined.notes, whole.notes);
        assert_eq!(joined.batch.details.len(), whole.batch.details.len());
    }

    #[test]
    fn the_limits_hold_for_the_whole() {
        let limits = Limits { rows: 3, ..Limits::default() };
        let parts = || [csv("ip\n45.9.20.1\n45.9.20.2\n"), csv("ip\n45.9.20.3\n45.9.20.4\n")];
        let over = Parsed::join(Parser::Csv, parts(), &limits).unwrap_err();
        assert!(matches!(over, ParseError::Limit { limit: Limit::Rows, value: 3 }));
        let nothing = Parsed::join(Parser::Csv, [], &limits).unwrap();
        assert_eq!(nothing.batch.rows, 0);
    }
}
