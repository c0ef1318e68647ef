//! `/api/v1/stats`: figures of the live publication, computed once for each.

use std::collections::HashMap;
use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use blocklist::{Country, Publication};
use prefix::{Address, Range, Set};
use serde::Serialize;
use utoipa::ToSchema;

use super::problem::Problem;
use crate::App;

/// The most rows of a breakdown: what sources write as category is theirs to choose.
const MAX_ROWS: usize = 100;

/// The figures of the live publication.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Stats {
    /// The publication.
    pub serial: u64,
    /// When it was published.
    pub published_at: String,
    /// When the set of prefixes last changed.
    pub changed_at: String,
    /// Seconds since it was published.
    pub age_seconds: i64,
    /// The rest.
    #[serde(flatten)]
    #[schema(value_type = Figures)]
    pub figures: Arc<Figures>,
}

/// What follows from the publication alone.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Figures {
    /// Distinct prefixes.
    pub entries: u64,
    /// Of them IPv4.
    pub entries_v4: u64,
    /// Of them IPv6.
    pub entries_v6: u64,
    /// Listings: a prefix that two sources list has two.
    pub listings: u64,
    /// IPv4 addresses covered, each once.
    pub addresses_v4: u64,
    /// IPv6 addresses covered, each once; in decimal digits, because the number has up to 39 of them.
    pub addresses_v6: String,
    /// Listings by source, the most first.
    pub by_source: Vec<Share>,
    /// Listings by country, the most first; those without one are `null`.
    pub by_country: Vec<Share>,
    /// Listings by category, the most first; those without one are `null`.
    pub by_category: Vec<Share>,
    /// Listings by reason, the most first; those without one are `null`.
    pub by_reason: Vec<Share>,
}

/// One row of a breakdown. A breakdown has at most 100; the rest is left out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct Share {
    /// Of what.
    pub name: Option<String>,
    /// How many listings.
    pub listings: u64,
}

impl Figures {
    /// Counts a publication. Takes as long as it is large; not for an async thread.
    pub(crate) fn of(publication: &Publication) -> Self {
        let content = publication.content();
        let mut by_source: Counts<'_> = HashMap::new();
        let (mut by_country, mut by_category): (Counts<'_>, Counts<'_>) = Default::default();
        let mut by_reason: Counts<'_> = HashMap::new();
        for chunk in content.chunks() {
            // Numbers are counted first: there are far fewer names than listings.
            let mut sources = vec![0; chunk.sources().len()];
            let mut details = vec![0; chunk.details().len()];
            for listing in chunk.listings() {
                sources[listing.source.0 as usize] += 1;
                details[listing.details.0 as usize] += 1;
            }
            for (name, count) in chunk.sources().iter().zip(sources) {
                *by_source.entry(Some(name.as_str())).or_default() += count;
            }
            for (text, count) in chunk.details().iter().zip(details) {
                *by_country.entry(text.country.as_ref().map(Country::as_str)).or_default() += count;
                *by_category.entry(text.category.as_deref()).or_default() += count;
                *by_reason.entry(text.reason.as_deref()).or_default() += count;
            }
        }
        Self {
            entries: publication.entries() as u64,
            entries_v4: publication.entries_v4() as u64,
            entries_v6: (publication.entries() - publication.entries_v4()) as u64,
            listings: content.len() as u64,
            addresses_v4: covered(publication.nets_v4().map(Range::from)) as u64,
            addresses_v6: covered(publication.nets_v6().map(Range::from)).to_string(),
            by_source: shares(by_source),
            by_country: shares(by_country),
            by_category: shares(by_category),
            by_reason: shares(by_reason),
        }
    }
}

/// How many addresses lie in any of the ranges, each counted once.
fn covered<A: Address>(ranges: impl Iterator<Item = Range<A>>) -> u128 {
    Set::from_ranges(ranges.collect()).addresses()
}

/// Listings by name.
type Counts<'a> = HashMap<Option<&'a str>, u64>;

fn shares(counts: Counts<'_>) -> Vec<Share> {
    let mut rows: Vec<(Option<&str>, u64)> = counts.into_iter().filter(|&(_, count)| count > 0).collect();
    rows.sort_unstable_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(&b.0)));
    rows.truncate(MAX_ROWS);
    rows.into_iter().map(|(name, listings)| Share { name: name.map(Into::into), listings }).collect()
}

/// Figures of the live publication.
#[utoipa::path(
    get, path = "/api/v1/stats", tag = "lookup",
    responses(
        (status = 200, body = Stats),
        (status = 503, description = "No publication to serve", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn stats(State(app): State<Arc<App>>) -> Result<Json<Stats>, Problem> {
    let live = app.live_or_503()?;
    let figures =
        live.figures().await.map_err(|error| app.incident("the figures cannot be computed", &error))?;
    let head = live.head();
    Ok(Json(Stats {
        serial: head.serial.0,
        published_at: head.published_at.to_string(),
        changed_at: head.changed_at.to_string(),
        age_seconds: (app.now().unix() - head.published_at.unix()).max(0),
        figures,
    }))
}
