//! What a change does to the list. A change may touch millions of prefixes, so an answer names some of each side and says
//! when there are more.

use blocklist::Delta;
use blocklist::gate::Reason;
use blocklist::policy::Hit;
use serde::Serialize;
use store::{Preview, PublicationRow, Published};
use utoipa::ToSchema;

use crate::api::problem::Problem;
use crate::api::schema;

/// Prefixes of each side where the request does not say, and hits.
pub(crate) const DEFAULT_PREFIXES: usize = 1_000;
/// The most.
pub(crate) const MAX_PREFIXES: usize = 100_000;

/// How many prefixes of each side an answer names.
pub(crate) fn limit(limit: Option<usize>) -> Result<usize, Problem> {
    match limit.unwrap_or(DEFAULT_PREFIXES) {
        limit @ 0..=MAX_PREFIXES => Ok(limit),
        other => Err(Problem::bad_request(format!("'limit' is 0 to {MAX_PREFIXES}, not {other}"))),
    }
}

/// Prefixes that come and go.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Change {
    /// How many come.
    pub added: usize,
    /// How many go.
    pub removed: usize,
    /// The first of them that come, in order.
    pub added_prefixes: Vec<String>,
    /// The first of them that go, in order.
    pub removed_prefixes: Vec<String>,
    /// Whether there are more than are named.
    pub truncated: bool,
}

impl Change {
    /// Of a delta; so many prefixes each way are named.
    pub(crate) fn of(delta: &Delta, limit: usize) -> Self {
        let texts =
            |prefixes: &[prefix::Prefix]| prefixes.iter().take(limit).map(ToString::to_string).collect();
        Self {
            added: delta.added.len(),
            removed: delta.removed.len(),
            added_prefixes: texts(&delta.added),
            removed_prefixes: texts(&delta.removed),
            truncated: delta.added.len().max(delta.removed.len()) > limit,
        }
    }
}

/// Why the gate holds a candidate.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Why {
    /// The rule: `empty`, `shrunk`, `jumped` and so on.
    pub rule: &'static str,
    /// In words.
    pub english: String,
    /// The same in Korean.
    pub korean: String,
}

impl Why {
    /// Each reason in words.
    pub(crate) fn of(reasons: &[Reason]) -> Vec<Self> {
        let one = |it: &Reason| Self { rule: it.rule(), english: it.to_string(), korean: it.korean() };
        reasons.iter().map(one).collect()
    }
}

/// What a change would do.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Tried {
    /// Prefixes there would be.
    pub entries: u64,
    /// Prefixes that would come and go.
    pub change: Change,
    /// Listings that would touch what is protected, and do not now; the first of them.
    #[schema(value_type = Vec<schema::Hit>)]
    pub hits: Vec<Hit>,
    /// Why the gate would hold it; empty when it would not.
    pub held: Vec<Why>,
}

impl Tried {
    /// Of what the store tried.
    pub(crate) fn of(preview: Preview, limit: usize) -> Self {
        let mut hits = preview.hits;
        hits.truncate(DEFAULT_PREFIXES);
        Self {
            entries: preview.entries,
            change: Change::of(&preview.delta, limit),
            hits,
            held: Why::of(&preview.reasons),
        }
    }
}

/// What came of a wish to publish.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Outcome {
    /// `published`, `unchanged` or `held`.
    pub state: &'static str,
    /// The publication that holds now; `null` when nothing was ever published.
    #[schema(value_type = Option<schema::Publication>)]
    pub publication: Option<PublicationRow>,
    /// Why the gate holds the candidate; else empty.
    pub held: Vec<Why>,
}

impl From<Published> for Outcome {
    fn from(published: Published) -> Self {
        let (state, publication, held) = match published {
            Published::New(row) => ("published", Some(row), Vec::new()),
            Published::Same(row) => ("unchanged", Some(row), Vec::new()),
            Published::Held { reasons, last } => ("held", last, Why::of(&reasons)),
        };
        Self { state, publication, held }
    }
}

/// What came of a change, or what would.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Done {
    /// Whether it was only tried.
    pub dry_run: bool,
    /// What would come of it; `null` unless it was only tried.
    pub tried: Option<Tried>,
    /// What came of it; `null` when it was only tried.
    pub outcome: Option<Outcome>,
}

impl Done {
    /// It was only tried.
    pub(crate) fn dry(preview: Preview) -> Self {
        Self { dry_run: true, tried: Some(Tried::of(preview, DEFAULT_PREFIXES)), outcome: None }
    }

    /// It was done.
    pub(crate) fn of(published: Published) -> Self {
        Self { dry_run: false, tried: None, outcome: Some(published.into()) }
    }
}
