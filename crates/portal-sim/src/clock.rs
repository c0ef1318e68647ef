//! The simulated time. The portals live in Asia/Seoul, which is nine hours east and knows no summer time.

use std::sync::{Mutex, PoisonError};
use std::time::Instant;

use jiff::civil::DateTime;
use jiff::tz::{Offset, TimeZone};
use jiff::{SignedDuration, Timestamp};

/// A clock that can be set, and that stands or runs.
#[derive(Debug)]
pub(crate) struct Clock {
    state: Mutex<(Timestamp, Option<Instant>)>,
}

impl Clock {
    pub(crate) fn new(now: Timestamp, running: bool) -> Self {
        Self { state: Mutex::new((now, running.then(Instant::now))) }
    }

    pub(crate) fn now(&self) -> Timestamp {
        let (set, since) = *self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let passed = since.map_or(SignedDuration::ZERO, |since| {
            SignedDuration::try_from(since.elapsed()).unwrap_or(SignedDuration::MAX)
        });
        set.checked_add(passed).unwrap_or(set)
    }

    /// Sets the time; whether the clock runs stays as it is.
    pub(crate) fn set(&self, now: Timestamp) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.0 = now;
        if state.1.is_some() {
            state.1 = Some(Instant::now());
        }
    }

    /// Lets the clock stand or run from now on.
    pub(crate) fn run(&self, running: bool) {
        let now = self.now();
        *self.state.lock().unwrap_or_else(PoisonError::into_inner) = (now, running.then(Instant::now));
    }

    pub(crate) fn is_running(&self) -> bool {
        self.state.lock().unwrap_or_else(PoisonError::into_inner).1.is_some()
    }

    pub(crate) fn seoul(&self) -> DateTime {
        seoul(self.now())
    }
}

/// The time of day in Asia/Seoul.
pub fn seoul(time: Timestamp) -> DateTime {
    Offset::constant(9).to_datetime(time)
}

/// The moment at which it is that time in Asia/Seoul; at the ends of the calendar, the nearest there is.
pub fn from_seoul(time: DateTime) -> Timestamp {
    TimeZone::fixed(Offset::constant(9)).to_timestamp(time).unwrap_or(Timestamp::MAX)
}
