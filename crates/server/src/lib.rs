//! Serves the live publication over HTTP: feeds, API, health, metrics.
//!
//! ```text
//! publication files --watch--> App::go_live --builds the asked-for bodies--> Live (swapped whole) <-- every reader
//! store ------------------------------------------------------------------> listings, runs, sources, history
//! collector <---------------------------------------------------------------- changes of sources, credentials, runs
//! ```
//!
//! **Readers.** Each request takes the live publication once and answers from it alone: number N or N+1, never a
//! mixture, and without a lock or the database. Feeds and look-ups go on when the store is broken; only the routes that
//! show what the store keeps answer 503 then.
//!
//! **Failure.** A publication that cannot be read is counted and logged, and the last good one stays live. Without any,
//! feeds answer 503 and `Retry-After`: an empty list would open every device that reads it. An answer with 5xx never
//! carries the cause, only the id under which the log has it.
//!
//! **Collecting.** Sources and credentials are changed, and runs started, by the collector of this process, if it has one
//! ([`App::with_collector`]). What is started at a source comes to its end also when whoever asked has gone.
//!
//! **Access.** People sign in, programs send a token, and a program on this machine may do what the configuration says, as
//! long as a request names it by a name of loopback: no web page can ask through somebody's browser under another name.
//! What each route asks stands in one table ([`rights`]). Feeds are read with the secret of a consumer or from a trusted
//! address, and health is told to everybody.

mod access;
mod api;
mod app;
mod auth;
mod client;
mod document;
mod events;
mod feeds;
mod fields;
mod figures;
mod front;
mod guard;
mod health;
mod listen;
mod live;
mod metrics;
mod pages;
mod pulls;
mod rate;
mod recent;
mod router;
mod search;
mod tls;
mod uploads;
mod watch;
mod writing;

pub use access::{ACCESS_POLL, follow_access};
pub use app::{App, OpenVault};
pub use auth::{
    AccountRules, AskCodes, DEFAULT_LENGTH, HashError, Passwords, SHORTEST, Weak, binding, check_password,
    hash_secret, new_token, one_time_password,
};
pub use document::document;
pub use events::{Rhythm, follow_events};
pub use figures::keep_figures;
pub use front::{Front, Limits};
pub use listen::{ListenError, bind, run};
pub use live::{Budget, Live};
pub use pulls::{KEEP_PULLS, keep_pulls};
pub use router::{needs, page_paths, rights, router};
pub use tls::{ClientCertificates, TLS_POLL, Tls, TlsError, TlsFiles, ask as ask_over_tls, follow_tls};
pub use watch::{POLL, Publications, watch};
