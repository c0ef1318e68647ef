//! Servers on loopback that answer as a test wants, byte by byte: right, late, half, or not at all.

pub(crate) mod dns;
pub(crate) mod server;
pub(crate) mod tls;

use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use blocklist::{FixedClock, Time};
use collect::fetch::network::{Network, Patience};

pub(crate) use server::{Asked, Server, Step, answer};

/// 2023-11-14T22:13:20Z, where the clock of the tests stands.
pub(crate) const NOW: i64 = 1_700_000_000;

/// A network whose waits between tries take no time and are written down.
pub(crate) struct Net {
    pub(crate) network: Network,
    pub(crate) waits: Arc<Mutex<Vec<Duration>>>,
    spool: tempfile::TempDir,
}

impl Net {
    pub(crate) fn new() -> Self {
        let waits = Arc::<Mutex<Vec<Duration>>>::default();
        let kept = Arc::clone(&waits);
        let patience = Patience {
            connect: Duration::from_secs(5),
            stall: Duration::from_millis(200),
            sleep: Arc::new(move |wait| {
                kept.lock().unwrap().push(wait);
                Box::pin(async {})
            }),
            ..Patience::default()
        };
        let spool = tempfile::tempdir().unwrap();
        let clock = Arc::new(FixedClock::at(Time::from_unix(NOW)));
        let network = Network::new(spool.path(), clock).with_patience(patience);
        Self { network, waits, spool }
    }

    /// The directory of bodies that are too large for memory.
    pub(crate) fn spool(&self) -> PathBuf {
        self.spool.path().to_owned()
    }

    pub(crate) fn waits(&self) -> Vec<Duration> {
        self.waits.lock().unwrap().clone()
    }
}
