//! A portal's workbook from the answer to the feed: the collector, the store, the publication and a server in this process,
//! beside the bare reading of the file and the bare writing of its rows.

mod bare;
mod ours;
mod source;

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::Context as _;
use portal_sim::dataset;
use portal_sim::workbook::{self, Sheets};

use super::child;
use super::report::{Goal, Report};

const ROUNDS: usize = 5;
/// What REGTECH lists at once, and all that it ever listed.
const SIZES: [(&str, usize); 2] = [("25k", 25_000), ("130k", 130_000)];
/// The most memory that reading a portal may take, in MiB: 200 MB.
const MEMORY: f64 = 190.0;
/// The command under which this program measures its own memory.
pub(crate) const COMMAND: &str = "collect-workbook";

pub(crate) fn run(report: &mut Report) -> anyhow::Result<()> {
    println!(
        "# collect: from the first byte of the answer to the first feed with its rows. `served` is as the program does"
    );
    println!(
        "# it, which looks for a publication every {} ms; `shown` looks every 1 ms",
        server::POLL.as_millis()
    );
    let dir = tempfile::tempdir()?;
    for (name, rows) in SIZES {
        let file = dir.path().join(format!("{name}.xlsx"));
        fs::write(&file, book(rows)?)?;
        for (until, poll) in [("shown", ours::QUICK), ("served", server::POLL)] {
            report.compare(
                &format!("collect {name}, {until}, vs calamine and upsert"),
                "ms",
                ROUNDS,
                Goal::AtMost(1.3),
                || settled(|| Ok(ours::collect(&file, rows, poll)?.shown * 1e3)),
                || settled(|| Ok(bare::collect(&file, rows)? * 1e3)),
            )?;
        }
        parts(report, name, &file, rows)?;
        let mut fresh = Command::new(std::env::current_exe().context("the path of this program")?);
        let cost = child::run(fresh.arg(COMMAND).arg(&file).arg(rows.to_string()), &dir.path().join("out"))?;
        report.value(&format!("collect {name}, peak memory"), "MiB", Goal::AtMost(MEMORY), cost.mebibytes);
    }
    Ok(())
}

/// Measures when the disk has finished what was written before: both sides wait for it at their commit.
fn settled(measure: impl FnOnce() -> anyhow::Result<f64>) -> anyhow::Result<f64> {
    super::import::settle()?;
    measure()
}

/// Where the time goes, for the reader of the lines above.
fn parts(report: &mut Report, name: &str, file: &Path, rows: usize) -> anyhow::Result<()> {
    let (mut read, mut kept) = (Vec::new(), Vec::new());
    for round in 0..ROUNDS {
        let (ours, bare) =
            super::import::in_turns(round, || ours::collect(file, rows, ours::QUICK), || bare::read(file))?;
        read.push((ours.read * 1e3, bare.1 * 1e3));
        kept.push((ours.shown - ours.read) / ours.shown);
    }
    report.pairs(&format!("  reading {name}, vs calamine"), "ms", Goal::Told, &read)?;
    kept.sort_by(f64::total_cmp);
    report.value("  share of keeping, publishing, showing", "", Goal::Told, kept[kept.len() / 2]);
    Ok(())
}

/// A workbook as REGTECH sends it, all of whose rows are listed at [`ours::NOW`].
fn book(rows: usize) -> anyhow::Result<Vec<u8>> {
    let rows = dataset::rows(1, rows, jiff::civil::date(2026, 11, 20));
    workbook::regtech(&rows, Sheets::Three).context("a workbook cannot be written")
}

/// `collect-workbook FILE ROWS`: our side once, for its memory to be measured in a fresh process.
pub(crate) fn once(arguments: &[String]) -> anyhow::Result<()> {
    let [file, rows] = arguments else { anyhow::bail!("usage: {COMMAND} FILE ROWS") };
    ours::collect(Path::new(file), rows.parse()?, ours::QUICK)?;
    Ok(())
}
