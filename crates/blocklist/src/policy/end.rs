//! When a listing ends: a rule of its source.
//!
//! ```text
//! source                      what the source says; without a word of it, never
//! detected+90d                so many days after it was detected
//! last_seen+14d               so many days after a run last saw it
//! earlier(source,detected+90d)   the earlier of two; never is the latest of all
//! later(source,last_seen+7d)     the later of two
//! ```

use crate::Time;

/// A rule for the end. Written and read as the text above, also in JSON. Days are 1 to 3,650.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub enum EndRule {
    /// What the source says.
    #[default]
    Source,
    /// Days after the detection.
    Detected(u16),
    /// Days after a run last saw it.
    LastSeen(u16),
    /// The earlier of two.
    Earlier(Box<EndRule>, Box<EndRule>),
    /// The later of two.
    Later(Box<EndRule>, Box<EndRule>),
}

impl EndRule {
    /// The end of a listing: `None` is never.
    pub fn end(&self, until: Option<Time>, detected: Time, seen: Time) -> Option<Time> {
        let _ = (until, detected, seen);
        todo!()
    }

    /// Whether it asks when a run last saw a listing: then the store keeps it.
    pub fn asks_last_seen(&self) -> bool {
        todo!()
    }
}
