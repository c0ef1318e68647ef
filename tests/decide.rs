//! What people decide, as they type it: policy, gate, held candidates, ways back. What counts is the feed.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests only")]

mod support;

use serde_json::{Value, json};
use support::program::Program;

/// The code of a candidate that the gate held.
const HELD: i32 = 5;

/// A list of so many hosts, from `8.8.first.0` on.
fn hosts(first: u8, count: usize) -> String {
    let host = |n: usize| format!("8.8.{}.{}\n", usize::from(first) + n / 256, n % 256);
    (0..count).map(host).collect::<Vec<_>>().concat()
}

/// Imports a list as the whole of `source`, and hands back exit code and answer.
fn import(program: &Program, source: &str, text: &str) -> (i32, Value) {
    let file = program.write("list.txt", text);
    let file = file.to_str().unwrap();
    program.answer(&["import", file, "--source", source, "--mode", "full", "--min-share", "0"])
}

/// 300 hosts published, of which the source keeps 10 in its next list: much fewer, so it is held.
fn held() -> Program {
    let program = Program::new();
    assert_eq!(import(&program, "feed", &hosts(0, 300)).0, 0);
    let (code, run) = import(&program, "feed", &hosts(0, 10));
    assert_eq!((code, &run["state"]), (HELD, &json!("held")), "{run}");
    program
}

fn entries(program: &Program) -> usize {
    program.plain().lines().count()
}

fn failed(program: &Program, args: &[&str]) -> (i32, String) {
    let output = program.output(args);
    (output.status.code().unwrap(), String::from_utf8(output.stderr).unwrap())
}

fn rules(reasons: &Value) -> Vec<&str> {
    reasons.as_array().unwrap().iter().map(|reason| reason["rule"].as_str().unwrap()).collect()
}

#[test]
fn what_is_held_is_shown_with_every_reason_and_goes_into_the_feed_when_it_is_approved() {
    let program = held();
    assert_eq!(entries(&program), 300);
    let shown = program.json(&["held", "show"]);
    assert_eq!(
        (&shown["state"], &shown["entries"], &shown["removed"]),
        (&json!("open"), &json!(10), &json!(290))
    );
    assert_eq!(rules(&shown["reasons"]), ["shrunk", "lost"]);
    assert_eq!(shown["removed_prefixes"].as_array().unwrap().len(), 290);
    let text = program.run(&["held", "show", "1"]);
    let hash = shown["candidate"].as_str().unwrap();
    assert!(text.contains(hash) && text.contains("less than 50 %"), "{text}");
    assert!(text.contains("- 8.8.0.10\n") && text.contains("- and 270 more"), "{text}");
    assert!(text.contains("blacklist held approve 1") && text.contains("runs out"), "{text}");
    let korean = program.run(&["held", "show", "--lang", "ko"]);
    assert!(korean.contains("줄었습니다"), "{korean}");

    let approve = ["held", "approve", "1", "--by", "kim", "--note", "checked"];
    let wrong = "0".repeat(64);
    let (code, error) = failed(&program, &[&approve[..], &["--candidate", &wrong]].concat());
    assert!(code == 3 && error.contains("has changed meanwhile"), "{code}: {error}");
    assert_eq!(entries(&program), 300);

    let approved = program.json(&approve);
    assert_eq!(approved["state"], "published", "{approved}");
    assert_eq!(entries(&program), 10);
    let row = &program.json(&["publication", "list"])[0];
    assert_eq!(
        (&row["origin"], &row["by"], &row["note"]),
        (&json!("approved"), &json!("kim"), &json!("checked"))
    );
    let over = program.json(&["held", "show", "1"]);
    assert_eq!(
        (&over["state"], &over["serial"], &over["next"]),
        (&json!("approved"), &row["serial"], &json!([]))
    );
    assert_eq!(failed(&program, &["held", "show"]).0, 1);
    assert_eq!(failed(&program, &["held", "approve", "1"]).0, 3);
    assert_eq!(failed(&program, &["held", "approve", "7"]).0, 1);
    let audit = program.json(&["audit", "list"]);
    assert_eq!((&audit[0]["action"], &audit[0]["by"]), (&json!("held.approve"), &json!("kim")));
    assert!(program.run(&["audit", "list"]).contains("held.approve"));
}

#[test]
fn without_a_hash_it_is_said_what_is_approved() {
    let program = held();
    let output = program.output(&["held", "approve", "1", "--by", "kim"]);
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.success() && said.contains("loses 290 of its 300"), "{said}");
    assert_eq!(entries(&program), 10);
}

#[test]
fn what_was_rejected_is_not_asked_about_again_and_the_list_stays() {
    let program = held();
    let rejected = program.json(&["held", "reject", "1", "--by", "lee", "--note", "cut off"]);
    assert_eq!((&rejected["state"], &rejected["decided_by"]), (&json!("rejected"), &json!("lee")));
    let (code, again) = program.answer(&["publish"]);
    assert_eq!((code, &again["state"]), (HELD, &json!("held")), "{again}");
    assert_eq!(entries(&program), 300);
    assert_eq!(program.json(&["held", "list"]).as_array().unwrap().len(), 1);
    assert!(program.run(&["held", "list"]).contains("rejected"));
    // Another candidate is another question.
    assert_eq!(import(&program, "feed", &hosts(0, 20)).0, HELD);
    assert_eq!(program.json(&["held", "show"])["id"], 2);
}

#[test]
fn force_is_for_what_does_not_wait_and_needs_a_note() {
    let program = held();
    assert_eq!(failed(&program, &["publish", "--force"]).0, 2);
    let force = ["publish", "--force", "--note", "the feed was cleaned", "--by", "kim"];
    let (code, error) = failed(&program, &force);
    assert!(code == 3 && error.contains("held candidate 1 waits"), "{code}: {error}");
    assert_eq!(entries(&program), 300);

    program.json(&["held", "reject", "1"]);
    let (code, tried) = program.answer(&["publish", "--dry-run"]);
    assert_eq!((code, rules(&tried["reasons"])), (HELD, vec!["shrunk", "lost"]));
    assert_eq!((&tried["entries"], tried["removed"].as_array().unwrap().len()), (&json!(10), 290));
    let (_, korean) = program.answer(&["publish", "--dry-run", "--lang", "ko"]);
    assert!(korean["held"][0].as_str().unwrap().contains("줄었습니다"), "{korean}");

    assert_eq!(program.json(&force)["state"], "published");
    assert_eq!(entries(&program), 10);
    let row = program.json(&["publication", "show"]);
    assert_eq!((&row["origin"], &row["note"]), (&json!("forced"), &json!("the feed was cleaned")));
    let audit = program.json(&["audit", "list"]);
    assert_eq!(audit[0]["action"], "publication.force");
    assert_eq!(rules(&audit[0]["after"]["reasons"]), ["shrunk", "lost"]);
}

#[test]
fn where_two_people_are_asked_for_one_is_not_enough() {
    let program = held();
    let (code, _) = program.answer(&["gate", "set", "second_person=on", "--by", "lead"]);
    assert_eq!(code, HELD, "what is held stays so");
    let approve = |by| program.answer(&["held", "approve", "1", "--by", by]);
    let (code, first) = approve("kim");
    assert_eq!((code, &first["state"]), (HELD, &json!("needs_second")));
    let (code, same) = approve("kim");
    assert_eq!((code, &same["state"]), (HELD, &json!("needs_second")), "the same person is no second one");
    assert_eq!(entries(&program), 300);
    let shown = program.run(&["held", "show"]);
    assert!(shown.contains("approved   by kim") && shown.contains("other than kim"), "{shown}");
    let (code, second) = approve("lee");
    assert_eq!((code, &second["state"]), (0, &json!("published")));
    assert_eq!(entries(&program), 10);

    // Nor does one person get past it by force.
    import(&program, "feed", &hosts(0, 300));
    program.json(&["held", "reject", program.json(&["held", "show"])["id"].to_string().as_str()]);
    let (code, error) = failed(&program, &["publish", "--force", "--note", "me alone"]);
    assert!(code == 3 && error.contains("two people"), "{code}: {error}");
    assert_eq!(entries(&program), 10);
}

#[test]
fn a_rollback_holds_the_list_while_imports_go_on_until_it_is_released() {
    let program = Program::new();
    import(&program, "feed", &hosts(0, 20));
    import(&program, "other", "9.9.9.8\n");
    assert_eq!(entries(&program), 21);
    let rollback = ["publication", "rollback", "1"];
    assert_eq!(failed(&program, &rollback).0, 2, "why is not said");
    let tried = program.json(&[&rollback[..], &["--dry-run"]].concat());
    assert_eq!(
        (&tried["removed"], &tried["added"], &tried["entries"]),
        (&json!(["9.9.9.8"]), &json!([]), &json!(20))
    );
    assert_eq!(program.json(&["publication", "show"])["serial"], 2, "it was only tried");
    assert_eq!(failed(&program, &["publication", "rollback", "9", "--note", "x"]).0, 1);

    let back = program.json(&[&rollback[..], &["--by", "kim", "--note", "other is wrong"]].concat());
    assert_eq!((&back["publication"]["serial"], &back["pinned"]["serial"]), (&json!(3), &json!(1)));
    assert_eq!(entries(&program), 20);

    let (code, run) = import(&program, "other", "9.9.9.8\n9.9.9.10\n");
    assert_eq!((code, &run["new"]), (HELD, &json!(1)), "{run}");
    assert_eq!(program.active("other"), 2);
    assert_eq!(entries(&program), 20);
    for command in [&["publication", "list"][..], &["publication", "show"], &["held", "list"], &["publish"]] {
        let (_, said) = failed(&program, command);
        assert!(said.contains("publication 1 was brought back"), "{command:?}: {said}");
    }
    let row = program.json(&["publication", "show"]);
    assert_eq!((&row["pinned"]["by"], &row["content_of"]), (&json!("kim"), &json!(1)));
    let (code, error) = failed(&program, &["publish", "--force", "--note", "x"]);
    assert!(code == 3 && error.contains("publication release"), "{code}: {error}");

    let tried = program.json(&["publication", "release", "--dry-run"]);
    assert_eq!(tried["added"], json!(["9.9.9.8", "9.9.9.10"]));
    assert_eq!(entries(&program), 20);
    assert_eq!(program.json(&["publication", "release", "--by", "kim"])["state"], "published");
    assert_eq!(entries(&program), 22);
    assert_eq!(program.json(&["publication", "show"])["pinned"], Value::Null);
    assert_eq!(failed(&program, &["publication", "release"]).0, 1);
    assert_eq!(failed(&program, &["publication", "release", "--dry-run"]).0, 1);
    let diff = program.json(&["publication", "diff", "3", "4"]);
    assert_eq!(diff["added"], json!(["9.9.9.8", "9.9.9.10"]));
}

#[test]
fn a_change_of_the_policy_does_what_its_dry_run_said() {
    let program = Program::new();
    import(&program, "a", &hosts(0, 30));
    import(&program, "b", &hosts(0, 25));
    let set = ["policy", "set", "min_sources=2"];
    let before = program.plain();
    let tried = program.json(&[&set[..], &["--dry-run"]].concat());
    assert_eq!((&tried["preview"]["entries"], &tried["preview"]["added"]), (&json!(25), &json!([])));
    assert_eq!(program.plain(), before);
    assert_eq!(program.json(&["policy", "show"])["settings"]["min_sources"], "off");

    let done = program.json(&[&set[..], &["--by", "kim", "--note", "two are surer"]].concat());
    assert_eq!(done["preview"], tried["preview"]);
    let row = &done["outcome"]["publication"];
    let diff = program.json(&["publication", "diff", "2", &row["serial"].to_string()]);
    assert_eq!(
        (&diff["added"], &diff["removed"]),
        (&tried["preview"]["added"], &tried["preview"]["removed"])
    );
    assert_eq!(entries(&program), 25);

    let trial = program.output(&["policy", "set", "trial=on", "--source", "b", "--dry-run"]);
    let text = String::from_utf8(trial.stdout).unwrap();
    assert!(text.starts_with("would add 0 and remove 25: 0 prefixes then\n  - 8.8.0.0\n"), "{text}");
    assert!(trial.status.code() == Some(HELD) && text.contains("would be held: the candidate lists nothing"));
    program.json(&["policy", "set", "end=detected+30d", "--source", "b"]);
    assert_eq!(program.json(&["policy", "show"])["policy"]["sources"]["b"]["end"], "detected+30d");
    assert!(program.run(&["policy", "show"]).contains("detected+30d"));
    program.json(&["policy", "reset", "--source", "b"]);
    assert_eq!(program.json(&["policy", "show"])["policy"]["sources"], json!({}));
    program.json(&["policy", "reset", "min_sources"]);
    assert_eq!(program.plain(), before);
    let audit = program.json(&["audit", "list"]);
    let by_kim = |row: &&Value| row["action"] == "policy.set" && row["by"] == "kim";
    assert!(
        audit.as_array().unwrap().iter().find(by_kim).is_some_and(|row| row["target"] == "policy"),
        "{audit}"
    );
}

#[test]
fn what_a_setting_may_not_be_is_refused_with_what_it_may_be() {
    let program = Program::new();
    import(&program, "a", "9.9.9.8\n");
    for (args, told) in [
        (&["policy", "set", "min_source=2"][..], "did you mean min_sources?"),
        (&["policy", "set", "trial=on"], "add --source NAME"),
        (&["policy", "set", "min_sources=2", "--source", "a"], "leave --source out"),
        (&["policy", "set", "min_sources=two"], "a whole number from 0 to 100, or off"),
        (&["policy", "set", "end=detected", "--source", "a"], "an end rule"),
        (&["policy", "set", "trial=on", "--source", "manual"], "people block by hand"),
        (&["gate", "set", "max_addded=1"], "did you mean max_added?"),
        (&["gate", "set", "widest_v4=4"], "from 8 to 32"),
        (&["publication", "history", "set", "least=1"], "from 2 to"),
        (&["publication", "at", "yesterday"], "RFC 3339"),
    ] {
        let (code, error) = failed(&program, args);
        assert!(code == 2 && error.contains(told), "{args:?}: {code}: {error}");
    }
    let kept = program.json(&["publication", "history", "set", "days=90", "least=500"]);
    assert_eq!(kept, json!({"days": 90, "least": 500}));
    assert_eq!(program.json(&["publication", "history", "show"]), kept);
    let settings = program.run(&["policy", "settings", "--lang", "ko"]);
    assert!(settings.contains("min_sources=off") && settings.contains("trial=off"), "{settings}");
}

#[test]
fn a_rule_that_is_off_is_said_and_lets_through_what_it_would_hold() {
    let program = held();
    let (code, _) = program.answer(&["gate", "set", "min_share=off"]);
    assert_eq!(code, HELD, "the other rule still objects");
    assert_eq!(rules(&program.json(&["held", "show"])["reasons"]), ["lost"]);
    let set = program.output(&["gate", "set", "max_removed=off", "--note", "the feed is cleaned up"]);
    let said = String::from_utf8(set.stderr).unwrap();
    assert!(set.status.success() && said.contains("RULE OFF: max_removed"), "{said}");
    assert_eq!(entries(&program), 10);
    assert!(program.run(&["gate", "show"]).contains("!! OFF !!"));
    assert_eq!(program.json(&["gate", "show"])["switched_off"], json!(["min_share", "max_removed"]));
    program.json(&["gate", "reset", "min_share"]);
    assert_eq!(program.json(&["gate", "reset"])["switched_off"], json!([]));
}

#[test]
fn a_past_moment_has_the_publication_that_was_live_then() {
    let program = Program::new();
    import(&program, "a", "9.9.9.8\n");
    let row = program.json(&["publication", "show"]);
    let at = row["published_at"].as_str().unwrap();
    assert_eq!(program.json(&["publication", "at", at])["serial"], 1);
    assert_eq!(program.json(&["publication", "at", "2999-12-31 09:30"])["serial"], 1);
    assert_eq!(failed(&program, &["publication", "at", "2001-01-01"]).0, 1);
}

#[test]
fn a_source_without_end_dates_gets_an_end_rule_and_others_do_not() {
    let program = Program::new();
    let added = program.json(&["source", "add", "secudium", "--kind", "secudium"]);
    assert_eq!(added["end"], "earlier(source,detected+90d)");
    assert!(program.run(&["source", "show", "secudium"]).contains("end=earlier(source,detected+90d)"));
    let told = program.run(&["source", "add", "second", "--kind", "secudium"]);
    assert!(told.contains("policy set end=RULE --source second"), "{told}");
    assert_eq!(program.json(&["source", "add", "regtech", "--kind", "regtech"])["end"], Value::Null);
    program.json(&["policy", "set", "end=detected+30d", "--source", "third"]);
    assert_eq!(program.json(&["source", "add", "third", "--kind", "secudium"])["end"], Value::Null);
    assert_eq!(program.json(&["source", "show", "third"])["policy"]["end"], "detected+30d");
}
