//! From the start of the process to the first answer, with a million entries published on the disk.

use std::fs;
use std::net::Ipv4Addr;
use std::time::Instant;

use anyhow::ensure;

use super::guard::{Guard, located};
use super::program::{self, Program};
use super::report::{Goal, Report};
use super::{ask, rbldnsd, upsert};

const ROUNDS: usize = 9;
const FEED: &str = "start u1, first feed, vs a scan of SQLite";

pub(crate) fn run(report: &mut Report) -> anyhow::Result<()> {
    let Some(program) = Program::find(report, FEED)? else { return Ok(()) };
    let hosts = program::hosts();
    program.published(&hosts)?;
    let mut sorted = hosts.clone();
    sorted.sort_unstable();
    let database = program.at("bare.db");
    upsert::upsert(&database, &sorted, 1)?;
    let scan = || {
        let (rows, seconds) = upsert::scan(&database)?;
        ensure!(rows == hosts.len(), "{rows} of {} rows", hosts.len());
        Ok(seconds * 1e3)
    };
    let question = format!("/api/v1/lookup?ip={}", Ipv4Addr::from(hosts[0]));

    let feed = || until_200(&program, "/feeds/default/plain");
    report.compare(FEED, "ms", ROUNDS, Goal::Told, feed, scan)?;
    let lookup = || until_200(&program, &question);
    report.compare("start u1, first lookup, vs a scan of SQLite", "ms", ROUNDS, Goal::Told, lookup, scan)?;

    let goals = [("start u1, first lookup, vs rbldnsd", 0.4), ("start u1, no publication, vs rbldnsd", 1.0)];
    let Some(peer) = located("rbldnsd") else {
        for (name, _) in goals {
            report.skipped(name, "rbldnsd is not installed");
        }
        return Ok(());
    };
    let zone = program.at("zone");
    rbldnsd::zone(&zone, &program.list(&hosts)?)?;
    let peer = || Ok(rbldnsd::first_answer(&peer, &zone, hosts[0])? * 1e3);
    report.compare(goals[0].0, "ms", ROUNDS, Goal::AtMost(goals[0].1), lookup, peer)?;
    let from_store = || {
        fs::remove_dir_all(store::Store::publications_dir(&program.data()))?;
        until_200(&program, &question)
    };
    report.compare(goals[1].0, "ms", ROUNDS, Goal::AtMost(goals[1].1), from_store, peer)
}

/// Milliseconds from the start of the server until a path answers 200.
fn until_200(program: &Program, path: &str) -> anyhow::Result<f64> {
    let began = Instant::now();
    let mut server = Guard::spawn(&mut program.server())?;
    let address = server.announced()?;
    ask::wait_for_200(&mut server, &address, path)?;
    Ok(began.elapsed().as_secs_f64() * 1e3)
}
