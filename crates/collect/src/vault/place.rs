//! Where the key comes from, and how its file is read and made.
//!
//! | order | place | what is asked of it |
//! |---|---|---|
//! | 1 | the systemd credential `vault-key` | systemd keeps its rights |
//! | 2 | a key file that somebody named | a regular file of this user or root that nobody else may read |
//! | 3 | a value from the environment | |
//! | 4 | the key file in the data directory | as 2; it is made where there is none and the caller allows it |
//!
//! A place that somebody named and that is empty is an error: going on to the next would begin with another key.

use std::fmt::{self, Display, Formatter};
use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Write};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt, fchown};
use std::path::{Path, PathBuf};

use rustix::fs::OFlags;
use rustix::io::Errno;
use secrecy::{ExposeSecret, SecretString};
use zeroize::Zeroizing;

use super::VaultError;
use super::key::{Key, MAX_TEXT};
use crate::random::Random;

/// The name of the systemd credential.
pub const CREDENTIAL: &str = "vault-key";

/// The name of the key file in the data directory.
pub const FILE: &str = "vault.key";

/// Where to look for the key. Nothing is read from the environment here: the caller hands it in.
#[derive(Clone, Debug)]
pub struct KeySource {
    /// What systemd names in `$CREDENTIALS_DIRECTORY`. It may hold other credentials only.
    pub credentials: Option<PathBuf>,
    /// A key file that somebody named.
    pub file: Option<PathBuf>,
    /// A key from the environment, in base64 or hex.
    pub value: Option<SecretString>,
    /// [`FILE`] in the data directory.
    pub default_file: PathBuf,
    /// Whether that is made where there is none. Not where sealed rows are waiting for a key that is lost.
    pub create: bool,
}

impl KeySource {
    /// The key file in the data directory, and nothing else; not made.
    pub fn in_directory(data: &Path) -> Self {
        Self { credentials: None, file: None, value: None, default_file: data.join(FILE), create: false }
    }
}

/// Where a key came from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// The systemd credential in this file.
    Systemd(PathBuf),
    /// This key file.
    File(PathBuf),
    /// The environment.
    Environment,
}

impl Display for Origin {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Systemd(path) => write!(f, "systemd ({})", path.display()),
            Self::File(path) => write!(f, "{}", path.display()),
            Self::Environment => f.write_str("the environment"),
        }
    }
}

/// The key and where it came from.
pub(super) fn find(source: &KeySource, random: &dyn Random) -> Result<(Key, Origin), VaultError> {
    if let Some(path) = source.credentials.as_ref().map(|directory| directory.join(CREDENTIAL)) {
        match File::open(&path) {
            Ok(file) => return Ok((read(file, &path, true)?, Origin::Systemd(path))),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(VaultError::io(path)(error)),
        }
    }
    if let Some(path) = &source.file {
        let key = read_file(path)?.ok_or_else(|| VaultError::NoKey { path: path.clone() })?;
        return Ok((key, Origin::File(path.clone())));
    }
    if let Some(value) = &source.value {
        let text = value.expose_secret().as_bytes();
        let key = Key::read(text, false);
        let key = key.ok_or_else(|| VaultError::BadKey { place: Origin::Environment.to_string() })?;
        return Ok((key, Origin::Environment));
    }
    let path = &source.default_file;
    let mut key = read_file(path)?;
    if key.is_none() && source.create {
        write_new(path, &Key::make(random)?, random)?;
        // Read back: another program may have been the first.
        key = read_file(path)?;
    }
    let key = key.ok_or_else(|| VaultError::NoKey { path: path.clone() })?;
    Ok((key, Origin::File(path.clone())))
}

/// The key of a key file; none where there is no file.
pub(super) fn read_file(path: &Path) -> Result<Option<Key>, VaultError> {
    // Without following a link, and without waiting at a pipe; what was opened is what is looked at.
    let flags = (OFlags::NOFOLLOW | OFlags::NONBLOCK).bits().cast_signed();
    let file = match OpenOptions::new().read(true).custom_flags(flags).open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) if error.raw_os_error() == Some(Errno::LOOP.raw_os_error()) => {
            return Err(VaultError::NotAFile { path: path.to_owned(), mode: 0 });
        }
        Err(error) => return Err(VaultError::io(path)(error)),
    };
    check_key_file(path, &file)?;
    read(file, path, false).map(Some)
}

/// Whether an open key file, of whatever key, is one that only this user, or root, can read and change.
pub fn check_key_file(path: &Path, file: &File) -> Result<(), VaultError> {
    let metadata = file.metadata().map_err(VaultError::io(path))?;
    check(path, metadata.mode(), metadata.uid(), rustix::process::geteuid().as_raw())
}

/// Whether a key file is one that only this user, or root, can read and change. Root may use that of the service.
fn check(path: &Path, mode: u32, owner: u32, us: u32) -> Result<(), VaultError> {
    const KIND: u32 = 0o170_000;
    const REGULAR: u32 = 0o100_000;
    let (path, rights) = (path.to_owned(), mode & 0o7777);
    if mode & KIND != REGULAR {
        Err(VaultError::NotAFile { path, mode })
    } else if owner != us && owner != 0 && us != 0 {
        Err(VaultError::Owner { path, mode: rights, owner, us })
    } else if mode & 0o077 != 0 {
        Err(VaultError::Rights { path, mode: rights })
    } else {
        Ok(())
    }
}

/// Reads a key, and no more than a key can be.
fn read(mut file: File, path: &Path, raw: bool) -> Result<Key, VaultError> {
    let mut text = Zeroizing::new([0; MAX_TEXT]);
    let mut length = 0;
    while length < MAX_TEXT {
        match file.read(&mut text[length..]) {
            Ok(0) => break,
            Ok(more) => length += more,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(VaultError::io(path)(error)),
        }
    }
    // Text that fills the buffer is too long; trimmed to nothing it is no key either.
    let text = if length < MAX_TEXT { &text[..length] } else { &[] };
    Key::read(text, raw).ok_or_else(|| VaultError::BadKey { place: path.display().to_string() })
}

/// The file in which the next key lies beside a key file.
pub(super) fn next_of(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".next");
    PathBuf::from(name)
}

/// Puts a key into a file that is not there yet, whole or not at all, and lasting. Where the file is there already it
/// stays as it is: a key is never written over.
pub(super) fn write_new(path: &Path, key: &Key, random: &dyn Random) -> Result<(), VaultError> {
    // Under a name of its own first, because a crash must not leave half a key; linked, because a rename would write
    // over a key that another program has made meanwhile.
    let mut name = path.as_os_str().to_owned();
    name.push(format!(".{:08x}.new", random.below(1 << 32)?));
    let fresh = PathBuf::from(name);
    let written =
        OpenOptions::new().write(true).create_new(true).mode(0o600).open(&fresh).and_then(|mut file| {
            give(&file, path)?;
            file.write_all(key.to_line().as_bytes())?;
            file.sync_all()
        });
    let linked = written.and_then(|()| match fs::hard_link(&fresh, path) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        other => other,
    });
    let removed = fs::remove_file(&fresh);
    linked.and(removed).map_err(VaultError::io(&fresh))?;
    sync_directory(path)
}

/// What root makes is given to the owner of the directory, as SQLite does: else the service could not read the key
/// that an operator made or changed with sudo.
fn give(file: &File, path: &Path) -> io::Result<()> {
    if !rustix::process::geteuid().is_root() {
        return Ok(());
    }
    let owner = fs::metadata(directory_of(path))?;
    fchown(file, Some(owner.uid()), Some(owner.gid()))
}

pub(super) fn directory_of(path: &Path) -> &Path {
    path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// Makes what happened to the names in a file's directory lasting.
pub(super) fn sync_directory(path: &Path) -> Result<(), VaultError> {
    let directory = directory_of(path);
    File::open(directory).and_then(|file| file.sync_all()).map_err(VaultError::io(directory))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_file_is_ours_or_roots_and_nobody_elses_to_read() {
        let path = Path::new("/var/lib/blacklist/vault.key");
        check(path, 0o100_600, 1_000, 1_000).unwrap();
        check(path, 0o100_400, 0, 1_000).unwrap();
        check(path, 0o100_600, 1_000, 0).unwrap();
        for mode in [0o640, 0o604, 0o620, 0o601, 0o777] {
            let refused = check(path, 0o100_000 | mode, 1_000, 1_000).unwrap_err().to_string();
            assert!(refused.contains(&format!("{mode:04o}")), "{refused}");
            assert!(refused.contains("chmod 600 '/var/lib/blacklist/vault.key'"), "{refused}");
        }
        let refused = check(path, 0o100_600, 1_001, 1_000).unwrap_err().to_string();
        assert!(refused.contains("user 1001") && refused.contains("chown 1000 "), "{refused}");
        for kind in [0o040_000, 0o010_000, 0o020_000] {
            assert!(matches!(check(path, kind | 0o600, 0, 0), Err(VaultError::NotAFile { .. })));
        }
    }
}
