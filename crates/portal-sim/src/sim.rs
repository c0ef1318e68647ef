//! A simulation: three doors on loopback, and the handle on what is behind them.

use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use jiff::civil::DateTime;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use crate::clock::{Clock, from_seoul, seoul};
use crate::http::{Answer, Door, Request, TlsError, authority, listen};
use crate::journal::Entry;
use crate::shared::Shared;
use crate::switches::Switches;
use crate::world::{Size, World};
use crate::{Fault, Portal, control, visit};

/// Where and as what a simulation starts. The default is for tests: ports that the system chooses, a small world, and a
/// clock that stands at 2026-11-20 09:00 in Asia/Seoul.
#[derive(Clone, Debug)]
pub struct SimOptions {
    /// Where REGTECH listens.
    pub regtech: SocketAddr,
    /// Where SECUDIUM listens.
    pub secudium: SocketAddr,
    /// Where the control API listens.
    pub control: SocketAddr,
    /// What everything follows from.
    pub seed: u64,
    /// How much both portals hold.
    pub size: Size,
    /// The simulated time of the start.
    pub now: Timestamp,
    /// Whether the simulated time goes on by itself.
    pub running: bool,
    /// Rows that appear at REGTECH each minute, besides those of each day.
    pub rate: u32,
    /// Accounts that both portals know: name and password.
    pub accounts: Vec<(String, String)>,
    /// Where the authority's certificate is written; then both portals speak TLS. The control API never does.
    pub tls_ca: Option<PathBuf>,
    /// How long TLS waits under the fault `slow_tls`.
    pub tls_pause: Duration,
}

impl Default for SimOptions {
    fn default() -> Self {
        let anywhere = SocketAddr::from(([127, 0, 0, 1], 0));
        Self {
            regtech: anywhere,
            secudium: anywhere,
            control: anywhere,
            seed: 1,
            size: Size::Small,
            now: from_seoul(jiff::civil::datetime(2026, 11, 20, 9, 0, 0, 0)),
            running: false,
            rate: 0,
            accounts: Vec::new(),
            tls_ca: None,
            tls_pause: Duration::from_secs(20),
        }
    }
}

/// Why a simulation did not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// An address could not be listened on.
    #[error("cannot listen on {address}")]
    Bind {
        /// Where.
        address: SocketAddr,
        /// What the system says.
        #[source]
        cause: io::Error,
    },
    /// There is no TLS.
    #[error(transparent)]
    Tls(#[from] TlsError),
}

/// A running simulation. It ends when this is dropped.
pub struct Sim {
    shared: Arc<Shared>,
    addresses: [SocketAddr; 3],
    tls: bool,
    _end: tokio_util::sync::DropGuard,
}

impl Sim {
    /// Starts listening; the portals answer from then on. Called inside a tokio runtime.
    pub async fn start(options: SimOptions) -> Result<Self, StartError> {
        let clock = Clock::new(options.now, options.running);
        let today = seoul(options.now);
        let mut world = World::new(options.seed, today.date(), options.size);
        if options.rate > 0 {
            world = world.growing(options.rate, today);
        }
        let shared = Arc::new(Shared::new(world, clock, options.seed, options.tls_pause));
        for (name, password) in &options.accounts {
            for portal in Portal::ALL {
                shared.accounts(portal).set(name, password);
            }
        }
        let tls = options.tls_ca.as_deref().map(authority).transpose()?;
        let [regtech, secudium, control] =
            [bind(options.regtech).await?, bind(options.secudium).await?, bind(options.control).await?];
        let addresses = [regtech.1, secudium.1, control.1];
        let cancel = CancellationToken::new();
        let portal = |portal| Arc::new(PortalDoor { shared: Arc::clone(&shared), portal });
        tokio::spawn(listen(regtech.0, portal(Portal::Regtech), tls.clone(), cancel.clone()));
        tokio::spawn(listen(secudium.0, portal(Portal::Secudium), tls.clone(), cancel.clone()));
        tokio::spawn(listen(control.0, Arc::new(ControlDoor(Arc::clone(&shared))), None, cancel.clone()));
        Ok(Self { shared, addresses, tls: tls.is_some(), _end: cancel.drop_guard() })
    }

    /// A portal's base address, such as `http://127.0.0.1:4711`, without a slash at its end.
    pub fn url(&self, portal: Portal) -> String {
        let scheme = if self.tls { "https" } else { "http" };
        format!("{scheme}://{}", self.addresses[portal as usize])
    }

    /// The control API's base address.
    pub fn control_url(&self) -> String {
        format!("http://{}", self.addresses[2])
    }

    /// What both portals hold.
    pub fn world(&self) -> &World {
        &self.shared.world
    }

    /// The simulated time.
    pub fn now(&self) -> Timestamp {
        self.shared.clock.now()
    }

    /// The simulated time in Asia/Seoul, by which days are counted.
    pub fn seoul(&self) -> DateTime {
        self.shared.clock.seoul()
    }

    /// Sets the simulated time.
    pub fn set_now(&self, now: Timestamp) {
        self.shared.clock.set(now);
    }

    /// Moves the simulated time on, or back.
    pub fn advance(&self, by: jiff::SignedDuration) {
        let now = self.now();
        self.set_now(now.checked_add(by).unwrap_or(now));
    }

    /// The faults.
    pub fn faults(&self) -> &Switches {
        &self.shared.switches
    }

    /// Adds an account to a portal, or gives one a new password.
    pub fn account(&self, portal: Portal, name: &str, password: &str) {
        self.shared.accounts(portal).set(name, password);
    }

    /// Every request so far.
    pub fn journal(&self) -> Vec<Entry> {
        self.shared.journal.all()
    }

    /// Whether an account of a portal is locked now.
    pub fn is_locked(&self, portal: Portal) -> bool {
        self.shared.accounts(portal).is_locked(self.now())
    }

    /// How many passwords a portal has refused, ever: what may lock an account.
    pub fn refused_passwords(&self, portal: Portal) -> u64 {
        self.shared.accounts(portal).refused()
    }

    /// Unlocks every account of both portals.
    pub fn unlock(&self) {
        for portal in Portal::ALL {
            self.shared.accounts(portal).unlock();
        }
    }

    /// How many people are logged in to a portal.
    pub fn open_sessions(&self, portal: Portal) -> usize {
        self.shared.open_sessions(portal)
    }

    /// Ends every session of a portal.
    pub fn end_sessions(&self, portal: Portal) {
        match portal {
            Portal::Regtech => self.shared.regtech().end_all(),
            Portal::Secudium => self.shared.secudium().end_all(),
        }
    }

    /// Lets somebody else log in to SECUDIUM with an account.
    pub fn somebody_logs_in(&self, name: &str) {
        let token = self.shared.hex(4);
        self.shared.secudium().take_over(name, token, self.now());
    }

    /// The six digits that a portal sent last.
    pub fn otp(&self, portal: Portal) -> Option<String> {
        self.shared.otp(portal)
    }
}

impl Shared {
    pub(crate) fn open_sessions(&self, portal: Portal) -> usize {
        let now = self.clock.now();
        match portal {
            Portal::Regtech => self.regtech().open(now),
            Portal::Secudium => self.secudium().open(now),
        }
    }

    pub(crate) fn otp(&self, portal: Portal) -> Option<String> {
        match portal {
            Portal::Regtech => self.regtech().last_sent(),
            Portal::Secudium => self.secudium().last_sent(),
        }
    }
}

async fn bind(address: SocketAddr) -> Result<(TcpListener, SocketAddr), StartError> {
    let bound = |cause| StartError::Bind { address, cause };
    let listener = TcpListener::bind(address).await.map_err(bound)?;
    let address = listener.local_addr().map_err(bound)?;
    Ok((listener, address))
}

struct PortalDoor {
    shared: Arc<Shared>,
    portal: Portal,
}

impl Door for PortalDoor {
    fn answer(&self, request: &Request) -> Answer {
        visit::answer(&self.shared, self.portal, request)
    }

    fn tls_pause(&self) -> Option<Duration> {
        let slow = self.shared.switches.strikes(Fault::SlowTls, self.portal, None);
        slow.then_some(self.shared.tls_pause)
    }
}

struct ControlDoor(Arc<Shared>);

impl Door for ControlDoor {
    fn answer(&self, request: &Request) -> Answer {
        control::answer(&self.0, request)
    }

    fn tls_pause(&self) -> Option<Duration> {
        None
    }
}
