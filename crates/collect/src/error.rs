//! Why a whole input was refused.

use std::fmt::{self, Display, Formatter};

use crate::Parser;
use crate::options::{Field, Limit};
use crate::parse::names;

/// A whole input that is refused; nothing of it has been taken. The variants are told apart by what a caller may do:
/// try again ([`is_retryable`](Self::is_retryable)), log in again ([`Html`](Self::Html) with `login`), raise a limit,
/// name another parser, or ask a person.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ParseError {
    /// The input could not be read to its end.
    #[error("the input could not be read")]
    Io(#[source] std::io::Error),
    /// Nothing but white space.
    #[error("the input is empty")]
    Empty,
    /// A web page in the place of the list.
    #[error("{}", if *.login { "this is the portal's login page" } else { "this is a web page, not a list" })]
    Html {
        /// The page holds the portal's login form: the session is lost.
        login: bool,
    },
    /// Text that is not UTF-8.
    #[error("line {line}: the text is {found}, not UTF-8")]
    Encoding {
        /// What it looks like.
        found: Encoding,
        /// The first line that is not UTF-8, from 1.
        line: u64,
    },
    /// Bytes of a format that no parser reads.
    #[error("this is {found}, which no parser reads")]
    Format {
        /// The format, with its article.
        found: &'static str,
    },
    /// `auto` does not know the content.
    #[error("no parser knows this content; it begins with \"{begins}\"")]
    Unrecognised {
        /// How the input begins, cleaned.
        begins: String,
    },
    /// The named parser reads another kind of input.
    #[error("{parser} reads {wanted}, but this is {found}")]
    Kind {
        /// The parser that was named.
        parser: Parser,
        /// What it reads.
        wanted: &'static str,
        /// What came.
        found: &'static str,
    },
    /// More than a limit allows.
    #[error("over the limit of {value} {} ({})", limit.unit(), limit.setting())]
    Limit {
        /// Which limit.
        limit: Limit,
        /// Its value.
        value: u64,
    },
    /// The input is cut off or damaged.
    #[error("the {what} is cut off or damaged: {problem}")]
    Damaged {
        /// `xlsx workbook`, `xls workbook`, `JSON document` ...
        what: &'static str,
        /// Where and how.
        problem: String,
    },
    /// A workbook or a file of an archive under a password.
    #[error("the {what} is encrypted with a password")]
    Encrypted {
        /// `workbook`, `zip archive`.
        what: &'static str,
    },
    /// A zip archive that is no workbook and does not hold just one file.
    #[error("the zip archive holds {}", if found.is_empty() { "no file".into() } else {
        format!("{} files, and which is meant is not known: {}", found.len(), quoted(found))
    })]
    Archive {
        /// The files, without folders, hidden files and what macOS adds.
        found: Vec<String>,
    },
    /// A workbook without any sheet.
    #[error("the workbook has no sheet")]
    NoSheet,
    /// No sheet has the header that the parser needs, or several have.
    #[error("{problem}; the workbook holds {}", sheets(found))]
    Header {
        /// What is missing or doubled.
        problem: String,
        /// The sheets and the headers found in them.
        found: Vec<SheetHeaders>,
    },
    /// A wanted column of a table is absent or there twice, or no column holds addresses.
    #[error("{problem}; columns found: {}", quoted(found))]
    Column {
        /// Which field.
        field: Field,
        /// What is wrong.
        problem: String,
        /// The headers found.
        found: Vec<String>,
    },
    /// A quote that is opened and never closed: everything after it would be one field.
    #[error("line {line}: a quote is opened and not closed")]
    OpenQuote {
        /// The line on which the row begins, from 1.
        line: u64,
    },
    /// A JSON document holds no array of elements where it should be.
    #[error("{problem}; fields found: {}", quoted(found))]
    Elements {
        /// What is wrong.
        problem: String,
        /// The fields found on the way.
        found: Vec<String>,
    },
}

impl ParseError {
    /// A damaged container.
    pub(crate) fn damaged(what: &'static str, problem: impl Display) -> Self {
        Self::Damaged { what, problem: problem.to_string() }
    }

    /// Whether the same request may bring something else by itself: a read that failed, a body that ended early.
    pub fn is_retryable(&self) -> bool {
        matches!(self, Self::Io(_) | Self::Damaged { .. } | Self::Html { login: false })
    }

    /// What a person can do about it.
    pub fn hint(&self) -> String {
        match self {
            Self::Io(_) | Self::Damaged { .. } => "fetch the input again".into(),
            Self::Empty => "check the source; an empty input never changes a list".into(),
            Self::Html { login: true } => {
                "the session has ended: log in again and repeat the download".into()
            }
            Self::Html { login: false } => {
                "open the address in a browser: it may be an error or maintenance page".into()
            }
            Self::Encoding { .. } => "save the file as UTF-8".into(),
            Self::Format { .. } => {
                "hand over a list or a table: gzip, and a zip of one file, are unpacked, anything else is not"
                    .into()
            }
            Self::Unrecognised { .. } => format!("name the parser; there are: {}", names()),
            Self::Kind { .. } => format!("name another parser, or auto; there are: {}", names()),
            Self::Limit { limit, .. } => format!("if the input is right, raise {}", limit.setting()),
            Self::Encrypted { what } => format!("save the {what} without a password"),
            Self::Archive { .. } => "unpack it and hand over the one file that is the list".into(),
            Self::NoSheet => {
                "the portal sometimes sends such a file: fetch it again, or choose another window".into()
            }
            Self::Header { .. } => "the source has changed its table: compare the headers".into(),
            Self::Column { field, .. } => {
                format!("name the column for '{}', or its number from 1", field.name())
            }
            Self::OpenQuote { .. } => "close the quote, or fetch the file again if it was cut off".into(),
            Self::Elements { .. } => "name the path of the array, as in data.items".into(),
        }
    }
}

/// What text looks like that is not UTF-8.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encoding {
    /// UTF-16, either order.
    Utf16,
    /// UTF-32, either order.
    Utf32,
    /// EUC-KR or its extension CP949.
    EucKr,
    /// Something else.
    Other,
}

impl Display for Encoding {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Utf16 => "UTF-16",
            Self::Utf32 => "UTF-32",
            Self::EucKr => "EUC-KR (CP949)",
            Self::Other => "in an unknown encoding",
        })
    }
}

/// A sheet and the header row found in it, as a message prints them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SheetHeaders {
    /// The sheet's name.
    pub sheet: String,
    /// The row that looks most like a header: empty when the sheet is.
    pub headers: Vec<String>,
}

/// How many headers a message prints.
const SHOWN: usize = 24;

fn quoted(names: &[String]) -> String {
    if names.is_empty() {
        return "none".into();
    }
    let mut text = names.iter().take(SHOWN).map(|name| format!("'{name}'")).collect::<Vec<_>>().join(", ");
    if names.len() > SHOWN {
        text.push_str(", ...");
    }
    text
}

fn sheets(found: &[SheetHeaders]) -> String {
    let one = |sheet: &SheetHeaders| format!("sheet '{}' with {}", sheet.sheet, quoted(&sheet.headers));
    let mut text = found.iter().take(SHOWN).map(one).collect::<Vec<_>>().join("; ");
    if found.len() > SHOWN {
        text.push_str("; ...");
    }
    text
}
