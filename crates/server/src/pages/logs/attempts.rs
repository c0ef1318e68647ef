//! `/logs/attempts`: tries to come in, for admins.

use std::sync::Arc;

use axum::extract::State;
use axum::http::Uri;
use axum::response::Response;
use store::{AttemptQuery, AttemptRow, Journal};

use super::table::{Cell, link, moment, or_dash};
use super::{Asked, Kind, Tab, Table, look};
use crate::App;
use crate::api::problem::Problem;
use crate::pages::parts::{Column, Field};
use crate::pages::words::Logs;
use crate::pages::{Level, Markup, Visit, show};

const HEAD: [&str; 9] = ["at", "last_at", "count", "face", "kind", "account", "address", "result", "agent"];

/// The page.
pub(crate) async fn page(State(app): State<Arc<App>>, visit: Visit, uri: Uri) -> Result<Response, Problem> {
    let (view, t, asked) = (visit.view, Logs::of(visit.view.language), Asked::of(visit.view, &uri));
    let query = AttemptQuery {
        account: asked.field("account"),
        address: asked.field("address"),
        result: asked.field("result"),
        ..AttemptQuery::default()
    };
    let wanted = asked.clone();
    let found = app.ask_store(move |store| {
        let kind = Kind {
            journal: Journal::Attempts,
            id: |row: &AttemptRow| row.id,
            at: |row: &AttemptRow| row.at,
            text: |row: &AttemptRow| {
                let parts =
                    [&row.account, &row.address, &row.agent].map(|text| text.as_deref().unwrap_or(""));
                format!("{} {} {} {}", row.face, row.kind, row.result, parts.join(" "))
            },
            group: |row: &AttemptRow| row.result.clone(),
        };
        look(
            store,
            &wanted,
            &kind,
            |_| true,
            |store, before, limit| store.attempts(&AttemptQuery { before, limit, ..query.clone() }),
        )
    });
    let found = found.await?;
    let value = |key: &str| asked.field(key).unwrap_or_default();
    let table = Table {
        tab: Tab::Attempts,
        columns: vec![
            Column::plain(t.time),
            Column::plain(t.result),
            Column::plain(t.account),
            Column::plain(t.address),
            Column::plain(t.face),
            Column::plain(t.kind),
            Column::plain(t.tries).number(),
            Column::plain(t.agent),
        ],
        filters: vec![
            Field::line("account", t.account).value(value("account")),
            Field::line("address", t.address).value(value("address")),
            Field::line("result", t.result).value(value("result")),
        ],
        notices: Vec::new(),
        above: Markup::default(),
        cells: &|row: &AttemptRow| {
            let how = if row.result == "ok" { Level::Ok } else { Level::Warn };
            let address = row.address.as_deref().map(|address| link(&format!("/ip/{address}"), address));
            vec![
                Cell::of(moment(view, row.last_at)),
                Cell::of(show::state(how, &row.result)),
                Cell::of(or_dash(row.account.as_deref())),
                Cell::of(address.unwrap_or_else(|| or_dash(None))),
                Cell::text(&row.face),
                Cell::text(&row.kind),
                Cell::number(Markup::text(view.number(row.count))),
                Cell::long(or_dash(row.agent.as_deref())),
            ]
        },
        file_head: &HEAD,
        file_row: &|row: &AttemptRow| {
            vec![
                row.at.to_string(),
                row.last_at.to_string(),
                row.count.to_string(),
                row.face.clone(),
                row.kind.clone(),
                row.account.clone().unwrap_or_default(),
                row.address.clone().unwrap_or_default(),
                row.result.clone(),
                row.agent.clone().unwrap_or_default(),
            ]
        },
        group: &|key| (key.to_owned(), "result"),
    };
    table.show(&app, &visit, &asked, &found)
}
