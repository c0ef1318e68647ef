//! One immutable, numbered block list.

use std::fmt::{self, Debug, Display, Formatter};

use prefix::index::IndexError;
use prefix::{Net4, Net6, Prefix};
use serde::{Deserialize, Serialize, Serializer};
use sha2::{Digest, Sha256};

use crate::content::Content;
use crate::{Chunk, ChunkKey, Listing, Time};

/// The number of a publication: a counter, never a clock. The first is 1.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Serial(pub u64);

impl Serial {
    /// The one after.
    #[must_use]
    pub fn next(self) -> Self {
        Self(self.0 + 1)
    }
}

impl Display for Serial {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        Display::fmt(&self.0, f)
    }
}

/// SHA-256 of a publication's content, written as 64 hex digits.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Hash(pub [u8; 32]);

impl Hash {
    /// No hash of anything.
    pub const ZERO: Self = Self([0; 32]);

    /// The hash of bytes.
    pub fn of(bytes: &[u8]) -> Self {
        Self(Sha256::digest(bytes).into())
    }

    /// Reads 64 hex digits.
    pub fn from_hex(text: &str) -> Option<Self> {
        let mut bytes = [0; 32];
        if text.len() != 64 || !text.is_ascii() {
            return None;
        }
        for (i, byte) in bytes.iter_mut().enumerate() {
            *byte = u8::from_str_radix(&text[2 * i..2 * i + 2], 16).ok()?;
        }
        Some(Self(bytes))
    }
}

impl Display for Hash {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl Debug for Hash {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        Display::fmt(self, f)
    }
}

impl Serialize for Hash {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// What identifies a publication.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Head {
    /// Its number.
    pub serial: Serial,
    /// When it was published.
    pub published_at: Time,
    /// When the set of prefixes last changed: a publication that only changes a reason or an end date keeps the time of
    /// the one before. Grows by at least a second with each change, because HTTP dates cannot tell two changes in one
    /// second apart.
    pub changed_at: Time,
    /// SHA-256 of the content.
    pub hash: Hash,
}

impl Head {
    /// A head of which only the number is known.
    pub fn before_all(serial: Serial) -> Self {
        let zero = Time::from_unix(0);
        Self { serial, published_at: zero, changed_at: zero, hash: Hash::ZERO }
    }
}

/// Where a prefix stands in a publication: its chunk, and its place there. In order of the prefixes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Position {
    chunk: u32,
    place: u32,
}

/// One immutable, numbered block list, ready to be looked up and served.
///
/// Memory per listing: 48 bytes, and per distinct prefix 12 more for index and offset. What two publications have in
/// common is there once.
pub struct Publication {
    head: Head,
    content: Content,
    /// Of each IPv4 chunk, by its number, where it stands; [`NOWHERE`] for none.
    v4: [u16; 256],
    /// Where the IPv6 chunks begin.
    v6: usize,
    entries: usize,
    entries_v4: usize,
    next_end: Option<Time>,
}

impl Position {
    /// Which of the publication's chunks.
    pub(crate) fn chunk(self) -> usize {
        self.chunk as usize
    }
}

const NOWHERE: u16 = u16::MAX;

impl Publication {
    /// Indexes what is not indexed yet of a content. Fails only for more prefixes than 32 bits can number: a content is
    /// sorted.
    pub fn new(head: Head, content: Content) -> Result<Self, IndexError> {
        let chunks = content.chunks();
        let mut v4 = [NOWHERE; 256];
        let v6 = chunks.partition_point(|chunk| chunk.key().net().v4().is_some());
        for (at, chunk) in chunks.iter().enumerate() {
            chunk.make_places()?;
            if at < v6 {
                v4[chunk.key().number() as usize] = at as u16;
            }
        }
        let entries_v4 = chunks[..v6].iter().map(|chunk| chunk.entries()).sum();
        let (entries, next_end) = (content.entries(), content.next_end());
        Ok(Self { head, content, v4, v6, entries, entries_v4, next_end })
    }

    /// What identifies it.
    pub fn head(&self) -> &Head {
        &self.head
    }

    /// Its listings.
    pub fn content(&self) -> &Content {
        &self.content
    }

    /// How many distinct prefixes it holds.
    pub fn entries(&self) -> usize {
        self.entries
    }

    /// How many of them are IPv4: those come first.
    pub fn entries_v4(&self) -> usize {
        self.entries_v4
    }

    /// The chunk of a position.
    pub fn chunk(&self, position: Position) -> &Chunk {
        &self.content.chunks()[position.chunk as usize]
    }

    /// The prefix at a position.
    pub fn prefix(&self, position: Position) -> Prefix {
        self.listings_at(position)[0].prefix
    }

    /// The listings of the prefix at a position, at least one.
    pub fn listings_at(&self, position: Position) -> &[Listing] {
        self.chunk(position).listings_at(position.place as usize)
    }

    /// The distinct prefixes, in order.
    pub fn prefixes(&self) -> impl Iterator<Item = Prefix> + '_ {
        self.content.prefixes()
    }

    /// The positions of all prefixes that cover the given one, the narrowest first.
    pub fn covering(&self, prefix: Prefix) -> impl Iterator<Item = Position> + '_ {
        let at = ChunkKey::of(prefix).and_then(|key| self.find(key));
        let chunk = at.map(|at| &self.content.chunks()[at]);
        let places = chunk.into_iter().flat_map(move |chunk| chunk.covering(prefix));
        places.map(move |place| Position { chunk: at.unwrap_or(0) as u32, place: place as u32 })
    }

    /// The positions of all prefixes that lie inside the given one, itself included, in order.
    pub fn inside(&self, prefix: Prefix) -> impl Iterator<Item = Position> + '_ {
        let chunks = self.content.chunks();
        let range = if let Some(key) = ChunkKey::of(prefix) {
            self.find(key).map_or(0..0, |at| at..at + 1)
        } else {
            // Wider than a chunk: every chunk that it covers.
            let first = chunks.partition_point(|chunk| chunk.key().net() < prefix);
            let covered = chunks[first..].iter().take_while(|chunk| prefix.covers(chunk.key().net()));
            first..first + covered.count()
        };
        range.flat_map(move |at| {
            chunks[at].inside(prefix).map(move |place| Position { chunk: at as u32, place: place as u32 })
        })
    }

    /// Whether some prefix covers the given one whole.
    pub fn lists(&self, prefix: Prefix) -> bool {
        self.covering(prefix).next().is_some()
    }

    /// The narrowest prefix that holds an IPv4 address, for many look-ups in a row.
    #[inline]
    pub fn find_v4(&self, addr: u32) -> Option<Position> {
        let at = self.v4[(addr >> 24) as usize];
        // `NOWHERE` is no chunk: there are 256 of IPv4 at most.
        let place =
            self.content.chunks().get(usize::from(at)).filter(|_| at != NOWHERE)?.v4()?.longest(addr)?;
        Some(Position { chunk: at.into(), place: place as u32 })
    }

    /// The narrowest prefix that holds an IPv6 address.
    #[inline]
    pub fn find_v6(&self, addr: u128) -> Option<Position> {
        let at = self.find(ChunkKey::of_v6(addr))?;
        let place = self.content.chunks()[at].v6()?.longest(addr)?;
        Some(Position { chunk: at as u32, place: place as u32 })
    }

    /// The IPv4 prefixes, in order.
    pub fn nets_v4(&self) -> impl Iterator<Item = Net4> + '_ {
        self.content.chunks()[..self.v6].iter().filter_map(|chunk| chunk.v4()).flat_map(prefix::Index::iter)
    }

    /// The IPv6 prefixes, in order.
    pub fn nets_v6(&self) -> impl Iterator<Item = Net6> + '_ {
        self.content.chunks()[self.v6..].iter().filter_map(|chunk| chunk.v6()).flat_map(prefix::Index::iter)
    }

    /// The first moment at which one of its listings ends.
    pub fn next_end(&self) -> Option<Time> {
        self.next_end
    }

    fn find(&self, key: ChunkKey) -> Option<usize> {
        match self.v4.get(key.number() as usize) {
            Some(&NOWHERE) => None,
            Some(&at) => Some(usize::from(at)),
            None => {
                let v6 = &self.content.chunks()[self.v6..];
                v6.binary_search_by_key(&key, |chunk| chunk.key()).ok().map(|at| at + self.v6)
            }
        }
    }
}

impl Debug for Publication {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.debug_struct("Publication")
            .field("head", &self.head)
            .field("entries", &self.entries())
            .finish_non_exhaustive()
    }
}
