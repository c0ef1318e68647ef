//! The pages as people see them: a real Chromium on a running server. What a way does stands in `tests/browser/ways/NAME.mjs`;
//! what is there before it begins, here.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests only")]

#[path = "support/browser.rs"]
mod browser;
#[path = "support/portals.rs"]
mod portals;
mod support;

use browser::{PASSWORD, add_user, is_there, walk};
use portal_sim::Portal;
use portals::{Portals, USER};
use serde_json::{Value, json};
use support::program::Program;
use support::server::Server;

fn serve(program: &Program) -> Server {
    Server::start_with(program, &[], "log")
}

/// A list of so many hosts, from `8.8.0.0` on.
fn hosts(count: usize) -> String {
    (0..count).map(|n| format!("8.8.{}.{}\n", n / 256, n % 256)).collect::<Vec<_>>().concat()
}

/// Imports a list as the whole of a source; the exit code says whether it was held.
fn import(program: &Program, source: &str, text: &str) -> i32 {
    let file = program.write("list.txt", text);
    program
        .answer(&["import", file.to_str().unwrap(), "--source", source, "--mode", "full", "--min-share", "0"])
        .0
}

/// A small list and two people.
fn quiet() -> Program {
    let program = Program::new();
    add_user(&program, "admin", "admin");
    add_user(&program, "kim", "operator");
    assert_eq!(import(&program, "few", "9.9.0.1\n9.9.0.2\n"), 0);
    program
}

/// A firm in the middle of its work: portals that were collected, lists, a held candidate, devices, accounts.
fn busy(portals: &Portals) -> Program {
    let program = quiet();
    portals.add(&program, portals::PASSWORD);
    let url = format!("url={}", portals.sim.url(Portal::Secudium));
    program.run(&["source", "add", "secudium", "--kind", "secudium", &url]);
    let set = ["credential", "set", "secudium", "--username", USER, "--file", "-"];
    assert!(program.given(&format!("{}\n", portals::PASSWORD), &set).status.success());
    assert_eq!(program.answer(&["collect"]).0, 0);
    let examples = concat!(env!("CARGO_MANIFEST_DIR"), "/../../examples/feeds");
    for (file, source) in [("table.csv", "example-csv"), ("feed.json", "example-json")] {
        program.run(&["import", &format!("{examples}/{file}"), "--source", source]);
    }
    program.run(&["own", "add", "203.0.113.0/24", "--note", "the firm's own"]);
    program.run(&["allow", "add", "8.8.0.7", "--reason", "a partner", "--owner", "kim"]);
    assert_eq!(import(&program, "list", &hosts(300)), 0);
    program.run(&["feed", "add", "branch"]);
    program.run(&["consumer", "add", "fw-1", "vendor=fortigate", "feed=default"]);
    program.run(&["token", "add", "siem", "--user", "kim", "--role", "viewer"]);
    program.run(&["block", "9.9.9.1", "--reason", "seen at the gate", "--for", "7d"]);
    // Much shorter than the last one: the gate holds it.
    assert_eq!(import(&program, "list", "8.8.0.1\n"), 5);
    program
}

/// The pages, each with something to show in its holes. What is not a page of its own to look at is named here with why.
fn pages() -> Vec<Value> {
    // Pictures, streams and switches; and what leads on whoever is signed in, which the ways below see.
    const NO_PAGE: [&str; 6] =
        ["/assets/{name}", "/map.png", "/events", "/preferences", "/login", "/login/code"];
    let mut all = Vec::new();
    for path in server::page_paths().filter(|path| !NO_PAGE.contains(path)) {
        let (of, _) = path.split_once('{').unwrap_or((path, ""));
        let value = match of {
            "/collect/" | "/settings/policy/" => "regtech",
            "/devices/feeds/" => "branch",
            "/devices/" => "fw-1",
            "/settings/users/" => "kim",
            "/ip/" => "8.8.0.1",
            _ => "1",
        };
        let rest = path.split_once('}').map_or("", |(_, rest)| rest);
        all.push(if of == path { path.to_owned() } else { format!("{of}{value}{rest}") });
    }
    // Steps within a page, lists that are filtered, nothing found, what is protected.
    let more = [
        "/collect/new?kind=regtech",
        "/collect/new?kind=url",
        "/devices/new?vendor=fortigate",
        "/start/source?pick=another",
        "/start/source?pick=public",
        "/start/source?pick=regtech",
        "/start/source?template=spamhaus-drop-v4",
        "/start/device?vendor=fortigate",
        "/ip?q=8.8.0.0%2F24",
        "/ip?q=192.0.2.1",
        "/ip/8.8.0.7",
        "/ip/203.0.113.9",
        "/ip/2001:db8::1",
        "/collect/list",
        "/no-such-page",
    ];
    all.extend(more.map(str::to_owned));
    // With what each answers: nothing is held fast, so nothing can be let go; and a page that is not there is a page too.
    let status = |path: &str| match path {
        "/publications/release" => 409,
        "/no-such-page" => 404,
        _ => 200,
    };
    all.into_iter().map(|path| json!({ "status": status(&path), "path": path })).collect()
}

/// Looks at every page as one kind of reader: its language, the width of the screen, the colours.
fn every_page(language: &str, width: u32, theme: &str) {
    if !is_there("every_page") {
        return;
    }
    let portals = Portals::start();
    let program = busy(&portals);
    let server = serve(&program);
    // A device that reads.
    server.get("/feeds/default/plain");
    let reader = json!({ "language": language, "width": width, "height": 900, "theme": theme });
    walk("every_page", &server, json!({ "password": PASSWORD, "pages": pages(), "reader": reader }));
}

#[test]
fn every_page_is_whole_in_korean_on_a_wide_dark_screen() {
    every_page("ko", 1280, "dark");
}

#[test]
fn every_page_is_whole_in_english_on_a_wide_light_screen() {
    every_page("en", 1280, "light");
}

#[test]
fn every_page_is_whole_in_korean_on_a_light_phone() {
    every_page("ko", 390, "light");
}

#[test]
fn every_page_is_whole_in_english_on_a_dark_phone() {
    every_page("en", 390, "dark");
}

#[test]
fn a_new_house_serves_a_firewall_after_the_first_steps() {
    if !is_there("first_run") {
        return;
    }
    let (portals, program) = (Portals::start(), Program::new());
    let mut server = Server::start_empty(&program, &[("LC_ALL", "C.UTF-8")], "log");
    let line = server.next_line();
    let once = line.trim().rsplit(' ').next().unwrap();
    let portal =
        json!({ "url": portals.sim.url(Portal::Regtech), "user": USER, "password": portals::PASSWORD });
    walk("first_run", &server, json!({ "once": once, "password": PASSWORD, "portal": portal }));
}

#[test]
fn what_is_blocked_is_in_the_feed_and_what_is_allowed_is_not() {
    if !is_there("block_and_allow") {
        return;
    }
    let program = quiet();
    walk("block_and_allow", &serve(&program), json!({ "password": PASSWORD }));
}

#[test]
fn a_held_candidate_is_approved_after_a_second_thought() {
    if !is_there("hold_and_approve") {
        return;
    }
    let program = quiet();
    assert_eq!(import(&program, "list", &hosts(300)), 0);
    assert_eq!(import(&program, "list", "8.8.0.0\n8.8.0.1\n"), 5);
    walk("hold_and_approve", &serve(&program), json!({ "password": PASSWORD }));
}

#[test]
fn a_firewall_reads_its_feed_with_what_the_page_says_to_paste() {
    if !is_there("device") {
        return;
    }
    let program = quiet();
    walk("device", &serve(&program), json!({ "password": PASSWORD }));
}

#[test]
fn who_guesses_waits_until_an_admin_opens_the_lock() {
    if !is_there("lock_and_unlock") {
        return;
    }
    let program = quiet();
    walk("lock_and_unlock", &serve(&program), json!({ "password": PASSWORD }));
}

#[test]
fn a_file_is_looked_at_imported_and_held_by_the_page() {
    if !is_there("upload") {
        return;
    }
    let list = "9.1.0.1\n9.1.0.2\n10.0.0.1\n";
    let given = json!({ "password": PASSWORD, "list": list, "jump": hosts(2_000) });
    walk("upload", &serve(&quiet()), given);
}

#[test]
fn a_collection_is_seen_as_it_goes_on_and_as_it_fails() {
    if !is_there("collect") {
        return;
    }
    let (portals, program) = (Portals::start(), quiet());
    portals.add(&program, portals::PASSWORD);
    // A portal that stops in the middle is given up soon, and only when somebody looks.
    program.run(&["source", "set", "regtech", "timeout=8s", "retries=0", "schedule=never"]);
    let control = portals.sim.control_url();
    walk("collect", &serve(&program), json!({ "password": PASSWORD, "control": control }));
}

#[test]
fn a_list_behind_an_address_becomes_a_source() {
    if !is_there("add_source") {
        return;
    }
    let program = quiet();
    let url = portals::document("9.1.2.3\n9.1.2.4\n");
    walk("add_source", &serve(&program), json!({ "password": PASSWORD, "url": url, "address": "9.1.2.3" }));
}

#[test]
fn keys_switches_and_what_others_do_work_without_loading_a_page_again() {
    if !is_there("switches") {
        return;
    }
    let program = quiet();
    walk("switches", &serve(&program), json!({ "password": PASSWORD }));
}

#[test]
fn one_time_codes_are_set_up_and_asked_for() {
    if !is_there("codes") {
        return;
    }
    let program = quiet();
    walk("codes", &serve(&program), json!({ "password": PASSWORD }));
}
