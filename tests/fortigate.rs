//! The FortiGate feed: what FortiOS reads (one address, net or range a line), within its limits, and cheap to ask again.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stderr, reason = "a test")]

mod support;

use support::program::Program;
use support::server::Server;
use support::spans::{Addresses, span};
use support::synthetic;

/// FortiOS before 7.4.4 takes this many lines and bytes from one external resource.
const MOST_LINES: usize = 131_072;
const MOST_BYTES: usize = 10_000_000;

fn served(seed: u64) -> (Program, Vec<String>, Server) {
    let program = Program::new();
    let list = synthetic::mixed(seed);
    program.import(&program.write("list.txt", synthetic::text(&list)), "synthetic");
    let server = Server::start(&program);
    (program, list, server)
}

#[test]
fn every_line_is_what_fortios_reads_and_together_they_are_the_publication() {
    let (program, list, server) = served(3);
    let feed = server.get("/feeds/default/fortigate");
    let text = feed.text();
    assert!(feed.header("content-type").starts_with("text/plain"));
    assert!(text.ends_with('\n'), "the last line is not ended");
    assert!(!text.contains('\r') && !text.starts_with('\u{feff}'), "carriage returns or a byte order mark");
    for line in text.lines() {
        assert!(span(line).is_some(), "not an address, net or range: {line:?}");
    }
    assert!(text.len() <= MOST_BYTES && text.lines().count() <= MOST_LINES);
    assert_eq!(Addresses::of(text.lines()), Addresses::of(list.iter().map(String::as_str)));

    let mut distinct: Vec<&str> = text.lines().collect();
    distinct.sort_unstable();
    distinct.dedup();
    assert_eq!(distinct.len(), text.lines().count(), "a line comes twice; the device does not sort that out");

    let publications = program.json(&["publication", "list"]);
    let latest = publications.as_array().unwrap().iter().max_by_key(|one| one["serial"].as_u64()).unwrap();
    assert_eq!(latest["entries"].as_u64(), Some(text.lines().count() as u64), "{latest}");
    assert_eq!(program.run(&["export", "--format", "fortigate"]), text, "served and exported feeds differ");
}

#[test]
fn an_unchanged_feed_is_answered_304_and_head_says_what_get_would() {
    let (_program, _list, server) = served(4);
    let path = "/feeds/default/fortigate";
    let get = server.get(path);
    let (etag, modified) = (get.header("etag"), get.header("last-modified"));
    assert!(etag.starts_with('"') && etag.ends_with('"') && etag.len() > 2, "not a strong tag: {etag}");

    let head = server.ask("HEAD", path, &[]);
    assert_eq!(head.status, 200);
    for name in ["etag", "content-length", "content-type", "last-modified", "cache-control"] {
        assert_eq!(head.header(name), get.header(name), "{name}");
    }
    for condition in [("If-None-Match", etag), ("If-Modified-Since", modified)] {
        let answer = server.ask("GET", path, &[condition]);
        assert_eq!((answer.status, answer.header("etag")), (304, etag), "{condition:?}");
        let head = server.ask("HEAD", path, &[condition]);
        assert_eq!(head.status, 304, "HEAD {condition:?}");
        // RFC 9110, 8.6: no length but that of the 200.
        assert_eq!(head.header("content-length"), get.header("content-length"));
    }
    // If-None-Match wins over If-Modified-Since (RFC 9110, 13.2.2).
    let both = server.ask("GET", path, &[("If-None-Match", "\"another\""), ("If-Modified-Since", modified)]);
    assert_eq!((both.status, both.body.len()), (200, get.body.len()));
}
