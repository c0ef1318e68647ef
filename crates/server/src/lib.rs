//! Serves the live publication over HTTP: feeds, API, health, metrics.
//!
//! ```text
//! publication files --watch--> App::go_live --builds the asked-for bodies--> Live (swapped whole) <-- every reader
//! store ------------------------------------------------------------------> listings, runs, history (nothing else)
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
//! **Access.** Only loopback is served: [`bind`] refuses other addresses, and a request that names another host is
//! refused, so that no web page can read the list through somebody's browser.

mod api;
mod app;
mod feeds;
mod guard;
mod health;
mod listen;
mod live;
mod metrics;
mod router;
mod watch;

pub use app::App;
pub use feeds::FEEDS;
pub use listen::{ListenError, bind, check_loopback, run};
pub use live::{Budget, Live};
pub use router::{document, router};
pub use watch::{POLL, Publications, watch};
