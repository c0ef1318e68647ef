//! `/collect/{name}`: a source with its runs, its credential and its settings.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use blocklist::SourceName;
use collect::source::kind::CredentialUse;
use collect::source::{KINDS, SETTINGS};
use serde::Deserialize;
use store::{Role, Run};

use super::days::{DayFields, Days, WrongDays};
use super::{Doing, schedule, told};
use crate::App;
use crate::api::body::Named;
use crate::api::problem::Problem;
use crate::api::sources::OneSource;
use crate::pages::parts::{Empty, Field, Notice};
use crate::pages::words::Collect;
use crate::pages::{Level, Page, Shell, Visit, respond, show, words};

#[derive(Template)]
#[template(path = "collect/one.html")]
struct OnePage {
    shell: Shell,
    t: &'static Collect,
    notice: Option<Notice>,
    one: OneSource,
    word: String,
    level: Level,
    kind: &'static str,
    todo: Option<&'static str>,
    is_fetched: bool,
    has_code: bool,
    has_credential: bool,
    settings: Vec<Field>,
    runs: Vec<RunRow>,
    no_runs: Empty,
    doing: Option<Doing>,
    schedule: String,
    days: Option<DayFields>,
    code: Field,
    session: Field,
    credential: Vec<Field>,
}

/// A run and how it went.
struct RunRow {
    run: Run,
    word: &'static str,
    level: Level,
    cause: String,
}

/// What happened before.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Asked {
    done: Option<String>,
}

/// The page.
pub(crate) async fn page(
    State(app): State<Arc<App>>,
    visit: Visit,
    Named(name): Named,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let notice = asked.done.as_deref().and_then(|done| told(visit.view, done));
    look(&app, &visit, name, notice, StatusCode::OK, Asks::default()).await
}

/// The same after something was refused: why stands above it.
pub(super) async fn refused(
    app: &App,
    visit: &Visit,
    name: SourceName,
    problem: &Problem,
) -> Result<Response, Problem> {
    let notice = Notice::refused(visit.view, problem);
    look(app, visit, name, Some(notice), problem.status(), Asks::default()).await
}

/// The same with what came of something.
pub(super) async fn done(
    app: &App,
    visit: &Visit,
    name: SourceName,
    notice: Notice,
) -> Result<Response, Problem> {
    look(app, visit, name, Some(notice), StatusCode::OK, Asks::default()).await
}

/// The same with days that no run can be asked for: what is wrong stands at the field.
pub(super) async fn wrong_days(
    app: &App,
    visit: &Visit,
    name: SourceName,
    days: &Days,
    wrong: WrongDays,
) -> Result<Response, Problem> {
    let asks = Asks { days: days.clone(), wrong };
    look(app, visit, name, None, StatusCode::UNPROCESSABLE_ENTITY, asks).await
}

/// The days that were asked for before, with what was wrong with them.
#[derive(Default)]
struct Asks {
    days: Days,
    wrong: WrongDays,
}

async fn look(
    app: &App,
    visit: &Visit,
    name: SourceName,
    notice: Option<Notice>,
    status: StatusCode,
    Asks { days, wrong }: Asks,
) -> Result<Response, Problem> {
    let one = app.one_source(name).await?.shown_to(&visit.identity);
    let (view, t) = (visit.view, Collect::of(visit.view.language));
    let (word, level) = words::collect::state(view, &one.source);
    let kind = KINDS.iter().find(|kind| kind.name == one.source.row.kind);
    let todo = one.source.condition.as_ref().map(|condition| {
        let info = condition.id.info();
        view.pick(info.korean_hint, info.english_hint)
    });
    let row = |setting: &crate::api::sources::SettingValue| {
        let known = SETTINGS.iter().find(|known| known.name == setting.name);
        let meaning = known.map_or("", |known| view.pick(known.korean, known.english));
        let hint = words::collect::setting(t, meaning, &setting.default);
        Field::line(setting.name, setting.name).value(&setting.value).hint(hint)
    };
    let run = |run: &Run| {
        let (word, level) = words::collect::run(view, run);
        let known = run.cause_id.as_deref().and_then(|id| words::collect::trouble(view, id));
        let cause = known.map(|(what, _)| what.to_owned()).or_else(|| run.cause.clone());
        RunRow { run: run.clone(), word, level, cause: cause.unwrap_or_default() }
    };
    let page = OnePage {
        shell: visit.shell(app, Page::Collect),
        t,
        notice,
        word,
        level,
        kind: kind.map_or("", |kind| view.pick(kind.korean, kind.english)),
        todo,
        is_fetched: one.source.freshness.is_some(),
        has_code: kind.is_some_and(|kind| kind.credential == CredentialUse::Login),
        has_credential: kind.is_some_and(|kind| kind.credential != CredentialUse::Never),
        settings: one.all_settings.iter().map(row).collect(),
        runs: one.runs.iter().map(run).collect(),
        no_runs: Empty { says: t.no_runs.into(), hint: t.no_runs_hint.into(), act: None },
        doing: one.source.running.as_ref().map(|running| Doing::of(view, running)),
        schedule: schedule(&one.source),
        days: kind.filter(|kind| kind.kind.is_portal()).map(|_| days.fields(view, wrong)),
        code: Field::line("code", t.otp).autocomplete("one-time-code"),
        session: Field::password("value", t.session, "off").hint(t.session_hint),
        credential: vec![
            Field::line("username", t.username),
            Field::password("secret", t.secret, "new-password").required(),
            Field::typed("expires_on", t.expires, "date"),
        ],
        one,
    };
    respond::with_status(app, status, &page)
}
