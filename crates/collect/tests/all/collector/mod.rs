//! The collector against the simulated portals: real requests, a real store, and a clock that both share.

mod account;
mod cancel;
mod days;
mod faults;
mod feeds;
mod keys;
mod secrets;
mod timer;
mod tls;

use std::collections::BTreeMap;
use std::future::ready;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use blocklist::{FixedClock, SourceName, State, Time};
use collect::collector::{Collected, Collector, Order, Program, Verified};
use collect::fetch::Network;
use collect::fetch::network::Patience;
use collect::random::{Random, SeededRandom};
use collect::source::{Kind, Settings, SourceState};
use collect::vault::{Credential, KeySource, Vault};
use collect::{Failure, Limits};
use jiff::SignedDuration;
use portal_sim::dataset::Row;
use portal_sim::{Portal, Sim, SimOptions, Size};
use secrecy::SecretString;
use store::{Actor, ListingQuery, ListingRow, Store};
use tempfile::TempDir;
use tokio_util::sync::CancellationToken;

/// Who sets a test up.
pub(super) const SETUP: Actor<'static> = Actor { address: None, by: "setup", note: None };
/// Not a secret: the simulated portals' own.
pub(super) const NAME: &str = "operator1";
pub(super) const PASSWORD: &str = "Kestrel-7:open&shut";

/// A portal, a store and a collector between them, at the same time of day.
pub(super) struct Bench {
    pub(super) sim: Sim,
    pub(super) dir: TempDir,
    pub(super) store: Arc<Store>,
    pub(super) collector: Collector,
    pub(super) source: SourceName,
    pub(super) kind: Kind,
    clock: Arc<FixedClock>,
    cancel: CancellationToken,
}

impl Bench {
    pub(super) async fn new(portal: Portal) -> Self {
        Self::with(portal, SimOptions::default(), &[]).await
    }

    pub(super) async fn full(portal: Portal) -> Self {
        Self::with(portal, SimOptions { size: Size::Full, ..SimOptions::default() }, &[]).await
    }

    pub(super) async fn with(portal: Portal, options: SimOptions, settings: &[(&str, &str)]) -> Self {
        let sim = Sim::start(SimOptions { accounts: vec![(NAME.into(), PASSWORD.into())], ..options });
        let sim = sim.await.unwrap();
        let dir = tempfile::tempdir().unwrap();
        let clock = Arc::new(FixedClock::at(Time::from_unix(sim.now().as_second())));
        let store = Arc::new(Store::open(dir.path(), clock.clone()).unwrap());
        let cancel = CancellationToken::new();
        let collector = collector(&store, &clock, dir.path(), &cancel);
        let kind = if portal == Portal::Regtech { Kind::Regtech } else { Kind::Secudium };
        let source: SourceName = kind.name().parse().unwrap();
        let bench = Self { sim, dir, store, collector, source, kind, clock, cancel };
        bench.add(portal, settings);
        bench
    }

    fn add(&self, portal: Portal, settings: &[(&str, &str)]) {
        let url = self.sim.url(portal);
        let mut all = Settings::of(self.kind);
        let given = [("url", url.as_str()), ("timeout", "5s")];
        all.set_all(self.kind, given.into_iter().chain(settings.iter().copied())).unwrap();
        self.store.add_source(&self.source, self.kind.name(), &all.to_json(self.kind), true, &SETUP).unwrap();
        self.credential(PASSWORD);
    }

    pub(super) fn credential(&self, password: &str) {
        let credential = Credential::login(NAME, SecretString::from(password)).unwrap();
        // The same again is refused where it was rejected; here the portal was what was wrong.
        self.store.remove_credential(&self.source, &SETUP).unwrap();
        self.collector.set_credential(&self.source, &credential, None, None, &SETUP).unwrap();
    }

    pub(super) fn set(&self, settings: &[(&str, &str)]) {
        let config = self.store.source_config(&self.source).unwrap().unwrap();
        let mut all = Settings::from_json(self.kind, &config.settings).unwrap();
        all.set_all(self.kind, settings.iter().copied()).unwrap();
        self.store.set_source(&self.source, &all.to_json(self.kind), &SETUP).unwrap();
    }

    /// Both clocks go on.
    pub(super) fn advance(&self, by: SignedDuration) {
        self.sim.advance(by);
        self.clock.set(Time::from_unix(self.sim.now().as_second()));
    }

    pub(super) fn next_day(&self) {
        self.advance(SignedDuration::from_hours(24));
    }

    pub(super) async fn collect(&self) -> Collected {
        self.order(&Order::scheduled()).await
    }

    pub(super) async fn order(&self, order: &Order) -> Collected {
        self.collector.collect(&self.source, order, &|_| {}).await.unwrap()
    }

    /// A collection that has to be good.
    pub(super) async fn good(&self) -> store::Run {
        match self.collect().await {
            Collected::Run { run, .. } if run.state == store::RunState::Done => run,
            other => panic!("not a good run: {other:?}"),
        }
    }

    pub(super) async fn verify(&self) -> Result<Verified, Failure> {
        self.collector.verify(&self.source, &|_| {}).await.unwrap()
    }

    pub(super) fn state(&self) -> SourceState {
        let config = self.store.source_config(&self.source).unwrap().unwrap();
        SourceState::from_json(config.state.as_deref())
    }

    pub(super) fn cancel(&self) {
        self.cancel.cancel();
    }

    /// A program that starts anew over the same data.
    pub(super) fn restarted(&self) -> Collector {
        collector(&self.store, &self.clock, self.dir.path(), &self.cancel)
    }

    /// A program that starts after the last one was stopped.
    pub(super) fn started_again(&self) -> Collector {
        collector(&self.store, &self.clock, self.dir.path(), &CancellationToken::new())
    }

    /// What is listed, as a comparison wants it.
    pub(super) fn listed(&self) -> BTreeMap<String, [String; 4]> {
        listings(&self.store, &self.source).into_iter().map(told).collect()
    }

    /// What REGTECH lists now.
    pub(super) fn truth(&self) -> BTreeMap<String, [String; 4]> {
        self.sim.world().truth_at(self.sim.seoul()).iter().map(true_row).collect()
    }

    /// Whether what is listed is what REGTECH lists, of the rows registered since some days before the start.
    pub(super) fn is_true_since(&self, days: i64) -> bool {
        let first = portal_sim::dataset::plus_days(jiff::civil::date(2026, 11, 20), -days).to_string();
        let truth: BTreeMap<_, _> = self.truth().into_iter().filter(|(_, row)| row[2] >= first).collect();
        self.listed() == truth
    }

    /// The hash of what is served.
    pub(super) fn published(&self) -> Option<String> {
        let current = self.store.files().load_current().unwrap();
        current.map(|publication| publication.head().hash.to_string())
    }
}

pub(super) fn collector(
    store: &Arc<Store>,
    clock: &Arc<FixedClock>,
    dir: &Path,
    cancel: &CancellationToken,
) -> Collector {
    let random: Arc<dyn Random> = Arc::new(SeededRandom::new(7));
    let patience = Patience {
        stall: Duration::from_millis(400),
        sleep: Arc::new(|_| Box::pin(ready(()))),
        ..Patience::default()
    };
    let network = Network::new(dir, clock.clone()).with_patience(patience);
    let key = KeySource { create: true, ..KeySource::in_directory(dir) };
    let for_vault = Arc::clone(&random);
    let open = move |create| Vault::open(&KeySource { create, ..key.clone() }, Arc::clone(&for_vault));
    let program = Program { limits: Limits::default(), rules: prefix::Rules::default(), min_share: 0.5 };
    Collector::new(store.clone(), clock.clone(), random, network, Box::new(open), program, cancel.clone())
}

/// Every active listing of a source.
pub(super) fn listings(store: &Store, source: &SourceName) -> Vec<ListingRow> {
    let mut query = ListingQuery {
        source: Some(source.clone()),
        state: Some(State::Active),
        limit: 10_000,
        ..ListingQuery::default()
    };
    let mut all = Vec::new();
    loop {
        let page = store.listings(&query).unwrap();
        let Some(last) = page.last() else { return all };
        query.after = Some(query.cursor(last));
        all.extend(page);
    }
}

fn told(row: ListingRow) -> (String, [String; 4]) {
    let text = |text: Option<String>| text.unwrap_or_default();
    let country = row.country.map(|country| country.as_str().to_owned());
    let day = |time: Time| time.to_seoul()[..10].to_owned();
    // The end is the day after the last on which it counts.
    let until = row.until.map(|until| day(until.plus_seconds(-1)));
    (row.prefix.to_string(), [text(country), text(row.reason), day(row.detected), text(until)])
}

fn true_row(row: &Row) -> (String, [String; 4]) {
    let until = row.until.map(|day| day.to_string()).unwrap_or_default();
    (row.address.clone(), [row.country.into(), row.reason.into(), row.detected.to_string(), until])
}
