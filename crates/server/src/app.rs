//! What every handler works with. All of it is handed in; nothing is global.

use std::collections::BTreeMap;
use std::error::Error;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use arc_swap::ArcSwapOption;
use axum::body::Bytes;
use blocklist::{Clock, Publication, Serial, Time};
use collect::collector::{Alive, Collector};
use collect::random::{Random, SystemRandom};
use collect::vault::{Vault, VaultError};
use store::{AllowCause, Store};
use tokio::sync::{Notify, watch};
use tokio::task::JoinHandle;
use tokio_util::task::TaskTracker;

use crate::access::Access;
use crate::api::openapi;
use crate::api::problem::Problem;
use crate::api::reason::Reason;
use crate::auth::{AccountRules, Passwords};
use crate::events::{Events, Rhythm, Streams, Topic};
use crate::figures::{Figures, Maps};
use crate::front::Front;
use crate::live::{Budget, Live};
use crate::metrics::Metrics;
use crate::pages::assets::Assets;
use crate::pulls::PullLog;
use crate::rate::Rates;
use crate::recent::Recent;
use crate::uploads::Uploads;

/// How long a new publication waits for the bodies of the one before. A body that takes longer is built further, and
/// whoever asks for it waits.
const WARM_UP: Duration = Duration::from_secs(5);
/// How long a stop waits for what requests started at sources.
const FAREWELL: Duration = Duration::from_secs(20);

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

    /// The keys that secrets are sealed with; with `create` one is made where there is none.
    pub(crate) fn vault_or_503(&self, create: bool) -> Result<Vault, Problem> {
        let Some(open) = &self.open_vault else {
            return Err(Problem::unavailable("this process has no key for secrets"));
        };
        open(create).map_err(|error| self.incident("the key for secrets cannot be read", &error))
    }

    /// The store, or the problem that it is not open.
    pub(crate) fn store_or_503(&self) -> Result<Arc<Store>, Problem> {
        self.store.clone().ok_or_else(|| Problem::unavailable("the store is not open").because(Reason::Store))
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

    /// What collects, or the problem that nothing does.
    pub(crate) fn collector_or_503(&self) -> Result<Arc<Collector>, Problem> {
        let collector = self.collector.clone();
        collector.ok_or_else(|| {
            Problem::unavailable("nothing is collected by this process").because(Reason::NothingCollects)
        })
    }

    /// Since when this process collects, and the runs under way in it.
    pub(crate) fn alive(&self) -> Alive {
        let nothing = || Alive { since: self.started_at, running: BTreeMap::new(), looked: BTreeMap::new() };
        self.collector.as_ref().map_or_else(nothing, |collector| collector.alive())
    }

    /// Starts work at a source that has to come to its end whether or not somebody waits for it.
    pub(crate) fn start<T: Send + 'static>(
        &self,
        work: impl Future<Output = T> + Send + 'static,
    ) -> JoinHandle<T> {
        self.tasks.spawn(work)
    }

    /// The same, and waits for it.
    pub(crate) async fn see_through<T: Send + 'static>(
        &self,
        work: impl Future<Output = T> + Send + 'static,
    ) -> Result<T, Problem> {
        self.start(work).await.map_err(|error| self.incident("this could not be brought to its end", &error))
    }

    /// Waits until what requests started has ended, for some seconds.
    pub(crate) async fn finish(&self) {
        self.tasks.close();
        if tokio::time::timeout(FAREWELL, self.tasks.wait()).await.is_err() {
            tracing::warn!(
                tasks = self.tasks.len(),
                "stopped before all that requests had started had ended"
            );
        }
    }

    /// When the program started.
    pub(crate) fn started_at(&self) -> Time {
        self.started_at
    }

    /// The live publication, if there is one. A handler takes it once.
    pub fn live(&self) -> Option<Arc<Live>> {
        self.live.load_full()
    }

    /// The same, or the problem that there is none.
    pub(crate) fn live_or_503(&self) -> Result<Arc<Live>, Problem> {
        self.live().ok_or_else(nothing_yet)
    }

    /// The publication that feeds show, or the problem that there is none. One that lists nothing is none: a device that
    /// gets an empty list opens itself, on 503 it keeps the one that it has.
    pub(crate) fn served_or_503(&self) -> Result<Arc<Live>, Problem> {
        let live = self.served.load_full().ok_or_else(nothing_yet)?;
        if live.publication().entries() == 0 {
            let serial = live.head().serial;
            return Err(Problem::unavailable(format!(
                "publication {serial} lists nothing; no empty list is served"
            )));
        }
        Ok(live)
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

    /// Publications that were served lately.
    pub(crate) fn recent(&self) -> &Recent {
        &self.recent
    }

    /// Waits until feeds show another publication than this one.
    pub(crate) async fn another_than(&self, serial: Serial) {
        let mut shown = self.shown.subscribe();
        // The sender lives as long as the app.
        let _ = shown.wait_for(|shown| shown.is_some_and(|shown| shown != serial)).await;
    }

    /// Waits until the store of this process has published.
    pub(crate) async fn news(&self) {
        self.news.notified().await;
    }

    /// Makes a publication the live one: at once for questions, and for feeds after the bodies that readers asked for
    /// lately are built for it too, so that the first poll after a change is as quick as the next. Each reader sees the one
    /// or the other.
    pub async fn go_live(&self, publication: Publication) {
        let _turn = self.going_live.lock().await;
        let next = Arc::new(Live::new(publication, self.budget));
        let serial = next.head().serial;
        tracing::info!(serial = serial.0, entries = next.publication().entries(), "publication is live");
        self.live.store(Some(Arc::clone(&next)));
        if let Some(before) = self.served.load_full()
            && tokio::time::timeout(WARM_UP, next.warm_up(&before, self.now())).await.is_err()
        {
            tracing::info!(serial = serial.0, "in feeds before all bodies were built");
        }
        let publication = next.shared();
        self.recent.push(next.shared());
        // Nobody waits for it: the first search does not have to, and neither does the next publication.
        drop(tokio::task::spawn_blocking(move || publication.content().prepare_search()));
        self.served.store(Some(next));
        self.shown.send_replace(Some(serial));
        self.events.changed(Topic::Publication);
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

    /// Asks the store, off the async threads. A store that is absent, busy or broken is 503: the same question may have
    /// an answer later, and what is wrong with the disk is not for whoever asked.
    pub(crate) async fn ask_store<T, Q>(&self, question: Q) -> Result<T, Problem>
    where
        T: Send + 'static,
        Q: FnOnce(&Store) -> store::Result<T> + Send + 'static,
    {
        let store = self.store_or_503()?;
        match tokio::task::spawn_blocking(move || question(&store)).await {
            Ok(Ok(answer)) => Ok(answer),
            Ok(Err(error)) => Err(self.store_problem(&error)),
            Err(error) => Err(self.incident("the store cannot answer now", &error).because(Reason::Store)),
        }
    }

    /// What the store says no for. That a thing is not there, or no longer what it was, is no fault.
    pub(crate) fn store_problem(&self, error: &store::Error) -> Problem {
        let conflict = |hint| Problem::conflict(error.to_string()).with_hint(hint);
        let problem = match error {
            store::Error::Allow(refused)
                if refused.iter().any(|one| matches!(one.cause, AllowCause::Exists(_))) =>
            {
                Problem::conflict(error.to_string())
            }
            store::Error::Allow(_) | store::Error::OwnTooWide(_) | store::Error::KnownGoodName(_) => {
                Problem::bad_request(error.to_string())
            }
            store::Error::NoHeld(_) => {
                Problem::not_found(error.to_string()).with_hint("GET /api/v1/held lists those there were")
            }
            // Its own text names a command.
            store::Error::NoPublication(serial) => {
                Problem::not_found(format!("publication {serial} is not kept"))
                    .with_hint("GET /api/v1/publications lists those there are")
            }
            store::Error::HeldIsOver(..) | store::Error::CandidateChanged(_) => {
                conflict("GET /api/v1/held shows what waits now; look at it, then decide")
            }
            store::Error::NothingLeft(_) => conflict("GET /api/v1/publications lists the others"),
            store::Error::NotPinned => conflict("the list goes on already"),
            store::Error::Pinned(_) => conflict("POST /api/v1/publications/release lets the list go on"),
            store::Error::Undecided(_) => conflict("POST /api/v1/held/{id}/approve or /reject answers it"),
            store::Error::NeedsSecond => {
                conflict("POST /api/v1/publish without force asks again, and two people approve")
            }
            // Their own texts name commands.
            store::Error::NoUser(name) => Problem::not_found(format!("there is no account '{name}'"))
                .with_hint("GET /api/v1/users lists those there are"),
            store::Error::NoToken(name) => {
                Problem::not_found(format!("there is no token '{name}', or it was revoked already"))
                    .with_hint("GET /api/v1/tokens lists those there are")
            }
            store::Error::NoSource(_)
            | store::Error::NoFeed(_)
            | store::Error::NoConsumer(_)
            | store::Error::NoAllow(_)
            | store::Error::NoOwn(_)
            | store::Error::NoKnownGood(_) => Problem::not_found(error.to_string()),
            store::Error::Exists(_)
            | store::Error::OwnExists(_)
            | store::Error::FeedExists(_)
            | store::Error::FeedIsRead { .. }
            | store::Error::DefaultFeed
            | store::Error::ConsumerExists(_)
            | store::Error::AddressTaken { .. }
            | store::Error::UserExists(_)
            | store::Error::UserClosed(_)
            | store::Error::LastAdmin(_)
            | store::Error::TotpNotPending(_)
            | store::Error::NoTotp(_)
            | store::Error::TokenExists(_)
            | store::Error::RoleAbove { .. }
            | store::Error::NotByHand { .. }
            | store::Error::Objections(_)
            | store::Error::TooMany { .. } => Problem::conflict(error.to_string()),
            store::Error::Setting(_)
            | store::Error::TokenName
            | store::Error::NameOfPage(_)
            | store::Error::OrderTooLong { .. }
            | store::Error::NoAddress
            | store::Error::AddressTooWide { .. }
            | store::Error::AddressTwice(_) => Problem::bad_request(error.to_string()),
            _ => self.incident("the store cannot answer now", error).because(Reason::Store),
        };
        problem.because_of(Reason::of_store(error))
    }

    /// Logs a cause under an id, and makes the problem that names the id alone.
    pub(crate) fn incident(&self, detail: &'static str, cause: &(dyn Error + 'static)) -> Problem {
        let count = self.incidents.fetch_add(1, Ordering::Relaxed);
        let id = format!("{:x}-{count}", self.started_at.unix());
        let causes = std::iter::successors(Some(cause), |&cause| cause.source());
        let causes = causes.map(ToString::to_string).collect::<Vec<_>>().join(": ");
        tracing::error!(id, cause = causes, "{detail}");
        Problem::unavailable(detail).with_id(id)
    }
}

fn nothing_yet() -> Problem {
    Problem::unavailable("no publication to serve yet")
}
