//! The HTTP contract of the feeds, for every format of the table.

#![allow(clippy::unwrap_used, reason = "tests")]

mod support;

use std::io::Read;

use blocklist::{Selection, Time, View};
use formats::{FORMATS, Options};
use support::{CHANGED, PREFIXES, PUBLISHED, Rig, publication};

fn gunzip(bytes: &[u8]) -> Vec<u8> {
    let mut plain = Vec::new();
    flate2::read::GzDecoder::new(bytes).read_to_end(&mut plain).unwrap();
    plain
}

#[tokio::test]
async fn every_format_is_served_whole_with_its_length_tag_and_date() {
    let rig = Rig::live(PREFIXES).await;
    let publication = publication(1, PREFIXES);
    for format in FORMATS {
        let answer = rig.get(&format!("/feeds/default/{}", format.name)).await;
        let body =
            format.render(&View::new(&publication, Selection::default()), &Options::default()).unwrap();
        assert_eq!((answer.status.as_u16(), &answer.body[..]), (200, &body[..]), "{format:?}");
        assert_eq!(answer.header("content-type"), format.media_type);
        assert_eq!(answer.header("content-length"), body.len().to_string());
        assert_eq!(answer.header("cache-control"), "no-cache");
        assert_eq!(answer.header("vary"), "accept-encoding");
        assert_eq!(answer.header("x-feed-serial"), "1");
        assert_eq!((answer.header("x-entries-total"), answer.header("x-entries-served")), ("3", "3"));
        assert!(
            !answer.headers.contains_key("x-truncated") && !answer.headers.contains_key("content-encoding")
        );
        let etag = answer.header("etag");
        assert!(etag.len() == 34 && etag.starts_with('"') && etag.ends_with('"'), "strong: {etag}");
        let date = if format.shows_origin {
            "Sun, 01 Mar 2026 00:00:00 GMT"
        } else {
            "Sat, 28 Feb 2026 00:00:00 GMT"
        };
        assert_eq!(answer.header("last-modified"), date, "{format:?}");
    }
}

#[tokio::test]
async fn head_answers_with_the_fields_of_get() {
    let rig = Rig::live(PREFIXES).await;
    for format in FORMATS {
        for headers in [&[][..], &[("accept-encoding", "gzip")], &[("if-none-match", "*")]] {
            let path = format!("/feeds/default/{}?limit=2", format.name);
            // Asked by HEAD first, so that it is HEAD that has the body built.
            let mut head = rig.ask("HEAD", &path, headers).await;
            let mut get = rig.ask("GET", &path, headers).await;
            if head.status == 304 {
                // The length of a 304 is that of the 200 or absent, which the wire alone shows.
                head.headers.remove("content-length");
                get.headers.remove("content-length");
            }
            assert_eq!((head.status, &head.headers), (get.status, &get.headers), "{format:?} {headers:?}");
            assert!(head.body.is_empty());
        }
    }
}

#[tokio::test]
async fn an_unchanged_feed_is_304_without_a_body() {
    let rig = Rig::live(PREFIXES).await;
    for format in FORMATS {
        let path = format!("/feeds/default/{}", format.name);
        let full = rig.get(&path).await;
        let etag = full.header("etag").to_owned();
        let listed = format!("\"other\", W/{etag}");
        for tags in [etag.as_str(), "*", &listed] {
            let answer = rig.ask("GET", &path, &[("if-none-match", tags)]).await;
            assert_eq!((answer.status.as_u16(), answer.body.len()), (304, 0), "{format:?} {tags}");
            for field in ["etag", "last-modified", "cache-control", "vary", "x-feed-serial"] {
                assert_eq!(answer.header(field), full.header(field), "{format:?} {field}");
            }
        }
        let since = full.header("last-modified").to_owned();
        assert_eq!(rig.ask("GET", &path, &[("if-modified-since", &since)]).await.status, 304);
        let both = [("if-modified-since", since.as_str()), ("if-none-match", "\"other\"")];
        assert_eq!(rig.ask("GET", &path, &both).await.status, 200, "the tag wins over the date");
        let old = "Fri, 27 Feb 2026 23:59:59 GMT";
        assert_eq!(rig.ask("GET", &path, &[("if-modified-since", old)]).await.status, 200);
    }
}

#[tokio::test]
async fn gzip_is_another_representation_with_a_tag_of_its_own() {
    let rig = Rig::live(PREFIXES).await;
    for format in FORMATS {
        let path = format!("/feeds/default/{}", format.name);
        let plain = rig.get(&path).await;
        let packed = rig.ask("GET", &path, &[("accept-encoding", "br, gzip")]).await;
        assert_eq!(packed.header("content-encoding"), "gzip");
        assert_eq!(gunzip(&packed.body), plain.body, "{format:?}");
        assert_eq!(packed.header("content-length"), packed.body.len().to_string());
        assert_ne!(packed.header("etag"), plain.header("etag"));
        let crossed = [("accept-encoding", "gzip"), ("if-none-match", plain.header("etag"))];
        assert_eq!(rig.ask("GET", &path, &crossed).await.status, 200, "a tag holds for its encoding alone");
        let refused = rig.ask("GET", &path, &[("accept-encoding", "gzip;q=0")]).await;
        assert_eq!(refused.header("etag"), plain.header("etag"));
    }
}

#[tokio::test]
async fn without_a_publication_every_feed_is_503_and_never_an_empty_list() {
    let rig = Rig::empty();
    for format in FORMATS {
        for method in ["GET", "HEAD"] {
            let answer =
                rig.ask(method, &format!("/feeds/default/{}", format.name), &[("if-none-match", "*")]).await;
            assert_eq!(answer.status, 503);
            assert_eq!(answer.header("retry-after"), "5");
            assert_eq!(answer.header("content-type"), "application/problem+json");
        }
    }
    assert!(rig.get("/feeds/default/plain").await.problem(503).contains("no publication"));
}

#[tokio::test]
async fn a_publication_that_lists_nothing_is_503_and_never_an_empty_list() {
    let rig = Rig::live(PREFIXES).await;
    rig.app.go_live(publication(2, &[])).await;
    for format in FORMATS {
        let answer = rig.get(&format!("/feeds/default/{}", format.name)).await;
        assert!(answer.problem(503).contains("publication 2 lists nothing"), "{}", format.name);
        assert_eq!(answer.header("retry-after"), "5");
    }
    for path in ["/feeds/default/changes?since=1", "/readyz"] {
        assert!(rig.get(path).await.problem(503).contains("lists nothing"), "{path}");
    }
    assert_eq!(rig.get("/api/v1/lookup?ip=203.0.113.7").await.json()["listed"], false);
    rig.app.go_live(publication(3, PREFIXES)).await;
    assert_eq!(rig.get("/feeds/default/plain").await.header("x-feed-serial"), "3");
}

#[tokio::test]
async fn families_limits_and_pages_show_their_part_and_say_what_is_left() {
    let rig = Rig::live(PREFIXES).await;
    let lines = async |query: &str| rig.get(&format!("/feeds/default/plain?{query}")).await.text().to_owned();
    assert_eq!(lines("family=6").await, "2001:db8::/32\n");
    assert_eq!(lines("family=4").await, "198.51.100.0/24\n203.0.113.7\n");
    assert_eq!(lines("limit=2&page=2").await, "2001:db8::/32\n");
    assert_eq!(lines("limit=2&page=3").await, "");
    assert!(
        lines("comments=1")
            .await
            .starts_with("# blacklist serial 1, published 2026-03-01T00:00:00Z, entries 3\n")
    );

    let cut = rig.get("/feeds/default/plain?limit=1").await;
    assert_eq!(cut.header("x-truncated"), "true");
    assert_eq!((cut.header("x-entries-total"), cut.header("x-entries-served")), ("3", "1"));
    let uncut = rig.get("/feeds/default/plain?limit=3").await;
    assert!(!uncut.headers.contains_key("x-truncated"));

    let joined = Rig::live(&["9.0.0.0/24", "9.0.1.0/24", "9.0.1.7"]).await;
    assert_eq!(joined.get("/feeds/default/plain").await.text(), "9.0.0.0/24\n9.0.1.0/24\n");
    assert_eq!(joined.get("/feeds/default/plain?merge=1").await.text(), "9.0.0.0/23\n");
}

#[tokio::test]
async fn what_is_not_understood_is_a_problem_that_names_what_there_is() {
    let rig = Rig::live(PREFIXES).await;
    // Which feeds there are is not known without a store.
    rig.get("/feeds/nosuch/plain").await.problem(503);
    assert!(rig.get("/feeds/default/fortinet").await.problem(404).contains("fortigate"));
    assert!(rig.get("/feeds/default/plain?famliy=4").await.problem(400).contains("famliy"));
    assert!(rig.get("/feeds/default/plain?limit=0").await.problem(400).contains("limit"));
    assert!(rig.get("/feeds/default/json?merge=1").await.problem(400).contains("json"));
    assert!(rig.get("/feeds/default/paloalto?comments=1").await.problem(400).contains("paloalto"));
}

#[tokio::test]
async fn a_comment_line_dates_with_the_publication_because_it_names_it() {
    let rig = Rig::live(PREFIXES).await;
    let answer = rig.get("/feeds/default/plain?comments=1").await;
    assert_eq!(answer.header("last-modified"), "Sun, 01 Mar 2026 00:00:00 GMT");
}

#[tokio::test]
async fn a_date_is_never_later_than_now() {
    let rig = Rig::live(PREFIXES).await;
    rig.clock.set(Time::from_unix(CHANGED - 60));
    let answer = rig.get("/feeds/default/plain").await;
    assert_eq!(answer.header("last-modified"), "Fri, 27 Feb 2026 23:59:00 GMT");
    rig.clock.set(Time::from_unix(PUBLISHED));
    assert_eq!(
        rig.get("/feeds/default/plain").await.header("last-modified"),
        "Sat, 28 Feb 2026 00:00:00 GMT"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn many_who_ask_at_once_get_the_same_one_body() {
    let hosts: Vec<String> = (0..5_000).map(|n| format!("9.{}.{}.1", n / 250, n % 250)).collect();
    let rig = Rig::live(&hosts.iter().map(String::as_str).collect::<Vec<_>>()).await;
    for headers in [&[][..], &[("accept-encoding", "gzip")]] {
        let asked: Vec<_> = (0..64)
            .map(|_| {
                let rig = rig.clone();
                tokio::spawn(async move { rig.ask("GET", "/feeds/default/plain", headers).await.body })
            })
            .collect();
        let mut places = Vec::new();
        for one in asked {
            // The bytes are shared, not equal copies: a second building would lie elsewhere.
            let body = one.await.unwrap();
            places.push((body.as_ptr() as usize, body));
        }
        assert!(places.iter().all(|(place, _)| *place == places[0].0));
    }
}
