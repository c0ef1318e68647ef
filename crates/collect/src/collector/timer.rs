//! Runs by the timetable, until stopped.
//!
//! Once a second the sources are read from the store, so that what another process changed counts at once, and each that
//! is due gets a task. The claim keeps runs of one source apart, in this process and across processes.

use std::sync::Arc;
use std::time::Duration;

use blocklist::SourceName;
use tokio::sync::Semaphore;
use tokio_util::task::TaskTracker;

use super::{CollectError, Collected, Collector, Order, Source, lock, view};
use crate::schedule::{Decision, decide};

/// How often it looks.
const LOOK: Duration = Duration::from_secs(1);
/// How long it waits when the store says no.
const PAUSE: Duration = Duration::from_secs(5);
/// Runs at once. Each may hold a download of some hundred megabytes.
const AT_ONCE: usize = 4;
/// How long a stop waits for runs that are in the middle of their transaction.
const FAREWELL: Duration = Duration::from_secs(20);

/// Starts runs as they are due, until the collector's token is cancelled; then waits for those under way to end.
pub async fn run(collector: Arc<Collector>) {
    let tasks = TaskTracker::new();
    let places = Arc::new(Semaphore::new(AT_ONCE));
    let mut reminded = None;
    loop {
        let today = crate::portals::day_in_seoul(collector.now());
        if reminded != Some(today) {
            remind(&collector).await;
            reminded = Some(today);
        }
        let wait = match due(&collector).await {
            Ok(names) => {
                for name in names {
                    let Ok(place) = Arc::clone(&places).try_acquire_owned() else { break };
                    let collector = Arc::clone(&collector);
                    tasks.spawn(async move {
                        start(&collector, &name).await;
                        drop(place);
                    });
                }
                LOOK
            }
            Err(error) => {
                tracing::error!(%error, "cannot read the sources; nothing is collected until that is over");
                PAUSE
            }
        };
        tokio::select! {
            () = collector.cancel.cancelled() => break,
            () = tokio::time::sleep(wait) => {}
        }
    }
    tasks.close();
    if tokio::time::timeout(FAREWELL, tasks.wait()).await.is_err() {
        tracing::warn!(
            runs = tasks.len(),
            "stopped before all runs had ended; what they had not kept is as before"
        );
    }
}

/// Tells, at the start and then once a day, which credentials end soon or have ended.
async fn remind(collector: &Arc<Collector>) {
    let (store, now) = (Arc::clone(&collector.store), collector.now());
    match collector.blocking(move || view::credentials(&store, now)).await {
        Ok(credentials) => {
            for credential in credentials.iter().filter(|it| matches!(it.expiry, Some("soon" | "expired"))) {
                let end = credential.expires_on.map(|day| day.to_string()).unwrap_or_default();
                tracing::warn!(
                    source = %credential.source, end,
                    "the credential ends: set the new one by blacklist credential set"
                );
            }
        }
        Err(error) => tracing::error!(%error, "cannot read the credentials"),
    }
}

/// The sources that are due and not under way.
async fn due(collector: &Arc<Collector>) -> Result<Vec<SourceName>, CollectError> {
    let store = Arc::clone(&collector.store);
    let configs = collector.blocking(move || store.source_configs()).await?;
    let running = collector.alive().running;
    let looked = lock(&collector.looked).clone();
    let now = collector.now();
    let due = configs.iter().filter(|config| config.enabled && !running.contains_key(&config.name)).filter(
        |config| match Source::read(config) {
            Ok(mut source) if source.kind.is_fetched() => {
                source.state.attempted_at = source.state.attempted_at.max(looked.get(&source.name).copied());
                decide(
                    &source.name,
                    &source.settings,
                    source.enabled,
                    &source.state,
                    collector.started_at,
                    now,
                ) == Decision::Run
            }
            Ok(_) => false,
            Err(error) => {
                tracing::debug!(source = %config.name, %error, "settings that cannot be read");
                false
            }
        },
    );
    Ok(due.map(|config| config.name.clone()).collect())
}

async fn start(collector: &Collector, name: &SourceName) {
    match collector.drain(name, &Order::scheduled(), &|_| {}).await {
        Ok(all) if matches!(all.last(), Some(Collected::Nothing)) => {
            tracing::trace!(source = %name, "nothing to take");
        }
        Ok(_) => {}
        Err(error) => {
            collector.was_looked_at(name);
            let error: &dyn std::error::Error = &error;
            tracing::error!(source = %name, error, "a run could not be kept");
        }
    }
}
