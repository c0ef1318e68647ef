//! The listening socket and its connections.
//!
//! The accept loop is our own because the limits are: how long a header may take and how long it may be, how many
//! connections there are, and how a stop waits for them.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::{ConnectInfo, Request};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tower::ServiceExt;

use crate::{App, router};

/// Connections at once; more wait in the queue of the system.
const CONNECTIONS: usize = 1_024;
/// How long a request's header may take, and how long a connection may be idle between two requests.
const HEADER_PATIENCE: Duration = Duration::from_secs(30);
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

/// Opens the listening socket. On an address that others can reach, they are answered with feeds and health alone.
pub async fn bind(address: SocketAddr) -> Result<TcpListener, ListenError> {
    TcpListener::bind(address).await.map_err(|cause| ListenError::Bind { address, cause })
}

/// Answers until it is cancelled, then lets answers that are under way end, for at most five seconds, and what requests
/// started at sources for a little longer: a login that is broken off is one whose answer nobody knows.
pub async fn run(listener: TcpListener, app: Arc<App>, cancel: CancellationToken) {
    let router = router(&app);
    let places = Arc::new(Semaphore::new(CONNECTIONS));
    let (connections, hang_up) = (TaskTracker::new(), CancellationToken::new());
    loop {
        let accepted = tokio::select! {
            () = cancel.cancelled() => break,
            accepted = accept(&listener, &places) => accepted,
        };
        let Some((stream, peer, place)) = accepted else {
            tokio::time::sleep(PAUSE).await;
            continue;
        };
        let (router, cancel, hang_up) = (router.clone(), cancel.clone(), hang_up.clone());
        connections.spawn(async move {
            tokio::select! {
                () = serve(stream, peer, router, cancel) => {}
                () = hang_up.cancelled() => {}
            }
            drop(place);
        });
    }
    drop(listener);
    // They would go on for as long as a page is open.
    app.events.close();
    connections.close();
    if tokio::time::timeout(FAREWELL, connections.wait()).await.is_err() {
        tracing::warn!(connections = connections.len(), "stopped before all answers were sent");
        hang_up.cancel();
        connections.wait().await;
    }
    app.finish().await;
}

async fn accept(
    listener: &TcpListener,
    places: &Arc<Semaphore>,
) -> Option<(TcpStream, SocketAddr, tokio::sync::OwnedSemaphorePermit)> {
    let place = Arc::clone(places).acquire_owned().await.ok()?;
    match listener.accept().await {
        Ok((stream, peer)) => Some((stream, peer, place)),
        Err(error) => {
            tracing::warn!(%error, "cannot accept a connection");
            None
        }
    }
}

async fn serve(stream: TcpStream, peer: SocketAddr, router: Router, cancel: CancellationToken) {
    let service = router.map_request(move |mut request: Request<Incoming>| {
        request.extensions_mut().insert(ConnectInfo(peer));
        request
    });
    // An answer is written whole; waiting for more to send with it only delays it.
    let _ = stream.set_nodelay(true);
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEADER_PATIENCE)
        .max_header_size(HEADER_BYTES)
        .serve_connection(TokioIo::new(stream), TowerToHyperService::new(service));
    let mut connection = std::pin::pin!(connection);
    let ended = tokio::select! {
        ended = connection.as_mut() => ended,
        () = cancel.cancelled() => {
            connection.as_mut().graceful_shutdown();
            connection.await
        }
    };
    if let Err(error) = ended {
        tracing::debug!(%error, "a connection broke off");
    }
}
