//! A store that cannot be asked: who is known reads on, and nobody is refused as unknown (401 opens some firewalls).

use blocklist::{ConsumerSettings, FeedSettings};

use crate::bench::{Bench, DEVICE, WEEK};
use crate::support::{PREFIXES, Rig};

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
