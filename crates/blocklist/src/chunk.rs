//! Chunks: where the address space is cut, so that a change costs what it touches.
//!
//! A chunk holds the listings of one IPv4 /8, or of one IPv6 /16. The rules of admission refuse what is wider, so no
//! listing reaches over an edge, and everything that turns listings into a publication (policy, order, index, bytes, hash)
//! is done chunk by chunk. Two publications share every chunk that is equal in both; a change of one listing makes one
//! chunk of 222 anew. A fixed cut, rather than one that follows the load, so that equal listings have equal chunks on
//! every node, however they came.

mod join;
mod tables;

use std::collections::BTreeMap;
use std::fmt::{self, Debug, Formatter};
use std::ops::Range;
use std::sync::OnceLock;

use prefix::index::IndexError;
use prefix::prefix::Either;
use prefix::{Index, Net, Prefix, uncovered};

use self::tables::{renumber, table};
use crate::policy::order;
use crate::search::Folded;
use crate::{Details, DetailsId, DetailsTable, Hash, Listing, SourceId, SourceName, Time, codec};

/// Leading bits of IPv4 that name a chunk: as many as the widest admitted prefix has.
const BITS4: u8 = 8;
/// Leading bits of IPv6; the widest admitted prefix has 19.
const BITS6: u8 = 16;

/// Which chunk: ordered as the prefixes are, v4 before v6.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ChunkKey(u32);

impl ChunkKey {
    /// Set for IPv6.
    const V6: u32 = 1 << BITS6;

    /// The chunk that holds a prefix; `None` for one that is wider than a chunk.
    pub fn of(prefix: Prefix) -> Option<Self> {
        match prefix.split() {
            Either::V4(net) => (net.len() >= BITS4).then(|| Self(net.first() >> (32 - BITS4))),
            Either::V6(net) => (net.len() >= BITS6).then(|| Self::of_v6(net.first())),
        }
    }

    /// The chunk that holds an IPv6 address.
    pub(crate) fn of_v6(addr: u128) -> Self {
        Self(Self::V6 | (addr >> (128 - BITS6)) as u32)
    }

    /// The chunk as a number, for whoever keeps it.
    pub fn number(self) -> u32 {
        self.0
    }

    /// The chunk of a number that [`Self::number`] gave.
    pub fn from_number(number: u32) -> Option<Self> {
        (number < 1 << BITS4 || (Self::V6..2 * Self::V6).contains(&number)).then_some(Self(number))
    }

    /// The network that the chunk holds.
    pub fn net(self) -> Prefix {
        let net4 = |number: u32| Net::new(number << (32 - BITS4), BITS4).map(Prefix::from);
        let net6 = |number: u32| Net::new(u128::from(number) << (128 - BITS6), BITS6).map(Prefix::from);
        let net = if self.0 < Self::V6 { net4(self.0) } else { net6(self.0 - Self::V6) };
        // Lengths are in range by their constants.
        net.unwrap_or_else(|| Net::host(0u32).into())
    }

    /// Every IPv4 chunk, in order.
    pub fn all_v4() -> impl Iterator<Item = Self> {
        (0..1 << BITS4).map(Self)
    }
}

impl Debug for ChunkKey {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        Debug::fmt(&self.net(), f)
    }
}

/// The listings of one chunk, never none, in canonical order and numbering: sorted by (prefix, source), with tables of
/// their own that name only what they name, sorted. So equal listings are equal bytes, whatever numbers a store gave.
///
/// 48 bytes a listing; the index, made when first asked for, takes 12 more a distinct prefix.
pub struct Chunk {
    key: ChunkKey,
    sources: Vec<SourceName>,
    details: Vec<Details>,
    listings: Vec<Listing>,
    entries: u32,
    /// How many IPv4 addresses its prefixes hold.
    covered: u32,
    next_end: Option<Time>,
    hash: Hash,
    /// Bytes when encoded.
    size: u32,
    places: OnceLock<Result<Places, IndexError>>,
    folded: OnceLock<Folded>,
}

/// The distinct prefixes of a chunk, to be looked up.
#[derive(Debug)]
struct Places {
    nets: Nets,
    /// Of each distinct prefix, where its listings begin; one more at the end.
    starts: Vec<u32>,
}

#[derive(Debug)]
enum Nets {
    V4(Index<u32>),
    V6(Index<u128>),
}

impl Chunk {
    /// Brings listings of one chunk into canonical form; of a prefix that a source lists twice, as what is left of wider
    /// ones can be, the longest end stays. `sources` names every source that a listing points to; a listing
    /// of an unnamed source cannot be traced and is left out, as is one of another chunk. `None` when none is left.
    pub fn build(
        key: ChunkKey,
        sources: &BTreeMap<SourceId, SourceName>,
        details: &DetailsTable,
        mut listings: Vec<Listing>,
    ) -> Option<Self> {
        listings.retain(|listing| {
            sources.contains_key(&listing.source) && ChunkKey::of(listing.prefix) == Some(key)
        });
        order(&mut listings, details);
        let (names, source_at) =
            table(listings.iter().map(|listing| listing.source.0), |id| sources.get(&SourceId(id)).cloned());
        let (texts, details_at) = table(listings.iter().map(|listing| listing.details.0), |id| {
            Some(details.get(DetailsId(id)).clone())
        });
        let (mut last_source, mut last_details) = ((u32::MAX, 0), (u32::MAX, 0));
        for listing in &mut listings {
            listing.source = SourceId(renumber(&source_at, &mut last_source, listing.source.0));
            listing.details = DetailsId(renumber(&details_at, &mut last_details, listing.details.0));
        }
        if !listings.is_sorted_by_key(|listing| (listing.prefix, listing.source)) {
            // Stable, because it sees the sorted runs of the sources and only merges them.
            listings.sort_by_key(|listing| (listing.prefix, listing.source));
        }
        Self::assemble(key, names, texts, listings, None)
    }

    /// Takes parts that are canonical already, as a file holds them. `None` when they are not: no listing, a wrong order,
    /// a position out of its table, a prefix of another chunk. `encoded` are the bytes they were read from.
    pub(crate) fn assemble(
        key: ChunkKey,
        sources: Vec<SourceName>,
        details: Vec<Details>,
        listings: Vec<Listing>,
        encoded: Option<&[u8]>,
    ) -> Option<Self> {
        let canonical = !listings.is_empty()
            && u32::try_from(listings.len()).is_ok()
            && sources.is_sorted_by(|a, b| a < b)
            && details.is_sorted_by(|a, b| a < b)
            && listings.is_sorted_by(|a, b| (a.prefix, a.source) < (b.prefix, b.source))
            && listings.iter().all(|listing| {
                (listing.source.0 as usize) < sources.len()
                    && (listing.details.0 as usize) < details.len()
                    && ChunkKey::of(listing.prefix) == Some(key)
            });
        if !canonical {
            return None;
        }
        let mut chunk = Self {
            key,
            sources,
            details,
            entries: distinct(&listings) as u32,
            covered: covered(&listings),
            next_end: listings.iter().filter_map(|listing| listing.until).min(),
            listings,
            hash: Hash::ZERO,
            size: 0,
            places: OnceLock::new(),
            folded: OnceLock::new(),
        };
        let made;
        let bytes = if let Some(bytes) = encoded {
            bytes
        } else {
            made = codec::encode_chunk(&chunk);
            &made
        };
        chunk.hash = Hash::of(bytes);
        chunk.size = bytes.len() as u32;
        Some(chunk)
    }

    /// Which chunk it is.
    pub fn key(&self) -> ChunkKey {
        self.key
    }

    /// The sources, sorted by name.
    pub fn sources(&self) -> &[SourceName] {
        &self.sources
    }

    /// The distinct details, sorted.
    pub fn details(&self) -> &[Details] {
        &self.details
    }

    /// The listings, sorted by (prefix, source).
    pub fn listings(&self) -> &[Listing] {
        &self.listings
    }

    /// How many distinct prefixes it holds.
    pub fn entries(&self) -> usize {
        self.entries as usize
    }

    /// How many IPv4 addresses its prefixes hold; 0 for a chunk of IPv6.
    pub fn covered_v4(&self) -> u32 {
        self.covered
    }

    /// The first moment at which one of the listings ends.
    pub fn next_end(&self) -> Option<Time> {
        self.next_end
    }

    /// SHA-256 of the chunk as bytes.
    pub fn hash(&self) -> Hash {
        self.hash
    }

    /// How many bytes it is when encoded.
    pub fn size(&self) -> usize {
        self.size as usize
    }

    /// The distinct prefixes, in order.
    pub fn prefixes(&self) -> impl Iterator<Item = Prefix> + '_ {
        self.groups().map(|group| group[0].prefix)
    }

    /// The listings by prefix, each group at least one, in order.
    pub fn groups(&self) -> impl Iterator<Item = &[Listing]> + '_ {
        self.listings.chunk_by(|a, b| a.prefix == b.prefix)
    }

    /// The name of a listing's source.
    pub fn source_of(&self, listing: &Listing) -> &SourceName {
        &self.sources[listing.source.0 as usize]
    }

    /// The details of a listing.
    pub fn details_of(&self, listing: &Listing) -> &Details {
        &self.details[listing.details.0 as usize]
    }

    /// The texts of its details, to be searched; made by the first who searches them.
    pub(crate) fn folded(&self) -> &Folded {
        self.folded.get_or_init(|| Folded::of(&self.details))
    }

    /// Makes the index if it is not there: whoever is about to serve the chunk does, so that no reader waits for it.
    pub(crate) fn make_places(&self) -> Result<(), IndexError> {
        self.places.get_or_init(|| Places::of(&self.listings)).as_ref().map(drop).map_err(|error| *error)
    }

    /// The listings of the prefix at a place among the distinct ones, at least one. This and what follows is for chunks of
    /// a [publication](crate::Publication), which made their index; of others it would know nothing.
    pub(crate) fn listings_at(&self, place: usize) -> &[Listing] {
        let range =
            self.places().map(|places| places.starts[place] as usize..places.starts[place + 1] as usize);
        range.map_or(&[], |range| &self.listings[range])
    }

    /// The places of all prefixes that cover the given one, the narrowest first.
    pub(crate) fn covering(&self, prefix: Prefix) -> impl Iterator<Item = usize> + '_ {
        let (v4, v6) = match (self.places().map(|places| &places.nets), prefix.split()) {
            (Some(Nets::V4(index)), Either::V4(net)) => (Some(index.covering(net)), None),
            (Some(Nets::V6(index)), Either::V6(net)) => (None, Some(index.covering(net))),
            _ => (None, None),
        };
        v4.into_iter().flatten().chain(v6.into_iter().flatten())
    }

    /// The places of all prefixes that lie inside the given one, itself included.
    pub(crate) fn inside(&self, prefix: Prefix) -> Range<usize> {
        match (self.places().map(|places| &places.nets), prefix.split()) {
            (Some(Nets::V4(index)), Either::V4(net)) => index.inside(net),
            (Some(Nets::V6(index)), Either::V6(net)) => index.inside(net),
            _ => 0..0,
        }
    }

    /// The index over its IPv4 prefixes; `None` for a chunk of IPv6.
    pub(crate) fn v4(&self) -> Option<&Index<u32>> {
        self.places().and_then(|places| match &places.nets {
            Nets::V4(index) => Some(index),
            Nets::V6(_) => None,
        })
    }

    /// The index over its IPv6 prefixes; `None` for a chunk of IPv4.
    pub(crate) fn v6(&self) -> Option<&Index<u128>> {
        self.places().and_then(|places| match &places.nets {
            Nets::V6(index) => Some(index),
            Nets::V4(_) => None,
        })
    }

    fn places(&self) -> Option<&Places> {
        self.places.get()?.as_ref().ok()
    }
}

impl Places {
    fn of(listings: &[Listing]) -> Result<Self, IndexError> {
        let mut starts = Vec::new();
        let (mut v4, mut v6) = (Vec::new(), Vec::new());
        let mut at = 0;
        for group in listings.chunk_by(|a, b| a.prefix == b.prefix) {
            starts.push(at);
            at += group.len() as u32;
            match group[0].prefix.split() {
                Either::V4(net) => v4.push(net),
                Either::V6(net) => v6.push(net),
            }
        }
        starts.push(at);
        starts.shrink_to_fit();
        let nets = if v6.is_empty() {
            Nets::V4(Index::from_sorted(&v4)?)
        } else {
            Nets::V6(Index::from_sorted(&v6)?)
        };
        Ok(Self { nets, starts })
    }
}

impl Debug for Chunk {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.debug_struct("Chunk")
            .field("key", &self.key)
            .field("listings", &self.listings.len())
            .field("hash", &self.hash)
            .finish_non_exhaustive()
    }
}

impl PartialEq for Chunk {
    fn eq(&self, other: &Self) -> bool {
        self.key == other.key && self.hash == other.hash
    }
}

impl Eq for Chunk {}

/// How many distinct prefixes sorted listings have.
fn distinct(listings: &[Listing]) -> usize {
    listings.chunk_by(|a, b| a.prefix == b.prefix).count()
}

/// How many IPv4 addresses sorted listings hold: at most the 2^24 of a chunk. Prefixes nest, so those that no other covers
/// hold each of them once.
fn covered(listings: &[Listing]) -> u32 {
    let nets = listings.iter().map_while(|listing| listing.prefix.v4());
    uncovered(nets).map(|net| net.last() - net.first() + 1).sum()
}
