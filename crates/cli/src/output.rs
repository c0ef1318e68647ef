//! Where words go: answers on stdout, everything else on stderr. With `--json`, stdout holds one JSON value and nothing
//! else.

#![expect(clippy::print_stderr, reason = "this is the one place that speaks to people")]

use std::fmt::Display;
use std::io::{self, IsTerminal, Write};

use serde::Serialize;

use crate::exit::Exit;
use crate::failure::Failure;

/// How the program speaks.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Output {
    json: bool,
    quiet: bool,
    verbose: u8,
}

impl Output {
    pub(crate) fn new(json: bool, quiet: bool, verbose: u8) -> Self {
        Self { json, quiet, verbose }
    }

    /// `-v` count.
    pub(crate) fn verbosity(&self) -> u8 {
        self.verbose
    }

    /// Whether bars may be drawn: somebody looks, and has not asked for silence.
    pub(crate) fn shows_progress(&self) -> bool {
        !self.quiet && !self.json && io::stderr().is_terminal()
    }

    /// The answer: as JSON, or as the text that `text` makes.
    pub(crate) fn answer<T: Serialize>(
        &self,
        value: &T,
        text: impl FnOnce() -> String,
    ) -> Result<(), Failure> {
        let mut line = if self.json {
            serde_json::to_string(value).map_err(|error| Failure::from_error(&error))?
        } else {
            text()
        };
        if line.is_empty() {
            return Ok(());
        }
        line.push('\n');
        write_out(line.as_bytes())
    }

    /// Whether the answer is JSON.
    pub(crate) fn is_json(&self) -> bool {
        self.json
    }

    /// A remark beside the answer.
    pub(crate) fn note(&self, text: impl Display) {
        if !self.quiet {
            eprintln!("{text}");
        }
    }

    /// Something a person should look at.
    #[expect(clippy::unused_self, reason = "not even --quiet silences it, but who speaks is this")]
    pub(crate) fn warn(&self, text: impl Display) {
        eprintln!("warning: {text}");
    }

    /// Says what failed, and answers the exit code.
    pub(crate) fn failure(&self, failure: &Failure) -> Exit {
        eprintln!("error: {}", failure.what);
        for cause in &failure.causes {
            eprintln!("  because: {cause}");
        }
        if let Some(hint) = &failure.hint {
            eprintln!("  hint: {hint}");
        }
        if self.json {
            let _ = write_out(format!("{}\n", failure.to_json()).as_bytes());
        }
        failure.exit
    }
}

/// Asks a person at the terminal.
pub(crate) fn ask(question: &str) {
    eprint!("{question}");
}

/// Writes to stdout. Whoever closed the pipe (`| head`) has all they wanted.
pub(crate) fn write_out(bytes: &[u8]) -> Result<(), Failure> {
    let mut out = io::stdout().lock();
    match out.write_all(bytes).and_then(|()| out.flush()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            Err(Failure::from_error(&error).hint("standard output could not be written"))
        }
        _ => Ok(()),
    }
}

/// A number with thin groups, as people read it: 1,234,567.
pub(crate) fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// Rows under headings, each column as wide as its widest cell, columns of numbers to the right.
pub(crate) fn table(headings: &[&str], rows: &[Vec<String>]) -> String {
    let width = |text: &str| text.chars().map(|c| if c >= '\u{1100}' { 2 } else { 1 }).sum::<usize>();
    let mut widths: Vec<usize> = headings.iter().map(|heading| width(heading)).collect();
    for row in rows {
        for (at, cell) in row.iter().enumerate() {
            widths[at] = widths[at].max(width(cell));
        }
    }
    let number = |cell: &str| cell.bytes().all(|b| b.is_ascii_digit() || b == b',');
    let numbers: Vec<bool> = (0..headings.len()).map(|at| rows.iter().all(|row| number(&row[at]))).collect();
    let mut out = String::new();
    let head: Vec<String> = headings.iter().map(|&heading| heading.to_owned()).collect();
    for row in std::iter::once(&head).chain(rows) {
        let mut line = String::new();
        for (at, cell) in row.iter().enumerate() {
            let pad = " ".repeat(widths[at] - width(cell));
            line.push_str(if at > 0 { "  " } else { "" });
            if numbers[at] {
                line.push_str(&pad);
                line.push_str(cell);
            } else {
                line.push_str(cell);
                line.push_str(&pad);
            }
        }
        out.push_str(line.trim_end());
        out.push('\n');
    }
    out.pop();
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_grouped_by_three() {
        assert_eq!([0, 999, 1_000, 1_234_567].map(grouped), ["0", "999", "1,000", "1,234,567"]);
    }

    #[test]
    fn columns_line_up_with_wide_letters() {
        let rows = vec![vec!["가나".into(), "7".into()], vec!["a".into(), "1,000".into()]];
        assert_eq!(table(&["name", "n"], &rows), "name      n\n가나      7\na     1,000");
    }
}
