//! `/events`: a stream of server-sent events to one page.

use std::collections::HashMap;
use std::convert::Infallible;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::extract::{Query, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, X_CONTENT_TYPE_OPTIONS};
use axum::response::{IntoResponse, Response};
use hyper::body::Frame;
use serde::Deserialize;
use serde_json::json;
use store::{SessionId, UserName};
use tokio::sync::broadcast::error::RecvError;
use tokio::sync::{broadcast, mpsc};

use super::{News, Topic, Topics};
use crate::App;
use crate::api::problem::Problem;
use crate::auth::{Identity, Known};
use crate::pages::{View, Visit};

/// Streams at once.
const MOST: usize = 64;
/// Of one session: a browser opens at most six connections to a server, and pages need some too.
const MOST_OF_ONE: usize = 4;
/// Texts that may wait for a reader. One that takes none of so many is ended.
const UNREAD: usize = 64;

/// How often a stream says that it is there, and looks whether whoever reads it is still signed in.
#[derive(Clone, Copy, Debug)]
pub struct Rhythm {
    /// A comment: proxies cut off what says nothing.
    pub beat: Duration,
    /// A look at the session.
    pub check: Duration,
}

impl Default for Rhythm {
    fn default() -> Self {
        Self { beat: Duration::from_secs(15), check: Duration::from_mins(1) }
    }
}

/// Who reads a stream.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Reader {
    /// A browser that signed in.
    Session(SessionId, UserName),
    /// A program on this machine.
    Local,
}

impl Reader {
    fn of(identity: &Identity) -> Result<Self, Problem> {
        match &identity.known {
            Known::Session { row, user, .. } => Ok(Self::Session(row.id, user.clone())),
            Known::Local => Ok(Self::Local),
            Known::Token { .. } => {
                Err(Problem::forbidden("events are for pages; a program waits at /feeds/{feed}/changes"))
            }
        }
    }
}

/// The streams that are open.
#[derive(Debug, Default)]
pub(crate) struct Streams(Arc<Mutex<HashMap<Reader, usize>>>);

impl Streams {
    /// A place for one more, or the problem that there is none.
    fn place(&self, reader: &Reader) -> Result<Place, Problem> {
        let mut open = lock(&self.0);
        let own = open.get(reader).copied().unwrap_or(0);
        if own >= MOST_OF_ONE || open.values().sum::<usize>() >= MOST {
            return Err(Problem::unavailable("as many pages listen as may; this one is not told of changes"));
        }
        open.insert(reader.clone(), own + 1);
        Ok(Place { open: Arc::clone(&self.0), reader: reader.clone() })
    }
}

/// A place among the streams, given back when it is dropped.
struct Place {
    open: Arc<Mutex<HashMap<Reader, usize>>>,
    reader: Reader,
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut open = lock(&self.open);
        let left = open.get(&self.reader).map_or(0, |own| own.saturating_sub(1));
        if left == 0 {
            open.remove(&self.reader);
        } else {
            open.insert(self.reader.clone(), left);
        }
    }
}

/// A panic in between left a map that is as good as before.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// From which turn on.
#[derive(Debug, Deserialize)]
pub(crate) struct Since {
    /// That of the page; without one only what changes from now on is told.
    since: Option<u64>,
}

/// Opens a stream.
pub(crate) async fn events(
    State(app): State<Arc<App>>,
    visit: Visit,
    Query(Since { since }): Query<Since>,
) -> Result<Response, Problem> {
    let reader = Reader::of(&visit.identity)?;
    let place = app.streams.place(&reader)?;
    // Before the answer: what changes from now on is told.
    let news = app.events.listen();
    let (sender, receiver) = mpsc::channel(UNREAD);
    let missed = since.map(|turn| app.events.since(turn)).filter(|topics| !topics.is_empty());
    if let Some(topics) = missed {
        // The channel is empty, so there is room.
        let _ = sender.try_send(text(visit.view, &News::Changed(topics)));
    }
    tokio::spawn(speak(Arc::clone(&app), place, visit.view, news, sender));
    let fields = [
        (CONTENT_TYPE, "text/event-stream"),
        (CACHE_CONTROL, "no-store"),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ];
    // Proxies like nginx hold back what they are not told to pass on at once.
    Ok((fields, [("x-accel-buffering", "no")], Body::new(Texts(receiver))).into_response())
}

/// Tells one page until it goes, its session ends or the server stops.
async fn speak(
    app: Arc<App>,
    place: Place,
    view: View,
    mut news: broadcast::Receiver<News>,
    sender: mpsc::Sender<Bytes>,
) {
    let start = tokio::time::Instant::now();
    let mut beat = tokio::time::interval_at(start, app.rhythm.beat);
    let mut check = tokio::time::interval_at(start + app.rhythm.check, app.rhythm.check);
    loop {
        let text = tokio::select! {
            () = app.events.closing().cancelled() => return,
            () = sender.closed() => return,
            _ = beat.tick() => Bytes::from_static(b":\n\n"),
            _ = check.tick() => if may_listen(&app, &place.reader).await { continue } else { return },
            told = news.recv() => match told {
                Ok(told) => text(view, &told),
                Err(RecvError::Lagged(_)) => text(view, &News::Changed(Topics::all())),
                Err(RecvError::Closed) => return,
            },
        };
        if sender.try_send(text).is_err() {
            return;
        }
    }
}

/// Whether the session goes on. While the store cannot say, it does: a stream tells nothing that a page would not refuse.
async fn may_listen(app: &App, reader: &Reader) -> bool {
    let Reader::Session(id, user) = reader else { return true };
    let (id, user, idle) = (*id, user.clone(), app.accounts().idle);
    let sessions = app.ask_store(move |store| store.sessions(Some(&user), idle));
    sessions.await.map_or(true, |sessions| sessions.iter().any(|session| session.id == id))
}

fn text(view: View, news: &News) -> Bytes {
    let (event, data) = match news {
        News::Changed(topics) => {
            let topics: Vec<_> = topics.iter().map(Topic::word).collect();
            ("changed", json!({ "topics": topics }))
        }
        News::Progress(progress) => ("progress", progress.told(view)),
    };
    // JSON has no line ends of its own, so one line holds it.
    format!("event: {event}\ndata: {data}\n\n").into()
}

/// The body of a stream: each text as it comes.
struct Texts(mpsc::Receiver<Bytes>);

impl hyper::body::Body for Texts {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        self.0.poll_recv(context).map(|text| text.map(|text| Ok(Frame::data(text))))
    }
}
