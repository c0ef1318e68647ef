//! One question a request, beside a bare axum server that answers every question with the same 16 bytes.

use std::fmt::Write as _;
use std::fs;
use std::net::Ipv4Addr;

use anyhow::Context as _;

use super::data::Random;
use super::guard::{self, Guard};
use super::http::ROUNDS;
use super::import::in_turns;
use super::program::Program;
use super::report::{Goal, Report};
use super::wrk::Load;

/// How many different questions are asked, again and again.
const QUESTIONS: usize = 20_000;

pub(crate) fn run(report: &mut Report, program: &Program, hosts: &[u32]) -> anyhow::Result<()> {
    let (mut server, ours) = program.serve()?;
    let this = std::env::current_exe().context("the path of this program")?;
    let mut peer = Guard::spawn(guard::bound(&this).arg("peer-axum"))?;
    let theirs = peer.announced()?;

    let paths = program.at("questions.txt");
    let mut text = String::new();
    for address in half_listed(hosts, QUESTIONS) {
        writeln!(text, "/api/v1/lookup?ip={address}")?;
    }
    fs::write(&paths, text)?;
    // Requests are formed once, so that wrk does as much for us as for the peer: take the next from a table.
    let script = format!(
        r#"
local asked, at = {{}}, 0
function init(args)
  for line in io.lines("{}") do asked[#asked + 1] = wrk.format("GET", line) end
end
function request()
  at = at % #asked + 1
  return asked[at]
end
"#,
        paths.display()
    );
    let load = |address: &str| {
        let load = Load { connections: 32, fields: &[], script: &script };
        load.run(&program.at(""), &format!("http://{address}/api/v1/lookup"))
    };
    let pairs = (0..ROUNDS)
        .map(|round| in_turns(round, || load(&ours), || load(&theirs)))
        .collect::<anyhow::Result<Vec<_>>>()?;
    server.still_runs()?;
    peer.still_runs()?;
    let rates: Vec<_> = pairs.iter().map(|(ours, peer)| (ours.requests, peer.requests)).collect();
    report.pairs("lookup, 32 connections, vs bare axum", "1/s", Goal::AtLeast(0.90), &rates)?;
    let slowest: Vec<_> = pairs.iter().map(|(ours, peer)| (ours.p99, peer.p99)).collect();
    report.pairs("lookup, 32 connections, p99, vs bare axum", "ms", Goal::AtMost(1.2), &slowest)
}

/// Addresses of which every second is listed.
pub(crate) fn half_listed(hosts: &[u32], count: usize) -> Vec<Ipv4Addr> {
    let mut random = Random::new(7);
    (0..count)
        .map(|n| match n % 2 {
            0 => random.address(),
            _ => hosts[random.below(hosts.len() as u64) as usize],
        })
        .map(Ipv4Addr::from)
        .collect()
}
