//! The publication that questions are answered from and feeds are read from, and how the next one takes its place.
//!
//! ```text
//! publication --go_live--> live   (questions: at once)
//!                     \--> served (feeds: when the bodies that readers ask for are built)
//! ```
//!
//! Readers take an `Arc` and never wait. Without a publication, and with one that lists nothing, feeds answer 503: a device keeps
//! what it has.

use std::sync::Arc;
use std::time::Duration;

use blocklist::{Publication, Serial};

use super::App;
use crate::api::problem::Problem;
use crate::api::reason::Reason;
use crate::events::Topic;
use crate::live::Live;
use crate::recent::Recent;

/// How long a new publication waits for the bodies of the one before. A body that takes longer is built further, and
/// whoever asks for it waits.
const WARM_UP: Duration = Duration::from_secs(5);

impl App {
    /// The live publication, if there is one. A handler takes it once.
    pub fn live(&self) -> Option<Arc<Live>> {
        self.live.load_full()
    }

    /// The same, or the problem that there is none.
    pub(crate) fn live_or_503(&self) -> Result<Arc<Live>, Problem> {
        self.live().ok_or_else(nothing_yet)
    }

    /// The publication that feeds show, or the problem that there is none. One that lists nothing is none: a device that
    /// gets an empty list opens itself, on 503 it keeps the one that it has.
    pub(crate) fn served_or_503(&self) -> Result<Arc<Live>, Problem> {
        let live = self.served.load_full().ok_or_else(nothing_yet)?;
        if live.publication().entries() == 0 {
            let serial = live.head().serial;
            return Err(Problem::unavailable(format!(
                "publication {serial} lists nothing; no empty list is served"
            )));
        }
        Ok(live)
    }

    /// Publications that were served lately.
    pub(crate) fn recent(&self) -> &Recent {
        &self.recent
    }

    /// Waits until feeds show another publication than this one.
    pub(crate) async fn another_than(&self, serial: Serial) {
        let mut shown = self.shown.subscribe();
        // The sender lives as long as the app.
        let _ = shown.wait_for(|shown| shown.is_some_and(|shown| shown != serial)).await;
    }

    /// Waits until the store of this process has published.
    pub(crate) async fn news(&self) {
        self.news.notified().await;
    }

    /// Makes a publication the live one: at once for questions, and for feeds after the bodies that readers asked for
    /// lately are built for it too, so that the first poll after a change is as quick as the next. Each reader sees the one
    /// or the other.
    pub async fn go_live(&self, publication: Publication) {
        let _turn = self.going_live.lock().await;
        let next = Arc::new(Live::new(publication, self.budget));
        let serial = next.head().serial;
        tracing::info!(serial = serial.0, entries = next.publication().entries(), "publication is live");
        self.live.store(Some(Arc::clone(&next)));
        if let Some(before) = self.served.load_full()
            && tokio::time::timeout(WARM_UP, next.warm_up(&before, self.now())).await.is_err()
        {
            tracing::info!(serial = serial.0, "in feeds before all bodies were built");
        }
        let publication = next.shared();
        self.recent.push(next.shared());
        // Nobody waits for it: the first search does not have to, and neither does the next publication.
        drop(tokio::task::spawn_blocking(move || publication.content().prepare_search()));
        self.served.store(Some(next));
        self.shown.send_replace(Some(serial));
        self.events.changed(Topic::Publication);
    }
}

fn nothing_yet() -> Problem {
    Problem::unavailable("no publication to serve yet").because(Reason::NothingYet)
}
