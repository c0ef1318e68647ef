//! The parsers: one file each, one table of all.
//!
//! A parser is a row of [`PARSERS`]. The table drives detection, names, help and the tests; a further parser is one
//! more variant, file and row.

mod date;
mod join;
mod json;
mod lines;
mod list;
mod misp;
mod ndjson;
mod note;
mod open;
mod portal;
mod record;
mod regtech;
mod rows;
mod secudium;
mod sniff;
mod stix;
mod table;
pub(crate) mod unpack;
mod words;

use std::fmt::{self, Display, Formatter};
use std::io::Read;
use std::str::FromStr;

use blocklist::Batch;

pub use note::{Note, Skipped};
pub(crate) use record::Cell;

use crate::{Options, ParseError};
use open::{Body, Text};
use rows::Rows;
use sniff::Sample;

/// A parser.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Parser {
    /// One address, prefix or range a line.
    List,
    /// A table of text, with or without a header.
    Csv,
    /// One JSON document.
    Json,
    /// One JSON object a line.
    Ndjson,
    /// A STIX 2.1 bundle or TAXII envelope.
    Stix,
    /// An event of MISP.
    Misp,
    /// The workbook of REGTECH.
    Regtech,
    /// The workbook of SECUDIUM.
    Secudium,
}

/// Which parser is to read an input.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Choice {
    /// The one that knows the content. A file's name says nothing.
    #[default]
    Auto,
    /// This one.
    Is(Parser),
}

/// What is known of a parser.
#[derive(Debug)]
pub struct ParserInfo {
    /// The parser.
    pub parser: Parser,
    /// Its name in settings, on the command line and in reports.
    pub name: &'static str,
    /// What it reads, in English, one line.
    pub english: &'static str,
    /// What it reads, in Korean, one line.
    pub korean: &'static str,
    /// Whether it knows this content. Exactly one parser may say so of any content.
    sniff: fn(&Sample<'_>) -> bool,
    /// How it reads.
    read: Reader,
}

/// The two ways of reading: what comes as a stream of text, and what is opened as a whole.
#[derive(Clone, Copy, Debug)]
enum Reader {
    /// Reads text as it comes, at most [`Limits::text_bytes`](crate::Limits::text_bytes).
    Stream(fn(&mut Text<'_>, &mut Rows<'_>) -> Result<(), ParseError>),
    /// Reads text that is held in memory, at most [`Limits::document_bytes`](crate::Limits::document_bytes).
    Document(fn(&[u8], &mut Rows<'_>) -> Result<(), ParseError>),
    /// Reads a workbook.
    Workbook(fn(&mut crate::workbook::Workbook, &mut Rows<'_>) -> Result<(), ParseError>),
}

/// Every parser, in the order in which help shows them.
pub const PARSERS: &[ParserInfo] = &[
    ParserInfo {
        parser: Parser::List,
        name: "list",
        english: "one address, prefix or range a line, with comments",
        korean: "한 줄에 IP, 대역 또는 범위 하나 (주석 가능)",
        sniff: list::sniff,
        read: Reader::Stream(list::read),
    },
    ParserInfo {
        parser: Parser::Csv,
        name: "csv",
        english: "a table with ',', ';', tab or '|', with or without a header",
        korean: "쉼표, 세미콜론, 탭, '|'로 나눈 표 (제목 줄은 없어도 됨)",
        sniff: table::sniff,
        read: Reader::Stream(table::read),
    },
    ParserInfo {
        parser: Parser::Json,
        name: "json",
        english: "a JSON document with an array of addresses or objects",
        korean: "IP 또는 객체의 배열이 든 JSON 문서",
        sniff: json::sniff,
        read: Reader::Document(json::read),
    },
    ParserInfo {
        parser: Parser::Ndjson,
        name: "ndjson",
        english: "one JSON object a line",
        korean: "한 줄에 JSON 객체 하나",
        sniff: ndjson::sniff,
        read: Reader::Stream(ndjson::read),
    },
    ParserInfo {
        parser: Parser::Stix,
        name: "stix",
        english: "the indicators of a STIX 2.1 bundle or TAXII 2.1 envelope",
        korean: "STIX 2.1 번들 또는 TAXII 2.1 응답의 지표(indicator)",
        sniff: stix::sniff,
        read: Reader::Document(stix::read),
    },
    ParserInfo {
        parser: Parser::Misp,
        name: "misp",
        english: "the addresses for detection of a MISP event",
        korean: "MISP 이벤트의 탐지용(to_ids) IP",
        sniff: misp::sniff,
        read: Reader::Document(misp::read),
    },
    ParserInfo {
        parser: Parser::Regtech,
        name: "regtech",
        english: "the workbook of the REGTECH portal (xlsx)",
        korean: "금융보안 레그테크 포털의 요주의 IP 엑셀 파일",
        sniff: regtech::sniff,
        read: Reader::Workbook(regtech::read),
    },
    ParserInfo {
        parser: Parser::Secudium,
        name: "secudium",
        english: "the workbook of the SECUDIUM portal (xlsx or xls)",
        korean: "SECUDIUM 포털의 공격 IP 엑셀 파일 (xlsx, xls)",
        sniff: secudium::sniff,
        read: Reader::Workbook(secudium::read),
    },
];

impl Parser {
    /// The parser's row of the table.
    pub fn info(self) -> &'static ParserInfo {
        // A test keeps the table complete; the first row stands in only where that test already fails.
        PARSERS.iter().find(|info| info.parser == self).unwrap_or(&PARSERS[0])
    }
}

impl Display for Parser {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.pad(self.info().name)
    }
}

/// A name that no parser has.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("there is no parser '{name}'; there are: auto, {}", names())]
pub struct UnknownParser {
    name: String,
}

/// The names of all parsers, for messages.
pub(crate) fn names() -> String {
    PARSERS.iter().map(|info| info.name).collect::<Vec<_>>().join(", ")
}

impl FromStr for Choice {
    type Err = UnknownParser;

    fn from_str(text: &str) -> Result<Self, UnknownParser> {
        if text == "auto" {
            return Ok(Self::Auto);
        }
        let known = PARSERS.iter().find(|info| info.name == text);
        known
            .map(|info| Self::Is(info.parser))
            .ok_or_else(|| UnknownParser { name: crate::text::short(text) })
    }
}

impl Display for Choice {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Auto => f.pad("auto"),
            Self::Is(parser) => Display::fmt(parser, f),
        }
    }
}

/// An input that was read to its end.
#[derive(Clone, Debug)]
pub struct Parsed {
    /// The parser that read it.
    pub parser: Parser,
    /// What it held.
    pub batch: Batch,
    /// What a person may want to know and no row was refused for.
    pub notes: Vec<Note>,
}

/// Reads an input to its end.
///
/// Bad rows are refused by themselves, in the batch; an error means that nothing of the input was taken.
pub fn parse(choice: Choice, input: &mut dyn Read, options: &Options) -> Result<Parsed, ParseError> {
    open::open(input, &options.limits, |body| read(choice, body, options))
}

fn read(choice: Choice, mut body: Body<'_>, options: &Options) -> Result<Parsed, ParseError> {
    let info = match choice {
        Choice::Is(parser) => parser.info(),
        Choice::Auto => sniff::find(&body)?,
    };
    let mut rows = Rows::new(options);
    match (info.read, &mut body) {
        (Reader::Stream(read), Body::Text(text)) => read(text, &mut rows)?,
        (Reader::Document(read), Body::Text(text)) => read(&text.whole(&options.limits)?, &mut rows)?,
        (Reader::Workbook(read), Body::Workbook(book)) => read(book, &mut rows)?,
        (Reader::Workbook(_), Body::Text(_)) => {
            return Err(ParseError::Kind { parser: info.parser, wanted: "a workbook", found: "text" });
        }
        (_, Body::Workbook(_)) => {
            return Err(ParseError::Kind { parser: info.parser, wanted: "text", found: "a workbook" });
        }
    }
    let (batch, notes) = rows.finish();
    Ok(Parsed { parser: info.parser, batch, notes })
}

/// The parsers that claim an input: one, or none, unless the table has grown a row that claims too much.
#[doc(hidden)]
pub fn claims(input: &[u8]) -> Result<Vec<Parser>, ParseError> {
    let mut input = input;
    open::open(&mut input, &crate::Limits::default(), |body| Ok(sniff::claims(&body)))
}
