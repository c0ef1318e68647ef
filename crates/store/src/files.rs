//! The publications on disk: one file each, and a link to the current one.
//!
//! ```text
//! publications/000000000041.pub    kept for a while, for whoever still reads it
//! publications/000000000042.pub
//! publications/current -> 000000000042.pub
//! ```
//!
//! A file is written beside, synced and renamed, so it is whole or not there. The link is moved by a rename too, so
//! that a reader sees the old or the new one. Whether a file is what it should be is told by its hash alone.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::{OpenOptionsExt, symlink};
use std::path::{Path, PathBuf};

use blocklist::{Content, Head, Publication, Serial, codec};

use crate::{Error, Result};

/// How many publication files are kept.
const KEPT: usize = 8;
const CURRENT: &str = "current";

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

    /// The file of a serial.
    pub fn path(&self, serial: Serial) -> PathBuf {
        self.dir.join(file_name(serial))
    }

    /// Which publication is current, by one `readlink`. `None` when nothing was ever published.
    pub fn current_serial(&self) -> Result<Option<Serial>> {
        let link = self.dir.join(CURRENT);
        match fs::read_link(&link) {
            Ok(target) => Ok(target.to_str().and_then(serial_of)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(Error::file("cannot read the link to the current publication", &link)(error)),
        }
    }

    /// Reads a publication and checks it.
    pub fn load(&self, serial: Serial) -> Result<Publication> {
        let (head, content) = self.read(serial)?;
        let malformed = |_| Error::Publication { path: self.path(serial), cause: codec::Malformed::Content };
        Publication::new(head, content).map_err(malformed)
    }

    /// Reads a publication and checks it, without indexing it.
    pub fn read(&self, serial: Serial) -> Result<(Head, Content)> {
        let path = self.path(serial);
        let bytes = fs::read(&path).map_err(Error::file("cannot read the publication", &path))?;
        let malformed = |cause| Error::Publication { path: path.clone(), cause };
        let (head, content) = codec::decode(&bytes).map_err(malformed)?;
        // A file under another's name would bring an old list back.
        if head.serial == serial { Ok((head, content)) } else { Err(malformed(codec::Malformed::Seal)) }
    }

    /// The current publication, if there is one.
    pub fn load_current(&self) -> Result<Option<Publication>> {
        self.current_serial()?.map(|serial| self.load(serial)).transpose()
    }

    /// Writes a publication: on disk and synced when this returns, but not yet current.
    pub fn write(&self, head: &Head, content: &[u8]) -> Result<()> {
        let path = self.path(head.serial);
        let beside = self.dir.join(format!(".{}.new", file_name(head.serial)));
        write_beside(&beside, head, content)
            .and_then(|()| fs::rename(&beside, &path))
            .and_then(|()| File::open(&self.dir)?.sync_all())
            .map_err(Error::file("cannot write the publication", &path))
    }

    /// Makes a written publication the current one, and forgets files that are long past.
    pub fn make_current(&self, serial: Serial) -> Result<()> {
        let beside = self.dir.join(".current.new");
        let failed = |error| Error::file("cannot move the link to the current publication", &beside)(error);
        match fs::remove_file(&beside) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(failed(error)),
            _ => {}
        }
        // Not synced: a link that a power cut lost is moved again when the store is opened.
        symlink(file_name(serial), &beside)
            .and_then(|()| fs::rename(&beside, self.dir.join(CURRENT)))
            .map_err(failed)?;
        self.forget_old(serial)
    }

    /// Every serial that has a file, in order.
    pub fn serials(&self) -> Result<Vec<Serial>> {
        let failed = |error| Error::file("cannot list the publications", &self.dir)(error);
        let mut serials = Vec::new();
        for entry in fs::read_dir(&self.dir).map_err(failed)? {
            serials.extend(entry.map_err(failed)?.file_name().to_str().and_then(serial_of));
        }
        serials.sort_unstable();
        Ok(serials)
    }

    fn forget_old(&self, current: Serial) -> Result<()> {
        let mut old = self.serials()?;
        old.retain(|&serial| serial < current);
        for &serial in old.iter().rev().skip(KEPT - 1) {
            let path = self.path(serial);
            fs::remove_file(&path).map_err(Error::file("cannot remove an old publication", &path))?;
        }
        Ok(())
    }
}

fn write_beside(beside: &Path, head: &Head, content: &[u8]) -> io::Result<()> {
    let mut file = OpenOptions::new().write(true).create(true).truncate(true).mode(0o640).open(beside)?;
    file.write_all(&codec::encode_head(head, content.len()))?;
    file.write_all(content)?;
    file.sync_data()
}

fn file_name(serial: Serial) -> String {
    format!("{:012}.pub", serial.0)
}

fn serial_of(name: &str) -> Option<Serial> {
    let digits = name.strip_suffix(".pub")?;
    let plain = digits.len() >= 12 && digits.bytes().all(|b| b.is_ascii_digit());
    plain.then(|| digits.parse().ok().map(Serial))?
}
