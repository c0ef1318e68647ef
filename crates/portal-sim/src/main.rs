//! `portal-sim`: the simulated portals as a program.

use std::io::Write;
use std::net::SocketAddr;
use std::process::ExitCode;

use jiff::Timestamp;
use portal_sim::{Portal, Sim, SimOptions, Size};
use tokio::signal::unix::{SignalKind, signal};

const USAGE: &str = "\
usage: portal-sim [--regtech ADDR] [--secudium ADDR] [--control ADDR] [--seed N] [--size small|full] [--rate N] [--tls-ca FILE]

Simulates both portals on loopback until SIGTERM or SIGINT, and prints their addresses.
The account is `demo`, its password that of PORTAL_SIM_PASSWORD, or else a new one, printed to standard error.
  --rate N       rows that appear at REGTECH each minute
  --tls-ca FILE  speak TLS, and write the certificate of the authority to FILE
";

fn main() -> ExitCode {
    let mut stderr = std::io::stderr();
    let options = match options(std::env::args().skip(1)) {
        Ok(Some(options)) => options,
        Ok(None) => {
            let _ = std::io::stdout().write_all(USAGE.as_bytes());
            return ExitCode::SUCCESS;
        }
        Err(problem) => {
            let _ = write!(stderr, "portal-sim: {problem}\n\n{USAGE}");
            return ExitCode::from(2);
        }
    };
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    let ended = runtime.map_err(Into::into).and_then(|runtime| runtime.block_on(run(options)));
    match ended {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let cause = error.source().map(|cause| format!(": {cause}")).unwrap_or_default();
            let _ = writeln!(stderr, "portal-sim: {error}{cause}");
            ExitCode::from(3)
        }
    }
}

async fn run(options: SimOptions) -> Result<(), Box<dyn std::error::Error>> {
    let (mut term, mut int) = (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
    let sim = Sim::start(options).await?;
    let mut stdout = std::io::stdout();
    writeln!(stdout, "regtech {}", sim.url(Portal::Regtech))?;
    writeln!(stdout, "secudium {}", sim.url(Portal::Secudium))?;
    writeln!(stdout, "control {}", sim.control_url())?;
    stdout.flush()?;
    tokio::select! {
        _ = term.recv() => {}
        _ = int.recv() => {}
    }
    Ok(())
}

/// What the arguments say; nothing when help was asked for.
fn options(mut arguments: impl Iterator<Item = String>) -> Result<Option<SimOptions>, String> {
    let mut options = SimOptions {
        now: Timestamp::now(),
        running: true,
        size: Size::Full,
        accounts: vec![("demo".into(), password())],
        ..SimOptions::default()
    };
    while let Some(name) = arguments.next() {
        if matches!(name.as_str(), "-h" | "--help") {
            return Ok(None);
        }
        let value = arguments.next().ok_or_else(|| format!("{name} needs a value"))?;
        let wrong = || format!("{name} cannot be '{value}'");
        match name.as_str() {
            "--regtech" => options.regtech = loopback(&value).ok_or_else(wrong)?,
            "--secudium" => options.secudium = loopback(&value).ok_or_else(wrong)?,
            "--control" => options.control = loopback(&value).ok_or_else(wrong)?,
            "--seed" => options.seed = value.parse().map_err(|_| wrong())?,
            "--rate" => options.rate = value.parse().map_err(|_| wrong())?,
            "--tls-ca" => options.tls_ca = Some(value.into()),
            "--size" => {
                options.size = match value.as_str() {
                    "small" => Size::Small,
                    "full" => Size::Full,
                    _ => return Err(wrong()),
                }
            }
            _ => return Err(format!("unknown argument {name}")),
        }
    }
    Ok(Some(options))
}

/// An address of this machine alone: nobody else is to be given made-up portals.
fn loopback(text: &str) -> Option<SocketAddr> {
    text.parse().ok().filter(|address: &SocketAddr| address.ip().is_loopback())
}

/// The password of the environment, or a new one, which is told.
fn password() -> String {
    if let Ok(password) = std::env::var("PORTAL_SIM_PASSWORD") {
        return password;
    }
    let nanoseconds = Timestamp::now().as_nanosecond() as u64;
    let password = format!("sim-{:016x}", portal_sim::dataset::Seed(nanoseconds).number());
    let _ = writeln!(std::io::stderr(), "password of demo: {password}");
    password
}
