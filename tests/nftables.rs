//! The served nftables file, loaded by the real `nft` into a network namespace of its own and read back.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stderr, reason = "a test")]

mod support;

use serde_json::Value;
use support::program::Program;
use support::server::Server;
use support::spans::Addresses;
use support::{in_namespace, no_namespace_for, skip, synthetic};

const NAME: &str = "nftables::the_kernel_holds_exactly_the_published_addresses";

#[test]
fn the_kernel_holds_exactly_the_published_addresses() {
    if let Some(why) = no_namespace_for("nft", &["list", "ruleset"]) {
        return skip(NAME, &why);
    }
    let program = Program::new();
    let list = synthetic::mixed(1);
    program.import(&program.write("list.txt", synthetic::text(&list)), "synthetic");
    let server = Server::start(&program);
    let published = Addresses::of(server.get("/feeds/default/plain").text().lines());
    assert_eq!(published, Addresses::of(list.iter().map(String::as_str)), "the feed is not the list");

    let file = program.write("feed.nft", server.get("/feeds/default/nftables").body);
    in_namespace("nft -c -f \"$1\"", &file);
    // Twice: a device loads the file again and again.
    let ruleset = in_namespace("nft -f \"$1\"; nft -f \"$1\"; nft -j list ruleset", &file);
    let ruleset: Value = serde_json::from_str(&ruleset).unwrap();
    assert_eq!(elements(&ruleset, "bl4").v4, published.v4);
    assert_eq!(elements(&ruleset, "bl6").v6, published.v6);
    for set in ["@bl4", "@bl6"] {
        assert!(ruleset.to_string().contains(set), "no rule uses {set}");
    }
}

/// What the kernel holds in a set, which must be there.
fn elements(ruleset: &Value, name: &str) -> Addresses {
    let objects = ruleset["nftables"].as_array().unwrap();
    let set = objects.iter().map(|object| &object["set"]).find(|set| set["name"] == name);
    let set = set.unwrap_or_else(|| panic!("no set {name}"));
    assert_eq!(set["table"], "blacklist");
    let entries: Vec<String> = set["elem"].as_array().unwrap().iter().map(entry).collect();
    Addresses::of(entries.iter().map(String::as_str))
}

/// An element as nft writes it: a bare address, a prefix, or a range where neighbours were merged.
fn entry(element: &Value) -> String {
    let word =
        |value: &Value| value.as_str().unwrap_or_else(|| panic!("unknown element {element}")).to_owned();
    if let Some(prefix) = element.get("prefix") {
        return format!("{}/{}", word(&prefix["addr"]), prefix["len"]);
    }
    if let Some(range) = element.get("range") {
        return format!("{}-{}", word(&range[0]), word(&range[1]));
    }
    word(element)
}
