//! `/publications/{serial}`: one of them, and what differs from another.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use blocklist::Serial;
use serde::Deserialize;
use store::{PublicationRow, Role};

use super::number;
use crate::App;
use crate::api::problem::Problem;
use crate::pages::csv::csv;
use crate::pages::parts::{Changes, Field};
use crate::pages::words::Publications;
use crate::pages::{Page, Shell, Visit, respond, show, words};

#[derive(Template)]
#[template(path = "publications/one.html")]
struct OnePage {
    shell: Shell,
    t: &'static Publications,
    row: PublicationRow,
    is_live: bool,
    with: Option<Serial>,
    changes: Option<Changes>,
    compare: Field,
}

/// With which it is compared.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Asked {
    with: Option<String>,
    format: Option<String>,
}

/// The page.
pub(crate) async fn page(
    State(app): State<Arc<App>>,
    visit: Visit,
    Path(serial): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let serial = number(&serial)?;
    let other = asked.with.as_deref().filter(|text| !text.is_empty());
    let other = other.map(|text| number(text.trim_start_matches('#'))).transpose()?;
    let found = app.ask_store(move |store| {
        let row = store.publication(serial)?.ok_or(store::Error::NoPublication(serial))?;
        let before = Serial(serial.0.saturating_sub(1));
        let with = match other {
            Some(other) => Some(other),
            None => store.publication(before)?.map(|row| row.serial),
        };
        // What is kept of old publications is their row; the difference may be gone.
        let delta = match with.map(|with| store.diff(with, serial)) {
            Some(Err(store::Error::NoPublication(_))) if other.is_none() => None,
            other => other.transpose()?,
        };
        Ok((row, with, delta))
    });
    let (row, with, delta) = found.await?;
    if asked.format.as_deref() == Some("csv") {
        let delta = delta.unwrap_or_default();
        let come = delta.added.iter().map(|prefix| ["added".to_owned(), prefix.to_string()]);
        let go = delta.removed.iter().map(|prefix| ["removed".to_owned(), prefix.to_string()]);
        return Ok(csv(&format!("diff-{serial}"), &["change", "prefix"], come.chain(go)));
    }
    let w = Publications::of(visit.view.language);
    let page = OnePage {
        shell: visit.shell(&app, Page::Publications),
        t: w,
        is_live: app.live().is_some_and(|live| live.head().serial == serial),
        changes: delta.map(|delta| Changes::of(visit.view, &delta)),
        compare: Field::typed("with", w.compare, "number")
            .value(with.map(|with| with.to_string()).unwrap_or_default()),
        row,
        with,
    };
    respond::html(&app, &page)
}
