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
