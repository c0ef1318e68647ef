//! One run of a source.

use std::sync::Arc;

use blocklist::{Mode, SourceName, Time};
use store::{FailedRun, Import, ImportedRun, Run, RunState, SameInput, StateAfter};

use super::feeds::is_refused;
use tokio_util::sync::CancellationToken;

use super::cancel::Hold;
use super::fetching::{Fetched, Taken, Unfetched};
use super::{CollectError, Collected, Collector, Misfit, Order, Running, Source, Step, Watch, lock};
use crate::fetch::directory::{Found, Outcome};
use crate::source::{Kind, SourceState};
use crate::trouble::Class;
use crate::{Failure, Trouble, schedule};

impl Collector {
    /// Collects once. A directory gives one file a run; [`Self::drain`] takes them all.
    pub async fn collect(
        &self,
        name: &SourceName,
        order: &Order,
        watch: Watch<'_>,
    ) -> Result<Collected, CollectError> {
        self.one(name, order, watch, &CancellationToken::new()).await.map(|(collected, _)| collected)
    }

    /// One run, and whether there may be more to take at once: a file was taken and is out of the way. `stop` is how a
    /// person ends it.
    async fn one(
        &self,
        name: &SourceName,
        order: &Order,
        watch: Watch<'_>,
        stop: &CancellationToken,
    ) -> Result<(Collected, bool), CollectError> {
        let known = self.source(name)?;
        if !known.kind.is_fetched() {
            return Err(CollectError::NotFetched(name.clone()));
        }
        if (order.since.is_some() || order.until.is_some())
            && !matches!(known.kind, Kind::Regtech | Kind::Secudium)
        {
            return Err(Misfit::NoDays { source_name: name.clone(), kind: known.kind }.into());
        }
        if known.kind.is_portal() {
            let today = crate::portals::day_in_seoul(self.now());
            super::fetching::days(&known, order, today)?;
        }
        let Some(_claim) = self.store.claim(name)? else {
            self.was_looked_at(name);
            return Ok((Collected::Busy, false));
        };
        // Only now: whoever had the claim before may have changed settings or state.
        let source = self.source(name)?;
        let started_at = self.now();
        if let Some(condition) = source.state.condition.as_ref().filter(|it| it.trouble.needs_person()) {
            let failure = Failure::new(condition.trouble)
                .with(condition.detail.as_deref().unwrap_or_default())
                .until(condition.until);
            return Ok((Collected::Failed { run: None, failure }, false));
        }
        let hold = Hold::new(stop, source.kind == Kind::Directory);
        let _running = self.begin(name, started_at, hold.clone());
        let watch = |step: Step| {
            self.is_doing(name, &step);
            watch(step);
        };
        let mut fetched = tokio::select! {
            fetched = self.fetch(&source, order, started_at, &watch) => fetched,
            () = self.cancel.cancelled() => Err(Failure::new(Trouble::Interrupted).into()),
            () = hold.is_let_go() => Err(Failure::new(Trouble::Cancelled).into()),
        };
        if self.is_unwanted(name, &fetched) {
            fetched = Err(Failure::new(Trouble::Cancelled).into());
        }
        match fetched {
            Ok(Fetched::Nothing) => {
                self.was_looked_at(name);
                Ok((Collected::Nothing, false))
            }
            Ok(Fetched::Taken(taken)) => {
                watch(Step::Keep { rows: taken.parsed.batch.rows });
                self.keep(&source, order, started_at, *taken).await
            }
            Ok(Fetched::Same { earlier, input, next }) => {
                self.keep_same(order, started_at, earlier, &input, *next).await.map(|same| (same, false))
            }
            Err(Unfetched { failure, file }) => self.fail(&source, order, started_at, failure, file).await,
        }
    }

    /// Collects until there is nothing more: a directory has many files, every other source one content.
    pub async fn drain(
        &self,
        name: &SourceName,
        order: &Order,
        watch: Watch<'_>,
    ) -> Result<Vec<Collected>, CollectError> {
        let mut all = Vec::new();
        let stop = CancellationToken::new();
        loop {
            let (collected, more) = self.one(name, order, watch, &stop).await?;
            if all.is_empty() || !matches!(collected, Collected::Nothing) {
                all.push(collected);
            }
            if !more || stop.is_cancelled() || self.cancel.is_cancelled() {
                return Ok(all);
            }
        }
    }

    /// Keeps what came: listings, run, state and publication in one transaction.
    async fn keep(
        &self,
        source: &Source,
        order: &Order,
        started_at: Time,
        taken: Taken,
    ) -> Result<(Collected, bool), CollectError> {
        let Taken { parsed, input, input_key, mode, window, allow_empty, next, file } = taken;
        let notes = parsed.notes;
        let done = next.clone().after_success(self.now()).to_json();
        let not_believed = Failure::new(Trouble::NotCredible);
        let refused = self.after(source, started_at, &not_believed).to_json();
        let settings = &source.settings;
        let (store, name) = (Arc::clone(&self.store), source.name.clone());
        let min_share = settings.min_share.unwrap_or(self.program.min_share);
        let (trigger, dry_run) = (order.trigger, order.dry_run);
        let work = move || {
            let import = Import {
                source: &name,
                parser: parsed.parser.info().name,
                mode,
                input: &input,
                input_key,
                started_at,
                batch: &parsed.batch,
                min_share,
                allow_empty,
                trigger,
                window,
                state: Some(StateAfter { done: &done, refused: &refused }),
            };
            if dry_run {
                let run = store.preview(&import)?;
                return Ok((run, None, Some(Box::new(parsed.batch))));
            }
            store.import(&import).map(|ImportedRun { run, published }| (run, Some(published), None))
        };
        let (run, published, read) = self.blocking(work).await?;
        let outcome = if run.state == RunState::Done { Outcome::Done } else { Outcome::Refused };
        let more =
            file.filter(|_| !order.dry_run).is_some_and(|file| self.settle(source, &file, outcome, &run));
        log(&run);
        Ok((Collected::Run { run, published, notes, read }, more))
    }

    /// Keeps the fact that the content is the one of an earlier run.
    async fn keep_same(
        &self,
        order: &Order,
        started_at: Time,
        earlier: Box<Run>,
        input: &str,
        next: SourceState,
    ) -> Result<Collected, CollectError> {
        if order.dry_run {
            let unchanged = earlier.new + earlier.changed + earlier.unchanged;
            let run = Run { new: 0, changed: 0, unchanged, withdrawn: 0, started_at, ..*earlier };
            return Ok(Collected::Run { run, published: None, notes: Vec::new(), read: None });
        }
        let state = next.after_success(self.now()).to_json();
        let (store, input) = (Arc::clone(&self.store), input.to_owned());
        let trigger = order.trigger;
        let work = move || {
            let same = SameInput { input: &input, started_at, trigger, window: None, state: Some(&state) };
            store.import_same(&earlier, &same)
        };
        let ImportedRun { run, published } = self.blocking(work).await?;
        log(&run);
        Ok(Collected::Run { run, published: Some(published), notes: Vec::new(), read: None })
    }

    /// Keeps the fact that a run took nothing, and when the next may start.
    async fn fail(
        &self,
        source: &Source,
        order: &Order,
        started_at: Time,
        failure: Failure,
        file: Option<Found>,
    ) -> Result<(Collected, bool), CollectError> {
        tracing::warn!(source = %source.name, cause = failure.trouble.id(), behind = ?failure.source, "{failure}");
        if order.dry_run {
            // What a portal said against a login counts, whatever it was for.
            if failure.trouble.needs_person() {
                let state = self.after(source, started_at, &failure).to_json();
                self.store.put_source_state(&source.name, &state)?;
            }
            return Ok((Collected::Failed { run: None, failure }, false));
        }
        let state = self.after(source, started_at, &failure).to_json();
        let run_state = match failure.trouble.class() {
            Class::Content => RunState::Refused,
            Class::Retry | Class::Wait | Class::Person => RunState::Failed,
        };
        let (store, name) = (Arc::clone(&self.store), source.name.clone());
        let (parser, mode) = (source.parser(), source.mode());
        let input = file.as_ref().map_or_else(|| source.input(), Found::name);
        let (cause, id) = (failure.to_string(), failure.trouble.id());
        let trigger = order.trigger;
        let work = move || {
            store.record_failure(&FailedRun {
                source: &name,
                parser: &parser,
                mode,
                input: &input,
                started_at,
                state: run_state,
                cause_id: Some(id),
                cause: &cause,
                trigger,
                window: None,
                source_state: Some(&state),
            })
        };
        let run = self.blocking(work).await?;
        let more = file
            .filter(|_| is_refused(&failure))
            .is_some_and(|file| self.settle(source, &file, Outcome::Refused, &run));
        Ok((Collected::Failed { run: Some(run), failure }, more))
    }

    /// Where the source stands after a failure.
    pub(super) fn after(&self, source: &Source, started_at: Time, failure: &Failure) -> SourceState {
        let mut state = source.state.clone();
        state.attempted_at = Some(started_at);
        // A stop is nobody's failure: the next start goes on at once.
        if failure.trouble == Trouble::Interrupted {
            state.attempted_at = source.state.attempted_at;
            return state;
        }
        // Nor is a person's word; but the timetable goes on at its next time only.
        if failure.trouble == Trouble::Cancelled {
            return state;
        }
        schedule::after_failure(state, failure, &source.settings, self.now(), &*self.random)
    }

    /// A call of the store off the async threads.
    pub(super) async fn blocking<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> store::Result<T> + Send + 'static,
    ) -> Result<T, CollectError> {
        match tokio::task::spawn_blocking(work).await {
            Ok(result) => Ok(result?),
            // The work does not panic; a runtime that shuts down drops it, and nothing was committed.
            Err(_) => Err(Misfit::Stopping.into()),
        }
    }

    fn begin<'a>(&'a self, name: &SourceName, started_at: Time, hold: Hold) -> Begun<'a> {
        let running = Running { started_at, step: String::new(), doing: None, cancelled: false, hold };
        lock(&self.running).insert(name.clone(), running);
        Begun { collector: self, name: name.clone() }
    }

    /// That a look at a source left nothing in the store: the timetable counts it all the same.
    pub(super) fn was_looked_at(&self, name: &SourceName) {
        lock(&self.looked).insert(name.clone(), self.now());
    }

    fn is_doing(&self, name: &SourceName, step: &Step) {
        let mut running = lock(&self.running);
        if let Some(running) = running.get_mut(name) {
            running.step = step.to_string();
            running.doing = Some(step.clone());
        }
    }
}

/// A run under way; dropped, it no longer is.
struct Begun<'a> {
    collector: &'a Collector,
    name: SourceName,
}

impl Drop for Begun<'_> {
    fn drop(&mut self) {
        lock(&self.collector.running).remove(&self.name);
    }
}

impl Source {
    /// The parser's name in the runs that took nothing.
    fn parser(&self) -> String {
        match self.kind {
            Kind::Regtech => "regtech".to_owned(),
            Kind::Secudium => "secudium".to_owned(),
            Kind::Taxii => "stix".to_owned(),
            Kind::Misp => "misp".to_owned(),
            Kind::Url | Kind::Directory | Kind::File | Kind::Manual => self.settings.parser.to_string(),
        }
    }

    /// What the content means.
    pub(super) fn mode(&self) -> Mode {
        match self.kind {
            Kind::Url | Kind::Directory => self.settings.mode,
            _ => Mode::Add,
        }
    }

    /// Where it is read from, as runs show it: without the query, in which a token may stand.
    pub(super) fn input(&self) -> String {
        match (&self.settings.url, &self.settings.path) {
            (Some(url), _) => crate::fetch::shown(url),
            (None, Some(path)) => path.display().to_string(),
            (None, None) => "-".to_owned(),
        }
    }
}

fn log(run: &Run) {
    if run.state == RunState::Done {
        tracing::info!(
            source = %run.source, run = run.run.0, rows = run.rows, new = run.new, changed = run.changed,
            withdrawn = run.withdrawn, refused = run.refused, "collected"
        );
    } else {
        tracing::warn!(source = %run.source, run = run.run.0, cause = run.cause, "refused");
    }
}
