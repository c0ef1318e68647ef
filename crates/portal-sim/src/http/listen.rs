//! The listening socket of a door and its connections.
//!
//! The accept loop is our own because its faults are: a connection that is reset, a body that stalls or breaks off, TLS
//! that takes its time.

use std::convert::Infallible;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use bytes::Bytes;
use hyper::Response;
use hyper::body::Incoming;
use hyper::header::{CONTENT_LENGTH, CONTENT_TYPE, HeaderValue};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;
use tokio_util::sync::CancellationToken;

use super::body::{self, After, SimBody};
use super::tap::{Abrupt, Tap};
use super::{Answer, Manner, Request};

/// The most bytes of a request's body; the portals' forms have some hundred.
const MOST: usize = 64 << 10;
/// How long accepting pauses when the system has no more file descriptors.
const PAUSE: Duration = Duration::from_millis(50);

/// What is behind a listening socket.
pub(crate) trait Door: Send + Sync + 'static {
    /// Answers a request. This may take a while: it is not called on a thread that others wait for.
    fn answer(&self, request: &Request) -> Answer;

    /// How long TLS waits before it answers a hello on a new connection.
    fn tls_pause(&self) -> Option<Duration>;
}

/// Answers until it is cancelled; connections end with it.
pub(crate) async fn listen(
    listener: TcpListener,
    door: Arc<impl Door>,
    tls: Option<TlsAcceptor>,
    cancel: CancellationToken,
) {
    loop {
        let accepted = tokio::select! {
            () = cancel.cancelled() => return,
            accepted = listener.accept() => accepted,
        };
        let Ok((stream, _)) = accepted else {
            tokio::time::sleep(PAUSE).await;
            continue;
        };
        let (door, tls, cancel) = (Arc::clone(&door), tls.clone(), cancel.clone());
        tokio::spawn(async move {
            tokio::select! {
                () = connection(stream, door, tls) => {}
                () = cancel.cancelled() => {}
            }
        });
    }
}

async fn connection(stream: TcpStream, door: Arc<impl Door>, tls: Option<TlsAcceptor>) {
    let _ = stream.set_nodelay(true);
    let abrupt = Abrupt::default();
    let tap = Tap { stream, abrupt: Arc::clone(&abrupt) };
    let Some(tls) = tls else { return serve(tap, door, abrupt, "http").await };
    if let Some(pause) = door.tls_pause() {
        tokio::time::sleep(pause).await;
    }
    // A client that does not trust the certificate goes away here; that is its own affair.
    if let Ok(stream) = tls.accept(tap).await {
        serve(stream, door, abrupt, "https").await;
    }
}

async fn serve(
    stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
    door: Arc<impl Door>,
    abrupt: Abrupt,
    scheme: &'static str,
) {
    let reset = CancellationToken::new();
    let service = service_fn(|request| {
        let (door, abrupt, reset) = (Arc::clone(&door), Arc::clone(&abrupt), reset.clone());
        async move {
            let answer = answer(request, door, scheme).await;
            if answer.manner == Manner::Reset {
                abrupt.store(true, Ordering::SeqCst);
                reset.cancel();
                std::future::pending::<()>().await;
            }
            Ok::<_, Infallible>(response(answer))
        }
    });
    let connection = http1::Builder::new().serve_connection(TokioIo::new(stream), service);
    tokio::select! {
        // It ended, or broke off; both are ordinary here.
        _ = connection => {}
        () = reset.cancelled() => {}
    }
}

async fn answer(request: hyper::Request<Incoming>, door: Arc<impl Door>, scheme: &'static str) -> Answer {
    let (head, body) = request.into_parts();
    let Some(body) = body::read(body, MOST).await else {
        return Answer::empty(413);
    };
    let query = head.uri.query().unwrap_or_default();
    let request = Request {
        method: head.method.to_string(),
        path: head.uri.path().to_owned(),
        query: form_urlencoded::parse(query.as_bytes()).into_owned().collect(),
        headers: head.headers,
        body,
        scheme,
    };
    let answer = tokio::task::spawn_blocking(move || door.answer(&request)).await;
    answer.unwrap_or_else(|_| Answer::empty(500))
}

fn response(mut answer: Answer) -> Response<SimBody> {
    let (status, manner) = (answer.status, answer.manner);
    let headers = std::mem::take(&mut answer.headers);
    let (mime, bytes) = answer.into_bytes();
    let mut length = None;
    // A body of nothing cannot be halved: then something is announced that never comes.
    let mut half = |bytes: &Bytes| {
        length = Some(bytes.len().max(100));
        bytes.slice(..bytes.len() / 2)
    };
    let body = match manner {
        Manner::Whole | Manner::Reset => SimBody::new(bytes, After::End),
        Manner::Stalls => SimBody::new(half(&bytes), After::Stall),
        Manner::EndsEarly => SimBody::breaking(half(&bytes)),
    };
    let mut response = Response::new(body);
    *response.status_mut() = hyper::StatusCode::from_u16(status).unwrap_or_default();
    let map = response.headers_mut();
    if let Some(mime) = HeaderValue::from_str(&mime).ok().filter(|mime| !mime.is_empty()) {
        map.insert(CONTENT_TYPE, mime);
    }
    if let Some(length) = length {
        map.insert(CONTENT_LENGTH, HeaderValue::from(length));
    }
    for (name, value) in headers {
        if let Ok(value) = HeaderValue::from_str(&value) {
            map.append(name, value);
        }
    }
    response
}
