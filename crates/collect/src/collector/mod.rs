//! The collector: one run of a source from its settings to the store, and what a person does at an account.
//!
//! ```text
//! claim the source -> fetch (a portal, an address, a directory) -> parse -> compare -> store::import, one transaction
//!                         |                                                     |
//!                         v                                                     v
//!                      Failure: a run that took nothing, and when to try again -> record_failure, one transaction
//! ```
//!
//! | module | what |
//! |---|---|
//! | [`order`] | what is asked of a run, and what comes of it |
//! | [`step`] | what a run is doing |
//! | `run` | one run |
//! | `fetching`, `feeds` | by kind: what is fetched, and what is remembered of it |
//! | [`cancel`] | a run that a person ends |
//! | `drift` | whether what a portal sent is believed |
//! | `person` | verify a credential, a one-time code, a pasted session |
//! | `keys` | set and forget credentials, change the key they are sealed with |
//! | [`timer`] | runs by the timetable |
//! | [`upload`] | a file that a person brings over the wire |
//!
//! **Failure.** Whatever happens between claim and import changes nothing but the session and what is remembered of the
//! source. The state after a run is written in the run's own transaction. Killed anywhere, the source is as before.

pub mod cancel;
mod drift;
mod feeds;
mod fetching;
mod keys;
pub mod order;
mod person;
mod run;
pub mod step;
pub mod timer;
pub mod upload;
pub mod view;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use blocklist::{Clock, SourceName, Time};
use store::{CredentialKind, Store};
use tokio_util::sync::CancellationToken;

pub use cancel::NotCancelled;
pub use keys::KeyError;
pub use order::{CollectError, Collected, Misfit, Order};
pub use person::{Verified, Word};
pub use step::Step;
pub use upload::{Tried, Upload, UploadError};
pub use view::{Alive, CredentialView, SourceView};

use crate::Limits;
use crate::fetch::{Network, directory};
use crate::random::Random;
use crate::source::kind::CredentialUse;
use crate::source::{Auth, BadSetting, Kind, Settings, SourceState};
use crate::vault::{Vault, VaultError};

/// Told what a run is doing.
pub type Watch<'a> = &'a (dyn Fn(Step) + Send + Sync);

/// What holds for every source.
#[derive(Clone, Debug)]
pub struct Program {
    /// How much is read.
    pub limits: Limits,
    /// The rules by which prefixes are admitted.
    pub rules: prefix::Rules,
    /// A full list with less than this share of what was there is refused.
    pub min_share: f64,
}

/// Opens the vault when a secret is needed: a machine without any credential needs no key. Told whether a key may be made
/// where there is none: not when sealed rows wait for one that is lost.
pub type OpenVault = Box<dyn Fn(bool) -> Result<Vault, VaultError> + Send + Sync>;

/// Collects. All it works with is handed in.
pub struct Collector {
    store: Arc<Store>,
    clock: Arc<dyn Clock>,
    random: Arc<dyn Random>,
    network: Network,
    open_vault: OpenVault,
    program: Program,
    /// Cancelled when the program is told to stop: what is fetched then ends at once.
    cancel: CancellationToken,
    started_at: Time,
    running: Mutex<BTreeMap<SourceName, Running>>,
    /// When each source was last looked at in this process, also where that left nothing in the store.
    looked: Mutex<BTreeMap<SourceName, Time>>,
    /// Held while a file that a person brought is read: one at a time, for each may unpack to much.
    upload: Mutex<()>,
    /// What was seen of each directory.
    watches: Mutex<BTreeMap<SourceName, directory::Watch>>,
}

/// A run under way in this process.
#[derive(Clone, Debug, serde::Serialize)]
pub struct Running {
    /// When it began.
    pub started_at: Time,
    /// What it is doing, in English.
    pub step: String,
    /// The same, for those who say it in other words; none before its first step.
    #[serde(skip)]
    pub doing: Option<Step>,
    /// A person has told it to end.
    pub cancelled: bool,
    #[serde(skip)]
    hold: cancel::Hold,
}

/// A source as it is set up.
pub(crate) struct Source {
    pub(crate) name: SourceName,
    pub(crate) kind: Kind,
    pub(crate) enabled: bool,
    pub(crate) settings: Settings,
    pub(crate) state: SourceState,
}

impl Collector {
    /// A collector.
    pub fn new(
        store: Arc<Store>,
        clock: Arc<dyn Clock>,
        random: Arc<dyn Random>,
        network: Network,
        open_vault: OpenVault,
        program: Program,
        cancel: CancellationToken,
    ) -> Self {
        Self {
            started_at: clock.now(),
            store,
            clock,
            random,
            network,
            open_vault,
            program,
            cancel,
            running: Mutex::default(),
            looked: Mutex::default(),
            upload: Mutex::default(),
            watches: Mutex::default(),
        }
    }

    /// The store it collects into.
    pub fn store(&self) -> &Arc<Store> {
        &self.store
    }

    /// Whether it was told to stop.
    pub fn is_stopping(&self) -> bool {
        self.cancel.is_cancelled()
    }

    /// Every source as people see it.
    pub fn views(&self) -> store::Result<Vec<SourceView>> {
        view::sources(&self.store, self.now(), &self.alive())
    }

    /// Since when it collects, and the runs under way.
    pub fn alive(&self) -> Alive {
        Alive {
            since: self.started_at,
            running: lock(&self.running).clone(),
            looked: lock(&self.looked).clone(),
        }
    }

    fn now(&self) -> Time {
        self.clock.now()
    }

    /// Reads how a source is set up.
    fn source(&self, name: &SourceName) -> Result<Source, CollectError> {
        let config = self.store.source_config(name)?.filter(|config| config.removed_at.is_none());
        let config = config.ok_or_else(|| CollectError::NoSource(name.clone()))?;
        Source::read(&config).map_err(|cause| CollectError::Settings { source_name: name.clone(), cause })
    }
}

/// A panic in between left a map that is as good as before.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Source {
    /// Which credential it takes, if any.
    pub(crate) fn credential_kind(&self) -> Option<CredentialKind> {
        match (self.kind.info().credential, self.settings.auth) {
            (CredentialUse::Never, _) | (CredentialUse::AsSet, Auth::None) => None,
            (CredentialUse::Login, _) | (CredentialUse::AsSet, Auth::Basic) => Some(CredentialKind::Login),
            (CredentialUse::AsSet, Auth::Header | Auth::Query) => Some(CredentialKind::Token),
        }
    }

    /// Reads what the store keeps.
    pub(crate) fn read(config: &store::SourceConfig) -> Result<Self, BadSetting> {
        let kind: Kind = config.kind.parse().map_err(|unknown: crate::source::kind::UnknownKind| {
            BadSetting { name: "kind".to_owned(), problem: unknown.to_string() }
        })?;
        // Nothing is fetched for a file, so there is nothing to set.
        let settings = match kind {
            Kind::File | Kind::Manual => Settings::of(kind),
            _ => Settings::from_json(kind, &config.settings)?,
        };
        Ok(Self {
            name: config.name.clone(),
            kind,
            enabled: config.enabled,
            settings,
            state: SourceState::from_json(config.state.as_deref()),
        })
    }
}
