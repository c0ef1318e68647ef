//! Every form of a secret, right and wrong, and for how long one is right.

use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use blocklist::Time;
use store::{ConsumerChange, Revoke};

use crate::bench::{BY, Bench, DEVICE, WEEK};
use crate::support::PUBLISHED;

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
