//! Collect: what sources hold becomes listings, by itself, without harming an account or a list.
//!
//! ```text
//! source (kind, settings, state) -- schedule says when --> collector: one run
//!   portals: guarded login, session, windows  \
//!   fetch:   addresses, collections, files     > bytes -> parse -> Batch -> compared -> store, one transaction
//!   vault:   the credential, sealed           /                      \
//!                                                                     failure: a cause of one table, and what to do
//! ```
//!
//! | module | what |
//! |---|---|
//! | [`collector`] | one run of a source; what a person does at an account; the timer |
//! | [`source`] | a source as it is set up: kind, settings, what is remembered of it |
//! | [`schedule`] | when it runs: timetable, waits after failures, windows of dates |
//! | `portals` | REGTECH and SECUDIUM: login, session, files, and the guard of the account |
//! | [`fetch`] | everything else: an HTTP request with every limit; addresses, collections, directories |
//! | [`parse`](mod@parse) | [`parse()`]: the table of parsers, one file a parser, and what they share |
//! | `workbook` | the cells of an `.xlsx` or `.xls`, read so that a hostile file costs a bounded amount |
//! | [`options`] | limits, admission rules, which column or field means what |
//! | [`vault`] | credentials at rest: the key, sealing, changing the key |
//! | [`trouble`], [`failure`] | why a run took nothing: one table of causes, and the error that carries one |
//! | [`error`] | [`ParseError`]: why an input was refused whole, where, and what to do about it |
//! | [`catalogue`] | public lists as ready sources, one table |
//! | [`known_good`] | files of addresses that are never served, and the lists that come with the program |
//! | [`random`] | randomness that is handed in |
//!
//! # Failure
//! A bad row is refused by itself, counted by cause and kept with its line and text. A bad *container* (a page of HTML,
//! a cut-off archive, a renamed header, too many rows) refuses the whole input: half a list is never handed on, because
//! for a source that sends its full list what is missing would count as withdrawn. Whatever ends a run early changes
//! nothing but a portal's session and what is remembered of the source.

pub mod catalogue;
pub mod collector;
pub mod error;
pub mod failure;
pub mod fetch;
pub mod known_good;
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
pub use failure::Failure;
pub use options::{Column, Columns, Defaults, Field, JsonPaths, Limits, Options};
pub use parse::{Choice, Note, PARSERS, Parsed, Parser, ParserInfo, Skipped, parse};
pub use trouble::{TROUBLES, Trouble};
