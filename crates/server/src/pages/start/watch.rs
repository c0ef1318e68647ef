//! The source of the third step while it is run for the first time, and afterwards: how it goes, and what it still needs.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use blocklist::SourceName;
use collect::Trouble;
use collect::source::KINDS;
use collect::source::kind::CredentialUse;
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use store::{Run, RunState};

use super::source::keep;
use super::{Facts, Step, Walk};
use crate::App;
use crate::api::body::{Json, Named};
use crate::api::credentials::account;
use crate::api::problem::Problem;
use crate::api::reason::Reason;
use crate::api::sources::{OneSource, run};
use crate::events::Phase;
use crate::pages::error::lead_to;
use crate::pages::form::Posted;
use crate::pages::parts::{Field, Notice};
use crate::pages::words::{Collect, Start};
use crate::pages::{Level, Page, Shell, View, Visit, respond, show, words};

#[derive(Template)]
#[template(path = "start/watch.html")]
struct WatchPage {
    shell: Shell,
    t: &'static Start,
    c: &'static Collect,
    walk: Walk,
    notice: Option<Notice>,
    one: OneSource,
    word: String,
    level: Level,
    todo: Option<&'static str>,
    last: Option<Last>,
    /// The fields of a credential, where it has one and what stands against it may be that.
    credential: Vec<Field>,
    /// The field of a one-time code, where one is waited for.
    code: Option<Field>,
    /// What the run under way is doing.
    doing: String,
    is_running: bool,
    is_good: bool,
}

/// The last run.
struct Last {
    run: Run,
    word: &'static str,
    level: Level,
    cause: String,
    /// What came of it: "1,204건 등재".
    says: String,
}

/// What is done with it.
#[derive(Deserialize)]
pub(crate) struct Act {
    #[serde(default)]
    name: String,
    #[serde(default, rename = "act")]
    what: String,
    #[serde(default)]
    username: SecretString,
    #[serde(default)]
    secret: SecretString,
    #[serde(default)]
    code: SecretString,
}

/// Runs it, without waiting for the end.
pub(super) async fn run(app: &Arc<App>, visit: &Visit, name: &SourceName) -> Result<(), Problem> {
    let order = run::RunOrder { since: None, until: None };
    let (state, identity) = (State(Arc::clone(app)), visit.identity.clone());
    run::run(state, identity, Named(name.clone()), Json(order)).await.map(drop)
}

/// Runs it again, with another credential or a code where that was what it lacked.
pub(crate) async fn again(
    State(app): State<Arc<App>>,
    visit: Visit,
    Posted(typed): Posted<Act>,
) -> Result<Response, Problem> {
    let name: SourceName =
        typed.name.parse().map_err(|_| Problem::not_found("no such source").because(Reason::SourceName))?;
    let done = async {
        match typed.what.as_str() {
            "credential" => keep(&app, &visit, &name, typed.username, typed.secret).await?,
            "send" => return code(&app, &visit, &name, None).await,
            // To the API no code means that one is sent; here that has a button of its own.
            "code" if typed.code.expose_secret().trim().is_empty() => {
                return Err(Problem::unprocessable("no code was typed").because(Reason::NoCode));
            }
            "code" => code(&app, &visit, &name, Some(typed.code)).await?,
            _ => {}
        }
        run(&app, &visit, &name).await
    };
    match done.await {
        Ok(()) => Ok(lead_to(&format!("{}?name={name}", Step::Source.path()))),
        Err(problem) => show(&app, &visit, name, Some(&problem)).await,
    }
}

/// Logs in with a code, or has one sent.
async fn code(
    app: &Arc<App>,
    visit: &Visit,
    name: &SourceName,
    code: Option<SecretString>,
) -> Result<(), Problem> {
    let (state, identity) = (State(Arc::clone(app)), visit.identity.clone());
    account::otp(state, identity, Named(name.clone()), Json(account::Code { code })).await.map(drop)
}

/// The source, and above it what was refused.
pub(super) async fn show(
    app: &App,
    visit: &Visit,
    name: SourceName,
    problem: Option<&Problem>,
) -> Result<Response, Problem> {
    let one = app.one_source(name).await?;
    let facts = Facts::of(app, visit).await?;
    let (view, t, c) = (visit.view, Start::of(visit.view.language), Collect::of(visit.view.language));
    let (word, level) = words::collect::state(view, &one.source);
    let kind = KINDS.iter().find(|kind| kind.name == one.source.row.kind);
    let condition = one.source.condition.as_ref().map(|condition| condition.id);
    let last = one.runs.first().map(|run| last(view, run));
    let is_running = one.source.running.is_some();
    let is_good = one.source.good_at.is_some() || one.source.row.active > 0;
    let waits_for_code = condition == Some(Trouble::OtpNeeded);
    let takes = kind.map_or(CredentialUse::Never, |kind| kind.credential);
    let wants = !is_running && !is_good && !waits_for_code && takes != CredentialUse::Never;
    let page = WatchPage {
        shell: visit.shell(app, Page::Settings),
        t,
        c,
        walk: Walk::at(visit, &facts, Step::Source),
        notice: problem.map(|problem| Notice::refused(view, problem)),
        word,
        level,
        todo: condition.map(|id| view.pick(id.info().korean_hint, id.info().english_hint)),
        last,
        credential: if wants { credential(t, c, takes) } else { Vec::new() },
        code: waits_for_code.then(|| Field::line("code", c.otp).autocomplete("one-time-code").required()),
        doing: one
            .source
            .running
            .as_ref()
            .map_or_else(String::new, |running| words::progress::of(view, &Phase::of(running))),
        is_running,
        is_good,
        one,
    };
    respond::with_status(app, problem.map_or(StatusCode::OK, Problem::status), &page)
}

fn credential(t: &'static Start, c: &'static Collect, takes: CredentialUse) -> Vec<Field> {
    let (name, secret) =
        if takes == CredentialUse::Login { (t.username, t.password) } else { (c.username, c.secret) };
    let name = Field::line("username", name);
    vec![
        if takes == CredentialUse::Login { name.required() } else { name },
        Field::password("secret", secret, "new-password").hint(t.secret_hint).required(),
    ]
}

fn last(view: View, run: &Run) -> Last {
    let (word, level) = words::collect::run(view, run);
    let known = run.cause_id.as_deref().and_then(|id| words::collect::trouble(view, id));
    let cause = known.map(|(what, _)| what.to_owned()).or_else(|| run.cause.clone()).unwrap_or_default();
    let says = match run.state {
        RunState::Done => words::start::came(view, run.accepted, run.refused),
        RunState::Refused | RunState::Failed => String::new(),
    };
    Last { run: run.clone(), word, level, cause, says }
}
