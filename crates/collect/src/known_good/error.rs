//! Why a file is no known-good list.

use prefix::ListError;

use super::{MAX_BYTES, MAX_ENTRIES};

/// A file that is refused whole; nothing of it is taken.
#[derive(Debug, thiserror::Error)]
pub enum KnownGoodError {
    /// It could not be read to its end.
    #[error("the file could not be read")]
    Io(#[from] std::io::Error),
    /// Nothing but white space and comments.
    #[error("the file is empty")]
    Empty,
    /// Too many bytes.
    #[error("the file is larger than {} MiB", MAX_BYTES >> 20)]
    TooLarge,
    /// Too many entries.
    #[error("the file has more than {MAX_ENTRIES} entries")]
    TooMany,
    /// A web page.
    #[error("the file is a web page, not a list")]
    Html,
    /// An archive, a workbook, a program; UTF-16.
    #[error("the file is no UTF-8 text")]
    Binary,
    /// JSON of another shape, or none at all.
    #[error("the file is no warninglist: {0}")]
    Json(String),
    /// Only names, patterns and the like.
    #[error("none of the {passed_over} entries of the file is an address or prefix that can be taken")]
    NoAddress {
        /// Entries that were looked at.
        passed_over: u64,
    },
}

impl KnownGoodError {
    /// What a person can do about it.
    pub const fn hint(&self) -> &'static str {
        match self {
            Self::Io(_) => "look at the file and at who may read it",
            Self::Empty | Self::NoAddress { .. } => {
                "a known-good list holds addresses or prefixes; names protect nothing here"
            }
            Self::TooLarge | Self::TooMany => "load it in parts, under names of their own",
            Self::Html => "open the address in a browser: it may be an error page in place of the list",
            Self::Binary => "unpack it, or save it as UTF-8 text",
            Self::Json(_) => {
                "hand over the list.json of a MISP warninglist, or a text with one address or prefix a line"
            }
        }
    }
}

impl From<ListError> for KnownGoodError {
    fn from(error: ListError) -> Self {
        match error {
            ListError::Io(cause) => Self::Io(cause),
            ListError::Html => Self::Html,
            ListError::Utf16 | ListError::Binary => Self::Binary,
        }
    }
}
