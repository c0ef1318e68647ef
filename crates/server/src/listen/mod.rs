//! The listening sockets and their connections.
//!
//! The accept loop is our own because the limits are: how long a handshake and a header may take and how long a header may be,
//! how many connections there are and from one address, how long an answer waits for its reader, and how a stop waits for
//! them. A handshake is part of its connection's own task, so that a client that never ends one keeps nobody waiting.

mod handshake;
mod patient;
mod places;

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::OwnedSemaphorePermit;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tower::ServiceExt;

use crate::client::Client;
use crate::front::Limits;
use crate::{App, router};
use patient::Patient;
use places::Places;

/// The most bytes of a request's line and header.
const HEADER_BYTES: usize = 16 << 10;
/// How long a stop waits for answers that are under way.
const FAREWELL: Duration = Duration::from_secs(5);
/// How long accepting pauses when the system has no more file descriptors.
const PAUSE: Duration = Duration::from_millis(50);

/// Why nothing listens.
#[derive(Debug, thiserror::Error)]
pub enum ListenError {
    /// The system says no.
    #[error("cannot listen on {address}")]
    Bind {
        /// Where.
        address: SocketAddr,
        /// What the system says.
        #[source]
        cause: io::Error,
    },
}

/// Opens a listening socket.
pub async fn bind(address: SocketAddr) -> Result<TcpListener, ListenError> {
    TcpListener::bind(address).await.map_err(|cause| ListenError::Bind { address, cause })
}

/// Answers on all of the sockets until it is cancelled, then lets answers that are under way end, for at most five seconds,
/// and what requests started at sources for a little longer: a login that is broken off is one whose answer nobody knows.
pub async fn run(listeners: impl IntoIterator<Item = TcpListener>, app: Arc<App>, cancel: CancellationToken) {
    let shared = Arc::new(Shared {
        router: router(&app),
        places: Places::new(app.front().limits),
        app: Arc::clone(&app),
        connections: TaskTracker::new(),
        cancel,
        hang_up: CancellationToken::new(),
    });
    let loops = TaskTracker::new();
    for listener in listeners {
        loops.spawn(accept_all(listener, Arc::clone(&shared)));
    }
    loops.close();
    loops.wait().await;
    // They would go on for as long as a page is open.
    app.events.close();
    let connections = &shared.connections;
    connections.close();
    if tokio::time::timeout(FAREWELL, connections.wait()).await.is_err() {
        tracing::warn!(connections = connections.len(), "stopped before all answers were sent");
        shared.hang_up.cancel();
        connections.wait().await;
    }
    app.finish().await;
}

/// What all connections share.
struct Shared {
    router: Router,
    app: Arc<App>,
    places: Arc<Places>,
    connections: TaskTracker,
    cancel: CancellationToken,
    /// Ends also what is in the middle of an answer.
    hang_up: CancellationToken,
}

/// Accepts on one socket until it is cancelled.
async fn accept_all(listener: TcpListener, shared: Arc<Shared>) {
    let encrypted = listener.local_addr().is_ok_and(|address| shared.app.front().is_encrypted(address));
    loop {
        let accepted = tokio::select! {
            () = shared.cancel.cancelled() => return,
            accepted = accept(&listener, &shared.places) => accepted,
        };
        let Some((stream, peer, place)) = accepted else {
            tokio::time::sleep(PAUSE).await;
            continue;
        };
        let Some(place) = shared.places.give(place, peer.ip(), shared.app.front()) else {
            shared.app.metrics.connection_refused();
            tracing::debug!(%peer, "closed a connection: there are too many from that address");
            continue;
        };
        let task = Arc::clone(&shared);
        shared.connections.spawn(async move {
            tokio::select! {
                () = connection(stream, peer, encrypted, &task) => {}
                () = task.hang_up.cancelled() => {}
            }
            drop(place);
        });
    }
}

async fn accept(
    listener: &TcpListener,
    places: &Places,
) -> Option<(TcpStream, SocketAddr, OwnedSemaphorePermit)> {
    let place = places.free().await?;
    match listener.accept().await {
        Ok((stream, peer)) => Some((stream, peer, place)),
        Err(error) => {
            tracing::warn!(%error, "cannot accept a connection");
            None
        }
    }
}

async fn connection(stream: TcpStream, peer: SocketAddr, encrypted: bool, shared: &Shared) {
    // An answer is written whole; waiting for more to send with it only delays it.
    let _ = stream.set_nodelay(true);
    let front = shared.app.front();
    match front.tls.as_ref().filter(|_| encrypted) {
        None => serve(Patient::new(stream, front.limits.stalled), peer, false, shared).await,
        Some(tls) => {
            let stream = tokio::select! {
                stream = handshake::encrypt(stream, tls, &front.limits) => stream,
                () = shared.cancel.cancelled() => None,
            };
            if let Some(stream) = stream {
                serve(stream, peer, true, shared).await;
            }
        }
    }
}

async fn serve<S>(stream: S, peer: SocketAddr, tls: bool, shared: &Shared)
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let client = Client::of_connection(peer, tls);
    let service = shared.router.clone().map_request(move |mut request: Request<Incoming>| {
        request.extensions_mut().insert(client);
        request
    });
    let Limits { header, .. } = shared.app.front().limits;
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(header)
        .max_header_size(HEADER_BYTES)
        .serve_connection(TokioIo::new(stream), TowerToHyperService::new(service));
    let mut connection = std::pin::pin!(connection);
    let ended = tokio::select! {
        ended = connection.as_mut() => ended,
        () = shared.cancel.cancelled() => {
            connection.as_mut().graceful_shutdown();
            connection.await
        }
    };
    if let Err(error) = ended {
        tracing::debug!(%error, "a connection broke off");
    }
}
