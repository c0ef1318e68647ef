//! Allow entries with the real program: what they name is never served, to the second, and a bad file changes nothing.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests only")]

mod support;

use std::time::{Duration, Instant};

use serde_json::json;
use support::program::Program;
use support::server::Server;

/// A program whose source `a` lists these.
fn listing(lines: &str) -> Program {
    let program = Program::new();
    program.import(&program.write("a.txt", lines), "a");
    program
}

/// What is served now.
fn served(program: &Program) -> Vec<String> {
    program.plain().lines().map(str::to_owned).collect()
}

/// Exit code and all that was said.
fn said(program: &Program, args: &[&str]) -> (i32, String) {
    let output = program.output(args);
    let text = [output.stdout, output.stderr].concat();
    (output.status.code().unwrap(), String::from_utf8(text).unwrap())
}

#[test]
fn an_entry_leaves_the_rest_of_a_listed_prefix() {
    let program = listing("45.9.20.0/24\n45.9.30.7\n45.9.40.0/30\n2a00:1:2::/47\n");
    program.run(&["allow", "add", "45.9.20.128/25", "--reason", "inside"]);
    program.run(&["allow", "add", "45.9.30.0/24", "--reason", "covers"]);
    program.run(&["allow", "add", "45.9.40.2-45.9.40.9", "--reason", "overlaps"]);
    program.run(&["allow", "add", "2a00:1:3::/48", "--reason", "the other family"]);
    assert_eq!(served(&program), ["45.9.20.0/25", "45.9.40.0/31", "2a00:1:2::/48"]);
    let found = program.json(&["allow", "show", "45.9.20.128/25"]);
    assert_eq!((&found["id"], &found["hits"][0]["prefix"]), (&json!(1), &json!("45.9.20.0/24")));
    program.run(&["allow", "remove", "1", "--note", "it was a mistake"]);
    assert!(served(&program).contains(&"45.9.20.0/24".to_owned()));
    assert_eq!(said(&program, &["allow", "show", "99"]).0, 1);
    assert_eq!(said(&program, &["allow", "remove", "1"]).0, 1);
}

#[test]
fn host_bits_are_told_and_a_second_entry_of_a_prefix_is_refused() {
    let program = listing("45.9.20.0/24\n45.9.30.7\n");
    let (code, text) = said(&program, &["allow", "add", "45.9.20.7/25", "--reason", "x", "--by", "kim"]);
    assert!(code == 0 && text.contains("taken as 45.9.20.0/25"), "{text}");
    assert_eq!(program.json(&["allow", "list"])[0]["created_by"], "kim");
    let (code, text) = said(&program, &["allow", "add", "45.9.20.0/25", "--reason", "y"]);
    assert!(code == 3 && text.contains("allow entry 1 names it already"), "{text}");
    let (code, text) = said(&program, &["allow", "add", "0.0.0.0/0", "--reason", "y"]);
    assert!(code == 3 && text.contains("wider than /8"), "{text}");
    assert_eq!(said(&program, &["allow", "add", "example.com", "--reason", "y"]).0, 2);
    assert_eq!(said(&program, &["allow", "add", "45.9.30.7", "--reason", "y", "--until", "2001-01-01"]).0, 3);
    assert_eq!(program.json(&["allow", "list", "--all"]).as_array().unwrap().len(), 1);
}

#[test]
fn a_dry_run_says_what_would_happen_and_changes_nothing() {
    let program = listing("45.9.20.0/24\n45.9.30.7\n");
    let before = served(&program);
    let tried = program.json(&["allow", "add", "45.9.20.0/25", "--reason", "x", "--dry-run"]);
    assert_eq!((&tried["added"], &tried["removed"]), (&json!(["45.9.20.128/25"]), &json!(["45.9.20.0/24"])));
    assert_eq!(program.json(&["allow", "list"]), json!([]));
    program.run(&["allow", "add", "45.9.30.7", "--reason", "x"]);
    let after = served(&program);
    let tried = program.json(&["allow", "remove", "45.9.30.7", "--dry-run"]);
    assert_eq!(tried["added"], json!(["45.9.30.7"]));
    program.run(&["allow", "set", "1", "--owner", "network team", "--dry-run"]);
    assert_eq!(program.json(&["allow", "list"])[0]["owner"], json!(null));
    assert_eq!((before.len(), served(&program)), (2, after));
}

#[test]
fn an_entry_is_changed_and_reminds_before_its_end() {
    let program = listing("45.9.20.7\n45.9.30.7\n");
    program.run(&["allow", "add", "45.9.30.7", "--reason", "x", "--until", "2099-12-31", "--remind", "30"]);
    assert_eq!(program.json(&["allow", "list"])[0]["until"], "2099-12-31T15:00:00Z");
    assert_eq!(program.answer(&["allow", "due"]), (1, json!([])));
    program.run(&["allow", "set", "45.9.30.7", "--remind", "none", "--until", "none", "--ticket", "OPS-7"]);
    let row = &program.json(&["allow", "list"])[0];
    assert_eq!((&row["until"], &row["ticket"]), (&json!(null), &json!("OPS-7")));
    let (code, text) = said(&program, &["allow", "set", "1"]);
    assert!(code == 2 && text.contains("--until"), "{text}");
}

#[test]
fn a_file_with_one_bad_row_changes_nothing() {
    let program = listing("45.9.20.7\n45.9.30.7\n45.9.40.7\n");
    program.run(&["allow", "add", "45.9.40.7", "--reason", "partner"]);
    let bad = "prefix,reason,owner\n45.9.20.7,mail,\nexample.com,name,\n45.9.40.7,other,\n45.9.30.7,=cmd,\n";
    let file = program.write("bad.csv", bad);
    let (code, answer) = program.answer(&["allow", "import", file.to_str().unwrap()]);
    let rows: Vec<u64> =
        answer["refusals"].as_array().unwrap().iter().map(|one| one["row"].as_u64().unwrap()).collect();
    assert_eq!((code, rows), (3, vec![3, 4]), "{answer}");
    assert_eq!(program.json(&["allow", "list"]).as_array().unwrap().len(), 1);
    assert_eq!(served(&program), ["45.9.20.7", "45.9.30.7"]);
}

#[test]
fn what_was_exported_is_imported_elsewhere_and_here_again() {
    let program = listing("45.9.20.7\n45.9.30.7\n45.9.50.7\n");
    let file = program.write("list.txt", "45.9.20.0/24 # partner\n2a00:1::/32\n");
    let tried = program.json(&["allow", "import", file.to_str().unwrap(), "--reason", "p", "--dry-run"]);
    assert_eq!((&tried["added_entries"], &tried["removed"]), (&json!(2), &json!(["45.9.20.7"])));
    program.run(&["allow", "import", file.to_str().unwrap(), "--reason", "=1+1", "--by", "kim"]);
    program.run(&[
        "allow",
        "add",
        "45.9.30.7",
        "--reason",
        "a, \"b\"",
        "--until",
        "2099-01-01",
        "--remind",
        "7",
    ]);
    for format in ["csv", "json"] {
        let table = program.run(&["allow", "export", "--format", format]);
        let other = listing("45.9.20.7\n45.9.50.7\n");
        let output = other.given(&table, &["allow", "import", "-"]);
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        assert_eq!(other.run(&["allow", "export", "--format", format]), table);
        assert_eq!(served(&other), ["45.9.50.7"]);
        let again = other.given(&table, &["allow", "import", "-", "--json"]);
        let again: serde_json::Value = serde_json::from_slice(&again.stdout).unwrap();
        assert_eq!((&again["added_entries"], &again["unchanged"]), (&json!(0), &json!(3)));
    }
}

#[test]
fn a_running_server_serves_the_rest_at_once_and_all_again_when_the_entry_ends() {
    let program = listing("45.9.20.0/24\n45.9.30.7\n");
    let server = Server::start(&program);
    let soon = program.json(&["allow", "add", "45.9.20.0/25", "--reason", "a test"]);
    assert_eq!(soon["state"], "published", "{soon}");
    let becomes = |want: &str| {
        let began = Instant::now();
        while server.get("/feeds/default/plain").text() != want {
            assert!(
                began.elapsed() < Duration::from_mins(1),
                "{}",
                server.get("/feeds/default/plain").text()
            );
            std::thread::sleep(Duration::from_millis(20));
        }
    };
    becomes("45.9.20.128/25\n45.9.30.7\n");
    // The end is given in whole seconds, so it lies between two and three seconds ahead.
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_secs();
    let end = jiff::Timestamp::from_second(i64::try_from(now).unwrap() + 3).unwrap().to_string();
    program.run(&["allow", "set", "1", "--until", &end]);
    becomes("45.9.20.0/24\n45.9.30.7\n");
    let ended = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_secs();
    assert!(ended >= now + 3);
    assert_eq!(program.json(&["allow", "list", "--all"])[0]["state"], "ended");
}
