//! Sources set up, collected and published by the program: the simulated portals, a document, a directory.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests only")]

#[path = "support/portals.rs"]
mod portals;
mod support;

use std::path::Path;
use std::process::Stdio;
use std::time::{Duration, Instant};

use portal_sim::Portal;
use portals::{PASSWORD, Portals, USER, document, nobody, silence};
use serde_json::{Value, json};
use support::program::Program;
use support::server::Server;

#[test]
fn a_portal_is_set_up_verified_collected_and_published() {
    let (portals, program) = (Portals::start(), Program::new());
    portals.add(&program, PASSWORD);
    let verified = program.json(&["credential", "verify", "regtech"]);
    assert_eq!((&verified["ok"], &verified["code_sent"]), (&json!(true), &json!(false)));

    let collected = program.json(&["collect"]);
    let first = &collected["results"][0];
    assert_eq!((&first["source"], &first["state"]), (&json!("regtech"), &json!("done")), "{collected}");
    let new = first["new"].as_u64().unwrap();
    assert!(new > 0 && program.active("regtech") == new);
    assert_eq!(program.plain().lines().count() as u64, first["publication"]["entries"].as_u64().unwrap());
    // The same once more changes nothing.
    let again = &program.json(&["collect", "regtech"])["results"][0];
    assert_eq!((&again["new"], &again["publication"]["serial"]), (&json!(0), &json!(1)));

    let shown = program.json(&["source", "show", "regtech", "--all"]);
    assert_eq!(shown["freshness"], "fresh");
    assert_eq!(shown["credential"]["kind"], "login");
    assert_eq!(shown["all_settings"]["window"], "89d");
    assert!(shown["settings"].get("window").is_none());
    let test = program.json(&["source", "test", "regtech"]);
    assert_eq!((&test["dry_run"], &test["run"]), (&json!(true), &Value::Null));
    assert!(test["first"][0]["prefix"].is_string(), "{test}");
    assert_eq!(program.runs(), 2);
}

#[test]
fn a_wrong_password_is_sent_once_however_often_it_is_asked_for() {
    let (portals, program) = (Portals::start(), Program::new());
    portals.add(&program, "wrong");
    for args in [&["collect"][..], &["collect", "regtech"], &["collect", "--dry-run"]] {
        let (code, answer) = program.answer(args);
        assert_eq!((code, &answer["results"][0]["state"]), (3, &json!("failed")));
        assert_eq!(answer["results"][0]["cause_id"], "credential_rejected");
    }
    assert_eq!(program.answer(&["source", "test", "regtech"]).0, 3);
    let (code, told) = program.answer(&["credential", "verify", "regtech", "--lang", "ko"]);
    assert_eq!((code, &told["ok"]), (1, &json!(false)));
    assert!(told["hint"].as_str().unwrap().contains("blacklist credential set regtech"), "{told}");
    program.run(&["source", "disable", "regtech"]);
    program.run(&["source", "enable", "regtech"]);
    program.run(&["source", "set", "regtech", "history=30d"]);
    assert_eq!(program.answer(&["collect"]).0, 3);
    assert_eq!(portals.sim.refused_passwords(Portal::Regtech), 1);

    portals.sim.unlock();
    let right = ["credential", "set", "regtech", "--username", USER, "--file", "-"];
    assert!(program.given(PASSWORD, &right).status.success());
    assert_eq!(program.answer(&["collect"]).0, 0);
}

#[test]
fn a_password_stands_in_no_output_no_file_and_no_argument() {
    let (portals, program) = (Portals::start(), Program::new());
    portals.add(&program, PASSWORD);
    let log = std::fs::File::create(program.path("log")).unwrap();
    let mut command = program.command(&["-vv", "serve", "--listen", "127.0.0.1:0"]);
    command.stderr(log);
    let server = Server::spawn(command);
    let began = Instant::now();
    while server.try_get("/feeds/default/plain").is_ok_and(|answer| answer.status != 200) {
        assert!(began.elapsed() < Duration::from_mins(1), "serve does not collect by itself");
        std::thread::sleep(Duration::from_millis(50));
    }
    let mut seen = Vec::new();
    for entry in std::fs::read_dir("/proc").unwrap().flatten() {
        seen.extend(std::fs::read(entry.path().join("cmdline")).unwrap_or_default());
    }
    server.stop();
    for args in [
        &["source", "list"][..],
        &["source", "show", "regtech", "--all"],
        &["credential", "list"],
        &["credential", "verify", "regtech"],
        &["collect", "-vv"],
        &["config", "show"],
        &["credential", "rotate-key"],
    ] {
        let output = program.output(args);
        seen.extend(output.stdout);
        seen.extend(output.stderr);
    }
    seen.extend(std::fs::read(program.path("log")).unwrap());
    assert!(String::from_utf8_lossy(&seen).contains("collected"), "the log is not that of a run");
    files(&program.data(), &mut seen);
    for form in [PASSWORD, "Kestrel-7%3Aopen%26shut", "S2VzdHJlbC03Om9wZW4mc2h1d"] {
        assert!(!seen.windows(form.len()).any(|window| window == form.as_bytes()), "{form}");
    }
}

fn files(dir: &Path, out: &mut Vec<u8>) {
    for entry in std::fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { files(&path, out) } else { out.extend(std::fs::read(path).unwrap()) }
    }
}

#[test]
fn sources_that_fail_keep_no_other_from_being_read() {
    let program = Program::new();
    let good = format!("url={}", document("8.8.5.5\n1.1.2.0/24\n300.1.1.1\n"));
    program.run(&["source", "add", "good", "--kind", "url", &good]);
    let bad = format!("url={}", nobody());
    program.run(&["source", "add", "bad", "--kind", "url", &bad, "retries=0"]);
    let (code, answer) = program.answer(&["collect"]);
    assert_eq!(code, 4);
    let results = answer["results"].as_array().unwrap();
    let state = |at: usize| results[at]["state"].as_str().unwrap();
    assert_eq!((state(0), state(1)), ("done", "failed"));
    assert_eq!(results[0]["refusals"][0]["examples"][0]["line"], 3);
    assert_eq!(results[1]["cause_id"], "unreachable");
    assert_eq!(program.answer(&["collect", "bad"]).0, 3);
    assert_eq!(program.plain(), "1.1.2.0/24\n8.8.5.5\n");

    let output = program.output(&["collect", "--lang", "ko"]);
    let (told, warned) =
        (String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap());
    assert!(told.contains("good: took") && warned.contains("서버에 연결할 수 없음"), "{told}{warned}");
    program.run(&["source", "disable", "bad"]);
    assert_eq!(program.json(&["collect"])["results"].as_array().unwrap().len(), 1);
    assert_eq!(program.answer(&["collect", "nosuch"]).0, 1);
    assert_eq!(program.answer(&["collect", "good", "--since", "2026-01-01"]).0, 2);
}

#[test]
fn files_of_a_directory_are_taken_and_put_away() {
    let program = Program::new();
    let drop = program.path("drop");
    std::fs::create_dir(&drop).unwrap();
    std::fs::write(drop.join("a.txt"), "8.8.5.5\n").unwrap();
    let path = format!("path={}", drop.display());
    program.run(&["source", "add", "drop", "--kind", "directory", &path, "settle=0s"]);
    let answer = program.json(&["collect", "drop"]);
    assert_eq!(answer["results"][0]["state"], "done", "{answer}");
    assert!(!drop.join("a.txt").exists());
    assert_eq!(program.json(&["collect", "drop"])["results"][0]["state"], "nothing");
    assert_eq!(program.plain(), "8.8.5.5\n");
}

#[test]
fn a_run_that_is_interrupted_changes_nothing() {
    let program = Program::new();
    program.run(&["source", "add", "slow", "--kind", "url", &format!("url={}", silence())]);
    let mut command = program.command(&["collect", "--json"]);
    let child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    // Its claim is taken before it fetches.
    let lock = program.data().join("locks/source-slow.lock");
    let began = Instant::now();
    while !lock.exists() {
        assert!(began.elapsed() < Duration::from_mins(1), "no run begins");
        std::thread::sleep(Duration::from_millis(5));
    }
    let kill = ["-c", "kill -INT \"$1\"", "sh", &child.id().to_string()];
    assert!(std::process::Command::new("sh").args(kill).status().unwrap().success());
    let output = child.wait_with_output().unwrap();
    let answer: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!((output.status.code(), &answer["results"][0]["cause_id"]), (Some(3), &json!("interrupted")));
    assert_eq!(program.active("slow"), 0);
}

#[test]
fn a_one_time_code_is_asked_for_once_and_typed_in_by_a_second_call() {
    let (portals, program) = (Portals::start(), Program::new());
    portals.add(&program, PASSWORD);
    portals.sim.faults().on(portal_sim::Fault::OtpAsked);
    let (code, answer) = program.answer(&["collect"]);
    assert_eq!((code, &answer["results"][0]["cause_id"]), (3, &json!("otp_needed")), "{answer}");
    let (_, sent) = program.answer(&["credential", "otp", "regtech"]);
    assert_eq!(sent["code_sent"], true, "{sent}");
    let digits = portals.sim.otp(Portal::Regtech).unwrap();
    let output = program.given(&digits, &["credential", "otp", "regtech", "--file", "-"]);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert_eq!(portals.sim.otp(Portal::Regtech).unwrap(), digits, "a second code was sent");
    assert_eq!(program.answer(&["collect"]).0, 0);
}
