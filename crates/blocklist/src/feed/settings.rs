//! The settings of a feed, as text.

use std::collections::BTreeSet;

use prefix::Family;

use super::{FeedSettings, Sources};
use crate::SourceName;
use crate::policy::settings::{filter, read_categories, write_categories};
use crate::setting::{self, BadSetting, Kind, Setting, Unfit, flag, or_off, show_flag};

/// The most names of sources in one feed.
const MAX_SOURCES: usize = 1000;
/// The most entries that a feed, or a consumer, can be limited to.
pub(crate) const MAX_CAP: u64 = 100_000_000;

/// The settings of a feed.
pub const SETTINGS: &[Setting<FeedSettings>] = &[
    Setting {
        key: "sources",
        kind: Kind::SourceChoice,
        english: "Show the listings of these sources only, or of all but these.",
        korean: "이 수집처의 등재만(only) 또는 이 수집처를 뺀(except) 등재를 담습니다.",
        get: |of| of.sources.as_ref().map_or_else(|| "off".into(), write),
        set: |of, _, text| {
            of.sources = read(text)?;
            Ok(())
        },
    },
    filter!(FeedSettings; min_confidence),
    filter!(FeedSettings; confidence_required),
    filter!(FeedSettings; categories),
    filter!(FeedSettings; family),
    Setting {
        key: "merge",
        kind: Kind::Flag,
        english: "Whether neighbours are joined into wider networks, in formats that show no origin.",
        korean: "이웃한 주소를 더 넓은 대역으로 합칠지 여부. 출처를 함께 쓰는 형식에는 적용되지 않습니다.",
        get: |of| show_flag(of.merge),
        set: |of, _, text| {
            of.merge = flag(text)?;
            Ok(())
        },
    },
    Setting {
        key: "cap",
        kind: Kind::Whole { least: 1, most: MAX_CAP, off: true },
        english: "At most so many entries; what people blocked by hand, what is gravest, surest and newest stays.",
        korean: "최대 항목 수. 넘치면 직접 차단, 심각도, 신뢰도, 최근 탐지 순으로 남기고 나머지를 뺍니다.",
        get: |of| or_off(of.cap),
        set: |of, kind, text| {
            of.cap = kind.whole(text)?;
            Ok(())
        },
    },
];

/// Sets one key of a feed by text.
pub fn set(feed: &mut FeedSettings, key: &str, text: &str) -> Result<(), BadSetting> {
    setting::find(SETTINGS, key)?.set(feed, text)
}

/// `None` is off.
fn read(text: &str) -> Result<Option<Sources>, Unfit> {
    if text == "off" {
        return Ok(None);
    }
    let (how, list) = text.split_once(':').ok_or(Unfit)?;
    let of: fn(_) -> Sources = match how.trim() {
        "only" => Sources::Only,
        "except" => Sources::Except,
        _ => return Err(Unfit),
    };
    let names: Result<BTreeSet<SourceName>, _> = list.split(',').map(|name| name.trim().parse()).collect();
    let names = names.map_err(|_| Unfit)?;
    if names.len() <= MAX_SOURCES { Ok(Some(of(names))) } else { Err(Unfit) }
}

fn write(sources: &Sources) -> String {
    let how = match sources {
        Sources::Only(_) => "only",
        Sources::Except(_) => "except",
    };
    let names: Vec<&str> = sources.names().iter().map(SourceName::as_str).collect();
    format!("{how}:{}", names.join(","))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_key_is_read_and_written_and_what_is_no_value_is_refused() {
        let mut feed = FeedSettings::default();
        for (key, text) in [
            ("sources", "only:manual,regtech"),
            ("min_confidence", "70"),
            ("confidence_required", "on"),
            ("categories", "except:spam"),
            ("family", "4"),
            ("merge", "on"),
            ("cap", "50000"),
        ] {
            set(&mut feed, key, text).unwrap();
            assert_eq!(setting::find(SETTINGS, key).unwrap().get(&feed), text);
        }
        assert_eq!(feed.check(), Ok(()));
        let json = serde_json::to_string(&feed).unwrap();
        assert_eq!(serde_json::from_str::<FeedSettings>(&json).unwrap(), feed);
        for (key, text) in
            [("sources", "only:"), ("sources", "regtech"), ("cap", "0"), ("merge", "1"), ("nosuch", "1")]
        {
            assert!(set(&mut feed, key, text).is_err(), "{key}={text}");
        }
        for setting in SETTINGS {
            setting.set(&mut feed, "off").unwrap();
        }
        assert_eq!(feed, FeedSettings::default());
    }

    #[test]
    fn json_with_an_unknown_key_or_a_value_out_of_its_limits_is_refused() {
        for bad in
            [r#"{"caps":1}"#, r#"{"filter":{"min_sources":2}}"#, r#"{"sources":["a"]}"#, r#"{"cap":-1}"#]
        {
            assert!(serde_json::from_str::<FeedSettings>(bad).is_err(), "{bad}");
        }
        for bad in [
            r#"{"cap":0}"#,
            r#"{"sources":{"only":[]}}"#,
            r#"{"filter":{"min_confidence":101}}"#,
            r#"{"filter":{"categories":{"only":[]}}}"#,
        ] {
            assert!(serde_json::from_str::<FeedSettings>(bad).unwrap().check().is_err(), "{bad}");
        }
    }
}
