//! A database of every released schema is brought up to date and keeps all it had.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests only")]

mod support;

use std::fs;
use std::path::Path;
use std::sync::Arc;

use blocklist::{FixedClock, Mode, Time};
use rusqlite::Connection;
use store::migrations::{self, MIGRATIONS};
use store::{Import, ListingQuery, RunId, RunQuery, RunState, Store, Trigger};
use support::{SETUP, START, name, plain};

/// A database as the first release wrote it: two sources, a done and a refused run, a history, refused rows.
fn first_release(path: &Path) {
    let mut connection = Connection::open(path).unwrap();
    migrations::apply(&mut connection, &MIGRATIONS[..1], Time::from_unix(START)).unwrap();
    connection
        .execute_batch(
            "INSERT INTO sources (id, name, created_at, input_key, active, withdrawn, removed)
                VALUES (1, 'a', 100, x'07', 2, 1, 0), (2, 'b', 200, NULL, 0, 0, 0);
             INSERT INTO runs (id, source, parser, mode, state, cause, input, started_at, ended_at, rows, accepted,
                refused, host_bits, new, changed, unchanged, withdrawn, refusals, same_as) VALUES
                (1, 1, 'list', 'full', 'done', NULL, 'a.txt', 100, 101, 4, 3, 1, 0, 3, 0, 0, 0, '{\"host_name\":1}', NULL),
                (2, 1, 'list', 'full', 'done', NULL, 'a.txt', 110, 111, 2, 2, 0, 0, 0, 0, 2, 1, '{}', NULL),
                (3, 2, 'auto', 'add', 'refused', 'a login page', '-', 120, 121, 0, 0, 0, 0, 0, 0, 0, 0, '{}', NULL);
             INSERT INTO rejected_rows VALUES (1, 0, 1, 3, 'host_name', 'example.com');
             INSERT INTO listings VALUES
                (1, x'040101010120', 0, 100, NULL, 'scan', 'KR', NULL, NULL, 80, 1, 1),
                (1, x'040202020220', 0, 100, 9999999999, NULL, NULL, NULL, NULL, NULL, 1, 1),
                (1, x'040303030320', 1, 100, NULL, NULL, NULL, NULL, NULL, NULL, 1, 2);
             INSERT INTO listing_events (source, prefix, run, at, event, before)
                VALUES (1, x'040303030320', 2, 111, 'withdrawn', '{\"detected\":100}');
             INSERT INTO logs (at, level, part, source, message) VALUES (121, 'error', 'import', 2, 'a login page');
             INSERT INTO settings VALUES ('x', '1', 100);",
        )
        .unwrap();
}

/// Every row of every table that the first release knew, in its columns.
fn dump(path: &Path) -> Vec<String> {
    let connection = Connection::open(path).unwrap();
    let mut rows = Vec::new();
    for (table, columns) in [
        ("sources", "id, name, created_at, hex(input_key), active, withdrawn, removed"),
        (
            "runs",
            "id, source, parser, mode, state, cause, input, started_at, ended_at, rows, accepted, refused, host_bits,
             new, changed, unchanged, withdrawn, refusals, same_as",
        ),
        ("rejected_rows", "*"),
        ("listings", "source, hex(prefix), state, detected, until, reason, country, confidence, first_run, changed_run"),
        ("listing_events", "id, source, hex(prefix), run, at, event, before"),
        ("logs", "*"),
        ("settings", "*"),
    ] {
        let mut statement = connection.prepare(&format!("SELECT {columns} FROM {table} ORDER BY 1, 2")).unwrap();
        let width = statement.column_count();
        let mut found = statement.query([]).unwrap();
        while let Some(row) = found.next().unwrap() {
            let values: Vec<rusqlite::types::Value> = (0..width).map(|at| row.get(at).unwrap()).collect();
            rows.push(format!("{table} {values:?}"));
        }
    }
    rows
}

#[test]
fn a_database_of_the_first_release_keeps_everything_and_works_on() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("blacklist.db");
    first_release(&path);
    let before = dump(&path);
    assert_eq!(before.len(), 12);
    let clock = Arc::new(FixedClock::at(Time::from_unix(START)));
    let store = Store::open(dir.path(), clock).unwrap();
    assert_eq!(dump(&path), before);
    assert_eq!(store.status().unwrap().schema, migrations::known());
    assert!(store.check().unwrap().is_empty());
    // As it was, in case somebody wants to go back.
    let saved = fs::read_dir(dir.path().join("backups")).unwrap().next().unwrap().unwrap().path();
    assert_eq!(dump(&saved), before);

    let config = store.source_config(&name("a")).unwrap().unwrap();
    assert_eq!((config.kind.as_str(), config.enabled, config.settings.as_str()), ("file", true, "{}"));
    assert_eq!((config.state, config.changed_at, config.removed_at), (None, None, None));
    let runs = store.runs(&RunQuery { limit: 9, ..RunQuery::default() }).unwrap();
    assert_eq!((runs[0].run, runs[0].state, runs[0].trigger), (RunId(3), RunState::Refused, Trigger::Person));
    assert_eq!(
        (runs[0].cause_id.as_deref(), runs[0].cause.as_deref(), runs[0].window),
        (None, Some("a login page"), None)
    );

    let rows = plain(&["1.1.1.1", "2.2.2.2", "3.3.3.3"]);
    let request = Import {
        source: &name("a"),
        parser: "list",
        mode: Mode::Add,
        input: "a.txt",
        input_key: None,
        started_at: Time::from_unix(START),
        batch: &rows,
        min_share: 0.5,
        allow_empty: false,
        trigger: Trigger::Person,
        window: None,
        state: None,
    };
    let run = store.import(&request).unwrap().run;
    assert_eq!((run.run, run.new, run.changed), (RunId(4), 1, 2));
    assert_eq!(store.listings(&ListingQuery { limit: 9, ..ListingQuery::default() }).unwrap().len(), 3);
}

#[test]
fn a_backup_of_the_first_release_can_be_restored() {
    let dir = tempfile::tempdir().unwrap();
    let backup = dir.path().join("old.db");
    first_release(&backup);
    let before = dump(&backup);
    let clock = Arc::new(FixedClock::at(Time::from_unix(START)));
    let store = Store::open(&dir.path().join("var"), clock).unwrap();
    store.restore(&backup).unwrap();
    assert_eq!(dump(&dir.path().join("var/blacklist.db")), before);
    store.add_source(&name("b"), "url", "{}", true, &SETUP).unwrap();
    assert!(store.check().unwrap().is_empty());
}

#[test]
fn a_released_migration_never_changes() {
    use sha2::{Digest, Sha256};
    let first = blocklist::Hash(Sha256::digest(MIGRATIONS[0].sql).into());
    assert_eq!(first.to_string(), "4e435c90f30bbefe62d88b23c86ccf43ac3fefb5b6e329d4b47609e937fc0e45");
}
