//! `/api/v1`: one file an endpoint family.
//!
//! Look-ups and figures answer from the live publication; everything else asks the store, off the async
//! threads, or has the collector do something.

#![allow(unused_qualifications, reason = "what the document's macros write")]

pub(crate) mod allow;
pub(crate) mod body;
mod changed;
pub(crate) mod consumers;
pub(crate) mod credentials;
pub(crate) mod deciding;
pub(crate) mod feeds;
pub(crate) mod import;
pub(crate) mod kinds;
pub(crate) mod known_good;
pub(crate) mod listings;
pub(crate) mod lookup;
pub(crate) mod openapi;
pub(crate) mod own;
mod patch;
pub(crate) mod problem;
pub(crate) mod publications;
pub(crate) mod pulls;
pub(crate) mod query;
pub(crate) mod reason;
mod refusal;
pub(crate) mod runs;
pub(crate) mod schema;
pub(crate) mod session;
pub(crate) mod signed_in;
pub(crate) mod sources;
pub(crate) mod stats;
pub(crate) mod tokens;
pub(crate) mod tries;
pub(crate) mod users;
