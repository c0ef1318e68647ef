//! The strict parser: one address, prefix or range, straight from bytes.
//!
//! Strict because a loose reading blocks the wrong network: `010.1.1.1` is 8.1.1.1 to one program and 10.1.1.1 to
//! another, `1.2.3` is 1.2.0.3 to a third. What is not plainly one thing is refused, with the [`Refusal`] that says why.

use std::net::Ipv6Addr;

use crate::{Net, Prefix, Range, Refusal, v4};

/// What a text means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Entry {
    /// A host or network.
    Prefix(Prefix),
    /// `a-b`, both IPv4.
    Range4(Range<u32>),
    /// `a-b`, both IPv6.
    Range6(Range<u128>),
}

impl Entry {
    /// The prefixes of the entry, in order.
    pub fn prefixes(self) -> impl Iterator<Item = Prefix> {
        let (one, v4, v6) = match self {
            Self::Prefix(prefix) => (Some(prefix), None, None),
            Self::Range4(range) => (None, Some(range), None),
            Self::Range6(range) => (None, None, Some(range)),
        };
        one.into_iter()
            .chain(v4.into_iter().flat_map(Range::nets).map(Prefix::from))
            .chain(v6.into_iter().flat_map(Range::nets).map(Prefix::from))
    }
}

/// A parsed text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Parsed {
    /// What it means.
    pub entry: Entry,
    /// Host bits were set and have been cleared (`5.6.8.9/24` became `5.6.8.0/24`).
    pub host_bits: bool,
}

impl Parsed {
    /// One address of IPv4, as it was written.
    #[inline]
    pub(crate) fn host(addr: u32) -> Self {
        Self { entry: Entry::Prefix(Net::host(addr).into()), host_bits: false }
    }
}

/// Reads one entry. The text holds nothing else: no space around it, no comment after it.
#[inline]
pub fn parse(text: &[u8]) -> Result<Parsed, Refusal> {
    match v4::whole(text) {
        Some(addr) => Ok(Parsed::host(addr)),
        None => parse_any(text),
    }
}

fn parse_any(text: &[u8]) -> Result<Parsed, Refusal> {
    let cut = text.iter().position(|byte| matches!(byte, b'/' | b'-'));
    let (host, len) = match cut.map(|at| (&text[..at], text[at], &text[at + 1..])) {
        Some((first, b'-', last)) => return range(text, first, last),
        Some((host, _, digits)) => (host, Some(digits)),
        None => (text, None),
    };
    let addr = address(host).ok_or_else(|| why_not(text))?;
    let len = len.map(|digits| decimal(digits, 128).ok_or(Refusal::Length)).transpose()?;
    let whole = |entry, host_bits| Parsed { entry: Entry::Prefix(entry), host_bits };
    match (addr, len) {
        (Addr::V4(addr), None) => Ok(whole(Net::host(addr).into(), false)),
        (Addr::V4(addr), Some(len)) => {
            let net = Net::new(addr, len as u8).ok_or(Refusal::Length)?;
            Ok(whole(net.into(), net.first() != addr))
        }
        (Addr::V6(addr), None) => Ok(whole(unmapped(Net::host(addr)), false)),
        (Addr::V6(addr), Some(len)) => {
            let net = Net::new(addr, len as u8).ok_or(Refusal::Length)?;
            Ok(whole(unmapped(net), net.first() != addr))
        }
    }
}

enum Addr {
    V4(u32),
    V6(u128),
}

/// The upper 96 bits of `::ffff:0:0/96`, shifted down.
const MAPPED: u128 = 0xffff;

/// An IPv4-mapped network becomes IPv4: a packet filter never sees the mapped form.
fn unmapped(net: Net<u128>) -> Prefix {
    if net.len() >= 96
        && net.first() >> 32 == MAPPED
        && let Some(v4) = Net::new(net.first() as u32, net.len() - 96)
    {
        return v4.into();
    }
    net.into()
}

/// The IPv4 address that this one maps.
fn mapped(addr: u128) -> Option<u32> {
    (addr >> 32 == MAPPED).then_some(addr as u32)
}

/// Whether the text is one address, without length.
pub(crate) fn is_address(text: &[u8]) -> bool {
    address(text).is_some()
}

fn range(text: &[u8], first: &[u8], last: &[u8]) -> Result<Parsed, Refusal> {
    let entry = match (address(first), address(last)) {
        (Some(Addr::V4(first)), Some(Addr::V4(last))) => Range::new(first, last).map(Entry::Range4),
        (Some(Addr::V6(first)), Some(Addr::V6(last))) => match (mapped(first), mapped(last)) {
            (Some(first), Some(last)) => Range::new(first, last).map(Entry::Range4),
            _ => Range::new(first, last).map(Entry::Range6),
        },
        (Some(_), Some(_)) => return Err(Refusal::RangeFamily),
        (Some(_), None) => return Err(why_not(last)),
        // Perhaps no range: names have dashes.
        (None, _) => return Err(why_not(text)),
    };
    entry.map(|entry| Parsed { entry, host_bits: false }).ok_or(Refusal::RangeOrder)
}

fn address(text: &[u8]) -> Option<Addr> {
    if let Some(addr) = v4::whole(text) {
        return Some(Addr::V4(addr));
    }
    if !text.contains(&b':') {
        return None;
    }
    let text = std::str::from_utf8(text).ok()?;
    text.parse::<Ipv6Addr>().ok().map(|addr| Addr::V6(addr.into()))
}

/// A plain decimal number without sign or leading zero, at most `max`.
fn decimal(digits: &[u8], max: u32) -> Option<u32> {
    if digits.is_empty() || digits.len() > 3 || digits[0] == b'0' && digits.len() > 1 {
        return None;
    }
    let mut value = 0;
    for &digit in digits {
        value = value * 10 + u32::from(digit.is_ascii_digit().then(|| digit - b'0')?);
    }
    (value <= max).then_some(value)
}

/// Names the cause; runs only for what was refused, so it may look twice.
#[cold]
fn why_not(text: &[u8]) -> Refusal {
    if std::str::from_utf8(text).is_err() {
        return Refusal::NotText;
    }
    let has = |needle: &[u8]| text.windows(needle.len()).any(|w| w.eq_ignore_ascii_case(needle));
    if has(b"://") {
        return Refusal::Url;
    }
    let host = text.split(|&b| b == b'/').next().unwrap_or(text);
    let colons = memchr::memchr_iter(b':', host).count();
    if host.contains(&b'%') && colons > 0 {
        return Refusal::Zone;
    }
    if host.first() == Some(&b'[') || colons == 1 {
        return Refusal::Port;
    }
    if has(b"0x") && colons == 0 {
        return Refusal::Form;
    }
    if colons == 0 && !host.is_empty() && host.iter().all(|b| b.is_ascii_digit() || *b == b'.') {
        let parts: Vec<&[u8]> = host.split(|&b| b == b'.').collect();
        return match parts.as_slice() {
            parts if parts.iter().any(|p| p.is_empty()) => Refusal::NotAnAddress,
            [_] => Refusal::Form,
            parts if parts.iter().any(|p| p.len() > 1 && p[0] == b'0') => Refusal::LeadingZero,
            parts if parts.len() < 4 => Refusal::Short,
            parts if parts.len() > 4 => Refusal::NotAnAddress,
            _ => Refusal::Octet,
        };
    }
    let named = colons == 0
        && host.iter().any(u8::is_ascii_alphabetic)
        && host.contains(&b'.')
        && host.iter().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'_'));
    if named { Refusal::Name } else { Refusal::NotAnAddress }
}
