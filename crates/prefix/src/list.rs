//! List files, one entry a line, of any size in bounded memory.
//!
//! Blank lines and comments (`#`, `;`, `//`) are passed over; of the others each gives one [`Row`]: what its entry means
//! or why it is refused. What follows the entry after a space, tab, `#` or `;` is a comment, except that ` - ` and an
//! address make a range. A byte order mark, CRLF, and a last line without an end are all right.
//!
//! A file that is plainly no list is refused as a whole by a [`ListError`]: a web page in place of a feed would
//! otherwise count as a list of which every line is bad. The error can come after rows were given, so a caller keeps
//! nothing until the end.

mod head;
mod line;

use std::io::{self, Read};

use crate::parse::Parsed;
use crate::{Refusal, v4};

/// The longest line that is read, without its end.
pub const MAX_LINE: usize = 64 * 1024;

/// Room for many lines, so that a read call serves some ten thousand of them, and still within the second-level cache.
const BUFFER: usize = 256 * 1024;

/// Why a file is refused as a whole.
#[derive(Debug, thiserror::Error)]
pub enum ListError {
    /// Reading failed.
    #[error("the list could not be read")]
    Io(#[from] io::Error),
    /// A web page: a login, an error, a notice in place of the list.
    #[error("a web page, not a list")]
    Html,
    /// UTF-16, as some Windows programs save it.
    #[error("UTF-16 text; save the list as UTF-8")]
    Utf16,
    /// Control bytes that no text has: an archive, a workbook, a program.
    #[error("a binary file, not a list")]
    Binary,
}

/// A line that is neither blank nor a comment.
#[derive(Clone, Copy, Debug)]
pub struct Row<'a> {
    /// Counted from 1.
    pub line: u64,
    /// The line as it stands, without its end. The first [`MAX_LINE`] bytes of one that is too long.
    pub text: &'a [u8],
    /// What it means, or why it is refused.
    pub parsed: Result<Parsed, Refusal>,
}

/// Reads a list line by line.
#[derive(Debug)]
pub struct ListReader<R> {
    input: R,
    buffer: Vec<u8>,
    /// What is read and not yet given: `buffer[start..end]`.
    start: usize,
    end: usize,
    eof: bool,
    line: u64,
    /// Behind the first `MAX_LINE` bytes of a line, the end of which is still to be found.
    skipping: bool,
    head: head::Head,
}

impl<R: Read> ListReader<R> {
    /// A reader at the begin of a list.
    pub fn new(input: R) -> Self {
        let head = head::Head::Start;
        Self { input, buffer: vec![0; BUFFER], start: 0, end: 0, eof: false, line: 0, skipping: false, head }
    }

    /// Lines begun so far, blank ones and comments too.
    pub fn lines(&self) -> u64 {
        self.line
    }

    /// Hands every row to `each`; gives the count of lines.
    pub fn for_each(mut self, mut each: impl FnMut(Row<'_>)) -> Result<u64, ListError> {
        while let Some(row) = self.next_row()? {
            each(row);
        }
        Ok(self.line)
    }

    /// The next row, or `None` at the end. It borrows the buffer: nothing is copied.
    #[inline]
    pub fn next_row(&mut self) -> Result<Option<Row<'_>>, ListError> {
        // Nearly every line of nearly every list: a bare IPv4 address. Its end is found by reading it.
        if self.head == head::Head::Passed
            && let Some(window) = self.buffer[self.start..self.end].first_chunk::<{ v4::WINDOW }>()
            && let Some((addr, len)) = v4::leading(window)
            && window[len] == b'\n'
            && !self.skipping
        {
            let text = self.start..self.start + len;
            self.start += len + 1;
            self.line += 1;
            return Ok(Some(Row {
                line: self.line,
                text: &self.buffer[text],
                parsed: Ok(Parsed::host(addr)),
            }));
        }
        self.next_slowly()
    }

    fn next_slowly(&mut self) -> Result<Option<Row<'_>>, ListError> {
        loop {
            let Some((from, to)) = self.next_line()? else { return Ok(None) };
            if to - from > MAX_LINE {
                let text = &self.buffer[from..from + MAX_LINE];
                self.head.line(text)?;
                return Ok(Some(Row { line: self.line, text, parsed: Err(Refusal::LongLine) }));
            }
            let text = &self.buffer[from..to];
            if self.head != head::Head::Passed {
                self.head.line(text)?;
            }
            if let Some(parsed) = line::read(text) {
                // Named again: the borrow of the first look must end before the loop goes on.
                return Ok(Some(Row { line: self.line, text: &self.buffer[from..to], parsed }));
            }
        }
    }

    /// Where the next line lies in the buffer, without its end; longer than [`MAX_LINE`] when it is too long.
    fn next_line(&mut self) -> Result<Option<(usize, usize)>, ListError> {
        let mut searched = 0;
        loop {
            let found = memchr::memchr(b'\n', &self.buffer[self.start + searched..self.end]);
            if let Some(at) = found {
                let (from, to) = (self.start, self.start + searched + at);
                self.start = to + 1;
                if std::mem::take(&mut self.skipping) {
                    searched = 0;
                    continue;
                }
                return Ok(Some(self.ended(from, to)));
            }
            searched = self.end - self.start;
            if self.skipping {
                (self.start, searched) = (self.end, 0);
            } else if searched > MAX_LINE + 1 || self.eof && searched > 0 {
                let from = self.start;
                self.start = self.end;
                self.skipping = !self.eof;
                return Ok(Some(self.ended(from, self.end)));
            }
            if self.eof {
                return Ok(None);
            }
            self.fill()?;
        }
    }

    /// Counts a line and takes the CR of a CRLF off it.
    fn ended(&mut self, from: usize, to: usize) -> (usize, usize) {
        self.line += 1;
        (from, to - usize::from(to > from && self.buffer[to - 1] == b'\r'))
    }

    /// Reads more behind what is left, and looks at it as a whole.
    fn fill(&mut self) -> Result<(), ListError> {
        self.buffer.copy_within(self.start..self.end, 0);
        (self.start, self.end) = (0, self.end - self.start);
        let fresh = self.end;
        // A reader may give little at a time; the head is judged by more than its first bytes.
        while self.end < self.buffer.len() {
            match self.input.read(&mut self.buffer[self.end..]) {
                Ok(0) => {
                    self.eof = true;
                    break;
                }
                Ok(read) => self.end += read,
                Err(cause) if cause.kind() == io::ErrorKind::Interrupted => {}
                Err(cause) => return Err(cause.into()),
            }
        }
        if self.head == head::Head::Start {
            self.start = self.head.bytes(&self.buffer[..self.end])?;
        }
        match memchr::memchr(0, &self.buffer[fresh..self.end]) {
            Some(_) => Err(ListError::Binary),
            None => Ok(()),
        }
    }
}
