//! A client of one request a connection, small enough to trust.

use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::TcpStream;

/// The longest that any answer may take; nothing is measured with it.
pub(crate) const PATIENCE: Duration = Duration::from_mins(1);

/// What came back.
#[derive(Debug)]
pub(crate) struct Got {
    pub(crate) status: u16,
    headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
    /// Whether as much came as was announced.
    pub(crate) whole: bool,
}

impl Got {
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.iter().find(|(found, _)| found == name).map_or("", |(_, value)| value)
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8(self.body.clone()).unwrap()
    }

    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.body).unwrap()
    }

    /// The value of a cookie that is set.
    pub(crate) fn cookie(&self, name: &str) -> Option<String> {
        let set = self.headers.iter().filter(|(header, _)| header == "set-cookie");
        set.filter_map(|(_, value)| value.split(';').next()?.split_once('='))
            .find(|(found, _)| *found == name)
            .map(|(_, value)| value.to_owned())
    }

    pub(crate) fn is_login_page(&self) -> bool {
        self.text().contains("id=\"loginForm\"")
    }
}

/// Sends a request whole.
pub(crate) async fn ask(
    stream: &mut (impl AsyncRead + AsyncWrite + Unpin),
    host: &str,
    (method, path): (&str, &str),
    headers: &[(&str, String)],
    body: &str,
) {
    let headers: String =
        headers.iter().fold(String::new(), |all, (name, value)| all + name + ": " + value + "\r\n");
    let text = format!(
        "{method} {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n{headers}Content-Length: {}\r\n\r\n{body}",
        body.len()
    );
    stream.write_all(text.as_bytes()).await.unwrap();
}

/// Reads an answer to its end, or to the end of the connection.
pub(crate) async fn answer(stream: &mut (impl AsyncRead + Unpin)) -> std::io::Result<Got> {
    let mut bytes = Vec::new();
    tokio::time::timeout(PATIENCE, stream.read_to_end(&mut bytes)).await.unwrap()?;
    let end =
        bytes.windows(4).position(|four| four == b"\r\n\r\n").ok_or(std::io::ErrorKind::UnexpectedEof)?;
    let head = String::from_utf8(bytes[..end].to_vec()).unwrap();
    let body = bytes[end + 4..].to_vec();
    let mut lines = head.split("\r\n");
    let status = lines.next().unwrap().split(' ').nth(1).unwrap().parse().unwrap();
    let headers: Vec<(String, String)> = lines
        .filter_map(|line| line.split_once(": "))
        .map(|(name, value)| (name.into(), value.into()))
        .collect();
    let mut got = Got { status, headers, body, whole: true };
    got.whole = got.header("content-length").parse().is_ok_and(|length: usize| length == got.body.len());
    Ok(got)
}

/// One request on a connection of its own.
pub(crate) async fn try_send(
    base: &str,
    request: (&str, &str),
    headers: &[(&str, String)],
    body: &str,
) -> std::io::Result<Got> {
    let host = base.strip_prefix("http://").unwrap();
    let mut stream = TcpStream::connect(host).await.unwrap();
    ask(&mut stream, host, request, headers, body).await;
    answer(&mut stream).await
}

/// One request that is answered, whatever the answer is.
pub(crate) async fn send(base: &str, request: (&str, &str), headers: &[(&str, String)], body: &str) -> Got {
    try_send(base, request, headers, body).await.unwrap()
}
