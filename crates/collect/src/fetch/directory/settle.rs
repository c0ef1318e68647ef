//! Where a file goes after its run: to `done/` or `refused/` beside, with what the run said.
//!
//! Nothing is ever overwritten. A name is claimed by creating it, which succeeds for one only, and the file is then
//! renamed over its own claim; a second file of a name gets the time, and a number where that is not enough.

use std::ffi::OsString;
use std::fs::{self, DirBuilder, File, OpenOptions, Permissions};
use std::io::{self, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};

use blocklist::Time;
use serde::Serialize;

use super::Found;
use crate::{Failure, Trouble};

/// The mode of files that were settled and their reports.
const MODE: u32 = 0o640;
/// So many files of one name and second are told apart.
const TRIES: u32 = 1_000;
/// A name that gets an ending is cut to so many bytes: 255 are what file systems take.
const LONGEST: usize = 200;

/// What became of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Its run took it.
    Done,
    /// Its run refused it.
    Refused,
}

impl Outcome {
    /// The directory beside the file.
    pub const fn directory(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Refused => "refused",
        }
    }
}

impl Found {
    /// Moves the file away, with a report beside it; where it lies now. `None`: another file has taken the name since,
    /// and that one was not read, so it stays. Blocking.
    pub fn settle(
        &self,
        outcome: Outcome,
        report: &impl Serialize,
        now: Time,
    ) -> Result<Option<PathBuf>, Failure> {
        let failed = |error: io::Error| {
            let detail = format!("{} cannot be moved to {}: {error}", self.name(), outcome.directory());
            Failure::new(Trouble::Local).with(detail).because(error)
        };
        let report = serde_json::to_vec_pretty(report).map_err(|error| failed(error.into()))?;
        if !self.is_there()? {
            return Ok(None);
        }
        let dir = self.path.with_file_name(outcome.directory());
        match DirBuilder::new().mode(0o750).create(&dir) {
            Err(error) if error.kind() != io::ErrorKind::AlreadyExists => return Err(failed(error)),
            _ => {}
        }
        let (to, mut beside) = self.claim(&dir, now).map_err(failed)?;
        let moved = beside
            .write_all(&report)
            .and_then(|()| beside.sync_all())
            .and_then(|()| fs::rename(&self.path, &to));
        if let Err(error) = moved {
            // Claims that nothing came of.
            let _ = fs::remove_file(&to);
            let _ = fs::remove_file(report_of(&to));
            return Err(failed(error));
        }
        // Whoever dropped the file may own it still; then its mode is theirs.
        if let Err(error) = fs::set_permissions(&to, Permissions::from_mode(MODE)) {
            tracing::debug!(file = %to.display(), %error, "the mode stays as it is");
        }
        Ok(Some(to))
    }

    /// Claims a free name for the file and one for its report.
    fn claim(&self, dir: &Path, now: Time) -> io::Result<(PathBuf, File)> {
        let create = |path: &Path| OpenOptions::new().write(true).create_new(true).mode(MODE).open(path);
        let name = self.path.file_name().unwrap_or_default();
        for number in 0..TRIES {
            let to = dir.join(self.numbered(number, now));
            match create(&to) {
                Ok(_) => {}
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => continue,
                Err(error) => return Err(error),
            }
            match create(&report_of(&to)) {
                Ok(report) => return Ok((to, report)),
                Err(error) => {
                    fs::remove_file(&to)?;
                    if error.kind() != io::ErrorKind::AlreadyExists {
                        return Err(error);
                    }
                }
            }
        }
        Err(io::Error::new(io::ErrorKind::AlreadyExists, format!("{} is there too often", name.display())))
    }

    fn numbered(&self, number: u32, now: Time) -> OsString {
        let name = self.path.file_name().unwrap_or_default();
        if number == 0 && name.len() <= LONGEST {
            return name.to_owned();
        }
        let text = name.to_string_lossy();
        let text = &text[..text.floor_char_boundary(LONGEST)];
        // 20231114T221320Z: nothing in it that a file system takes amiss.
        let time = now.to_string().replace([':', '-'], "");
        if number <= 1 { format!("{text}.{time}") } else { format!("{text}.{time}-{number}") }.into()
    }
}

/// The report beside a file.
fn report_of(file: &Path) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(".report.json");
    name.into()
}
