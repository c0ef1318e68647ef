//! How often one address may ask: a bucket of requests for each, refilled every second.
//!
//! Addresses are kept while their bucket is not full, and at most so many of them: then all further ones share a bucket, for
//! whoever has that many addresses is one and the same.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};

use blocklist::Time;
use prefix::Prefix;

use crate::client::reach;
use crate::front::Limits;

/// Addresses with a bucket of their own.
const MOST: usize = 10_000;

/// The buckets.
#[derive(Debug, Default)]
pub(crate) struct Rates(Mutex<Buckets>);

#[derive(Debug, Default)]
struct Buckets {
    own: HashMap<Prefix, Bucket>,
    shared: Option<Bucket>,
    /// When full ones were last thrown away: at most once a second.
    swept: Option<Time>,
}

#[derive(Clone, Copy, Debug)]
struct Bucket {
    left: u32,
    at: Time,
}

impl Bucket {
    fn full(limits: &Limits, now: Time) -> Self {
        Self { left: limits.requests_at_once, at: now }
    }

    /// A clock that was set back refills nothing.
    fn refill(&mut self, limits: &Limits, now: Time) {
        let seconds = u32::try_from((now.unix() - self.at.unix()).max(0)).unwrap_or(u32::MAX);
        let more = seconds.saturating_mul(limits.requests_per_second);
        *self = Self { left: self.left.saturating_add(more).min(limits.requests_at_once), at: now };
    }

    fn take(&mut self, limits: &Limits, now: Time) -> bool {
        self.refill(limits, now);
        let there = self.left > 0;
        self.left = self.left.saturating_sub(1);
        there
    }
}

impl Rates {
    /// Whether an address may ask once more now.
    pub(crate) fn admit(&self, address: IpAddr, limits: &Limits, now: Time) -> bool {
        let reach = reach(address);
        let mut buckets = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let Buckets { own, shared, swept } = &mut *buckets;
        if let Some(bucket) = own.get_mut(&reach) {
            return bucket.take(limits, now);
        }
        if own.len() >= MOST && *swept != Some(now) {
            *swept = Some(now);
            own.retain(|_, bucket| {
                bucket.refill(limits, now);
                bucket.left < limits.requests_at_once
            });
        }
        let fresh = Bucket::full(limits, now);
        let bucket =
            if own.len() < MOST { own.entry(reach).or_insert(fresh) } else { shared.get_or_insert(fresh) };
        bucket.take(limits, now)
    }
}

#[cfg(test)]
mod tests {
    use std::net::Ipv4Addr;

    use super::*;

    const LIMITS: fn() -> Limits =
        || Limits { requests_per_second: 2, requests_at_once: 5, ..Limits::default() };

    /// How many of ten requests of an address are admitted at a second.
    fn ten(rates: &Rates, address: &str, second: i64) -> usize {
        let (address, now) = (address.parse().unwrap(), Time::from_unix(1_000 + second));
        (0..10).filter(|_| rates.admit(address, &LIMITS(), now)).count()
    }

    #[test]
    fn a_bucket_empties_and_is_refilled_by_the_second() {
        let rates = Rates::default();
        assert_eq!([ten(&rates, "192.0.2.1", 0), ten(&rates, "192.0.2.1", 0)], [5, 0]);
        assert_eq!(ten(&rates, "192.0.2.2", 0), 5, "another address has its own");
        assert_eq!([ten(&rates, "192.0.2.1", 1), ten(&rates, "192.0.2.1", 3)], [2, 4]);
        assert_eq!(ten(&rates, "192.0.2.1", 1_000), 5, "never more than at once");
        assert_eq!(ten(&rates, "192.0.2.1", -500), 0, "a clock that is set back refills nothing");
        assert_eq!(ten(&rates, "192.0.2.1", -499), 2, "and goes on from there");
        assert_eq!(ten(&rates, "2001:db8:1:2::3", 0) + ten(&rates, "2001:db8:1:2:3::4", 0), 5);
    }

    #[test]
    fn the_memory_is_bounded_and_those_who_asked_little_make_room() {
        let rates = Rates::default();
        let ask = |number: u32, second: i64| {
            let address = Ipv4Addr::from(0x0b00_0000 + number).into();
            rates.admit(address, &LIMITS(), Time::from_unix(second))
        };
        let many = u32::try_from(MOST).unwrap();
        let kept = || rates.0.lock().unwrap().own.len();
        let admitted = (0..many + 100).filter(|&number| ask(number, 0)).count();
        assert_eq!((kept(), admitted), (MOST, MOST + 5), "the last hundred share a bucket");
        assert!(ask(many + 200, 1));
        assert_eq!(kept(), 1, "all others are full again, and forgotten");
    }
}
