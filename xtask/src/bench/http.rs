//! The server with a million entries, under load, beside its peers on the same data.

use super::program::{self, Program};
use super::report::Report;
use super::{bulk, child, feeds, questions};

/// How often each pair is measured.
pub(crate) const ROUNDS: usize = 5;

pub(crate) fn run(report: &mut Report) -> anyhow::Result<()> {
    let what = "http";
    let Some(program) = Program::find(report, what)? else { return Ok(()) };
    let hosts = program::hosts();
    program.published(&hosts)?;
    bulk::library(report, &program, &hosts)?;
    if !child::installed("wrk") {
        report.skipped("http, feeds, lookups and bulk calls", "wrk is not installed");
        return Ok(());
    }
    println!(
        "# http: wrk, server and peer share the cores of this machine; nginx has a worker for each, the others a thread"
    );
    feeds::run(report, &program)?;
    questions::run(report, &program, &hosts)?;
    bulk::over_http(report, &program, &hosts)
}
