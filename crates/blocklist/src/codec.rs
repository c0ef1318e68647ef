//! A publication as bytes: what is hashed, and what lies on disk.
//!
//! ```text
//! magic      8   "blpub" 0 0 1, the last byte is the version of this layout
//! serial     8   u64
//! published  8   i64, seconds since 1970
//! changed    8   i64
//! length     8   u64, of the content
//! hash      32   SHA-256 of the content
//! seal      32   SHA-256 of all before it
//! content        sources, details, counts of v4 and v6, then one column after the other
//! ```
//!
//! All integers are little-endian. Columns because a column shrinks to nothing when all its values are equal (a text
//! list has one source, no details and no dates) and to a byte a row when there are few, and because a million listings are then read by a few straight loops.
//! Nothing is trusted on the way in: seal and hash are checked first, then every length and position.

use std::collections::HashMap;

use prefix::prefix::Either;
use prefix::{Net, Prefix};
use sha2::{Digest, Sha256};

use crate::content::Content;
use crate::{Country, Details, DetailsId, Hash, Head, Listing, Serial, SourceId, SourceName, Time};

const MAGIC: [u8; 8] = *b"blpub\0\0\x01";
/// Bytes before the content.
pub const HEAD_LEN: usize = 8 + 4 * 8 + 32 + 32;
/// "Without end" in the column of end dates.
const NO_END: i64 = i64::MAX;

/// Why bytes are no publication.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Malformed {
    /// Too short, or another kind of file.
    #[error("not a publication file")]
    Magic,
    /// The head was changed or torn.
    #[error("the head of the publication does not match its seal")]
    Seal,
    /// The content was changed or torn.
    #[error("the content of the publication does not match its hash")]
    Hash,
    /// The hash is right, but the content does not follow the layout.
    #[error("the content of the publication cannot be read")]
    Content,
}

/// Encodes a content, and its hash.
pub fn encode_content(content: &Content) -> (Vec<u8>, Hash) {
    let listings = content.listings();
    let mut out = Vec::with_capacity(64 + listings.len() * 10);
    put_u32(&mut out, content.sources().len());
    for source in content.sources() {
        put_text(&mut out, source.as_str());
    }
    put_u32(&mut out, content.details().len());
    for details in content.details() {
        put_details(&mut out, details);
    }
    let v4 = listings.partition_point(|listing| listing.prefix.v4().is_some());
    put_u32(&mut out, v4);
    put_u32(&mut out, listings.len() - v4);
    for listing in listings {
        match listing.prefix.split() {
            Either::V4(net) => out.extend_from_slice(&net.first().to_le_bytes()),
            Either::V6(net) => out.extend_from_slice(&net.first().to_le_bytes()),
        }
    }
    put_column(&mut out, listings, |listing| [listing.prefix.len()]);
    put_column(&mut out, listings, |listing| listing.source.0.to_le_bytes());
    put_column(&mut out, listings, |listing| listing.details.0.to_le_bytes());
    put_column(&mut out, listings, |listing| listing.detected.unix().to_le_bytes());
    put_column(&mut out, listings, |listing| listing.until.map_or(NO_END, Time::unix).to_le_bytes());
    let hash = Hash(Sha256::digest(&out).into());
    (out, hash)
}

/// The bytes that stand before a content of `length` bytes.
pub fn encode_head(head: &Head, length: usize) -> [u8; HEAD_LEN] {
    let mut out = [0; HEAD_LEN];
    out[..8].copy_from_slice(&MAGIC);
    out[8..16].copy_from_slice(&head.serial.0.to_le_bytes());
    out[16..24].copy_from_slice(&head.published_at.unix().to_le_bytes());
    out[24..32].copy_from_slice(&head.changed_at.unix().to_le_bytes());
    out[32..40].copy_from_slice(&(length as u64).to_le_bytes());
    out[40..72].copy_from_slice(&head.hash.0);
    let seal = Sha256::digest(&out[..72]);
    out[72..].copy_from_slice(&seal);
    out
}

/// Reads head and content, and checks both.
pub fn decode(bytes: &[u8]) -> Result<(Head, Content), Malformed> {
    let head = bytes.get(..HEAD_LEN).filter(|head| head[..8] == MAGIC).ok_or(Malformed::Magic)?;
    if Sha256::digest(&head[..72])[..] != head[72..] {
        return Err(Malformed::Seal);
    }
    let word = |at: usize| -> [u8; 8] { std::array::from_fn(|i| head[at + i]) };
    let content = &bytes[HEAD_LEN..];
    let hash = Hash(std::array::from_fn(|i| head[40 + i]));
    if content.len() as u64 != u64::from_le_bytes(word(32)) || Sha256::digest(content)[..] != hash.0 {
        return Err(Malformed::Hash);
    }
    let head = Head {
        serial: Serial(u64::from_le_bytes(word(8))),
        published_at: Time::from_unix(i64::from_le_bytes(word(16))),
        changed_at: Time::from_unix(i64::from_le_bytes(word(24))),
        hash,
    };
    Ok((head, decode_content(content).ok_or(Malformed::Content)?))
}

fn decode_content(bytes: &[u8]) -> Option<Content> {
    let mut input = Input(bytes);
    let sources =
        (0..input.u32()?).map(|_| input.text()?.parse().ok()).collect::<Option<Vec<SourceName>>>()?;
    let details = (0..input.u32()?).map(|_| input.details()).collect::<Option<Vec<Details>>>()?;
    let (v4, v6) = (input.u32()? as usize, input.u32()? as usize);
    let count = v4.checked_add(v6)?;
    let addrs4 = input.take(v4.checked_mul(4)?)?;
    let addrs6 = input.take(v6.checked_mul(16)?)?;
    let lens = input.column::<1>(count)?;
    let source = input.column::<4>(count)?;
    let detail = input.column::<4>(count)?;
    let detected = input.column::<8>(count)?;
    let until = input.column::<8>(count)?;
    if !input.0.is_empty() {
        return None;
    }
    let prefix4 = addrs4.as_chunks::<4>().0.iter().enumerate().map(|(at, addr)| {
        let addr = u32::from_le_bytes(*addr);
        Net::new(addr, lens.at(at)[0]).filter(|net| net.first() == addr).map(Prefix::from)
    });
    let prefix6 = addrs6.as_chunks::<16>().0.iter().enumerate().map(|(at, addr)| {
        let addr = u128::from_le_bytes(*addr);
        Net::new(addr, lens.at(v4 + at)[0]).filter(|net| net.first() == addr).map(Prefix::from)
    });
    // Pushed one by one into room that is there: collecting options would not know how many there are.
    let mut listings = Vec::with_capacity(count);
    for (at, prefix) in prefix4.chain(prefix6).enumerate() {
        let end = i64::from_le_bytes(until.at(at));
        listings.push(Listing {
            prefix: prefix?,
            source: SourceId(u32::from_le_bytes(source.at(at))),
            details: DetailsId(u32::from_le_bytes(detail.at(at))),
            detected: Time::from_unix(i64::from_le_bytes(detected.at(at))),
            until: (end != NO_END).then(|| Time::from_unix(end)),
        });
    }
    Content::from_parts(sources, details, listings)
}

fn put_u32(out: &mut Vec<u8>, value: usize) {
    out.extend_from_slice(&(value as u32).to_le_bytes());
}

/// Length in two bytes, then the text; nothing that is kept is longer.
fn put_text(out: &mut Vec<u8>, text: &str) {
    out.extend_from_slice(&(text.len() as u16).to_le_bytes());
    out.extend_from_slice(text.as_bytes());
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

impl<const N: usize> Column<'_, N> {
    fn at(&self, position: usize) -> [u8; N] {
        match self {
            Self::Same(value) => *value,
            Self::Each(values) => values[position],
            Self::Named(values, names) => values[usize::from(names[position])],
        }
    }
}

struct Input<'a>(&'a [u8]);

impl<'a> Input<'a> {
    fn take(&mut self, len: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(len)?;
        self.0 = rest;
        Some(taken)
    }

    fn array<const N: usize>(&mut self) -> Option<[u8; N]> {
        self.take(N)?.try_into().ok()
    }

    fn u32(&mut self) -> Option<u32> {
        self.array().map(u32::from_le_bytes)
    }

    fn text(&mut self) -> Option<&'a str> {
        let len = u16::from_le_bytes(self.array()?);
        std::str::from_utf8(self.take(len.into())?).ok()
    }

    fn details(&mut self) -> Option<Details> {
        let mut texts = [None, None, None];
        for text in &mut texts {
            *text = Some(self.text()?).filter(|text| !text.is_empty()).map(Box::from);
        }
        let [reason, category, severity] = texts;
        let country = match self.array::<2>()? {
            [0, 0] => None,
            letters => Some(Country::new(std::str::from_utf8(&letters).ok()?)?),
        };
        let confidence = Some(self.array::<1>()?[0]).filter(|&confidence| confidence != u8::MAX);
        Some(Details { reason, country, category, severity, confidence })
    }

    fn column<const N: usize>(&mut self, count: usize) -> Option<Column<'a, N>> {
        match self.array()? {
            [0] => self.array().map(Column::Same),
            [1] => Some(Column::Each(self.take(count.checked_mul(N)?)?.as_chunks().0)),
            [2] => {
                let distinct = usize::from(self.array::<1>()?[0]) + 1;
                let values = self.take(distinct * N)?.as_chunks().0;
                let names = self.take(count)?;
                let known = names.iter().all(|&name| usize::from(name) < distinct);
                known.then_some(Column::Named(values, names))
            }
            _ => None,
        }
    }
}
