//! `aggregate` needs no database: lists in, one merged list out.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests only")]

mod support;

use std::io::Write;
use std::process::Stdio;

use support::program::Program;

#[test]
fn lists_are_merged_in_order_without_what_is_excluded() {
    let program = Program::new();
    let a = program.write("a.txt", "5.0.0.128/25\n5.0.0.0/25\n2a00::1\n10.0.0.1\nnonsense\n");
    let b = program.write("b.txt", "5.0.1.0/24 # joins\n2a00::\n");
    let out = program.write("out.txt", "5.0.1.128/25\n");
    let (a, b, out) = (a.to_str().unwrap(), b.to_str().unwrap(), out.to_str().unwrap());
    assert_eq!(program.run(&["aggregate", a, b]), "5.0.0.0/23\n10.0.0.1\n2a00::/127\n");
    assert_eq!(
        program.run(&["aggregate", a, b, "--public-only", "--exclude", out]),
        "5.0.0.0/24\n5.0.1.0/25\n2a00::/127\n"
    );
    assert_eq!(program.run(&["aggregate", a, "--ranges"]), "5.0.0.0-5.0.0.255\n10.0.0.1\n2a00::1\n");
    let answer = program.json(&["aggregate", a, b]);
    assert_eq!(answer["entries"].as_array().unwrap().len(), 3);
    assert_eq!(answer["lists"]["refusals"][0]["examples"][0]["text"], "nonsense");
    assert!(!program.data().exists());
}

#[test]
fn standard_input_is_read_when_no_file_is_named() {
    let program = Program::new();
    let mut child =
        program.command(&["aggregate"]).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(b"7.0.0.0-7.0.0.3\r\n7.0.0.4\n").unwrap();
    assert_eq!(child.wait_with_output().unwrap().stdout, b"7.0.0.0/30\n7.0.0.4\n");
}

#[test]
fn what_is_no_list_ends_the_command_and_writes_nothing() {
    let program = Program::new();
    let good = program.write("good.txt", "7.7.7.7\n");
    let page = program.write("page.txt", "\n<!DOCTYPE html><html>7.7.7.7</html>");
    let output = program.output(&["aggregate", good.to_str().unwrap(), page.to_str().unwrap()]);
    assert_eq!((output.status.code(), output.stdout.len()), (Some(3), 0));
    assert!(String::from_utf8_lossy(&output.stderr).contains("web page"));
    assert_eq!(program.output(&["aggregate", "/nonexistent"]).status.code(), Some(3));
    assert_eq!(program.output(&["aggregate", "-", "-"]).status.code(), Some(2));
}
