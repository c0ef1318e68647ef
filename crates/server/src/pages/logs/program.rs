//! `/logs/program`: what the program itself wrote down in the store.

use std::sync::Arc;

use axum::extract::State;
use axum::http::Uri;
use axum::response::Response;
use store::{Journal, LogRow, Store};

use super::table::{Cell, link, moment, or_dash};
use super::{Asked, Kind, Tab, Table, look};
use crate::App;
use crate::api::problem::Problem;
use crate::pages::parts::{Column, Field};
use crate::pages::words::Logs;
use crate::pages::{Level, Markup, Visit, show};

const LEVELS: [&str; 3] = ["error", "warn", "info"];
const HEAD: [&str; 5] = ["at", "level", "part", "source", "message"];

/// A line with its number.
type Line = (i64, LogRow);

/// The page.
pub(crate) async fn page(State(app): State<Arc<App>>, visit: Visit, uri: Uri) -> Result<Response, Problem> {
    let (view, t, asked) = (visit.view, Logs::of(visit.view.language), Asked::of(visit.view, &uri));
    let (level, part) = (asked.field("level"), asked.field("part"));
    let wanted = asked.clone();
    let found = app.ask_store(move |store| {
        let kind = Kind {
            journal: Journal::Logs,
            id: |line: &Line| line.0,
            at: |line: &Line| line.1.at,
            text: |(_, line): &Line| {
                let source = line.source.as_ref().map_or("", |source| source.as_str());
                format!("{} {} {source} {}", line.level, line.part, line.message)
            },
            group: |line: &Line| line.1.part.clone(),
        };
        let fits = |(_, line): &Line| {
            level.as_ref().is_none_or(|level| line.level == *level)
                && part.as_ref().is_none_or(|part| line.part == *part)
        };
        look(store, &wanted, &kind, fits, Store::log_lines)
    });
    let found = found.await?;
    let value = |key: &str| asked.field(key).unwrap_or_default();
    let levels = [("", visit.common().all)].into_iter().chain(LEVELS.map(|level| (level, level)));
    let table = Table {
        tab: Tab::Program,
        columns: vec![
            Column::plain(t.time),
            Column::plain(t.level),
            Column::plain(t.part),
            Column::plain(visit.common().source),
            Column::plain(t.message),
        ],
        filters: vec![
            Field::choice("level", t.level, levels).value(value("level")),
            Field::line("part", t.part).value(value("part")),
        ],
        notices: Vec::new(),
        above: Markup::default(),
        cells: &|(_, line): &Line| {
            let how = match line.level.as_str() {
                "error" => Level::Bad,
                "warn" => Level::Warn,
                _ => Level::Plain,
            };
            let source =
                line.source.as_ref().map(|source| link(&format!("/logs/runs?source={source}"), source));
            vec![
                Cell::of(moment(view, line.at)),
                Cell::of(show::state(how, &line.level)),
                Cell::text(&line.part),
                Cell::of(source.unwrap_or_else(|| or_dash(None))),
                Cell::long(Markup::text(&line.message)),
            ]
        },
        file_head: &HEAD,
        file_row: &|(_, line): &Line| {
            vec![
                line.at.to_string(),
                line.level.clone(),
                line.part.clone(),
                line.source.as_ref().map(ToString::to_string).unwrap_or_default(),
                line.message.clone(),
            ]
        },
        group: &|key| (key.to_owned(), "part"),
    };
    table.show(&app, &visit, &asked, &found)
}
