//! The body of a delta.
//!
//! ```text
//! for each chunk that changed: u32 key, u32 count of prefixes, each as its key (6 or 18 bytes),
//!                              u32 length and as many bytes: the new listings of these prefixes as a chunk; 0 for none
//! ```

use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::sync::Arc;

use prefix::Prefix;

use super::{Input, decode_chunk, encode_chunk, put_u32};
use crate::content::Content;
use crate::{Chunk, ChunkKey, DetailsId, DetailsTable, Listing, SourceId, SourceName};

pub(super) fn put(out: &mut Vec<u8>, before: &Content, after: &Content) {
    for (old, new) in before.differing(after) {
        let Some(key) = old.or(new).map(|chunk| chunk.key()) else { continue };
        let touched = touched(old.map(AsRef::as_ref), new.map(AsRef::as_ref));
        put_u32(out, key.number() as usize);
        put_u32(out, touched.len());
        let mut buffer = [0; Prefix::MAX_KEY];
        for prefix in &touched {
            out.extend_from_slice(prefix.to_key(&mut buffer));
        }
        let come = new.and_then(|new| part(new, |prefix| touched.binary_search(&prefix).is_ok()));
        let bytes = come.map(|come| encode_chunk(&come)).unwrap_or_default();
        put_u32(out, bytes.len());
        out.extend_from_slice(&bytes);
    }
}

pub(super) fn apply(before: &Content, body: &[u8]) -> Option<Content> {
    let mut input = Input(body);
    let mut changed = BTreeMap::new();
    while !input.0.is_empty() {
        let key = ChunkKey::from_number(input.u32()?)?;
        let count = input.u32()?;
        let mut touched = Vec::new();
        for _ in 0..count {
            let family = *input.0.first()?;
            touched.push(Prefix::from_key(input.take(if family == 4 { 6 } else { Prefix::MAX_KEY })?)?);
        }
        let len = input.u32()? as usize;
        let come = match len {
            0 => None,
            len => Some(decode_chunk(key, input.take(len)?)?),
        };
        let stay =
            before.chunk(key).and_then(|old| part(old, |prefix| touched.binary_search(&prefix).is_err()));
        let chunk = match (stay, come) {
            (Some(a), Some(b)) => join(&a, &b),
            (one, other) => one.or(other),
        };
        if changed.insert(key, chunk.map(Arc::new)).is_some() {
            return None;
        }
    }
    Some(before.with(&changed))
}

/// The prefixes whose listings are not the same, in order.
fn touched(old: Option<&Chunk>, new: Option<&Chunk>) -> Vec<Prefix> {
    let mut a = old.into_iter().flat_map(|chunk| chunk.groups().map(move |group| (chunk, group))).peekable();
    let mut b = new.into_iter().flat_map(|chunk| chunk.groups().map(move |group| (chunk, group))).peekable();
    let mut touched = Vec::new();
    loop {
        let (order, prefix) = match (a.peek(), b.peek()) {
            (None, None) => return touched,
            (Some((_, x)), None) => (Ordering::Less, x[0].prefix),
            (None, Some((_, y))) => (Ordering::Greater, y[0].prefix),
            (Some((_, x)), Some((_, y))) => (x[0].prefix.cmp(&y[0].prefix), x[0].prefix.min(y[0].prefix)),
        };
        let same = match order {
            Ordering::Less => a.next().is_none(),
            Ordering::Greater => b.next().is_none(),
            Ordering::Equal => match (a.next(), b.next()) {
                (Some((x, xs)), Some((y, ys))) => {
                    xs.len() == ys.len() && xs.iter().zip(ys).all(|(p, q)| equal((x, p), (y, q)))
                }
                _ => false,
            },
        };
        if !same {
            touched.push(prefix);
        }
    }
}

/// Numbers of two chunks mean different things, so what they name is compared.
fn equal((x, p): (&Chunk, &Listing), (y, q): (&Chunk, &Listing)) -> bool {
    p.prefix == q.prefix
        && p.detected == q.detected
        && p.until == q.until
        && x.source_of(p) == y.source_of(q)
        && x.details_of(p) == y.details_of(q)
}

/// The listings of some prefixes as a chunk; `None` when there is none.
fn part(chunk: &Chunk, wanted: impl Fn(Prefix) -> bool) -> Option<Chunk> {
    let listings: Vec<Listing> =
        chunk.groups().filter(|group| wanted(group[0].prefix)).flatten().copied().collect();
    rebuilt(chunk.key(), &[(chunk, &listings)])
}

fn join(a: &Chunk, b: &Chunk) -> Option<Chunk> {
    rebuilt(a.key(), &[(a, a.listings()), (b, b.listings())])
}

/// A chunk of listings of others, whose numbers are theirs.
fn rebuilt(key: ChunkKey, parts: &[(&Chunk, &[Listing])]) -> Option<Chunk> {
    let mut sources: BTreeMap<SourceId, SourceName> = BTreeMap::new();
    let mut details = DetailsTable::default();
    let mut listings = Vec::new();
    for (chunk, some) in parts {
        let offset = sources.len() as u32;
        sources.extend((offset..).map(SourceId).zip(chunk.sources().iter().cloned()));
        let texts: Vec<DetailsId> =
            chunk.details().iter().map(|details_of| details.intern(details_of.clone())).collect();
        listings.extend(some.iter().map(|listing| Listing {
            source: SourceId(offset + listing.source.0),
            details: texts[listing.details.0 as usize],
            ..*listing
        }));
    }
    Chunk::build(key, &sources, &details, listings)
}
