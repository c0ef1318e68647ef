//! The parts of the rules that a form changes, each as fields made of its table, and read back. The values are those that
//! command and API take, read by the same rows.

use std::collections::BTreeMap;

use blocklist::gate::{self, GateRules};
use blocklist::policy::{self, Policy};
use blocklist::setting::{BadSetting, Kind, Setting};
use blocklist::{Hash, SourceName};
use serde_json::json;
use store::{History, Store};

use crate::pages::View;
use crate::pages::parts::Field;
use crate::pages::words::{self, Settings, rules};

/// The longest that publications are kept by days, and the most by number; as the command has it.
const HISTORY: [(&str, Kind); 2] = [
    ("days", Kind::Whole { least: 0, most: 3_650, off: false }),
    // The newest alone would leave nothing to go back to.
    ("least", Kind::Whole { least: 2, most: 1_000_000, off: false }),
];

/// What was typed.
pub(super) type Typed = BTreeMap<String, String>;
/// A field that is wrong, and in what way.
pub(super) type Wrong = (String, String);

/// All rules, read at one time.
#[derive(Clone, Debug)]
pub(super) struct Rules {
    /// What of the listings is published.
    pub(super) policy: Policy,
    /// Where a candidate is held.
    pub(super) gate: GateRules,
    /// How long publications are kept.
    pub(super) history: History,
}

impl Rules {
    /// As the store has them.
    pub(super) fn read(store: &Store) -> store::Result<Self> {
        Ok(Self { policy: store.policy()?, gate: store.gate()?, history: store.history()? })
    }
}

/// A part of them that has its own form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Part {
    /// The rules for all sources.
    Policy,
    /// The rules of one source.
    Source(SourceName),
    /// The limits of the gate.
    Gate,
    /// How long publications are kept.
    History,
}

/// A value that differs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Changed {
    /// What it is called.
    pub(super) label: &'static str,
    /// As it is.
    pub(super) before: String,
    /// As it would be.
    pub(super) after: String,
    /// A limit that was there and is not any more.
    pub(super) is_off: bool,
}

impl Part {
    /// Where its form is.
    pub(super) fn path(&self) -> String {
        match self {
            Self::Policy => "/settings/policy".into(),
            Self::Source(name) => format!("/settings/policy/{name}"),
            Self::Gate => "/settings/gate".into(),
            Self::History => "/settings/history".into(),
        }
    }

    /// What holds now, in a word: a form that was filled in over something else is shown again.
    pub(super) fn seen(&self, of: &Rules) -> String {
        let value = match self {
            Self::Policy | Self::Source(_) => json!(of.policy),
            Self::Gate => json!(of.gate),
            Self::History => json!(of.history),
        };
        Hash::of(value.to_string().as_bytes()).to_string()
    }

    /// Its fields. What was typed counts more than what is kept.
    pub(super) fn fields(&self, view: View, of: &Rules, typed: &Typed, wrong: Option<&Wrong>) -> Vec<Field> {
        match self {
            Self::Policy => fields(view, policy::SETTINGS, &of.policy, typed, wrong),
            Self::Source(name) => {
                let rules = of.policy.sources.get(name).cloned().unwrap_or_default();
                fields(view, policy::SOURCE_SETTINGS, &rules, typed, wrong)
            }
            Self::Gate => fields(view, gate::SETTINGS, &of.gate, typed, wrong),
            Self::History => history_values(of.history)
                .into_iter()
                .zip(history_values(History::default()))
                .map(|((key, kind, value), (.., default))| {
                    let value = typed.get(key).cloned().unwrap_or(value);
                    let hint = rules::expected(view, rules::meaning(view, key), kind, &default);
                    Field::line(key, rules::label(view, key))
                        .value(value)
                        .hint(hint)
                        .wrong(of_field(wrong, key))
                })
                .collect(),
        }
    }

    /// What was typed over what is kept. A field that was emptied goes back to its default; one that was not sent stays.
    pub(super) fn read(&self, view: View, of: &mut Rules, typed: &Typed) -> Result<(), Wrong> {
        match self {
            Self::Policy => read(view, policy::SETTINGS, &mut of.policy, typed)?,
            Self::Source(name) => {
                let mut rules = of.policy.sources.get(name).cloned().unwrap_or_default();
                read(view, policy::SOURCE_SETTINGS, &mut rules, typed)?;
                // What says nothing is not kept.
                if rules == policy::SourceRules::default() {
                    of.policy.sources.remove(name);
                } else {
                    of.policy.sources.insert(name.clone(), rules);
                }
            }
            Self::Gate => read(view, gate::SETTINGS, &mut of.gate, typed)?,
            Self::History => read_history(view, &mut of.history, typed)?,
        }
        let checked = of.policy.check().and_then(|()| of.gate.check());
        checked.map_err(|bad| match bad {
            BadSetting::Value { key, expected, .. } => {
                (key.rsplit('.').next().unwrap_or_default().to_owned(), expected)
            }
            BadSetting::Unknown { key, known } => (key, known),
        })
    }

    /// What differs.
    pub(super) fn changes(&self, view: View, old: &Rules, new: &Rules) -> Vec<Changed> {
        match self {
            Self::Policy => differ(view, policy::SETTINGS, &old.policy, &new.policy),
            Self::Source(name) => {
                let of = |rules: &Rules| rules.policy.sources.get(name).cloned().unwrap_or_default();
                differ(view, policy::SOURCE_SETTINGS, &of(old), &of(new))
            }
            Self::Gate => differ(view, gate::SETTINGS, &old.gate, &new.gate),
            Self::History => history_values(old.history)
                .into_iter()
                .zip(history_values(new.history))
                .filter(|(before, after)| before != after)
                .map(|((key, _, before), (.., after))| Changed {
                    label: rules::label(view, key),
                    before,
                    after,
                    is_off: false,
                })
                .collect(),
        }
    }
}

fn fields<T: Default + 'static>(
    view: View,
    table: &'static [Setting<T>],
    of: &T,
    typed: &Typed,
    wrong: Option<&Wrong>,
) -> Vec<Field> {
    let t = Settings::of(view.language);
    let field = |setting: &'static Setting<T>| {
        let value = typed.get(setting.key).cloned().unwrap_or_else(|| setting.get(of));
        let (key, label) = (setting.key, rules::label(view, setting.key));
        let meaning = view.pick(setting.korean, setting.english);
        let field = match setting.kind {
            Kind::Flag => Field::choice(key, label, [("off", t.off), ("on", t.on)]).hint(meaning),
            Kind::Family => {
                Field::choice(key, label, [("off", t.both), ("4", "IPv4"), ("6", "IPv6")]).hint(meaning)
            }
            kind => {
                // As it is typed: `off` and not its word.
                let default = setting.default();
                Field::line(key, label).hint(rules::expected(view, meaning, kind, &default))
            }
        };
        field.value(value).wrong(of_field(wrong, key))
    };
    table.iter().map(field).collect()
}

fn of_field(wrong: Option<&Wrong>, key: &str) -> Option<String> {
    wrong.filter(|(field, _)| field == key).map(|(_, says)| says.clone())
}

fn read<T: Default + 'static>(
    view: View,
    table: &'static [Setting<T>],
    of: &mut T,
    typed: &Typed,
) -> Result<(), Wrong> {
    for setting in table {
        let Some(text) = typed.get(setting.key).map(|text| text.trim()) else { continue };
        let default = setting.default();
        setting.set(of, if text.is_empty() { &default } else { text }).map_err(|_| {
            let expected = view.pick(setting.kind.korean(), setting.kind.to_string());
            (setting.key.to_owned(), rules::will_not_do(view, &expected))
        })?;
    }
    Ok(())
}

fn differ<T: Default + 'static>(view: View, table: &'static [Setting<T>], old: &T, new: &T) -> Vec<Changed> {
    let both = table.iter().map(|setting| (setting, setting.get(old), setting.get(new)));
    let differing = both.filter(|(_, before, after)| before != after);
    let changed = |(setting, before, after): (&'static Setting<T>, String, String)| Changed {
        label: rules::label(view, setting.key),
        is_off: after == "off" && setting.default() != "off",
        before: words::settings::value(view, setting.kind, before),
        after: words::settings::value(view, setting.kind, after),
    };
    differing.map(changed).collect()
}

fn history_values(of: History) -> [(&'static str, Kind, String); 2] {
    let [(days, of_days), (least, of_least)] = HISTORY;
    [(days, of_days, of.days.to_string()), (least, of_least, of.least.to_string())]
}

fn read_history(view: View, of: &mut History, typed: &Typed) -> Result<(), Wrong> {
    for (key, kind) in HISTORY {
        let Some(text) = typed.get(key).map(|text| text.trim()) else { continue };
        let default = History::default();
        let number = match (key, text) {
            ("days", "") => Some(default.days),
            (_, "") => Some(default.least),
            // The standard parser takes a plus sign.
            (_, text) if text.bytes().all(|byte| byte.is_ascii_digit()) => text.parse().ok(),
            _ => None,
        };
        let Kind::Whole { least, most, .. } = kind else { continue };
        let number =
            number.filter(|number| (least..=most).contains(&u64::from(*number))).ok_or_else(|| {
                (key.to_owned(), rules::will_not_do(view, &view.pick(kind.korean(), kind.to_string())))
            })?;
        if key == "days" {
            of.days = number;
        } else {
            of.least = number;
        }
    }
    Ok(())
}
