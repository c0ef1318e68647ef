//! The way of a listing from its row to the devices: a step for each thing that could have stopped it.
//!
//! The first step that stopped it is the last that says something: what comes after was never reached.

use blocklist::State;
use blocklist::policy::Why;
use store::explain::words::{guard_text, verdict_text};
use store::explain::{Answer, Explanation, ListingTold, RefusedTold};

use crate::pages::markup::escaped;
use crate::pages::parts::Step;
use crate::pages::words::IpOne;
use crate::pages::{Level, Markup, View, words};

/// The steps while they are made.
struct Way {
    view: View,
    steps: Vec<Step>,
    stopped: bool,
}

impl Way {
    /// Adds a step. One that is bad stops the row.
    fn step(&mut self, name: impl Into<String>, level: Level, verdict: &str, detail: Markup) {
        let is_off = self.stopped;
        let t = IpOne::of(self.view.language);
        self.stopped |= level == Level::Bad || level == Level::Warn;
        self.steps.push(Step {
            name: name.into(),
            level: if is_off { Level::Plain } else { level },
            verdict: if is_off { t.not_reached.into() } else { verdict.into() },
            detail: if is_off { Markup::default() } else { detail },
            is_off,
        });
    }
}

/// The way of a listing that covers what was asked for.
pub(super) fn of_listing(view: View, all: &Explanation, told: &ListingTold) -> Vec<Step> {
    let t = IpOne::of(view.language);
    let mut way = Way { view, steps: Vec::new(), stopped: false };
    row(&mut way, told);
    way.step(t.check, Level::Ok, t.passed, Markup::default());
    let why = told.policy.as_ref().map(|verdict| verdict.why.as_slice()).unwrap_or_default();
    let is_guard = |why: &&Why| matches!(why, Why::Protected { .. });
    if why.iter().any(|why| is_guard(&why)) {
        let guards = all.protected.iter().map(|guard| guard_text(guard, view.language));
        let guards = guards.collect::<Vec<_>>().join(" · ");
        way.step(t.allow, Level::Bad, t.left_out, link("/allow", &guards));
    } else {
        way.step(t.allow, Level::Ok, t.clear, Markup::default());
    }
    if let Some(verdict) = told.policy.as_ref().filter(|_| why.iter().any(|why| !is_guard(&why))) {
        let is_over = matches!(why.first(), Some(Why::Ended { .. }));
        let word = if is_over { t.ended } else { t.left_out };
        way.step(t.policy, Level::Bad, word, Markup::text(verdict_text(verdict, view.language)));
    } else {
        way.step(t.policy, Level::Ok, t.passed, Markup::default());
    }
    let is_served = match &all.answer {
        Answer::Served { sources, .. } => sources.contains(&told.row.source),
        _ => false,
    };
    published(&mut way, all, is_served);
    readers(&mut way, all);
    way.steps
}

fn row(way: &mut Way, told: &ListingTold) {
    let (view, t) = (way.view, IpOne::of(way.view.language));
    let run = |run: store::RunId| link(&format!("/runs/{run}"), &words::ip_one::run(view, run));
    let source = Markup::text(&told.row.source);
    let last = told.events.first();
    let by = last.and_then(|event| event.by.as_deref()).unwrap_or("");
    match told.row.state {
        State::Withdrawn => {
            let at = last.map(|event| view.ago(event.at)).unwrap_or_default();
            way.step(t.row, Level::Bad, t.withdrawn, join(&[&source, &at]));
        }
        State::Removed => way.step(t.row, Level::Bad, t.removed, join(&[&source, &Markup::text(by)])),
        State::Active | State::Expired => {
            let came = told.came.as_ref().map(|came| run(came.run)).unwrap_or_default();
            let by = told.came.as_ref().and_then(|came| came.by.as_deref()).unwrap_or("");
            way.step(t.row, Level::Ok, t.listed, join(&[&source, &came, &Markup::text(by)]));
        }
    }
}

fn published(way: &mut Way, all: &Explanation, is_served: bool) {
    let t = IpOne::of(way.view.language);
    let held = all.gate.held.as_ref().filter(|held| held.adds);
    match (held, &all.gate.pinned) {
        (Some(held), _) if !is_served => {
            let says = format!("{} {}", t.held, held.id);
            way.step(t.gate, Level::Warn, t.held, link(&format!("/held/{}", held.id), &says));
        }
        (_, Some(pin)) if !is_served => {
            let says = format!("#{}", pin.serial);
            way.step(t.gate, Level::Warn, t.pinned, link(&format!("/publications/{}", pin.serial), &says));
        }
        _ => way.step(t.gate, Level::Ok, t.passed, Markup::default()),
    }
    let (name, number) = match all.publications.serial {
        Some(serial) => {
            let number = format!("#{serial}");
            (format!("{} {number}", t.publication), link(&format!("/publications/{serial}"), &number))
        }
        None => (t.publication.to_owned(), Markup::default()),
    };
    match &all.answer {
        _ if is_served => way.step(name, Level::Ok, t.in_it, number),
        Answer::Pending { .. } => way.step(name, Level::Warn, t.not_yet, number),
        _ => way.step(name, Level::Bad, t.not_in_it, number),
    }
}

fn readers(way: &mut Way, all: &Explanation) {
    let (view, t) = (way.view, IpOne::of(way.view.language));
    let with: Vec<&str> =
        all.feeds.iter().filter(|feed| feed.has == Some(true)).map(|feed| feed.name.as_str()).collect();
    let level = if with.is_empty() { Level::Bad } else { Level::Ok };
    let word = if with.is_empty() { t.not_in_it } else { t.in_it };
    way.step(t.feed, level, word, Markup::text(with.join(", ")));
    let (have, of) = devices(all);
    let level = match (have, of) {
        (_, 0) => Level::Plain,
        (have, of) if have == of => Level::Ok,
        _ => Level::Warn,
    };
    let says = words::ip_one::share(view, have, of);
    way.step(t.device, level, if have > 0 { t.has } else { t.has_not }, Markup::text(says));
}

/// How many devices have it, of how many.
pub(super) fn devices(all: &Explanation) -> (u64, u64) {
    let mut with: Vec<&str> = Vec::new();
    let mut every: Vec<&str> = Vec::new();
    for holder in &all.consumers {
        every.push(&holder.consumer);
        if holder.has == Some(true) {
            with.push(&holder.consumer);
        }
    }
    // They come by name: a device that reads two feeds stands twice.
    with.dedup();
    every.dedup();
    (with.len() as u64, every.len() as u64)
}

/// The way of a row that was refused.
pub(super) fn of_refused(view: View, refused: &RefusedTold) -> Vec<Step> {
    let t = IpOne::of(view.language);
    let mut way = Way { view, steps: Vec::new(), stopped: false };
    let run = link(&format!("/runs/{}", refused.run), &words::ip_one::run(view, refused.run));
    way.step(t.row, Level::Ok, t.row, join(&[&Markup::text(&refused.source), &run]));
    let cause = words::cause::by_id(view, &refused.cause);
    way.step(t.check, Level::Bad, t.refused, Markup::text(cause));
    for name in [t.allow, t.policy, t.gate, t.publication, t.feed, t.device] {
        way.step(name, Level::Plain, "", Markup::default());
    }
    way.steps
}

fn link(href: &str, text: &str) -> Markup {
    Markup::trusted(format!("<a href=\"{}\">{}</a>", escaped(href), escaped(text)))
}

fn join(parts: &[&Markup]) -> Markup {
    let parts: Vec<&str> = parts.iter().filter(|part| !part.is_empty()).map(|part| part.as_str()).collect();
    Markup::trusted(parts.join(" · "))
}
