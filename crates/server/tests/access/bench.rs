//! A server, its store with the consumer FW-3, and every way in which a device may ask.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::Request;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use blocklist::{ConsumerSettings, FeedSettings, FixedClock, Time};
use secrecy::ExposeSecret;
use server::{App, Budget};
use store::{Actor, ConsumerAddress, ConsumerChange, PullQuery, Store};
use tempfile::TempDir;
use tokio_util::sync::CancellationToken;

use crate::support::{Answer, PREFIXES, PUBLISHED, Rig, publication};

pub(crate) const BY: Actor<'static> = Actor { address: None, by: "kim", note: None };
pub(crate) const DEVICE: &str = "10.1.2.3:40000";
pub(crate) const WEEK: Duration = Duration::from_hours(168);

pub(crate) struct Bench {
    pub(crate) rig: Rig,
    pub(crate) store: Arc<Store>,
    dir: TempDir,
}

impl Bench {
    /// A consumer FW-3, and a publication of three prefixes; nothing of it is known to the server yet.
    pub(crate) async fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let clock = Arc::new(FixedClock::at(Time::from_unix(PUBLISHED + 3_600)));
        let store = Arc::new(Store::open(dir.path(), clock.clone()).unwrap());
        let none = ConsumerSettings::default();
        store.add_consumer(&"FW-3".parse().unwrap(), &none, &[], &BY).unwrap();
        let app = App::new(Some(store.clone()), clock.clone(), Budget::default(), "0.0.0-test");
        let rig = Rig::of(app.with_names(["bl.example".into()]), clock);
        rig.app.go_live(publication(1, PREFIXES)).await;
        Self { rig, store, dir }
    }

    pub(crate) fn secret(&self, random: u8, old_valid_for: Duration) -> String {
        let made = self.store.new_secret(&"FW-3".parse().unwrap(), [random; 32], old_valid_for, &BY);
        made.unwrap().secret.expose_secret().to_owned()
    }

    pub(crate) fn set(&self, settings: ConsumerSettings) {
        let change = ConsumerChange { settings: Some(settings), ..Default::default() };
        self.store.set_consumer(&"FW-3".parse().unwrap(), &change, &BY).unwrap();
    }

    pub(crate) fn trust(&self, addresses: &[&str]) {
        let of = |text: &&str| ConsumerAddress { prefix: text.parse().unwrap(), trusted: true };
        let addresses = Some(addresses.iter().map(of).collect());
        let change = ConsumerChange { addresses, ..Default::default() };
        self.store.set_consumer(&"FW-3".parse().unwrap(), &change, &BY).unwrap();
    }

    pub(crate) fn feed(&self, name: &str, settings: &FeedSettings) {
        self.store.add_feed(&name.parse().unwrap(), settings, &BY).unwrap();
    }

    pub(crate) async fn ask(&self, peer: &str, path: &str, fields: &[(&str, &str)]) -> Answer {
        let mut request = Request::builder().uri(path);
        if !fields.iter().any(|(name, _)| *name == "host") {
            request = request.header("host", "10.0.0.1:2542");
        }
        for (name, value) in fields {
            request = request.header(*name, *value);
        }
        let peer: SocketAddr = peer.parse().unwrap();
        self.rig.send(request.extension(ConnectInfo(peer)).body(Body::empty()).unwrap()).await
    }

    /// The feed by each form of a credential.
    pub(crate) async fn by_each_form(
        &self,
        user: &str,
        secret: &str,
        feed: &str,
    ) -> Vec<(&'static str, Answer)> {
        let path = format!("/feeds/{feed}/plain");
        let basic = format!("Basic {}", STANDARD.encode(format!("{user}:{secret}")));
        let bearer = format!("Bearer {secret}");
        vec![
            ("basic", self.ask(DEVICE, &path, &[("authorization", &basic)]).await),
            ("bearer", self.ask(DEVICE, &path, &[("authorization", &bearer)]).await),
            ("x-api-key", self.ask(DEVICE, &path, &[("x-api-key", secret)]).await),
            ("url", self.ask(DEVICE, &format!("/t/{secret}{path}"), &[]).await),
        ]
    }

    /// The same answer, whatever the form.
    pub(crate) async fn all_forms_are(&self, secret: &str, feed: &str, status: u16) {
        self.all_forms_of("FW-3", secret, feed, status).await;
    }

    pub(crate) async fn all_forms_of(&self, user: &str, secret: &str, feed: &str, status: u16) {
        for (form, answer) in self.by_each_form(user, secret, feed).await {
            assert_eq!(answer.status, status, "{form}: {answer:?}");
            let challenge = if status == 401 { "Basic realm=\"blacklist\"" } else { "" };
            assert_eq!(answer.header("www-authenticate"), challenge, "{form}");
            let retry = if status == 503 { "5" } else { "" };
            assert_eq!(answer.header("retry-after"), retry, "{form}");
            let told = format!("{:?} {}", answer.headers, String::from_utf8_lossy(&answer.body));
            assert!(!told.contains(secret), "{form}");
        }
    }

    /// Breaks the database under the open store.
    pub(crate) fn break_store(&self) {
        for name in ["blacklist.db", "blacklist.db-wal", "blacklist.db-shm"] {
            let path = self.dir.path().join(name);
            if path.exists() {
                let size = std::fs::metadata(&path).unwrap().len().max(4096) as usize;
                std::fs::write(path, vec![0x5a; size]).unwrap();
            }
        }
    }

    /// What is written down by now.
    pub(crate) async fn pulls(&self) -> Vec<store::PullRow> {
        let stop = CancellationToken::new();
        stop.cancel();
        server::keep_pulls(Arc::clone(&self.rig.app), 30, stop).await;
        self.store.pulls(&PullQuery::default(), 1_000).unwrap()
    }
}
