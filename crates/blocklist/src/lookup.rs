//! What a publication says of one address or prefix: the answer of `check` and of the look-up routes.

use prefix::Prefix;
use serde::{Serialize, Serializer};

use crate::{Chunk, Country, Listing, Publication, State, Time};

/// What a publication says of one prefix.
///
/// A prefix is listed when another one, or itself, covers it whole: of a /24 with one listed host the /24 is not.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Answer<'a> {
    /// What was asked for, in canonical form.
    #[serde(rename = "ip", serialize_with = "canonical")]
    pub asked: Prefix,
    /// Whether it is on the block list.
    pub listed: bool,
    /// The narrowest prefix that covers it; `null` when it is not listed.
    #[serde(serialize_with = "canonical_or_null")]
    pub prefix: Option<Prefix>,
    /// The listings of every prefix that covers it: narrowest prefix first, then by source.
    pub listings: Vec<Found<'a>>,
}

/// One listing that covers what was asked for. What is absent is `null`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Found<'a> {
    /// Who lists it.
    pub source: &'a str,
    /// What is listed.
    #[serde(serialize_with = "canonical")]
    pub prefix: Prefix,
    /// Why, as the source words it.
    pub reason: Option<&'a str>,
    /// Where the address is said to be.
    pub country: Option<Country>,
    /// The kind of attack, as the source names it.
    pub category: Option<&'a str>,
    /// How grave, as the source names it.
    pub severity: Option<&'a str>,
    /// How sure the source is: 0 to 100.
    pub confidence: Option<u8>,
    /// When the source detected it.
    pub detected: Time,
    /// The first moment at which it is no longer listed; `null` is without end.
    pub until: Option<Time>,
    /// `active`, or `expired` for one whose end has passed since the publication was made: it is still served then, so
    /// it still counts as listed.
    pub state: State,
}

impl<'a> Answer<'a> {
    /// Looks `asked` up at the time `now`.
    pub fn new(publication: &'a Publication, asked: Prefix, now: Time) -> Self {
        let mut narrowest = None;
        let mut listings = Vec::new();
        for position in publication.covering(asked) {
            narrowest = narrowest.or(Some(publication.prefix(position)));
            let found = publication.listings_at(position).iter();
            listings.extend(found.map(|listing| Found::new(publication.chunk(position), listing, now)));
        }
        Self { asked, listed: narrowest.is_some(), prefix: narrowest, listings }
    }
}

impl<'a> Found<'a> {
    fn new(chunk: &'a Chunk, listing: &'a Listing, now: Time) -> Self {
        let details = chunk.details_of(listing);
        Self {
            source: chunk.source_of(listing).as_str(),
            prefix: listing.prefix,
            reason: details.reason.as_deref(),
            country: details.country,
            category: details.category.as_deref(),
            severity: details.severity.as_deref(),
            confidence: details.confidence,
            detected: listing.detected,
            until: listing.until,
            state: if listing.has_ended(now) { State::Expired } else { State::Active },
        }
    }
}

fn canonical<S: Serializer>(prefix: &Prefix, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(prefix)
}

#[expect(clippy::ref_option, reason = "the shape in which serde hands a field over")]
fn canonical_or_null<S: Serializer>(prefix: &Option<Prefix>, serializer: S) -> Result<S::Ok, S::Error> {
    match prefix {
        Some(prefix) => serializer.collect_str(prefix),
        None => serializer.serialize_none(),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::content::Content;
    use crate::{DetailsId, DetailsTable, Hash, Head, Serial, SourceId};

    fn publication(listings: &[(&str, u32, Option<i64>)]) -> Publication {
        let sources: BTreeMap<_, _> =
            [(SourceId(0), "a"), (SourceId(1), "b")].map(|(id, name)| (id, name.parse().unwrap())).into();
        let zero = Time::from_unix(0);
        let listings = listings.iter().map(|&(prefix, source, until)| Listing {
            prefix: prefix.parse().unwrap(),
            source: SourceId(source),
            details: DetailsId(0),
            detected: zero,
            until: until.map(Time::from_unix),
        });
        let content = Content::new(&sources, &DetailsTable::default(), listings.collect());
        let head = Head { serial: Serial(1), published_at: zero, changed_at: zero, hash: Hash([0; 32]) };
        Publication::new(head, content).unwrap()
    }

    fn ask<'a>(publication: &'a Publication, asked: &str) -> Answer<'a> {
        Answer::new(publication, asked.parse().unwrap(), Time::from_unix(100))
    }

    #[test]
    fn every_covering_prefix_speaks_and_the_narrowest_first() {
        let publication =
            publication(&[("9.0.0.0/8", 1, None), ("9.1.0.0/16", 0, None), ("9.1.0.0/16", 1, None)]);
        let answer = ask(&publication, "9.1.2.3");
        assert_eq!(answer.prefix, Some("9.1.0.0/16".parse().unwrap()));
        let found: Vec<String> =
            answer.listings.iter().map(|found| format!("{} {}", found.prefix, found.source)).collect();
        assert_eq!(found, ["9.1.0.0/16 a", "9.1.0.0/16 b", "9.0.0.0/8 b"]);
    }

    #[test]
    fn a_network_with_one_listed_host_is_not_listed() {
        let publication = publication(&[("9.1.2.3", 0, None), ("2a00::/32", 0, None)]);
        assert!(!ask(&publication, "9.1.2.0/24").listed);
        assert!(ask(&publication, "9.1.2.3").listed);
        assert!(ask(&publication, "2a00:0:1::/48").listed);
        assert!(!ask(&publication, "0.0.0.0/0").listed);
    }

    #[test]
    fn what_ended_since_the_publication_says_so_and_still_counts() {
        let publication = publication(&[("9.1.2.3", 0, Some(100))]);
        let answer = ask(&publication, "9.1.2.3");
        assert!(answer.listed);
        assert_eq!(answer.listings[0].state, State::Expired);
    }
}
