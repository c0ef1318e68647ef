//! `/logs/pulls`: who read which feed, and what was answered.

use std::sync::Arc;

use axum::extract::State;
use axum::http::Uri;
use axum::response::Response;
use blocklist::ConsumerName;
use store::{Journal, PullQuery, PullRow};

use super::table::{Cell, link, moment, or_dash};
use super::{Asked, Kind, Tab, Table, look};
use crate::App;
use crate::api::problem::Problem;
use crate::pages::address::encoded;
use crate::pages::parts::{Column, Field};
use crate::pages::words::Logs;
use crate::pages::{Level, Markup, Visit, show};

const HEAD: [&str; 9] = ["at", "consumer", "feed", "format", "address", "agent", "serial", "status", "bytes"];

/// The page.
pub(crate) async fn page(State(app): State<Arc<App>>, visit: Visit, uri: Uri) -> Result<Response, Problem> {
    let (view, t, asked) = (visit.view, Logs::of(visit.view.language), Asked::of(visit.view, &uri));
    let consumer: Option<ConsumerName> = asked.field("consumer").and_then(|name| name.parse().ok());
    let status: Option<u16> = asked.field("status").and_then(|status| status.parse().ok());
    let feed = asked.field("feed");
    let wanted = asked.clone();
    let found = app.ask_store(move |store| {
        let kind = Kind {
            journal: Journal::Pulls,
            id: |pull: &PullRow| pull.id,
            at: |pull: &PullRow| pull.at,
            text: |pull: &PullRow| {
                let parts =
                    [&pull.consumer, &pull.address, &pull.agent].map(|text| text.as_deref().unwrap_or(""));
                format!("{} {} {} {}", pull.feed, pull.format, pull.status, parts.join(" "))
            },
            group: |pull: &PullRow| pull.status.to_string(),
        };
        let fits = |pull: &PullRow| feed.as_ref().is_none_or(|feed| pull.feed == *feed);
        look(store, &wanted, &kind, fits, |store, before, limit| {
            let query = PullQuery { consumer: consumer.clone(), status, before, ..PullQuery::default() };
            store.pulls(&query, limit)
        })
    });
    let found = found.await?;
    let value = |key: &str| asked.field(key).unwrap_or_default();
    let table = Table {
        tab: Tab::Pulls,
        columns: vec![
            Column::plain(t.time),
            Column::plain(visit.common().consumer),
            Column::plain(visit.common().feed),
            Column::plain(t.state),
            Column::plain(visit.common().publication).number(),
            Column::plain(t.size).number(),
            Column::plain(t.address),
            Column::plain(t.agent),
        ],
        filters: vec![
            Field::line("consumer", visit.common().consumer).value(value("consumer")),
            Field::line("feed", visit.common().feed).value(value("feed")),
            Field::line("status", t.state).value(value("status")),
        ],
        notices: Vec::new(),
        above: Markup::default(),
        cells: &|pull: &PullRow| {
            let consumer = pull
                .consumer
                .as_deref()
                .map(|name| link(&format!("/logs/pulls?consumer={}", encoded(name)), name));
            let serial =
                pull.serial.map(|serial| link(&format!("/publications/{serial}"), format!("#{serial}")));
            let address = pull.address.as_deref().map(|address| link(&format!("/ip/{address}"), address));
            let status = pull.status.to_string();
            vec![
                Cell::of(moment(view, pull.at)),
                Cell::of(consumer.unwrap_or_else(|| or_dash(None))),
                Cell::text(format!("{}/{}", pull.feed, pull.format)),
                Cell::of(show::state(level(pull.status), &status)),
                Cell::number(serial.unwrap_or_else(|| or_dash(None))),
                Cell::number(Markup::text(view.bytes(pull.bytes))),
                Cell::of(address.unwrap_or_else(|| or_dash(None))),
                Cell::long(or_dash(pull.agent.as_deref())),
            ]
        },
        file_head: &HEAD,
        file_row: &|pull: &PullRow| {
            vec![
                pull.at.to_string(),
                pull.consumer.clone().unwrap_or_default(),
                pull.feed.clone(),
                pull.format.clone(),
                pull.address.clone().unwrap_or_default(),
                pull.agent.clone().unwrap_or_default(),
                pull.serial.map(|serial| serial.to_string()).unwrap_or_default(),
                pull.status.to_string(),
                pull.bytes.to_string(),
            ]
        },
        group: &|key| (key.to_owned(), "status"),
    };
    table.show(&app, &visit, &asked, &found)
}

fn level(status: u16) -> Level {
    match status {
        200..=399 => Level::Ok,
        400..=499 => Level::Warn,
        _ => Level::Bad,
    }
}
