//! The record of changes: whatever is done to it beside the program shows.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests only")]

mod support;

use std::path::Path;

use blocklist::Hash;
use rusqlite::Connection;
use store::migrations::{self, MIGRATIONS};
use store::{Actor, Chain, Store};
use support::{Bench, name};

const KIM: Actor<'static> = Actor { address: None, by: "kim", note: None };

/// Ten changes, the ids 1 to 10.
fn changed() -> Bench {
    let bench = Bench::new();
    for n in 0..10 {
        change(&bench.store, n);
    }
    bench
}

fn change(store: &Store, n: usize) {
    let net = format!("198.51.{n}.0/24").parse().unwrap();
    let note = format!("note {n}");
    let actor = Actor {
        note: n.is_multiple_of(2).then_some(note.as_str()),
        address: Some([192, 0, 2, 1].into()),
        ..KIM
    };
    store.add_own(&[net], None, false, &actor).unwrap();
}

fn run(dir: &Path, sql: &str) {
    let raw = Connection::open(dir.join("blacklist.db")).unwrap();
    raw.execute_batch(&format!("PRAGMA ignore_check_constraints = ON; {sql}")).unwrap();
}

#[test]
fn an_untouched_record_is_whole() {
    let bench = Bench::new();
    assert_eq!(bench.store.verify_audit().unwrap(), Chain::Whole { entries: 0, before: 0 });
    let bench = changed();
    assert_eq!(bench.store.verify_audit().unwrap(), Chain::Whole { entries: 10, before: 0 });
    let bench = bench.reopen();
    change(&bench.store, 10);
    assert_eq!(bench.store.verify_audit().unwrap(), Chain::Whole { entries: 11, before: 0 });
    assert!(bench.store.check().unwrap().is_empty());
}

#[test]
fn whatever_is_done_to_it_shows() {
    for (sql, at) in [
        ("UPDATE audit_log SET \"by\" = 'lee' WHERE id = 4", 4),
        ("UPDATE audit_log SET at = at + 1 WHERE id = 1", 1),
        ("UPDATE audit_log SET action = 'own.remove' WHERE id = 10", 10),
        ("UPDATE audit_log SET target = '10.0.0.0/8' WHERE id = 5", 5),
        ("UPDATE audit_log SET before = '{}' WHERE id = 5", 5),
        ("UPDATE audit_log SET after = NULL WHERE id = 5", 5),
        ("UPDATE audit_log SET note = '' WHERE id = 2", 2),
        ("UPDATE audit_log SET note = NULL WHERE id = 3", 3),
        ("UPDATE audit_log SET address = NULL WHERE id = 3", 3),
        // What moves from one field to the next is another entry too.
        ("UPDATE audit_log SET \"by\" = \"by\" || 'own', action = substr(action, 4) WHERE id = 5", 5),
        ("UPDATE audit_log SET chain = zeroblob(32) WHERE id = 5", 5),
        ("UPDATE audit_log SET chain = x'00' WHERE id = 5", 5),
        ("UPDATE audit_log SET chain = NULL WHERE id = 1", 1),
        ("UPDATE audit_log SET chain = NULL", 1),
        ("DELETE FROM audit_log WHERE id = 1", 1),
        ("DELETE FROM audit_log WHERE id = 6", 6),
        ("DELETE FROM audit_log WHERE id >= 6", 6),
        ("DELETE FROM audit_log", 1),
        // The gap is closed.
        ("DELETE FROM audit_log WHERE id = 6; UPDATE audit_log SET id = id - 1 WHERE id > 6", 6),
        (
            "UPDATE audit_log SET id = 99 WHERE id = 4; UPDATE audit_log SET id = 4 WHERE id = 5;
          UPDATE audit_log SET id = 5 WHERE id = 99",
            4,
        ),
        ("INSERT INTO audit_log (at, \"by\", action, target) VALUES (1, 'lee', 'own.add', 'x')", 11),
        (
            "INSERT INTO audit_log SELECT 11, at, \"by\", action, target, before, after, note, address, chain
          FROM audit_log WHERE id = 10",
            11,
        ),
        ("INSERT INTO audit_log (id, at, \"by\", action, target) VALUES (0, 1, 'lee', 'own.add', 'x')", 0),
        ("DELETE FROM audit_head", 0),
        ("UPDATE audit_head SET chain = zeroblob(32)", 10),
        // Everything of the last one, and the head put right: its number was given all the same.
        (
            "DELETE FROM audit_log WHERE id = 10;
          UPDATE audit_head SET id = 9, chain = (SELECT chain FROM audit_log WHERE id = 9)",
            10,
        ),
        // As if the entries were older than the chain.
        ("UPDATE audit_head SET since = 3", 1),
    ] {
        let bench = changed();
        run(bench.dir.path(), sql);
        match bench.store.verify_audit().unwrap() {
            Chain::Broken { id, what } => {
                assert_eq!(id, at, "{sql}: {what}");
                let problems = bench.store.check().unwrap();
                assert!(problems.iter().any(|problem| problem.contains(what)), "{problems:?}");
            }
            whole @ Chain::Whole { .. } => panic!("{sql}: {whole:?}"),
        }
        // People go on working, and the gap stays.
        change(&bench.store, 20);
        assert!(matches!(bench.store.verify_audit().unwrap(), Chain::Broken { .. }), "{sql}");
        bench.store.backup(None).unwrap();
    }
}

#[test]
fn the_fields_are_chained_as_they_are_said_to_be() {
    let bench = changed();
    let raw = Connection::open(bench.dir.path().join("blacklist.db")).unwrap();
    let mut last = [0_u8; 32];
    for id in 1..=10_i64 {
        let mut bytes = last.to_vec();
        let mut put = |field: Option<&[u8]>| match field {
            None => bytes.push(0),
            Some(field) => {
                bytes.push(1);
                bytes.extend((field.len() as u64).to_le_bytes());
                bytes.extend(field);
            }
        };
        let columns = "at, \"by\", action, target, before, after, note, address, chain";
        let kept: [u8; 32] = raw
            .query_row(&format!("SELECT {columns} FROM audit_log WHERE id = ?"), [id], |row| {
                put(Some(&id.to_le_bytes()));
                put(Some(&row.get::<_, i64>(0)?.to_le_bytes()));
                for column in 1..8 {
                    put(row.get::<_, Option<String>>(column)?.as_deref().map(str::as_bytes));
                }
                row.get(8)
            })
            .unwrap();
        assert_eq!(Hash(kept), Hash::of(&bytes), "entry {id}");
        last = kept;
    }
}

#[test]
fn entries_older_than_the_chain_are_counted_and_no_more() {
    let dir = tempfile::tempdir().unwrap();
    let clock = std::sync::Arc::new(blocklist::FixedClock::at(blocklist::Time::from_unix(support::START)));
    let mut raw = Connection::open(dir.path().join("blacklist.db")).unwrap();
    migrations::apply(&mut raw, &MIGRATIONS[..3], blocklist::Time::from_unix(support::START)).unwrap();
    for target in ["a", "b", "c"] {
        let sql = "INSERT INTO audit_log (at, \"by\", action, target) VALUES (1, 'kim', 'own.add', ?)";
        raw.execute(sql, [target]).unwrap();
    }
    drop(raw);
    let store = Store::open(dir.path(), clock).unwrap();
    assert_eq!(store.verify_audit().unwrap(), Chain::Whole { entries: 0, before: 3 });
    change(&store, 0);
    change(&store, 1);
    assert_eq!(store.verify_audit().unwrap(), Chain::Whole { entries: 2, before: 3 });
    run(dir.path(), "DELETE FROM audit_log WHERE id = 4");
    assert!(matches!(store.verify_audit().unwrap(), Chain::Broken { id: 4, .. }));
}

#[test]
fn a_long_record_is_read_page_by_page_to_its_end() {
    let bench = Bench::new();
    bench.store.add_source(&name("a"), "url", "{}", true, &KIM).unwrap();
    let kim = support::people::user("kim");
    let phc = support::people::phc("x");
    bench.store.add_user(&kim, store::Role::Viewer, &phc, false, None, &KIM).unwrap();
    // More than two pages.
    for _ in 0..1_050 {
        bench.store.unlock(&kim, &KIM).unwrap();
    }
    assert_eq!(bench.store.verify_audit().unwrap(), Chain::Whole { entries: 1_052, before: 0 });
    run(bench.dir.path(), "UPDATE audit_log SET note = 'x' WHERE id = 1040");
    assert!(matches!(bench.store.verify_audit().unwrap(), Chain::Broken { id: 1040, .. }));
}
