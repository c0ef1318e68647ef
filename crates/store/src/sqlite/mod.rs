//! The store on SQLite: WAL, one writer, readers beside it.
//!
//! Every call blocks; on an async thread it belongs into `spawn_blocking`. The write lock is taken when a transaction
//! begins (`BEGIN IMMEDIATE`), so that two processes never find out half-way that they cannot both go on.

mod access;
mod allow;
mod attempt;
mod attempts;
mod audit;
mod candidate;
mod changes;
mod consumers;
mod credentials;
mod dirty;
mod edit;
mod expired;
mod explain;
mod feeds;
mod first_steps;
mod guards;
mod held;
mod history;
mod hits;
mod import;
mod journal;
mod known_good;
mod known_places;
mod locks;
mod maintain;
mod manual;
mod merge;
pub mod migrations;
mod own;
mod passwords;
mod policy;
mod publish;
mod pulls;
mod query;
mod reads;
mod record;
mod redact;
mod remove;
mod rows;
mod run;
mod secrets;
mod seen;
mod sessions;
mod sources;
mod tokens;
mod totp;
mod trend;
mod users;
mod write;

use std::fs;
use std::os::unix::fs::{DirBuilderExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use blocklist::{Clock, Content, Head, Time};
use prefix::Rules;
use rusqlite::{Connection, OpenFlags};

use crate::files::Stamp;
use crate::{Error, PublicationFiles, Result};

pub use changes::Changes;
pub use import::{Import, StateAfter};
pub use journal::Journal;
pub use redact::without_keys;
pub use run::{FailedRun, SameInput};

/// The name of the database in the data directory.
const DATABASE: &str = "blacklist.db";
/// The name of the directory of publications.
const PUBLICATIONS: &str = "publications";
/// The name of the directory of backups.
const BACKUPS: &str = "backups";
/// The name of the directory of locks.
const LOCKS: &str = "locks";
/// How long a writer waits for another process: an import of a million lines takes about a second.
const BUSY: Duration = Duration::from_secs(30);
/// How many idle readers are kept open.
const READERS: usize = 4;

/// The store: the database and the publications of one data directory.
pub struct Store {
    dir: PathBuf,
    /// Before the writer, so that they are closed before it: the last to close brings the log into the database, and a
    /// reader cannot.
    readers: Mutex<Vec<Connection>>,
    writer: Mutex<Connection>,
    files: PublicationFiles,
    clock: Arc<dyn Clock>,
    /// Which prefixes are admitted at all.
    rules: Rules,
    /// What is protected, as it was last read.
    guards: Mutex<Option<guards::Read>>,
    /// The newest publication that this process made, serves or built upon: it is not read again for each question about
    /// it, and the next one shares its chunks.
    latest: Mutex<Option<(Head, Content)>>,
    /// The files of the last publication that this process read or wrote as a whole: they need not be read again to know
    /// that they are good.
    sound: Mutex<Option<Stamp>>,
    /// One that is being committed.
    promised: Mutex<Option<(Head, Content)>>,
    /// Who is told of publications.
    told: Mutex<Vec<Told>>,
}

type Told = Box<dyn Fn() + Send + Sync>;

impl Store {
    /// Opens the store of a data directory, and makes what is missing. An older schema is brought up to date after a
    /// backup; a newer one is refused.
    pub fn open(dir: &Path, clock: Arc<dyn Clock>) -> Result<Self> {
        // Listings tell what a firm is attacked by: nobody else's business.
        fs::DirBuilder::new()
            .recursive(true)
            .mode(0o750)
            .create(dir)
            .map_err(Error::file("cannot make the data directory", dir))?;
        let path = dir.join(DATABASE);
        let fresh = !path.exists();
        let mut writer = connect(&path, OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE)?;
        if fresh {
            fs::set_permissions(&path, fs::Permissions::from_mode(0o640))
                .map_err(Error::file("cannot protect the database", &path))?;
        }
        let pending = migrations::pending(&writer)?;
        if !pending.is_empty() {
            if !fresh && migrations::version(&writer)? > 0 {
                maintain::backup(&writer, &maintain::backup_path(dir, clock.now()))?;
            }
            migrations::apply(&mut writer, pending, clock.now())?;
        }
        let files = PublicationFiles::open(&dir.join(PUBLICATIONS))?;
        let store = Self {
            dir: dir.to_owned(),
            writer: Mutex::new(writer),
            readers: Mutex::default(),
            files,
            clock,
            rules: Rules::default(),
            guards: Mutex::default(),
            latest: Mutex::default(),
            sound: Mutex::default(),
            promised: Mutex::default(),
            told: Mutex::default(),
        };
        store.finish_publication()?;
        Ok(store)
    }

    /// The same store, under other rules of admission than the strict ones.
    #[must_use]
    pub fn with_rules(mut self, rules: Rules) -> Self {
        self.rules = rules;
        self
    }

    /// Moves a database that cannot be opened out of the way; the next [`Self::open`] makes a new one, into which a backup
    /// can be restored. Returns where the broken one lies.
    pub fn set_aside(dir: &Path, now: Time) -> Result<PathBuf> {
        maintain::set_aside(&dir.join(DATABASE), now)
    }

    /// Whether a data directory holds a database.
    pub fn exists(dir: &Path) -> bool {
        dir.join(DATABASE).exists()
    }

    /// Where the publications of a data directory lie, for whoever reads them without a database.
    pub fn publications_dir(dir: &Path) -> PathBuf {
        dir.join(PUBLICATIONS)
    }

    /// The publications on disk.
    pub fn files(&self) -> &PublicationFiles {
        &self.files
    }

    /// Whether there is a current publication on disk, whatever its state.
    pub fn has_published(&self) -> bool {
        self.files.current_serial().is_ok_and(|serial| serial.is_some())
    }

    fn rules(&self) -> Rules {
        self.rules
    }

    fn guards(&self) -> MutexGuard<'_, Option<guards::Read>> {
        self.guards.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn sound(&self) -> MutexGuard<'_, Option<Stamp>> {
        self.sound.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn now(&self) -> Time {
        self.clock.now()
    }

    fn database(&self) -> PathBuf {
        self.dir.join(DATABASE)
    }

    /// The writer. A panic of another thread rolled its transaction back, so the connection is as good as before.
    fn writer(&self) -> MutexGuard<'_, Connection> {
        self.writer.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Runs a query on a reader.
    fn read<T>(&self, query: impl FnOnce(&Connection) -> Result<T>) -> Result<T> {
        let idle = self.readers.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let reader = match idle {
            Some(reader) => reader,
            None => connect(&self.database(), OpenFlags::SQLITE_OPEN_READ_ONLY)?,
        };
        let answer = query(&reader);
        let mut readers = self.readers.lock().unwrap_or_else(PoisonError::into_inner);
        // A reader that failed may be the reason: the next one starts anew.
        if answer.is_ok() && readers.len() < READERS {
            readers.push(reader);
        }
        answer
    }
}

fn connect(path: &Path, flags: OpenFlags) -> Result<Connection> {
    let failed = Error::database;
    let connection =
        Connection::open_with_flags(path, flags | OpenFlags::SQLITE_OPEN_NO_MUTEX).map_err(|cause| {
            Error::File {
                what: "cannot open the database",
                path: path.to_owned(),
                cause: std::io::Error::other(cause),
            }
        })?;
    connection.busy_timeout(BUSY).map_err(failed("cannot set up the database"))?;
    connection.set_prepared_statement_cache_capacity(64);
    if flags.contains(OpenFlags::SQLITE_OPEN_READ_WRITE) {
        connection
            .pragma_update(None, "journal_mode", "WAL")
            // In WAL mode FULL costs one sync a transaction, and a listing that was reported as kept survives a power cut.
            .and_then(|()| connection.pragma_update(None, "synchronous", "FULL"))
            .and_then(|()| connection.pragma_update(None, "foreign_keys", true))
            .and_then(|()| rusqlite::vtab::array::load_module(&connection))
            .map_err(failed("cannot set up the database"))?;
    }
    connection
        .pragma_update(None, "cache_size", -64_000)
        .and_then(|()| connection.pragma_update(None, "trusted_schema", false))
        .map_err(failed("cannot set up the database"))?;
    Ok(connection)
}
