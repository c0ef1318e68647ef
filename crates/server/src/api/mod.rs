//! `/api/v1`: one file an endpoint family.
//!
//! Look-ups and figures answer from the live publication; everything else asks the store, off the async threads.

pub mod listings;
pub mod lookup;
pub mod openapi;
pub mod problem;
pub mod publications;
mod query;
pub mod runs;
pub mod schema;
pub mod sources;
pub mod stats;
