//! `/runs/{id}`: one run, what came of it, and the rows that it refused, by cause and one by one.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use axum::http::Uri;
use axum::response::Response;
use store::{RejectedRow, Run, RunId};

use super::table::link;
use crate::App;
use crate::api::problem::Problem;
use crate::api::reason::Reason;
use crate::pages::csv::csv;
use crate::pages::parts::{BarList, Pager};
use crate::pages::words::Logs;
use crate::pages::{Address, Level, Markup, Page, Shell, Visit, respond, show, words};

/// Rows of a page.
const ROWS: usize = 200;
/// Rows that are looked through: a run keeps the first thousand of each cause.
const KEPT: usize = 30_000;

#[derive(Template)]
#[template(path = "logs/run.html")]
struct RunPage {
    shell: Shell,
    t: &'static Logs,
    run: Run,
    state: (&'static str, Level),
    took: String,
    same_as: Option<Markup>,
    causes: BarList,
    rows: Vec<Row>,
    pager: Pager,
}

/// A refused row.
struct Row {
    line: u64,
    cause: String,
    text: String,
}

/// The page.
pub(crate) async fn page(
    State(app): State<Arc<App>>,
    visit: Visit,
    uri: Uri,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    let no_such = || Problem::not_found("no such run").because(Reason::NoRun);
    let id = RunId(id.parse().map_err(|_| no_such())?);
    let found = app.ask_store(move |store| {
        let Some(run) = store.run(id)? else { return Ok(None) };
        Ok(Some((run, store.rejected_rows(id, KEPT)?)))
    });
    let (run, mut rows) = found.await?.ok_or_else(no_such)?;
    let (view, t) = (visit.view, Logs::of(visit.view.language));
    let address = Address::of(&uri);
    if let Some(cause) = address.get("cause") {
        rows.retain(|row| row.cause == cause);
    }
    if address.get("format") == Some("csv") {
        return Ok(file(&run, &rows));
    }
    let from: usize = address.get("after").and_then(|after| after.parse().ok()).unwrap_or(0);
    let of = rows.len();
    let rows: Vec<Row> = rows
        .into_iter()
        .skip(from)
        .take(ROWS)
        .map(|row| Row { line: row.line, cause: words::cause::by_id(view, &row.cause), text: row.text })
        .collect();
    let next = (from + rows.len() < of).then(|| (from + rows.len()).to_string());
    let causes = run.refusals.iter().map(|(cause, count)| {
        let href = address.clone().without("after").with("cause", cause).to_string();
        (words::cause::by_id(view, cause), *count, href)
    });
    let says = words::logs::scanned(view, rows.len() as u64, of as u64, true);
    let page = RunPage {
        shell: visit.shell(&app, Page::Logs),
        t,
        state: words::logs::run(view, &run),
        took: view.duration((run.ended_at.unix() - run.started_at.unix()).max(0) as u64),
        same_as: run.same_as.map(|same| link(&format!("/runs/{same}"), same)),
        causes: BarList::of(causes),
        pager: Pager::of(visit.common(), says, &address, next.as_deref())
            .with_csv(address.clone().with("format", "csv")),
        rows,
        run,
    };
    respond::html(&app, &page)
}

fn file(run: &Run, rows: &[RejectedRow]) -> Response {
    let rows = rows.iter().map(|row| [row.line.to_string(), row.cause.clone(), row.text.clone()]);
    csv(&format!("run-{}-refused", run.run), &["line", "cause", "text"], rows)
}
