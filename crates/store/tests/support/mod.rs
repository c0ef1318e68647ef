//! A store in a directory of its own, with a clock that is set by hand.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests only")]
#![allow(dead_code, unreachable_pub, reason = "each test file uses a part")]

pub mod people;

use std::sync::Arc;

use blocklist::{Batch, Cause, Details, FixedClock, Mode, Record, SourceName, Time, details};
use prefix::Prefix;
use store::{FailedRun, Import, ImportedRun, RunState, SameInput, Store, Trigger};
use tempfile::TempDir;

/// 2026-01-01T00:00:00Z.
pub const START: i64 = 1_767_225_600;

/// Who sets a test up.
pub const SETUP: store::Actor<'static> = store::Actor { address: None, by: "setup", note: None };

pub struct Bench {
    pub dir: TempDir,
    pub clock: Arc<FixedClock>,
    pub store: Store,
}

/// A row of a test: prefix, end in seconds after [`START`], reason.
pub type Row<'a> = (&'a str, Option<i64>, &'a str);

impl Bench {
    pub fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let clock = Arc::new(FixedClock::at(Time::from_unix(START)));
        let store = Store::open(dir.path(), clock.clone()).unwrap();
        Self { dir, clock, store }
    }

    /// The same directory, opened anew.
    pub fn reopen(self) -> Self {
        let Self { dir, clock, store } = self;
        drop(store);
        let store = Store::open(dir.path(), clock.clone()).unwrap();
        Self { dir, clock, store }
    }

    pub fn at(&self, seconds: i64) {
        self.clock.set(Time::from_unix(START + seconds));
    }

    pub fn import(&self, source: &str, mode: Mode, batch: &Batch) -> ImportedRun {
        let source = name(source);
        self.store.import(&self.request(&source, mode, batch)).unwrap()
    }

    pub fn request<'a>(&'a self, source: &'a SourceName, mode: Mode, batch: &'a Batch) -> Import<'a> {
        Import {
            source,
            parser: "list",
            mode,
            input: "a.txt",
            input_key: None,
            started_at: blocklist::Clock::now(&*self.clock),
            batch,
            min_share: 0.5,
            allow_empty: false,
            trigger: Trigger::Person,
            window: None,
            state: None,
        }
    }

    pub fn same<'a>(&self, input: &'a str) -> SameInput<'a> {
        SameInput {
            input,
            started_at: blocklist::Clock::now(&*self.clock),
            trigger: Trigger::Person,
            window: None,
            state: None,
        }
    }

    pub fn failed<'a>(&self, source: &'a SourceName) -> FailedRun<'a> {
        FailedRun {
            source,
            parser: "auto",
            mode: Mode::Full,
            input: "x.xlsx",
            started_at: blocklist::Clock::now(&*self.clock),
            state: RunState::Refused,
            cause_id: None,
            cause: "it is no list",
            trigger: Trigger::Person,
            window: None,
            source_state: None,
        }
    }

    /// The prefixes of the current publication, as text.
    pub fn feed(&self) -> Vec<String> {
        match self.store.files().load_current().unwrap() {
            Some(publication) => publication.prefixes().map(|prefix| prefix.to_string()).collect(),
            None => Vec::new(),
        }
    }
}

pub fn name(text: &str) -> SourceName {
    text.parse().unwrap()
}

pub fn batch(rows: &[Row<'_>]) -> Batch {
    let mut batch = Batch::default();
    for &(prefix, until, reason) in rows {
        let prefix: Prefix = prefix.parse().unwrap();
        let details = batch.details.intern(Details { reason: details::text(reason), ..Details::default() });
        let until = until.map(|seconds| Time::from_unix(START + seconds));
        batch.accept(false);
        batch.records.push(Record { prefix, details, detected: None, until });
    }
    batch
}

pub fn plain(prefixes: &[&str]) -> Batch {
    batch(&prefixes.iter().map(|&prefix| (prefix, None, "")).collect::<Vec<_>>())
}

pub fn with_refusal(mut batch: Batch, line: u64, text: &str) -> Batch {
    batch.refuse(line, Cause::Address(prefix::Refusal::NotAnAddress), text.as_bytes());
    batch
}
