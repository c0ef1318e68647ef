//! What can go wrong with a vault, by what to do about it.

use std::io;
use std::path::PathBuf;

use crate::random::RandomError;
use crate::{Failure, Trouble};

/// Why a vault or a row of it does not open. Never holds a key or what was sealed.
#[derive(Debug, thiserror::Error)]
pub enum VaultError {
    /// There is no key, and none may be made here. Set one up, or bring the file back.
    #[error("there is no vault key at {}", path.display())]
    NoKey {
        /// Where it should be.
        path: PathBuf,
    },
    /// Others than its owner may read the key. Take the rights away.
    #[error("{} can be read by others (mode {mode:04o}): chmod 600 '{}'", path.display(), path.display())]
    Rights {
        /// The key file.
        path: PathBuf,
        /// Its rights.
        mode: u32,
    },
    /// The key belongs to somebody else, who could change it. Take it over.
    #[error("{} belongs to user {owner} (mode {mode:04o}), not to this program's: chown {us} '{}'", path.display(), path.display())]
    Owner {
        /// The key file.
        path: PathBuf,
        /// Its rights.
        mode: u32,
        /// The user id it belongs to.
        owner: u32,
        /// The user id of this process.
        us: u32,
    },
    /// A directory, a link, a pipe or a device in the place of the key file.
    #[error("{} is no regular file (mode {mode:04o}): put the key file itself there, mode 600", path.display())]
    NotAFile {
        /// What should be a key file.
        path: PathBuf,
        /// Kind and rights; 0 for a link.
        mode: u32,
    },
    /// What should be a key is none.
    #[error(
        "{place} holds no vault key: one line 'blacklist-vault-key-1 BASE64', or 32 bytes in base64 or hex"
    )]
    BadKey {
        /// Where it was read.
        place: String,
    },
    /// The row was sealed with a key that is not at hand. Bring that key back, or set the credential again.
    #[error("sealed with the key {key_id}, which is not at hand")]
    UnknownKey {
        /// The id that the row names.
        key_id: String,
    },
    /// The row is not what was sealed for this place: changed, cut, or moved here from another source, version or
    /// table. Set the credential again.
    #[error("the sealed row was changed, or belongs to another source, version or table")]
    Tampered,
    /// The row was sealed by a newer program. Use that.
    #[error("the row is sealed in format {format}, which this version does not know")]
    Format {
        /// Its number.
        format: u8,
    },
    /// More than a credential or session can be.
    #[error("{bytes} bytes are too much to seal; at most {} are", super::sealed::MAX_PLAIN)]
    TooLarge {
        /// How many there were.
        bytes: usize,
    },
    /// The key comes from systemd or the environment, so a new one has to be handed over as a file.
    #[error("the key comes from {origin}: name a file with the new key, made with 'openssl rand -base64 32'")]
    NewKeyNeeded {
        /// Where the key comes from.
        origin: String,
    },
    /// A change of the key to another new key has begun. Finish that first.
    #[error("a change to the key {key_id} has begun and is not finished: finish it first, without a new key")]
    OtherChange {
        /// The new key of that change.
        key_id: String,
    },
    /// Another program is changing the key. Wait for it.
    #[error("another program is changing the key just now")]
    Busy,
    /// The new key is the one in use. Nothing was changed; name another.
    #[error("the new key is the one that is in use")]
    SameKey,
    /// The disk. Trying again may succeed.
    #[error("{}: {source}", path.display())]
    Io {
        /// The file or directory.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// No randomness. Trying again may succeed.
    #[error(transparent)]
    Random(#[from] RandomError),
}

impl VaultError {
    pub(super) fn io(path: impl Into<PathBuf>) -> impl FnOnce(io::Error) -> Self {
        let path = path.into();
        move |source| Self::Io { path, source }
    }

    /// The cause under which a run ends: a person has to act, or the machine is to be looked at.
    pub fn trouble(&self) -> Trouble {
        match self {
            Self::Io { .. } | Self::Random(_) | Self::Busy => Trouble::Local,
            _ => Trouble::VaultLocked,
        }
    }
}

impl From<VaultError> for Failure {
    fn from(error: VaultError) -> Self {
        Self::new(error.trouble()).with(&error).because(error)
    }
}
