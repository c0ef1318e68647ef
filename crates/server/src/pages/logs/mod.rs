//! `/logs`: what was written down, a tab each: runs, pulls, the program's own lines, changes by people, tries to sign in.
//!
//! A request looks at no more than [`MAX_SCANNED`] entries, newest first, whatever of them fits, and says where the next goes on.
//! A time range is found by number ([`store::Journal`]), so old entries cost no more than new ones.

pub(crate) mod attempts;
pub(crate) mod audit;
pub(crate) mod program;
pub(crate) mod pulls;
pub(crate) mod run;
pub(crate) mod runs;
mod table;

use std::collections::BTreeMap;

use axum::http::Uri;
use axum::response::Response;
use blocklist::Time;
use blocklist::when::BadWhen;
use store::{Journal, Store};

use super::error::lead_to;
use super::{Address, View};

use table::{Tab, Table};

/// Rows of a page.
const ROWS: usize = 100;
/// The most entries that a request looks at.
const MAX_SCANNED: usize = 5_000;
/// Entries of a file; it looks at as many.
const FILE_ROWS: usize = 50_000;
/// The most words of a search.
const WORDS: usize = 16;

/// Leads to the first tab.
pub(crate) async fn begin() -> Response {
    lead_to("/logs/runs")
}

/// What every tab is asked for.
#[derive(Clone, Debug)]
struct Asked {
    address: Address,
    words: Vec<String>,
    since: Option<Time>,
    until: Option<Time>,
    after: Option<i64>,
    is_file: bool,
    /// Counts by cause instead of lines.
    is_grouped: bool,
    bad_time: bool,
}

impl Asked {
    /// Times are read in the zone that the filters name.
    fn of(view: View, uri: &Uri) -> Self {
        let address = Address::of(uri);
        let words = address.get("q").unwrap_or("").split_whitespace();
        let words = words.take(WORDS).map(str::to_lowercase).collect();
        let time = |key, read: fn(View, &str) -> Result<Time, BadWhen>| {
            address.get(key).map(|text| read(view, text)).transpose()
        };
        let (since, until) = (time("since", View::moment), time("until", View::end));
        Self {
            words,
            bad_time: since.is_err() || until.is_err(),
            since: since.unwrap_or_default(),
            until: until.unwrap_or_default(),
            after: address.get("after").and_then(|after| after.parse().ok()),
            is_file: address.get("format") == Some("csv"),
            is_grouped: address.get("group").is_some(),
            address,
        }
    }

    /// A filter of the address.
    fn field(&self, key: &str) -> Option<String> {
        self.address.get(key).map(|text| text.trim().to_owned()).filter(|text| !text.is_empty())
    }

    /// Whether a line has every word.
    fn fits(&self, text: &str) -> bool {
        let text = text.to_lowercase();
        self.words.iter().all(|word| text.contains(word))
    }
}

/// How entries of a kind are read, and what of them is looked at.
struct Kind<T> {
    journal: Journal,
    id: fn(&T) -> i64,
    at: fn(&T) -> Time,
    /// All that is searched.
    text: fn(&T) -> String,
    /// What they are counted by.
    group: fn(&T) -> String,
}

/// What was found.
#[derive(Debug)]
struct Found<T> {
    rows: Vec<T>,
    /// How many of each group, and when the last was.
    groups: BTreeMap<String, (u64, Time)>,
    scanned: usize,
    next: Option<i64>,
}

/// Looks through entries, newest first. `fetch` reads those before a number, so many at most.
fn look<T>(
    store: &Store,
    asked: &Asked,
    kind: &Kind<T>,
    fits: impl Fn(&T) -> bool,
    fetch: impl Fn(&Store, Option<i64>, usize) -> store::Result<Vec<T>>,
) -> store::Result<Found<T>> {
    let mut before = match (asked.after, asked.until) {
        (Some(after), _) => Some(after),
        (None, Some(until)) => Some(store.journal_before(kind.journal, until)?),
        (None, None) => None,
    };
    let (most, rows) = match (asked.is_file, asked.is_grouped) {
        (true, _) => (FILE_ROWS, FILE_ROWS),
        (_, true) => (MAX_SCANNED, 0),
        _ => (MAX_SCANNED, ROWS),
    };
    let mut found = Found { rows: Vec::new(), groups: BTreeMap::new(), scanned: 0, next: None };
    // Where nothing is sifted, a page is all that is read.
    let step =
        if asked.words.is_empty() && !asked.is_grouped { rows.clamp(1, MAX_SCANNED) } else { MAX_SCANNED };
    while found.scanned < most {
        let entries = fetch(store, before, step + 1)?;
        let is_last = entries.len() <= step;
        for entry in entries.into_iter().take(step) {
            // Written down in order, but for some that were made at once.
            let at = (kind.at)(&entry);
            if asked.since.is_some_and(|since| at < since.plus_seconds(-table::SLACK)) {
                found.next = None;
                return Ok(found);
            }
            found.scanned += 1;
            before = Some((kind.id)(&entry));
            let in_time =
                asked.since.is_none_or(|since| at >= since) && asked.until.is_none_or(|until| at < until);
            if !in_time || !fits(&entry) || !asked.fits(&(kind.text)(&entry)) {
                continue;
            }
            if asked.is_grouped {
                let count = found.groups.entry((kind.group)(&entry)).or_insert((0, at));
                *count = (count.0 + 1, count.1.max(at));
                continue;
            }
            found.rows.push(entry);
            if found.rows.len() == rows {
                found.next = before;
                return Ok(found);
            }
        }
        if is_last {
            found.next = None;
            return Ok(found);
        }
        found.next = before;
    }
    Ok(found)
}
