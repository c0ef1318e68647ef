//! What the project does for itself: `cargo run --release -p xtask -- COMMAND`.
//!
//! | command | what |
//! |---|---|
//! | `bench [NAME..]` | measures us and our peers in turns on the same data |
//! | `aggregate FILE..` | merges lists to stdout: the library alone, for `bench` to measure as a process |
//! | `collect-workbook FILE ROWS` | collects a workbook once, for `bench` to measure its memory in a fresh process |
//! | `peer-axum [DIR]` | a bare axum server with one tiny answer, or with files, for `bench` to measure beside ours |
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a tool for the terminal")]

mod aggregate;
mod bench;
mod peer_axum;

use std::process::ExitCode;

/// A command: its name, and what runs it with the arguments that follow.
type Command = (&'static str, fn(&[String]) -> anyhow::Result<()>);

/// All commands.
const COMMANDS: [Command; 4] = [
    ("bench", bench::run),
    ("aggregate", aggregate::run),
    (bench::collect::COMMAND, bench::collect::once),
    ("peer-axum", peer_axum::run),
];

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let command = arguments.split_first().and_then(|(name, rest)| {
        COMMANDS.iter().find(|(known, _)| known == name).map(|(_, command)| (command, rest))
    });
    let Some((command, rest)) = command else {
        let names: Vec<_> = COMMANDS.iter().map(|(name, _)| *name).collect();
        eprintln!("usage: xtask {}", names.join("|"));
        return ExitCode::from(2);
    };
    match command(rest) {
        Ok(()) => ExitCode::SUCCESS,
        Err(cause) => {
            eprintln!("error: {cause:#}");
            ExitCode::from(3)
        }
    }
}
