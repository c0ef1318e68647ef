//! Prefixes: parse, order, aggregate, subtract, look up.
//!
//! A *prefix* is an IPv4 or IPv6 network in canonical form; a host is a /32 or /128 and is written bare. Everything
//! else of the program stands on these types, so they know nothing of it: no I/O but the readers and writers that are
//! handed in, no clock, no other crate of ours.
//!
//! | module | what |
//! |---|---|
//! | [`net`] | [`Net`]: one network of one family, generic over the address, so both families share every algorithm |
//! | [`prefix`](mod@prefix) | [`Prefix`]: a network of either family in 24 bytes, ordered v4 before v6 |
//! | [`range`] | [`Range`]: `first-last`, and the prefixes that make it up |
//! | [`parse`](mod@parse) | the strict parser, straight from bytes; [`Refusal`] names why a text is no prefix |
//! | [`list`] | list files of any size, line by line, in bounded memory |
//! | [`set`] | [`Set`]: ranges joined; union, difference, intersection, the fewest prefixes |
//! | [`index`] | [`Index`]: frozen, which networks hold an address |
//! | [`write`](mod@write) | the canonical text into a byte vector |
//! | [`aggregate`](mod@aggregate) | lists merged into the fewest prefixes: the command of that name |
//! | [`special`] | the space that is never listed, and the rules of admission |

mod address;
pub mod aggregate;
mod display;
pub mod index;
pub mod list;
pub mod net;
pub mod parse;
pub mod prefix;
pub mod range;
mod refusal;
pub mod set;
mod sort;
pub mod special;
mod v4;
pub mod write;

pub use address::Address;
pub use index::Index;
pub use list::{ListError, ListReader};
pub use net::{Net, Net4, Net6};
pub use parse::{Entry, parse};
pub use prefix::{Family, Prefix};
pub use range::Range;
pub use refusal::Refusal;
pub use set::{Set, uncovered};
pub use special::Rules;
