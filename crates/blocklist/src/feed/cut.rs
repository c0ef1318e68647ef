//! What a feed leaves out when a device cannot hold all of it. Devices cut whatever comes last; here what matters least
//! goes, and the same on every node.

use prefix::Prefix;

use super::Sieve;
use crate::policy::MANUAL;
use crate::publication::Publication;
use crate::{Chunk, Listing, Time};

/// How much an entry matters; the greater stays. Compared field by field.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Rank {
    /// A person blocked it by hand.
    manual: bool,
    /// How grave, by the known words; 0 for any other.
    severity: u8,
    /// How sure; not said is least.
    confidence: Option<u8>,
    /// When it was detected.
    detected: Time,
}

impl Rank {
    fn of(chunk: &Chunk, listing: &Listing) -> Self {
        let details = chunk.details_of(listing);
        Self {
            manual: chunk.source_of(listing).as_str() == MANUAL,
            severity: details.severity.as_deref().map_or(0, severity),
            confidence: details.confidence,
            detected: listing.detected,
        }
    }
}

fn severity(word: &str) -> u8 {
    const WORDS: [&str; 4] = ["low", "medium", "high", "critical"];
    let at = WORDS.iter().position(|known| known.eq_ignore_ascii_case(word.trim()));
    at.map_or(0, |at| at as u8 + 1)
}

/// Which of the entries stay when at most `cap` may: each entry, in order, with a `true` or `false`. An entry counts as much
/// as the listing inside it that matters most; of equal ones the first stays.
pub(crate) fn cut(
    publication: &Publication,
    sieve: Option<&Sieve>,
    entries: impl Iterator<Item = Prefix>,
    cap: usize,
) -> Vec<bool> {
    let mut ranked: Vec<(Option<Rank>, std::cmp::Reverse<u32>)> = entries
        .zip(0..)
        .map(|(prefix, at)| {
            let listings = publication.inside(prefix).flat_map(|position| {
                let chunk = publication.chunk(position);
                let passing = move |listing: &&Listing| {
                    sieve.is_none_or(|sieve| sieve.passes(position.chunk(), listing))
                };
                let listings = publication.listings_at(position).iter().filter(passing);
                listings.map(move |listing| Rank::of(chunk, listing))
            });
            (listings.max(), std::cmp::Reverse(at))
        })
        .collect();
    let mut stays = vec![false; ranked.len()];
    let cap = cap.min(ranked.len());
    if cap > 0 && cap < ranked.len() {
        // The greatest first.
        ranked.select_nth_unstable_by(cap - 1, |a, b| b.cmp(a));
    }
    for (_, std::cmp::Reverse(at)) in &ranked[..cap] {
        stays[*at as usize] = true;
    }
    stays
}
