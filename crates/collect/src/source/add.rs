//! A new source, as every face adds one.
//!
//! A portal that names no end dates would list for ever, so a source of such a kind gets an end rule in the policy. The
//! source is there before the rule; a failure between the two is told, and the rule can be set by hand.

use blocklist::SourceName;
use blocklist::policy::EndRule;
use store::{Actor, Store};

use super::{Kind, Settings};

/// Adds a source. Gives the end rule that the policy has for it now, when its kind asked for one and it had none of its own.
pub fn add(
    store: &Store,
    name: &SourceName,
    kind: Kind,
    settings: &Settings,
    enabled: bool,
    actor: &Actor<'_>,
) -> store::Result<Option<EndRule>> {
    store.add_source(name, kind.name(), &settings.to_json(kind), enabled, actor)?;
    let Some(end) = kind.info().end.and_then(|rule| rule.parse::<EndRule>().ok()) else { return Ok(None) };
    let mut policy = store.policy()?;
    let rules = policy.sources.entry(name.clone()).or_default();
    if rules.end != EndRule::default() {
        return Ok(None);
    }
    rules.end = end.clone();
    let note = format!("a new source of kind {kind}, which names no end dates");
    store.set_policy(&policy, &Actor { note: Some(&note), ..*actor })?;
    Ok(Some(end))
}
