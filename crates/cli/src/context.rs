//! What every command needs: the settings and the things made from them.

use std::path::Path;
use std::sync::Arc;

use blocklist::{Clock, Publication, SystemClock};
use collect::random::{Random, SystemRandom};
use store::{PublicationFiles, Store};

use crate::args::Global;
use crate::config::{self, Loaded};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::language::Language;
use crate::output::Output;

/// Settings, clock and voice of one command.
pub(crate) struct Context<'a> {
    pub(crate) loaded: Loaded,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) random: Arc<dyn Random>,
    /// In which causes are told.
    pub(crate) language: Language,
    pub(crate) output: &'a Output,
}

impl<'a> Context<'a> {
    pub(crate) fn new(global: &Global, output: &'a Output, language: Language) -> Result<Self, Failure> {
        let loaded = config::load(global.config.as_deref(), global.data_dir.as_deref())?;
        Ok(Self { loaded, clock: Arc::new(SystemClock), random: Arc::new(SystemRandom), language, output })
    }

    pub(crate) fn config(&self) -> &config::Config {
        &self.loaded.config
    }

    pub(crate) fn data_dir(&self) -> &Path {
        &self.config().data_dir
    }

    /// Opens the store, and makes it where it is missing.
    pub(crate) fn store(&self) -> Result<Store, Failure> {
        Ok(Store::open(self.data_dir(), Arc::clone(&self.clock))?.with_rules(self.config().rules()))
    }

    /// Opens the store that is there: a command that only reads must not leave an empty one behind.
    pub(crate) fn existing_store(&self) -> Result<Store, Failure> {
        if Store::exists(self.data_dir()) {
            return self.store();
        }
        Err(Failure::new(Exit::Failed, format!("there is no database in {}", self.data_dir().display()))
            .hint("`blacklist source add` or `blacklist import` makes one; --data-dir names another place"))
    }

    /// The current publication, from its file alone.
    pub(crate) fn publication(&self) -> Result<Publication, Failure> {
        let dir = Store::publications_dir(self.data_dir());
        let publication = if dir.exists() { PublicationFiles::open(&dir)?.load_current()? } else { None };
        publication.ok_or_else(|| {
            Failure::new(Exit::Failed, format!("nothing is published in {}", self.data_dir().display()))
                .hint("import a list first: blacklist import FILE --source NAME")
        })
    }
}
