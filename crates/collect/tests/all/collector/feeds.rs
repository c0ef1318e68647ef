//! Sources without a portal, from a file or an answer to the store.

use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use blocklist::{Clock, FixedClock, SourceName, Time};
use collect::Trouble;
use collect::collector::{Collected, Collector, Order};
use collect::source::{Kind, Settings, SourceState};
use store::{RunState, Store};
use tempfile::TempDir;
use tokio_util::sync::CancellationToken;

use super::{SETUP, collector};
use crate::support::{Server, answer};

struct Place {
    dir: TempDir,
    store: Arc<Store>,
    clock: Arc<FixedClock>,
    collector: Collector,
    source: SourceName,
}

impl Place {
    fn new(kind: Kind, settings: &[(&str, &str)]) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let clock = Arc::new(FixedClock::at(Time::from_unix(1_795_000_000)));
        let store = Arc::new(Store::open(&dir.path().join("data"), clock.clone()).unwrap());
        let collector = collector(&store, &clock, &dir.path().join("data"), &CancellationToken::new());
        let source: SourceName = "feed".parse().unwrap();
        let mut all = Settings::of(kind);
        all.set_all(kind, settings.iter().copied()).unwrap();
        store.add_source(&source, kind.name(), &all.to_json(kind), true, &SETUP).unwrap();
        Self { dir, store, clock, collector, source }
    }

    fn later(&self, seconds: i64) {
        self.clock.set(self.clock.now().plus_seconds(seconds));
    }

    async fn drain(&self) -> Vec<Collected> {
        self.collector.drain(&self.source, &Order::scheduled(), &|_| {}).await.unwrap()
    }

    fn active(&self) -> u64 {
        self.store.sources().unwrap()[0].active
    }

    fn state(&self) -> SourceState {
        let config = self.store.source_config(&self.source).unwrap().unwrap();
        SourceState::from_json(config.state.as_deref())
    }
}

fn names(dir: &Path) -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(dir)
        .map(|entries| entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect())
        .unwrap_or_default();
    names.sort();
    names
}

#[tokio::test]
async fn files_of_a_directory_are_taken_when_whole_each_as_a_run_and_moved_with_a_report() {
    let inbox = tempfile::tempdir().unwrap();
    let path = inbox.path().to_str().unwrap().to_owned();
    let place = Place::new(Kind::Directory, &[("path", &path), ("pattern", "*.txt")]);
    fs::write(inbox.path().join("a.txt"), "45.9.20.1\n45.9.20.2\n").unwrap();
    fs::write(inbox.path().join("b.txt"), "<html>sorry</html>").unwrap();
    fs::write(inbox.path().join("c.txt"), "45.9.20.3\n").unwrap();
    fs::write(inbox.path().join("other.csv"), "45.9.20.4\n").unwrap();
    assert!(matches!(place.drain().await[..], [Collected::Nothing]), "seen once is not whole");
    place.later(6);
    let all = place.drain().await;
    assert!(
        matches!(&all[..], [Collected::Run { .. }, Collected::Failed { .. }, Collected::Run { .. }]),
        "{all:?}"
    );
    assert_eq!(place.active(), 3);
    assert_eq!(
        names(&inbox.path().join("done")),
        ["a.txt", "a.txt.report.json", "c.txt", "c.txt.report.json"]
    );
    assert_eq!(names(&inbox.path().join("refused")), ["b.txt", "b.txt.report.json"]);
    let report = fs::read(inbox.path().join("refused/b.txt.report.json")).unwrap();
    let report: serde_json::Value = serde_json::from_slice(&report).unwrap();
    assert_eq!(report["cause_id"], "maintenance");
    assert!(inbox.path().join("other.csv").exists());
    place.later(60);
    assert!(matches!(place.drain().await[..], [Collected::Nothing]));
    drop(place.dir);
}

#[tokio::test]
async fn an_address_is_asked_only_for_news_and_unchanged_is_a_good_run() {
    let server = Server::start(|request| {
        if request.header("if-none-match") == Some("\"one\"") {
            return answer(304, &[], "");
        }
        answer(200, &[("ETag", "\"one\"")], "45.9.20.1\n45.9.20.2\n")
    })
    .await;
    let place = Place::new(Kind::Url, &[("url", server.url("/list.txt").as_str())]);
    let first = place.drain().await;
    assert!(matches!(&first[..], [Collected::Run { run, .. }] if run.new == 2), "{first:?}");
    place.later(3_600);
    let second = place.drain().await;
    assert!(
        matches!(&second[..], [Collected::Run { run, .. }] if run.unchanged == 2 && run.same_as.is_some()),
        "{second:?}"
    );
    // The store lost what it would be unchanged from: the whole list is asked for.
    place.store.remove_source(&place.source, &SETUP).unwrap();
    let settings = format!("{{\"url\":\"{}\"}}", server.url("/list.txt"));
    place.store.add_source(&place.source, "url", &settings, true, &SETUP).unwrap();
    place.drain().await;
    assert_eq!(place.active(), 2);
}

#[tokio::test]
async fn a_full_list_that_shrank_too_far_is_refused_and_waits_for_the_next_time() {
    let asked = AtomicU32::new(0);
    let server = Server::start(move |_| {
        let rows = if asked.fetch_add(1, Ordering::SeqCst) == 0 { 100 } else { 10 };
        answer(200, &[], (1..=rows).map(|n| format!("45.9.20.{n}")).collect::<Vec<_>>().join("\n"))
    })
    .await;
    let place = Place::new(Kind::Url, &[("url", server.url("/list.txt").as_str())]);
    place.drain().await;
    place.later(3_600);
    let refused = place.drain().await;
    assert!(
        matches!(&refused[..], [Collected::Run { run, .. }] if run.state == RunState::Refused && run.cause_id.as_deref() == Some("not_credible")),
        "{refused:?}"
    );
    assert_eq!(place.active(), 100);
    assert_eq!(place.state().attempted_at.unwrap().unix(), 1_795_003_600);
}

#[tokio::test]
async fn a_server_that_fails_again_and_again_is_asked_more_and_more_seldom() {
    let server = Server::always(503, &[], "").await;
    let place = Place::new(Kind::Url, &[("url", server.url("/list.txt").as_str()), ("retries", "0")]);
    let mut waits = Vec::new();
    for _ in 0..7 {
        let failed = place.drain().await;
        assert!(
            matches!(&failed[..], [Collected::Failed { failure, .. }] if failure.trouble == Trouble::ServerError)
        );
        let state = place.state();
        let wait = state.not_before.unwrap().unix() - place.clock.now().unix();
        waits.push(wait);
        place.later(wait);
    }
    assert!(waits[0] < waits[2] && waits[2] < waits[4], "{waits:?}");
    assert!(place.state().circuit_open);
}
