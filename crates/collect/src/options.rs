//! What may be read, how much of it, and which column means what.

use std::convert::Infallible;
use std::fmt::{self, Display, Formatter};
use std::str::FromStr;

use blocklist::{Country, Details, details};

/// How an input is to be read.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// How much is read before it is refused.
    pub limits: Limits,
    /// The rules by which an entry is admitted.
    pub rules: prefix::Rules,
    /// Which column or field means what, for `csv`, `json` and `ndjson`. What is not named is found by its header.
    pub columns: Columns,
    /// Where in a JSON document the elements are.
    pub json: JsonPaths,
    /// What is said of rows that do not say it themselves.
    pub defaults: Defaults,
}

/// What is said of a row that says nothing of it: a plain list has addresses and no reasons. What a row says itself
/// stays, also where it cannot be read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Defaults {
    /// Why it is listed; kept as [`details::text`] keeps it.
    pub reason: Option<String>,
    /// The kind of attack.
    pub category: Option<String>,
    /// How grave.
    pub severity: Option<String>,
    /// Where the address is said to be.
    pub country: Option<Country>,
    /// How sure the source is: 0 to 100, and no more is taken.
    pub confidence: Option<u8>,
}

impl Defaults {
    /// The details of a row that says nothing.
    pub(crate) fn details(&self) -> Details {
        let words = |text: &Option<String>| text.as_deref().and_then(details::text);
        Details {
            reason: words(&self.reason),
            category: words(&self.category),
            severity: words(&self.severity),
            country: self.country,
            confidence: self.confidence.map(|percent| percent.min(100)),
        }
    }
}

/// Default of [`Limits::text_bytes`]: 1 GiB.
pub const DEFAULT_TEXT_BYTES: u64 = 1 << 30;
/// Default of [`Limits::document_bytes`]: 64 MiB.
pub const DEFAULT_DOCUMENT_BYTES: u64 = 64 << 20;
/// Default of [`Limits::unpacked_bytes`]: 512 MiB.
pub const DEFAULT_UNPACKED_BYTES: u64 = 512 << 20;
/// Default of [`Limits::unpack_ratio`]. The portal's own workbooks, all entities and repetition, unpack about 1 to 30.
pub const DEFAULT_UNPACK_RATIO: u64 = 250;
/// Default of [`Limits::rows`].
pub const DEFAULT_ROWS: u64 = 5_000_000;
/// Default of [`Limits::prefixes`].
pub const DEFAULT_PREFIXES: u64 = 10_000_000;

/// How much is read before an input is refused whole. Every limit is inclusive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of a list, table or NDJSON file: these are read as a stream.
    pub text_bytes: u64,
    /// Bytes of a workbook, zip archive or JSON document: these are held in memory.
    pub document_bytes: u64,
    /// Bytes after unpacking of a workbook, all parts together, or of what gzip or zip has packed.
    pub unpacked_bytes: u64,
    /// How many times its packed size a file, or a part of a workbook, may unpack to; what stays under 1 MiB is not
    /// judged.
    pub unpack_ratio: u64,
    /// Rows that hold something, refused ones included.
    pub rows: u64,
    /// Prefixes that the rows make: a row with a range may make up to 254.
    pub prefixes: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            text_bytes: DEFAULT_TEXT_BYTES,
            document_bytes: DEFAULT_DOCUMENT_BYTES,
            unpacked_bytes: DEFAULT_UNPACKED_BYTES,
            unpack_ratio: DEFAULT_UNPACK_RATIO,
            rows: DEFAULT_ROWS,
            prefixes: DEFAULT_PREFIXES,
        }
    }
}

/// One of the [`Limits`], as an error names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Limit {
    /// [`Limits::text_bytes`].
    TextBytes,
    /// [`Limits::document_bytes`].
    DocumentBytes,
    /// [`Limits::unpacked_bytes`].
    UnpackedBytes,
    /// [`Limits::unpack_ratio`].
    UnpackRatio,
    /// [`Limits::rows`].
    Rows,
    /// [`Limits::prefixes`].
    Prefixes,
}

impl Limit {
    /// The setting's name.
    pub const fn setting(self) -> &'static str {
        match self {
            Self::TextBytes => "collect.limits.text_bytes",
            Self::DocumentBytes => "collect.limits.document_bytes",
            Self::UnpackedBytes => "collect.limits.unpacked_bytes",
            Self::UnpackRatio => "collect.limits.unpack_ratio",
            Self::Rows => "collect.limits.rows",
            Self::Prefixes => "collect.limits.prefixes",
        }
    }

    /// What is limited, as a unit that follows a number.
    pub const fn unit(self) -> &'static str {
        match self {
            Self::TextBytes | Self::DocumentBytes => "bytes",
            Self::UnpackedBytes => "unpacked bytes",
            Self::UnpackRatio => "times the packed size",
            Self::Rows => "rows",
            Self::Prefixes => "prefixes",
        }
    }
}

/// What a column or field can mean.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Field {
    /// The address, prefix or range. The only one that has to be there.
    Address,
    /// Why it is listed.
    Reason,
    /// Two-letter country code.
    Country,
    /// The kind of attack.
    Category,
    /// How grave.
    Severity,
    /// When it was detected.
    Detected,
    /// The last day, or the moment, of the listing.
    Until,
    /// How sure the source is, 0 to 100.
    Confidence,
    /// The last address of a range, of which `address` is the first.
    Last,
}

impl Field {
    /// Every field.
    pub const ALL: [Self; 9] = [
        Self::Address,
        Self::Reason,
        Self::Country,
        Self::Category,
        Self::Severity,
        Self::Detected,
        Self::Until,
        Self::Confidence,
        Self::Last,
    ];

    /// The field's name in settings and messages.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Address => "address",
            Self::Reason => "reason",
            Self::Country => "country",
            Self::Category => "category",
            Self::Severity => "severity",
            Self::Detected => "detected",
            Self::Until => "until",
            Self::Confidence => "confidence",
            Self::Last => "last",
        }
    }
}

/// Which column or JSON field is meant.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Column {
    /// Found by its header, if there is one.
    #[default]
    Auto,
    /// Not read, even if a header looks like it. Written `-`.
    Unread,
    /// The header's text, or for JSON the dotted path of the field (`attacker.ip`).
    Name(String),
    /// The column's number, from 1. For JSON it is a name like any other.
    Number(usize),
}

impl FromStr for Column {
    type Err = Infallible;

    /// `-` is [`Column::Unread`], digits are a number, empty is [`Column::Auto`], all else is a name.
    fn from_str(text: &str) -> Result<Self, Infallible> {
        let text = text.trim();
        Ok(match text.parse() {
            _ if text.is_empty() => Self::Auto,
            _ if text == "-" => Self::Unread,
            Ok(number) if number > 0 => Self::Number(number),
            _ => Self::Name(text.to_owned()),
        })
    }
}

impl Display for Column {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Auto => Ok(()),
            Self::Unread => f.write_str("-"),
            Self::Name(name) => f.write_str(name),
            Self::Number(number) => write!(f, "{number}"),
        }
    }
}

/// Which column or field holds what.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Columns {
    named: [Column; Field::ALL.len()],
}

impl Columns {
    /// Says where a field is.
    #[must_use]
    pub fn with(mut self, field: Field, column: Column) -> Self {
        self.set(field, column);
        self
    }

    /// Says where a field is.
    pub fn set(&mut self, field: Field, column: Column) {
        self.named[field as usize] = column;
    }

    /// Where a field is.
    pub fn get(&self, field: Field) -> &Column {
        &self.named[field as usize]
    }
}

/// Where in a JSON document the elements are.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct JsonPaths {
    /// Dotted path of the array (`data.items`); `None` looks at the top level and one level down.
    pub items: Option<String>,
}
