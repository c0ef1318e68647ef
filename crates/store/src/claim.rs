//! One run of a source at a time, across processes: two logins at once may lock an account.
//!
//! A claim is a lock on an open file, so the system frees it when its process dies in whatever way. The file itself
//! stays: one that is removed and made anew could be locked twice.

use std::fs::{DirBuilder, File, OpenOptions, TryLockError};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::Path;

use blocklist::SourceName;

use crate::{Error, Result};

/// The right to run a source, until it is dropped.
#[derive(Debug)]
#[must_use = "the source is free again as soon as this is dropped"]
pub struct Claim {
    _locked: File,
}

impl Claim {
    /// Takes the claim, unless another holder, in this process or another, has it.
    pub(crate) fn take(dir: &Path, source: &SourceName) -> Result<Option<Self>> {
        let made = DirBuilder::new().recursive(true).mode(0o750).create(dir);
        made.map_err(Error::file("cannot make the directory of locks", dir))?;
        let path = dir.join(format!("source-{source}.lock"));
        let failed = |cause| Error::file("cannot lock the source", &path)(cause);
        let open = OpenOptions::new().write(true).create(true).truncate(false).mode(0o640).open(&path);
        let file = open.map_err(failed)?;
        match file.try_lock() {
            Ok(()) => Ok(Some(Self { _locked: file })),
            Err(TryLockError::WouldBlock) => Ok(None),
            Err(TryLockError::Error(cause)) => Err(failed(cause)),
        }
    }
}
