//! The canonical text as bytes, fast: hosts bare, networks with their length, IPv6 by RFC 5952.
//!
//! A feed of a million entries is written whenever a publication is made, so IPv4 goes through a table: each part is
//! four bytes copied at once, of which those that count are kept.

use std::io::Write as _;
use std::net::Ipv6Addr;

use crate::prefix::Either;
use crate::{Address, Net, Prefix, Range};

/// Each value of a part as text with a dot behind it, and the length with the dot.
const PARTS: [([u8; 4], u8); 256] = {
    let mut parts = [([b'.'; 4], 0); 256];
    let mut value = 0;
    while value < 256 {
        let digits = [value / 100, value / 10 % 10, value % 10];
        let skip = if value >= 100 {
            0
        } else if value >= 10 {
            1
        } else {
            2
        };
        let mut i = skip;
        while i < 3 {
            parts[value].0[i - skip] = b'0' + digits[i] as u8;
            i += 1;
        }
        parts[value].1 = 4 - skip as u8;
        value += 1;
    }
    parts
};

/// Room for `255.255.255.255/32` and what the copies of four bytes write beyond.
pub(crate) const ROOM4: usize = 24;

/// Writes an IPv4 network into `text`; gives the length.
#[inline]
pub(crate) fn text4(addr: u32, len: u8, text: &mut [u8; ROOM4]) -> usize {
    let mut at = 0;
    for part in addr.to_be_bytes() {
        let (bytes, width) = PARTS[part as usize];
        text[at..at + 4].copy_from_slice(&bytes);
        at += usize::from(width);
    }
    if u32::from(len) == u32::BITS {
        // The last dot does not count.
        return at - 1;
    }
    text[at - 1] = b'/';
    let (bytes, width) = PARTS[len as usize];
    text[at..at + 4].copy_from_slice(&bytes);
    at + usize::from(width) - 1
}

/// Appends the address alone.
#[inline]
pub fn push_address<A: Address>(out: &mut Vec<u8>, addr: A) {
    addr.push_net(A::WIDTH, out);
}

/// Appends a network of one family: a host bare, without its length.
#[inline]
pub fn push_net<A: Address>(out: &mut Vec<u8>, net: Net<A>) {
    net.first().push_net(net.len(), out);
}

/// Appends `first-last`, or the bare address where they are one.
#[inline]
pub fn push_range<A: Address>(out: &mut Vec<u8>, range: Range<A>) {
    push_address(out, range.first());
    if range.first() != range.last() {
        out.push(b'-');
        push_address(out, range.last());
    }
}

/// Appends a prefix of either family.
#[inline]
pub fn push_prefix(out: &mut Vec<u8>, prefix: Prefix) {
    match prefix.split() {
        Either::V4(net) => push_net(out, net),
        Either::V6(net) => push_net(out, net),
    }
}

/// [`Address::push_net`] of IPv4.
#[inline]
pub(crate) fn push4(addr: u32, len: u8, out: &mut Vec<u8>) {
    let mut text = [0; ROOM4];
    let used = text4(addr, len, &mut text);
    let end = out.len() + used;
    // A copy of known size and a cut are quicker than a copy of a size found out just now.
    out.extend_from_slice(&text);
    out.truncate(end);
}

/// [`Address::push_net`] of IPv6. std writes RFC 5952, but the mapped and compatible forms with dots: canonical prefixes
/// hold no mapped address but inside a wider one, and a compatible one (`::/96`) is read with dots by every tool.
pub(crate) fn push6(addr: u128, len: u8, out: &mut Vec<u8>) {
    // Writing to a vector does not fail.
    let _ = write!(out, "{}", Ipv6Addr::from(addr));
    if u32::from(len) < u128::BITS {
        let _ = write!(out, "/{len}");
    }
}
