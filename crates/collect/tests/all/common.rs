//! What the tests share.

use collect::{Choice, Options, ParseError, Parsed, Parser, parse};

pub(crate) fn auto(input: &[u8]) -> Result<Parsed, ParseError> {
    parse(Choice::Auto, &mut &*input, &Options::default())
}

pub(crate) fn by(parser: Parser, input: &[u8]) -> Result<Parsed, ParseError> {
    parse(Choice::Is(parser), &mut &*input, &Options::default())
}

pub(crate) fn with(parser: Parser, input: &[u8], options: &Options) -> Result<Parsed, ParseError> {
    parse(Choice::Is(parser), &mut &*input, options)
}

/// The prefixes, in order.
pub(crate) fn prefixes(parsed: &Parsed) -> Vec<String> {
    parsed.batch.records.iter().map(|record| record.prefix.to_string()).collect()
}

/// Line and id of the cause of each refused row.
pub(crate) fn refused(parsed: &Parsed) -> Vec<(u64, &'static str)> {
    parsed.batch.refused.iter().map(|row| (row.line, row.cause.id())).collect()
}

/// Reason, country, detected and until of the first record.
pub(crate) fn first(parsed: &Parsed) -> (Option<String>, Option<String>, Option<String>, Option<String>) {
    let record = &parsed.batch.records[0];
    let details = parsed.batch.details.get(record.details);
    (
        details.reason.as_deref().map(str::to_owned),
        details.country.map(|country| country.to_string()),
        record.detected.map(blocklist::Time::to_seoul),
        record.until.map(blocklist::Time::to_seoul),
    )
}

/// The parts of a workbook, by name.
pub(crate) fn parts(book: &[u8]) -> Vec<(String, Vec<u8>)> {
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(book)).unwrap();
    let count = archive.len();
    let mut read = |at| {
        let mut part = archive.by_index(at).unwrap();
        let mut bytes = Vec::new();
        std::io::Read::read_to_end(&mut part, &mut bytes).unwrap();
        (part.name().unwrap().into_owned(), bytes)
    };
    (0..count).map(&mut read).collect()
}

/// A workbook whose parts have each first `from` replaced.
pub(crate) fn changed(book: &[u8], from: &str, to: &str) -> Vec<u8> {
    let change = |(name, bytes)| (name, String::from_utf8(bytes).unwrap().replacen(from, to, 1).into_bytes());
    let changed: Vec<_> = parts(book).into_iter().map(change).collect();
    assert_ne!(changed, parts(book), "{from}");
    portal_sim::workbook::pack(&changed).unwrap()
}
