//! How far the first steps are, and the line that shows it.

use askama::Template;
use blocklist::SourceName;
use store::{OwnKind, RunQuery, RunState, Store};

use crate::App;
use crate::api::problem::Problem;
use crate::pages::words::{self, Start};
use crate::pages::{Preferences, Visit};

/// A step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    /// Language and clock.
    View,
    /// Own networks.
    Own,
    /// The first source.
    Source,
    /// The first device.
    Device,
    /// What runs now.
    Done,
}

impl Step {
    /// In their order.
    pub(crate) const ALL: [Self; 5] = [Self::View, Self::Own, Self::Source, Self::Device, Self::Done];

    /// Where it is.
    pub(crate) fn path(self) -> &'static str {
        match self {
            Self::View => "/start/view",
            Self::Own => "/start/own",
            Self::Source => "/start/source",
            Self::Device => "/start/device",
            Self::Done => "/start/done",
        }
    }

    /// The one after it; the last has none.
    pub(crate) fn next(self) -> Self {
        match self {
            Self::View => Self::Own,
            Self::Own => Self::Source,
            Self::Source => Self::Device,
            Self::Device | Self::Done => Self::Done,
        }
    }

    fn name(self, t: &Start) -> &'static str {
        match self {
            Self::View => t.view,
            Self::Own => t.own,
            Self::Source => t.source,
            Self::Device => t.device,
            Self::Done => t.end,
        }
    }
}

/// What is there already.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Facts {
    /// Of the steps before the last, in their order.
    done: [bool; 4],
    /// Whether something is served.
    published: bool,
}

impl Facts {
    /// As account and store have it now.
    pub(crate) async fn of(app: &App, visit: &Visit) -> Result<Self, Problem> {
        let view = Preferences::are_kept(&visit.identity);
        let found = app.ask_store(move |store| {
            let own = store.own_networks()?.iter().any(|own| own.kind == OwnKind::Firm);
            Ok(Self {
                done: [view, own, has_collected(store)?, has_device(store)?],
                published: store.publications(None, 1)?.first().is_some_and(|last| last.entries > 0),
            })
        });
        found.await
    }

    /// Whether what a step makes is there. The last is done when all others are and something is served.
    pub(crate) fn is_done(&self, step: Step) -> bool {
        let [view, own, source, device] = self.done;
        match step {
            Step::View => view,
            Step::Own => own,
            Step::Source => source,
            Step::Device => device,
            Step::Done => self.published && self.done == [true; 4],
        }
    }
}

/// The sources but for what people block by hand, which has its own from the beginning.
fn sources(store: &Store) -> store::Result<Vec<SourceName>> {
    let sources = store.source_configs()?.into_iter();
    let there = sources.filter(|it| it.kind != "manual" && it.removed_at.is_none());
    Ok(there.map(|it| it.name).collect())
}

/// The one that was added last.
pub(super) fn newest_source(store: &Store) -> store::Result<Option<SourceName>> {
    sources(store).map(|mut names| names.pop())
}

pub(super) fn has_source(store: &Store) -> store::Result<bool> {
    sources(store).map(|names| !names.is_empty())
}

/// Whether a run of any of them went well. One that is there and cannot be read is not done.
fn has_collected(store: &Store) -> store::Result<bool> {
    for source in sources(store)? {
        let good = RunQuery { source: Some(source), state: Some(RunState::Done), before: None, limit: 1 };
        if !store.runs(&good)?.is_empty() {
            return Ok(true);
        }
    }
    Ok(false)
}

pub(super) fn has_device(store: &Store) -> store::Result<bool> {
    store.consumers().map(|all| !all.is_empty())
}

/// The line of steps above each of them.
#[derive(Clone, Debug, Template)]
#[template(path = "start/walk.html")]
pub(crate) struct Walk {
    t: &'static Start,
    so_far: String,
    stops: Vec<Stop>,
}

/// A step of the line.
#[derive(Clone, Debug)]
struct Stop {
    number: usize,
    name: &'static str,
    href: &'static str,
    is_done: bool,
    is_here: bool,
}

// The template has escaped what needs it.
impl askama::filters::HtmlSafe for Walk {}

impl Walk {
    /// The line with this step open.
    pub(crate) fn at(visit: &Visit, facts: &Facts, here: Step) -> Self {
        let t = Start::of(visit.view.language);
        let stop = |(place, step): (usize, Step)| Stop {
            number: place + 1,
            name: step.name(t),
            href: step.path(),
            is_done: facts.is_done(step),
            is_here: step == here,
        };
        let stops: Vec<_> = Step::ALL.into_iter().enumerate().map(stop).collect();
        let at = stops.iter().find(|stop| stop.is_here).map_or(1, |stop| stop.number);
        Self { t, so_far: words::start::so_far(visit.view, at, stops.len()), stops }
    }

    /// Whether all of it is done: then there is nothing to leave.
    pub(super) fn is_done(&self) -> bool {
        self.stops.iter().all(|stop| stop.is_done)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_step_is_done_when_all_others_are_and_something_is_served() {
        assert!(Facts { done: [true; 4], published: true }.is_done(Step::Done));
        assert!(!Facts { done: [true; 4], published: false }.is_done(Step::Done));
        for missing in 0..4 {
            let mut done = [true; 4];
            done[missing] = false;
            let some = Facts { done, published: true };
            assert!(!some.is_done(Step::Done) && !some.is_done(Step::ALL[missing]), "{some:?}");
        }
    }

    #[test]
    fn each_step_leads_to_the_next_and_has_a_path_of_its_own() {
        for pair in Step::ALL.windows(2) {
            assert_eq!(pair[0].next(), pair[1]);
            assert_ne!(pair[0].path(), pair[1].path());
        }
        assert_eq!(Step::Done.next(), Step::Done);
    }
}
