//! A source as people and programs see it: what is set, where it stands, what happens next. Never a secret.

use std::collections::BTreeMap;

use blocklist::{SourceName, Time};
use jiff::civil::Date;
use serde::Serialize;
use store::{CredentialKind, CredentialRow, SourceConfig, SourceRow, Store};

use super::{Running, Source};
use crate::Trouble;
use crate::schedule::{self, Decision, Fresh};
use crate::source::Condition;

/// A source.
#[derive(Clone, Debug, Serialize)]
pub struct SourceView {
    /// What is kept of it.
    #[serde(flatten)]
    pub row: SourceRow,
    /// The settings that differ from the defaults of its kind.
    pub settings: BTreeMap<&'static str, String>,
    /// What is wrong with its settings, when they cannot be read: nothing is fetched then.
    pub settings_problem: Option<String>,
    /// The run under way.
    pub running: Option<Running>,
    /// When this process last looked for something new and found nothing to take: that is no run.
    pub looked_at: Option<Time>,
    /// When the next run starts by itself, as far as can be told now.
    pub next_run_at: Option<Time>,
    /// `fresh`, `stale`, or `never` collected; absent where nothing is fetched.
    pub freshness: Option<&'static str>,
    /// When the last good run ended.
    pub good_at: Option<Time>,
    /// Runs that failed since then.
    pub failures: u32,
    /// It failed so often that it is tried only now and then.
    pub circuit_open: bool,
    /// What a person has to end.
    pub condition: Option<ConditionView>,
    /// Portals: the last day that good runs have covered.
    pub covered_until: Option<Date>,
    /// The credential, if it has one.
    pub credential: Option<CredentialView>,
}

/// What a person has to end.
#[derive(Clone, Debug, Serialize)]
pub struct ConditionView {
    /// The id of the cause.
    pub id: Trouble,
    /// What happened.
    pub what: &'static str,
    /// What to do.
    pub hint: &'static str,
    /// In the portal's own words.
    pub detail: Option<String>,
    /// Since when.
    pub since: Time,
    /// The earliest end, where the portal names one.
    pub until: Option<Time>,
}

impl From<&Condition> for ConditionView {
    fn from(condition: &Condition) -> Self {
        let info = condition.trouble.info();
        Self {
            id: condition.trouble,
            what: info.english,
            hint: info.english_hint,
            detail: condition.detail.clone(),
            since: condition.since,
            until: condition.until,
        }
    }
}

/// A credential, without what is secret in it.
#[derive(Clone, Debug, Serialize)]
pub struct CredentialView {
    /// Of which source.
    pub source: SourceName,
    /// `login` or `token`.
    pub kind: CredentialKind,
    /// Grows with every change.
    pub version: u32,
    /// Which key seals it.
    pub key_id: String,
    /// When it was set.
    pub changed_at: Time,
    /// The last day it is good, as a person said.
    pub expires_on: Option<Date>,
    /// `ok`, `soon` when the reminder is due, or `expired`; absent without an end.
    pub expiry: Option<&'static str>,
    /// When it last let us in.
    pub verified_at: Option<Time>,
    /// When it was last refused, if it was not accepted since.
    pub rejected_at: Option<Time>,
    /// For which cause.
    pub rejected_by: Option<String>,
    /// Logins that were sent and never answered, since the last answer.
    pub unanswered: u32,
}

/// A person is told so many days before a credential ends, where they did not say otherwise.
const REMIND_DAYS: u32 = 14;

impl CredentialView {
    /// Of a row, on a day.
    pub fn of(row: &CredentialRow, today: Date) -> Self {
        let expiry = row.expires_on.map(|end| {
            let left = (end - today).get_days();
            match left {
                ..0 => "expired",
                left if left as u32 <= row.remind_days.unwrap_or(REMIND_DAYS) => "soon",
                _ => "ok",
            }
        });
        Self {
            source: row.source.clone(),
            kind: row.kind,
            version: row.version,
            key_id: row.sealed.key_id.clone(),
            changed_at: row.changed_at,
            expires_on: row.expires_on,
            expiry,
            verified_at: row.verified_at,
            rejected_at: row.rejected_at,
            rejected_by: row.rejected_by.clone(),
            unanswered: row.unanswered,
        }
    }
}

/// What is known of the process that collects.
#[derive(Clone, Debug)]
pub struct Alive {
    /// Since when it runs: what was due before may be made up for.
    pub since: Time,
    /// The runs under way.
    pub running: BTreeMap<SourceName, Running>,
    /// When each source was last looked at without a run: a directory that holds nothing new makes none.
    pub looked: BTreeMap<SourceName, Time>,
}

/// Every source that is not removed.
pub fn sources(store: &Store, now: Time, alive: &Alive) -> store::Result<Vec<SourceView>> {
    let configs = store.source_configs()?;
    let credentials = credentials(store, now)?;
    let views = store.sources()?.into_iter().filter_map(|row| {
        let config = configs.iter().find(|config| config.name == row.name)?;
        let credential = credentials.iter().find(|credential| credential.source == row.name).cloned();
        Some(SourceView::of(row, config, credential, alive, now))
    });
    Ok(views.collect())
}

/// Every credential.
pub fn credentials(store: &Store, now: Time) -> store::Result<Vec<CredentialView>> {
    let today = crate::portals::day_in_seoul(now);
    Ok(store.credentials()?.iter().map(|row| CredentialView::of(row, today)).collect())
}

impl SourceView {
    fn of(
        row: SourceRow,
        config: &SourceConfig,
        credential: Option<CredentialView>,
        alive: &Alive,
        now: Time,
    ) -> Self {
        let mut view = Self {
            running: alive.running.get(&row.name).cloned(),
            looked_at: alive.looked.get(&row.name).copied(),
            row,
            settings: BTreeMap::new(),
            settings_problem: None,
            next_run_at: None,
            freshness: None,
            good_at: None,
            failures: 0,
            circuit_open: false,
            condition: None,
            covered_until: None,
            credential,
        };
        let mut source = match Source::read(config) {
            Ok(source) => source,
            Err(problem) => {
                view.settings_problem = Some(problem.to_string());
                return view;
            }
        };
        if !source.kind.is_fetched() {
            return view;
        }
        view.settings = source.settings.changed(source.kind);
        // As the timetable counts it.
        source.state.attempted_at = source.state.attempted_at.max(view.looked_at);
        view.next_run_at = match schedule::decide(
            &source.name,
            &source.settings,
            source.enabled,
            &source.state,
            alive.since,
            now,
        ) {
            Decision::Run => Some(now),
            Decision::Wait(until) => Some(until),
            Decision::Blocked(_) | Decision::Never => None,
        };
        view.freshness = Some(match schedule::freshness(&source.settings, &source.state, now) {
            Fresh::Never => "never",
            Fresh::Fresh { .. } => "fresh",
            Fresh::Stale { .. } => "stale",
        });
        let state = source.state;
        view.good_at = state.good_at;
        view.failures = state.failures;
        view.circuit_open = state.circuit_open;
        view.condition = state.condition.as_ref().map(ConditionView::from);
        view.covered_until = state.covered_until;
        view
    }
}
