//! `xtask bench [NAME..]`: us and our peers in turns on the same seeded data.
//!
//! Only ratios inside one run hold, and only on a quiet machine: a goal that is missed is told and is no error.
//! A new benchmark is one file here and one row of [`BENCHMARKS`].

mod aggregate;
mod ask;
mod bulk;
mod change;
mod child;
pub(crate) mod collect;
mod data;
mod feeds;
mod guard;
mod http;
mod import;
mod lookup;
mod lookup6;
mod nginx;
mod pages;
mod parse;
mod program;
mod questions;
mod rbldnsd;
mod report;
mod start;
mod upsert;
mod wrk;

use anyhow::bail;

use self::report::Report;

/// A benchmark: its name, and what runs it.
type Benchmark = (&'static str, fn(&mut Report) -> anyhow::Result<()>);

/// All benchmarks, in the order they run.
const BENCHMARKS: [Benchmark; 10] = [
    ("parse", parse::run),
    ("aggregate", aggregate::run),
    ("lookup", lookup::run),
    ("lookup6", lookup6::run),
    ("import", import::run),
    ("collect", collect::run),
    ("change", change::run),
    ("http", http::run),
    ("start", start::run),
    ("pages", pages::run),
];

pub(crate) fn run(names: &[String]) -> anyhow::Result<()> {
    if let Some(unknown) = names.iter().find(|&name| BENCHMARKS.iter().all(|(known, _)| known != name)) {
        let known: Vec<_> = BENCHMARKS.iter().map(|(name, _)| *name).collect();
        bail!("no benchmark {unknown}; there are: {}", known.join(", "));
    }
    let mut report = Report::new();
    for (name, benchmark) in BENCHMARKS {
        if names.is_empty() || names.iter().any(|wanted| wanted == name) {
            benchmark(&mut report)?;
        }
    }
    report.end();
    Ok(())
}
