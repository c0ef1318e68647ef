//! The two portals, simulated: real HTTP on loopback, the workbooks byte for byte in their shape, a dataset that moves with
//! a settable clock, and every fault by name. The product has no code that knows of it.
//!
//! ```text
//!   socket -> http (connections, TLS, what goes wrong on the wire)
//!          -> visit (one request: which faults strike it, the journal)
//!          -> regtech | secudium (sessions, accounts, pages) -> world (rows of a day, from a seed)
//!                                                            -> books (workbooks, with damage) -> workbook
//!   control: JSON on a port of its own: faults, clock, truth, journal, accounts
//! ```
//!
//! | module | what |
//! |---|---|
//! | [`sim`] | [`Sim`]: the handle on a running simulation, for tests |
//! | [`fault`], [`switches`] | the table of faults; which are on, and for what |
//! | [`world`] | what both portals hold on any day |
//! | [`journal`] | what was asked of them |
//! | [`dataset`], [`reasons`] | rows from a seed, texts in our own words |
//! | [`workbook`], [`damage`] | the portals' files, written by hand as they write them, and with one thing wrong |
//! | [`feeds`] | the example feeds that are shipped in `examples/feeds` |
//!
//! No address here is taken from an incident. They are random, so some will belong to somebody: never block by them.

pub mod account;
mod books;
pub mod clock;
mod control;
pub mod damage;
pub mod dataset;
pub mod fault;
pub mod feeds;
mod http;
pub mod journal;
pub mod reasons;
mod regtech;
mod secudium;
mod shared;
pub mod sim;
pub mod switches;
mod visit;
pub mod workbook;
pub mod world;

pub use fault::Fault;
pub use http::TlsError;
pub use journal::Entry;
pub use sim::{Sim, SimOptions, StartError};
pub use switches::{Part, Rule, Switches};
pub use world::{Size, World};

/// The portals.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Portal {
    /// REGTECH.
    Regtech,
    /// SECUDIUM.
    Secudium,
}

impl Portal {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Regtech, Self::Secudium];
}
