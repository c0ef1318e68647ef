//! Manual work on listings with the real program: what is blocked is on the wire at once, ends by itself, and every answer
//! can be explained.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests only")]

mod support;

use std::time::{Duration, Instant};

use serde_json::Value;
use support::program::Program;
use support::server::Server;

/// A bound against hanging, not a measure of anything.
const PATIENCE: Duration = Duration::from_mins(2);

fn filled() -> Program {
    let program = Program::new();
    program.import(&program.write("a.txt", "9.1.2.0/24\n8.8.5.5\n010.1.2.3\n"), "a");
    program
}

fn exit(program: &Program, args: &[&str]) -> (i32, String, String) {
    let output = program.output(args);
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}

/// Reads the feed until it is as wanted; tells how often it changed on the way.
fn wait_for(server: &Server, wanted: impl Fn(&str) -> bool) -> String {
    let began = Instant::now();
    loop {
        let answer = server.get("/feeds/default/plain");
        if wanted(answer.text()) {
            return answer.text().to_owned();
        }
        assert!(began.elapsed() < PATIENCE, "the feed stays {:?}", answer.text());
        std::thread::sleep(Duration::from_millis(20));
    }
}

#[test]
fn a_block_reaches_the_served_feed_and_leaves_it_when_it_is_taken_back() {
    let program = filled();
    let server = Server::start(&program);
    let before: Value = serde_json::from_slice(&server.get("/api/v1/lookup?ip=7.7.7.7").body).unwrap();
    assert_eq!(before["listed"], false);
    let done = program
        .json(&["block", "7.7.7.7", "--for", "4h", "--reason", "c2", "--by", "kim", "--note", "ticket 7"]);
    assert_eq!(
        (&done["state"], &done["new"], &done["source"]),
        (&"done".into(), &1.into(), &"manual".into())
    );
    let feed = wait_for(&server, |feed| feed.contains("7.7.7.7"));
    assert_eq!(feed, "7.7.7.7\n8.8.5.5\n9.1.2.0/24\n");
    let told: Value =
        serde_json::from_slice(&server.get("/api/v1/lookup?ip=7.7.7.7&explain=true").body).unwrap();
    assert_eq!(
        (&told["answer"]["why"], &told["listings"][0]["came"]["by"]),
        (&"served".into(), &"kim".into())
    );
    program.run(&["unblock", "7.7.7.7"]);
    wait_for(&server, |feed| !feed.contains("7.7.7.7"));
    let (code, text, _) = exit(&program, &["check", "7.7.7.7", "--explain"]);
    assert!(code == 1 && text.starts_with("7.7.7.7 is not served: the listing of manual ended"), "{text}");
}

#[test]
fn a_block_ends_by_itself_while_the_server_runs() {
    let program = filled();
    let server = Server::start(&program);
    // The shortest span of the command is a minute; a moment may be nearer.
    let end = jiff_now_plus(4);
    program.run(&["block", "7.7.7.7", "--until", &end, "--reason", "c2"]);
    wait_for(&server, |feed| feed.contains("7.7.7.7"));
    wait_for(&server, |feed| !feed.contains("7.7.7.7"));
    let row = &program.json(&["listing", "list", "--source", "manual"])[0];
    assert_eq!((&row["state"], &row["prefix"]), (&"expired".into(), &"7.7.7.7".into()));
}

/// RFC 3339, so many seconds from now.
fn jiff_now_plus(seconds: i64) -> String {
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_secs();
    blocklist::Time::from_unix(now.cast_signed() + seconds).to_string()
}

#[test]
fn what_stands_against_a_block_is_told_and_nothing_is_done() {
    let program = filled();
    let (code, _, error) = exit(&program, &["block", "7.7.7.7", "10.0.0.1", "--for", "1h", "--reason", "x"]);
    assert!(code == 3 && error.contains("10.0.0.1") && error.contains("nothing changed"), "{error}");
    let (code, _, error) = exit(&program, &["block", "7.0.0.0/8", "--for", "1h", "--reason", "x"]);
    assert!(code == 3 && error.contains("--wide"), "{error}");
    let (code, _, error) =
        exit(&program, &["block", "7.7.7.7", "--until", "2020-01-01", "--reason", "x", "--lang", "ko"]);
    assert!(code == 3 && error.contains("이미 지났습니다"), "{error}");
    assert_eq!(exit(&program, &["block", "7.7.7.7", "--for", "4 weeks", "--reason", "x"]).0, 2);
    assert_eq!(exit(&program, &["import", "a.txt", "--source", "manual"]).0, 2);
    assert_eq!(program.plain(), "8.8.5.5\n9.1.2.0/24\n");
}

#[test]
fn listings_of_a_file_are_tried_added_ended_removed_and_restored() {
    let program = filled();
    let file = program.write("incident.csv", "ip,reason,until\n7.7.7.7,c2,2099-01-01\n7.7.8.0/24,scan,\n");
    let file = file.to_str().unwrap();
    let tried = program.json(&["listing", "add", "--file", file, "--dry-run"]);
    assert_eq!(tried["added"], serde_json::json!(["7.7.7.7", "7.7.8.0/24"]));
    assert_eq!(program.plain(), "8.8.5.5\n9.1.2.0/24\n");
    program.run(&["listing", "add", "--file", file]);
    assert_eq!(program.plain(), "7.7.7.7\n7.7.8.0/24\n8.8.5.5\n9.1.2.0/24\n");
    program.run(&["listing", "set", "7.7.7.7", "--category", "botnet"]);
    assert!(program.run(&["listing", "show", "7.7.7.7"]).contains("botnet"));
    program.run(&["listing", "end", "8.8.5.5", "--source", "a"]);
    assert_eq!(program.plain(), "7.7.7.7\n7.7.8.0/24\n9.1.2.0/24\n");
    program.run(&["listing", "end", "8.8.5.5", "--until", "none"]);
    program.run(&["listing", "remove", "9.1.2.0/24", "--note", "false positive"]);
    assert_eq!(program.plain(), "7.7.7.7\n7.7.8.0/24\n8.8.5.5\n");
    assert!(program.run(&["listing", "show", "9.1.2.0/24"]).contains("false positive"));
    program.run(&["listing", "restore", "9.1.2.0/24"]);
    assert!(program.plain().contains("9.1.2.0/24"));
    let (code, _, error) = exit(&program, &["listing", "remove", "6.6.6.6"]);
    assert!(code == 3 && error.contains("6.6.6.6"), "{error}");
    assert_eq!(program.json(&["db", "check"])["problems"], serde_json::json!([]));
}

#[test]
fn check_explains_what_never_came_and_what_was_refused_and_answers_for_a_time() {
    let program = filled();
    let (code, text, _) = exit(&program, &["check", "6.6.6.6", "--explain"]);
    assert!(code == 1 && text.starts_with("6.6.6.6 is not served: no source ever listed it"), "{text}");
    let (_, text, _) = exit(&program, &["check", "10.1.2.3", "--explain"]);
    assert!(text.contains("line 3 of a names it and was refused") && text.contains("010.1.2.3"), "{text}");
    let (code, text, _) = exit(&program, &["check", "9.1.2.3", "--explain", "--lang", "ko"]);
    assert!(code == 0 && text.contains("게시 중") && text.contains("7. 피드와 소비 장비"), "{text}");
    let (code, text, _) = exit(&program, &["check", "9.1.2.3", "--at", "2020-01-01"]);
    assert!(code == 1 && text.contains("nothing was published by then"), "{text}");
    let told = program.json(&["check", "9.1.2.3", "--at", "2999-01-01 09:00"]);
    assert_eq!(told["listed"], true);
    assert_eq!(exit(&program, &["check", "9.1.2.3", "--at", "yesterday"]).0, 2);
}
