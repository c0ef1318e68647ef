//! `gate`: the limits between a candidate and a publication. A rule that is switched off is said at every look.

use blocklist::gate::{GateRules, RULES, SETTINGS};
use serde_json::{Value, json};
use store::Published;

use super::{outcome, pairs};
use crate::actor::By;
use crate::args::Gate;
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::language::Language;
use crate::output::table;

const EXPLAINED: &str = "blacklist gate show";

pub(super) fn run(args: Gate, context: &Context<'_>) -> Result<Exit, Failure> {
    match args {
        Gate::Show => show(context),
        Gate::Set { settings, by } => {
            change(context, by, |rules| pairs::set(SETTINGS, rules, &settings, EXPLAINED))
        }
        Gate::Reset { keys, by } => {
            change(context, by, |rules| pairs::reset(SETTINGS, rules, &keys, EXPLAINED))
        }
    }
}

fn show(context: &Context<'_>) -> Result<Exit, Failure> {
    let rules = context.existing_store()?.gate()?;
    context.output.answer(&to_json(&rules, context.language), || to_text(&rules, context.language))?;
    warn(&rules, context);
    Ok(Exit::Done)
}

fn change(
    context: &Context<'_>,
    by: By,
    change: impl FnOnce(&mut GateRules) -> Result<(), Failure>,
) -> Result<Exit, Failure> {
    let store = context.existing_store()?;
    let mut rules = store.gate()?;
    change(&mut rules)?;
    rules.check().map_err(|bad| pairs::refused(&bad, SETTINGS, EXPLAINED))?;
    let published: Published = store.set_gate(&rules, &by.who().actor())?;
    let mut answer = to_json(&rules, context.language);
    answer["outcome"] = outcome::published_json(&published, context.language);
    context.output.answer(&answer, || {
        format!("{}\n\n{}", to_text(&rules, context.language), outcome::published_text(&published))
    })?;
    warn(&rules, context);
    outcome::tell_change(&published, &store, context)
}

/// The keys that are off though a rule needs them.
fn switched_off(rules: &GateRules) -> Vec<&'static str> {
    let of_rule = |key| RULES.iter().any(|rule| rule.settings.contains(&key));
    let off = SETTINGS.iter().filter(|it| of_rule(it.key) && it.get(rules) == "off" && it.default() != "off");
    off.map(|it| it.key).collect()
}

fn warn(rules: &GateRules, context: &Context<'_>) {
    for key in switched_off(rules) {
        let about =
            SETTINGS.iter().find(|it| it.key == key).map_or("", |it| pairs::about(it, context.language));
        context.output.warn(format_args!("RULE OFF: {key}: {about}"));
    }
}

fn to_json(rules: &GateRules, language: Language) -> Value {
    json!({
        "gate": rules,
        "settings": pairs::to_json(SETTINGS, rules, language),
        "switched_off": switched_off(rules),
    })
}

fn to_text(rules: &GateRules, language: Language) -> String {
    let off = switched_off(rules);
    let mut rows = pairs::rows(SETTINGS, rules, language);
    for row in &mut rows {
        if off.iter().any(|key| *key == row[0]) {
            "!! OFF !!".clone_into(&mut row[1]);
        }
    }
    table(&["key", "value", "default", "meaning"], &rows)
}
