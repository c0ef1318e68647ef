//! Sets of addresses as sorted, merged spans: lists that write the same addresses differently (a /24, its two halves, a range
//! that a kernel merged) compare equal, and nothing else does. Own arithmetic, on purpose not the program's.

use std::net::IpAddr;

/// One family's addresses: first and last of each span, in order, never touching each other.
pub(crate) type Spans = Vec<(u128, u128)>;

/// The addresses of both families.
#[derive(Debug, Default, PartialEq, Eq, Clone)]
pub(crate) struct Addresses {
    /// IPv4.
    pub(crate) v4: Spans,
    /// IPv6.
    pub(crate) v6: Spans,
}

impl Addresses {
    /// Of entries such as `192.0.2.1`, `192.0.2.0/24` or `192.0.2.1-192.0.2.9`. An entry that is none of these fails the test.
    pub(crate) fn of<'a>(entries: impl IntoIterator<Item = &'a str>) -> Self {
        let mut out = Self::default();
        for entry in entries {
            let (family, span) =
                span(entry).unwrap_or_else(|| panic!("not an address, net or range: {entry:?}"));
            if family == 4 { out.v4.push(span) } else { out.v6.push(span) }
        }
        Self { v4: merged(out.v4), v6: merged(out.v6) }
    }
}

/// Family, first and last address of one entry; nothing when it is no address, net with clear host bits, or range.
pub(crate) fn span(entry: &str) -> Option<(u8, (u128, u128))> {
    if let Some((low, high)) = entry.split_once('-') {
        let ((family, width, low), (other, _, high)) = (number(low)?, number(high)?);
        let _ = width;
        return (family == other && low <= high).then_some((family, (low, high)));
    }
    let Some((address, length)) = entry.split_once('/') else {
        let (family, _, value) = number(entry)?;
        return Some((family, (value, value)));
    };
    let (family, width, first) = number(address)?;
    let length: u32 = length.parse().ok()?;
    let free = width.checked_sub(length)?;
    let host_bits = 1u128.checked_shl(free).map_or(u128::MAX, |size| size - 1);
    (first & host_bits == 0).then_some((family, (first, first | host_bits)))
}

/// Family, width in bits and value of an address.
fn number(text: &str) -> Option<(u8, u32, u128)> {
    Some(match text.parse().ok()? {
        IpAddr::V4(address) => (4, 32, u128::from(address.to_bits())),
        IpAddr::V6(address) => (6, 128, address.to_bits()),
    })
}

/// Sorted, and joined where spans overlap or touch.
fn merged(mut spans: Spans) -> Spans {
    spans.sort_unstable();
    let mut out = Spans::new();
    for (low, high) in spans {
        match out.last_mut() {
            Some(last) if low <= last.1.saturating_add(1) => last.1 = last.1.max(high),
            _ => out.push((low, high)),
        }
    }
    out
}
