//! A directory into which files are dropped.

use std::fs;
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::path::Path;

use blocklist::Time;
use collect::Trouble;
use collect::fetch::directory::{Found, Outcome, Watch, fetch};
use collect::source::Kind;
use serde_json::json;
use tempfile::TempDir;

use super::bench::{Bench, content};
use crate::common::prefixes;
use crate::support::NOW;

struct Inbox {
    dir: TempDir,
    bench: Bench,
    watch: Watch,
}

impl Inbox {
    fn new(settings: &[(&str, &str)]) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let mut all = vec![("path", dir.path().to_str().unwrap())];
        all.extend(settings);
        let bench = Bench::new(Kind::Directory, &all);
        Self { dir, bench, watch: Watch::default() }
    }

    fn put(&self, name: &str, text: &str) {
        fs::write(self.dir.path().join(name), text).unwrap();
    }

    /// What a scan finds so many seconds after the first.
    fn at(&mut self, seconds: i64) -> Option<Found> {
        self.watch.scan(&self.bench.settings, Time::from_unix(NOW + seconds)).unwrap()
    }

    fn found_at(&mut self, seconds: i64) -> Option<String> {
        self.at(seconds).map(|found| found.name())
    }

    /// The first file when all have come to rest.
    fn found(&mut self) -> Found {
        self.at(0);
        self.at(5).unwrap()
    }

    fn names(&self, under: &str) -> Vec<String> {
        let mut names: Vec<_> = fs::read_dir(self.dir.path().join(under))
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }
}

fn settle(found: &Found, outcome: Outcome) -> Option<String> {
    let to = found.settle(outcome, &json!({"state": "done"}), Time::from_unix(NOW)).unwrap();
    to.map(|to| to.file_name().unwrap().to_str().unwrap().to_owned())
}

#[test]
fn a_file_is_taken_when_it_has_come_to_rest() {
    let mut inbox = Inbox::new(&[("settle", "5s")]);
    inbox.put("list.txt", "1.1.1.1\n");
    assert_eq!(inbox.found_at(0), None);
    assert_eq!(inbox.found_at(4), None);
    // Still being written.
    inbox.put("list.txt", "1.1.1.1\n1.1.1.2\n");
    assert_eq!(inbox.found_at(5), None);
    assert_eq!(inbox.found_at(9), None);
    assert_eq!(inbox.found_at(10).as_deref(), Some("list.txt"));
}

#[test]
fn another_file_of_the_same_name_and_size_has_to_rest_as_well() {
    let mut inbox = Inbox::new(&[]);
    inbox.put("list.txt", "1.1.1.1\n");
    inbox.at(0);
    inbox.put("new", "2.2.2.2\n");
    let path = |name| inbox.dir.path().join(name);
    fs::rename(path("new"), path("list.txt")).unwrap();
    assert_eq!(inbox.found_at(5), None);
    assert_eq!(inbox.found_at(10).as_deref(), Some("list.txt"));
}

#[test]
fn only_whole_regular_files_of_the_pattern_are_taken_in_the_order_of_names() {
    let mut inbox = Inbox::new(&[("pattern", "*.c?v*")]);
    for name in ["b.csv", "a.csv", ".a.csv", "a.csv.part", "a.csv.TMP", "a.csv.crdownload", "a.txt"] {
        inbox.put(name, "1.1.1.1\n");
    }
    for dir in ["0.csv", "done", "refused"] {
        fs::create_dir(inbox.dir.path().join(dir)).unwrap();
    }
    inbox.put("done/0.csv", "1.1.1.1\n");
    symlink(inbox.dir.path().join("a.txt"), inbox.dir.path().join("00.csv")).unwrap();
    let pipe = std::process::Command::new("mkfifo").arg(inbox.dir.path().join("000.csv")).status().unwrap();
    assert!(pipe.success());
    inbox.at(0);
    for name in ["a.csv", "b.csv"] {
        let found = inbox.at(5).unwrap();
        assert_eq!(found.name(), name);
        settle(&found, Outcome::Done).unwrap();
    }
    assert_eq!(inbox.found_at(10), None);
}

#[tokio::test]
async fn a_file_is_read_and_the_same_file_has_the_same_key() {
    let mut inbox = Inbox::new(&[("reason", "by hand")]);
    inbox.put("a.txt", "1.1.1.1\n");
    inbox.put("b.txt", "1.1.1.1\n");
    let found = inbox.found();
    let a = content(fetch(&inbox.bench.ask(), &found).await);
    assert_eq!((prefixes(&a.parsed), a.input.as_str()), (vec!["1.1.1.1".to_owned()], "a.txt"));
    settle(&found, Outcome::Done);
    let found = inbox.found();
    let b = content(fetch(&inbox.bench.ask(), &found).await);
    assert_eq!(a.input_key, b.input_key);
}

#[test]
fn a_settled_file_lies_beside_its_report() {
    let mut inbox = Inbox::new(&[]);
    inbox.put("a.txt", "1.1.1.1\n");
    let found = inbox.found();
    assert_eq!(settle(&found, Outcome::Refused).as_deref(), Some("a.txt"));
    assert_eq!(inbox.names("refused"), ["a.txt", "a.txt.report.json"]);
    assert_eq!(inbox.names(""), ["refused"]);
    let read = |name: &str| fs::read_to_string(inbox.dir.path().join("refused").join(name)).unwrap();
    assert_eq!(read("a.txt"), "1.1.1.1\n");
    assert!(read("a.txt.report.json").contains("\"state\": \"done\""));
    let mode = |name: &str| fs::metadata(inbox.dir.path().join(name)).unwrap().permissions().mode() & 0o7777;
    assert_eq!((mode("refused/a.txt"), mode("refused/a.txt.report.json")), (0o640, 0o640));
    assert_eq!(mode("refused") & 0o007, 0);
}

#[test]
fn a_second_file_of_a_name_overwrites_nothing() {
    let mut inbox = Inbox::new(&[]);
    let mut names = Vec::new();
    for text in ["1.1.1.1\n", "1.1.1.2\n", "1.1.1.3\n"] {
        inbox.put("a.txt", text);
        inbox.watch = Watch::default();
        let found = inbox.found();
        names.push(settle(&found, Outcome::Done).unwrap());
    }
    assert_eq!(names, ["a.txt", "a.txt.20231114T221320Z", "a.txt.20231114T221320Z-2"]);
    let texts: Vec<_> = names
        .iter()
        .map(|name| fs::read_to_string(inbox.dir.path().join("done").join(name)).unwrap())
        .collect();
    assert_eq!(texts, ["1.1.1.1\n", "1.1.1.2\n", "1.1.1.3\n"]);
}

#[test]
fn a_name_as_long_as_the_system_takes_is_settled() {
    let mut inbox = Inbox::new(&[]);
    inbox.put(&"가".repeat(85), "1.1.1.1\n");
    let found = inbox.found();
    assert!(settle(&found, Outcome::Done).unwrap().ends_with("가.20231114T221320Z"));
}

#[tokio::test]
async fn a_file_that_changes_or_goes_before_it_is_read_is_not_taken() {
    type Swap = fn(&Path);
    let swaps: [(Swap, Trouble); 4] = [
        (|path| fs::write(path, "2.2.2.2\n2.2.2.3\n").unwrap(), Trouble::BrokenOff),
        (|path| fs::remove_file(path).unwrap(), Trouble::Unreadable),
        (
            |path| {
                fs::remove_file(path).unwrap();
                symlink("/etc/hosts", path).unwrap();
            },
            Trouble::BrokenOff,
        ),
        (
            |path| {
                fs::remove_file(path).unwrap();
                fs::create_dir(path).unwrap();
            },
            Trouble::BrokenOff,
        ),
    ];
    for (swap, trouble) in swaps {
        let mut inbox = Inbox::new(&[]);
        inbox.put("a.txt", "1.1.1.1\n");
        let found = inbox.found();
        swap(found.path());
        let error = fetch(&inbox.bench.ask(), &found).await.unwrap_err();
        assert_eq!(error.trouble, trouble);
        assert!(error.detail.contains("a.txt"), "{error}");
    }
}

#[test]
fn a_file_that_came_after_the_run_is_not_moved_away_unread() {
    let mut inbox = Inbox::new(&[]);
    inbox.put("a.txt", "1.1.1.1\n");
    let found = inbox.found();
    inbox.put("a.txt", "1.1.1.1\n1.1.1.2\n");
    assert_eq!(settle(&found, Outcome::Done), None);
    assert_eq!(inbox.names(""), ["a.txt"]);
}

#[tokio::test]
async fn what_no_parser_reads_is_refused_by_its_cause() {
    let mut inbox = Inbox::new(&[]);
    inbox.put("a.txt", "%PDF-1.7");
    let found = inbox.found();
    let error = fetch(&inbox.bench.ask(), &found).await.unwrap_err();
    assert_eq!(error.trouble, Trouble::Unreadable);
}

#[test]
fn a_directory_that_cannot_be_used_is_named() {
    let mut inbox = Inbox::new(&[]);
    inbox.put("a.txt", "1.1.1.1\n");
    inbox.put("done", "no directory");
    let found = inbox.found();
    let error = found.settle(Outcome::Done, &json!({}), Time::from_unix(NOW)).unwrap_err();
    assert_eq!(error.trouble, Trouble::Local);
    assert!(error.detail.contains("a.txt") && inbox.names("") == ["a.txt", "done"], "{error}");

    inbox.bench.settings.path = Some("/nowhere/at/all".into());
    let error = inbox.watch.scan(&inbox.bench.settings, Time::from_unix(NOW)).unwrap_err();
    assert_eq!(error.trouble, Trouble::Unreadable);
    assert!(error.detail.contains("/nowhere/at/all"), "{error}");
}
