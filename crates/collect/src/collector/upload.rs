//! A file that a person brings over the wire: read in memory by the same parsers and limits as every other, then only looked
//! at, or kept as one run of its source.
//!
//! The bytes come whole and are gone with the request; nothing is written to a disk but what the store keeps. **Failure.** What
//! cannot be read changes nothing and is no run. What is not credible (no row accepted, a full list that lost more than it may)
//! is, once it is kept, a refused run that changes no listing.

use std::sync::Arc;

use blocklist::{Batch, Mode, SourceName};
use store::{Actor, Import, ImportedRun, Preview, Run, Trigger};

use super::{Collector, lock};
use crate::{Choice, Failure, Note, Options, Parsed};

/// A file, and what is to be made of it.
#[derive(Clone, Debug)]
pub struct Upload {
    /// Of which source; made when it is new.
    pub source: SourceName,
    /// Which parser reads it.
    pub parser: Choice,
    /// What it means: the whole list, or an addition.
    pub mode: Mode,
    /// A full list with less than this share of what was there is refused; of the program where nothing is said.
    pub min_share: Option<f64>,
    /// The file's name, as runs show it.
    pub input: String,
    /// What it holds.
    pub bytes: Arc<[u8]>,
}

/// What would come of a file.
#[derive(Debug)]
pub struct Tried {
    /// The run as it would be kept.
    pub run: Run,
    /// What would come to the list and leave it, and what the gate would say.
    pub preview: Preview,
    /// What was read.
    pub batch: Batch,
    /// What a person may want to know.
    pub notes: Vec<Note>,
}

/// Why nothing came of a file.
#[derive(Debug, thiserror::Error)]
pub enum UploadError {
    /// It could not be read.
    #[error(transparent)]
    Unread(#[from] Failure),
    /// The store says no.
    #[error(transparent)]
    Store(#[from] store::Error),
}

impl Collector {
    /// Reads a file and says what would come of it. Changes nothing. Blocks while it works.
    pub fn try_upload(&self, upload: &Upload) -> Result<Tried, UploadError> {
        let _turn = lock(&self.upload);
        let parsed = self.read_upload(upload)?;
        let (run, preview) = self.store.preview_import(&self.import_of(upload, &parsed))?;
        Ok(Tried { run, preview, batch: parsed.batch, notes: parsed.notes })
    }

    /// Reads a file and keeps it as a run of its source, with who brought it. Blocks while it works.
    pub fn keep_upload(
        &self,
        upload: &Upload,
        actor: &Actor<'_>,
    ) -> Result<(ImportedRun, Vec<Note>), UploadError> {
        let _turn = lock(&self.upload);
        let parsed = self.read_upload(upload)?;
        let done = self.store.import_by(&self.import_of(upload, &parsed), actor)?;
        Ok((done, parsed.notes))
    }

    fn read_upload(&self, upload: &Upload) -> Result<Parsed, Failure> {
        let options =
            Options { limits: self.program.limits, rules: self.program.rules, ..Options::default() };
        crate::parse(upload.parser, &mut &*upload.bytes, &options).map_err(Failure::from)
    }

    fn import_of<'a>(&self, upload: &'a Upload, parsed: &'a Parsed) -> Import<'a> {
        Import {
            source: &upload.source,
            parser: parsed.parser.info().name,
            mode: upload.mode,
            input: &upload.input,
            input_key: None,
            started_at: self.now(),
            batch: &parsed.batch,
            min_share: upload.min_share.unwrap_or(self.program.min_share),
            allow_empty: false,
            trigger: Trigger::Person,
            window: None,
            state: None,
        }
    }
}
