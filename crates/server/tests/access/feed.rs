//! What whoever may read gets: the feed that it is limited to, the smaller cap, the definition of the feed.

use blocklist::{Clock, ConsumerSettings, FeedName, FeedSettings};
use secrecy::ExposeSecret;

use crate::bench::{BY, Bench, DEVICE, WEEK};
use crate::support::Answer;

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
