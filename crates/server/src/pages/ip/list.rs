//! `/ip`: one search box and its filters over all listings.
//!
//! What is published is searched in memory, in any order; what the store keeps is searched a stretch at a time, in its own.
//! Without a store the published listings can be searched all the same.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::http::Uri;
use axum::response::Response;
use blocklist::search::{By, Cursor, Filter, Order, search};
use blocklist::{Chunk, Country, Listing, SourceName, Time};
use prefix::Prefix;
use store::{ListingCursor, ListingRow, Role, Store};

use crate::App;
use crate::api::problem::Problem;
use crate::pages::error::lead_to;
use crate::pages::parts::{Column, Empty, Head, Notice, Pager, Sort};
use crate::pages::words::Ip;
use crate::pages::{Address, Level, Markup, Page, Shell, View, Visit, Zone, respond, show, words};
use crate::search::asked::{Fields, Standing, Text};
use crate::search::kept;

use super::file;

/// Rows of a page.
const ROWS: usize = 100;

#[derive(Template)]
#[template(path = "ip/list.html")]
struct ListPage {
    shell: Shell,
    t: &'static Ip,
    address: Address,
    notices: Vec<Notice>,
    parts: Vec<String>,
    detail: Option<Prefix>,
    standing: Standing,
    sources: Vec<SourceName>,
    head: Head,
    rows: Vec<Row>,
    pager: Pager,
    empty: Empty,
}

/// A row of the table.
#[derive(Clone, Debug)]
pub(super) struct Row {
    pub(super) prefix: Prefix,
    pub(super) source: SourceName,
    pub(super) reason: String,
    pub(super) country: Option<Country>,
    pub(super) category: String,
    pub(super) severity: String,
    pub(super) confidence: Option<u8>,
    pub(super) detected: Time,
    pub(super) until: Option<Time>,
    by_person: bool,
}

/// What was found, whichever way.
#[derive(Default)]
struct Found {
    rows: Vec<Row>,
    says: String,
    next: Option<String>,
}

/// What is asked for.
pub(super) struct Asked {
    pub(super) address: Address,
    pub(super) standing: Standing,
    text: Text,
    pub(super) filter: Filter,
    sort: Sort,
    pub(super) wrong: Option<&'static str>,
}

impl Asked {
    fn of(uri: &Uri, zone: Zone, sources: &[SourceName], columns: &[Column]) -> Self {
        let address = Address::of(uri);
        let text = Text::of(address.get("q").unwrap_or(""), sources);
        let mut filter = text.filter.clone();
        let fields = Fields {
            source: address.get("source"),
            country: address.get("country"),
            category: address.get("category"),
            family: address.get("family"),
            since: address.get("since"),
            before: address.get("before"),
        };
        let mut wrong = fields.add_to(&mut filter, zone.offset()).err();
        let standing = address.get("state").map_or(Ok(Standing::default()), str::parse);
        if standing.is_err() {
            wrong = Some("state");
        }
        let standing = standing.unwrap_or_default();
        if standing == Standing::Manual {
            filter.source = Standing::Manual.as_str().parse().ok();
        }
        let sort = Sort::of(&address, columns, "prefix");
        Self { address, standing, text, filter, sort, wrong }
    }

    pub(super) fn order(&self) -> Order {
        let by = match self.sort.key.as_str() {
            "detected" => By::Detected,
            "until" => By::Until,
            "source" => By::Source,
            _ => By::Prefix,
        };
        Order { by, descending: self.sort.descending }
    }

    fn is_file(&self) -> bool {
        self.address.get("format") == Some("csv")
    }
}

/// The page.
pub(crate) async fn list(State(app): State<Arc<App>>, visit: Visit, uri: Uri) -> Result<Response, Problem> {
    let w = Ip::of(visit.view.language);
    let sources = sources(&app).await;
    let columns = columns(&visit, w);
    let asked = Asked::of(&uri, visit.view.zone, &sources, &columns);
    let (is_file, standing) = (asked.is_file(), asked.standing);
    if let Some(place) = asked.text.only_place().filter(|place| place.is_host() && is_bare(&asked)) {
        return Ok(lead_to(&format!("/ip/{place}")));
    }
    if is_file {
        return file::file(&app, asked);
    }
    let found = match (asked.wrong, standing.kept()) {
        (Some(_), _) => Found::default(),
        (None, None) => published(&app, visit.view, &asked).await?,
        (None, Some(_)) => in_store(&app, visit.view, &asked).await?,
    };
    let is_sorted = standing == Standing::Published;
    let columns = if is_sorted {
        columns
    } else {
        columns.iter().map(|it| Column { is_sorted: false, ..*it }).collect()
    };
    let address = asked.address.clone().without("done");
    let is_unpublished = is_sorted && app.live().is_none();
    let empty = match (is_unpublished, &found.next) {
        (true, _) => Empty {
            says: w.no_list.into(),
            hint: w.no_list_hint.into(),
            act: Some((w.to_collect.into(), Page::Collect.path().into())),
        },
        (_, Some(_)) => Empty { says: found.says.clone(), hint: w.scanned_hint.into(), act: None },
        _ => Empty { says: w.nothing.into(), hint: w.nothing_hint.into(), act: None },
    };
    let page = ListPage {
        shell: visit.shell(&app, Page::Ip),
        t: w,
        notices: notices(visit.view, &asked),
        parts: asked.text.parts.iter().map(|part| words::ip::part(visit.view, part)).collect(),
        detail: asked.text.only_place(),
        standing,
        sources,
        head: Head { columns, sort: is_sorted.then_some(asked.sort), address: address.clone() },
        pager: Pager::of(visit.common(), found.says, &address, found.next.as_deref())
            .with_csv(address.clone().with("format", "csv")),
        address,
        rows: found.rows,
        empty,
    };
    respond::html(&app, &page)
}

/// Whether the search box is all that was used: the form always says a state.
fn is_bare(asked: &Asked) -> bool {
    asked.standing == Standing::Published
        && asked.address.clone().without("q").without("state") == Address::new("/ip")
}

fn notices(view: View, asked: &Asked) -> Vec<Notice> {
    let warn = |says: String, more: Markup| Notice { level: Level::Warn, says, more };
    let w = Ip::of(view.language);
    let too_much =
        asked.text.is_too_much.then(|| warn(w.too_much.into(), Markup::text(words::ip::limits(view))));
    let wrong = asked.wrong.map(|field| warn(words::ip::unread(view, field), Markup::default()));
    let done = asked.address.get("done").and_then(|done| words::ip_one::done(view, done));
    let done = done.map(Notice::done);
    done.into_iter().chain(too_much).chain(wrong).collect()
}

fn columns(visit: &Visit, w: &Ip) -> Vec<Column> {
    vec![
        Column::sorted("prefix", visit.common().prefix),
        Column::sorted("source", visit.common().source),
        Column::plain(w.reason),
        Column::plain(w.country),
        Column::sorted("detected", w.detected),
        Column::sorted("until", w.until),
    ]
}

/// The names of sources: what the store has, else what the live publication names.
async fn sources(app: &App) -> Vec<SourceName> {
    if app.store().is_some()
        && let Ok(rows) = app.ask_store(Store::source_configs).await
    {
        return rows.into_iter().map(|row| row.name).collect();
    }
    let Some(live) = app.live() else { return Vec::new() };
    let chunks = live.publication().content().chunks();
    let mut names: Vec<SourceName> = chunks.iter().flat_map(|chunk| chunk.sources()).cloned().collect();
    names.sort_unstable();
    names.dedup();
    names
}

async fn published(app: &App, view: View, asked: &Asked) -> Result<Found, Problem> {
    let Some(live) = app.live() else { return Ok(Found::default()) };
    let (filter, order) = (asked.filter.clone(), asked.order());
    let after: Option<Cursor> = asked.address.get("after").and_then(|after| after.parse().ok());
    let look = move || {
        let hits = search(live.publication().content(), &filter, order, after.as_ref(), ROWS);
        Found {
            says: words::ip::found(view, hits.count as u64),
            next: hits.next.map(|next| next.to_string()),
            rows: hits.rows.into_iter().map(|(chunk, listing)| Row::of(chunk, listing)).collect(),
        }
    };
    let found = tokio::task::spawn_blocking(look).await;
    found.map_err(|error| app.incident("the search broke off", &error))
}

async fn in_store(app: &App, view: View, asked: &Asked) -> Result<Found, Problem> {
    let (filter, state) = (asked.filter.clone(), asked.standing.kept());
    let after: Option<ListingCursor> = asked.address.get("after").and_then(|after| after.parse().ok());
    let kept = app.ask_store(move |store| kept::search(store, &filter, state, after, ROWS));
    let kept = kept.await?;
    Ok(Found {
        says: words::ip::scanned(view, kept.scanned as u64, kept.next.is_none()),
        next: kept.next.map(|next| next.to_string()),
        rows: kept.rows.into_iter().map(Row::from).collect(),
    })
}

impl Row {
    pub(super) fn of(chunk: &Chunk, listing: &Listing) -> Self {
        let details = chunk.details_of(listing);
        let text = |text: &Option<Box<str>>| text.as_deref().unwrap_or("").to_owned();
        Self {
            prefix: listing.prefix,
            source: chunk.source_of(listing).clone(),
            reason: text(&details.reason),
            country: details.country,
            category: text(&details.category),
            severity: text(&details.severity),
            confidence: details.confidence,
            detected: listing.detected,
            until: listing.until,
            by_person: false,
        }
    }
}

impl From<ListingRow> for Row {
    fn from(row: ListingRow) -> Self {
        Self {
            prefix: row.prefix,
            source: row.source,
            reason: row.reason.unwrap_or_default(),
            country: row.country,
            category: row.category.unwrap_or_default(),
            severity: row.severity.unwrap_or_default(),
            confidence: row.confidence,
            detected: row.detected,
            until: row.until,
            by_person: row.end_set_by_person,
        }
    }
}
