//! Which listings of a publication pass a feed. Whether they do is decided once for each source and each set of details
//! of a chunk, not for each listing.

use prefix::Prefix;

use super::FeedSettings;
use crate::publication::Publication;
use crate::{Chunk, Listing};

/// What passes a feed, by chunk.
#[derive(Debug)]
pub(crate) struct Sieve {
    chunks: Vec<Mesh>,
}

/// What passes, of the tables of one chunk.
#[derive(Debug, Default)]
struct Mesh {
    sources: Vec<bool>,
    details: Vec<bool>,
}

impl Sieve {
    /// The sieve of a feed for a publication; `None` when everything passes.
    pub(crate) fn new(publication: &Publication, feed: &FeedSettings) -> Option<Self> {
        if feed.shows_all() {
            return None;
        }
        let chunks = publication.content().chunks().iter().map(|chunk| Mesh::new(chunk, feed));
        Some(Self { chunks: chunks.collect() })
    }

    /// Whether a listing of the chunk at a place passes.
    #[inline]
    pub(crate) fn passes(&self, chunk: usize, listing: &Listing) -> bool {
        let mesh = &self.chunks[chunk];
        mesh.sources[listing.source.0 as usize] && mesh.details[listing.details.0 as usize]
    }

    /// The distinct prefixes with a listing that passes, in order.
    pub(crate) fn prefixes<'a>(&'a self, publication: &'a Publication) -> impl Iterator<Item = Prefix> + 'a {
        let chunks = publication.content().chunks().iter().zip(&self.chunks).enumerate();
        chunks.filter(|(_, (_, mesh))| mesh.lets_some_pass()).flat_map(move |(at, (chunk, _))| {
            let mut last = None;
            chunk.listings().iter().filter_map(move |listing| {
                // Sorted by prefix, so equal ones are neighbours.
                let new = last != Some(listing.prefix) && self.passes(at, listing);
                new.then(|| *last.insert(listing.prefix))
            })
        })
    }
}

impl Mesh {
    fn new(chunk: &Chunk, feed: &FeedSettings) -> Self {
        let family = chunk.key().net().family();
        if feed.filter.family.is_some_and(|only| only != family) {
            return Self {
                sources: vec![false; chunk.sources().len()],
                details: vec![false; chunk.details().len()],
            };
        }
        let wanted = |source| feed.sources.as_ref().is_none_or(|sources| sources.admit(source));
        Self {
            sources: chunk.sources().iter().map(wanted).collect(),
            details: chunk
                .details()
                .iter()
                .map(|details| feed.filter.judge_details(details).is_ok())
                .collect(),
        }
    }

    fn lets_some_pass(&self) -> bool {
        self.sources.contains(&true) && self.details.contains(&true)
    }
}
