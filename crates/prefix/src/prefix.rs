//! A network of either family, small enough to keep millions of.

use std::cmp::Ordering;
use std::str::FromStr;

use crate::{Address, Entry, Net, Net4, Net6, Refusal};

/// The address family, numbered as the field writes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum Family {
    /// IPv4.
    V4 = 4,
    /// IPv6.
    V6 = 6,
}

impl Family {
    /// 4 or 6.
    pub fn number(self) -> u8 {
        self as u8
    }
}

/// An IPv4 or IPv6 network in canonical form.
///
/// An enum of [`Net4`] and [`Net6`] would take 48 bytes, because `u128` wants an alignment of 16; two halves of 64 bits
/// and two small fields take 24, and millions of these are sorted and kept. Ordered v4 before v6, then as [`Net`].
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Prefix {
    family: Family,
    len: u8,
    /// The upper half of an IPv6 address; an IPv4 address as it is.
    high: u64,
    /// The lower half of an IPv6 address; 0 for IPv4.
    low: u64,
}

/// A prefix taken apart into its family's network.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Either {
    /// An IPv4 network.
    V4(Net4),
    /// An IPv6 network.
    V6(Net6),
}

impl Prefix {
    /// The family's network.
    #[inline]
    pub fn split(self) -> Either {
        match self.family {
            Family::V4 => Either::V4(net(self.high as u32, self.len)),
            Family::V6 => Either::V6(net(self.bits(), self.len)),
        }
    }

    /// As an IPv4 network, if it is one.
    #[inline]
    pub fn v4(self) -> Option<Net4> {
        (self.family == Family::V4).then(|| net(self.high as u32, self.len))
    }

    /// As an IPv6 network, if it is one.
    #[inline]
    pub fn v6(self) -> Option<Net6> {
        (self.family == Family::V6).then(|| net(self.bits(), self.len))
    }

    /// The family.
    #[inline]
    pub fn family(self) -> Family {
        self.family
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
        match self.family {
            Family::V4 => self.len == u32::BITS as u8,
            Family::V6 => self.len == u128::BITS as u8,
        }
    }

    /// Whether `other` lies wholly inside; never so across families.
    #[inline]
    pub fn covers(self, other: Self) -> bool {
        match (self.split(), other.split()) {
            (Either::V4(a), Either::V4(b)) => a.covers(b),
            (Either::V6(a), Either::V6(b)) => a.covers(b),
            _ => false,
        }
    }

    /// The first address, by value, widened to 128 bits.
    #[inline]
    fn bits(self) -> u128 {
        u128::from(self.high) << 64 | u128::from(self.low)
    }

    /// The longest form of [`Self::to_key`].
    pub const MAX_KEY: usize = 18;

    /// The prefix as bytes that order as the prefixes do: family (4 or 6), the address in network order, the length.
    /// 6 bytes for IPv4, 18 for IPv6. This is the key both stores keep.
    pub fn to_key(self, buffer: &mut [u8; Self::MAX_KEY]) -> &[u8] {
        buffer[0] = self.family.number();
        match self.split() {
            Either::V4(net) => {
                buffer[1..5].copy_from_slice(&net.first().to_be_bytes());
                buffer[5] = self.len;
                &buffer[..6]
            }
            Either::V6(net) => {
                buffer[1..17].copy_from_slice(&net.first().to_be_bytes());
                buffer[17] = self.len;
                &buffer[..18]
            }
        }
    }

    /// Reads what [`Self::to_key`] wrote. `None` for anything else, host bits that are set included.
    pub fn from_key(key: &[u8]) -> Option<Self> {
        fn whole<A: Address>(addr: A, len: u8) -> Option<Net<A>> {
            Net::new(addr, len).filter(|net| net.first() == addr)
        }
        match *key {
            [4, ref addr @ .., len] if addr.len() == 4 => {
                whole(u32::from_be_bytes(addr.try_into().ok()?), len).map(Self::from)
            }
            [6, ref addr @ .., len] if addr.len() == 16 => {
                whole(u128::from_be_bytes(addr.try_into().ok()?), len).map(Self::from)
            }
            _ => None,
        }
    }
}

/// The parts of a `Prefix` always make a network: they came from one.
#[inline]
fn net<A: Address>(addr: A, len: u8) -> Net<A> {
    Net::new(addr, len).unwrap_or(Net::host(addr))
}

impl From<Net4> for Prefix {
    #[inline]
    fn from(net: Net4) -> Self {
        Self { family: Family::V4, len: net.len(), high: net.first().into(), low: 0 }
    }
}

impl From<Net6> for Prefix {
    #[inline]
    fn from(net: Net6) -> Self {
        Self { family: Family::V6, len: net.len(), high: (net.first() >> 64) as u64, low: net.first() as u64 }
    }
}

impl From<std::net::IpAddr> for Prefix {
    /// A host; an IPv4-mapped IPv6 address becomes IPv4.
    fn from(addr: std::net::IpAddr) -> Self {
        match addr.to_canonical() {
            std::net::IpAddr::V4(v4) => Net::host(u32::from(v4)).into(),
            std::net::IpAddr::V6(v6) => Net::host(u128::from(v6)).into(),
        }
    }
}

impl FromStr for Prefix {
    type Err = Refusal;

    /// One address or prefix; a range is refused here because it may be several prefixes.
    fn from_str(text: &str) -> Result<Self, Refusal> {
        match crate::parse(text.as_bytes())?.entry {
            Entry::Prefix(prefix) => Ok(prefix),
            Entry::Range4(_) | Entry::Range6(_) => Err(Refusal::NotAnAddress),
        }
    }
}

impl Ord for Prefix {
    #[inline]
    fn cmp(&self, other: &Self) -> Ordering {
        (self.family, self.high, self.low, self.len).cmp(&(other.family, other.high, other.low, other.len))
    }
}

impl PartialOrd for Prefix {
    #[inline]
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}
