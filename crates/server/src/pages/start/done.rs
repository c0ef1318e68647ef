//! The last step: what runs now, and what is left to do.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use blocklist::Serial;
use collect::collector::{SourceView, view};
use store::{ConsumerRow, HeldState, PublicationRow};

use super::{Facts, Step, Walk};
use crate::App;
use crate::api::problem::Problem;
use crate::pages::words::{self, Start};
use crate::pages::{Level, Markup, Page, Shell, View, Visit, respond, show};

/// At most so many of each are named.
const NAMED: usize = 5;

#[derive(Template)]
#[template(path = "start/done.html")]
struct DonePage {
    shell: Shell,
    t: &'static Start,
    walk: Walk,
    says: &'static str,
    lines: Vec<Line>,
}

/// What runs, or does not yet.
struct Line {
    name: &'static str,
    state: Markup,
    says: String,
    href: String,
    act: &'static str,
}

/// What the store says.
struct Found {
    own: usize,
    sources: Vec<SourceView>,
    devices: Vec<ConsumerRow>,
    last: Option<PublicationRow>,
    held: Option<store::HeldId>,
}

/// The page.
pub(crate) async fn page(State(app): State<Arc<App>>, visit: Visit) -> Result<Response, Problem> {
    let facts = Facts::of(&app, &visit).await?;
    let (alive, now) = (app.alive(), app.now());
    let found = app.ask_store(move |store| {
        let mut sources = view::sources(store, now, &alive)?;
        sources.retain(|source| source.row.kind != "manual");
        let held = store.held(None, 1)?.into_iter().find(|row| row.state == HeldState::Open);
        Ok(Found {
            own: store.own_networks()?.len(),
            sources,
            devices: store.consumers()?,
            last: store.publications(None, 1)?.pop(),
            held: held.map(|row| row.id),
        })
    });
    let found = found.await?;
    let t = Start::of(visit.view.language);
    let mut lines = vec![of_own(visit.view, t, &found)];
    lines.extend(of_sources(visit.view, t, &found));
    lines.push(of_publication(visit.view, t, &found));
    lines.extend(of_devices(visit.view, t, &found));
    let page = DonePage {
        shell: visit.shell(&app, Page::Settings),
        t,
        walk: Walk::at(&visit, &facts, Step::Done),
        says: if facts.is_done(Step::Done) { t.all_done } else { t.not_yet },
        lines,
    };
    respond::html(&app, &page)
}

fn of_own(view: View, t: &'static Start, found: &Found) -> Line {
    let (level, word) = if found.own > 0 { (Level::Ok, t.is_done) } else { (Level::Warn, t.to_do) };
    Line {
        name: t.own,
        state: show::state(level, word),
        says: words::start::networks(view, found.own),
        href: if found.own > 0 { "/allow/own" } else { Step::Own.path() }.into(),
        act: if found.own > 0 { t.look } else { t.do_it },
    }
}

fn of_sources(view: View, t: &'static Start, found: &Found) -> Vec<Line> {
    if found.sources.is_empty() {
        let (state, says) = (show::state(Level::Warn, t.to_do), t.no_source.to_owned());
        return vec![Line {
            name: t.source_now,
            state,
            says,
            href: Step::Source.path().into(),
            act: t.do_it,
        }];
    }
    let line = |source: &SourceView| {
        let (word, level) = words::collect::state(view, source);
        let name = source.row.name.as_str();
        let next = source.next_run_at.map(|at| view.exact(at));
        Line {
            name: t.source_now,
            state: show::state(level, &word),
            says: words::start::source(view, name, source.row.active, next.as_deref()),
            href: format!("{}?name={name}", Step::Source.path()),
            act: t.look,
        }
    };
    found.sources.iter().rev().take(NAMED).map(line).collect()
}

fn of_publication(view: View, t: &'static Start, found: &Found) -> Line {
    let name = t.publication;
    if let Some(held) = found.held {
        let (state, href) = (show::state(Level::Warn, t.is_held), format!("/held/{held}"));
        return Line { name, state, says: t.held_says.into(), href, act: t.review };
    }
    match &found.last {
        Some(last) if last.entries > 0 => {
            let Serial(serial) = last.serial;
            let says = words::start::publication(view, serial, last.entries);
            Line {
                name,
                state: show::state(Level::Ok, t.is_served),
                says,
                href: format!("/publications/{serial}"),
                act: t.look,
            }
        }
        _ => {
            let state = show::state(Level::Plain, t.is_waiting);
            Line { name, state, says: t.no_publication.into(), href: "/publications".into(), act: t.look }
        }
    }
}

fn of_devices(view: View, t: &'static Start, found: &Found) -> Vec<Line> {
    if found.devices.is_empty() {
        let (state, says) = (show::state(Level::Warn, t.to_do), t.no_device.to_owned());
        return vec![Line {
            name: t.device_now,
            state,
            says,
            href: Step::Device.path().into(),
            act: t.do_it,
        }];
    }
    let line = |device: &ConsumerRow| {
        let pulled = device.holdings.first();
        let (level, word) =
            if pulled.is_some() { (Level::Ok, t.is_reading) } else { (Level::Warn, t.is_silent) };
        let at = pulled.map(|last| view.relative(last.at));
        Line {
            name: t.device_now,
            state: show::state(level, word),
            says: words::start::device(view, device.name.as_str(), at.as_deref()),
            href: format!("/devices/{}", device.name),
            act: t.look,
        }
    };
    found.devices.iter().rev().take(NAMED).map(line).collect()
}
