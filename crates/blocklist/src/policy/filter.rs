//! Which listings count at all.

use std::collections::BTreeSet;

use prefix::Family;
use serde::{Deserialize, Serialize};

use crate::{Details, Listing};

/// A filter over listings: all of its conditions must hold. The default lets everything pass. Of the policy, of a source
/// and of a feed alike.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Filter {
    /// At least so sure, 0 to 100.
    pub min_confidence: Option<u8>,
    /// Whether a listing of which the source does not say how sure it is fails `min_confidence`. By default it passes.
    pub confidence_required: bool,
    /// By category.
    pub categories: Option<Categories>,
    /// Only this family: 4 or 6.
    #[serde(skip)]
    pub family: Option<Family>,
}

/// Categories by name, whatever their case. A listing without a category is the empty name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Categories {
    /// Only these.
    Only(BTreeSet<String>),
    /// All but these.
    Except(BTreeSet<String>),
}

impl Filter {
    /// Whether a listing passes, and if not, which condition it fails.
    pub fn judge(&self, listing: &Listing, details: &Details) -> Result<(), Failed> {
        let _ = (listing, details);
        todo!()
    }
}

/// The condition that a listing fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Failed {
    /// Not sure enough.
    Confidence,
    /// A category that is not wanted.
    Category,
    /// The other family.
    Family,
}

mod family {
    //! `4`, `6` or `null`.
}
