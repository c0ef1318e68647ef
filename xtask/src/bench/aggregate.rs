//! Ten million lines merged, as a process, against `iprange`.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, ensure};

use super::report::{Goal, Report};
use super::{child, data};

const LINES: usize = 10_000_000;
const ROUNDS: usize = 5;

pub(crate) fn run(report: &mut Report) -> anyhow::Result<()> {
    let name = "aggregate, m10, wall, vs iprange";
    if !child::installed("iprange") {
        report.skipped(name, "iprange is not installed");
        return Ok(());
    }
    let dir = std::env::temp_dir().join(format!("blacklist-bench-{}", std::process::id()));
    fs::create_dir_all(&dir)?;
    let measured = measure(report, name, &dir);
    fs::remove_dir_all(&dir)?;
    measured
}

fn measure(report: &mut Report, name: &str, dir: &Path) -> anyhow::Result<()> {
    let (input, ours_out, peer_out) = (dir.join("m10.txt"), dir.join("ours"), dir.join("peer"));
    fs::write(&input, data::text(&data::mixed(LINES)))?;
    let program = program()?;
    println!("# aggregate runs {} as a process", program.display());
    let mut pairs = Vec::new();
    for round in 0..ROUNDS {
        let ours = || child::run(Command::new(&program).arg("aggregate").arg(&input), &ours_out);
        let peer = || child::run(Command::new("iprange").arg(&input), &peer_out);
        let pair = if round % 2 == 0 {
            let ours = ours()?;
            (ours, peer()?)
        } else {
            let peer = peer()?;
            (ours()?, peer)
        };
        pairs.push(pair);
    }
    let (ours, peer) = (fs::read(&ours_out)?, fs::read(&peer_out)?);
    ensure!(ours == peer, "the results differ: {} bytes of ours, {} of iprange", ours.len(), peer.len());
    let seconds: Vec<_> = pairs.iter().map(|(ours, peer)| (ours.seconds, peer.seconds)).collect();
    report.pairs(name, "s", Goal::AtMost(0.085), &seconds)?;
    // What a machine that does other things too does not change.
    let busy: Vec<_> = pairs.iter().map(|(ours, peer)| (ours.busy, peer.busy)).collect();
    report.pairs("aggregate, m10, processor time, vs iprange", "s", Goal::AtMost(0.085), &busy)?;
    let memory: Vec<_> = pairs.iter().map(|(ours, peer)| (ours.mebibytes, peer.mebibytes)).collect();
    report.pairs("aggregate, m10, memory, vs iprange", "MiB", Goal::AtMost(1.5), &memory)
}

/// The program beside this one when it has been built, or else this one, which is the library alone.
fn program() -> anyhow::Result<PathBuf> {
    let this = std::env::current_exe().context("the path of this program")?;
    let built = this.with_file_name("blacklist");
    Ok(if built.is_file() { built } else { this })
}
