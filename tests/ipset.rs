//! The served ipset file, restored twice by the real `ipset` into a network namespace of its own and read back.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stderr, reason = "a test")]

mod support;

use support::program::Program;
use support::server::Server;
use support::spans::Addresses;
use support::{in_namespace, no_namespace_for, skip, synthetic};

const NAME: &str = "ipset::the_kernel_holds_exactly_the_published_addresses";

#[test]
fn the_kernel_holds_exactly_the_published_addresses() {
    if let Some(why) = no_namespace_for("ipset", &["list"]) {
        return skip(NAME, &why);
    }
    let program = Program::new();
    let list = synthetic::mixed(2);
    program.import(&program.write("list.txt", synthetic::text(&list)), "synthetic");
    let server = Server::start(&program);
    let published = Addresses::of(server.get("/feeds/default/plain").text().lines());
    assert_eq!(published, Addresses::of(list.iter().map(String::as_str)), "the feed is not the list");

    let file = program.write("feed.ipset", server.get("/feeds/default/ipset").body);
    // Twice: a device restores the file again and again, over the sets that are there.
    let saved = in_namespace("ipset restore <\"$1\"; ipset restore <\"$1\"; ipset save", &file);
    assert_eq!(members(&saved, "bl4").v4, published.v4);
    assert_eq!(members(&saved, "bl6").v6, published.v6);
    let sets = saved.lines().filter(|line| line.starts_with("create ")).count();
    assert_eq!(sets, 2, "a set for the swap was left behind: {saved:.600}");
}

/// The members of one set in the output of `ipset save`.
fn members(saved: &str, name: &str) -> Addresses {
    let head = format!("add {name} ");
    Addresses::of(saved.lines().filter_map(|line| line.strip_prefix(head.as_str())).map(str::trim))
}
