//! `/collect/new`: a source of a kind, or one of the known public lists.

use std::collections::BTreeMap;
use std::sync::Arc;

use askama::Template;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use blocklist::SourceName;
use collect::catalogue::{self, Template as Known};
use collect::source::{KINDS, Kind, SETTINGS, Settings};
use serde::Deserialize;

use crate::App;
use crate::api::body::Json;
use crate::api::problem::Problem;
use crate::api::reason::Reason;
use crate::api::sources::change::{self, NewSource};
use crate::pages::error::lead_to;
use crate::pages::form::{FIELD, Posted};
use crate::pages::parts::{Field, Notice};
use crate::pages::words::Collect;
use crate::pages::{Page, Shell, Visit, respond, words};

#[derive(Template)]
#[template(path = "collect/pick.html")]
struct PickPage {
    shell: Shell,
    t: &'static Collect,
    kinds: Vec<(&'static str, &'static str)>,
    templates: Vec<Pick>,
}

/// A known public list.
struct Pick {
    known: &'static Known,
    about: &'static str,
    terms: &'static str,
}

#[derive(Template)]
#[template(path = "collect/new.html")]
struct NewPage {
    shell: Shell,
    t: &'static Collect,
    title: String,
    about: String,
    notice: Option<Notice>,
    hidden: (&'static str, String),
    fields: Vec<Field>,
}

/// Which.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Asked {
    kind: Option<String>,
    template: Option<String>,
}

/// Kinds and lists to choose from, or the form of the one that was chosen.
pub(crate) async fn form(
    State(app): State<Arc<App>>,
    visit: Visit,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    if asked.kind.is_some() || asked.template.is_some() {
        return show(&app, &visit, &asked, &BTreeMap::new(), None);
    }
    let view = visit.view;
    let fetched = |kind: &&collect::source::KindInfo| kind.kind.is_fetched();
    let pick = |known: &'static Known| Pick {
        known,
        about: view.pick(known.about.korean, known.about.english),
        terms: view.pick(known.terms.korean, known.terms.english),
    };
    let page = PickPage {
        shell: visit.shell(&app, Page::Collect),
        t: Collect::of(view.language),
        kinds: KINDS
            .iter()
            .filter(fetched)
            .map(|kind| (kind.name, view.pick(kind.korean, kind.english)))
            .collect(),
        templates: catalogue::TEMPLATES.iter().map(pick).collect(),
    };
    respond::html(&app, &page)
}

fn show(
    app: &App,
    visit: &Visit,
    asked: &Asked,
    typed: &BTreeMap<String, String>,
    problem: Option<&Problem>,
) -> Result<Response, Problem> {
    let (view, t) = (visit.view, Collect::of(visit.view.language));
    let known = asked.template.as_deref().map(|id| catalogue::find(id).ok_or_else(no_such)).transpose()?;
    let kind: Kind = match known {
        Some(known) => known.kind,
        None => asked.kind.as_deref().unwrap_or("").parse().map_err(|_| no_such())?,
    };
    let info = kind.info();
    let defaults = Settings::of(kind);
    let mut fields = vec![
        Field::line("name", t.name)
            .value(typed.get("name").map_or(known.map_or(info.name, |known| known.id), String::as_str))
            .hint(t.name_hint)
            .required(),
    ];
    for setting in SETTINGS.iter().filter(|setting| setting.applies_to(kind)) {
        let default = setting.show(&defaults);
        let value = typed.get(setting.name).map(String::as_str).or_else(|| of_known(known, setting.name));
        let hint = words::collect::setting(t, view.pick(setting.korean, setting.english), &default);
        let field = Field::line(setting.name, setting.name).value(value.unwrap_or(&default)).hint(hint);
        let example = known.and_then(|known| known.own_url).filter(|_| setting.name == "url");
        fields.push(match example {
            Some(example) => field.example(example),
            None => field,
        });
    }
    let page = NewPage {
        shell: visit.shell(app, Page::Collect),
        t,
        title: known.map_or_else(|| info.name.to_owned(), |known| known.title.to_owned()),
        about: match known {
            Some(known) => format!(
                "{} · {}: {}",
                view.pick(known.about.korean, known.about.english),
                t.terms,
                view.pick(known.terms.korean, known.terms.english)
            ),
            None => view.pick(info.korean, info.english).to_owned(),
        },
        notice: problem.map(|problem| Notice::refused(view, problem)),
        hidden: match known {
            Some(known) => ("template", known.id.to_owned()),
            None => ("kind", info.name.to_owned()),
        },
        fields,
    };
    let status = problem.map_or(StatusCode::OK, Problem::status);
    respond::with_status(app, status, &page)
}

/// What a public list sets.
fn of_known(known: Option<&'static Known>, name: &str) -> Option<&'static str> {
    known?.settings.iter().find(|(key, _)| *key == name).map(|(_, value)| *value)
}

/// Adds it.
pub(crate) async fn add(
    State(app): State<Arc<App>>,
    visit: Visit,
    Posted(mut typed): Posted<BTreeMap<String, String>>,
) -> Result<Response, Problem> {
    typed.remove(FIELD);
    let asked = Asked { kind: typed.remove("kind"), template: typed.remove("template") };
    let kind: Kind = match asked.template.as_deref() {
        Some(id) => catalogue::find(id).ok_or_else(no_such)?.kind,
        None => asked.kind.as_deref().unwrap_or("").parse().map_err(|_| no_such())?,
    };
    let name: SourceName = match typed.get("name").map_or("", String::as_str).trim().parse() {
        Ok(name) => name,
        Err(bad) => {
            let problem = Problem::bad_request(bad.to_string()).because(Reason::SourceName);
            return show(&app, &visit, &asked, &typed, Some(&problem));
        }
    };
    let defaults = Settings::of(kind);
    let known = asked.template.as_deref().and_then(catalogue::find);
    // What was left as the form showed it is not set: a template's own value, or the default.
    let is_set = |key: &str, value: &str| {
        let setting = SETTINGS.iter().find(|setting| setting.name == key && setting.applies_to(kind));
        setting.is_some_and(|setting| match of_known(known, key) {
            Some(own) => own != value,
            None => setting.show(&defaults) != value,
        })
    };
    let settings = typed.iter().filter(|(key, value)| is_set(key, value));
    let new = NewSource {
        name: Some(name),
        kind: asked.kind.clone().filter(|_| asked.template.is_none()),
        template: asked.template.clone(),
        settings: settings.map(|(key, value)| (key.clone(), value.clone())).collect(),
        enabled: true,
    };
    let added = new.name.clone().map(|name| name.to_string()).unwrap_or_default();
    match change::add(State(Arc::clone(&app)), visit.identity.clone(), Json(new)).await {
        Ok(_) => Ok(lead_to(&format!("/collect/{added}?done=added"))),
        Err(problem) => show(&app, &visit, &asked, &typed, Some(&problem)),
    }
}

fn no_such() -> Problem {
    Problem::not_found("no such kind of source, and no such public list").because(Reason::UnknownKind)
}
