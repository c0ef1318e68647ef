//! What a run is doing, for whoever watches.

use std::fmt::{self, Display, Formatter};

use jiff::civil::Date;

/// One step of a run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// Logging in to a portal.
    LogIn,
    /// Asking how many rows a window has.
    Count {
        /// Its first day.
        from: Date,
        /// Its last day.
        to: Date,
    },
    /// Downloading a window's workbook.
    Download {
        /// Its first day.
        from: Date,
        /// Its last day.
        to: Date,
    },
    /// Reading a page of a list.
    Page {
        /// Which, from 1.
        number: usize,
    },
    /// Downloading the file of a post.
    Post {
        /// Which, from 1.
        number: usize,
        /// Of how many.
        of: usize,
    },
    /// Fetching an address, a page of a collection, an event.
    Fetch {
        /// What, without anything secret.
        what: String,
    },
    /// Parsing what came.
    Read {
        /// How many bytes.
        bytes: u64,
    },
    /// Writing to the store and publishing.
    Keep {
        /// How many rows.
        rows: u64,
    },
}

impl Display for Step {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::LogIn => f.write_str("logging in"),
            Self::Count { from, to } => write!(f, "counting {from} to {to}"),
            Self::Download { from, to } => write!(f, "downloading {from} to {to}"),
            Self::Page { number } => write!(f, "reading page {number}"),
            Self::Post { number, of } => write!(f, "downloading post {number} of {of}"),
            Self::Fetch { what } => write!(f, "fetching {what}"),
            Self::Read { bytes } => write!(f, "reading {bytes} bytes"),
            Self::Keep { rows } => write!(f, "keeping {rows} rows"),
        }
    }
}
