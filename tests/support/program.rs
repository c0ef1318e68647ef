//! The program with a data directory of its own, gone when the test ends.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use serde_json::Value;

/// The program under test and the directory it works in.
pub(crate) struct Program {
    binary: PathBuf,
    dir: tempfile::TempDir,
}

impl Program {
    /// The program that cargo built for this test, with an empty data directory.
    pub(crate) fn new() -> Self {
        Self::of(Path::new(env!("CARGO_BIN_EXE_blacklist")))
    }

    /// Another build of the program, with an empty data directory.
    pub(crate) fn of(binary: &Path) -> Self {
        Self { binary: binary.to_owned(), dir: tempfile::tempdir().unwrap() }
    }

    /// Where the executable lies.
    pub(crate) fn binary(&self) -> &Path {
        &self.binary
    }

    /// A path for a file of the test, beside the data directory and not in it.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    /// The data directory.
    pub(crate) fn data(&self) -> PathBuf {
        self.path("data")
    }

    /// Writes a file of the test and says where.
    pub(crate) fn write(&self, name: &str, text: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path(name);
        std::fs::write(&path, text).unwrap();
        path
    }

    /// `blacklist --data-dir DIR ARGS`, not yet started; without the settings the environment may hold for the program.
    pub(crate) fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(&self.binary);
        command.arg("--data-dir").arg(self.data()).args(args).stdin(Stdio::null());
        for (name, _) in std::env::vars_os() {
            if name.to_string_lossy().starts_with("BLACKLIST_") {
                command.env_remove(name);
            }
        }
        command
    }

    /// Runs a command to its end.
    pub(crate) fn output(&self, args: &[&str]) -> Output {
        self.command(args).output().unwrap()
    }

    /// Runs a command to its end with a text on its standard input.
    pub(crate) fn given(&self, text: &str, args: &[&str]) -> Output {
        let mut command = self.command(args);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        child.stdin.take().unwrap().write_all(text.as_bytes()).unwrap();
        child.wait_with_output().unwrap()
    }

    /// Runs a command with `--json`, and hands back its exit code and its one value.
    pub(crate) fn answer(&self, args: &[&str]) -> (i32, Value) {
        let output = self.output(&[args, &["--json"]].concat());
        let text = String::from_utf8(output.stdout).unwrap();
        let value = serde_json::from_str(&text).unwrap_or_else(|error| panic!("{args:?}: {error}: {text}"));
        (output.status.code().unwrap(), value)
    }

    /// Runs a command that must end with exit 0, and hands back its standard output.
    pub(crate) fn run(&self, args: &[&str]) -> String {
        let output = self.output(args);
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{args:?} ended with {}: {stderr}", output.status);
        String::from_utf8(output.stdout).unwrap()
    }

    /// Runs a command with `--json` that must end with exit 0, and hands back its one value.
    pub(crate) fn json(&self, args: &[&str]) -> Value {
        let text = self.run(&[args, &["--json"]].concat());
        serde_json::from_str(&text).unwrap_or_else(|error| panic!("{args:?} --json: {error}: {text}"))
    }

    /// Imports a file as the whole list of `source`, which must be taken, and hands back the run.
    pub(crate) fn import(&self, file: &Path, source: &str) -> Value {
        let run = self.json(&["import", file.to_str().unwrap(), "--source", source, "--mode", "full"]);
        assert_eq!(run["state"], "done", "{run}");
        run
    }

    /// The default feed in the plain format, as the command line writes it.
    pub(crate) fn plain(&self) -> String {
        self.run(&["export", "--format", "plain"])
    }

    /// How many active listings a source has.
    pub(crate) fn active(&self, source: &str) -> u64 {
        number(&self.json(&["source", "show", source]), "active")
    }

    /// How many runs the store holds.
    pub(crate) fn runs(&self) -> u64 {
        number(&self.json(&["db", "status"]), "runs")
    }
}

/// A number of an answer, which must be there.
fn number(answer: &Value, name: &str) -> u64 {
    answer[name].as_u64().unwrap_or_else(|| panic!("no number {name} in {answer}"))
}
