//! A dataset that moves with the day: what both portals hold at any moment, from a seed.
//!
//! Nothing is stored. The rows of a day follow from (seed, day) alone, so any day, past or to come, can be asked for in
//! any order and the answer is the same on every machine. `addresses` says how addresses stay unique without a memory.
//!
//! Days are those of Asia/Seoul. The rows of a day are there from its first minute, and leave REGTECH's export when
//! the day of their `until` is over.

mod addresses;
mod posts;

pub use posts::Post;

use std::collections::HashSet;

use jiff::civil::{Date, DateTime, Time};

use crate::dataset::{COUNTRIES, Row, Seed, plus_days};
use crate::reasons::reason;
use addresses::{Addresses, REGTECH};

/// Days before its first day that a world begins.
pub const HISTORY: i64 = 550;
/// The longest that REGTECH lists an address, in days.
pub const LONGEST: i64 = 180;
/// The days in which one burst falls.
const BURST_EVERY: i64 = 21;
const BURSTS: [u64; 2] = [2_492, 3_902];
const NORMAL: std::ops::RangeInclusive<u64> = 47..=132;
/// One kind and gravity per row of SECUDIUM.
const CATEGORIES: [&str; 3] = ["Hacking", "Worm", "Scanning"];
const SEVERITIES: [&str; 4] = ["MINOR", "WARNING", "CRITICAL", "FATAL"];

/// How much there is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Size {
    /// As much as the portals hold: about 130,000 rows in all, 25,000 of them active.
    Full,
    /// A twentieth of it, for quick tests.
    #[default]
    Small,
}

impl Size {
    const fn divisor(self) -> u64 {
        match self {
            Self::Full => 1,
            Self::Small => 20,
        }
    }
}

/// What both portals hold, now and later.
#[derive(Clone, Debug)]
pub struct World {
    seed: u64,
    begin: Date,
    size: Size,
    growth: Option<(u32, DateTime)>,
    addresses: Addresses,
}

impl World {
    /// A world whose oldest rows are [`HISTORY`] days older than `today`.
    pub fn new(seed: u64, today: Date, size: Size) -> Self {
        let begin = plus_days(today, -HISTORY);
        Self { seed, begin, size, growth: None, addresses: Addresses::new(seed) }
    }

    /// Lets `a_minute` more rows appear each minute from a moment on, besides those of each day, for as long as a day has
    /// room (some 12,000 of them).
    #[must_use]
    pub fn growing(mut self, a_minute: u32, from: DateTime) -> Self {
        self.growth = Some((a_minute, from));
        self
    }

    /// The first day of which there are rows.
    pub fn begin(&self) -> Date {
        self.begin
    }

    /// How many rows REGTECH registers on a day, without those that appear by the minute.
    pub fn count(&self, day: Date) -> u64 {
        if day < self.begin {
            return 0;
        }
        let number = addresses::number(day);
        let period = number.div_euclid(BURST_EVERY);
        let mut of_period = self.numbers("burst", period, 0);
        let full = if number.rem_euclid(BURST_EVERY) == of_period.below(BURST_EVERY as u64) as i64 {
            BURSTS[period.rem_euclid(2) as usize]
        } else {
            NORMAL.start() + self.numbers("count", number, 0).below(NORMAL.end() - NORMAL.start() + 1)
        };
        (full / self.size.divisor()).max(1)
    }

    /// The rows that REGTECH registered on a day, up to a time of it.
    pub fn registered(&self, day: Date, up_to: Time) -> Vec<Row> {
        let count = self.count(day) + self.grown(day, up_to);
        (0..count.min(addresses::PER_DAY)).map(|at| self.row(day, at)).collect()
    }

    /// What REGTECH lists on a day at its end, newest first. An address is there once.
    pub fn truth(&self, day: Date) -> Vec<Row> {
        self.truth_at(day.to_datetime(Time::MAX))
    }

    /// What REGTECH lists at a moment of Asia/Seoul, newest first.
    pub fn truth_at(&self, now: DateTime) -> Vec<Row> {
        self.export(now, None, None)
    }

    /// What REGTECH lists at a moment and registered from `start` to `end`, both included, newest first.
    pub fn export(&self, now: DateTime, start: Option<Date>, end: Option<Date>) -> Vec<Row> {
        let oldest = plus_days(now.date(), -LONGEST);
        let mut rows = self.between(now, start.unwrap_or(oldest).max(oldest), end);
        rows.retain(|row| row.until.is_none_or(|until| until >= now.date()));
        rows
    }

    /// Everything that REGTECH ever registered up to a moment, ended or not, newest first. An address that was registered
    /// twice is there once, the later time.
    pub fn archive(&self, now: DateTime) -> Vec<Row> {
        let mut known = HashSet::new();
        let mut rows = self.between(now, self.begin, None);
        rows.retain(|row| known.insert(row.address.clone()));
        rows
    }

    fn between(&self, now: DateTime, start: Date, end: Option<Date>) -> Vec<Row> {
        let mut rows = Vec::new();
        let mut day = end.unwrap_or(Date::MAX).min(now.date());
        while day >= start.max(self.begin) {
            let up_to = if day == now.date() { now.time() } else { Time::MAX };
            rows.extend(self.registered(day, up_to));
            day = plus_days(day, -1);
        }
        rows
    }

    /// How many of a day's rows appeared by the minute up to a time of it.
    fn grown(&self, day: Date, up_to: Time) -> u64 {
        let Some((rate, from)) = self.growth else { return 0 };
        let minutes = |time: Time| u64::from(time.hour() as u8) * 60 + u64::from(time.minute() as u8);
        let end = if up_to == Time::MAX { 24 * 60 } else { minutes(up_to) };
        let begin = match day.cmp(&from.date()) {
            std::cmp::Ordering::Less => return 0,
            std::cmp::Ordering::Equal => minutes(from.time()),
            std::cmp::Ordering::Greater => 0,
        };
        end.saturating_sub(begin) * u64::from(rate)
    }

    fn row(&self, day: Date, at: u64) -> Row {
        let mut seed = self.numbers("row", addresses::number(day), at);
        let lasts = if seed.below(10) < 6 { 90 } else { 82 + seed.below(99) as i64 };
        Row {
            address: self.addresses.of(REGTECH, day, at).to_string(),
            country: seed.pick(&COUNTRIES),
            reason: reason(seed.number()),
            category: seed.pick(&CATEGORIES),
            severity: seed.pick(&SEVERITIES),
            detected: day,
            until: Some(plus_days(day, lasts)),
        }
    }

    /// A source of numbers of its own for each use, day and place.
    fn numbers(&self, purpose: &str, day: i64, at: u64) -> Seed {
        let mut seed = Seed(self.seed);
        for byte in purpose.bytes() {
            seed = Seed(seed.number() ^ u64::from(byte));
        }
        seed = Seed(seed.number() ^ day as u64);
        Seed(seed.number() ^ at)
    }
}
