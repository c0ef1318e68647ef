//! The crate from outside: parsers, vault, timetable.

#![allow(clippy::unwrap_used, clippy::panic, reason = "helpers of tests end the test")]

mod archives;
mod catalogue;
mod collector;
mod common;
mod examples;
mod faults;
mod fetch;
mod hostile;
mod intelligence;
mod json;
mod known_good;
mod limits;
mod lists;
mod portals;
mod public_feeds;
mod sniffing;
mod support;
mod tables;
mod timetable;
mod vault;
mod xls;
