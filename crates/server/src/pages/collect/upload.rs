//! `/collect/upload`: a file as one run of a source. First what it holds and what would change; then, in a second step, the deed.
//!
//! In between the file waits in memory ([`crate::uploads`]). What is read is what the API reads ([`crate::api::import`]).

use std::collections::BTreeMap;
use std::sync::Arc;

use askama::Template;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use blocklist::policy::MANUAL;
use collect::PARSERS;
use collect::collector::Tried;
use serde::Deserialize;
use store::{Role, Run, RunState, Store, UserName};

use crate::App;
use crate::api::import::{self, Example, ImportQuery};
use crate::api::problem::Problem;
use crate::api::reason::Reason;
use crate::auth::session_secret;
use crate::pages::error::lead_to;
use crate::pages::filed::Filed;
use crate::pages::form::Posted;
use crate::pages::parts::{Changes, Field, Notice};
use crate::pages::words::Upload as Words;
use crate::pages::{Level, Markup, Page, Shell, Visit, respond, words};
use crate::uploads::Waiting;

#[derive(Template)]
#[template(path = "collect/upload.html")]
struct UploadPage {
    shell: Shell,
    t: &'static Words,
    notice: Option<Notice>,
    fields: Vec<Field>,
}

#[derive(Template)]
#[template(path = "collect/upload_look.html")]
struct LookPage {
    shell: Shell,
    t: &'static Words,
    what: String,
    run: Run,
    listings: String,
    refusals: Vec<Refused>,
    notes: Vec<String>,
    changes: Changes,
    /// Why the gate would hold the list that follows.
    held: Option<Notice>,
    /// Why it would not be taken.
    refused: Option<Notice>,
    id: String,
}

/// Refused rows of a cause.
struct Refused {
    cause: String,
    count: u64,
    examples: Vec<Example>,
}

/// What is wrong with a field.
type Wrong = (&'static str, &'static str);

/// Which source the form begins with.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Asked {
    source: Option<String>,
}

/// Which file.
#[derive(Debug, Deserialize)]
pub(crate) struct Which {
    #[serde(default)]
    id: String,
}

/// The form.
pub(crate) async fn form(
    State(app): State<Arc<App>>,
    visit: Visit,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let typed = asked.source.into_iter().map(|source| ("source".to_owned(), source)).collect();
    show(&app, &visit, &typed, None, None).await
}

async fn show(
    app: &App,
    visit: &Visit,
    typed: &BTreeMap<String, String>,
    problem: Option<&Problem>,
    wrong: Option<Wrong>,
) -> Result<Response, Problem> {
    let sources = app.ask_store(Store::sources).await?;
    let (view, t) = (visit.view, Words::of(visit.view.language));
    let files = sources.into_iter().filter(|source| source.kind == "file" && source.name.as_str() != MANUAL);
    let files = files.map(|source| (source.name.to_string(), source.name.to_string()));
    let sources = std::iter::once((String::new(), t.new_source.to_owned())).chain(files);
    let parsers =
        PARSERS.iter().map(|it| (it.name, format!("{}: {}", it.name, view.pick(it.korean, it.english))));
    let parsers = std::iter::once(("auto", t.auto.to_owned())).chain(parsers);
    let sent = |key: &str| typed.get(key).cloned().unwrap_or_default();
    let of = |key: &str| wrong.filter(|(field, _)| *field == key).map(|(_, says)| says);
    let fields = vec![
        Field::typed("file", t.file, "file").hint(t.file_hint).wrong(of("file")).required(),
        Field::choice("source", t.source, sources).value(sent("source")),
        Field::line("name", t.name).value(sent("name")).hint(t.name_hint).wrong(of("name")),
        Field::choice("mode", t.mode, [("add", t.add), ("full", t.full)]).value(sent("mode")),
        Field::choice("parser", t.parser, parsers).value(sent("parser")),
    ];
    let status = match (problem, wrong) {
        (Some(problem), _) => problem.status(),
        (None, Some(_)) => StatusCode::UNPROCESSABLE_ENTITY,
        (None, None) => StatusCode::OK,
    };
    let notice = problem.map(|problem| Notice::refused(view, problem));
    let page = UploadPage { shell: visit.shell(app, Page::Collect), t, notice, fields };
    respond::with_status(app, status, &page)
}

/// What the form says, or what is wrong with it.
fn read(t: &Words, form: &Filed) -> Result<(ImportQuery, Arc<[u8]>), Wrong> {
    let sent = |key: &str| form.fields.get(key).map_or("", |text| text.trim());
    let (name, bytes) =
        form.file.clone().filter(|(_, bytes)| !bytes.is_empty()).ok_or(("file", t.no_file))?;
    let source = match (sent("source"), sent("name")) {
        ("", "") => return Err(("name", t.name_needed)),
        ("", name) => name,
        (source, "") => source,
        _ => return Err(("name", t.name_twice)),
    };
    let asked = ImportQuery {
        source: source.to_owned(),
        parser: Some(sent("parser")).filter(|parser| !parser.is_empty()).map(str::to_owned),
        mode: Some(sent("mode")).filter(|mode| !mode.is_empty()).map(str::to_owned),
        name: Some(name),
        ..ImportQuery::default()
    };
    Ok((asked, bytes))
}

/// Reads the file and shows what would come of it; changes nothing.
pub(crate) async fn look(
    State(app): State<Arc<App>>,
    visit: Visit,
    form: Filed,
) -> Result<Response, Problem> {
    let t = Words::of(visit.view.language);
    let (asked, bytes) = match read(t, &form) {
        Ok(read) => read,
        Err(wrong) => return show(&app, &visit, &form.fields, None, Some(wrong)).await,
    };
    match tried(&app, &visit, asked, bytes).await {
        Ok((tried, id)) => {
            let page = look_page(&app, &visit, tried, id);
            respond::html(&app, &page)
        }
        Err(problem) => show(&app, &visit, &form.fields, Some(&problem), None).await,
    }
}

async fn tried(
    app: &App,
    visit: &Visit,
    asked: ImportQuery,
    bytes: Arc<[u8]>,
) -> Result<(Tried, String), Problem> {
    let upload = import::upload(&asked, &bytes)?;
    let tried = app.try_upload(upload).await?;
    let drawn = session_secret(app.random());
    let id = drawn.map_err(|error| app.incident("this machine gives no randomness", &error))?;
    let file = Waiting { id: id.to_string(), asked, bytes };
    if !app.uploads.keep(sender(visit)?, file, app.now()) {
        return Err(Problem::conflict("too many files wait").because(Reason::UploadsFull));
    }
    Ok((tried, id.to_string()))
}

fn look_page(app: &App, visit: &Visit, tried: Tried, id: String) -> LookPage {
    let (view, t) = (visit.view, Words::of(visit.view.language));
    let Tried { run, preview, batch, notes } = tried;
    let mut shown = import::examples(&batch);
    let refusals = batch.refusals.iter().map(|(cause, count)| Refused {
        cause: words::cause::cause(view, *cause),
        count: *count,
        examples: shown.remove(cause.id()).unwrap_or_default(),
    });
    let is_taken = run.state == RunState::Done;
    let known = run.cause_id.as_deref().and_then(|id| words::collect::trouble(view, id));
    let cause = known.map(|(what, _)| what.to_owned()).or_else(|| run.cause.clone());
    let reason = |reason: &blocklist::gate::Reason| view.pick(reason.korean(), reason.to_string());
    let reasons: Vec<String> = preview.reasons.iter().map(reason).collect();
    LookPage {
        shell: visit.shell(app, Page::Collect),
        t,
        what: words::upload::what(view, &run.input, run.source.as_str()),
        listings: words::upload::listings(view, [run.new, run.changed, run.unchanged, run.withdrawn]),
        refusals: refusals.collect(),
        notes: notes.iter().map(ToString::to_string).collect(),
        changes: Changes::of(view, &preview.delta),
        held: (is_taken && !reasons.is_empty()).then(|| Notice {
            level: Level::Warn,
            says: t.held.into(),
            more: Markup::text(reasons.join(" ")),
        }),
        refused: (!is_taken).then(|| Notice {
            level: Level::Bad,
            says: format!("{}: {}.", t.not_credible, cause.unwrap_or_default()),
            more: Markup::text(t.not_credible_hint),
        }),
        id,
        run,
    }
}

/// Imports the file that waits.
pub(crate) async fn keep(
    State(app): State<Arc<App>>,
    visit: Visit,
    Posted(which): Posted<Which>,
) -> Result<Response, Problem> {
    let whose = sender(&visit)?;
    let Some(file) = app.uploads.find(whose, &which.id, app.now()) else {
        let gone = Problem::conflict("the file does not wait any more").because(Reason::UploadGone);
        return show(&app, &visit, &BTreeMap::new(), Some(&gone), None).await;
    };
    let upload = import::upload(&file.asked, &file.bytes)?;
    let source = upload.source.clone();
    match app.keep_upload(upload, visit.identity.plain()).await {
        Ok((done, ..)) => {
            app.uploads.forget(whose, &which.id);
            let is_held = matches!(done.published, store::Published::Held { .. });
            let code = match done.run.state {
                RunState::Done if is_held => "held",
                RunState::Done => "imported",
                RunState::Refused | RunState::Failed => "not_imported",
            };
            Ok(lead_to(&format!("/collect/{source}?done={code}")))
        }
        // The file still waits: what was in the way may be over in a moment.
        Err(problem) => show(&app, &visit, &BTreeMap::new(), Some(&problem), None).await,
    }
}

/// Who sends it. Pages are for people who signed in.
fn sender(visit: &Visit) -> Result<&UserName, Problem> {
    visit.identity.user().ok_or_else(|| Problem::role(Role::Operator))
}
