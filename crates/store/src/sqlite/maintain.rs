//! Status, check, backup and restore.

use std::fs;
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::time::Duration;

use blocklist::Time;
use prefix::Prefix;
use rusqlite::{Connection, OpenFlags, backup::Backup};

use super::{BACKUPS, Store, connect, migrations, record};
use crate::{Chain, Error, Result, RunQuery, Status};

/// Pages copied at a step; between steps others may write.
const STEP: i32 = 4096;

impl Store {
    /// The state of the database.
    pub fn status(&self) -> Result<Status> {
        let last_run = self.runs(&RunQuery { limit: 1, ..RunQuery::default() })?.pop();
        let path = self.database();
        let bytes = ["", "-wal"]
            .iter()
            .filter_map(|end| fs::metadata(format!("{}{end}", path.display())).ok())
            .map(|file| file.len())
            .sum();
        self.read(|connection| {
            let count = |sql: &str| {
                connection
                    .query_row(sql, [], |row| row.get::<_, i64>(0))
                    .map(|count| count.max(0) as u64)
                    .map_err(Error::database("cannot count"))
            };
            Ok(Status {
                path: path.display().to_string(),
                schema: migrations::version(connection)?,
                known_schema: migrations::known(),
                bytes,
                sources: count("SELECT count(*) FROM sources WHERE removed_at IS NULL")?,
                listings: count("SELECT ifnull(sum(active + withdrawn + removed), 0) FROM sources")?,
                runs: count("SELECT count(*) FROM runs")?,
                publications: count("SELECT count(*) FROM publications")?,
                publication: record::last(connection)?,
                last_run: last_run.clone(),
            })
        })
    }

    /// Looks for damage: what SQLite finds, keys that are no prefixes, counts that do not add up, a publication whose
    /// file is not what the database says. Each problem is a sentence; none is good.
    pub fn check(&self) -> Result<Vec<String>> {
        let mut problems = self.read(check_database)?;
        if let Some(last) = self.read(record::last)? {
            match self.files().read(last.serial) {
                Ok((head, _)) if head.hash != last.hash => {
                    problems
                        .push(format!("publication {} on disk is not the one in the database", last.serial));
                }
                Ok(_) => {}
                Err(error) => {
                    let cause =
                        std::error::Error::source(&error).map_or(String::new(), |cause| format!(": {cause}"));
                    problems.push(format!("publication {}: {error}{cause}", last.serial));
                }
            }
            let current = self.files().current_serial()?;
            if current.is_none_or(|current| current < last.serial) {
                problems.push(format!(
                    "the current publication is {current:?}, the database has {}",
                    last.serial
                ));
            }
        }
        // Not of a copy or a backup: a record that is broken must not keep anybody from saving the rest.
        if let Chain::Broken { id, what } = self.verify_audit()? {
            problems.push(format!("the record of changes does not fit together at entry {id}: {what}"));
        }
        Ok(problems)
    }

    /// Copies the database while it is in use, and checks the copy. Returns where it lies: `to`, or a dated file in the
    /// directory of backups.
    pub fn backup(&self, to: Option<&Path>) -> Result<PathBuf> {
        let to = to.map_or_else(|| backup_path(&self.dir, self.now()), Path::to_owned);
        self.read(|connection| backup(connection, &to))?;
        Ok(to)
    }

    /// Puts a backup in the place of the database, after a backup of what is there now. Returns where that lies.
    /// Programs that have the database open see the restored one.
    pub fn restore(&self, from: &Path) -> Result<PathBuf> {
        let not_one = |_| Error::NotABackup { path: from.to_owned() };
        fs::File::open(from).map_err(Error::file("cannot read the backup", from))?;
        let source = connect(from, OpenFlags::SQLITE_OPEN_READ_ONLY).map_err(not_one)?;
        if migrations::version(&source).map_err(not_one)? == 0 {
            return Err(Error::NotABackup { path: from.to_owned() });
        }
        // Refuses a newer or a foreign schema before anything changes.
        migrations::pending(&source)?;
        if !check_database(&source)?.is_empty() {
            return Err(Error::Corrupt { what: "something in the backup" });
        }
        let saved = self.backup(None)?;
        let _lock = self.files().lock()?;
        let mut writer = self.writer();
        copy(&source, &mut writer, "cannot restore the database")?;
        let pending = migrations::pending(&writer)?;
        migrations::apply(&mut writer, pending, self.now())?;
        Ok(saved)
    }
}

/// Moves a database that cannot be opened out of the way, with its log, so that a backup can be restored. Returns where
/// it lies now.
pub(super) fn set_aside(database: &Path, now: Time) -> Result<PathBuf> {
    let stamp: String = now.to_string().chars().filter(char::is_ascii_alphanumeric).collect();
    let aside = |end: &str| PathBuf::from(format!("{}.broken-{stamp}{end}", database.display()));
    for end in ["-wal", "-shm", ""] {
        let from = PathBuf::from(format!("{}{end}", database.display()));
        match fs::rename(&from, aside(end)) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                return Err(Error::file("cannot move the broken database away", &from)(error));
            }
            _ => {}
        }
    }
    Ok(aside(""))
}

fn check_database(connection: &Connection) -> Result<Vec<String>> {
    let failed = || Error::database("cannot check the database");
    let texts = |sql: &str| -> Result<Vec<String>> {
        connection
            .prepare(sql)
            .and_then(|mut statement| statement.query_map([], |row| row.get(0))?.collect())
            .map_err(failed())
    };
    let mut problems =
        texts("SELECT integrity_check FROM pragma_integrity_check WHERE integrity_check <> 'ok'")?;
    problems.extend(texts(
        "SELECT 'a row of ' || \"table\" || ' points to a ' || parent || ' that is not there'
         FROM pragma_foreign_key_check",
    )?);
    // Skips from source to source along the primary key.
    problems.extend(texts(
        "WITH RECURSIVE found (source) AS (
            SELECT min(source) FROM listings
            UNION ALL SELECT (SELECT min(source) FROM listings WHERE source > found.source) FROM found
            WHERE found.source IS NOT NULL)
         SELECT 'listings point to source ' || source || ', which is not there' FROM found
         WHERE source IS NOT NULL AND source NOT IN (SELECT id FROM sources)",
    )?);
    problems.extend(texts(
        "SELECT 'source ' || name || ' counts ' || (active + withdrawn + removed) || ' listings and has ' || had
         FROM (SELECT name, active, withdrawn, removed,
                (SELECT count(*) FROM listings WHERE source = sources.id) AS had,
                (SELECT count(*) FROM listings WHERE source = sources.id AND state = 0) AS had_active,
                (SELECT count(*) FROM listings WHERE source = sources.id AND state = 2 AND state <> 0) AS had_removed
             FROM sources)
         WHERE active + withdrawn + removed <> had OR active <> had_active OR removed <> had_removed",
    )?);
    // A backup may be older.
    if migrations::version(connection)? >= 2 {
        problems.extend(texts(
            "SELECT 'source ' || name || ' has settings or a state that are no JSON' FROM sources
             WHERE NOT json_valid(settings) OR NOT json_valid(ifnull(state, '{}'))
             UNION ALL SELECT 'source ' || name || ' was removed and still has a credential' FROM sources
             WHERE removed_at IS NOT NULL AND id IN (SELECT source FROM credentials)
             UNION ALL SELECT 'source ' || name || ' has a credential of a version that was never given' FROM sources
             JOIN credentials ON credentials.source = sources.id WHERE version > credential_version
             UNION ALL SELECT 'source ' || name || ' has a session of another credential' FROM sources
             JOIN credentials ON credentials.source = sources.id JOIN portal_sessions USING (source)
             WHERE version <> portal_sessions.credential_version",
        )?);
    }
    let mut keys = connection.prepare("SELECT prefix FROM listings").map_err(failed())?;
    let mut keys = keys.query([]).map_err(failed())?;
    let mut bad = 0u64;
    while let Some(row) = keys.next().map_err(failed())? {
        let key = row.get_ref(0).map_err(failed())?.as_blob().unwrap_or_default();
        bad += u64::from(Prefix::from_key(key).is_none());
    }
    if bad > 0 {
        problems.push(format!("{bad} listings have a key that is no prefix"));
    }
    Ok(problems)
}

/// A dated name in the directory of backups.
pub(super) fn backup_path(dir: &Path, now: Time) -> PathBuf {
    let stamp: String = now.to_string().chars().filter(char::is_ascii_alphanumeric).collect();
    let dir = dir.join(BACKUPS);
    let name = |more: &str| dir.join(format!("blacklist-{stamp}{more}.db"));
    let free = (1..1000).map(|n| name(&format!("-{n}"))).find(|path| !path.exists());
    if name("").exists() { free.unwrap_or_else(|| name("")) } else { name("") }
}

/// Copies a database into a new file that only the owner reads, and checks the copy. A file that is there is not
/// overwritten: it may be the only good backup.
pub(super) fn backup(connection: &Connection, to: &Path) -> Result<()> {
    let failed = Error::file;
    if let Some(dir) = to.parent().filter(|dir| !dir.as_os_str().is_empty()) {
        fs::create_dir_all(dir).map_err(failed("cannot make the directory of the backup", dir))?;
    }
    fs::OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(to)
        .map_err(failed("cannot make the backup", to))?;
    let whole = (|| {
        let mut copy_to = Connection::open(to).map_err(Error::database("cannot open the backup"))?;
        copy(connection, &mut copy_to, "cannot copy the database")?;
        // The copy says WAL like its original; a backup is one file.
        copy_to
            .pragma_update(None, "journal_mode", "DELETE")
            .map_err(Error::database("cannot finish the backup"))?;
        if check_database(&copy_to)?.is_empty() {
            Ok(())
        } else {
            Err(Error::Corrupt { what: "something in the copy" })
        }
    })();
    if whole.is_err() {
        let _ = fs::remove_file(to);
        return whole;
    }
    fs::set_permissions(to, fs::Permissions::from_mode(0o600))
        .map_err(failed("cannot protect the backup", to))?;
    fs::File::open(to).and_then(|file| file.sync_all()).map_err(failed("cannot sync the backup", to))
}

fn copy(from: &Connection, to: &mut Connection, what: &'static str) -> Result<()> {
    Backup::new(from, to)
        .and_then(|backup| backup.run_to_completion(STEP, Duration::ZERO, None))
        .map_err(Error::database(what))
}
