//! The same file again changes nothing that anyone can see: no listing, no publication, no tag of a feed.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stderr, reason = "a test")]

mod support;

use support::program::Program;
use support::server::Server;
use support::synthetic;

const FEEDS: [&str; 4] = ["plain", "fortigate", "nftables", "json"];

/// Body, tag and date of some feeds, as a device sees them.
fn feeds(program: &Program) -> Vec<(Vec<u8>, String, String)> {
    let server = Server::start(program);
    let feeds = FEEDS
        .map(|format| server.get(&format!("/feeds/default/{format}")))
        .map(|answer| {
            let (etag, date) = (answer.header("etag").to_owned(), answer.header("last-modified").to_owned());
            (answer.body, etag, date)
        })
        .to_vec();
    assert!(server.stop().success());
    feeds
}

#[test]
fn a_second_import_of_the_same_file_changes_no_listing_no_publication_and_no_tag() {
    let program = Program::new();
    let list = synthetic::mixed(5);
    let file = program.write("list.txt", synthetic::text(&list));
    let first = program.import(&file, "synthetic");
    assert_eq!(first["new"].as_u64(), Some(list.len() as u64), "{first}");

    let publications = program.json(&["publication", "list"]);
    assert_eq!(publications.as_array().map(Vec::len), Some(1), "{publications}");
    let sample: Vec<&str> = list.iter().step_by(97).map(|entry| entry.split('/').next().unwrap()).collect();
    let listings: Vec<_> = sample.iter().map(|ip| program.json(&["check", ip])).collect();
    assert!(listings.iter().all(|answer| answer["listed"] == true), "{listings:?}");
    let before = feeds(&program);

    for _ in 0..2 {
        let again = program.import(&file, "synthetic");
        for (count, want) in [("new", 0), ("changed", 0), ("withdrawn", 0), ("unchanged", list.len() as u64)]
        {
            assert_eq!(again[count].as_u64(), Some(want), "{count} in {again}");
        }
    }
    assert_eq!(program.json(&["publication", "list"]), publications);
    assert_eq!(sample.iter().map(|ip| program.json(&["check", ip])).collect::<Vec<_>>(), listings);
    assert!(feeds(&program) == before, "a body, a tag or a date of a feed changed");
}

#[test]
fn the_order_of_the_lines_does_not_matter() {
    let program = Program::new();
    let mut list = synthetic::mixed(6);
    program.import(&program.write("list.txt", synthetic::text(&list)), "synthetic");
    let before = (program.json(&["publication", "list"]), program.plain());
    list.reverse();
    let again = program.import(&program.write("reversed.txt", synthetic::text(&list)), "synthetic");
    assert_eq!(
        (again["new"].as_u64(), again["changed"].as_u64(), again["withdrawn"].as_u64()),
        (Some(0), Some(0), Some(0))
    );
    assert_eq!((program.json(&["publication", "list"]), program.plain()), before);
}
