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
}

impl Display for Note {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Column { field, column } => write!(f, "{} is read from column '{column}'", field.name()),
            Self::OtherSheets(names) => write!(f, "sheets left unread: {}", names.join(", ")),
            Self::Dropped { field, rows, example } => {
                write!(f, "{rows} rows are taken without their {}, as in '{example}'", field.name())
            }
        }
    }
}
