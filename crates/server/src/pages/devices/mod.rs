//! `/devices`: the devices that read feeds, what needs a hand first, and beside it the feeds.
//!
//! | module | what |
//! |---|---|
//! | `one` | a device: what it holds, its settings, what is pasted into it |
//! | `act`, `secret` | what is done with it |
//! | `again` | the page of either with what was refused |
//! | `new` | the three steps to a new one |
//! | `feeds` | the views of the list that they read |
//! | `recipe` | what is pasted, a row a make |
//!
//! What is changed goes through the API's own handlers, so that both follow the same rules; what they refuse stands above the
//! page again, with what was typed.

pub(crate) mod act;
mod again;
pub(crate) mod feeds;
mod fields;
pub(crate) mod new;
pub(crate) mod one;
pub(crate) mod recipe;
pub(crate) mod secret;
pub(crate) mod server;

use std::collections::HashMap;
use std::sync::Arc;

use askama::Template;
use axum::extract::{Query, State};
use axum::http::Uri;
use axum::response::Response;
use prefix::Prefix;
use serde::Deserialize;
use store::{ConsumerRow, Role};

use super::chart::Bar;
use super::csv::csv;
use super::parts::{Column, Empty, Field, Head, Notice, Sort, Tabs};
use super::words::Devices;
use super::{Address, Level, Page, Shell, View, Visit, respond, show, words};
use crate::App;
use crate::api::problem::Problem;

/// Rows that are shown; the search narrows them.
const ROWS: usize = 500;
/// A device so many publications behind has a full bar, unless another is further behind.
const FULL_BAR: u64 = 10;

#[derive(Template)]
#[template(path = "devices/list.html")]
struct ListPage {
    shell: Shell,
    t: &'static Devices,
    tabs: Tabs,
    notice: Option<Notice>,
    search: Field,
    head: Head,
    rows: Vec<Row>,
    shown: String,
    csv: String,
    empty: Empty,
}

/// A device and how it stands.
#[expect(clippy::struct_field_names, reason = "the row of the store")]
struct Row {
    row: ConsumerRow,
    word: String,
    level: Level,
    bar: Bar,
    /// Entries that it cannot hold.
    cut: Option<u64>,
}

/// What is asked for.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Asked {
    q: Option<String>,
    format: Option<String>,
    done: Option<String>,
    /// Where a device finds this server.
    server: Option<String>,
}

/// The page.
pub(crate) async fn list(
    State(app): State<Arc<App>>,
    visit: Visit,
    uri: Uri,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let (view, t) = (visit.view, Devices::of(visit.view.language));
    let found = app.ask_store(store::Store::consumers).await?;
    let known = found.len();
    let wanted = asked.q.as_deref().unwrap_or("").trim().to_lowercase();
    let mut rows = rows(&app, view, found.into_iter().filter(|row| fits(row, &wanted)));
    let columns = vec![
        Column::sorted("name", t.device),
        Column::sorted("state", t.state),
        Column::plain(t.make),
        Column::plain(t.feed),
        Column::sorted("behind", t.holds).number(),
        Column::plain(t.behind),
        Column::sorted("last", t.last),
        Column::sorted("cap", t.cap).number(),
        Column::plain(t.cut).number(),
    ];
    let address = Address::of(&uri).without("done");
    // What needs a hand stands first.
    let sort = Sort::of(&address, &columns, "-state");
    order(&mut rows, &sort);
    if asked.format.as_deref() == Some("csv") {
        return Ok(file(&rows));
    }
    let fitting = rows.len();
    rows.truncate(ROWS);
    let (says, hint) = if known == 0 { (t.empty, t.empty_hint) } else { (t.none_found, "") };
    let act = visit.identity.may(Role::Admin).then(|| (t.add.to_owned(), "/devices/new".to_owned()));
    let page = ListPage {
        shell: visit.shell(&app, Page::Devices),
        t,
        tabs: tabs(t, "/devices"),
        notice: asked.done.as_deref().and_then(|done| told(t, done)),
        search: Field::typed("q", t.search, "search").value(asked.q.clone().unwrap_or_default()),
        head: Head { columns, sort: Some(sort), address: address.clone() },
        shown: words::devices::shown(view, rows.len(), fitting),
        csv: address.with("format", "csv").to_string(),
        rows,
        empty: Empty { says: says.into(), hint: hint.into(), act },
    };
    respond::html(&app, &page)
}

/// The rows, with what the figures know of what each cannot hold.
fn rows(app: &App, view: View, found: impl Iterator<Item = ConsumerRow>) -> Vec<Row> {
    let figures = app.figures();
    let kept = figures.as_ref().and_then(|figures| figures.kept.as_ref());
    let cuts: HashMap<&str, Option<u64>> = kept.map_or_else(HashMap::new, |kept| {
        kept.devices.iter().map(|device| (device.row.name.as_str(), device.cut)).collect()
    });
    let found: Vec<ConsumerRow> = found.collect();
    let most = found.iter().map(behind).max().unwrap_or(0).max(FULL_BAR);
    let row = |row: ConsumerRow| {
        let (word, level) = words::devices::state(view, &row);
        let bar = Bar::share(behind(&row), most).level(level);
        Row { cut: cuts.get(row.name.as_str()).copied().flatten(), word, level, bar, row }
    };
    found.into_iter().map(row).collect()
}

/// How many publications came after the one that it holds.
fn behind(row: &ConsumerRow) -> u64 {
    row.holdings.first().map_or(0, |last| last.behind)
}

/// The two parts of the subject.
fn tabs(t: &Devices, here: &str) -> Tabs {
    Tabs::of(t.devices, here, [(t.devices, "/devices"), (t.feeds, "/devices/feeds")])
}

/// What was done just now: a code of the address, never a text of it.
fn told(t: &Devices, done: &str) -> Option<Notice> {
    let says = match done {
        "changed" => t.done_changed,
        "addresses" => t.done_addresses,
        "enabled" => t.done_enabled,
        "disabled" => t.done_disabled,
        "removed" => t.done_removed,
        "revoked" => t.done_revoked,
        "feed-added" => t.done_feed_added,
        "feed-removed" => t.done_feed_removed,
        _ => return None,
    };
    Some(Notice::done(says))
}

/// Whether a device has the words, or reads from the address, that is looked for.
fn fits(row: &ConsumerRow, wanted: &str) -> bool {
    if wanted.is_empty() {
        return true;
    }
    if let Ok(prefix) = wanted.parse::<Prefix>()
        && row.addresses.iter().any(|known| known.prefix.covers(prefix) || prefix.covers(known.prefix))
    {
        return true;
    }
    let settings = &row.settings;
    let texts = [
        Some(row.name.as_str()),
        Some(settings.vendor.title()),
        Some(settings.vendor.as_str()),
        settings.model.as_deref(),
        settings.note.as_deref(),
        settings.feed.as_ref().map(blocklist::FeedName::as_str),
    ];
    let read = row.holdings.iter().flat_map(|last| [Some(last.feed.as_str()), last.address.as_deref()]);
    texts.into_iter().chain(read).flatten().any(|text| text.to_lowercase().contains(wanted))
}

fn order(rows: &mut [Row], sort: &Sort) {
    // By name where nothing else tells them apart, whichever way the rest goes.
    rows.sort_by(|a, b| {
        let last = |row: &Row| row.row.holdings.first().map(|last| last.at);
        let order = match sort.key.as_str() {
            "name" => a.row.name.cmp(&b.row.name),
            "behind" => behind(&a.row).cmp(&behind(&b.row)),
            "last" => last(a).cmp(&last(b)),
            "cap" => a.row.settings.cap.cmp(&b.row.settings.cap),
            _ => a.level.cmp(&b.level),
        };
        if sort.descending { order.reverse() } else { order }.then_with(|| a.row.name.cmp(&b.row.name))
    });
}

fn file(rows: &[Row]) -> Response {
    let header = [
        "name",
        "make",
        "model",
        "feed",
        "state",
        "serial",
        "behind",
        "last_pull",
        "address",
        "agent",
        "cap",
        "cut",
        "note",
    ];
    let rows = rows.iter().map(|Row { row, word, cut, .. }| {
        let last = row.holdings.first();
        let number = |number: Option<u64>| number.map(|number| number.to_string()).unwrap_or_default();
        [
            row.name.to_string(),
            row.settings.vendor.as_str().to_owned(),
            row.settings.model.clone().unwrap_or_default(),
            row.settings.feed.as_ref().map(ToString::to_string).unwrap_or_default(),
            word.clone(),
            last.map(|last| last.serial.to_string()).unwrap_or_default(),
            number(last.map(|last| last.behind)),
            last.map(|last| last.at.to_string()).unwrap_or_default(),
            last.and_then(|last| last.address.clone()).unwrap_or_default(),
            last.and_then(|last| last.agent.clone()).unwrap_or_default(),
            number(row.settings.cap.map(u64::from)),
            number(*cut),
            row.settings.note.clone().unwrap_or_default(),
        ]
    });
    csv("devices", &header, rows)
}
