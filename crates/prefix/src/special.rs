//! The space that is never listed, and the rules by which an entry is admitted.
//!
//! From the IANA special-purpose registries (RFC 6890, RFC 8190) and what cut networks off elsewhere: a list that holds
//! any of these blocks the firm itself. A prefix that only *contains* some of it is refused as well, never trimmed: such
//! a row is a mistake of its source, and what was meant is not known.

use crate::prefix::Either;
use crate::{Entry, Net4, Net6, Prefix, Range, Refusal};

/// A block of special space.
#[derive(Clone, Copy, Debug)]
pub struct Block {
    /// The block in canonical text.
    pub text: &'static str,
    /// First and last address: IPv4 as the low 32 bits.
    bounds: (u128, u128),
    v6: bool,
    /// Whether [`Rules::allow_documentation`] opens it.
    pub documentation: bool,
}

const fn v4(text: &'static str, addr: [u8; 4], len: u32, documentation: bool) -> Block {
    let first = u32::from_be_bytes(addr);
    let last = first | (u32::MAX >> len);
    Block { text, bounds: (first as u128, last as u128), v6: false, documentation }
}

const fn v6(text: &'static str, top: [u16; 6], low: u32, len: u32, documentation: bool) -> Block {
    let mut first = 0u128;
    let mut i = 0;
    while i < 6 {
        first = first << 16 | top[i] as u128;
        i += 1;
    }
    first = first << 32 | low as u128;
    let last = if len == 128 { first } else { first | (u128::MAX >> len) };
    Block { text, bounds: (first, last), v6: true, documentation }
}

/// All special space, v4 before v6. 224.0.0.0/3 joins multicast and the reserved class E.
pub const SPECIAL: [Block; 23] = [
    v4("0.0.0.0/8", [0, 0, 0, 0], 8, false),
    v4("10.0.0.0/8", [10, 0, 0, 0], 8, false),
    v4("100.64.0.0/10", [100, 64, 0, 0], 10, false),
    v4("127.0.0.0/8", [127, 0, 0, 0], 8, false),
    v4("169.254.0.0/16", [169, 254, 0, 0], 16, false),
    v4("172.16.0.0/12", [172, 16, 0, 0], 12, false),
    v4("192.0.0.0/24", [192, 0, 0, 0], 24, false),
    v4("192.0.2.0/24", [192, 0, 2, 0], 24, true),
    v4("192.88.99.0/24", [192, 88, 99, 0], 24, false),
    v4("192.168.0.0/16", [192, 168, 0, 0], 16, false),
    v4("198.18.0.0/15", [198, 18, 0, 0], 15, false),
    v4("198.51.100.0/24", [198, 51, 100, 0], 24, true),
    v4("203.0.113.0/24", [203, 0, 113, 0], 24, true),
    v4("224.0.0.0/3", [224, 0, 0, 0], 3, false),
    v6("::", [0; 6], 0, 128, false),
    v6("::1", [0; 6], 1, 128, false),
    // Nothing canonical lies inside the mapped space (it became IPv4), but a wider prefix could hold all of it.
    v6("::ffff:0:0/96", [0, 0, 0, 0, 0, 0xffff], 0, 96, false),
    v6("64:ff9b::/96", [0x64, 0xff9b, 0, 0, 0, 0], 0, 96, false),
    v6("100::/64", [0x100, 0, 0, 0, 0, 0], 0, 64, false),
    v6("2001:db8::/32", [0x2001, 0xdb8, 0, 0, 0, 0], 0, 32, true),
    v6("fc00::/7", [0xfc00, 0, 0, 0, 0, 0], 0, 7, false),
    v6("fe80::/10", [0xfe80, 0, 0, 0, 0, 0], 0, 10, false),
    v6("ff00::/8", [0xff00, 0, 0, 0, 0, 0], 0, 8, false),
];

/// Which /8s hold special space.
const SPECIAL_OCTETS: [bool; 256] = {
    let mut octets = [false; 256];
    let mut at = 0;
    while at < SPECIAL.len() {
        let block = &SPECIAL[at];
        if !block.v6 {
            let mut octet = (block.bounds.0 >> 24) as usize;
            while octet <= (block.bounds.1 >> 24) as usize {
                octets[octet] = true;
                octet += 1;
            }
        }
        at += 1;
    }
    octets
};

/// The shortest IPv4 prefix that is admitted.
pub const MIN_LEN_V4: u8 = 8;
/// The shortest IPv6 prefix that is admitted.
pub const MIN_LEN_V6: u8 = 19;

/// The rules by which an entry is admitted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Rules {
    /// Let the documentation networks (192.0.2.0/24, 198.51.100.0/24, 203.0.113.0/24, `2001:db8::/32`) pass: for tests
    /// and trials, whose examples would otherwise name somebody's real addresses.
    pub allow_documentation: bool,
}

impl Rules {
    /// Admits a prefix, or says why not.
    #[inline]
    pub fn admit(self, prefix: Prefix) -> Result<(), Refusal> {
        match prefix.split() {
            Either::V4(net) => self.admit_v4(net.into()),
            Either::V6(net) => self.admit_v6(net.into()),
        }
    }

    /// Admits an entry as a whole: a range is judged before it is cut into prefixes, so that a range that runs through
    /// special space is refused and not trimmed.
    pub fn admit_entry(self, entry: Entry) -> Result<(), Refusal> {
        match entry {
            Entry::Prefix(prefix) => self.admit(prefix),
            Entry::Range4(range) => self.admit_v4(range),
            Entry::Range6(range) => self.admit_v6(range),
        }
    }

    #[inline]
    fn admit_v4(self, range: Range<u32>) -> Result<(), Refusal> {
        // As many addresses as a prefix one bit wider than admitted, or more.
        if range.last() - range.first() > u32::MAX >> MIN_LEN_V4 {
            return Err(Refusal::TooWide);
        }
        // Almost every entry lies in one /8 that holds no special space, and there are millions of entries.
        let octet = range.first() >> 24;
        if octet == range.last() >> 24 && !SPECIAL_OCTETS[octet as usize] {
            return Ok(());
        }
        self.outside(range.first().into(), range.last().into(), false)
    }

    #[inline]
    fn admit_v6(self, range: Range<u128>) -> Result<(), Refusal> {
        if range.last() - range.first() > u128::MAX >> MIN_LEN_V6 {
            return Err(Refusal::TooWide);
        }
        self.outside(range.first(), range.last(), true)
    }

    #[inline]
    fn outside(self, first: u128, last: u128, v6: bool) -> Result<(), Refusal> {
        let hit = SPECIAL.iter().any(|block| {
            block.v6 == v6
                && first <= block.bounds.1
                && last >= block.bounds.0
                && !(block.documentation && self.allow_documentation)
        });
        if hit { Err(Refusal::Special) } else { Ok(()) }
    }
}

/// Whether an IPv4 network lies in or holds special space, documentation networks included.
pub fn is_special_v4(net: Net4) -> bool {
    Rules::default().outside(net.first().into(), net.last().into(), false).is_err()
}

/// Whether an IPv6 network lies in or holds special space, documentation networks included.
pub fn is_special_v6(net: Net6) -> bool {
    Rules::default().outside(net.first(), net.last(), true).is_err()
}
