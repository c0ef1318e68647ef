//! A run that a person ends before its end.
//!
//! What is fetched is let go at once, with two exceptions. A login that is on its way is waited for: a portal counts it
//! whether or not anybody hears the answer, and one without an answer holds the next one back. And once a run is being kept,
//! it is too late: that is one transaction, which is over in a moment. The session at a portal stays, as after any run: the
//! next one goes on with it.

use std::sync::Arc;

use blocklist::SourceName;
use tokio::sync::Mutex;
use tokio_util::sync::CancellationToken;

use super::fetching::{Fetched, Unfetched};
use super::{Collector, lock};
use crate::Trouble;
use crate::trouble::Class;

/// Held by a login while it is on its way.
pub(crate) type Login = Arc<Mutex<()>>;

/// The hold that a person has on a run.
#[derive(Clone, Debug, Default)]
pub(super) struct Hold {
    stop: CancellationToken,
    login: Login,
    /// What came is being kept.
    keeping: bool,
    /// More may come after what is being kept: a directory has many files.
    more: bool,
}

/// Why no run was cancelled.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotCancelled {
    /// This process reads nothing for the source.
    #[error("no run of '{0}' is under way in this process")]
    NothingRuns(SourceName),
    /// What came is being kept.
    #[error("the run of '{0}' has read everything and is being kept; it ends in a moment")]
    Keeping(SourceName),
}

impl Collector {
    /// Ends the run of a source that is under way in this process. It ends in the state `failed`, cause `cancelled`, and does
    /// not count as a failure: the timetable goes on at its next time.
    pub fn cancel(&self, name: &SourceName) -> Result<(), NotCancelled> {
        let mut running = lock(&self.running);
        let run = running.get_mut(name).ok_or_else(|| NotCancelled::NothingRuns(name.clone()))?;
        if run.hold.keeping && !run.hold.more {
            return Err(NotCancelled::Keeping(name.clone()));
        }
        run.cancelled = true;
        run.hold.stop.cancel();
        Ok(())
    }

    /// Whether a person wants nothing of what was fetched. When not, the run cannot be cancelled from here on.
    pub(super) fn is_unwanted(&self, name: &SourceName, fetched: &Result<Fetched, Unfetched>) -> bool {
        let mut running = lock(&self.running);
        let Some(run) = running.get_mut(name) else { return false };
        let is_cancelled = run.hold.stop.is_cancelled();
        match fetched {
            Ok(Fetched::Nothing) => false,
            Ok(_) => {
                run.hold.keeping = !is_cancelled;
                is_cancelled
            }
            // What a portal said to a login is worth more than that nobody wanted to know it.
            Err(Unfetched { failure, .. }) => {
                is_cancelled
                    && failure.trouble.class() == Class::Retry
                    && failure.trouble != Trouble::Interrupted
            }
        }
    }

    /// What a login of the run under way holds; of none, what nobody waits for.
    pub(super) fn login_of(&self, name: &SourceName) -> Login {
        lock(&self.running).get(name).map(|run| Arc::clone(&run.hold.login)).unwrap_or_default()
    }
}

impl Hold {
    /// On a run that `stop` ends.
    pub(super) fn new(stop: &CancellationToken, more: bool) -> Self {
        Self { stop: stop.clone(), more, ..Self::default() }
    }

    /// Waits until a person wants the run to end, and no login is on its way.
    pub(super) async fn is_let_go(&self) {
        self.stop.cancelled().await;
        let _nobody_logs_in = self.login.lock().await;
    }
}
