//! `/devices/feeds/{name}`: a feed, its formats with their addresses, its settings, and who reads it.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Query, State};
use axum::response::Response;
use blocklist::FeedName;
use blocklist::feed::SETTINGS;
use formats::{FORMATS, Format};
use store::{ConsumerRow, FeedRow, Role};

use super::{reads, shows};
use crate::App;
use crate::api::body::Json;
use crate::api::feeds::{self as api, FeedChange, Named};
use crate::api::problem::Problem;
use crate::pages::devices::act::Nothing;
use crate::pages::devices::again::Again;
use crate::pages::devices::fields::{self, Typed};
use crate::pages::devices::server::Here;
use crate::pages::devices::{Asked, told};
use crate::pages::error::lead_to;
use crate::pages::form::Posted;
use crate::pages::parts::{Field, Notice};
use crate::pages::sure::{self, Sure};
use crate::pages::words::Devices;
use crate::pages::{Level, Page, Shell, View, Visit, respond, show, words};

#[derive(Template)]
#[template(path = "devices/feed.html")]
struct OnePage {
    shell: Shell,
    t: &'static Devices,
    notice: Option<Notice>,
    feed: FeedRow,
    shows: String,
    entries: Option<u64>,
    formats: Vec<Line>,
    readers: Vec<Reader>,
    settings: Vec<Field>,
}

/// A format and where the feed is in it.
struct Line {
    format: &'static Format,
    about: &'static str,
    path: String,
    address: String,
    limit: String,
}

/// A device that reads it.
struct Reader {
    row: ConsumerRow,
    word: String,
    level: Level,
}

/// The page.
pub(crate) async fn page(
    State(app): State<Arc<App>>,
    visit: Visit,
    Named(name): Named,
    here: Here,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let t = Devices::of(visit.view.language);
    let notice = asked.done.as_deref().and_then(|done| told(t, done));
    look(&app, &visit, name, &here, notice, &Again::default()).await
}

async fn look(
    app: &App,
    visit: &Visit,
    name: FeedName,
    here: &Here,
    notice: Option<Notice>,
    again: &Again,
) -> Result<Response, Problem> {
    let (feed, consumers) = app.ask_store(move |store| Ok((store.feed(&name)?, store.consumers()?))).await?;
    let (view, t) = (visit.view, Devices::of(visit.view.language));
    let reader = |row: ConsumerRow| {
        let (word, level) = words::devices::state(view, &row);
        Reader { row, word, level }
    };
    let server = here.text(None);
    let wrong = again.wrong.as_ref();
    let page = OnePage {
        shell: visit.shell(app, Page::Devices),
        t,
        notice: again.notice(view).or(notice),
        shows: shows(view, &feed.settings),
        entries: app.live().and_then(|live| live.known_entries(&feed.settings)),
        formats: FORMATS.iter().map(|format| line(view, &server, &feed.name, format)).collect(),
        readers: consumers.into_iter().filter(|row| reads(row, &feed.name)).map(reader).collect(),
        settings: fields::fields(view, SETTINGS, &feed.settings, &again.typed, &[], wrong),
        feed,
    };
    respond::with_status(app, again.status(), &page)
}

fn line(view: View, server: &str, feed: &FeedName, format: &'static Format) -> Line {
    let limit = format.device_limit.as_ref();
    let path = format!("/feeds/{feed}/{}", format.name);
    Line {
        format,
        about: view.pick(format.about.ko, format.about.en),
        address: format!("{server}{path}"),
        path,
        limit: limit.map_or_else(|| "–".into(), |limit| words::devices::entries(view, limit.entries as u64)),
    }
}

/// Changes what it shows.
pub(crate) async fn change(
    State(app): State<Arc<App>>,
    visit: Visit,
    Named(name): Named,
    here: Here,
    Posted(typed): Posted<Typed>,
) -> Result<Response, Problem> {
    let asked = name.clone();
    let before = app.ask_store(move |store| store.feed(&asked)).await?;
    let settings = match fields::read(visit.view, SETTINGS, &before.settings, &typed) {
        Ok(settings) => settings,
        Err(wrong) => {
            let again = Again::unread(typed, wrong);
            return look(&app, &visit, name, &here, None, &again).await;
        }
    };
    let settings = serde_json::to_value(&settings)
        .map_err(|error| app.incident("the settings cannot be written", &error))?;
    let (state, identity) = (State(Arc::clone(&app)), visit.identity.clone());
    match api::change(state, identity, Named(name.clone()), Json(FeedChange { settings })).await {
        Ok(_) => Ok(lead_to(&format!("/devices/feeds/{name}?done=changed"))),
        Err(problem) => {
            let again = Again::refused(problem, typed);
            look(&app, &visit, name, &here, None, &again).await
        }
    }
}

/// What a removal means.
pub(crate) async fn remove_form(
    State(app): State<Arc<App>>,
    visit: Visit,
    Named(name): Named,
) -> Result<Response, Problem> {
    let asked = name.clone();
    app.ask_store(move |store| store.feed(&asked)).await?;
    let t = Devices::of(visit.view.language);
    let sure = Sure {
        page: Page::Devices,
        title: t.remove_feed,
        target: name.as_str().into(),
        says: t.remove_feed_says,
        undo: t.remove_feed_undo,
        action: format!("/devices/feeds/{name}/remove"),
        fields: Vec::new(),
        back: format!("/devices/feeds/{name}"),
    };
    sure::ask(&app, &visit, sure)
}

/// Removes it.
pub(crate) async fn remove(
    State(app): State<Arc<App>>,
    visit: Visit,
    Named(name): Named,
    here: Here,
    Posted(Nothing {}): Posted<Nothing>,
) -> Result<Response, Problem> {
    let (state, identity) = (State(Arc::clone(&app)), visit.identity.clone());
    match api::remove(state, identity, Named(name.clone())).await {
        Ok(_) => Ok(lead_to("/devices/feeds?done=feed-removed")),
        Err(problem) => {
            let again = Again::refused(problem, Typed::new());
            look(&app, &visit, name, &here, None, &again).await
        }
    }
}
