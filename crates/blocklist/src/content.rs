//! The listings of a publication: its chunks, in order.
//!
//! Chunks are shared between contents, so what a change costs, and what two contents differ in, is a matter of the
//! chunks that are not the same.

use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::sync::Arc;

use prefix::Prefix;
use sha2::{Digest, Sha256};

use crate::{Chunk, ChunkKey, DetailsTable, Hash, Listing, SourceId, SourceName, Time};

/// All listings of a publication, sorted by (prefix, source).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Content {
    /// By key.
    chunks: Vec<Arc<Chunk>>,
}

/// The same chunk of two contents; absent where it holds nothing.
pub type Pair<'a> = (Option<&'a Arc<Chunk>>, Option<&'a Arc<Chunk>>);

impl Content {
    /// Makes what searches need and is not there yet, chunk by chunk; whoever searches meanwhile waits for one at most.
    pub fn prepare_search(&self) {
        for chunk in self.chunks() {
            chunk.folded();
        }
    }

    /// Brings listings into canonical form. `sources` names every source that a listing points to; a listing of an
    /// unnamed source cannot be traced and is left out, and so is one that is wider than a chunk.
    pub fn new(
        sources: &BTreeMap<SourceId, SourceName>,
        details: &DetailsTable,
        listings: Vec<Listing>,
    ) -> Self {
        let mut by_chunk: BTreeMap<ChunkKey, Vec<Listing>> = BTreeMap::new();
        let mut last: Option<(ChunkKey, Vec<Listing>)> = None;
        for listing in listings {
            let Some(key) = ChunkKey::of(listing.prefix) else { continue };
            match &mut last {
                // Neighbours mostly share their chunk.
                Some((open, listings)) if *open == key => listings.push(listing),
                _ => {
                    if let Some((key, listings)) = last.take() {
                        by_chunk.insert(key, listings);
                    }
                    let mut listings = by_chunk.remove(&key).unwrap_or_default();
                    listings.push(listing);
                    last = Some((key, listings));
                }
            }
        }
        by_chunk.extend(last);
        let chunks = by_chunk
            .into_iter()
            .filter_map(|(key, listings)| Chunk::build(key, sources, details, listings).map(Arc::new));
        Self { chunks: chunks.collect() }
    }

    /// Takes chunks; `None` when they do not come in order, each once.
    pub fn from_chunks(chunks: Vec<Arc<Chunk>>) -> Option<Self> {
        chunks.is_sorted_by(|a, b| a.key() < b.key()).then_some(Self { chunks })
    }

    /// This with other chunks in the place of some; `None` takes one out.
    #[must_use]
    pub fn with(&self, changed: &BTreeMap<ChunkKey, Option<Arc<Chunk>>>) -> Self {
        let mut chunks = Vec::with_capacity(self.chunks.len() + changed.len());
        let mut changed = changed.iter().peekable();
        for chunk in &self.chunks {
            while let Some((_, new)) = changed.next_if(|(key, _)| **key < chunk.key()) {
                chunks.extend(new.clone());
            }
            match changed.next_if(|(key, _)| **key == chunk.key()) {
                Some((_, new)) => chunks.extend(new.clone()),
                None => chunks.push(Arc::clone(chunk)),
            }
        }
        chunks.extend(changed.filter_map(|(_, new)| new.clone()));
        Self { chunks }
    }

    /// The chunks, in order.
    pub fn chunks(&self) -> &[Arc<Chunk>] {
        &self.chunks
    }

    /// One chunk; `None` where nothing of it is listed.
    pub fn chunk(&self, key: ChunkKey) -> Option<&Arc<Chunk>> {
        self.chunks.binary_search_by_key(&key, |chunk| chunk.key()).ok().map(|at| &self.chunks[at])
    }

    /// The chunks in which two contents differ: this one's and the other's.
    pub fn differing<'a>(&'a self, other: &'a Self) -> impl Iterator<Item = Pair<'a>> {
        let (mut a, mut b) = (self.chunks.iter().peekable(), other.chunks.iter().peekable());
        std::iter::from_fn(move || {
            loop {
                let order = match (a.peek(), b.peek()) {
                    (None, None) => return None,
                    (Some(_), None) => Ordering::Less,
                    (None, Some(_)) => Ordering::Greater,
                    (Some(a), Some(b)) => a.key().cmp(&b.key()),
                };
                let pair = match order {
                    Ordering::Less => (a.next(), None),
                    Ordering::Greater => (None, b.next()),
                    Ordering::Equal => (a.next(), b.next()),
                };
                if let (Some(x), Some(y)) = pair
                    && (Arc::ptr_eq(x, y) || x == y)
                {
                    continue;
                }
                return Some(pair);
            }
        })
    }

    /// SHA-256 over key and hash of each chunk.
    pub fn hash(&self) -> Hash {
        let mut sha = Sha256::new();
        for chunk in &self.chunks {
            sha.update(chunk.key().number().to_le_bytes());
            sha.update(chunk.hash().0);
        }
        Hash(sha.finalize().into())
    }

    /// How many listings.
    pub fn len(&self) -> usize {
        self.chunks.iter().map(|chunk| chunk.listings().len()).sum()
    }

    /// Whether nothing is listed.
    pub fn is_empty(&self) -> bool {
        self.chunks.is_empty()
    }

    /// How many distinct prefixes.
    pub fn entries(&self) -> usize {
        self.chunks.iter().map(|chunk| chunk.entries()).sum()
    }

    /// How many bytes its chunks are when encoded.
    pub fn size(&self) -> usize {
        self.chunks.iter().map(|chunk| chunk.size()).sum()
    }

    /// The first moment at which one of the listings ends.
    pub fn next_end(&self) -> Option<Time> {
        self.chunks.iter().filter_map(|chunk| chunk.next_end()).min()
    }

    /// The distinct prefixes, in order.
    pub fn prefixes(&self) -> impl Iterator<Item = Prefix> + '_ {
        self.chunks.iter().flat_map(|chunk| chunk.prefixes())
    }

    /// Every listing with its chunk, in order.
    pub fn listings(&self) -> impl Iterator<Item = (&Chunk, &Listing)> + '_ {
        self.chunks.iter().flat_map(|chunk| chunk.listings().iter().map(|listing| (&**chunk, listing)))
    }
}
