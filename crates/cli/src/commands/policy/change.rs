//! `policy set` and `policy reset`. Both say what comes and goes, before it is done or after.

use blocklist::policy::{Policy, SETTINGS, SOURCE_SETTINGS, SourceRules};
use blocklist::setting::{Setting, find};
use serde_json::json;
use store::Store;

use super::{EXPLAINED, to_json};
use crate::args::PolicyChange;
use crate::commands::{outcome, pairs};
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;

pub(super) fn set(
    settings: &[(String, String)],
    how: PolicyChange,
    context: &Context<'_>,
) -> Result<Exit, Failure> {
    change(
        how,
        context,
        |policy| {
            stray(settings, SETTINGS, SOURCE_SETTINGS, "for one source: add --source NAME")?;
            pairs::set(SETTINGS, policy, settings, EXPLAINED)
        },
        |rules| {
            stray(settings, SOURCE_SETTINGS, SETTINGS, "for all sources: leave --source out")?;
            pairs::set(SOURCE_SETTINGS, rules, settings, EXPLAINED)
        },
    )
}

/// Refuses a key of the other side of the policy, and says so.
fn stray<T, U>(
    settings: &[(String, String)],
    own: &[Setting<T>],
    others: &[Setting<U>],
    how: &str,
) -> Result<(), Failure> {
    let is_other = |key: &str| find(own, key).is_err() && find(others, key).is_ok();
    match settings.iter().find(|(key, _)| is_other(key)) {
        Some((key, _)) => {
            Err(Failure::usage(format!("{key} is set {how}"))
                .hint(format!("`{EXPLAINED}` explains each key")))
        }
        None => Ok(()),
    }
}

pub(super) fn reset(keys: &[String], how: PolicyChange, context: &Context<'_>) -> Result<Exit, Failure> {
    change(
        how,
        context,
        |policy| {
            // Without keys everything for all sources; the rules of single sources are reset one by one.
            let sources = std::mem::take(&mut policy.sources);
            let done = pairs::reset(SETTINGS, policy, keys, EXPLAINED);
            policy.sources = sources;
            done
        },
        |rules| pairs::reset(SOURCE_SETTINGS, rules, keys, EXPLAINED),
    )
}

fn change(
    how: PolicyChange,
    context: &Context<'_>,
    of_all: impl FnOnce(&mut Policy) -> Result<(), Failure>,
    of_one: impl FnOnce(&mut SourceRules) -> Result<(), Failure>,
) -> Result<Exit, Failure> {
    let store = context.existing_store()?;
    let mut policy = store.policy()?;
    match &how.source {
        None => of_all(&mut policy)?,
        Some(name) => {
            let mut rules = policy.sources.remove(name).unwrap_or_default();
            of_one(&mut rules)?;
            if rules != SourceRules::default() {
                policy.sources.insert(name.clone(), rules);
            }
            if store.source_config(name)?.is_none() {
                context.output.warn(format_args!("there is no source '{name}' yet; the rule waits for one"));
            }
        }
    }
    policy.check().map_err(|bad| pairs::refused(&bad, SETTINGS, EXPLAINED))?;
    for name in &policy.trusted {
        if store.source_config(name)?.is_none() {
            context.output.warn(format_args!("there is no source '{name}' yet, though it is trusted"));
        }
    }
    decide(&store, &policy, how, context)
}

fn decide(store: &Store, policy: &Policy, how: PolicyChange, context: &Context<'_>) -> Result<Exit, Failure> {
    let language = context.language;
    let preview = store.preview_policy(policy)?;
    let mut answer = to_json(policy);
    answer["dry_run"] = json!(how.dry_run);
    answer["preview"] = outcome::preview_json(&preview, language);
    if how.dry_run {
        context.output.answer(&answer, || outcome::preview_text(&preview, false, language))?;
        return Ok(outcome::exit_of(&preview));
    }
    let published = store.set_policy(policy, &how.by.who().actor())?;
    answer["outcome"] = outcome::published_json(&published, language);
    let (_, _, reasons) = outcome::parts(&published);
    context.output.answer(&answer, || {
        let summary = outcome::preview_text(&preview, reasons.is_empty(), language);
        format!("the policy is set\n{summary}\n{}", outcome::published_text(&published))
    })?;
    outcome::tell_change(&published, store, context)
}
