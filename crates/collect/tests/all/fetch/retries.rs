//! What is tried again, how often, and after which waits.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use collect::Trouble;
use collect::fetch::network::Request;

use crate::support::{Net, Server, answer};

/// A server that answers each request with the next status.
async fn in_turn(statuses: &'static [(u16, &'static str)]) -> Server {
    let at = AtomicUsize::new(0);
    Server::start(move |_| {
        let (status, after) = statuses[at.fetch_add(1, Ordering::SeqCst).min(statuses.len() - 1)];
        let headers = [("retry-after", after)];
        answer(status, if after.is_empty() { &[] } else { &headers }, "")
    })
    .await
}

#[tokio::test]
async fn a_get_is_tried_again_after_growing_waits() {
    let (net, server) = (Net::new(), in_turn(&[(503, ""), (500, ""), (200, "")]).await);
    net.network.send(&Request::get(server.url("/")).retries(2)).await.unwrap();
    assert_eq!(server.asked().len(), 3);
    // 1 s and 4 s, each and up to as much again by chance.
    let waits = net.waits();
    let seconds = Duration::from_secs;
    assert!(waits.len() == 2 && (seconds(1)..=seconds(2)).contains(&waits[0]), "{waits:?}");
    assert!((seconds(4)..=seconds(8)).contains(&waits[1]), "{waits:?}");
}

#[tokio::test]
async fn it_ends_after_so_many_tries() {
    let (net, server) = (Net::new(), in_turn(&[(503, "")]).await);
    let error = net.network.send(&Request::get(server.url("/")).retries(2)).await.unwrap_err();
    assert_eq!((error.trouble, server.asked().len()), (Trouble::ServerError, 3));
}

#[tokio::test]
async fn a_post_is_never_sent_twice() {
    let (net, server) = (Net::new(), in_turn(&[(503, "")]).await);
    net.network.send(&Request::post(server.url("/login")).retries(5)).await.unwrap_err();
    net.network.send(&Request::get(server.url("/login")).field("a", "b").retries(5)).await.unwrap_err();
    assert_eq!(server.asked().len(), 2);
    assert!(net.waits().is_empty());
}

#[tokio::test]
async fn what_does_not_pass_by_itself_is_not_tried_again() {
    for status in [&[(404, "")], &[(401, "")], &[(302, "")]] {
        let (net, server) = (Net::new(), in_turn(status).await);
        net.network.send(&Request::get(server.url("/")).retries(5)).await.unwrap_err();
        assert_eq!(server.asked().len(), 1);
    }
}

#[tokio::test]
async fn a_server_that_asks_for_a_short_wait_gets_it() {
    let (net, server) = (Net::new(), in_turn(&[(429, "60"), (200, "")]).await);
    net.network.send(&Request::get(server.url("/")).retries(1)).await.unwrap();
    assert_eq!(net.waits(), [Duration::from_mins(1)]);
}

#[tokio::test]
async fn a_server_that_asks_for_a_long_wait_is_left_to_the_timetable() {
    // The clock stands at 22:13:20.
    for (after, seconds) in [
        ("61", 61),
        ("3600", 3_600),
        ("99999999999999999999999", 86_400),
        ("Tue, 14 Nov 2023 22:23:20 GMT", 600),
        ("Fri, 01 Jan 2038 00:00:00 GMT", 86_400),
    ] {
        let (net, server) = (Net::new(), Server::always(429, &[("retry-after", after)], "").await);
        let error = net.network.send(&Request::get(server.url("/")).retries(5)).await.unwrap_err();
        assert_eq!(error.trouble, Trouble::RateLimited);
        assert_eq!(error.retry_after, Some(Duration::from_secs(seconds)), "{after}");
        assert_eq!(server.asked().len(), 1);
    }
}

#[tokio::test]
async fn a_wish_that_makes_no_sense_or_has_passed_does_not_count() {
    for (after, seconds) in
        [("soon", None), ("-5", None), ("1.5", None), ("Tue, 14 Nov 2023 22:03:20 GMT", Some(0))]
    {
        let server = Server::always(503, &[("retry-after", after)], "").await;
        let error = Net::new().network.send(&Request::get(server.url("/"))).await.unwrap_err();
        assert_eq!(error.retry_after, seconds.map(Duration::from_secs), "{after}");
    }
}
