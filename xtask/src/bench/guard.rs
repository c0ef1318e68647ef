//! Programs that run beside a measurement, and end with it whatever becomes of it.

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context as _, ensure};

/// How long a program may take to begin or to end. A bound against hanging, not a measure.
pub(crate) const PATIENCE: Duration = Duration::from_secs(20);

/// A running program. Dropped, it is asked to end (SIGTERM), then made to.
pub(crate) struct Guard {
    child: Child,
    stdout: BufReader<ChildStdout>,
}

impl Guard {
    /// Starts a program.
    pub(crate) fn spawn(command: &mut Command) -> anyhow::Result<Self> {
        let mut child = command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .with_context(|| format!("{command:?}"))?;
        let stdout = child.stdout.take().context("standard output of a program that was just started")?;
        Ok(Self { child, stdout: BufReader::new(stdout) })
    }

    /// The address in the first line, which is `listening on http://ADDRESS`.
    pub(crate) fn announced(&mut self) -> anyhow::Result<String> {
        let mut line = String::new();
        self.stdout.read_line(&mut line)?;
        let address = line.trim_end().strip_prefix("listening on http://");
        Ok(address.with_context(|| format!("the first line is {line:?}, not where it listens"))?.to_owned())
    }

    /// Fails when the program has ended by itself.
    pub(crate) fn still_runs(&mut self) -> anyhow::Result<()> {
        let ended = self.child.try_wait()?;
        ensure!(ended.is_none(), "a program beside the measurement has ended: {ended:?}");
        Ok(())
    }

    /// Processor time of the program and of the kernel for it so far, in seconds, as the kernel counts it: by hundredths.
    pub(crate) fn busy(&self) -> anyhow::Result<f64> {
        let path = format!("/proc/{}/stat", self.child.id());
        let stat = fs::read_to_string(&path).context(path)?;
        // The second field is a name in parentheses; numbers 14 and 15 are the two times.
        let fields = stat.rsplit_once(')').context("a process without a name")?.1.split_whitespace();
        Ok(fields.skip(11).take(2).filter_map(|ticks| ticks.parse::<f64>().ok()).sum::<f64>() / 100.0)
    }

    /// Memory that the program has now, in MiB.
    pub(crate) fn memory(&self) -> anyhow::Result<f64> {
        self.status("VmRSS:")
    }

    /// The most memory that it has had at once since the last call of this, in MiB.
    pub(crate) fn peak_memory(&self) -> anyhow::Result<f64> {
        let peak = self.status("VmHWM:")?;
        // The kernel begins anew.
        fs::write(format!("/proc/{}/clear_refs", self.child.id()), "5")?;
        Ok(peak)
    }

    fn status(&self, name: &str) -> anyhow::Result<f64> {
        let path = format!("/proc/{}/status", self.child.id());
        let text = fs::read_to_string(&path).context(path)?;
        let line =
            text.lines().find_map(|line| line.strip_prefix(name)).context("a process without memory")?;
        let kibibytes: f64 = line.trim().trim_end_matches("kB").trim().parse()?;
        Ok(kibibytes / 1_024.0)
    }

    fn end(&mut self) -> anyhow::Result<()> {
        if self.child.try_wait()?.is_some() {
            return Ok(());
        }
        // The standard library sends SIGKILL alone, and that would leave the workers of nginx behind.
        Command::new("sh").args(["-c", "kill -TERM \"$1\"", "sh", &self.child.id().to_string()]).status()?;
        let began = Instant::now();
        while began.elapsed() < PATIENCE {
            if self.child.try_wait()?.is_some() {
                return Ok(());
            }
            std::thread::sleep(Duration::from_millis(5));
        }
        anyhow::bail!("process {} does not end when asked to", self.child.id())
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        if let Err(error) = self.end() {
            eprintln!("{error:#}");
            // Nothing more can be done about a process that even this does not end.
            let _ = self.child.kill();
            let _ = self.child.wait();
        }
    }
}

/// A command that the kernel ends when this process dies by a signal, where the tool for it is installed: no guard is
/// dropped then.
pub(crate) fn bound(program: &Path) -> Command {
    if located("setpriv").is_none() {
        return Command::new(program);
    }
    let mut command = Command::new("setpriv");
    command.args(["--pdeathsig", "TERM", "--"]).arg(program);
    command
}

/// Where a program lies: on the path, or where Debian puts daemons, which is not on everybody's path.
pub(crate) fn located(program: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let dirs = std::env::split_paths(&path).chain(["/usr/sbin", "/sbin"].map(PathBuf::from));
    dirs.map(|dir| dir.join(program)).find(|file| file.is_file())
}

/// A port of the loopback that is free now.
pub(crate) fn free_port() -> anyhow::Result<u16> {
    Ok(TcpListener::bind("127.0.0.1:0")?.local_addr()?.port())
}
