//! One immutable, numbered block list.

use std::fmt::{self, Debug, Display, Formatter};
use std::ops::Range;

use prefix::index::IndexError;
use prefix::prefix::Either;
use prefix::{Index, Prefix};
use serde::{Serialize, Serializer};

use crate::content::Content;
use crate::{Listing, Time};

/// The number of a publication: a counter, never a clock. The first is 1.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
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
        Self { serial, published_at: zero, changed_at: zero, hash: Hash([0; 32]) }
    }
}

/// One immutable, numbered block list, ready to be looked up and served.
///
/// Memory per listing: 48 bytes, and per distinct prefix 12 more for index and offset.
pub struct Publication {
    head: Head,
    content: Content,
    /// Over the distinct IPv4 prefixes.
    v4: Index<u32>,
    /// Over the distinct IPv6 prefixes.
    v6: Index<u128>,
    /// Of each distinct prefix, v4 then v6, where its listings begin; one more at the end.
    starts: Vec<u32>,
    next_end: Option<Time>,
}

impl Publication {
    /// Indexes a content. Fails only for more prefixes than 32 bits can number: a content is sorted.
    pub fn new(head: Head, content: Content) -> Result<Self, IndexError> {
        let listings = content.listings();
        let mut starts = Vec::with_capacity(listings.len() + 1);
        let (mut v4, mut v6) = (Vec::with_capacity(listings.len()), Vec::new());
        let mut last = None;
        for (at, listing) in listings.iter().enumerate() {
            if last == Some(listing.prefix) {
                continue;
            }
            last = Some(listing.prefix);
            starts.push(at as u32);
            match listing.prefix.split() {
                Either::V4(net) => v4.push(net),
                Either::V6(net) => v6.push(net),
            }
        }
        starts.push(listings.len() as u32);
        starts.shrink_to_fit();
        let next_end = content.next_end();
        let (v4, v6) = (Index::from_sorted(&v4)?, Index::from_sorted(&v6)?);
        Ok(Self { head, content, v4, v6, starts, next_end })
    }

    /// What identifies it.
    pub fn head(&self) -> &Head {
        &self.head
    }

    /// Its listings and their tables.
    pub fn content(&self) -> &Content {
        &self.content
    }

    /// How many distinct prefixes it holds.
    pub fn entries(&self) -> usize {
        self.starts.len() - 1
    }

    /// How many of them are IPv4: those come first.
    pub fn entries_v4(&self) -> usize {
        self.v4.len()
    }

    /// The prefix at a position, v4 before v6.
    pub fn prefix(&self, position: usize) -> Prefix {
        self.content.listings()[self.starts[position] as usize].prefix
    }

    /// The distinct prefixes in order.
    pub fn prefixes(&self) -> impl Iterator<Item = Prefix> + '_ {
        (0..self.entries()).map(|position| self.prefix(position))
    }

    /// The listings of the prefix at a position, at least one.
    pub fn listings_at(&self, position: usize) -> &[Listing] {
        &self.content.listings()[self.starts[position] as usize..self.starts[position + 1] as usize]
    }

    /// The positions of all prefixes that cover the given one, the narrowest first.
    pub fn covering(&self, prefix: Prefix) -> impl Iterator<Item = usize> + '_ {
        let (v4, v6) = match prefix.split() {
            Either::V4(net) => (Some(self.v4.covering(net)), None),
            Either::V6(net) => (None, Some(self.v6.covering(net))),
        };
        let offset = self.v4.len();
        v4.into_iter().flatten().chain(v6.into_iter().flatten().map(move |position| position + offset))
    }

    /// The positions of all prefixes that lie inside the given one, itself included.
    pub fn inside(&self, prefix: Prefix) -> Range<usize> {
        match prefix.split() {
            Either::V4(net) => self.v4.inside(net),
            Either::V6(net) => {
                let inside = self.v6.inside(net);
                inside.start + self.v4.len()..inside.end + self.v4.len()
            }
        }
    }

    /// Whether some prefix covers the given one whole.
    pub fn lists(&self, prefix: Prefix) -> bool {
        self.covering(prefix).next().is_some()
    }

    /// The index over the IPv4 prefixes, for many look-ups in a row.
    pub fn v4(&self) -> &Index<u32> {
        &self.v4
    }

    /// The index over the IPv6 prefixes.
    pub fn v6(&self) -> &Index<u128> {
        &self.v6
    }

    /// The first moment at which one of its listings ends.
    pub fn next_end(&self) -> Option<Time> {
        self.next_end
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
