//! An app that collects from simulated portals: real requests, a real store, one clock for all.

use std::future::ready;
use std::sync::Arc;
use std::time::Duration;

use blocklist::{FixedClock, Time};
use collect::Limits;
use collect::collector::{Collector, Program};
use collect::fetch::Network;
use collect::fetch::network::Patience;
use collect::random::{Random, SeededRandom};
use collect::vault::{KeySource, Vault};
use portal_sim::{Portal, Sim, SimOptions};
use serde_json::{Value, json};
use server::{App, Budget};
use store::Store;
use tempfile::TempDir;
use tokio_util::sync::CancellationToken;

use super::{Answer, Rig};

/// Not a secret: the simulated portals' own.
pub const NAME: &str = "operator1";
pub const PASSWORD: &str = "Kestrel-7:open&shut";

/// The portals, and an app that collects from them.
pub struct Bench {
    pub sim: Sim,
    pub dir: TempDir,
    pub store: Arc<Store>,
    pub rig: Rig,
}

impl Bench {
    /// Without any source.
    pub async fn new() -> Self {
        Self::with_stall(Duration::from_millis(400)).await
    }

    /// A server that says nothing for so long is given up.
    pub async fn with_stall(stall: Duration) -> Self {
        let accounts = vec![(NAME.into(), PASSWORD.into())];
        let sim = Sim::start(SimOptions { accounts, ..SimOptions::default() }).await.unwrap();
        let dir = tempfile::tempdir().unwrap();
        let clock = Arc::new(FixedClock::at(Time::from_unix(sim.now().as_second())));
        let store = Arc::new(Store::open(dir.path(), clock.clone()).unwrap());
        let app = App::new(Some(store.clone()), clock.clone(), Budget::default(), "0.0.0-test");
        let app = app.with_collector(Arc::new(collector(&store, &clock, &dir, stall)));
        Self { sim, dir, store, rig: Rig::of(app, clock) }
    }

    /// With REGTECH as a source, and the credential that it knows.
    pub async fn regtech() -> Self {
        let bench = Self::new().await;
        assert_eq!(bench.rig.write("POST", "/api/v1/sources", &bench.source()).await.status, 201);
        assert_eq!(bench.credential(PASSWORD).await.status, 200);
        bench
    }

    /// What adds REGTECH.
    pub fn source(&self) -> Value {
        let url = self.sim.url(Portal::Regtech);
        json!({"name": "regtech", "kind": "regtech", "settings": {"url": url, "timeout": "5s"}})
    }

    pub async fn credential(&self, password: &str) -> Answer {
        let body =
            json!({"username": NAME, "secret": password, "expires_on": "2026-12-01", "remind_days": 30});
        self.rig.write("PUT", "/api/v1/credentials/regtech", &body).await
    }

    /// The newest run, when there are so many.
    pub async fn run_number(&self, count: usize) -> Value {
        for _ in 0..2_000 {
            let runs = self.rig.get("/api/v1/runs?source=regtech").await.json();
            let source = self.rig.get("/api/v1/sources/regtech").await.json();
            if runs["runs"].as_array().unwrap().len() == count && source["running"].is_null() {
                return runs["runs"][0].clone();
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        panic!("no run number {count}");
    }
}

fn collector(store: &Arc<Store>, clock: &Arc<FixedClock>, dir: &TempDir, stall: Duration) -> Collector {
    let random: Arc<dyn Random> = Arc::new(SeededRandom::new(7));
    let patience = Patience { stall, sleep: Arc::new(|_| Box::pin(ready(()))), ..Patience::default() };
    let network = Network::new(dir.path(), clock.clone()).with_patience(patience);
    let key = KeySource::in_directory(dir.path());
    let for_vault = Arc::clone(&random);
    let open = move |create| Vault::open(&KeySource { create, ..key.clone() }, Arc::clone(&for_vault));
    let program = Program { limits: Limits::default(), rules: prefix::Rules::default(), min_share: 0.5 };
    let cancel = CancellationToken::new();
    Collector::new(store.clone(), clock.clone(), random, network, Box::new(open), program, cancel)
}
