//! One network of one family.

use crate::Address;

/// A network: the first address and the count of leading bits that it fixes. Host bits are always zero.
///
/// Ordered by first address, then by length: of two networks that begin together the wider one comes first, so a
/// network always comes before all that it contains.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Net<A> {
    addr: A,
    len: u8,
}

/// An IPv4 network.
pub type Net4 = Net<u32>;
/// An IPv6 network.
pub type Net6 = Net<u128>;

impl<A: Address> Net<A> {
    /// The network of `len` bits that holds `addr`; host bits are cleared. `None` when `len` is over the family's bits.
    #[inline]
    pub fn new(addr: A, len: u8) -> Option<Self> {
        (len <= A::WIDTH).then(|| Self { addr: addr & A::mask(len), len })
    }

    /// The network of this one address.
    #[inline]
    pub fn host(addr: A) -> Self {
        Self { addr, len: A::WIDTH }
    }

    /// The first address.
    #[inline]
    pub fn first(self) -> A {
        self.addr
    }

    /// The last address.
    #[inline]
    pub fn last(self) -> A {
        self.addr | !A::mask(self.len)
    }

    /// Fixed leading bits: 0 to 32, or 0 to 128.
    #[inline]
    #[expect(clippy::len_without_is_empty, reason = "a prefix length, not a count of elements")]
    pub fn len(self) -> u8 {
        self.len
    }

    /// Whether this is a single address.
    #[inline]
    pub fn is_host(self) -> bool {
        self.len == A::WIDTH
    }

    /// Whether `addr` lies inside.
    #[inline]
    pub fn holds(self, addr: A) -> bool {
        addr & A::mask(self.len) == self.addr
    }

    /// Whether `other` lies wholly inside (a network covers itself).
    #[inline]
    pub fn covers(self, other: Self) -> bool {
        self.len <= other.len && self.holds(other.addr)
    }

    /// Whether the two share an address: for prefixes, whether one covers the other.
    #[inline]
    pub fn overlaps(self, other: Self) -> bool {
        self.covers(other) || other.covers(self)
    }

    /// The network one bit wider, or `None` for the whole space.
    #[inline]
    pub fn parent(self) -> Option<Self> {
        self.len.checked_sub(1).map(|len| Self { addr: self.addr & A::mask(len), len })
    }
}
