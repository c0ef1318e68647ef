//! What every handler works with. All of it is handed in; nothing is global.

use std::error::Error;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use arc_swap::ArcSwapOption;
use axum::body::Bytes;
use blocklist::{Clock, Publication, Time};
use store::Store;

use crate::api::openapi;
use crate::api::problem::Problem;
use crate::live::{Budget, Live};
use crate::metrics::Metrics;

/// How long a new publication waits for the bodies of the one before. A body that takes longer is built further, and
/// whoever asks for it waits.
const WARM_UP: Duration = Duration::from_secs(5);

/// The parts that handlers share.
pub struct App {
    live: ArcSwapOption<Live>,
    /// One publication goes live at a time.
    going_live: tokio::sync::Mutex<()>,
    store: Option<Arc<Store>>,
    clock: Arc<dyn Clock>,
    budget: Budget,
    incidents: AtomicU64,
    started_at: Time,
    document: OnceLock<Bytes>,
    /// What is counted.
    pub(crate) metrics: Metrics,
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
        Self {
            live: ArcSwapOption::empty(),
            going_live: tokio::sync::Mutex::default(),
            store,
            budget,
            incidents: AtomicU64::new(0),
            started_at: clock.now(),
            clock,
            document: OnceLock::new(),
            metrics: Metrics::new(version),
            version,
        }
    }

    /// The live publication, if there is one. A handler takes it once.
    pub fn live(&self) -> Option<Arc<Live>> {
        self.live.load_full()
    }

    /// The same, or the problem that there is none.
    pub(crate) fn live_or_503(&self) -> Result<Arc<Live>, Problem> {
        self.live().ok_or_else(|| Problem::unavailable("no publication to serve yet"))
    }

    /// Makes a publication the live one, after the bodies that readers asked for lately are built for it too: so the
    /// first poll after a change is as quick as the next.
    pub async fn go_live(&self, publication: Publication) {
        let _turn = self.going_live.lock().await;
        let next = Arc::new(Live::new(publication, self.budget));
        if let Some(before) = self.live()
            && tokio::time::timeout(WARM_UP, next.warm_up(&before, self.now())).await.is_err()
        {
            tracing::info!(serial = next.head().serial.0, "live before all bodies were built");
        }
        tracing::info!(
            serial = next.head().serial.0,
            entries = next.publication().entries(),
            "publication is live"
        );
        self.live.store(Some(next));
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
        let Some(store) = self.store.clone() else {
            return Err(Problem::unavailable("the store is not open"));
        };
        match tokio::task::spawn_blocking(move || question(&store)).await {
            Ok(Ok(answer)) => Ok(answer),
            Ok(Err(error)) => Err(self.incident("the store cannot answer now", &error)),
            Err(error) => Err(self.incident("the store cannot answer now", &error)),
        }
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
