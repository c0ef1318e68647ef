//! Ten thousand addresses a call: the look-ups in this process, and the whole call over HTTP.

use std::hint::black_box;
use std::time::Instant;

use anyhow::Context as _;
use blocklist::{Answer, Publication, Time};
use prefix::Prefix;

use super::http::ROUNDS;
use super::program::Program;
use super::questions::half_listed;
use super::report::{Goal, Report};
use super::wrk::Load;

/// Addresses a call.
const CALL: usize = 10_000;
/// Different calls, so that no cache holds the answers.
const CALLS: usize = 100;

/// The look-up part: one thread over the publication as it lies on the disk, no HTTP and no JSON.
pub(crate) fn library(report: &mut Report, program: &Program, hosts: &[u32]) -> anyhow::Result<()> {
    let files = store::PublicationFiles::open(&store::Store::publications_dir(&program.data()))?;
    let publication = files.load_current()?.context("nothing is published")?;
    let texts: Vec<String> = half_listed(hosts, CALL * CALLS).iter().map(ToString::to_string).collect();
    let asked = texts.iter().map(|text| text.parse()).collect::<Result<Vec<Prefix>, _>>()?;
    let now = Time::from_unix(0);

    let goal = Goal::AtLeast(10.0);
    let lists = millions(&asked, |&prefix| publication.lists(prefix));
    report.value("bulk, is it listed, library, one core", "M/s", goal, lists);
    let answers = millions(&asked, |&prefix| Answer::new(&publication, prefix, now).listed);
    report.value("bulk, with all listings, library, one core", "M/s", goal, answers);
    let read = millions(&texts, |text| from_text(&publication, text, now));
    report.value("bulk, the same from text, library, one core", "M/s", goal, read);
    Ok(())
}

fn from_text(publication: &Publication, text: &str, now: Time) -> bool {
    text.parse().is_ok_and(|prefix| Answer::new(publication, prefix, now).listed)
}

/// Millions a second, the median of some walks over all.
fn millions<T>(asked: &[T], listed: impl Fn(&T) -> bool) -> f64 {
    let mut rates: Vec<f64> = (0..=2 * ROUNDS)
        .map(|_| {
            let began = Instant::now();
            black_box(asked.iter().filter(|asked| listed(asked)).count());
            asked.len() as f64 / began.elapsed().as_secs_f64() / 1e6
        })
        .collect();
    rates.sort_by(f64::total_cmp);
    rates[ROUNDS]
}

/// The whole call: JSON in, look-ups, JSON out, over the loopback.
pub(crate) fn over_http(report: &mut Report, program: &Program, hosts: &[u32]) -> anyhow::Result<()> {
    let (mut server, address) = program.serve()?;
    let texts: Vec<String> = half_listed(hosts, CALL).iter().map(|ip| format!("\"{ip}\"")).collect();
    let script = format!(
        "wrk.method = \"POST\"\nwrk.headers[\"Content-Type\"] = \"application/json\"\nwrk.body = '{{\"ips\":[{}]}}'\n",
        texts.join(",")
    );
    let load = Load { connections: 4, fields: &[], script: &script };
    let (mut wall, mut cores) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        let before = server.busy()?;
        let rate = load.run(&program.at(""), &format!("http://{address}/api/v1/lookup"))?;
        let addresses = rate.answers * CALL as f64;
        cores.push(addresses / (server.busy()? - before) / 1e6);
        wall.push(rate.requests * CALL as f64 / 1e6);
    }
    server.still_runs()?;
    for (name, rates) in [
        ("bulk, whole call over HTTP, this machine", &mut wall),
        ("bulk, the same, a core of the server", &mut cores),
    ] {
        rates.sort_by(f64::total_cmp);
        report.value(name, "M/s", Goal::Told, rates[ROUNDS / 2]);
    }
    Ok(())
}
