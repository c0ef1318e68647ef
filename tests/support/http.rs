//! One request, one connection, one answer: HTTP/1.1 over a plain socket, so that the tests see what is really on the wire.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

/// An answer. Header names are in lower case.
#[derive(Debug)]
pub(crate) struct Answer {
    /// Status code.
    pub(crate) status: u16,
    /// The headers, the last one winning when a name comes twice.
    pub(crate) headers: BTreeMap<String, String>,
    /// The body as it came, no encoding undone.
    pub(crate) body: Vec<u8>,
}

impl Answer {
    /// A header, which must be there.
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).unwrap_or_else(|| panic!("no header {name} in {:?}", self.headers))
    }

    /// The body as text.
    pub(crate) fn text(&self) -> &str {
        std::str::from_utf8(&self.body).unwrap()
    }
}

/// Sends one request to `address` (`127.0.0.1:PORT`) and reads to the end of the connection. A body whose length is not what
/// the headers announced, or one that came in chunks, fails the test: devices could not tell it from a cut one.
pub(crate) fn request(
    address: &str,
    method: &str,
    path: &str,
    headers: &[(&str, &str)],
) -> std::io::Result<Answer> {
    send(address, method, path, headers, "")
}

/// The same with a body.
pub(crate) fn send(
    address: &str,
    method: &str,
    path: &str,
    headers: &[(&str, &str)],
    body: &str,
) -> std::io::Result<Answer> {
    let mut stream = TcpStream::connect(address)?;
    stream.set_read_timeout(Some(Duration::from_secs(30)))?;
    let mut head = format!("{method} {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n");
    for (name, value) in headers {
        head.extend([*name, ": ", *value, "\r\n"]);
    }
    if !body.is_empty() {
        write!(head, "Content-Length: {}\r\n", body.len()).unwrap();
    }
    head.extend(["\r\n", body]);
    stream.write_all(head.as_bytes())?;
    let mut bytes = Vec::new();
    stream.read_to_end(&mut bytes)?;

    let end = bytes.windows(4).position(|window| window == b"\r\n\r\n").expect("no end of the headers");
    let head = std::str::from_utf8(&bytes[..end]).unwrap();
    let mut lines = head.split("\r\n");
    let status = lines.next().unwrap().split(' ').nth(1).unwrap().parse().unwrap();
    let headers: BTreeMap<String, String> = lines
        .map(|line| line.split_once(':').expect("a header without a colon"))
        .map(|(name, value)| (name.to_ascii_lowercase(), value.trim().to_owned()))
        .collect();
    let body = bytes[end + 4..].to_vec();

    let announced = headers.get("content-length").and_then(|length| length.parse().ok());
    if method == "HEAD" || status == 304 {
        assert!(body.is_empty(), "{method} {path} -> {status} carries a body");
    } else {
        assert_eq!(
            announced,
            Some(body.len()),
            "{method} {path} -> {status}: length announced and sent differ"
        );
    }
    Ok(Answer { status, headers, body })
}
