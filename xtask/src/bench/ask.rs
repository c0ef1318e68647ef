//! One HTTP request over a plain socket: enough to wait for a server and to fetch what it serves.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use anyhow::{Context as _, bail, ensure};

use super::guard::{Guard, PATIENCE};

/// An answer.
pub(crate) struct Answer {
    pub(crate) status: u16,
    head: String,
    pub(crate) body: Vec<u8>,
}

impl Answer {
    /// The value of a field, which must be there.
    pub(crate) fn field(&self, name: &str) -> anyhow::Result<&str> {
        let fields = self.head.lines().filter_map(|line| line.split_once(':'));
        let mut named = fields.filter(|(field, _)| field.eq_ignore_ascii_case(name));
        Ok(named.next().with_context(|| format!("the answer has no field {name}"))?.1.trim())
    }
}

/// GET with more fields (each line ended by CR LF), on a connection of its own.
pub(crate) fn get(address: &str, path: &str, fields: &str) -> anyhow::Result<Answer> {
    let mut stream = open(address, path, fields)?;
    let mut bytes = Vec::new();
    stream.read_to_end(&mut bytes)?;
    let end = bytes.windows(4).position(|four| four == b"\r\n\r\n").context("an answer without an end")?;
    let head = String::from_utf8_lossy(&bytes[..end]).into_owned();
    Ok(Answer { status: status(&head)?, head, body: bytes.split_off(end + 4) })
}

/// GET, and only the status of the answer: the moment it begins is what counts.
pub(crate) fn status_of(address: &str, path: &str) -> anyhow::Result<u16> {
    let mut stream = open(address, path, "")?;
    let mut begin = [0; 12];
    stream.read_exact(&mut begin)?;
    status(&String::from_utf8_lossy(&begin))
}

/// Asks again and again until the answer is 200, a fifth of a millisecond between two.
pub(crate) fn wait_for_200(server: &mut Guard, address: &str, path: &str) -> anyhow::Result<()> {
    let began = Instant::now();
    while began.elapsed() < PATIENCE {
        if status_of(address, path).is_ok_and(|status| status == 200) {
            return Ok(());
        }
        server.still_runs()?;
        std::thread::sleep(Duration::from_micros(200));
    }
    bail!("http://{address}{path} does not become ready")
}

fn open(address: &str, path: &str, fields: &str) -> anyhow::Result<TcpStream> {
    let mut stream = TcpStream::connect(address)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    let request = format!("GET {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n{fields}\r\n");
    stream.write_all(request.as_bytes())?;
    Ok(stream)
}

fn status(head: &str) -> anyhow::Result<u16> {
    ensure!(head.starts_with("HTTP/1."), "this is no HTTP: {head:?}");
    Ok(head.get(9..12).context("an answer without a status")?.parse()?)
}
