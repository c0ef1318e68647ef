//! How a feed is written: one file a format, one table of formats.
//!
//! ```text
//! View (which prefixes of a publication)  ->  Format::render  ->  one body of bytes
//! ```
//!
//! The [`FORMATS`] table is all that the command line, the routes, the help and the tests know of formats: a format
//! that is not in it does not exist, and one that is cannot miss a face.
//!
//! Same view and same options give the same bytes on every machine: no clock and no random number comes in. A body is
//! built whole, in memory: it is sent with its length and its hash, so it must be complete before its first byte goes
//! out, and it is built once and shared by all who ask for it. On an error there is no body at all.
//!
//! A format never cuts. What a device can hold is written down in [`Format::device_limit`] for people and feeds; which
//! entries go into a view is decided before.

mod csv;
mod error;
mod format;
mod fortigate;
mod ipset;
mod json;
mod lines;
mod ndjson;
mod nftables;
mod origin;
mod paloalto;
mod plain;
mod text;

pub use error::{FormatError, UnknownFormat};
pub use format::{About, DeviceLimit, FORMATS, Format, Options};
