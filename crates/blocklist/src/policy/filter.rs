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
    #[serde(with = "family")]
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
    /// Whether a listing passes, and if not, the first condition it fails: confidence, category, family.
    #[inline]
    pub fn judge(&self, listing: &Listing, details: &Details) -> Result<(), Failed> {
        self.judge_details(details)?;
        match self.family {
            Some(family) if family != listing.prefix.family() => Err(Failed::Family),
            _ => Ok(()),
        }
    }

    /// The same of what many listings share: all but the family.
    #[inline]
    pub fn judge_details(&self, details: &Details) -> Result<(), Failed> {
        if let Some(least) = self.min_confidence {
            let enough = details.confidence.map_or(!self.confidence_required, |sure| sure >= least);
            if !enough {
                return Err(Failed::Confidence);
            }
        }
        if let Some(categories) = &self.categories
            && !categories.admit(details.category.as_deref().unwrap_or_default())
        {
            return Err(Failed::Category);
        }
        Ok(())
    }
}

impl Categories {
    /// Whether a category is wanted; the empty name is that of a listing without one.
    pub fn admit(&self, category: &str) -> bool {
        let named = |names: &BTreeSet<String>| names.iter().any(|name| same(name, category));
        match self {
            Self::Only(names) => named(names),
            Self::Except(names) => !named(names),
        }
    }

    /// The names.
    pub fn names(&self) -> &BTreeSet<String> {
        match self {
            Self::Only(names) | Self::Except(names) => names,
        }
    }
}

/// Whether two names are the same but for their case. Makes no text, because it is asked for every listing.
fn same(a: &str, b: &str) -> bool {
    fn lower(text: &str) -> impl Iterator<Item = char> {
        text.chars().flat_map(char::to_lowercase)
    }
    if a.is_ascii() && b.is_ascii() { a.eq_ignore_ascii_case(b) } else { lower(a).eq(lower(b)) }
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
    //! `4`, `6` or `null`; the numbers are taken as text too.

    use std::fmt::{self, Formatter};

    use prefix::Family;
    use serde::de::{Deserializer, Error, Unexpected, Visitor};
    use serde::ser::Serializer;

    #[expect(clippy::ref_option, reason = "serde calls it so")]
    pub(super) fn serialize<S: Serializer>(
        family: &Option<Family>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        match family {
            Some(family) => serializer.serialize_u8(family.number()),
            None => serializer.serialize_none(),
        }
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Option<Family>, D::Error> {
        deserializer.deserialize_any(Either)
    }

    struct Either;

    impl Visitor<'_> for Either {
        type Value = Option<Family>;

        fn expecting(&self, f: &mut Formatter<'_>) -> fmt::Result {
            f.write_str("4, 6 or null")
        }

        fn visit_unit<E: Error>(self) -> Result<Self::Value, E> {
            Ok(None)
        }

        fn visit_none<E: Error>(self) -> Result<Self::Value, E> {
            Ok(None)
        }

        fn visit_u64<E: Error>(self, number: u64) -> Result<Self::Value, E> {
            match number {
                4 => Ok(Some(Family::V4)),
                6 => Ok(Some(Family::V6)),
                _ => Err(E::invalid_value(Unexpected::Unsigned(number), &self)),
            }
        }

        fn visit_i64<E: Error>(self, number: i64) -> Result<Self::Value, E> {
            // TOML has signed numbers only.
            self.visit_u64(u64::try_from(number).unwrap_or_default())
        }

        fn visit_str<E: Error>(self, text: &str) -> Result<Self::Value, E> {
            match text {
                "4" => Ok(Some(Family::V4)),
                "6" => Ok(Some(Family::V6)),
                _ => Err(E::invalid_value(Unexpected::Str(text), &self)),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{DetailsId, SourceId, Time};

    fn judge(filter: &Filter, confidence: Option<u8>, category: Option<&str>) -> Result<(), Failed> {
        let listing = Listing {
            prefix: "9.1.2.3".parse().unwrap(),
            source: SourceId(0),
            details: DetailsId(0),
            detected: Time::from_unix(0),
            until: None,
        };
        let category = category.map(Into::into);
        filter.judge(&listing, &Details { category, confidence, ..Details::default() })
    }

    fn names(names: &[&str]) -> BTreeSet<String> {
        names.iter().map(|&name| name.to_owned()).collect()
    }

    #[test]
    fn a_listing_without_confidence_passes_unless_it_is_required() {
        let mut filter = Filter { min_confidence: Some(50), ..Filter::default() };
        let sure = |filter: &Filter| [None, Some(49), Some(50)].map(|sure| judge(filter, sure, None).is_ok());
        assert_eq!(sure(&filter), [true, false, true]);
        filter.confidence_required = true;
        assert_eq!(sure(&filter), [false, false, true]);
        filter.min_confidence = None;
        assert_eq!(sure(&filter), [true, true, true]);
    }

    #[test]
    fn categories_are_the_same_in_any_case_and_none_is_the_empty_name() {
        let admitted = |categories: Categories| {
            let filter = Filter { categories: Some(categories), ..Filter::default() };
            [None, Some("scan"), Some("SCAN"), Some("ÉTÉ"), Some("스캔"), Some("scanner")]
                .map(|category| judge(&filter, None, category).is_ok())
        };
        assert_eq!(admitted(Categories::Only(names(&["Scan"]))), [false, true, true, false, false, false]);
        assert_eq!(admitted(Categories::Only(names(&["", "été"]))), [true, false, false, true, false, false]);
        assert_eq!(
            admitted(Categories::Except(names(&["", "스캔"]))),
            [false, true, true, true, false, true]
        );
    }

    #[test]
    fn the_first_condition_that_fails_is_told() {
        let mut filter = Filter {
            min_confidence: Some(50),
            confidence_required: true,
            categories: Some(Categories::Only(names(&["scan"]))),
            family: Some(Family::V6),
        };
        assert_eq!(judge(&filter, None, None), Err(Failed::Confidence));
        assert_eq!(judge(&filter, Some(50), None), Err(Failed::Category));
        assert_eq!(judge(&filter, Some(50), Some("scan")), Err(Failed::Family));
        filter.family = Some(Family::V4);
        assert_eq!(judge(&filter, Some(50), Some("scan")), Ok(()));
    }
}
