//! The listings of a publication in canonical order and numbering.
//!
//! Two nodes that hold the same listings must publish the same bytes, but their stores number sources and details as
//! they came. So a content has tables of its own: only what its listings name, sorted, and each listing's `source` and
//! `details` are positions in them.

use std::collections::BTreeMap;

use prefix::Prefix;

use crate::{Details, DetailsId, DetailsTable, Listing, SourceId, SourceName, Time};

/// Listings sorted by (prefix, source), with the tables they point into.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Content {
    sources: Vec<SourceName>,
    details: Vec<Details>,
    listings: Vec<Listing>,
}

impl Content {
    /// Brings listings into canonical form. `sources` names every source that a listing points to; a listing of an
    /// unnamed source cannot be traced and is left out.
    pub fn new(
        sources: &BTreeMap<SourceId, SourceName>,
        details: &DetailsTable,
        mut listings: Vec<Listing>,
    ) -> Self {
        let mut used_sources = vec![false; sources.last_key_value().map_or(0, |(id, _)| id.0 as usize + 1)];
        let mut used_details = vec![false; details.len()];
        listings.retain(|listing| sources.contains_key(&listing.source));
        for listing in &listings {
            used_sources[listing.source.0 as usize] = true;
            if let Some(used) = used_details.get_mut(listing.details.0 as usize) {
                *used = true;
            }
        }

        let mut names: Vec<(&SourceName, usize)> = sources
            .iter()
            .map(|(id, name)| (name, id.0 as usize))
            .filter(|&(_, id)| used_sources[id])
            .collect();
        names.sort_unstable();
        let mut texts: Vec<(&Details, usize)> = details
            .iter()
            .enumerate()
            .filter(|&(id, _)| used_details[id])
            .map(|(id, text)| (text, id))
            .collect();
        texts.sort_unstable();

        let source_at = positions(used_sources.len(), names.iter().map(|&(_, id)| id));
        let details_at = positions(used_details.len(), texts.iter().map(|&(_, id)| id));
        for listing in &mut listings {
            listing.source = SourceId(source_at[listing.source.0 as usize]);
            listing.details = DetailsId(details_at[listing.details.0 as usize]);
        }
        // Mostly the listings come sorted: the store keeps them by (source, prefix), and often one source is all.
        if !listings.is_sorted_by_key(|listing| (listing.prefix, listing.source)) {
            // Stable, because it sees the sorted runs of the sources and only merges them.
            listings.sort_by_key(|listing| (listing.prefix, listing.source));
        }
        Self {
            sources: names.into_iter().map(|(name, _)| name.clone()).collect(),
            details: texts.into_iter().map(|(text, _)| text.clone()).collect(),
            listings,
        }
    }

    /// Takes parts that are canonical already, as a file holds them. `None` when they are not: a wrong order or a
    /// position out of its table.
    pub fn from_parts(
        sources: Vec<SourceName>,
        details: Vec<Details>,
        listings: Vec<Listing>,
    ) -> Option<Self> {
        let canonical = sources.is_sorted()
            && details.is_sorted()
            && listings.is_sorted_by(|a, b| (a.prefix, a.source) < (b.prefix, b.source))
            && listings.iter().all(|listing| {
                (listing.source.0 as usize) < sources.len() && (listing.details.0 as usize) < details.len()
            });
        canonical.then_some(Self { sources, details, listings })
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

    /// The first moment at which one of the listings ends.
    pub fn next_end(&self) -> Option<Time> {
        self.listings.iter().filter_map(|listing| listing.until).min()
    }

    /// The distinct prefixes, in order.
    pub fn prefixes(&self) -> impl Iterator<Item = Prefix> + '_ {
        let mut last = None;
        self.listings.iter().filter_map(move |listing| {
            let fresh = last != Some(listing.prefix);
            last = Some(listing.prefix);
            fresh.then_some(listing.prefix)
        })
    }

    /// The name of a listing's source.
    pub fn source_of(&self, listing: &Listing) -> &SourceName {
        &self.sources[listing.source.0 as usize]
    }

    /// The details of a listing.
    pub fn details_of(&self, listing: &Listing) -> &Details {
        &self.details[listing.details.0 as usize]
    }
}

/// The inverse of a list of ids: at each id, its position in the list.
fn positions(len: usize, ids: impl Iterator<Item = usize>) -> Vec<u32> {
    let mut at = vec![0; len];
    for (position, id) in ids.enumerate() {
        at[id] = position as u32;
    }
    at
}
