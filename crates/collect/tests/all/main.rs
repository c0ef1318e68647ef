//! The parsers, from outside.

mod common;
mod examples;
mod faults;
mod hostile;
mod json;
mod limits;
mod lists;
mod portals;
mod sniffing;
mod tables;
mod xls;
