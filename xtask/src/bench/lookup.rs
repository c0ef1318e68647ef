//! The IPv4 index against a bitmap of the whole space, which is the floor, and against a trie.

use std::hint::black_box;
use std::time::Instant;

use ipnet::Ipv4Net;
use prefix::{Index, Net4};
use prefix_trie::PrefixMap;

use super::data::{self, Random};
use super::report::{Goal, Report};

const HOSTS: usize = 1_000_000;
const NETWORKS: usize = 10_000;
const PROBES: usize = 4_000_000;
const ROUNDS: usize = 9;

pub(crate) fn run(report: &mut Report) -> anyhow::Result<()> {
    let nets = nets();
    let index = Index::from_sorted(&nets)?;
    let mut random = Random::new(5);
    let anywhere: Vec<u32> = (0..PROBES).map(|_| random.next() as u32).collect();
    let half: Vec<u32> = (0..PROBES)
        .map(|n| {
            if n % 2 == 0 {
                random.next() as u32
            } else {
                nets[random.below(nets.len() as u64) as usize].first()
            }
        })
        .collect();
    let bitmap = bitmap(&nets);
    let trie: PrefixMap<Ipv4Net, u32> =
        nets.iter().map(|net| (Ipv4Net::new_assert(net.first().into(), net.len()), 0)).collect();

    for (what, probes) in [("anywhere", &anywhere), ("half listed", &half)] {
        let ours = || Ok(per_probe(probes, |addr| index.longest(addr).is_some()));
        let name = format!("lookup v4, {what}, vs a bitmap");
        report.compare(&name, "ns", ROUNDS, Goal::AtMost(2.0), ours, || {
            Ok(per_probe(probes, |addr| bitmap[addr as usize >> 6] >> (addr & 63) & 1 == 1))
        })?;
    }
    let ours = || Ok(per_probe(&anywhere, |addr| index.longest(addr).is_some()));
    report.compare("lookup v4, anywhere, vs prefix-trie", "ns", 3, Goal::AtMost(1.0), ours, || {
        Ok(per_probe(&anywhere, |addr| {
            trie.get_lpm(&Ipv4Net::from(std::net::Ipv4Addr::from(addr))).is_some()
        }))
    })?;
    report.value(
        "index v4, memory an entry",
        "B",
        Goal::AtMost(9.0),
        index.bytes() as f64 / nets.len() as f64,
    );
    let build = |nets: &[Net4]| {
        let began = Instant::now();
        black_box(Index::from_sorted(nets)).map(|_| began.elapsed().as_secs_f64() * 1e3)
    };
    let mut times = (0..ROUNDS).map(|_| build(&nets)).collect::<Result<Vec<_>, _>>()?;
    times.sort_by(f64::total_cmp);
    report.value("index v4, built", "ms", Goal::AtMost(10.0), times[ROUNDS / 2]);
    Ok(())
}

/// Hosts and networks of /16 to /30, sorted.
fn nets() -> Vec<Net4> {
    let mut random = Random::new(4);
    let hosts = data::distinct(HOSTS).into_iter().map(Net4::host);
    let networks = (0..NETWORKS).filter_map(|_| Net4::new(random.address(), 16 + random.below(15) as u8));
    let mut nets: Vec<Net4> = hosts.chain(networks).collect();
    nets.sort_unstable();
    nets.dedup();
    nets
}

/// One bit an address: 512 MiB.
fn bitmap(nets: &[Net4]) -> Vec<u64> {
    let mut words = vec![0u64; 1 << 26];
    for net in nets {
        for addr in net.first()..=net.last() {
            words[addr as usize >> 6] |= 1 << (addr & 63);
        }
    }
    words
}

/// Nanoseconds a probe.
fn per_probe(probes: &[u32], holds: impl Fn(u32) -> bool) -> f64 {
    let began = Instant::now();
    black_box(probes.iter().filter(|&&addr| holds(addr)).count());
    began.elapsed().as_secs_f64() * 1e9 / probes.len() as f64
}
