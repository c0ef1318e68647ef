//! `/settings/policy`, `/settings/policy/{source}`, `/settings/gate`, `/settings/history`: rules are typed, shown with what they
//! would change, and then set.
//!
//! A form says what it was filled in over. When that is not what holds any more, it is shown again with what holds, so that
//! nobody sets back what somebody else has just changed.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use store::{Preview, Published};

use super::part::{Changed, Part, Rules, Typed, Wrong};
use super::tabs;
use crate::App;
use crate::api::problem::Problem;
use crate::api::reason::Reason;
use crate::auth::Who;
use crate::pages::error::lead_to;
use crate::pages::form::{FIELD, Posted};
use crate::pages::parts::{Changes, Field, Notice, Tabs};
use crate::pages::words::{self, Settings, rules};
use crate::pages::{Level, Markup, Page, Shell, Visit, respond};

#[derive(Template)]
#[template(path = "settings/edit.html")]
struct EditPage {
    shell: Shell,
    t: &'static Settings,
    tabs: Tabs,
    title: String,
    says: &'static str,
    notice: Option<Notice>,
    action: String,
    seen: String,
    fields: Vec<Field>,
}

#[derive(Template)]
#[template(path = "settings/sure.html")]
struct SurePage {
    shell: Shell,
    t: &'static Settings,
    tabs: Tabs,
    title: String,
    says: String,
    undo: &'static str,
    action: String,
    hidden: Vec<(String, String)>,
    note: Field,
    rows: Vec<Changed>,
    reasons: Vec<String>,
    changes: Option<Changes>,
}

/// The form of the policy.
pub(crate) async fn policy(State(app): State<Arc<App>>, visit: Visit) -> Result<Response, Problem> {
    show(&app, &visit, &Part::Policy).await
}

/// Sets the policy.
pub(crate) async fn set_policy(
    State(app): State<Arc<App>>,
    visit: Visit,
    Posted(typed): Posted<Typed>,
) -> Result<Response, Problem> {
    change(&app, &visit, Part::Policy, typed).await
}

/// The form of what is set for one source.
pub(crate) async fn source(
    State(app): State<Arc<App>>,
    visit: Visit,
    Path(name): Path<String>,
) -> Result<Response, Problem> {
    let part = of_source(&app, &name).await?;
    show(&app, &visit, &part).await
}

/// Sets what is set for one source.
pub(crate) async fn set_source(
    State(app): State<Arc<App>>,
    visit: Visit,
    Path(name): Path<String>,
    Posted(typed): Posted<Typed>,
) -> Result<Response, Problem> {
    let part = of_source(&app, &name).await?;
    change(&app, &visit, part, typed).await
}

/// The form of the gate.
pub(crate) async fn gate(State(app): State<Arc<App>>, visit: Visit) -> Result<Response, Problem> {
    show(&app, &visit, &Part::Gate).await
}

/// Sets the gate.
pub(crate) async fn set_gate(
    State(app): State<Arc<App>>,
    visit: Visit,
    Posted(typed): Posted<Typed>,
) -> Result<Response, Problem> {
    change(&app, &visit, Part::Gate, typed).await
}

/// The form of how long publications are kept.
pub(crate) async fn history(State(app): State<Arc<App>>, visit: Visit) -> Result<Response, Problem> {
    show(&app, &visit, &Part::History).await
}

/// Sets how long publications are kept.
pub(crate) async fn set_history(
    State(app): State<Arc<App>>,
    visit: Visit,
    Posted(typed): Posted<Typed>,
) -> Result<Response, Problem> {
    change(&app, &visit, Part::History, typed).await
}

/// A source that there is and that rules are for: what people block by hand has none.
async fn of_source(app: &App, name: &str) -> Result<Part, Problem> {
    let none = || {
        Problem::not_found("there is no source of this name that has rules")
            .because(Reason::NoSource(name.to_owned()))
    };
    let source: blocklist::SourceName = name.parse().map_err(|_| none())?;
    let asked = source.clone();
    let config = app.ask_store(move |store| store.source_config(&asked)).await?;
    let has_rules = config.is_some_and(|it| it.removed_at.is_none() && it.kind != "manual");
    if has_rules { Ok(Part::Source(source)) } else { Err(none()) }
}

async fn show(app: &App, visit: &Visit, part: &Part) -> Result<Response, Problem> {
    let rules = app.ask_store(Rules::read).await?;
    form(app, visit, part, &rules, &Typed::new(), None, StatusCode::OK)
}

fn form(
    app: &App,
    visit: &Visit,
    part: &Part,
    of: &Rules,
    typed: &Typed,
    wrong: Option<&Wrong>,
    status: StatusCode,
) -> Result<Response, Problem> {
    let (view, t) = (visit.view, Settings::of(visit.view.language));
    let fields = part.fields(view, of, typed, wrong);
    let notice = |level, says: String| Notice { level, says, more: Markup::default() };
    let notice = match wrong {
        // One that none of the fields shows.
        Some((key, says)) => Some(notice(Level::Bad, format!("{}: {says}", rules::label_of(view, key)))),
        None if status == StatusCode::CONFLICT => Some(notice(Level::Warn, t.changed_meanwhile.into())),
        None => None,
    };
    let page = EditPage {
        shell: visit.shell(app, Page::Settings),
        t,
        tabs: tabs(visit, "/settings"),
        title: title(visit, part),
        says: match part {
            Part::Policy => t.policy_hint,
            Part::Source(_) => t.source_hint,
            Part::Gate => t.gate_hint,
            Part::History => t.history_hint,
        },
        notice,
        action: part.path(),
        seen: part.seen(of),
        fields,
    };
    respond::with_status(app, status, &page)
}

fn title(visit: &Visit, part: &Part) -> String {
    let (t, common) = (Settings::of(visit.view.language), visit.common());
    match part {
        Part::Policy => common.policy.to_owned(),
        Part::Source(name) => format!("{}: {name}", common.policy),
        Part::Gate => common.gate.to_owned(),
        Part::History => t.history_title.to_owned(),
    }
}

/// First what would change, then the deed.
async fn change(app: &App, visit: &Visit, part: Part, mut typed: Typed) -> Result<Response, Problem> {
    typed.remove(FIELD);
    let confirmed = typed.remove("confirmed").is_some();
    let note = typed.remove("note").map(|note| note.trim().to_owned()).filter(|note| !note.is_empty());
    let seen = typed.remove("seen").unwrap_or_default();
    let old = app.ask_store(Rules::read).await?;
    if seen != part.seen(&old) {
        return form(app, visit, &part, &old, &Typed::new(), None, StatusCode::CONFLICT);
    }
    let mut new = old.clone();
    if let Err(wrong) = part.read(visit.view, &mut new, &typed) {
        return form(app, visit, &part, &old, &typed, Some(&wrong), StatusCode::UNPROCESSABLE_ENTITY);
    }
    let rows = part.changes(visit.view, &old, &new);
    if rows.is_empty() {
        return Ok(lead_to("/settings?done=same"));
    }
    if !confirmed {
        let preview = match part {
            Part::Policy | Part::Source(_) => {
                Some(app.ask_store(move |store| store.preview_policy(&new.policy)).await?)
            }
            // The gate judges candidates; it adds nothing to the list and takes nothing out.
            Part::Gate | Part::History => None,
        };
        typed.insert("seen".into(), seen);
        return sure(app, visit, &part, &rows, typed, preview);
    }
    let who = visit.identity.who(None, note.as_deref())?.named()?;
    let done = set(app, part, new, who).await?;
    Ok(lead_to(&format!("/settings?done={done}")))
}

/// Sets it, and says in a word what came of it.
async fn set(app: &App, part: Part, new: Rules, who: Who) -> Result<&'static str, Problem> {
    let published = app.ask_store(move |store| match part {
        Part::Policy | Part::Source(_) => store.set_policy(&new.policy, &who.actor()).map(Some),
        Part::Gate => store.set_gate(&new.gate, &who.actor()).map(Some),
        Part::History => store.set_history(&new.history, &who.actor()).map(|()| None),
    });
    Ok(match published.await? {
        Some(Published::New(_)) => "published",
        Some(Published::Held { .. }) => "held",
        Some(Published::Same(_)) | None => "set",
    })
}

fn sure(
    app: &App,
    visit: &Visit,
    part: &Part,
    rows: &[Changed],
    typed: Typed,
    preview: Option<Preview>,
) -> Result<Response, Problem> {
    let (view, t) = (visit.view, Settings::of(visit.view.language));
    let says = match (&preview, part) {
        (Some(preview), _) => {
            let (come, go) = (preview.delta.added.len() as u64, preview.delta.removed.len() as u64);
            words::allow::effect(view, come, go)
        }
        (None, Part::History) => t.history_says.to_owned(),
        (None, _) => t.gate_says.to_owned(),
    };
    let reasons = preview.iter().flat_map(|preview| &preview.reasons);
    let page = SurePage {
        shell: visit.shell(app, Page::Settings),
        t,
        tabs: tabs(visit, "/settings"),
        title: title(visit, part),
        says,
        undo: if *part == Part::History { t.history_undo } else { t.rules_undo },
        action: part.path(),
        hidden: typed.into_iter().collect(),
        note: Field::line("note", t.why).hint(t.why_hint),
        rows: rows.to_vec(),
        reasons: reasons.map(|reason| view.pick(reason.korean(), reason.to_string())).collect(),
        changes: preview.map(|preview| Changes::of(view, &preview.delta)),
    };
    respond::html(app, &page)
}
