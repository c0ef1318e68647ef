//! Every page, and searches, with 10,000 and with 1,000,000 listings: what a browser on this machine waits for the server.
//!
//! The peer is a bare axum that answers the very same bytes from memory: what is left is our own work. A page is to be there
//! within 50 ms in 99 of 100 times, and the dashboard to be painted within 300 ms.

mod asks;
mod beside;
mod browser;
mod fill;
mod paint;
mod table;

use std::fs;

use anyhow::ensure;

use self::asks::Ask;
use self::browser::Browser;
use self::table::{Measured, Row, Times};
use super::guard::{self, Guard};
use super::program::Program;
use super::report::{Goal, Report};

/// Listings that were brought.
const SIZES: [(&str, usize); 2] = [("10k", 10_000), ("1M", 1_000_000)];
/// How often everything is measured in turns: what another program took of the machine hits one of them.
const ROUNDS: usize = 3;
/// Requests of a round at most, and how long they may take in all, in milliseconds.
const REQUESTS: usize = 100;
const PATIENCE: f64 = 250.0;
/// Requests of a round at least.
const LEAST: usize = 20;
const WARM_UP: usize = 3;

pub(crate) fn run(report: &mut Report) -> anyhow::Result<()> {
    let mut rows: Vec<Row> = Vec::new();
    for (size_name, size) in SIZES {
        let Some(program) = Program::find(report, "pages")? else { return Ok(()) };
        let world = fill::fill(&program.data(), size)?;
        let (mut server, address) = program.serve()?;
        println!("# pages, {size_name}: {} MiB of memory when ready", memory(&server)?);
        let mut browser = Browser::at(&address)?;
        browser.sign_in(beside::NAME, beside::PASSWORD)?;
        let mut asks = asks::paths(&world, &mut browser)?;
        asks.extend(asks::searches(&world));
        let measured = measure(report, &program, &mut browser, &mut asks)?;
        println!(
            "# pages, {size_name}: {} MiB after {} pages; load {}",
            memory(&server)?,
            asks.len(),
            load()
        );
        let file = file(&mut browser, &mut server)?;
        for (ask, measured) in asks.iter().zip(measured) {
            match rows.iter_mut().find(|row| row.name == ask.name) {
                Some(row) => row.large = Some(measured),
                None => rows.push(Row { name: ask.name.clone(), small: measured, large: None }),
            }
        }
        if size == SIZES[1].1 {
            table::print(report, &rows);
            report.value("/ip as a file, all of 1M: until it begins", "ms", Goal::AtMost(50.0), file.began);
            report.value("/ip as a file, all of 1M: whole", "s", Goal::Told, file.took / 1e3);
            report.value("/ip as a file, all of 1M: more memory", "MiB", Goal::AtMost(32.0), file.mebibytes);
            paint::run(report, &address, browser.cookie())?;
        }
        server.still_runs()?;
    }
    Ok(())
}

/// Each request, in turns with the peer.
fn measure(
    report: &mut Report,
    program: &Program,
    browser: &mut Browser,
    asks: &mut Vec<Ask>,
) -> anyhow::Result<Vec<Measured>> {
    let dir = program.at("bodies");
    fs::create_dir_all(&dir)?;
    let (mut all, mut good) = (Vec::new(), Vec::new());
    for ask in asks.drain(..) {
        let answer = browser.get(&ask.path)?;
        // An error is quick, and measures nothing.
        if !matches!(answer.status, 200 | 303) {
            report.skipped(&ask.name, &format!("{} answers {}", ask.path, answer.status));
            continue;
        }
        fs::write(dir.join(good.len().to_string()), &answer.body)?;
        good.push(ask);
        all.push(Measured {
            first: answer.took,
            bytes: answer.body.len(),
            ours: Times::MOST,
            peer: Times::MOST,
        });
    }
    *asks = good;
    let mut peer = Guard::spawn(guard::bound(&std::env::current_exe()?).arg("peer-axum").arg(&dir))?;
    let mut beside = Browser::at(&peer.announced()?)?;
    for _ in 0..ROUNDS {
        for (number, (ask, measured)) in asks.iter().zip(&mut all).enumerate() {
            measured.ours.better(times(browser, &ask.path)?);
            measured.peer.better(times(&mut beside, &format!("/{number}"))?);
        }
    }
    peer.still_runs()?;
    Ok(all)
}

fn times(browser: &mut Browser, path: &str) -> anyhow::Result<Times> {
    for _ in 0..WARM_UP {
        browser.get(path)?;
    }
    let (mut took, mut all) = (Vec::with_capacity(REQUESTS), 0.0);
    while took.len() < LEAST || took.len() < REQUESTS && all < PATIENCE {
        let answer = browser.get(path)?;
        all += answer.took;
        took.push(answer.took);
    }
    Ok(Times::of(took))
}

/// A file of all that is published.
struct File {
    began: f64,
    took: f64,
    mebibytes: f64,
}

fn file(browser: &mut Browser, server: &mut Guard) -> anyhow::Result<File> {
    let before = memory(server)?;
    let answer = browser.get("/ip?format=csv")?;
    ensure!(answer.status == 200, "/ip?format=csv answers {}", answer.status);
    println!(
        "# /ip?format=csv: {} lines, {} bytes",
        answer.body.split(|byte| *byte == b'\n').count() - 1,
        answer.body.len()
    );
    Ok(File { began: answer.began, took: answer.took, mebibytes: (server.peak_memory()? - before).max(0.0) })
}

fn memory(server: &Guard) -> anyhow::Result<f64> {
    server.memory().map(f64::round)
}

/// How busy the machine is: processes that want to run, on average of a minute.
fn load() -> String {
    let text = fs::read_to_string("/proc/loadavg").unwrap_or_default();
    text.split(' ').next().unwrap_or("unknown").to_owned()
}
