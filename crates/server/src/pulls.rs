//! The log of reads: who read which feed, from where, and what was answered.
//!
//! A read never waits for it. It is put into a bounded queue, and counted as lost when the queue is full; a task writes
//! what is queued, about every second. While the store cannot write, the queue fills; readers notice nothing. Readers that
//! were refused are written down among the tries to come in, too, by the same task and within the same bounds.

use std::net::IpAddr;
use std::sync::atomic::{AtomicI64, AtomicU32, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::http::header::{HeaderMap, USER_AGENT};
use axum::http::{Method, StatusCode};
use blocklist::{Serial, Time};
use store::{ConsumerId, FeedRefusal, Outcome, Pull, Store};
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use crate::App;
use crate::access::Feed;

/// Reads that may wait to be written.
const QUEUE: usize = 8_192;
/// Reads that are written at once.
const BATCH: usize = 500;
/// How long a read waits for others to be written with.
const GATHER: Duration = Duration::from_secs(1);
/// How long the log waits after the store said no.
const RETRY: Duration = Duration::from_secs(5);
/// Refusals of unknown readers that are written down a minute; the rest is counted alone. Whoever tries secrets must not
/// be able to fill the disk.
const STRANGERS: u32 = 100;
/// The longest name that a device gives itself, in characters.
const AGENT: usize = 120;
/// How long reads are kept, in days.
pub const KEEP_PULLS: u32 = 30;

/// One read, on its way to the log.
#[derive(Debug)]
pub(crate) struct Read {
    pub at: Time,
    pub consumer: Option<ConsumerId>,
    /// `None` where the request named none that there is: what strangers write is not kept.
    pub feed: Option<Arc<Feed>>,
    pub format: Option<&'static str>,
    pub peer: Option<IpAddr>,
    pub agent: Option<Box<str>>,
    pub serial: Option<Serial>,
    pub status: StatusCode,
    pub bytes: usize,
    pub method: Method,
    /// Why it was refused, if the reader was.
    pub refused: Option<Box<Refused>>,
}

/// A reader that was refused.
#[derive(Debug)]
pub(crate) struct Refused {
    /// Why.
    pub outcome: Outcome,
    /// The consumer that it said to be, or was.
    pub consumer: Option<Box<str>>,
}

/// What is written at once.
#[derive(Debug, Default)]
struct Batch {
    pulls: Vec<Pull>,
    refusals: Vec<FeedRefusal>,
}

impl Batch {
    fn push(&mut self, mut read: Read) {
        self.refusals.extend(read.refused.take().map(|refused| FeedRefusal {
            at: read.at,
            consumer: refused.consumer.map(Into::into),
            address: read.peer,
            outcome: refused.outcome,
            agent: read.agent.as_deref().map(str::to_owned),
        }));
        self.pulls.push(read.into_pull());
    }

    fn is_empty(&self) -> bool {
        self.pulls.is_empty() && self.refusals.is_empty()
    }

    /// What is written goes; what is not, stays for the next time.
    fn write(&mut self, store: &Store, keep_days: u32) -> store::Result<()> {
        if !self.pulls.is_empty() {
            store.write_pulls(&self.pulls, keep_days)?;
            self.pulls.clear();
        }
        if !self.refusals.is_empty() {
            store.write_refusals(&self.refusals)?;
            self.refusals.clear();
        }
        Ok(())
    }
}

/// The queue.
pub(crate) struct PullLog {
    sender: mpsc::Sender<Read>,
    /// Until the task takes it.
    receiver: Mutex<Option<mpsc::Receiver<Read>>>,
    /// Which minute it is, and how many strangers were written down in it.
    minute: AtomicI64,
    strangers: AtomicU32,
}

impl Default for PullLog {
    fn default() -> Self {
        let (sender, receiver) = mpsc::channel(QUEUE);
        Self {
            sender,
            receiver: Mutex::new(Some(receiver)),
            minute: AtomicI64::new(0),
            strangers: AtomicU32::new(0),
        }
    }
}

impl PullLog {
    /// Whether one more stranger is written down in this minute. Near the turn of a minute some more may be.
    fn admits_stranger(&self, now: Time) -> bool {
        let minute = now.unix().div_euclid(60);
        if self.minute.swap(minute, Ordering::Relaxed) != minute {
            self.strangers.store(0, Ordering::Relaxed);
        }
        self.strangers.fetch_add(1, Ordering::Relaxed) < STRANGERS
    }
}

impl App {
    /// Puts a read into the queue, or counts it as lost.
    pub(crate) fn log_pull(&self, read: Read) {
        let stranger =
            read.consumer.is_none() && (read.status.is_client_error() || read.status.is_server_error());
        if stranger && !self.pulls.admits_stranger(read.at) {
            return;
        }
        if self.pulls.sender.try_send(read).is_err() {
            self.metrics.pull_lost();
        }
    }
}

/// What a device calls itself, in one line of at most 120 characters.
pub(crate) fn agent(headers: &HeaderMap) -> Option<Box<str>> {
    let text = String::from_utf8_lossy(headers.get(USER_AGENT)?.as_bytes());
    let clean: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).take(AGENT).collect();
    let clean = clean.trim();
    (!clean.is_empty()).then(|| clean.into())
}

impl Read {
    fn into_pull(self) -> Pull {
        Pull {
            at: self.at,
            consumer: self.consumer,
            feed: self.feed.map_or_else(|| "-".to_owned(), |feed| feed.name.to_string()),
            format: self.format.unwrap_or("-").to_owned(),
            address: self.peer,
            agent: self.agent.map(Into::into),
            serial: self.serial,
            status: self.status.as_u16(),
            bytes: self.bytes as u64,
            // HEAD says what there would be.
            holds: self.method == Method::GET,
        }
    }
}

/// Writes the log until it is cancelled, and then what is still queued. To be called once an app.
pub async fn keep_pulls(app: Arc<App>, keep_days: u32, cancel: CancellationToken) {
    let taken = app.pulls.receiver.lock().unwrap_or_else(PoisonError::into_inner).take();
    let Some(mut receiver) = taken else { return };
    let mut batch = Batch::default();
    let mut complained = false;
    while !cancel.is_cancelled() {
        gather(&mut receiver, &mut batch, &cancel).await;
        if write(&app, &mut batch, keep_days, &mut complained).await || cancel.is_cancelled() {
            continue;
        }
        tokio::select! {
            () = cancel.cancelled() => {}
            () = tokio::time::sleep(RETRY) => {}
        }
    }
    receiver.close();
    loop {
        while batch.pulls.len() < BATCH
            && let Ok(read) = receiver.try_recv()
        {
            batch.push(read);
        }
        if batch.is_empty() || !write(&app, &mut batch, keep_days, &mut complained).await {
            return;
        }
    }
}

/// Waits for the first read, and then a little for others.
async fn gather(receiver: &mut mpsc::Receiver<Read>, batch: &mut Batch, cancel: &CancellationToken) {
    if batch.is_empty() {
        tokio::select! {
            read = receiver.recv() => read.into_iter().for_each(|read| batch.push(read)),
            () = cancel.cancelled() => return,
        }
    }
    let deadline = tokio::time::sleep(GATHER);
    tokio::pin!(deadline);
    while batch.pulls.len() < BATCH {
        tokio::select! {
            read = receiver.recv() => match read {
                Some(read) => batch.push(read),
                None => return,
            },
            () = &mut deadline => return,
            () = cancel.cancelled() => return,
        }
    }
}

/// Whether the batch is written; one that is not stays.
async fn write(app: &App, batch: &mut Batch, keep_days: u32, complained: &mut bool) -> bool {
    if batch.is_empty() {
        return true;
    }
    let Some(store) = app.store() else {
        std::mem::take(batch).pulls.iter().for_each(|_| app.metrics.pull_lost());
        return true;
    };
    let (store, mut taken) = (Arc::clone(store), std::mem::take(batch));
    let written = tokio::task::spawn_blocking(move || {
        let written = taken.write(&store, keep_days);
        (taken, written)
    });
    match written.await {
        Ok((_, Ok(()))) => {
            *complained = false;
            true
        }
        Ok((left, Err(error))) => {
            if !std::mem::replace(complained, true) {
                tracing::warn!(%error, "reads of feeds cannot be written down; readers are served all the same");
            }
            *batch = left;
            false
        }
        Err(error) => {
            tracing::error!(%error, "writing down reads of feeds broke off");
            false
        }
    }
}
