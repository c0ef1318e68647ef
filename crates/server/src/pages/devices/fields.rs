//! The settings of feeds and devices as fields of a form, made from their tables, and read back.

use std::collections::BTreeMap;

use blocklist::consumer::Vendor;
use blocklist::setting::{Kind, Setting};
use store::{ConsumerAddress, FeedRow};

use crate::pages::View;
use crate::pages::parts::Field;
use crate::pages::words;
use crate::pages::words::Devices;

/// A field that is wrong, and in what way.
pub(super) type Wrong = (&'static str, String);
/// What was typed.
pub(super) type Typed = BTreeMap<String, String>;

/// The fields of a table. What was typed counts more than what is kept.
pub(super) fn fields<T: Default>(
    view: View,
    table: &'static [Setting<T>],
    of: &T,
    typed: &Typed,
    feeds: &[FeedRow],
    wrong: Option<&Wrong>,
) -> Vec<Field> {
    let t = Devices::of(view.language);
    let field = |setting: &'static Setting<T>| {
        let kept = setting.get(of);
        let value = typed.get(setting.key).cloned().unwrap_or(kept);
        let (key, label) = (setting.key, words::devices::setting(view, setting.key));
        let meaning = view.pick(setting.korean, setting.english);
        let line = |value: &str| {
            let expected = view.pick(setting.kind.korean(), setting.kind.to_string());
            let value = if value == "off" { "" } else { value };
            Field::line(key, label).value(value).hint(format!("{meaning} ({expected})"))
        };
        let field = match setting.kind {
            Kind::Feed => {
                let any = [("off".to_owned(), t.any_feed.to_owned())];
                let names = feeds.iter().map(|feed| (feed.name.to_string(), feed.name.to_string()));
                Field::choice(key, label, any.into_iter().chain(names)).value(value).hint(meaning)
            }
            Kind::Vendor => {
                let makes = Vendor::ALL.iter().map(|vendor| (vendor.as_str(), vendor.title()));
                Field::choice(key, label, makes).value(value).hint(meaning)
            }
            Kind::Flag => {
                Field::choice(key, label, [("off", "off"), ("on", "on")]).value(value).hint(meaning)
            }
            Kind::Family => {
                let all = view.pick("IPv4와 IPv6", "IPv4 and IPv6");
                Field::choice(key, label, [("off", all), ("4", "IPv4"), ("6", "IPv6")])
                    .value(value)
                    .hint(meaning)
            }
            _ => line(&value),
        };
        field.wrong(of_field(wrong, key))
    };
    table.iter().map(field).collect()
}

/// What is wrong with one field.
pub(super) fn of_field(wrong: Option<&Wrong>, key: &str) -> Option<String> {
    wrong.filter(|(field, _)| *field == key).map(|(_, says)| says.clone())
}

/// What was typed over what is kept. A field that was emptied goes back to its default; one that was not sent stays.
pub(super) fn read<T: Clone + Default>(
    view: View,
    table: &'static [Setting<T>],
    of: &T,
    typed: &Typed,
) -> Result<T, Wrong> {
    let mut new = of.clone();
    for setting in table {
        let Some(text) = typed.get(setting.key).map(|text| text.trim()) else { continue };
        let default = setting.default();
        let text = if text.is_empty() { default.as_str() } else { text };
        setting
            .set(&mut new, text)
            .map_err(|_| (setting.key, view.pick(setting.kind.korean(), setting.kind.to_string())))?;
    }
    Ok(new)
}

/// The two fields of addresses.
pub(super) fn address_fields(
    view: View,
    known: &[ConsumerAddress],
    typed: &Typed,
    wrong: Option<&Wrong>,
) -> [Field; 2] {
    let t = Devices::of(view.language);
    let lines = |trusted: bool| {
        let of = known.iter().filter(|address| address.trusted == trusted);
        of.map(|address| address.prefix.to_string()).collect::<Vec<_>>().join("\n")
    };
    let text = |key, label, hint, trusted| {
        let value = typed.get(key).cloned().unwrap_or_else(|| lines(trusted));
        Field::text(key, label).value(value).hint(hint).wrong(of_field(wrong, key))
    };
    [
        text("addresses", t.addresses, t.addresses_hint, false),
        text("trusted", t.trusted, t.trusted_hint, true),
    ]
}

/// Addresses, one a line; a comma parts them too.
pub(super) fn read_addresses(view: View, typed: &Typed) -> Result<Vec<ConsumerAddress>, Wrong> {
    let mut found = Vec::new();
    for (key, trusted) in [("addresses", false), ("trusted", true)] {
        let text = typed.get(key).map_or("", String::as_str);
        for word in text.split([',', '\n', '\r', ' ', '\t']).filter(|word| !word.is_empty()) {
            let prefix = word.parse().map_err(|_| (key, words::devices::no_address(view, word)))?;
            found.push(ConsumerAddress { prefix, trusted });
        }
    }
    Ok(found)
}
