//! The figures of sources, read from the store when they are asked for: whatever process collects, they are right.
//!
//! Labels are the names of sources that are or were set up since the start, so their number is bounded by what people do.

use std::sync::{Mutex, PoisonError};

use blocklist::{SourceName, Time};
use collect::source::{Kind, SourceState};
use prometheus_client::encoding::EncodeLabelSet;
use store::{Run, RunId, RunQuery, Store};

use super::Metrics;

/// Runs that are read at once.
const PAGE: usize = 100;

/// A source.
#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
pub(super) struct SourceLabels {
    source: String,
}

/// A source, and how runs of it ended.
#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
pub(super) struct RunLabels {
    source: String,
    state: &'static str,
}

/// The newest run that is counted.
#[derive(Debug, Default)]
pub(super) struct Counted(Mutex<Option<RunId>>);

/// What the store says of sources now.
#[derive(Debug)]
pub(crate) struct Reading {
    now: Time,
    sources: Vec<(SourceName, SourceState)>,
    /// Newest first.
    runs: Vec<Run>,
}

impl Counted {
    /// The newest run that is counted.
    pub(super) fn newest(&self) -> Option<RunId> {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Reading {
    /// Reads where each source stands, and the runs that are not counted yet: those after `counted`, or all since the
    /// program started.
    pub(crate) fn take(
        store: &Store,
        counted: Option<RunId>,
        started_at: Time,
        now: Time,
    ) -> store::Result<Self> {
        let fetched = |kind: &str| kind.parse::<Kind>().is_ok_and(Kind::is_fetched);
        let configs = store.source_configs()?.into_iter().filter(|config| fetched(&config.kind));
        let sources = configs.map(|config| {
            let state = SourceState::from_json(config.state.as_deref());
            (config.name, state)
        });
        Ok(Self { now, sources: sources.collect(), runs: new_runs(store, counted, started_at)? })
    }
}

fn new_runs(store: &Store, counted: Option<RunId>, started_at: Time) -> store::Result<Vec<Run>> {
    let is_new = |run: &Run| counted.map_or(run.ended_at >= started_at, |counted| run.run.0 > counted.0);
    let mut found: Vec<Run> = Vec::new();
    loop {
        let before = found.last().map(|run| run.run);
        let page = store.runs(&RunQuery { before, limit: PAGE, ..RunQuery::default() })?;
        let is_last = page.len() < PAGE;
        for run in page {
            if !is_new(&run) {
                return Ok(found);
            }
            found.push(run);
        }
        if is_last {
            return Ok(found);
        }
    }
}

impl Metrics {
    /// Takes a reading over. Another scrape may have taken a later one meanwhile; no run is counted twice.
    pub(super) fn take_over(&self, reading: &Reading) {
        self.source_age.clear();
        self.source_failures.clear();
        for (name, state) in &reading.sources {
            let labels = SourceLabels { source: name.to_string() };
            if let Some(good_at) = state.good_at {
                let age = (reading.now.unix() - good_at.unix()).max(0);
                self.source_age.get_or_create(&labels).set(age);
            }
            self.source_failures.get_or_create(&labels).set(i64::from(state.failures));
        }
        let mut counted = self.counted.0.lock().unwrap_or_else(PoisonError::into_inner);
        for run in reading.runs.iter().filter(|run| counted.is_none_or(|counted| run.run.0 > counted.0)) {
            let labels = RunLabels { source: run.source.to_string(), state: run.state.as_str() };
            self.runs.get_or_create(&labels).inc();
        }
        let newest = reading.runs.first().map(|run| run.run);
        *counted = newest.into_iter().chain(*counted).max_by_key(|run| run.0);
    }
}
