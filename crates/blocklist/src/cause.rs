//! Why a row is refused: what the prefix crate says of addresses, and what can be wrong with the other fields.

use prefix::Refusal;

/// The cause of a refused row, with a stable [id](Cause::id) for counts, tables and JSON.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, thiserror::Error)]
pub enum Cause {
    /// The address.
    #[error("{0}")]
    Address(Refusal),
    /// The cell or field that should hold the address is absent or empty.
    #[error("no address in this row")]
    NoAddress,
    /// A date that cannot be read, or lies outside the years 1970 to 9998.
    #[error("a date that cannot be read")]
    Date,
    /// The end lies before the day it was detected.
    #[error("an end before the day it was detected")]
    EndBeforeDetected,
    /// The row has another number of fields than the header, or is no object.
    #[error("a row of another shape than the rest")]
    Shape,
    /// A STIX pattern that says more than "one of these addresses": taking an address of it would make up a listing.
    #[error("a pattern that is more than a choice of addresses")]
    Pattern,
}

impl Cause {
    /// The cause's name in tables and JSON; never changes once published.
    pub const fn id(self) -> &'static str {
        match self {
            Self::Address(refusal) => refusal.id(),
            Self::NoAddress => "no_address",
            Self::Date => "date",
            Self::EndBeforeDetected => "end_before_detected",
            Self::Shape => "shape",
            Self::Pattern => "pattern",
        }
    }

    /// Every cause.
    pub fn all() -> impl Iterator<Item = Self> {
        Refusal::ALL.into_iter().map(Self::Address).chain([
            Self::NoAddress,
            Self::Date,
            Self::EndBeforeDetected,
            Self::Shape,
            Self::Pattern,
        ])
    }
}

impl From<Refusal> for Cause {
    fn from(refusal: Refusal) -> Self {
        Self::Address(refusal)
    }
}
