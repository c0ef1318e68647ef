//! The shapes of what the collector says.

use std::collections::BTreeMap;

use utoipa::ToSchema;

use super::Source;

/// A source: what is kept of it, how it is set up, where it stands, what happens next.
#[derive(ToSchema)]
pub(crate) struct SourceView {
    /// What is kept of it.
    #[schema(inline = false)]
    #[serde(flatten)]
    pub row: Source,
    /// The settings that differ from the defaults of its kind.
    pub settings: BTreeMap<String, String>,
    /// What is wrong with its settings, when they cannot be read: nothing is fetched then.
    pub settings_problem: Option<String>,
    /// The run under way in this process.
    pub running: Option<Running>,
    /// When this process last looked for something new and found nothing to take: that is no run.
    pub looked_at: Option<String>,
    /// When the next run starts by itself, as far as can be told now.
    pub next_run_at: Option<String>,
    /// `fresh`, `stale`, or `never` collected; `null` where nothing is fetched.
    pub freshness: Option<String>,
    /// When the last good run ended.
    pub good_at: Option<String>,
    /// Runs that failed since then.
    pub failures: u32,
    /// It failed so often that it is tried only now and then.
    pub circuit_open: bool,
    /// What a person has to end; no run starts until then.
    pub condition: Option<Condition>,
    /// Portals: the last day that good runs have covered, `YYYY-MM-DD`.
    pub covered_until: Option<String>,
    /// Its credential, without what is secret in it.
    pub credential: Option<Credential>,
}

/// A run under way.
#[derive(ToSchema)]
pub(crate) struct Running {
    /// When it began.
    pub started_at: String,
    /// What it is doing.
    pub step: String,
    /// A person has told it to end.
    pub cancelled: bool,
}

/// What a person has to end.
#[derive(ToSchema)]
pub(crate) struct Condition {
    /// The id of the cause.
    pub id: String,
    /// What happened.
    pub what: String,
    /// What to do.
    pub hint: String,
    /// In the portal's own words.
    pub detail: Option<String>,
    /// Since when.
    pub since: String,
    /// The earliest end, where the portal names one.
    pub until: Option<String>,
}

/// A credential, without what is secret in it.
#[derive(ToSchema)]
pub(crate) struct Credential {
    /// Of which source.
    pub source: String,
    /// `login` or `token`.
    pub kind: String,
    /// Grows with every change.
    pub version: u32,
    /// Which key seals it.
    pub key_id: String,
    /// When it was set.
    pub changed_at: String,
    /// The last day it is good, `YYYY-MM-DD`, as a person said.
    pub expires_on: Option<String>,
    /// `ok`, `soon` when the reminder is due, or `expired`; `null` without an end.
    pub expiry: Option<String>,
    /// When it last let us in.
    pub verified_at: Option<String>,
    /// When it was last refused, if it was not accepted since.
    pub rejected_at: Option<String>,
    /// For which cause.
    pub rejected_by: Option<String>,
    /// Logins that were sent and never answered, since the last answer.
    pub unanswered: u32,
}

/// What a credential is good for.
#[derive(ToSchema)]
pub(crate) struct Verified {
    /// Of which source.
    pub source: String,
    /// The code is on its way; nothing else is verified yet.
    pub code_sent: bool,
    /// How many rows could be seen: at a portal those of the last week, else those of the content.
    pub rows: Option<u64>,
    /// When the session ends, where there is one and it says so.
    pub session_until: Option<String>,
}
