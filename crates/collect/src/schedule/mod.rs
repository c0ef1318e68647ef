//! When a source runs: timetable, waits after failures, the circuit, windows of dates. Pure functions over a clock that
//! is handed in; there is no timer here.
//!
//! | module | what |
//! |---|---|
//! | [`timetable`], [`zone`] | an interval or a cron expression, and the zone of the latter |
//! | [`next`](mod@next) | the next time of a timetable, right where the clock is put forward or back |
//! | [`decide`](mod@decide) | run now, wait until then, or not at all |
//! | [`retry`] | what a failure does to the state: growing waits, then the open circuit |
//! | [`freshness`](mod@freshness) | how old what a source has is |
//! | [`windows`](mod@windows) | which days to ask a portal for |
//!
//! # A source's life
//! ```text
//! decide -> Run -> the caller keeps attempted_at = now, then runs
//!    ^               good:   SourceState::after_success
//!    |               failed: after_failure
//!    +---- Wait(until) <- the new state
//! ```
//! Nothing but [`SourceState`](crate::source::SourceState) lasts from one run to the next, and jitter follows from the
//! name of the source and the time of the run, so that a restart changes no plan.

pub mod decide;
pub mod freshness;
pub mod next;
pub mod retry;
pub mod timetable;
pub mod windows;
pub mod zone;

pub use decide::{Decision, decide};
pub use freshness::{Fresh, freshness};
pub use next::next;
pub use retry::after_failure;
pub use timetable::Timetable;
pub use windows::{first_day, windows};
pub use zone::Zone;
