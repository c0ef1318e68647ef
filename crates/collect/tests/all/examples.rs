//! The feeds that are shipped are the ones that are made, and each is read by its parser.

use std::path::PathBuf;

use collect::Parser;

use crate::common::{auto, parts};

fn feeds() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../examples/feeds")
}

/// What a file holds. Of a workbook its parts: how they are packed may differ from machine to machine.
fn content(bytes: &[u8]) -> Vec<(String, Vec<u8>)> {
    if !bytes.starts_with(b"PK") {
        return vec![(String::new(), bytes.to_vec())];
    }
    parts(bytes)
}

#[test]
fn the_shipped_feeds_are_what_the_tool_makes() {
    for (name, made) in portal_sim::feeds::all().unwrap() {
        let shipped = std::fs::read(feeds().join(name)).unwrap();
        assert_eq!(content(&shipped), content(&made), "{name}: run make-feeds");
    }
    let data = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/data");
    assert_eq!(
        std::fs::read_to_string(data.join("secudium.csv")).unwrap(),
        portal_sim::feeds::secudium_table()
    );
    assert_eq!(
        std::fs::read(data.join("secudium.xls")).unwrap(),
        std::fs::read(feeds().join("secudium.xls")).unwrap()
    );
}

#[test]
fn each_shipped_feed_is_known_and_read() {
    for (name, parser, accepted, refused) in [
        ("regtech.xlsx", Parser::Regtech, 300, 0),
        ("secudium.xlsx", Parser::Secudium, 113, 0),
        ("secudium.xls", Parser::Secudium, 113, 0),
        ("list.txt", Parser::List, 100, 7),
        ("table.csv", Parser::Csv, 80, 0),
        ("feed.json", Parser::Json, 40, 0),
        ("feed.ndjson", Parser::Ndjson, 40, 0),
    ] {
        let parsed = auto(&std::fs::read(feeds().join(name)).unwrap()).unwrap();
        let found = (parsed.parser, parsed.batch.accepted, parsed.batch.refused_rows());
        assert_eq!(found, (parser, accepted, refused), "{name}");
    }
}
