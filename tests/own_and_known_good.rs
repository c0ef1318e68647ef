//! Own networks and known-good lists with the real program.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests only")]

mod support;

use serde_json::json;
use support::program::Program;

fn listing(lines: &str) -> Program {
    let program = Program::new();
    program.import(&program.write("a.txt", lines), "a");
    program
}

#[test]
fn an_own_network_is_served_no_more() {
    let program = listing("45.9.20.0/24\n45.9.30.7\n");
    let tried = program.answer(&["own", "add", "45.9.30.0/24", "--dry-run"]);
    assert_eq!((tried.0, &tried.1["removed"]), (0, &json!(["45.9.30.7"])));
    let (code, answer) = program.answer(&["own", "add", "45.9.30.0/24", "10.0.0.0/8", "--note", "office"]);
    assert_eq!((code, &answer["state"]), (0, &json!("published")), "{answer}");
    assert_eq!(program.plain(), "45.9.20.0/24\n");
    let rows = program.json(&["own", "list"]);
    assert_eq!((&rows[0]["prefix"], &rows[0]["note"]), (&json!("10.0.0.0/8"), &json!("office")));
    assert_eq!(program.json(&["own", "remove", "45.9.30.0/24"])["state"], "published");
    assert_eq!(program.plain(), "45.9.20.0/24\n45.9.30.7\n");
    assert_eq!(program.output(&["own", "remove", "45.9.30.0/24"]).status.code(), Some(1));
}

#[test]
fn a_known_good_list_is_loaded_switched_and_removed() {
    let program = listing("45.9.20.0/24\n45.9.30.7\n");
    let text =
        json!({"name": "Front doors", "version": 7, "list": ["45.9.30.7", "45.9.20.8/29", "www.example"]});
    let file = program.write("doors.json", text.to_string());
    let file = file.to_str().unwrap();
    let tried = program.json(&["known-good", "load", file, "--name", "doors", "--dry-run"]);
    assert_eq!(tried["removed"], json!(["45.9.20.0/24", "45.9.30.7"]));
    let loaded = program.json(&["known-good", "load", file, "--name", "doors"]);
    assert_eq!((&loaded["list"]["hits"], &loaded["list"]["passed_over"]), (&json!(0), &json!(1)));
    assert!(!program.plain().contains("45.9.30.7") && program.plain().contains("45.9.20.128/25"));
    let shown = program.json(&["known-good", "show", "doors"]);
    assert_eq!((&shown["version"], &shown["hits"]), (&json!("7"), &json!(2)));
    assert_eq!(shown["held_back"][1]["prefix"], "45.9.30.7");
    program.run(&["known-good", "disable", "doors"]);
    assert_eq!(program.plain(), "45.9.20.0/24\n45.9.30.7\n");
    program.run(&["known-good", "enable", "doors"]);
    program.run(&["known-good", "remove", "doors"]);
    assert_eq!(program.plain(), "45.9.20.0/24\n45.9.30.7\n");
    assert_eq!(program.output(&["known-good", "show", "doors"]).status.code(), Some(1));
}

#[test]
fn what_is_no_list_is_refused_and_changes_nothing() {
    let program = listing("45.9.20.7\n");
    for (name, text) in
        [("a.html", "<html></html>"), ("b.json", "{\"list\": [\"a.example\"]}"), ("c.txt", "0.0.0.0/0\n")]
    {
        let file = program.write(name, text);
        let output = program.output(&["known-good", "load", file.to_str().unwrap(), "--name", "x"]);
        assert_eq!(output.status.code(), Some(3), "{name}");
    }
    let names = program.json(&["known-good", "list"]);
    assert_eq!(names, json!([]));
}

#[test]
fn the_lists_of_the_program_are_installed_once_and_never_after_they_were_removed() {
    let program = listing("8.8.8.8\n45.9.20.7\n1.1.1.0/24\n");
    // An import takes what it is handed.
    assert_eq!(program.plain(), "1.1.1.0/24\n8.8.8.8\n45.9.20.7\n");
    program.json(&["known-good", "install"]);
    assert!(!program.plain().lines().any(|line| line == "8.8.8.8" || line == "1.1.1.0/24"));
    program.run(&["known-good", "remove", "public-resolvers"]);
    assert!(program.plain().lines().any(|line| line == "8.8.8.8"));
    assert_eq!(program.json(&["known-good", "install"])["lists"], json!([]));
}

#[test]
fn a_server_keeps_its_own_addresses_as_its_own() {
    let program = listing("45.9.20.7\n");
    let server = support::server::Server::start(&program);
    let began = std::time::Instant::now();
    // It does so beside serving; a machine without any network has none.
    while program.json(&["own", "list"]).as_array().unwrap().is_empty() && has_addresses() {
        assert!(began.elapsed() < std::time::Duration::from_mins(1));
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
    for row in program.json(&["own", "list"]).as_array().unwrap() {
        assert_eq!(row["kind"], "server");
        assert!(!row["prefix"].as_str().unwrap().starts_with("127."));
    }
    drop(server);
}

/// Whether this machine has an interface but the loopback that is up: the routes say so.
fn has_addresses() -> bool {
    std::fs::read_to_string("/proc/net/route").is_ok_and(|routes| routes.lines().count() > 1)
}
