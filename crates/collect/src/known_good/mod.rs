//! Known-good lists as files: what they may look like, and the few that come with the program.
//!
//! A file is the JSON of a MISP warninglist, or a plain list with one address or prefix a line. An entry that is no
//! address (a name, a pattern) is passed over, counted and shown; one that is so wide that it would empty the block list
//! is refused by itself. A file that is no such list, or holds no address at all, is refused whole: a known-good list
//! that silently protects nothing would be worse than none.

mod error;
mod misp;
pub mod shipped;

use std::collections::BTreeMap;
use std::io::Read;

use prefix::prefix::Family;
use prefix::special::{MIN_LEN_V4, MIN_LEN_V6};
use prefix::{ListReader, Prefix, Refusal};

pub use error::KnownGoodError;

use crate::text::short;

/// The largest file, in bytes.
pub const MAX_BYTES: u64 = 64 << 20;
/// The most entries of a file, whatever they are.
pub const MAX_ENTRIES: u64 = 1_000_000;
/// How many entries that were not taken are shown for each cause.
pub const EXAMPLES: usize = 5;

/// A known-good list that was read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct KnownGood {
    /// Its name, as the file says it.
    pub name: Option<String>,
    /// What it holds, as the file says it.
    pub description: Option<String>,
    /// Its version, as the file says it.
    pub version: Option<String>,
    /// Its prefixes, in order, each once.
    pub prefixes: Vec<Prefix>,
    /// Entries whose host bits were cleared.
    pub host_bits: u64,
    /// Entries that were not taken, by cause.
    pub passed_over: BTreeMap<Refusal, Passed>,
}

/// Entries that were not taken.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Passed {
    /// How many.
    pub count: u64,
    /// The first of them: line or number from 1, and the start of the text.
    pub examples: Vec<(u64, String)>,
}

impl KnownGood {
    /// How many entries were not taken.
    pub fn passed_over(&self) -> u64 {
        self.passed_over.values().map(|passed| passed.count).sum()
    }
}

/// Reads a file.
pub fn read(input: &mut dyn Read) -> Result<KnownGood, KnownGoodError> {
    let mut bytes = Vec::new();
    input.take(MAX_BYTES + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > MAX_BYTES {
        return Err(KnownGoodError::TooLarge);
    }
    let text = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&bytes);
    let mut entries = Entries::default();
    match text.trim_ascii_start() {
        [] => return Err(KnownGoodError::Empty),
        [b'{' | b'[', ..] => misp::read(text, &mut entries)?,
        // The archives and documents whose first bytes hold no control byte that gives them away.
        [0x1f, 0x8b, ..] | [b'P', b'K', ..] | [b'%', b'P', b'D', b'F', ..] => {
            return Err(KnownGoodError::Binary);
        }
        _ => {
            let mut rows = ListReader::new(text);
            while let Some(row) = rows.next_row()? {
                entries.add(row.line, row.text, row.parsed)?;
            }
        }
    }
    entries.finish()
}

/// What is read so far.
#[derive(Debug, Default)]
struct Entries {
    read: u64,
    list: KnownGood,
}

impl Entries {
    /// Takes an entry, or counts why not.
    fn add(
        &mut self,
        at: u64,
        text: &[u8],
        parsed: Result<prefix::parse::Parsed, Refusal>,
    ) -> Result<(), KnownGoodError> {
        self.read += 1;
        if self.read > MAX_ENTRIES {
            return Err(KnownGoodError::TooMany);
        }
        match parsed.and_then(|parsed| admit(parsed.entry).map(|()| parsed)) {
            Ok(parsed) => {
                self.list.host_bits += u64::from(parsed.host_bits);
                self.list.prefixes.extend(parsed.entry.prefixes());
            }
            Err(cause) => {
                let passed = self.list.passed_over.entry(cause).or_default();
                passed.count += 1;
                if passed.examples.len() < EXAMPLES {
                    // Only the start is shown.
                    let start = &text[..text.len().min(256)];
                    passed.examples.push((at, short(&String::from_utf8_lossy(start))));
                }
            }
        }
        Ok(())
    }

    fn finish(mut self) -> Result<KnownGood, KnownGoodError> {
        if self.list.prefixes.is_empty() {
            return Err(if self.read == 0 {
                KnownGoodError::Empty
            } else {
                KnownGoodError::NoAddress { passed_over: self.read }
            });
        }
        self.list.prefixes.sort_unstable();
        self.list.prefixes.dedup();
        Ok(self.list)
    }
}

/// Special space is welcome: it is never served anyway.
fn admit(entry: prefix::Entry) -> Result<(), Refusal> {
    let wide = |prefix: Prefix| match prefix.family() {
        Family::V4 => prefix.len() < MIN_LEN_V4,
        Family::V6 => prefix.len() < MIN_LEN_V6,
    };
    if entry.prefixes().any(wide) { Err(Refusal::TooWide) } else { Ok(()) }
}
