//! A feed's view of a publication: which prefixes, in which order, how they are joined, which page of them.

use prefix::prefix::Either;
use prefix::{Family, Net4, Net6, Prefix, Set, uncovered};

use crate::publication::Publication;
use crate::{Chunk, Country, Details, Listing, Time};

/// What of a publication a feed shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Selection {
    /// Only this family.
    pub family: Option<Family>,
    /// Join neighbours into wider prefixes. Their entries then have no origin.
    pub merge: bool,
    /// At most so many entries a page.
    pub limit: Option<usize>,
    /// Which page, from 0.
    pub page: usize,
}

/// A feed's view of a publication. What a wider prefix covers is left out; v4 comes before v6, each in order.
#[derive(Debug)]
pub struct View<'a> {
    publication: &'a Publication,
    v4: Vec<Net4>,
    v6: Vec<Net6>,
    selection: Selection,
    total: usize,
}

/// One prefix of a feed with all that is known of it. Where several sources list it, the listing that ends last speaks
/// ("the longest active reason wins"), and `detected` is the earliest.
#[derive(Clone, Debug)]
pub struct Entry<'a> {
    /// The prefix.
    pub prefix: Prefix,
    /// Every source that lists it, sorted.
    pub sources: Vec<&'a str>,
    /// The details of the listing that ends last.
    pub details: &'a Details,
    /// When the first of the sources detected it.
    pub detected: Time,
    /// When the last listing ends; `None` is without end.
    pub until: Option<Time>,
}

impl Entry<'_> {
    /// The reason.
    pub fn reason(&self) -> Option<&str> {
        self.details.reason.as_deref()
    }

    /// The country.
    pub fn country(&self) -> Option<Country> {
        self.details.country
    }

    /// The category.
    pub fn category(&self) -> Option<&str> {
        self.details.category.as_deref()
    }
}

impl<'a> View<'a> {
    /// The view of `publication` that `selection` asks for.
    pub fn new(publication: &'a Publication, selection: Selection) -> Self {
        let wants = |family| selection.family.is_none_or(|only| only == family);
        let mut v4: Vec<Net4> = Vec::new();
        let mut v6: Vec<Net6> = Vec::new();
        if wants(Family::V4) {
            v4 = uncovered(publication.nets_v4()).collect();
        }
        if wants(Family::V6) {
            v6 = uncovered(publication.nets_v6()).collect();
        }
        if selection.merge {
            v4 = v4.into_iter().collect::<Set<_>>().nets().collect();
            v6 = v6.into_iter().collect::<Set<_>>().nets().collect();
        }
        let total = v4.len() + v6.len();
        if let Some(limit) = selection.limit {
            let from = limit.saturating_mul(selection.page).min(total);
            let to = from.saturating_add(limit).min(total);
            let in_v4 = v4.len();
            v6 = v6[from.saturating_sub(in_v4)..to.saturating_sub(in_v4)].to_vec();
            v4 = v4[from.min(in_v4)..to.min(in_v4)].to_vec();
        }
        Self { publication, v4, v6, selection, total }
    }

    /// What a feed that neither joins neighbours nor has a limit shows of one chunk.
    pub(crate) fn of_chunk(chunk: Option<&Chunk>, selection: Selection) -> Vec<Prefix> {
        let wants = |family| selection.family.is_none_or(|only| only == family);
        let (mut v4, mut v6) = (Vec::new(), Vec::new());
        for prefix in chunk.into_iter().flat_map(Chunk::prefixes).filter(|prefix| wants(prefix.family())) {
            match prefix.split() {
                Either::V4(net) => v4.push(net),
                Either::V6(net) => v6.push(net),
            }
        }
        uncovered(v4).map(Prefix::from).chain(uncovered(v6).map(Prefix::from)).collect()
    }

    /// The publication behind it.
    pub fn publication(&self) -> &'a Publication {
        self.publication
    }

    /// What was asked for.
    pub fn selection(&self) -> Selection {
        self.selection
    }

    /// The IPv4 networks, in order.
    pub fn v4(&self) -> &[Net4] {
        &self.v4
    }

    /// The IPv6 networks, in order.
    pub fn v6(&self) -> &[Net6] {
        &self.v6
    }

    /// Entries on this page.
    pub fn len(&self) -> usize {
        self.v4.len() + self.v6.len()
    }

    /// Whether this page has no entry.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Entries on all pages.
    pub fn total(&self) -> usize {
        self.total
    }

    /// The prefixes in order, v4 before v6.
    pub fn prefixes(&self) -> impl Iterator<Item = Prefix> + '_ {
        let v4 = self.v4.iter().map(|&net| Prefix::from(net));
        v4.chain(self.v6.iter().map(|&net| Prefix::from(net)))
    }

    /// The entries with their origin, in order; `None` when neighbours were joined, because a joined prefix is
    /// nobody's listing.
    pub fn entries(&self) -> Option<impl Iterator<Item = Entry<'a>> + '_> {
        (!self.selection.merge).then(|| self.prefixes().filter_map(|prefix| self.entry(prefix)))
    }

    fn entry(&self, prefix: Prefix) -> Option<Entry<'a>> {
        let position = self.publication.inside(prefix).next()?;
        let listings: &'a [Listing] = self.publication.listings_at(position);
        let chunk = self.publication.chunk(position);
        let mut best = listings.first()?;
        let mut detected = best.detected;
        for listing in listings {
            detected = detected.min(listing.detected);
            let later = match (best.until, listing.until) {
                (Some(best), Some(until)) => until > best,
                (Some(_), None) => true,
                (None, _) => false,
            };
            if later {
                best = listing;
            }
        }
        Some(Entry {
            prefix,
            sources: listings.iter().map(|listing| chunk.source_of(listing).as_str()).collect(),
            details: chunk.details_of(best),
            detected,
            until: best.until,
        })
    }
}
