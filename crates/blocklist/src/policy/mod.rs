//! The rules that turn active listings into the block list.
//!
//! ```text
//! kept listing -> its end ([`EndRule`]) -> ended? -> filters -> at least k sources? -> minus what is protected -> served
//! ```
//!
//! All of it is local to a [chunk](crate::chunk): no prefix that is admitted reaches over its edge. So a change costs the
//! chunks that it touches, and the result does not depend on the order in which changes came.
//!
//! | module | what |
//! |---|---|
//! | [`end`] | when a listing ends |
//! | [`filter`] | which listings count at all |
//! | [`protected`] | what must never be served |
//! | [`evaluate`](mod@evaluate) | one chunk through all of it |
//! | [`verdict`](mod@verdict) | what the policy says of one listing, for people |
//! | [`settings`] | the keys of it as text |
//!
//! Nothing of it fails; what comes as JSON is refused by serde or by [`Policy::check`], and what does not pass that is
//! not to be evaluated by.

mod admit;
pub mod end;
pub mod evaluate;
pub mod filter;
mod hits;
mod pieces;
pub mod protected;
pub mod settings;
pub mod verdict;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

pub(crate) use admit::order;
pub use end::{BadEndRule, EndRule};
pub use evaluate::{Evaluated, Evaluation, Kept, evaluate};
pub use filter::{Categories, Failed, Filter};
pub use hits::MAX_HITS;
pub use protected::{Guard, GuardKind, Hit, Protected};
pub use settings::{SETTINGS, SOURCE_SETTINGS, set, set_source};
pub use verdict::{Served, Verdict, Why, verdict};

use crate::SourceName;
use crate::setting::{self, BadSetting};

/// The rules of a site, as they are kept and shown: JSON, unknown keys refused. The default changes nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Policy {
    /// For all sources; both these and the source's own filters must let a listing pass.
    pub filter: Filter,
    /// An address is served when at least so many sources list it, be it in networks of different width. 0 and 1 are the
    /// same. What a person blocked by hand needs nobody beside.
    pub min_sources: u16,
    /// Sources that need nobody beside them, as `manual` never does.
    pub trusted: Vec<SourceName>,
    /// For single sources.
    pub sources: BTreeMap<SourceName, SourceRules>,
}

/// The rules of one source.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct SourceRules {
    /// Which of its listings count.
    pub filter: Filter,
    /// When its listings end.
    pub end: EndRule,
    /// It is collected and kept, and nothing of it is served: to look at a source before it is trusted.
    pub trial: bool,
}

impl Policy {
    /// Whether every value is within its limits; the first that is not. To be asked of all that comes from outside.
    pub fn check(&self) -> Result<(), BadSetting> {
        setting::check(SETTINGS, self, "")?;
        self.filter.check("")?;
        for (name, rules) in &self.sources {
            let before = format!("sources.{name}.");
            setting::check(SOURCE_SETTINGS, rules, &before)?;
            rules.filter.check(&before)?;
        }
        let by_hand = self.sources.iter().find(|(name, _)| name.as_str() == MANUAL);
        match by_hand {
            Some((_, rules)) if *rules != SourceRules::default() => Err(BadSetting::Value {
                key: format!("sources.{MANUAL}"),
                text: "a rule".into(),
                expected: "none: no rule applies to what people block by hand".into(),
            }),
            _ => Ok(()),
        }
    }

    /// The sources whose end rule asks when a run last saw a listing: the store keeps it for these.
    pub fn asks_last_seen(&self) -> impl Iterator<Item = &SourceName> {
        self.sources.iter().filter(|(_, rules)| rules.end.asks_last_seen()).map(|(name, _)| name)
    }
}

impl Filter {
    /// What the text of a filter cannot say: a set of no category at all.
    pub(crate) fn check(&self, before: &str) -> Result<(), BadSetting> {
        match &self.categories {
            Some(categories) if categories.names().is_empty() => Err(BadSetting::Value {
                key: format!("{before}categories"),
                text: String::new(),
                expected: setting::Kind::Categories.to_string(),
            }),
            _ => Ok(()),
        }
    }
}

/// The source of what people block by hand.
pub const MANUAL: &str = "manual";
