//! Who may read which feed: a table in memory, made anew when the store says that it changed.
//!
//! **A read never waits for the database.** What the table knows is answered from the table alone, also while the store is
//! broken. Only a no is asked back: before a reader hears that it is not known, the store is asked whether anything changed
//! since the table was made. So a secret is good from the moment it is made, and a store that cannot answer makes 503,
//! never 401 or 403: devices stop enforcing their list on those.

mod credential;
mod table;

use std::net::IpAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use arc_swap::ArcSwapOption;
use store::{ConsumerId, Outcome, Store};
use tokio_util::sync::CancellationToken;

pub(crate) use credential::Presented;
pub(crate) use table::{Feed, Grant, Refusal, Table};

use crate::App;
use crate::api::problem::Problem;

/// How often the store is asked whether feeds or consumers changed.
pub const ACCESS_POLL: Duration = Duration::from_secs(1);
/// How long a reader that is not known waits for the store.
const PATIENCE: Duration = Duration::from_secs(2);

/// The table and its renewal.
#[derive(Default)]
pub(crate) struct Access {
    table: ArcSwapOption<Table>,
    /// Questions to the store that began.
    begun: AtomicU64,
    /// The last question that ended: which, and whether it was answered. One is asked at a time.
    ended: tokio::sync::Mutex<(u64, bool)>,
}

/// Who asks, as far as it can be told.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Caller<'a> {
    /// From which address.
    pub address: Option<IpAddr>,
    /// Whether that is whoever asks, and not a proxy that brings strangers.
    pub exact: bool,
    /// A program on this machine, that speaks to it as such.
    pub local: bool,
    /// Whether the request names this server by an address or by one of its names: then no web page has made a browser
    /// ask under a name of its own.
    pub named: bool,
    /// What it presents.
    pub presented: &'a Presented,
}

impl App {
    /// Who may read what, as far as it was ever read.
    pub(crate) fn access(&self) -> Option<Arc<Table>> {
        self.access.table.load_full()
    }

    /// Brings the table up to date with the store; whether the store could answer.
    pub async fn refresh_access(&self) -> bool {
        let before = self.access.begun.load(Ordering::Acquire);
        let mut ended = self.access.ended.lock().await;
        if ended.0 > before {
            // Asked after this was called, by somebody else.
            return ended.1;
        }
        let number = self.access.begun.fetch_add(1, Ordering::AcqRel) + 1;
        let answered = self.ask_access().await;
        *ended = (number, answered);
        answered
    }

    async fn ask_access(&self) -> bool {
        let Some(store) = self.store() else { return false };
        let known = self.access().map(|table| table.version());
        let look = move |store: &Store| -> store::Result<Option<store::Access>> {
            if known == Some(store.access_version()?) { Ok(None) } else { store.access().map(Some) }
        };
        let store = Arc::clone(store);
        match tokio::task::spawn_blocking(move || look(&store)).await {
            Ok(Ok(None)) => true,
            Ok(Ok(Some(access))) => {
                tracing::debug!(
                    feeds = access.feeds.len(),
                    consumers = access.readers.len(),
                    "access is read"
                );
                self.access.table.store(Some(Arc::new(Table::new(access))));
                true
            }
            Ok(Err(error)) => self.access_failed(&error),
            Err(error) => self.access_failed(&error),
        }
    }

    fn access_failed(&self, error: &(dyn std::error::Error + 'static)) -> bool {
        self.metrics.access_failed();
        // Once a second at most, and the log is where a person finds the cause.
        tracing::warn!(error, "feeds and consumers cannot be read; those that are known go on");
        false
    }

    /// Whether the caller may read the feed, and as whom.
    pub(crate) async fn admit(&self, caller: &Caller<'_>, feed: &str) -> Result<Grant, Denied> {
        let table = self.access();
        let first = match &table {
            Some(table) => table.decide(caller, feed, self.now()),
            // Nothing was ever read. What this machine could read before anything was set up, it still can.
            None if caller.local && caller.presented.is_none() && feed == blocklist::FeedName::DEFAULT => {
                return Ok(Grant { feed: Arc::new(Feed::all()), consumer: None });
            }
            None => Err(Refusal::Unknown),
        };
        if first.is_ok() {
            return first.map_err(|_| Denied::Unsure);
        }
        match tokio::time::timeout(PATIENCE, self.refresh_access()).await {
            Ok(true) => {}
            Ok(false) | Err(_) => return Err(Denied::Unsure),
        }
        let table = self.access().ok_or(Denied::Unsure)?;
        table.decide(caller, feed, self.now()).map_err(|refusal| {
            let feeds = caller.local.then(|| table.names().join(", "));
            Denied::Sure { refusal, feeds }
        })
    }
}

/// Why a feed is not read.
#[derive(Debug)]
pub(crate) enum Denied {
    /// It cannot be known now whether it may be.
    Unsure,
    /// It may not, and that is sure.
    Sure {
        /// Why.
        refusal: Refusal,
        /// The feeds there are, for those on this machine alone.
        feeds: Option<String>,
    },
}

impl Denied {
    /// Who it is, when that much is known.
    pub(crate) fn consumer(&self) -> Option<ConsumerId> {
        match self {
            Self::Sure { refusal: Refusal::OtherFeed(known) | Refusal::NoFeed(Some(known)), .. } => {
                Some(known.id)
            }
            _ => None,
        }
    }

    /// Why the reader is not let in, for the list of tries. A feed that is not there is none.
    pub(crate) fn outcome(&self, presented: &Presented) -> Option<Outcome> {
        let Self::Sure { refusal, .. } = self else { return None };
        match refusal {
            Refusal::Unknown if presented.is_none() => Some(Outcome::Place),
            Refusal::Unknown => Some(Outcome::Wrong),
            Refusal::NotNamed => Some(Outcome::Place),
            Refusal::OtherFeed(_) => Some(Outcome::Forbidden),
            Refusal::NoFeed(_) => None,
        }
    }

    /// The consumer it is, or one that there is and that the caller says to be.
    pub(crate) fn name(&self, presented: &Presented, table: Option<&Table>) -> Option<Box<str>> {
        match self {
            Self::Sure { refusal: Refusal::OtherFeed(known), .. } => Some(known.name.clone()),
            _ => presented.user().filter(|user| table.is_some_and(|it| it.is_consumer(user))).map(Into::into),
        }
    }

    /// As an answer. Never says whose a credential could be.
    pub(crate) fn problem(&self) -> Problem {
        match self {
            Self::Unsure => Problem::unavailable("who may read cannot be known now"),
            Self::Sure { refusal: Refusal::Unknown, .. } => {
                Problem::no_reader("this feed is read with the name and the secret of a consumer")
            }
            Self::Sure { refusal: Refusal::OtherFeed(_), .. } => {
                Problem::forbidden("this consumer may read another feed")
            }
            Self::Sure { refusal: Refusal::NotNamed, .. } => Problem::misdirected_name(),
            Self::Sure { refusal: Refusal::NoFeed(_), feeds: Some(feeds) } => {
                Problem::not_found(format!("no such feed; there are: {feeds}"))
            }
            Self::Sure { refusal: Refusal::NoFeed(_), feeds: None } => Problem::not_found("no such feed"),
        }
    }
}

/// Follows feeds and consumers in the store, whoever changes them, until it is cancelled.
pub async fn follow_access(app: Arc<App>, poll: Duration, cancel: CancellationToken) {
    while !cancel.is_cancelled() {
        app.refresh_access().await;
        tokio::select! {
            () = cancel.cancelled() => {}
            () = tokio::time::sleep(poll) => {}
        }
    }
}
