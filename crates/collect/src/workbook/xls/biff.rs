//! The records of a legacy workbook (BIFF8).

use super::bad;
use super::cfb::{u16_at, u32_at};
use super::text::{Segments, string};
use crate::ParseError;
use crate::workbook::MAX_SHEETS;
use crate::workbook::strings::Strings;

const EOF: u16 = 0x000a;
const BOF: u16 = 0x0809;
const FILE_PASS: u16 = 0x002f;
const DATE_MODE: u16 = 0x0022;
const BOUND_SHEET: u16 = 0x0085;
const SST: u16 = 0x00fc;
const CONTINUE: u16 = 0x003c;
const FORMULA: u16 = 0x0006;
const MUL_RK: u16 = 0x00bd;
const R_STRING: u16 = 0x00d6;
const LABEL_SST: u16 = 0x00fd;
const NUMBER: u16 = 0x0203;
const LABEL: u16 = 0x0204;
const BOOL_ERR: u16 = 0x0205;
const STRING: u16 = 0x0207;
const RK: u16 = 0x027e;

/// The version that BIFF8 states.
const BIFF8: u16 = 0x0600;

/// The records from an offset on; a record that does not fit ends them with an error.
struct Records<'s> {
    rest: &'s [u8],
}

impl<'s> Records<'s> {
    fn at(stream: &'s [u8], offset: usize) -> Result<Self, ParseError> {
        Ok(Self { rest: stream.get(offset..).ok_or_else(|| bad("a sheet beyond the end"))? })
    }

    fn next(&mut self) -> Result<(u16, &'s [u8]), ParseError> {
        let (head, rest) = self.rest.split_at_checked(4).ok_or_else(|| bad("the records end early"))?;
        let length = usize::from(u16_at(head, 2));
        let (data, rest) = rest.split_at_checked(length).ok_or_else(|| bad("a record ends early"))?;
        self.rest = rest;
        Ok((u16_at(head, 0), data))
    }

    /// The continuations that follow.
    fn continued(&mut self) -> Vec<&'s [u8]> {
        let mut parts = Vec::new();
        while u16_at(self.rest, 0) == CONTINUE {
            let Ok((_, data)) = self.next() else { break };
            parts.push(data);
        }
        parts
    }
}

/// What the workbook says before its sheets.
pub(super) struct Globals {
    /// Each sheet's name, and where its records begin.
    pub(super) sheets: Vec<(String, usize)>,
    pub(super) strings: Strings,
    pub(super) from_1904: bool,
}

impl Globals {
    pub(super) fn read(stream: &[u8]) -> Result<Self, ParseError> {
        let mut globals = Self { sheets: Vec::new(), strings: Strings::default(), from_1904: false };
        let mut records = Records::at(stream, 0)?;
        match records.next()? {
            (BOF, data) if u16_at(data, 0) == BIFF8 => {}
            (BOF, _) => return Err(ParseError::Format { found: "a workbook of Excel 95 or older" }),
            _ => return Err(bad("the records do not begin with a beginning")),
        }
        loop {
            match records.next()? {
                (EOF, _) => return Ok(globals),
                (FILE_PASS, _) => return Err(ParseError::Encrypted { what: "workbook" }),
                (DATE_MODE, data) => globals.from_1904 = u16_at(data, 0) == 1,
                // Type 0 is a sheet of cells; charts and macros have none.
                (BOUND_SHEET, data) if data.get(5) == Some(&0) => {
                    let mut name = Segments::new(vec![data.get(6..).unwrap_or_default()]);
                    let length = usize::from(name.u8()?);
                    let wide = name.u8()? & 1 == 1;
                    let mut text = String::new();
                    name.chars(length, wide, &mut text)?;
                    let offset = u32_at(data, 0) as usize;
                    // One sheet under many names would be read as often.
                    if globals.sheets.iter().any(|(_, other)| *other == offset)
                        || globals.sheets.len() == MAX_SHEETS
                    {
                        return Err(bad("two sheets in one place, or too many"));
                    }
                    globals.sheets.push((text, offset));
                }
                (SST, data) => {
                    let mut parts = vec![data.get(8..).ok_or_else(|| bad("a short table of texts"))?];
                    parts.extend(records.continued());
                    globals.strings = strings(Segments::new(parts), u32_at(data, 4))?;
                }
                _ => {}
            }
        }
    }
}

fn strings(mut segments: Segments<'_>, count: u32) -> Result<Strings, ParseError> {
    let mut strings = Strings::default();
    let mut text = String::new();
    for _ in 0..count {
        string(&mut segments, &mut text)?;
        strings.push(&text);
        text.clear();
    }
    Ok(strings)
}

/// A cell as its record holds it.
#[derive(Clone, Copy, Debug)]
pub(super) enum Raw {
    /// Number of a shared string.
    Shared(u32),
    /// Number of a text of [`Found::texts`].
    Text(u32),
    Number(f64),
    Bool(bool),
    Error,
}

/// The cells of a sheet.
#[derive(Default)]
pub(super) struct Found {
    /// By place: row in the upper half, column in the lower, both from 0; ascending.
    pub(super) cells: Vec<(u32, Raw)>,
    /// The texts that stand in the cells themselves.
    pub(super) texts: Strings,
    count: u32,
}

impl Found {
    fn text(&mut self, place: u32, text: &str) {
        self.texts.push(text);
        self.cells.push((place, Raw::Text(self.count)));
        self.count += 1;
    }
}

/// The cells of the sheet whose records begin at an offset.
pub(super) fn cells(stream: &[u8], offset: usize) -> Result<Found, ParseError> {
    let mut records = Records::at(stream, offset)?;
    if records.next()?.0 != BOF {
        return Err(bad("a sheet does not begin where the workbook says"));
    }
    let mut found = Found::default();
    let mut inside = 0; // charts inside the sheet, with records of their own
    let mut formula = None;
    loop {
        let (kind, data) = records.next()?;
        match kind {
            EOF if inside == 0 => break,
            EOF => inside -= 1,
            BOF => inside += 1,
            _ if inside > 0 => {}
            LABEL_SST => found.cells.push((place(data, 10)?, Raw::Shared(u32_at(data, 6)))),
            NUMBER => found.cells.push((place(data, 14)?, Raw::Number(double(&data[6..])))),
            RK => found.cells.push((place(data, 10)?, Raw::Number(rk(u32_at(data, 6))))),
            MUL_RK => {
                let first = place(data, 6)?;
                for (at, pair) in data[4..].chunks_exact(6).enumerate() {
                    found.cells.push((first.saturating_add(at as u32), Raw::Number(rk(u32_at(pair, 2)))));
                }
            }
            BOOL_ERR => {
                let value = if data.get(7) == Some(&0) { Raw::Bool(data[6] != 0) } else { Raw::Error };
                found.cells.push((place(data, 8)?, value));
            }
            LABEL | R_STRING => {
                let mut text = String::new();
                string(&mut Segments::new(vec![data.get(6..).unwrap_or_default()]), &mut text)?;
                found.text(place(data, 8)?, &text);
            }
            FORMULA => {
                let place = place(data, 14)?;
                match (&data[12..14], data[6]) {
                    ([0xff, 0xff], 0) => formula = Some(place),
                    ([0xff, 0xff], 1) => found.cells.push((place, Raw::Bool(data[8] != 0))),
                    ([0xff, 0xff], 2) => found.cells.push((place, Raw::Error)),
                    ([0xff, 0xff], _) => {}
                    _ => found.cells.push((place, Raw::Number(double(&data[6..])))),
                }
            }
            STRING => {
                let mut parts = vec![data];
                parts.extend(records.continued());
                let mut text = String::new();
                string(&mut Segments::new(parts), &mut text)?;
                if let Some(place) = formula.take() {
                    found.text(place, &text);
                }
            }
            _ => {}
        }
    }
    found.cells.sort_by_key(|(place, _)| *place);
    if found.cells.windows(2).any(|pair| pair[0].0 == pair[1].0) {
        return Err(bad("two cells in one place"));
    }
    Ok(found)
}

/// The place of a record that is at least `least` bytes long.
fn place(data: &[u8], least: usize) -> Result<u32, ParseError> {
    if data.len() < least {
        return Err(bad("a short record"));
    }
    Ok(u32::from(u16_at(data, 0)) << 16 | u32::from(u16_at(data, 2)))
}

fn double(data: &[u8]) -> f64 {
    f64::from_bits(u64::from(u32_at(data, 4)) << 32 | u64::from(u32_at(data, 0)))
}

/// A number in 30 bits: bit 1 says integer, bit 0 says hundredths.
fn rk(bits: u32) -> f64 {
    let number =
        if bits & 2 == 2 { f64::from(bits as i32 >> 2) } else { f64::from_bits(u64::from(bits & !3) << 32) };
    if bits & 1 == 1 { number / 100.0 } else { number }
}

#[cfg(test)]
mod tests {
    use super::rk;

    #[test]
    fn small_numbers_are_integers_hundredths_or_the_top_of_a_double() {
        assert_eq!(rk((45832 << 2) | 2).to_bits(), 45832f64.to_bits());
        assert_eq!(rk((12345 << 2) | 3).to_bits(), 123.45f64.to_bits());
        assert_eq!(rk(((-5i32) << 2) as u32 | 2).to_bits(), (-5f64).to_bits());
        assert_eq!(rk((1.5f64.to_bits() >> 32) as u32).to_bits(), 1.5f64.to_bits());
    }
}
