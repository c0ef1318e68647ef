//! `/ip/edit`: a listing ends, ends otherwise, gets its source's own end back, is taken out, or put back. First what would
//! change, then the deed.

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use blocklist::{SourceName, Time};
use prefix::Prefix;
use serde::Deserialize;
use store::{Edit, EditTo, Error, Preview};

use super::sure::{SurePage, code, warnings};
use super::{end, sure};
use crate::App;
use crate::api::problem::Problem;
use crate::api::reason::Reason;
use crate::pages::error::lead_to;
use crate::pages::form::Posted;
use crate::pages::parts::{Changes, Confirm};
use crate::pages::words::IpOne;
use crate::pages::{Page, Visit, respond, words};

/// What is to be done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Act {
    /// It ends at once.
    EndNow,
    /// It ends at another time.
    End,
    /// It ends as its source says.
    OwnEnd,
    /// It is taken out, and kept out.
    Remove,
    /// That is taken back.
    Restore,
}

impl Act {
    /// What an address says after it.
    fn code(self) -> &'static str {
        match self {
            Self::EndNow => "ended",
            Self::End => "end-set",
            Self::OwnEnd => "end-own",
            Self::Remove => "removed",
            Self::Restore => "restored",
        }
    }

    /// As the form sends it.
    fn as_str(self) -> &'static str {
        match self {
            Self::EndNow => "end_now",
            Self::End => "end",
            Self::OwnEnd => "own_end",
            Self::Remove => "remove",
            Self::Restore => "restore",
        }
    }
}

/// The form.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Typed {
    prefix: String,
    source: String,
    act: Act,
    #[serde(default)]
    span: String,
    #[serde(default)]
    date: String,
    /// The end that was shown on the page between, in seconds: what is confirmed is what was seen.
    until: Option<i64>,
    #[serde(default)]
    note: String,
    confirmed: Option<String>,
}

/// Takes the form.
pub(crate) async fn edit(
    State(app): State<Arc<App>>,
    visit: Visit,
    Posted(typed): Posted<Typed>,
) -> Result<Response, Problem> {
    let prefix: Prefix = typed
        .prefix
        .parse()
        .map_err(|_| Problem::bad_request("the form names no prefix").because(Reason::Form))?;
    let source: SourceName = typed
        .source
        .parse()
        .map_err(|_| Problem::bad_request("the form names no source").because(Reason::Form))?;
    let until = match (typed.act, typed.until) {
        (Act::End, Some(until)) => Some(Time::from_unix(until)),
        (Act::End, None) => {
            let until = end::read(visit.view, &typed.span, &typed.date, app.now());
            until.map_err(|()| {
                Problem::bad_request("the end is a span of the form, or a day as 2026-12-31")
                    .because(Reason::EndOfListing)
            })?
        }
        _ => None,
    };
    let to = match typed.act {
        Act::EndNow => EditTo::End(Some(app.now())),
        Act::End => EditTo::End(until),
        Act::OwnEnd => EditTo::End(None),
        Act::Remove => EditTo::Removed,
        Act::Restore => EditTo::Restored,
    };
    let edits = [Edit { source: Some(source.clone()), prefix, to }];
    let note = Some(typed.note.trim()).filter(|note| !note.is_empty());
    let who = visit.identity.who(None, note)?;
    let (confirmed, act) = (typed.confirmed.is_some(), typed.act);
    let done = app.ask_store(move |store| {
        let done = if confirmed {
            let done = store.edit_listings(&edits, &who.actor());
            done.map(|done| Err(code(act.code(), &done.published)))
        } else {
            store.preview_edit(&edits).map(|(_, preview)| Ok(preview))
        };
        match done {
            Err(Error::Objections(objections)) => Ok(Err(objections)),
            done => done.map(Ok),
        }
    });
    match done.await? {
        Ok(Ok(preview)) => show(&app, &visit, &typed, (prefix, &source, until), &preview),
        Ok(Err(code)) => Ok(lead_to(&format!("/ip/{prefix}?done={code}"))),
        Err(objections) => Err(Problem::conflict(objections.to_string()).because(Reason::Objections)),
    }
}

fn show(
    app: &App,
    visit: &Visit,
    typed: &Typed,
    (prefix, source, until): (Prefix, &SourceName, Option<Time>),
    preview: &Preview,
) -> Result<Response, Problem> {
    let (view, t) = (visit.view, IpOne::of(visit.view.language));
    let shell = visit.shell(app, Page::Ip);
    let (title, undo) = match typed.act {
        Act::EndNow => (t.end_now, t.end_undo),
        Act::End => (t.end_set, t.end_undo),
        Act::OwnEnd => (t.end_own, t.end_undo),
        Act::Remove => (t.remove, t.remove_undo),
        Act::Restore => (t.restore, t.restore_undo),
    };
    let mut fields: Vec<(String, String)> = [
        ("prefix", prefix.to_string()),
        ("source", source.to_string()),
        ("act", typed.act.as_str().to_owned()),
        ("span", typed.span.clone()),
        ("date", typed.date.clone()),
        ("note", typed.note.clone()),
    ]
    .map(|(name, value)| (name.to_owned(), value))
    .into();
    fields.extend(until.map(|until| ("until".to_owned(), until.unix().to_string())));
    let page = SurePage {
        shell: &shell,
        t,
        title,
        notices: warnings(view, preview),
        confirm: Confirm {
            shell: &shell,
            says: words::ip_one::would_edit(view, typed.act, (prefix, source), until, sure::counts(preview)),
            undo: undo.into(),
            action: "/ip/edit".into(),
            fields,
            button: title.into(),
            back: format!("/ip/{prefix}"),
        },
        changes: Changes::of(view, &preview.delta),
        refused: Vec::new(),
    };
    respond::html(app, &page)
}
