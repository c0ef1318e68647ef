//! Credentials at rest: what a source logs in with is kept sealed, and only the holder of the key can open it.
//!
//! ```text
//! Credential -> compact JSON -> seal(key, binding) -> Sealed{key_id, bytes}  (the store keeps it)
//! Sealed -> unseal(binding, the key of that id) -> JSON -> Credential
//! ```
//!
//! | module | what |
//! |---|---|
//! | [`credential`] | [`Credential`]: a login or a token, never printed |
//! | [`key`](mod@key) | the 32 bytes, their text form and their id |
//! | [`place`] | where the key comes from: systemd, a file, the environment; the file's rights |
//! | [`sealed`] | XChaCha20-Poly1305, bound to table, owner, version and key |
//! | [`rotate`](mod@rotate) | another key in the place of the first, safe at every moment |
//!
//! # On disk
//! `vault.key` holds one line, `blacklist-vault-key-1 BASE64`, mode 0600. While the key is being changed the new one
//! lies beside it as `vault.key.next`. Both are loaded, each row names the key it was sealed with, so every moment of a
//! change is one that opens. New rows are sealed with the next key as soon as it is there.
//!
//! # Failure
//! [`VaultError`] says what to do. A row that does not open stays as it is: bringing back the key mends it.
//! A program that runs while another changes the key meets [`VaultError::UnknownKey`]; it opens the vault anew, which is
//! two small reads, and tries once more. Whoever seals for longer than a moment should open the vault for each use.

pub mod credential;
mod error;
pub mod key;
pub mod place;
pub mod rotate;
pub mod sealed;

use std::fmt::{self, Debug, Formatter};
use std::path::PathBuf;
use std::sync::Arc;

use zeroize::Zeroizing;

pub use credential::{BadCredential, Credential};
pub use error::VaultError;
pub use place::{KeySource, Origin, check_key_file};
pub use rotate::{NewKey, Rotated, Settled};
pub use sealed::Binding;
pub use store::Sealed;

use crate::random::Random;
use key::Key;

/// The keys that open what the store keeps sealed.
pub struct Vault {
    /// Of the place the key comes from.
    current: Key,
    /// Of a change of the key that has begun and is not finished.
    next: Option<Key>,
    /// Where the current key comes from.
    origin: Origin,
    /// Where the next key lies while it is one.
    next_path: PathBuf,
    random: Arc<dyn Random>,
}

impl Vault {
    /// Finds the key, or makes one where the source allows it, and a next key if a change of it has begun.
    pub fn open(source: &KeySource, random: Arc<dyn Random>) -> Result<Self, VaultError> {
        let (current, origin) = place::find(source, &*random)?;
        let next_path = place::next_of(match &origin {
            Origin::File(path) => path,
            Origin::Systemd(_) | Origin::Environment => &source.default_file,
        });
        let next = place::read_file(&next_path)?;
        Ok(Self { current, next, origin, next_path, random })
    }

    /// The id of the key that new rows are sealed with: 16 hex digits, no secret.
    pub fn key_id(&self) -> &str {
        self.newest().id()
    }

    /// The ids of all keys at hand, the newest first.
    pub fn key_ids(&self) -> impl Iterator<Item = &str> {
        self.keys().map(Key::id)
    }

    /// Where the key comes from.
    pub fn origin(&self) -> &Origin {
        &self.origin
    }

    /// Seals with the newest key.
    pub fn seal(&self, binding: &Binding<'_>, plain: &[u8]) -> Result<Sealed, VaultError> {
        sealed::seal(self.newest(), binding, plain, &*self.random)
    }

    /// Opens with the key whose id the row names.
    pub fn unseal(&self, binding: &Binding<'_>, row: &Sealed) -> Result<Zeroizing<Vec<u8>>, VaultError> {
        let key = self.keys().find(|key| key.id() == row.key_id);
        let key = key.ok_or_else(|| VaultError::UnknownKey { key_id: crate::text::short(&row.key_id) })?;
        sealed::unseal(key, binding, &row.bytes)
    }

    fn newest(&self) -> &Key {
        self.next.as_ref().unwrap_or(&self.current)
    }

    fn keys(&self) -> impl Iterator<Item = &Key> {
        self.next.iter().chain([&self.current])
    }
}

impl Debug for Vault {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let keys: Vec<&str> = self.key_ids().collect();
        f.debug_struct("Vault").field("keys", &keys).field("origin", &self.origin).finish_non_exhaustive()
    }
}
