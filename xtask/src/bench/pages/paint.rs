//! When a browser has painted the dashboard. A script of the browser tests asks a headless Chromium.

use std::path::Path;
use std::process::Command;

use anyhow::{Context as _, ensure};

use super::super::guard::located;
use super::super::report::{Goal, Report};

/// The aim, in milliseconds.
const AIM: f64 = 300.0;
const SCRIPT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/browser/paint.mjs");
const FIRST: &str = "dashboard 1M, first contentful paint";
const LARGEST: &str = "dashboard 1M, largest contentful paint";
/// What the script ends with when it cannot measure, and says why.
const CANNOT: i32 = 77;

pub(super) fn run(report: &mut Report, address: &str, cookie: &str) -> anyhow::Result<()> {
    let missing = if located("node").is_none() {
        Some("could not measure: node is not installed")
    } else if !Path::new(SCRIPT).is_file() {
        Some("could not measure: tests/browser/paint.mjs is not there")
    } else {
        None
    };
    if let Some(why) = missing {
        report.skipped(FIRST, why);
        return Ok(());
    }
    let output = Command::new("node").arg(SCRIPT).arg(format!("http://{address}/")).arg(cookie).output()?;
    let told = String::from_utf8_lossy(&output.stdout);
    if output.status.code() == Some(CANNOT) {
        report.skipped(FIRST, &format!("could not measure: {}", told.trim()));
        return Ok(());
    }
    ensure!(output.status.success(), "paint.mjs: {}", String::from_utf8_lossy(&output.stderr));
    let number = |name: &str| -> anyhow::Result<f64> {
        let line = told.lines().find_map(|line| line.strip_prefix(name)).context("paint.mjs told no time")?;
        Ok(line.trim().parse()?)
    };
    report.value(FIRST, "ms", Goal::AtMost(AIM), number("first")?);
    report.value(LARGEST, "ms", Goal::AtMost(AIM), number("largest")?);
    Ok(())
}
