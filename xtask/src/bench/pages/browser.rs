//! A browser as far as a server sees one: a connection that stays open, a cookie, packed answers.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::time::Instant;

use anyhow::{Context as _, ensure};

use super::super::guard::PATIENCE;

/// An answer, and how long it took.
pub(super) struct Answer {
    /// The status.
    pub(super) status: u16,
    /// The body as it came.
    pub(super) body: Vec<u8>,
    /// Milliseconds from the first byte of the request to the last of the answer.
    pub(super) took: f64,
    /// Milliseconds until the head had come.
    pub(super) began: f64,
    cookie: Option<String>,
}

impl Answer {
    /// The body as text.
    pub(super) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }
}

/// Somebody at a server.
pub(super) struct Browser {
    address: String,
    stream: BufReader<TcpStream>,
    cookie: String,
}

impl Browser {
    /// Somebody without a name.
    pub(super) fn at(address: &str) -> anyhow::Result<Self> {
        let stream = TcpStream::connect(address)?;
        stream.set_read_timeout(Some(PATIENCE))?;
        stream.set_nodelay(true)?;
        Ok(Self { address: address.to_owned(), stream: BufReader::new(stream), cookie: String::new() })
    }

    /// Signs in by the form.
    pub(super) fn sign_in(&mut self, name: &str, password: &str) -> anyhow::Result<()> {
        let form: String = form_urlencoded::Serializer::new(String::new())
            .append_pair("name", name)
            .append_pair("password", password)
            .finish();
        let fields = format!(
            "Origin: http://{}\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n",
            self.address,
            form.len()
        );
        let answer = self.ask("POST", "/login", &fields, &form)?;
        ensure!(answer.status == 303, "signing in answers {}: {}", answer.status, answer.text());
        let cookie = answer.cookie.context("signing in sets no cookie")?;
        cookie.split(';').next().unwrap_or_default().clone_into(&mut self.cookie);
        Ok(())
    }

    /// The cookie, as `name=value`.
    pub(super) fn cookie(&self) -> &str {
        &self.cookie
    }

    /// GET.
    pub(super) fn get(&mut self, path: &str) -> anyhow::Result<Answer> {
        self.ask("GET", path, "", "")
    }

    fn ask(&mut self, method: &str, path: &str, fields: &str, body: &str) -> anyhow::Result<Answer> {
        let cookie =
            if self.cookie.is_empty() { String::new() } else { format!("Cookie: {}\r\n", self.cookie) };
        let request = format!(
            "{method} {path} HTTP/1.1\r\nHost: {}\r\nAccept: text/html,*/*\r\nUser-Agent: bench\r\n{cookie}{fields}\r\n{body}",
            self.address
        );
        let began = Instant::now();
        self.stream.get_mut().write_all(request.as_bytes())?;
        let answer = self.read(began);
        answer.with_context(|| format!("{method} {path}"))
    }

    fn read(&mut self, began: Instant) -> anyhow::Result<Answer> {
        let first = self.line()?;
        let status: u16 = first.get(9..12).context("an answer without a status")?.parse()?;
        let (mut length, mut is_chunked, mut cookie) = (None, false, None);
        loop {
            let line = self.line()?;
            if line.is_empty() {
                break;
            }
            let Some((name, value)) = line.split_once(':') else { continue };
            match name.to_ascii_lowercase().as_str() {
                "content-length" => length = Some(value.trim().parse::<usize>()?),
                "transfer-encoding" => is_chunked = value.trim() == "chunked",
                "set-cookie" => cookie = Some(value.trim().to_owned()),
                _ => {}
            }
        }
        let head = began.elapsed();
        let mut body = Vec::new();
        if is_chunked {
            loop {
                let size = usize::from_str_radix(self.line()?.trim(), 16)?;
                self.take(size, &mut body)?;
                self.line()?;
                if size == 0 {
                    break;
                }
            }
        } else {
            self.take(length.unwrap_or(0), &mut body)?;
        }
        let milliseconds = |time: std::time::Duration| time.as_secs_f64() * 1e3;
        Ok(Answer { status, body, took: milliseconds(began.elapsed()), began: milliseconds(head), cookie })
    }

    fn line(&mut self) -> anyhow::Result<String> {
        let mut line = String::new();
        ensure!(self.stream.read_line(&mut line)? > 0, "the connection was closed");
        Ok(line.trim_end_matches(['\r', '\n']).to_owned())
    }

    fn take(&mut self, size: usize, body: &mut Vec<u8>) -> anyhow::Result<()> {
        let from = body.len();
        body.resize(from + size, 0);
        Ok(self.stream.read_exact(&mut body[from..])?)
    }
}
