//! `source add`, `set`, `remove`, `enable` and `disable`.

use std::collections::BTreeMap;

use blocklist::SourceName;
use collect::catalogue::Template;
use collect::collector::CollectError;
use collect::source::kind::CredentialUse;
use collect::source::{Auth, BadSetting, Kind, SETTINGS, Settings};
use serde_json::json;
use store::{Claim, Published, SourceConfig, Store};

use super::no_source;
use crate::actor;
use crate::collecting;
use crate::config::nearest;
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::language::Language;
use crate::output::grouped;

type Pairs = [(String, String)];

pub(super) fn add(
    name: &SourceName,
    kind: Option<Kind>,
    template: Option<&'static Template>,
    pairs: &Pairs,
    context: &Context<'_>,
) -> Result<Exit, Failure> {
    let Some(kind) = kind.or(template.map(|template| template.kind)) else {
        return Err(Failure::usage("neither --kind nor --template is given"));
    };
    let ready = template.map_or(&[][..], |template| template.settings);
    let mut texts: BTreeMap<String, String> =
        ready.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect();
    let settings = put(kind, &mut texts, pairs).map_err(|bad| match template.and_then(|it| it.own_url) {
        Some(form) if bad.name == "url" => {
            refused(&bad, kind).hint(format!("every customer has an address of their own: url={form}"))
        }
        _ => refused(&bad, kind),
    })?;
    let store = context.store()?;
    let who = actor::of_process();
    let end = collect::source::add::add(&store, name, kind, &settings, true, &who.actor())?;
    if let Some(template) = template {
        let korean = context.language == Language::Korean;
        let terms = if korean { template.terms.korean } else { template.terms.english };
        context.output.note(format_args!("{}: {terms} ({})", template.publisher, template.home));
    }
    let next = next_step(name, kind, &settings);
    let answer = json!({
        "source": name, "kind": kind, "settings": settings.changed(kind), "enabled": true, "end": end, "next": next,
    });
    context.output.answer(&answer, || {
        let rule = end.as_ref().map_or(String::new(), |end| {
            format!(
                "\nits listings end: {end}, for it names no end dates; blacklist policy set end=RULE --source {name} changes it"
            )
        });
        format!("added {name}, a source of kind {kind}{rule}\nnext: {next}")
    })?;
    Ok(Exit::Done)
}

pub(super) fn set(name: &SourceName, pairs: &Pairs, context: &Context<'_>) -> Result<Exit, Failure> {
    let store = context.existing_store()?;
    config(&store, name)?;
    let _claim = claim(&store, name)?;
    // Only now: whoever had the claim before may have changed it.
    let config = config(&store, name)?;
    let kind: Kind = config.kind.parse().map_err(|unknown| Failure::from_error(&unknown))?;
    // As texts, so that a value that can no longer be read can be mended.
    let mut texts: BTreeMap<String, String> = serde_json::from_str(&config.settings).unwrap_or_default();
    let settings = put(kind, &mut texts, pairs).map_err(|bad| refused(&bad, kind))?;
    store.set_source(name, &settings.to_json(kind), &actor::of_process().actor())?;
    let changed = settings.changed(kind);
    context.output.answer(&json!({"source": name, "kind": kind, "settings": changed}), || {
        let settings = changed.iter().map(|(name, value)| format!("\n  {name}={value}"));
        format!("{name} is set{}", settings.collect::<String>())
    })?;
    Ok(Exit::Done)
}

pub(super) fn remove(name: &SourceName, yes: bool, context: &Context<'_>) -> Result<Exit, Failure> {
    let store = context.existing_store()?;
    let row = store.sources()?.into_iter().find(|row| row.name == *name).ok_or_else(|| no_source(name))?;
    if !yes {
        let credential = if store.credential(name)?.is_some() { ", and forgets its credential" } else { "" };
        return Err(Failure::usage(format!(
            "this takes the {} active listings of '{name}' off the block list{credential}",
            grouped(row.active)
        ))
        .hint("say --yes when that is what you want; its runs and history stay"));
    }
    drop(store);
    let who = actor::of_process();
    let removed = collecting::run(context, async |collector| {
        Ok(collector.remove_source(name, &who.actor(), &|_| {}).await?)
    })?;
    let held: Vec<String> = match &removed.published {
        Published::Held { reasons, .. } => reasons.iter().map(ToString::to_string).collect(),
        _ => Vec::new(),
    };
    let current = removed.published.current();
    let answer = json!({"source": name, "listings": removed.listings, "publication": current, "held": held});
    context.output.answer(&answer, || {
        format!("removed {name} and took its {} listings out", grouped(removed.listings))
    })?;
    for reason in &held {
        context.output.warn(reason);
    }
    Ok(if held.is_empty() { Exit::Done } else { Exit::Held })
}

pub(super) fn enable(name: &SourceName, enabled: bool, context: &Context<'_>) -> Result<Exit, Failure> {
    let store = context.existing_store()?;
    config(&store, name)?;
    store.enable_source(name, enabled, &actor::of_process().actor())?;
    context.output.answer(&json!({"source": name, "enabled": enabled}), || {
        format!("{name} is {}", if enabled { "enabled" } else { "disabled: no run of it starts by itself" })
    })?;
    Ok(Exit::Done)
}

/// The settings with these over those. An empty value is the default again.
fn put(kind: Kind, texts: &mut BTreeMap<String, String>, pairs: &Pairs) -> Result<Settings, BadSetting> {
    let mut settings = Settings::of(kind);
    for (key, value) in pairs {
        let is_known = SETTINGS.iter().any(|setting| setting.name == key && setting.applies_to(kind));
        if value.is_empty() && is_known {
            texts.remove(key);
        } else {
            texts.insert(key.clone(), value.clone());
        }
    }
    settings.set_all(kind, texts.iter().map(|(key, value)| (key.as_str(), value.as_str())))?;
    Ok(settings)
}

/// Words that mean a secret: it must not come by an argument, nor lie among the settings.
const SECRETS: &[&str] = &[
    "password", "pass", "passwd", "secret", "token", "key", "api_key", "apikey", "user", "username", "login",
];

fn refused(bad: &BadSetting, kind: Kind) -> Failure {
    let failure = Failure::usage(bad);
    if SECRETS.contains(&bad.name.to_lowercase().as_str()) {
        return failure.hint("what a source logs in with is no setting: blacklist credential set NAME");
    }
    let known = SETTINGS.iter().filter(|setting| setting.applies_to(kind));
    if known.clone().any(|setting| setting.name == bad.name) {
        return failure.hint(format!("`blacklist source settings {kind}` says what each means"));
    }
    match nearest(&bad.name, known.map(|setting| setting.name.to_owned())) {
        Some(near) => failure.hint(format!("did you mean {near}?")),
        None => failure.hint(format!("`blacklist source settings {kind}` says what each means")),
    }
}

/// What is to be done next with a new source.
fn next_step(name: &SourceName, kind: Kind, settings: &Settings) -> String {
    let with_credential = match kind.info().credential {
        CredentialUse::Login => true,
        CredentialUse::AsSet => settings.auth != Auth::None,
        CredentialUse::Never => false,
    };
    if with_credential {
        format!("blacklist credential set {name}")
    } else if kind.is_fetched() {
        format!("blacklist source test {name}")
    } else {
        format!("blacklist import FILE --source {name}")
    }
}

fn config(store: &Store, name: &SourceName) -> Result<SourceConfig, Failure> {
    let config = store.source_config(name)?.filter(|config| config.removed_at.is_none());
    config.ok_or_else(|| no_source(name))
}

/// No run reads settings that change under it.
fn claim(store: &Store, name: &SourceName) -> Result<Claim, Failure> {
    Ok(store.claim(name)?.ok_or_else(|| CollectError::Busy(name.clone()))?)
}
