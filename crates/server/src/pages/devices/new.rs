//! `/devices/new`: a device in three steps - which make, what it may read and from where, and what is pasted into it.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use blocklist::ConsumerName;
use blocklist::consumer::{ConsumerSettings, SETTINGS, Vendor};
use serde::Deserialize;
use store::FeedRow;

use super::fields::{self, Typed, Wrong, of_field};
use super::one::server_field;
use super::recipe;
use super::secret::shown;
use super::server::{Here, Server};
use crate::App;
use crate::api::body::Json;
use crate::api::consumers::change::{self, NewConsumer};
use crate::api::consumers::secret::{self, Rotation};
use crate::api::problem::Problem;
use crate::api::reason::Reason;
use crate::pages::form::Posted;
use crate::pages::parts::{Field, Notice};
use crate::pages::words::Devices;
use crate::pages::{Page, Shell, View, Visit, respond, words};

/// Names that pages beside the devices have.
pub(crate) const PAGES: [&str; 2] = ["new", "feeds"];

#[derive(Template)]
#[template(path = "devices/pick.html")]
struct PickPage {
    shell: Shell,
    t: &'static Devices,
    makes: Vec<Make>,
}

/// A make that can be chosen.
struct Make {
    vendor: Vendor,
    format: &'static str,
    limit: String,
}

#[derive(Template)]
#[template(path = "devices/new.html")]
struct NewPage {
    shell: Shell,
    t: &'static Devices,
    title: &'static str,
    notice: Option<Notice>,
    fields: Vec<Field>,
    vendor: &'static str,
}

/// Which make.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Asked {
    vendor: Option<String>,
}

/// The makes to choose from, or the form of the one that was chosen.
pub(crate) async fn form(
    State(app): State<Arc<App>>,
    visit: Visit,
    here: Here,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let (view, t) = (visit.view, Devices::of(visit.view.language));
    if let Some(name) = asked.vendor.as_deref() {
        return show(&app, &visit, &here, make(name)?, &Typed::new(), None, None).await;
    }
    let limit = |cap: Option<u32>| {
        cap.map_or_else(|| t.no_limit.to_owned(), |cap| words::devices::entries(view, cap.into()))
    };
    let make = |vendor: &Vendor| {
        let recipe = recipe::of(*vendor);
        Make { vendor: *vendor, format: recipe.format, limit: limit(recipe.cap) }
    };
    let page = PickPage {
        shell: visit.shell(&app, Page::Devices),
        t,
        makes: Vendor::ALL.iter().map(make).collect(),
    };
    respond::html(&app, &page)
}

fn make(name: &str) -> Result<Vendor, Problem> {
    let known = Vendor::ALL.iter().find(|vendor| vendor.as_str() == name);
    known.copied().ok_or_else(|| Problem::not_found("no such make of device").because(Reason::NoMake))
}

async fn show(
    app: &App,
    visit: &Visit,
    here: &Here,
    vendor: Vendor,
    typed: &Typed,
    problem: Option<&Problem>,
    wrong: Option<&Wrong>,
) -> Result<Response, Problem> {
    let feeds = app.ask_store(store::Store::feeds).await?;
    let t = Devices::of(visit.view.language);
    let status = match (problem, wrong) {
        (Some(problem), _) => problem.status(),
        (None, Some(_)) => StatusCode::UNPROCESSABLE_ENTITY,
        (None, None) => StatusCode::OK,
    };
    let page = NewPage {
        shell: visit.shell(app, Page::Devices),
        t,
        title: vendor.title(),
        notice: problem.map(|problem| Notice::refused(visit.view, problem)),
        fields: form_fields(visit.view, here, vendor, typed, &feeds, wrong),
        vendor: vendor.as_str(),
    };
    respond::with_status(app, status, &page)
}

fn form_fields(
    view: View,
    here: &Here,
    vendor: Vendor,
    typed: &Typed,
    feeds: &[FeedRow],
    wrong: Option<&Wrong>,
) -> Vec<Field> {
    let t = Devices::of(view.language);
    let sent = |key: &str| typed.get(key).cloned().unwrap_or_default();
    let mut all = vec![
        Field::line("name", t.name)
            .value(sent("name"))
            .hint(t.name_hint)
            .example("FW-3")
            .wrong(of_field(wrong, "name"))
            .required()
            .focused(),
    ];
    let preset = ConsumerSettings { vendor, cap: recipe::of(vendor).cap, ..ConsumerSettings::default() };
    // Which make was chosen a step before.
    let rest = SETTINGS.iter().zip(fields::fields(view, SETTINGS, &preset, typed, feeds, wrong));
    all.extend(rest.filter(|(setting, _)| setting.key != "vendor").map(|(setting, field)| {
        if setting.key == "cap" && preset.cap.is_some() { field.hint(t.cap_preset) } else { field }
    }));
    all.extend(fields::address_fields(view, &[], typed, wrong));
    let server = typed.get("server").cloned().unwrap_or_else(|| here.text(None));
    all.push(server_field(view, &server, of_field(wrong, "server")));
    all
}

/// Makes it, with a secret, and shows what is pasted.
pub(crate) async fn add(
    State(app): State<Arc<App>>,
    visit: Visit,
    here: Here,
    Posted(typed): Posted<Typed>,
) -> Result<Response, Problem> {
    let vendor = make(typed.get("vendor").map_or("", String::as_str))?;
    let (new, server) = match read(visit.view, vendor, &typed) {
        Ok(read) => read,
        Err(wrong) => return show(&app, &visit, &here, vendor, &typed, None, Some(&wrong)).await,
    };
    let name = new.name.clone();
    if let Err(problem) = change::add(State(Arc::clone(&app)), visit.identity.clone(), Json(new)).await {
        return show(&app, &visit, &here, vendor, &typed, Some(&problem), None).await;
    }
    // Were this to fail, the device is there without a secret, and its page makes one.
    let made = secret::make(&app, &visit.identity, name.clone(), &Rotation { old_valid_days: 0 }).await?;
    let row = app.ask_store(move |store| store.consumer(&name)).await?;
    shown(&app, &visit, &row, made, Some(server), Devices::of(visit.view.language).step_done)
}

fn read(view: View, vendor: Vendor, typed: &Typed) -> Result<(NewConsumer, Server), Wrong> {
    let t = Devices::of(view.language);
    let sent = |key: &str| typed.get(key).map_or("", |text| text.trim());
    let name: ConsumerName = sent("name").parse().map_err(|_| ("name", t.name_hint.to_owned()))?;
    if PAGES.contains(&name.as_str()) {
        return Err(("name", t.name_taken.to_owned()));
    }
    let preset = ConsumerSettings { vendor, ..ConsumerSettings::default() };
    let settings = fields::read(view, SETTINGS, &preset, typed)?;
    let addresses = fields::read_addresses(view, typed)?;
    let server = Server::parse(sent("server")).ok_or_else(|| ("server", t.bad_server.to_owned()))?;
    Ok((NewConsumer { name, settings, addresses }, server))
}
