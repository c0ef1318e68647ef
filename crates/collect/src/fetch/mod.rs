//! Fetch: what a source holds comes here, within limits, or a [`Failure`](crate::Failure) says why not.
//!
//! | module | what |
//! |---|---|
//! | [`network`] | one HTTP request: names, TLS, redirects, limits, retries, and the cause of what went wrong |

pub mod network;

pub(crate) use network::shown;
pub use network::{Answer, Body, Network, Request, Statuses};
