//! One line per measurement: ours, the peer's, the ratio with its extremes, the goal.

use anyhow::ensure;

/// What a measurement is held against.
#[derive(Clone, Copy)]
pub(crate) enum Goal {
    /// Ours over the peer's, or the value itself, is at most this: times, memory.
    AtMost(f64),
    /// Ours over the peer's is at least this: rates.
    AtLeast(f64),
    /// Nothing: the number is told, for the reader and for the lines around it.
    Told,
}

impl Goal {
    fn met(self, value: f64) -> bool {
        match self {
            Self::AtMost(most) => value <= most,
            Self::AtLeast(least) => value >= least,
            Self::Told => true,
        }
    }

    fn describe(self, value: f64) -> String {
        let (sign, bound) = match self {
            Self::AtMost(most) => ("<=", most),
            Self::AtLeast(least) => (">=", least),
            Self::Told => return "-".to_owned(),
        };
        format!("{sign} {bound:<7} {}", if self.met(value) { "ok" } else { "MISSED" })
    }
}

/// Prints the measurements as they come.
pub(crate) struct Report {
    measured: usize,
    missed: usize,
    skipped: usize,
}

impl Report {
    pub(crate) fn new() -> Self {
        println!(
            "{:<44} {:>10} {:>10} {:<5} {:>8} {:<17} goal",
            "measurement", "ours", "peer", "", "ratio", "min .. max"
        );
        Self { measured: 0, missed: 0, skipped: 0 }
    }

    /// Measures both in turns, `rounds` times, ours first in one round and last in the next. Each closure gives one
    /// measured number in `unit`. The ratio is of the two numbers of one round.
    pub(crate) fn compare(
        &mut self,
        name: &str,
        unit: &str,
        rounds: usize,
        goal: Goal,
        mut ours: impl FnMut() -> anyhow::Result<f64>,
        mut peer: impl FnMut() -> anyhow::Result<f64>,
    ) -> anyhow::Result<()> {
        let mut pairs = Vec::with_capacity(rounds);
        for round in 0..rounds {
            let (a, b) = if round % 2 == 0 {
                let a = ours()?;
                (a, peer()?)
            } else {
                let b = peer()?;
                (ours()?, b)
            };
            pairs.push((a, b));
        }
        self.pairs(name, unit, goal, &pairs)
    }

    /// Prints what was measured elsewhere: ours and the peer's number of each round.
    pub(crate) fn pairs(
        &mut self,
        name: &str,
        unit: &str,
        goal: Goal,
        pairs: &[(f64, f64)],
    ) -> anyhow::Result<()> {
        ensure!(!pairs.is_empty(), "{name}: no round was measured");
        let sorted = |of: fn(&(f64, f64)) -> f64| {
            let mut all: Vec<f64> = pairs.iter().map(of).collect();
            all.sort_by(f64::total_cmp);
            all
        };
        let ratios = sorted(|(ours, peer)| ours / peer);
        let ratio = median(&ratios);
        println!(
            "{name:<44} {:>10} {:>10} {unit:<5} {:>8} {:<17} {}",
            short(median(&sorted(|pair| pair.0))),
            short(median(&sorted(|pair| pair.1))),
            short(ratio),
            format!("{} .. {}", short(ratios[0]), short(ratios[ratios.len() - 1])),
            self.verdict(goal, ratio)
        );
        Ok(())
    }

    /// Prints a number that has no peer.
    pub(crate) fn value(&mut self, name: &str, unit: &str, goal: Goal, value: f64) {
        println!(
            "{name:<44} {:>10} {:>10} {unit:<5} {:>8} {:<17} {}",
            short(value),
            "",
            "",
            "",
            self.verdict(goal, value)
        );
    }

    /// Says what was not measured, and why.
    pub(crate) fn skipped(&mut self, name: &str, why: &str) {
        self.skipped += 1;
        println!("{name:<44} skipped: {why}");
    }

    /// The last line.
    pub(crate) fn end(self) {
        println!("{} measured, {} missed their goal, {} skipped", self.measured, self.missed, self.skipped);
    }

    /// Counts a measurement and says how it stands to its goal.
    pub(crate) fn verdict(&mut self, goal: Goal, value: f64) -> String {
        self.measured += 1;
        self.missed += usize::from(!goal.met(value));
        goal.describe(value)
    }
}

/// The middle of sorted numbers.
fn median(sorted: &[f64]) -> f64 {
    let half = sorted.len() / 2;
    if sorted.len() % 2 == 1 { sorted[half] } else { f64::midpoint(sorted[half - 1], sorted[half]) }
}

/// Three digits that count, as many as tell anything here.
fn short(value: f64) -> String {
    let digits = if value >= 100.0 {
        0
    } else if value >= 10.0 {
        1
    } else if value >= 1.0 {
        2
    } else {
        3
    };
    format!("{value:.digits$}")
}
