//! What an address is worth: one that is trusted, this machine with and without a proxy before it, and any other.

use crate::bench::{Bench, DEVICE, WEEK};

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
    bench.rig.ask("GET", "/api/v1/consumers", &host).await.problem(401);
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
