//! Load on an HTTP server by `wrk`, for fixed seconds.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context as _, ensure};

/// How long each load lasts.
const SECONDS: u32 = 3;

/// What wrk shall do.
pub(crate) struct Load<'a> {
    pub(crate) connections: u32,
    /// Fields of each request, such as `Accept-Encoding: gzip`.
    pub(crate) fields: &'a [&'a str],
    /// Lua that runs in wrk beside what counts the results; empty for one GET that is always the same.
    pub(crate) script: &'a str,
}

/// What came of it.
#[derive(Clone, Copy)]
pub(crate) struct Rate {
    /// Answers a second.
    pub(crate) requests: f64,
    /// Bytes a second, heads included, in 10^9.
    pub(crate) gigabytes: f64,
    /// The time that 99 of 100 answers do not exceed, in milliseconds.
    pub(crate) p99: f64,
    /// Answers in all.
    pub(crate) answers: f64,
}

/// Prints what is parsed below. Times of wrk are in microseconds.
const DONE: &str = r#"
done = function(summary, latency)
  local e = summary.errors
  io.write(string.format("RESULT %d %d %d %d %d\n", summary.requests, summary.duration, summary.bytes,
    latency:percentile(99), e.connect + e.read + e.write + e.status + e.timeout))
end
"#;

impl Load<'_> {
    /// Loads `url`. An answer that is an error, or none, fails the measurement: errors are quick.
    pub(crate) fn run(&self, dir: &Path, url: &str) -> anyhow::Result<Rate> {
        let script = dir.join("load.lua");
        fs::write(&script, format!("{}{DONE}", self.script))?;
        let mut command = Command::new("wrk");
        command
            // One thread: with a second one the three or four of a small machine push each other off its cores.
            .arg("-t1")
            .arg(format!("-c{}", self.connections))
            .arg(format!("-d{SECONDS}s"))
            .args(["--latency", "--timeout", "10s", "-s"])
            .arg(&script);
        for field in self.fields {
            command.args(["-H", field]);
        }
        let output = command.arg(url).stdin(Stdio::null()).output().context("wrk")?;
        let text = String::from_utf8_lossy(&output.stdout);
        ensure!(output.status.success(), "wrk ended with {}: {text}", output.status);
        let result =
            text.lines().find_map(|line| line.strip_prefix("RESULT ")).context("wrk told no result")?;
        let numbers: Vec<f64> = result.split(' ').map(str::parse).collect::<Result<_, _>>()?;
        let &[answers, duration, bytes, p99, errors] = &numbers[..] else {
            anyhow::bail!("wrk told {result:?}")
        };
        ensure!(errors == 0.0 && answers > 0.0, "{url}: {answers} answers, {errors} errors");
        let seconds = duration / 1e6;
        Ok(Rate { requests: answers / seconds, gigabytes: bytes / seconds / 1e9, p99: p99 / 1e3, answers })
    }
}
