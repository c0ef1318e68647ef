//! The limits as text.

use super::GateRules;
use crate::setting::{self, BadSetting, Kind, Setting, flag, or_off, show_flag};

macro_rules! whole_or_off {
    ($field:ident, $least:literal..=$most:literal, $english:literal, $korean:literal) => {
        Setting {
            key: stringify!($field),
            kind: Kind::Whole { least: $least, most: $most, off: true },
            english: $english,
            korean: $korean,
            get: |of| or_off(of.$field),
            set: |of, kind, text| {
                of.$field = kind.whole(text)?;
                Ok(())
            },
        }
    };
}

/// Every limit, in the order of the rules.
pub const SETTINGS: &[Setting<GateRules>] = &[
    whole_or_off!(
        min_share,
        1..=100,
        "Hold a candidate with fewer prefixes than this percentage of the last publication.",
        "항목 수가 마지막 게시본의 이 비율(%)보다 적은 게시 후보를 보류합니다."
    ),
    whole_or_off!(
        max_added,
        0..=1_000_000,
        "Hold when one source adds more than this percentage of what it had; a new source is no jump.",
        "한 수집처의 추가분이 기존 항목의 이 비율(%)을 넘으면 보류합니다. 새 수집처는 해당하지 않습니다."
    ),
    whole_or_off!(
        max_removed,
        0..=100,
        "Hold when one source loses more than this percentage of what it had.",
        "한 수집처의 기존 항목이 이 비율(%)보다 많이 빠지면 보류합니다."
    ),
    Setting {
        key: "jump_floor",
        kind: Kind::Whole { least: 0, most: 1_000_000_000, off: false },
        english: "Changes by fewer prefixes than this never count for min_share, max_added and max_removed.",
        korean: "변동이 이 개수보다 적으면 min_share, max_added, max_removed를 적용하지 않습니다.",
        get: |of| of.jump_floor.to_string(),
        set: |of, kind, text| {
            of.jump_floor = kind.whole(text)?.unwrap_or_default();
            Ok(())
        },
    },
    Setting {
        key: "max_covered",
        kind: Kind::Real { most: 100.0 },
        english: "Hold when more than this percentage of the IPv4 space would be blocked, and more than before.",
        korean: "차단되는 IPv4 주소 공간이 이 비율(%)을 넘고 이전보다 늘었으면 보류합니다.",
        get: |of| or_off(of.max_covered),
        set: |of, kind, text| {
            of.max_covered = kind.real(text)?;
            Ok(())
        },
    },
    whole_or_off!(
        widest_v4,
        8..=32,
        "Hold when a new IPv4 prefix is shorter than this length.",
        "새 IPv4 대역의 프리픽스 길이가 이보다 짧으면(더 넓으면) 보류합니다."
    ),
    whole_or_off!(
        widest_v6,
        19..=128,
        "Hold when a new IPv6 prefix is shorter than this length.",
        "새 IPv6 대역의 프리픽스 길이가 이보다 짧으면(더 넓으면) 보류합니다."
    ),
    whole_or_off!(
        own_hits,
        0..=1_000_000,
        "How many new listings on own networks pass without a question.",
        "자사 대역과 겹치는 새 등재를 몇 건까지 확인 없이 통과시킬지 정합니다."
    ),
    whole_or_off!(
        consumer_hits,
        0..=1_000_000,
        "How many new listings on addresses of consumers pass without a question.",
        "소비 장비 주소와 겹치는 새 등재를 몇 건까지 확인 없이 통과시킬지 정합니다."
    ),
    whole_or_off!(
        allow_hits,
        0..=1_000_000,
        "How many new listings on allow entries pass without a question.",
        "허용 항목과 겹치는 새 등재를 몇 건까지 확인 없이 통과시킬지 정합니다."
    ),
    whole_or_off!(
        known_good_hits,
        0..=1_000_000,
        "How many new listings on known-good lists pass without a question.",
        "정상 목록과 겹치는 새 등재를 몇 건까지 확인 없이 통과시킬지 정합니다."
    ),
    Setting {
        key: "second_person",
        kind: Kind::Flag,
        english: "Whether two people must approve a held candidate.",
        korean: "보류된 게시 후보를 두 사람이 승인해야 하는지 여부.",
        get: |of| show_flag(of.second_person),
        set: |of, _, text| {
            of.second_person = flag(text)?;
            Ok(())
        },
    },
    whole_or_off!(
        held_hours,
        1..=8760,
        "After how many hours a held candidate that nobody decided on counts as rejected.",
        "결정되지 않은 보류 후보를 몇 시간 뒤 반려로 처리할지 정합니다."
    ),
];

/// Sets one limit by text, as `set(&mut rules, "max_added", "300")` or with `off`.
pub fn set(rules: &mut GateRules, key: &str, text: &str) -> Result<(), BadSetting> {
    setting::find(SETTINGS, key)?.set(rules, text)
}
