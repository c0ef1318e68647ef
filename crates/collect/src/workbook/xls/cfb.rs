//! The compound file around a legacy workbook: sectors in chains, like a small FAT disk ([MS-CFB]).

use super::bad;
use crate::ParseError;

/// Sector numbers from here on are marks (end of chain, free, FAT), not sectors.
const MARKS: u32 = 0xffff_fffa;
const HEADER: usize = 512;
const ENTRY: usize = 128;
const MINI: usize = 64;

/// A compound file.
pub(super) struct File<'b> {
    bytes: &'b [u8],
    sector: usize,
    fat: Vec<u32>,
    mini_fat: Vec<u32>,
    /// The stream in which small streams live.
    mini: Vec<u8>,
    /// Streams shorter than this live in [`Self::mini`].
    cutoff: u64,
    entries: Vec<Entry>,
}

struct Entry {
    name: String,
    start: u32,
    size: u64,
}

impl<'b> File<'b> {
    pub(super) fn open(bytes: &'b [u8]) -> Result<Self, ParseError> {
        let header = bytes.get(..HEADER).ok_or_else(|| bad("the file ends in its header"))?;
        let sector = match u16_at(header, 30) {
            9 => 512,
            12 => 4096,
            other => return Err(bad(format!("a sector size of 2^{other}"))),
        };
        let mut file = Self {
            bytes,
            sector,
            fat: Vec::new(),
            mini_fat: Vec::new(),
            mini: Vec::new(),
            cutoff: u32_at(header, 56).into(),
            entries: Vec::new(),
        };
        file.read_fat(header)?;
        let directory = file.chain(u32_at(header, 48), u64::MAX)?;
        file.entries = directory.chunks_exact(ENTRY).filter_map(entry).collect();
        let root = directory.get(..ENTRY).ok_or_else(|| bad("no directory"))?;
        file.mini_fat = numbers(&file.chain(u32_at(header, 60), u64::MAX)?).collect();
        file.mini = file.chain(u32_at(root, 116), u64::MAX)?;
        Ok(file)
    }

    pub(super) fn has(&self, name: &str) -> bool {
        self.entries.iter().any(|entry| entry.name.eq_ignore_ascii_case(name))
    }

    /// A stream by name; shorter than the directory says is an error.
    pub(super) fn stream(&self, name: &str) -> Result<Option<Vec<u8>>, ParseError> {
        let Some(entry) = self.entries.iter().find(|entry| entry.name.eq_ignore_ascii_case(name)) else {
            return Ok(None);
        };
        let stream = if entry.size < self.cutoff {
            let sectors = walk(&self.mini_fat, entry.start, entry.size.div_ceil(MINI as u64))?;
            let parts = sectors
                .into_iter()
                .map(|at| self.mini.get(at as usize * MINI..).map(|rest| &rest[..MINI.min(rest.len())]));
            parts.collect::<Option<Vec<_>>>().ok_or_else(|| bad("a sector beyond the end"))?.concat()
        } else {
            self.chain(entry.start, entry.size)?
        };
        let size = usize::try_from(entry.size).unwrap_or(usize::MAX);
        stream.get(..size).map(|stream| Some(stream.to_vec())).ok_or_else(|| bad("the file ends early"))
    }

    /// How many sectors the file has room for, the last perhaps cut.
    fn sectors(&self) -> usize {
        self.bytes.len().saturating_sub(self.sector).div_ceil(self.sector)
    }

    fn sector(&self, number: u32) -> Result<&'b [u8], ParseError> {
        let start = (number as usize).checked_add(1).and_then(|n| n.checked_mul(self.sector));
        let rest = start.and_then(|start| self.bytes.get(start..)).filter(|rest| !rest.is_empty());
        let rest = rest.ok_or_else(|| bad("a sector beyond the end"))?;
        Ok(&rest[..self.sector.min(rest.len())])
    }

    /// The table of chains: its sectors are listed in the header, and on from there in a chain of their own.
    fn read_fat(&mut self, header: &[u8]) -> Result<(), ParseError> {
        let room = self.sectors() + self.sector;
        let take = |file: &mut Self, number: u32| -> Result<(), ParseError> {
            if number < MARKS {
                let sector = file.sector(number)?;
                file.fat.extend(numbers(sector));
            }
            if file.fat.len() > room { Err(bad("a table longer than the file")) } else { Ok(()) }
        };
        for number in numbers(&header[76..]) {
            take(self, number)?;
        }
        let mut next = u32_at(header, 68);
        let mut steps = 0;
        while next < MARKS {
            let listed: Vec<u32> = numbers(self.sector(next)?).collect();
            let Some((&after, listed)) = listed.split_last() else { break };
            for &number in listed {
                take(self, number)?;
            }
            next = after;
            steps += 1;
            if steps > self.sectors() {
                return Err(bad("a chain without end"));
            }
        }
        Ok(())
    }

    /// The sectors of a chain, at least as many as hold `size` bytes if the chain is that long.
    fn chain(&self, start: u32, size: u64) -> Result<Vec<u8>, ParseError> {
        let mut out = Vec::new();
        for number in walk(&self.fat, start, size.div_ceil(self.sector as u64))? {
            out.extend_from_slice(self.sector(number)?);
        }
        Ok(out)
    }
}

/// The sectors of a chain, at most `count`.
fn walk(table: &[u32], start: u32, count: u64) -> Result<Vec<u32>, ParseError> {
    let mut sectors = Vec::new();
    let mut next = start;
    while next < MARKS && (sectors.len() as u64) < count {
        // A chain longer than its table goes round.
        if sectors.len() > table.len() {
            return Err(bad("a chain without end"));
        }
        sectors.push(next);
        next = *table.get(next as usize).ok_or_else(|| bad("a chain that leaves the file"))?;
    }
    Ok(sectors)
}

/// A directory entry, if it is a stream or the root.
fn entry(bytes: &[u8]) -> Option<Entry> {
    let length = usize::from(u16_at(bytes, 64)).checked_sub(2)?;
    let name = bytes.get(..length.min(64))?;
    let units: Vec<u16> = name.chunks_exact(2).map(|pair| u16::from_le_bytes([pair[0], pair[1]])).collect();
    // The upper half of the size is junk in files of version 3, and no workbook is that long.
    Some(Entry {
        name: String::from_utf16_lossy(&units),
        start: u32_at(bytes, 116),
        size: u32_at(bytes, 120).into(),
    })
}

fn numbers(bytes: &[u8]) -> impl Iterator<Item = u32> {
    bytes.chunks_exact(4).map(|four| u32_at(four, 0))
}

/// Zero beyond the end: the callers have checked the length of what they name a field in.
pub(super) fn u16_at(bytes: &[u8], at: usize) -> u16 {
    bytes.get(at..at + 2).map_or(0, |two| u16::from_le_bytes([two[0], two[1]]))
}

pub(super) fn u32_at(bytes: &[u8], at: usize) -> u32 {
    bytes.get(at..at + 4).map_or(0, |four| u32::from_le_bytes([four[0], four[1], four[2], four[3]]))
}
