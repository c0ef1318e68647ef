//! Another key in the place of the first.
//!
//! ```text
//! begin    vault.key.next is written, synced         both keys open; new rows are sealed with the next
//! reseal   the caller, in one store transaction      both keys open
//! finish   vault.key.next is renamed to vault.key    one key, that of all rows
//! ```
//!
//! A crash after any of these leaves a vault that opens every row: both files are loaded, and a row names its key.
//! [`Vault::settle`] finishes at the next start what the crash left; [`Vault::rotate`] called again goes on with the
//! key that is there. A next key is never thrown away, because another program may be sealing with it just now.
//!
//! One change at a time: the directory of the key is locked meanwhile, because a second change that finished in between
//! would have its key written over.
//!
//! A key from systemd or the environment cannot be changed by this program. The next key then lies beside the data, as
//! `vault.key.next`, until systemd or the environment hands over that same key; the copy is removed then.

use std::collections::BTreeSet;
use std::fs::{self, File, TryLockError};
use std::path::{Path, PathBuf};

use super::key::Key;
use super::{Origin, Vault, VaultError, place};

/// Where the new key comes from.
#[derive(Clone, Copy, Debug)]
pub enum NewKey<'a> {
    /// It is made, or the next key of a change that has begun is taken.
    Make,
    /// This file, for which the same rights are asked as of a key file.
    File(&'a Path),
}

/// How a change of the key ended. All rows are sealed with the new key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Rotated {
    /// The key file holds the new key.
    Done {
        /// Its id.
        key_id: String,
    },
    /// Systemd or the environment has to hand over the new key from now on; until then its copy opens the rows.
    ByHand {
        /// Its id.
        key_id: String,
        /// Where the key is to be put.
        origin: Origin,
        /// The copy, which goes away by itself at the first start with the new key.
        copy: PathBuf,
    },
}

/// What was left of a change of the key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Settled {
    /// Nothing had been begun.
    Nothing,
    /// It is finished now, or the place of the key holds the new key and the copy was removed.
    Finished,
    /// Rows still need the old key: [`Vault::rotate`] goes on with it.
    Pending,
    /// The rows are sealed anew; systemd or the environment still hands over the old key.
    ByHand,
}

impl Vault {
    /// Changes the key. `reseal` unseals every row and seals it again with the vault it is given, in one transaction of
    /// the store; when it fails, no row has changed, and a later call goes on with the same new key.
    pub fn rotate<E: From<VaultError>>(
        &mut self,
        new: NewKey<'_>,
        reseal: impl FnOnce(&Self) -> Result<(), E>,
    ) -> Result<Rotated, E> {
        let _lock = self.lock()?;
        self.begin(new)?;
        reseal(self)?;
        Ok(self.finish()?)
    }

    /// Finishes what a crash left of a change of the key, once no row needs the old one. `used` are the key ids that
    /// the rows of the store name, read after this vault was opened.
    pub fn settle<'a>(&mut self, used: impl IntoIterator<Item = &'a str>) -> Result<Settled, VaultError> {
        let used: BTreeSet<&str> = used.into_iter().collect();
        if self.next.is_none() {
            return Ok(Settled::Nothing);
        }
        let _lock = match self.lock() {
            Err(VaultError::Busy) => return Ok(Settled::Pending),
            other => other?,
        };
        // What the rows use was read beside these keys, and says nothing of others.
        let known: Vec<String> = self.key_ids().map(str::to_owned).collect();
        self.reload()?;
        let Some(next) = &self.next else { return Ok(Settled::Nothing) };
        if !self.key_ids().eq(known.iter().map(String::as_str)) {
            return Ok(Settled::Pending);
        }
        if next.id() == self.current.id() {
            fs::remove_file(&self.next_path).map_err(VaultError::io(&self.next_path))?;
            self.next = None;
            return Ok(Settled::Finished);
        }
        if used.contains(self.current.id()) {
            return Ok(Settled::Pending);
        }
        Ok(match self.finish()? {
            Rotated::Done { .. } => Settled::Finished,
            Rotated::ByHand { .. } => Settled::ByHand,
        })
    }

    /// Nobody else changes the key while this is held; the system frees it with the program.
    fn lock(&self) -> Result<File, VaultError> {
        let directory = place::directory_of(&self.next_path);
        let file = File::open(directory).map_err(VaultError::io(directory))?;
        match file.try_lock() {
            Ok(()) => Ok(file),
            Err(TryLockError::WouldBlock) => Err(VaultError::Busy),
            Err(TryLockError::Error(error)) => Err(VaultError::io(directory)(error)),
        }
    }

    /// Puts the next key beside the first, or takes the one that is there.
    fn begin(&mut self, new: NewKey<'_>) -> Result<(), VaultError> {
        self.reload()?;
        let given = match new {
            NewKey::Make => None,
            NewKey::File(path) => {
                Some(place::read_file(path)?.ok_or_else(|| VaultError::NoKey { path: path.to_owned() })?)
            }
        };
        if let Some(next) = &self.next {
            let other = given.is_some_and(|given| given.id() != next.id());
            let key_id = next.id().to_owned();
            return if other { Err(VaultError::OtherChange { key_id }) } else { Ok(()) };
        }
        let key = match (given, &self.origin) {
            (Some(key), _) => key,
            (None, Origin::File(_)) => Key::make(&*self.random)?,
            (None, origin) => return Err(VaultError::NewKeyNeeded { origin: origin.to_string() }),
        };
        if key.id() == self.current.id() {
            return Err(VaultError::SameKey);
        }
        place::write_new(&self.next_path, &key, &*self.random)?;
        self.next = place::read_file(&self.next_path)?;
        Ok(())
    }

    /// The files as they are now: another program may have changed the key since they were read.
    fn reload(&mut self) -> Result<(), VaultError> {
        if let Origin::File(path) = &self.origin {
            self.current = place::read_file(path)?.ok_or_else(|| VaultError::NoKey { path: path.clone() })?;
        }
        self.next = place::read_file(&self.next_path)?;
        Ok(())
    }

    /// Puts the next key in the place of the first, where that is a file.
    fn finish(&mut self) -> Result<Rotated, VaultError> {
        let key_id = self.key_id().to_owned();
        let Origin::File(path) = &self.origin else {
            return Ok(Rotated::ByHand { key_id, origin: self.origin.clone(), copy: self.next_path.clone() });
        };
        fs::rename(&self.next_path, path).map_err(VaultError::io(&self.next_path))?;
        place::sync_directory(path)?;
        self.reload()?;
        // Where the file was gone, another program has put the same key in place.
        if self.key_id() == key_id {
            Ok(Rotated::Done { key_id })
        } else {
            Err(VaultError::UnknownKey { key_id })
        }
    }
}
