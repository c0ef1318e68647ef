//! A feed's view of a publication: which prefixes, in which order, how they are joined, which page of them.

use prefix::prefix::Either;
use prefix::{Family, Net4, Net6, Prefix, Set, uncovered};

use crate::feed::{Sieve, cut};
use crate::publication::Publication;
use crate::{Chunk, Country, Details, FeedSettings, Listing, Time};

/// What is asked of a feed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Selection {
    /// Only this family.
    pub family: Option<Family>,
    /// Join neighbours into wider prefixes. Their entries then have no origin.
    pub merge: bool,
    /// At most so many entries on all pages: those that matter least are cut.
    pub cap: Option<usize>,
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
    /// What passes the feed; `None` where everything does.
    sieve: Option<Sieve>,
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
    /// The view of the whole publication that `selection` asks for.
    pub fn new(publication: &'a Publication, selection: Selection) -> Self {
        Self::sifted(publication, None, selection)
    }

    /// The same of what a feed shows. Of the feed's settings this knows what passes; how it is joined and cut is the
    /// selection's, which [`FeedSettings::select`] makes.
    pub fn of_feed(publication: &'a Publication, feed: &FeedSettings, selection: Selection) -> Self {
        Self::sifted(publication, Sieve::new(publication, feed), selection)
    }

    fn sifted(publication: &'a Publication, sieve: Option<Sieve>, selection: Selection) -> Self {
        let wants = |family| selection.family.is_none_or(|only| only == family);
        let mut v4: Vec<Net4> = Vec::new();
        let mut v6: Vec<Net6> = Vec::new();
        if let Some(sieve) = &sieve {
            for prefix in sieve.prefixes(publication).filter(|prefix| wants(prefix.family())) {
                match prefix.split() {
                    Either::V4(net) => v4.push(net),
                    Either::V6(net) => v6.push(net),
                }
            }
            v4 = uncovered(v4).collect();
            v6 = uncovered(v6).collect();
        } else {
            if wants(Family::V4) {
                v4 = uncovered(publication.nets_v4()).collect();
            }
            if wants(Family::V6) {
                v6 = uncovered(publication.nets_v6()).collect();
            }
        }
        if selection.merge {
            v4 = v4.into_iter().collect::<Set<_>>().nets().collect();
            v6 = v6.into_iter().collect::<Set<_>>().nets().collect();
        }
        let total = v4.len() + v6.len();
        if let Some(cap) = selection.cap.filter(|&cap| cap < total) {
            let all = v4.iter().map(|&net| Prefix::from(net)).chain(v6.iter().map(|&net| Prefix::from(net)));
            let mut stays = cut(publication, sieve.as_ref(), all, cap).into_iter();
            v4.retain(|_| stays.next().unwrap_or_default());
            v6.retain(|_| stays.next().unwrap_or_default());
        }
        if let Some(limit) = selection.limit {
            let left = v4.len() + v6.len();
            let from = limit.saturating_mul(selection.page).min(left);
            let to = from.saturating_add(limit).min(left);
            let in_v4 = v4.len();
            v6 = v6[from.saturating_sub(in_v4)..to.saturating_sub(in_v4)].to_vec();
            v4 = v4[from.min(in_v4)..to.min(in_v4)].to_vec();
        }
        Self { publication, v4, v6, selection, sieve, total }
    }

    /// What a feed that neither sifts, joins neighbours nor cuts shows of one chunk.
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

    /// Entries on all pages, and those that a cap cut away.
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
        let chunk = self.publication.chunk(position);
        let passes = |listing: &&'a Listing| {
            self.sieve.as_ref().is_none_or(|sieve| sieve.passes(position.chunk(), listing))
        };
        let listings = self.publication.listings_at(position).iter().filter(passes);
        let mut best = listings.clone().next()?;
        let mut detected = best.detected;
        for listing in listings.clone() {
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
            sources: listings.map(|listing| chunk.source_of(listing).as_str()).collect(),
            details: chunk.details_of(best),
            detected,
            until: best.until,
        })
    }
}
