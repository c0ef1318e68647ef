//! What the end-to-end tests share: a program with its own data directory, a running server, a tiny HTTP client, synthetic
//! lists and sets of addresses to compare with. Nothing here knows the inside of the program: only its command line and wire.
#![allow(dead_code, reason = "each test file compiles this for itself and uses a part")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stderr,
    reason = "tests only"
)]

pub(crate) mod http;
pub(crate) mod program;
pub(crate) mod server;
pub(crate) mod spans;
pub(crate) mod synthetic;

use std::fs::OpenOptions;
use std::io::Write;
use std::process::{Child, Command, Stdio};

/// Says on standard error, and in the file named by `BLACKLIST_TEST_SKIPS`, that `test` could not run here and `why`.
/// The caller returns at once afterwards; the test script counts those lines as skipped, not as passed.
pub(crate) fn skip(test: &str, why: &str) {
    eprintln!("SKIPPED: {test}: {why}");
    if let Some(path) = std::env::var_os("BLACKLIST_TEST_SKIPS") {
        let mut file = OpenOptions::new().create(true).append(true).open(path).unwrap();
        // One write: tests of several processes append to the same file.
        file.write_all(format!("{test}: {why}\n").as_bytes()).unwrap();
    }
}

/// Does this command end with exit 0? A command that is not there counts as no.
pub(crate) fn works(program: &str, args: &[&str]) -> bool {
    let mut command = Command::new(program);
    command.args(args).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    command.status().is_ok_and(|status| status.success())
}

/// SIGTERM. The standard library can only send SIGKILL; the shell's own kill is on every machine.
pub(crate) fn terminate(child: &Child) {
    let _ = Command::new("sh").args(["-c", "kill -TERM \"$1\"", "sh", &child.id().to_string()]).status();
}

/// The reason why `tool` cannot be run in a network namespace of its own, or nothing when it can.
pub(crate) fn no_namespace_for(tool: &str, probe: &[&str]) -> Option<String> {
    if !works("unshare", &["-n", "true"]) {
        return Some("no right to make a network namespace (needs root)".to_owned());
    }
    let args: Vec<&str> = ["-n", tool].iter().chain(probe).copied().collect();
    (!works("unshare", &args)).then(|| format!("{tool} is missing, or the kernel refuses it"))
}

/// Runs a shell script in a network namespace of its own with `$1` set to `argument`, and hands back what it printed.
pub(crate) fn in_namespace(script: &str, argument: &std::path::Path) -> String {
    let output =
        Command::new("unshare").args(["-n", "sh", "-euc", script, "sh"]).arg(argument).output().unwrap();
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{script}\nended with {}: {stderr}", output.status);
    String::from_utf8(output.stdout).unwrap()
}
