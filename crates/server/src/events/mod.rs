//! What changes while a page is looked at: told to every page that is open.
//!
//! ```text
//! go_live --------------------------\
//! follow: database, runs under way --> one channel --> a stream a page (server-sent events), in its language
//! figures, when they are computed --/
//! ```
//!
//! A stream says which topics changed and nothing of what they are now: the page asks for its parts again, as whoever is
//! signed in, so that no stream can tell more than a page. Progress of runs alone is told whole.
//!
//! **Failure.** A stream that falls behind is told that everything changed; one whose reader takes nothing is ended, and the
//! browser opens another. Streams are bounded, in all and a session, and hold up neither a writer nor a stop.

mod follow;
mod progress;
mod stream;
mod topic;

pub use follow::follow_events;
pub use stream::Rhythm;

pub(crate) use progress::{Phase, Progress};
pub(crate) use stream::{Streams, events};
pub(crate) use topic::{Topic, Topics};

use std::sync::Arc;

use tokio::sync::broadcast;
use tokio_util::sync::CancellationToken;

/// What may wait for a stream. One that is further behind is told that everything changed.
const BACKLOG: usize = 64;

/// What is told.
#[derive(Clone, Debug)]
pub(crate) enum News {
    /// These changed.
    Changed(Topics),
    /// A run is a step further.
    Progress(Arc<Progress>),
}

/// The channel from whatever changes to every page that is open.
#[derive(Debug)]
pub(crate) struct Events {
    sender: broadcast::Sender<News>,
    closing: CancellationToken,
}

impl Default for Events {
    fn default() -> Self {
        Self { sender: broadcast::Sender::new(BACKLOG), closing: CancellationToken::new() }
    }
}

impl Events {
    /// Tells every open page that these changed.
    pub(crate) fn changed(&self, topics: impl Into<Topics>) {
        let topics = topics.into();
        if !topics.is_empty() {
            self.tell(News::Changed(topics));
        }
    }

    /// Tells them how far a run is.
    pub(crate) fn progress(&self, progress: Progress) {
        self.tell(News::Progress(Arc::new(progress)));
    }

    /// Hears what is told from now on.
    pub(crate) fn listen(&self) -> broadcast::Receiver<News> {
        self.sender.subscribe()
    }

    /// Ends every stream, and each that is opened later: the server stops.
    pub(crate) fn close(&self) {
        self.closing.cancel();
    }

    /// Told when streams have to end.
    pub(crate) fn closing(&self) -> &CancellationToken {
        &self.closing
    }

    fn tell(&self, news: News) {
        // Nobody listens: nobody has to be told.
        let _ = self.sender.send(news);
    }
}
