//! `/allow`: what must never be served - the firm's word, the firm's networks, and lists of what everybody uses.

pub(crate) mod entry;
mod form;
pub(crate) mod known_good;
pub(crate) mod own;

use std::collections::HashMap;
use std::sync::Arc;

use askama::Template;
use axum::extract::{Query, State};
use axum::http::Uri;
use axum::response::Response;
use blocklist::policy::GuardKind;
use prefix::Prefix;
use serde::Deserialize;
use store::{AllowRow, AllowState, Role};

use super::csv::csv;
use super::parts::{Column, Empty, Field, Head, Notice, Sort, Tabs};
use super::words::Allow;
use super::{Address, Level, Page, Shell, Visit, respond, show, words};
use crate::App;
use crate::api::problem::Problem;

pub(crate) use form::{add, new};

/// The most entries that the page looks through: people keep hundreds.
const MOST: usize = 20_000;
/// Rows that are shown; the search narrows them.
const ROWS: usize = 500;

#[derive(Template)]
#[template(path = "allow/list.html")]
struct ListPage {
    shell: Shell,
    t: &'static Allow,
    tabs: Tabs,
    notice: Option<Notice>,
    search: Field,
    all: Field,
    head: Head,
    rows: Vec<Row>,
    shown: String,
    csv: String,
    empty: Empty,
}

/// An entry, and how many listings it keeps out.
struct Row {
    entry: AllowRow,
    hits: u64,
}

/// What is asked for.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Asked {
    q: Option<String>,
    all: Option<String>,
    format: Option<String>,
    done: Option<String>,
}

/// The page.
pub(crate) async fn list(
    State(app): State<Arc<App>>,
    visit: Visit,
    uri: Uri,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let (view, t) = (visit.view, Allow::of(visit.view.language));
    let all = asked.all.is_some();
    let (entries, hits) =
        app.ask_store(move |store| Ok((store.allow_entries(all, None, MOST)?, store.hits()?))).await?;
    let mut counts: HashMap<Prefix, u64> = HashMap::new();
    for hit in hits.iter().filter(|hit| hit.kind == GuardKind::Allow) {
        *counts.entry(hit.guard).or_default() += 1;
    }
    let known = entries.len();
    let wanted = asked.q.as_deref().unwrap_or("").trim().to_lowercase();
    let row = |entry: AllowRow| Row { hits: counts.get(&entry.prefix).copied().unwrap_or(0), entry };
    let mut rows: Vec<Row> = entries.into_iter().filter(|entry| fits(entry, &wanted)).map(row).collect();
    let columns = vec![
        Column::sorted("prefix", t.what),
        Column::plain(t.state),
        Column::plain(t.reason),
        Column::plain(t.owner),
        Column::plain(t.ticket),
        Column::sorted("until", t.until),
        Column::sorted("hits", t.holds_out).number(),
        Column::sorted("added", t.added_by),
    ];
    let address = Address::of(&uri).without("done");
    // What ends first stands first: that is what a person has to look at.
    let sort = Sort::of(&address, &columns, "until");
    order(&mut rows, &sort);
    if asked.format.as_deref() == Some("csv") {
        return Ok(file(&rows));
    }
    let fitting = rows.len();
    rows.truncate(ROWS);
    let says = if known == 0 { t.empty } else { t.none_found };
    let act = visit.identity.may(Role::Operator).then(|| (t.add.to_owned(), "/allow/new".to_owned()));
    let page = ListPage {
        shell: visit.shell(&app, Page::Allow),
        t,
        tabs: tabs(t, "/allow"),
        notice: asked.done.as_deref().and_then(|done| told(t, done)),
        search: Field::typed("q", t.search, "search").value(asked.q.clone().unwrap_or_default()),
        all: Field::tick("all", t.show_all, all),
        head: Head { columns, sort: Some(sort), address: address.clone() },
        shown: words::allow::shown(view, rows.len(), fitting),
        csv: address.with("format", "csv").to_string(),
        rows,
        empty: Empty { says: says.into(), hint: t.empty_hint.into(), act },
    };
    respond::html(&app, &page)
}

/// The three parts of the subject.
fn tabs(t: &Allow, here: &str) -> Tabs {
    let all = [(t.entries, "/allow"), (t.own, "/allow/own"), (t.known_good, "/allow/known-good")];
    Tabs::of(t.entries, here, all)
}

/// What was done just now: a code of the address, never a text of it.
fn told(t: &Allow, done: &str) -> Option<Notice> {
    let says = match done {
        "added" => t.added,
        "changed" => t.changed,
        "removed" => t.removed,
        "enabled" => t.enabled,
        "disabled" => t.disabled,
        "removed-own" => t.removed_own,
        _ => return None,
    };
    Some(Notice::done(says))
}

/// Whether an entry has the words, or covers the address, that is looked for.
fn fits(entry: &AllowRow, wanted: &str) -> bool {
    if wanted.is_empty() {
        return true;
    }
    if let Ok(prefix) = wanted.parse::<Prefix>() {
        return entry.prefix.covers(prefix) || prefix.covers(entry.prefix);
    }
    let texts = [Some(&entry.reason), entry.owner.as_ref(), entry.ticket.as_ref(), Some(&entry.created_by)];
    entry.prefix.to_string().contains(wanted)
        || texts.into_iter().flatten().any(|text| text.to_lowercase().contains(wanted))
}

fn order(rows: &mut [Row], sort: &Sort) {
    match sort.key.as_str() {
        "prefix" => rows.sort_by_key(|row| row.entry.prefix),
        "hits" => rows.sort_by_key(|row| row.hits),
        "added" => rows.sort_by_key(|row| row.entry.created_at),
        // Without an end is after every end.
        _ => rows.sort_by_key(|row| (row.entry.until.is_none(), row.entry.until, row.entry.prefix)),
    }
    if sort.descending {
        rows.reverse();
    }
}

fn file(rows: &[Row]) -> Response {
    let header =
        ["prefix", "state", "reason", "owner", "ticket", "until", "keeps_out", "created_at", "created_by"];
    let rows = rows.iter().map(|Row { entry, hits }| {
        [
            entry.prefix.to_string(),
            entry.state.as_str().to_owned(),
            entry.reason.clone(),
            entry.owner.clone().unwrap_or_default(),
            entry.ticket.clone().unwrap_or_default(),
            entry.until.map(|until| until.to_string()).unwrap_or_default(),
            hits.to_string(),
            entry.created_at.to_string(),
            entry.created_by.clone(),
        ]
    });
    csv("allow", &header, rows)
}

impl Row {
    fn is_ended(&self) -> bool {
        self.entry.state != AllowState::Holds
    }
}
