//! When the figures are computed, and from what of the last time.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::broadcast::error::RecvError;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use super::cut::Cuts;
use super::day::Day;
use super::kept::Kept;
use super::reads::Reads;
use super::trend::Days;
use super::{OfLive, Snapshot};
use crate::App;
use crate::events::{News, Topic, Topics};
use crate::live::Live;

/// What ages by itself is looked at so often.
const MINUTE: Duration = Duration::from_mins(1);
/// Changes come several at once; one computation answers all of them.
const GATHER: Duration = Duration::from_millis(150);
/// At most one part in so many of the time goes into figures.
const SHARE: u32 = 5;

/// What the next figures are made from: what did not change is not read again.
#[derive(Debug, Default)]
pub(super) struct Work {
    pub(super) days: Days,
    pub(super) day: Option<Day>,
    pub(super) reads: Reads,
    pub(super) cuts: Cuts,
    complained: bool,
}

/// Computes the figures after each change and each minute, until it is cancelled.
pub async fn keep_figures(app: Arc<App>, cancel: CancellationToken) {
    // Before the first computation: what changes meanwhile is computed next.
    let mut news = app.events.listen();
    loop {
        let began = Instant::now();
        app.refresh_figures().await;
        let rest = (began.elapsed() * (SHARE - 1)).max(GATHER);
        let next = async {
            let minute = tokio::time::sleep(MINUTE);
            tokio::pin!(minute);
            loop {
                tokio::select! {
                    () = &mut minute => return,
                    told = news.recv() => match told {
                        Ok(News::Changed(topics)) if counts(topics) => break,
                        Ok(_) => {}
                        Err(RecvError::Lagged(_)) => break,
                        // The app has the sender.
                        Err(RecvError::Closed) => minute.as_mut().await,
                    },
                }
            }
            tokio::time::sleep(rest).await;
        };
        tokio::select! {
            () = cancel.cancelled() => return,
            () = next => {}
        }
    }
}

/// Whether the figures show any of it. Its own news it passes over.
fn counts(topics: Topics) -> bool {
    use Topic::{Allow, Devices, Held, Listings, Publication, Runs, Sources};
    [Publication, Held, Runs, Sources, Devices, Allow, Listings].into_iter().any(|topic| topics.has(topic))
}

impl App {
    /// Computes the figures and swaps them in. Whoever looks at them is told.
    pub async fn refresh_figures(&self) {
        let mut work = self.figures.work.lock().await;
        let (now, live) = (self.now(), self.live());
        let before = self.figures();
        let live_figures = self.of_live(live.as_deref()).await;
        let kept = self.ask_kept(&mut work, live).await;
        let snapshot = Snapshot {
            as_of: now,
            live: live_figures,
            store_answers: kept.is_some(),
            kept: kept.or_else(|| before.as_ref().and_then(|before| before.kept.clone())),
        };
        let had = before.map_or_else(Vec::new, |before| before.badges());
        let badges_differ = snapshot.badges() != had;
        self.figures.snapshot.store(Some(Arc::new(snapshot)));
        let topics = Topics::from(Topic::Figures);
        self.events.changed(if badges_differ { topics.and(Topic::Badges) } else { topics });
    }

    async fn of_live(&self, live: Option<&Live>) -> Option<OfLive> {
        let live = live?;
        match live.figures().await {
            Ok(counts) => Some(OfLive { head: *live.head(), counts }),
            Err(error) => {
                let _ = self.incident("the figures cannot be computed", &error);
                None
            }
        }
    }

    /// What the store says; `None` when there is none or it cannot answer, which is logged once.
    async fn ask_kept(&self, work: &mut Work, live: Option<Arc<Live>>) -> Option<Arc<Kept>> {
        let store = Arc::clone(self.store()?);
        let (alive, now) = (self.alive(), self.now());
        let mut own = std::mem::take(work);
        let taken = tokio::task::spawn_blocking(move || {
            let kept = Kept::take(&store, live.as_deref(), &alive, now, &mut own);
            (own, kept)
        });
        let error: Box<dyn std::error::Error + Send + Sync> = match taken.await {
            Ok((back, Ok(kept))) => {
                *work = Work { complained: false, ..back };
                return Some(Arc::new(kept));
            }
            Ok((back, Err(error))) => {
                *work = back;
                error.into()
            }
            Err(error) => error.into(),
        };
        if !std::mem::replace(&mut work.complained, true) {
            tracing::warn!(%error, "the figures of the dashboard stay as they are: the store cannot answer");
        }
        None
    }
}
