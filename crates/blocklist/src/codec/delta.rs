//! The body of a delta.
//!
//! ```text
//! for each chunk that changed: u32 key, u32 count of prefixes, each as its key (6 or 18 bytes),
//!                              u32 length and as many bytes: the new listings of these prefixes as a chunk; 0 for none
//! ```

use std::cmp::Ordering;
use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

use prefix::Prefix;

use super::{Input, decode_chunk, encode_chunk, put_u32};
use crate::content::Content;
use crate::{Chunk, ChunkKey, Listing};

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

/// What a delta says of a chunk: the prefixes whose listings go, and the listings that come.
type Step = (Vec<Prefix>, Option<Chunk>);

/// The content after some deltas, one after the other.
pub(super) fn replay(before: &Content, bodies: &[&[u8]]) -> Option<Content> {
    let mut steps: BTreeMap<ChunkKey, Vec<Step>> = BTreeMap::new();
    for (at, body) in bodies.iter().enumerate() {
        let mut input = Input(body);
        let mut last = None;
        while !input.0.is_empty() {
            let (key, step) = get_step(&mut input)?;
            // A delta names a chunk once.
            if last.replace(key).is_some_and(|last| last >= key) {
                return None;
            }
            steps.entry(key).or_insert_with(|| Vec::with_capacity(bodies.len() - at)).push(step);
        }
    }
    let changed =
        steps.into_iter().map(|(key, steps)| (key, after(before.chunk(key), key, &steps).map(Arc::new)));
    Some(before.with(&changed.collect()))
}

fn get_step(input: &mut Input<'_>) -> Option<(ChunkKey, Step)> {
    let key = ChunkKey::from_number(input.u32()?)?;
    let count = input.u32()?;
    let mut touched = Vec::new();
    for _ in 0..count {
        let family = *input.0.first()?;
        touched.push(Prefix::from_key(input.take(if family == 4 { 6 } else { Prefix::MAX_KEY })?)?);
    }
    let come = match input.u32()? as usize {
        0 => None,
        len => Some(decode_chunk(key, input.take(len)?)?),
    };
    Some((key, (touched, come)))
}

/// A chunk after some steps. The last that touches a prefix says all of it, so from the end backwards each prefix is taken
/// where it is met first.
fn after(before: Option<&Arc<Chunk>>, key: ChunkKey, steps: &[Step]) -> Option<Chunk> {
    let mut settled: HashSet<Prefix> = HashSet::new();
    let mut parts: Vec<(&Chunk, Vec<Listing>)> = Vec::with_capacity(steps.len() + 1);
    let open = |chunk: &Chunk, settled: &HashSet<Prefix>| -> Vec<Listing> {
        chunk.groups().filter(|group| !settled.contains(&group[0].prefix)).flatten().copied().collect()
    };
    for (touched, come) in steps.iter().rev() {
        parts.extend(come.as_ref().map(|come| (come, open(come, &settled))));
        settled.extend(touched);
    }
    parts.extend(before.map(|before| (&**before, open(before, &settled))));
    Chunk::join(key, &parts)
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
    Chunk::join(chunk.key(), &[(chunk, listings)])
}
