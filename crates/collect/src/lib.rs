//! Collect: what a source sent becomes a [`Batch`](blocklist::Batch), or a refusal that says why.
//!
//! ```text
//! bytes -> open (what is this? HTML, wrong encoding, too big: refused) -> one parser -> rows -> Batch
//! ```
//!
//! | module | what |
//! |---|---|
//! | [`parse`](mod@parse) | [`parse()`]: the table of parsers, one file a parser, and what they share |
//! | [`catalogue`] | public lists as ready sources, one table |
//! | [`options`] | limits, admission rules, which column or field means what |
//! | [`error`] | [`ParseError`]: what happened, where, and what to do about it |
//! | [`fetch`] | what a source holds comes here, within limits, or a failure says why not |
//! | [`source`] | a source as it is set up: kind, settings, what is remembered of it |
//! | [`schedule`] | when it runs: timetable, waits after failures, windows of dates |
//! | [`vault`] | credentials at rest: the key, sealing, changing the key |
//! | [`random`] | randomness that is handed in |
//! | `workbook` | the cells of an `.xlsx` or `.xls`, read so that a hostile file costs a bounded amount |
//!
//! # Failure
//! A bad row is refused by itself, counted by cause and kept with its line and text. A bad *container* (a page of HTML,
//! a cut-off archive, a renamed header, too many rows) refuses the whole input: half a list is never handed on, because
//! for a source that sends its full list what is missing would count as withdrawn.

pub mod catalogue;
pub mod collector;
pub mod error;
pub mod fetch;
pub mod options;
pub mod parse;
mod portals;
pub mod random;
pub mod schedule;
pub mod source;
mod text;
pub mod trouble;
pub mod vault;
mod workbook;

pub use error::ParseError;
pub use options::{Column, Columns, Defaults, Field, JsonPaths, Limits, Options};
pub use parse::{Choice, Note, PARSERS, Parsed, Parser, ParserInfo, Skipped, parse};
pub use trouble::{Failure, TROUBLES, Trouble};
