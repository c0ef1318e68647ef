//! The third step: where listings come from. A source is chosen, set up with the little that it cannot do without, and run at
//! once; [`super::watch`] shows how that goes.

use std::collections::BTreeMap;
use std::sync::Arc;

use askama::Template;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use blocklist::SourceName;
use collect::catalogue::{self, Template as Known};
use collect::source::{Kind, SETTINGS, Settings};
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;

use super::{Facts, Step, Walk, walk, watch};
use crate::App;
use crate::api::body::{Json, Named};
use crate::api::credentials::{self, NewCredential};
use crate::api::problem::Problem;
use crate::api::reason::Reason;
use crate::api::sources::change::{self, NewSource};
use crate::pages::error::lead_to;
use crate::pages::form::Posted;
use crate::pages::parts::{Field, Notice};
use crate::pages::words::{Collect, Start};
use crate::pages::{Page, Shell, Visit, respond};

#[derive(Template)]
#[template(path = "start/source.html")]
struct PickPage {
    shell: Shell,
    t: &'static Start,
    walk: Walk,
    /// Only the catalogue.
    is_public: bool,
    known: Vec<Pick>,
}

/// A public list.
struct Pick {
    known: &'static Known,
    about: &'static str,
    terms: &'static str,
}

#[derive(Template)]
#[template(path = "start/source_new.html")]
struct NewPage {
    shell: Shell,
    t: &'static Start,
    walk: Walk,
    title: &'static str,
    about: &'static str,
    terms: &'static str,
    home: &'static str,
    notice: Option<Notice>,
    hidden: [(&'static str, &'static str); 2],
    fields: Vec<Field>,
}

/// What is looked at.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Asked {
    /// A source that is there.
    #[serde(default)]
    name: String,
    /// A kind, `public` for the catalogue, `another` for the choice though there is one.
    #[serde(default)]
    pick: String,
    /// A public list.
    #[serde(default)]
    template: String,
}

/// What was typed. A secret is one from the moment it is read.
#[derive(Deserialize)]
pub(crate) struct Typed {
    #[serde(default)]
    pick: String,
    #[serde(default)]
    template: String,
    #[serde(default)]
    name: String,
    #[serde(default)]
    url: String,
    #[serde(default)]
    path: String,
    #[serde(default)]
    username: SecretString,
    #[serde(default)]
    secret: SecretString,
}

/// What is set up: a kind, or a public list.
#[derive(Clone, Copy)]
enum What {
    Kind(Kind),
    Known(&'static Known),
}

impl What {
    fn of(pick: &str, template: &str) -> Option<Self> {
        if !template.is_empty() {
            return catalogue::find(template).map(Self::Known);
        }
        match pick {
            "regtech" => Some(Self::Kind(Kind::Regtech)),
            "secudium" => Some(Self::Kind(Kind::Secudium)),
            "directory" => Some(Self::Kind(Kind::Directory)),
            _ => None,
        }
    }

    fn hidden(self) -> [(&'static str, &'static str); 2] {
        match self {
            Self::Kind(kind) => [("pick", kind.name()), ("template", "")],
            Self::Known(known) => [("pick", ""), ("template", known.id)],
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Kind(Kind::Directory) => "files",
            Self::Kind(kind) => kind.name(),
            Self::Known(known) => known.id,
        }
    }

    fn has_credential(self) -> bool {
        match self {
            Self::Kind(kind) => kind.is_portal(),
            Self::Known(known) => known.needs_credential(),
        }
    }

    /// The setting that it cannot do without, or that a firm may have another value for.
    fn place(self) -> Option<(&'static str, String)> {
        match self {
            Self::Kind(Kind::Directory) => Some(("path", String::new())),
            Self::Kind(kind) => {
                let url = SETTINGS.iter().find(|setting| setting.name == "url");
                Some(("url", url.map(|url| url.show(&Settings::of(kind))).unwrap_or_default()))
            }
            Self::Known(known) => known.own_url.map(|_| ("url", String::new())),
        }
    }
}

/// The source that is there, or the choice, or the form of what was chosen.
pub(crate) async fn page(
    State(app): State<Arc<App>>,
    visit: Visit,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    if let Some(what) = What::of(&asked.pick, &asked.template) {
        return form(&app, &visit, what, None, None).await;
    }
    let there = match asked.name.parse::<SourceName>() {
        Ok(name) => Some(name),
        Err(_) if asked.pick.is_empty() => app.ask_store(walk::newest_source).await?,
        Err(_) => None,
    };
    if let Some(name) = there {
        return watch::show(&app, &visit, name, None).await;
    }
    let facts = Facts::of(&app, &visit).await?;
    let view = visit.view;
    let pick = |known: &'static Known| Pick {
        known,
        about: view.pick(known.about.korean, known.about.english),
        terms: view.pick(known.terms.korean, known.terms.english),
    };
    let page = PickPage {
        shell: visit.shell(&app, Page::Settings),
        t: Start::of(view.language),
        walk: Walk::at(&visit, &facts, Step::Source),
        is_public: asked.pick == "public",
        known: catalogue::TEMPLATES.iter().map(pick).collect(),
    };
    respond::html(&app, &page)
}

async fn form(
    app: &App,
    visit: &Visit,
    what: What,
    typed: Option<&Typed>,
    problem: Option<&Problem>,
) -> Result<Response, Problem> {
    let facts = Facts::of(app, visit).await?;
    let (view, t) = (visit.view, Start::of(visit.view.language));
    let collect = Collect::of(view.language);
    let mut fields = Vec::new();
    if what.has_credential() {
        // What was typed there is typed again: a credential is never sent back.
        let name = if matches!(what, What::Kind(_)) { t.username } else { collect.username };
        let user = Field::line("username", name);
        fields.push(if matches!(what, What::Kind(_)) { user.required().focused() } else { user });
        let secret = if matches!(what, What::Kind(_)) { t.password } else { collect.secret };
        fields.push(Field::password("secret", secret, "new-password").hint(t.secret_hint).required());
    }
    if let Some((key, value)) = what.place() {
        let value =
            typed.map_or(value, |typed| if key == "path" { typed.path.clone() } else { typed.url.clone() });
        let field = if key == "path" {
            Field::line("path", t.path).hint(t.path_hint).example("/srv/blacklist/in")
        } else {
            let own = match what {
                What::Known(known) => known.own_url,
                What::Kind(_) => None,
            };
            match own {
                Some(own) => Field::line("url", collect.own_url).example(own),
                None => Field::line("url", t.portal).hint(t.portal_hint),
            }
        };
        fields.push(field.value(value).required());
    }
    let name = typed.map_or(what.name(), |typed| typed.name.as_str());
    fields.push(Field::line("name", collect.name).value(name).hint(collect.name_hint).required());
    let (title, about, terms, home) = match what {
        What::Kind(Kind::Directory) => (t.files, t.files_says, "", ""),
        What::Kind(kind) => {
            let title = if kind == Kind::Regtech { "REGTECH" } else { "SECUDIUM" };
            (title, view.pick(kind.info().korean, kind.info().english), "", "")
        }
        What::Known(known) => (
            known.title,
            view.pick(known.about.korean, known.about.english),
            view.pick(known.terms.korean, known.terms.english),
            known.home,
        ),
    };
    let page = NewPage {
        shell: visit.shell(app, Page::Settings),
        t,
        walk: Walk::at(visit, &facts, Step::Source),
        title,
        about,
        terms,
        home,
        notice: problem.map(|problem| Notice::refused(view, problem)),
        hidden: what.hidden(),
        fields,
    };
    respond::with_status(app, problem.map_or(StatusCode::OK, Problem::status), &page)
}

/// Adds it, keeps its credential, and runs it.
pub(crate) async fn add(
    State(app): State<Arc<App>>,
    visit: Visit,
    Posted(typed): Posted<Typed>,
) -> Result<Response, Problem> {
    let what = What::of(&typed.pick, &typed.template).ok_or_else(|| {
        Problem::not_found("no such kind of source, and no such public list").because(Reason::UnknownKind)
    })?;
    let name: SourceName = match typed.name.trim().parse() {
        Ok(name) => name,
        Err(bad) => {
            let problem = Problem::bad_request(bad.to_string()).because(Reason::SourceName);
            return form(&app, &visit, what, Some(&typed), Some(&problem)).await;
        }
    };
    let place = what.place().map(|(key, default)| {
        let value = if key == "path" { typed.path.trim() } else { typed.url.trim() };
        (key.to_owned(), value.to_owned(), default)
    });
    let settings: BTreeMap<String, String> = place
        .into_iter()
        .filter(|(_, value, default)| !value.is_empty() && value != default)
        .map(|(key, value, _)| (key, value))
        .collect();
    let new = NewSource {
        name: Some(name.clone()),
        kind: if let What::Kind(kind) = what { Some(kind.name().to_owned()) } else { None },
        template: if let What::Known(known) = what { Some(known.id.to_owned()) } else { None },
        settings,
        enabled: true,
    };
    let (state, identity) = (State(Arc::clone(&app)), visit.identity.clone());
    if let Err(problem) = change::add(state, identity, Json(new)).await {
        return form(&app, &visit, what, Some(&typed), Some(&problem)).await;
    }
    let begun = async {
        if what.has_credential() {
            keep(&app, &visit, &name, typed.username, typed.secret).await?;
        }
        watch::run(&app, &visit, &name).await
    };
    match begun.await {
        Ok(()) => Ok(lead_to(&format!("{}?name={name}", Step::Source.path()))),
        // It is there; what it lacks is said on its own page.
        Err(problem) => watch::show(&app, &visit, name, Some(&problem)).await,
    }
}

/// Keeps its credential.
pub(super) async fn keep(
    app: &Arc<App>,
    visit: &Visit,
    name: &SourceName,
    username: SecretString,
    secret: SecretString,
) -> Result<(), Problem> {
    let username = Some(username).filter(|name| !name.expose_secret().trim().is_empty());
    let new = NewCredential { username, secret, expires_on: None, remind_days: None };
    let (state, identity) = (State(Arc::clone(app)), visit.identity.clone());
    credentials::put(state, identity, Named(name.clone()), Json(new)).await.map(drop)
}
