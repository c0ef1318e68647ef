//! A chunk as bytes: what is hashed.
//!
//! ```text
//! sources    u32 count, then each a text
//! details    u32 count, then each: reason, category, severity as texts, country, confidence
//! listings   u32 count
//! addresses  each as its distance to the one before, from the chunk's first: LEB128
//! columns    length, source, details, detected, until
//! ```
//!
//! All integers are little-endian. Sorted addresses lie close together, so a distance takes a byte or two in place of 4
//! or 16. Columns because a column shrinks to nothing when all its values are equal (a text list has one source, no
//! details and no dates) and to a byte a row when there are few, and because a million listings are then read by a few
//! straight loops. Packing by a general method was rejected: a third smaller at best and twenty times slower.

use std::collections::HashMap;

use prefix::prefix::Either;
use prefix::{Net, Prefix};

use super::{Input, put_text, put_u32};
use crate::chunk::{Chunk, ChunkKey};
use crate::{Country, Details, DetailsId, Listing, SourceId, SourceName, Time};

/// "Without end" in the column of end dates.
const NO_END: i64 = i64::MAX;

/// Encodes a chunk.
pub(crate) fn encode_chunk(chunk: &Chunk) -> Vec<u8> {
    let listings = chunk.listings();
    let mut out = Vec::with_capacity(64 + listings.len() * 8);
    put_u32(&mut out, chunk.sources().len());
    for source in chunk.sources() {
        put_text(&mut out, source.as_str());
    }
    put_u32(&mut out, chunk.details().len());
    for details in chunk.details() {
        put_details(&mut out, details);
    }
    put_u32(&mut out, listings.len());
    let mut before = first_of(chunk.key().net());
    for listing in listings {
        let first = first_of(listing.prefix);
        put_distance(&mut out, first - before);
        before = first;
    }
    put_column(&mut out, listings, |listing| [listing.prefix.len()]);
    put_column(&mut out, listings, |listing| listing.source.0.to_le_bytes());
    put_column(&mut out, listings, |listing| listing.details.0.to_le_bytes());
    put_column(&mut out, listings, |listing| listing.detected.unix().to_le_bytes());
    put_column(&mut out, listings, |listing| listing.until.map_or(NO_END, Time::unix).to_le_bytes());
    out
}

/// Reads what [`encode_chunk`] wrote; `None` for anything else.
pub(crate) fn decode_chunk(key: ChunkKey, bytes: &[u8]) -> Option<Chunk> {
    let mut input = Input(bytes);
    let count = input.u32()? as usize;
    let sources = (0..count).map(|_| input.text()?.parse().ok()).collect::<Option<Vec<SourceName>>>()?;
    let count = input.u32()? as usize;
    let details = (0..count).map(|_| get_details(&mut input)).collect::<Option<Vec<Details>>>()?;
    // At least a byte each, so a false count asks for no more memory than there is file.
    let count = input.u32()? as usize;
    if count > input.0.len() {
        return None;
    }
    let mut firsts = Vec::with_capacity(count);
    let mut first = first_of(key.net());
    for _ in 0..count {
        first = first.checked_add(get_distance(&mut input)?)?;
        firsts.push(first);
    }
    let lens = Column::<1>::get(&mut input, count)?;
    let source = Column::<4>::get(&mut input, count)?;
    let detail = Column::<4>::get(&mut input, count)?;
    let detected = Column::<8>::get(&mut input, count)?;
    let until = Column::<8>::get(&mut input, count)?;
    if !input.0.is_empty() {
        return None;
    }
    let v4 = key.net().v4().is_some();
    // Pushed one by one into room that is there: collecting options would not know how many there are.
    let mut listings = Vec::with_capacity(count);
    for (at, first) in firsts.into_iter().enumerate() {
        let end = i64::from_le_bytes(until.at(at));
        listings.push(Listing {
            prefix: prefix_of(v4, first, lens.at(at)[0])?,
            source: SourceId(u32::from_le_bytes(source.at(at))),
            details: DetailsId(u32::from_le_bytes(detail.at(at))),
            detected: Time::from_unix(i64::from_le_bytes(detected.at(at))),
            until: (end != NO_END).then(|| Time::from_unix(end)),
        });
    }
    Chunk::assemble(key, sources, details, listings, Some(bytes))
}

/// The first address, of IPv4 as the low 32 bits.
fn first_of(prefix: Prefix) -> u128 {
    match prefix.split() {
        Either::V4(net) => net.first().into(),
        Either::V6(net) => net.first(),
    }
}

fn prefix_of(v4: bool, first: u128, len: u8) -> Option<Prefix> {
    if v4 {
        let first = u32::try_from(first).ok()?;
        Net::new(first, len).filter(|net| net.first() == first).map(Prefix::from)
    } else {
        Net::new(first, len).filter(|net| net.first() == first).map(Prefix::from)
    }
}

/// LEB128: seven bits a byte, the lowest first, the top bit set on all but the last.
fn put_distance(out: &mut Vec<u8>, mut value: u128) {
    while value >= 0x80 {
        out.push(value as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
}

#[inline]
fn get_distance(input: &mut Input<'_>) -> Option<u128> {
    // Nearly all are this short.
    let (mut value, mut shift) = (0u64, 0);
    while shift < 56 {
        let (&byte, rest) = input.0.split_first()?;
        input.0 = rest;
        value |= u64::from(byte & 0x7f) << shift;
        shift += 7;
        if byte < 0x80 {
            return Some(value.into());
        }
    }
    let mut value = u128::from(value);
    while shift < 128 {
        let (&byte, rest) = input.0.split_first()?;
        input.0 = rest;
        value |= u128::from(byte & 0x7f).checked_shl(shift)?;
        shift += 7;
        if byte < 0x80 {
            return Some(value);
        }
    }
    None
}

/// Absent texts are empty, an absent country is two zeros, an absent confidence is 255.
fn put_details(out: &mut Vec<u8>, details: &Details) {
    for text in [&details.reason, &details.category, &details.severity] {
        put_text(out, text.as_deref().unwrap_or_default());
    }
    let country = details.country.as_ref().map_or("\0\0", Country::as_str);
    out.extend_from_slice(country.as_bytes());
    out.push(details.confidence.unwrap_or(u8::MAX));
}

fn get_details(input: &mut Input<'_>) -> Option<Details> {
    let mut texts = [None, None, None];
    for text in &mut texts {
        *text = Some(input.text()?).filter(|text| !text.is_empty()).map(Box::from);
    }
    let [reason, category, severity] = texts;
    let country = match input.array::<2>()? {
        [0, 0] => None,
        letters => Some(Country::new(std::str::from_utf8(&letters).ok()?)?),
    };
    let confidence = Some(input.array::<1>()?[0]).filter(|&confidence| confidence != u8::MAX);
    Some(Details { reason, country, category, severity, confidence })
}

/// A column: 0 and the one value that all share; 1 and every value; or 2, the count of distinct values less one, those
/// values in the order they first come, and for each row one byte that names its value.
fn put_column<const N: usize>(out: &mut Vec<u8>, listings: &[Listing], value: impl Fn(&Listing) -> [u8; N]) {
    let mut distinct: Vec<[u8; N]> = Vec::new();
    let mut known: HashMap<[u8; N], u8> = HashMap::new();
    let mut names = Vec::with_capacity(listings.len());
    // Neighbours are mostly alike.
    let mut before = None;
    for listing in listings {
        let value = value(listing);
        let name = match before {
            Some((last, name)) if last == value => name,
            _ => match known.get(&value) {
                Some(&name) => name,
                None => match u8::try_from(distinct.len()) {
                    Ok(name) => {
                        distinct.push(value);
                        known.insert(value, name);
                        name
                    }
                    Err(_) => break,
                },
            },
        };
        before = Some((value, name));
        names.push(name);
    }
    match (names.len() == listings.len(), distinct.as_slice()) {
        (true, [] | [_]) => {
            out.push(0);
            out.extend_from_slice(distinct.first().unwrap_or(&[0; N]));
        }
        // One byte a row names nothing shorter than itself.
        (true, _) if N > 1 => {
            out.extend_from_slice(&[2, (distinct.len() - 1) as u8]);
            out.extend_from_slice(distinct.as_flattened());
            out.extend_from_slice(&names);
        }
        _ => {
            out.push(1);
            out.extend(listings.iter().flat_map(value));
        }
    }
}

enum Column<'a, const N: usize> {
    Same([u8; N]),
    Each(&'a [[u8; N]]),
    Named(&'a [[u8; N]], &'a [u8]),
}

impl<'a, const N: usize> Column<'a, N> {
    fn get(input: &mut Input<'a>, count: usize) -> Option<Self> {
        match input.array()? {
            [0] => input.array().map(Self::Same),
            [1] => Some(Self::Each(input.take(count.checked_mul(N)?)?.as_chunks().0)),
            [2] => {
                let distinct = usize::from(input.array::<1>()?[0]) + 1;
                let values = input.take(distinct * N)?.as_chunks().0;
                let names = input.take(count)?;
                let known = names.iter().all(|&name| usize::from(name) < distinct);
                known.then_some(Self::Named(values, names))
            }
            _ => None,
        }
    }

    fn at(&self, position: usize) -> [u8; N] {
        match self {
            Self::Same(value) => *value,
            Self::Each(values) => values[position],
            Self::Named(values, names) => values[usize::from(names[position])],
        }
    }
}
