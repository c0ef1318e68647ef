//! Seeded data: the same on every machine and in every year, so no random library whose stream may change.

use std::collections::HashSet;

use prefix::{Net4, Net6, write};

/// `SplitMix64`: 64 bits of state, a stream that is the same for ever.
pub(crate) struct Random(u64);

impl Random {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed)
    }

    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number under `end`.
    pub(crate) fn below(&mut self, end: u64) -> u64 {
        ((u128::from(self.next()) * u128::from(end)) >> 64) as u64
    }

    /// An address that is no special space at first sight: 1 to 223, not 10 and 127.
    pub(crate) fn address(&mut self) -> u32 {
        loop {
            let addr = self.next() as u32;
            if !matches!(addr >> 24, 0 | 10 | 127 | 224..) {
                return addr;
            }
        }
    }
}

/// `lines` entries as public lists have them: 70 % single addresses anywhere, 18 % in dense /24s, 2 % networks of /16 to
/// /30, and 10 % that were there before.
pub(crate) fn mixed(lines: usize) -> Vec<Net4> {
    let mut random = Random::new(1);
    let dense: Vec<u32> = (0..=lines / 400).map(|_| random.address() & !0xff).collect();
    let mut nets: Vec<Net4> = Vec::with_capacity(lines);
    while nets.len() < lines {
        let net = match random.below(100) {
            0..70 => Net4::host(random.address()),
            70..88 => {
                let block = dense[random.below(dense.len() as u64) as usize];
                Net4::host(block | random.below(256) as u32)
            }
            88..90 => {
                let len = 16 + random.below(15) as u8;
                Net4::new(random.address(), len).unwrap_or(Net4::host(0))
            }
            _ if nets.is_empty() => continue,
            _ => nets[random.below(nets.len() as u64) as usize],
        };
        nets.push(net);
    }
    nets
}

/// `count` single addresses, all different, in no order: u1 and u100k.
pub(crate) fn distinct(count: usize) -> Vec<u32> {
    let mut random = Random::new(2);
    let mut seen = HashSet::with_capacity(count);
    let mut all = Vec::with_capacity(count);
    while all.len() < count {
        let addr = random.address();
        if seen.insert(addr) {
            all.push(addr);
        }
    }
    all
}

/// `count` different IPv6 networks as lists have them: clustered in the /32s of a few hundred providers, mostly hosts and
/// /64s. Sorted.
pub(crate) fn clustered6(count: usize) -> Vec<Net6> {
    let mut random = Random::new(3);
    let tops = [0x2001, 0x2400, 0x2600, 0x2604, 0x2a00, 0x2a01, 0x2a02, 0x2a03, 0x2a0e, 0x2c0f];
    let providers: Vec<u128> = (0..400)
        .map(|_| {
            (tops[random.below(tops.len() as u64) as usize] << 16 | u128::from(random.below(1 << 16))) << 96
        })
        .collect();
    let mut nets = HashSet::with_capacity(count);
    while nets.len() < count {
        let provider = providers[random.below(providers.len() as u64) as usize];
        let subnet = u128::from(random.below(1 << 20)) << 64;
        let (host, len) = match random.below(100) {
            0..60 => (u128::from(random.below(1 << 12)), 128),
            60..85 => (0, 64),
            85..93 => (0, 56),
            93..98 => (0, 48),
            _ => (0, 32 + random.below(16) as u8),
        };
        nets.extend(Net6::new(provider | subnet | host, len));
    }
    let mut nets: Vec<Net6> = nets.into_iter().collect();
    nets.sort_unstable();
    nets
}

/// One entry a line.
pub(crate) fn text(nets: &[Net4]) -> Vec<u8> {
    let mut text = Vec::with_capacity(nets.len() * 16);
    for net in nets {
        write::push_net(&mut text, *net);
        text.push(b'\n');
    }
    text
}
