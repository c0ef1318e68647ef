//! What one run read from a source, before anything is changed.

use std::collections::BTreeMap;

use prefix::Prefix;

use crate::{Cause, DetailsId, DetailsTable, Time};

/// One prefix as the source gave it. A row that names a range makes several.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Record {
    /// What is listed.
    pub prefix: Prefix,
    /// What the source says of it, in [`Batch::details`].
    pub details: DetailsId,
    /// When the source detected it, if it says so.
    pub detected: Option<Time>,
    /// The first moment at which it is no longer listed, if the source says so.
    pub until: Option<Time>,
}

/// A row that was refused, as a person can find it again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused {
    /// Line of the file, row of the sheet (the header is row 1), or number of the JSON element; from 1.
    pub line: u64,
    /// Why.
    pub cause: Cause,
    /// The row's text, at most [`MAX_REFUSED_TEXT`] bytes.
    pub text: Box<str>,
}

/// How much of a refused row's text is kept, in bytes.
pub const MAX_REFUSED_TEXT: usize = 200;
/// How many refused rows of one cause are kept with their text; all are counted.
pub const MAX_REFUSED_KEPT: u64 = 1_000;

/// What a run read: wholly parsed and validated, not yet kept.
#[derive(Clone, Debug, Default)]
pub struct Batch {
    /// What was accepted, in the order it was read, repeats included.
    pub records: Vec<Record>,
    /// The details that the records name.
    pub details: DetailsTable,
    /// Rows that hold something: accepted plus refused.
    pub rows: u64,
    /// Rows that were accepted.
    pub accepted: u64,
    /// Rows whose host bits were set and have been cleared.
    pub host_bits: u64,
    /// Refused rows with their text, at most [`MAX_REFUSED_KEPT`] of each cause.
    pub refused: Vec<Refused>,
    /// How many rows each cause refused.
    pub refusals: BTreeMap<Cause, u64>,
}

impl Batch {
    /// Counts a refused row, and keeps its text while there is room.
    pub fn refuse(&mut self, line: u64, cause: Cause, text: &[u8]) {
        self.rows += 1;
        let count = self.refusals.entry(cause).or_default();
        *count += 1;
        if *count <= MAX_REFUSED_KEPT {
            let text = String::from_utf8_lossy(&text[..text.len().min(MAX_REFUSED_TEXT)]);
            let text: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
            let text = text[..text.floor_char_boundary(MAX_REFUSED_TEXT)].into();
            self.refused.push(Refused { line, cause, text });
        }
    }

    /// Counts an accepted row; its records are pushed by the caller.
    pub fn accept(&mut self, host_bits: bool) {
        self.rows += 1;
        self.accepted += 1;
        self.host_bits += u64::from(host_bits);
    }

    /// How many rows were refused.
    pub fn refused_rows(&self) -> u64 {
        self.rows - self.accepted
    }
}
