//! `/devices/feeds`: the views of the list, and who reads them.

pub(crate) mod one;

use std::sync::Arc;

use askama::Template;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use blocklist::feed::SETTINGS;
use blocklist::{FeedName, FeedSettings};
use formats::FORMATS;
use store::{ConsumerRow, FeedRow, Role};

use super::fields::{self, Typed, Wrong, of_field};
use super::{Asked, tabs, told};
use crate::App;
use crate::api::body::Json;
use crate::api::feeds::{self as api, NewFeed};
use crate::api::problem::Problem;
use crate::pages::error::lead_to;
use crate::pages::form::Posted;
use crate::pages::parts::{Field, Notice, Tabs};
use crate::pages::words::Devices;
use crate::pages::{Page, Shell, View, Visit, respond};

/// A name that a page beside the feeds has.
const PAGES: [&str; 1] = ["new"];

#[derive(Template)]
#[template(path = "devices/feeds.html")]
struct ListPage {
    shell: Shell,
    t: &'static Devices,
    tabs: Tabs,
    notice: Option<Notice>,
    rows: Vec<Row>,
}

/// A feed, what it shows, and who reads it.
struct Row {
    feed: FeedRow,
    shows: String,
    entries: Option<u64>,
    readers: usize,
}

#[derive(Template)]
#[template(path = "devices/feed_new.html")]
struct NewPage {
    shell: Shell,
    t: &'static Devices,
    notice: Option<Notice>,
    fields: Vec<Field>,
}

/// The page.
pub(crate) async fn list(
    State(app): State<Arc<App>>,
    visit: Visit,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let (view, t) = (visit.view, Devices::of(visit.view.language));
    let (feeds, consumers) = app.ask_store(|store| Ok((store.feeds()?, store.consumers()?))).await?;
    let live = app.live();
    let row = |feed: FeedRow| Row {
        shows: shows(view, &feed.settings),
        entries: live.as_ref().and_then(|live| live.known_entries(&feed.settings)),
        readers: consumers.iter().filter(|row| reads(row, &feed.name)).count(),
        feed,
    };
    let page = ListPage {
        shell: visit.shell(&app, Page::Devices),
        t,
        tabs: tabs(t, "/devices/feeds"),
        notice: asked.done.as_deref().and_then(|done| told(t, done)),
        rows: feeds.into_iter().map(row).collect(),
    };
    respond::html(&app, &page)
}

/// What a feed is set to where that is not the default, as commands write it.
fn shows(view: View, settings: &FeedSettings) -> String {
    let set = SETTINGS.iter().filter(|setting| setting.get(settings) != setting.default());
    let all: Vec<String> = set.map(|setting| format!("{}={}", setting.key, setting.get(settings))).collect();
    if all.is_empty() { Devices::of(view.language).everything.to_owned() } else { all.join(" ") }
}

/// Whether a device is limited to a feed, or read it.
fn reads(row: &ConsumerRow, feed: &FeedName) -> bool {
    match &row.settings.feed {
        Some(own) => own == feed,
        None => row.holdings.iter().any(|last| last.feed == feed.as_str()),
    }
}

/// The form of a new one.
pub(crate) async fn new(State(app): State<Arc<App>>, visit: Visit) -> Result<Response, Problem> {
    show(&app, &visit, &Typed::new(), None, None)
}

fn show(
    app: &App,
    visit: &Visit,
    typed: &Typed,
    problem: Option<&Problem>,
    wrong: Option<&Wrong>,
) -> Result<Response, Problem> {
    let (view, t) = (visit.view, Devices::of(visit.view.language));
    let name = Field::line("name", t.name)
        .value(typed.get("name").cloned().unwrap_or_default())
        .hint(t.feed_name_hint)
        .example("perimeter")
        .wrong(of_field(wrong, "name"))
        .required()
        .focused();
    let mut all = vec![name];
    all.extend(fields::fields(view, SETTINGS, &FeedSettings::default(), typed, &[], wrong));
    let status = match (problem, wrong) {
        (Some(problem), _) => problem.status(),
        (None, Some(_)) => StatusCode::UNPROCESSABLE_ENTITY,
        (None, None) => StatusCode::OK,
    };
    let page = NewPage {
        shell: visit.shell(app, Page::Devices),
        t,
        notice: problem.map(|problem| Notice::refused(visit.view, problem)),
        fields: all,
    };
    respond::with_status(app, status, &page)
}

/// Makes it.
pub(crate) async fn add(
    State(app): State<Arc<App>>,
    visit: Visit,
    Posted(typed): Posted<Typed>,
) -> Result<Response, Problem> {
    let new = match read(visit.view, &typed) {
        Ok(new) => new,
        Err(wrong) => return show(&app, &visit, &typed, None, Some(&wrong)),
    };
    let name = new.name.clone();
    match api::add(State(Arc::clone(&app)), visit.identity.clone(), Json(new)).await {
        Ok(_) => Ok(lead_to(&format!("/devices/feeds/{name}?done=feed-added"))),
        Err(problem) => show(&app, &visit, &typed, Some(&problem), None),
    }
}

fn read(view: View, typed: &Typed) -> Result<NewFeed, Wrong> {
    let t = Devices::of(view.language);
    let sent = typed.get("name").map_or("", |text| text.trim());
    let name: FeedName = sent.parse().map_err(|_| ("name", t.feed_name_hint.to_owned()))?;
    if PAGES.contains(&name.as_str()) {
        return Err(("name", t.name_taken.to_owned()));
    }
    Ok(NewFeed { name, settings: fields::read(view, SETTINGS, &FeedSettings::default(), typed)? })
}
