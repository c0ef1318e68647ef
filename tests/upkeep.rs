//! The commands that look after database, configuration and a running server.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests only")]

mod support;

use std::io::{BufRead, BufReader};
use std::net::TcpListener;
use std::process::Stdio;

use serde_json::Value;
use support::http;
use support::program::Program;
use support::server::Server;

fn filled() -> Program {
    let program = Program::new();
    program.import(&program.write("a.txt", "8.8.5.5\n1.1.2.0/24\n"), "a");
    program
}

#[test]
fn a_backup_is_restored_only_when_asked_twice_and_the_feed_follows() {
    let program = filled();
    let backup = program.json(&["db", "backup"])["file"].as_str().unwrap().to_owned();
    program.import(&program.write("a.txt", "8.8.5.5\n9.9.9.7\n"), "a");
    let refused = program.output(&["db", "restore", &backup]);
    assert_eq!(refused.status.code(), Some(2));
    assert!(program.plain().contains("9.9.9.7"));
    let restored = program.json(&["db", "restore", &backup, "--yes"]);
    assert!(std::path::Path::new(restored["before"].as_str().unwrap()).exists());
    assert_eq!(program.plain(), "1.1.2.0/24\n8.8.5.5\n");
    assert!(program.json(&["publication", "show"])["serial"].as_u64().unwrap() > 2);
    assert!(program.run(&["db", "restore", &backup, "--yes"]).contains("what was there before"));
}

#[test]
fn a_backup_is_restored_over_a_database_that_is_broken() {
    let program = filled();
    let backup = program.json(&["db", "backup"])["file"].as_str().unwrap().to_owned();
    // Ended well, a program leaves no log behind that would still hold the pages.
    assert!(!program.data().join("blacklist.db-wal").exists());
    std::fs::write(program.data().join("blacklist.db"), b"this is no database").unwrap();
    assert_eq!(program.output(&["db", "check"]).status.code(), Some(3));
    assert_eq!(program.output(&["db", "restore", "/nonexistent", "--yes"]).status.code(), Some(3));
    let restored = program.json(&["db", "restore", &backup, "--yes"]);
    let broken = std::fs::read(restored["before"].as_str().unwrap()).unwrap();
    assert_eq!(broken, b"this is no database");
    assert_eq!(program.json(&["db", "check"])["ok"], true);
    assert_eq!(program.plain(), "1.1.2.0/24\n8.8.5.5\n");
}

#[test]
fn the_database_tells_its_state_and_its_damage() {
    let program = filled();
    assert_eq!(program.json(&["db", "status"])["listings"], 2);
    assert!(program.run(&["db", "status"]).contains("publication 1"));
    assert_eq!(program.json(&["db", "check"])["ok"], true);
    assert!(program.run(&["db", "migrate"]).contains("schema 4"));
    let to = program.path("copy.db");
    assert!(program.run(&["db", "backup", to.to_str().unwrap()]).contains("copy.db"));
    assert_eq!(program.output(&["db", "backup", to.to_str().unwrap()]).status.code(), Some(3));

    let file = program.data().join("publications/000000000001.full");
    let mut bytes = std::fs::read(&file).unwrap();
    *bytes.last_mut().unwrap() ^= 1;
    std::fs::write(&file, bytes).unwrap();
    let output = program.output(&["db", "check"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&output.stdout).contains("does not match"), "{output:?}");
    // A torn publication is never served as if it were whole; publishing writes it again.
    let torn = program.output(&["export", "--format", "plain"]);
    assert_eq!(torn.status.code(), Some(3));
    assert!(String::from_utf8_lossy(&torn.stderr).contains("blacklist publish"));
    program.run(&["publish"]);
    assert_eq!(program.plain(), "1.1.2.0/24\n8.8.5.5\n");
}

#[test]
fn a_configuration_is_written_checked_and_shown() {
    let program = Program::new();
    let file = program.path("blacklist.toml");
    let path = file.to_str().unwrap();
    program.run(&["config", "init", path]);
    assert_eq!(program.output(&["config", "init", path]).status.code(), Some(3));
    program.run(&["config", "init", path, "--force"]);
    assert!(program.run(&["config", "check", "--config", path]).contains("is good"));
    let shown = program.json(&["config", "show", "--config", path]);
    assert_eq!(shown["server.listen"], serde_json::json!({"value": "127.0.0.1:2542", "from": "default"}));
    assert!(program.run(&["config", "show"]).contains("collect.limits.rows"));

    std::fs::write(&file, "[server]\nlisten = \"127.0.0.1:81\"\n[log]\nlevl = \"info\"\n").unwrap();
    let output = program.output(&["config", "check", "--config", path]);
    assert_eq!(output.status.code(), Some(2));
    let error = String::from_utf8_lossy(&output.stderr);
    assert!(error.contains("line 4") && error.contains("log.level"), "{error}");
    std::fs::write(&file, "[server]\nlisten = \"0.0.0.0:2542\"\n").unwrap();
    assert_eq!(program.output(&["config", "check", "--config", path]).status.code(), Some(0));
    std::fs::write(&file, "[server]\nlisten = \"everywhere\"\n").unwrap();
    assert_eq!(program.output(&["config", "check", "--config", path]).status.code(), Some(2));
    assert_eq!(program.output(&["serve", "--config", path]).status.code(), Some(2));
    let mut from_environment = program.command(&["config", "show", "--json"]);
    let output = from_environment.env("BLACKLIST_LOG__LEVEL", "debug").output().unwrap();
    let shown: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(shown["log.level"], serde_json::json!({"value": "debug", "from": "environment"}));
}

#[test]
fn a_server_is_healthy_while_it_serves_and_a_second_one_finds_the_port_taken() {
    let program = filled();
    let server = Server::start(&program);
    let health = program.json(&["healthcheck", "--listen", server.address()]);
    assert_eq!(health["healthy"], true);
    let second = program.output(&["serve", "--listen", server.address()]);
    assert_eq!(second.status.code(), Some(3));
    assert!(String::from_utf8_lossy(&second.stderr).contains("another program has that port"), "{second:?}");
    let address = server.address().to_owned();
    assert!(server.stop().success());
    assert_eq!(program.output(&["healthcheck", "--listen", &address]).status.code(), Some(1));
}

#[test]
fn an_import_beside_a_server_is_live_and_what_ends_leaves_by_itself() {
    let program = filled();
    let server = Server::start(&program);
    assert_eq!(server.get("/feeds/default/plain").text(), "1.1.2.0/24\n8.8.5.5\n");
    // Ends so many seconds from now that a slow machine has imported it before, to the second.
    let end = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_secs() + 6;
    let file = program.write("soon.csv", format!("ip,until\n7.7.7.7,{end}\n"));
    program.run(&["import", file.to_str().unwrap(), "--source", "soon"]);
    let wait_for = |want: bool| {
        let patience = std::time::Instant::now() + std::time::Duration::from_secs(30);
        while server.get("/feeds/default/plain").text().contains("7.7.7.7") != want {
            assert!(std::time::Instant::now() < patience, "never {want}");
            std::thread::sleep(std::time::Duration::from_millis(50));
        }
    };
    wait_for(true);
    wait_for(false);
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_secs();
    assert!(now >= end, "gone before its end");
    assert_eq!(program.json(&["publication", "show"])["removed"], 1);
}

#[test]
fn the_last_good_publication_is_served_when_the_database_is_gone() {
    let program = filled();
    std::fs::write(program.data().join("blacklist.db"), b"this is no database").unwrap();
    let server = Server::start(&program);
    assert_eq!(server.get("/feeds/default/plain").text(), "1.1.2.0/24\n8.8.5.5\n");
    assert_eq!(server.ask("GET", "/api/v1/listings", &[]).status, 503);
    assert!(server.get("/api/v1/lookup?ip=8.8.5.5").text().contains("\"listed\":true"));
}

#[test]
fn a_server_that_cannot_open_all_its_doors_touches_nothing() {
    let program = Program::new();
    let other = TcpListener::bind("127.0.0.1:0").unwrap();
    let taken = other.local_addr().unwrap().to_string();
    let half = program.write("half.toml", "[tls]\ncertificate = \"/nonexistent.pem\"\n");
    let none =
        program.write("none.toml", "[tls]\ncertificate = \"/nonexistent.pem\"\nkey = \"/nonexistent.key\"\n");
    for (args, code, words) in [
        (vec!["serve", "--listen", "127.0.0.1:0", "--listen", &taken], 3, taken.as_str()),
        (vec!["--config", half.to_str().unwrap(), "serve"], 2, "tls.key"),
        (vec!["--config", half.to_str().unwrap(), "config", "check"], 2, "tls.key"),
        (vec!["--config", none.to_str().unwrap(), "serve", "--listen", "127.0.0.1:0"], 3, "/nonexistent.pem"),
    ] {
        let ended = program.output(&args);
        assert_eq!(ended.status.code(), Some(code), "{ended:?}");
        assert!(
            ended.stdout.is_empty() && String::from_utf8_lossy(&ended.stderr).contains(words),
            "{ended:?}"
        );
    }
    assert!(!program.data().exists());
}

#[test]
fn each_address_is_announced_on_a_line_of_its_own_and_answers() {
    let program = filled();
    let args = ["serve", "--listen", "127.0.0.1:0", "--listen", "127.0.0.1:0"];
    let mut child = program.command(&args).stdout(Stdio::piped()).spawn().unwrap();
    let lines = BufReader::new(child.stdout.take().unwrap()).lines().take(2);
    let answers: Vec<_> = lines
        .map(|line| {
            let line = line.unwrap();
            let address = line.strip_prefix("listening on http://").expect("where it listens").to_owned();
            (http::request(&address, "GET", "/healthz", &[]).map(|answer| answer.status), address)
        })
        .collect();
    child.kill().unwrap();
    child.wait().unwrap();
    assert!(matches!(&answers[..], [(Ok(200), one), (Ok(200), other)] if one != other), "{answers:?}");
}
