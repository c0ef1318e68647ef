//! A web server that has one file and answers once with it: the source. It reads the file as it sends it, so that the memory
//! that is measured is not the server's.

use std::fs::File;
use std::io::{self, BufRead as _, BufReader, Write as _};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::thread::JoinHandle;
use std::time::Instant;

use anyhow::{Context as _, anyhow};

/// The server, until it has answered.
pub(super) struct Source {
    /// Where the file is.
    pub(super) url: String,
    thread: JoinHandle<anyhow::Result<Instant>>,
}

impl Source {
    /// Listens on the loopback.
    pub(super) fn of(file: &Path) -> anyhow::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0")?;
        let url = format!("http://{}/list.xlsx", listener.local_addr()?);
        let file: PathBuf = file.into();
        Ok(Self { url, thread: std::thread::spawn(move || answer(&listener, &file)) })
    }

    /// When the answer began.
    pub(super) fn answered(self) -> anyhow::Result<Instant> {
        self.thread.join().map_err(|_| anyhow!("the source broke off"))?
    }
}

fn answer(listener: &TcpListener, file: &Path) -> anyhow::Result<Instant> {
    let (mut stream, _) = listener.accept()?;
    for line in BufReader::new(stream.try_clone()?).lines() {
        if line.context("a request that breaks off")?.is_empty() {
            break;
        }
    }
    let mut file = File::open(file)?;
    let size = file.metadata()?.len();
    let began = Instant::now();
    write!(stream, "HTTP/1.1 200 OK\r\nContent-Length: {size}\r\nConnection: close\r\n\r\n")?;
    io::copy(&mut file, &mut stream)?;
    Ok(began)
}
