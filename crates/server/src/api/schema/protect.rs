//! The shapes of what must never be served.

use utoipa::ToSchema;

/// An allow entry.
#[derive(ToSchema)]
pub(crate) struct AllowEntry {
    /// Its number.
    pub id: i64,
    /// What must never be served.
    pub prefix: String,
    /// `holds`, `ended` or `removed`.
    pub state: String,
    /// Why.
    pub reason: String,
    /// Who answers for it.
    pub owner: Option<String>,
    /// The ticket that asked for it.
    pub ticket: Option<String>,
    /// The first moment at which it no longer holds; `null` is without end.
    pub until: Option<String>,
    /// How many days before its end a person is told.
    pub remind_days: Option<u32>,
    /// When it was added.
    pub created_at: String,
    /// By whom.
    pub created_by: String,
    /// When it was last changed.
    pub changed_at: Option<String>,
    /// By whom.
    pub changed_by: Option<String>,
    /// When it was removed.
    pub removed_at: Option<String>,
    /// By whom.
    pub removed_by: Option<String>,
}

/// An own network.
#[derive(ToSchema)]
pub(crate) struct OwnNetwork {
    /// What must never be served.
    pub prefix: String,
    /// `firm`, as a person said, or `server`, as this machine found by itself.
    pub kind: String,
    /// What it is.
    pub note: Option<String>,
    /// When it was added.
    pub created_at: String,
    /// By whom.
    pub created_by: String,
}

/// A known-good list.
#[derive(ToSchema)]
pub(crate) struct KnownGoodList {
    /// Its name.
    pub name: String,
    /// What it holds.
    pub description: Option<String>,
    /// Its version or date.
    pub version: Option<String>,
    /// Whether it is used.
    pub enabled: bool,
    /// Prefixes in it.
    pub entries: u64,
    /// Entries of the file that are no addresses.
    pub passed_over: u64,
    /// Active listings that touch it, as of the last publication.
    pub hits: u64,
    /// When it was loaded.
    pub loaded_at: String,
    /// By whom.
    pub loaded_by: String,
}
