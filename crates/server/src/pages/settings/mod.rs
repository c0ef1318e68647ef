//! `/settings`: the program, what it is set to, and the ways to the accounts of others and to what is locked.
//!
//! What is set is shown to everybody and changed by admins ([`edit`]): each value comes with its meaning from the tables that
//! command and API use too, so that no page says something else.

pub(crate) mod edit;
pub(crate) mod locks;
mod part;
pub(crate) mod sessions;
pub(crate) mod tokens;
pub(crate) mod user;
pub(crate) mod users;

use std::sync::Arc;

use askama::Template;
use axum::extract::{Query, State};
use axum::response::Response;
use blocklist::gate::{self, GateRules};
use blocklist::policy::{self, Policy, SourceRules};
use blocklist::{Setting, SourceName};
use serde::Deserialize;
use store::{BadUserName, Role, UserName};

use super::parts::{Notice, Tabs};
use super::words::Settings;
use super::{Address, Level, Markup, Page, Shell, View, Visit, respond, words};
use crate::App;
use crate::api::problem::Problem;

#[derive(Template)]
#[template(path = "settings/page.html")]
struct SettingsPage {
    shell: Shell,
    t: &'static Settings,
    tabs: Tabs,
    notice: Option<Notice>,
    kept: String,
    policy: Vec<Row>,
    sources: Vec<SourceRow>,
    /// Sources without rules of their own, to give them some.
    others: Vec<SourceName>,
    gate: Vec<Row>,
}

/// What happened before.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Asked {
    done: Option<String>,
}

/// A setting with its value.
struct Row {
    key: &'static str,
    label: &'static str,
    value: String,
    default: String,
    meaning: &'static str,
    is_default: bool,
}

/// What is set for one source.
struct SourceRow {
    source: SourceName,
    rows: Vec<Row>,
}

/// The page.
pub(crate) async fn page(
    State(app): State<Arc<App>>,
    visit: Visit,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let found = app.ask_store(|store| {
        let mut sources = store.source_configs()?;
        sources.retain(|source| source.kind != "manual" && source.removed_at.is_none());
        let names: Vec<SourceName> = sources.into_iter().map(|source| source.name).collect();
        Ok((store.policy()?, store.gate()?, store.history()?, names))
    });
    let (policy, gate, history, mut others): (Policy, GateRules, _, _) = found.await?;
    others.retain(|name| policy.sources.get(name).is_none_or(|rules| *rules == SourceRules::default()));
    let (view, t) = (visit.view, Settings::of(visit.view.language));
    let of_source = |(name, rules): (&SourceName, &SourceRules)| {
        let mut rows = table(view, policy::SOURCE_SETTINGS, rules);
        rows.retain(|row| !row.is_default);
        SourceRow { source: name.clone(), rows }
    };
    let page = SettingsPage {
        shell: visit.shell(&app, Page::Settings),
        t,
        tabs: tabs(&visit, "/settings"),
        notice: asked.done.as_deref().and_then(|done| told(t, done)),
        others,
        kept: words::settings::kept(view, history),
        sources: policy.sources.iter().map(of_source).filter(|of| !of.rows.is_empty()).collect(),
        policy: table(view, policy::SETTINGS, &policy),
        gate: table(view, gate::SETTINGS, &gate),
    };
    respond::html(&app, &page)
}

fn table<T: Default + 'static>(view: View, settings: &'static [Setting<T>], of: &T) -> Vec<Row> {
    let row = |setting: &'static Setting<T>| {
        let (value, default) = (setting.get(of), setting.default());
        Row {
            key: setting.key,
            label: words::rules::label(view, setting.key),
            is_default: value == default,
            value: words::settings::value(view, setting.kind, value),
            default: words::settings::value(view, setting.kind, default),
            meaning: view.pick(setting.korean, setting.english),
        }
    };
    settings.iter().map(row).collect()
}

/// The parts of the settings; those of admins are offered to admins.
fn tabs(visit: &Visit, open: &str) -> Tabs {
    let t = Settings::of(visit.view.language);
    let all = [
        (t.overview, "/settings", Role::Viewer),
        (t.users, "/settings/users", Role::Admin),
        (t.sessions, "/settings/sessions", Role::Admin),
        (t.tokens, "/settings/tokens", Role::Admin),
        (t.locks, "/settings/locks", Role::Admin),
        (t.start, "/start", Role::Admin),
    ];
    let tabs = all.into_iter().filter(|(.., role)| visit.identity.may(*role));
    Tabs::of(visit.common().settings, open, tabs.map(|(name, href, _)| (name, href)))
}

/// What was done just now: a code of the address, never a text of it.
fn told(t: &Settings, done: &str) -> Option<Notice> {
    let says = match done {
        "role" => t.done_role,
        "closed" => t.done_closed,
        "opened" => t.done_opened,
        "codes" => t.done_codes,
        "unlocked" => t.done_unlocked,
        "removed" => t.done_removed,
        "ended" => t.done_ended,
        "revoked" => t.done_revoked,
        "same" => t.done_same,
        "set" => t.done_set,
        "published" => t.done_published,
        "held" => t.done_held,
        _ => return None,
    };
    let level = if done == "held" { Level::Warn } else { Level::Ok };
    Some(Notice { level, says: says.into(), more: Markup::default() })
}

/// Rows of a page.
const ROWS: usize = 100;

/// The rows of a page of a list, and where the next one goes on. `after` names the last row of the page before; where that
/// one is gone meanwhile, the list begins anew.
fn cursor<T>(rows: Vec<T>, address: &Address, id: impl Fn(&T) -> String) -> (Vec<T>, Option<String>) {
    let after = address.get("after").and_then(|after| rows.iter().position(|row| id(row) == after));
    let from = after.map_or(0, |at| at + 1);
    let more = rows.len() > from + ROWS;
    let rows: Vec<T> = rows.into_iter().skip(from).take(ROWS).collect();
    let next = rows.last().filter(|_| more).map(id);
    (rows, next)
}

/// Whose rows are wanted, everybody's where nobody is named; and whether what was typed can be a name at all.
fn of_user(address: &Address) -> (Option<UserName>, bool) {
    match address.get("user").map(str::parse) {
        None => (None, true),
        Some(Ok(name)) => (Some(name), true),
        Some(Err(BadUserName)) => (None, false),
    }
}
