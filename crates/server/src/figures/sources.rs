//! How each source stands.

use blocklist::Time;
use collect::Trouble;
use collect::collector::{Alive, SourceView, view};
use store::{Result, Run, RunQuery, RunState, Store};

use crate::pages::Level;
use crate::pages::words::collect::is_cancelled;

/// Runs that are shown of each.
const RUNS: usize = 30;

/// How a source stands. The worst last, for they are ordered by it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum SourceStanding {
    /// All is well.
    Fine,
    /// Nothing is fetched for it: files and people bring what it has.
    ByHand,
    /// It was switched off.
    Off,
    /// It has not run yet.
    Never,
    /// A run is under way.
    Running,
    /// Its credential ends soon.
    EndsSoon,
    /// Its last good run is older than it may be.
    Stale,
    /// The last runs took nothing, so many; why, if it is known.
    Failing(u32, Option<Trouble>),
    /// Its settings cannot be read.
    Unreadable,
    /// Its credential has ended.
    Ended,
    /// A person has to end this.
    Person(Trouble),
}

/// A source.
#[derive(Clone, Debug)]
pub(crate) struct Source {
    /// As it is set up, and where it stands.
    pub(crate) view: SourceView,
    /// The last thing that is to say of it.
    pub(crate) standing: SourceStanding,
    /// How its last runs went, the oldest first.
    pub(crate) runs: Vec<Level>,
}

impl Source {
    /// How well it is.
    pub(crate) fn level(&self) -> Level {
        match self.standing {
            SourceStanding::Fine | SourceStanding::ByHand | SourceStanding::Running => Level::Ok,
            SourceStanding::Off | SourceStanding::Never => Level::Plain,
            // What is tried again by itself is a fault when it has been so for long.
            SourceStanding::Failing(..) if self.is_given_up() => Level::Bad,
            SourceStanding::EndsSoon
            | SourceStanding::Stale
            | SourceStanding::Person(_)
            | SourceStanding::Failing(..) => Level::Warn,
            SourceStanding::Unreadable | SourceStanding::Ended => Level::Bad,
        }
    }

    fn is_given_up(&self) -> bool {
        self.view.circuit_open || self.view.freshness == Some("stale")
    }
}

/// All of them, the worst first, then in the order they were first seen.
pub(super) fn take(store: &Store, alive: &Alive, now: Time) -> Result<Vec<Source>> {
    let mut sources = Vec::new();
    for view in view::sources(store, now, alive)? {
        let of_it = RunQuery { source: Some(view.row.name.clone()), limit: RUNS, ..RunQuery::default() };
        let mut runs: Vec<Level> = store.runs(&of_it)?.iter().map(of_run).collect();
        runs.reverse();
        sources.push(Source { standing: standing(&view), view, runs });
    }
    sources.sort_by_key(|source| std::cmp::Reverse(source.level()));
    Ok(sources)
}

/// How a run went.
pub(crate) fn of_run(run: &Run) -> Level {
    match run.state {
        _ if is_cancelled(run) => Level::Plain,
        RunState::Done => Level::Ok,
        RunState::Refused => Level::Warn,
        RunState::Failed => Level::Bad,
    }
}

fn standing(view: &SourceView) -> SourceStanding {
    let expiry = view.credential.as_ref().and_then(|credential| credential.expiry);
    let is_fetched = view.row.kind.parse().is_ok_and(collect::source::Kind::is_fetched);
    if let Some(condition) = &view.condition {
        return SourceStanding::Person(condition.id);
    }
    if view.settings_problem.is_some() {
        return SourceStanding::Unreadable;
    }
    if !is_fetched {
        return SourceStanding::ByHand;
    }
    if !view.row.enabled {
        return SourceStanding::Off;
    }
    if view.running.is_some() {
        return SourceStanding::Running;
    }
    match (expiry, view.freshness) {
        (Some("expired"), _) => SourceStanding::Ended,
        _ if view.failures > 0 => SourceStanding::Failing(view.failures, last_trouble(view)),
        (_, Some("stale")) => SourceStanding::Stale,
        (Some("soon"), _) => SourceStanding::EndsSoon,
        (_, Some("never")) => SourceStanding::Never,
        _ => SourceStanding::Fine,
    }
}

/// Why the last run took nothing.
fn last_trouble(view: &SourceView) -> Option<Trouble> {
    let id = view.row.last_run.as_ref()?.cause_id.as_deref()?;
    collect::TROUBLES.iter().find(|info| info.id == id).map(|info| info.trouble)
}
