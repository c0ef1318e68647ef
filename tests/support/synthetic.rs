//! Lists made from a seed, in address space that no rule of the program refuses.

use std::collections::BTreeSet;

/// A small generator of random numbers (`splitmix64`): the same seed gives the same lists on every machine, for ever.
pub(crate) struct Random(u64);

impl Random {
    /// From a seed, which the test prints.
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// The next 64 bits.
    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut bits = self.0;
        bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        bits ^ (bits >> 31)
    }

    /// A number below `end`, near enough to uniform for tests.
    pub(crate) fn below(&mut self, end: u64) -> u64 {
        self.next() % end
    }

    /// A number from 0 to under 1.
    pub(crate) fn share(&mut self) -> f64 {
        self.below(1 << 32) as f64 / 4_294_967_296.0
    }
}

/// `count` distinct IPv4 hosts of the /8 that begins with `first`, sorted as text.
pub(crate) fn hosts(random: &mut Random, first: u8, count: usize) -> Vec<String> {
    let mut out = BTreeSet::new();
    while out.len() < count {
        let bits = random.below(1 << 24);
        out.insert(format!("{first}.{}.{}.{}", bits >> 16, bits >> 8 & 255, bits & 255));
    }
    out.into_iter().collect()
}

/// A list with everything a firewall's list holds: hosts, nets, neighbours that merge, and IPv6 hosts and nets.
pub(crate) fn mixed(seed: u64) -> Vec<String> {
    let mut random = Random::new(seed);
    let mut out = hosts(&mut random, 45, 2_000);
    for number in 0..400u64 {
        // Nets of 46/8, each at the start of a /18 of its own, so that no net covers another one.
        let length = 20 + random.below(11);
        let base = (46 << 24 | number << 14) & (u64::MAX << (32 - length));
        out.push(format!("{}.{}.{}.{}/{length}", base >> 24, base >> 16 & 255, base >> 8 & 255, base & 255));
    }
    // Neighbours: a kernel joins them to one span, and a half that lies beside its other half.
    out.extend((0..=255).map(|last| format!("47.1.2.{last}")));
    out.extend(["47.2.0.0/17", "47.2.128.0/17"].map(str::to_owned));
    for _ in 0..500 {
        let (high, low) = (random.below(1 << 16), random.below(1 << 32));
        out.push(format!("2a0c:{high:x}:1:{:x}::{:x}", low >> 16, (low & 0xffff).max(1)));
    }
    out.extend((0..100).map(|number| format!("2a0d:{number:x}::/48")));
    out.extend(["2a0e:1::/33", "2a0e:1:8000::/33", "2a0e:2::1"].map(str::to_owned));
    out.sort();
    out.dedup();
    out
}

/// One entry a line, each line ended.
pub(crate) fn text(lines: &[String]) -> String {
    let mut out = lines.join("\n");
    out.push('\n');
    out
}
