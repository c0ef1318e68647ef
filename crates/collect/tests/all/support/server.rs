//! A server that follows a script: one request a connection, and every byte of the answer as written down.

use std::fmt::Write as _;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;
use tokio_rustls::TlsAcceptor;
use url::Url;

/// A request as it came.
#[derive(Clone, Debug, Default)]
pub(crate) struct Asked {
    /// `GET /path HTTP/1.1`.
    pub(crate) line: String,
    /// The headers, one a line.
    pub(crate) head: String,
    pub(crate) body: String,
}

impl Asked {
    /// Path and query, or the whole address where a proxy was asked.
    pub(crate) fn target(&self) -> &str {
        self.line.split(' ').nth(1).unwrap_or_default()
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.head.lines().find_map(|line| {
            let (known, value) = line.split_once(':')?;
            known.eq_ignore_ascii_case(name).then_some(value.trim())
        })
    }
}

/// One step of an answer.
pub(crate) enum Step {
    Send(Vec<u8>),
    /// Waits; bounded by the client's own patience.
    Pause(Duration),
    /// Says nothing more and keeps the connection.
    Stall,
    /// Ends the connection with a reset.
    Reset,
}

/// A whole answer.
pub(crate) fn answer(status: u16, headers: &[(&str, &str)], body: impl AsRef<[u8]>) -> Vec<Step> {
    let body = body.as_ref();
    let mut head = format!("HTTP/1.1 {status} Scripted\r\ncontent-length: {}\r\n", body.len());
    for (name, value) in headers {
        write!(head, "{name}: {value}\r\n").unwrap();
    }
    head.push_str("connection: close\r\n\r\n");
    vec![Step::Send([head.as_bytes(), body].concat())]
}

type Script = dyn Fn(&Asked) -> Vec<Step> + Send + Sync;

/// A server that is gone when it is dropped.
pub(crate) struct Server {
    pub(crate) address: SocketAddr,
    asked: Arc<Mutex<Vec<Asked>>>,
    task: JoinHandle<()>,
    scheme: &'static str,
}

impl Server {
    pub(crate) async fn start(script: impl Fn(&Asked) -> Vec<Step> + Send + Sync + 'static) -> Self {
        Self::listen(None, Arc::new(script)).await
    }

    /// The same behind TLS.
    pub(crate) async fn start_tls(
        tls: TlsAcceptor,
        script: impl Fn(&Asked) -> Vec<Step> + Send + Sync + 'static,
    ) -> Self {
        Self::listen(Some(tls), Arc::new(script)).await
    }

    /// One answer, the same each time.
    pub(crate) async fn always(status: u16, headers: &[(&str, &str)], body: &str) -> Self {
        let headers: Vec<(String, String)> =
            headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        let body = body.to_owned();
        Self::start(move |_| {
            let headers: Vec<(&str, &str)> =
                headers.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
            answer(status, &headers, &body)
        })
        .await
    }

    async fn listen(tls: Option<TlsAcceptor>, script: Arc<Script>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let asked = Arc::<Mutex<Vec<Asked>>>::default();
        let scheme = if tls.is_some() { "https" } else { "http" };
        let kept = Arc::clone(&asked);
        let task = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (script, kept, tls) = (Arc::clone(&script), Arc::clone(&kept), tls.clone());
                tokio::spawn(async move { serve(stream, tls, &*script, &kept).await });
            }
        });
        Self { address, asked, task, scheme }
    }

    pub(crate) fn url(&self, path: &str) -> Url {
        format!("{}://127.0.0.1:{}{path}", self.scheme, self.address.port()).parse().unwrap()
    }

    /// The same server under the name `localhost`: another origin.
    pub(crate) fn other_origin(&self, path: &str) -> Url {
        format!("{}://localhost:{}{path}", self.scheme, self.address.port()).parse().unwrap()
    }

    /// What was asked so far.
    pub(crate) fn asked(&self) -> Vec<Asked> {
        self.asked.lock().unwrap().clone()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn serve(mut stream: TcpStream, tls: Option<TlsAcceptor>, script: &Script, kept: &Mutex<Vec<Asked>>) {
    match tls {
        Some(tls) => {
            // A client that does not trust the certificate goes away here.
            if let Ok(mut stream) = tls.accept(stream).await {
                run(&mut stream, script, kept).await;
            }
        }
        None => {
            if run(&mut stream, script, kept).await {
                stream.set_zero_linger().unwrap();
            }
        }
    }
}

/// Answers one request; whether the connection is to be reset.
async fn run<S: AsyncRead + AsyncWrite + Unpin>(
    stream: &mut S,
    script: &Script,
    kept: &Mutex<Vec<Asked>>,
) -> bool {
    let Some(asked) = read(stream).await else { return false };
    kept.lock().unwrap().push(asked.clone());
    for step in script(&asked) {
        match step {
            Step::Send(bytes) => {
                if stream.write_all(&bytes).await.is_err() {
                    return false;
                }
                stream.flush().await.ok();
            }
            Step::Pause(wait) => tokio::time::sleep(wait).await,
            Step::Stall => std::future::pending().await,
            Step::Reset => return true,
        }
    }
    stream.shutdown().await.ok();
    false
}

async fn read<S: AsyncRead + Unpin>(stream: &mut S) -> Option<Asked> {
    let mut bytes = Vec::new();
    let end = loop {
        if let Some(at) = bytes.windows(4).position(|end| end == b"\r\n\r\n") {
            break at;
        }
        if stream.read_buf(&mut bytes).await.ok()? == 0 {
            return None;
        }
    };
    let text = String::from_utf8(bytes[..end].to_vec()).unwrap();
    let (line, head) = text.split_once("\r\n").unwrap_or((&text, ""));
    let mut asked = Asked { line: line.to_owned(), head: head.to_owned(), body: String::new() };
    let wanted: usize = asked.header("content-length").map_or(0, |length| length.parse().unwrap());
    let mut body = bytes.split_off(end + 4);
    while body.len() < wanted {
        if stream.read_buf(&mut body).await.ok()? == 0 {
            return None;
        }
    }
    asked.body = String::from_utf8(body).unwrap();
    Some(asked)
}
