//! `/publications`: what was published, what is held, and the ways back.

pub(crate) mod back;
pub(crate) mod held;
pub(crate) mod one;

use std::sync::Arc;

use askama::Template;
use axum::extract::{Query, State};
use axum::http::Uri;
use axum::response::Response;
use blocklist::Serial;
use serde::Deserialize;
use store::{HeldRow, HeldState, Pin, PublicationRow, Role};

use super::csv::csv;
use super::parts::{Column, Empty, Head, Notice, Pager};
use super::words::Publications;
use super::{Address, Level, Markup, Page, Shell, Visit, respond, show, words};
use crate::App;
use crate::api::problem::Problem;
use crate::api::reason::Reason;

/// Rows of a page.
const ROWS: usize = 50;
/// Rows of a file.
const FILE_ROWS: usize = 10_000;
/// Decided candidates below the table.
const PAST_HELD: usize = 5;

#[derive(Template)]
#[template(path = "publications/list.html")]
struct ListPage {
    shell: Shell,
    t: &'static Publications,
    notice: Option<Notice>,
    held: Option<HeldRow>,
    pin: Option<Pin>,
    rows: Vec<PublicationRow>,
    head: Head,
    pager: Pager,
    empty: Empty,
    past: Vec<HeldRow>,
}

/// What is asked for.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Asked {
    after: Option<u64>,
    format: Option<String>,
    done: Option<String>,
}

/// The page.
pub(crate) async fn list(
    State(app): State<Arc<App>>,
    visit: Visit,
    uri: Uri,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let (view, before) = (visit.view, asked.after.map(Serial));
    let w = Publications::of(view.language);
    if asked.format.as_deref() == Some("csv") {
        let rows = app.ask_store(|store| store.publications(None, FILE_ROWS)).await?;
        return Ok(file(&rows));
    }
    let (mut rows, pin, mut held) = app
        .ask_store(move |store| {
            let held = store.held(None, PAST_HELD + 1)?;
            Ok((store.publications(before, ROWS + 1)?, store.pinned()?, held))
        })
        .await?;
    let next = (rows.len() > ROWS).then(|| rows[ROWS - 1].serial.to_string());
    rows.truncate(ROWS);
    let open = held.iter().position(|row| row.state == HeldState::Open).map(|place| held.remove(place));
    held.truncate(PAST_HELD);
    let address = Address::of(&uri).without("done");
    let live = app.live().map(|live| {
        words::publications::stands(view, live.head().serial, live.publication().entries() as u64)
    });
    let page = ListPage {
        shell: visit.shell(&app, Page::Publications),
        t: w,
        notice: asked.done.as_deref().and_then(|done| told(w, done)),
        held: open,
        pin,
        rows,
        head: Head {
            columns: vec![
                Column::plain(visit.common().publication),
                Column::plain(w.time),
                Column::plain(w.entries).number(),
                Column::plain(w.change).number(),
                Column::plain(w.origin),
                Column::plain(w.who),
                Column::plain(w.why),
            ],
            sort: None,
            address: address.clone(),
        },
        pager: Pager::of(visit.common(), live.unwrap_or_default(), &address, next.as_deref())
            .with_csv(address.clone().with("format", "csv")),
        empty: Empty {
            says: w.empty.into(),
            hint: w.empty_hint.into(),
            act: Some((w.to_collect.into(), Page::Collect.path().into())),
        },
        past: held,
    };
    respond::html(&app, &page)
}

/// What was done just now: a code of the address, never a text of it.
fn told(w: &Publications, done: &str) -> Option<Notice> {
    let (level, says) = match done {
        "approved" => (Level::Ok, w.approved),
        "half" => (Level::Ok, w.half_approved),
        "rejected" => (Level::Ok, w.rejected),
        "rollback" => (Level::Ok, w.rolled_back),
        "release" => (Level::Ok, w.released),
        _ => return None,
    };
    Some(Notice { level, says: says.into(), more: Markup::default() })
}

fn file(rows: &[PublicationRow]) -> Response {
    let header = ["serial", "published_at", "entries", "added", "removed", "origin", "by", "note", "hash"];
    let rows = rows.iter().map(|row| {
        [
            row.serial.to_string(),
            row.published_at.to_string(),
            row.entries.to_string(),
            row.added.to_string(),
            row.removed.to_string(),
            row.origin.as_str().to_owned(),
            row.by.clone().unwrap_or_default(),
            row.note.clone().unwrap_or_default(),
            row.hash.to_string(),
        ]
    });
    csv("publications", &header, rows)
}

/// The number of a publication in a path.
fn number(text: &str) -> Result<Serial, Problem> {
    text.parse()
        .map(Serial)
        .map_err(|_| Problem::not_found("no such publication").because(Reason::NoPublication))
}
