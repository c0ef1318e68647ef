//! What the policy says of one listing, for people who ask why.
//!
//! Nothing here can fail. It goes through the same steps as [`evaluate`](super::evaluate()), and says at each what it does
//! to this listing.

use std::collections::HashMap;

use prefix::Net;
use prefix::prefix::Either;
use serde::Serialize;

use super::admit::{Obstacle, Source, Sources, live, order};
use super::evaluate::{Evaluation, Kept, Side, admitted};
use super::filter::Failed;
use super::pieces;
use crate::{Listing, SourceId, Time};

/// What the policy says of one listing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Verdict {
    /// Whether all of it, some of it or nothing of it is served.
    pub served: Served,
    /// Its end after the rules.
    pub until: Option<Time>,
    /// Everything that keeps it, or a part of it, out.
    pub why: Vec<Why>,
}

/// How much of a listing is served.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Served {
    /// All of it.
    Whole,
    /// What is left after the protected, or too lonely, addresses are cut out.
    Part,
    /// Nothing.
    Nothing,
}

/// Something that keeps a listing out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "rule", rename_all = "snake_case")]
pub enum Why {
    /// Its source has no name here, so it cannot be traced.
    UnknownSource,
    /// Special space, or too wide.
    Refused {
        /// The id of the cause.
        cause: String,
    },
    /// Its end has passed.
    Ended {
        /// When.
        at: Time,
    },
    /// The source is on trial.
    Trial,
    /// A filter, of the source or of all.
    Filter {
        /// Whether it is the source's own.
        own: bool,
        /// Which condition.
        failed: Failed,
    },
    /// Too few sources list some of its addresses.
    TooFewSources {
        /// How many there must be.
        need: u16,
        /// How many list it where the fewest do.
        have: u16,
    },
    /// It touches what is protected.
    Protected {
        /// Why that is protected.
        kind: super::GuardKind,
        /// What.
        guard: String,
        /// Under which name a person finds it.
        name: String,
    },
}

/// The most protected prefixes that are named: a wide listing touches thousands, and a person reads the first.
pub const MAX_GUARDS: usize = 100;

/// What the policy says of `listing`, one of the listings of its chunk. A listing that is out for a reason of its own
/// is told what else would cut it as well; of what is protected at most [`MAX_GUARDS`] are named.
pub fn verdict(listing: &Kept, chunk: &[Kept], by: &Evaluation<'_>) -> Verdict {
    let sources = Sources::new(by);
    let Some((_, source)) = sources.get(listing.listing.source) else {
        let why = vec![Why::UnknownSource];
        return Verdict { served: Served::Nothing, until: listing.listing.until, why };
    };
    let until = source.until(listing);
    let asked = Listing { until, ..listing.listing };
    let mut why: Vec<Why> = source.obstacles(asked, until, by).map(Why::from).collect();
    let out = !why.is_empty();
    let left = match asked.prefix.split() {
        Either::V4(net) => left(net, &asked, source, chunk, &sources, by, &mut why),
        Either::V6(net) => left(net, &asked, source, chunk, &sources, by, &mut why),
    };
    let guards = by.protected.touching(asked.prefix).take(MAX_GUARDS);
    why.extend(guards.map(|guard| Why::Protected {
        kind: guard.kind,
        guard: guard.prefix.to_string(),
        name: guard.name.to_string(),
    }));
    Verdict { served: if out { Served::Nothing } else { left }, until, why }
}

/// What is left of a listing that no reason of its own keeps out, and whether too few list some of it.
fn left<A: Side>(
    net: Net<A>,
    asked: &Listing,
    source: &Source<'_>,
    chunk: &[Kept],
    sources: &Sources<'_>,
    by: &Evaluation<'_>,
    why: &mut Vec<Why>,
) -> Served {
    let need = by.policy.min_sources;
    let free = A::free(by.protected).ranges();
    if need <= 1 || source.alone {
        return share(pieces::from(free, net.first()), net);
    }
    let mut live = live(chunk, sources, by);
    // Counted as if it were in, though a reason of its own may keep it out.
    live.push(*asked);
    order(&mut live, by.details);
    let have = fewest(net, &live);
    if have < need {
        why.push(Why::TooFewSources { need, have });
    }
    live.retain(|listing| A::net(listing.prefix).is_some());
    let admitted = admitted::<A>(&live, sources, by);
    share(pieces::from(admitted.ranges(), net.first()), net)
}

fn share<A: Side>(mut walk: pieces::Walk<'_, A>, net: Net<A>) -> Served {
    if walk.holds(net) {
        Served::Whole
    } else if walk.pieces(net).next().is_some() {
        Served::Part
    } else {
        Served::Nothing
    }
}

/// How many sources list the address of `net` that the fewest list.
fn fewest<A: Side>(net: Net<A>, live: &[Listing]) -> u16 {
    // Where a source's listing begins (1) or is over (0).
    let mut edges: Vec<(A, i8, SourceId)> = Vec::new();
    for listing in live {
        let Some(other) = A::net(listing.prefix).filter(|other| other.overlaps(net)) else { continue };
        edges.push((other.first().max(net.first()), 1, listing.source));
        let over = other.last().next().filter(|&over| over <= net.last());
        edges.extend(over.map(|over| (over, 0, listing.source)));
    }
    edges.sort_unstable();
    let mut counts: HashMap<SourceId, u32> = HashMap::new();
    let mut distinct = 0u16;
    let mut least = u16::MAX;
    for edges in edges.chunk_by(|a, b| a.0 == b.0) {
        for &(_, begins, source) in edges {
            let count = counts.entry(source).or_default();
            if begins == 1 {
                distinct = distinct.saturating_add(u16::from(*count == 0));
                *count += 1;
            } else {
                *count = count.saturating_sub(1);
                distinct = distinct.saturating_sub(u16::from(*count == 0));
            }
        }
        least = least.min(distinct);
    }
    least
}

impl From<Obstacle> for Why {
    fn from(obstacle: Obstacle) -> Self {
        match obstacle {
            Obstacle::Refused(refusal) => Self::Refused { cause: refusal.id().to_owned() },
            Obstacle::Ended(at) => Self::Ended { at },
            Obstacle::Trial => Self::Trial,
            Obstacle::Filter { own, failed } => Self::Filter { own, failed },
        }
    }
}
