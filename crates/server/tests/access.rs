//! Who may read a feed: every form of credential, right and wrong, and a store that cannot be asked.

#![allow(clippy::unwrap_used, clippy::panic, reason = "tests")]

mod support;

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::Request;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use blocklist::{Clock, ConsumerSettings, FeedName, FeedSettings, FixedClock, Time};
use secrecy::ExposeSecret;
use serde_json::json;
use server::{App, Budget};
use store::{Actor, ConsumerAddress, ConsumerChange, PullQuery, Revoke, Store};
use support::{Answer, PREFIXES, PUBLISHED, Rig, publication};
use tempfile::TempDir;
use tokio_util::sync::CancellationToken;

const BY: Actor<'static> = Actor { address: None, by: "kim", note: None };
const DEVICE: &str = "10.1.2.3:40000";
const WEEK: Duration = Duration::from_hours(168);

struct Bench {
    rig: Rig,
    store: Arc<Store>,
    dir: TempDir,
}

impl Bench {
    /// A consumer FW-3, and a publication of three prefixes; nothing of it is known to the server yet.
    async fn new() -> Self {
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

    fn secret(&self, random: u8, old_valid_for: Duration) -> String {
        let made = self.store.new_secret(&"FW-3".parse().unwrap(), [random; 32], old_valid_for, &BY);
        made.unwrap().secret.expose_secret().to_owned()
    }

    fn set(&self, settings: ConsumerSettings) {
        let change = ConsumerChange { settings: Some(settings), ..Default::default() };
        self.store.set_consumer(&"FW-3".parse().unwrap(), &change, &BY).unwrap();
    }

    fn trust(&self, addresses: &[&str]) {
        let of = |text: &&str| ConsumerAddress { prefix: text.parse().unwrap(), trusted: true };
        let addresses = Some(addresses.iter().map(of).collect());
        let change = ConsumerChange { addresses, ..Default::default() };
        self.store.set_consumer(&"FW-3".parse().unwrap(), &change, &BY).unwrap();
    }

    fn feed(&self, name: &str, settings: &FeedSettings) {
        self.store.add_feed(&name.parse().unwrap(), settings, &BY).unwrap();
    }

    async fn ask(&self, peer: &str, path: &str, fields: &[(&str, &str)]) -> Answer {
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
    async fn by_each_form(&self, user: &str, secret: &str, feed: &str) -> Vec<(&'static str, Answer)> {
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
    async fn all_forms_are(&self, secret: &str, feed: &str, status: u16) {
        self.all_forms_of("FW-3", secret, feed, status).await;
    }

    async fn all_forms_of(&self, user: &str, secret: &str, feed: &str, status: u16) {
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
    fn break_store(&self) {
        for name in ["blacklist.db", "blacklist.db-wal", "blacklist.db-shm"] {
            let path = self.dir.path().join(name);
            if path.exists() {
                let size = std::fs::metadata(&path).unwrap().len().max(4096) as usize;
                std::fs::write(path, vec![0x5a; size]).unwrap();
            }
        }
    }

    /// What is written down by now.
    async fn pulls(&self) -> Vec<store::PullRow> {
        let stop = CancellationToken::new();
        stop.cancel();
        server::keep_pulls(Arc::clone(&self.rig.app), 30, stop).await;
        self.store.pulls(&PullQuery::default(), 1_000).unwrap()
    }
}

#[tokio::test]
async fn each_form_of_a_right_credential_reads_and_each_of_a_wrong_one_is_401() {
    let bench = Bench::new().await;
    // Made after the server last looked: it is asked for before anybody is refused.
    let secret = bench.secret(1, WEEK);
    bench.all_forms_are(&secret, "default", 200).await;
    bench.all_forms_are(&format!("{}x", &secret[..51]), "default", 401).await;
    // No answer may repeat it, and "x" stands in names of fields.
    bench.all_forms_are("zz", "default", 401).await;
    let other_user = format!("Basic {}", STANDARD.encode(format!("fw-4:{secret}")));
    let answer = bench.ask(DEVICE, "/feeds/default/plain", &[("authorization", &other_user)]).await;
    answer.problem(401);
    bench.ask(DEVICE, "/feeds/default/plain", &[]).await.problem(401);
    // A wrong credential is wrong on this machine too.
    bench.rig.ask("GET", "/feeds/default/plain", &[("x-api-key", "x")]).await.problem(401);
}

#[tokio::test]
async fn the_password_of_a_proxy_on_this_machine_is_nobodys_and_that_of_a_consumer_has_to_be_right() {
    let bench = Bench::new().await;
    bench.rig.app.refresh_access().await;
    let ask = async |user: &str| {
        let basic = format!("Basic {}", STANDARD.encode(format!("{user}:password")));
        let fields = [("authorization", basic.as_str())];
        let local = bench.rig.ask("GET", "/feeds/default/plain", &fields).await.status;
        let remote = bench.ask(DEVICE, "/feeds/default/plain", &fields).await.status;
        (local.as_u16(), remote.as_u16())
    };
    assert_eq!(ask("nginx-user").await, (200, 401));
    assert_eq!(ask("FW-3").await, (401, 401));
    let change = ConsumerChange { enabled: Some(false), ..Default::default() };
    bench.store.set_consumer(&"FW-3".parse().unwrap(), &change, &BY).unwrap();
    bench.rig.app.refresh_access().await;
    assert_eq!(ask("FW-3").await, (401, 401));
}

#[tokio::test]
async fn an_old_secret_reads_until_its_time_and_not_after() {
    let bench = Bench::new().await;
    let old = bench.secret(1, WEEK);
    bench.rig.app.refresh_access().await;
    let new = bench.secret(2, Duration::from_secs(100));
    for secret in [&old, &new] {
        bench.all_forms_are(secret, "default", 200).await;
    }
    bench.rig.clock.set(Time::from_unix(PUBLISHED + 3_600 + 100));
    bench.all_forms_are(&old, "default", 401).await;
    bench.all_forms_are(&new, "default", 200).await;
    let newest = bench.secret(3, Duration::ZERO);
    bench.rig.app.refresh_access().await;
    bench.all_forms_are(&new, "default", 401).await;
    bench.all_forms_are(&newest, "default", 200).await;
}

#[tokio::test]
async fn one_that_is_disabled_revoked_or_removed_is_not_known() {
    let bench = Bench::new().await;
    let name = "FW-3".parse().unwrap();
    let secret = bench.secret(1, WEEK);
    let enable = |enabled| {
        let change = ConsumerChange { enabled: Some(enabled), ..Default::default() };
        bench.store.set_consumer(&name, &change, &BY).unwrap();
    };
    for (enabled, status) in [(false, 401), (true, 200)] {
        enable(enabled);
        bench.rig.app.refresh_access().await;
        bench.all_forms_are(&secret, "default", status).await;
    }
    bench.store.revoke_secrets(&name, Revoke::All, &BY).unwrap();
    bench.rig.app.refresh_access().await;
    bench.all_forms_are(&secret, "default", 401).await;
    let secret = bench.secret(2, WEEK);
    bench.all_forms_are(&secret, "default", 200).await;
    bench.store.remove_consumer(&name, &BY).unwrap();
    bench.rig.app.refresh_access().await;
    bench.all_forms_are(&secret, "default", 401).await;
}

#[tokio::test]
async fn one_that_is_limited_to_a_feed_reads_no_other_and_hears_of_none() {
    let bench = Bench::new().await;
    let secret = bench.secret(1, WEEK);
    bench.feed("zone", &FeedSettings::default());
    bench.set(ConsumerSettings { feed: Some("zone".parse().unwrap()), ..Default::default() });
    bench.all_forms_are(&secret, "zone", 200).await;
    bench.all_forms_are(&secret, "default", 403).await;
    bench.all_forms_are(&secret, "nosuch", 403).await;
    let hidden = |answer: &Answer| {
        let text = answer.text().to_owned();
        assert!(!text.contains("zone") && !text.contains("default"), "{text}");
    };
    let key = [("x-api-key", secret.as_str())];
    hidden(&bench.ask(DEVICE, "/feeds/nosuch/plain", &key).await);
    bench.set(ConsumerSettings::default());
    bench.rig.app.refresh_access().await;
    let answer = bench.ask(DEVICE, "/feeds/nosuch/plain", &key).await;
    answer.problem(404);
    hidden(&answer);
    assert!(bench.rig.get("/feeds/nosuch/plain").await.problem(404).contains("default, zone"));
}

#[tokio::test]
async fn a_trusted_address_is_a_credential_under_an_address_or_a_name_of_the_server_alone() {
    let bench = Bench::new().await;
    bench.trust(&["10.1.0.0/16", "2001:db8::/32"]);
    let ask = async |peer: &str, host: &str| {
        bench.ask(peer, "/feeds/default/plain", &[("host", host)]).await.status.as_u16()
    };
    for host in ["10.0.0.1:2542", "[2001:db8::1]:2542", "bl.example", "BL.EXAMPLE:2542"] {
        assert_eq!(ask(DEVICE, host).await, 200, "{host}");
    }
    assert_eq!(ask("[2001:db8::9]:1", "10.0.0.1").await, 200);
    assert_eq!(ask("[::ffff:10.1.9.9]:1", "10.0.0.1").await, 200, "an IPv4 peer on an IPv6 socket");
    // A page that made a browser of that network come here under the name of its own server.
    assert_eq!(ask(DEVICE, "evil.example").await, 421);
    assert_eq!(ask("10.2.0.1:1", "10.0.0.1").await, 401);
    // With a secret the name says nothing: no page knows one.
    let secret = bench.secret(1, WEEK);
    let fields = [("host", "other.example"), ("x-api-key", secret.as_str())];
    assert_eq!(bench.ask("10.2.0.1:1", "/feeds/default/plain", &fields).await.status, 200);
}

#[tokio::test]
async fn a_proxy_on_this_machine_that_passes_the_name_on_brings_strangers() {
    let bench = Bench::new().await;
    bench.trust(&["127.0.0.1"]);
    let host = [("host", "bl.example")];
    bench.rig.ask("GET", "/feeds/default/plain", &host).await.problem(401);
    bench.rig.ask("GET", "/api/v1/consumers", &host).await.problem(403);
    assert_eq!(bench.rig.ask("GET", "/healthz", &host).await.status, 200);
    let secret = bench.secret(1, WEEK);
    let fields = [host[0], ("x-api-key", secret.as_str())];
    assert_eq!(bench.rig.ask("GET", "/feeds/default/plain", &fields).await.status, 200);
}

#[tokio::test]
async fn other_machines_get_feeds_and_health_alone() {
    let bench = Bench::new().await;
    let secret = bench.secret(1, WEEK);
    let key = [("x-api-key", secret.as_str())];
    for (path, _) in server::document().paths.paths {
        let filled =
            path.replace("{token}", &secret).replace("{feed}", "default").replace("{format}", "plain");
        let filled = filled.replace("/changes", "/changes?since=1");
        let status = bench.ask(DEVICE, &filled, &key).await.status;
        let open = path.contains("/feeds/{feed}/") || path == "/healthz" || path == "/readyz";
        assert_eq!(status.as_u16(), if open { 200 } else { 403 }, "{path}");
    }
    for path in ["/", "/nosuch", "/api/v1/nosuch", "/feedsx/default/plain"] {
        assert_eq!(bench.ask(DEVICE, path, &key).await.status, 403, "{path}");
    }
}

#[tokio::test]
async fn while_the_store_is_broken_who_is_known_reads_on_and_nobody_is_told_that_he_is_not() {
    let bench = Bench::new().await;
    let secret = bench.secret(1, WEEK);
    bench.feed("zone", &FeedSettings::default());
    bench.set(ConsumerSettings { feed: Some("zone".parse().unwrap()), ..Default::default() });
    assert!(bench.rig.app.refresh_access().await);
    bench.break_store();
    assert!(!bench.rig.app.refresh_access().await, "the store is broken");
    bench.all_forms_are(&secret, "zone", 200).await;
    bench.all_forms_are("unknown", "zone", 503).await;
    bench.all_forms_are(&secret, "default", 503).await;
    bench.ask(DEVICE, "/feeds/zone/plain", &[]).await.problem(503);
    bench.rig.get("/feeds/nosuch/plain").await.problem(503);
    assert_eq!(bench.rig.get("/feeds/default/plain").await.status, 200, "this machine reads on");
}

#[tokio::test]
async fn a_store_that_was_never_read_is_503_for_everybody_but_this_machine() {
    let bench = Bench::new().await;
    let secret = bench.secret(1, WEEK);
    bench.break_store();
    bench.all_forms_are(&secret, "default", 503).await;
    bench.ask(DEVICE, "/feeds/default/plain", &[]).await.problem(503);
    assert_eq!(bench.rig.get("/feeds/default/plain").await.status, 200);
    let without = Rig::live(PREFIXES).await;
    without.ask("GET", "/feeds/default/plain", &[("x-api-key", "x")]).await.problem(503);
}

#[tokio::test]
async fn the_smaller_cap_of_feed_and_consumer_cuts_and_equal_consumers_share_a_body() {
    let bench = Bench::new().await;
    let secret = bench.secret(1, WEEK);
    let key = [("x-api-key", secret.as_str())];
    let served = async |path: &str| {
        let answer = bench.ask(DEVICE, path, &key).await;
        assert_eq!(answer.header("x-entries-total"), "3");
        (answer.header("x-entries-served").to_owned(), answer.header("x-truncated").to_owned(), answer)
    };
    let part = |count: &str, cut: &str| (count.to_owned(), cut.to_owned());
    let plain = "/feeds/default/plain";
    let (count, cut, whole) = served(plain).await;
    assert_eq!((count, cut), part("3", ""));
    let cap = |cap| ConsumerSettings { cap: Some(cap), ..Default::default() };
    bench.set(cap(2));
    bench.rig.app.refresh_access().await;
    let (count, cut, two) = served(plain).await;
    assert_eq!((count, cut), part("2", "true"));
    let since = [key[0], ("if-modified-since", whole.header("last-modified"))];
    assert_eq!(bench.ask(DEVICE, plain, &since).await.status, 200, "the list before was another");
    let tag = [key[0], ("if-none-match", two.header("etag"))];
    assert_eq!(bench.ask(DEVICE, plain, &tag).await.status, 304);
    // The same of another feed and another consumer is the same body, not an equal one.
    bench.feed("same", &FeedSettings::default());
    bench.store.add_consumer(&"FW-4".parse().unwrap(), &cap(2), &[], &BY).unwrap();
    let other = bench.store.new_secret(&"FW-4".parse().unwrap(), [9; 32], WEEK, &BY).unwrap();
    let other = [("x-api-key", other.secret.expose_secret())];
    let same = bench.ask(DEVICE, "/feeds/same/plain", &other).await;
    assert_eq!((same.body.as_ptr(), same.body.len()), (two.body.as_ptr(), two.body.len()));
    bench.feed("one", &FeedSettings { cap: Some(1), ..Default::default() });
    let (count, cut, _) = served("/feeds/one/plain").await;
    assert_eq!((count, cut), part("1", "true"));
}

#[tokio::test]
async fn a_feed_shows_what_passes_it_and_is_joined_where_the_format_can() {
    let bench = Bench::new().await;
    let mut settings = FeedSettings::default();
    for (key, value) in [("family", "6"), ("merge", "on")] {
        blocklist::feed::set(&mut settings, key, value).unwrap();
    }
    bench.feed("six", &settings);
    assert_eq!(bench.rig.get("/feeds/six/plain").await.text(), "2001:db8::/32\n");
    let json = bench.rig.get("/feeds/six/json").await.json();
    assert_eq!((json["count"].as_u64(), json["total"].as_u64()), (Some(1), Some(1)));
    // Changed: the next read shows it, and a date of before does not hide it.
    bench.rig.app.refresh_access().await;
    let before = bench.rig.get("/feeds/six/plain").await;
    let six: FeedName = "six".parse().unwrap();
    bench.store.set_feed(&six, &FeedSettings::default(), &BY).unwrap();
    bench.rig.app.refresh_access().await;
    bench.rig.clock.set(bench.rig.clock.now().plus_seconds(5));
    let since = [("if-modified-since", before.header("last-modified"))];
    let after = bench.rig.ask("GET", "/feeds/six/plain", &since).await;
    assert_eq!((after.status.as_u16(), after.header("x-entries-served")), (200, "3"));
    // What changed since a serial can only be told under one definition.
    assert!(bench.rig.get("/feeds/six/changes?since=1").await.problem(410).contains("otherwise"));
    assert_eq!(bench.rig.get("/feeds/default/changes?since=1").await.status, 200);
}

#[tokio::test]
async fn reads_are_written_down_with_who_what_and_how_and_held_by_those_who_got_the_list() {
    let bench = Bench::new().await;
    let secret = bench.secret(1, WEEK);
    let agent = format!("Forti\tGate {}", "x".repeat(300));
    let key = [("x-api-key", secret.as_str()), ("user-agent", agent.as_str())];
    let path = "/feeds/default/plain";
    let first = bench.ask(DEVICE, path, &key).await;
    let tag = [key[0], ("if-none-match", first.header("etag"))];
    bench.ask(DEVICE, path, &tag).await;
    bench.ask(DEVICE, "/feeds/default/changes?since=1", &key).await;
    bench.ask(DEVICE, "/feeds/%3Cscript%3E/x", &[("x-api-key", "wrong")]).await;
    bench.rig.ask("HEAD", path, &[]).await;
    let pulls: Vec<_> = bench.pulls().await.into_iter().rev().collect();
    let short: Vec<_> = pulls
        .iter()
        .map(|it| {
            (it.consumer.as_deref(), it.feed.as_str(), it.format.as_str(), it.status, it.serial.map(|s| s.0))
        })
        .collect();
    assert_eq!(
        short,
        [
            (Some("FW-3"), "default", "plain", 200, Some(1)),
            (Some("FW-3"), "default", "plain", 304, Some(1)),
            (Some("FW-3"), "default", "changes", 200, Some(1)),
            (None, "-", "-", 401, None),
            (None, "default", "plain", 200, Some(1)),
        ]
    );
    assert_eq!(pulls[0].bytes, first.body.len() as u64);
    assert_eq!(pulls[0].address.as_deref(), Some("10.1.2.3"));
    let seen = pulls[0].agent.as_deref().unwrap();
    assert!(seen.starts_with("Forti Gate xxx") && seen.len() == 120, "{seen}");
    let held = bench.store.consumer(&"FW-3".parse().unwrap()).unwrap().holdings;
    let formats: Vec<&str> = held.iter().map(|it| it.format.as_str()).collect();
    assert_eq!((formats, held[0].serial.0), (vec!["changes", "plain"], 1));
}

#[tokio::test]
async fn a_flood_of_strangers_is_counted_and_few_of_them_are_written_down() {
    let bench = Bench::new().await;
    for n in 0..250 {
        bench.ask(DEVICE, "/feeds/default/plain", &[("x-api-key", &n.to_string())]).await.problem(401);
    }
    bench.rig.clock.set(bench.rig.clock.now().plus_seconds(60));
    bench.ask(DEVICE, "/feeds/default/plain", &[]).await.problem(401);
    assert_eq!(bench.pulls().await.len(), 101);
    let metrics = bench.rig.get("/metrics").await;
    let line = r#"blacklist_feed_denials_total{status="401"} 251"#;
    assert!(metrics.text().lines().any(|found| found == line), "{}", metrics.text());
}

#[tokio::test]
async fn a_full_queue_holds_no_reader_up_and_what_is_lost_is_counted() {
    let bench = Bench::new().await;
    // Nobody writes meanwhile.
    for _ in 0..8_192 + 7 {
        assert_eq!(bench.rig.get("/feeds/default/plain").await.status, 200);
    }
    let metrics = bench.rig.get("/metrics").await;
    assert!(metrics.text().contains("blacklist_pulls_lost_total 7\n"));
    bench.pulls().await;
    let all = bench.store.pulls(&PullQuery::default(), 10_000).unwrap();
    assert_eq!(all.len(), 8_192, "on a stop all that is queued is written");
}

#[tokio::test]
async fn the_log_is_written_while_the_server_runs() {
    let bench = Bench::new().await;
    let stop = CancellationToken::new();
    let writing = tokio::spawn(server::keep_pulls(Arc::clone(&bench.rig.app), 30, stop.clone()));
    bench.rig.get("/feeds/default/plain").await;
    while bench.store.pulls(&PullQuery::default(), 9).unwrap().is_empty() {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    stop.cancel();
    writing.await.unwrap();
}

#[tokio::test]
async fn changes_by_others_are_followed() {
    let bench = Bench::new().await;
    let stop = CancellationToken::new();
    let app = Arc::clone(&bench.rig.app);
    let following = tokio::spawn(server::follow_access(app, Duration::from_millis(5), stop.clone()));
    let secret = bench.secret(1, WEEK);
    bench.all_forms_are(&secret, "default", 200).await;
    // Nobody asks for what is taken back, so this is seen by following alone.
    bench.store.revoke_secrets(&"FW-3".parse().unwrap(), Revoke::All, &BY).unwrap();
    while bench.ask(DEVICE, "/feeds/default/plain", &[("x-api-key", &secret)]).await.status == 200 {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    stop.cancel();
    following.await.unwrap();
}

#[tokio::test]
async fn feeds_and_consumers_are_set_up_over_the_api_and_are_there_at_once() {
    let bench = Bench::new().await;
    let rig = &bench.rig;
    let made = rig.write("POST", "/api/v1/feeds", &json!({"name": "zone", "settings": {"cap": 2}})).await;
    assert_eq!((made.status.as_u16(), made.header("location")), (201, "/api/v1/feeds/zone"));
    assert_eq!(rig.get("/feeds/zone/plain").await.header("x-entries-served"), "2");
    let changed =
        rig.write("PATCH", "/api/v1/feeds/zone", &json!({"settings": {"filter": {"family": 6}}})).await;
    assert_eq!((&changed.json()["settings"]["cap"], changed.status.as_u16()), (&json!(2), 200));
    assert_eq!(rig.get("/feeds/zone/plain").await.text(), "2001:db8::/32\n");

    let new = json!({"name": "PA-1", "settings": {"feed": "zone", "vendor": "paloalto"},
        "addresses": [{"prefix": "10.9.9.9", "trusted": true}]});
    assert_eq!(rig.write("POST", "/api/v1/consumers", &new).await.status, 201);
    let rotated = rig.write("POST", "/api/v1/consumers/PA-1/secret", &json!({})).await;
    assert_eq!(rotated.header("cache-control"), "no-store");
    let secret = rotated.json()["secret"].as_str().unwrap().to_owned();
    bench.all_forms_of("PA-1", &secret, "default", 403).await;
    assert_eq!(bench.ask("10.9.9.9:1", "/feeds/zone/plain", &[]).await.status, 200);
    let key = [("x-api-key", secret.as_str())];
    assert_eq!(bench.ask(DEVICE, "/feeds/zone/plain", &key).await.status, 200);
    bench.pulls().await;

    let document = rig.get("/api/v1/openapi.json").await.json();
    let listed = rig.get("/api/v1/consumers").await;
    assert!(!listed.text().contains(&secret));
    for (shape, path, pointer) in [
        ("Feeds", "/api/v1/feeds", ""),
        ("Feed", "/api/v1/feeds/zone", ""),
        ("FeedSettings", "/api/v1/feeds/zone", "/settings"),
        ("Filter", "/api/v1/feeds/zone", "/settings/filter"),
        ("Consumers", "/api/v1/consumers", ""),
        ("Consumer", "/api/v1/consumers/PA-1", ""),
        ("ConsumerSettings", "/api/v1/consumers/PA-1", "/settings"),
        ("ConsumerAddress", "/api/v1/consumers/PA-1", "/addresses/0"),
        ("ConsumerSecret", "/api/v1/consumers/PA-1", "/secrets/0"),
        ("Holding", "/api/v1/consumers/PA-1", "/holdings/0"),
        ("Pulls", "/api/v1/pulls?consumer=PA-1&status=200", ""),
        ("Pull", "/api/v1/pulls?consumer=PA-1&status=200", "/pulls/0"),
    ] {
        let answer = rig.get(path).await.json();
        support::has_shape(&document, shape, answer.pointer(pointer).unwrap());
    }
    support::has_shape(&document, "Secret", &rotated.json());

    for (method, path, body, status) in [
        ("POST", "/api/v1/feeds", json!({"name": "zone"}), 409),
        ("POST", "/api/v1/feeds", json!({"name": "a b"}), 400),
        ("POST", "/api/v1/feeds", json!({"name": "x", "settings": {"caps": 1}}), 400),
        ("POST", "/api/v1/feeds", json!({"name": "x", "settings": {"cap": 0}}), 400),
        ("PATCH", "/api/v1/feeds/zone", json!({"settings": {"filter": {"x": 1}}}), 400),
        ("PATCH", "/api/v1/feeds/nosuch", json!({"settings": {}}), 404),
        ("DELETE", "/api/v1/feeds/zone", json!({}), 409),
        ("DELETE", "/api/v1/feeds/default", json!({}), 409),
        ("POST", "/api/v1/consumers", json!({"name": "pa-1"}), 409),
        ("POST", "/api/v1/consumers", json!({"name": "x", "secret": "y"}), 400),
        ("POST", "/api/v1/consumers", json!({"name": "x", "settings": {"feed": "nosuch"}}), 400),
        ("POST", "/api/v1/consumers", json!({"name": "x", "addresses": [{"prefix": "0.0.0.0/0"}]}), 400),
        ("POST", "/api/v1/consumers", json!({"name": "x", "addresses": [{"prefix": "a"}]}), 400),
        ("PATCH", "/api/v1/consumers/nosuch", json!({}), 404),
        ("POST", "/api/v1/consumers/nosuch/secret", json!({}), 404),
        ("POST", "/api/v1/consumers/PA-1/secret", json!({"old_valid_days": 367}), 400),
    ] {
        rig.write(method, path, &body).await.problem(status);
    }
    assert_eq!(rig.write("PATCH", "/api/v1/consumers/PA-1", &json!({"enabled": false})).await.status, 200);
    bench.all_forms_of("PA-1", &secret, "zone", 401).await;
    rig.write("PATCH", "/api/v1/consumers/PA-1", &json!({"enabled": true})).await;
    let revoked = rig.ask("DELETE", "/api/v1/consumers/PA-1/secret?old=false", &[]).await;
    assert_eq!(revoked.json()["secrets"], 1);
    bench.all_forms_of("PA-1", &secret, "zone", 401).await;
    assert_eq!(rig.ask("DELETE", "/api/v1/consumers/PA-1", &[]).await.status, 204);
    bench.ask("10.9.9.9:1", "/feeds/zone/plain", &[]).await.problem(401);
    assert_eq!(rig.ask("DELETE", "/api/v1/feeds/zone", &[]).await.status, 204);
    rig.get("/feeds/zone/plain").await.problem(404);
}
