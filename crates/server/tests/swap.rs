//! From one publication to the next: readers see one or the other, whole.

#![allow(clippy::unwrap_used, clippy::panic, reason = "tests")]

mod support;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use blocklist::{Publication, Serial};
use server::{Publications, watch};
use support::{Rig, publication};
use tokio_util::sync::CancellationToken;

fn prefixes(serial: u64) -> Vec<String> {
    (0..200).map(|n| format!("{}.0.{n}.1", serial + 10)).collect()
}

fn numbered(serial: u64) -> Publication {
    let prefixes = prefixes(serial);
    publication(serial, &prefixes.iter().map(String::as_str).collect::<Vec<_>>())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn readers_never_see_a_mixture() {
    let rig = Rig::empty();
    rig.app.go_live(numbered(1)).await;
    let (done, reads) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicU64::new(0)));
    let readers: Vec<_> = ["plain", "json", "nftables", "plain?limit=7"]
        .into_iter()
        .map(|path| {
            let (rig, done, reads) = (rig.clone(), Arc::clone(&done), Arc::clone(&reads));
            tokio::spawn(async move {
                let mut last = 0;
                while !done.load(Ordering::Relaxed) {
                    let answer = rig.get(&format!("/feeds/default/{path}")).await;
                    let serial: u64 = answer.header("x-feed-serial").parse().unwrap();
                    assert!(serial >= last, "back from {last} to {serial}");
                    last = serial;
                    // Every address of the body is of the publication that the field names.
                    let of_this = answer.text().matches(&format!("{}.0.", serial + 10)).count();
                    assert_eq!(of_this.to_string(), answer.header("x-entries-served"), "{path}");
                    let asked = rig
                        .post("/api/v1/lookup", r#"{"ips":["11.0.0.1","12.0.0.1","13.0.0.1","14.0.0.1"]}"#)
                        .await;
                    let listed = asked.json()["results"]
                        .as_array()
                        .unwrap()
                        .iter()
                        .filter(|r| r["listed"] == true)
                        .count();
                    assert!(listed <= 1, "a look-up saw two publications: {}", asked.text());
                    reads.fetch_add(1, Ordering::Relaxed);
                    // A body that is there is an answer without a wait: without this the readers would keep all threads.
                    tokio::task::yield_now().await;
                }
            })
        })
        .collect();
    for serial in 2..40 {
        rig.app.go_live(numbered(serial)).await;
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
    done.store(true, Ordering::Relaxed);
    for reader in readers {
        reader.await.unwrap();
    }
    assert!(reads.load(Ordering::Relaxed) > 0);
    assert_eq!(rig.get("/feeds/default/plain").await.header("x-feed-serial"), "39");
}

#[tokio::test]
async fn the_same_prefixes_keep_their_tag_over_publications() {
    let rig = Rig::empty();
    rig.app.go_live(publication(1, support::PREFIXES)).await;
    let before = rig.get("/feeds/default/plain").await;
    rig.app.go_live(publication(2, support::PREFIXES)).await;
    let after = rig.ask("GET", "/feeds/default/plain", &[("if-none-match", before.header("etag"))]).await;
    assert_eq!(after.status, 304);
    assert_eq!(after.header("x-feed-serial"), "2");
}

/// Publications of a test: any but the broken ones can be read.
struct Shelf {
    current: Arc<AtomicU64>,
    broken: u64,
}

impl Publications for Shelf {
    fn current_serial(&self) -> store::Result<Option<Serial>> {
        Ok(Some(Serial(self.current.load(Ordering::SeqCst))).filter(|serial| serial.0 > 0))
    }

    fn load(&self, serial: Serial, _: Option<&Publication>) -> store::Result<Publication> {
        if serial.0 == self.broken {
            return Err(store::Error::Corrupt { what: "a publication of this test" });
        }
        Ok(numbered(serial.0))
    }
}

async fn until(what: &str, mut reached: impl AsyncFnMut() -> bool) {
    for _ in 0..2_000 {
        if reached().await {
            return;
        }
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
    panic!("never: {what}");
}

#[tokio::test]
async fn a_publication_that_cannot_be_read_leaves_the_last_good_one_live_and_is_counted() {
    let rig = Rig::empty();
    let current = Arc::new(AtomicU64::new(0));
    let cancel = CancellationToken::new();
    let shelf = Shelf { current: Arc::clone(&current), broken: 2 };
    let watcher = tokio::spawn(watch(Arc::clone(&rig.app), shelf, Duration::from_millis(1), cancel.clone()));

    assert_eq!(rig.get("/readyz").await.status, 503);
    current.store(1, Ordering::SeqCst);
    until("1 is live", async || rig.get("/readyz").await.status == 200).await;

    current.store(2, Ordering::SeqCst);
    let counted =
        async || rig.get("/metrics").await.text().contains("blacklist_publication_failures_total 1");
    until("the failure is counted", counted).await;
    assert_eq!(rig.get("/feeds/default/plain").await.header("x-feed-serial"), "1");

    cancel.cancel();
    watcher.await.unwrap();
}

#[tokio::test]
async fn every_new_number_goes_live_and_a_lower_one_too() {
    let rig = Rig::empty();
    let current = Arc::new(AtomicU64::new(7));
    let cancel = CancellationToken::new();
    let shelf = Shelf { current: Arc::clone(&current), broken: 0 };
    let watcher = tokio::spawn(watch(Arc::clone(&rig.app), shelf, Duration::from_millis(1), cancel.clone()));
    for serial in [7, 8, 3] {
        current.store(serial, Ordering::SeqCst);
        until("it is live", async || {
            rig.app.live().is_some_and(|live| live.publication().head().serial == Serial(serial))
        })
        .await;
    }
    cancel.cancel();
    watcher.await.unwrap();
}
