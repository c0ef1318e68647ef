//! What was when: a lane for each listing, one for the list, and every change as a line.

use blocklist::{State, Time};
use store::explain::{Explanation, ListingTold, StepTold};

use crate::pages::chart::{Lane, Span, Timeline};
use crate::pages::markup::escaped;
use crate::pages::words::IpOne;
use crate::pages::{Level, Markup, View, words};

/// The most lanes.
const LANES: usize = 12;
/// The most lines.
const LINES: usize = 60;
/// The picture spans at least a day.
const LEAST: i64 = 86_400;

/// A change.
pub(super) struct Line {
    pub(super) at: Time,
    pub(super) what: Markup,
    pub(super) who: String,
}

/// The picture; `None` when there is nothing to draw.
pub(super) fn picture(view: View, all: &Explanation) -> Option<Timeline> {
    let t = IpOne::of(view.language);
    let now = all.at.unwrap_or(view.now);
    let covering = all.listings.iter().filter(|told| told.covers).take(LANES);
    let mut lanes: Vec<Lane> = covering
        .map(|told| Lane { name: told.row.source.to_string(), spans: listed(view, told, now) })
        .collect();
    lanes.push(Lane { name: t.served.into(), spans: served(view, all) });
    let starts = lanes.iter().flat_map(|lane| lane.spans.iter().map(|span| span.from));
    let from = starts.min()?.min(now.plus_seconds(-LEAST));
    Some(Timeline { label: t.history.into(), width: 640, from, to: now, lanes, view })
}

/// When a source listed it: from when it came, and again after each time that it was gone.
fn listed(view: View, told: &ListingTold, now: Time) -> Vec<Span> {
    let t = IpOne::of(view.language);
    let says = |word: &str, at: Time| format!("{} · {word} · {}", told.row.prefix, view.exact(at));
    let mut spans: Vec<Span> = Vec::new();
    // Of one whose older history is cut away, the first known moment.
    let oldest = told.events.last().filter(|_| told.events_cut).map(|event| event.at);
    let mut open = oldest.or(told.came.as_ref().map(|came| came.at));
    for event in told.events.iter().rev().filter(|event| event.at <= now) {
        match event.event.as_str() {
            "withdrawn" | "removed" => {
                if let Some(from) = open.take() {
                    let says = says(t.listed, from);
                    spans.push(Span { from, until: Some(event.at), level: Level::Plain, says });
                }
            }
            "relisted" => open = open.or(Some(event.at)),
            _ => {}
        }
    }
    if let Some(from) = open {
        let is_over = told.row.state != State::Active;
        let until = told.row.until.filter(|_| is_over);
        let level = if is_over { Level::Plain } else { Level::Ok };
        spans.push(Span { from, until, level, says: says(t.listed, from) });
    }
    spans
}

/// When it was on the list.
fn served(view: View, all: &Explanation) -> Vec<Span> {
    let told = &all.publications;
    let mut spans = Vec::new();
    let mut open: Option<&StepTold> = None;
    for step in told.steps.iter().rev() {
        match (step.served, open) {
            (true, None) => open = Some(step),
            (false, Some(came)) => {
                spans.push(Span {
                    from: came.at,
                    until: Some(step.at),
                    level: Level::Plain,
                    says: words::ip_one::step(view, came.serial, true),
                });
                open = None;
            }
            _ => {}
        }
    }
    if let Some(came) = open {
        let from = told.since.unwrap_or(came.at);
        spans.push(Span {
            from,
            until: None,
            level: Level::Ok,
            says: words::ip_one::step(view, came.serial, true),
        });
    }
    spans
}

/// Every change, the newest first; and whether there are older ones.
pub(super) fn lines(view: View, all: &Explanation) -> (Vec<Line>, bool) {
    let t = IpOne::of(view.language);
    let mut lines = Vec::new();
    let mut is_cut = all.publications.cut;
    for told in all.listings.iter().filter(|told| told.covers) {
        let source = escaped(&told.row.source);
        is_cut |= told.events_cut;
        for event in &told.events {
            let word = match event.event.as_str() {
                "withdrawn" => t.withdrawn,
                "relisted" => t.relisted,
                "removed" => t.removed,
                _ => t.changed,
            };
            let run = event.run.map(|run| run_link(view, run)).unwrap_or_default();
            lines.push(Line {
                at: event.at,
                what: Markup::trusted(format!("{source} {word}{run}")),
                who: who(event.by.as_deref(), event.note.as_deref()),
            });
        }
        if let Some(came) = &told.came {
            lines.push(Line {
                at: came.at,
                what: Markup::trusted(format!("{source} {}{}", t.listed, run_link(view, came.run))),
                who: who(came.by.as_deref(), came.note.as_deref()),
            });
        }
    }
    for step in &all.publications.steps {
        let says = escaped(words::ip_one::step(view, step.serial, step.served));
        lines.push(Line {
            at: step.at,
            what: Markup::trusted(format!("<a href=\"/publications/{}\">{says}</a>", step.serial)),
            who: String::new(),
        });
    }
    lines.sort_by_key(|line| std::cmp::Reverse(line.at));
    is_cut |= lines.len() > LINES;
    lines.truncate(LINES);
    (lines, is_cut)
}

fn run_link(view: View, run: store::RunId) -> String {
    format!(" · <a href=\"/runs/{run}\">{}</a>", escaped(words::ip_one::run(view, run)))
}

fn who(by: Option<&str>, note: Option<&str>) -> String {
    [by, note].into_iter().flatten().collect::<Vec<_>>().join(": ")
}
