//! The fourth step: the first device. The make is chosen, a name given, and the answer is what is pasted into it, with the
//! secret that is shown this once. All else of a device is set on its own page.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use blocklist::ConsumerName;
use blocklist::consumer::{ConsumerSettings, Vendor};
use prefix::Prefix;
use serde::Deserialize;
use store::{ConsumerAddress, ConsumerRow};

use super::{Facts, Step, Walk};
use crate::App;
use crate::api::body::Json;
use crate::api::consumers::change::{self, NewConsumer};
use crate::api::consumers::secret::{self, Rotation, Secret};
use crate::api::problem::Problem;
use crate::api::reason::Reason;
use crate::pages::devices::new::PAGES;
use crate::pages::devices::recipe::{self, Filled};
use crate::pages::devices::server::{Here, Server};
use crate::pages::form::Posted;
use crate::pages::parts::{Field, Notice};
use crate::pages::words::{Devices, Start};
use crate::pages::{Level, Markup, Page, Shell, Visit, respond, words};

#[derive(Template)]
#[template(path = "start/device.html")]
struct PickPage {
    shell: Shell,
    t: &'static Start,
    walk: Walk,
    there: Vec<ConsumerRow>,
    makes: Vec<Vendor>,
}

#[derive(Template)]
#[template(path = "start/device_new.html")]
struct NewPage {
    shell: Shell,
    t: &'static Start,
    walk: Walk,
    vendor: Vendor,
    notice: Option<Notice>,
    fields: Vec<Field>,
}

#[derive(Template)]
#[template(path = "start/device_made.html")]
struct MadePage {
    shell: Shell,
    t: &'static Start,
    walk: Walk,
    notice: Notice,
    unencrypted: Option<Notice>,
    made: Secret,
    pieces: Vec<Filled>,
    notes: Vec<&'static str>,
}

/// Which make.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Asked {
    #[serde(default)]
    vendor: String,
}

/// What was typed.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Typed {
    #[serde(default)]
    vendor: String,
    #[serde(default)]
    name: String,
    #[serde(default)]
    server: String,
    #[serde(default)]
    addresses: String,
}

/// A field that is wrong, and in what way.
type Wrong = (&'static str, String);

/// The makes, or the form of the one that was chosen.
pub(crate) async fn page(
    State(app): State<Arc<App>>,
    visit: Visit,
    here: Here,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    if !asked.vendor.is_empty() {
        return form(&app, &visit, &here, make(&asked.vendor)?, None, None, None).await;
    }
    let facts = Facts::of(&app, &visit).await?;
    let page = PickPage {
        shell: visit.shell(&app, Page::Settings),
        t: Start::of(visit.view.language),
        walk: Walk::at(&visit, &facts, Step::Device),
        there: app.ask_store(store::Store::consumers).await?,
        makes: Vendor::ALL.to_vec(),
    };
    respond::html(&app, &page)
}

fn make(name: &str) -> Result<Vendor, Problem> {
    let known = Vendor::ALL.iter().find(|vendor| vendor.as_str() == name);
    known.copied().ok_or_else(|| Problem::not_found("no such make of device").because(Reason::NoMake))
}

async fn form(
    app: &App,
    visit: &Visit,
    here: &Here,
    vendor: Vendor,
    typed: Option<&Typed>,
    wrong: Option<&Wrong>,
    problem: Option<&Problem>,
) -> Result<Response, Problem> {
    let facts = Facts::of(app, visit).await?;
    let (t, d) = (Start::of(visit.view.language), Devices::of(visit.view.language));
    let of = |key: &str| wrong.filter(|(field, _)| *field == key).map(|(_, says)| says.clone());
    let (name, addresses) = typed.map_or(("", ""), |typed| (typed.name.as_str(), typed.addresses.as_str()));
    let server = typed.map_or_else(|| here.text(None), |typed| typed.server.clone());
    let name = Field::line("name", d.name).value(name).hint(d.name_hint).example("FW-1").wrong(of("name"));
    let status = match (problem, wrong) {
        (Some(problem), _) => problem.status(),
        (None, Some(_)) => StatusCode::UNPROCESSABLE_ENTITY,
        (None, None) => StatusCode::OK,
    };
    let page = NewPage {
        shell: visit.shell(app, Page::Settings),
        t,
        walk: Walk::at(visit, &facts, Step::Device),
        vendor,
        notice: problem.map(|problem| Notice::refused(visit.view, problem)),
        fields: vec![
            name.required().focused(),
            Field::line("server", d.server).value(server).hint(d.server_hint).wrong(of("server")).required(),
            Field::text("addresses", d.addresses)
                .value(addresses)
                .hint(d.addresses_hint)
                .wrong(of("addresses")),
        ],
    };
    respond::with_status(app, status, &page)
}

/// Adds it with a secret, and shows what is pasted.
pub(crate) async fn add(
    State(app): State<Arc<App>>,
    visit: Visit,
    here: Here,
    Posted(typed): Posted<Typed>,
) -> Result<Response, Problem> {
    let vendor = make(&typed.vendor)?;
    let (new, server) = match read(&visit, vendor, &typed) {
        Ok(read) => read,
        Err(wrong) => return form(&app, &visit, &here, vendor, Some(&typed), Some(&wrong), None).await,
    };
    let name = new.name.clone();
    if let Err(problem) = change::add(State(Arc::clone(&app)), visit.identity.clone(), Json(new)).await {
        return form(&app, &visit, &here, vendor, Some(&typed), None, Some(&problem)).await;
    }
    // Were this to fail, the device is there without a secret, and its page makes one.
    let made = secret::make(&app, &visit.identity, name, &Rotation { old_valid_days: 0 }).await?;
    made_page(&app, &visit, vendor, made, &server).await
}

fn read(visit: &Visit, vendor: Vendor, typed: &Typed) -> Result<(NewConsumer, Server), Wrong> {
    let d = Devices::of(visit.view.language);
    let name: ConsumerName = typed.name.trim().parse().map_err(|_| ("name", d.name_hint.to_owned()))?;
    if PAGES.contains(&name.as_str()) {
        return Err(("name", d.name_taken.to_owned()));
    }
    let server = Server::parse(&typed.server).ok_or_else(|| ("server", d.bad_server.to_owned()))?;
    let mut addresses = Vec::new();
    for word in typed.addresses.split([',', '\n', '\r', ' ', '\t']).filter(|word| !word.is_empty()) {
        let prefix: Prefix =
            word.parse().map_err(|_| ("addresses", words::devices::no_address(visit.view, word)))?;
        addresses.push(ConsumerAddress { prefix, trusted: false });
    }
    let settings = ConsumerSettings { vendor, cap: recipe::of(vendor).cap, ..ConsumerSettings::default() };
    Ok((NewConsumer { name, settings, addresses }, server))
}

async fn made_page(
    app: &App,
    visit: &Visit,
    vendor: Vendor,
    made: Secret,
    server: &Server,
) -> Result<Response, Problem> {
    let facts = Facts::of(app, visit).await?;
    let (view, d) = (visit.view, Devices::of(visit.view.language));
    let recipe = recipe::of(vendor);
    let device = recipe::Device {
        server: server.as_str(),
        feed: blocklist::FeedName::DEFAULT,
        user: made.consumer.as_str(),
        secret: &made.secret,
    };
    let warn =
        |says: &str, more: &str| Notice { level: Level::Warn, says: says.into(), more: Markup::text(more) };
    let page = MadePage {
        shell: visit.shell(app, Page::Settings),
        t: Start::of(view.language),
        walk: Walk::at(visit, &facts, Step::Device),
        notice: warn(d.once, d.once_more),
        unencrypted: (!server.is_encrypted()).then(|| warn(d.unencrypted, "")),
        pieces: recipe.fill(view, device),
        notes: recipe.notes(view),
        made,
    };
    respond::html(app, &page)
}
