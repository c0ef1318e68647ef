//! Parts of what is kept, to say which of them changed.

/// A part of what is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// What is published, and by which rules.
    Publications,
    /// A candidate that the gate holds.
    Held,
    /// Runs, and with them listings.
    Runs,
    /// Sources and their credentials.
    Sources,
    /// Feeds and consumers, by people.
    Devices,
    /// Reads of feeds.
    Reads,
    /// What must never be served.
    Allow,
    /// Listings, by people.
    Listings,
    /// Accounts, sessions and tokens.
    Accounts,
}
