//! What happened lately, of all kinds, by time.

use blocklist::Time;
use store::{
    AuditQuery, AuditRow, HeldRow, HeldState, Origin, PublicationRow, Result, Run, RunQuery, RunState, Store,
};

/// Rows that are shown.
const SHOWN: usize = 12;
/// Runs that are looked at: most change nothing and are not told.
const RUNS: usize = 60;
/// Changes by people that are looked at: those that a run or a publication tells of are not told twice.
const CHANGES: usize = 40;
/// What people change that nothing else tells of.
const TOLD: [&str; 9] =
    ["allow", "own", "known_good", "consumer", "feed", "policy", "gate", "source", "credential"];

/// Something that happened.
#[derive(Clone, Debug)]
pub(crate) struct Happened {
    /// When.
    pub(crate) at: Time,
    /// What.
    pub(crate) what: What,
}

/// What happened.
#[derive(Clone, Debug)]
pub(crate) enum What {
    /// A run that changed something, or took nothing.
    Run(Box<Run>),
    /// A publication.
    Published(Box<PublicationRow>),
    /// The gate held a candidate.
    Held(Box<HeldRow>),
    /// A held candidate is over without being published.
    Dropped(Box<HeldRow>),
    /// A person changed something. Only operators may see who.
    Changed(Box<AuditRow>),
}

impl What {
    /// Whether a viewer may see it.
    pub(crate) fn is_for_all(&self) -> bool {
        !matches!(self, Self::Changed(_))
    }
}

/// The newest, each kind of them: whoever may see fewer kinds has no fewer rows.
pub(super) fn take(store: &Store) -> Result<Vec<Happened>> {
    let mut rows = Vec::new();
    let runs = store.runs(&RunQuery { limit: RUNS, ..RunQuery::default() })?;
    let told = runs.into_iter().filter(is_told).take(SHOWN);
    rows.extend(told.map(|run| Happened { at: run.ended_at, what: What::Run(Box::new(run)) }));
    let publications = store.publications(None, SHOWN)?;
    let row = |row: PublicationRow| Happened { at: row.published_at, what: What::Published(Box::new(row)) };
    rows.extend(publications.into_iter().map(row));
    for held in store.held(None, SHOWN / 2)? {
        let over = [HeldState::Rejected, HeldState::Expired].contains(&held.state);
        if let Some(at) = held.decided_at.filter(|_| over) {
            rows.push(Happened { at, what: What::Dropped(Box::new(held.clone())) });
        }
        rows.push(Happened { at: held.opened_at, what: What::Held(Box::new(held)) });
    }
    let changes = store.audit(&AuditQuery::newest(CHANGES))?;
    let told = changes.into_iter().filter(|row| {
        let part = row.action.split('.').next().unwrap_or_default();
        TOLD.contains(&part)
    });
    let changes = told.take(SHOWN);
    rows.extend(changes.map(|row| Happened { at: row.at, what: What::Changed(Box::new(row)) }));
    rows.sort_by_key(|row| std::cmp::Reverse(row.at));
    Ok(rows)
}

/// Those that a page shows: the newest that whoever looks may see.
pub(crate) fn shown(rows: &[Happened], sees_changes: bool) -> impl Iterator<Item = &Happened> {
    rows.iter().filter(move |row| sees_changes || row.what.is_for_all()).take(SHOWN)
}

fn is_told(run: &Run) -> bool {
    run.state != RunState::Done || run.new + run.changed + run.withdrawn > 0
}

/// Whether a person brought a publication about.
pub(crate) fn is_decided(origin: Origin) -> bool {
    matches!(origin, Origin::Approved | Origin::Forced | Origin::Rollback)
}
