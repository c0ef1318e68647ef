//! What a person may want to know of an input that was read.

use std::fmt::{self, Display, Formatter};

use crate::options::Field;

/// Something that was noticed and cost no row.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Note {
    /// A field was read from this column, which was found and not named.
    Column {
        /// The field.
        field: Field,
        /// The column's header, or its number from 1.
        column: String,
    },
    /// Sheets of a workbook that hold no block list and were left.
    OtherSheets(Vec<String>),
    /// Values of a field that were not taken; their rows were, without the field.
    Dropped {
        /// The field: country or confidence.
        field: Field,
        /// How many rows.
        rows: u64,
        /// The first such value.
        example: String,
    },
    /// Entries that are no rows of a block list and were left.
    Skipped {
        /// What they are.
        what: Skipped,
        /// How many.
        count: u64,
    },
    /// REGTECH: the workbook could not be had, and the list page was read in its place.
    ListPage,
    /// The source has more pages than the one that was read: this is no full list.
    MorePages,
}

/// What is left because it is no row of a block list; it is counted and costs the input nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Skipped {
    /// STIX: indicators of hashes, domains, URLs and the like.
    NoAddress,
    /// STIX: indicators in another pattern language than STIX's own.
    OtherLanguage,
    /// STIX: addresses that were observed, which says nothing bad of them.
    Observed,
    /// MISP: attributes of other types than addresses.
    OtherType,
    /// MISP: addresses that are not meant for detection (`to_ids` is not set).
    NotForDetection,
    /// MISP: deleted attributes.
    Deleted,
    /// SECUDIUM: posts of the board without a file.
    WithoutFile,
    /// Elements of JSON that tell of the list itself (`"type":"metadata"`).
    Metadata,
}

impl Skipped {
    const fn words(self) -> &'static str {
        match self {
            Self::NoAddress => "indicators without an address",
            Self::OtherLanguage => "indicators in another pattern language",
            Self::Observed => "observed addresses, which are no indicators",
            Self::OtherType => "attributes that are no addresses",
            Self::NotForDetection => "addresses without to_ids",
            Self::Deleted => "deleted attributes",
            Self::WithoutFile => "posts without a file",
            Self::Metadata => "elements of metadata",
        }
    }
}

impl Display for Note {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Column { field, column } => write!(f, "{} is read from column '{column}'", field.name()),
            Self::OtherSheets(names) => write!(f, "sheets left unread: {}", names.join(", ")),
            Self::Dropped { field, rows, example } => {
                write!(f, "{rows} rows are taken without their {}, as in '{example}'", field.name())
            }
            Self::Skipped { what, count } => write!(f, "left: {count} {}", what.words()),
            Self::ListPage => {
                f.write_str("the workbook could not be had; the rows were read from the list page")
            }
            Self::MorePages => f.write_str("the source has more pages than this one"),
        }
    }
}
