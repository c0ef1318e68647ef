//! `KEY=VALUE` and `KEY`, put into anything that has a table of settings. The first that is refused stops it, and what was
//! put in before is thrown away by the caller.

use blocklist::setting::{BadSetting, Setting, find};
use serde_json::{Value, json};

use crate::config::nearest;
use crate::failure::Failure;
use crate::language::Language;

/// Sets these. `command` lists the keys.
pub(super) fn set<T>(
    table: &[Setting<T>],
    of: &mut T,
    pairs: &[(String, String)],
    command: &str,
) -> Result<(), Failure> {
    let set = |(key, value): &(String, String)| find(table, key).and_then(|setting| setting.set(of, value));
    pairs.iter().try_for_each(set).map_err(|bad| refused(&bad, table, command))
}

/// Puts these back to their defaults; all where none is named.
pub(super) fn reset<T: Default>(
    table: &[Setting<T>],
    of: &mut T,
    keys: &[String],
    command: &str,
) -> Result<(), Failure> {
    if keys.is_empty() {
        *of = T::default();
        return Ok(());
    }
    let reset = |key: &String| find(table, key).and_then(|setting| setting.set(of, &setting.default()));
    keys.iter().try_for_each(reset).map_err(|bad| refused(&bad, table, command))
}

/// What is wrong with a setting, with the nearest key there is.
pub(super) fn refused<T>(bad: &BadSetting, table: &[Setting<T>], command: &str) -> Failure {
    let failure = Failure::usage(bad);
    let near = match bad {
        BadSetting::Unknown { key, .. } => nearest(key, table.iter().map(|setting| setting.key.to_owned())),
        BadSetting::Value { .. } => None,
    };
    match near {
        Some(near) => failure.hint(format!("did you mean {near}? `{command}` explains each")),
        None => failure.hint(format!("`{command}` explains each key")),
    }
}

/// What a setting means.
pub(super) fn about<T>(setting: &Setting<T>, language: Language) -> &'static str {
    if language == Language::Korean { setting.korean } else { setting.english }
}

/// A table of settings with what each is, for programs.
pub(super) fn to_json<T: Default>(table: &[Setting<T>], of: &T, language: Language) -> Vec<Value> {
    let row = |it: &Setting<T>| {
        let takes = if language == Language::Korean { it.kind.korean() } else { it.kind.to_string() };
        json!({
            "key": it.key, "value": it.get(of), "default": it.default(), "takes": takes, "about": about(it, language),
        })
    };
    table.iter().map(row).collect()
}

/// The same for people: a line a key, with what it means below.
pub(super) fn explain<T: Default>(table: &[Setting<T>], language: Language) -> String {
    let block = |it: &Setting<T>| {
        let takes = if language == Language::Korean { it.kind.korean() } else { it.kind.to_string() };
        format!("  {}={}\n      {}\n      ({takes})", it.key, it.default(), about(it, language))
    };
    table.iter().map(block).collect::<Vec<_>>().join("\n")
}

/// Settings as rows of key, value and default.
pub(super) fn rows<T: Default>(table: &[Setting<T>], of: &T, language: Language) -> Vec<Vec<String>> {
    let row =
        |it: &Setting<T>| vec![it.key.to_owned(), it.get(of), it.default(), about(it, language).to_owned()];
    table.iter().map(row).collect()
}
