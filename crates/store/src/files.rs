//! The publications on disk: one file each, and a link to the current one.
//!
//! ```text
//! publications/000000000040.full      the whole content
//! publications/000000000041.change    what changed from 40 to 41
//! publications/000000000042.change
//! publications/current -> 000000000042.change
//! ```
//!
//! A publication is the last full one at or before it and the changes since; the hash of each says that the outcome is
//! the very content. A file is written beside, synced and renamed, so it is whole or not there. The link is moved by a
//! rename too, so that a reader sees the old or the new one. Whether a file is what it should be is told by its hash
//! alone.

use std::collections::BTreeMap;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt, symlink};
use std::path::{Path, PathBuf};

use blocklist::{Content, Head, Publication, Serial, codec};

use crate::{Error, Result};

const CURRENT: &str = "current";
/// The most changes that a reader replays: files to open, and to keep for the oldest of them.
const MOST_CHANGES: usize = 128;

/// How a publication is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Shape {
    Full,
    Change,
}

/// What the files of a publication are: of each its number on the disk, its length, and when it was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Stamp {
    serial: Serial,
    files: Vec<(u64, u64, (i64, i64))>,
}

impl Stamp {
    /// Whether this is what `before` is with one change more.
    pub(crate) fn follows(&self, before: &Self) -> bool {
        self.serial == before.serial.next()
            && self.files.len() == before.files.len() + 1
            && self.files.starts_with(&before.files)
    }

    /// Whether it is a full one, which stands on no other file.
    pub(crate) fn is_full(&self) -> bool {
        self.files.len() == 1
    }
}

/// The directory of publications.
#[derive(Clone, Debug)]
pub struct PublicationFiles {
    dir: PathBuf,
}

impl PublicationFiles {
    /// Opens the directory, and makes it where it is missing.
    pub fn open(dir: &Path) -> Result<Self> {
        fs::create_dir_all(dir).map_err(Error::file("cannot make the directory of publications", dir))?;
        Ok(Self { dir: dir.to_owned() })
    }

    /// Keeps every other process from publishing until the answer is dropped: otherwise one that committed serial 5 but
    /// was slow to move the link could move it back from 6.
    pub fn lock(&self) -> Result<File> {
        let path = self.dir.join(".lock");
        let open = OpenOptions::new().write(true).create(true).truncate(false).mode(0o640).open(&path);
        open.and_then(|file| file.lock().map(|()| file))
            .map_err(Error::file("cannot take the lock of the publications", &path))
    }

    /// The file of a serial, if it has one.
    pub fn path(&self, serial: Serial) -> Option<PathBuf> {
        let shapes = [Shape::Change, Shape::Full].map(|shape| self.dir.join(file_name(serial, shape)));
        shapes.into_iter().find(|path| path.exists())
    }

    /// Which publication is current, by one `readlink`. `None` when nothing was ever published.
    pub fn current_serial(&self) -> Result<Option<Serial>> {
        let link = self.dir.join(CURRENT);
        match fs::read_link(&link) {
            Ok(target) => Ok(target.to_str().and_then(parse_name).map(|(serial, _)| serial)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(Error::file("cannot read the link to the current publication", &link)(error)),
        }
    }

    /// Reads a publication and checks it.
    pub fn load(&self, serial: Serial) -> Result<Publication> {
        let (head, content) = self.read(serial)?;
        self.publication(head, content)
    }

    /// The publication after `before`, which costs what changed; any other one is read as a whole.
    pub fn load_after(&self, serial: Serial, before: Option<&Publication>) -> Result<Publication> {
        let before = before.map(|publication| (*publication.head(), publication.content()));
        let (head, content) = self.read_after(serial, before)?;
        self.publication(head, content)
    }

    fn publication(&self, head: Head, content: Content) -> Result<Publication> {
        let path = self.dir.join(file_name(head.serial, Shape::Full));
        Publication::new(head, content)
            .map_err(|_| Error::Publication { path, cause: codec::Malformed::Content })
    }

    /// Reads a publication and checks it, without indexing it.
    pub fn read(&self, serial: Serial) -> Result<(Head, Content)> {
        self.read_after(serial, None)
    }

    /// The same, from a publication at hand where that is the one before.
    pub fn read_after(&self, serial: Serial, before: Option<(Head, &Content)>) -> Result<(Head, Content)> {
        if let Some((head, content)) = before {
            if head.serial == serial {
                return Ok((head, content.clone()));
            }
            let next = self.dir.join(file_name(serial, Shape::Change));
            if head.serial.next() == serial
                && let Ok(bytes) = fs::read(&next)
                && let Ok(codec::File::Change(head, change)) = codec::decode(&bytes)
                && head.serial == serial
                && let Ok(content) = change.apply(content)
            {
                return Ok((head, content));
            }
        }
        self.read_whole(serial)
    }

    fn read_whole(&self, serial: Serial) -> Result<(Head, Content)> {
        let mut steps = Vec::new();
        for (at, path) in self.steps(serial)? {
            let bytes = fs::read(&path).map_err(Error::file("cannot read the publication", &path))?;
            steps.push((at, path, bytes));
        }
        let (mut full, mut last, mut changes) = (None, Head::before_all(serial), Vec::new());
        for (at, path, bytes) in &steps {
            let malformed = |cause| Error::Publication { path: path.clone(), cause };
            match codec::decode(bytes).map_err(malformed)? {
                codec::File::Full(head, content) => (last, full) = (head, Some(content)),
                codec::File::Change(head, change) => {
                    last = head;
                    changes.push(change);
                }
            }
            // A file under another's name would bring an old list back.
            if last.serial != *at {
                return Err(malformed(codec::Malformed::Seal));
            }
        }
        let path = || self.dir.join(file_name(serial, Shape::Change));
        let malformed = |cause| Error::Publication { path: path(), cause };
        let full = full.ok_or_else(|| malformed(codec::Malformed::Basis))?;
        Ok((last, codec::replay(&full, &changes).map_err(malformed)?))
    }

    /// The files that a publication is read from: the last full one at or before it, and every change since.
    fn steps(&self, serial: Serial) -> Result<Vec<(Serial, PathBuf)>> {
        let files = self.list()?;
        let missing = || {
            let path = self.dir.join(file_name(serial, Shape::Full));
            Error::file("cannot read the publication", &path)(io::ErrorKind::NotFound.into())
        };
        let mut steps = Vec::new();
        for (&at, &shape) in files.range(..=serial).rev() {
            if at.0 + steps.len() as u64 != serial.0 {
                return Err(missing());
            }
            steps.push((at, self.dir.join(file_name(at, shape))));
            if shape == Shape::Full {
                steps.reverse();
                return Ok(steps);
            }
        }
        Err(missing())
    }

    /// What the files of a publication are, without reading them: while it stays the same, what was read of them once is
    /// what they hold.
    pub(crate) fn stamp(&self, serial: Serial) -> Result<Stamp> {
        let one = |(_, path): (Serial, PathBuf)| {
            let file = fs::metadata(&path).map_err(Error::file("cannot look at the publication", &path))?;
            Ok((file.ino(), file.len(), (file.mtime(), file.mtime_nsec())))
        };
        self.steps(serial)?.into_iter().map(one).collect::<Result<_>>().map(|files| Stamp { serial, files })
    }

    /// The current publication, if there is one.
    pub fn load_current(&self) -> Result<Option<Publication>> {
        self.current_serial()?.map(|serial| self.load(serial)).transpose()
    }

    /// Writes a publication: on disk and synced when this returns, but not yet current. Written as a change when the one
    /// before is at hand, has a file, and reading what would have to be replayed costs less than half of a full one.
    pub fn write(&self, head: &Head, content: &Content, before: Option<(Head, &Content)>) -> Result<()> {
        if let Some((last, base)) = before
            && last.serial.next() == head.serial
            && let Some(replayed) = self.replayed(last.serial)?
        {
            let bytes = codec::encode_delta(head, base, content);
            if replayed + bytes.len() <= content.size() / 2 {
                return self.write_file(head.serial, Shape::Change, &bytes);
            }
        }
        self.write_full(head, content)
    }

    /// Writes a whole publication.
    pub fn write_full(&self, head: &Head, content: &Content) -> Result<()> {
        self.write_file(head.serial, Shape::Full, &codec::encode_full(head, content))?;
        // Left by a process that died before its commit, it would be read in the place of this one.
        remove(&self.dir.join(file_name(head.serial, Shape::Change)))
    }

    /// How many bytes of changes a reader of a publication replays; `None` when one more would be too many, or when it
    /// cannot be read.
    fn replayed(&self, serial: Serial) -> Result<Option<usize>> {
        let files = self.list()?;
        let mut bytes = 0;
        for (steps, (&at, &shape)) in files.range(..=serial).rev().enumerate() {
            if at.0 + steps as u64 != serial.0 || steps >= MOST_CHANGES {
                return Ok(None);
            }
            if shape == Shape::Full {
                return Ok(Some(bytes));
            }
            let Ok(file) = fs::metadata(self.dir.join(file_name(at, shape))) else { return Ok(None) };
            bytes += file.len() as usize;
        }
        Ok(None)
    }

    fn write_file(&self, serial: Serial, shape: Shape, bytes: &[u8]) -> Result<()> {
        let name = file_name(serial, shape);
        let path = self.dir.join(&name);
        let beside = self.dir.join(format!(".{name}.new"));
        write_beside(&beside, bytes)
            .and_then(|()| fs::rename(&beside, &path))
            .and_then(|()| File::open(&self.dir)?.sync_all())
            .map_err(Error::file("cannot write the publication", &path))
    }

    /// Makes a written publication the current one.
    pub fn make_current(&self, serial: Serial) -> Result<()> {
        let beside = self.dir.join(".current.new");
        let failed = |error| Error::file("cannot move the link to the current publication", &beside)(error);
        let path = self.path(serial).ok_or_else(|| failed(io::ErrorKind::NotFound.into()))?;
        remove(&beside)?;
        // Not synced: a link that a power cut lost is moved again when the store is opened.
        symlink(path.file_name().unwrap_or_default(), &beside)
            .and_then(|()| fs::rename(&beside, self.dir.join(CURRENT)))
            .map_err(failed)
    }

    /// Every serial that has a file, in order.
    pub fn serials(&self) -> Result<Vec<Serial>> {
        Ok(self.list()?.into_keys().collect())
    }

    fn list(&self) -> Result<BTreeMap<Serial, Shape>> {
        let failed = |error| Error::file("cannot list the publications", &self.dir)(error);
        let mut files = BTreeMap::new();
        for entry in fs::read_dir(&self.dir).map_err(failed)? {
            if let Some((serial, shape)) = entry.map_err(failed)?.file_name().to_str().and_then(parse_name) {
                // Of both, the full one needs nothing before it.
                let known = files.entry(serial).or_insert(shape);
                if shape == Shape::Full {
                    *known = shape;
                }
            }
        }
        Ok(files)
    }

    /// Removes what is not needed to read `oldest` and all after it. Returns how many files went.
    pub fn forget_before(&self, oldest: Serial) -> Result<usize> {
        let files = self.list()?;
        let full = |(serial, shape): (&Serial, &Shape)| (*shape == Shape::Full).then_some(*serial);
        let Some(first) = files.range(..=oldest).rev().find_map(full) else { return Ok(0) };
        let old: Vec<_> = files.range(..first).collect();
        // The oldest first: what is left is readable at any moment.
        for &(&serial, &shape) in &old {
            remove(&self.dir.join(file_name(serial, shape)))?;
        }
        Ok(old.len())
    }
}

fn remove(path: &Path) -> Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            Err(Error::file("cannot remove an old publication", path)(error))
        }
        _ => Ok(()),
    }
}

fn write_beside(beside: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = OpenOptions::new().write(true).create(true).truncate(true).mode(0o640).open(beside)?;
    file.write_all(bytes)?;
    file.sync_data()
}

fn file_name(serial: Serial, shape: Shape) -> String {
    let end = match shape {
        Shape::Full => "full",
        Shape::Change => "change",
    };
    format!("{:012}.{end}", serial.0)
}

fn parse_name(name: &str) -> Option<(Serial, Shape)> {
    let (digits, end) = name.split_once('.')?;
    let shape = match end {
        "full" => Shape::Full,
        "change" => Shape::Change,
        _ => return None,
    };
    let plain = digits.len() >= 12 && digits.bytes().all(|b| b.is_ascii_digit());
    plain.then(|| digits.parse().ok().map(|serial| (Serial(serial), shape)))?
}
