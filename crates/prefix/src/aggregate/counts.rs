//! What became of the lines that were read.

use crate::Refusal;

/// Examples kept of each cause.
const EXAMPLES: usize = 5;

/// Bytes kept of an example.
const EXAMPLE_BYTES: usize = 200;

/// Counts over all inputs of one kind.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Lists read to their end.
    pub inputs: usize,
    /// Lines, blank ones and comments too.
    pub lines: u64,
    /// Rows that were taken.
    pub accepted: u64,
    /// Rows that were not, by cause, in the order the causes first came.
    pub refused: Vec<Refused>,
}

/// The rows refused for one cause.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused {
    /// Why.
    pub cause: Refusal,
    /// How many.
    pub count: u64,
    /// The first of them.
    pub examples: Vec<Example>,
}

/// A row that was refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Example {
    /// Which of the inputs, counted from 0 in the order they were read.
    pub input: usize,
    /// Its line there, counted from 1.
    pub line: u64,
    /// Its text, cut at 200 bytes; what is no UTF-8 is replaced.
    pub text: String,
}

impl Counts {
    /// Rows refused for any cause.
    pub fn refusals(&self) -> u64 {
        self.refused.iter().map(|refused| refused.count).sum()
    }

    #[cold]
    pub(super) fn refuse(&mut self, cause: Refusal, line: u64, text: &[u8]) {
        let at = self.refused.iter().position(|refused| refused.cause == cause).unwrap_or_else(|| {
            self.refused.push(Refused { cause, count: 0, examples: Vec::new() });
            self.refused.len() - 1
        });
        let refused = &mut self.refused[at];
        refused.count += 1;
        if refused.examples.len() < EXAMPLES {
            let text = String::from_utf8_lossy(&text[..text.len().min(EXAMPLE_BYTES)]).into_owned();
            refused.examples.push(Example { input: self.inputs, line, text });
        }
    }
}
