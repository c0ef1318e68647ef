//! What requests that change listings look like, and what comes of them.

use prefix::Prefix;
use serde::{Deserialize, Serialize};
use store::{Preview, Published};
use utoipa::ToSchema;

use crate::api::body::Form;
use crate::api::schema;

/// What to block, all of it or nothing.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Block {
    /// Addresses, networks or ranges, at most 100,000.
    #[schema(min_items = 1)]
    pub(super) listings: Vec<BlockOne>,
    /// Why, where a listing does not say it itself.
    pub(super) reason: Option<String>,
    /// The kind of attack.
    pub(super) category: Option<String>,
    /// How grave.
    pub(super) severity: Option<String>,
    /// How sure, 0 to 100.
    #[schema(maximum = 100)]
    pub(super) confidence: Option<u8>,
    /// When it ends: RFC 3339, `2026-11-23 14:30`, or a day that counts whole, both of Asia/Seoul.
    #[schema(format = "moment")]
    pub(super) until: Option<String>,
    /// How long from now, in place of `until`: `30m`, `4h`, `7d`.
    #[schema(format = "span")]
    pub(super) r#for: Option<String>,
    /// Keep also what touches something protected; nothing protected is served for it.
    #[serde(default)]
    pub(super) anyway: bool,
    /// Take also networks that are wider than the gate lets pass.
    #[serde(default)]
    pub(super) wide: bool,
    /// Who does it, for the record.
    #[schema(min_length = 1, max_length = 100, format = "line")]
    pub(super) by: Option<String>,
    /// Why, for the record.
    #[schema(min_length = 1, max_length = 1_000, format = "line")]
    pub(super) note: Option<String>,
    /// Only show what would change.
    #[serde(default)]
    pub(super) dry_run: bool,
}

/// One of them: a text, or an object with its own reason and end.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(untagged)]
pub(super) enum BlockOne {
    /// The address.
    #[schema(value_type = schema::Address)]
    Text(String),
    /// The address with more.
    More(BlockMore),
}

/// An address with its own reason and end.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct BlockMore {
    /// The address.
    #[schema(format = "prefix")]
    pub(super) prefix: String,
    /// Why.
    pub(super) reason: Option<String>,
    /// When it ends.
    #[schema(format = "moment")]
    pub(super) until: Option<String>,
}

/// A change of listings: one of `until`, `for`, `own_end`, `restore`, or new texts of what was blocked by hand.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = ListingsChange)]
#[serde(deny_unknown_fields)]
pub(crate) struct Change {
    /// Which, exactly as they are listed; at most 100,000.
    #[schema(value_type = Vec<schema::Address>, min_items = 1)]
    pub(super) prefixes: Vec<String>,
    /// Of this source; of every source that has it, where nothing is said.
    #[schema(pattern = "^[a-z0-9][a-z0-9._-]{0,62}$")]
    pub(super) source: Option<String>,
    /// It ends then, whatever its source says.
    #[schema(format = "moment")]
    pub(super) until: Option<String>,
    /// It ends so long from now: `30m`, `4h`, `7d`.
    #[schema(format = "span")]
    pub(super) r#for: Option<String>,
    /// The end that a person set is taken back.
    #[serde(default)]
    pub(super) own_end: bool,
    /// A removal is taken back.
    #[serde(default)]
    pub(super) restore: bool,
    /// Why it is listed.
    pub(super) reason: Option<String>,
    /// The kind of attack.
    pub(super) category: Option<String>,
    /// How grave.
    pub(super) severity: Option<String>,
    /// How sure, 0 to 100.
    #[schema(maximum = 100)]
    pub(super) confidence: Option<u8>,
    /// Who does it, for the record.
    #[schema(min_length = 1, max_length = 100, format = "line")]
    pub(super) by: Option<String>,
    /// Why, for the record.
    #[schema(min_length = 1, max_length = 1_000, format = "line")]
    pub(super) note: Option<String>,
    /// Only show what would change.
    #[serde(default)]
    pub(super) dry_run: bool,
}

/// Listings to be taken out.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Remove {
    /// Which, exactly as they are listed; at most 100,000.
    #[schema(value_type = Vec<schema::Address>, min_items = 1)]
    pub(super) prefixes: Vec<String>,
    /// Of this source; of every source that has it, where nothing is said.
    #[schema(pattern = "^[a-z0-9][a-z0-9._-]{0,62}$")]
    pub(super) source: Option<String>,
    /// Who does it, for the record.
    #[schema(min_length = 1, max_length = 100, format = "line")]
    pub(super) by: Option<String>,
    /// Why, for the record.
    #[schema(min_length = 1, max_length = 1_000, format = "line")]
    pub(super) note: Option<String>,
    /// Only show what would change.
    #[serde(default)]
    pub(super) dry_run: bool,
}

impl Form for Block {
    const LOOKS: &'static str =
        r#"{"listings":["address", {"prefix","reason","until"}, ..],"reason","until"|"for","by","note"}"#;
}

impl Form for Change {
    const LOOKS: &'static str =
        r#"{"prefixes":["address", ..],"source","until"|"for"|"own_end"|"restore"|"reason"..,"by","note"}"#;
}

impl Form for Remove {
    const LOOKS: &'static str = r#"{"prefixes":["address", ..],"source","by","note"}"#;
}

/// What came of it, or would.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ListingsDone)]
pub(crate) struct Done {
    /// The run that blocks were kept as; `null` for other changes and trials.
    pub(super) run: Option<i64>,
    /// Listings that came.
    pub(super) new: u64,
    /// Listings that changed.
    pub(super) changed: u64,
    /// Listings that were so already.
    pub(super) unchanged: u64,
    /// The publication that holds now, or would follow: its number and how many prefixes it has.
    pub(super) serial: Option<u64>,
    /// How many prefixes it has.
    pub(super) entries: Option<u64>,
    /// Of a trial: prefixes that would come onto the list.
    pub(super) added: Vec<String>,
    /// Of a trial: prefixes that would go.
    pub(super) removed: Vec<String>,
    /// Why the gate holds, or would hold, the next publication. What is blocked by hand goes out all the same.
    pub(super) held: Vec<String>,
    /// Whether it was only tried.
    pub(super) dry_run: bool,
}

impl Done {
    pub(super) fn of(changed: u64, unchanged: u64, published: &Published) -> Self {
        let current = published.current();
        let held = match published {
            Published::Held { reasons, .. } => reasons.iter().map(ToString::to_string).collect(),
            _ => Vec::new(),
        };
        Self {
            run: None,
            new: 0,
            changed,
            unchanged,
            serial: current.map(|row| row.serial.0),
            entries: current.map(|row| row.entries),
            added: Vec::new(),
            removed: Vec::new(),
            held,
            dry_run: false,
        }
    }

    pub(super) fn tried(changed: u64, unchanged: u64, preview: &Preview) -> Self {
        let texts = |prefixes: &[Prefix]| prefixes.iter().map(ToString::to_string).collect();
        Self {
            run: None,
            new: 0,
            changed,
            unchanged,
            serial: None,
            entries: Some(preview.entries),
            added: texts(&preview.delta.added),
            removed: texts(&preview.delta.removed),
            held: preview.reasons.iter().map(ToString::to_string).collect(),
            dry_run: true,
        }
    }
}
