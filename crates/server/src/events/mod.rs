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
//! Between a page's being made and its stream's being open something may change. So a page carries the turn at which it was
//! made, its stream begins with what changed since, and nothing falls between the two.
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

use std::sync::{Arc, Mutex, PoisonError};

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
    turns: Mutex<Turns>,
    closing: CancellationToken,
}

/// How often something changed so far, and at which of these turns each topic did last.
#[derive(Debug, Default)]
struct Turns {
    now: u64,
    last: [u64; Topic::ALL.len()],
}

impl Default for Events {
    fn default() -> Self {
        Self {
            sender: broadcast::Sender::new(BACKLOG),
            turns: Mutex::default(),
            closing: CancellationToken::new(),
        }
    }
}

impl Events {
    /// Tells every open page that these changed.
    pub(crate) fn changed(&self, topics: impl Into<Topics>) {
        let topics = topics.into();
        if !topics.is_empty() {
            let mut turns = self.turns.lock().unwrap_or_else(PoisonError::into_inner);
            turns.now += 1;
            let now = turns.now;
            topics.iter().for_each(|topic| turns.last[topic as usize] = now);
            drop(turns);
            self.tell(News::Changed(topics));
        }
    }

    /// Tells them how far a run is.
    pub(crate) fn progress(&self, progress: Progress) {
        self.tell(News::Progress(Arc::new(progress)));
    }

    /// The turn now: a page that is made from here on shows all that changed up to it.
    pub(crate) fn turn(&self) -> u64 {
        self.turns.lock().unwrap_or_else(PoisonError::into_inner).now
    }

    /// What changed after a turn. One that is still to come was counted by an earlier process: everything may have changed.
    pub(crate) fn since(&self, turn: u64) -> Topics {
        let turns = self.turns.lock().unwrap_or_else(PoisonError::into_inner);
        if turn > turns.now {
            return Topics::all();
        }
        Topic::ALL.into_iter().filter(|topic| turns.last[*topic as usize] > turn).collect()
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_told_what_changed_since_it_was_made_and_nothing_else() {
        let events = Events::default();
        events.changed(Topic::Runs);
        let made = events.turn();
        assert!(events.since(made).is_empty());
        events.changed([Topic::Held, Topic::Sources]);
        events.changed(Topic::Held);
        assert_eq!(events.since(made), Topics::from([Topic::Held, Topic::Sources]));
        assert_eq!(events.since(made + 1), Topics::from(Topic::Held));
        assert_eq!(events.since(events.turn() + 1), Topics::all(), "of an earlier process");
    }
}
