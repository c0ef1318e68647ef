//! Looks what changed in the store, whoever changed it, and how far the runs of this process are.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use blocklist::SourceName;
use store::{Changes, Part, Store};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use super::{Events, Phase, Progress, Topic, Topics};
use crate::App;

/// How often it looks.
const LOOK: Duration = Duration::from_secs(1);
/// Devices read all the time. Pages that show what they hold are told so often at most.
const READS: Duration = Duration::from_secs(10);

/// Tells what changes until it is cancelled. Without a store only publications and runs are told of.
pub async fn follow_events(app: Arc<App>, cancel: CancellationToken) {
    let mut database = Database::default();
    let mut runs = BTreeMap::new();
    let mut reads = Reads::default();
    loop {
        let topics = under_way(&app, &mut runs);
        let parts;
        (database, parts) = database.look(app.store().cloned()).await;
        let topics = parts.into_iter().fold(topics, |topics, part| match part {
            Part::Reads => reads.came(topics),
            part => topics.and(Topics::from(part)),
        });
        app.events.changed(reads.due(topics, Instant::now()));
        tokio::select! {
            () = cancel.cancelled() => return,
            () = tokio::time::sleep(LOOK) => {}
        }
    }
}

/// Tells how far the runs under way are, and gives what their begins and ends change.
fn under_way(app: &App, before: &mut BTreeMap<SourceName, Phase>) -> Topics {
    let running = app.alive().running.into_iter();
    let now: BTreeMap<_, _> = running.map(|(source, run)| (source, Phase::of(&run))).collect();
    let topics = tell(&app.events, before, &now);
    *before = now;
    topics
}

fn tell(events: &Events, before: &BTreeMap<SourceName, Phase>, now: &BTreeMap<SourceName, Phase>) -> Topics {
    let mut topics = Topics::default();
    for (source, phase) in now.iter().filter(|(source, phase)| before.get(*source) != Some(phase)) {
        events.progress(Progress { source: source.clone(), phase: phase.clone() });
        if !before.contains_key(source) {
            topics = topics.and([Topic::Runs, Topic::Sources]);
        }
    }
    for source in before.keys().filter(|source| !now.contains_key(*source)) {
        events.progress(Progress { source: source.clone(), phase: Phase::Ended });
        topics = topics.and([Topic::Runs, Topic::Sources]);
    }
    topics
}

/// The store as it is watched.
#[derive(Default)]
struct Database {
    changes: Option<Changes>,
    complained: bool,
}

impl Database {
    /// What changed since the last look. A store that cannot say is watched anew at the next look.
    async fn look(mut self, store: Option<Arc<Store>>) -> (Self, BTreeSet<Part>) {
        let Some(store) = store else { return (self, BTreeSet::new()) };
        let changes = self.changes.take();
        let looked = tokio::task::spawn_blocking(move || {
            let mut changes = match changes {
                Some(changes) => changes,
                None => store.changes()?,
            };
            let parts = changes.look()?;
            Ok::<_, store::Error>((changes, parts))
        });
        match looked.await {
            Ok(Ok((changes, parts))) => (Self { changes: Some(changes), complained: false }, parts),
            Ok(Err(error)) => (self.complain(&error), BTreeSet::new()),
            Err(error) => (self.complain(&error), BTreeSet::new()),
        }
    }

    fn complain(self, error: &dyn std::error::Error) -> Self {
        if !self.complained {
            tracing::warn!(%error, "cannot see what changes in the store; open pages are told of less");
        }
        Self { changes: None, complained: true }
    }
}

/// Reads of feeds, told of now and then.
#[derive(Default)]
struct Reads {
    waiting: bool,
    told: Option<Instant>,
}

impl Reads {
    fn came(&mut self, topics: Topics) -> Topics {
        self.waiting = true;
        topics
    }

    fn due(&mut self, topics: Topics, now: Instant) -> Topics {
        let is_due = self.told.is_none_or(|told| now >= told + READS);
        if !(self.waiting && is_due) {
            return topics;
        }
        (self.waiting, self.told) = (false, Some(now));
        topics.and(Topic::Devices)
    }
}

#[cfg(test)]
mod tests {
    use super::super::News;
    use super::*;

    #[tokio::test]
    async fn a_run_is_told_when_it_begins_goes_on_and_ends() {
        let events = Events::default();
        let mut heard = events.listen();
        let source: SourceName = "portal".parse().unwrap();
        let at = |phase| BTreeMap::from([(source.clone(), phase)]);
        let step = || Phase::At(collect::collector::Step::LogIn);
        let both = Topics::from([Topic::Runs, Topic::Sources]);
        assert_eq!(tell(&events, &BTreeMap::new(), &at(Phase::Started)), both);
        assert!(tell(&events, &at(Phase::Started), &at(step())).is_empty(), "a step is progress alone");
        assert!(tell(&events, &at(step()), &at(step())).is_empty());
        assert_eq!(tell(&events, &at(step()), &BTreeMap::new()), both);
        let mut phases = Vec::new();
        while let Ok(News::Progress(progress)) = heard.try_recv() {
            phases.push(progress.phase.clone());
        }
        assert_eq!(phases, [Phase::Started, step(), Phase::Ended]);
    }

    #[tokio::test]
    async fn reads_are_told_of_at_once_and_then_rarely() {
        let mut reads = Reads::default();
        let now = Instant::now();
        let none = Topics::default();
        assert!(reads.due(none, now).is_empty());
        reads.came(none);
        assert!(reads.due(none, now).has(Topic::Devices));
        reads.came(none);
        assert!(reads.due(none, now + Duration::from_secs(9)).is_empty());
        assert!(reads.due(none, now + READS).has(Topic::Devices), "what came meanwhile is not lost");
        assert!(reads.due(none, now + READS * 3).is_empty());
    }
}
