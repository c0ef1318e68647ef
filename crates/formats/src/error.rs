//! Why a feed cannot be written.

use crate::FORMATS;

/// Why a view cannot be written in a format. Each is a wish that the format cannot meet: asking again the same way
/// gives the same answer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FormatError {
    /// Comments were asked for where readers do not skip them.
    #[error("the format '{0}' has no comments: its readers do not skip them")]
    NoComments(&'static str),
    /// Neighbours were joined, but the format shows where each entry comes from.
    #[error(
        "the format '{0}' shows where each entry comes from, and a merged prefix is nobody's listing; ask without merge"
    )]
    MergedHasNoOrigin(&'static str),
    /// More entries of one family than the format can carry.
    #[error("{entries} entries of one family, but the format '{format}' carries at most {most}; set a limit")]
    TooMany {
        /// The format's name.
        format: &'static str,
        /// How many entries the larger family has.
        entries: usize,
        /// How many it can carry.
        most: usize,
    },
}

/// A name that no format has.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no format '{0}'; there are: {names}", names = names())]
pub struct UnknownFormat(pub(crate) String);

fn names() -> String {
    FORMATS.iter().map(|format| format.name).collect::<Vec<_>>().join(", ")
}
