//! Each command as a person types it: its answer as text and as JSON, its exit code, its file.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests only")]

mod support;

use serde_json::Value;
use support::program::Program;

/// A program that has published two sources, in two publications.
fn filled() -> Program {
    let program = Program::new();
    program.import(&program.write("a.txt", "8.8.5.5\n1.1.2.0/24\n2a00::/32\n"), "a");
    program.import(&program.write("b.csv", "ip,reason,country\n1.1.2.7,scan,KR\n9.9.9.7,=cmd(),US\n"), "b");
    program
}

fn exit(program: &Program, args: &[&str]) -> (i32, String, String) {
    let output = program.output(args);
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}

#[test]
fn check_names_every_source_and_answers_by_its_exit_code() {
    let program = filled();
    let (code, text, _) = exit(&program, &["check", "1.1.2.7"]);
    assert_eq!(code, 0);
    assert!(text.contains("1.1.2.7 by b, scan, KR") && text.contains("1.1.2.0/24 by a"), "{text}");
    let (code, text, _) = exit(&program, &["check", "8.8.5.5", "7.7.7.7"]);
    assert_eq!(code, 1);
    assert!(text.contains("7.7.7.7 is not listed"), "{text}");
    let one = program.json(&["check", "1.1.2.0/25"]);
    assert_eq!((&one["listed"], &one["prefix"]), (&Value::Bool(true), &Value::from("1.1.2.0/24")));

    let file = program.write("ask.txt", "8.8.5.5\n\n2a00::5 # ours\n");
    let many = program.json(&["check", "--file", file.to_str().unwrap()]);
    assert_eq!(many.as_array().unwrap().len(), 2);
    let bad = program.write("bad.txt", "8.8.5.5\nnonsense\n");
    let (code, _, error) = exit(&program, &["check", "--file", bad.to_str().unwrap()]);
    assert_eq!(code, 2);
    assert!(error.contains("line 2"), "{error}");
}

#[test]
fn publications_are_listed_shown_and_compared() {
    let program = filled();
    let list = program.json(&["publication", "list"]);
    let serials: Vec<u64> =
        list.as_array().unwrap().iter().map(|row| row["serial"].as_u64().unwrap()).collect();
    assert_eq!(serials, [2, 1]);
    assert_eq!(list[0]["added"], 2);
    assert_eq!(program.json(&["publication", "show"])["serial"], 2);
    assert_eq!(program.json(&["publication", "show", "1"])["entries"], 3);
    assert!(program.run(&["publication", "show", "1"]).contains("entries    3"));
    assert!(program.run(&["publication", "list"]).contains("serial"));

    let diff = program.json(&["publication", "diff", "1", "2"]);
    assert_eq!(diff["added"], serde_json::json!(["1.1.2.7", "9.9.9.7"]));
    assert_eq!(program.run(&["publication", "diff", "2", "1"]), "-1.1.2.7\n-9.9.9.7\n");
    assert_eq!(exit(&program, &["publication", "show", "9"]).0, 1);
    assert_eq!(exit(&program, &["publication", "diff", "1", "9"]).0, 1);
}

#[test]
fn export_writes_a_whole_file_or_says_why_not() {
    let program = filled();
    let path = program.path("feed.csv");
    let written = program.json(&["export", "--format", "csv", "-o", path.to_str().unwrap()]);
    assert_eq!((&written["entries"], &written["serial"]), (&Value::from(4), &Value::from(2)));
    let csv = std::fs::read_to_string(&path).unwrap();
    assert!(csv.starts_with("prefix,family") && csv.contains("'=cmd()"), "{csv}");
    assert!(
        program.run(&["export", "--format", "plain", "-o", path.to_str().unwrap()]).contains("wrote 4 of 4")
    );

    assert_eq!(program.run(&["export", "--format", "plain", "--family", "6"]), "2a00::/32\n");
    assert_eq!(program.run(&["export", "--format", "plain", "--limit", "1", "--page", "2"]), "8.8.5.5\n");
    assert!(program.run(&["export", "--format", "plain", "--comments"]).starts_with('#'));
    assert_eq!(program.run(&["export", "--format", "plain", "--merge", "--family", "4"]).lines().count(), 3);
    for (args, code, why) in [
        (&["export", "--format", "nosuch"][..], 2, "nftables"),
        (&["export", "--format", "plain", "--feed", "x"], 2, "default"),
        (&["export", "--format", "csv", "--merge"], 2, "merge"),
        (&["export", "--format", "plain", "-o", "/nonexistent/dir/x"], 3, "/nonexistent/dir/x"),
    ] {
        let (got, _, error) = exit(&program, args);
        assert_eq!(got, code, "{args:?}: {error}");
        assert!(error.contains(why), "{args:?}: {error}");
    }
}

#[test]
fn sources_show_their_runs_and_what_those_refused() {
    let program = filled();
    let file = program.write("c.txt", "5.5.5.5\n300.1.1.1\n10.0.0.1\n");
    let (code, text, _) = exit(&program, &["import", file.to_str().unwrap(), "--source", "c"]);
    assert_eq!(code, 0);
    assert!(text.contains("over 255") && text.contains("line 2: 300.1.1.1"), "{text}");
    let text = program.run(&["source", "show", "c"]);
    assert!(text.contains("octet_over_255") && text.contains("special_space"), "{text}");
    let shown = program.json(&["source", "show", "c"]);
    assert_eq!((&shown["active"], &shown["refused_rows"][0]["line"]), (&Value::from(1), &Value::from(2)));
    assert_eq!(program.json(&["source", "list"]).as_array().unwrap().len(), 3);
    assert!(program.run(&["source", "list"]).contains("withdrawn"));
    assert_eq!(exit(&program, &["source", "show", "nosuch"]).0, 1);
}

#[test]
fn a_dry_run_of_an_import_leaves_no_run() {
    let program = filled();
    let file = program.write("d.txt", "8.8.5.5\n4.4.4.4\nx\n");
    let args = ["import", file.to_str().unwrap(), "--source", "a", "--mode", "full", "--dry-run"];
    let dry = program.json(&args);
    assert_eq!(
        (&dry["new"], &dry["withdrawn"], &dry["run"]),
        (&Value::from(1), &Value::from(2), &Value::Null)
    );
    assert!(program.run(&args).contains("would take 2 of 3 rows"));
    assert_eq!(program.runs(), 2);
    let preview = program.json(&["publish", "--dry-run"]);
    assert_eq!(preview["added"].as_array().unwrap().len(), 0);
    assert!(program.run(&["publish", "--dry-run"]).contains("would add 0 and remove 0"));
    let nowhere = Program::new();
    assert!(nowhere.run(&args).contains("would take 2 of 3 rows"));
    assert!(!nowhere.data().exists());
    assert_eq!(program.json(&["publish"])["state"], "unchanged");
    assert!(program.run(&["publish"]).contains("publication 2"));
}

#[test]
fn an_import_that_is_not_believed_says_why_and_what_to_do() {
    let program = filled();
    let file = program.write("less.txt", "8.8.5.5\n");
    let path = file.to_str().unwrap();
    let (code, out, error) = exit(&program, &["import", path, "--source", "a", "--mode", "full", "--json"]);
    assert_eq!(code, 3);
    assert_eq!(serde_json::from_str::<Value>(&out).unwrap()["state"], "refused");
    assert!(error.contains("where there were 3") && error.contains("--min-share"), "{error}");
    assert_eq!(exit(&program, &["import", path, "--source", "a", "--mode", "full", "--min-share", "0"]).0, 0);
    let bad = program.write("bad.txt", "192.0.2.1\n10.0.0.1\n300.1.1.1\n");
    let (code, _, error) = exit(&program, &["import", bad.to_str().unwrap(), "--source", "another"]);
    assert_eq!(code, 3);
    assert!(error.contains("none of the 3 rows") && error.contains("line 1: 192.0.2.1"), "{error}");
    let table = program.write("t.txt", "4.4.4.4;scan\n5.5.5.5;worm\n");
    let args = ["import", table.to_str().unwrap(), "--source", "t", "--column", "address=1"];
    let (code, _, error) = exit(&program, &args);
    assert_eq!(code, 2);
    assert!(error.contains("--parser csv"), "{error}");
    for args in [
        &["import", path, "--source", "Not A Name"][..],
        &["import", path, "--source", "a", "--min-share", "7"],
        &["import", path, "--source", "a", "--column", "color=red"],
        &["import", path, "--source", "a", "--column", "address"],
        &["import", path, "--source", "a", "--parser", "nosuch"],
        &["import", "/", "--source", "a"],
    ] {
        assert_eq!(exit(&program, args).0, 2, "{args:?}");
    }
}

#[test]
fn standard_input_and_named_columns_are_read() {
    use std::io::Write;
    let program = Program::new();
    let args = [
        "import",
        "-",
        "--source",
        "s",
        "--parser",
        "csv",
        "--column",
        "address=2",
        "--column",
        "reason=1",
        "--json",
    ];
    let mut child = program
        .command(&args)
        .stdin(std::process::Stdio::piped())
        .stdout(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(b"scan,8.8.5.5\nworm,9.9.9.7\n").unwrap();
    let output = child.wait_with_output().unwrap();
    let run: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(run["new"], 2, "{run}");
    assert_eq!(program.json(&["check", "9.9.9.7"])["listings"][0]["reason"], "worm");

    let file = program.write("x.json", r#"{"data":{"bad":[{"ip":"7.7.7.7"}]}}"#);
    program.run(&["import", file.to_str().unwrap(), "--source", "j", "--items", "data.bad"]);
    assert!(program.plain().contains("7.7.7.7"));
}

#[test]
fn what_reads_only_leaves_nothing_behind_where_nothing_is() {
    let program = Program::new();
    for args in [
        &["check", "8.8.8.8"][..],
        &["export", "--format", "plain"],
        &["publish"],
        &["publication", "list"],
        &["source", "list"],
        &["db", "status"],
        &["import", "/nonexistent", "--source", "x"],
    ] {
        let (code, _, error) = exit(&program, args);
        assert_eq!(code, 3, "{args:?}: {error}");
        assert!(error.contains("error:"), "{args:?}: {error}");
        assert!(!program.data().exists(), "{args:?}");
    }
}

#[test]
fn help_is_there_for_every_command_in_both_languages() {
    let program = Program::new();
    for command in [
        "serve",
        "import",
        "publish",
        "publication",
        "export",
        "check",
        "aggregate",
        "source",
        "db",
        "config",
        "healthcheck",
    ] {
        assert!(program.run(&[command, "--help"]).contains("Usage"), "{command}");
        assert!(program.run(&["--lang", "ko", command, "--help"]).contains("사용법"), "{command}");
    }
    assert!(program.run(&["--version"]).starts_with("blacklist "));
    let (code, _, error) = exit(&program, &["chekc"]);
    assert_eq!(code, 2);
    assert!(error.contains("check"), "{error}");
}
