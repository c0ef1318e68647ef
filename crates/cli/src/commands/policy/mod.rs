//! `policy`: the rules that turn active listings into the block list.
//!
//! | file | what |
//! |---|---|
//! | this | `show` and `settings` |
//! | `change` | `set` and `reset`, tried or done |

mod change;

use std::collections::BTreeMap;

use blocklist::policy::{Policy, SETTINGS, SOURCE_SETTINGS, SourceRules};
use serde_json::{Value, json};

use super::pairs;
use crate::args;
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::language::Language;
use crate::output::table;

/// Which command explains the keys.
const EXPLAINED: &str = "blacklist policy settings";

pub(super) fn run(args: args::Policy, context: &Context<'_>) -> Result<Exit, Failure> {
    match args {
        args::Policy::Show => show(context),
        args::Policy::Set { settings, how } => change::set(&settings, how, context),
        args::Policy::Reset { keys, how } => change::reset(&keys, how, context),
        args::Policy::Settings => settings(context),
    }
}

fn show(context: &Context<'_>) -> Result<Exit, Failure> {
    let policy = context.existing_store()?.policy()?;
    context.output.answer(&to_json(&policy), || to_text(&policy, context.language))?;
    Ok(Exit::Done)
}

fn settings(context: &Context<'_>) -> Result<Exit, Failure> {
    let language = context.language;
    let answer = json!({
        "settings": pairs::to_json(SETTINGS, &Policy::default(), language),
        "source_settings": pairs::to_json(SOURCE_SETTINGS, &SourceRules::default(), language),
    });
    context.output.answer(&answer, || {
        let (all, one) = match language {
            Language::English => ("for all sources", "for one source (--source NAME)"),
            Language::Korean => ("모든 수집처", "수집처별(--source NAME)"),
        };
        let (of_all, of_one) =
            (pairs::explain(SETTINGS, language), pairs::explain(SOURCE_SETTINGS, language));
        format!("{all}:\n{of_all}\n\n{one}:\n{of_one}")
    })?;
    Ok(Exit::Done)
}

/// The policy as it is kept, and as texts.
fn to_json(policy: &Policy) -> Value {
    let all: BTreeMap<&str, String> = SETTINGS.iter().map(|it| (it.key, it.get(policy))).collect();
    let of = |rules: &SourceRules| -> BTreeMap<&str, String> {
        SOURCE_SETTINGS.iter().map(|it| (it.key, it.get(rules))).collect()
    };
    let sources: BTreeMap<_, _> = policy.sources.iter().map(|(name, rules)| (name, of(rules))).collect();
    json!({"policy": policy, "settings": all, "source_settings": sources})
}

fn to_text(policy: &Policy, language: Language) -> String {
    let headings = &["key", "value", "default", "meaning"];
    let mut parts = vec![table(headings, &pairs::rows(SETTINGS, policy, language))];
    for (name, rules) in &policy.sources {
        let mut rows = pairs::rows(SOURCE_SETTINGS, rules, language);
        rows.retain(|row| row[1] != row[2]);
        if !rows.is_empty() {
            parts.push(format!("{name}:\n{}", table(headings, &rows)));
        }
    }
    parts.join("\n\n")
}
