//! Lists merged: any number of list files in, the fewest prefixes that make them up out.
//!
//! Rows are kept as they are read, 4 bytes an IPv4 host, and sorted once at the end. Whatever parses is merged, special
//! space too, unless [`Options::public_only`] asks otherwise. An input that is no list adds nothing: what was read of it
//! before that showed is taken back.

mod counts;
mod parts;

use std::io::{self, Read, Write};

pub use self::counts::{Counts, Example, Refused};
use self::parts::Parts;
use crate::parse::Entry;
use crate::prefix::Either;
use crate::{Address, ListError, ListReader, Rules, Set, write};

/// How lists are merged.
#[derive(Clone, Copy, Debug, Default)]
pub struct Options {
    /// Write `first-last` in place of prefixes.
    pub ranges: bool,
    /// Drop the rows that these rules do not admit, and count them with their cause. Exclusions are not judged.
    pub public_only: Option<Rules>,
}

/// What was read and written.
#[derive(Clone, Debug, Default)]
pub struct Summary {
    /// Of the lists that were merged.
    pub lists: Counts,
    /// Of the lists that were excluded. A row refused here leaves something in the result that was meant to be out.
    pub excludes: Counts,
    /// IPv4 addresses written.
    pub addresses_v4: u64,
    /// IPv6 addresses written; all 2^128 are answered as 2^128 - 1.
    pub addresses_v6: u128,
    /// Lines written: prefixes, or ranges.
    pub written: u64,
}

/// Collects lists, then writes them as one.
#[derive(Debug, Default)]
pub struct Aggregator {
    options: Options,
    lists: Side,
    excludes: Side,
}

/// What was read of one kind of input.
#[derive(Debug, Default)]
struct Side {
    v4: Parts<u32>,
    v6: Parts<u128>,
    counts: Counts,
}

/// Written at once.
const CHUNK: usize = 256 * 1024;

impl Aggregator {
    /// One without any list.
    pub fn new(options: Options) -> Self {
        Self { options, ..Self::default() }
    }

    /// Reads a list to be merged.
    pub fn add(&mut self, input: impl Read) -> Result<(), ListError> {
        self.lists.read(input, self.options.public_only)
    }

    /// Reads a list, the addresses of which are taken out of the result.
    pub fn exclude(&mut self, input: impl Read) -> Result<(), ListError> {
        self.excludes.read(input, None)
    }

    /// Writes the result: canonical, in order, IPv4 before IPv6, hosts bare, one entry a line.
    pub fn finish(self, out: impl Write) -> io::Result<Summary> {
        let Self { options, lists, excludes } = self;
        let mut lines =
            Lines { out, buffer: Vec::with_capacity(CHUNK + 128), ranges: options.ranges, written: 0 };
        let without = |all: Set<u32>, out: Set<u32>| if out.is_empty() { all } else { all.subtract(&out) };
        let v4 = without(lists.v4.into_set(), excludes.v4.into_set());
        lines.write(&v4)?;
        let addresses_v4 = v4.addresses() as u64;
        drop(v4);
        let v6 = lists.v6.into_set().subtract(&excludes.v6.into_set());
        lines.write(&v6)?;
        lines.flush()?;
        let (addresses_v6, written) = (v6.addresses(), lines.written);
        Ok(Summary { lists: lists.counts, excludes: excludes.counts, addresses_v4, addresses_v6, written })
    }
}

impl Side {
    fn read(&mut self, input: impl Read, rules: Option<Rules>) -> Result<(), ListError> {
        let before = (self.v4.mark(), self.v6.mark(), self.counts.clone());
        let done = self.read_rows(input, rules);
        if done.is_err() {
            self.v4.cut(before.0);
            self.v6.cut(before.1);
            self.counts = before.2;
        }
        done
    }

    fn read_rows(&mut self, input: impl Read, rules: Option<Rules>) -> Result<(), ListError> {
        let mut reader = ListReader::new(input);
        while let Some(row) = reader.next_row()? {
            let admitted = row.parsed.and_then(|parsed| {
                rules.map_or(Ok(()), |rules| rules.admit_entry(parsed.entry))?;
                Ok(parsed.entry)
            });
            match admitted {
                Ok(entry) => {
                    self.counts.accepted += 1;
                    match entry {
                        Entry::Prefix(prefix) => match prefix.split() {
                            Either::V4(net) => self.v4.push(net.into()),
                            Either::V6(net) => self.v6.push(net.into()),
                        },
                        Entry::Range4(range) => self.v4.push(range),
                        Entry::Range6(range) => self.v6.push(range),
                    }
                }
                Err(cause) => self.counts.refuse(cause, row.line, row.text),
            }
        }
        self.counts.inputs += 1;
        self.counts.lines += reader.lines();
        Ok(())
    }
}

struct Lines<W> {
    out: W,
    buffer: Vec<u8>,
    ranges: bool,
    written: u64,
}

impl<W: Write> Lines<W> {
    fn write<A: Address>(&mut self, set: &Set<A>) -> io::Result<()> {
        for range in set.ranges() {
            if self.ranges {
                write::push_range(&mut self.buffer, *range);
                self.end_line()?;
            } else if range.first() == range.last() {
                write::push_address(&mut self.buffer, range.first());
                self.end_line()?;
            } else {
                for net in range.nets() {
                    write::push_net(&mut self.buffer, net);
                    self.end_line()?;
                }
            }
        }
        Ok(())
    }

    #[inline]
    fn end_line(&mut self) -> io::Result<()> {
        self.buffer.push(b'\n');
        self.written += 1;
        if self.buffer.len() >= CHUNK {
            self.out.write_all(&self.buffer)?;
            self.buffer.clear();
        }
        Ok(())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.write_all(&self.buffer)?;
        self.out.flush()
    }
}
