//! A candidate against the limits.

use super::changes::{Change, Changes};
use super::{GateRules, Reason};
use crate::content::Content;
use crate::policy::{GuardKind, Hit, MANUAL};

/// What the gate says of a candidate.
#[derive(Clone, Debug, PartialEq)]
pub enum Verdict {
    /// It may be published.
    Publish,
    /// It waits for a person, for all these reasons.
    Held(Vec<Reason>),
}

/// A candidate and what it is compared with.
#[derive(Clone, Copy, Debug)]
pub struct Candidate<'a> {
    /// What would be published.
    pub content: &'a Content,
    /// The last publication without what has ended or is forbidden since; `None` when nothing was ever published.
    pub before: Option<&'a Content>,
    /// Hits that a person has not been asked about.
    pub new_hits: &'a [Hit],
    /// False when something was published that the database does not know of.
    pub knows_history: bool,
}

/// The most wide prefixes that are named, one reason each.
pub const MAX_WIDE: usize = 20;

/// Judges a candidate. Costs what differs: chunks that both have are passed over.
pub fn judge(candidate: &Candidate<'_>, rules: &GateRules) -> Verdict {
    let mut reasons = Vec::new();
    if candidate.content.is_empty() {
        reasons.push(Reason::Empty);
    }
    if !candidate.knows_history {
        reasons.push(Reason::UnknownHistory);
    }
    // Of an empty candidate everything else is true as well, and says nothing.
    if !candidate.content.is_empty() {
        let changes = changes(candidate, rules);
        reasons.extend(shrunk(&changes, rules));
        reasons.extend(jumped(&changes, rules));
        reasons.extend(lost(&changes, rules));
        reasons.extend(covers(&changes, rules));
        reasons.extend(changes.wide);
        reasons.extend(GuardKind::ALL.into_iter().filter_map(|kind| hits(kind, candidate.new_hits, rules)));
    }
    if reasons.is_empty() { Verdict::Publish } else { Verdict::Held(reasons) }
}

/// What differs between the two. Against nothing, everything is new.
fn changes(candidate: &Candidate<'_>, rules: &GateRules) -> Changes {
    let nothing = Content::default();
    Changes::between(candidate.before.unwrap_or(&nothing), candidate.content, rules)
}

fn shrunk(changes: &Changes, rules: &GateRules) -> Option<Reason> {
    let (entries, before, least) = (changes.entries, changes.entries_before, rules.min_share?);
    let lost = before.saturating_sub(entries);
    let held = lost >= u64::from(rules.jump_floor)
        && u128::from(entries) * 100 < u128::from(before) * u128::from(least);
    held.then_some(Reason::Shrunk { entries, before, least })
}

/// Whether a source changed so many prefixes that it is no longer its usual business. A new source had nothing, and what
/// people block by hand comes as they need it.
fn is_jump((name, change): (&crate::SourceName, &Change), count: u64, most: u32, rules: &GateRules) -> bool {
    name.as_str() != MANUAL
        && change.had > 0
        && count >= u64::from(rules.jump_floor)
        && u128::from(count) * 100 > u128::from(change.had) * u128::from(most)
}

fn jumped(changes: &Changes, rules: &GateRules) -> impl Iterator<Item = Reason> {
    let all = rules.max_added.into_iter().flat_map(|most| changes.sources.iter().map(move |of| (of, most)));
    all.filter(|&(of, most)| is_jump(of, of.1.added, most, rules)).map(|((name, change), most)| {
        Reason::Jumped { from: name.clone(), added: change.added, had: change.had, most }
    })
}

fn lost(changes: &Changes, rules: &GateRules) -> impl Iterator<Item = Reason> {
    let all = rules.max_removed.into_iter().flat_map(|most| changes.sources.iter().map(move |of| (of, most)));
    all.filter(|&(of, most)| is_jump(of, of.1.removed, most, rules)).map(|((name, change), most)| {
        Reason::Lost { from: name.clone(), removed: change.removed, had: change.had, most }
    })
}

fn covers(changes: &Changes, rules: &GateRules) -> Option<Reason> {
    let most = rules.max_covered?;
    let percent = changes.covered as f64 / 2f64.powi(32) * 100.0;
    (percent > most && changes.covered > changes.covered_before).then_some(Reason::Covers { percent, most })
}

fn hits(kind: GuardKind, hits: &[Hit], rules: &GateRules) -> Option<Reason> {
    let most = rules.hits(kind)?;
    let of_kind = || hits.iter().filter(|hit| hit.kind == kind);
    let count = of_kind().count() as u64;
    let first = of_kind().min_by_key(|hit| (hit.prefix, &hit.source, hit.guard))?;
    let first = format!("{} ({}) on {}", first.prefix, first.source, first.guard);
    (count > u64::from(most)).then_some(Reason::Hits { kind, count, first, most })
}
