//! A feed of a million entries under load, beside nginx with the very same bytes as files.

use std::fs;

use anyhow::ensure;

use super::guard::{Guard, located};
use super::http::ROUNDS;
use super::import::in_turns;
use super::nginx::Files;
use super::program::Program;
use super::report::{Goal, Report};
use super::wrk::{Load, Rate};
use super::{ask, nginx};

const FEED: &str = "/feeds/default/plain";
const GZIP: &str = "Accept-Encoding: gzip";

/// A line of the report.
struct Line {
    name: &'static str,
    unit: &'static str,
    goal: Goal,
    connections: u32,
    number: fn(&Rate) -> f64,
}

pub(crate) fn run(report: &mut Report, program: &Program) -> anyhow::Result<()> {
    let full = Line {
        name: "feed, whole, 4 connections, vs nginx",
        unit: "GB/s",
        goal: Goal::AtLeast(1.3),
        connections: 4,
        number: |rate| rate.gigabytes,
    };
    let gzip = Line { name: "feed, gzip, 4 connections, vs gzip_static", goal: Goal::AtLeast(1.2), ..full };
    let unchanged = Line {
        name: "feed, unchanged, 32 connections, vs nginx",
        unit: "1/s",
        goal: Goal::AtLeast(1.2),
        connections: 32,
        number: |rate| rate.requests,
    };
    let kept = Line { name: "feed, unchanged, vs nginx with open files kept", goal: Goal::Told, ..unchanged };
    let Some(nginx) = located("nginx") else {
        for line in [full, gzip, unchanged, kept] {
            report.skipped(line.name, "nginx is not installed");
        }
        return Ok(());
    };

    let (mut server, ours) = program.serve()?;
    let files = program.at(nginx::FILES);
    fs::create_dir_all(&files)?;
    let plain = ask::get(&ours, FEED, "")?;
    let packed = ask::get(&ours, FEED, &format!("{GZIP}\r\n"))?;
    ensure!(packed.field("content-encoding")? == "gzip", "our gzip is none");
    fs::write(files.join("plain"), &plain.body)?;
    fs::write(files.join("plain.gz"), &packed.body)?;
    let (mut peer, theirs) = nginx::start(&nginx, &program.at(""), Files::Opened)?;
    let mut both =
        Both { program, ours: format!("http://{ours}{FEED}"), peer: format!("http://{theirs}/plain") };
    let same = ask::get(&theirs, "/plain", &format!("{GZIP}\r\n"))?;
    ensure!(same.body == packed.body, "nginx serves other bytes");
    println!("# feeds: {} bytes, {} packed", plain.body.len(), packed.body.len());

    both.measure(report, &full, &[], &[])?;
    both.measure(report, &gzip, &[GZIP], &[GZIP])?;
    let tag = |address: &str, path: &str| -> anyhow::Result<String> {
        let tag = format!("If-None-Match: {}", ask::get(address, path, "")?.field("etag")?);
        let status = ask::get(address, path, &format!("{tag}\r\n"))?.status;
        ensure!(status == 304, "{address}{path} answers {status} to its own tag");
        Ok(tag)
    };
    let tags = (tag(&ours, FEED)?, tag(&theirs, "/plain")?);
    both.measure(report, &unchanged, &[&tags.0], &[&tags.1])?;
    let (mut quicker, theirs) = nginx::start(&nginx, &program.at(""), Files::Kept)?;
    both.peer = format!("http://{theirs}/plain");
    both.measure(report, &kept, &[&tags.0], &[&tags.1])?;
    [&mut server, &mut peer, &mut quicker].into_iter().try_for_each(Guard::still_runs)
}

/// The two addresses.
struct Both<'a> {
    program: &'a Program,
    ours: String,
    peer: String,
}

impl Both<'_> {
    fn measure(&self, report: &mut Report, line: &Line, ours: &[&str], peer: &[&str]) -> anyhow::Result<()> {
        let load = |url: &str, fields: &[&str]| {
            let load = Load { connections: line.connections, fields, script: "" };
            load.run(&self.program.at(""), url).map(|rate| (line.number)(&rate))
        };
        let pairs = (0..ROUNDS)
            .map(|round| in_turns(round, || load(&self.ours, ours), || load(&self.peer, peer)))
            .collect::<anyhow::Result<Vec<_>>>()?;
        report.pairs(line.name, line.unit, line.goal, &pairs)
    }
}
