//! What is asked: every path that can be read, and searches.
//!
//! The paths come from the tables of rights and from the OpenAPI document of the server itself, so a new page is measured
//! without a word here; one whose parameters nobody filled in is an error.

use std::collections::BTreeSet;

use anyhow::Context as _;
use axum::http::Method;

use super::beside::{DEVICE, FEED, KNOWN_GOOD, NAME};
use super::browser::Browser;
use super::fill::World;

/// A request.
pub(super) struct Ask {
    /// The same for every size of data.
    pub(super) name: String,
    /// The path with its query.
    pub(super) path: String,
}

/// Where what is read is no answer that ends, needs what this data has not, or is measured elsewhere.
const LEFT_OUT: [(&str, &str); 9] = [
    ("/events", "a stream"),
    ("/feeds/{feed}/{format}", "measured by `bench http`"),
    ("/feeds/{feed}/changes", "measured by `bench http`"),
    ("/t/{token}/feeds/{feed}/{format}", "measured by `bench http`"),
    ("/t/{token}/feeds/{feed}/changes", "measured by `bench http`"),
    ("/publications/release", "nothing is held back by a person"),
    ("/api/v1/credentials/{source}", "no source has a credential"),
    ("/api/v1/publications/{serial}/diff/{to}", "compares two whole lists, no page"),
    ("/api/v1/audit/verify", "walks through the whole record, no page"),
];

/// Every path that an admin can read.
pub(super) fn paths(world: &World, browser: &mut Browser) -> anyhow::Result<Vec<Ask>> {
    let document = server::document();
    let api: BTreeSet<&str> = document.paths.paths.keys().map(String::as_str).collect();
    let read: BTreeSet<&str> = document
        .paths
        .paths
        .iter()
        .filter(|(_, item)| item.get.is_some())
        .map(|(path, _)| path.as_str())
        .collect();
    let asset = asset(browser)?;
    let mut asks = Vec::new();
    for route in server::rights() {
        let is_read = if api.contains(route) {
            read.contains(route)
        } else {
            server::needs(route, &Method::GET) != "nobody"
        };
        if !is_read || LEFT_OUT.iter().any(|(path, _)| *path == route) {
            continue;
        }
        let path = filled(route, world, &asset)
            .with_context(|| format!("{route}: say in bench/pages/asks.rs what its parameters are"))?;
        asks.push(Ask { name: route.to_owned(), path });
    }
    Ok(asks)
}

/// The path with its parameters.
fn filled(route: &str, world: &World, asset: &str) -> Option<String> {
    let listed = world.listed.to_string();
    let mut path = route.to_owned();
    let known: [(&str, &str, String); 20] = [
        ("/assets/{name}", "{name}", asset.to_owned()),
        ("/ip/{*prefix}", "{*prefix}", listed.clone()),
        ("/runs/{id}", "{id}", world.run.to_string()),
        ("/api/v1/runs/{run}", "{run}", world.run.to_string()),
        ("/collect/{name}", "{name}", "regtech".to_owned()),
        ("/api/v1/sources/{name}", "{name}", "regtech".to_owned()),
        ("/allow/{id}", "{id}", world.allow.to_string()),
        ("/api/v1/allow/{id}", "{id}", world.allow.to_string()),
        ("/api/v1/known-good/{name}", "{name}", KNOWN_GOOD.to_owned()),
        ("/devices/feeds/{name}", "{name}", FEED.to_owned()),
        ("/api/v1/feeds/{name}", "{name}", FEED.to_owned()),
        ("/devices/{name}", "{name}", DEVICE.to_owned()),
        ("/api/v1/consumers/{name}", "{name}", DEVICE.to_owned()),
        ("/settings/policy/{source}", "{source}", "regtech".to_owned()),
        ("/settings/users/{name}", "{name}", NAME.to_owned()),
        ("/api/v1/users/{name}", "{name}", NAME.to_owned()),
        ("/publications/{serial}", "{serial}", world.serials.0.to_string()),
        ("/api/v1/publications/{serial}", "{serial}", world.serials.0.to_string()),
        ("/held/{id}", "{id}", world.held.to_string()),
        ("/api/v1/held/{id}", "{id}", world.held.to_string()),
    ];
    // `/devices/feeds/{name}/remove` is read with what `/devices/feeds/{name}` is read with.
    let under =
        |of: &str| route.strip_prefix(of).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
    if let Some((_, parameter, value)) = known.iter().find(|(of, ..)| under(of)) {
        path = path.replace(parameter, value);
    }
    if route == "/api/v1/lookup" {
        path = format!("{path}?ip={listed}");
    }
    if route == "/preferences" {
        path = format!("{path}?set=dark&next=%2F");
    }
    (!path.contains('{')).then_some(path)
}

/// The style sheet, by the name that the pages call it.
fn asset(browser: &mut Browser) -> anyhow::Result<String> {
    let page = browser.get("/settings")?.text();
    let (_, rest) = page.split_once("/assets/").context("the page names no asset")?;
    let end = rest.find('"').context("an asset without an end")?;
    Ok(rest[..end].to_owned())
}

/// Queries of `/ip` and of the other lists.
pub(super) fn searches(world: &World) -> Vec<Ask> {
    let listed = world.listed.to_string();
    let inside = format!("{}.0.0/16", listed.splitn(3, '.').take(2).collect::<Vec<_>>().join("."));
    let wide = format!("{}.0.0.0/8", listed.split('.').next().unwrap_or("45"));
    let deep = |time: i64, source: &str| format!("{time}/{source}/120.0.0.0");
    let detected = 4_000_000_000_i64;
    let mut asks = Vec::new();
    let mut ask = |path: &str, query: &[(&str, &str)]| {
        let mut encoded = form_urlencoded::Serializer::new(String::new());
        for (key, value) in query {
            encoded.append_pair(key, value);
        }
        let words: Vec<_> = query.iter().map(|(key, value)| format!("{key}={value}")).collect();
        // The addresses differ by size; what is asked is the same.
        let name = format!("{path}?{}", words.join("&"))
            .replace(&listed, "ADDRESS")
            .replace(&inside, "A/16")
            .replace(&wide, "A/8")
            .replace(&world.reason, "ITS REASON")
            .replace(&world.by_hand.to_string(), "BY HAND");
        asks.push(Ask { name, path: format!("{path}?{}", encoded.finish()) });
    };
    let queries: [&str; 9] =
        [&inside, &wide, "2600::/16", "KR", "아이슬란드", "regtech", "스캔", "웹 탐지", "nowhere-at-all"];
    for q in queries {
        ask("/ip", &[("q", q)]);
    }
    ask("/ip", &[("q", &format!("{listed} 2001:db8::/32"))]);
    ask("/ip", &[("q", &format!("\"{}\"", world.reason))]);
    for (key, value) in [
        ("source", "secudium"),
        ("country", "IS"),
        ("category", "스캔"),
        ("category", "nothing"),
        ("family", "6"),
        ("since", "2020-01-01"),
        ("since", "2099-01-01"),
        ("before", "2099-01-01"),
    ] {
        ask("/ip", &[(key, value)]);
    }
    for sort in ["prefix", "-prefix", "source", "-source", "detected", "-detected", "until", "-until"] {
        ask("/ip", &[("sort", sort)]);
    }
    ask("/ip", &[("after", &deep(0, "regtech"))]);
    ask("/ip", &[("after", &deep(detected / 2, "regtech")), ("sort", "-detected")]);
    ask("/ip", &[("after", &deep(0, "regtech")), ("sort", "source")]);
    ask("/ip", &[("q", "스캔"), ("sort", "-detected"), ("country", "US")]);
    for state in ["active", "expired", "withdrawn", "removed", "manual"] {
        ask("/ip", &[("state", state)]);
        ask("/ip", &[("state", state), ("q", "nowhere-at-all")]);
        ask("/ip", &[("state", state), ("q", &inside)]);
        ask("/ip", &[("state", state), ("after", "regtech/120.0.0.0")]);
    }
    ask("/ip", &[("state", "expired"), ("source", "secudium")]);
    ask("/ip", &[("state", "expired"), ("source", "blocklist-de")]);
    ask("/ip", &[("state", "expired"), ("country", "IS")]);
    let api = "/api/v1/listings";
    for (key, value) in [
        ("source", "secudium"),
        ("inside", inside.as_str()),
        ("inside", &listed),
        ("country", "KR"),
        ("country", "IS"),
        ("words", "스캔"),
        ("words", "nowhere-at-all"),
        ("category", "스캔"),
        ("state", "active"),
        ("state", "expired"),
        ("state", "withdrawn"),
        ("state", "removed"),
        ("detected_since", "2099-01-01"),
        ("ends_before", "2020-01-01"),
        ("after", "regtech/120.0.0.0"),
        ("limit", "1000"),
    ] {
        ask(api, &[(key, value)]);
    }
    ask(api, &[("state", "expired"), ("source", "blocklist-de")]);
    ask(api, &[("state", "expired"), ("words", "nowhere-at-all")]);
    ask("/ip/BY HAND".replace("BY HAND", &world.by_hand.to_string()).as_str(), &[]);
    ask("/logs/pulls", &[("consumer", DEVICE)]);
    ask("/logs/pulls", &[("consumer", DEVICE), ("status", "200")]);
    ask("/logs/pulls", &[("status", "401")]);
    ask("/logs/audit", &[("by", "kim")]);
    ask("/logs/audit", &[("by", "nobody")]);
    ask("/logs/audit", &[("action", "allow")]);
    ask("/logs/attempts", &[("result", "expired")]);
    ask("/logs/attempts", &[("result", "disabled")]);
    ask("/logs/attempts", &[("account", DEVICE)]);
    ask("/logs/runs", &[("source", "regtech")]);
    ask("/logs/runs", &[("state", "failed")]);
    ask("/logs/program", &[("q", "nowhere-at-all")]);
    ask("/map", &[("net", &wide)]);
    ask("/map.png", &[("net", &wide)]);
    ask("/map", &[("net", &inside)]);
    ask("/map.png", &[("net", &inside)]);
    ask("/publications", &[("after", "10")]);
    ask("/api/v1/pulls", &[("consumer", DEVICE)]);
    ask("/api/v1/audit", &[("by", "nobody")]);
    ask("/api/v1/auth-attempts", &[("result", "disabled")]);
    asks
}
