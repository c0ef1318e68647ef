//! A feed: a named view of the current publication. Which sources, which categories, how sure, how many at most.
//!
//! A feed shows a prefix when at least one of its listings passes; the listings that do not are not shown with it. What
//! is kept is JSON, unknown keys refused; the same can be set key by key as text ([`SETTINGS`]). Nothing here fails but the
//! reading of what comes from outside.

mod cut;
mod settings;
mod sieve;

use std::collections::BTreeSet;
use std::fmt::{self, Debug, Display, Formatter};
use std::str::FromStr;

use prefix::Prefix;
use serde::{Deserialize, Serialize};

pub(crate) use cut::cut;
pub(crate) use settings::MAX_CAP;
pub use settings::{SETTINGS, set};
pub(crate) use sieve::Sieve;

use crate::policy::Filter;
use crate::setting::{self, BadSetting};
use crate::{Chunk, Hash, Listing, Publication, Selection, SourceName};

/// A feed's name: lower-case letters, digits, `.`, `_` and `-`, beginning with a letter or digit, at most 63 bytes. It
/// stands in URLs as it is.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String")]
pub struct FeedName(Box<str>);

/// A name that no feed can have.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "'{0}' is no feed name: use a-z, 0-9, '.', '_' and '-', begin with a letter or digit, at most 63 characters"
)]
pub struct BadFeedName(String);

impl FeedName {
    /// The feed that is always there.
    pub const DEFAULT: &'static str = "default";

    /// The name of the feed that is always there.
    pub fn default_feed() -> Self {
        Self(Self::DEFAULT.into())
    }

    /// Whether it is the feed that is always there.
    pub fn is_default(&self) -> bool {
        self.as_str() == Self::DEFAULT
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for FeedName {
    type Err = BadFeedName;

    fn from_str(text: &str) -> Result<Self, BadFeedName> {
        // The same letters, for the same reason: nothing that a path or a file name would have to quote.
        match text.parse::<SourceName>() {
            Ok(_) => Ok(Self(text.into())),
            Err(_) => Err(BadFeedName(setting::short(text))),
        }
    }
}

impl TryFrom<String> for FeedName {
    type Error = BadFeedName;

    fn try_from(text: String) -> Result<Self, BadFeedName> {
        text.parse()
    }
}

impl Display for FeedName {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Debug for FeedName {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        Debug::fmt(&self.0, f)
    }
}

/// What a feed shows. The default shows all of the publication.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct FeedSettings {
    /// Which sources' listings; `None` is all.
    pub sources: Option<Sources>,
    /// Which of their listings.
    pub filter: Filter,
    /// Join neighbours into wider prefixes, in the formats that show no origin.
    pub merge: bool,
    /// At most so many entries an answer. What is cut then follows from what is listed alone: people's own entries stay
    /// longest, then the gravest, the surest, the newest.
    pub cap: Option<u32>,
}

/// Sources by name. One that does not exist is no mistake: it may come later.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Sources {
    /// Only these.
    Only(BTreeSet<SourceName>),
    /// All but these.
    Except(BTreeSet<SourceName>),
}

impl Sources {
    /// Whether a source is wanted.
    pub fn admit(&self, source: &SourceName) -> bool {
        match self {
            Self::Only(names) => names.contains(source),
            Self::Except(names) => !names.contains(source),
        }
    }

    /// The names.
    pub fn names(&self) -> &BTreeSet<SourceName> {
        match self {
            Self::Only(names) | Self::Except(names) => names,
        }
    }
}

impl FeedSettings {
    /// Whether every value is within its limits; the first that is not. To be asked of all that comes from outside.
    pub fn check(&self) -> Result<(), BadSetting> {
        setting::check(SETTINGS, self, "")?;
        self.filter.check("filter.")?;
        match &self.sources {
            Some(sources) if sources.names().is_empty() => Err(BadSetting::Value {
                key: "sources".into(),
                text: String::new(),
                expected: setting::Kind::SourceChoice.to_string(),
            }),
            _ => Ok(()),
        }
    }

    /// Whether a listing of a chunk passes.
    pub fn passes(&self, chunk: &Chunk, listing: &Listing) -> bool {
        self.sources.as_ref().is_none_or(|sources| sources.admit(chunk.source_of(listing)))
            && self.filter.judge(listing, chunk.details_of(listing)).is_ok()
    }

    /// Whether the feed shows a prefix, or one that covers it, before anything is cut by a cap.
    pub fn lists(&self, publication: &Publication, prefix: Prefix) -> bool {
        publication.covering(prefix).any(|position| {
            let chunk = publication.chunk(position);
            publication.listings_at(position).iter().any(|listing| self.passes(chunk, listing))
        })
    }

    /// Whether every listing passes: then a view need not look at any.
    pub fn shows_all(&self) -> bool {
        self.sources.is_none() && self.filter == Filter::default()
    }

    /// What is asked of this feed, with what the feed itself asks: the smaller cap holds. `joins` is whether the format can
    /// show joined prefixes; what a reader asks for it gets, or is told why not.
    #[must_use]
    pub fn select(&self, asked: Selection, joins: bool) -> Selection {
        let own = self.cap.map(|cap| cap as usize);
        let cap = asked.cap.into_iter().chain(own).min();
        Selection { cap, merge: asked.merge || (self.merge && joins), ..asked }
    }

    /// Whether which prefixes it shows depends on more than which prefixes there are: then it may change with a
    /// publication that adds and removes none.
    pub fn looks_at_details(&self) -> bool {
        !self.shows_all() || self.cap.is_some()
    }

    /// Equal for feeds that show the same, whatever their names.
    pub fn key(&self) -> Hash {
        // With their lengths, so that no value can pass for two.
        let mut all = Vec::new();
        for setting in SETTINGS {
            let text = setting.get(self);
            all.extend_from_slice(&(text.len() as u64).to_le_bytes());
            all.extend_from_slice(text.as_bytes());
        }
        Hash::of(&all)
    }
}
