//! `/logs/audit`: what people changed, for operators; whether the record is whole, for admins.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::extract::State;
use axum::http::Uri;
use axum::response::Response;
use prefix::Prefix;
use serde_json::Value;
use store::{AuditQuery, AuditRow, Chain, Journal, Role, Store};

use super::table::{Cell, moment, or_dash};
use super::{Asked, Kind, Tab, Table, look};
use crate::App;
use crate::api::problem::Problem;
use crate::pages::parts::{Column, Field, Notice};
use crate::pages::words::Logs;
use crate::pages::{Level, Markup, View, Visit, show, words};

const HEAD: [&str; 9] = ["id", "at", "by", "action", "target", "before", "after", "note", "address"];
/// So much of what changed is shown in a row, in characters; the file has all.
const SHOWN: usize = 300;

/// The page.
pub(crate) async fn page(State(app): State<Arc<App>>, visit: Visit, uri: Uri) -> Result<Response, Problem> {
    let (view, t, asked) = (visit.view, Logs::of(visit.view.language), Asked::of(visit.view, &uri));
    let query = AuditQuery {
        by: asked.field("by"),
        action: asked.field("action"),
        target: asked.field("target"),
        ..AuditQuery::newest(0)
    };
    let wanted = asked.clone();
    let found = app.ask_store(move |store| {
        let kind = Kind {
            journal: Journal::Audit,
            id: |row: &AuditRow| row.id,
            at: |row: &AuditRow| row.at,
            text: |row: &AuditRow| {
                let json = |value: &Option<Value>| value.as_ref().map(Value::to_string).unwrap_or_default();
                let note = row.note.as_deref().unwrap_or("");
                format!(
                    "{} {} {} {note} {} {}",
                    row.by,
                    row.action,
                    row.target,
                    json(&row.before),
                    json(&row.after)
                )
            },
            group: |row: &AuditRow| row.action.clone(),
        };
        look(
            store,
            &wanted,
            &kind,
            |_| true,
            |store, before, limit| store.audit(&AuditQuery { before, limit, ..query.clone() }),
        )
    });
    let found = found.await?;
    let value = |key: &str| asked.field(key).unwrap_or_default();
    let is_admin = visit.identity.may(Role::Admin);
    let chain = if is_admin && asked.address.get("verify").is_some() {
        Some(app.ask_store(Store::verify_audit).await?)
    } else {
        None
    };
    let above = if is_admin && chain.is_none() {
        let href = asked.address.clone().with("verify", "1").to_string();
        Markup::trusted(format!("<p class=\"chips\">{}</p>", super::table::link(&href, t.chain_check)))
    } else {
        Markup::default()
    };
    let table = Table {
        tab: Tab::Audit,
        columns: vec![
            Column::plain(t.time),
            Column::plain(t.by),
            Column::plain(t.action),
            Column::plain(t.target),
            Column::plain(t.change),
            Column::plain(t.note),
            Column::plain(t.address),
        ],
        filters: vec![
            Field::line("by", t.by).value(value("by")),
            Field::choice(
                "action",
                t.action,
                [("", visit.common().all)].into_iter().chain(words::action::all(view)),
            )
            .value(value("action")),
            Field::line("target", t.target).value(value("target")),
        ],
        notices: chain.map(|chain| told(view, &chain)).into_iter().collect(),
        above,
        cells: &|row: &AuditRow| {
            vec![
                Cell::of(moment(view, row.at)),
                Cell::text(&row.by),
                Cell::text(words::action::name(view, &row.action)),
                Cell::long(target(&row.target)),
                Cell::long(change(row)),
                Cell::long(or_dash(row.note.as_deref())),
                Cell::of(or_dash(row.address.as_deref())),
            ]
        },
        file_head: &HEAD,
        file_row: &|row: &AuditRow| {
            let json = |value: &Option<Value>| value.as_ref().map(Value::to_string).unwrap_or_default();
            vec![
                row.id.to_string(),
                row.at.to_string(),
                row.by.clone(),
                row.action.clone(),
                row.target.clone(),
                json(&row.before),
                json(&row.after),
                row.note.clone().unwrap_or_default(),
                row.address.clone().unwrap_or_default(),
            ]
        },
        group: &|key| (key.to_owned(), "action"),
    };
    table.show(&app, &visit, &asked, &found)
}

/// Whether the record is whole, in words.
fn told(view: View, chain: &Chain) -> Notice {
    let t = Logs::of(view.language);
    match chain {
        Chain::Whole { entries, before } => Notice {
            level: Level::Ok,
            says: t.chain_whole.into(),
            more: Markup::text(words::logs::chain(view, *entries, *before)),
        },
        Chain::Broken { id, what } => Notice {
            level: Level::Bad,
            says: t.chain_broken.into(),
            more: Markup::text(words::logs::broken(view, *id, what)),
        },
    }
}

/// What a change was about. Each address in it leads to its page.
fn target(text: &str) -> Markup {
    let part = |part: &str| match part.parse::<Prefix>() {
        Ok(prefix) => show::prefix(prefix).to_string(),
        Err(_) => Markup::text(part).to_string(),
    };
    Markup::trusted(text.split(' ').map(part).collect::<Vec<_>>().join(" "))
}

/// What differs between before and after, field by field; the fields of a field are named `settings.url`.
fn change(row: &AuditRow) -> Markup {
    let fields = |value: &Option<Value>| {
        let mut all = BTreeMap::new();
        flatten("", value.as_ref().unwrap_or(&Value::Null), &mut all);
        all
    };
    let (before, after) = (fields(&row.before), fields(&row.after));
    let named = |key: &str| if key.is_empty() { String::new() } else { format!("{key}: ") };
    let mut told = Vec::new();
    for (key, new) in &after {
        match before.get(key) {
            Some(old) if old == new => {}
            Some(old) => told.push(format!("{}{old} → {new}", named(key))),
            None => told.push(format!("{}{new}", named(key))),
        }
    }
    let gone = before.iter().filter(|(key, _)| !after.contains_key(*key));
    told.extend(gone.map(|(key, old)| format!("{}{old} → –", named(key))));
    if told.is_empty() { or_dash(None) } else { Markup::text(cut(&told.join(" · "))) }
}

/// Puts the leaves of a value into a map, by their path. What is absent or empty is not told.
fn flatten(path: &str, value: &Value, into: &mut BTreeMap<String, String>) {
    let below = |key: &str| if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") };
    match value {
        Value::Null => {}
        Value::Object(fields) => fields.iter().for_each(|(key, value)| flatten(&below(key), value, into)),
        Value::Array(items) if items.is_empty() => {}
        Value::String(text) => drop(into.insert(path.to_owned(), text.clone())),
        other => drop(into.insert(path.to_owned(), other.to_string())),
    }
}

fn cut(text: &str) -> String {
    let mut short: String = text.chars().take(SHOWN).collect();
    if short.len() < text.len() {
        short.push('…');
    }
    short
}
