//! What the two portals send, made up: the same shape byte for byte, from a seed.
//!
//! | module | what |
//! |---|---|
//! | [`dataset`] | rows: addresses of public space drawn from a seed, reasons in our own words, dates |
//! | [`workbook`] | the files: REGTECH's and SECUDIUM's xlsx, written by hand as the portals write them |
//! | [`fault`] | the same files with one thing wrong, each fault by name |
//! | [`feeds`] | the example feeds that are shipped in `examples/feeds` |
//!
//! No address here is taken from an incident. They are random, so some will belong to somebody: never block by them.

pub mod dataset;
pub mod fault;
pub mod feeds;
pub mod workbook;
