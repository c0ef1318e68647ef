//! The list day by day, for those who would rather look than read.

use blocklist::SourceName;
use serde::Serialize;

/// What a source, or the whole list, came to on a day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct TrendRow {
    /// The day: days since 1970-01-01, UTC.
    pub day: i64,
    /// Of which source; `None` is the whole list.
    pub source: Option<SourceName>,
    /// What was listed at the end of it, or is now.
    pub entries: u64,
    /// What came in it.
    pub added: u64,
    /// What ended in it.
    pub ended: u64,
}
