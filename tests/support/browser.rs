//! Ways through the pages, walked by a real Chromium: `tests/browser/ways/*.mjs`, one test each.
#![allow(dead_code, reason = "each test file compiles this for itself and uses a part")]
#![allow(clippy::unwrap_used, clippy::panic, reason = "tests only")]

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::{Value, json};

use crate::support::program::Program;
use crate::support::server::Server;
use crate::support::{skip, works};

/// Not a secret: the tests' own.
pub(crate) const PASSWORD: &str = "corner lamp seven otter";

/// Where the ways lie, with the packages that they need.
fn home() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/browser")
}

/// Why no browser can be driven here, if it cannot.
fn missing() -> Option<&'static str> {
    if !works("/usr/bin/chromium", &["--version"]) {
        return Some("/usr/bin/chromium is missing");
    }
    if !works("node", &["--version"]) {
        return Some("node is missing");
    }
    let has_packages = home().join("node_modules/playwright-core/package.json").is_file();
    (!has_packages).then_some("the packages are missing: npm ci --prefix tests/browser")
}

/// Whether a browser can be driven; if not, that is said.
pub(crate) fn is_there(test: &str) -> bool {
    missing().inspect(|why| skip(test, why)).is_none()
}

/// Walks a way on a running server, with what it is given beside the address; what went wrong there fails the test. Pictures
/// of the pages are kept beside the build.
pub(crate) fn walk(way: &str, server: &Server, mut given: Value) {
    given["base"] = json!(format!("http://{}", server.address()));
    given["shots"] = json!(Path::new(env!("CARGO_TARGET_TMPDIR")).join("shots").join(way));
    let mut command = Command::new("node");
    command.arg("run.mjs").arg(way).current_dir(home()).stdin(Stdio::piped());
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(given.to_string().as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    let (said, wrong) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{way} ended with {}\n{said}{wrong}", output.status);
}

/// An account with the tests' password.
pub(crate) fn add_user(program: &Program, name: &str, role: &str) {
    let output =
        program.given(&format!("{PASSWORD}\n"), &["user", "add", name, "--role", role, "--file", "-"]);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}
