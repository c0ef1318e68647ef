//! What came: status, headers, and a body in memory or in an unnamed file.

use std::borrow::Cow;
use std::fmt::{self, Debug, Formatter};
use std::fs::File;
use std::io::{self, Cursor, Read, Seek, SeekFrom};
use std::path::PathBuf;
use std::sync::Arc;

use reqwest::StatusCode;
use reqwest::header::{HeaderMap, HeaderName, LOCATION};
use tokio::io::AsyncWriteExt as _;
use url::Url;

use super::cause::{local, shown};
use crate::Failure;

/// Bodies up to this size stay in memory, in bytes.
pub const IN_MEMORY: u64 = 8 << 20;

/// What came.
pub struct Answer {
    /// The status.
    pub status: StatusCode,
    /// Where it came from, after redirects; without the secret query parameter.
    pub url: Url,
    /// The headers. They may hold secrets (`Set-Cookie`).
    pub headers: HeaderMap,
    /// The body, as sent.
    pub body: Body,
}

impl Answer {
    /// A header as text: the first of that name, absent when it is not visible ASCII.
    pub fn header(&self, name: &HeaderName) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// Where a redirect leads.
    pub fn location(&self) -> Option<Url> {
        self.url.join(self.header(&LOCATION)?).ok()
    }
}

impl Debug for Answer {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "Answer({} {}, {} bytes)", self.status.as_u16(), shown(&self.url), self.body.len())
    }
}

/// A body, read from its beginning. An unnamed file behind it is gone when it is dropped.
pub struct Body {
    held: Held,
    len: u64,
}

enum Held {
    Memory(Cursor<Vec<u8>>),
    File(File),
}

impl Body {
    /// How many bytes.
    pub fn len(&self) -> u64 {
        self.len
    }

    /// Whether there is nothing.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Whether it lies in a file.
    pub fn is_on_disk(&self) -> bool {
        matches!(self.held, Held::File(_))
    }

    /// All of it; the request's limit is how much that can be.
    pub fn bytes(&mut self) -> Result<Cow<'_, [u8]>, Failure> {
        match &mut self.held {
            Held::Memory(memory) => Ok(Cow::Borrowed(memory.get_ref())),
            Held::File(file) => {
                let mut bytes = Vec::new();
                file.rewind().and_then(|()| file.read_to_end(&mut bytes)).map_err(local)?;
                Ok(Cow::Owned(bytes))
            }
        }
    }
}

impl From<Vec<u8>> for Body {
    fn from(bytes: Vec<u8>) -> Self {
        Self { len: bytes.len() as u64, held: Held::Memory(Cursor::new(bytes)) }
    }
}

impl Read for Body {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match &mut self.held {
            Held::Memory(memory) => memory.read(buffer),
            Held::File(file) => file.read(buffer),
        }
    }
}

impl Seek for Body {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        match &mut self.held {
            Held::Memory(memory) => memory.seek(to),
            Held::File(file) => file.seek(to),
        }
    }
}

impl Debug for Body {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "Body({} bytes)", self.len)
    }
}

/// A body that is coming in.
pub(super) struct Filling {
    memory: Vec<u8>,
    file: Option<tokio::fs::File>,
    len: u64,
    spool: Arc<PathBuf>,
    in_memory: bool,
}

impl Filling {
    pub(super) fn new(spool: Arc<PathBuf>, in_memory: bool) -> Self {
        Self { memory: Vec::new(), file: None, len: 0, spool, in_memory }
    }

    pub(super) fn len(&self) -> u64 {
        self.len
    }

    pub(super) async fn push(&mut self, chunk: &[u8]) -> io::Result<()> {
        self.len += chunk.len() as u64;
        if let Some(file) = &mut self.file {
            return file.write_all(chunk).await;
        }
        self.memory.extend_from_slice(chunk);
        if self.len > IN_MEMORY && !self.in_memory {
            let spool = Arc::clone(&self.spool);
            // Opened without a name where the system can: nothing is left behind, however the program ends.
            let file = tokio::task::spawn_blocking(move || tempfile::tempfile_in(&*spool)).await??;
            let file = self.file.insert(tokio::fs::File::from_std(file));
            file.write_all(&std::mem::take(&mut self.memory)).await?;
        }
        Ok(())
    }

    pub(super) async fn finish(self) -> io::Result<Body> {
        let Some(mut file) = self.file else { return Ok(self.memory.into()) };
        file.flush().await?;
        let mut file = file.into_std().await;
        file.rewind()?;
        Ok(Body { held: Held::File(file), len: self.len })
    }
}
