//! A directory into which files are dropped: each file that is whole is one run, in the order of names.
//!
//! ```text
//! in/list.csv -> Watch::scan (unchanged for `settle`?) -> Found -> fetch -> run -> Found::settle
//!                                                               in/done/list.csv  +  list.csv.report.json
//!                                                               in/refused/list.csv  +  list.csv.report.json
//! ```
//!
//! Only regular files count, never links, pipes or directories, nor what tools call what they have not finished: dot
//! files, `*.part`, `*.tmp`, `*.crdownload`. Which copy of a file is meant is told by device, inode, size and time, so
//! that one that is written to or replaced while it is read is neither taken by halves nor moved away unread.
//!
//! A program that ends between the run and the move reads the file again, and its input key says that it is the same.

mod glob;
mod settle;

use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};
use std::fs::{self, File, Metadata};
use std::io::{self, Seek as _};
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};

use blocklist::Time;

pub use settle::Outcome;

use super::network::local;
use super::url::key_of;
use super::{Ask, Content, Fetched, apart};
use crate::source::Settings;
use crate::text::short;
use crate::{Failure, Trouble, parse};
use glob::matches;

/// Endings of files that are not finished.
const UNFINISHED: [&str; 3] = [".part", ".tmp", ".crdownload"];

/// Which state of which file: what another write or another file changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Stamp {
    device: u64,
    inode: u64,
    size: u64,
    modified: (i64, i64),
}

impl Stamp {
    fn of(data: &Metadata) -> Self {
        Self {
            device: data.dev(),
            inode: data.ino(),
            size: data.size(),
            modified: (data.mtime(), data.mtime_nsec()),
        }
    }
}

/// What was seen of a directory: kept between two scans. Losing it costs `settle` more time, nothing else.
#[derive(Debug, Default)]
pub struct Watch {
    seen: BTreeMap<OsString, (Stamp, Time)>,
}

/// A file that is whole.
#[derive(Clone, Debug)]
pub struct Found {
    path: PathBuf,
    stamp: Stamp,
}

impl Watch {
    /// Whether files were seen that were not whole yet.
    pub fn is_waiting(&self) -> bool {
        !self.seen.is_empty()
    }

    /// Looks once; the first whole file in the order of names, if there is one. Reads the directory: blocking.
    pub fn scan(&mut self, settings: &Settings, now: Time) -> Result<Option<Found>, Failure> {
        let dir = settings.path.as_deref();
        let dir = dir.ok_or_else(|| Failure::new(Trouble::Settings).with("path has to be given"))?;
        let mut seen = BTreeMap::new();
        for (name, stamp) in
            list(dir, &settings.pattern).map_err(|error| cannot(dir, "cannot be listed", error))?
        {
            let since = match self.seen.get(&name) {
                // A clock that was set back would else make the file wait for as long.
                Some((known, since)) if *known == stamp && *since <= now => *since,
                _ => now,
            };
            seen.insert(name, (stamp, since));
        }
        self.seen = seen;
        let whole = |since: &Time| now.unix() - since.unix() >= settings.settle.as_seconds();
        let found = self.seen.iter().find(|(_, (_, since))| whole(since));
        Ok(found.map(|(name, (stamp, _))| Found { path: dir.join(name), stamp: *stamp }))
    }
}

/// The files that may be taken.
fn list(dir: &Path, pattern: &str) -> io::Result<Vec<(OsString, Stamp)>> {
    let mut files = Vec::new();
    for entry in fs::read_dir(dir)? {
        let name = entry?.file_name();
        let text = name.to_string_lossy();
        let lower = text.to_ascii_lowercase();
        let unfinished = text.starts_with('.') || UNFINISHED.iter().any(|end| lower.ends_with(end));
        if unfinished || !matches(pattern, &text) {
            continue;
        }
        match fs::symlink_metadata(dir.join(&name)) {
            Ok(data) if data.is_file() => files.push((name, Stamp::of(&data))),
            Ok(_) => {}
            // Gone since the directory was read.
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(error),
        }
    }
    Ok(files)
}

/// Reads a file that is whole.
pub async fn fetch(ask: &Ask<'_>, found: &Found) -> Result<Fetched, Failure> {
    let found = found.clone();
    let (recipe, choice, options) = (ask.recipe(), ask.settings.parser, ask.options.clone());
    apart(move || {
        let mut file = found.open()?;
        let key = key_of(&mut file, &recipe).and_then(|key| file.rewind().map(|()| key));
        let key = key.map_err(|error| cannot(&found.path, "cannot be read", error))?;
        let parsed = parse(choice, &mut file, &options);
        // Bytes that changed below the parser explain whatever it says.
        if Stamp::of(&file.metadata().map_err(local)?) != found.stamp {
            return Err(found.changed());
        }
        let (parsed, input) = (parsed?, found.name());
        Ok(Content { parsed, input, input_key: Some(key), validators: None, cursor: None }.fetched())
    })
    .await
}

impl Found {
    /// The name as people are shown it.
    pub fn name(&self) -> String {
        short(&self.path.file_name().unwrap_or_else(|| OsStr::new("")).to_string_lossy())
    }

    /// Where it lies.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Opens the very file that was found.
    fn open(&self) -> Result<File, Failure> {
        // Looked at before it is opened: opening a pipe that took its place would wait for ever.
        if !self.is_there()? {
            return Err(self.changed());
        }
        let file = File::open(&self.path).map_err(|error| cannot(&self.path, "cannot be opened", error))?;
        let data = file.metadata().map_err(local)?;
        if Stamp::of(&data) == self.stamp && data.is_file() { Ok(file) } else { Err(self.changed()) }
    }

    /// Whether the name still stands for the file that was found.
    fn is_there(&self) -> Result<bool, Failure> {
        let data = fs::symlink_metadata(&self.path);
        let data = data.map_err(|error| cannot(&self.path, "cannot be looked at", error))?;
        Ok(data.is_file() && Stamp::of(&data) == self.stamp)
    }

    /// It is looked at again when it has come to rest.
    fn changed(&self) -> Failure {
        Failure::new(Trouble::BrokenOff).with(format!("{} changed while it was read", self.name()))
    }
}

/// A file or directory that this machine does not give.
fn cannot(path: &Path, what: &str, error: io::Error) -> Failure {
    let detail = format!("{} {what}: {error}", short(&path.display().to_string()));
    let trouble = match error.kind() {
        io::ErrorKind::NotFound | io::ErrorKind::PermissionDenied | io::ErrorKind::NotADirectory => {
            Trouble::Unreadable
        }
        _ => Trouble::Local,
    };
    Failure::new(trouble).with(detail).because(error)
}
