//! Texts of a legacy workbook, which may run on over several records.

use super::bad;
use crate::ParseError;

/// Pieces of memory read as one, in order.
pub(super) struct Segments<'s> {
    parts: std::vec::IntoIter<&'s [u8]>,
    here: &'s [u8],
}

impl<'s> Segments<'s> {
    pub(super) fn new(parts: Vec<&'s [u8]>) -> Self {
        Self { parts: parts.into_iter(), here: &[] }
    }

    /// Goes on to the next piece when this one is used up. `false` at the end.
    fn refill(&mut self) -> bool {
        while self.here.is_empty() {
            match self.parts.next() {
                Some(part) => self.here = part,
                None => return false,
            }
        }
        true
    }

    pub(super) fn u8(&mut self) -> Result<u8, ParseError> {
        if !self.refill() {
            return Err(bad("a text ends early"));
        }
        let (first, rest) = self.here.split_first().ok_or_else(|| bad("a text ends early"))?;
        self.here = rest;
        Ok(*first)
    }

    fn u16(&mut self) -> Result<u16, ParseError> {
        Ok(u16::from_le_bytes([self.u8()?, self.u8()?]))
    }

    fn u32(&mut self) -> Result<u32, ParseError> {
        Ok(u32::from(self.u16()?) | u32::from(self.u16()?) << 16)
    }

    fn skip(&mut self, mut count: usize) -> Result<(), ParseError> {
        while count > 0 {
            if !self.refill() {
                return Err(bad("a text ends early"));
            }
            let step = count.min(self.here.len());
            self.here = &self.here[step..];
            count -= step;
        }
        Ok(())
    }

    /// Appends `count` characters: of two bytes when `wide`, else of one. Where a text goes on in the next piece, that
    /// piece begins with a byte that says anew how wide it is.
    pub(super) fn chars(&mut self, count: usize, wide: bool, out: &mut String) -> Result<(), ParseError> {
        let mut wide = wide;
        let mut units = Vec::new();
        while units.len() < count {
            if self.here.is_empty() {
                wide = self.u8()? & 1 == 1;
                continue;
            }
            let size = if wide { 2 } else { 1 };
            let step = (count - units.len()).min(self.here.len() / size);
            if step == 0 {
                return Err(bad("a character cut in two"));
            }
            let (taken, rest) = self.here.split_at(step * size);
            if wide {
                units.extend(taken.chunks_exact(2).map(|pair| u16::from_le_bytes([pair[0], pair[1]])));
            } else {
                units.extend(taken.iter().map(|&byte| u16::from(byte)));
            }
            self.here = rest;
        }
        out.extend(char::decode_utf16(units).map(|unit| unit.unwrap_or(char::REPLACEMENT_CHARACTER)));
        Ok(())
    }
}

/// Reads a text with its length, without its formatting ([MS-XLS] 2.5.293).
pub(super) fn string(segments: &mut Segments<'_>, out: &mut String) -> Result<(), ParseError> {
    let count = usize::from(segments.u16()?);
    let flags = segments.u8()?;
    let runs = if flags & 8 == 8 { usize::from(segments.u16()?) } else { 0 };
    let extra = if flags & 4 == 4 { segments.u32()? as usize } else { 0 };
    segments.chars(count, flags & 1 == 1, out)?;
    segments.skip(runs * 4)?;
    segments.skip(extra)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_that_runs_on_may_change_its_width() {
        // "가나" wide, then "bc" narrow in the next record.
        let parts: Vec<&[u8]> = vec![&[4, 0, 1, 0x00, 0xac, 0x98, 0xb0], &[0, b'b', b'c']];
        let mut text = String::new();
        string(&mut Segments::new(parts), &mut text).unwrap();
        assert_eq!(text, "가나bc");
    }

    #[test]
    fn a_text_that_ends_early_is_an_error() {
        for parts in [&[4u8, 0, 1, 0][..], &[4, 0], &[2, 0, 0, b'a'], &[0, 0, 4, 9, 9, 9, 9]] {
            assert!(string(&mut Segments::new(vec![parts]), &mut String::new()).is_err(), "{parts:?}");
        }
    }
}
