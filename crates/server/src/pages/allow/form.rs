//! `/allow/new`: an entry is typed, shown with what it would change, and then made.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use prefix::Prefix;
use serde::Deserialize;
use store::{Error, NewAllow, Preview};

use super::super::error::lead_to;
use super::super::form::Posted;
use super::super::parts::{Changes, Confirm, Field};
use super::super::words::Allow;
use super::super::{Page, Shell, View, Visit, respond, words};
use crate::App;
use crate::api::problem::Problem;

/// The most lines of one form.
const MAX_LINES: usize = 1_000;

#[derive(Template)]
#[template(path = "allow/form.html")]
struct FormPage {
    shell: Shell,
    title: &'static str,
    fields: Vec<Field>,
}

#[derive(Template)]
#[template(path = "allow/sure.html")]
pub(super) struct SurePage<'a> {
    pub(super) shell: &'a Shell,
    pub(super) title: &'a str,
    pub(super) confirm: Confirm<'a>,
    pub(super) changes: Changes,
}

/// What was typed.
#[derive(Clone, Debug, Default, Deserialize)]
pub(crate) struct Typed {
    #[serde(default)]
    prefix: String,
    #[serde(default)]
    reason: String,
    #[serde(default)]
    owner: String,
    #[serde(default)]
    ticket: String,
    #[serde(default)]
    until: String,
    #[serde(default)]
    remind: String,
    wide: Option<String>,
    confirmed: Option<String>,
}

/// Which address the form begins with.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Asked {
    #[serde(default)]
    prefix: String,
}

/// The empty form.
pub(crate) async fn new(
    State(app): State<Arc<App>>,
    visit: Visit,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let typed = Typed { prefix: asked.prefix, ..Typed::default() };
    show(&app, &visit, &typed, None)
}

fn show(
    app: &App,
    visit: &Visit,
    typed: &Typed,
    wrong: Option<&(&'static str, String)>,
) -> Result<Response, Problem> {
    let t = Allow::of(visit.view.language);
    let status = if wrong.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let wrong = |name: &str| wrong.filter(|(field, _)| *field == name).map(|(_, says)| says.clone());
    let fields = vec![
        Field::text("prefix", t.what)
            .value(&typed.prefix)
            .hint(t.what_hint)
            .wrong(wrong("prefix"))
            .required()
            .focused(),
        Field::line("reason", t.reason).value(&typed.reason).wrong(wrong("reason")).required(),
        Field::line("owner", t.owner).value(&typed.owner).wrong(wrong("owner")),
        Field::line("ticket", t.ticket).value(&typed.ticket).wrong(wrong("ticket")),
        Field::typed("until", visit.view.in_zone(t.until), "date")
            .value(&typed.until)
            .hint(t.until_hint)
            .wrong(wrong("until")),
        Field::typed("remind", t.remind, "number").value(&typed.remind).wrong(wrong("remind")),
        Field::tick("wide", t.wide, typed.wide.is_some()),
    ];
    let page = FormPage { shell: visit.shell(app, Page::Allow), title: t.add, fields };
    respond::with_status(app, status, &page)
}

/// Takes the form: first what would change, then the deed.
pub(crate) async fn add(
    State(app): State<Arc<App>>,
    visit: Visit,
    Posted(typed): Posted<Typed>,
) -> Result<Response, Problem> {
    let new = match read(visit.view, &typed) {
        Ok(new) => new,
        Err(wrong) => return show(&app, &visit, &typed, Some(&wrong)),
    };
    let who = visit.identity.who(None, None)?;
    let confirmed = typed.confirmed.is_some();
    let done = app.ask_store(move |store| {
        let done = if confirmed {
            store.add_allow(&new, &who.actor()).map(|_| None)
        } else {
            store.preview_add_allow(&new).map(|(_, preview)| Some(preview))
        };
        match done {
            Err(Error::Allow(refused)) => Ok(Err(refused)),
            other => other.map(Ok),
        }
    });
    match done.await? {
        Ok(None) => Ok(lead_to("/allow?done=added")),
        Ok(Some(preview)) => sure(&app, &visit, &typed, &preview),
        Err(refused) => {
            let wrong = refused.first().map(|one| words::allow::refused(visit.view, &one.cause));
            show(&app, &visit, &typed, wrong.as_ref())
        }
    }
}

fn read(view: View, typed: &Typed) -> Result<Vec<NewAllow>, (&'static str, String)> {
    let t = Allow::of(view.language);
    let some = |text: &str| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
    let until = some(&typed.until).map(|text| view.end(&text)).transpose();
    let until = until.map_err(|_| ("until", t.bad_end.to_owned()))?;
    let remind_days = some(&typed.remind).map(|text| text.parse()).transpose();
    let remind_days = remind_days.map_err(|_| ("remind", t.remind_long.to_owned()))?;
    let one = |prefix: Prefix| NewAllow {
        prefix,
        reason: typed.reason.trim().to_owned(),
        owner: some(&typed.owner),
        ticket: some(&typed.ticket),
        until,
        remind_days,
        wide: typed.wide.is_some(),
    };
    let mut new = Vec::new();
    for line in typed.prefix.lines().map(str::trim).filter(|line| !line.is_empty()).take(MAX_LINES) {
        let shown: String = line.chars().take(80).collect();
        let parsed = prefix::parse(line.as_bytes())
            .map_err(|refusal| ("prefix", words::allow::not_taken(view, &shown, refusal)))?;
        new.extend(parsed.entry.prefixes().map(one));
    }
    if new.is_empty() { Err(("prefix", t.what_hint.to_owned())) } else { Ok(new) }
}

fn sure(app: &App, visit: &Visit, typed: &Typed, preview: &Preview) -> Result<Response, Problem> {
    let (t, shell) = (Allow::of(visit.view.language), visit.shell(app, Page::Allow));
    let (come, go) = (preview.delta.added.len() as u64, preview.delta.removed.len() as u64);
    let mut fields: Vec<(String, String)> = [
        ("prefix", &typed.prefix),
        ("reason", &typed.reason),
        ("owner", &typed.owner),
        ("ticket", &typed.ticket),
        ("until", &typed.until),
        ("remind", &typed.remind),
    ]
    .map(|(name, value)| (name.to_owned(), value.clone()))
    .into();
    fields.extend(typed.wide.clone().map(|wide| ("wide".to_owned(), wide)));
    let page = SurePage {
        shell: &shell,
        title: t.add,
        confirm: Confirm {
            shell: &shell,
            says: words::allow::effect(visit.view, come, go),
            undo: t.add_undo.into(),
            action: "/allow/new".into(),
            fields,
            button: t.add.into(),
            back: "/allow".into(),
        },
        changes: Changes::of(visit.view, &preview.delta),
    };
    respond::html(app, &page)
}
