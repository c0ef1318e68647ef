//! Sources and credentials as a person sets them up: what is taken, what is refused, and what is said of it.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests only")]

#[path = "support/portals.rs"]
mod portals;
mod support;

use portals::document;
use serde_json::json;
use support::program::Program;

/// Exit code and all that was said.
fn said(program: &Program, args: &[&str]) -> (i32, String) {
    let output = program.output(args);
    let text = [output.stdout, output.stderr].concat();
    (output.status.code().unwrap(), String::from_utf8(text).unwrap())
}

#[test]
fn a_setting_is_changed_and_taken_back() {
    let program = Program::new();
    let url = format!("url={}", document("8.8.5.5\n"));
    let added = program.json(&["source", "add", "ours", "--kind", "url", &url, "schedule=15m"]);
    assert_eq!(added["next"], "blacklist source test ours");
    program.run(&["source", "set", "ours", "confidence=80", "schedule="]);
    let settings = &program.json(&["source", "show", "ours"])["settings"];
    assert_eq!((&settings["confidence"], settings.get("schedule")), (&json!("80"), None));
    assert_eq!(said(&program, &["source", "add", "ours", "--kind", "url", &url]).0, 3);
    program.run(&["source", "disable", "ours"]);
    assert_eq!(program.json(&["source", "list"])[0]["enabled"], false);
}

#[test]
fn a_wrong_setting_is_refused_with_what_was_meant() {
    let program = Program::new();
    for (setting, why) in [
        ("shedule=1h", "did you mean schedule?"),
        ("password=hunter2", "credential set"),
        ("schedule=often", "source settings url"),
        ("nonsense", "KEY=VALUE"),
    ] {
        let args = ["source", "add", "a", "--kind", "url", "url=https://a.example/", setting];
        let (code, text) = said(&program, &args);
        assert_eq!(code, 2, "{text}");
        assert!(text.contains(why) && !text.contains("hunter2"), "{text}");
    }
    assert_eq!(said(&program, &["source", "add", "a", "--kind", "ftp"]).0, 2);
    assert_eq!(said(&program, &["source", "add", "a"]).0, 2);
    let (code, text) = said(&program, &["source", "add", "a", "--template", "spamhaus-drop-v5"]);
    assert!(code == 2 && text.contains("did you mean spamhaus-drop-v4"), "{text}");
}

#[test]
fn a_template_fills_in_the_settings() {
    let program = Program::new();
    let id = program.json(&["source", "templates"])[0]["id"].as_str().unwrap().to_owned();
    let added = program.json(&["source", "add", "listed", "--template", &id, "schedule=2d"]);
    assert_eq!((&added["kind"], &added["settings"]["schedule"]), (&json!("url"), &json!("2d")));
    let (code, text) = said(&program, &["source", "add", "mine", "--template", "crowdsec"]);
    assert!(code == 2 && text.contains("url=https://admin.api.crowdsec.net"), "{text}");
}

#[test]
fn a_source_goes_only_when_it_is_meant() {
    let program = Program::new();
    let url = format!("url={}", document("8.8.5.5\n"));
    program.run(&["source", "add", "ours", "--kind", "url", &url]);
    program.import(&program.write("b.txt", "9.9.9.7\n"), "other");
    program.run(&["collect", "ours"]);
    let (code, text) = said(&program, &["source", "remove", "ours"]);
    assert!(code == 2 && text.contains("1 active listings") && text.contains("--yes"), "{text}");
    assert_eq!(program.active("ours"), 1);
    assert_eq!(program.answer(&["source", "remove", "ours", "--yes"]).1["listings"], 1);
    assert_eq!(said(&program, &["source", "show", "ours"]).0, 1);
}

#[test]
fn a_secret_comes_from_a_file_or_standard_input_and_from_nowhere_else() {
    let program = Program::new();
    program.run(&["source", "add", "p", "--kind", "regtech", "url=http://127.0.0.1:1"]);
    // Nobody to ask, and nothing is taken unasked.
    let output = program.given("hunter2\n", &["credential", "set", "p", "--username", "me"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stderr).contains("--file -"));
    assert_eq!(said(&program, &["credential", "set", "p", "--file", "-"]).0, 2);
    assert_eq!(said(&program, &["credential", "set", "p", "--username", "me", "--password", "x"]).0, 2);
    assert_eq!(said(&program, &["credential", "set", "nosuch", "--file", "-"]).0, 1);

    let file = program.write("secret", "hunter2\n");
    let soon = ["--expires", "2020-01-31", "--remind", "30"];
    let set = ["credential", "set", "p", "--username", "me", "--file", file.to_str().unwrap()];
    let (code, text) = said(&program, &[&set[..], &soon].concat());
    assert!(code == 0 && text.contains("chmod 600") && !text.contains("hunter2"), "{text}");
    let (_, text) = said(&program, &["credential", "list"]);
    assert!(text.contains("expired on 2020-01-31") && !text.contains("hunter2"), "{text}");
    assert!(said(&program, &["source", "list"]).1.contains("expired on 2020-01-31"));

    let before = program.json(&["credential", "list"])[0]["key_id"].clone();
    let after = program.json(&["credential", "rotate-key"])["key_id"].clone();
    assert_ne!(before, after);
    assert_eq!(program.json(&["credential", "list"])[0]["key_id"], after);
    assert_eq!(said(&program, &["credential", "remove", "p"]).0, 2);
    assert_eq!(program.json(&["credential", "remove", "p", "--yes"])["removed"], true);
    assert_eq!(program.json(&["credential", "list"]), json!([]));
}

#[test]
fn every_answer_is_one_json_value() {
    let program = Program::new();
    let url = format!("url={}", document("8.8.5.5\n"));
    program.run(&["source", "add", "a", "--kind", "url", &url]);
    for (args, code) in [
        (&["collect"][..], 0),
        (&["collect", "nosuch"], 1),
        (&["source", "list"], 0),
        (&["source", "show", "a"], 0),
        (&["source", "settings"], 0),
        (&["source", "settings", "regtech", "--lang", "ko"], 0),
        (&["source", "templates"], 0),
        (&["source", "test", "a"], 0),
        (&["source", "set", "a", "nothing=1"], 2),
        (&["source", "enable", "a"], 0),
        (&["source", "remove", "a"], 2),
        (&["credential", "list"], 0),
        (&["credential", "verify", "a"], 0),
        (&["credential", "set", "a", "--file", "-"], 2),
        (&["credential", "otp", "a", "--file", "-"], 2),
        (&["credential", "session", "nosuch"], 1),
        (&["credential", "remove", "a", "--yes"], 0),
    ] {
        let (got, answer) = program.answer(args);
        assert_eq!(got, code, "{args:?}: {answer}");
    }
}
