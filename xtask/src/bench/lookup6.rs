//! The IPv6 index against a hash map per prefix length.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};
use std::hint::black_box;
use std::time::Instant;

use prefix::{Address as _, Index, Net6};

use super::data::{self, Random};
use super::report::{Goal, Report};

const NETWORKS: usize = 100_000;
const PROBES: usize = 2_000_000;
const ROUNDS: usize = 9;

pub(crate) fn run(report: &mut Report) -> anyhow::Result<()> {
    let nets = data::clustered6(NETWORKS);
    let index = Index::from_sorted(&nets)?;
    let maps = maps(&nets);
    let mut random = Random::new(6);
    let mut near = |count: usize| -> Vec<u128> {
        let mut probe = |n: usize| {
            let net = nets[random.below(nets.len() as u64) as usize];
            // Half are inside of something listed, half beside it.
            net.first() ^ u128::from(random.next() >> 40) << if n.is_multiple_of(2) { 0 } else { 64 }
        };
        (0..count).map(&mut probe).collect()
    };
    let probes = near(PROBES);
    report.compare(
        "lookup v6, clustered, vs a hash per length",
        "ns",
        ROUNDS,
        Goal::AtMost(1.0),
        || Ok(per_probe(&probes, |addr| index.longest(addr))),
        || Ok(per_probe(&probes, |addr| hashed(&maps, addr))),
    )?;
    report.value(
        "index v6, memory an entry",
        "B",
        Goal::AtMost(28.0),
        index.bytes() as f64 / nets.len() as f64,
    );
    Ok(())
}

type Maps = Vec<(u8, HashMap<u128, usize, BuildHasherDefault<Mix>>)>;

/// A map per length that occurs, the longest first.
fn maps(nets: &[Net6]) -> Maps {
    let mut maps = Maps::new();
    for len in (0..=128).rev() {
        let of_len = nets.iter().enumerate().filter(|(_, net)| net.len() == len);
        let map: HashMap<_, _, _> = of_len.map(|(at, net)| (net.first(), at)).collect();
        if !map.is_empty() {
            maps.push((len, map));
        }
    }
    maps
}

fn hashed(maps: &Maps, addr: u128) -> Option<usize> {
    maps.iter().find_map(|(len, map)| map.get(&(addr & u128::mask(*len))).copied())
}

/// A quick hash, so that the peer is not slowed by std's careful one.
#[derive(Default)]
struct Mix(u64);

impl Hasher for Mix {
    fn finish(&self) -> u64 {
        self.0
    }
    fn write(&mut self, bytes: &[u8]) {
        for chunk in bytes.chunks(8) {
            let mut word = [0; 8];
            word[..chunk.len()].copy_from_slice(chunk);
            self.write_u64(u64::from_le_bytes(word));
        }
    }
    fn write_u64(&mut self, word: u64) {
        let wide = u128::from(self.0 ^ word) * 0x9e37_79b9_7f4a_7c15;
        self.0 = (wide >> 64) as u64 ^ wide as u64;
    }
    fn write_u128(&mut self, word: u128) {
        self.write_u64(word as u64);
        self.write_u64((word >> 64) as u64);
    }
}

/// Nanoseconds a probe.
fn per_probe(probes: &[u128], longest: impl Fn(u128) -> Option<usize>) -> f64 {
    let began = Instant::now();
    black_box(probes.iter().filter_map(|&addr| longest(addr)).fold(0, usize::wrapping_add));
    began.elapsed().as_secs_f64() * 1e9 / probes.len() as f64
}
