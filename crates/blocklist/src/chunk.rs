//! Chunks: where the address space is cut, so that a change costs what it touches.
//!
//! A chunk holds the listings of one IPv4 /8, or of one IPv6 /16. The rules of admission refuse what is wider, so no
//! listing reaches over an edge, and everything that turns listings into a publication (policy, order, index, bytes, hash)
//! is done chunk by chunk. Two publications share every chunk that is equal in both; a change of one listing makes one
//! chunk of 222 anew. A fixed cut, rather than one that follows the load, so that equal listings have equal chunks on
//! every node, however they came.

use std::fmt::{self, Debug, Formatter};

use prefix::prefix::Either;
use prefix::{Net, Prefix};

/// Leading bits of IPv4 that name a chunk: as many as the widest admitted prefix has.
const BITS4: u8 = 8;
/// Leading bits of IPv6; the widest admitted prefix has 19.
const BITS6: u8 = 16;

/// Which chunk: ordered as the prefixes are, v4 before v6.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ChunkKey(u32);

impl ChunkKey {
    /// Set for IPv6.
    const V6: u32 = 1 << BITS6;

    /// The chunk that holds a prefix; `None` for one that is wider than a chunk.
    pub fn of(prefix: Prefix) -> Option<Self> {
        match prefix.split() {
            Either::V4(net) => (net.len() >= BITS4).then(|| Self(net.first() >> (32 - BITS4))),
            Either::V6(net) => {
                (net.len() >= BITS6).then(|| Self(Self::V6 | (net.first() >> (128 - BITS6)) as u32))
            }
        }
    }

    /// The chunk as a number, for whoever keeps it.
    pub fn number(self) -> u32 {
        self.0
    }

    /// The chunk of a number that [`Self::number`] gave.
    pub fn from_number(number: u32) -> Option<Self> {
        (number < 1 << BITS4 || (Self::V6..2 * Self::V6).contains(&number)).then_some(Self(number))
    }

    /// The network that the chunk holds.
    pub fn net(self) -> Prefix {
        let net4 = |number: u32| Net::new(number << (32 - BITS4), BITS4).map(Prefix::from);
        let net6 = |number: u32| Net::new(u128::from(number) << (128 - BITS6), BITS6).map(Prefix::from);
        let net = if self.0 < Self::V6 { net4(self.0) } else { net6(self.0 - Self::V6) };
        // Lengths are in range by their constants.
        net.unwrap_or_else(|| Net::host(0u32).into())
    }

    /// Every IPv4 chunk, in order.
    pub fn all_v4() -> impl Iterator<Item = Self> {
        (0..1 << BITS4).map(Self)
    }
}

impl Debug for ChunkKey {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        Debug::fmt(&self.net(), f)
    }
}

