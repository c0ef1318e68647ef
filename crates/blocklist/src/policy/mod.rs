//! The rules that turn active listings into the block list.
//!
//! ```text
//! kept listing -> its end ([`EndRule`]) -> ended? -> filters -> at least k sources? -> minus what is protected -> served
//! ```
//!
//! All of it is local to a [chunk](crate::Chunk): no prefix that is admitted reaches over its edge. So a change costs the
//! chunks that it touches, and the result does not depend on the order in which changes came.
//!
//! | module | what |
//! |---|---|
//! | [`end`] | when a listing ends |
//! | [`filter`] | which listings count at all |
//! | [`protected`] | what must never be served |
//! | [`evaluate`](mod@evaluate) | one chunk through all of it |
//! | [`verdict`] | what the policy says of one listing, for people |

pub mod end;
pub mod evaluate;
pub mod filter;
pub mod protected;
pub mod verdict;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

pub use end::EndRule;
pub use evaluate::{Evaluated, Kept, evaluate};
pub use filter::{Categories, Filter};
pub use protected::{Guard, GuardKind, Hit, Protected};
pub use verdict::{Served, Verdict, Why};

use crate::SourceName;

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

/// The source of what people block by hand.
pub const MANUAL: &str = "manual";
