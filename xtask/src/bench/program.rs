//! The release program, as a user has it: a file that is run.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, ensure};
use prefix::{Net4, Prefix, Rules};

use super::guard::{self, Guard};
use super::report::Report;
use super::{ask, child, data};

/// How many addresses the list has.
pub(crate) const COUNT: usize = 1_000_000;

/// The program and a directory that goes when this is dropped.
pub(crate) struct Program {
    path: PathBuf,
    dir: tempfile::TempDir,
}

impl Program {
    /// The program beside this one. Says which lines are left out when it has not been built.
    pub(crate) fn find(report: &mut Report, what: &str) -> anyhow::Result<Option<Self>> {
        let path = std::env::current_exe().context("the path of this program")?.with_file_name("blacklist");
        if !path.is_file() {
            report.skipped(what, &format!("{} is not there: scripts/build.sh makes it", path.display()));
            return Ok(None);
        }
        // Peers run as users of their own and have to read what lies here.
        let dir = {
            use std::os::unix::fs::PermissionsExt as _;
            let open = fs::Permissions::from_mode(0o755);
            tempfile::Builder::new().prefix("blacklist-bench-").permissions(open).tempdir()?
        };
        Ok(Some(Self { path, dir }))
    }

    /// A path in the directory.
    pub(crate) fn at(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    /// The data directory.
    pub(crate) fn data(&self) -> PathBuf {
        self.at("data")
    }

    /// `blacklist --data-dir DIR`, without the settings that the environment may hold for it.
    pub(crate) fn command(&self) -> Command {
        self.without_settings(Command::new(&self.path))
    }

    /// Imports a file as one run, and how long the process took.
    pub(crate) fn import(&self, file: &Path, source: &str, mode: &str) -> anyhow::Result<child::Cost> {
        let mut command = self.command();
        command.arg("import").arg(file).args(["--source", source, "--mode", mode, "-q"]);
        child::run(&mut command, &self.at("import.out"))
    }

    /// Serves the data directory: the server and its address, ready.
    pub(crate) fn serve(&self) -> anyhow::Result<(Guard, String)> {
        let mut server = Guard::spawn(&mut self.server())?;
        let address = server.announced()?;
        ask::wait_for_200(&mut server, &address, "/readyz")?;
        Ok((server, address))
    }

    /// `blacklist serve` on a free port.
    pub(crate) fn server(&self) -> Command {
        let mut command = self.without_settings(guard::bound(&self.path));
        command.args(["serve", "--listen", "127.0.0.1:0"]).env("BLACKLIST_LOG__LEVEL", "warn");
        command
    }

    /// A new data directory with the million published.
    pub(crate) fn published(&self, hosts: &[u32]) -> anyhow::Result<()> {
        let file = self.list(hosts)?;
        self.import(&file, "u1", "full")?;
        let publication = store::PublicationFiles::open(&store::Store::publications_dir(&self.data()))?;
        let entries = publication.load_current()?.map_or(0, |publication| publication.entries());
        ensure!(entries == hosts.len(), "{entries} of {} addresses are published", hosts.len());
        Ok(())
    }

    /// The list as a file, one address a line.
    pub(crate) fn list(&self, hosts: &[u32]) -> anyhow::Result<PathBuf> {
        let file = self.at("u1.txt");
        let nets: Vec<Net4> = hosts.iter().copied().map(Net4::host).collect();
        fs::write(&file, data::text(&nets))?;
        Ok(file)
    }

    fn without_settings(&self, mut command: Command) -> Command {
        for (name, _) in std::env::vars_os() {
            if name.to_string_lossy().starts_with("BLACKLIST_") {
                command.env_remove(name);
            }
        }
        command.arg("--data-dir").arg(self.data());
        command
    }
}

/// u1: a million different addresses in no order, none of them special, so that every row is a listing.
pub(crate) fn hosts() -> Vec<u32> {
    let mut hosts = data::distinct(COUNT + COUNT / 100);
    hosts.retain(|&host| Rules::default().admit(Prefix::from(Net4::host(host))).is_ok());
    hosts.truncate(COUNT);
    hosts
}
