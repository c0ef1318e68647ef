//! The settings of the policy, and of each source in it, as text.

use std::collections::BTreeSet;

use prefix::Family;

use super::{Categories, Policy, SourceRules};
use crate::SourceName;
use crate::details::MAX_TEXT;
use crate::setting::{self, BadSetting, Kind, Setting, Unfit, flag, or_off, show_flag};

/// The most names of categories in one filter: each listing is compared with all of them.
const MAX_CATEGORIES: usize = 200;
/// The most trusted sources.
const MAX_TRUSTED: usize = 1000;

macro_rules! filter {
    ($of:ty; min_confidence) => {
        Setting {
            key: "min_confidence",
            kind: Kind::Whole { least: 0, most: 100, off: true },
            english: "Serve only listings of which the source is at least so sure, 0 to 100.",
            korean: "수집처가 제시한 신뢰도가 이 값(0~100) 이상인 등재만 게시합니다.",
            get: |of: &$of| or_off(of.filter.min_confidence),
            set: |of: &mut $of, kind, text| {
                of.filter.min_confidence = kind.whole(text)?;
                Ok(())
            },
        }
    };
    ($of:ty; confidence_required) => {
        Setting {
            key: "confidence_required",
            kind: Kind::Flag,
            english: "Whether listings without a confidence fail min_confidence; otherwise they pass.",
            korean: "신뢰도가 없는 등재를 min_confidence 미달로 볼지 여부. 끄면 통과시킵니다.",
            get: |of: &$of| show_flag(of.filter.confidence_required),
            set: |of: &mut $of, _, text| {
                of.filter.confidence_required = flag(text)?;
                Ok(())
            },
        }
    };
    ($of:ty; categories) => {
        Setting {
            key: "categories",
            kind: Kind::Categories,
            english: "Serve only these categories, or all but these; the empty name is a listing without one.",
            korean: "이 분류만(only) 또는 이 분류를 빼고(except) 게시합니다. 빈 이름은 분류가 없는 등재입니다.",
            get: |of: &$of| of.filter.categories.as_ref().map_or_else(|| "off".into(), write_categories),
            set: |of: &mut $of, _, text| {
                of.filter.categories = read_categories(text)?;
                Ok(())
            },
        }
    };
    ($of:ty; family) => {
        Setting {
            key: "family",
            kind: Kind::Family,
            english: "Serve only this family: 4 or 6.",
            korean: "이 주소 체계(4 또는 6)만 게시합니다.",
            get: |of: &$of| or_off(of.filter.family.map(Family::number)),
            set: |of: &mut $of, _, text| {
                of.filter.family = match text {
                    "4" => Some(Family::V4),
                    "6" => Some(Family::V6),
                    "off" => None,
                    _ => return Err(Unfit),
                };
                Ok(())
            },
        }
    };
}

pub(crate) use filter;

/// The settings for all sources.
pub const SETTINGS: &[Setting<Policy>] = &[
    Setting {
        key: "min_sources",
        kind: Kind::Whole { least: 0, most: 100, off: true },
        english: "Serve an address only when at least so many sources list it; what people block by hand always is.",
        korean: "이 수 이상의 수집처가 등재한 주소만 게시합니다. 사람이 직접 차단한 것은 언제나 게시합니다.",
        get: |of| or_off((of.min_sources > 0).then_some(of.min_sources)),
        set: |of, kind, text| {
            of.min_sources = kind.whole(text)?.unwrap_or(0);
            Ok(())
        },
    },
    Setting {
        key: "trusted",
        kind: Kind::Sources,
        english: "Sources whose listings are served though no other source has them.",
        korean: "다른 수집처에 없어도 등재를 그대로 게시할 신뢰 수집처.",
        get: |of| {
            let names: Vec<&str> = of.trusted.iter().map(SourceName::as_str).collect();
            if names.is_empty() { "off".into() } else { names.join(",") }
        },
        set: |of, _, text| {
            of.trusted = read_sources(text)?;
            Ok(())
        },
    },
    filter!(Policy; min_confidence),
    filter!(Policy; confidence_required),
    filter!(Policy; categories),
    filter!(Policy; family),
];

/// The settings for one source.
pub const SOURCE_SETTINGS: &[Setting<SourceRules>] = &[
    Setting {
        key: "end",
        kind: Kind::End,
        english: "When its listings end: by the source's word, or days after detection or after a run last saw them.",
        korean: "등재가 끝나는 때: 수집처가 정한 날, 탐지 후 또는 마지막 확인 후 며칠, 또는 그중 이른(늦은) 때.",
        get: |of| of.end.to_string(),
        set: |of, _, text| {
            of.end = text.parse().map_err(|_| Unfit)?;
            Ok(())
        },
    },
    Setting {
        key: "trial",
        kind: Kind::Flag,
        english: "Whether it is only collected and looked at: nothing of it is served.",
        korean: "시험 수집 여부. 켜면 수집하고 보관만 하며 게시하지 않습니다.",
        get: |of| show_flag(of.trial),
        set: |of, _, text| {
            of.trial = flag(text)?;
            Ok(())
        },
    },
    filter!(SourceRules; min_confidence),
    filter!(SourceRules; confidence_required),
    filter!(SourceRules; categories),
    filter!(SourceRules; family),
];

/// Sets one key of the policy by text.
pub fn set(policy: &mut Policy, key: &str, text: &str) -> Result<(), BadSetting> {
    setting::find(SETTINGS, key)?.set(policy, text)
}

/// Sets one key of a source's rules by text.
pub fn set_source(rules: &mut SourceRules, key: &str, text: &str) -> Result<(), BadSetting> {
    setting::find(SOURCE_SETTINGS, key)?.set(rules, text)
}

fn read_sources(text: &str) -> Result<Vec<SourceName>, Unfit> {
    if text.is_empty() || text == "off" {
        return Ok(Vec::new());
    }
    let mut names: Vec<SourceName> = Vec::new();
    for name in text.split(',') {
        let name = name.trim().parse().map_err(|_| Unfit)?;
        if !names.contains(&name) {
            names.push(name);
        }
        if names.len() > MAX_TRUSTED {
            return Err(Unfit);
        }
    }
    Ok(names)
}

/// `None` is off.
pub(crate) fn read_categories(text: &str) -> Result<Option<Categories>, Unfit> {
    if text == "off" {
        return Ok(None);
    }
    let (how, list) = text.split_once(':').ok_or(Unfit)?;
    let of: fn(_) -> Categories = match how.trim() {
        "only" => Categories::Only,
        "except" => Categories::Except,
        _ => return Err(Unfit),
    };
    let names: BTreeSet<String> = split(list).iter().map(|name| name.trim().to_owned()).collect();
    let fits = names.len() <= MAX_CATEGORIES && names.iter().all(|name| name.len() <= MAX_TEXT);
    if fits { Ok(Some(of(names))) } else { Err(Unfit) }
}

/// Splits at commas; a backslash takes what follows it as it is.
fn split(list: &str) -> Vec<String> {
    let mut names = vec![String::new()];
    let mut chars = list.chars();
    while let Some(c) = chars.next() {
        match (c, names.last_mut()) {
            (',', _) => names.push(String::new()),
            ('\\', Some(name)) => name.extend(chars.next()),
            (c, Some(name)) => name.push(c),
            (_, None) => {}
        }
    }
    names
}

/// Categories as a person writes them.
pub(crate) fn write_categories(categories: &Categories) -> String {
    let how = match categories {
        Categories::Only(_) => "only",
        Categories::Except(_) => "except",
    };
    let escape = |name: &String| name.replace('\\', "\\\\").replace(',', "\\,");
    let names: Vec<String> = categories.names().iter().map(escape).collect();
    format!("{how}:{}", names.join(","))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn categories_keep_their_commas_and_the_empty_name() {
        for text in ["only:", "only:,scan", "except:a\\,b,c\\\\d", "off"] {
            let read = read_categories(text).unwrap();
            let written = read.as_ref().map_or_else(|| "off".into(), write_categories);
            assert_eq!(written, text);
        }
        let names =
            |text| read_categories(text).unwrap().unwrap().names().iter().cloned().collect::<Vec<_>>();
        assert_eq!(names("only: scan , a\\,b"), ["a,b", "scan"]);
        assert_eq!(names("except:"), [""]);
        for bad in ["", "scan", "all:scan", "only", &format!("only:{}", "a".repeat(501))] {
            assert_eq!(read_categories(bad), Err(Unfit), "{bad}");
        }
        let many: Vec<String> = (0..201).map(|n| n.to_string()).collect();
        assert_eq!(read_categories(&format!("only:{}", many.join(","))), Err(Unfit));
        assert!(read_categories(&format!("only:{}", many[1..].join(","))).is_ok());
    }
}
