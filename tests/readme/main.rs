//! The manuals say what the program does: their commands run, their two languages match, their links lead somewhere, and no
//! cause, format, parser, route or metric is missing from them. The web servers that they set up let no stranger in ([`web_server`]).
//!
//! A block marked `sh run` is executed. All such blocks of a page are one shell session in an empty directory that holds only
//! `examples`, so that a page reads, and runs, from top to bottom. The port of the manuals is exchanged for a free one.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stderr, reason = "a test")]

mod page;
#[path = "../support/mod.rs"]
mod support;
mod web_server;

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::net::TcpListener;
use std::os::unix::fs::symlink;
use std::path::Path;
use std::process::{Command, Stdio};

use page::{ADDRESS, LANGUAGES, Page, all_pages, pages, read, root};
use support::program::Program;
use support::server::Server;

/// The pages that are meant to be typed along.
const RUNNABLE: [&str; 11] = [
    "quick-start.md",
    "collecting.md",
    "importing.md",
    "operations.md",
    "publishing.md",
    "protecting.md",
    "blocking-by-hand.md",
    "feeds-and-consumers.md",
    "why.md",
    "tls-and-proxies.md",
    "accounts.md",
];
/// What stands before the blocks of a page: the first command that fails ends it and is named, and no server outlives it.
const PROLOGUE: &str = "set -Eeuo pipefail\n\
    trap 'echo \"the block of line $block fails at: $BASH_COMMAND\" >&2' ERR\n\
    trap 'kill $(jobs -p) 2>/dev/null || true; wait' EXIT\n";

#[test]
fn the_commands_of_the_manuals_run() {
    for (tool, argument) in [("curl", "--version"), ("openssl", "version")] {
        if !support::works(tool, &[argument]) {
            return support::skip("the_commands_of_the_manuals_run", &format!("{tool} is missing"));
        }
    }
    for language in LANGUAGES {
        for name in RUNNABLE {
            let path = format!("docs/{language}/{name}");
            let (page, lines) = Page::parse(&read(&path));
            let mut script = PROLOGUE.to_owned();
            let mut count = 0;
            for (block, line) in page.blocks.iter().zip(lines) {
                if block.info == "sh run" {
                    writeln!(script, "block={line}\n{}", block.text).unwrap();
                    count += 1;
                }
            }
            assert!(count > 0, "{path} has no block marked `sh run`");
            run(&path, &script);
        }
    }
}

fn run(path: &str, script: &str) {
    let dir = tempfile::tempdir().unwrap();
    symlink(root().join("examples"), dir.path().join("examples")).unwrap();
    let free = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().to_string();
    let beside = Path::new(env!("CARGO_BIN_EXE_blacklist")).parent().unwrap();
    let search = format!("{}:{}", beside.display(), std::env::var("PATH").unwrap());
    let mut command = Command::new("timeout");
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("BLACKLIST_") {
            command.env_remove(name);
        }
    }
    let output = command
        .args(["120", "bash", "-c", &script.replace(ADDRESS, &free)])
        .current_dir(dir.path())
        .env("PATH", search)
        .env("LC_ALL", "C.UTF-8")
        .stdin(Stdio::null())
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{path}: {}\n{}{}",
        output.status,
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
}

#[test]
fn both_languages_have_the_same_pages_headings_and_blocks() {
    assert_eq!(pages("en"), pages("ko"));
    let manual = pages("en").into_iter().map(|page| (format!("docs/en/{page}"), format!("docs/ko/{page}")));
    for (english, korean) in manual.chain([("README.md".to_owned(), "README.ko.md".to_owned())]) {
        let (one, _) = Page::parse(&read(&english));
        let (other, _) = Page::parse(&read(&korean));
        assert_eq!(one.headings(), other.headings(), "headings of {english} and {korean}");
        assert_eq!(one.blocks, other.blocks, "blocks of {english} and {korean}");
        assert!(!other.prose.is_ascii(), "{korean} is not in Korean");
    }
    let other = |text: &str| text.lines().next().unwrap().to_owned();
    assert!(other(&read("README.md")).contains("](README.ko.md)"));
    assert!(other(&read("README.ko.md")).contains("](README.md)"));
}

#[test]
fn every_relative_link_leads_to_a_file() {
    for path in all_pages() {
        let (page, _) = Page::parse(&read(&path));
        let at = root().join(&path);
        for link in page.links() {
            let target = link.split('#').next().unwrap();
            if link.contains("://") || target.is_empty() {
                continue;
            }
            assert!(at.with_file_name("").join(target).exists(), "{path} links to {link}");
        }
    }
}

#[test]
fn every_page_of_a_manual_is_reached_from_its_index() {
    for language in LANGUAGES {
        let (index, _) = Page::parse(&read(&format!("docs/{language}/index.md")));
        let linked: BTreeSet<&str> = index.links().collect();
        for page in pages(language).iter().filter(|page| *page != "index.md") {
            assert!(linked.contains(page.as_str()), "docs/{language}/index.md does not link {page}");
        }
    }
}

/// That a page of both manuals names each of these, as code.
fn stand_in(page: &str, names: impl Iterator<Item = String>) {
    let names: Vec<String> = names.collect();
    assert!(!names.is_empty());
    for language in LANGUAGES {
        let text = read(&format!("docs/{language}/{page}"));
        for name in &names {
            assert!(text.contains(&format!("`{name}`")), "docs/{language}/{page} does not name `{name}`");
        }
    }
}

#[test]
fn every_cause_of_refusal_is_explained() {
    stand_in("importing.md", blocklist::Cause::all().map(|cause| cause.id().to_owned()));
}

#[test]
fn every_parser_is_explained() {
    stand_in("importing.md", collect::PARSERS.iter().map(|parser| parser.name.to_owned()));
}

#[test]
fn every_cause_of_a_run_that_took_nothing_is_explained() {
    stand_in("portal-states.md", collect::TROUBLES.iter().map(|info| info.id.to_owned()));
}

#[test]
fn every_kind_setting_and_template_of_sources_is_explained() {
    use collect::{catalogue::TEMPLATES, source::KINDS, source::SETTINGS};
    let kinds = KINDS.iter().map(|info| info.name);
    let names =
        kinds.chain(SETTINGS.iter().map(|setting| setting.name)).chain(TEMPLATES.iter().map(|it| it.id));
    stand_in("source-settings.md", names.map(str::to_owned));
    stand_in(
        "collecting.md",
        KINDS.iter().filter(|info| info.kind.is_fetched()).map(|info| info.name.to_owned()),
    );
}

#[test]
fn every_format_is_explained() {
    stand_in("feeds.md", formats::FORMATS.iter().map(|format| format.name.to_owned()));
}

#[test]
fn every_rule_of_the_gate_and_every_key_is_explained() {
    use blocklist::{consumer, feed, gate, policy};
    let keys = policy::SETTINGS.iter().map(|it| it.key);
    let keys = keys.chain(policy::SOURCE_SETTINGS.iter().map(|it| it.key));
    let keys = keys.chain(gate::SETTINGS.iter().map(|it| it.key)).chain(gate::RULES.iter().map(|it| it.id));
    let keys = keys.chain(feed::SETTINGS.iter().map(|it| it.key));
    let keys = keys.chain(consumer::SETTINGS.iter().map(|it| it.key));
    let keys = keys.chain(consumer::Vendor::ALL.iter().map(|it| it.as_str()));
    stand_in("rules.md", keys.map(str::to_owned));
    // What a reason means and what to do about it is written by hand.
    stand_in("publishing.md", gate::RULES.iter().map(|rule| rule.id.to_owned()));
}

#[test]
fn every_word_for_what_is_protected_held_and_published_is_explained() {
    let kinds = blocklist::policy::GuardKind::ALL.map(blocklist::policy::GuardKind::as_str);
    let states = store::HeldState::ALL.map(store::HeldState::as_str);
    let origins = store::Origin::ALL.map(store::Origin::as_str);
    let words = kinds.into_iter().chain(states).chain(origins);
    stand_in("rules.md", words.map(str::to_owned));
}

#[test]
fn every_command_is_explained() {
    // The page of commands is made from the help; here it is compared with what the built program says itself.
    let program = Program::new();
    for language in LANGUAGES {
        let help = program.run(&["--help", "--lang", language]);
        let page = read(&format!("docs/{language}/commands.md"));
        let indented = help.lines().filter(|line| line.starts_with("  ") && !line.starts_with("   "));
        let commands: Vec<&str> = indented
            .filter_map(|line| line.split_whitespace().next())
            .filter(|word| !word.starts_with('-'))
            .collect();
        assert!(commands.contains(&"serve"), "{help}");
        for command in commands.into_iter().filter(|word| !["blacklist", "help"].contains(word)) {
            assert!(
                page.contains(&format!("`blacklist {command}`")),
                "docs/{language}/commands.md lacks {command}"
            );
        }
    }
}

#[test]
fn every_route_is_explained() {
    stand_in("api.md", server::document().paths.paths.into_keys());
}

#[test]
fn every_metric_of_a_running_server_is_explained() {
    let program = Program::new();
    program.import(&program.write("list.txt", "1.2.3.4\n"), "one");
    let server = Server::start(&program);
    server.get("/feeds/default/plain");
    let answer = server.get("/metrics");
    let kinds = answer.text().lines().filter_map(|line| line.strip_prefix("# TYPE "));
    stand_in("api.md", kinds.map(|line| line.split(' ').next().unwrap().to_owned()));
}
