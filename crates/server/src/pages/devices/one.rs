//! `/devices/{name}`: a device, what it holds, its settings, and what is pasted into it.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Query, State};
use axum::response::Response;
use blocklist::consumer::SETTINGS;
use blocklist::{ConsumerName, FeedName};
use store::{ConsumerRow, PullQuery, PullRow, Role};

use super::again::Again;
use super::fields;
use super::recipe::{self, Filled};
use super::server::Here;
use super::{Asked, told};
use crate::App;
use crate::api::consumers::Named;
use crate::api::problem::Problem;
use crate::pages::parts::{Field, Notice};
use crate::pages::words::Devices;
use crate::pages::{Level, Page, Shell, View, Visit, respond, show, words};

/// So many of its pulls are shown.
const PULLS: usize = 20;

#[derive(Template)]
#[template(path = "devices/one.html")]
struct OnePage {
    shell: Shell,
    t: &'static Devices,
    notice: Option<Notice>,
    row: ConsumerRow,
    word: String,
    level: Level,
    settings: Vec<Field>,
    addresses: [Field; 2],
    overlap: Field,
    pulls: Vec<PullLine>,
    pieces: Vec<Filled>,
    notes: Vec<&'static str>,
    server: Field,
    server_text: String,
}

/// A pull and how it went.
struct PullLine {
    pull: PullRow,
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
    look(&app, &visit, name, &here, &asked, notice, &Again::default()).await
}

/// The same after something was refused.
pub(super) async fn again(
    app: &App,
    visit: &Visit,
    name: ConsumerName,
    here: &Here,
    again: Again,
) -> Result<Response, Problem> {
    look(app, visit, name, here, &Asked::default(), None, &again).await
}

async fn look(
    app: &App,
    visit: &Visit,
    name: ConsumerName,
    here: &Here,
    asked: &Asked,
    notice: Option<Notice>,
    again: &Again,
) -> Result<Response, Problem> {
    let query = PullQuery { consumer: Some(name.clone()), ..PullQuery::default() };
    let (row, pulls, feeds) = app
        .ask_store(move |store| Ok((store.consumer(&name)?, store.pulls(&query, PULLS)?, store.feeds()?)))
        .await?;
    let (view, t) = (visit.view, Devices::of(visit.view.language));
    let (word, level) = words::devices::state(view, &row);
    let recipe = recipe::of(row.settings.vendor);
    let server = here.text(asked.server.as_deref());
    let device = recipe::Device {
        server: &server,
        feed: feed_of(&row),
        user: row.name.as_str(),
        secret: t.secret_place,
    };
    let line = |pull: PullRow| {
        let (word, level) = words::devices::answered(view, &pull);
        PullLine { pull, word, level }
    };
    let wrong = again.wrong.as_ref();
    let page = OnePage {
        shell: visit.shell(app, Page::Devices),
        t,
        notice: again.notice(view).or(notice),
        word,
        level,
        settings: fields::fields(view, SETTINGS, &row.settings, &again.typed, &feeds, wrong),
        addresses: fields::address_fields(view, &row.addresses, &again.typed, wrong),
        overlap: Field::typed("days", t.overlap, "number").value("7").hint(t.overlap_hint),
        pulls: pulls.into_iter().map(line).collect(),
        pieces: recipe.fill(view, device),
        notes: recipe.notes(view),
        server: server_field(view, &server, None),
        server_text: server,
        row,
    };
    respond::with_status(app, again.status(), &page)
}

/// The feed that a device reads: the one that it is limited to, else the one that it read last.
pub(super) fn feed_of(row: &ConsumerRow) -> &str {
    let limited = row.settings.feed.as_ref().map(FeedName::as_str);
    let read = row.holdings.first().map(|last| last.feed.as_str());
    limited.or(read).unwrap_or(FeedName::DEFAULT)
}

/// Where the device finds this server.
pub(super) fn server_field(view: View, server: &str, wrong: Option<String>) -> Field {
    let t = Devices::of(view.language);
    Field::line("server", t.server).value(server).hint(t.server_hint).wrong(wrong)
}

impl OnePage {
    /// Its cap, as a line.
    fn cap(&self) -> String {
        let cap = self.row.settings.cap;
        cap.map_or_else(|| "–".to_owned(), |cap| words::devices::entries(self.shell.view, cap.into()))
    }
}
