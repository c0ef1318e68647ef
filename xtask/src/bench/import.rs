//! A million lines from the file to the published list, as a process, beside the bare writing of the rows.

use std::fs::{self, OpenOptions};
use std::io::Write as _;
use std::path::Path;
use std::time::Instant;

use anyhow::ensure;

use super::program::{self, Program};
use super::report::{Goal, Report};
use super::upsert::{self, Took};

const ROUNDS: usize = 5;
const FRESH: &str = "import u1, fresh, vs a bare upsert";

pub(crate) fn run(report: &mut Report) -> anyhow::Result<()> {
    let Some(program) = Program::find(report, FRESH)? else { return Ok(()) };
    let hosts = program::hosts();
    let file = program.list(&hosts)?;
    let mut sorted = hosts;
    sorted.sort_unstable();
    println!(
        "# import: both with the log of SQLite beside the database and one sync a commit; the upsert until its commit"
    );
    println!(
        "# is done, and until its database is closed, which is when the process of an import ends as well"
    );

    let (mut fresh, mut same, mut merged) = (Vec::new(), Vec::new(), Vec::new());
    for round in 0..ROUNDS {
        let (ours, peer) = in_turns(round, || ours(&program, &file), || bare(&program, &sorted))?;
        fresh.push((ours.fresh, peer.0));
        same.push((ours.same, peer.1));
        merged.push((ours.merged, peer.1));
    }
    let to = |pairs: &[(f64, Took)], end: fn(&Took) -> f64| -> Vec<(f64, f64)> {
        pairs.iter().map(|(ours, peer)| (*ours, end(peer))).collect()
    };
    let committed = |took: &Took| took.commit;
    report.pairs(FRESH, "s", Goal::AtMost(1.3), &to(&fresh, committed))?;
    report.pairs(
        "import u1, fresh, vs a bare upsert, closed",
        "s",
        Goal::AtMost(1.3),
        &to(&fresh, |took| took.close),
    )?;
    report.pairs("import u1, same file, vs all present", "s", Goal::AtMost(0.15), &to(&same, committed))?;
    report.pairs(
        "import u1, new comment, vs all present",
        "s",
        Goal::AtMost(0.15),
        &to(&merged, committed),
    )?;
    one_more(report, &program)
}

/// Seconds of three imports in a row.
struct Ours {
    /// Into a new data directory.
    fresh: f64,
    /// The same file again.
    same: f64,
    /// The same list under a new comment line, as sources write with the date of the day: no listing changes.
    merged: f64,
}

fn ours(program: &Program, file: &Path) -> anyhow::Result<Ours> {
    if program.data().exists() {
        fs::remove_dir_all(program.data())?;
    }
    settle()?;
    let fresh = program.import(file, "u1", "full")?.seconds;
    settle()?;
    let same = program.import(file, "u1", "full")?.seconds;
    let dated = program.at("dated.txt");
    let mut text = b"# another day\n".to_vec();
    text.extend(fs::read(file)?);
    fs::write(&dated, text)?;
    settle()?;
    let merged = program.import(&dated, "u1", "full")?.seconds;
    Ok(Ours { fresh, same, merged })
}

/// Fresh, and with all rows present.
fn bare(program: &Program, sorted: &[u32]) -> anyhow::Result<(Took, Took)> {
    let path = program.at("bare.db");
    if path.exists() {
        fs::remove_file(&path)?;
    }
    settle()?;
    let fresh = upsert::upsert(&path, sorted, 1)?;
    settle()?;
    Ok((fresh, upsert::upsert(&path, sorted, 2)?))
}

/// One address of a person beside the million: how long until it is published.
fn one_more(report: &mut Report, program: &Program) -> anyhow::Result<()> {
    let (mut ours, mut floor) = (Vec::new(), Vec::new());
    for round in 0..4 * ROUNDS {
        let file = program.at("one.txt");
        fs::write(&file, format!("45.0.0.{round}\n"))?;
        settle()?;
        let added = program.import(&file, "manual", "add")?;
        ours.push(added.seconds * 1e3);
        floor.extend(syncs(&program.at("floor"), 20)?);
    }
    report.value("one address beside the million, as a process", "ms", Goal::Told, middle(&mut ours));
    report.value("one fdatasync of 4 KiB", "ms", Goal::Told, middle(&mut floor));
    Ok(())
}

/// Milliseconds of each of `count` small writes that are forced to the disk.
fn syncs(path: &Path, count: usize) -> anyhow::Result<Vec<f64>> {
    let mut file = OpenOptions::new().create(true).append(true).open(path)?;
    let mut times = Vec::with_capacity(count);
    for _ in 0..count {
        file.write_all(&[7; 4_096])?;
        let began = Instant::now();
        file.sync_data()?;
        times.push(began.elapsed().as_secs_f64() * 1e3);
    }
    Ok(times)
}

/// Lets the disk finish what was written before, so that no measurement pays for another.
pub(super) fn settle() -> anyhow::Result<()> {
    let done = std::process::Command::new("sync").status()?;
    ensure!(done.success(), "sync ended with {done}");
    Ok(())
}

fn middle(times: &mut [f64]) -> f64 {
    times.sort_by(f64::total_cmp);
    times[times.len() / 2]
}

/// Ours first in one round and last in the next.
pub(crate) fn in_turns<A, B>(
    round: usize,
    ours: impl FnOnce() -> anyhow::Result<A>,
    peer: impl FnOnce() -> anyhow::Result<B>,
) -> anyhow::Result<(A, B)> {
    if round.is_multiple_of(2) {
        let ours = ours()?;
        Ok((ours, peer()?))
    } else {
        let peer = peer()?;
        Ok((ours()?, peer))
    }
}
