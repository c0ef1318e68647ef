//! What routes share that change what must never be served: who does it, whether it is only tried, what came of it.

use blocklist::gate::Reason;
use blocklist::policy::Hit;
use prefix::Prefix;
use serde::{Deserialize, Deserializer, Serialize};
use store::{Preview, PublicationRow, Published};
use utoipa::{IntoParams, ToSchema};

use super::problem::Problem;
use super::schema;

/// The most prefixes of each kind, and the most hits, that a preview names.
const MAX_NAMED: usize = 1000;

/// Whether a change is only tried.
#[derive(Clone, Copy, Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct Trying {
    /// `true`: says what would come of it and changes nothing.
    #[serde(default)]
    pub(crate) dry_run: bool,
}

/// The same, with who and why: for requests without a body of their own.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct TryingBy {
    /// `true`: says what would come of it and changes nothing.
    #[serde(default)]
    pub(crate) dry_run: bool,
    /// Who does this; `api` where nothing is said.
    #[param(min_length = 1, max_length = 100, format = "line")]
    pub(crate) by: Option<String>,
    /// Why, for the record.
    #[param(min_length = 1, max_length = 1_000, format = "line")]
    pub(crate) note: Option<String>,
}

/// What came of a change.
#[derive(Debug, Default, Serialize, ToSchema)]
pub(crate) struct Effect {
    /// Nothing was changed: see `preview`.
    pub dry_run: bool,
    /// The publication that holds now; `null` when nothing was ever published, and of what was only tried.
    #[schema(value_type = Option<schema::Publication>)]
    pub publication: Option<PublicationRow>,
    /// Why the gate holds the list that follows, or would; else empty. What is protected is not served even then.
    pub held: Vec<String>,
    /// What would come and go.
    pub preview: Option<WouldChange>,
}

/// What would come and go.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct WouldChange {
    /// Prefixes there would be.
    pub entries: u64,
    /// How many would come.
    pub added_count: u64,
    /// How many would go.
    pub removed_count: u64,
    /// The first 1000 that would come.
    pub added: Vec<String>,
    /// The first 1000 that would go.
    pub removed: Vec<String>,
    /// The first 1000 listings that would touch what is protected and do not now.
    #[schema(value_type = Vec<schema::Hit>)]
    pub hits: Vec<Hit>,
}

impl Effect {
    /// Of a change that was made.
    pub(crate) fn done(published: &Published) -> Self {
        let held = match published {
            // A store that never published waits for its first listings, and for nobody's decision.
            Published::Held { last: None, reasons }
                if reasons.iter().all(|reason| *reason == Reason::Empty) =>
            {
                Vec::new()
            }
            Published::Held { reasons, .. } => reasons.iter().map(ToString::to_string).collect(),
            Published::New(_) | Published::Same(_) => Vec::new(),
        };
        Self { dry_run: false, publication: published.current().cloned(), held, preview: None }
    }

    /// Of a change that was only tried.
    pub(crate) fn tried(preview: Preview) -> Self {
        let named = |prefixes: &[Prefix]| prefixes.iter().take(MAX_NAMED).map(ToString::to_string).collect();
        let empty = preview.entries == 0 && preview.delta.removed.is_empty();
        let reasons = preview.reasons.iter().filter(|reason| !(empty && **reason == Reason::Empty));
        Self {
            dry_run: true,
            publication: None,
            held: reasons.map(ToString::to_string).collect(),
            preview: Some(WouldChange {
                entries: preview.entries,
                added_count: preview.delta.added.len() as u64,
                removed_count: preview.delta.removed.len() as u64,
                added: named(&preview.delta.added),
                removed: named(&preview.delta.removed),
                hits: preview.hits.into_iter().take(MAX_NAMED).collect(),
            }),
        }
    }
}

/// An address, a prefix, or the prefixes of a range; and whether host bits were cleared.
pub(crate) fn prefixes(text: &str) -> Result<(Vec<Prefix>, bool), Problem> {
    let parsed = prefix::parse(text.trim().as_bytes()).map_err(|refusal| {
        let shown: String = text.chars().take(80).collect();
        Problem::bad_request(format!("'prefix' is an address, prefix or range, not '{shown}': {refusal}"))
    })?;
    Ok((parsed.entry.prefixes().collect(), parsed.host_bits))
}

/// For `deserialize_with`: tells a member that is `null` from one that is left out.
#[expect(clippy::option_option, reason = "left out, null, or a value")]
pub(crate) fn nullable<'de, D, T>(deserializer: D) -> Result<Option<Option<T>>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    Option::deserialize(deserializer).map(Some)
}
