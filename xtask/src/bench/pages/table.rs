//! The table of pages.

use super::super::report::{Goal, Report};

/// The aim for 99 of 100 answers, in milliseconds.
const AIM: f64 = 50.0;
/// What reads a whole list of old and compares it with the live one, before a deed that is asked for twice.
const WHOLE_LISTS: [&str; 1] = ["/publications/{serial}/rollback"];
/// The aim there.
const WHOLE_AIM: f64 = 1_000.0;

/// Of a round, in milliseconds.
#[derive(Clone, Copy)]
pub(super) struct Times {
    /// Half of the answers took no longer.
    pub(super) p50: f64,
    /// 99 of 100.
    pub(super) p99: f64,
}

impl Times {
    /// Worse than any.
    pub(super) const MOST: Self = Self { p50: f64::INFINITY, p99: f64::INFINITY };

    /// Of some answers, at least one.
    pub(super) fn of(mut took: Vec<f64>) -> Self {
        took.sort_by(f64::total_cmp);
        let at = |share: usize| took.get((took.len() * share).div_ceil(100).max(1) - 1).copied();
        Self { p50: at(50).unwrap_or(f64::INFINITY), p99: at(99).unwrap_or(f64::INFINITY) }
    }

    /// Takes the smaller ones: other programs only ever add to a time.
    pub(super) fn better(&mut self, other: Self) {
        self.p50 = self.p50.min(other.p50);
        self.p99 = self.p99.min(other.p99);
    }
}

/// Of a request.
#[derive(Clone, Copy)]
pub(super) struct Measured {
    /// The very first after the start, in milliseconds.
    pub(super) first: f64,
    /// Of the body.
    pub(super) bytes: usize,
    /// Ours.
    pub(super) ours: Times,
    /// The same bytes from memory.
    pub(super) peer: Times,
}

/// A line.
pub(super) struct Row {
    /// What is asked.
    pub(super) name: String,
    /// With 10,000 listings.
    pub(super) small: Measured,
    /// With 1,000,000.
    pub(super) large: Option<Measured>,
}

/// Prints the lines, those above the aim marked.
pub(super) fn print(report: &mut Report, rows: &[Row]) {
    println!("# pages: milliseconds, the least of the rounds; `first` is the first request after the start");
    println!(
        "{:<58} {:>8} | {:>7} {:>7} | {:>7} {:>7} {:>7} | {:>6} {:>7} {:>7}  p99",
        "page", "bytes", "10k p50", "p99", "first", "1M p50", "p99", "growth", "peer", "over it"
    );
    for row in rows {
        let Some(large) = &row.large else {
            report.skipped(&row.name, "there is no such request with more listings");
            continue;
        };
        let aim = if WHOLE_LISTS.contains(&row.name.as_str()) { WHOLE_AIM } else { AIM };
        println!(
            "{:<58} {:>8} | {:>7.2} {:>7.2} | {:>7.1} {:>7.2} {:>7.2} | {:>6.1} {:>7.2} {:>7.1}  {}",
            row.name,
            large.bytes,
            row.small.ours.p50,
            row.small.ours.p99,
            large.first,
            large.ours.p50,
            large.ours.p99,
            large.ours.p50 / row.small.ours.p50,
            large.peer.p50,
            large.ours.p50 / large.peer.p50,
            report.verdict(Goal::AtMost(aim), large.ours.p99)
        );
    }
}
