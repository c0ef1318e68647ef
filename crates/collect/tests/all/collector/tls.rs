//! Portals over TLS: trusted through the private authority that is named, and not otherwise.

use std::time::Duration;

use collect::Trouble;
use collect::collector::Collected;
use portal_sim::{Fault, Portal, SimOptions};
use tempfile::TempDir;

use super::Bench;

async fn bench(portal: Portal, pause: Duration) -> (Bench, TempDir) {
    let dir = tempfile::tempdir().unwrap();
    let ca = dir.path().join("ca.pem");
    let options = SimOptions { tls_ca: Some(ca.clone()), tls_pause: pause, ..SimOptions::default() };
    (Bench::with(portal, options, &[("ca_file", ca.to_str().unwrap())]).await, dir)
}

#[tokio::test]
async fn a_portal_with_a_certificate_of_the_named_authority_is_collected_from() {
    for portal in Portal::ALL {
        let (bench, _dir) = bench(portal, Duration::ZERO).await;
        bench.good().await;
        assert!(!bench.listed().is_empty());
    }
}

#[tokio::test]
async fn without_the_authority_not_a_byte_of_the_login_is_sent() {
    let (bench, _dir) = bench(Portal::Regtech, Duration::ZERO).await;
    bench.set(&[("ca_file", ""), ("retries", "0")]);
    let Collected::Failed { failure, .. } = bench.collect().await else { panic!() };
    assert_eq!(failure.trouble, Trouble::Tls);
    assert!(bench.sim.journal().is_empty());
}

#[tokio::test]
async fn slow_tls_is_waited_for_and_one_that_never_ends_is_given_up() {
    let (bench, _dir) = bench(Portal::Regtech, Duration::from_millis(200)).await;
    bench.sim.faults().on(Fault::SlowTls);
    bench.good().await;
    let (bench, _dir) = self::bench(Portal::Regtech, Duration::from_mins(10)).await;
    bench.set(&[("retries", "0"), ("timeout", "1s")]);
    bench.sim.faults().on(Fault::SlowTls);
    let Collected::Failed { failure, .. } = bench.collect().await else { panic!() };
    assert_eq!(failure.trouble, Trouble::Timeout);
    assert!(bench.sim.journal().is_empty());
}
