//! The one sentence: of everything that is known, what decides.

use blocklist::policy::{Served, Why};
use blocklist::{Publication, State};

use crate::PublicationRow;
use crate::explain::{Answer, Explanation, GuardTold, ListingTold};

/// The answer to all that was gathered.
pub(super) fn of(
    all: &Explanation,
    row: Option<&PublicationRow>,
    publication: Option<&Publication>,
) -> Answer {
    let Some(row) = row else { return Answer::NothingPublished };
    let Some(publication) = publication else { return Answer::NotKept { serial: row.serial } };
    let positions: Vec<_> = publication.covering(all.asked).collect();
    if !positions.is_empty() {
        let mut sources: Vec<_> = positions
            .iter()
            .flat_map(|&position| {
                let chunk = publication.chunk(position);
                publication.listings_at(position).iter().map(|listing| chunk.source_of(listing).clone())
            })
            .collect();
        sources.sort_unstable();
        sources.dedup();
        return Answer::Served {
            prefixes: positions.iter().map(|&position| publication.prefix(position).to_string()).collect(),
            sources,
            serial: row.serial,
            since: all.publications.since,
        };
    }
    listed(all).or_else(|| not_listed(all)).unwrap_or(Answer::Never)
}

/// Why an active listing is not served.
fn listed(all: &Explanation) -> Option<Answer> {
    let covering = || all.listings.iter().filter(|told| told.covers);
    let active = || covering().filter(|told| told.row.state == State::Active);
    active().next()?;
    let passes =
        |told: &&ListingTold| told.policy.as_ref().is_some_and(|verdict| verdict.served != Served::Nothing);
    let guard: Option<&GuardTold> = all.protected.first();
    let by_rule = |told: &&ListingTold| {
        told.policy
            .as_ref()
            .is_some_and(|verdict| verdict.why.iter().any(|why| !matches!(why, Why::Protected { .. })))
    };
    let told =
        active().find(passes).or_else(|| active().find(|told| !by_rule(told))).or_else(|| active().next())?;
    let (listing, source) = (told.row.prefix.to_string(), told.row.source.clone());
    if let Some(verdict) = told.policy.as_ref().filter(|_| by_rule(&told) && !passes(&told)) {
        return Some(Answer::Policy { listing, source, verdict: verdict.clone() });
    }
    if let Some(guard) = guard {
        return Some(Answer::Protected { guard: guard.clone(), listing, source });
    }
    if let Some(verdict) = told.policy.as_ref().filter(|_| by_rule(&told)) {
        return Some(Answer::Policy { listing, source, verdict: verdict.clone() });
    }
    if let Some(pin) = &all.gate.pinned {
        return Some(Answer::Pinned { serial: pin.serial });
    }
    if let Some(held) = &all.gate.held {
        return Some(Answer::Held { held: held.id });
    }
    Some(Answer::Pending { source })
}

/// What became of it otherwise.
fn not_listed(all: &Explanation) -> Option<Answer> {
    let with = |state: State| all.listings.iter().find(move |told| told.covers && told.row.state == state);
    if let Some(told) = with(State::Removed) {
        let by = told.events.iter().find(|event| event.event == "removed").and_then(|event| event.by.clone());
        return Some(Answer::Removed { source: told.row.source.clone(), by });
    }
    if let Some(told) = with(State::Expired)
        && let Some(at) = told.row.until
    {
        return Some(Answer::Ended { source: told.row.source.clone(), at });
    }
    if let Some(told) = with(State::Withdrawn) {
        return Some(Answer::Withdrawn { source: told.row.source.clone() });
    }
    if let Some(row) = all.refused.first() {
        return Some(Answer::Refused {
            source: row.source.clone(),
            line: row.line,
            cause: row.cause.clone(),
        });
    }
    let inside = all.listings.iter().filter(|told| !told.covers).count();
    (inside > 0).then_some(Answer::Parts { listings: inside })
}
