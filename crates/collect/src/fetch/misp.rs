//! A MISP feed: a manifest, and the events that are newer than the newest one taken, as one batch.
//!
//! ```text
//! {url}/manifest.json   {"<uuid>": {"timestamp": "1767225600", ...}, ...}
//! {url}/<uuid>.json     {"Event": {...}}
//! ```
//!
//! Events are taken from the oldest on, so that a long feed is read over several runs without losing one: the cursor
//! never passes an event that was not taken.

use std::collections::BTreeMap;

use ::url::Url;
use serde::Deserialize;
use serde_json::Value;

use super::network::shown;
use super::url::packed_by_gzip_at_most;
use super::{Ask, Content, Fetched, add, parsed};
use crate::text::short;
use crate::{Choice, Failure, Note, Parsed, Parser, Trouble};

/// About so many events are taken in one run; those of one second are never parted.
pub const EVENTS_A_RUN: usize = 500;
/// No more than so many events are taken in one run.
pub const MAX_EVENTS: usize = 20_000;
/// The largest manifest, in bytes.
const MAX_MANIFEST: u64 = 64 << 20;

#[derive(Deserialize)]
struct Entry {
    timestamp: Value,
}

/// An event that is to be taken.
struct Event {
    timestamp: i64,
    uuid: String,
}

/// Fetches the events that are newer than the cursor.
pub async fn fetch(ask: &Ask<'_>) -> Result<Fetched, Failure> {
    let base = directory(ask.url()?);
    let input = shown(&base);
    let since = ask.state.cursor.as_deref().and_then(|cursor| cursor.parse().ok()).unwrap_or(i64::MIN);
    let at = |name: &str| {
        base.join(name).map_err(|error| Failure::new(Trouble::Settings).with(format!("url: {error}")))
    };
    let limit = ask.settings.max_bytes;
    let request = ask.get(at("manifest.json")?)?.limit(limit.min(MAX_MANIFEST));
    let mut answer = ask.network.send(&request).await?;
    packed_by_gzip_at_most(&answer)?;
    let mut bytes = answer.body.len();
    let mut events = manifest(&answer.body.bytes()?, since, &input)?;
    if events.is_empty() && ask.state.cursor.is_some() {
        return Ok(Fetched::Unchanged);
    }
    let left = share(&mut events, &input)?;
    let mut whole = Parsed::empty(Parser::Misp);
    if left {
        whole.notes.push(Note::MorePages);
    }
    for Event { uuid, .. } in &events {
        let request = ask.get(at(&format!("{uuid}.json"))?)?.limit(limit.saturating_sub(bytes));
        let answer = ask.network.send(&request).await?;
        packed_by_gzip_at_most(&answer)?;
        bytes += answer.body.len();
        let part = parsed(Choice::Is(Parser::Misp), answer.body, ask.options.clone()).await;
        let part = part.map_err(|failure| {
            let detail = format!("event {uuid}: {}", failure.detail);
            failure.with(detail)
        })?;
        add(&mut whole, uuid, part, &ask.options.limits)?;
    }
    // An event from the future must not hide what comes before it: it is taken again until its time has come.
    let newest = events.last().map(|event| event.timestamp.min(ask.now.unix()).max(since));
    let cursor = newest.map(|newest| newest.to_string()).or_else(|| ask.state.cursor.clone());
    let content = Content { parsed: whole, input, input_key: None, validators: None, cursor };
    Ok(content.fetched())
}

/// The directory of the feed, from its address or that of its manifest.
fn directory(mut url: Url) -> Url {
    let path = url.path().trim_end_matches("manifest.json").trim_end_matches('/');
    let path = format!("{path}/");
    url.set_path(&path);
    url.set_query(None);
    url
}

/// The events newer than `since`, oldest first.
fn manifest(bytes: &[u8], since: i64, input: &str) -> Result<Vec<Event>, Failure> {
    let bad =
        |problem: String| Failure::new(Trouble::Unreadable).with(format!("{input}manifest.json: {problem}"));
    if bytes.trim_ascii_start().starts_with(b"<") {
        return Err(Failure::new(Trouble::Maintenance).with(format!("{input}manifest.json")));
    }
    let entries: BTreeMap<String, Entry> =
        serde_json::from_slice(bytes).map_err(|error| bad(error.to_string()))?;
    let mut events = Vec::new();
    for (uuid, entry) in entries {
        // It becomes a path: nothing but a UUID does.
        if !is_uuid(&uuid) {
            return Err(bad(format!("'{}' is no UUID", short(&uuid))));
        }
        let timestamp = match &entry.timestamp {
            Value::String(text) => text.parse().ok(),
            number => number.as_i64(),
        };
        let timestamp = timestamp.ok_or_else(|| bad(format!("event {uuid} has no timestamp")))?;
        if timestamp > since {
            events.push(Event { timestamp, uuid });
        }
    }
    events.sort_by(|a, b| (a.timestamp, &a.uuid).cmp(&(b.timestamp, &b.uuid)));
    Ok(events)
}

/// Leaves what does not fit into one run to the next; whether something was left.
fn share(events: &mut Vec<Event>, input: &str) -> Result<bool, Failure> {
    let mut take = events.len().min(EVENTS_A_RUN);
    while take > 0 && take < events.len() && events[take].timestamp == events[take - 1].timestamp {
        take += 1;
    }
    if take > MAX_EVENTS {
        let detail = format!("{input}: {take} events have to be taken at once, at most {MAX_EVENTS} are");
        return Err(Failure::new(Trouble::TooLarge).with(detail));
    }
    let left = take < events.len();
    events.truncate(take);
    Ok(left)
}

fn is_uuid(text: &str) -> bool {
    text.len() == 36
        && text.bytes().enumerate().all(|(at, byte)| match at {
            8 | 13 | 18 | 23 => byte == b'-',
            _ => byte.is_ascii_hexdigit(),
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_but_a_uuid_becomes_a_path() {
        assert!(is_uuid("5f2a9c3e-1b7d-4c1e-9a53-0123456789ab"));
        for bad in [
            "",
            "../../../../../../../../../../etc/pa",
            "5f2a9c3e-1b7d-4c1e-9a53-0123456789a/",
            "5f2a9c3e11b7d-4c1e-9a53-0123456789ab",
            "5f2a9c3e-1b7d-4c1e-9a53-0123456789ab?",
            "가f2a9c3e-1b7d-4c1e-9a53-0123456789",
        ] {
            assert!(!is_uuid(bad), "{bad}");
        }
    }

    #[test]
    fn events_of_one_second_are_never_parted() {
        let event = |n: usize, timestamp| Event { timestamp, uuid: n.to_string() };
        let mut same: Vec<_> = (0..EVENTS_A_RUN + 10).map(|n| event(n, i64::from(n > 5))).collect();
        same.extend((0..5).map(|n| event(n, 2)));
        assert!(share(&mut same, "").unwrap());
        assert_eq!(same.len(), EVENTS_A_RUN + 10);
        let mut many: Vec<_> = (0..=MAX_EVENTS).map(|n| event(n, 1)).collect();
        assert_eq!(share(&mut many, "").unwrap_err().trouble, Trouble::TooLarge);
    }
}
