//! `source settings` and `source templates`: what there is to choose from.

use collect::catalogue::TEMPLATES;
use collect::source::{KINDS, Kind, SETTINGS, Setting, Settings};
use serde_json::{Value, json};

use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::language::Language;

pub(super) fn settings(kind: Option<Kind>, context: &Context<'_>) -> Result<Exit, Failure> {
    let kinds = || {
        let fetched = KINDS.iter().filter(|info| info.kind.is_fetched());
        fetched.filter(move |info| kind.is_none_or(|kind| kind == info.kind))
    };
    let korean = context.language == Language::Korean;
    let of = |kind: Kind| SETTINGS.iter().filter(move |setting| setting.applies_to(kind));
    let about = |setting: &Setting| if korean { setting.korean } else { setting.english };
    let answer: Vec<Value> = kinds()
        .map(|info| {
            let defaults = Settings::of(info.kind);
            let settings: Vec<Value> = of(info.kind)
                .map(|it| json!({"name": it.name, "default": it.show(&defaults), "about": about(it)}))
                .collect();
            let about = if korean { info.korean } else { info.english };
            json!({"kind": info.name, "about": about, "settings": settings})
        })
        .collect();
    context.output.answer(&answer, || {
        let blocks = kinds().map(|info| {
            let defaults = Settings::of(info.kind);
            let mut text = format!("{}: {}", info.name, if korean { info.korean } else { info.english });
            for setting in of(info.kind) {
                let default = setting.show(&defaults);
                text.extend(["\n  ", setting.name, "=", &default, "\n      ", about(setting)]);
            }
            text
        });
        blocks.collect::<Vec<_>>().join("\n\n")
    })?;
    Ok(Exit::Done)
}

pub(super) fn templates(context: &Context<'_>) -> Result<Exit, Failure> {
    let korean = context.language == Language::Korean;
    let words = |words: &collect::catalogue::Words| if korean { words.korean } else { words.english };
    let answer: Vec<Value> = TEMPLATES
        .iter()
        .map(|it| {
            let settings: serde_json::Map<String, Value> =
                it.settings.iter().map(|(key, value)| ((*key).to_owned(), json!(value))).collect();
            json!({
                "id": it.id, "kind": it.kind, "title": it.title, "publisher": it.publisher, "home": it.home,
                "needs_credential": it.needs_credential(), "own_url": it.own_url, "settings": settings,
                "about": words(&it.about), "terms": words(&it.terms),
            })
        })
        .collect();
    context.output.answer(&answer, || {
        let blocks = TEMPLATES.iter().map(|it| {
            let key = match (it.needs_credential(), korean) {
                (false, _) => "",
                (true, false) => ", needs a credential",
                (true, true) => ", 자격 증명 필요",
            };
            format!(
                "{} ({}{key}): {}\n    {}\n    {}\n    {}",
                it.id,
                it.kind,
                it.title,
                words(&it.about),
                words(&it.terms),
                it.home
            )
        });
        blocks.collect::<Vec<_>>().join("\n")
    })?;
    Ok(Exit::Done)
}
