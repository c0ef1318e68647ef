//! The IPv4 space, or a part of it, as a square along a Hilbert curve: what lies near in the space lies near on it.
//!
//! The square has 256 x 256 cells and so 16 more bits of an address than its whole: a cell is a /16 of the whole space, a
//! /24 of a /8, or a host of a /16. It is a PNG of one colour in steps of being see-through, so that it fits any theme. The
//! 16 x 16 blocks of it are links to what they hold.

use std::fmt::Write;

use png::{BitDepth, ColorType, Encoder, EncodingError};
use prefix::{Net, Net4};

use crate::pages::Markup;
use crate::pages::markup::escaped;

/// Cells along a side.
pub(crate) const SIDE: usize = 256;
/// Cells along the side of a block.
pub(crate) const BLOCK: usize = 16;
/// Bits of the number of a cell.
const BITS: u8 = 16;
/// The colour, on dark and on light.
const COLOUR: [u8; 3] = [0xf0, 0x6a, 0x3c];
/// A cell with one address of many is seen.
const FAINTEST: f64 = 72.0;

/// Which part of the space.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Scope(Net4);

impl Scope {
    /// A part; none unless it is a /0, /8 or /16.
    pub(crate) fn of(net: Net4) -> Option<Self> {
        [0, 8, 16].contains(&net.len()).then_some(Self(net))
    }

    /// The prefix of the part.
    pub(crate) fn net(self) -> Net4 {
        self.0
    }

    /// The bits that number the addresses of a cell.
    fn inside(self) -> u8 {
        32 - BITS - self.0.len()
    }

    /// The prefix of the cell in this column and row; both under [`SIDE`].
    pub(crate) fn cell(self, x: usize, y: usize) -> Option<Net4> {
        let number = number(x % SIDE, y % SIDE) as u32;
        Net::new(self.0.first() | number << self.inside(), self.0.len() + BITS)
    }

    /// The column and row of the cell that holds an address of the part.
    pub(crate) fn place(self, address: u32) -> (usize, usize) {
        place((address >> self.inside()) as usize % (SIDE * SIDE))
    }

    /// The prefix of the block in this column and row; both under [`SIDE`] / [`BLOCK`]. It is where a link leads.
    pub(crate) fn block(self, x: usize, y: usize) -> Option<Net4> {
        let first = self.cell(x * BLOCK, y * BLOCK)?.first();
        let len = self.0.len() + BITS / 2;
        Net::new(first & (u32::MAX << (32 - len)), len)
    }
}

/// How much of each cell is covered, row by row.
#[derive(Clone, Debug)]
pub(crate) struct Map {
    scope: Scope,
    covered: Vec<u32>,
}

impl Map {
    /// Of ranges that do not overlap, as pairs of the first and the last address. What lies outside of the scope is left out.
    pub(crate) fn of(scope: Scope, ranges: impl IntoIterator<Item = (u32, u32)>) -> Self {
        let mut map = Self { scope, covered: vec![0; SIDE * SIDE] };
        let (begin, end) = (scope.net().first(), scope.net().last());
        for (first, last) in ranges {
            let (first, last) = (first.max(begin), last.min(end));
            if first <= last {
                map.cover(first, last);
            }
        }
        map
    }

    fn cover(&mut self, first: u32, last: u32) {
        let inside = self.scope.inside();
        let within = ((1_u64 << inside) - 1) as u32;
        let mut at = first;
        loop {
            let end = (at | within).min(last);
            let (x, y) = self.scope.place(at);
            self.covered[y * SIDE + x] += end - at + 1;
            if end == last {
                return;
            }
            at = end + 1;
        }
    }

    /// How many addresses of a cell are covered.
    pub(crate) fn covered(&self, x: usize, y: usize) -> u32 {
        self.covered[y * SIDE + x]
    }

    /// The picture.
    pub(crate) fn png(&self) -> Result<Vec<u8>, EncodingError> {
        let mut out = Vec::new();
        let mut encoder = Encoder::new(&mut out, SIDE as u32, SIDE as u32);
        encoder.set_color(ColorType::Indexed);
        encoder.set_depth(BitDepth::Eight);
        encoder.set_palette(COLOUR.repeat(256));
        encoder.set_trns((0..=u8::MAX).collect::<Vec<_>>());
        let mut writer = encoder.write_header()?;
        let pixels: Vec<u8> = self.covered.iter().map(|&covered| self.strength(covered)).collect();
        writer.write_image_data(&pixels)?;
        writer.finish()?;
        Ok(out)
    }

    /// How strong the colour of a cell is. By the number of bits, not of addresses: most lists hold single hosts, and a
    /// hundred of 65,536 would not be seen.
    fn strength(&self, covered: u32) -> u8 {
        if covered == 0 {
            return 0;
        }
        let size = f64::from(self.scope.inside());
        let share = if size == 0.0 { 1.0 } else { f64::from(covered).log2() / size };
        (FAINTEST + (255.0 - FAINTEST) * share).round() as u8
    }
}

/// The blocks as links over the picture: where each leads, and what it says when it is pointed at. They are not reached by
/// tab, 256 of them would be a wall; the page names the largest beside it.
pub(crate) fn links(scope: Scope, href: impl Fn(Net4) -> String, says: impl Fn(Net4) -> String) -> Markup {
    let mut out = format!("<svg viewBox=\"0 0 {SIDE} {SIDE}\" aria-hidden=\"true\">");
    let blocks = SIDE / BLOCK;
    for (x, y) in (0..blocks * blocks).map(|place| (place % blocks, place / blocks)) {
        let Some(block) = scope.block(x, y) else { continue };
        let _ = write!(
            out,
            "<a href=\"{}\" tabindex=\"-1\"><rect x=\"{}\" y=\"{}\" width=\"{BLOCK}\" height=\"{BLOCK}\"><title>{}</title></rect></a>",
            escaped(href(block)),
            x * BLOCK,
            y * BLOCK,
            escaped(says(block))
        );
    }
    out.push_str("</svg>");
    Markup::trusted(out)
}

/// Where the curve is after so many cells.
fn place(number: usize) -> (usize, usize) {
    let (mut x, mut y, mut rest) = (0, 0, number);
    let mut side = 1;
    while side < SIDE {
        let right = 1 & (rest / 2);
        let down = 1 & (rest ^ right);
        (x, y) = turned(side, x, y, right, down);
        x += side * right;
        y += side * down;
        rest /= 4;
        side *= 2;
    }
    (x, y)
}

/// After how many cells the curve is there.
fn number(x: usize, y: usize) -> usize {
    let (mut x, mut y, mut number) = (x, y, 0);
    let mut side = SIDE / 2;
    while side > 0 {
        let right = usize::from(x & side > 0);
        let down = usize::from(y & side > 0);
        number += side * side * ((3 * right) ^ down);
        (x, y) = turned(SIDE, x, y, right, down);
        side /= 2;
    }
    number
}

/// A quarter of the curve is turned so that it joins the next.
fn turned(side: usize, x: usize, y: usize, right: usize, down: usize) -> (usize, usize) {
    match (right, down) {
        (1, 0) => (side - 1 - y, side - 1 - x),
        (0, 0) => (y, x),
        _ => (x, y),
    }
}

#[cfg(test)]
mod tests;
