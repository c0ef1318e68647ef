//! What every handler works with. All of it is handed in; nothing is global.
//!
//! | module | what |
//! |---|---|
//! | here | the parts, and how an app is put together |
//! | `publication` | which publication is answered from, and how the next one takes its place |
//! | `refused` | asking the store, the collector and the keys, and what a no becomes |
//! | `work` | what requests start at sources |

mod publication;
mod refused;
mod work;

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};

use arc_swap::ArcSwapOption;
use axum::body::Bytes;
use blocklist::{Clock, Serial, Time};
use collect::collector::{Alive, Collector};
use collect::random::{Random, SystemRandom};
use collect::vault::{Vault, VaultError};
use store::Store;
use tokio::sync::{Notify, watch};
use tokio_util::task::TaskTracker;

use crate::access::Access;
use crate::api::openapi;
use crate::auth::{AccountRules, Passwords};
use crate::events::{Events, Rhythm, Streams};
use crate::figures::{Figures, Maps};
use crate::front::Front;
use crate::live::{Budget, Live};
use crate::metrics::Metrics;
use crate::pages::assets::Assets;
use crate::pulls::PullLog;
use crate::rate::Rates;
use crate::recent::Recent;
use crate::uploads::Uploads;

/// What opens the keys that secrets are sealed with; told whether it may make one.
pub type OpenVault = Box<dyn Fn(bool) -> Result<Vault, VaultError> + Send + Sync>;

/// The parts that handlers share.
pub struct App {
    /// What questions are answered from.
    live: ArcSwapOption<Live>,
    /// What feeds are read from: the same, as soon as the bodies that are asked for are built.
    served: ArcSwapOption<Live>,
    recent: Recent,
    /// Told by the store of this process when it has published.
    news: Arc<Notify>,
    /// The serial that feeds show, for those who wait for the next.
    shown: watch::Sender<Option<Serial>>,
    /// One publication goes live at a time.
    going_live: tokio::sync::Mutex<()>,
    store: Option<Arc<Store>>,
    collector: Option<Arc<Collector>>,
    /// What requests started at sources. It ends by itself, also when whoever asked has gone.
    tasks: TaskTracker,
    clock: Arc<dyn Clock>,
    budget: Budget,
    random: Arc<dyn Random>,
    /// The names under which other machines may ask, beside addresses.
    names: Vec<Box<str>>,
    front: Front,
    /// How often whoever asks may ask on.
    pub(crate) rates: Rates,
    accounts: AccountRules,
    passwords: Passwords,
    open_vault: Option<OpenVault>,
    set_up: AtomicBool,
    incidents: AtomicU64,
    started_at: Time,
    document: OnceLock<Bytes>,
    /// Who may read what.
    pub(crate) access: Access,
    /// Who read what.
    pub(crate) pulls: PullLog,
    /// What is counted.
    pub(crate) metrics: Metrics,
    /// Style, script and font of the pages.
    pub(crate) assets: Assets,
    /// What changes, for pages that are open.
    pub(crate) events: Events,
    /// Those pages.
    pub(crate) streams: Streams,
    /// How often they are told that we are there.
    pub(crate) rhythm: Rhythm,
    /// What the dashboard shows.
    pub(crate) figures: Figures,
    /// The pictures of the address space.
    pub(crate) maps: Maps,
    /// Files that wait for their senders' word.
    pub(crate) uploads: Uploads,
    /// The program's version.
    pub(crate) version: &'static str,
}

impl App {
    /// An app without a publication. Without a store, what the store keeps answers 503 and the rest works.
    pub fn new(
        store: Option<Arc<Store>>,
        clock: Arc<dyn Clock>,
        budget: Budget,
        version: &'static str,
    ) -> Self {
        let news = Arc::new(Notify::new());
        if let Some(store) = &store {
            let news = Arc::clone(&news);
            store.on_publication(move || news.notify_one());
        }
        Self {
            live: ArcSwapOption::empty(),
            served: ArcSwapOption::empty(),
            recent: Recent::default(),
            news,
            shown: watch::Sender::new(None),
            going_live: tokio::sync::Mutex::default(),
            store,
            collector: None,
            tasks: TaskTracker::new(),
            budget,
            random: Arc::new(SystemRandom),
            names: Vec::new(),
            front: Front::default(),
            rates: Rates::default(),
            accounts: AccountRules::default(),
            passwords: Passwords::new(),
            open_vault: None,
            set_up: AtomicBool::new(false),
            incidents: AtomicU64::new(0),
            started_at: clock.now(),
            clock,
            document: OnceLock::new(),
            access: Access::default(),
            pulls: PullLog::default(),
            metrics: Metrics::new(version),
            assets: Assets::new(),
            events: Events::default(),
            streams: Streams::default(),
            rhythm: Rhythm::default(),
            figures: Figures::default(),
            maps: Maps::default(),
            uploads: Uploads::default(),
            version,
        }
    }

    /// With what collects in this process. Without it sources and credentials can be read and not changed.
    #[must_use]
    pub fn with_collector(mut self, collector: Arc<Collector>) -> Self {
        self.collector = Some(collector);
        self
    }

    /// With the names that other machines, and proxies on this one, know the server by.
    #[must_use]
    pub fn with_names(mut self, names: impl IntoIterator<Item = String>) -> Self {
        self.names = names.into_iter().map(Into::into).collect();
        self
    }

    /// With other proxies, limits and fields than those of a server that nobody configured.
    #[must_use]
    pub fn with_front(mut self, front: Front) -> Self {
        self.front = front;
        self
    }

    /// With other randomness than the system's, for tests.
    #[must_use]
    pub fn with_random(mut self, random: Arc<dyn Random>) -> Self {
        self.random = random;
        self
    }

    /// With other rules of accounts than those of a program that nobody configured.
    #[must_use]
    pub fn with_accounts(mut self, accounts: AccountRules) -> Self {
        self.accounts = accounts;
        self
    }

    /// With another cost of passwords, for tests.
    #[must_use]
    pub fn with_passwords(mut self, passwords: Passwords) -> Self {
        self.passwords = passwords;
        self
    }

    /// With another rhythm of streams, for tests.
    #[must_use]
    pub fn with_rhythm(mut self, rhythm: Rhythm) -> Self {
        self.rhythm = rhythm;
        self
    }

    /// With what opens the keys that secrets are sealed with.
    #[must_use]
    pub fn with_vault(mut self, open: OpenVault) -> Self {
        self.open_vault = Some(open);
        self
    }

    /// Where secrets come from.
    pub(crate) fn random(&self) -> &dyn Random {
        &*self.random
    }

    /// The same, for another thread.
    pub(crate) fn shared_random(&self) -> Arc<dyn Random> {
        Arc::clone(&self.random)
    }

    /// The rules of accounts.
    pub(crate) fn accounts(&self) -> &AccountRules {
        &self.accounts
    }

    /// What hashes passwords.
    pub(crate) fn passwords(&self) -> &Passwords {
        &self.passwords
    }

    /// The names that the server is known by.
    pub(crate) fn names(&self) -> &[Box<str>] {
        &self.names
    }

    /// When the certificate of the server ends, if it has one.
    pub fn certificate_ends(&self) -> Option<Time> {
        self.front.tls.as_ref().map(|tls| tls.not_after())
    }

    /// What stands before the routes.
    pub(crate) fn front(&self) -> &Front {
        &self.front
    }

    /// The store, if there is one.
    pub fn store(&self) -> Option<&Arc<Store>> {
        self.store.as_ref()
    }

    /// Since when this process collects, and the runs under way in it.
    pub(crate) fn alive(&self) -> Alive {
        let nothing = || Alive { since: self.started_at, running: BTreeMap::new(), looked: BTreeMap::new() };
        self.collector.as_ref().map_or_else(nothing, |collector| collector.alive())
    }

    /// When the program started.
    pub(crate) fn started_at(&self) -> Time {
        self.started_at
    }

    /// Whether somebody has signed in here before: until then the page for signing in says where the first password is.
    pub(crate) fn was_set_up(&self) -> bool {
        self.set_up.load(Ordering::Relaxed)
    }

    /// Asks the store that, as long as nobody has. One that cannot answer leaves it open: the page only shows a hint more.
    pub(crate) async fn look_whether_set_up(&self) {
        if !self.was_set_up() {
            let users = self.ask_store(Store::users).await.unwrap_or_default();
            let somebody = users.iter().any(|user| user.last_login_at.is_some());
            self.set_up.store(somebody, Ordering::Relaxed);
        }
    }

    /// The OpenAPI document, made when it is first asked for.
    pub(crate) fn document(&self) -> serde_json::Result<Bytes> {
        if let Some(document) = self.document.get() {
            return Ok(document.clone());
        }
        let document = openapi::render(self.version)?;
        Ok(self.document.get_or_init(|| document).clone())
    }

    /// The time now.
    pub fn now(&self) -> Time {
        self.clock.now()
    }
}
