//! Other programs: how long they run and how much memory they take.

use std::fs::{self, File};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context as _, ensure};

/// What a run cost.
#[derive(Clone, Copy)]
pub(crate) struct Cost {
    /// From start to end, in seconds.
    pub(crate) seconds: f64,
    /// Processor time of program and kernel, in seconds, as the kernel counts it: by hundredths.
    pub(crate) busy: f64,
    /// The most memory at once, in MiB.
    pub(crate) mebibytes: f64,
}

/// Runs a command to its end, its output in `output`.
pub(crate) fn run(command: &mut Command, output: &Path) -> anyhow::Result<Cost> {
    let out = File::create(output).with_context(|| output.display().to_string())?;
    let before = children_busy()?;
    let began = Instant::now();
    let mut child =
        command.stdin(Stdio::null()).stdout(out).spawn().with_context(|| format!("{command:?}"))?;
    let status = format!("/proc/{}/status", child.id());
    let mut peak = 0.0_f64;
    // The kernel keeps the peak itself; looking now and then only has to come before the end.
    let done = loop {
        if let Some(done) = child.try_wait()? {
            break done;
        }
        peak = peak.max(high_water(&status).unwrap_or(0.0));
        std::thread::sleep(Duration::from_millis(2));
    };
    let seconds = began.elapsed().as_secs_f64();
    ensure!(done.success(), "{command:?} ended with {done}");
    Ok(Cost { seconds, busy: children_busy()? - before, mebibytes: peak })
}

/// Processor time of all children that have ended, in seconds.
fn children_busy() -> anyhow::Result<f64> {
    let stat = fs::read_to_string("/proc/self/stat").context("/proc/self/stat")?;
    // The second field is a name in parentheses; of the others, numbers 16 and 17 are those of the children.
    let fields = stat.rsplit_once(')').context("/proc/self/stat has no name")?.1.split_whitespace();
    let ticks: f64 = fields.skip(13).take(2).filter_map(|field| field.parse::<f64>().ok()).sum();
    Ok(ticks / 100.0)
}

fn high_water(status: &str) -> Option<f64> {
    let text = fs::read_to_string(status).ok()?;
    let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim().strip_suffix("kB")?.trim().parse::<f64>().ok().map(|kib| kib / 1024.0)
}

/// Whether a program of this name is on the path.
pub(crate) fn installed(program: &str) -> bool {
    std::env::var_os("PATH")
        .is_some_and(|path| std::env::split_paths(&path).any(|dir| dir.join(program).is_file()))
}
