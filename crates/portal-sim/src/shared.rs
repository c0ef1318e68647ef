//! What all doors of one simulation share.

use std::fmt::Write;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use crate::Portal;
use crate::account::Accounts;
use crate::books::Books;
use crate::clock::Clock;
use crate::dataset::Seed;
use crate::journal::Journal;
use crate::switches::Switches;
use crate::world::World;
use crate::{regtech, secudium};

/// The state of a simulation.
pub(crate) struct Shared {
    pub(crate) world: World,
    pub(crate) clock: Clock,
    pub(crate) switches: Switches,
    pub(crate) journal: Journal,
    pub(crate) books: Books,
    pub(crate) tls_pause: Duration,
    regtech: Mutex<regtech::State>,
    secudium: Mutex<secudium::State>,
    accounts: [Mutex<Accounts>; 2],
    random: Mutex<Seed>,
}

impl Shared {
    pub(crate) fn new(world: World, clock: Clock, seed: u64, tls_pause: Duration) -> Self {
        Self {
            world,
            clock,
            switches: Switches::default(),
            journal: Journal::default(),
            books: Books::default(),
            tls_pause,
            regtech: Mutex::default(),
            secudium: Mutex::default(),
            accounts: [Mutex::default(), Mutex::default()],
            random: Mutex::new(Seed(seed ^ 0x7365_7373)),
        }
    }

    pub(crate) fn regtech(&self) -> MutexGuard<'_, regtech::State> {
        self.regtech.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn secudium(&self) -> MutexGuard<'_, secudium::State> {
        self.secudium.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn accounts(&self, portal: Portal) -> MutexGuard<'_, Accounts> {
        self.accounts[portal as usize].lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Sixteen hexadecimal digits of nobody's choosing, `times` over.
    pub(crate) fn hex(&self, times: usize) -> String {
        let mut random = self.random.lock().unwrap_or_else(PoisonError::into_inner);
        let mut text = String::new();
        for _ in 0..times {
            let _ = write!(text, "{:016x}", random.number());
        }
        text
    }

    /// Six digits for a second factor.
    pub(crate) fn digits(&self) -> String {
        let mut random = self.random.lock().unwrap_or_else(PoisonError::into_inner);
        format!("{:06}", random.below(1_000_000))
    }
}

/// Six digits that were sent, and how long they count.
#[derive(Clone)]
pub(crate) struct Otp {
    pub(crate) digits: String,
    pub(crate) until: jiff::Timestamp,
}

/// How long six digits count, in seconds.
pub(crate) const OTP_SECONDS: i64 = 180;

impl Otp {
    pub(crate) fn new(sim: &Shared) -> Self {
        let now = sim.clock.now();
        let until = now.checked_add(jiff::SignedDuration::from_secs(OTP_SECONDS)).unwrap_or(now);
        Self { digits: sim.digits(), until }
    }

    pub(crate) fn is(&self, digits: &str, now: jiff::Timestamp) -> bool {
        self.digits == digits && now <= self.until
    }
}
