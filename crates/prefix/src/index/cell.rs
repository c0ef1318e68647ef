//! What is kept per network: the address bits, the length, and the distance to the parent.
//!
//! IPv4 packs all of it into 4 bytes: the address bits below the first level (12 where it has 20 bits), 6 bits of
//! length, and what is left for the distance (14 bits there). IPv6 keeps whole addresses in one array, so that a
//! bisection touches nothing else, and length with distance in another: 20 bytes.

use std::fmt::Debug;
use std::ops::Range;

use crate::{Address, Net};

/// The cells of one family.
pub trait Cells<A>: Clone + Debug + Send + Sync {
    /// Whether the cells keep whole addresses, or only the bits below the first level.
    const WHOLE: bool;

    /// Room for `count` cells, where the first level says the first `fixed` bits.
    fn sized(count: usize, fixed: u8) -> Self;
    /// The distance that stands for "look in the side table".
    fn escape(&self) -> u32;
    /// Adds a network. `distance` is 0 without a parent, and at most [`Self::escape`].
    fn push(&mut self, net: Net<A>, distance: u32);
    /// How many cells.
    fn count(&self) -> usize;
    /// How many networks, from the first of all on, begin before `addr`, or there with at most `len` bits. The last of
    /// those of `bucket`, the bucket of `addr`, is looked for among its positions only.
    fn upto(&self, bucket: Range<usize>, addr: A, len: u8) -> usize;
    /// The address bits that the cell keeps, in their place.
    fn low(&self, at: usize) -> A;
    /// The prefix length.
    fn prefix_len(&self, at: usize) -> u8;
    /// Places back to the parent, 0 without one.
    fn distance(&self, at: usize) -> u32;
    /// Memory on the heap.
    fn bytes(&self) -> usize;
}

/// The address families that can be indexed: both.
pub trait Indexed: Address {
    /// How the family's networks are kept.
    type Cells: Cells<Self>;
}

impl Indexed for u32 {
    type Cells = Cells4;
}

impl Indexed for u128 {
    type Cells = Cells6;
}

/// IPv4: from the top `low | length (6) | distance`, so that cells of one bucket order as their networks do.
#[derive(Clone, Debug)]
pub struct Cells4 {
    words: Vec<u32>,
    /// Bits that the first level says.
    fixed: u8,
    /// Bits of the distance: `fixed - 6`.
    distance: u8,
}

/// Bits for a length of 0 to 32.
const LEN4: u8 = 6;

impl Cells<u32> for Cells4 {
    const WHOLE: bool = false;

    fn sized(count: usize, fixed: u8) -> Self {
        Self { words: Vec::with_capacity(count), fixed, distance: fixed - LEN4 }
    }
    #[inline]
    fn escape(&self) -> u32 {
        !u32::mask(32 - self.distance)
    }
    #[inline]
    fn push(&mut self, net: Net<u32>, distance: u32) {
        let low = net.first().checked_shl(self.fixed.into()).unwrap_or(0);
        self.words.push(low | u32::from(net.len()) << self.distance | distance);
    }
    fn count(&self) -> usize {
        self.words.len()
    }
    #[inline]
    fn upto(&self, bucket: Range<usize>, addr: u32, len: u8) -> usize {
        let low = addr.checked_shl(self.fixed.into()).unwrap_or(0);
        let bound = low | u32::from(len) << self.distance | self.escape();
        bucket.start + self.words[bucket].partition_point(|&word| word <= bound)
    }
    #[inline]
    fn low(&self, at: usize) -> u32 {
        (self.words[at] & u32::mask(32 - self.fixed)).checked_shr(self.fixed.into()).unwrap_or(0)
    }
    #[inline]
    fn prefix_len(&self, at: usize) -> u8 {
        (self.words[at] >> self.distance) as u8 & 0x3f
    }
    #[inline]
    fn distance(&self, at: usize) -> u32 {
        self.words[at] & self.escape()
    }
    fn bytes(&self) -> usize {
        self.words.capacity() * size_of::<u32>()
    }
}

/// IPv6: addresses apart from `length (8) | distance (24)`.
#[derive(Clone, Debug)]
pub struct Cells6 {
    addrs: Vec<u128>,
    words: Vec<u32>,
}

/// Bits of the distance.
const DISTANCE6: u8 = 24;

impl Cells<u128> for Cells6 {
    const WHOLE: bool = true;

    fn sized(count: usize, _: u8) -> Self {
        Self { addrs: Vec::with_capacity(count), words: Vec::with_capacity(count) }
    }
    #[inline]
    fn escape(&self) -> u32 {
        (1 << DISTANCE6) - 1
    }
    #[inline]
    fn push(&mut self, net: Net<u128>, distance: u32) {
        self.addrs.push(net.first());
        self.words.push(u32::from(net.len()) << DISTANCE6 | distance);
    }
    fn count(&self) -> usize {
        self.addrs.len()
    }
    #[inline]
    fn upto(&self, bucket: Range<usize>, addr: u128, len: u8) -> usize {
        let start = bucket.start;
        let mut upto = start + self.addrs[bucket].partition_point(|&first| first <= addr);
        // Those that begin together stand by length; there are few of them.
        while upto > start && self.addrs[upto - 1] == addr && self.prefix_len(upto - 1) > len {
            upto -= 1;
        }
        upto
    }
    #[inline]
    fn low(&self, at: usize) -> u128 {
        self.addrs[at]
    }
    #[inline]
    fn prefix_len(&self, at: usize) -> u8 {
        (self.words[at] >> DISTANCE6) as u8
    }
    #[inline]
    fn distance(&self, at: usize) -> u32 {
        self.words[at] & self.escape()
    }
    fn bytes(&self) -> usize {
        self.addrs.capacity() * size_of::<u128>() + self.words.capacity() * size_of::<u32>()
    }
}
